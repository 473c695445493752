"""Predicates: what a caption claims about a pose, as functions of its joints that are true or false.

Thresholds are metres, degrees, or components of unit vectors; they leave room for natural variation. Predicates about
limbs use the frames of chest and pelvis, so they hold whichever way the body faces; heights are above the ground.

A predicate is written as text: ``standing``, ``hand_on_hip:left``, ``arm_up:both`` or ``not tiptoe``. It may also be a
claim of :mod:`training.posecodes.measures`, a measure with a range: ``elbow_bend:left 70..110``. :func:`holds`
evaluates it, and ``posepipe.models.sides.swap_sides`` mirrors it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from training.controls import SIDES, Side, opposite
from training.grammar.contacts import BOTH, LIMBS
from training.grammar.geometry import PoseGeometry, bend, distance, sign, unit
from training.posecodes.measures import claim_holds, is_claim

WholePredicate = Callable[[PoseGeometry], bool]
SidedPredicate = Callable[[PoseGeometry, Side], bool]

_ON_FLOOR: Final = 0.12
"""Metres below which a wrist, elbow or knee counts as on the floor."""

_SOLE_ON_FLOOR: Final = 0.06
"""Metres below which a sole counts as on the floor."""

_SHRUGGED: Final = -0.035
"""Metres above the neck joint. Relaxed shoulders are at -0.056, raised ones above this limit."""

WHOLE: Final[dict[str, WholePredicate]] = {
    # the whole body
    "standing": lambda p: p.hip_height() > 0.60 and p.trunk[1] > -0.2 and p.lowest < 0.05,
    "squatting": lambda p: (
        p.hip_height() < 0.62
        and min(p.knee("left"), p.knee("right")) > 70
        and min(p.y("left_knee"), p.y("right_knee")) > 0.2
        and p.y("left_foot") < 0.1
    ),
    "seated": lambda p: (
        0.30 < p.hip_height() < 0.70
        and p.trunk[1] > 0.5
        and min(p["left_knee"][1], p["right_knee"][1]) > 0.25
        and abs(min(p.y("left_knee"), p.y("right_knee")) - p.hip_height()) < 0.25
    ),
    "seated_on_floor": lambda p: p.hip_height() < 0.28 and p.trunk[1] > 0.45,
    "lying": lambda p: p.hip_height() < 0.30 and abs(p.trunk[1]) < 0.45,
    "lying_supine": lambda p: p.hip_height() < 0.30 and abs(p.trunk[1]) < 0.45 and p.pelvis[2, 1] > 0.6,
    "lying_prone": lambda p: p.hip_height() < 0.35 and abs(p.trunk[1]) < 0.6 and p.pelvis[2, 1] < -0.6,
    "upside_down": lambda p: p.trunk[1] < -0.5 and p.y("head") < p.hip_height(),
    "airborne": lambda p: p.lowest > 0.06,
    "on_ground": lambda p: p.lowest < 0.03,
    "facing_backward": lambda p: p.heading[2, 2] < -0.3,
    "facing_forward": lambda p: p.heading[2, 2] > 0.5,
    "on_all_fours": lambda p: (
        max(p.y("left_wrist"), p.y("right_wrist"), p.y("left_knee"), p.y("right_knee")) < 0.15
        and p.hip_height() > 0.3
        and p.pelvis[2, 1] < -0.4
    ),
    # trunk and head
    "trunk_upright": lambda p: p.trunk[1] > 0.88,
    "trunk_bent_forward": lambda p: (p.heading @ p.trunk)[2] > 0.35,
    "trunk_bent_far_forward": lambda p: (p.heading @ p.trunk)[2] > 0.7 or p.trunk[1] < 0.3,
    "trunk_leans_forward": lambda p: (p.heading @ p.trunk)[2] > 0.13,
    "trunk_leans_back": lambda p: (p.heading @ p.trunk)[2] < -0.15,
    "trunk_horizontal": lambda p: abs(p.trunk[1]) < 0.4,
    "spine_rounded": lambda p: p.pelvis[1] @ p.chest[1] < 0.93 and p.pelvis[2] @ p.chest[1] > 0.1,
    "spine_arched": lambda p: p.pelvis[2] @ p.chest[1] < -0.32,
    "head_up": lambda p: _head_pitch(p) < 24,
    "head_down": lambda p: _head_pitch(p) > 52,
    "head_tilted": lambda p: abs(p.head[0]) > 0.13,
    # both arms
    "hands_together": lambda p: distance(p["left_wrist"], p["right_wrist"]) < 0.20,
    "arms_crossed": lambda p: all(
        p.from_chest(f"{s}_wrist")[0] * sign(s) < 0.03
        and p.from_chest(f"{s}_wrist")[2] > 0.05
        and abs(p.from_chest(f"{s}_wrist")[1]) < 0.25
        for s in SIDES
    ),
    "hands_behind_back": lambda p: all(
        p.from_pelvis(f"{s}_wrist")[2] < -0.03 and abs(p.from_pelvis(f"{s}_wrist")[0]) < 0.2 for s in SIDES
    ),
    "hands_in_front": lambda p: all(p.from_chest(f"{s}_wrist")[2] > 0.08 for s in SIDES),
    "arms_wide": lambda p: all(p.arm(s)[0] > 0.7 for s in SIDES),
    # both legs
    "feet_together": lambda p: distance(p["left_ankle"], p["right_ankle"]) < 0.19,
    "feet_apart": lambda p: distance(p["left_ankle"], p["right_ankle"]) > 0.26,
    "feet_wide": lambda p: distance(p["left_ankle"], p["right_ankle"]) > 0.5,
    "feet_staggered": lambda p: abs(p.stance()[2]) > 0.15,
    "legs_crossed": lambda p: (
        float(p.hips_left @ (p["left_ankle"] - p["right_ankle"])) < 0.02
        or float(p.hips_left @ (p["left_knee"] - p["right_knee"])) < 0.0
    ),
    "feet_on_floor": lambda p: max(p.foot_height("left"), p.foot_height("right")) < _SOLE_ON_FLOOR,
    "knees_on_floor": lambda p: max(p.y("left_knee"), p.y("right_knee")) < _ON_FLOOR,
    "knees_apart": lambda p: distance(p["left_knee"], p["right_knee"]) > 0.35,
    "tiptoe": lambda p: all(p.y(f"{s}_ankle") - p.y(f"{s}_foot") > 0.095 for s in SIDES),
    "hands_close": lambda p: distance(p["left_wrist"], p["right_wrist"]) < 0.34,
    "long_stride": lambda p: abs(p.stance()[2]) > 0.32,
    "crouched": lambda p: p.hip_height() < 0.78,
    "shoulders_up": lambda p: all(
        p.from_chest(f"{s}_shoulder")[1] - p.from_chest("neck")[1] > _SHRUGGED for s in SIDES
    ),
    # trunk, sitting, kneeling, squatting, lying
    "chest_out": lambda p: p.pelvis[2] @ p.chest[1] < -0.16,
    "hips_of_sitter": lambda p: (
        p.hip_height() < 0.70
        and max(p.knee("left"), p.knee("right")) > 50
        and p.trunk[1] > 0.1
        and max(p.thigh("left")[2], p.thigh("right")[2]) > 0.3
    ),
    "seated_loose": lambda p: (
        0.30 < p.hip_height() < 0.70 and p.trunk[1] > 0.5 and max(p.knee("left"), p.knee("right")) > 40
    ),
    "seated_high": lambda p: (
        0.5 < p.hip_height() < 0.75
        and p.trunk[1] > 0.8
        and all(p.y(f"{s}_hip") - p.y(f"{s}_knee") < 0.25 for s in SIDES)
    ),
    "sunk_seat": lambda p: 0.25 < p.hip_height() < 0.5 and p.trunk[1] > 0.6,
    "sunk_back": lambda p: (p.heading @ p.pelvis[1])[2] < -0.2,
    "hips_lifted_supine": lambda p: p.hip_height() > 0.2 and p.pelvis[2, 1] > 0.3 and p.y("neck") < 0.2,
    "belly_on_floor": lambda p: p.hip_height() < 0.25 and p.pelvis[2, 1] < -0.6,
    "chest_raised": lambda p: p.y("neck") - p.hip_height() > 0.15,
    "limbs_lifted": lambda p: min(p.y(f"{s}_{x}") for s in SIDES for x in ("ankle", "wrist")) > p.hip_height() + 0.02,
    "hands_together_loose": lambda p: distance(p["left_wrist"], p["right_wrist"]) < 0.4,
    "hips_mid": lambda p: 0.45 < p.hip_height() < 0.76,
    "on_feet": lambda p: p.hip_height() > 0.6 and max(p.foot_height("left"), p.foot_height("right")) < _SOLE_ON_FLOOR,
    "hips_on_floor": lambda p: p.hip_height() < 0.25,
    "on_heels": lambda p: all(
        p.y(f"{s}_knee") < _ON_FLOOR and distance(p[f"{s}_hip"], p[f"{s}_ankle"]) < 0.32 for s in SIDES
    ),
    "kneeling": lambda p: (
        max(p.y("left_knee"), p.y("right_knee")) < _ON_FLOOR
        and max(p.y("left_ankle"), p.y("right_ankle")) < 0.2
        and p.hip_height() > 0.12
    ),
    "head_low": lambda p: p.y("head") < 0.3,
    "legs_wide": lambda p: float(unit(p["left_ankle"] - p["left_hip"]) @ unit(p["right_ankle"] - p["right_hip"])) < 0.6,
    # athletes, dancers, yoga
    "legs_split": lambda p: p.thigh_angle() > 110,
    "body_straight": lambda p: all(bend(p["neck"], p[f"{s}_hip"], p[f"{s}_knee"]) < 38 for s in SIDES),
    "hips_highest": lambda p: p.hip_height() > max(p.y("neck"), p.y("left_knee"), p.y("right_knee")) + 0.12,
    "hips_off_floor": lambda p: p.hip_height() > 0.24,
    "hip_above_half": lambda p: p.hip_height() > 0.55,
    "toes_turned_out": lambda p: all(
        float(p.heading[0] @ unit(p[f"{s}_foot"] - p[f"{s}_ankle"])) * sign(s) > 0.5 for s in SIDES
    ),
    "low_seat": lambda p: p.hip_height() < 0.40 and p.trunk[1] > 0.55,
    "arms_lifted": lambda p: (
        all(p.y(f"{s}_wrist") > p.y("spine1") for s in SIDES) and distance(p["left_wrist"], p["right_wrist"]) > 0.55
    ),
    "one_hand_high": lambda p: max(p.y("left_wrist"), p.y("right_wrist")) > p.y("head") + 0.12,
    "hands_near": lambda p: distance(p["left_wrist"], p["right_wrist"]) < 0.5,
    "hands_above_trunk": lambda p: min(p.y("left_wrist"), p.y("right_wrist")) > p.y("spine3") + 0.12,
    "head_near_floor": lambda p: p.y("head") < 0.3,
    "hip_low": lambda p: p.hip_height() < 0.2,
    "facing_down": lambda p: p.pelvis[2, 1] < -0.5,
    "facing_up": lambda p: p.pelvis[2, 1] > 0.5,
    "hands_far_apart": lambda p: distance(p["left_wrist"], p["right_wrist"]) > 0.55,
    "hands_joined_high": lambda p: (
        distance(p["left_wrist"], p["right_wrist"]) < 0.24 and min(p.y("left_wrist"), p.y("right_wrist")) > p.y("head")
    ),
    **BOTH,
}

"""Predicates about the whole body or both sides, by name."""

SIDED: Final[dict[str, SidedPredicate]] = {
    "lying_on": lambda p, s: p.hip_height() < 0.35 and abs(p.trunk[1]) < 0.45 and p.hips_left[1] * sign(s) < -0.6,
    "trunk_leans": lambda p, s: (p.heading @ p.trunk)[0] * sign(s) > 0.12,
    "trunk_bends": lambda p, s: (p.pelvis @ p.chest[1])[0] * sign(s) > 0.15,
    "trunk_twists": lambda p, s: (p.pelvis @ p.chest[2])[0] * sign(s) > 0.22,
    "faces": lambda p, s: p.heading[2, 0] * sign(s) > 0.25,
    "head_turned": lambda p, s: p.head[0] * sign(s) > 0.13,
    "head_tilts": lambda p, s: p.head[0] * sign(s) > 0.13,
    "weight_on": lambda p, s: (
        abs(float(p.hips_left @ (p["pelvis"] - p[f"{s}_ankle"])))
        < abs(float(p.hips_left @ (p["pelvis"] - p[f"{opposite(s)}_ankle"])))
    ),
    # arms
    "arm_raised": lambda p, s: p.arm(s)[1] > 0.35 and p.y(f"{s}_wrist") > p.y(f"{s}_shoulder"),
    "hand_above_shoulder": lambda p, s: p.y(f"{s}_wrist") > p.y(f"{s}_shoulder"),
    "hand_above_head": lambda p, s: p.from_head(s)[1] > 0.03,
    "arm_up": lambda p, s: p.arm(s)[1] > 0.75 and p.elbow(s) < 70,
    "arm_down": lambda p, s: p.arm(s)[1] < -0.75,
    "arm_forward": lambda p, s: p.arm(s)[2] > 0.75,
    "arm_back": lambda p, s: p.arm(s)[2] < -0.35,
    "arm_sideways": lambda p, s: p.arm(s)[0] > 0.75,
    "arm_across": lambda p, s: p.arm(s)[0] < -0.15,
    "arm_straight": lambda p, s: p.elbow(s) < 40,
    "elbow_bent": lambda p, s: p.elbow(s) > 50,
    "hand_on_hip": lambda p, s: (
        distance(p[f"{s}_wrist"], p[f"{s}_hip"]) < 0.24
        and p.elbow(s) > 45
        and p.from_pelvis(f"{s}_elbow")[0] * sign(s) > 0.2
    ),
    "hand_at_hip": lambda p, s: distance(p[f"{s}_wrist"], p[f"{s}_hip"]) < 0.22,
    "hand_on_head": lambda p, s: distance(p[f"{s}_wrist"], p["head"]) < 0.26 and p.from_head(s)[1] > 0.08,
    "hand_at_head": lambda p, s: distance(p[f"{s}_wrist"], p["head"]) < 0.27,
    "hand_behind_head": lambda p, s: distance(p[f"{s}_wrist"], p["head"]) < 0.25 and p.from_head(s)[2] < 0.0,
    "hand_at_face": lambda p, s: distance(p[f"{s}_wrist"], p["head"]) < 0.25 and p.from_head(s)[2] > 0.04,
    "hand_at_ear": lambda p, s: distance(p[f"{s}_wrist"], p["head"]) < 0.24 and p.from_head(s)[0] > 0.06,
    "hand_on_chest": lambda p, s: (
        abs(p.from_chest(f"{s}_wrist")[0]) < 0.17
        and 0.03 < p.from_chest(f"{s}_wrist")[2] < 0.33
        and abs(p.from_chest(f"{s}_wrist")[1] - 0.08) < 0.2
    ),
    "hand_on_belly": lambda p, s: (
        abs(p.from_pelvis(f"{s}_wrist")[0]) < 0.2
        and 0.05 < p.from_pelvis(f"{s}_wrist")[2] < 0.36
        and 0.0 < p.from_pelvis(f"{s}_wrist")[1] < 0.35
    ),
    "hand_behind_back": lambda p, s: (
        p.from_pelvis(f"{s}_wrist")[2] < -0.03 and p.from_pelvis(f"{s}_wrist")[0] * sign(s) < 0.22
    ),
    "hand_at_other_shoulder": lambda p, s: distance(p[f"{s}_wrist"], p[f"{opposite(s)}_shoulder"]) < 0.22,
    "hand_on_knee": lambda p, s: distance(p[f"{s}_wrist"], p[f"{s}_knee"]) < 0.24,
    "hand_on_other_knee": lambda p, s: distance(p[f"{s}_wrist"], p[f"{opposite(s)}_knee"]) < 0.22,
    "hand_on_thigh": lambda p, s: distance(p[f"{s}_wrist"], 0.4 * p[f"{s}_hip"] + 0.6 * p[f"{s}_knee"]) < 0.26,
    "hand_at_toes": lambda p, s: distance(p[f"{s}_wrist"], p[f"{s}_foot"]) < 0.26,
    "hand_at_other_toes": lambda p, s: distance(p[f"{s}_wrist"], p[f"{opposite(s)}_foot"]) < 0.26,
    "hand_at_ankle": lambda p, s: distance(p[f"{s}_wrist"], p[f"{s}_ankle"]) < 0.24,
    "hand_on_floor": lambda p, s: p.y(f"{s}_wrist") < _ON_FLOOR,
    # legs
    "knee_bent": lambda p, s: p.knee(s) > 28,
    "knee_well_bent": lambda p, s: p.knee(s) > 65,
    "leg_straight": lambda p, s: p.knee(s) < 30,
    "foot_lifted": lambda p, s: p.foot_height(s) - p.foot_height(opposite(s)) > 0.05,
    "foot_on_floor": lambda p, s: p.foot_height(s) < _SOLE_ON_FLOOR,
    "stands_on": lambda p, s: p.foot_height(s) < 0.05 and p.foot_height(opposite(s)) > 0.06,
    "leg_forward": lambda p, s: p.stance()[2] * sign(s) > 0.10,
    "leg_back": lambda p, s: p.stance()[2] * sign(s) < -0.10,
    "thigh_forward": lambda p, s: p.thigh(s)[2] > 0.4,
    "thigh_level": lambda p, s: abs(p.y(f"{s}_knee") - p.y(f"{s}_hip")) < 0.16,
    "leg_out": lambda p, s: float(p.hips_left @ (p[f"{s}_ankle"] - p[f"{s}_hip"])) * sign(s) > 0.25,
    "foot_high": lambda p, s: p.y(f"{s}_ankle") > 0.55,
    "knee_on_floor": lambda p, s: p.y(f"{s}_knee") < _ON_FLOOR,
    "kneels_on": lambda p, s: (
        p.y(f"{s}_knee") < _ON_FLOOR and p.y(f"{opposite(s)}_knee") > 0.28 and p.hip_height() > 0.2
    ),
    "knee_drawn_up": lambda p, s: distance(p[f"{s}_knee"], p["spine3"]) < 0.42,
    # fighting, gestures, daily life, moving
    "hand_in_front": lambda p, s: (p.heading @ (p[f"{s}_wrist"] - p["spine3"]))[2] > 0.18,
    "hand_far_ahead": lambda p, s: (p.heading @ (p[f"{s}_wrist"] - p[f"{s}_shoulder"]))[2] > 0.34,
    "hand_far_out": lambda p, s: (p.heading @ (p[f"{s}_wrist"] - p[f"{s}_shoulder"]))[0] * sign(s) > 0.34,
    "hand_outside": lambda p, s: p.from_chest(f"{s}_wrist")[0] * sign(s) > 0.26,
    "fist_up": lambda p, s: (
        p.y(f"{s}_wrist") > p.y("spine3") and p.elbow(s) > 50 and p.from_chest(f"{s}_wrist")[2] > 0.1
    ),
    "forearm_up": lambda p, s: unit(p[f"{s}_wrist"] - p[f"{s}_elbow"])[1] > 0.55,
    "hand_at_hip_height": lambda p, s: p.y(f"{s}_wrist") < p.y(f"{s}_hip") + 0.2,
    "foot_ahead_high": lambda p, s: (
        (p.heading @ (p[f"{s}_ankle"] - p[f"{s}_hip"]))[2] > 0.35 and p.y(f"{s}_ankle") > 0.5
    ),
    "foot_back_up": lambda p, s: (p.heading @ (p[f"{s}_ankle"] - p[f"{s}_hip"]))[2] < -0.2,
    # trunk, sitting, kneeling, squatting, lying
    "looks_behind": lambda p, s: _gaze(p) * sign(s) > 55,
    "hips_shifted": lambda p, s: (
        (p.heading @ (p["pelvis"] - (p["left_ankle"] + p["right_ankle"]) / 2))[0] * sign(s) > 0.04
    ),
    "elbow_near_knee": lambda p, s: distance(p[f"{s}_elbow"], p[f"{s}_knee"]) < 0.30,
    "hand_near_feet": lambda p, s: distance(p[f"{s}_wrist"], p[f"{s}_ankle"]) < 0.28,
    "hand_near_foot": lambda p, s: distance(p[f"{s}_wrist"], (p[f"{s}_ankle"] + p[f"{s}_foot"]) / 2) < 0.26,
    "hand_near_other_foot": lambda p, s: (
        distance(p[f"{s}_wrist"], (p[f"{opposite(s)}_ankle"] + p[f"{opposite(s)}_foot"]) / 2) < 0.26
    ),
    "reclines_on": lambda p, s: p.hip_height() < 0.35 and 0.0 < p.trunk[1] < 0.75 and p.hips_left[1] * sign(s) < -0.5,
    "hand_below_knee": lambda p, s: p.y(f"{s}_wrist") < p.y(f"{s}_knee"),
    "hand_on_shin": lambda p, s: distance(p[f"{s}_wrist"], (p[f"{s}_knee"] + p[f"{s}_ankle"]) / 2) < 0.26,
    "hand_at_chin": lambda p, s: (
        distance(p[f"{s}_wrist"], p["head"]) < 0.27 and p.from_head(s)[2] > 0.0 and p.from_head(s)[1] < 0.06
    ),
    "ankle_on_other_knee": lambda p, s: distance(p[f"{s}_ankle"], p[f"{opposite(s)}_knee"]) < 0.22,
    "knee_over": lambda p, s: (
        float(p.hips_left @ (p[f"{s}_knee"] - p[f"{opposite(s)}_hip"])) * sign(s) < 0.1
        and p.y(f"{s}_ankle") > p.y(f"{opposite(s)}_ankle") + 0.05
    ),
    "legs_folded_to": lambda p, s: all(
        float(p.hips_left @ (p[f"{x}_ankle"] - p[f"{x}_knee"])) * sign(s) > 0.1 for x in SIDES
    ),
    "leg_ahead_straight": lambda p, s: p.knee(s) < 35 and (p.heading @ (p[f"{s}_ankle"] - p[f"{s}_hip"]))[2] > 0.5,
    "leg_points_up": lambda p, s: unit(p[f"{s}_ankle"] - p[f"{s}_hip"])[1] > 0.75,
    "forearm_on_floor": lambda p, s: max(p.y(f"{s}_wrist"), p.y(f"{s}_elbow")) < _ON_FLOOR,
    # athletes, dancers, yoga
    "elbow_on_floor": lambda p, s: p.y(f"{s}_elbow") < _ON_FLOOR,
    "hand_high": lambda p, s: p.y(f"{s}_wrist") > p.y("head"),
    "hand_above_hip": lambda p, s: p.y(f"{s}_wrist") > p.hip_height() + 0.15,
    "hand_above_chest": lambda p, s: p.y(f"{s}_wrist") > p.y("spine2"),
    "elbow_bent_some": lambda p, s: p.elbow(s) > 20,
    "heel_raised": lambda p, s: p.y(f"{s}_ankle") - p.y(f"{s}_foot") > 0.095,
    "hand_overhead": lambda p, s: p.arm(s)[1] > 0.75,
    "hand_ahead": lambda p, s: float(p.heading[2] @ (p[f"{s}_wrist"] - p["neck"])) > 0.25,
    "hand_back": lambda p, s: float(p.heading[2] @ (p[f"{s}_wrist"] - p["neck"])) < 0.05,
    "hand_below_chest": lambda p, s: p.y(f"{s}_wrist") < p.y("spine3") - 0.08,
    "hand_higher": lambda p, s: p.y(f"{s}_wrist") > p.y(f"{opposite(s)}_wrist") + 0.1,
    "hand_near_neck": lambda p, s: distance(p[f"{s}_wrist"], p["neck"]) < 0.26,
    "hand_near_own_shoulder": lambda p, s: distance(p[f"{s}_wrist"], p[f"{s}_shoulder"]) < 0.24,
    "foot_higher": lambda p, s: p.y(f"{s}_ankle") > p.y(f"{opposite(s)}_ankle") + 0.1,
    "foot_above_hip": lambda p, s: p.y(f"{s}_ankle") > p.hip_height() + 0.2,
    "hand_low": lambda p, s: p.y(f"{s}_wrist") < 0.4,
    "foot_at_other_leg": lambda p, s: (
        p.y(f"{s}_ankle") > 0.2
        and min(
            distance(p[f"{s}_foot"], p[f"{opposite(s)}_knee"]),
            distance(p[f"{s}_ankle"], p[f"{opposite(s)}_knee"]),
            distance(p[f"{s}_foot"], p.thigh_middle(opposite(s))),
            distance(p[f"{s}_foot"], p.shin_middle(opposite(s))),
        )
        < 0.22
    ),
    "foot_behind": lambda p, s: float(p.heading[2] @ (p[f"{s}_ankle"] - p[f"{s}_hip"])) < -0.25,
    "foot_ahead": lambda p, s: float(p.heading[2] @ (p[f"{s}_ankle"] - p[f"{s}_hip"])) > 0.25,
    **LIMBS,
}
"""Predicates about one side, by name."""


def _gaze(pose: PoseGeometry) -> float:
    """Return the degrees by which the head looks to the left of where the pelvis faces."""
    direction = pose.pelvis @ (pose["head"] - pose["neck"])
    return float(np.degrees(np.arctan2(direction[0], direction[2])))


def _head_pitch(pose: PoseGeometry) -> float:
    """Return the degrees by which the head points forward of the axis of the chest; about 38 when looking ahead."""
    return float(np.degrees(np.arctan2(pose.head[2], pose.head[1])))


def known(predicate: str) -> bool:
    """Return whether a predicate exists; ``predicate`` comes without ``not``."""
    name, _, side = predicate.partition(":")
    if is_claim(predicate):
        return True
    return (name in WHOLE and not side) or (name in SIDED and side in (*SIDES, "both"))


def holds(predicate: str, joints: NDArray[np.floating] | PoseGeometry) -> bool:
    """Return whether a pose satisfies a predicate.

    Parameters
    ----------
    predicate : str
        ``name`` of :data:`WHOLE`, or ``name:left``, ``name:right``, ``name:both`` of :data:`SIDED`, or a claim. A
        leading ``not `` negates it.
    joints : (22, 3) float array or PoseGeometry
        Metres, y up.

    Raises
    ------
    KeyError
        If there is no such predicate.
    """
    pose = joints if isinstance(joints, PoseGeometry) else PoseGeometry(joints)
    if predicate.startswith("not "):
        return not holds(predicate.removeprefix("not "), pose)
    if ".." in predicate:
        return claim_holds(predicate, pose.joints)
    name, _, side = predicate.partition(":")
    if not side:
        return bool(WHOLE[name](pose))
    if side == "both":
        return all(bool(SIDED[name](pose, each)) for each in SIDES)
    return bool(SIDED[name](pose, cast(Side, side)))
