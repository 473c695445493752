"""Captions from wordings: sides, limbs, verb forms."""

from __future__ import annotations

import numpy as np

from training.grammar.poses import GROUPS
from training.grammar.sentences import hand_named, leg_named, one_named, with_other, without_first_side


def test_the_second_side_is_sometimes_called_the_other() -> None:
    rng = np.random.default_rng(0)
    said = {with_other("standing on the {other} leg with the {side} foot on the {other} knee", rng) for _ in range(40)}
    assert said == {
        "standing on the {other} leg with the {side} foot on the {other} knee",
        "standing on the {other} leg with the other foot on the {other} knee",
    }
    assert with_other("kneeling on the {side} knee", rng) == "kneeling on the {side} knee"
    assert without_first_side("with the {side} foot on the {other} knee") == "with one foot on the {other} knee"
    assert without_first_side("kneeling on the {side} knee") == "kneeling on the {side} knee"


def test_a_balance_can_name_the_leg_that_carries_the_body() -> None:
    rng = np.random.default_rng(0)
    said = {one_named("in tree pose", leg_named("in tree pose", "{other}"), rng) for _ in range(400)}
    assert "in tree pose lifting the {side} leg" in said
    assert {"in tree pose", "in tree pose on the {other} leg"} < said
    assert leg_named("standing on one leg like a tree", "{other}") == []
    balances = [base for poses in GROUPS.values() for base in poses if "balance" in base.tags]
    assert len(balances) > 10
    for base in balances:
        assert len({"stands_on:left", "stands_on:right"} & set(base.predicates)) == 1, base.name


def test_a_one_handed_action_can_name_the_hand() -> None:
    assert "brushing the teeth with the {side} hand" in hand_named("brushing the teeth")
    assert hand_named("giving a thumbs up") == hand_named("saluting with one hand") == []
    assert hand_named("waving to the {side}") == []
    poses = {base.name: base for group in GROUPS.values() for base in group}
    for name, with_one in (("brush_teeth", True), ("wave", True), ("clap", False), ("stand_still", False)):
        assert poses[name].one_handed == with_one, name
