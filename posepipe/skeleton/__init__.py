"""The skeleton: 22 joints in the order of HumanML3D.

Coordinates are in metres, right-handed, with Y up. A standing person faces +Z, with the left side at +X.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

JOINT_NAMES: Final = (
    "pelvis",
    "left_hip",
    "right_hip",
    "spine1",
    "left_knee",
    "right_knee",
    "spine2",
    "left_ankle",
    "right_ankle",
    "spine3",
    "left_foot",
    "right_foot",
    "neck",
    "left_collar",
    "right_collar",
    "head",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
)
NUM_JOINTS: Final = len(JOINT_NAMES)

PARENTS: Final = (-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19)
"""Parent of each joint; -1 for the root."""

CHAINS: Final = {
    "right_leg": (0, 2, 5, 8, 11),
    "left_leg": (0, 1, 4, 7, 10),
    "spine": (0, 3, 6, 9, 12, 15),
    "right_arm": (9, 14, 17, 19, 21),
    "left_arm": (9, 13, 16, 18, 20),
}
"""Kinematic chains: indices of joints, each from its root outward."""

MIRROR: Final = (0, 2, 1, 3, 5, 4, 6, 8, 7, 9, 11, 10, 12, 14, 13, 15, 17, 16, 19, 18, 21, 20)
"""For each joint, the joint on the other side. ``joints[MIRROR] * (-1, 1, 1)`` mirrors a pose."""

BONE_LENGTHS: Final = (
    0.0,
    0.10647866,
    0.10647866,
    0.13156824,
    0.39190573,
    0.39190573,
    0.14319022,
    0.42903823,
    0.42903823,
    0.05736474,
    0.14640042,
    0.14640042,
    0.21936004,
    0.1404348,
    0.1404348,
    0.10303921,
    0.12729917,
    0.12729917,
    0.2599659,
    0.2599659,
    0.26794404,
    0.26794404,
)
"""Distance of each joint to its parent in the skeleton of the bundled model, in metres; 0 for the root."""

FPS: Final = 20
"""Frames per second of a motion."""


def bone_lengths(joints: NDArray[np.floating]) -> NDArray[np.float32]:
    """Distance of each joint to its parent.

    Parameters
    ----------
    joints : (..., 22, 3) float array
        Metres.

    Returns
    -------
    (..., 22) float32 array
        Metres; 0 for the root.
    """
    parents = np.array((0, *PARENTS[1:]))
    lengths: NDArray[np.float32] = np.linalg.norm(joints - joints[..., parents, :], axis=-1).astype(np.float32)
    return lengths
