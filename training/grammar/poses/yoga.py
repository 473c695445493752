"""Base poses of the group yoga."""

from __future__ import annotations

from typing import Final

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, BALANCE, LEGS, BasePose
from training.grammar.base import draw_from as u
from training.grammar.sitting import on_floor
from training.grammar.standing import stand

Rng = np.random.Generator

_FEET_AND_WRISTS: Final = (("left_foot", "right_foot"), ("left_wrist", "right_wrist"))
_KNEES_AND_WRISTS: Final = (("left_knee", "right_knee"), ("left_wrist", "right_wrist"))
_BODY: Final = ARMS | LEGS | {"trunk"}
_OVERHEAD: Final = at.Target("head", "chest", (0.02, 0.44, 0.02), (1.0, 0.1, 0.2))


def _downward_dog(rng: Rng) -> Controls:
    c = Controls(
        support="lowest", pitch=u(rng, 118, 126), flex=u(rng, 2, 12), nod=u(rng, 0, 12), level=_FEET_AND_WRISTS
    )
    c.both_arms(u(rng, 170, 178), 40, 3)
    c.both_legs(u(rng, 82, 90), u(rng, 2, 8), u(rng, 2, 5), 0, -u(rng, 14, 26))
    return c


def _three_legged_dog(rng: Rng) -> Controls:
    """The left leg raised behind."""
    c = _downward_dog(rng)
    c.level = (("right_foot",), ("left_wrist", "right_wrist"))
    c.left_leg.angles(-u(rng, 5, 20), u(rng, 2, 10), 2, 0, 30)
    return c


def _dolphin(rng: Rng) -> Controls:
    c = _downward_dog(rng)
    c.pitch, c.level = 132, (("left_foot", "right_foot"), ("left_elbow", "right_elbow"))
    c.both_arms(u(rng, 138, 148), 8, 90)
    c.both_legs(u(rng, 92, 100), u(rng, 3, 10), 3, 0, -32)
    return c


def _upward_dog(rng: Rng) -> Controls:
    """On straight arms, hips just above the ground."""
    c = Controls(support="lowest", pitch=u(rng, 62, 68), flex=-u(rng, 50, 60), nod=-u(rng, 12, 28))
    c.level = (("left_foot", "right_foot"), ("left_wrist", "right_wrist"))
    c.both_arms(u(rng, 4, 12), 10, 4)
    c.both_legs(-u(rng, 8, 14), u(rng, 2, 6), u(rng, 2, 5), 0, 55)
    return c


def _cobra(rng: Rng) -> Controls:
    """Belly on the ground, chest raised on half bent arms."""
    c = Controls(support="lowest", pitch=u(rng, 84, 88), flex=-u(rng, 52, 66), nod=-u(rng, 15, 30))
    c.both_legs(u(rng, -6, -3), u(rng, 1, 4), u(rng, 2, 6), 0, 58)
    c.both_hands(at.on_floor(u(rng, 0.18, 0.24), u(rng, 0.32, 0.42)), (0.4, 0.1, -1.0))
    return c


def _locust(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=u(rng, 86, 90), flex=-u(rng, 36, 50), nod=-u(rng, 5, 18))
    c.both_legs(-u(rng, 18, 28), u(rng, 2, 8), 4, 0, 50)
    c.both_arms(u(rng, 22, 34), 165, 4)
    return c


def _bow_pose(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=u(rng, 86, 92), flex=-u(rng, 60, 68), nod=-u(rng, 10, 20))
    c.both_legs(-u(rng, 30, 38), u(rng, 92, 104), 8, 0, 25)
    c.both_hands(at.ANKLE, (0.6, 0.2, -0.4))
    return c


