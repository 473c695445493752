"""The plain captions that users may type: that the list is sound, hard to please by chance, and what of it is new."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posepipe.errors import ConfigError
from training.asked import Asked, asked, learned
from training.evaluation import confused, satisfied
from training.grammar.compose import GROUPS
from training.split import draw_many


def test_new_captions_are_enough_and_of_all_groups() -> None:
    new = [each for each in asked() if not learned(each.caption)]
    assert len(new) >= 150
    assert {each.group for each in new} == {*GROUPS, "limbs"}
    assert len({each.caption for each in asked()}) == len(asked())


def test_a_pose_of_another_caption_rarely_will_do() -> None:
    examples = draw_many(300, 5, 1, 4)
    chance = [
        satisfied([each] * len(examples), np.stack([example.motion[2] for example in examples])).mean()
        for each in asked()
    ]
    assert np.mean(chance) < 0.12
    assert max(chance) < 0.36


@pytest.mark.parametrize(
    ("caption", "is_learned"),
    [
        ("A person touching their toes", True),
        ("A person standing on the left leg", True),
        ("A person standing on the right leg, and with the arms crossed", True),
        ("A person in tree pose, balancing on the left leg", True),
        ("A person standing on the left leg with the purple arm", False),
        ("A person pleasing the examiner", False),
    ],
)
def test_what_counts_as_learned(caption: str, is_learned: bool) -> None:
    assert learned(caption) == is_learned


def test_the_list_is_read_with_all_that_a_caption_may_be(tmp_path: Path) -> None:
    path = tmp_path / "asked.txt"
    path.write_text(
        "## arms\nraising the left arm: hand_above_head:left\n\n## legs\nlunging: crouched, feet_wide / airborne\n"
    )
    first, second = asked(path)
    assert first == Asked("A person raising the left arm", (("hand_above_head:left",),), "arms")
    assert second == Asked("A person lunging", (("crouched", "feet_wide"), ("airborne",)), "legs")


def test_the_other_arm_is_a_confusion_of_sides() -> None:
    caption = Asked("A person raising the left arm", (("hand_above_head:left", "not hand_above_head:right"),), "arms")
    examples = [each for each in draw_many(400, 3, 1, 4) if "hand_above_head:right" in each.predicates]
    pose = next(each.motion[2] for each in examples if not satisfied([caption], each.motion[None, 2]).all())
    assert confused([caption], pose[None])[1] == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("standing: standing\n", "line 1: expected '## group'"),
        ("## a\nstanding\n", "line 2: expected '## group'"),
        ("## a\nstanding: floating\n", "line 2: no predicate is called floating"),
        ("## a\nlunging: leg_forward\n", "no predicate is called leg_forward"),
        ("## a\nstanding: standing\nstanding: tiptoe\n", "line 3: 'standing' is there twice"),
    ],
)
def test_a_faulty_list_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "asked.txt"
    path.write_text(text)
    with pytest.raises(ConfigError, match=said):
        asked(path)
