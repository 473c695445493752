"""What a pose can be asked: pure functions of joints (22, 3), true or false, with room for natural variation.

A predicate is written as text, ``name`` or ``name:argument``, as in ``hand_on_hip:left``; :func:`holds` evaluates it and
:func:`posepipe.models.sides.swap_sides` mirrors it. Those about limbs are judged in the body's own frame, so that they
hold whichever way it faces; heights are above the ground.
"""
# ruff: noqa: E501 - tables of phrasings and predicates

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import JOINT_NAMES

Vector = NDArray[np.float64]
_INDEX: Final = {name: number for number, name in enumerate(JOINT_NAMES)}


class View:
    """A pose with the directions and angles that predicates ask for."""

    def __init__(self, joints: NDArray[np.floating]) -> None:
        self.joints = np.asarray(joints, dtype=np.float64)

    def __getitem__(self, name: str) -> Vector:
        return np.asarray(self.joints[_INDEX[name]])

    @cached_property
    def hips_left(self) -> Vector:
        """Direction from the right hip to the left."""
        return unit(self["left_hip"] - self["right_hip"])

    @cached_property
    def chest(self) -> Vector:
        """(3, 3) rows: the chest's left, up, forward."""
        up = unit(self["neck"] - self["spine3"])
        left = self["left_shoulder"] - self["right_shoulder"]
        left = unit(left - (left @ up) * up)
        return np.stack([left, up, np.cross(left, up)])

    @cached_property
    def pelvis(self) -> Vector:
        """(3, 3) rows: the pelvis's left, up, forward."""
        hips = (self["left_hip"] + self["right_hip"]) / 2
        up = unit(self["spine1"] - hips)
        left = self.hips_left
        up = unit(up - (up @ left) * left)
        return np.stack([left, up, np.cross(left, up)])

    @cached_property
    def heading(self) -> Vector:
        """(3, 3) rows: left, vertical, forward of a body that stands, by the hips."""
        left = unit(self.hips_left * np.array([1.0, 0.0, 1.0]))
        up = np.array([0.0, 1.0, 0.0])
        return np.stack([left, up, np.cross(left, up)])

    @cached_property
    def trunk(self) -> Vector:
        """Direction from the pelvis to the neck."""
        return unit(self["neck"] - self["pelvis"])

    @cached_property
    def head(self) -> Vector:
        """Head direction in the chest's frame."""
        return np.asarray(self.chest @ unit(self["head"] - self["neck"]))

    @cached_property
    def lowest(self) -> float:
        return float(self.joints[:, 1].min())

    def y(self, name: str) -> float:
        return float(self[name][1])

    def hip_height(self) -> float:
        return (self.y("left_hip") + self.y("right_hip")) / 2

    def elbow(self, side: str) -> float:
        return bend(self[f"{side}_shoulder"], self[f"{side}_elbow"], self[f"{side}_wrist"])

    def knee(self, side: str) -> float:
        return bend(self[f"{side}_hip"], self[f"{side}_knee"], self[f"{side}_ankle"])

    def arm(self, side: str) -> Vector:
        """Shoulder to wrist as a direction: x outward, y up, z forward of the chest."""
        way = self.chest @ unit(self[f"{side}_wrist"] - self[f"{side}_shoulder"])
        return np.asarray(way * [sign(side), 1, 1])

    def thigh(self, side: str) -> Vector:
        """Hip to knee as a direction: x outward, y up, z forward of the pelvis."""
        way = self.pelvis @ unit(self[f"{side}_knee"] - self[f"{side}_hip"])
        return np.asarray(way * [sign(side), 1, 1])

    def thigh_angle(self) -> float:
        """Degrees between the two thighs."""
        ways = [unit(self[f"{side}_knee"] - self[f"{side}_hip"]) for side in ("left", "right")]
        return float(np.degrees(np.arccos(np.clip(ways[0] @ ways[1], -1, 1))))

    def thigh_middle(self, side: str) -> Vector:
        return np.asarray((self[f"{side}_hip"] + self[f"{side}_knee"]) / 2)

    def shin_middle(self, side: str) -> Vector:
        return np.asarray((self[f"{side}_knee"] + self[f"{side}_ankle"]) / 2)

    def foot_height(self, side: str) -> float:
        return min(self.y(f"{side}_foot"), self.y(f"{side}_ankle") - 0.06)

    def from_head(self, side: str) -> Vector:
        """Wrist counted from the head joint, in the chest's frame, x outward, metres."""
        return np.asarray(self.chest @ (self[f"{side}_wrist"] - self["head"]) * [sign(side), 1, 1])

    def from_pelvis(self, name: str) -> Vector:
        return np.asarray(self.pelvis @ (self[name] - self["pelvis"]))

    def from_chest(self, name: str) -> Vector:
        return np.asarray(self.chest @ (self[name] - self["spine3"]))

    def stance(self) -> Vector:
        """From the right ankle to the left, in the heading's frame."""
        return np.asarray(self.heading @ (self["left_ankle"] - self["right_ankle"]))


