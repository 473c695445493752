"""Poses of the trunk and the head, standing: bowing, bending, leaning, twisting, stretching, looking.

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import HEAD, LEGS, TRUNK, Rng, pose
from training.grammar.base import uniform as u
from training.grammar.poses.standing import stand

_HANDS_OF_HUGGED_LEGS = at.Target("own_shin", "world", offset=(-0.09, 0.04, 0.10), pole=(1.0, -0.4, 0.2))


@pose("trunk_bow", group="trunk", predicates=("standing", "trunk_bent_forward", "feet_on_floor"), weight=2)
def _bow(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 28, 46), flex=u(rng, 14, 28), nod=u(rng, 5, 20), weight=0)
    c.both_feet(x=u(rng, 0.06, 0.11), knee=4, toe_out=8)
    pick = rng.random()
    if pick < 0.6:
        c.both_arms(elevation=u(rng, 5, 12), azimuth=60, elbow=u(rng, 4, 14))
    elif pick < 0.8:
        c.both_hands(at.THIGH)
    else:
        c.left_arm.to(at.BELLY)
        c.right_arm.to(at.SMALL_OF_BACK)
    return c


@pose("bow_deep", group="trunk", predicates=("standing", "trunk_bent_far_forward", "feet_on_floor"), locks=TRUNK)
def _bow_deep(rng: Rng) -> Controls:
    c = _bow(rng)
    c.set(pitch=u(rng, 62, 74), flex=u(rng, 24, 36))
    if rng.random() < 0.5:
        c.both_hands(at.THIGH)
    else:
        c.both_arms(elevation=u(rng, 4, 14), azimuth=40, elbow=6)
    return c


@pose("head_bowed", group="trunk", predicates=("standing", "head_down"), locks=HEAD)
def _head_bowed(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=u(rng, 8, 16), nod=u(rng, 32, 44))
    return c


@pose("lean_to", group="trunk", predicates=("standing", "trunk_leans:left", "feet_on_floor"), locks=TRUNK, weight=2)
def _lean_left(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(roll=u(rng, 6, 12), bend=u(rng, 14, 24), tilt=u(rng, -4, 6), weight=u(rng, 0.2, 0.5))
    c.both_feet(x=u(rng, 0.12, 0.18), knee=5)
    c.right_arm.angles(elevation=u(rng, 3, 10), azimuth=u(rng, 10, 60), elbow=u(rng, 6, 20))
    return c


@pose("side_bend", group="trunk", predicates=("standing", "trunk_leans:left", "trunk_bends:left"), locks=TRUNK)
def _bend_left(rng: Rng) -> Controls:
    """A side bend with the left hand sliding down the thigh."""
    c = _lean_left(rng)
    c.set(roll=u(rng, 10, 16), bend=u(rng, 32, 44))
    c.left_arm.to(at.THIGH.moved(x=u(rng, 0.07, 0.11), y=-u(rng, 0.02, 0.12)))
    c.right_arm.to(at.HIP)
    return c


@pose(
    "side_stretch",
    group="trunk",
    predicates=("standing", "trunk_leans:left", "trunk_bends:left", "hand_above_head:right"),
    locks=TRUNK,
    weight=1.5,
)
def _stretch_left(rng: Rng) -> Controls:
    """A side stretch to the left, the right arm over the head."""
    c = _bend_left(rng)
    c.bend = u(rng, 24, 36)
    c.right_arm.angles(elevation=u(rng, 160, 176), azimuth=88, elbow=u(rng, 8, 30))
    if rng.random() < 0.5:
        c.left_arm.to(at.HIP)
    elif rng.random() < 0.3:
        c.left_arm.angles(elevation=u(rng, 160, 175), azimuth=88, elbow=10)
    return c


@pose("twist_to", group="trunk", predicates=("standing", "trunk_twists:left", "feet_on_floor"), locks=TRUNK, weight=2)
def _twist_left(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(twist=u(rng, 36, 50), turn=u(rng, 2, 8), turn_head=u(rng, 8, 26), weight=0)
    c.both_feet(x=u(rng, 0.12, 0.2), knee=6)
    pick = rng.random()
    if pick < 0.35:
        c.both_hands(at.HIP)
    elif pick < 0.6:
        c.left_arm.angles(elevation=u(rng, 30, 80), azimuth=u(rng, 90, 120), elbow=u(rng, 10, 50))
        c.right_arm.angles(elevation=u(rng, 40, 80), azimuth=-u(rng, 10, 30), elbow=u(rng, 30, 80))
    return c


@pose("look_over_shoulder", group="trunk", predicates=("standing", "looks_behind:left"), locks=HEAD, weight=2)
def _look_over_left(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(turn=u(rng, 3, 9), twist=u(rng, 26, 40), turn_head=u(rng, 56, 70), nod=u(rng, -4, 8))
    return c


@pose("look_to_side", group="trunk", predicates=("standing", "head_turned:left"), locks=HEAD)
def _look_left(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(turn_head=u(rng, 45, 68), nod=u(rng, -6, 6), twist=u(rng, 0, 8))
    return c


@pose("trunk_tilt_head", group="trunk", predicates=("standing", "head_tilts:left"), locks=HEAD)
def _tilt_left(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(tilt=u(rng, 28, 40), turn_head=0, bend=u(rng, 0, 4))
    return c


@pose("trunk_look_up", group="trunk", predicates=("standing", "head_up"), locks=HEAD, weight=1.5)
def _look_up(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=-u(rng, 4, 12), nod=-u(rng, 36, 48))
    return c


@pose("trunk_look_down", group="trunk", predicates=("standing", "head_down"), locks=HEAD, weight=1.5)
def _look_down(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=u(rng, 4, 12), nod=u(rng, 30, 42))
    return c


@pose(
    "trunk_duck",
    group="trunk",
    predicates=("knee_well_bent:both", "trunk_leans_forward", "head_down", "feet_on_floor"),
    locks=LEGS | TRUNK,
    weight=1.5,
)
def _duck(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 28, 40), flex=u(rng, 24, 40), nod=u(rng, 24, 34), weight=0)
    c.both_feet(x=u(rng, 0.12, 0.2), knee=u(rng, 78, 98), knee_out=0.15)
    if rng.random() < 0.45:
        c.both_hands(at.BACK_OF_HEAD)
    else:
        c.both_arms(elevation=u(rng, 25, 55), azimuth=u(rng, 15, 50), elbow=u(rng, 40, 90))
    return c


@pose(
    "hunch_over",
    group="trunk",
    predicates=("standing", "spine_rounded", "trunk_leans_forward"),
    locks=TRUNK,
    weight=1.5,
)
def _hunch(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 4, 14), flex=u(rng, 50, 66), nod=u(rng, 8, 24))
    c.both_feet(x=0.11, knee=u(rng, 12, 24))
    c.both_arms(elevation=u(rng, 24, 45), azimuth=u(rng, 5, 25), elbow=u(rng, 12, 50), protract=22)
    return c


@pose("trunk_belly_ache", group="trunk", predicates=("standing", "spine_rounded", "hand_on_belly:both"))
def _belly_ache(rng: Rng) -> Controls:
    c = _hunch(rng)
    c.both_hands(at.Target("pelvis", "pelvis", offset=(0.0, 0.13, 0.17), pole=(1.0, -0.4, -0.4)))
    return c


@pose("arch_back", group="trunk", predicates=("standing", "spine_arched", "feet_on_floor"), locks=TRUNK, weight=1.5)
def _arch(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=-u(rng, 6, 12), flex=-u(rng, 36, 50), nod=-u(rng, 18, 34))
    c.both_feet(x=u(rng, 0.11, 0.18), knee=u(rng, 10, 20))
    pick = rng.random()
    if pick < 0.45:
        c.both_hands(at.SMALL_OF_BACK)
    elif pick < 0.7:
        c.both_arms(elevation=u(rng, 150, 172), azimuth=60, elbow=8)
    else:
        c.both_arms(elevation=u(rng, 20, 40), azimuth=u(rng, 100, 140), elbow=15)
    return c


@pose("lean_back", group="trunk", predicates=("standing", "trunk_leans_back", "feet_on_floor"), locks=TRUNK, weight=1.5)
def _lean_back(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=-u(rng, 12, 18), flex=-u(rng, 12, 20), nod=u(rng, -8, 8), weight=0)
    c.both_feet(x=u(rng, 0.1, 0.16), knee=u(rng, 14, 26))
    return c


@pose("lean_forward", group="trunk", predicates=("standing", "trunk_leans_forward", "feet_on_floor"), locks=TRUNK)
def _lean_forward(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 16, 26), flex=u(rng, 6, 14), nod=-u(rng, 0, 14))
    return c


@pose(
    "curl_up",
    group="trunk",
    predicates=("spine_rounded", "head_down", "knee_drawn_up:both", "knee_well_bent:both"),
    weight=1.5,
)
def _curl_up(rng: Rng) -> Controls:
    """A ball on both feet: deep squat, head between the knees, arms around the shins."""
    c = Controls(pitch=u(rng, 26, 36), flex=u(rng, 66, 82), nod=u(rng, 24, 38))
    c.both_feet(x=u(rng, 0.07, 0.10), knee=u(rng, 134, 142), heel=u(rng, 4, 16), toe_out=6)
    c.both_hands(_HANDS_OF_HUGGED_LEGS)
    return c


@pose("puff_chest", group="trunk", predicates=("standing", "chest_out"), locks=TRUNK, weight=1.5)
def _puff(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=2, flex=-u(rng, 20, 28), nod=-u(rng, 2, 12))
    c.both_feet(x=u(rng, 0.11, 0.18), knee=3)
    if rng.random() < 0.4:
        c.both_hands(at.HIP)
    else:
        c.both_arms(elevation=u(rng, 12, 24), azimuth=u(rng, 105, 135), elbow=u(rng, 15, 40), protract=-18)
    return c


@pose(
    "bend_forward",
    group="trunk",
    predicates=("standing", "trunk_bent_forward", "feet_on_floor"),
    locks=TRUNK,
    weight=1.5,
)
def _bend_forward(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 46, 64), flex=u(rng, 22, 38), nod=u(rng, -6, 12), weight=0)
    c.both_feet(x=u(rng, 0.09, 0.16), knee=u(rng, 5, 14))
    down = u(rng, 58, 80)
    c.both_arms(elevation=down, azimuth=u(rng, 4, 12), elbow=u(rng, 4, 18))
    return c


@pose("flat_back", group="trunk", predicates=("standing", "trunk_bent_far_forward", "feet_on_floor"), locks=TRUNK)
def _flat_back(rng: Rng) -> Controls:
    c = _bend_forward(rng)
    c.set(pitch=u(rng, 80, 88), flex=u(rng, -4, 6), nod=-u(rng, 8, 20))
    c.both_arms(elevation=u(rng, 70, 85), azimuth=6, elbow=8)
    return c


def _fold(rng: Rng) -> Controls:
    """Folded forward from the hips, arms hanging."""
    c = stand(rng)
    c.set(pitch=u(rng, 96, 108), flex=u(rng, 48, 62), nod=u(rng, 0, 14), weight=0)
    c.both_feet(x=u(rng, 0.08, 0.13), knee=u(rng, 4, 12))
    c.both_arms(elevation=u(rng, 130, 150), azimuth=u(rng, 4, 12), elbow=u(rng, 4, 16))
    return c


@pose(
    "touch_toes",
    group="trunk",
    predicates=("on_feet", "trunk_bent_far_forward", "hand_at_toes:both"),
    locks=TRUNK,
    weight=2,
)
def _touch_toes(rng: Rng) -> Controls:
    c = _fold(rng)
    c.set(pitch=u(rng, 90, 102), flex=u(rng, 54, 68))
    c.both_feet(x=u(rng, 0.07, 0.11), knee=u(rng, 4, 14), toe_out=6)
    c.both_hands(at.TOES.moved(y=-0.02))
    return c


@pose(
    "palms_on_floor", group="trunk", predicates=("on_feet", "trunk_bent_far_forward", "hand_on_floor:both"), locks=TRUNK
)
def _palms_on_floor(rng: Rng) -> Controls:
    c = _touch_toes(rng)
    c.set(pitch=u(rng, 98, 108), flex=u(rng, 60, 72))
    c.both_hands(at.Target("own_foot", "world", offset=(0.06, 0.05, 0.06), pole=(0.8, 0.3, 0.2), on_ground=True))
    return c


@pose("grab_ankles", group="trunk", predicates=("on_feet", "trunk_bent_far_forward", "hand_at_ankle:both"), locks=TRUNK)
def _grab_ankles(rng: Rng) -> Controls:
    c = _touch_toes(rng)
    c.both_hands(at.ANKLE)
    return c


@pose(
    "opposite_foot",
    group="trunk",
    predicates=("on_feet", "trunk_bent_far_forward", "hand_at_other_toes:left", "feet_wide"),
    locks=TRUNK | LEGS,
)
def _left_hand_to_right_foot(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 94, 102), flex=u(rng, 56, 66), twist=-u(rng, 24, 34), weight=0, nod=5)
    c.both_feet(x=u(rng, 0.27, 0.32), knee=u(rng, 8, 16), toe_out=14)
    c.left_arm.to(at.OTHER_TOES)
    c.right_arm.angles(elevation=u(rng, 84, 100), azimuth=u(rng, 90, 110), elbow=6)
    return c


@pose(
    "floor_pick_up",
    group="trunk",
    predicates=(
        "trunk_bent_forward",
        "hand_on_floor:left",
        "not hand_on_floor:right",
        "knee_bent:both",
        "feet_on_floor",
    ),
    locks=TRUNK,
    weight=2,
)
def _pick_up(rng: Rng) -> Controls:
    """Down on bent legs, the left hand at the ground before the feet."""
    c = stand(rng)
    c.set(pitch=u(rng, 72, 84), flex=u(rng, 50, 60), nod=-u(rng, 0, 12), weight=0)
    c.both_feet(x=u(rng, 0.11, 0.17), knee=u(rng, 78, 92), knee_out=0.2)
    c.left_arm.to(at.on_floor(x=u(rng, 0.04, 0.12), z=u(rng, 0.36, 0.44)))
    c.right_arm.to(at.KNEE)
    return c


@pose(
    "trunk_lift_box",
    group="trunk",
    predicates=("trunk_bent_forward", "hand_on_floor:both", "knee_well_bent:both"),
    locks=TRUNK,
)
def _lift_box(rng: Rng) -> Controls:
    c = _pick_up(rng)
    c.both_feet(x=u(rng, 0.16, 0.22), knee=u(rng, 106, 120), knee_out=0.4)
    c.set(pitch=u(rng, 60, 70), flex=u(rng, 42, 52))
    c.both_hands(at.on_floor(x=u(rng, 0.16, 0.2), z=u(rng, 0.38, 0.46)))
    return c


@pose("catch_breath", group="trunk", predicates=("standing", "trunk_bent_forward", "hand_on_knee:both"), locks=TRUNK)
def _hands_on_knees(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 46, 56), flex=u(rng, 30, 42), nod=u(rng, -14, 18), weight=0)
    c.both_feet(x=u(rng, 0.13, 0.2), knee=u(rng, 26, 42), knee_out=0.1)
    c.both_hands(at.KNEE)
    return c


@pose("look_closely", group="trunk", predicates=("standing", "trunk_bent_forward"))
def _look_closely(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 34, 46), flex=u(rng, 22, 32), nod=-u(rng, 4, 16))
    c.both_feet(x=0.12, knee=u(rng, 8, 22))
    if rng.random() < 0.5:
        c.both_hands(at.SMALL_OF_BACK)
    else:
        c.both_hands(at.THIGH)
    return c


@pose("trunk_stretch_up", group="trunk", predicates=("standing", "arm_up:both"))
def _stretch_up(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=-u(rng, 6, 14), nod=-u(rng, 8, 24), weight=0)
    c.both_feet(x=u(rng, 0.09, 0.15), knee=2, heel=u(rng, 0, 20) if rng.random() < 0.4 else 0.0)
    c.both_arms(elevation=u(rng, 166, 178), azimuth=u(rng, 50, 85), elbow=u(rng, 2, 12), shrug=10)
    return c


@pose("sore_back", group="trunk", predicates=("standing", "hand_behind_back:left"))
def _sore_back(rng: Rng) -> Controls:
    """The left hand on the small of the back, a little bent."""
    c = stand(rng)
    c.set(pitch=u(rng, 8, 18), flex=u(rng, 12, 28), nod=u(rng, 6, 18))
    c.left_arm.to(at.SMALL_OF_BACK)
    if rng.random() < 0.4:
        c.right_arm.to(at.SMALL_OF_BACK)
    return c


@pose("hip_out", group="trunk", predicates=("standing", "weight_on:left", "hips_shifted:left"), locks=TRUNK | LEGS)
def _hip_out(rng: Rng) -> Controls:
    """The hips pushed to the left, the trunk leaning back to the right."""
    c = stand(rng)
    c.set(roll=-u(rng, 8, 12), bend=u(rng, 12, 20), weight=0.8, sway_x=u(rng, 0.02, 0.05), balance=0.1)
    c.left_leg.plant(x=0.11, knee=3)
    c.right_leg.plant(x=0.16, z=0.05, knee=18, toe_out=20)
    return c


@pose(
    "bow_hand_on_belly",
    group="trunk",
    predicates=("standing", "trunk_leans_forward", "hand_on_belly:left", "not hand_on_belly:right"),
    locks=frozenset({"trunk", "left_arm", "right_arm"}),
)
def _formal_bow(rng: Rng) -> Controls:
    """Bent forward, the left hand on the belly, the right behind the back or at the side."""
    c = _bow(rng)
    c.pitch = u(rng, 24, 36)
    c.left_arm.to(at.BELLY)
    if rng.random() < 0.6:
        c.right_arm.to(at.SMALL_OF_BACK)
    else:
        c.right_arm.angles(elevation=u(rng, 8, 40), azimuth=100, elbow=u(rng, 4, 14))
    return c
