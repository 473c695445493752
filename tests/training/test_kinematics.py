"""Joints from controls: bone lengths, targets, support, limits."""

from __future__ import annotations

import numpy as np
import pytest

from posepipe.skeleton import BONE_LENGTHS, JOINT_NAMES, bone_lengths
from training import landmarks as at
from training.controls import FEET_AND_WRISTS, Controls
from training.kinematics import solve
from training.vectors import two_bones

INDEX = {name: index for index, name in enumerate(JOINT_NAMES)}


def test_a_person_stands_on_the_ground_and_faces_forward() -> None:
    joints = solve(Controls(), 3)
    assert joints.shape == (3, 22, 3)
    assert joints.dtype == np.float32
    np.testing.assert_allclose(bone_lengths(joints), np.broadcast_to(BONE_LENGTHS, (3, 22)), atol=1e-5)
    assert 0 <= joints[..., 1].min() < 0.03
    np.testing.assert_allclose(joints[0, 0, [0, 2]], 0, atol=1e-6)
    assert joints[0, INDEX["left_foot"], 2] > joints[0, INDEX["left_ankle"], 2]
    assert joints[0, INDEX["left_hip"], 0] > joints[0, INDEX["right_hip"], 0]


def test_a_wrist_reaches_a_target_on_the_ground() -> None:
    controls = Controls(pitch=70, flex=50)
    controls.both_feet(x=0.18, knee=115, knee_out=0.4)
    controls.both_hands(at.on_floor(x=0.15, z=0.4))
    joints = solve(controls)[0]
    wrists = joints[[INDEX["left_wrist"], INDEX["right_wrist"]]]
    np.testing.assert_allclose(wrists, [[0.15, 0, 0.4], [-0.15, 0, 0.4]], atol=1e-5)


def test_a_target_out_of_reach_is_approached() -> None:
    root, pole = np.zeros((1, 3)), np.array([[0.0, 0.0, 1.0]])
    middle, end = two_bones(root, np.array([[5.0, 0.0, 0.0]]), pole, 0.3, 0.25, 0.1)
    assert end[0, 0] == pytest.approx(0.55, abs=0.002)
    assert np.linalg.norm(middle[0]) == pytest.approx(0.3)


def test_a_target_too_near_is_kept_at_the_smallest_distance() -> None:
    root, pole = np.zeros((1, 3)), np.array([[0.0, 0.0, 1.0]])
    middle, end = two_bones(root, np.array([[0.01, 0.0, 0.0]]), pole, 0.3, 0.25, 0.1)
    np.testing.assert_allclose(end, [[0.1, 0.0, 0.0]], atol=1e-9)
    assert np.linalg.norm(end - middle) == pytest.approx(0.25)
    assert middle[0, 2] > 0.2


def test_level_puts_feet_and_wrists_at_the_same_height() -> None:
    controls = Controls(support="lowest", pitch=70, level=FEET_AND_WRISTS)
    controls.both_arms(elevation=85, azimuth=0, elbow=2)
    controls.both_legs(flexion=0, knee=2, ankle=-20)
    joints = solve(controls)[0]
    feet, wrists = (joints[[INDEX[name] for name in names], 1] for names in FEET_AND_WRISTS)
    assert feet.mean() == pytest.approx(wrists.mean(), abs=1e-5)


def test_lift_raises_the_finished_body() -> None:
    low, high = (solve(Controls(support="lowest", lift=lift))[0, :, 1].min() for lift in (0.0, 0.4))
    assert high - low == pytest.approx(0.4, abs=1e-5)


def test_angles_beyond_their_range_are_clipped() -> None:
    joints = []
    for elbow in (150.0, 400.0):
        controls = Controls()
        controls.left_arm.angles(elevation=30, elbow=elbow)
        joints.append(solve(controls))
    np.testing.assert_array_equal(*joints)


def test_values_by_frame_give_a_motion() -> None:
    joints = solve(Controls(nod=np.array([-30.0, 0.0, 30.0])), 3)
    heads = joints[:, INDEX["head"], 2]
    assert heads[0] < heads[1] < heads[2]