def _child(rng: Rng) -> Controls:
    """Seat on the heels, forehead to the ground."""
    c = Controls(support="lowest", pitch=u(rng, 78, 84), flex=u(rng, 40, 50), nod=u(rng, 5, 16))
    c.both_legs(u(rng, 140, 146), u(rng, 146, 152), u(rng, 4, 14), 0, 62)
    if rng.random() < 0.7:
        c.both_hands(
            at.Target("head", "world", (u(rng, 0.10, 0.2), 0.03, u(rng, 0.28, 0.42)), (0.9, 0.4, -0.3), on_ground=True)
        )
    else:
        c.both_hands(at.on_floor(0.24, -u(rng, 0.0, 0.15)), (0.8, 0.6, 0.2))
    return c


def _tree(rng: Rng) -> Controls:
    """On the right leg, the left sole at its inner side."""
    c = stand(rng)
    c.flex, c.nod = 0, -2
    c.right_leg.plant(0.04, knee=3, toe_out=6)
    if rng.random() < 0.7:
        c.left_leg.angles(37, 135, 46, 62, 15)
    else:
        c.left_leg.angles(32, 100, 38, 60, 15)
    choice = rng.random()
    if choice < 0.5:
        c.both_hands(at.PRAYER)
    elif choice < 0.9:
        c.both_hands(_OVERHEAD)
    else:
        c.both_arms(u(rng, 80, 95), 90, 6)
    return c


def _warrior_legs(rng: Rng) -> Controls:
    """A long stride on the bent left leg, the right one straight behind."""
    c = stand(rng)
    c.pitch, c.flex, c.balance, c.weight = 2, -4, 0.3, 0.3
    c.left_leg.plant(0.09, u(rng, 0.40, 0.46), knee=u(rng, 72, 86), toe_out=2)
    c.right_leg.plant(0.10, -u(rng, 0.60, 0.65), knee=4, toe_out=u(rng, 45, 60))
    return c


def _warrior_one(rng: Rng) -> Controls:
    c = _warrior_legs(rng)
    c.flex, c.nod = -u(rng, 6, 16), -u(rng, 4, 20)
    if rng.random() < 0.5:
        c.both_arms(u(rng, 168, 178), 60, 4)
    else:
        c.both_hands(_OVERHEAD)
    return c


def _warrior_two(rng: Rng) -> Controls:
    """Legs wide to the sides, the left knee bent, arms level, looking left."""
    c = stand(rng)
    c.flex, c.weight, c.balance, c.nod = 0, 0.28, 0.3, -2
    c.left_leg.plant(u(rng, 0.48, 0.54), knee=u(rng, 72, 86), toe_out=82, knee_out=0.4)
    c.right_leg.plant(u(rng, 0.63, 0.67), knee=3, toe_out=12)
    c.both_arms(u(rng, 86, 93), 90, 3)
    c.turn_head = u(rng, 58, 76)
    return c


def _warrior_three(rng: Rng) -> Controls:
    """On the right leg, trunk and left leg level."""
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.balance = u(rng, 80, 88), -u(rng, 0, 6), -u(rng, 10, 25), 1.0
    c.right_leg.plant(0.04, knee=u(rng, 4, 12), toe_out=4)
    c.left_leg.angles(-u(rng, 4, 14), 3, 2, 0, u(rng, 0, 30))
    choice = rng.random()
    if choice < 0.65:
        c.both_arms(u(rng, 168, 177), 40, 3)
    elif choice < 0.85:
        c.both_arms(u(rng, 84, 95), 90, 4)
    else:
        c.both_hands(at.PRAYER)
    return c


def _reverse_warrior(rng: Rng) -> Controls:
    """Warrior two, leaning back over the right leg with the left arm up."""
    c = _warrior_two(rng)
    c.bend, c.turn_head, c.nod = -u(rng, 24, 36), 20, -20
    c.left_arm.angles(u(rng, 158, 172), 88, 5)
    c.right_arm.to(at.THIGH, (0.6, -0.2, -0.6))
    return c


def _side_angle(rng: Rng) -> Controls:
    """Bent left leg, trunk over it, left hand to the ground, right arm along the ear."""
    c = _warrior_two(rng)
    c.roll, c.bend, c.turn_head, c.balance = u(rng, 30, 38), u(rng, 18, 26), -20, 0.0
    c.left_arm.to(at.Target("own_ankle", "world", (-0.02, 0.10, 0.14), (0.3, -0.4, -0.6)))
    c.right_arm.angles(u(rng, 150, 165), 90, 4)
    return c


