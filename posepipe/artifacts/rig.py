"""A pose as a rig: offsets of the joints in a T-pose, and the rotation of each joint.

A pose holds positions only, so it does not say how a bone is turned about its own axis. Pelvis and chest take this
turn from the line between the hips and the line between the shoulders; the spine between them is turned in steps. All
other bones turn no further than their direction requires.

The numbers are plain floats: for single vectors they are faster than NumPy, and give the same bits on every processor.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, hypot, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import BONE_LENGTHS, JOINT_NAMES, NUM_JOINTS, PARENTS
from posepipe.skeleton.vectors import Vector, cross, dot, minus, plus, times

Quaternion = tuple[float, float, float, float]
"""A rotation as (x, y, z, w), of length 1 and with w >= 0."""

IDENTITY: Final[Quaternion] = (0.0, 0.0, 0.0, 1.0)
SIDE: Final[Vector] = (1.0, 0.0, 0.0)
TINY: Final = 1e-7
"""Vectors shorter than this, in metres, have no direction."""


def _unit(vector: Vector) -> Vector:
    length = hypot(*vector)
    return (vector[0] / length, vector[1] / length, vector[2] / length) if length > TINY else (0.0, 0.0, 0.0)


def _directions() -> tuple[Vector, ...]:
    """Direction of each bone in the T-pose, listed by its outer joint.

    The trunk, the neck and the feet are as in the bundled model's standing people, whose spine is slightly curved.
    """
    left: dict[str, Vector] = {
        "spine1": (0.0, 0.954, -0.298),
        "spine2": (0.0, 0.981, 0.195),
        "spine3": (0.0, 0.998, 0.066),
        "neck": (0.0, 0.993, -0.117),
        "head": (0.0, 0.867, 0.499),
        "hip": (0.58, -0.80, -0.14),
        "knee": (0.0, -1.0, 0.0),
        "ankle": (0.0, -1.0, 0.0),
        "foot": (0.17, -0.46, 0.87),
        "collar": (0.54, 0.83, -0.12),
        "shoulder": (0.93, 0.35, -0.13),
        "elbow": SIDE,
        "wrist": SIDE,
    }
    directions: list[Vector] = [(0.0, 0.0, 0.0)]
    for name in JOINT_NAMES[1:]:
        side, _, part = name.rpartition("_")
        x, y, z = _unit(left[part])
        directions.append((-x if side == "right" else x, y, z))
    return tuple(directions)


DIRECTIONS: Final = _directions()
_LEADS: Final = {0: 3, 9: 12}
"""Of the joints with several children, the child towards which the joint's own bone points."""
CHILDREN: Final = tuple(tuple(c for c in range(NUM_JOINTS) if PARENTS[c] == joint) for joint in range(NUM_JOINTS))
_TRUNK: Final = {0: 0.0, 3: 1 / 3, 6: 2 / 3, 9: 1.0}
"""Joints whose sides are known: 0 follows the hips, 1 the shoulders."""
TIPS: Final[dict[int, Vector]] = {
    JOINT_NAMES.index("left_foot"): (0.0, 0.0, 0.07),
    JOINT_NAMES.index("right_foot"): (0.0, 0.0, 0.07),
    JOINT_NAMES.index("head"): (0.0, 0.19, 0.0),
    JOINT_NAMES.index("left_wrist"): (0.16, 0.0, 0.0),
    JOINT_NAMES.index("right_wrist"): (-0.16, 0.0, 0.0),
}
"""Ends of the body beyond the last joints in the T-pose: toes, crown and fingers; metres, in a body of usual size."""


@dataclass(frozen=True)
class Rig:
    """A pose in a form that animation programs use.

    Turning the offsets of a T-pose by the rotations, from the pelvis outward, gives the joints of the pose.
    """

    position: Vector
    """Of the pelvis, in metres."""
    offsets: tuple[Vector, ...]
    """(22) from the parent to each joint in the T-pose, in metres; zero for the pelvis."""
    rotations: tuple[Quaternion, ...]
    """(22) rotation of each joint against its parent."""
    size: float
    """Sum of all bone lengths, divided by that of a usual body."""


