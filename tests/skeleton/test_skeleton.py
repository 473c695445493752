"""The skeleton: joints, parents, chains and mirror fit together."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from fake_model import STANDING

from posepipe.skeleton import BONE_LENGTHS, CHAINS, FPS, JOINT_NAMES, MIRROR, NUM_JOINTS, PARENTS, bone_lengths


def test_every_table_has_22_joints() -> None:
    assert {NUM_JOINTS, *map(len, (JOINT_NAMES, set(JOINT_NAMES), PARENTS, MIRROR, BONE_LENGTHS))} == {22}
    assert FPS == 20


def test_parents_come_before_their_children() -> None:
    assert [joint for joint, parent in enumerate(PARENTS) if parent < 0] == [0]
    assert all(parent < joint for joint, parent in enumerate(PARENTS))


def test_chains_follow_the_parents_and_hold_every_joint() -> None:
    for chain in CHAINS.values():
        assert all(PARENTS[joint] == parent for parent, joint in pairwise(chain))
    assert sorted(joint for chain in CHAINS.values() for joint in chain[1:]) == list(range(1, 22))
    for side in ("left", "right"):
        for limb in ("leg", "arm"):
            assert all(JOINT_NAMES[joint].startswith(side) for joint in CHAINS[f"{side}_{limb}"][1:])


def test_the_mirror_swaps_left_and_right() -> None:
    for joint, other in enumerate(MIRROR):
        name = JOINT_NAMES[joint]
        swapped = {"left": "right", "right": "left"}.get(name.partition("_")[0])
        assert JOINT_NAMES[other] == (f"{swapped}_{name.partition('_')[2]}" if swapped else name)
        assert PARENTS[other] == (MIRROR[PARENTS[joint]] if joint else -1)
        assert BONE_LENGTHS[other] == BONE_LENGTHS[joint]


def test_left_is_where_x_is_positive() -> None:
    standing = {name: STANDING[joint, 0] for joint, name in enumerate(JOINT_NAMES)}
    assert all(x > 0 for name, x in standing.items() if name.startswith("left_"))
    assert all(x < 0 for name, x in standing.items() if name.startswith("right_"))


def test_bone_lengths_of_one_pose_and_of_many() -> None:
    joints = np.zeros((22, 3), np.float64)
    for joint in range(1, 22):
        joints[joint] = joints[PARENTS[joint]] + np.array([0.0, 0.0, joint / 100])
    joints += 5.0  # the root is not at the origin
    wanted = np.arange(22) / 100
    assert bone_lengths(joints) == pytest.approx(wanted, abs=1e-6)
    assert bone_lengths(joints).dtype == np.float32
    many = bone_lengths(np.stack([joints, 2 * joints])[None])
    assert many.shape == (1, 2, 22)
    assert many[0, 1] == pytest.approx(2 * wanted, abs=1e-6)
