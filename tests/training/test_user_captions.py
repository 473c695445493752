"""The captions of users: a sound list, hard to satisfy by chance, and which of them are new."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posepipe.errors import ConfigError
from training.evaluation import satisfied
from training.grammar.geometry import PoseGeometry
from training.grammar.poses import GROUPS
from training.grammar.predicates import holds
from training.split import draw_many
from training.user_captions import BLIND_FILES, Question, blind_captions, is_trained, user_captions


def test_there_are_enough_new_captions_and_all_groups() -> None:
    new = [each for each in user_captions() if not is_trained(each.caption)]
    assert len(new) >= 150
    assert {each.group for each in new} == {*GROUPS, "limbs"} - {"named"}  # the list is older than that group
    assert len({each.caption for each in user_captions()}) == len(user_captions())


def test_a_random_pose_rarely_satisfies_a_caption() -> None:
    poses = np.stack([example.motion[2] for example in draw_many(300, 5, 1, 4)])
    geometries = [PoseGeometry(pose) for pose in poses]
    captions = user_captions()
    names = {name for each in captions for predicates in each.accepted for name in predicates}
    holding = {name: np.array([holds(name, geometry) for geometry in geometries]) for name in names}
    right = [
        np.any([np.all([holding[name] for name in predicates], axis=0) for predicates in each.accepted], axis=0)
        for each in captions
    ]
    np.testing.assert_array_equal(right[100], satisfied([captions[100]] * len(poses), poses))
    chance = [row.mean() for row in right]
    assert np.mean(chance) < 0.12
    assert max(chance) < 0.4


def test_the_blind_lists_are_whole_and_have_the_same_groups() -> None:
    lists = [blind_captions(path) for path in BLIND_FILES]
    groups = [{each.group for each in questions} for questions in lists]
    assert [len(questions) for questions in lists] == [150, 150]
    assert groups[0] == groups[1]
    assert len(groups[0]) == 5
    captions = {each.caption for questions in lists for each in questions}
    assert len(captions) >= 290  # the writers had a few in common


@pytest.mark.parametrize(
    ("caption", "in_training"),
    [
        ("A person touching their toes", True),
        ("A person standing on the left leg", True),
        ("A person standing on the right leg, and with the arms crossed", True),
        ("A person in tree pose, balancing on the left leg", True),
        ("A person standing on the left leg with the purple arm", False),
        ("A person pleasing the examiner", False),
    ],
)
def test_which_captions_occur_in_training(caption: str, in_training: bool) -> None:
    assert is_trained(caption) == in_training


def test_groups_and_alternatives_are_read(tmp_path: Path) -> None:
    path = tmp_path / "user_captions.txt"
    path.write_text(
        "## arms\nraising the left arm: hand_above_head:left\n\n## legs\nlunging: crouched, feet_wide / airborne\n"
    )
    first, second = user_captions(path)
    assert first == Question("A person raising the left arm", (("hand_above_head:left",),), "arms")
    assert second == Question("A person lunging", (("crouched", "feet_wide"), ("airborne",)), "legs")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("standing: standing\n", "line 1: expected '## group'"),
        ("## a\nstanding\n", "line 2: expected '## group'"),
        ("## a\nstanding: floating\n", "line 2: unknown predicate floating"),
        ("## a\nlunging: leg_forward\n", "unknown predicate leg_forward"),
        ("## a\nstanding: standing\nstanding: tiptoe\n", "line 3: 'standing' is there twice"),
    ],
)
def test_a_faulty_list_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "user_captions.txt"
    path.write_text(text)
    with pytest.raises(ConfigError, match=said):
        user_captions(path)
