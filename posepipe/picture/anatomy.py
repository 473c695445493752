"""The mannequin as ellipsoids: where they lie, which of them form one part of the body, and where the head faces.

Each part is the convex hull of up to four ellipsoids. An ellipsoid lies at joints, at a fixed distance in the frame of
pelvis, waist, chest, head, hand or foot. All distances are multiplied by the size of the body.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import hypot
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import BONE_LENGTHS, JOINT_NAMES, NUM_JOINTS, PARENTS
from posepipe.skeleton.vectors import Vector, cross, dot, minus, plus, times

Floats = NDArray[np.float64]
Frame = tuple[Vector, Vector, Vector]
"""Unit vectors to the left, up and to the front."""

J: Final = {name: joint for joint, name in enumerate(JOINT_NAMES)}
FRAMES: Final = ("world", "pelvis", "waist", "chest", "head", "left_hand", "right_hand", "left_foot", "right_foot")
"""Frames of the ellipsoids. The rows of a frame point to the left, up and to the front of that part of the body.

A hand's point towards the thumb, along the fingers and across the palm; a foot's to the left, up from the sole and
towards the toes.
"""

_NECK_COS, _NECK_SIN = 0.988, 0.1545
"""Of the angle by which the neck lies behind the axis of the chest in a person who stands straight."""
_SOLE_COS, _SOLE_SIN = 0.891, 0.454
"""Of the angle between the sole and the bone from ankle to foot."""
_WORLD: Final[Frame] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
_GAZE: Final = (0.0, 0.871, 0.491)
"""Direction from neck to head, in the frame of the chest, of a person who looks ahead."""


class Ball(NamedTuple):
    """An ellipsoid."""

    joints: tuple[tuple[str, float], ...]  # joints and their weights
    frame: str
    radii: Vector
    """Metres along the rows of the frame."""
    offset: Vector = (0.0, 0.0, 0.0)
    """Metres along the rows of the frame."""


class Part(NamedTuple):
    """The convex hull of some ellipsoids."""

    name: str
    item: str
    """Parts of one item are painted together."""
    material: str
    balls: tuple[Ball, ...]
    pulls: tuple[float, ...] = ()
    """For each ellipsoid, the share of the way to the last one by which the outline is pulled in at a joint."""
    joined: bool = False
    """The first end lies in the trunk, so there is no halo."""


def _ball(joint: str, radius: float | Vector, frame: str = "world", offset: Vector = (0.0, 0.0, 0.0)) -> Ball:
    radii = radius if isinstance(radius, tuple) else (radius, radius, radius)
    return Ball(((joint, 1.0),), frame, radii, offset)


def _between(start: str, end: str, share: float, radius: float) -> Ball:
    return Ball(((start, 1 - share), (end, share)), "world", (radius, radius, radius))


def _trunk() -> list[Part]:
    pelvis = _ball("pelvis", (0.122, 0.08, 0.092), "pelvis", (0.0, 0.0, 0.0))
    waist = Ball((("spine1", 0.4), ("spine2", 0.6)), "waist", (0.122, 0.07, 0.084))
    ribs = _ball("spine3", (0.142, 0.115, 0.1), "chest", (0.0, 0.03, 0.005))
    top = Ball((("spine3", 0.2), ("neck", 0.8)), "chest", (0.12, 0.06, 0.07), (0.0, -0.03, 0.005))
    sides = ("left", "right")
    hips = [
        _ball(f"{side}_hip", (0.07, 0.075, 0.082), "pelvis", (s * 0.005, -0.01, 0.0))
        for side, s in zip(sides, (1, -1), strict=True)
    ]
    shoulders = [_between(f"{side}_collar", f"{side}_shoulder", 0.74, 0.05) for side in sides]
    return [
        Part("hips", "trunk", "trunk", (pelvis, *hips)),
        Part("belly", "trunk", "trunk", (pelvis, waist)),
        Part("loin", "trunk", "trunk", (waist, ribs)),
        Part("chest", "trunk", "trunk", (ribs, top, *shoulders)),
        Part(
            "neck",
            "neck",
            "head",
            (_ball("neck", 0.046, "chest", (0.0, 0.015, 0.0)), _ball("head", 0.045, "head", (0.0, 0.02, 0.0))),
            (0.5, 0.0),
        ),
    ]


def _skull() -> list[Part]:
    skull = _ball("head", (0.078, 0.098, 0.098), "head", SKULL_OFFSET)
    jaw = _ball("head", (0.05, 0.05, 0.06), "head", (0.0, 0.018, 0.048))
    bridge = _ball("head", 0.012, "head", (0.0, 0.078, 0.11))
    tip = _ball("head", 0.019, "head", (0.0, 0.047, 0.122))
    return [Part("skull", "head", "head", (skull, jaw)), Part("nose", "head", "head", (bridge, tip))]


def _arm(side: str) -> list[Part]:
    shoulder, elbow, wrist, hand = f"{side}_shoulder", f"{side}_elbow", f"{side}_wrist", f"{side}_hand"
    material = f"{side}_arm"
    palm = _ball(wrist, (0.04, 0.048, 0.02), hand, (0.002, 0.05, 0.0))
    fingers = _ball(wrist, (0.03, 0.045, 0.015), hand, (-0.004, 0.12, 0.0))
    root = _ball(wrist, 0.014, hand, (0.022, 0.035, 0.0))
    thumb = _ball(wrist, 0.012, hand, (0.056, 0.085, 0.0))
    return [
        Part(
            f"{side}_upper_arm",
            f"{side}_upper_arm",
            material,
            (_ball(shoulder, 0.054), _ball(elbow, 0.041)),
            (0.12, 0.2),
            True,
        ),
        Part(
            f"{side}_forearm",
            f"{side}_forearm",
            material,
            (_ball(elbow, 0.04), _between(elbow, wrist, 0.28, 0.045), _ball(wrist, 0.027)),
            (0.2, 0.0, 0.15),
        ),
        Part(f"{side}_thumb", hand, material, (root, thumb)),
        Part(hand, hand, material, (palm, fingers), (0.45, 0.0)),
    ]


def _leg(side: str) -> list[Part]:
    hip, knee, ankle, joint, foot = (f"{side}_{name}" for name in ("hip", "knee", "ankle", "foot", "foot"))
    material = f"{side}_leg"
    return [
        Part(f"{side}_thigh", f"{side}_thigh", material, (_ball(hip, 0.08), _ball(knee, 0.054)), (0.25, 0.16), True),
        Part(
            f"{side}_shin",
            f"{side}_shin",
            material,
            (_ball(knee, 0.05), _between(knee, ankle, 0.3, 0.058), _ball(ankle, 0.034)),
            (0.16, 0.0, 0.1),
        ),
        Part(
            f"{side}_foot",
            f"{side}_foot",
            material,
            (
                _ball(ankle, 0.035),
                _ball(ankle, (0.034, 0.034, 0.04), foot, (0.0, -0.032, -0.03)),
                _ball(joint, (0.044, 0.027, 0.05), foot, (0.0, 0.027, 0.0)),
                _ball(joint, (0.038, 0.02, 0.04), foot, (0.0, 0.021, 0.055)),
            ),
            (0.3, 0.0, 0.0, 0.0),
        ),
    ]


SKULL_OFFSET: Final[Vector] = (0.0, 0.082, 0.012)
PARTS: Final = (*_trunk(), *_skull(), *(part for side in ("left", "right") for part in (*_arm(side), *_leg(side))))
BALLS: Final = tuple(ball for part in PARTS for ball in part.balls)
SKULL: Final = next(number for number, ball in enumerate(BALLS) if ball.offset == SKULL_OFFSET)


def _weights() -> Floats:
    weights = np.zeros((len(BALLS), NUM_JOINTS))
    for number, ball in enumerate(BALLS):
        for joint, weight in ball.joints:
            weights[number, J[joint]] += weight
    return weights


_WEIGHTS: Final = _weights()
_FRAME_OF: Final = np.array([FRAMES.index(ball.frame) for ball in BALLS])
_RADII: Final = np.array([ball.radii for ball in BALLS])[:, :, None]
_OFFSETS: Final = np.array([ball.offset for ball in BALLS])[:, None, :]
_LENGTHS: Final = np.array(BONE_LENGTHS[1:])
_PARENTS: Final = np.array(PARENTS[1:])


@dataclass(frozen=True, eq=False)
class Body:
    """A pose with flesh."""

    joints: Floats  # (22, 3) metres
    frames: Floats  # (9, 3, 3) rows of unit vectors
    centres: Floats  # (n, 3) metres
    axes: Floats  # (n, 3, 3) rows: the half axes of the ellipsoids, in metres
    size: float
    """Median length of the bones, divided by that of a usual body."""


def body_of(joints: Floats) -> Body:
    """The ellipsoids of a pose.

    Parameters
    ----------
    joints : (22, 3) float array
        Metres.
    """
    bones = joints[1:] - joints[_PARENTS]
    ratios = np.sqrt((bones * bones).sum(axis=1)) / _LENGTHS
    size = max(sorted(ratios.tolist())[len(ratios) // 2], 1e-6)
    frames = frames_of(joints)
    turned = frames[_FRAME_OF]
    centres = _WEIGHTS @ joints + size * (_OFFSETS @ turned)[:, 0]
    return Body(joints, frames, centres, turned * (_RADII * size), size)


def frames_of(joints: Floats) -> Floats:
    """The frames of the parts of the body, (9, 3, 3), in the order of `FRAMES`; rows are unit vectors."""
    at: list[Vector] = [(x, y, z) for x, y, z in joints.tolist()]
    pelvis = _frame(minus(at[J["left_hip"]], at[J["right_hip"]]), minus(at[J["spine2"]], at[J["pelvis"]]))
    left, spine, front = _frame(
        minus(at[J["left_shoulder"]], at[J["right_shoulder"]]), minus(at[J["neck"]], at[J["spine3"]])
    )
    chest = left, plus(spine, front, _NECK_COS, _NECK_SIN), plus(front, spine, _NECK_COS, -_NECK_SIN)
    waist = _frame(plus(pelvis[0], left), minus(at[J["spine3"]], at[J["pelvis"]]))
    frames = [_WORLD, pelvis, waist, chest, _head(at, chest)]
    for side, out in (("left", left), ("right", times(left, -1.0))):
        frames.append(_hand(minus(at[J[f"{side}_wrist"]], at[J[f"{side}_elbow"]]), out, chest))
    for side in ("left", "right"):
        ankle = at[J[f"{side}_ankle"]]
        frames.append(_foot(minus(at[J[f"{side}_foot"]], ankle), minus(at[J[f"{side}_knee"]], ankle), pelvis))
    return np.array(frames)


def _hand(forearm: Vector, out: Vector, chest: Frame) -> Frame:
    """The frame of a hand: that of an arm stretched out to the side with the thumb to the front, turned."""
    along = _unit(forearm, out)
    near = max(1 + dot(along, out), 0.05)
    thumb = plus(chest[2], plus(along, out), 1.0, -dot(along, chest[2]) / near)
    thumb = _unit(plus(thumb, along, 1.0, -dot(thumb, along)), chest[1])
    return thumb, along, cross(thumb, along)


def _foot(bone: Vector, shin: Vector, pelvis: Frame) -> Frame:
    toes = _unit(bone, pelvis[2])
    rise = _unit(plus(shin, toes, 1.0, -dot(shin, toes)), pelvis[1])
    up, front = plus(rise, toes, _SOLE_COS, -_SOLE_SIN), plus(toes, rise, _SOLE_COS, _SOLE_SIN)
    return cross(up, front), up, front


def _head(at: list[Vector], chest: Frame) -> Frame:
    """The frame of the head: the mean of all positions of the head that put the joint about where it is.

    The joints give one direction, from neck to head, so a head that is turned and one that is tilted are told apart
    only by what is usual: it is turned more than it is tilted or nods, unless the direction says otherwise.
    """
    bone = _unit(minus(at[J["head"]], at[J["neck"]]), (0.0, 0.0, 0.0))
    bones, axes, usual = _heads()
    fit = bones @ np.array([dot(axis, bone) for axis in chest])
    fit += usual
    weights = np.exp(fit - fit.max())
    left_x, left_y, left_z, up_x, up_y, up_z = (weights @ axes).tolist()
    left, up, _ = _frame((left_x, left_y, left_z), (up_x, up_y, up_z))
    left, up = _from(left, chest), _from(up, chest)
    return left, up, cross(left, up)


@cache
def _heads() -> tuple[Floats, Floats, Floats]:
    """Positions of the head against the chest: direction of its bone (n, 3), left and up (n, 6), log weight (n)."""
    turn, nod, tilt = np.meshgrid(
        np.radians(np.arange(-80, 81, 10.0)), np.radians(np.arange(-60, 61, 10.0)), np.radians(np.arange(-36, 37, 12.0))
    )
    turn, nod, tilt = turn.ravel(), nod.ravel(), tilt.ravel()
    turned = _rotations(turn, 1) @ _rotations(nod, 0) @ _rotations(tilt, 2)
    usual = -0.5 * ((turn / np.radians(50)) ** 2 + (nod / np.radians(14)) ** 2 + (tilt / np.radians(19)) ** 2)
    precision = 1 / 0.08**2
    axes = turned[:, :, :2].transpose(0, 2, 1).reshape(-1, 6)
    return precision * (turned @ np.array(_GAZE)), axes, usual


def _rotations(angles: Floats, axis: int) -> Floats:
    """Rotations about an axis of the world, (n, 3, 3), for column vectors."""
    one, other = (axis + 1) % 3, (axis + 2) % 3
    found = np.zeros((len(angles), 3, 3))
    found[:, axis, axis] = 1
    found[:, one, one] = found[:, other, other] = np.cos(angles)
    found[:, other, one] = np.sin(angles)
    found[:, one, other] = -np.sin(angles)
    return found


def _frame(left: Vector, up: Vector) -> Frame:
    """A frame with the direction up kept, and left as far as it can be."""
    up = _unit(up, (0.0, 1.0, 0.0))
    side = plus(left, up, 1.0, -dot(left, up))
    if dot(side, side) < 1e-18:
        side = plus((up[1], up[2], up[0]), up, 1.0, -dot((up[1], up[2], up[0]), up))
    left = _unit(side, (1.0, 0.0, 0.0))
    return left, up, cross(left, up)


def _from(vector: Vector, frame: Frame) -> Vector:
    """A vector that is given in a frame, in the world."""
    return plus(plus(frame[0], frame[1], vector[0], vector[1]), frame[2], 1.0, vector[2])


def _unit(vector: Vector, otherwise: Vector) -> Vector:
    length = hypot(*vector)
    return (vector[0] / length, vector[1] / length, vector[2] / length) if length > 1e-9 else otherwise
