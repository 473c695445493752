"""Poses of sitting on a chair and on the floor.

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, LEGS, TRUNK, Rng, pose
from training.grammar.base import uniform as u

_SHINS_HELD = at.Target("own_shin", "world", offset=(-0.08, 0.06, 0.09), pole=(1.0, -0.3, 0.1))
_TABLE = (-0.02, -0.28, 0.33)


@pose("on_chair", group="sitting", predicates=("seated", "feet_on_floor"), weight=3)
def on_chair(rng: Rng) -> Controls:
    """Upright on a chair, feet on the ground, hands on the thighs."""
    c = Controls(support="seat", height=u(rng, 0.45, 0.5), pitch=u(rng, -6, 4), flex=u(rng, 2, 12))
    c.both_feet(x=u(rng, 0.10, 0.16), z=u(rng, 0.36, 0.44), toe_out=8)
    c.both_hands(at.THIGH)
    return c


@pose("chair_hands_on_knees", group="sitting", predicates=("seated", "hand_on_knee:both"))
def _hands_on_knees(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.flex = u(rng, 14, 24)
    c.both_hands(at.KNEE)
    return c


@pose("floor_any", group="sitting", predicates=("seated_on_floor",), weight=2)
def _any_floor(rng: Rng) -> Controls:
    """Any way of sitting on the floor, most often with crossed legs or knees up."""
    pick = rng.random()
    if pick < 0.4:
        return floor_knees_up(rng)
    return _cross_legged(rng) if pick < 0.7 else on_floor(rng)


@pose("on_floor_legs_out", group="sitting", predicates=("seated_on_floor", "leg_straight:both"), locks=LEGS)
def on_floor(rng: Rng) -> Controls:
    """On the ground, legs stretched out ahead, hands on the thighs."""
    c = Controls(support="seat", height=0.085, pitch=u(rng, -12, -4), flex=u(rng, 8, 20))
    c.both_feet(x=u(rng, 0.08, 0.2), z=0.83, heel=-u(rng, 85, 110), toe_out=10)
    c.both_hands(at.THIGH)
    return c


@pose(
    "floor_knees_up",
    group="sitting",
    predicates=("seated_on_floor", "knee_well_bent:both", "feet_on_floor"),
    locks=LEGS,
    spread=0.4,
)
def floor_knees_up(rng: Rng) -> Controls:
    """On the ground, knees up, feet flat."""
    c = Controls(support="seat", height=0.085, pitch=-u(rng, 14, 22), flex=u(rng, 18, 30))
    c.both_feet(x=u(rng, 0.11, 0.16), z=u(rng, 0.44, 0.54), toe_out=3, knee_out=0.02)
    c.both_hands(at.KNEE)
    return c


@pose(
    "cross_legged",
    group="sitting",
    predicates=("seated_on_floor", "knee_well_bent:both", "knees_apart", "legs_crossed"),
    locks=LEGS,
    weight=2,
)
def _cross_legged(rng: Rng) -> Controls:
    c = Controls(support="seat", height=0.09, pitch=u(rng, -10, 0), flex=u(rng, 4, 14))
    for leg, ahead in zip(c.legs, (0.24, 0.32), strict=True):
        leg.plant(x=-u(rng, 0.08, 0.13), z=ahead, toe_out=-u(rng, 45, 65), heel=-12, knee_out=2.2)
    c.both_hands(at.KNEE)
    return c


def _lotus(rng: Rng) -> Controls:
    """Cross-legged with the feet on the thighs."""
    c = _cross_legged(rng)
    c.set(pitch=u(rng, -4, 2), flex=u(rng, 0, 6))
    for leg, ahead, high in zip(c.legs, (0.23, 0.30), (0.1, 0.1), strict=True):
        leg.plant(x=-u(rng, 0.11, 0.15), z=ahead, y=high * u(rng, 0.5, 1), toe_out=-55, heel=-12, knee_out=2.4)
    if rng.random() < 0.3:
        c.both_hands(at.PRAYER)
    return c


@pose("sit_meditating", group="sitting", predicates=("seated_on_floor", "knees_apart", "hand_on_knee:both"), locks=LEGS)
def _meditate(rng: Rng) -> Controls:
    c = _lotus(rng)
    c.both_hands(at.KNEE)
    return c


@pose("sit_sideways", group="sitting", predicates=("seated", "not facing_forward", "faces:left"), weight=1.5)
def _sideways(rng: Rng) -> Controls:
    """On a chair, turned a quarter to the left; the head may turn back to the viewer."""
    c = on_chair(rng)
    c.set(heading=u(rng, 70, 95), turn_head=-u(rng, 0, 60))
    return c


@pose(
    "side_saddle",
    group="sitting",
    predicates=("seated_on_floor", "legs_folded_to:left", "knee_well_bent:both"),
    locks=LEGS,
)
def _legs_to_left(rng: Rng) -> Controls:
    """On the ground, both shanks folded to the left, the right hand propping."""
    c = Controls(support="seat", height=0.09, pitch=-3, roll=-u(rng, 2, 8), flex=u(rng, 4, 12), bend=u(rng, 4, 12))
    c.left_leg.plant(x=u(rng, 0.44, 0.50), z=-u(rng, 0.04, 0.10), toe_out=38, heel=10, knee_out=-1.2)
    c.right_leg.plant(x=-u(rng, 0.06, 0.12), z=u(rng, 0.20, 0.26), toe_out=-60, heel=-12, knee_out=2.2)
    c.right_arm.to(at.FLOOR_BESIDE.moved(x=0.08))
    c.left_arm.to(at.THIGH)
    return c


@pose(
    "lean_on_hands",
    group="sitting",
    predicates=("hips_on_floor", "trunk_leans_back", "hand_on_floor:both"),
    locks=ARMS | TRUNK,
    weight=1.5,
)
def _lean_on_hands(rng: Rng) -> Controls:
    c = on_floor(rng) if rng.random() < 0.55 else floor_knees_up(rng)
    c.set(pitch=-u(rng, 30, 38), flex=u(rng, 2, 12), nod=-u(rng, 0, 12))
    c.both_hands(at.FLOOR_BEHIND.moved(z=-u(rng, 0.06, 0.14)))
    return c


@pose(
    "hug_knees",
    group="sitting",
    predicates=("seated_on_floor", "knee_well_bent:both", "knee_drawn_up:both", "hand_on_shin:both"),
    locks=ARMS | LEGS,
    spread=0.5,
    weight=2,
)
def _hug_knees(rng: Rng) -> Controls:
    c = floor_knees_up(rng)
    c.set(pitch=-u(rng, 2, 8), flex=u(rng, 36, 50), nod=u(rng, -5, 22))
    c.both_feet(x=u(rng, 0.07, 0.10), z=u(rng, 0.28, 0.34), toe_out=4)
    c.both_hands(_SHINS_HELD)
    return c


@pose(
    "hug_one_knee",
    group="sitting",
    predicates=("seated_on_floor", "knee_well_bent:left", "leg_straight:right", "hand_on_shin:left"),
    locks=ARMS | LEGS,
    spread=0.5,
)
def _hugging_one_knee(rng: Rng) -> Controls:
    c = _one_leg_bent(rng)
    c.set(pitch=-4, flex=u(rng, 30, 40))
    c.left_leg.plant(x=0.09, z=u(rng, 0.28, 0.34), toe_out=4)
    c.both_hands(_SHINS_HELD)
    c.right_arm.to(at.Target("other_shin", "world", offset=(0.02, 0.08, 0.09), pole=(1.0, -0.3, 0.1)))
    return c


@pose(
    "chair_legs_crossed",
    group="sitting",
    predicates=("seated", "knee_over:left", "legs_crossed"),
    locks=LEGS,
    weight=1.5,
)
def _legs_crossed(rng: Rng) -> Controls:
    """On a chair, the left leg over the right."""
    c = on_chair(rng)
    c.set(pitch=-u(rng, 2, 8), flex=u(rng, 6, 16))
    c.right_leg.plant(x=0.08, z=u(rng, 0.38, 0.44), toe_out=4)
    c.left_leg.angles(
        flexion=u(rng, 103, 108) + c.pitch,
        knee=u(rng, 72, 84),
        abduction=-u(rng, 20, 25),
        rotation=u(rng, 4, 12),
        ankle=u(rng, 15, 35),
    )
    pick = rng.random()
    if pick < 0.4:
        c.right_arm.to(at.OTHER_KNEE)
        c.left_arm.to(at.KNEE)
    elif pick < 0.6:
        c.both_hands(at.CROSSED)
        c.left_arm.to(at.CROSSED.moved(z=0.03))
    return c


@pose("ankle_on_knee", group="sitting", predicates=("seated", "ankle_on_other_knee:left"), locks=LEGS)
def _ankle_on_knee(rng: Rng) -> Controls:
    """On a chair, the left ankle on the right knee."""
    c = on_chair(rng)
    c.pitch = -u(rng, 4, 10)
    c.right_leg.plant(x=0.12, z=0.40, toe_out=6)
    c.left_leg.plant(
        x=-u(rng, 0.09, 0.12), z=u(rng, 0.31, 0.34), y=c.height + 0.03, toe_out=-60, heel=-27, knee_out=2.0
    )
    c.left_arm.to(at.KNEE)
    if rng.random() < 0.5:
        c.right_arm.to(at.Target("other_ankle", "world", offset=(0.0, 0.08, 0.02)))
    return c


@pose("sit_typing", group="sitting", predicates=("seated", "hands_in_front", "elbow_bent:both"), weight=1.5)
def _typing(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.set(pitch=u(rng, -2, 6), flex=u(rng, 8, 20), nod=u(rng, 0, 14))
    c.both_hands(at.in_front(-u(rng, 0.03, 0.08), u(rng, -0.32, -0.25), u(rng, 0.26, 0.32)))
    return c


@pose("sit_writing", group="sitting", predicates=("seated", "hands_in_front", "trunk_leans_forward"), right=0.8)
def _writing(rng: Rng) -> Controls:
    """At a desk, the left hand writes."""
    c = on_chair(rng)
    c.set(pitch=u(rng, 7, 14), flex=u(rng, 18, 28), nod=u(rng, 12, 24))
    c.left_arm.to(at.in_front(-0.08, u(rng, -0.32, -0.27), u(rng, 0.30, 0.34)))
    c.right_arm.to(at.in_front(0.04, u(rng, -0.34, -0.30), u(rng, 0.22, 0.26)))
    return c


@pose(
    "slump_chair", group="sitting", predicates=("hips_of_sitter", "sunk_back", "spine_rounded"), locks=TRUNK, weight=1.5
)
def _slump(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.set(pitch=-u(rng, 28, 38), flex=u(rng, 38, 54), nod=u(rng, 8, 26), bend=u(rng, -6, 10))
    c.both_feet(x=u(rng, 0.14, 0.2), z=u(rng, 0.5, 0.6), toe_out=14)
    if rng.random() < 0.6:
        c.both_arms(elevation=u(rng, 6, 20), azimuth=u(rng, 60, 90), elbow=u(rng, 8, 24))
    return c


@pose("sit_on_heels", group="sitting", predicates=("on_heels", "trunk_upright"), locks=LEGS, spread=0.7, weight=1.5)
def _on_heels(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=u(rng, -2, 4), flex=u(rng, 2, 10))
    for leg in c.legs:
        leg.angles(flexion=62 + c.pitch, knee=153, abduction=u(rng, 3, 9), rotation=0, ankle=60)
    c.both_hands(at.THIGH)
    return c


@pose(
    "astride_horse",
    group="sitting",
    predicates=("seated_high", "knees_apart", "hands_in_front"),
    locks=LEGS,
    weight=1.5,
)
def _astride(rng: Rng) -> Controls:
    """As in a saddle, thighs wide, hands at the reins."""
    c = Controls(support="seat", height=u(rng, 0.58, 0.62), pitch=u(rng, -2, 6), flex=u(rng, 0, 8))
    c.both_feet(x=u(rng, 0.32, 0.37), z=u(rng, 0.12, 0.2), toe_out=16, knee_out=0.5, heel=-6)
    c.both_hands(at.in_front(-0.10, u(rng, -0.28, -0.2), u(rng, 0.28, 0.34)))
    return c


@pose("edge_of_bench", group="sitting", predicates=("seated", "feet_on_floor"), weight=1.5)
def _edge(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.set(pitch=u(rng, 4, 12), flex=u(rng, 6, 16))
    c.both_feet(x=u(rng, 0.08, 0.14), z=u(rng, 0.24, 0.36), toe_out=8)
    if rng.random() < 0.6:
        c.both_hands(at.Target("own_hip", "world", offset=(0.13, 0.02, 0.02), pole=(0.6, -0.2, -1.0)))
    return c


@pose("sit_thinking", group="sitting", predicates=("seated", "hand_at_chin:left", "trunk_leans_forward"), weight=1.5)
def _thinker(rng: Rng) -> Controls:
    """The left elbow on the thigh, the hand at the chin."""
    c = on_chair(rng)
    c.set(pitch=u(rng, 12, 20), flex=u(rng, 34, 46), nod=u(rng, -6, 10))
    c.both_feet(x=u(rng, 0.1, 0.15), z=u(rng, 0.3, 0.4), toe_out=8)
    c.left_arm.to(at.CHIN, pole=(0.1, -1.0, 0.5))
    c.right_arm.to(at.THIGH if rng.random() < 0.5 else at.OTHER_KNEE)
    return c


@pose(
    "sit_reading",
    group="sitting",
    predicates=("hips_of_sitter", "hands_in_front", "head_down", "elbow_bent:both"),
    weight=1.5,
)
def _reading(rng: Rng) -> Controls:
    c = on_chair(rng) if rng.random() < 0.7 else _cross_legged(rng)
    c.set(flex=u(rng, 12, 24), nod=u(rng, 22, 34))
    c.both_hands(at.in_front(-u(rng, 0.04, 0.09), u(rng, -0.24, -0.14), u(rng, 0.25, 0.32)))
    return c


@pose("sit_knees_apart", group="sitting", predicates=("seated", "knees_apart"), locks=LEGS)
def _knees_apart(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.both_feet(x=u(rng, 0.28, 0.36), z=u(rng, 0.34, 0.42), toe_out=24, knee_out=0.4)
    c.both_hands(at.THIGH if rng.random() < 0.6 else at.KNEE)
    return c


@pose("sit_knees_together", group="sitting", predicates=("seated", "feet_together", "not knees_apart"), locks=LEGS)
def _knees_together(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.set(pitch=2, flex=u(rng, 0, 6))
    c.both_feet(x=0.06, z=u(rng, 0.34, 0.42), toe_out=2)
    c.both_hands(at.Target("own_thigh", "world", offset=(-0.06, 0.09, -0.06), pole=(1.0, -0.3, -0.5)))
    return c


@pose(
    "sit_leg_out", group="sitting", predicates=("seated_loose", "leg_straight:left", "knee_well_bent:right"), locks=LEGS
)
def _left_leg_out(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.left_leg.plant(x=0.12, z=u(rng, 0.70, 0.78), toe_out=8, heel=-u(rng, 50, 80))
    return c


@pose(
    "sit_leg_raised",
    group="sitting",
    predicates=("hips_of_sitter", "leg_straight:left", "foot_lifted:left", "knee_well_bent:right"),
    locks=LEGS,
)
def _left_leg_raised(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.pitch = -u(rng, 4, 10)
    c.left_leg.angles(
        flexion=u(rng, 86, 96) + c.pitch, knee=u(rng, 2, 10), abduction=2, rotation=0, ankle=u(rng, -10, 20)
    )
    return c


@pose(
    "elbows_on_knees",
    group="sitting",
    predicates=("hips_of_sitter", "trunk_bent_forward", "elbow_near_knee:both"),
    locks=TRUNK,
)
def _elbows_on_knees(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.set(pitch=u(rng, 26, 36), flex=u(rng, 36, 48), nod=u(rng, -16, 10))
    c.both_feet(x=u(rng, 0.16, 0.22), z=u(rng, 0.36, 0.42), toe_out=14)
    c.both_hands(at.Target("own_knee", "world", offset=(-0.10, 0.10, 0.16), pole=(1.0, -0.6, -0.3)))
    return c


@pose("sit_head_in_hands", group="sitting", predicates=("hips_of_sitter", "hand_at_head:both", "trunk_bent_forward"))
def _head_in_hands(rng: Rng) -> Controls:
    c = _elbows_on_knees(rng)
    c.set(nod=u(rng, 16, 30), flex=u(rng, 44, 54))
    c.both_hands(at.EYES if rng.random() < 0.5 else at.FOREHEAD)
    for arm in c.arms:
        arm.pole = (0.35, -1.0, 0.4)
    return c


@pose("sit_arms_crossed", group="sitting", predicates=("seated", "arms_crossed"))
def _chair_arms_crossed(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.left_arm.to(at.CROSSED.moved(z=0.03, y=0.02))
    c.right_arm.to(at.CROSSED.moved(y=-0.03, x=0.02))
    return c


@pose("sit_hands_behind_head", group="sitting", predicates=("seated_loose", "hand_at_head:both", "trunk_leans_back"))
def _hands_behind_head(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.set(pitch=-u(rng, 16, 24), flex=u(rng, 4, 12))
    c.both_feet(x=0.14, z=u(rng, 0.42, 0.56), toe_out=12)
    c.both_hands(at.BACK_OF_HEAD)
    return c


@pose("lean_back_chair", group="sitting", predicates=("seated_loose", "trunk_leans_back"), locks=TRUNK)
def _lean_back_chair(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.set(pitch=-u(rng, 20, 28), flex=u(rng, 6, 14), nod=u(rng, -14, 6))
    c.both_feet(x=u(rng, 0.12, 0.17), z=u(rng, 0.44, 0.58), toe_out=12)
    c.both_hands(at.Target("own_hip", "world", offset=(0.16, 0.17, 0.14), pole=(0.8, -0.3, -0.8)))
    return c


@pose("lean_forward_chair", group="sitting", predicates=("hips_of_sitter", "trunk_bent_forward"), locks=TRUNK)
def _lean_forward_chair(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.set(pitch=u(rng, 22, 32), flex=u(rng, 14, 24))
    c.both_hands(at.KNEE if rng.random() < 0.6 else at.THIGH)
    return c


@pose("straddle_sit", group="sitting", predicates=("seated_on_floor", "legs_wide", "leg_straight:both"), locks=LEGS)
def _straddle(rng: Rng) -> Controls:
    c = on_floor(rng)
    wide = np.radians(u(rng, 36, 48))
    for leg in c.legs:
        leg.plant(x=0.09 + 0.815 * float(np.sin(wide)), z=0.815 * float(np.cos(wide)), heel=-90, toe_out=40)
    c.set(pitch=u(rng, -4, 4), flex=u(rng, 6, 16))
    c.both_hands(at.KNEE if rng.random() < 0.5 else at.on_floor(x=0.12, z=0.34))
    return c


@pose(
    "sit_butterfly",
    group="sitting",
    predicates=("seated_on_floor", "feet_together", "knees_apart", "hand_at_ankle:both"),
    locks=LEGS,
)
def _butterfly(rng: Rng) -> Controls:
    c = _cross_legged(rng)
    c.flex = u(rng, 10, 24)
    c.both_feet(x=0.03, z=u(rng, 0.24, 0.3), toe_out=10, heel=0, knee_out=2.6)
    c.both_hands(at.ANKLE)
    return c


@pose(
    "sit_one_knee_up",
    group="sitting",
    predicates=("seated_on_floor", "knee_well_bent:left", "leg_straight:right"),
    locks=LEGS,
    spread=0.5,
)
def _one_leg_bent(rng: Rng) -> Controls:
    """On the ground, the left knee up, the right leg stretched out."""
    c = on_floor(rng)
    c.left_leg.plant(x=0.11, z=u(rng, 0.34, 0.46), toe_out=6)
    c.flex = u(rng, 12, 28)
    c.left_arm.to(at.KNEE)
    c.right_arm.to(at.FLOOR_BEHIND if rng.random() < 0.5 else at.THIGH)
    if c.right_arm.reach is at.FLOOR_BEHIND:
        c.pitch = -u(rng, 14, 20)
    return c


@pose("floor_twist", group="sitting", predicates=("seated_on_floor", "trunk_twists:left"), locks=LEGS | TRUNK)
def _floor_twist(rng: Rng) -> Controls:
    c = _cross_legged(rng)
    c.set(flex=u(rng, 0, 8), twist=u(rng, 38, 50), turn_head=u(rng, 10, 30))
    c.left_arm.to(at.FLOOR_BEHIND)
    c.right_arm.to(at.OTHER_KNEE)
    return c


@pose(
    "floor_ankles_crossed",
    group="sitting",
    predicates=("seated_on_floor", "leg_straight:both", "legs_crossed"),
    locks=LEGS,
    spread=0.5,
)
def _ankles_crossed_floor(rng: Rng) -> Controls:
    c = on_floor(rng)
    c.left_leg.plant(x=-0.06, z=0.83, y=0.05, heel=-95, toe_out=8)
    c.right_leg.plant(x=-0.03, z=0.815, heel=-95, toe_out=8)
    return c


@pose("sit_driving", group="sitting", predicates=("sunk_seat", "hand_ahead:both", "trunk_leans_back"))
def _driving(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.set(height=u(rng, 0.34, 0.4), pitch=-u(rng, 14, 20), flex=u(rng, 8, 16))
    c.both_feet(x=0.13, z=u(rng, 0.56, 0.64), toe_out=6)
    c.both_hands(at.in_front(-0.03, u(rng, -0.16, -0.06), u(rng, 0.36, 0.42)))
    return c


@pose("sit_eating", group="sitting", predicates=("seated", "hand_at_face:left"), right=0.8)
def _eating(rng: Rng) -> Controls:
    """At a table, the left hand at the mouth."""
    c = on_chair(rng)
    c.set(pitch=u(rng, 2, 8), flex=u(rng, 10, 22), nod=u(rng, 4, 14))
    c.left_arm.to(at.MOUTH.moved(z=0.03))
    c.right_arm.to(at.in_front(*_TABLE))
    return c


@pose("sit_piano", group="sitting", predicates=("seated", "hands_in_front", "hand_ahead:both"))
def _piano(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.set(flex=u(rng, 4, 14), nod=u(rng, 4, 16))
    for arm in c.arms:
        arm.to(at.in_front(u(rng, 0.0, 0.14), u(rng, -0.3, -0.24), u(rng, 0.36, 0.41)))
    return c


@pose("sit_asleep", group="sitting", predicates=("seated", "head_down"))
def _asleep(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.set(pitch=-u(rng, 8, 16), flex=u(rng, 18, 30), nod=u(rng, 30, 42), tilt=u(rng, 0, 18))
    if rng.random() < 0.5:
        c.both_hands(at.Target("own_thigh", "world", offset=(-0.06, 0.09, -0.10), pole=(1.0, -0.3, -0.5)))
    return c


@pose("sit_raise_hand", group="sitting", predicates=("seated", "arm_up:left"))
def _raised_hand(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.left_arm.angles(elevation=u(rng, 160, 176), azimuth=u(rng, 30, 80), elbow=u(rng, 2, 25))
    return c


@pose("bar_stool", group="sitting", predicates=("seated_high",), locks=LEGS)
def _stool(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.set(height=u(rng, 0.6, 0.64), pitch=u(rng, 0, 6))
    c.both_feet(x=u(rng, 0.1, 0.15), z=u(rng, 0.28, 0.34), toe_out=10, heel=10)
    return c


@pose(
    "sit_getting_up",
    group="sitting",
    predicates=("trunk_bent_forward", "knee_well_bent:both", "feet_on_floor"),
    locks=LEGS,
)
def _getting_up(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 44, 54), flex=u(rng, 12, 20), nod=-u(rng, 4, 14))
    c.both_feet(x=u(rng, 0.11, 0.16), knee=u(rng, 78, 92))
    c.both_hands(at.THIGH if rng.random() < 0.6 else at.KNEE)
    return c


@pose(
    "sit_look_back",
    group="sitting",
    predicates=("seated", "looks_behind:left", "trunk_twists:left"),
    locks=frozenset({"head", "trunk"}),
)
def _look_back(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.set(twist=u(rng, 34, 44), turn_head=u(rng, 54, 66))
    return c


@pose(
    "lean_on_one_hand",
    group="sitting",
    predicates=("hips_on_floor", "hand_on_floor:left", "not hand_on_floor:right"),
    locks=LEGS | ARMS,
)
def _lean_on_one_hand(rng: Rng) -> Controls:
    """On the ground, leaning back and to the left on the left hand."""
    c = on_floor(rng) if rng.random() < 0.4 else floor_knees_up(rng)
    c.set(pitch=-u(rng, 24, 32), flex=u(rng, 4, 12), bend=u(rng, 0, 8), nod=-u(rng, 0, 10))
    c.left_arm.to(at.FLOOR_BEHIND.moved(x=u(rng, 0.0, 0.1), z=u(rng, 0.0, 0.08)))
    c.right_arm.to(at.KNEE)
    return c


@pose(
    "straddle_reach", group="sitting", predicates=("hips_on_floor", "legs_wide", "trunk_bends:left"), locks=LEGS | TRUNK
)
def _straddle_reach(rng: Rng) -> Controls:
    """Legs wide on the ground, bent over to the left, the right arm over the head."""
    c = _straddle(rng)
    c.set(bend=u(rng, 30, 40), flex=u(rng, 4, 14), pitch=u(rng, -2, 6))
    c.left_arm.to(at.SHIN)
    c.right_arm.angles(elevation=u(rng, 158, 172), azimuth=u(rng, 60, 90), elbow=u(rng, 4, 20))
    return c


@pose(
    "head_to_knee",
    group="sitting",
    predicates=("hips_on_floor", "leg_straight:left", "knee_well_bent:right", "trunk_bent_forward"),
    locks=LEGS | TRUNK,
)
def _head_to_knee(rng: Rng) -> Controls:
    """Folded forward over the straight left leg, the right foot at the thigh."""
    c = on_floor(rng)
    c.right_leg.plant(x=-u(rng, 0.06, 0.12), z=u(rng, 0.20, 0.26), toe_out=-60, heel=-12, knee_out=2.2)
    c.set(pitch=u(rng, 10, 18), flex=u(rng, 46, 60), nod=u(rng, -6, 10), twist=u(rng, 0, 8))
    c.left_arm.to(at.SHIN)
    c.right_arm.to(at.Target("other_shin", "world", offset=(0.02, 0.08, 0.09), pole=(1.0, -0.3, 0.1)))
    return c
