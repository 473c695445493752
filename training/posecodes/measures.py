"""What can be measured of poses: angles in degrees, distances and heights in metres, components of unit vectors.

A measure has a name, as ``elbow_bend:left`` or ``wrists_apart``, and one value for each of many poses. Those of one
side are mirrored with the pose: outward is away from the middle of the body, ``trunk_side:left`` is the lean to the
left. A *claim* is a measure with a range, written as text: ``elbow_bend:left 72..108`` or ``wrists_apart ..0.2``.
``training.grammar.predicates.holds`` evaluates claims among the predicates.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import JOINT_NAMES
from training.controls import SIDES, Side, opposite

Floats = NDArray[np.float64]
Sided = Callable[["Poses", Side], Floats]
Whole = Callable[["Poses"], Floats]

_INDEX: Final = {name: number for number, name in enumerate(JOINT_NAMES)}
_ACROSS: Final = np.array([1.0, 0.0, 1.0])
_UP: Final = np.array([0.0, 1.0, 0.0])
_SOLE: Final = 0.06
"""Metres from the ankle joint down to the sole of a foot that stands flat."""

_THIGH_TOP: Final = 0.6
"""Where a hand rests on a thigh, as a share of the way from hip to knee."""


def dot(one: Floats, two: Floats) -> Floats:
    """Return the products (n,) of vectors (n, 3)."""
    return np.asarray((one * two).sum(-1))


def unit(vectors: Floats) -> Floats:
    """Return vectors (n, 3) scaled to length 1."""
    return np.asarray(vectors / np.maximum(np.sqrt(dot(vectors, vectors)), 1e-9)[..., None])


def _bend(first: Floats, middle: Floats, last: Floats) -> Floats:
    """Return the degrees (n,) by which the middle joints are bent; 0 is straight."""
    return np.asarray(np.degrees(np.arccos(np.clip(dot(unit(middle - first), unit(last - middle)), -1, 1))))


def _pitch(way: Floats) -> Floats:
    """Return the degrees (n,) by which vectors point above the horizontal."""
    return np.asarray(np.degrees(np.arcsin(np.clip(unit(way)[:, 1], -1, 1))))


class Poses:
    """Joints of many poses, with the axes that the measures use.

    ``poses["left_wrist"]`` holds the positions (n, 3) of a joint.

    Parameters
    ----------
    joints : (n, 22, 3) float array
        Metres, y up, in the order of ``posepipe.skeleton.JOINT_NAMES``.
    """

    def __init__(self, joints: NDArray[np.floating]) -> None:
        self.joints = np.asarray(joints, dtype=np.float64)
        self._values: dict[str, Floats] = {}

    def __len__(self) -> int:
        return len(self.joints)

    def __getitem__(self, name: str) -> Floats:
        return np.asarray(self.joints[:, _INDEX[name]])

    def value(self, measure: str) -> Floats:
        """Return the values (n,) of a measure, computed once.

        Raises
        ------
        KeyError
            If there is no such measure.
        """
        found = self._values.get(measure)
        if found is None:
            name, _, side = measure.partition(":")
            found = SIDED[name](self, cast(Side, side)) if side else WHOLE[name](self)
            self._values[measure] = found
        return found

    @cached_property
    def hips_left(self) -> Floats:
        """Unit vectors (n, 3) from the right hip to the left hip."""
        return unit(self["left_hip"] - self["right_hip"])

    @cached_property
    def chest(self) -> tuple[Floats, Floats, Floats]:
        """Axes of the chest: left, up, forward, each (n, 3)."""
        up = unit(self["neck"] - self["spine3"])
        left = self["left_shoulder"] - self["right_shoulder"]
        left = unit(left - dot(left, up)[:, None] * up)
        return left, up, np.cross(left, up)

    @cached_property
    def pelvis(self) -> tuple[Floats, Floats, Floats]:
        """Axes of the pelvis: left, up, forward, each (n, 3)."""
        left = self.hips_left
        up = unit(self["spine1"] - (self["left_hip"] + self["right_hip"]) / 2)
        up = unit(up - dot(up, left)[:, None] * left)
        return left, up, np.cross(left, up)

    @cached_property
    def heading(self) -> tuple[Floats, Floats, Floats]:
        """Axes with y vertical: left along the hips, up, forward, each (n, 3)."""
        left = unit(self.hips_left * _ACROSS)
        up = np.broadcast_to(_UP, left.shape)
        return left, up, np.cross(left, up)

    @cached_property
    def trunk(self) -> Floats:
        """Unit vectors (n, 3) from the pelvis to the neck."""
        return unit(self["neck"] - self["pelvis"])

    def height(self, name: str) -> Floats:
        """Heights (n,) of a joint."""
        return self[name][:, 1]

    def hip_height(self) -> Floats:
        """Mean heights (n,) of the hip joints."""
        return (self.height("left_hip") + self.height("right_hip")) / 2

    def apart(self, one: str, two: str) -> Floats:
        """Return the distances (n,) of two joints."""
        way = self[one] - self[two]
        return np.asarray(np.sqrt(dot(way, way)))

    def sole(self, side: Side) -> Floats:
        """Heights (n,) of the sole, by toe joint and ankle."""
        return np.minimum(self.height(f"{side}_foot"), self.height(f"{side}_ankle") - _SOLE)

    def thigh(self, side: Side) -> Floats:
        """Points (n, 3) on a thigh where a hand rests."""
        return (1 - _THIGH_TOP) * self[f"{side}_hip"] + _THIGH_TOP * self[f"{side}_knee"]

    def shin(self, side: Side) -> Floats:
        """Middles (n, 3) of a lower leg."""
        return (self[f"{side}_knee"] + self[f"{side}_ankle"]) / 2


def sign(side: Side) -> float:
    """Return 1 for left and -1 for right."""
    return 1.0 if side == "left" else -1.0


def _length(way: Floats) -> Floats:
    return np.asarray(np.sqrt(dot(way, way)))


def _own(joint: str, other: str) -> Sided:
    """Distance of two joints of one side."""
    return lambda p, s: p.apart(f"{s}_{joint}", f"{s}_{other}")


def _cross(joint: str, other: str) -> Sided:
    """Distance of a joint to one of the other side."""
    return lambda p, s: p.apart(f"{s}_{joint}", f"{opposite(s)}_{other}")


def _above_other(joint: str) -> Sided:
    return lambda p, s: p.height(f"{s}_{joint}") - p.height(f"{opposite(s)}_{joint}")


def _way(first: str, second: str) -> Callable[[Poses, Side], Floats]:
    return lambda p, s: p[f"{s}_{second}"] - p[f"{s}_{first}"]


def _pitch_of(first: str, second: str) -> Sided:
    """Degrees by which the way from one joint to another points above the horizontal."""
    way = _way(first, second)
    return lambda p, s: _pitch(way(p, s))


def _in_chest(joint: str, axis: int, origin: str = "spine3") -> Sided:
    """Position of a joint along an axis of the chest: 0 outward, 1 up, 2 forward."""
    return lambda p, s: dot(p.chest[axis], p[f"{s}_{joint}"] - p[origin]) * (sign(s) if axis == 0 else 1.0)


def _arm(axis: int) -> Sided:
    """Component of the direction from shoulder to wrist along an axis of the chest."""
    way = _way("shoulder", "wrist")
    return lambda p, s: dot(p.chest[axis], unit(way(p, s))) * (sign(s) if axis == 0 else 1.0)


def _in_pelvis(joint: str, axis: int) -> Sided:
    """Position of a joint along an axis of the pelvis, from the pelvis."""
    return lambda p, s: dot(p.pelvis[axis], p[f"{s}_{joint}"] - p["pelvis"]) * (sign(s) if axis == 0 else 1.0)


def _head(p: Poses, axis: int) -> Floats:
    """Component of the direction from neck to head along an axis of the chest."""
    return dot(p.chest[axis], unit(p["head"] - p["neck"]))


def _signed(axis: Callable[[Poses], Floats]) -> Sided:
    return lambda p, s: axis(p) * sign(s)


def _degrees(across: Floats, along: Floats) -> Floats:
    return np.asarray(np.degrees(np.arctan2(across, along)))


SIDED: Final[dict[str, Sided]] = {
    # bends and directions
    "elbow_bend": lambda p, s: _bend(p[f"{s}_shoulder"], p[f"{s}_elbow"], p[f"{s}_wrist"]),
    "knee_bend": lambda p, s: _bend(p[f"{s}_hip"], p[f"{s}_knee"], p[f"{s}_ankle"]),
    "arm_pitch": _pitch_of("shoulder", "wrist"),
    "upper_arm_pitch": _pitch_of("shoulder", "elbow"),
    "forearm_pitch": _pitch_of("elbow", "wrist"),
    "leg_pitch": _pitch_of("hip", "ankle"),
    "thigh_pitch": _pitch_of("hip", "knee"),
    "shin_pitch": _pitch_of("knee", "ankle"),
    "arm_out": _arm(0),
    "arm_along": _arm(1),
    "arm_front": _arm(2),
    "leg_front": lambda p, s: dot(p.heading[2], unit(p[f"{s}_ankle"] - p[f"{s}_hip"])),
    "leg_out": lambda p, s: dot(p.hips_left, unit(p[f"{s}_ankle"] - p[f"{s}_hip"])) * sign(s),
    "toes_out": lambda p, s: dot(p.heading[0], unit((p[f"{s}_foot"] - p[f"{s}_ankle"]) * _ACROSS)) * sign(s),
    # heights
    "wrist_height": lambda p, s: p.height(f"{s}_wrist"),
    "elbow_height": lambda p, s: p.height(f"{s}_elbow"),
    "knee_height": lambda p, s: p.height(f"{s}_knee"),
    "ankle_height": lambda p, s: p.height(f"{s}_ankle"),
    "sole_height": lambda p, s: p.sole(s),
    "heel_lift": lambda p, s: p.height(f"{s}_ankle") - p.height(f"{s}_foot"),
    "wrist_above_head": lambda p, s: p.height(f"{s}_wrist") - p.height("head"),
    "wrist_above_shoulder": lambda p, s: p.height(f"{s}_wrist") - p.height(f"{s}_shoulder"),
    "wrist_above_chest": lambda p, s: p.height(f"{s}_wrist") - p.height("spine3"),
    "wrist_above_hips": lambda p, s: p.height(f"{s}_wrist") - p.hip_height(),
    "wrist_above_knee": lambda p, s: p.height(f"{s}_wrist") - p.height(f"{s}_knee"),
    "elbow_above_shoulder": lambda p, s: p.height(f"{s}_elbow") - p.height(f"{s}_shoulder"),
    "knee_above_hip": lambda p, s: p.height(f"{s}_knee") - p.height(f"{s}_hip"),
    "wrist_above_other": _above_other("wrist"),
    "ankle_above_other": _above_other("ankle"),
    "knee_above_other": _above_other("knee"),
    "shoulder_above_other": _above_other("shoulder"),
    # positions
    "wrist_out": _in_chest("wrist", 0),
    "wrist_up": _in_chest("wrist", 1),
    "wrist_front": _in_chest("wrist", 2),
    "elbow_out": lambda p, s: dot(p.chest[0], p[f"{s}_elbow"] - p[f"{s}_shoulder"]) * sign(s),
    "elbow_front": _in_chest("elbow", 2),
    "wrist_beside_head": _in_chest("wrist", 0, "head"),
    "wrist_over_head": _in_chest("wrist", 1, "head"),
    "wrist_before_head": _in_chest("wrist", 2, "head"),
    "wrist_pelvis_out": _in_pelvis("wrist", 0),
    "wrist_pelvis_up": _in_pelvis("wrist", 1),
    "wrist_pelvis_front": _in_pelvis("wrist", 2),
    "ankle_before_other": lambda p, s: dot(p.heading[2], p[f"{s}_ankle"] - p[f"{opposite(s)}_ankle"]),
    "ankle_ahead": lambda p, s: dot(p.heading[2], p[f"{s}_ankle"] - p["pelvis"]),
    # distances
    "wrist_to_knee": _own("wrist", "knee"),
    "wrist_to_other_knee": _cross("wrist", "knee"),
    "wrist_to_hip": _own("wrist", "hip"),
    "wrist_to_shoulder": _own("wrist", "shoulder"),
    "wrist_to_other_shoulder": _cross("wrist", "shoulder"),
    "wrist_to_head": lambda p, s: p.apart(f"{s}_wrist", "head"),
    "wrist_to_neck": lambda p, s: p.apart(f"{s}_wrist", "neck"),
    "wrist_to_ankle": _own("wrist", "ankle"),
    "wrist_to_other_ankle": _cross("wrist", "ankle"),
    "wrist_to_foot": _own("wrist", "foot"),
    "wrist_to_other_foot": _cross("wrist", "foot"),
    "wrist_to_other_elbow": _cross("wrist", "elbow"),
    "wrist_to_thigh": lambda p, s: _length(p[f"{s}_wrist"] - p.thigh(s)),
    "wrist_to_other_thigh": lambda p, s: _length(p[f"{s}_wrist"] - p.thigh(opposite(s))),
    "wrist_to_shin": lambda p, s: _length(p[f"{s}_wrist"] - p.shin(s)),
    "wrist_to_other_shin": lambda p, s: _length(p[f"{s}_wrist"] - p.shin(opposite(s))),
    "elbow_to_knee": _own("elbow", "knee"),
    "elbow_to_other_knee": _cross("elbow", "knee"),
    "ankle_to_other_knee": _cross("ankle", "knee"),
    "ankle_to_other_thigh": lambda p, s: _length(p[f"{s}_ankle"] - p.thigh(opposite(s))),
    "foot_to_other_shin": lambda p, s: _length(p[f"{s}_foot"] - p.shin(opposite(s))),
    "foot_to_other_knee": _cross("foot", "knee"),
    "knee_to_chest": lambda p, s: p.apart(f"{s}_knee", "spine3"),
    "ankle_to_hip": _own("ankle", "hip"),
    # trunk and head, towards one side
    "trunk_side": _signed(lambda p: _degrees(dot(p.heading[0], p.trunk), p.trunk[:, 1])),
    "trunk_twist": _signed(lambda p: _degrees(dot(p.pelvis[0], p.chest[2]), dot(p.pelvis[2], p.chest[2]))),
    "head_aside": _signed(lambda p: _head(p, 0)),
    "hips_tilt": _signed(lambda p: p.hips_left[:, 1]),
}
"""Measures of one side, by name."""

WHOLE: Final[dict[str, Whole]] = {
    "wrists_apart": lambda p: p.apart("left_wrist", "right_wrist"),
    "elbows_apart": lambda p: p.apart("left_elbow", "right_elbow"),
    "ankles_apart": lambda p: p.apart("left_ankle", "right_ankle"),
    "knees_apart": lambda p: p.apart("left_knee", "right_knee"),
    "wrist_gap": lambda p: dot(p.chest[0], p["left_wrist"] - p["right_wrist"]),
    "ankle_gap": lambda p: dot(p.hips_left, p["left_ankle"] - p["right_ankle"]),
    "ankle_step": lambda p: np.abs(dot(p.heading[2], p["left_ankle"] - p["right_ankle"])),
    "trunk_forward": lambda p: _degrees(dot(p.heading[2], p.trunk), p.trunk[:, 1]),
    "trunk_pitch": lambda p: _pitch(p.trunk),
    "trunk_facing": lambda p: p.pelvis[2][:, 1],
    "spine_flex": lambda p: _degrees(dot(p.pelvis[2], p.chest[1]), dot(p.pelvis[1], p.chest[1])),
    "head_pitch": lambda p: _degrees(_head(p, 2), _head(p, 1)),
    "head_polar": lambda p: np.degrees(np.arccos(np.clip(_head(p, 1), -1, 1))),
    "head_lean": lambda p: _degrees(dot(p.heading[2], p["head"] - p["neck"]), p.height("head") - p.height("neck")),
    "head_height": lambda p: p.height("head"),
    "hip_height": lambda p: p.hip_height(),
    "hips_above_neck": lambda p: p.hip_height() - p.height("neck"),
    "hips_above_knees": lambda p: p.hip_height() - np.maximum(p.height("left_knee"), p.height("right_knee")),
    "lowest": lambda p: p.joints[..., 1].min(1),
}
"""Measures of the whole body, by name."""


def parsed(claim: str) -> tuple[str, float, float]:
    """Return the measure of a claim, and the bounds of its range.

    Raises
    ------
    ValueError
        If the text is not a measure followed by a range.
    """
    measure, _, bounds = claim.partition(" ")
    low, dots, high = bounds.partition("..")
    if not dots or not is_measure(measure):
        raise ValueError(f"{claim!r} is no claim: write a measure and a range, as 'elbow_bend:left 72..108'")
    return measure, float(low) if low else -math.inf, float(high) if high else math.inf


def is_measure(measure: str) -> bool:
    """Return whether a measure exists."""
    name, _, side = measure.partition(":")
    return (name in WHOLE and not side) or (name in SIDED and side in SIDES)


def is_claim(predicate: str) -> bool:
    """Return whether a predicate is a measure with a range."""
    try:
        parsed(predicate)
    except ValueError:
        return False
    return True


def claim_holds(claim: str, joints: NDArray[np.floating] | Poses) -> bool:
    """Return whether a pose (22, 3), or the only pose of ``Poses``, is in the range of a claim."""
    poses = joints if isinstance(joints, Poses) else Poses(np.asarray(joints)[None])
    measure, low, high = parsed(claim)
    return bool(low <= float(poses.value(measure)[0]) <= high)
