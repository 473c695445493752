"""Capsules around the joints, and how deep they go into one another."""

from __future__ import annotations

import numpy as np
import pytest
from fake_model import STANDING
from varied_poses import POSES as VARIED

from posepipe.skeleton import JOINT_NAMES, MIRROR
from posepipe.skeleton.bodies import FIRST, PAIR_KINDS, PARTS, SECOND, VISIBLE, deepest, overlaps

LEFT_WRIST, LEFT_ELBOW = JOINT_NAMES.index("left_wrist"), JOINT_NAMES.index("left_elbow")


def through_the_belly() -> np.ndarray:
    """A standing person whose left forearm goes through the belly."""
    pose = STANDING.copy()
    pose[LEFT_ELBOW], pose[LEFT_WRIST] = (0.24, 1.12, 0.0), (-0.02, 1.15, 0.0)
    return pose


def test_a_standing_person_is_sound() -> None:
    assert deepest(STANDING[None]) == [0.0]
    assert all(len(found) == 0 for found in overlaps(STANDING[None]))


def test_an_arm_in_the_trunk_is_found_with_its_parts_and_depth() -> None:
    poses, pairs, excess = overlaps(np.stack((STANDING, through_the_belly())))
    assert set(poses) == {1}
    names = {frozenset({PARTS[a].name, PARTS[b].name}) for a, b in zip(FIRST[pairs], SECOND[pairs], strict=True)}
    assert frozenset({"left_forearm", "left_belly"}) in names
    assert all("left_forearm" in pair or "left_hand" in pair for pair in names)
    assert 0.05 < excess.max() < 0.12  # the radii of both, less what is allowed


def test_neighbours_and_both_sides_of_the_trunk_are_no_pairs() -> None:
    assert ("forearm", "forearm") in PAIR_KINDS
    assert not {("belly", "chest"), ("belly", "belly"), ("pelvis", "thigh"), ("head", "neck")} & set(PAIR_KINDS)


@pytest.mark.parametrize("scale", [0.01, 0.5, 100.0])
def test_bodies_of_any_size_are_measured_alike(scale: float) -> None:
    np.testing.assert_allclose(deepest(VARIED * scale), deepest(VARIED), atol=1e-5)


def test_the_mirror_image_is_as_sound() -> None:
    np.testing.assert_allclose(deepest(VARIED[:, list(MIRROR)] * (-1, 1, 1)), deepest(VARIED), atol=1e-6)


def test_the_bits_of_a_pose_do_not_depend_on_the_others() -> None:
    together = deepest(VARIED)
    assert (together > VISIBLE).any()
    assert np.array_equal(together, [deepest(pose[None])[0] for pose in VARIED])
    assert np.array_equal(together[::-1], deepest(VARIED[::-1]))


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf, 3e38])
def test_joints_that_are_no_body_have_no_overlaps(value: float) -> None:
    with np.errstate(all="raise"):
        assert deepest(np.full((2, 22, 3), value, np.float32)).tolist() == [0.0, 0.0]
