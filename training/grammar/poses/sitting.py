"""Base poses of the group sitting: chairs, the floor, and what people do there."""

from __future__ import annotations

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, LEGS, BasePose
from training.grammar.base import draw_from as u

Rng = np.random.Generator

_TRUNK = frozenset({"trunk"})
_SHINS_HELD = at.Target("own_shin", "world", (-0.08, 0.06, 0.09), (1.0, -0.3, 0.1))
_TABLE = (-0.02, -0.28, 0.33)


def on_chair(rng: Rng) -> Controls:
    """Upright on a chair, feet on the ground, hands on the thighs."""
    c = Controls(support="seat", height=u(rng, 0.45, 0.5), pitch=u(rng, -6, 4), flex=u(rng, 2, 12))
    c.both_feet(u(rng, 0.10, 0.16), u(rng, 0.36, 0.44), toe_out=8)
    c.both_hands(at.THIGH)
    return c


def on_floor(rng: Rng) -> Controls:
    """On the ground, legs stretched out ahead, hands on the thighs."""
    c = Controls(support="seat", height=0.085, pitch=u(rng, -12, -4), flex=u(rng, 8, 20))
    c.both_feet(u(rng, 0.08, 0.2), 0.83, heel=-u(rng, 85, 110), toe_out=10)
    c.both_hands(at.THIGH)
    return c


def floor_knees_up(rng: Rng) -> Controls:
    """On the ground, knees up, feet flat."""
    c = Controls(support="seat", height=0.085, pitch=-u(rng, 14, 22), flex=u(rng, 18, 30))
    c.both_feet(u(rng, 0.11, 0.16), u(rng, 0.44, 0.54), toe_out=3, knee_out=0.02)
    c.both_hands(at.KNEE)
    return c


def _cross_legged(rng: Rng) -> Controls:
    c = Controls(support="seat", height=0.09, pitch=u(rng, -10, 0), flex=u(rng, 4, 14))
    for leg, ahead in zip(c.legs, (0.24, 0.32), strict=True):
        leg.plant(-u(rng, 0.08, 0.13), ahead, toe_out=-u(rng, 45, 65), heel=-12, knee_out=2.2)
    c.both_hands(at.KNEE)
    return c


def _any_floor(rng: Rng) -> Controls:
    """What "sitting on the floor" may be, most often legs crossed or knees up."""
    pick = rng.random()
    if pick < 0.4:
        return floor_knees_up(rng)
    return _cross_legged(rng) if pick < 0.7 else on_floor(rng)


def _lotus(rng: Rng) -> Controls:
    c = _cross_legged(rng)
    c.pitch, c.flex = u(rng, -4, 2), u(rng, 0, 6)
    for leg, ahead, high in zip(c.legs, (0.23, 0.30), (0.1, 0.1), strict=True):
        leg.plant(-u(rng, 0.11, 0.15), ahead, y=high * u(rng, 0.5, 1), toe_out=-55, heel=-12, knee_out=2.4)
    if rng.random() < 0.3:
        c.both_hands(at.PRAYER)
    return c


