"""Modifiers: each does what it says, and locked parts do not move."""

from __future__ import annotations

import numpy as np
import pytest

from posepipe.models.sides import swap_sides
from training.grammar.compose import compose
from training.grammar.modifiers import MODIFIERS, Modifier
from training.grammar.poses import GROUPS

STANDING = GROUPS["standing"][0]


@pytest.mark.parametrize(
    "modifier", [each for each in MODIFIERS if each.kind in ("facing", "intensity")], ids=lambda each: each.name
)
def test_a_modifier_of_the_whole_body_satisfies_its_predicates(modifier: Modifier) -> None:
    for seed in range(8):
        example = compose("standing", STANDING, [modifier], np.random.default_rng(seed), 4)
        side = example.modifiers[0].partition(":")[2]
        wanted = modifier.predicates if side == "left" else tuple(map(swap_sides, modifier.predicates))
        assert set(wanted) <= set(example.predicates), f"seed {seed}: {example.caption}"
        if any("{side}" in template for template in modifier.phrasings):
            assert side in example.caption.lower()


def test_a_locked_part_does_not_move() -> None:
    handstand = next(base for base in GROUPS["gymnastics"] if base.name == "handstand")
    raised = next(modifier for modifier in MODIFIERS if modifier.name == "hands_on_hips")
    example = compose("gymnastics", handstand, [raised], np.random.default_rng(0), 4)
    assert "hand_on_hip:both" not in example.predicates
    assert "hand_on_floor:both" in example.predicates