def unit(vector: Vector) -> Vector:
    """The vector at length 1."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9))


def bend(first: Vector, middle: Vector, last: Vector) -> float:
    """Degrees by which a joint is bent; 0 is straight."""
    cosine = float(unit(middle - first) @ unit(last - middle))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def sign(side: str) -> float:
    """1 for left, -1 for right."""
    return 1.0 if side == "left" else -1.0


def distance(first: Vector, second: Vector) -> float:
    """Metres."""
    return float(np.linalg.norm(first - second))


def opposite(side: str) -> str:
    """The other side."""
    return "right" if side == "left" else "left"


Plain = Callable[[View], bool]
Sided = Callable[[View, str], bool]

WHOLE: Final[dict[str, Plain]] = {
    # the whole body
    "standing": lambda v: v.hip_height() > 0.60 and v.trunk[1] > -0.2 and v.lowest < 0.05,
    "squatting": lambda v: (
        v.hip_height() < 0.62 and min(v.knee("left"), v.knee("right")) > 70
        and min(v.y("left_knee"), v.y("right_knee")) > 0.2 and v.y("left_foot") < 0.1
    ),
    "seated": lambda v: (
        0.30 < v.hip_height() < 0.70 and v.trunk[1] > 0.5
        and min(v["left_knee"][1], v["right_knee"][1]) > 0.25
        and abs(min(v.y("left_knee"), v.y("right_knee")) - v.hip_height()) < 0.25
    ),
    "seated_on_floor": lambda v: v.hip_height() < 0.28 and v.trunk[1] > 0.45,
    "lying": lambda v: v.hip_height() < 0.30 and abs(v.trunk[1]) < 0.45,
    "lying_supine": lambda v: v.hip_height() < 0.30 and abs(v.trunk[1]) < 0.45 and v.pelvis[2, 1] > 0.6,
    "lying_prone": lambda v: v.hip_height() < 0.35 and abs(v.trunk[1]) < 0.6 and v.pelvis[2, 1] < -0.6,
    "upside_down": lambda v: v.trunk[1] < -0.5 and v.y("head") < v.hip_height(),
    "airborne": lambda v: v.lowest > 0.06,
    "on_ground": lambda v: v.lowest < 0.03,
    "facing_backward": lambda v: v.heading[2, 2] < -0.3,
    "facing_forward": lambda v: v.heading[2, 2] > 0.5,
    "on_all_fours": lambda v: (
        max(v.y("left_wrist"), v.y("right_wrist"), v.y("left_knee"), v.y("right_knee")) < 0.15
        and v.hip_height() > 0.3 and v.pelvis[2, 1] < -0.4
    ),
    # trunk and head
    "trunk_upright": lambda v: v.trunk[1] > 0.88,
    "trunk_bent_forward": lambda v: (v.heading @ v.trunk)[2] > 0.35,
    "trunk_bent_far_forward": lambda v: (v.heading @ v.trunk)[2] > 0.7 or v.trunk[1] < 0.3,
    "trunk_leans_forward": lambda v: (v.heading @ v.trunk)[2] > 0.13,
    "trunk_leans_back": lambda v: (v.heading @ v.trunk)[2] < -0.15,
    "trunk_horizontal": lambda v: abs(v.trunk[1]) < 0.4,
    "spine_rounded": lambda v: v.pelvis[1] @ v.chest[1] < 0.93 and v.pelvis[2] @ v.chest[1] > 0.1,
    "spine_arched": lambda v: v.pelvis[2] @ v.chest[1] < -0.32,
    "head_up": lambda v: _head_pitch(v) < 24,
    "head_down": lambda v: _head_pitch(v) > 52,
    "head_tilted": lambda v: abs(v.head[0]) > 0.13,
    # both arms
    "hands_together": lambda v: distance(v["left_wrist"], v["right_wrist"]) < 0.20,
    "arms_crossed": lambda v: all(
        v.from_chest(f"{s}_wrist")[0] * sign(s) < 0.03 and v.from_chest(f"{s}_wrist")[2] > 0.05
        and abs(v.from_chest(f"{s}_wrist")[1]) < 0.25 for s in ("left", "right")
    ),
    "hands_behind_back": lambda v: all(
        v.from_pelvis(f"{s}_wrist")[2] < -0.03 and abs(v.from_pelvis(f"{s}_wrist")[0]) < 0.2
        for s in ("left", "right")
    ),
    "hands_in_front": lambda v: all(v.from_chest(f"{s}_wrist")[2] > 0.08 for s in ("left", "right")),
    "arms_wide": lambda v: all(v.arm(s)[0] > 0.7 for s in ("left", "right")),
    # both legs
    "feet_together": lambda v: distance(v["left_ankle"], v["right_ankle"]) < 0.19,
    "feet_apart": lambda v: distance(v["left_ankle"], v["right_ankle"]) > 0.26,
    "feet_wide": lambda v: distance(v["left_ankle"], v["right_ankle"]) > 0.5,
    "feet_staggered": lambda v: abs(v.stance()[2]) > 0.15,
    "legs_crossed": lambda v: (
        float(v.hips_left @ (v["left_ankle"] - v["right_ankle"])) < 0.02
        or float(v.hips_left @ (v["left_knee"] - v["right_knee"])) < 0.0
    ),
    "feet_on_floor": lambda v: max(v.foot_height("left"), v.foot_height("right")) < 0.06,
    "knees_on_floor": lambda v: max(v.y("left_knee"), v.y("right_knee")) < 0.12,
    "knees_apart": lambda v: distance(v["left_knee"], v["right_knee"]) > 0.35,
    "tiptoe": lambda v: all(v.y(f"{s}_ankle") - v.y(f"{s}_foot") > 0.095 for s in ("left", "right")),
    "hands_close": lambda v: distance(v["left_wrist"], v["right_wrist"]) < 0.34,
    "long_stride": lambda v: abs(v.stance()[2]) > 0.32,
    "crouched": lambda v: v.hip_height() < 0.78,
    "shoulders_up": lambda v: all(v.from_chest(f"{s}_shoulder")[1] - v.from_chest("neck")[1] > _SHRUGGED for s in ("left", "right")),
    # trunk, sitting, kneeling, squatting, lying
    "chest_out": lambda v: v.pelvis[2] @ v.chest[1] < -0.16,
    "hips_of_sitter": lambda v: v.hip_height() < 0.70 and max(v.knee("left"), v.knee("right")) > 50 and v.trunk[1] > 0.1
    and max(v.thigh("left")[2], v.thigh("right")[2]) > 0.3,
    "seated_loose": lambda v: 0.30 < v.hip_height() < 0.70 and v.trunk[1] > 0.5 and max(v.knee("left"), v.knee("right")) > 40,
    "seated_high": lambda v: 0.5 < v.hip_height() < 0.75 and v.trunk[1] > 0.8
    and all(v.y(f"{s}_hip") - v.y(f"{s}_knee") < 0.25 for s in ("left", "right")),
    "sunk_seat": lambda v: 0.25 < v.hip_height() < 0.5 and v.trunk[1] > 0.6,
    "sunk_back": lambda v: (v.heading @ v.pelvis[1])[2] < -0.2,
    "hips_lifted_supine": lambda v: v.hip_height() > 0.2 and v.pelvis[2, 1] > 0.3 and v.y("neck") < 0.2,
    "belly_on_floor": lambda v: v.hip_height() < 0.25 and v.pelvis[2, 1] < -0.6,
    "chest_raised": lambda v: v.y("neck") - v.hip_height() > 0.15,
    "limbs_lifted": lambda v: min(v.y(f"{s}_{x}") for s in ("left", "right") for x in ("ankle", "wrist")) > v.hip_height() + 0.02,
    "hands_together_loose": lambda v: distance(v["left_wrist"], v["right_wrist"]) < 0.4,
    "hips_mid": lambda v: 0.45 < v.hip_height() < 0.76,
    "on_feet": lambda v: v.hip_height() > 0.6 and max(v.foot_height("left"), v.foot_height("right")) < 0.06,
    "hips_on_floor": lambda v: v.hip_height() < 0.25,
    "on_heels": lambda v: all(
        v.y(f"{s}_knee") < 0.12 and distance(v[f"{s}_hip"], v[f"{s}_ankle"]) < 0.32 for s in ("left", "right")
    ),
    "kneeling": lambda v: max(v.y("left_knee"), v.y("right_knee")) < 0.12
    and max(v.y("left_ankle"), v.y("right_ankle")) < 0.2 and v.hip_height() > 0.12,
    "head_low": lambda v: v.y("head") < 0.3,
    "legs_wide": lambda v: float(unit(v["left_ankle"] - v["left_hip"]) @ unit(v["right_ankle"] - v["right_hip"])) < 0.6,
}  # fmt: skip

SIDED: Final[dict[str, Sided]] = {
    "lying_on": lambda v, s: v.hip_height() < 0.35 and abs(v.trunk[1]) < 0.45 and v.hips_left[1] * sign(s) < -0.6,
    "trunk_leans": lambda v, s: (v.heading @ v.trunk)[0] * sign(s) > 0.12,
    "trunk_bends": lambda v, s: (v.pelvis @ v.chest[1])[0] * sign(s) > 0.15,
    "trunk_twists": lambda v, s: (v.pelvis @ v.chest[2])[0] * sign(s) > 0.22,
    "faces": lambda v, s: v.heading[2, 0] * sign(s) > 0.25,
    "head_turned": lambda v, s: v.head[0] * sign(s) > 0.13,
    "head_tilts": lambda v, s: v.head[0] * sign(s) > 0.13,
    "weight_on": lambda v, s: abs(float(v.hips_left @ (v["pelvis"] - v[f"{s}_ankle"])))
    < abs(float(v.hips_left @ (v["pelvis"] - v[f"{opposite(s)}_ankle"]))),
    # arms
    "arm_raised": lambda v, s: v.arm(s)[1] > 0.35 and v.y(f"{s}_wrist") > v.y(f"{s}_shoulder"),
    "hand_above_shoulder": lambda v, s: v.y(f"{s}_wrist") > v.y(f"{s}_shoulder"),
    "hand_above_head": lambda v, s: v.from_head(s)[1] > 0.03,
    "arm_up": lambda v, s: v.arm(s)[1] > 0.75 and v.elbow(s) < 70,
    "arm_down": lambda v, s: v.arm(s)[1] < -0.75,
    "arm_forward": lambda v, s: v.arm(s)[2] > 0.75,
    "arm_back": lambda v, s: v.arm(s)[2] < -0.35,
    "arm_sideways": lambda v, s: v.arm(s)[0] > 0.75,
    "arm_across": lambda v, s: v.arm(s)[0] < -0.15,
    "arm_straight": lambda v, s: v.elbow(s) < 40,
    "elbow_bent": lambda v, s: v.elbow(s) > 50,
    "hand_on_hip": lambda v, s: distance(v[f"{s}_wrist"], v[f"{s}_hip"]) < 0.24 and v.elbow(s) > 45
    and v.from_pelvis(f"{s}_elbow")[0] * sign(s) > 0.2,
    "hand_at_hip": lambda v, s: distance(v[f"{s}_wrist"], v[f"{s}_hip"]) < 0.22,
    "hand_on_head": lambda v, s: distance(v[f"{s}_wrist"], v["head"]) < 0.26 and v.from_head(s)[1] > 0.08,
    "hand_at_head": lambda v, s: distance(v[f"{s}_wrist"], v["head"]) < 0.27,
    "hand_behind_head": lambda v, s: distance(v[f"{s}_wrist"], v["head"]) < 0.25 and v.from_head(s)[2] < 0.0,
    "hand_at_face": lambda v, s: distance(v[f"{s}_wrist"], v["head"]) < 0.25 and v.from_head(s)[2] > 0.04,
    "hand_at_ear": lambda v, s: distance(v[f"{s}_wrist"], v["head"]) < 0.24 and v.from_head(s)[0] > 0.06,
    "hand_on_chest": lambda v, s: abs(v.from_chest(f"{s}_wrist")[0]) < 0.17
    and 0.03 < v.from_chest(f"{s}_wrist")[2] < 0.33 and abs(v.from_chest(f"{s}_wrist")[1] - 0.08) < 0.2,
    "hand_on_belly": lambda v, s: abs(v.from_pelvis(f"{s}_wrist")[0]) < 0.2
    and 0.05 < v.from_pelvis(f"{s}_wrist")[2] < 0.36 and 0.0 < v.from_pelvis(f"{s}_wrist")[1] < 0.35,
    "hand_behind_back": lambda v, s: v.from_pelvis(f"{s}_wrist")[2] < -0.03
    and v.from_pelvis(f"{s}_wrist")[0] * sign(s) < 0.22,
    "hand_at_other_shoulder": lambda v, s: distance(v[f"{s}_wrist"], v[f"{opposite(s)}_shoulder"]) < 0.22,
    "hand_on_knee": lambda v, s: distance(v[f"{s}_wrist"], v[f"{s}_knee"]) < 0.24,
    "hand_on_other_knee": lambda v, s: distance(v[f"{s}_wrist"], v[f"{opposite(s)}_knee"]) < 0.22,
    "hand_on_thigh": lambda v, s: distance(v[f"{s}_wrist"], 0.4 * v[f"{s}_hip"] + 0.6 * v[f"{s}_knee"]) < 0.26,
    "hand_at_toes": lambda v, s: distance(v[f"{s}_wrist"], v[f"{s}_foot"]) < 0.26,
    "hand_at_other_toes": lambda v, s: distance(v[f"{s}_wrist"], v[f"{opposite(s)}_foot"]) < 0.26,
    "hand_at_ankle": lambda v, s: distance(v[f"{s}_wrist"], v[f"{s}_ankle"]) < 0.24,
    "hand_on_floor": lambda v, s: v.y(f"{s}_wrist") < 0.12,
    # legs
    "knee_bent": lambda v, s: v.knee(s) > 28,
    "knee_well_bent": lambda v, s: v.knee(s) > 65,
    "leg_straight": lambda v, s: v.knee(s) < 30,
    "foot_lifted": lambda v, s: v.foot_height(s) - v.foot_height(opposite(s)) > 0.05,
    "foot_on_floor": lambda v, s: v.foot_height(s) < 0.06,
    "stands_on": lambda v, s: v.foot_height(s) < 0.05 and v.foot_height(opposite(s)) > 0.06,
    "leg_forward": lambda v, s: v.stance()[2] * sign(s) > 0.10,
    "leg_back": lambda v, s: v.stance()[2] * sign(s) < -0.10,
    "thigh_forward": lambda v, s: v.thigh(s)[2] > 0.4,
    "thigh_level": lambda v, s: abs(v.y(f"{s}_knee") - v.y(f"{s}_hip")) < 0.16,
    "leg_out": lambda v, s: float(v.hips_left @ (v[f"{s}_ankle"] - v[f"{s}_hip"])) * sign(s) > 0.25,
    "foot_high": lambda v, s: v.y(f"{s}_ankle") > 0.55,
    "knee_on_floor": lambda v, s: v.y(f"{s}_knee") < 0.12,
    "kneels_on": lambda v, s: v.y(f"{s}_knee") < 0.12 and v.y(f"{opposite(s)}_knee") > 0.28
    and v.hip_height() > 0.2,
    "knee_drawn_up": lambda v, s: distance(v[f"{s}_knee"], v["spine3"]) < 0.42,
    # fighting, gestures, daily life, moving
    "hand_in_front": lambda v, s: (v.heading @ (v[f"{s}_wrist"] - v["spine3"]))[2] > 0.18,
    "hand_far_ahead": lambda v, s: (v.heading @ (v[f"{s}_wrist"] - v[f"{s}_shoulder"]))[2] > 0.34,
    "hand_far_out": lambda v, s: (v.heading @ (v[f"{s}_wrist"] - v[f"{s}_shoulder"]))[0] * sign(s) > 0.34,
    "hand_outside": lambda v, s: v.from_chest(f"{s}_wrist")[0] * sign(s) > 0.26,
    "fist_up": lambda v, s: v.y(f"{s}_wrist") > v.y("spine3") and v.elbow(s) > 50 and v.from_chest(f"{s}_wrist")[2] > 0.1,
    "forearm_up": lambda v, s: unit(v[f"{s}_wrist"] - v[f"{s}_elbow"])[1] > 0.55,
    "hand_at_hip_height": lambda v, s: v.y(f"{s}_wrist") < v.y(f"{s}_hip") + 0.2,
    "foot_ahead_high": lambda v, s: (v.heading @ (v[f"{s}_ankle"] - v[f"{s}_hip"]))[2] > 0.35 and v.y(f"{s}_ankle") > 0.5,
    "foot_back_up": lambda v, s: (v.heading @ (v[f"{s}_ankle"] - v[f"{s}_hip"]))[2] < -0.2,
    # trunk, sitting, kneeling, squatting, lying
    "looks_behind": lambda v, s: _gaze(v) * sign(s) > 55,
    "hips_shifted": lambda v, s: (v.heading @ (v["pelvis"] - (v["left_ankle"] + v["right_ankle"]) / 2))[0] * sign(s) > 0.04,
    "elbow_near_knee": lambda v, s: distance(v[f"{s}_elbow"], v[f"{s}_knee"]) < 0.30,
    "hand_near_feet": lambda v, s: distance(v[f"{s}_wrist"], v[f"{s}_ankle"]) < 0.28,
    "hand_near_foot": lambda v, s: distance(v[f"{s}_wrist"], (v[f"{s}_ankle"] + v[f"{s}_foot"]) / 2) < 0.26,
    "hand_near_other_foot": lambda v, s: distance(v[f"{s}_wrist"], (v[f"{opposite(s)}_ankle"] + v[f"{opposite(s)}_foot"]) / 2) < 0.26,
    "reclines_on": lambda v, s: v.hip_height() < 0.35 and 0.0 < v.trunk[1] < 0.75 and v.hips_left[1] * sign(s) < -0.5,
    "hand_below_knee": lambda v, s: v.y(f"{s}_wrist") < v.y(f"{s}_knee"),
    "hand_on_shin": lambda v, s: distance(v[f"{s}_wrist"], (v[f"{s}_knee"] + v[f"{s}_ankle"]) / 2) < 0.26,
    "hand_at_chin": lambda v, s: distance(v[f"{s}_wrist"], v["head"]) < 0.27 and v.from_head(s)[2] > 0.0 and v.from_head(s)[1] < 0.06,
    "ankle_on_other_knee": lambda v, s: distance(v[f"{s}_ankle"], v[f"{opposite(s)}_knee"]) < 0.22,
    "knee_over": lambda v, s: float(v.hips_left @ (v[f"{s}_knee"] - v[f"{opposite(s)}_hip"])) * sign(s) < 0.1
    and v.y(f"{s}_ankle") > v.y(f"{opposite(s)}_ankle") + 0.05,
    "legs_folded_to": lambda v, s: all(float(v.hips_left @ (v[f"{x}_ankle"] - v[f"{x}_knee"])) * sign(s) > 0.1 for x in ("left", "right")),
    "leg_ahead_straight": lambda v, s: v.knee(s) < 35 and (v.heading @ (v[f"{s}_ankle"] - v[f"{s}_hip"]))[2] > 0.5,
    "leg_points_up": lambda v, s: unit(v[f"{s}_ankle"] - v[f"{s}_hip"])[1] > 0.75,
    "forearm_on_floor": lambda v, s: max(v.y(f"{s}_wrist"), v.y(f"{s}_elbow")) < 0.12,
}  # fmt: skip

_SHRUGGED: Final = -0.035
"""Metres above the neck joint; hanging shoulders are 0.056 below it, shrugged ones higher than this."""


def _gaze(view: View) -> float:
    """Degrees by which the head looks to the left of where the pelvis faces."""
    way = view.pelvis @ (view["head"] - view["neck"])
    return float(np.degrees(np.arctan2(way[0], way[2])))


def _head_pitch(view: View) -> float:
    """Degrees of the head's direction forward of the chest's axis; about 38 when looking ahead."""
    return float(np.degrees(np.arctan2(view.head[2], view.head[1])))


def known(predicate: str) -> bool:
    """Whether ``predicate`` is one of this module."""
    name, _, side = predicate.partition(":")
    return (name in WHOLE and not side) or (name in SIDED and side in ("left", "right", "both"))


def holds(predicate: str, joints: NDArray[np.floating] | View) -> bool:
    """Whether a pose satisfies a predicate.

    Parameters
    ----------
    predicate : str
        ``name`` of :data:`WHOLE`, or ``name:left``, ``name:right``, ``name:both`` of :data:`SIDED`. A leading
        ``not `` denies it.
    joints : (22, 3) float array or View
        Metres, y up.

    Raises
    ------
    KeyError
        For a predicate that does not exist.
    """
    view = joints if isinstance(joints, View) else View(joints)
    if predicate.startswith("not "):
        return not holds(predicate[4:], view)
    name, _, side = predicate.partition(":")
    if not side:
        return bool(WHOLE[name](view))
    if side == "both":
        return all(bool(SIDED[name](view, each)) for each in ("left", "right"))
    return bool(SIDED[name](view, side))


# of athletes, dancers and yogis
WHOLE.update(
    {
        "legs_split": lambda v: v.thigh_angle() > 110,
        "body_straight": lambda v: all(bend(v["neck"], v[f"{s}_hip"], v[f"{s}_knee"]) < 38 for s in ("left", "right")),
        "hips_highest": lambda v: v.hip_height() > max(v.y("neck"), v.y("left_knee"), v.y("right_knee")) + 0.12,
        "hips_off_floor": lambda v: v.hip_height() > 0.24,
        "hip_above_half": lambda v: v.hip_height() > 0.55,
        "toes_turned_out": lambda v: all(
            float(v.heading[0] @ unit(v[f"{s}_foot"] - v[f"{s}_ankle"])) * sign(s) > 0.5 for s in ("left", "right")
        ),
        "low_seat": lambda v: v.hip_height() < 0.40 and v.trunk[1] > 0.55,
        "arms_lifted": lambda v: (
            all(v.y(f"{s}_wrist") > v.y("spine1") for s in ("left", "right"))
            and distance(v["left_wrist"], v["right_wrist"]) > 0.55
        ),
        "one_hand_high": lambda v: max(v.y("left_wrist"), v.y("right_wrist")) > v.y("head") + 0.12,
        "hands_near": lambda v: distance(v["left_wrist"], v["right_wrist"]) < 0.5,
        "hands_above_trunk": lambda v: min(v.y("left_wrist"), v.y("right_wrist")) > v.y("spine3") + 0.12,
        "head_near_floor": lambda v: v.y("head") < 0.3,
        "hip_low": lambda v: v.hip_height() < 0.2,
        "facing_down": lambda v: v.pelvis[2, 1] < -0.5,
        "facing_up": lambda v: v.pelvis[2, 1] > 0.5,
        "hands_far_apart": lambda v: distance(v["left_wrist"], v["right_wrist"]) > 0.55,
        "hands_joined_high": lambda v: (
            distance(v["left_wrist"], v["right_wrist"]) < 0.24
            and min(v.y("left_wrist"), v.y("right_wrist")) > v.y("head")
        ),
    }
)
SIDED.update(
    {
        "elbow_on_floor": lambda v, s: v.y(f"{s}_elbow") < 0.12,
        "hand_high": lambda v, s: v.y(f"{s}_wrist") > v.y("head"),
        "hand_above_hip": lambda v, s: v.y(f"{s}_wrist") > v.hip_height() + 0.15,
        "hand_above_chest": lambda v, s: v.y(f"{s}_wrist") > v.y("spine2"),
        "elbow_bent_some": lambda v, s: v.elbow(s) > 20,
        "heel_raised": lambda v, s: v.y(f"{s}_ankle") - v.y(f"{s}_foot") > 0.095,
        "hand_overhead": lambda v, s: v.arm(s)[1] > 0.75,
        "hand_ahead": lambda v, s: float(v.heading[2] @ (v[f"{s}_wrist"] - v["neck"])) > 0.25,
        "hand_back": lambda v, s: float(v.heading[2] @ (v[f"{s}_wrist"] - v["neck"])) < 0.05,
        "hand_below_chest": lambda v, s: v.y(f"{s}_wrist") < v.y("spine3") - 0.08,
        "hand_higher": lambda v, s: v.y(f"{s}_wrist") > v.y(f"{opposite(s)}_wrist") + 0.1,
        "hand_near_neck": lambda v, s: distance(v[f"{s}_wrist"], v["neck"]) < 0.26,
        "hand_near_own_shoulder": lambda v, s: distance(v[f"{s}_wrist"], v[f"{s}_shoulder"]) < 0.24,
        "foot_higher": lambda v, s: v.y(f"{s}_ankle") > v.y(f"{opposite(s)}_ankle") + 0.1,
        "foot_above_hip": lambda v, s: v.y(f"{s}_ankle") > v.hip_height() + 0.2,
        "hand_low": lambda v, s: v.y(f"{s}_wrist") < 0.4,
        "foot_at_other_leg": lambda v, s: v.y(f"{s}_ankle") > 0.2
        and min(distance(v[f"{s}_foot"], v[f"{opposite(s)}_knee"]), distance(v[f"{s}_ankle"], v[f"{opposite(s)}_knee"]),
                distance(v[f"{s}_foot"], v.thigh_middle(opposite(s))), distance(v[f"{s}_foot"], v.shin_middle(opposite(s)))) < 0.22,
        "foot_behind": lambda v, s: float(v.heading[2] @ (v[f"{s}_ankle"] - v[f"{s}_hip"])) < -0.25,
        "foot_ahead": lambda v, s: float(v.heading[2] @ (v[f"{s}_ankle"] - v[f"{s}_hip"])) > 0.25,
    }
)  # fmt: skip
