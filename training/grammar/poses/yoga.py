"""Yoga poses.

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from training import landmarks as at
from training.controls import FEET_AND_WRISTS, KNEES_AND_WRISTS, Controls
from training.grammar.base import ARMS, BALANCE, BODY, LEGS, TRUNK, Rng, pose
from training.grammar.base import uniform as u
from training.grammar.poses.sitting import on_floor
from training.grammar.poses.standing import stand

_OVERHEAD: Final = at.Target("head", "chest", offset=(0.02, 0.44, 0.02), pole=(1.0, 0.1, 0.2))


@pose(
    "downward_dog",
    group="yoga",
    predicates=("hand_on_floor:both", "feet_on_floor", "hips_highest", "leg_straight:both", "facing_down"),
    locks=BODY,
    weight=1.5,
)
def _downward_dog(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=u(rng, 118, 126), flex=u(rng, 2, 12), nod=u(rng, 0, 12), level=FEET_AND_WRISTS)
    c.both_arms(elevation=u(rng, 170, 178), azimuth=40, elbow=3)
    c.both_legs(flexion=u(rng, 82, 90), knee=u(rng, 2, 8), abduction=u(rng, 2, 5), rotation=0, ankle=-u(rng, 14, 26))
    return c


@pose(
    "three_legged_dog",
    group="yoga",
    predicates=("hand_on_floor:both", "foot_high:left", "leg_straight:left", "foot_on_floor:right"),
    locks=BODY,
    weight=0.7,
)
def _three_legged_dog(rng: Rng) -> Controls:
    """The left leg raised behind."""
    c = _downward_dog(rng)
    c.level = (("right_foot",), ("left_wrist", "right_wrist"))
    c.left_leg.angles(flexion=-u(rng, 5, 20), knee=u(rng, 2, 10), abduction=2, rotation=0, ankle=30)
    return c


@pose(
    "dolphin",
    group="yoga",
    predicates=("elbow_on_floor:both", "leg_straight:both", "hips_highest"),
    locks=BODY,
    weight=0.6,
)
def _dolphin(rng: Rng) -> Controls:
    c = _downward_dog(rng)
    c.set(pitch=132, level=(("left_foot", "right_foot"), ("left_elbow", "right_elbow")))
    c.both_arms(elevation=u(rng, 138, 148), azimuth=8, elbow=90)
    c.both_legs(flexion=u(rng, 92, 100), knee=u(rng, 3, 10), abduction=3, rotation=0, ankle=-32)
    return c


@pose(
    "upward_dog",
    group="yoga",
    predicates=("hand_on_floor:both", "spine_arched", "arm_straight:both", "facing_down", "foot_on_floor:both"),
    locks=BODY,
    weight=1.4,
)
def _upward_dog(rng: Rng) -> Controls:
    """On straight arms, hips just above the ground."""
    c = Controls(support="lowest", pitch=u(rng, 62, 68), flex=-u(rng, 50, 60), nod=-u(rng, 12, 28))
    c.level = (("left_foot", "right_foot"), ("left_wrist", "right_wrist"))
    c.both_arms(elevation=u(rng, 4, 12), azimuth=10, elbow=4)
    c.both_legs(flexion=-u(rng, 8, 14), knee=u(rng, 2, 6), abduction=u(rng, 2, 5), rotation=0, ankle=55)
    return c


@pose(
    "cobra",
    group="yoga",
    predicates=("hip_low", "spine_arched", "facing_down", "hand_on_floor:both"),
    locks=BODY,
    weight=1.5,
)
def _cobra(rng: Rng) -> Controls:
    """Belly on the ground, chest raised on half bent arms."""
    c = Controls(support="lowest", pitch=u(rng, 84, 88), flex=-u(rng, 52, 66), nod=-u(rng, 15, 30))
    c.both_legs(flexion=u(rng, -6, -3), knee=u(rng, 1, 4), abduction=u(rng, 2, 6), rotation=0, ankle=58)
    c.both_hands(at.on_floor(x=u(rng, 0.18, 0.24), z=u(rng, 0.32, 0.42)), pole=(0.4, 0.1, -1.0))
    return c


@pose("locust", group="yoga", predicates=("hip_low", "facing_down", "spine_arched"), locks=LEGS | TRUNK)
def _locust(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=u(rng, 86, 90), flex=-u(rng, 36, 50), nod=-u(rng, 5, 18))
    c.both_legs(flexion=-u(rng, 18, 28), knee=u(rng, 2, 8), abduction=4, rotation=0, ankle=50)
    c.both_arms(elevation=u(rng, 22, 34), azimuth=165, elbow=4)
    return c


@pose(
    "bow_pose",
    group="yoga",
    predicates=("hip_low", "facing_down", "spine_arched", "hand_at_ankle:both", "knee_well_bent:both"),
    locks=BODY,
)
def _bow_pose(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=u(rng, 86, 92), flex=-u(rng, 60, 68), nod=-u(rng, 10, 20))
    c.both_legs(flexion=-u(rng, 30, 38), knee=u(rng, 92, 104), abduction=8, rotation=0, ankle=25)
    c.both_hands(at.ANKLE, pole=(0.6, 0.2, -0.4))
    return c


@pose(
    "child",
    group="yoga",
    predicates=("knees_on_floor", "trunk_horizontal", "head_near_floor", "knee_well_bent:both"),
    locks=LEGS | TRUNK,
    weight=1.5,
)
def _child(rng: Rng) -> Controls:
    """Seat on the heels, forehead to the ground."""
    c = Controls(support="lowest", pitch=u(rng, 78, 84), flex=u(rng, 40, 50), nod=u(rng, 5, 16))
    c.both_legs(flexion=u(rng, 140, 146), knee=u(rng, 146, 152), abduction=u(rng, 4, 14), rotation=0, ankle=62)
    if rng.random() < 0.7:
        c.both_hands(
            at.Target(
                "head",
                "world",
                offset=(u(rng, 0.10, 0.2), 0.03, u(rng, 0.28, 0.42)),
                pole=(0.9, 0.4, -0.3),
                on_ground=True,
            )
        )
    else:
        c.both_hands(at.on_floor(x=0.24, z=-u(rng, 0.0, 0.15)), pole=(0.8, 0.6, 0.2))
    return c


def _all_fours(rng: Rng) -> Controls:
    """On hands and knees."""
    c = Controls(support="lowest", pitch=84, nod=0, level=KNEES_AND_WRISTS)
    c.both_legs(flexion=u(rng, 82, 90), knee=u(rng, 92, 96), abduction=u(rng, 2, 5), rotation=0, ankle=60)
    return c


@pose("cat", group="yoga", predicates=("on_all_fours", "spine_rounded"), locks=BODY, spread=0.6, weight=1.4)
def _cat(rng: Rng) -> Controls:
    """On hands and knees, the back rounded up, head down."""
    c = _all_fours(rng)
    c.set(pitch=60, flex=u(rng, 56, 68), nod=u(rng, 20, 35))
    c.both_arms(elevation=c.flex + 58, azimuth=6, elbow=4)
    c.both_legs(flexion=u(rng, 48, 54), knee=u(rng, 93, 97), abduction=u(rng, 2, 5), rotation=0, ankle=60)
    return c


@pose("cow", group="yoga", predicates=("on_all_fours", "spine_arched"), locks=BODY, spread=0.6, weight=1.4)
def _cow(rng: Rng) -> Controls:
    """On hands and knees, the back hollow, head up."""
    c = _all_fours(rng)
    c.set(pitch=106, flex=-u(rng, 40, 52), nod=-u(rng, 22, 38))
    c.both_arms(elevation=u(rng, 58, 66), azimuth=6, elbow=4)
    c.both_legs(flexion=u(rng, 104, 110), knee=u(rng, 95, 99), abduction=u(rng, 2, 5), rotation=0, ankle=60)
    return c


@pose(
    "pigeon",
    group="yoga",
    predicates=("hip_low", "knee_well_bent:left", "leg_straight:right", "foot_behind:right"),
    locks=LEGS,
    weight=1.4,
)
def _pigeon(rng: Rng) -> Controls:
    """The left shank across in front, the right leg straight behind."""
    c = Controls(support="seat", height=0.10, pitch=u(rng, 8, 18), flex=-u(rng, 4, 18))
    c.left_leg.plant(x=-u(rng, 0.10, 0.18), z=u(rng, 0.28, 0.34), heel=-10, toe_out=-70, knee_out=2.0)
    c.right_leg.plant(x=0.10, z=-0.88, heel=142, toe_out=0)
    choice = rng.random()
    if choice < 0.3:
        c.set(pitch=u(rng, 40, 50), flex=u(rng, 45, 55), nod=10)
        c.both_hands(at.on_floor(x=0.2, z=0.75))
    else:
        c.both_hands(at.on_floor(x=0.24, z=u(rng, 0.10, 0.3)))
    return c


@pose(
    "low_lunge", group="yoga", predicates=("knee_on_floor:right", "foot_on_floor:left", "leg_forward:left"), locks=LEGS
)
def _low_lunge(rng: Rng) -> Controls:
    """The left foot ahead, the right knee on the ground behind, arms up."""
    c = Controls(support="lowest", pitch=u(rng, 2, 8), flex=-u(rng, 8, 18), nod=-u(rng, 4, 16))
    c.right_leg.angles(flexion=-u(rng, 22, 32), knee=u(rng, 58, 66), abduction=3, rotation=0, ankle=60)
    c.left_leg.plant(x=0.09, z=u(rng, 0.36, 0.44), toe_out=4)
    if rng.random() < 0.7:
        c.both_arms(elevation=u(rng, 164, 176), azimuth=60, elbow=4)
    else:
        c.left_arm.to(at.KNEE)
        c.right_arm.to(at.HIP)
    return c


@pose(
    "camel",
    group="yoga",
    predicates=("knees_on_floor", "spine_arched", "trunk_leans_back", "hips_off_floor"),
    locks=LEGS | TRUNK,
)
def _camel(rng: Rng) -> Controls:
    """Upright on the knees, arched back, hands on the heels."""
    c = Controls(support="lowest", pitch=-u(rng, 8, 16), flex=-u(rng, 62, 70), nod=-u(rng, 25, 40))
    lean = float(np.asarray(c.pitch))
    c.both_legs(flexion=lean + 6, knee=u(rng, 94, 98), abduction=u(rng, 3, 7), rotation=0, ankle=62)
    c.both_hands(at.ANKLE.moved(y=0.02), pole=(0.5, 0.2, -0.9))
    return c


@pose(
    "crow",
    group="yoga",
    predicates=("hand_on_floor:both", "knee_well_bent:both", "facing_down", "not foot_on_floor:both"),
    locks=BODY,
)
def _crow(rng: Rng) -> Controls:
    """On the hands alone, knees at the upper arms."""
    c = Controls(support="lowest", pitch=u(rng, 92, 102), flex=u(rng, 40, 52), nod=-u(rng, 25, 40))
    c.both_arms(elevation=u(rng, 98, 108), azimuth=4, elbow=u(rng, 30, 42))
    c.both_legs(flexion=u(rng, 132, 140), knee=u(rng, 128, 138), abduction=10, rotation=10, ankle=30)
    return c


@pose("plow", group="yoga", predicates=("hips_off_floor", "head_near_floor", "leg_straight:both"), locks=BODY)
def _plow(rng: Rng) -> Controls:
    """On the shoulders, the legs over the head to the ground."""
    c = Controls(support="lowest", pitch=-u(rng, 196, 206), flex=u(rng, 84, 96), nod=42)
    c.level = (("left_foot", "right_foot"), ("neck",))
    c.both_legs(flexion=u(rng, 112, 120), knee=3, abduction=2, rotation=0, ankle=-10)
    c.both_arms(elevation=u(rng, 22, 30), azimuth=5, elbow=4)
    return c


@pose(
    "shoulder_stand",
    group="yoga",
    predicates=("hips_off_floor", "head_near_floor", "foot_high:both", "leg_straight:both"),
    locks=BODY,
    tags=frozenset({"upside_down"}),
)
def _shoulder_stand(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=-u(rng, 168, 178), flex=u(rng, 70, 84), nod=45)
    c.both_legs(flexion=u(rng, -8, 4), knee=u(rng, 1, 6), abduction=2, rotation=0, ankle=35)
    c.both_hands(at.Target("spine1", "pelvis", offset=(0.10, 0.02, -0.14), pole=(0.8, 0.4, -1.0)))
    return c


@pose(
    "happy_baby",
    group="yoga",
    predicates=("lying_supine", "knee_well_bent:both", "hand_at_ankle:both", "knees_apart"),
    locks=BODY,
)
def _happy_baby(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=-u(rng, 110, 116), flex=u(rng, 22, 30), nod=u(rng, 5, 15))
    c.both_legs(flexion=u(rng, 142, 148), knee=u(rng, 74, 80), abduction=u(rng, 24, 32), rotation=5, ankle=-10)
    c.both_hands(at.ANKLE.moved(x=-0.02), pole=(1.0, 0.0, 0.4))
    return c


@pose(
    "tree",
    group="yoga",
    predicates=("stands_on:right", "foot_at_other_leg:left", "knee_well_bent:left", "trunk_upright"),
    locks=LEGS,
    weight=1.5,
    tags=BALANCE,
)
def _tree(rng: Rng) -> Controls:
    """On the right leg, the left sole at its inner side."""
    c = stand(rng)
    c.set(flex=0, nod=-2)
    c.right_leg.plant(x=0.04, knee=3, toe_out=6)
    if rng.random() < 0.7:
        c.left_leg.angles(flexion=37, knee=135, abduction=46, rotation=62, ankle=15)
    else:
        c.left_leg.angles(flexion=32, knee=100, abduction=38, rotation=60, ankle=15)
    choice = rng.random()
    if choice < 0.5:
        c.both_hands(at.PRAYER)
    elif choice < 0.9:
        c.both_hands(_OVERHEAD)
    else:
        c.both_arms(elevation=u(rng, 80, 95), azimuth=90, elbow=6)
    return c


def _warrior_legs(rng: Rng) -> Controls:
    """A long stride on the bent left leg, the right one straight behind."""
    c = stand(rng)
    c.set(pitch=2, flex=-4, balance=0.3, weight=0.3)
    c.left_leg.plant(x=0.09, z=u(rng, 0.40, 0.46), knee=u(rng, 72, 86), toe_out=2)
    c.right_leg.plant(x=0.10, z=-u(rng, 0.60, 0.65), knee=4, toe_out=u(rng, 45, 60))
    return c


@pose(
    "warrior_one",
    group="yoga",
    predicates=("leg_forward:left", "knee_bent:left", "leg_straight:right", "hand_high:both", "feet_staggered"),
    locks=LEGS,
    spread=0.5,
    weight=1.5,
)
def _warrior_one(rng: Rng) -> Controls:
    c = _warrior_legs(rng)
    c.set(flex=-u(rng, 6, 16), nod=-u(rng, 4, 20))
    if rng.random() < 0.5:
        c.both_arms(elevation=u(rng, 168, 178), azimuth=60, elbow=4)
    else:
        c.both_hands(_OVERHEAD)
    return c


@pose(
    "warrior_two",
    group="yoga",
    predicates=("feet_wide", "knee_bent:left", "leg_straight:right", "arm_sideways:both", "trunk_upright"),
    locks=LEGS,
    spread=0.5,
    weight=1.5,
)
def _warrior_two(rng: Rng) -> Controls:
    """Legs wide to the sides, the left knee bent, arms level, looking left."""
    c = stand(rng)
    c.set(flex=0, weight=0.28, balance=0.3, nod=-2)
    c.left_leg.plant(x=u(rng, 0.48, 0.54), knee=u(rng, 72, 86), toe_out=82, knee_out=0.4)
    c.right_leg.plant(x=u(rng, 0.63, 0.67), knee=3, toe_out=12)
    c.both_arms(elevation=u(rng, 86, 93), azimuth=90, elbow=3)
    c.turn_head = u(rng, 58, 76)
    return c


@pose(
    "warrior_three",
    group="yoga",
    predicates=("stands_on:right", "trunk_horizontal", "leg_straight:left", "foot_high:left"),
    locks=LEGS | TRUNK,
    weight=1.5,
    tags=BALANCE,
)
def _warrior_three(rng: Rng) -> Controls:
    """On the right leg, trunk and left leg level."""
    c = stand(rng)
    c.set(pitch=u(rng, 80, 88), flex=-u(rng, 0, 6), nod=-u(rng, 10, 25), balance=1.0)
    c.right_leg.plant(x=0.04, knee=u(rng, 4, 12), toe_out=4)
    c.left_leg.angles(flexion=-u(rng, 4, 14), knee=3, abduction=2, rotation=0, ankle=u(rng, 0, 30))
    choice = rng.random()
    if choice < 0.65:
        c.both_arms(elevation=u(rng, 168, 177), azimuth=40, elbow=3)
    elif choice < 0.85:
        c.both_arms(elevation=u(rng, 84, 95), azimuth=90, elbow=4)
    else:
        c.both_hands(at.PRAYER)
    return c


@pose(
    "reverse_warrior",
    group="yoga",
    predicates=("feet_wide", "knee_bent:left", "hand_high:left", "trunk_leans:right"),
    locks=LEGS | TRUNK,
    weight=0.8,
)
def _reverse_warrior(rng: Rng) -> Controls:
    """Warrior two, leaning back over the right leg with the left arm up."""
    c = _warrior_two(rng)
    c.set(bend=-u(rng, 24, 36), turn_head=20, nod=-20)
    c.left_arm.angles(elevation=u(rng, 158, 172), azimuth=88, elbow=5)
    c.right_arm.to(at.THIGH, pole=(0.6, -0.2, -0.6))
    return c


@pose(
    "side_angle",
    group="yoga",
    predicates=("feet_wide", "knee_bent:left", "hand_low:left", "trunk_leans:left"),
    locks=BODY,
    weight=0.8,
)
def _side_angle(rng: Rng) -> Controls:
    """Bent left leg, trunk over it, left hand to the ground, right arm along the ear."""
    c = _warrior_two(rng)
    c.set(roll=u(rng, 30, 38), bend=u(rng, 18, 26), turn_head=-20, balance=0.0)
    c.left_arm.to(at.Target("own_ankle", "world", offset=(-0.02, 0.10, 0.14), pole=(0.3, -0.4, -0.6)))
    c.right_arm.angles(elevation=u(rng, 150, 165), azimuth=90, elbow=4)
    return c


@pose(
    "triangle",
    group="yoga",
    predicates=("feet_wide", "leg_straight:both", "trunk_leans:left", "hand_low:left", "hand_high:right"),
    locks=BODY,
    spread=0.4,
    weight=1.5,
)
def _triangle(rng: Rng) -> Controls:
    """Straight legs wide apart, bent over the left one, right arm to the sky."""
    c = stand(rng)
    c.set(flex=2, balance=0.0, sway_x=-0.028, weight=0)
    c.both_feet(x=u(rng, 0.38, 0.44), knee=3, toe_out=12)
    c.left_leg.toe_out = 75
    c.set(roll=u(rng, 38, 44), bend=u(rng, 43, 49), turn_head=-u(rng, 10, 50))
    c.left_arm.to(at.Target("own_ankle", "world", offset=(-0.02, u(rng, 0.0, 0.1), 0.05), pole=(0.4, -0.2, -0.6)))
    c.right_arm.angles(elevation=u(rng, 88, 102), azimuth=90, elbow=3)
    return c


@pose(
    "half_moon",
    group="yoga",
    predicates=("stands_on:right", "hand_low:right", "foot_high:left", "leg_straight:left", "hand_high:left"),
    locks=BODY,
    weight=1.4,
    tags=BALANCE,
)
def _half_moon(rng: Rng) -> Controls:
    """On the right leg and the right hand, the left leg level at the side, left arm up."""
    c = stand(rng)
    c.set(flex=3, balance=0.85, nod=0)
    c.right_leg.plant(x=0.02, knee=u(rng, 3, 10), toe_out=u(rng, 40, 70))
    c.set(roll=-u(rng, 66, 76), bend=-u(rng, 14, 22))
    c.left_leg.angles(flexion=2, knee=3, abduction=u(rng, 20, 30), rotation=4, ankle=5)
    c.left_arm.angles(elevation=u(rng, 86, 98), azimuth=90, elbow=3)
    c.right_arm.to(
        at.Target("own_shoulder", "world", offset=(0.08, 0.03, 0.08), pole=(0.3, -0.2, -0.8), on_ground=True)
    )
    return c


@pose(
    "mountain",
    group="yoga",
    predicates=("standing", "trunk_upright", "feet_together", "feet_on_floor", "leg_straight:both"),
    locks=LEGS,
    weight=1.4,
)
def _mountain(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=-3, nod=-3, weight=0)
    c.both_feet(x=u(rng, 0.065, 0.08), knee=2, toe_out=4)
    choice = rng.random()
    if choice < 0.7:
        c.both_arms(elevation=u(rng, 8, 16), azimuth=85, elbow=4)
    else:
        c.both_hands(at.PRAYER)
    return c


@pose("upward_salute", group="yoga", predicates=("standing", "feet_together", "hand_high:both"), locks=LEGS)
def _upward_salute(rng: Rng) -> Controls:
    c = _mountain(rng)
    c.set(flex=-u(rng, 6, 18), nod=-u(rng, 8, 25))
    if rng.random() < 0.5:
        c.both_hands(_OVERHEAD)
    else:
        c.both_arms(elevation=u(rng, 168, 177), azimuth=60, elbow=4)
    return c


@pose(
    "chair_pose",
    group="yoga",
    predicates=("knee_bent:both", "feet_on_floor", "hand_high:both", "feet_together", "trunk_leans_forward"),
    locks=LEGS | ARMS,
    weight=1.5,
)
def _chair(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 26, 36), flex=-u(rng, 0, 10), nod=-u(rng, 2, 12), weight=0)
    c.both_feet(x=u(rng, 0.065, 0.09), knee=u(rng, 72, 92), toe_out=2)
    c.both_arms(elevation=u(rng, 160, 174), azimuth=u(rng, 15, 45), elbow=4)
    return c


@pose(
    "goddess",
    group="yoga",
    predicates=("feet_wide", "knee_well_bent:both", "feet_on_floor", "trunk_upright"),
    locks=LEGS,
)
def _goddess(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=0, pitch=4, weight=0)
    c.both_feet(x=u(rng, 0.42, 0.48), knee=u(rng, 78, 92), toe_out=50, knee_out=0.8)
    if rng.random() < 0.6:
        c.both_arms(elevation=u(rng, 85, 92), azimuth=90, elbow=90, rotation=90)
    else:
        c.both_hands(at.PRAYER)
    return c


@pose(
    "eagle",
    group="yoga",
    predicates=("stands_on:right", "legs_crossed", "knee_bent:both", "hands_together"),
    locks=LEGS | ARMS,
    tags=BALANCE,
)
def _eagle(rng: Rng) -> Controls:
    """On the right leg, the left one wrapped over it, forearms wrapped."""
    c = stand(rng)
    c.set(pitch=14, flex=6)
    c.right_leg.plant(x=0.02, knee=u(rng, 38, 50), toe_out=4)
    c.left_leg.angles(flexion=u(rng, 58, 66), knee=u(rng, 78, 88), abduction=-22, rotation=0, ankle=20)
    c.left_arm.to(at.Target("spine3", "chest", offset=(-0.04, 0.26, 0.30), pole=(-0.5, -1.0, 0.5)))
    c.right_arm.to(at.Target("spine3", "chest", offset=(-0.04, 0.24, 0.34), pole=(-0.5, -1.0, 0.5)))
    return c


@pose(
    "dancer",
    group="yoga",
    predicates=(
        "stands_on:right",
        "foot_behind:left",
        "knee_well_bent:left",
        "hand_at_ankle:left",
        "hand_above_shoulder:right",
    ),
    locks=BODY,
    tags=BALANCE,
)
def _dancer(rng: Rng) -> Controls:
    """On the right leg, the left foot held behind by the left hand, right arm ahead."""
    c = stand(rng)
    c.set(pitch=u(rng, 24, 36), flex=-u(rng, 22, 32), nod=-10, balance=0.8)
    c.right_leg.plant(x=0.04, knee=3)
    c.left_leg.angles(flexion=-u(rng, 42, 48), knee=u(rng, 88, 102), abduction=6, rotation=0, ankle=30)
    c.left_arm.to(at.ANKLE, pole=(0.6, 0.0, -0.6))
    c.right_arm.angles(elevation=u(rng, 112, 128), azimuth=4, elbow=4)
    return c


@pose(
    "big_toe",
    group="yoga",
    predicates=("stands_on:right", "leg_straight:left", "hand_at_ankle:left", "foot_high:left"),
    locks=LEGS | {"left_arm", "trunk"},
    tags=BALANCE,
)
def _big_toe(rng: Rng) -> Controls:
    """On the right leg, the straight left leg held in front by the left hand."""
    c = stand(rng)
    c.right_leg.plant(x=0.05, knee=3)
    c.set(pitch=12, flex=20)
    c.left_leg.angles(flexion=u(rng, 128, 138), knee=u(rng, 2, 10), abduction=4, rotation=0, ankle=-10)
    c.left_arm.to(at.ANKLE, pole=(0.7, -0.5, 0.0))
    c.right_arm.to(at.HIP)
    return c


@pose(
    "forward_fold",
    group="yoga",
    predicates=("trunk_bent_far_forward", "leg_straight:both", "hand_low:both", "feet_on_floor"),
    locks=LEGS | TRUNK,
)
def _forward_fold(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 78, 92), flex=u(rng, 50, 64), nod=u(rng, 5, 15), balance=1.0)
    c.both_feet(x=u(rng, 0.07, 0.10), knee=u(rng, 3, 12))
    c.both_hands(at.TOES)
    return c


@pose("garland", group="yoga", predicates=("squatting", "hands_together", "feet_on_floor"), locks=LEGS)
def _garland(rng: Rng) -> Controls:
    """A deep squat with palms together."""
    c = stand(rng)
    c.set(pitch=u(rng, 22, 32), flex=u(rng, 8, 18), weight=0)
    c.both_feet(x=u(rng, 0.2, 0.26), knee=u(rng, 124, 132), toe_out=35, knee_out=0.6)
    c.both_hands(at.PRAYER)
    return c


@pose(
    "boat",
    group="yoga",
    predicates=("hip_low", "foot_above_hip:both", "trunk_leans_back", "arm_straight:both"),
    locks=LEGS | TRUNK,
    weight=1.5,
)
def _boat(rng: Rng) -> Controls:
    c = Controls(support="seat", height=0.085, pitch=-u(rng, 30, 40), flex=u(rng, 0, 8))
    if rng.random() < 0.7:
        c.both_legs(flexion=u(rng, 86, 98), knee=u(rng, 1, 6), abduction=2, rotation=0, ankle=25)
    else:
        c.both_legs(flexion=u(rng, 122, 130), knee=u(rng, 55, 65), abduction=2, rotation=0, ankle=10)
    c.both_arms(elevation=u(rng, 66, 78), azimuth=4, elbow=4)
    return c


@pose(
    "lotus",
    group="yoga",
    predicates=("seated_on_floor", "knee_well_bent:both", "knees_apart", "trunk_upright"),
    locks=LEGS,
    weight=1.3,
)
def _lotus(rng: Rng) -> Controls:
    c = Controls(support="seat", height=0.09, pitch=u(rng, -6, 0), flex=u(rng, 0, 6))
    for leg, ahead in zip(c.legs, (0.24, 0.32), strict=True):
        leg.plant(x=-u(rng, 0.08, 0.13), z=ahead, toe_out=-u(rng, 45, 65), heel=-12, knee_out=2.2)
    if rng.random() < 0.65:
        c.both_hands(at.KNEE)
    else:
        c.both_hands(at.PRAYER)
    return c


@pose(
    "seated_fold",
    group="yoga",
    predicates=("hip_low", "leg_straight:both", "hand_at_toes:both", "trunk_bent_forward"),
    locks=LEGS | TRUNK | ARMS,
)
def _seated_fold(rng: Rng) -> Controls:
    c = on_floor(rng)
    c.set(pitch=u(rng, 34, 46), flex=u(rng, 48, 60), nod=u(rng, 0, 12))
    c.both_feet(x=u(rng, 0.07, 0.1), z=0.9, heel=-95, toe_out=6)
    c.both_hands(at.TOES)
    return c


@pose("seated_twist", group="yoga", predicates=("seated_on_floor", "trunk_twists:left"), locks=LEGS | TRUNK)
def _seated_twist(rng: Rng) -> Controls:
    """Seated, the left knee up and its foot over the right leg, the trunk turned left."""
    c = Controls(support="seat", height=0.09, pitch=-4, flex=6, twist=u(rng, 38, 52), turn_head=u(rng, 10, 30))
    c.right_leg.plant(x=0.09, z=0.88, heel=-95, toe_out=6)
    c.left_leg.plant(x=-u(rng, 0.14, 0.2), z=u(rng, 0.34, 0.42), toe_out=4, knee_out=-0.8)
    c.right_arm.to(at.Target("other_knee", "world", offset=(-0.05, 0.02, 0.06), pole=(0.6, -0.4, 0.3)))
    c.left_arm.to(at.on_floor(x=0.16, z=-0.24), pole=(0.6, 0.0, -0.8))
    return c