def rig(joints: NDArray[np.floating]) -> Rig:
    """Find the offsets and rotations of a pose.

    Nothing depends on where the body is or how it is turned: if all joints are turned together, only the rotation of
    the pelvis changes.

    Parameters
    ----------
    joints : (22, 3) float array
        Metres, Y up.

    Returns
    -------
    Rig
        Finite for finite joints. A bone of length 0 keeps the rotation of its parent.
    """
    places: list[Vector] = [(x, y, z) for x, y, z in joints.tolist()]
    hips = _unit(minus(places[1], places[2]))
    shoulders = _unit(minus(places[16], places[17]))
    offsets: list[Vector] = [(0.0, 0.0, 0.0)] * NUM_JOINTS
    rotations: list[Quaternion] = [IDENTITY] * NUM_JOINTS
    turned: list[Quaternion] = [IDENTITY] * NUM_JOINTS  # against the world
    lengths = [0.0]
    for joint in range(NUM_JOINTS):
        above = turned[PARENTS[joint]] if joint else IDENTITY
        if CHILDREN[joint]:
            lead = _LEADS.get(joint, CHILDREN[joint][0])
            bone = _unit(_back(above, minus(places[lead], places[joint])))
            rotations[joint] = _shortest(DIRECTIONS[lead], bone, hinge=_hinge(DIRECTIONS[lead]))
            if joint in _TRUNK:
                share = _TRUNK[joint]
                across = plus(times(hips, 1 - share), times(shoulders, share))
                rotations[joint] = _sideways(rotations[joint], DIRECTIONS[lead], _back(above, across))
        turned[joint] = _product(above, rotations[joint])
        for child in CHILDREN[joint]:
            bone = minus(places[child], places[joint])
            lengths.append(hypot(*bone))
            straight = len(CHILDREN[joint]) == 1
            offsets[child] = times(DIRECTIONS[child], lengths[-1]) if straight else _back(turned[joint], bone)
    return Rig(places[0], tuple(offsets), tuple(rotations), fsum(lengths) / fsum(BONE_LENGTHS))


def rest(rig: Rig) -> NDArray[np.float64]:
    """Joints of the T-pose, (22, 3) in metres: facing +Z, the pelvis above the origin, the lowest joint at y = 0."""
    joints = np.array(rig.offsets)
    for joint in range(1, NUM_JOINTS):
        joints[joint] += joints[PARENTS[joint]]
    joints[:, 1] -= joints[:, 1].min()
    return joints


def _product(one: Quaternion, other: Quaternion) -> Quaternion:
    """The rotation ``other`` followed by ``one``."""
    (ax, ay, az, aw), (bx, by, bz, bw) = one, other
    x = aw * bx + ax * bw + ay * bz - az * by
    y = aw * by - ax * bz + ay * bw + az * bx
    z = aw * bz + ax * by - ay * bx + az * bw
    w = aw * bw - ax * bx - ay * by - az * bz
    length = sqrt(x * x + y * y + z * z + w * w) * (1 if w >= 0 else -1)
    return x / length, y / length, z / length, w / length


def rotate(rotation: Quaternion, vector: Vector) -> Vector:
    """Turn a vector by a rotation."""
    axis, w = rotation[:3], rotation[3]
    half = times(cross(axis, vector), 2.0)
    return plus(plus(vector, times(half, w)), cross(axis, half))


def _back(rotation: Quaternion, vector: Vector) -> Vector:
    """Turn a vector by the inverse of a rotation."""
    x, y, z, w = rotation
    return rotate((-x, -y, -z, w), vector)


def _shortest(start: Vector, end: Vector, hinge: Vector) -> Quaternion:
    """The smallest rotation from one direction to another; about ``hinge`` where the two are opposite.

    Twice the rotation from ``start`` to the direction half way between the two.
    """
    if end == (0.0, 0.0, 0.0):
        return IDENTITY
    middle = _unit(plus(start, end))
    if middle == (0.0, 0.0, 0.0):
        return (*hinge, 0.0)
    return (*cross(start, middle), dot(start, middle))


def _hinge(direction: Vector) -> Vector:
    """The axis about which a bone folds back onto its parent: sideways, as a knee, or upright for the arms."""
    axis = SIDE if abs(direction[0]) < 0.8 else (0.0, 1.0, 0.0)
    return _unit(minus(axis, times(direction, dot(axis, direction))))


def _sideways(rotation: Quaternion, direction: Vector, across: Vector) -> Quaternion:
    """Add a turn about the bone after which the body's side axis points along ``across``, as far as it can."""
    bone, side = rotate(rotation, direction), rotate(rotation, SIDE)
    level = minus(across, times(bone, dot(across, bone)))
    if hypot(*level) < 1e-3:  # across the bone there is no direction
        return rotation
    return _product(_shortest(side, _unit(level), hinge=bone), rotation)