def _triangle(rng: Rng) -> Controls:
    """Straight legs wide apart, bent over the left one, right arm to the sky."""
    c = stand(rng)
    c.flex, c.balance, c.sway_x, c.weight = 2, 0.0, -0.028, 0
    c.both_feet(u(rng, 0.38, 0.44), knee=3, toe_out=12)
    c.left_leg.toe_out = 75
    c.roll, c.bend, c.turn_head = u(rng, 38, 44), u(rng, 43, 49), -u(rng, 10, 50)
    c.left_arm.to(at.Target("own_ankle", "world", (-0.02, u(rng, 0.0, 0.1), 0.05), (0.4, -0.2, -0.6)))
    c.right_arm.angles(u(rng, 88, 102), 90, 3)
    return c


def _half_moon(rng: Rng) -> Controls:
    """On the right leg and the right hand, the left leg level at the side, left arm up."""
    c = stand(rng)
    c.flex, c.balance, c.nod = 3, 0.85, 0
    c.right_leg.plant(0.02, knee=u(rng, 3, 10), toe_out=u(rng, 40, 70))
    c.roll, c.bend = -u(rng, 66, 76), -u(rng, 14, 22)
    c.left_leg.angles(2, 3, u(rng, 20, 30), 4, 5)
    c.left_arm.angles(u(rng, 86, 98), 90, 3)
    c.right_arm.to(at.Target("own_shoulder", "world", (0.08, 0.03, 0.08), (0.3, -0.2, -0.8), on_ground=True))
    return c


