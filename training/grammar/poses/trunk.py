"""Base poses of the group trunk: bowing, bending, leaning, twisting, stretching, where the head looks."""

from __future__ import annotations

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import LEGS, BasePose
from training.grammar.base import draw_from as u
from training.grammar.standing import stand

Rng = np.random.Generator

_TRUNK = frozenset({"trunk"})
_HEAD = frozenset({"head"})
_HANDS_OF_HUGGED_LEGS = at.Target("own_shin", "world", (-0.09, 0.04, 0.10), (1.0, -0.4, 0.2))


def _bow(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.weight = u(rng, 28, 46), u(rng, 14, 28), u(rng, 5, 20), 0
    c.both_feet(u(rng, 0.06, 0.11), knee=4, toe_out=8)
    pick = rng.random()
    if pick < 0.6:
        c.both_arms(u(rng, 5, 12), 60, u(rng, 4, 14))
    elif pick < 0.8:
        c.both_hands(at.THIGH)
    else:
        c.left_arm.to(at.BELLY)
        c.right_arm.to(at.SMALL_OF_BACK)
    return c


def _bow_deep(rng: Rng) -> Controls:
    c = _bow(rng)
    c.pitch, c.flex = u(rng, 62, 74), u(rng, 24, 36)
    if rng.random() < 0.5:
        c.both_hands(at.THIGH)
    else:
        c.both_arms(u(rng, 4, 14), 40, 6)
    return c


def _head_bowed(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod = u(rng, 8, 16), u(rng, 32, 44)
    return c


def _lean_left(rng: Rng) -> Controls:
    c = stand(rng)
    c.roll, c.bend, c.tilt, c.weight = u(rng, 6, 12), u(rng, 14, 24), u(rng, -4, 6), u(rng, 0.2, 0.5)
    c.both_feet(u(rng, 0.12, 0.18), knee=5)
    c.right_arm.angles(u(rng, 3, 10), u(rng, 10, 60), u(rng, 6, 20))
    return c


def _bend_left(rng: Rng) -> Controls:
    """A side bend with the left hand sliding down the thigh."""
    c = _lean_left(rng)
    c.roll, c.bend = u(rng, 10, 16), u(rng, 32, 44)
    c.left_arm.to(at.THIGH.moved(x=u(rng, 0.07, 0.11), y=-u(rng, 0.02, 0.12)))
    c.right_arm.to(at.HIP)
    return c


def _stretch_left(rng: Rng) -> Controls:
    """A side stretch to the left, the right arm over the head."""
    c = _bend_left(rng)
    c.bend = u(rng, 24, 36)
    c.right_arm.angles(u(rng, 160, 176), 88, u(rng, 8, 30))
    if rng.random() < 0.5:
        c.left_arm.to(at.HIP)
    elif rng.random() < 0.3:
        c.left_arm.angles(u(rng, 160, 175), 88, 10)
    return c


def _twist_left(rng: Rng) -> Controls:
    c = stand(rng)
    c.twist, c.turn, c.turn_head, c.weight = u(rng, 36, 50), u(rng, 2, 8), u(rng, 8, 26), 0
    c.both_feet(u(rng, 0.12, 0.2), knee=6)
    pick = rng.random()
    if pick < 0.35:
        c.both_hands(at.HIP)
    elif pick < 0.6:
        c.left_arm.angles(u(rng, 30, 80), u(rng, 90, 120), u(rng, 10, 50))
        c.right_arm.angles(u(rng, 40, 80), -u(rng, 10, 30), u(rng, 30, 80))
    return c


def _look_over_left(rng: Rng) -> Controls:
    c = stand(rng)
    c.turn, c.twist, c.turn_head, c.nod = u(rng, 3, 9), u(rng, 26, 40), u(rng, 56, 70), u(rng, -4, 8)
    return c


def _look_left(rng: Rng) -> Controls:
    c = stand(rng)
    c.turn_head, c.nod, c.twist = u(rng, 45, 68), u(rng, -6, 6), u(rng, 0, 8)
    return c


def _tilt_left(rng: Rng) -> Controls:
    c = stand(rng)
    c.tilt, c.turn_head, c.bend = u(rng, 28, 40), 0, u(rng, 0, 4)
    return c


def _look_up(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod = -u(rng, 4, 12), -u(rng, 36, 48)
    return c


def _look_down(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod = u(rng, 4, 12), u(rng, 30, 42)
    return c


def _duck(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.weight = u(rng, 28, 40), u(rng, 24, 40), u(rng, 24, 34), 0
    c.both_feet(u(rng, 0.12, 0.2), knee=u(rng, 78, 98), knee_out=0.15)
    if rng.random() < 0.45:
        c.both_hands(at.BACK_OF_HEAD)
    else:
        c.both_arms(u(rng, 25, 55), u(rng, 15, 50), u(rng, 40, 90))
    return c


def _hunch(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod = u(rng, 4, 14), u(rng, 50, 66), u(rng, 8, 24)
    c.both_feet(0.11, knee=u(rng, 12, 24))
    c.both_arms(u(rng, 24, 45), u(rng, 5, 25), u(rng, 12, 50), protract=22)
    return c


def _belly_ache(rng: Rng) -> Controls:
    c = _hunch(rng)
    c.both_hands(at.Target("pelvis", "pelvis", (0.0, 0.13, 0.17), (1.0, -0.4, -0.4)))
    return c


def _arch(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod = -u(rng, 6, 12), -u(rng, 36, 50), -u(rng, 18, 34)
    c.both_feet(u(rng, 0.11, 0.18), knee=u(rng, 10, 20))
    pick = rng.random()
    if pick < 0.45:
        c.both_hands(at.SMALL_OF_BACK)
    elif pick < 0.7:
        c.both_arms(u(rng, 150, 172), 60, 8)
    else:
        c.both_arms(u(rng, 20, 40), u(rng, 100, 140), 15)
    return c


def _lean_back(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.weight = -u(rng, 12, 18), -u(rng, 12, 20), u(rng, -8, 8), 0
    c.both_feet(u(rng, 0.1, 0.16), knee=u(rng, 14, 26))
    return c


def _lean_forward(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod = u(rng, 16, 26), u(rng, 6, 14), -u(rng, 0, 14)
    return c


def _curl_up(rng: Rng) -> Controls:
    """A ball on both feet: deep squat, head between the knees, arms around the shins."""
    c = Controls(pitch=u(rng, 26, 36), flex=u(rng, 66, 82), nod=u(rng, 24, 38))
    c.both_feet(u(rng, 0.07, 0.10), knee=u(rng, 134, 142), heel=u(rng, 4, 16), toe_out=6)
    c.both_hands(_HANDS_OF_HUGGED_LEGS)
    return c


def _puff(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod = 2, -u(rng, 20, 28), -u(rng, 2, 12)
    c.both_feet(u(rng, 0.11, 0.18), knee=3)
    if rng.random() < 0.4:
        c.both_hands(at.HIP)
    else:
        c.both_arms(u(rng, 12, 24), u(rng, 105, 135), u(rng, 15, 40), protract=-18)
    return c


def _bend_forward(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.weight = u(rng, 46, 64), u(rng, 22, 38), u(rng, -6, 12), 0
    c.both_feet(u(rng, 0.09, 0.16), knee=u(rng, 5, 14))
    down = u(rng, 58, 80)
    c.both_arms(down, u(rng, 4, 12), u(rng, 4, 18))
    return c


def _flat_back(rng: Rng) -> Controls:
    c = _bend_forward(rng)
    c.pitch, c.flex, c.nod = u(rng, 80, 88), u(rng, -4, 6), -u(rng, 8, 20)
    c.both_arms(u(rng, 70, 85), 6, 8)
    return c


def _fold(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.weight = u(rng, 96, 108), u(rng, 48, 62), u(rng, 0, 14), 0
    c.both_feet(u(rng, 0.08, 0.13), knee=u(rng, 4, 12))
    c.both_arms(u(rng, 130, 150), u(rng, 4, 12), u(rng, 4, 16))
    return c


def _touch_toes(rng: Rng) -> Controls:
    c = _fold(rng)
    c.pitch, c.flex = u(rng, 90, 102), u(rng, 54, 68)
    c.both_feet(u(rng, 0.07, 0.11), knee=u(rng, 4, 14), toe_out=6)
    c.both_hands(at.TOES.moved(y=-0.02))
    return c


def _palms_on_floor(rng: Rng) -> Controls:
    c = _touch_toes(rng)
    c.pitch, c.flex = u(rng, 98, 108), u(rng, 60, 72)
    c.both_hands(at.Target("own_foot", "world", (0.06, 0.05, 0.06), (0.8, 0.3, 0.2), on_ground=True))
    return c


def _left_hand_to_right_foot(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.twist, c.weight, c.nod = u(rng, 94, 102), u(rng, 56, 66), -u(rng, 24, 34), 0, 5
    c.both_feet(u(rng, 0.27, 0.32), knee=u(rng, 8, 16), toe_out=14)
    c.left_arm.to(at.OTHER_TOES)
    c.right_arm.angles(u(rng, 84, 100), u(rng, 90, 110), 6)
    return c


def _grab_ankles(rng: Rng) -> Controls:
    c = _touch_toes(rng)
    c.both_hands(at.ANKLE)
    return c


def _pick_up(rng: Rng) -> Controls:
    """Down on bent legs, the left hand at the ground before the feet."""
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.weight = u(rng, 72, 84), u(rng, 50, 60), -u(rng, 0, 12), 0
    c.both_feet(u(rng, 0.11, 0.17), knee=u(rng, 78, 92), knee_out=0.2)
    c.left_arm.to(at.on_floor(u(rng, 0.04, 0.12), u(rng, 0.36, 0.44)))
    c.right_arm.to(at.KNEE)
    return c


def _lift_box(rng: Rng) -> Controls:
    c = _pick_up(rng)
    c.both_feet(u(rng, 0.16, 0.22), knee=u(rng, 106, 120), knee_out=0.4)
    c.pitch, c.flex = u(rng, 60, 70), u(rng, 42, 52)
    c.both_hands(at.on_floor(u(rng, 0.16, 0.2), u(rng, 0.38, 0.46)))
    return c


def _hands_on_knees(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.weight = u(rng, 46, 56), u(rng, 30, 42), u(rng, -14, 18), 0
    c.both_feet(u(rng, 0.13, 0.2), knee=u(rng, 26, 42), knee_out=0.1)
    c.both_hands(at.KNEE)
    return c


def _look_closely(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod = u(rng, 34, 46), u(rng, 22, 32), -u(rng, 4, 16)
    c.both_feet(0.12, knee=u(rng, 8, 22))
    if rng.random() < 0.5:
        c.both_hands(at.SMALL_OF_BACK)
    else:
        c.both_hands(at.THIGH)
    return c


def _stretch_up(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod, c.weight = -u(rng, 6, 14), -u(rng, 8, 24), 0
    c.both_feet(u(rng, 0.09, 0.15), knee=2, heel=u(rng, 0, 20) if rng.random() < 0.4 else 0.0)
    c.both_arms(u(rng, 166, 178), u(rng, 50, 85), u(rng, 2, 12), shrug=10)
    return c


def _sore_back(rng: Rng) -> Controls:
    """The left hand on the small of the back, a little bent."""
    c = stand(rng)
    c.pitch, c.flex, c.nod = u(rng, 8, 18), u(rng, 12, 28), u(rng, 6, 18)
    c.left_arm.to(at.SMALL_OF_BACK)
    if rng.random() < 0.4:
        c.right_arm.to(at.SMALL_OF_BACK)
    return c


def _hip_out(rng: Rng) -> Controls:
    """The hips pushed to the left, the trunk leaning back to the right."""
    c = stand(rng)
    c.roll, c.bend, c.weight, c.sway_x, c.balance = -u(rng, 8, 12), u(rng, 12, 20), 0.8, u(rng, 0.02, 0.05), 0.1
    c.left_leg.plant(0.11, knee=3)
    c.right_leg.plant(0.16, 0.05, knee=18, toe_out=20)
    return c


def _formal_bow(rng: Rng) -> Controls:
    """Bent forward, the left hand on the belly, the right behind the back or at the side."""
    c = _bow(rng)
    c.pitch = u(rng, 24, 36)
    c.left_arm.to(at.BELLY)
    if rng.random() < 0.6:
        c.right_arm.to(at.SMALL_OF_BACK)
    else:
        c.right_arm.angles(u(rng, 8, 40), 100, u(rng, 4, 14))
    return c


POSES: tuple[BasePose, ...] = (
    BasePose("trunk_bow", _bow, ("standing", "trunk_bent_forward", "feet_on_floor"), weight=2),
    BasePose("bow_deep", _bow_deep, ("standing", "trunk_bent_far_forward", "feet_on_floor"), _TRUNK),
    BasePose("head_bowed", _head_bowed, ("standing", "head_down"), _HEAD),
    BasePose("lean_to", _lean_left, ("standing", "trunk_leans:left", "feet_on_floor"), _TRUNK, weight=2),
    BasePose("side_bend", _bend_left, ("standing", "trunk_leans:left", "trunk_bends:left"), _TRUNK),
    BasePose(
        "side_stretch",
        _stretch_left,
        ("standing", "trunk_leans:left", "trunk_bends:left", "hand_above_head:right"),
        _TRUNK,
        weight=1.5,
    ),
    BasePose("twist_to", _twist_left, ("standing", "trunk_twists:left", "feet_on_floor"), _TRUNK, weight=2),
    BasePose("look_over_shoulder", _look_over_left, ("standing", "looks_behind:left"), _HEAD, weight=2),
    BasePose("look_to_side", _look_left, ("standing", "head_turned:left"), _HEAD),
    BasePose("trunk_tilt_head", _tilt_left, ("standing", "head_tilts:left"), _HEAD),
    BasePose("trunk_look_up", _look_up, ("standing", "head_up"), _HEAD, weight=1.5),
    BasePose("trunk_look_down", _look_down, ("standing", "head_down"), _HEAD, weight=1.5),
    BasePose(
        "trunk_duck",
        _duck,
        ("knee_well_bent:both", "trunk_leans_forward", "head_down", "feet_on_floor"),
        LEGS | _TRUNK,
        weight=1.5,
    ),
    BasePose("hunch_over", _hunch, ("standing", "spine_rounded", "trunk_leans_forward"), _TRUNK, weight=1.5),
    BasePose("trunk_belly_ache", _belly_ache, ("standing", "spine_rounded", "hand_on_belly:both")),
    BasePose("arch_back", _arch, ("standing", "spine_arched", "feet_on_floor"), _TRUNK, weight=1.5),
    BasePose("lean_back", _lean_back, ("standing", "trunk_leans_back", "feet_on_floor"), _TRUNK, weight=1.5),
    BasePose("lean_forward", _lean_forward, ("standing", "trunk_leans_forward", "feet_on_floor"), _TRUNK),
    BasePose(
        "curl_up", _curl_up, ("spine_rounded", "head_down", "knee_drawn_up:both", "knee_well_bent:both"), weight=1.5
    ),
    BasePose("puff_chest", _puff, ("standing", "chest_out"), _TRUNK, weight=1.5),
    BasePose("bend_forward", _bend_forward, ("standing", "trunk_bent_forward", "feet_on_floor"), _TRUNK, weight=1.5),
    BasePose("flat_back", _flat_back, ("standing", "trunk_bent_far_forward", "feet_on_floor"), _TRUNK),
    BasePose("touch_toes", _touch_toes, ("on_feet", "trunk_bent_far_forward", "hand_at_toes:both"), _TRUNK, weight=2),
    BasePose("palms_on_floor", _palms_on_floor, ("on_feet", "trunk_bent_far_forward", "hand_on_floor:both"), _TRUNK),
    BasePose("grab_ankles", _grab_ankles, ("on_feet", "trunk_bent_far_forward", "hand_at_ankle:both"), _TRUNK),
    BasePose(
        "opposite_foot",
        _left_hand_to_right_foot,
        ("on_feet", "trunk_bent_far_forward", "hand_at_other_toes:left", "feet_wide"),
        _TRUNK | LEGS,
    ),
    BasePose(
        "floor_pick_up",
        _pick_up,
        ("trunk_bent_forward", "hand_on_floor:left", "not hand_on_floor:right", "knee_bent:both", "feet_on_floor"),
        _TRUNK,
        weight=2,
    ),
    BasePose("trunk_lift_box", _lift_box, ("trunk_bent_forward", "hand_on_floor:both", "knee_well_bent:both"), _TRUNK),
    BasePose("catch_breath", _hands_on_knees, ("standing", "trunk_bent_forward", "hand_on_knee:both"), _TRUNK),
    BasePose("look_closely", _look_closely, ("standing", "trunk_bent_forward")),
    BasePose("trunk_stretch_up", _stretch_up, ("standing", "arm_up:both")),
    BasePose("sore_back", _sore_back, ("standing", "hand_behind_back:left"), right=0.5),
    BasePose("hip_out", _hip_out, ("standing", "weight_on:left", "hips_shifted:left"), _TRUNK | LEGS),
    BasePose(
        "bow_hand_on_belly",
        _formal_bow,
        ("standing", "trunk_leans_forward", "hand_on_belly:left", "not hand_on_belly:right"),
        frozenset({"trunk", "left_arm", "right_arm"}),
    ),
)
