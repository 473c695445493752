"""Finished poses whose limbs go through something, or bend where no human's do."""

from __future__ import annotations

import numpy as np
import pytest
from fake_model import STANDING
from varied_poses import POSES as VARIED

from posepipe.models.small import on_skeleton
from posepipe.skeleton import BONE_LENGTHS, JOINT_NAMES, MIRROR, bone_lengths
from posepipe.skeleton.bodies import VISIBLE, deepest
from posepipe.skeleton.correction import sound, unnatural

Pose = np.ndarray


def at(pose: Pose, name: str) -> Pose:
    return np.asarray(pose[JOINT_NAMES.index(name)])


def standing() -> Pose:
    """A standing person with the arms at the sides, in the skeleton of the bundled model."""
    return on_skeleton(STANDING)


def moved(**places: tuple[float, float, float]) -> Pose:
    """A standing person with joints elsewhere; the bones keep their lengths."""
    pose = standing()
    for name, place in places.items():
        pose[JOINT_NAMES.index(name)] = place
    return on_skeleton(pose)


FLAWED = {
    "a forearm in the belly": moved(left_elbow=(0.24, 1.15, 0.0), left_wrist=(0.0, 1.16, 0.02)),
    "forearms through each other": moved(
        left_elbow=(0.25, 1.15, 0.1),
        left_wrist=(-0.05, 1.25, 0.22),
        right_elbow=(-0.25, 1.15, 0.1),
        right_wrist=(0.05, 1.25, 0.22),
    ),
    "shins through each other": moved(left_ankle=(-0.1, 0.06, -0.03), right_ankle=(0.1, 0.06, -0.03)),
    "a knee bent backwards": moved(left_knee=(0.1, 0.52, -0.2), left_ankle=(0.1, 0.1, 0.05)),
    "a folded arm": moved(left_elbow=(0.45, 1.37, 0.1), left_wrist=(0.19, 1.37, 0.08)),
    "a head that hangs back": moved(head=(0.0, 1.45, -0.2)),
}


@pytest.mark.parametrize("name", FLAWED)
def test_flaws_are_corrected(name: str) -> None:
    before = FLAWED[name]
    assert deepest(before[None])[0] > VISIBLE or unnatural(before[None])[0]
    after = sound(before)
    assert deepest(after[None])[0] <= VISIBLE
    assert not unnatural(after[None])[0]
    np.testing.assert_allclose(bone_lengths(after)[1:], BONE_LENGTHS[1:], rtol=1e-5)
    assert after[:, 1].min() == pytest.approx(before[:, 1].min(), abs=1e-6)
    still = [JOINT_NAMES.index(joint) for joint in ("pelvis", "neck", "left_hip", "right_shoulder")]
    np.testing.assert_allclose(after[still], before[still], atol=1e-3)  # the body may be lifted back onto the ground


def test_sound_poses_keep_their_bits_and_others_move_little() -> None:
    flawed = (deepest(VARIED) > VISIBLE) | unnatural(VARIED)
    assert 0 < flawed.sum() < len(VARIED)
    after = sound(VARIED)
    assert after.dtype == np.float32
    assert np.array_equal(after[~flawed], VARIED[~flawed])
    assert (deepest(after) <= VISIBLE).all()
    assert np.linalg.norm(after - VARIED, axis=-1).max() < 0.25
    assert np.array_equal(sound(after), after)


def test_the_bits_of_a_pose_do_not_depend_on_the_others() -> None:
    poses = np.concatenate((VARIED, np.stack(list(FLAWED.values()))))
    together = sound(poses)
    assert not np.array_equal(together, poses)
    assert np.array_equal(together, [sound(pose) for pose in poses])
    assert np.array_equal(together[::-1], sound(poses[::-1]))
    assert np.array_equal(together.reshape(6, -1, 22, 3), sound(poses.reshape(6, -1, 22, 3)))


def test_what_touches_keeps_touching_and_what_stands_keeps_standing() -> None:
    crossed = FLAWED["forearms through each other"]
    after = sound(crossed)
    gap = np.linalg.norm(at(after, "left_wrist") - at(after, "right_elbow"))
    assert gap < np.linalg.norm(at(crossed, "left_wrist") - at(crossed, "right_elbow")) + 0.05
    legs = sound(FLAWED["shins through each other"])
    for joint in ("left_ankle", "right_ankle", "left_foot", "right_foot"):
        assert at(legs, joint)[1] == pytest.approx(at(FLAWED["shins through each other"], joint)[1], abs=0.01)


def test_the_mirror_image_is_corrected_alike() -> None:
    mirror = np.float32((-1, 1, 1))
    again = sound(VARIED[:, list(MIRROR)] * mirror)[:, list(MIRROR)] * mirror
    np.testing.assert_allclose(again, sound(VARIED), atol=1e-4)


def test_poses_that_are_not_finite_stay() -> None:
    poses = VARIED[:3].copy()
    poses[0, 5], poses[1] = np.nan, np.inf
    assert np.array_equal(sound(poses)[:2], poses[:2], equal_nan=True)
