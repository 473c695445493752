"""Offsets and rotations of a pose: they give the joints back, at any heading and for degenerate bodies."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from varied_poses import POSES, WAYS, turn, turned

from posepipe.artifacts.rig import DIRECTIONS, Quaternion, Rig, rest, rig
from posepipe.skeleton import BONE_LENGTHS, JOINT_NAMES, MIRROR, PARENTS

JOINT = {name: number for number, name in enumerate(JOINT_NAMES)}


def matrix(rotation: Quaternion) -> NDArray[np.float64]:
    x, y, z, w = rotation
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def joints_of(body: Rig) -> NDArray[np.float64]:
    """Forward kinematics, from the pelvis outward."""
    joints, turns = np.zeros((22, 3)), np.zeros((22, 3, 3))
    for joint, parent in enumerate(PARENTS):
        local = matrix(body.rotations[joint])
        turns[joint] = turns[parent] @ local if joint else local
        joints[joint] = joints[parent] + turns[parent] @ body.offsets[joint] if joint else body.position
    return joints


def angle(rotation: Quaternion) -> float:
    return float(np.degrees(2 * np.arctan2(np.linalg.norm(rotation[:3]), rotation[3])))


def usual_body() -> NDArray[np.float64]:
    """The T-pose itself, with the bone lengths of the bundled model."""
    joints = np.zeros((22, 3))
    for joint in range(1, 22):
        joints[joint] = joints[PARENTS[joint]] + np.array(DIRECTIONS[joint]) * BONE_LENGTHS[joint]
    return joints


def below(joint: str) -> list[int]:
    """Indices of a joint and of all that hangs on it."""
    found = {JOINT[joint]}
    for child, parent in enumerate(PARENTS):
        if parent in found:
            found.add(child)
    return sorted(found)


def bent(joint: str, turning: NDArray[np.float64], joints: NDArray[np.float64]) -> NDArray[np.float64]:
    """Joints with what hangs on one joint turned about it."""
    joints = joints.copy()
    moved = below(joint)
    joints[moved] = (joints[moved] - joints[JOINT[joint]]) @ turning.T + joints[JOINT[joint]]
    return joints


@pytest.mark.parametrize("way", WAYS)
def test_offsets_and_rotations_give_the_joints_back(way: str) -> None:
    for pose in POSES:
        joints = turned(pose, way)
        assert np.abs(joints_of(rig(joints)) - joints).max() < 1e-6


@pytest.mark.parametrize("way", WAYS)
def test_turning_the_body_changes_the_rotation_of_the_pelvis_only(way: str) -> None:
    for pose in POSES:
        before, after = rig(pose), rig(turned(pose, way))
        assert np.allclose(before.offsets, after.offsets, atol=1e-5)
        turns = [matrix(one).T @ matrix(other) for one, other in zip(before.rotations, after.rotations, strict=True)]
        assert np.abs(np.array(turns[1:]) - np.eye(3)).max() < 2e-4


def test_a_person_in_the_t_pose_has_no_rotations() -> None:
    body = rig(usual_body())
    assert max(map(angle, body.rotations)) < 1e-4
    assert body.size == pytest.approx(1)
    assert np.allclose(rest(body) - rest(body)[0], usual_body(), atol=1e-6)
    assert rest(body)[:, 1].min() == 0


def test_a_mirrored_pose_has_mirrored_rotations() -> None:
    for pose in POSES:
        ours = np.array(rig(pose).rotations)
        mirrored = np.array(rig(pose[list(MIRROR)] * np.float32([-1, 1, 1])).rotations)
        expected = ours[list(MIRROR)] * (1, -1, -1, 1)
        expected *= np.where((expected * mirrored).sum(axis=1, keepdims=True) < 0, -1, 1)
        assert np.abs(mirrored - expected).max() < 1e-5


def test_the_spine_turns_in_steps_between_hips_and_shoulders() -> None:
    body = rig(bent("spine3", turn(1, 60), usual_body()))
    upright = {name: body.rotations[JOINT[name]] for name in ("pelvis", "spine1", "spine2", "spine3")}
    assert angle(upright["pelvis"]) == pytest.approx(0, abs=1e-4)
    steps = [angle(upright[name]) for name in ("spine1", "spine2", "spine3")]
    assert sum(steps) == pytest.approx(60, abs=3)
    assert all(15 < step < 25 for step in steps)
    for name in ("left_collar", "left_shoulder", "left_elbow", "neck"):
        assert angle(body.rotations[JOINT[name]]) < 1e-4


@pytest.mark.parametrize(("joint", "axis"), [("left_elbow", 1), ("right_elbow", 2), ("left_knee", 0), ("right_hip", 2)])
def test_a_limb_turns_no_further_than_its_direction_requires(joint: str, axis: int) -> None:
    body = rig(bent(joint, turn(axis, 70), usual_body()))
    assert angle(body.rotations[JOINT[joint]]) == pytest.approx(70, abs=1e-3)
    others = [angle(rotation) for number, rotation in enumerate(body.rotations) if number != JOINT[joint]]
    assert max(others) < 1e-3


@pytest.mark.parametrize(("joint", "axis"), [("left_knee", 0), ("right_elbow", 1)])
def test_a_bone_folded_back_onto_its_parent_turns_about_the_joints_hinge(joint: str, axis: int) -> None:
    almost, folded = (rig(bent(joint, turn(axis, degrees), usual_body())) for degrees in (179.99, 180))
    rotation = np.array(folded.rotations[JOINT[joint]])
    assert angle(folded.rotations[JOINT[joint]]) == pytest.approx(180, abs=1e-3)
    assert abs(rotation[axis]) == pytest.approx(1)
    nearly = np.array(almost.rotations[JOINT[joint]])
    assert min(np.abs(rotation - nearly).max(), np.abs(rotation + nearly).max()) < 1e-3


def _degenerate() -> dict[str, NDArray[np.float64]]:
    body = usual_body()
    one_line = np.zeros((22, 3))
    one_line[:, 1] = np.arange(22) * 0.1
    upward, hips, neckless, flat = body.copy(), body.copy(), body.copy(), body.copy()
    upward[JOINT["left_shoulder"]] = upward[JOINT["spine3"]] + 0.4 * np.array(DIRECTIONS[JOINT["neck"]])
    upward[JOINT["right_shoulder"]] = upward[JOINT["spine3"]] - 0.4 * np.array(DIRECTIONS[JOINT["neck"]])
    hips[JOINT["left_hip"]] = hips[JOINT["right_hip"]] = hips[0]
    neckless[JOINT["neck"]] = neckless[JOINT["spine3"]]
    flat[:, 2] = 0
    return {
        "one point": np.zeros((22, 3)),
        "one line": one_line,
        "one line downward": -one_line,
        "one plane": flat,
        "shoulders along the spine": upward,
        "hips in one point": hips,
        "no neck": neckless,
        "no left knee": np.where(np.arange(22)[:, None] == JOINT["left_knee"], body[JOINT["left_hip"]], body),
        "shoulders opposite to the hips": bent("spine3", turn(1, 180), body),
        "spine folded": bent("spine2", turn(0, 180), body),
        "turned left and right": body * (-1, 1, 1),
        "a millionth of its size": body * 1e-6,
    }


@pytest.mark.parametrize("case", _degenerate())
def test_degenerate_bodies_have_an_answer(case: str) -> None:
    joints = _degenerate()[case]
    body = rig(joints)
    assert np.isfinite([*body.position, body.size]).all()
    assert np.allclose(np.linalg.norm(body.rotations, axis=1), 1)
    assert np.abs(joints_of(body) - joints).max() < 1e-6
    assert np.array_equal(rig(joints.copy()).rotations, body.rotations)


def test_shoulders_along_the_spine_do_not_turn_the_chest_by_chance() -> None:
    joints = _degenerate()["shoulders along the spine"]
    calm = rig(joints).rotations[JOINT["spine3"]]
    for noise in np.random.default_rng(0).normal(size=(20, *joints.shape)) * 1e-6:
        assert np.allclose(rig(joints + noise).rotations[JOINT["spine3"]], calm, atol=1e-4)


def test_joints_at_random_have_an_answer() -> None:
    for joints in np.random.default_rng(0).normal(size=(200, 22, 3)).astype(np.float32):
        assert np.abs(joints_of(rig(joints)) - joints).max() < 1e-6
