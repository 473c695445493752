"""Predicates of limbs: where an arm or leg points, and what a hand, elbow or foot touches.

A hand is the line from the wrist along the forearm, as long as a hand; a contact is a distance of that line from a
point or bone of the body, in metres. Directions hold in the frame of the chest or level with the ground, whichever fits
better, because a caption leaves open which of the two is meant when the trunk is bent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from training.controls import Side, opposite
from training.grammar.geometry import PoseGeometry, Vector, distance, sign, unit

_HAND: Final = 0.13
"""Metres from the wrist to the fingertips of a relaxed hand."""

_DIRECTED: Final = 0.72
"""Least cosine between an arm and the direction that it points in."""

_DIAGONAL: Final = 0.84
_FLOOR: Final = 0.12


def _between(point: Vector, first: Vector, last: Vector) -> float:
    """Return the distance of a point from a segment."""
    way = last - first
    share = float(np.clip((point - first) @ way / max(float(way @ way), 1e-9), 0.0, 1.0))
    return distance(point, first + share * way)


def hand_to(p: PoseGeometry, side: Side, first: Vector, last: Vector | None = None) -> float:
    """Return the distance of a hand from a point, or from the segment between two points; metres."""
    wrist = p[f"{side}_wrist"]
    along = unit(wrist - p[f"{side}_elbow"]) * _HAND
    ends = first if last is None else last
    return min(_between(wrist + share * along, first, ends) for share in (0.0, 0.33, 0.67, 1.0))


def _ways(p: PoseGeometry, side: Side, way: Vector) -> tuple[Vector, Vector]:
    """Return a direction in the frames of heading and chest, x outward; one of someone lying has the second only."""
    outward = np.array([sign(side), 1.0, 1.0])
    by_chest = p.chest @ way * outward
    level = unit(np.cross(p.chest[0] * np.array([1.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.0])))
    left = np.cross(np.array([0.0, 1.0, 0.0]), level)
    by_heading = np.array([left @ way, way[1], level @ way]) * outward
    return (by_chest if abs(p.chest[0, 1]) > 0.8 else by_heading), by_chest


def _arm_along(
    *towards: float, least: float = _DIRECTED, forearm: bool = False
) -> Callable[[PoseGeometry, Side], bool]:
    aim = np.array(towards) / np.sqrt(sum(part * part for part in towards))

    def points(p: PoseGeometry, side: Side) -> bool:
        start = p[f"{side}_elbow"] if forearm else p[f"{side}_shoulder"]
        way = unit(p[f"{side}_wrist"] - start)
        return bool(max(float(each @ aim) for each in _ways(p, side, way)) > least)

    return points


def _touches(
    point: str, other_point: str = "", *, crossed: bool = False, within: float
) -> Callable[[PoseGeometry, Side], bool]:
    """Return a test whether a hand is within some metres of a joint, or of the bone between two joints, of one side."""

    def near(p: PoseGeometry, side: Side) -> bool:
        whose = opposite(side) if crossed else side
        last = p[f"{whose}_{other_point}"] if other_point else None
        return hand_to(p, side, p[f"{whose}_{point}"], last) < within

    return near


def _lower_bone(p: PoseGeometry, side: Side, upper: str, lower: str) -> tuple[Vector, Vector]:
    """Return the middle part of a bone, from a fifth to four fifths of its length."""
    first, last = p[f"{side}_{upper}"], p[f"{side}_{lower}"]
    return first + 0.2 * (last - first), first + 0.8 * (last - first)


def _on_bone(
    upper: str, lower: str, *, crossed: bool = False, within: float = 0.15
) -> Callable[[PoseGeometry, Side], bool]:
    def near(p: PoseGeometry, side: Side) -> bool:
        return hand_to(p, side, *_lower_bone(p, opposite(side) if crossed else side, upper, lower)) < within

    return near


def _head_point(p: PoseGeometry, x: float, y: float, z: float, side: Side) -> Vector:
    """Return a point of the head: metres outward, up and forward of the head joint; up is away from the neck."""
    up = unit(p["head"] - p["neck"])
    left = unit(p.chest[0] - (p.chest[0] @ up) * up)
    forward = np.cross(left, up)
    tip = np.radians(29.4)  # the head joint lies forward of the neck joint by this angle
    up, forward = np.cos(tip) * up - np.sin(tip) * forward, np.sin(tip) * up + np.cos(tip) * forward
    return np.asarray(p["head"] + sign(side) * x * left + y * up + z * forward)


def _at_head(x: float, y: float, z: float, within: float) -> Callable[[PoseGeometry, Side], bool]:
    return lambda p, s: hand_to(p, s, _head_point(p, x, y, z, s)) < within


def _leg_way(p: PoseGeometry, side: Side) -> Vector:
    """Return the direction from hip to ankle level with the ground: outward, up, forward."""
    way = unit(p[f"{side}_ankle"] - p[f"{side}_hip"])
    return np.asarray(p.heading @ way * np.array([sign(side), 1.0, 1.0]))


def _leg_in_pelvis(p: PoseGeometry, side: Side) -> Vector:
    way = unit(p[f"{side}_ankle"] - p[f"{side}_hip"])
    return np.asarray(p.pelvis @ way * np.array([sign(side), 1.0, 1.0]))


LIMBS: Final[dict[str, Callable[[PoseGeometry, Side], bool]]] = {
    # directions of an arm
    "arm_lifted": lambda p, s: (
        (p.arm(s)[1] > 0.35 and (p.y(f"{s}_wrist") > p.y(f"{s}_shoulder") or p.arm(s)[1] > 0.8))
        or (unit(p[f"{s}_wrist"] - p[f"{s}_shoulder"])[1] > 0.7)
    ),
    "arm_points_up": _arm_along(0.0, 1.0, 0.0),
    "arm_points_forward": _arm_along(0.0, 0.0, 1.0),
    "arm_points_back": _arm_along(0.0, -0.8, -0.7, least=0.80),
    "arm_points_out": _arm_along(1.0, 0.0, 0.0),
    "arm_points_down": _arm_along(0.0, -1.0, 0.0, least=0.80),
    "arm_points_across": lambda p, s: p.chest[0] @ (p[f"{s}_wrist"] - p[f"{s}_shoulder"]) * sign(s) < -0.12,
    "arm_points_up_out": _arm_along(1.0, 1.0, 0.1, least=_DIAGONAL),
    "arm_points_up_forward": _arm_along(0.1, 1.0, 1.0, least=_DIAGONAL),
    "arm_points_down_out": _arm_along(1.0, -1.0, 0.1, least=_DIAGONAL),
    "arm_points_down_forward": _arm_along(0.1, -1.0, 1.0, least=_DIAGONAL),
    "arm_hangs": lambda p, s: unit(p[f"{s}_wrist"] - p[f"{s}_shoulder"])[1] < -0.8 or p.arm(s)[1] < -0.9,
    "forearm_points_up": _arm_along(0.0, 1.0, 0.0, forearm=True),
    "forearm_points_down": _arm_along(0.0, -1.0, 0.0, forearm=True),
    "forearm_points_forward": _arm_along(0.0, 0.0, 1.0, forearm=True),
    "forearm_points_across": _arm_along(-1.0, 0.0, 0.2, forearm=True, least=0.6),
    # what a hand touches
    "hand_touches_foot": _touches("ankle", "foot", within=0.15),
    "hand_touches_other_foot": _touches("ankle", "foot", crossed=True, within=0.15),
    "hand_touches_ankle": _touches("ankle", within=0.16),
    "hand_touches_other_ankle": _touches("ankle", crossed=True, within=0.16),
    "hand_touches_shin": _on_bone("knee", "ankle"),
    "hand_touches_other_shin": _on_bone("knee", "ankle", crossed=True),
    "hand_touches_knee": _touches("knee", within=0.17),
    "hand_touches_other_knee": _touches("knee", crossed=True, within=0.17),
    "hand_touches_thigh": _on_bone("hip", "knee", within=0.17),
    "hand_touches_other_thigh": _on_bone("hip", "knee", crossed=True, within=0.17),
    "hand_touches_hip": _touches("hip", within=0.22),
    "hand_touches_other_hip": _touches("hip", crossed=True, within=0.22),
    "hand_touches_own_shoulder": _touches("shoulder", within=0.17),
    "hand_touches_other_shoulder": _touches("shoulder", crossed=True, within=0.19),
    "hand_touches_other_elbow": _touches("elbow", crossed=True, within=0.14),
    "hand_touches_other_upper_arm": _on_bone("shoulder", "elbow", crossed=True),
    "hand_touches_other_wrist": _touches("wrist", crossed=True, within=0.14),
    "hand_touches_lower_back": lambda p, s: hand_to(p, s, p["spine1"] - 0.12 * p.pelvis[2]) < 0.15,
    "hand_touches_neck": lambda p, s: hand_to(p, s, p["neck"], p["head"]) < 0.14,
    "hand_touches_back_of_neck": lambda p, s: hand_to(p, s, p["neck"] + 0.04 * p.chest[1] - 0.07 * p.chest[2]) < 0.14,
    "hand_touches_cheek": _at_head(0.07, -0.03, 0.07, 0.13),
    "hand_touches_ear": _at_head(0.09, 0.02, 0.0, 0.14),
    "hand_touches_forehead": _at_head(0.02, 0.09, 0.09, 0.14),
    "hand_touches_eyes": _at_head(0.03, 0.04, 0.10, 0.13),
    "hand_touches_chin": _at_head(0.02, -0.08, 0.09, 0.15),
    "hand_touches_top_of_head": _at_head(0.03, 0.16, 0.0, 0.16),
    "hand_touches_back_of_head": _at_head(0.04, 0.06, -0.10, 0.16),
    "hand_touches_floor": lambda p, s: p.y(f"{s}_wrist") < _FLOOR,
    "hand_against_wall": lambda p, s: (
        float(p.chest[2] @ (p[f"{s}_wrist"] - p[f"{s}_shoulder"])) > 0.36
        and p.y(f"{s}_wrist") > p.y(f"{s}_shoulder") - 0.15
        and p.trunk[1] > 0.3
    ),
    "hand_on_table": lambda p, s: (
        0.6 < p.y(f"{s}_wrist") < 0.92
        and p.hip_height() > 0.35
        and (p.heading @ (p[f"{s}_wrist"] - p[f"{s}_shoulder"]))[2] > 0.1
    ),
    "elbow_on_table": lambda p, s: (
        0.6 < p.y(f"{s}_elbow") < 0.86
        and p.hip_height() > 0.35
        and (p.heading @ (p[f"{s}_elbow"] - p[f"{s}_shoulder"]))[2] > 0.05
        and p.y(f"{s}_wrist") > p.y(f"{s}_elbow") - 0.05
    ),
    "elbow_touches_knee": lambda p, s: _between(p[f"{s}_elbow"], *_lower_part(p, s)) < 0.16,
    "elbow_touches_other_knee": lambda p, s: _between(p[f"{s}_elbow"], *_lower_part(p, opposite(s))) < 0.16,
    # directions of a leg, and feet
    "leg_points_forward": lambda p, s: p.knee(s) < 35 and max(_leg_way(p, s)[2], _leg_in_pelvis(p, s)[2]) > 0.32,
    "leg_points_back": lambda p, s: p.knee(s) < 35 and min(_leg_way(p, s)[2], _leg_in_pelvis(p, s)[2]) < -0.2,
    "leg_points_out": lambda p, s: p.knee(s) < 35 and _leg_way(p, s)[0] > 0.36,
    "knee_raised": lambda p, s: p.thigh(s)[2] > 0.55 and p.knee(s) > 45,
    "heel_at_seat": lambda p, s: p.knee(s) > 65 and p.thigh(s)[2] < 0.45,
    "toes_raised": lambda p, s: p.y(f"{s}_foot") - p.y(f"{s}_ankle") > -0.045 and p.y(f"{s}_ankle") < 0.12,
    "leg_over_other": lambda p, s: (
        float(p.hips_left @ (p[f"{s}_ankle"] - p[f"{opposite(s)}_ankle"])) * sign(s) < 0.03
        or float(p.hips_left @ (p[f"{s}_knee"] - p[f"{opposite(s)}_knee"])) * sign(s) < 0.03
    ),
    "foot_on_other_knee": lambda p, s: (
        _between(p[f"{opposite(s)}_knee"], p[f"{s}_ankle"], p[f"{s}_foot"]) < 0.17
    ),
    "toes_out": lambda p, s: float(p.heading[0] @ unit(p[f"{s}_foot"] - p[f"{s}_ankle"])) * sign(s) > 0.42,
    "toes_in": lambda p, s: float(p.heading[0] @ unit(p[f"{s}_foot"] - p[f"{s}_ankle"])) * sign(s) < -0.2,
    "shoulder_raised": lambda p, s: p.from_chest(f"{s}_shoulder")[1] - p.from_chest("neck")[1] > -0.04,
    "looks_up_to": lambda p, s: p.head[0] * sign(s) > 0.05 and p.head[1] > 0.88,
    "looks_down_to": lambda p, s: p.head[0] * sign(s) > 0.1 and p.head[1] < 0.74,
}  # fmt: skip
"""Predicates about one side, by name."""


def _lower_part(p: PoseGeometry, side: Side) -> tuple[Vector, Vector]:
    """Return the lower half of a thigh, down to the knee."""
    hip, knee = p[f"{side}_hip"], p[f"{side}_knee"]
    return (hip + knee) / 2, knee


BOTH: Final[dict[str, Callable[[PoseGeometry], bool]]] = {
    "hands_joined": lambda p: distance(p["left_wrist"], p["right_wrist"]) < 0.16,
    "hands_overhead": lambda p: all(
        float(p.chest[1] @ (p[f"{s}_wrist"] - p["head"])) > 0.12 for s in ("left", "right")
    ),
    "hands_before_chest": lambda p: all(
        p.from_chest(f"{s}_wrist")[2] > 0.06 and abs(p.from_chest(f"{s}_wrist")[1] - 0.04) < 0.2
        for s in ("left", "right")
    ),
}  # fmt: skip
"""Predicates about both hands, by name."""
