"""Joints to BVH, the motion capture format of Biovision: a skeleton, and one frame with the rotation of each joint."""

from __future__ import annotations

from collections.abc import Iterator
from math import atan2, degrees, hypot

import numpy as np
from numpy.typing import NDArray

from posepipe.artifacts.rig import CHILDREN, TIPS, Quaternion, Rig, rig
from posepipe.skeleton import FPS, JOINT_NAMES
from posepipe.skeleton.vectors import Vector

CENTIMETRES = 100.0


def encode_bvh(joints: NDArray[np.floating]) -> bytes:
    """A pose as a BVH file of one frame.

    Parameters
    ----------
    joints : (22, 3) float array
        Metres, Y up.

    Returns
    -------
    bytes
        Text. Offsets and the position of the pelvis are in centimetres and rotations in degrees, in the order
        Z, X, Y. The skeleton is in a T-pose facing +Z, with the bone lengths of this pose.
    """
    body = rig(joints)
    lines = ["HIERARCHY", *_joint(body, 0, ""), "MOTION", "Frames: 1", f"Frame Time: {1 / FPS:.6f}"]
    numbers = [*_scaled(body.position, 1.0), *(angle for joint in _order(0) for angle in zxy(body.rotations[joint]))]
    lines.append(_text(numbers))
    return ("\n".join(lines) + "\n").encode("ascii")


def zxy(rotation: Quaternion) -> Vector:
    """Angles in degrees about Z, X and Y, such that the rotation about Y comes first and that about Z last."""
    x, y, z, w = rotation
    upward = 2 * (y * z + w * x)  # the matrix's row Z, column Y: sine of the angle about X
    beside, along = 2 * (x * y - w * z), 1 - 2 * (x * x + z * z)  # rows X and Y of this column
    level = hypot(beside, along)
    about_x = atan2(upward, level)
    if level < 1e-6:  # the axes of the other two coincide
        return degrees(atan2(2 * (x * y + w * z), 1 - 2 * (y * y + z * z))), degrees(about_x), 0.0
    about_y = atan2(2 * (w * y - x * z), 1 - 2 * (x * x + y * y))
    return degrees(atan2(-beside, along)), degrees(about_x), degrees(about_y)


def _order(joint: int) -> Iterator[int]:
    """Joints in the order of the file: each followed by what hangs on it."""
    yield joint
    for child in CHILDREN[joint]:
        yield from _order(child)


def _joint(body: Rig, joint: int, indent: str) -> Iterator[str]:
    """Lines of a joint and of what hangs on it."""
    yield f"{indent}{'JOINT' if joint else 'ROOT'} {JOINT_NAMES[joint]}"
    yield f"{indent}{{"
    inner = indent + "\t"
    yield f"{inner}OFFSET {_text(_scaled(body.offsets[joint], 1.0))}"
    positions = "" if joint else "Xposition Yposition Zposition "
    yield f"{inner}CHANNELS {3 if joint else 6} {positions}Zrotation Xrotation Yrotation"
    for child in CHILDREN[joint]:
        yield from _joint(body, child, inner)
    if joint in TIPS:
        yield f"{inner}End Site"
        yield f"{inner}{{"
        yield f"{inner}\tOFFSET {_text(_scaled(TIPS[joint], body.size))}"
        yield f"{inner}}}"
    yield f"{indent}}}"


def _scaled(vector: Vector, size: float) -> list[float]:
    return [CENTIMETRES * size * value for value in vector]


def _text(numbers: list[float]) -> str:
    return " ".join(f"{number:z.6f}" for number in numbers)