def _hands_on_knees(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.flex = u(rng, 14, 24)
    c.both_hands(at.KNEE)
    return c


def _sideways(rng: Rng) -> Controls:
    """On a chair, turned a quarter to the left, the head perhaps back to the viewer."""
    c = on_chair(rng)
    c.heading, c.turn_head = u(rng, 70, 95), -u(rng, 0, 60)
    return c


def _legs_to_left(rng: Rng) -> Controls:
    """On the ground, both shanks folded to the left, the right hand propping."""
    c = Controls(support="seat", height=0.09, pitch=-3, roll=-u(rng, 2, 8), flex=u(rng, 4, 12), bend=u(rng, 4, 12))
    c.left_leg.plant(u(rng, 0.44, 0.50), -u(rng, 0.04, 0.10), toe_out=38, heel=10, knee_out=-1.2)
    c.right_leg.plant(-u(rng, 0.06, 0.12), u(rng, 0.20, 0.26), toe_out=-60, heel=-12, knee_out=2.2)
    c.right_arm.to(at.FLOOR_BESIDE.moved(x=0.08))
    c.left_arm.to(at.THIGH)
    return c


def _lean_on_hands(rng: Rng) -> Controls:
    c = on_floor(rng) if rng.random() < 0.55 else floor_knees_up(rng)
    c.pitch, c.flex, c.nod = -u(rng, 30, 38), u(rng, 2, 12), -u(rng, 0, 12)
    c.both_hands(at.FLOOR_BEHIND.moved(z=-u(rng, 0.06, 0.14)))
    return c


def _hug_knees(rng: Rng) -> Controls:
    c = floor_knees_up(rng)
    c.pitch, c.flex, c.nod = -u(rng, 2, 8), u(rng, 36, 50), u(rng, -5, 22)
    c.both_feet(u(rng, 0.07, 0.10), u(rng, 0.28, 0.34), toe_out=4)
    c.both_hands(_SHINS_HELD)
    return c


def _legs_crossed(rng: Rng) -> Controls:
    """On a chair, the left leg over the right."""
    c = on_chair(rng)
    c.pitch, c.flex = -u(rng, 2, 8), u(rng, 6, 16)
    c.right_leg.plant(0.08, u(rng, 0.38, 0.44), toe_out=4)
    c.left_leg.angles(u(rng, 103, 108) + c.pitch, u(rng, 72, 84), -u(rng, 20, 25), u(rng, 4, 12), u(rng, 15, 35))
    pick = rng.random()
    if pick < 0.4:
        c.right_arm.to(at.OTHER_KNEE)
        c.left_arm.to(at.KNEE)
    elif pick < 0.6:
        c.both_hands(at.CROSSED)
        c.left_arm.to(at.CROSSED.moved(z=0.03))
    return c


def _ankle_on_knee(rng: Rng) -> Controls:
    """On a chair, the left ankle on the right knee."""
    c = on_chair(rng)
    c.pitch = -u(rng, 4, 10)
    c.right_leg.plant(0.12, 0.40, toe_out=6)
    c.left_leg.plant(-u(rng, 0.09, 0.12), u(rng, 0.31, 0.34), y=c.height + 0.03, toe_out=-60, heel=-27, knee_out=2.0)
    c.left_arm.to(at.KNEE)
    if rng.random() < 0.5:
        c.right_arm.to(at.Target("other_ankle", "world", (0.0, 0.08, 0.02)))
    return c


def _typing(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.pitch, c.flex, c.nod = u(rng, -2, 6), u(rng, 8, 20), u(rng, 0, 14)
    c.both_hands(at.in_front(-u(rng, 0.03, 0.08), u(rng, -0.32, -0.25), u(rng, 0.26, 0.32)))
    return c


def _writing(rng: Rng) -> Controls:
    """At a desk, the left hand writes."""
    c = on_chair(rng)
    c.pitch, c.flex, c.nod = u(rng, 7, 14), u(rng, 18, 28), u(rng, 12, 24)
    c.left_arm.to(at.in_front(-0.08, u(rng, -0.32, -0.27), u(rng, 0.30, 0.34)))
    c.right_arm.to(at.in_front(0.04, u(rng, -0.34, -0.30), u(rng, 0.22, 0.26)))
    return c


def _slump(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.pitch, c.flex, c.nod, c.bend = -u(rng, 28, 38), u(rng, 38, 54), u(rng, 8, 26), u(rng, -6, 10)
    c.both_feet(u(rng, 0.14, 0.2), u(rng, 0.5, 0.6), toe_out=14)
    if rng.random() < 0.6:
        c.both_arms(u(rng, 6, 20), u(rng, 60, 90), u(rng, 8, 24))
    return c


def _on_heels(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=u(rng, -2, 4), flex=u(rng, 2, 10))
    for leg in c.legs:
        leg.angles(62 + c.pitch, 153, u(rng, 3, 9), 0, 60)
    c.both_hands(at.THIGH)
    return c


def _astride(rng: Rng) -> Controls:
    """As in a saddle, thighs wide, hands at the reins."""
    c = Controls(support="seat", height=u(rng, 0.58, 0.62), pitch=u(rng, -2, 6), flex=u(rng, 0, 8))
    c.both_feet(u(rng, 0.32, 0.37), u(rng, 0.12, 0.2), toe_out=16, knee_out=0.5, heel=-6)
    c.both_hands(at.in_front(-0.10, u(rng, -0.28, -0.2), u(rng, 0.28, 0.34)))
    return c


def _edge(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.pitch, c.flex = u(rng, 4, 12), u(rng, 6, 16)
    c.both_feet(u(rng, 0.08, 0.14), u(rng, 0.24, 0.36), toe_out=8)
    if rng.random() < 0.6:
        c.both_hands(at.Target("own_hip", "world", (0.13, 0.02, 0.02), (0.6, -0.2, -1.0)))
    return c


def _thinker(rng: Rng) -> Controls:
    """The left elbow on the thigh, the hand at the chin."""
    c = on_chair(rng)
    c.pitch, c.flex, c.nod = u(rng, 12, 20), u(rng, 34, 46), u(rng, -6, 10)
    c.both_feet(u(rng, 0.1, 0.15), u(rng, 0.3, 0.4), toe_out=8)
    c.left_arm.to(at.CHIN, (0.1, -1.0, 0.5))
    c.right_arm.to(at.THIGH if rng.random() < 0.5 else at.OTHER_KNEE)
    return c


def _reading(rng: Rng) -> Controls:
    c = on_chair(rng) if rng.random() < 0.7 else _cross_legged(rng)
    c.flex, c.nod = u(rng, 12, 24), u(rng, 22, 34)
    c.both_hands(at.in_front(-u(rng, 0.04, 0.09), u(rng, -0.24, -0.14), u(rng, 0.25, 0.32)))
    return c


def _knees_apart(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.both_feet(u(rng, 0.28, 0.36), u(rng, 0.34, 0.42), toe_out=24, knee_out=0.4)
    c.both_hands(at.THIGH if rng.random() < 0.6 else at.KNEE)
    return c


def _knees_together(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.pitch, c.flex = 2, u(rng, 0, 6)
    c.both_feet(0.06, u(rng, 0.34, 0.42), toe_out=2)
    c.both_hands(at.Target("own_thigh", "world", (-0.06, 0.09, -0.06), (1.0, -0.3, -0.5)))
    return c


def _left_leg_out(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.left_leg.plant(0.12, u(rng, 0.70, 0.78), toe_out=8, heel=-u(rng, 50, 80))
    return c


def _left_leg_raised(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.pitch = -u(rng, 4, 10)
    c.left_leg.angles(u(rng, 86, 96) + c.pitch, u(rng, 2, 10), 2, 0, u(rng, -10, 20))
    return c


def _elbows_on_knees(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.pitch, c.flex, c.nod = u(rng, 26, 36), u(rng, 36, 48), u(rng, -16, 10)
    c.both_feet(u(rng, 0.16, 0.22), u(rng, 0.36, 0.42), toe_out=14)
    c.both_hands(at.Target("own_knee", "world", (-0.10, 0.10, 0.16), (1.0, -0.6, -0.3)))
    return c


def _head_in_hands(rng: Rng) -> Controls:
    c = _elbows_on_knees(rng)
    c.nod, c.flex = u(rng, 16, 30), u(rng, 44, 54)
    c.both_hands(at.EYES if rng.random() < 0.5 else at.FOREHEAD)
    for arm in c.arms:
        arm.pole = (0.35, -1.0, 0.4)
    return c


def _chair_arms_crossed(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.left_arm.to(at.CROSSED.moved(z=0.03, y=0.02))
    c.right_arm.to(at.CROSSED.moved(y=-0.03, x=0.02))
    return c


def _hands_behind_head(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.pitch, c.flex = -u(rng, 16, 24), u(rng, 4, 12)
    c.both_feet(0.14, u(rng, 0.42, 0.56), toe_out=12)
    c.both_hands(at.BACK_OF_HEAD)
    return c


def _lean_back_chair(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.pitch, c.flex, c.nod = -u(rng, 20, 28), u(rng, 6, 14), u(rng, -14, 6)
    c.both_feet(u(rng, 0.12, 0.17), u(rng, 0.44, 0.58), toe_out=12)
    c.both_hands(at.Target("own_hip", "world", (0.16, 0.17, 0.14), (0.8, -0.3, -0.8)))
    return c


def _lean_forward_chair(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.pitch, c.flex = u(rng, 22, 32), u(rng, 14, 24)
    c.both_hands(at.KNEE if rng.random() < 0.6 else at.THIGH)
    return c


def _straddle(rng: Rng) -> Controls:
    c = on_floor(rng)
    wide = np.radians(u(rng, 36, 48))
    for leg in c.legs:
        leg.plant(0.09 + 0.815 * float(np.sin(wide)), 0.815 * float(np.cos(wide)), heel=-90, toe_out=40)
    c.pitch, c.flex = u(rng, -4, 4), u(rng, 6, 16)
    c.both_hands(at.KNEE if rng.random() < 0.5 else at.on_floor(0.12, 0.34))
    return c


def _butterfly(rng: Rng) -> Controls:
    c = _cross_legged(rng)
    c.flex = u(rng, 10, 24)
    c.both_feet(0.03, u(rng, 0.24, 0.3), toe_out=10, heel=0, knee_out=2.6)
    c.both_hands(at.ANKLE)
    return c


def _one_leg_bent(rng: Rng) -> Controls:
    """On the ground, the left knee up, the right leg stretched out."""
    c = on_floor(rng)
    c.left_leg.plant(0.11, u(rng, 0.34, 0.46), toe_out=6)
    c.flex = u(rng, 12, 28)
    c.left_arm.to(at.KNEE)
    c.right_arm.to(at.FLOOR_BEHIND if rng.random() < 0.5 else at.THIGH)
    if c.right_arm.reach is at.FLOOR_BEHIND:
        c.pitch = -u(rng, 14, 20)
    return c


def _floor_twist(rng: Rng) -> Controls:
    c = _cross_legged(rng)
    c.flex, c.twist, c.turn_head = u(rng, 0, 8), u(rng, 38, 50), u(rng, 10, 30)
    c.left_arm.to(at.FLOOR_BEHIND)
    c.right_arm.to(at.OTHER_KNEE)
    return c


def _ankles_crossed_floor(rng: Rng) -> Controls:
    c = on_floor(rng)
    c.left_leg.plant(-0.06, 0.83, y=0.05, heel=-95, toe_out=8)
    c.right_leg.plant(-0.03, 0.815, heel=-95, toe_out=8)
    return c


def _driving(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.height, c.pitch, c.flex = u(rng, 0.34, 0.4), -u(rng, 14, 20), u(rng, 8, 16)
    c.both_feet(0.13, u(rng, 0.56, 0.64), toe_out=6)
    c.both_hands(at.in_front(-0.03, u(rng, -0.16, -0.06), u(rng, 0.36, 0.42)))
    return c


def _eating(rng: Rng) -> Controls:
    """At a table, the left hand at the mouth."""
    c = on_chair(rng)
    c.pitch, c.flex, c.nod = u(rng, 2, 8), u(rng, 10, 22), u(rng, 4, 14)
    c.left_arm.to(at.MOUTH.moved(z=0.03))
    c.right_arm.to(at.in_front(*_TABLE))
    return c


def _piano(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.flex, c.nod = u(rng, 4, 14), u(rng, 4, 16)
    for arm in c.arms:
        arm.to(at.in_front(u(rng, 0.0, 0.14), u(rng, -0.3, -0.24), u(rng, 0.36, 0.41)))
    return c


def _asleep(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.pitch, c.flex, c.nod, c.tilt = -u(rng, 8, 16), u(rng, 18, 30), u(rng, 30, 42), u(rng, 0, 18)
    if rng.random() < 0.5:
        c.both_hands(at.Target("own_thigh", "world", (-0.06, 0.09, -0.10), (1.0, -0.3, -0.5)))
    return c


def _raised_hand(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.left_arm.angles(u(rng, 160, 176), u(rng, 30, 80), u(rng, 2, 25))
    return c


def _stool(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.height, c.pitch = u(rng, 0.6, 0.64), u(rng, 0, 6)
    c.both_feet(u(rng, 0.1, 0.15), u(rng, 0.28, 0.34), toe_out=10, heel=10)
    return c


def _getting_up(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 44, 54), flex=u(rng, 12, 20), nod=-u(rng, 4, 14))
    c.both_feet(u(rng, 0.11, 0.16), knee=u(rng, 78, 92))
    c.both_hands(at.THIGH if rng.random() < 0.6 else at.KNEE)
    return c


def _hugging_one_knee(rng: Rng) -> Controls:
    c = _one_leg_bent(rng)
    c.pitch, c.flex = -4, u(rng, 30, 40)
    c.left_leg.plant(0.09, u(rng, 0.28, 0.34), toe_out=4)
    c.both_hands(_SHINS_HELD)
    c.right_arm.to(at.Target("other_shin", "world", (0.02, 0.08, 0.09), (1.0, -0.3, 0.1)))
    return c


def _meditate(rng: Rng) -> Controls:
    c = _lotus(rng)
    c.both_hands(at.KNEE)
    return c


def _look_back(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.twist, c.turn_head = u(rng, 34, 44), u(rng, 54, 66)
    return c


def _lean_on_one_hand(rng: Rng) -> Controls:
    """On the ground, leaning back and to the left on the left hand."""
    c = on_floor(rng) if rng.random() < 0.4 else floor_knees_up(rng)
    c.pitch, c.flex, c.bend, c.nod = -u(rng, 24, 32), u(rng, 4, 12), u(rng, 0, 8), -u(rng, 0, 10)
    c.left_arm.to(at.FLOOR_BEHIND.moved(x=u(rng, 0.0, 0.1), z=u(rng, 0.0, 0.08)))
    c.right_arm.to(at.KNEE)
    return c


def _straddle_reach(rng: Rng) -> Controls:
    """Legs wide on the ground, bent over to the left, the right arm over the head."""
    c = _straddle(rng)
    c.bend, c.flex, c.pitch = u(rng, 30, 40), u(rng, 4, 14), u(rng, -2, 6)
    c.left_arm.to(at.SHIN)
    c.right_arm.angles(u(rng, 158, 172), u(rng, 60, 90), u(rng, 4, 20))
    return c


def _head_to_knee(rng: Rng) -> Controls:
    """Folded forward over the straight left leg, the right foot at the thigh."""
    c = on_floor(rng)
    c.right_leg.plant(-u(rng, 0.06, 0.12), u(rng, 0.20, 0.26), toe_out=-60, heel=-12, knee_out=2.2)
    c.pitch, c.flex, c.nod, c.twist = u(rng, 10, 18), u(rng, 46, 60), u(rng, -6, 10), u(rng, 0, 8)
    c.left_arm.to(at.SHIN)
    c.right_arm.to(at.Target("other_shin", "world", (0.02, 0.08, 0.09), (1.0, -0.3, 0.1)))
    return c


POSES: tuple[BasePose, ...] = (
    BasePose("on_chair", on_chair, ("seated", "feet_on_floor"), weight=3),
    BasePose("chair_hands_on_knees", _hands_on_knees, ("seated", "hand_on_knee:both")),
    BasePose("floor_any", _any_floor, ("seated_on_floor",), weight=2),
    BasePose("on_floor_legs_out", on_floor, ("seated_on_floor", "leg_straight:both"), LEGS),
    BasePose(
        "floor_knees_up", floor_knees_up, ("seated_on_floor", "knee_well_bent:both", "feet_on_floor"), LEGS, spread=0.4
    ),
    BasePose(
        "cross_legged",
        _cross_legged,
        ("seated_on_floor", "knee_well_bent:both", "knees_apart", "legs_crossed"),
        LEGS,
        weight=2,
    ),
    BasePose("sit_meditating", _meditate, ("seated_on_floor", "knees_apart", "hand_on_knee:both"), LEGS),
    BasePose("sit_sideways", _sideways, ("seated", "not facing_forward", "faces:left"), weight=1.5),
    BasePose("side_saddle", _legs_to_left, ("seated_on_floor", "legs_folded_to:left", "knee_well_bent:both"), LEGS),
    BasePose(
        "lean_on_hands",
        _lean_on_hands,
        ("hips_on_floor", "trunk_leans_back", "hand_on_floor:both"),
        ARMS | _TRUNK,
        weight=1.5,
    ),
    BasePose(
        "hug_knees",
        _hug_knees,
        ("seated_on_floor", "knee_well_bent:both", "knee_drawn_up:both", "hand_on_shin:both"),
        ARMS | LEGS,
        weight=2,
        spread=0.5,
    ),
    BasePose(
        "hug_one_knee",
        _hugging_one_knee,
        ("seated_on_floor", "knee_well_bent:left", "leg_straight:right", "hand_on_shin:left"),
        ARMS | LEGS,
        spread=0.5,
    ),
    BasePose("chair_legs_crossed", _legs_crossed, ("seated", "knee_over:left", "legs_crossed"), LEGS, weight=1.5),
    BasePose("ankle_on_knee", _ankle_on_knee, ("seated", "ankle_on_other_knee:left"), LEGS),
    BasePose("sit_typing", _typing, ("seated", "hands_in_front", "elbow_bent:both"), weight=1.5),
    BasePose("sit_writing", _writing, ("seated", "hands_in_front", "trunk_leans_forward"), right=0.8),
    BasePose("slump_chair", _slump, ("hips_of_sitter", "sunk_back", "spine_rounded"), _TRUNK, weight=1.5),
    BasePose("sit_on_heels", _on_heels, ("on_heels", "trunk_upright"), LEGS, spread=0.7, weight=1.5),
    BasePose("astride_horse", _astride, ("seated_high", "knees_apart", "hands_in_front"), LEGS, weight=1.5),
    BasePose("edge_of_bench", _edge, ("seated", "feet_on_floor"), weight=1.5),
    BasePose("sit_thinking", _thinker, ("seated", "hand_at_chin:left", "trunk_leans_forward"), weight=1.5),
    BasePose("sit_reading", _reading, ("hips_of_sitter", "hands_in_front", "head_down", "elbow_bent:both"), weight=1.5),
    BasePose("sit_knees_apart", _knees_apart, ("seated", "knees_apart"), LEGS),
    BasePose("sit_knees_together", _knees_together, ("seated", "feet_together", "not knees_apart"), LEGS),
    BasePose("sit_leg_out", _left_leg_out, ("seated_loose", "leg_straight:left", "knee_well_bent:right"), LEGS),
    BasePose(
        "sit_leg_raised",
        _left_leg_raised,
        ("hips_of_sitter", "leg_straight:left", "foot_lifted:left", "knee_well_bent:right"),
        LEGS,
    ),
    BasePose(
        "elbows_on_knees", _elbows_on_knees, ("hips_of_sitter", "trunk_bent_forward", "elbow_near_knee:both"), _TRUNK
    ),
    BasePose("sit_head_in_hands", _head_in_hands, ("hips_of_sitter", "hand_at_head:both", "trunk_bent_forward")),
    BasePose("sit_arms_crossed", _chair_arms_crossed, ("seated", "arms_crossed")),
    BasePose("sit_hands_behind_head", _hands_behind_head, ("seated_loose", "hand_at_head:both", "trunk_leans_back")),
    BasePose("lean_back_chair", _lean_back_chair, ("seated_loose", "trunk_leans_back"), _TRUNK),
    BasePose("lean_forward_chair", _lean_forward_chair, ("hips_of_sitter", "trunk_bent_forward"), _TRUNK),
    BasePose("straddle_sit", _straddle, ("seated_on_floor", "legs_wide", "leg_straight:both"), LEGS),
    BasePose(
        "sit_butterfly", _butterfly, ("seated_on_floor", "feet_together", "knees_apart", "hand_at_ankle:both"), LEGS
    ),
    BasePose(
        "sit_one_knee_up",
        _one_leg_bent,
        ("seated_on_floor", "knee_well_bent:left", "leg_straight:right"),
        LEGS,
        spread=0.5,
    ),
    BasePose("floor_twist", _floor_twist, ("seated_on_floor", "trunk_twists:left"), LEGS | _TRUNK),
    BasePose(
        "floor_ankles_crossed",
        _ankles_crossed_floor,
        ("seated_on_floor", "leg_straight:both", "legs_crossed"),
        LEGS,
        spread=0.5,
    ),
    BasePose("sit_driving", _driving, ("sunk_seat", "hand_ahead:both", "trunk_leans_back")),
    BasePose("sit_eating", _eating, ("seated", "hand_at_face:left"), right=0.8),
    BasePose("sit_piano", _piano, ("seated", "hands_in_front", "hand_ahead:both")),
    BasePose("sit_asleep", _asleep, ("seated", "head_down")),
    BasePose("sit_raise_hand", _raised_hand, ("seated", "arm_up:left")),
    BasePose("bar_stool", _stool, ("seated_high",), LEGS),
    BasePose("sit_getting_up", _getting_up, ("trunk_bent_forward", "knee_well_bent:both", "feet_on_floor"), LEGS),
    BasePose(
        "sit_look_back", _look_back, ("seated", "looks_behind:left", "trunk_twists:left"), frozenset({"head", "trunk"})
    ),
    BasePose(
        "lean_on_one_hand",
        _lean_on_one_hand,
        ("hips_on_floor", "hand_on_floor:left", "not hand_on_floor:right"),
        LEGS | ARMS,
    ),
    BasePose("straddle_reach", _straddle_reach, ("hips_on_floor", "legs_wide", "trunk_bends:left"), LEGS | _TRUNK),
    BasePose(
        "head_to_knee",
        _head_to_knee,
        ("hips_on_floor", "leg_straight:left", "knee_well_bent:right", "trunk_bent_forward"),
        LEGS | _TRUNK,
    ),
)