def _mountain(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod, c.weight = -3, -3, 0
    c.both_feet(u(rng, 0.065, 0.08), knee=2, toe_out=4)
    choice = rng.random()
    if choice < 0.7:
        c.both_arms(u(rng, 8, 16), 85, 4)
    else:
        c.both_hands(at.PRAYER)
    return c


def _upward_salute(rng: Rng) -> Controls:
    c = _mountain(rng)
    c.flex, c.nod = -u(rng, 6, 18), -u(rng, 8, 25)
    if rng.random() < 0.5:
        c.both_hands(_OVERHEAD)
    else:
        c.both_arms(u(rng, 168, 177), 60, 4)
    return c


def _boat(rng: Rng) -> Controls:
    c = Controls(support="seat", height=0.085, pitch=-u(rng, 30, 40), flex=u(rng, 0, 8))
    if rng.random() < 0.7:
        c.both_legs(u(rng, 86, 98), u(rng, 1, 6), 2, 0, 25)
    else:
        c.both_legs(u(rng, 122, 130), u(rng, 55, 65), 2, 0, 10)
    c.both_arms(u(rng, 66, 78), 4, 4)
    return c


def _pigeon(rng: Rng) -> Controls:
    """The left shank across in front, the right leg straight behind."""
    c = Controls(support="seat", height=0.10, pitch=u(rng, 8, 18), flex=-u(rng, 4, 18))
    c.left_leg.plant(-u(rng, 0.10, 0.18), u(rng, 0.28, 0.34), heel=-10, toe_out=-70, knee_out=2.0)
    c.right_leg.plant(0.10, -0.88, heel=142, toe_out=0)
    choice = rng.random()
    if choice < 0.3:
        c.pitch, c.flex, c.nod = u(rng, 40, 50), u(rng, 45, 55), 10
        c.both_hands(at.on_floor(0.2, 0.75))
    else:
        c.both_hands(at.on_floor(0.24, u(rng, 0.10, 0.3)))
    return c


def _all_fours(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=84, nod=0, level=_KNEES_AND_WRISTS)
    c.both_legs(u(rng, 82, 90), u(rng, 92, 96), u(rng, 2, 5), 0, 60)
    return c


def _cat(rng: Rng) -> Controls:
    """On hands and knees, the back rounded up, head down."""
    c = _all_fours(rng)
    c.pitch, c.flex, c.nod = 60, u(rng, 56, 68), u(rng, 20, 35)
    c.both_arms(c.flex + 58, 6, 4)
    c.both_legs(u(rng, 48, 54), u(rng, 93, 97), u(rng, 2, 5), 0, 60)
    return c


def _cow(rng: Rng) -> Controls:
    """On hands and knees, the back hollow, head up."""
    c = _all_fours(rng)
    c.pitch, c.flex, c.nod = 106, -u(rng, 40, 52), -u(rng, 22, 38)
    c.both_arms(u(rng, 58, 66), 6, 4)
    c.both_legs(u(rng, 104, 110), u(rng, 95, 99), u(rng, 2, 5), 0, 60)
    return c


def _chair(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.weight = u(rng, 26, 36), -u(rng, 0, 10), -u(rng, 2, 12), 0
    c.both_feet(u(rng, 0.065, 0.09), knee=u(rng, 72, 92), toe_out=2)
    c.both_arms(u(rng, 160, 174), u(rng, 15, 45), 4)
    return c


def _goddess(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.pitch, c.weight = 0, 4, 0
    c.both_feet(u(rng, 0.42, 0.48), knee=u(rng, 78, 92), toe_out=50, knee_out=0.8)
    if rng.random() < 0.6:
        c.both_arms(u(rng, 85, 92), 90, 90, 90)
    else:
        c.both_hands(at.PRAYER)
    return c


def _eagle(rng: Rng) -> Controls:
    """On the right leg, the left one wrapped over it, forearms wrapped."""
    c = stand(rng)
    c.pitch, c.flex = 14, 6
    c.right_leg.plant(0.02, knee=u(rng, 38, 50), toe_out=4)
    c.left_leg.angles(u(rng, 58, 66), u(rng, 78, 88), -22, 0, 20)
    c.left_arm.to(at.Target("spine3", "chest", (-0.04, 0.26, 0.30), (-0.5, -1.0, 0.5)))
    c.right_arm.to(at.Target("spine3", "chest", (-0.04, 0.24, 0.34), (-0.5, -1.0, 0.5)))
    return c


def _dancer(rng: Rng) -> Controls:
    """On the right leg, the left foot held behind by the left hand, right arm ahead."""
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.balance = u(rng, 24, 36), -u(rng, 22, 32), -10, 0.8
    c.right_leg.plant(0.04, knee=3)
    c.left_leg.angles(-u(rng, 42, 48), u(rng, 88, 102), 6, 0, 30)
    c.left_arm.to(at.ANKLE, (0.6, 0.0, -0.6))
    c.right_arm.angles(u(rng, 112, 128), 4, 4)
    return c


def _big_toe(rng: Rng) -> Controls:
    """On the right leg, the straight left leg held in front by the left hand."""
    c = stand(rng)
    c.right_leg.plant(0.05, knee=3)
    c.pitch, c.flex = 12, 20
    c.left_leg.angles(u(rng, 128, 138), u(rng, 2, 10), 4, 0, -10)
    c.left_arm.to(at.ANKLE, (0.7, -0.5, 0.0))
    c.right_arm.to(at.HIP)
    return c


def _crow(rng: Rng) -> Controls:
    """On the hands alone, knees at the upper arms."""
    c = Controls(support="lowest", pitch=u(rng, 92, 102), flex=u(rng, 40, 52), nod=-u(rng, 25, 40))
    c.both_arms(u(rng, 98, 108), 4, u(rng, 30, 42))
    c.both_legs(u(rng, 132, 140), u(rng, 128, 138), 10, 10, 30)
    return c


def _forward_fold(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.balance = u(rng, 78, 92), u(rng, 50, 64), u(rng, 5, 15), 1.0
    c.both_feet(u(rng, 0.07, 0.10), knee=u(rng, 3, 12))
    c.both_hands(at.TOES)
    return c


def _seated_fold(rng: Rng) -> Controls:
    c = on_floor(rng)
    c.pitch, c.flex, c.nod = u(rng, 34, 46), u(rng, 48, 60), u(rng, 0, 12)
    c.both_feet(u(rng, 0.07, 0.1), 0.9, heel=-95, toe_out=6)
    c.both_hands(at.TOES)
    return c


def _camel(rng: Rng) -> Controls:
    """Upright on the knees, arched back, hands on the heels."""
    c = Controls(support="lowest", pitch=-u(rng, 8, 16), flex=-u(rng, 62, 70), nod=-u(rng, 25, 40))
    lean = float(np.asarray(c.pitch))
    c.both_legs(lean + 6, u(rng, 94, 98), u(rng, 3, 7), 0, 62)
    c.both_hands(at.ANKLE.moved(y=0.02), (0.5, 0.2, -0.9))
    return c


def _lotus(rng: Rng) -> Controls:
    c = Controls(support="seat", height=0.09, pitch=u(rng, -6, 0), flex=u(rng, 0, 6))
    for leg, ahead in zip(c.legs, (0.24, 0.32), strict=True):
        leg.plant(-u(rng, 0.08, 0.13), ahead, toe_out=-u(rng, 45, 65), heel=-12, knee_out=2.2)
    if rng.random() < 0.65:
        c.both_hands(at.KNEE)
    else:
        c.both_hands(at.PRAYER)
    return c


def _seated_twist(rng: Rng) -> Controls:
    """Seated, the left knee up and its foot over the right leg, the trunk turned left."""
    c = Controls(support="seat", height=0.09, pitch=-4, flex=6, twist=u(rng, 38, 52), turn_head=u(rng, 10, 30))
    c.right_leg.plant(0.09, 0.88, heel=-95, toe_out=6)
    c.left_leg.plant(-u(rng, 0.14, 0.2), u(rng, 0.34, 0.42), toe_out=4, knee_out=-0.8)
    c.right_arm.to(at.Target("other_knee", "world", (-0.05, 0.02, 0.06), (0.6, -0.4, 0.3)))
    c.left_arm.to(at.on_floor(0.16, -0.24), (0.6, 0.0, -0.8))
    return c


def _plow(rng: Rng) -> Controls:
    """On the shoulders, the legs over the head to the ground."""
    c = Controls(support="lowest", pitch=-u(rng, 196, 206), flex=u(rng, 84, 96), nod=42)
    c.level = (("left_foot", "right_foot"), ("neck",))
    c.both_legs(u(rng, 112, 120), 3, 2, 0, -10)
    c.both_arms(u(rng, 22, 30), 5, 4)
    return c


def _shoulder_stand(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=-u(rng, 168, 178), flex=u(rng, 70, 84), nod=45)
    c.both_legs(u(rng, -8, 4), u(rng, 1, 6), 2, 0, 35)
    c.both_hands(at.Target("spine1", "pelvis", (0.10, 0.02, -0.14), (0.8, 0.4, -1.0)))
    return c


def _happy_baby(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=-u(rng, 110, 116), flex=u(rng, 22, 30), nod=u(rng, 5, 15))
    c.both_legs(u(rng, 142, 148), u(rng, 74, 80), u(rng, 24, 32), 5, -10)
    c.both_hands(at.ANKLE.moved(x=-0.02), (1.0, 0.0, 0.4))
    return c


def _garland(rng: Rng) -> Controls:
    """A deep squat with palms together."""
    c = stand(rng)
    c.pitch, c.flex, c.weight = u(rng, 22, 32), u(rng, 8, 18), 0
    c.both_feet(u(rng, 0.2, 0.26), knee=u(rng, 124, 132), toe_out=35, knee_out=0.6)
    c.both_hands(at.PRAYER)
    return c


def _low_lunge(rng: Rng) -> Controls:
    """The left foot ahead, the right knee on the ground behind, arms up."""
    c = Controls(support="lowest", pitch=u(rng, 2, 8), flex=-u(rng, 8, 18), nod=-u(rng, 4, 16))
    c.right_leg.angles(-u(rng, 22, 32), u(rng, 58, 66), 3, 0, 60)
    c.left_leg.plant(0.09, u(rng, 0.36, 0.44), toe_out=4)
    if rng.random() < 0.7:
        c.both_arms(u(rng, 164, 176), 60, 4)
    else:
        c.left_arm.to(at.KNEE)
        c.right_arm.to(at.HIP)
    return c


_POSES_DOWN: Final = (
    BasePose(
        "downward_dog",
        _downward_dog,
        ("hand_on_floor:both", "feet_on_floor", "hips_highest", "leg_straight:both", "facing_down"),
        _BODY,
        weight=1.5,
    ),
    BasePose(
        "three_legged_dog",
        _three_legged_dog,
        ("hand_on_floor:both", "foot_high:left", "leg_straight:left", "foot_on_floor:right"),
        _BODY,
        weight=0.7,
    ),
    BasePose("dolphin", _dolphin, ("elbow_on_floor:both", "leg_straight:both", "hips_highest"), _BODY, weight=0.6),
    BasePose(
        "upward_dog",
        _upward_dog,
        ("hand_on_floor:both", "spine_arched", "arm_straight:both", "facing_down", "foot_on_floor:both"),
        _BODY,
        weight=1.4,
    ),
    BasePose("cobra", _cobra, ("hip_low", "spine_arched", "facing_down", "hand_on_floor:both"), _BODY, weight=1.5),
    BasePose("locust", _locust, ("hip_low", "facing_down", "spine_arched"), LEGS | {"trunk"}),
    BasePose(
        "bow_pose",
        _bow_pose,
        ("hip_low", "facing_down", "spine_arched", "hand_at_ankle:both", "knee_well_bent:both"),
        _BODY,
    ),
    BasePose(
        "child",
        _child,
        ("knees_on_floor", "trunk_horizontal", "head_near_floor", "knee_well_bent:both"),
        LEGS | {"trunk"},
        weight=1.5,
    ),
    BasePose("cat", _cat, ("on_all_fours", "spine_rounded"), _BODY, weight=1.4, spread=0.6),
    BasePose("cow", _cow, ("on_all_fours", "spine_arched"), _BODY, weight=1.4, spread=0.6),
    BasePose(
        "pigeon",
        _pigeon,
        ("hip_low", "knee_well_bent:left", "leg_straight:right", "foot_behind:right"),
        LEGS,
        weight=1.4,
    ),
    BasePose("low_lunge", _low_lunge, ("knee_on_floor:right", "foot_on_floor:left", "leg_forward:left"), LEGS),
    BasePose(
        "camel", _camel, ("knees_on_floor", "spine_arched", "trunk_leans_back", "hips_off_floor"), LEGS | {"trunk"}
    ),
    BasePose(
        "crow", _crow, ("hand_on_floor:both", "knee_well_bent:both", "facing_down", "not foot_on_floor:both"), _BODY
    ),
    BasePose("plow", _plow, ("hips_off_floor", "head_near_floor", "leg_straight:both"), _BODY),
    BasePose(
        "shoulder_stand",
        _shoulder_stand,
        ("hips_off_floor", "head_near_floor", "foot_high:both", "leg_straight:both"),
        _BODY,
        tags=frozenset({"upside_down"}),
    ),
    BasePose(
        "happy_baby",
        _happy_baby,
        ("lying_supine", "knee_well_bent:both", "hand_at_ankle:both", "knees_apart"),
        LEGS | ARMS | {"trunk"},
    ),
)

_POSES_UP: Final = (
    BasePose(
        "tree",
        _tree,
        ("stands_on:right", "foot_at_other_leg:left", "knee_well_bent:left", "trunk_upright"),
        LEGS,
        weight=1.5,
        tags=BALANCE,
    ),
    BasePose(
        "warrior_one",
        _warrior_one,
        ("leg_forward:left", "knee_bent:left", "leg_straight:right", "hand_high:both", "feet_staggered"),
        LEGS,
        weight=1.5,
        spread=0.5,
    ),
    BasePose(
        "warrior_two",
        _warrior_two,
        ("feet_wide", "knee_bent:left", "leg_straight:right", "arm_sideways:both", "trunk_upright"),
        LEGS,
        weight=1.5,
        spread=0.5,
    ),
    BasePose(
        "warrior_three",
        _warrior_three,
        ("stands_on:right", "trunk_horizontal", "leg_straight:left", "foot_high:left"),
        LEGS | {"trunk"},
        weight=1.5,
        tags=BALANCE,
    ),
    BasePose(
        "reverse_warrior",
        _reverse_warrior,
        ("feet_wide", "knee_bent:left", "hand_high:left", "trunk_leans:right"),
        LEGS | {"trunk"},
        weight=0.8,
    ),
    BasePose(
        "side_angle",
        _side_angle,
        ("feet_wide", "knee_bent:left", "hand_low:left", "trunk_leans:left"),
        LEGS | ARMS | {"trunk"},
        weight=0.8,
    ),
    BasePose(
        "triangle",
        _triangle,
        ("feet_wide", "leg_straight:both", "trunk_leans:left", "hand_low:left", "hand_high:right"),
        LEGS | ARMS | {"trunk"},
        weight=1.5,
        spread=0.4,
    ),
    BasePose(
        "half_moon",
        _half_moon,
        ("stands_on:right", "hand_low:right", "foot_high:left", "leg_straight:left", "hand_high:left"),
        _BODY,
        weight=1.4,
        tags=BALANCE,
    ),
    BasePose(
        "mountain",
        _mountain,
        ("standing", "trunk_upright", "feet_together", "feet_on_floor", "leg_straight:both"),
        LEGS,
        weight=1.4,
    ),
    BasePose("upward_salute", _upward_salute, ("standing", "feet_together", "hand_high:both"), LEGS),
    BasePose(
        "chair_pose",
        _chair,
        ("knee_bent:both", "feet_on_floor", "hand_high:both", "feet_together", "trunk_leans_forward"),
        LEGS | ARMS,
        weight=1.5,
    ),
    BasePose("goddess", _goddess, ("feet_wide", "knee_well_bent:both", "feet_on_floor", "trunk_upright"), LEGS),
    BasePose(
        "eagle",
        _eagle,
        ("stands_on:right", "legs_crossed", "knee_bent:both", "hands_together"),
        LEGS | ARMS,
        tags=BALANCE,
    ),
    BasePose(
        "dancer",
        _dancer,
        (
            "stands_on:right",
            "foot_behind:left",
            "knee_well_bent:left",
            "hand_at_ankle:left",
            "hand_above_shoulder:right",
        ),
        _BODY,
        tags=BALANCE,
    ),
    BasePose(
        "big_toe",
        _big_toe,
        ("stands_on:right", "leg_straight:left", "hand_at_ankle:left", "foot_high:left"),
        LEGS | {"left_arm", "trunk"},
        tags=BALANCE,
    ),
    BasePose(
        "forward_fold",
        _forward_fold,
        ("trunk_bent_far_forward", "leg_straight:both", "hand_low:both", "feet_on_floor"),
        LEGS | {"trunk"},
    ),
    BasePose("garland", _garland, ("squatting", "hands_together", "feet_on_floor"), LEGS),
)

_POSES_SEATED: Final = (
    BasePose(
        "boat",
        _boat,
        ("hip_low", "foot_above_hip:both", "trunk_leans_back", "arm_straight:both"),
        LEGS | {"trunk"},
        weight=1.5,
    ),
    BasePose(
        "lotus", _lotus, ("seated_on_floor", "knee_well_bent:both", "knees_apart", "trunk_upright"), LEGS, weight=1.3
    ),
    BasePose(
        "seated_fold",
        _seated_fold,
        ("hip_low", "leg_straight:both", "hand_at_toes:both", "trunk_bent_forward"),
        LEGS | {"trunk"} | ARMS,
    ),
    BasePose("seated_twist", _seated_twist, ("seated_on_floor", "trunk_twists:left"), LEGS | {"trunk"}),
)

POSES: tuple[BasePose, ...] = _POSES_DOWN + _POSES_UP + _POSES_SEATED
