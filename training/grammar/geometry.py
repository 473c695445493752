"""Measurements of one pose: directions, angles, heights and distances, for the predicates."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import JOINT_NAMES
from training.controls import SIDES, Side

Vector = NDArray[np.float64]

_INDEX: Final = {name: index for index, name in enumerate(JOINT_NAMES)}
_SOLE: Final = 0.06
"""Metres from the ankle joint down to the sole of a foot that stands flat."""


class PoseGeometry:
    """Directions, angles, heights and distances of one pose.

    ``geometry["left_wrist"]`` is the position (3,) of a joint.

    Parameters
    ----------
    joints : (22, 3) float array
        Metres, y up, in the order of ``posepipe.skeleton.JOINT_NAMES``.
    """

    def __init__(self, joints: NDArray[np.floating]) -> None:
        self.joints = np.asarray(joints, dtype=np.float64)

    def __getitem__(self, name: str) -> Vector:
        return np.asarray(self.joints[_INDEX[name]])

    @cached_property
    def hips_left(self) -> Vector:
        """Unit vector from the right hip to the left hip."""
        return unit(self["left_hip"] - self["right_hip"])

    @cached_property
    def chest(self) -> Vector:
        """Axes of the chest, (3, 3): the rows point left, up, forward."""
        up = unit(self["neck"] - self["spine3"])
        left = self["left_shoulder"] - self["right_shoulder"]
        left = unit(left - (left @ up) * up)
        return np.stack([left, up, np.cross(left, up)])

    @cached_property
    def pelvis(self) -> Vector:
        """Axes of the pelvis, (3, 3): the rows point left, up, forward."""
        hips = (self["left_hip"] + self["right_hip"]) / 2
        up = unit(self["spine1"] - hips)
        left = self.hips_left
        up = unit(up - (up @ left) * left)
        return np.stack([left, up, np.cross(left, up)])

    @cached_property
    def heading(self) -> Vector:
        """Axes with y vertical, (3, 3): the rows point left along the hips, up, forward."""
        left = unit(self.hips_left * np.array([1.0, 0.0, 1.0]))
        up = np.array([0.0, 1.0, 0.0])
        return np.stack([left, up, np.cross(left, up)])

    @cached_property
    def trunk(self) -> Vector:
        """Unit vector from the pelvis to the neck."""
        return unit(self["neck"] - self["pelvis"])

    @cached_property
    def head(self) -> Vector:
        """Unit vector from the neck to the head, in the frame of the chest."""
        return np.asarray(self.chest @ unit(self["head"] - self["neck"]))

    @cached_property
    def lowest(self) -> float:
        """Height of the lowest joint, in metres."""
        return float(self.joints[:, 1].min())

    def y(self, name: str) -> float:
        """Height of a joint, in metres."""
        return float(self[name][1])

    def hip_height(self) -> float:
        """Mean height of the hip joints, in metres."""
        return (self.y("left_hip") + self.y("right_hip")) / 2

    def elbow(self, side: Side) -> float:
        """Degrees by which the elbow is bent."""
        return bend(self[f"{side}_shoulder"], self[f"{side}_elbow"], self[f"{side}_wrist"])

    def knee(self, side: Side) -> float:
        """Degrees by which the knee is bent."""
        return bend(self[f"{side}_hip"], self[f"{side}_knee"], self[f"{side}_ankle"])

    def arm(self, side: Side) -> Vector:
        """Unit vector from shoulder to wrist in the frame of the chest: x outward, y up, z forward."""
        way = self.chest @ unit(self[f"{side}_wrist"] - self[f"{side}_shoulder"])
        return np.asarray(way * [sign(side), 1, 1])

    def thigh(self, side: Side) -> Vector:
        """Unit vector from hip to knee in the frame of the pelvis: x outward, y up, z forward."""
        way = self.pelvis @ unit(self[f"{side}_knee"] - self[f"{side}_hip"])
        return np.asarray(way * [sign(side), 1, 1])

    def thigh_angle(self) -> float:
        """Degrees between the two thighs."""
        ways = [unit(self[f"{side}_knee"] - self[f"{side}_hip"]) for side in SIDES]
        return float(np.degrees(np.arccos(np.clip(ways[0] @ ways[1], -1, 1))))

    def thigh_middle(self, side: Side) -> Vector:
        """Position of the middle of the thigh."""
        return np.asarray((self[f"{side}_hip"] + self[f"{side}_knee"]) / 2)

    def shin_middle(self, side: Side) -> Vector:
        """Position of the middle of the shin."""
        return np.asarray((self[f"{side}_knee"] + self[f"{side}_ankle"]) / 2)

    def foot_height(self, side: Side) -> float:
        """Height of the sole above the ground, in metres, by toe joint and ankle."""
        return min(self.y(f"{side}_foot"), self.y(f"{side}_ankle") - _SOLE)

    def from_head(self, side: Side) -> Vector:
        """Position of the wrist relative to the head, in the frame of the chest, x outward; metres."""
        return np.asarray(self.chest @ (self[f"{side}_wrist"] - self["head"]) * [sign(side), 1, 1])

    def from_pelvis(self, name: str) -> Vector:
        """Position of a joint relative to the pelvis, in the frame of the pelvis; metres."""
        return np.asarray(self.pelvis @ (self[name] - self["pelvis"]))

    def from_chest(self, name: str) -> Vector:
        """Position of a joint relative to spine3, in the frame of the chest; metres."""
        return np.asarray(self.chest @ (self[name] - self["spine3"]))

    def stance(self) -> Vector:
        """Vector from the right ankle to the left, in the frame of the heading; metres."""
        return np.asarray(self.heading @ (self["left_ankle"] - self["right_ankle"]))


def unit(vector: Vector) -> Vector:
    """Return the vector scaled to length 1."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9))


def bend(first: Vector, middle: Vector, last: Vector) -> float:
    """Return the degrees by which the middle joint is bent; 0 is straight."""
    cosine = float(unit(middle - first) @ unit(last - middle))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def sign(side: Side) -> float:
    """Return 1 for left and -1 for right."""
    return 1.0 if side == "left" else -1.0


def distance(first: Vector, second: Vector) -> float:
    """Return the distance of two points, in metres."""
    return float(np.linalg.norm(first - second))
