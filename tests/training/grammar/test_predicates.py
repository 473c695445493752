"""Predicates: their notation, and that none is always or never true."""

from __future__ import annotations

import numpy as np
import pytest

from posepipe.models.sides import swap_sides
from posepipe.skeleton import MIRROR
from training.controls import SIDES, Controls
from training.grammar.compose import built
from training.grammar.geometry import PoseGeometry
from training.grammar.poses import GROUPS
from training.grammar.predicates import SIDED, WHOLE, holds, known
from training.kinematics import solve
from training.split import draw_many

POSES = [example.motion[2] for example in draw_many(200, 21, 1, 4)] + [
    solve(built(base, "left", np.random.default_rng(0)))[0] for poses in GROUPS.values() for base in poses
]


@pytest.mark.parametrize("name", WHOLE)
def test_a_predicate_of_the_whole_body_holds_for_some_poses_only(name: str) -> None:
    found = {holds(name, pose) for pose in POSES}
    assert found == {True, False}


@pytest.mark.parametrize("name", SIDED)
def test_a_sided_predicate_holds_for_the_other_side_of_the_mirror_image(name: str) -> None:
    found = set()
    for pose in POSES[:120]:
        mirror = PoseGeometry(pose[list(MIRROR)] * np.array([-1, 1, 1]))
        for side in SIDES:
            answer = holds(f"{name}:{side}", pose)
            assert answer == holds(swap_sides(f"{name}:{side}"), mirror)
            found.add(answer)
    assert False in found


def test_both_and_not() -> None:
    controls = Controls()
    controls.left_arm.angles(elevation=175, azimuth=60)
    one = solve(controls)[0]
    assert holds("arm_up:left", one)
    assert not holds("arm_up:right", one)
    assert not holds("arm_up:both", one)
    assert holds("not arm_up:both", one)
    controls.right_arm.angles(elevation=175, azimuth=60)
    assert holds("arm_up:both", solve(controls)[0])


@pytest.mark.parametrize(
    ("predicate", "exists"),
    [
        ("standing", True),
        ("arm_up:left", True),
        ("arm_up:both", True),
        ("arm_up", False),
        ("standing:left", False),
        ("arm_up:up", False),
        ("flying", False),
    ],
)
def test_known(predicate: str, exists: bool) -> None:
    assert known(predicate) == exists


def test_an_unknown_predicate_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="flying"):
        holds("flying", POSES[0])
