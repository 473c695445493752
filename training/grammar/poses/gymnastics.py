"""Base poses of the group gymnastics."""

from __future__ import annotations

from typing import Final

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, BALANCE, LEGS, BasePose
from training.grammar.base import draw_from as u
from training.grammar.standing import stand

Rng = np.random.Generator

_FEET_AND_WRISTS: Final = (("left_foot", "right_foot"), ("left_wrist", "right_wrist"))
_FEET_AND_ELBOWS: Final = (("left_foot", "right_foot"), ("left_elbow", "right_elbow"))
_BODY: Final = ARMS | LEGS | {"trunk"}
_INVERTED: Final = frozenset({"upside_down"})
_AIR: Final = frozenset({"airborne"})


def _handstand(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=180, heading=180, flex=u(rng, -8, 0), nod=-u(rng, 5, 25))
    c.both_arms(178, 60, 2)
    c.both_legs(u(rng, -4, 4), u(rng, 1, 8), u(rng, 0, 6), 0, u(rng, 25, 45))
    return c


def _handstand_split(rng: Rng) -> Controls:
    c = _handstand(rng)
    if rng.random() < 0.5:
        c.both_legs(0, 4, u(rng, 45, 65), 0, 40)
    else:
        c.left_leg.angles(u(rng, 60, 80), 4, 2, 0, 40)
        c.right_leg.angles(-u(rng, 35, 48), 8, 2, 0, 40)
    return c


def _headstand(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=180, heading=180, flex=u(rng, -4, 3))
    c.both_arms(u(rng, 98, 108), u(rng, 15, 35), u(rng, 78, 88), 0)
    c.both_legs(u(rng, -4, 6), u(rng, 1, 8), u(rng, 0, 6), 0, u(rng, 25, 45))
    return c


def _forearm_stand(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=180, heading=180, flex=u(rng, -14, -6), nod=-20)
    c.both_arms(u(rng, 172, 180), 10, 90)
    c.both_legs(u(rng, -4, 6), u(rng, 1, 8), u(rng, 0, 6), 0, u(rng, 25, 45))
    return c


def _cartwheel(rng: Rng) -> Controls:
    """Going to the left, both hands on the ground."""
    c = Controls(support="lowest", roll=180, bend=u(rng, -14, 14), level=(("left_wrist",), ("right_wrist",)))
    c.both_arms(u(rng, 152, 165), 90, 3)
    c.both_legs(u(rng, 0, 8), u(rng, 2, 8), u(rng, 42, 62), 0, u(rng, 25, 45))
    return c


def _front_splits(rng: Rng) -> Controls:
    """The left leg ahead."""
    c = Controls(support="seat", height=0.07, pitch=u(rng, 12, 22), flex=-u(rng, 12, 25))
    c.left_leg.plant(0.08, 0.88, heel=-u(rng, 80, 100), toe_out=4)
    c.right_leg.plant(0.08, -0.88, heel=142, toe_out=0)
    if rng.random() < 0.35:
        c.both_arms(u(rng, 80, 95), 90, 6)
    elif rng.random() < 0.5:
        c.both_arms(u(rng, 160, 175), 60, 6)
    else:
        c.both_hands(at.FLOOR_BESIDE)
    return c


def _side_splits(rng: Rng) -> Controls:
    c = Controls(support="seat", height=0.08, pitch=u(rng, 0, 15), flex=u(rng, 0, 8))
    c.both_feet(0.95, u(rng, 0.0, 0.12), heel=-u(rng, 70, 95), toe_out=80)
    if rng.random() < 0.5:
        c.both_hands(at.on_floor(u(rng, 0.1, 0.2), u(rng, 0.3, 0.4)))
    else:
        c.both_arms(u(rng, 80, 95), 90, 6)
    return c


def _backbend(rng: Rng) -> Controls:
    """Standing, bent far back, the arms overhead."""
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.balance = -u(rng, 22, 32), -u(rng, 52, 68), -u(rng, 20, 35), 0.8
    c.both_feet(u(rng, 0.14, 0.2), knee=u(rng, 25, 40))
    c.both_arms(u(rng, 165, 178), 50, u(rng, 5, 15))
    return c


def _bridge(rng: Rng) -> Controls:
    """On hands and feet, belly up, head towards -Z."""
    c = Controls(support="lowest", pitch=-u(rng, 88, 96), flex=-u(rng, 62, 70), nod=-30, level=_FEET_AND_WRISTS)
    c.both_arms(182, u(rng, 20, 60), u(rng, 3, 12))
    c.both_legs(-u(rng, 26, 34), u(rng, 58, 70), u(rng, 4, 9), 0, 4)
    return c


def _glute_bridge(rng: Rng) -> Controls:
    """On the shoulders and the feet, hips raised."""
    c = Controls(support="lowest", pitch=-u(rng, 112, 118), flex=u(rng, 4, 12), nod=u(rng, 18, 28))
    c.level = (("left_foot", "right_foot"), ("neck",))
    c.both_arms(u(rng, 22, 30), 170, 5)
    c.both_legs(-u(rng, 6, 12), u(rng, 86, 100), u(rng, 4, 9), 0, 4)
    return c


def plank(rng: Rng) -> Controls:
    """On straight arms and toes, belly down, head towards +Z."""
    c = Controls(support="lowest", pitch=78, flex=0, nod=-10, level=_FEET_AND_WRISTS)
    c.both_arms(u(rng, 76, 84), 4, 3)
    c.both_legs(0, 2, u(rng, 1, 5), 0, -15)
    return c


def _forearm_plank(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=84, flex=0, nod=-12, level=_FEET_AND_ELBOWS)
    c.both_arms(u(rng, 80, 86), 4, 90)
    c.both_legs(0, 2, u(rng, 1, 5), 0, -15)
    return c


def _push_up(rng: Rng) -> Controls:
    """Lowered on bent arms."""
    c = plank(rng)
    c.pitch = 86
    c.both_arms(u(rng, 8, 34), u(rng, 45, 75), u(rng, 78, 92))
    return c


def _knee_push_up(rng: Rng) -> Controls:
    c = Controls(
        support="lowest", pitch=72, nod=-10, level=(("left_knee", "right_knee"), ("left_wrist", "right_wrist"))
    )
    c.both_arms(u(rng, 26, 46), u(rng, 45, 70), u(rng, 70, 85))
    c.both_legs(u(rng, 2, 8), u(rng, 40, 75), 4, 0, 40)
    return c


def _side_plank(rng: Rng) -> Controls:
    """On the left hand and the outside of the left foot."""
    c = Controls(support="lowest", roll=u(rng, 62, 70), level=(("left_foot", "left_ankle"), ("left_wrist",)))
    c.left_arm.angles(u(rng, 66, 74), 90, 3)
    if rng.random() < 0.85:
        c.right_arm.angles(u(rng, 88, 104), 90, 4)
    else:
        c.right_arm.to(at.HIP)
    c.left_leg.angles(2, 2, -1, 0, 0)
    c.right_leg.angles(0, 2, u(rng, -2, 3), 0, 0)
    return c


def _forearm_side_plank(rng: Rng) -> Controls:
    c = _side_plank(rng)
    c.roll, c.level = 78, (("left_foot", "left_ankle"), ("left_elbow",))
    c.left_arm.angles(u(rng, 82, 90), 90, 90, 0)
    return c


def _mountain_climber(rng: Rng) -> Controls:
    """A plank with the left knee drawn up."""
    c = plank(rng)
    c.level = (("right_foot",), ("left_wrist", "right_wrist"))
    c.left_leg.angles(u(rng, 126, 134), u(rng, 140, 146), 2, 0, -5)
    return c


def _bird_dog(rng: Rng) -> Controls:
    """On the right knee and the left hand, right arm and left leg stretched out."""
    c = Controls(support="lowest", pitch=86, nod=-10, level=(("right_knee",), ("left_wrist",)))
    c.left_arm.angles(u(rng, 82, 90), 4, 3)
    c.right_arm.angles(u(rng, 168, 178), 20, 4)
    c.right_leg.angles(u(rng, 84, 90), u(rng, 94, 98), 3, 0, 63)
    c.left_leg.angles(-u(rng, 2, 10), 3, 2, 0, 25)
    return c


def _lunge(rng: Rng) -> Controls:
    """The left foot ahead."""
    c = stand(rng)
    c.pitch, c.flex, c.balance, c.weight = u(rng, 2, 10), 2, 0.3, u(rng, 0.0, 0.25)
    c.left_leg.plant(0.09, u(rng, 0.36, 0.44), knee=u(rng, 78, 96), toe_out=4)
    c.right_leg.plant(0.10, -u(rng, 0.44, 0.54), knee=u(rng, 20, 40), heel=u(rng, 38, 50), toe_out=6)
    choice = rng.random()
    if choice < 0.4:
        c.both_hands(at.HIP)
    elif choice < 0.6:
        c.both_hands(at.PRAYER)
    return c


def _reverse_lunge(rng: Rng) -> Controls:
    """The right foot set far back."""
    c = _lunge(rng)
    c.weight, c.left_leg.z = 0.3, u(rng, 0.3, 0.36)
    c.right_leg.plant(0.10, -u(rng, 0.5, 0.56), knee=u(rng, 22, 34), heel=46, toe_out=4)
    return c


def _side_lunge(rng: Rng) -> Controls:
    """Onto the bent left leg, the right one straight."""
    c = stand(rng)
    c.pitch, c.flex, c.weight, c.balance = u(rng, 16, 28), u(rng, 4, 12), 0.72, 0.5
    c.left_leg.plant(u(rng, 0.38, 0.44), knee=u(rng, 88, 102), toe_out=18, knee_out=0.3)
    c.right_leg.plant(u(rng, 0.58, 0.66), knee=3, toe_out=8)
    if rng.random() < 0.5:
        c.both_hands(at.PRAYER)
    else:
        c.both_arms(u(rng, 75, 95), 5, 8)
    return c


def _jumping_jack(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.weight = -2, 0
    c.both_feet(u(rng, 0.34, 0.44), knee=u(rng, 5, 14), toe_out=15, heel=u(rng, 0, 22))
    c.both_arms(u(rng, 138, 168), 90, u(rng, 5, 18))
    return c


def _star_jump(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.22, 0.5), flex=-5, nod=-6)
    c.both_arms(u(rng, 112, 138), 90, 4)
    c.both_legs(4, u(rng, 2, 8), u(rng, 30, 42), 6, 35)
    return c


def _tuck_jump(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.3, 0.55), pitch=u(rng, 0, 10), flex=u(rng, 12, 22))
    c.both_legs(u(rng, 108, 122), u(rng, 105, 125), 5, 2, 25)
    if rng.random() < 0.5:
        c.both_hands(at.SHIN)
    else:
        c.both_arms(u(rng, 70, 95), 15, 10)
    return c


def _straddle_jump(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.45, 0.6), pitch=u(rng, 5, 20), flex=u(rng, 15, 25))
    c.both_legs(u(rng, 78, 92), 3, u(rng, 40, 52), 0, 40)
    c.both_hands(at.ANKLE.moved(y=0.08))
    return c


def _split_leap(rng: Rng) -> Controls:
    """The left leg ahead."""
    c = Controls(support="lowest", lift=u(rng, 0.45, 0.65), pitch=u(rng, 14, 24), flex=-u(rng, 15, 28))
    c.left_leg.angles(u(rng, 92, 108), 4, 3, 0, 45)
    c.right_leg.angles(-u(rng, 42, 48), u(rng, 3, 12), 3, 0, 50)
    c.left_arm.angles(u(rng, 85, 100), u(rng, 70, 95), 6)
    c.right_arm.angles(u(rng, 85, 150), u(rng, 20, 90), 6)
    return c


def _back_flip(rng: Rng) -> Controls:
    """In the air, head down, the knees drawn up."""
    c = Controls(support="lowest", lift=u(rng, 0.35, 0.6), pitch=-u(rng, 170, 205), flex=u(rng, 10, 25), nod=-10)
    if rng.random() < 0.6:
        c.both_legs(u(rng, 112, 125), u(rng, 125, 140), 5, 0, 30)
        c.both_hands(at.SHIN)
    else:
        c.flex = -u(rng, 15, 35)
        c.both_legs(u(rng, 0, 20), u(rng, 5, 40), 3, 0, 35)
        c.both_arms(u(rng, 100, 165), 60, 10)
    return c


def _forward_roll(rng: Rng) -> Controls:
    """Curled up on the shoulders, rolling over."""
    c = Controls(support="lowest", pitch=-u(rng, 105, 150), flex=u(rng, 75, 90), nod=30)
    c.both_legs(u(rng, 112, 125), u(rng, 130, 142), 6, 0, 25)
    c.both_hands(at.SHIN)
    return c


def _hang(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.15, 0.4), flex=0, nod=-6)
    c.both_arms(176, u(rng, 55, 90), 3)
    c.both_legs(u(rng, -4, 8), u(rng, 4, 45), 3, 4, 30)
    return c


def _pull_up(rng: Rng) -> Controls:
    """Chin at the bar."""
    c = _hang(rng)
    c.flex, c.nod = -5, -10
    c.both_legs(u(rng, -4, 8), u(rng, 4, 70), 3, 4, 30)
    c.both_hands(at.Target("own_shoulder", "chest", (u(rng, 0.08, 0.18), u(rng, 0.02, 0.12), 0.14), (0.7, -1.0, 0.0)))
    return c


def _rings(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.3, 0.5), flex=0)
    c.both_arms(u(rng, 82, 92), 90, 2)
    c.both_legs(2, 2, 1, 0, 45)
    return c


def _dip(rng: Rng) -> Controls:
    """Between parallel bars on bent arms."""
    c = Controls(support="lowest", lift=u(rng, 0.25, 0.4), pitch=u(rng, 8, 16), flex=6)
    c.both_arms(u(rng, 50, 66), 172, u(rng, 80, 95))
    c.both_legs(u(rng, 5, 20), u(rng, 60, 95), 3, 0, 30)
    return c


def _beam(rng: Rng) -> Controls:
    """Both feet on one line, the left ahead; or on the right leg."""
    c = stand(rng)
    c.left_leg.plant(0.0, u(rng, 0.12, 0.2), knee=6, toe_out=4)
    c.right_leg.plant(0.0, -u(rng, 0.12, 0.2), knee=6, toe_out=10)
    if rng.random() < 0.35:
        c.right_leg.plant(0.03, knee=5)
        c.left_leg.angles(u(rng, 20, 55), u(rng, 0, 20), 2, 0, 35)
    c.both_arms(u(rng, 80, 98), 90, u(rng, 3, 10))
    return c


def _pirouette(rng: Rng) -> Controls:
    """On the toes of the right foot, the left foot at the right knee."""
    c = stand(rng)
    c.flex, c.balance = -3, 0.8
    c.right_leg.plant(0.03, knee=2, heel=u(rng, 34, 44), toe_out=20)
    c.left_leg.angles(u(rng, 62, 69), u(rng, 127, 133), u(rng, 46, 52), 22, 40)
    if rng.random() < 0.65:
        c.both_hands(at.Target("spine3", "chest", (0.08, -0.04, 0.34), (1.0, -0.1, 0.2)))
    else:
        c.both_arms(u(rng, 158, 168), 75, u(rng, 25, 40), 40)
    return c


def _arabesque(rng: Rng) -> Controls:
    """On the right leg, the left one stretched back and up."""
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.balance = u(rng, 26, 38), -u(rng, 18, 30), -14, 0.8
    c.right_leg.plant(0.05, knee=3, toe_out=20)
    c.left_leg.angles(-u(rng, 44, 49), 3, 4, 20, 45)
    if rng.random() < 0.6:
        c.right_arm.angles(u(rng, 95, 118), u(rng, 0, 15), 6)
        c.left_arm.angles(u(rng, 78, 92), u(rng, 85, 110), 6)
    else:
        c.both_arms(u(rng, 80, 95), 90, 6)
    return c


def _needle(rng: Rng) -> Controls:
    """On the right leg, the straight left leg held up at the side by the left hand."""
    c = stand(rng)
    c.right_leg.plant(0.05, knee=3)
    c.roll, c.bend = -u(rng, 14, 22), u(rng, 4, 10)
    c.left_leg.angles(u(rng, 35, 55), 3, u(rng, 85, 90), 30, 35)
    c.left_arm.to(at.SHIN, (0.6, 0.5, -0.4))
    c.right_arm.angles(u(rng, 60, 95), 90, 8)
    return c


def _v_sit(rng: Rng) -> Controls:
    c = Controls(support="seat", height=0.085, pitch=-u(rng, 34, 44), flex=u(rng, 4, 14))
    c.both_legs(u(rng, 88, 102), u(rng, 1, 5), 2, 0, 35)
    if rng.random() < 0.75:
        c.both_arms(u(rng, 72, 84), 4, 4)
    else:
        c.both_arms(u(rng, 160, 172), 40, 4)
    return c


def _l_sit(rng: Rng) -> Controls:
    """Hips and legs held off the ground by straight arms."""
    c = Controls(support="lowest", pitch=u(rng, -3, 5), flex=u(rng, 2, 8))
    c.both_arms(u(rng, 6, 12), 90, 2, shrug=-10)
    c.both_legs(u(rng, 104, 112), 2, 2, 0, 40)
    return c


def _landing(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.weight, c.nod = u(rng, 6, 14), -4, 0, -6
    c.both_feet(u(rng, 0.06, 0.075), knee=u(rng, 40, 55), toe_out=6)
    c.both_arms(u(rng, 135, 165), u(rng, 60, 90), 5)
    return c


_POSES_ON_HANDS: Final = (
    BasePose("handstand", _handstand, ("upside_down", "hand_on_floor:both"), _BODY, tags=_INVERTED, weight=1.5),
    BasePose(
        "handstand_split",
        _handstand_split,
        ("upside_down", "hand_on_floor:both", "not feet_together"),
        _BODY,
        tags=_INVERTED,
        weight=0.6,
    ),
    BasePose("headstand", _headstand, ("upside_down", "hand_on_floor:both", "elbow_bent:both"), _BODY, tags=_INVERTED),
    BasePose(
        "forearm_stand", _forearm_stand, ("upside_down", "elbow_on_floor:both"), _BODY, tags=_INVERTED, weight=0.6
    ),
    BasePose(
        "cartwheel",
        _cartwheel,
        ("upside_down", "hand_on_floor:both", "not feet_together"),
        _BODY,
        tags=_INVERTED | {"moving"},
        weight=1.5,
    ),
    BasePose(
        "plank",
        plank,
        ("hand_on_floor:both", "trunk_horizontal", "body_straight", "arm_straight:both"),
        _BODY,
        weight=1.5,
    ),
    BasePose("forearm_plank", _forearm_plank, ("elbow_on_floor:both", "trunk_horizontal", "body_straight"), _BODY),
    BasePose(
        "push_up",
        _push_up,
        ("hand_on_floor:both", "trunk_horizontal", "elbow_bent:both", "body_straight"),
        _BODY,
        weight=1.5,
    ),
    BasePose(
        "knee_push_up",
        _knee_push_up,
        ("hand_on_floor:both", "knees_on_floor", "elbow_bent:both", "facing_down"),
        _BODY,
        weight=0.6,
    ),
    BasePose(
        "side_plank", _side_plank, ("hand_on_floor:left", "body_straight", "not hand_on_floor:right"), _BODY, weight=1.5
    ),
    BasePose(
        "forearm_side_plank",
        _forearm_side_plank,
        ("elbow_on_floor:left", "body_straight", "not elbow_on_floor:right"),
        _BODY,
        weight=0.6,
    ),
    BasePose(
        "mountain_climber",
        _mountain_climber,
        ("hand_on_floor:both", "facing_down", "knee_well_bent:left", "leg_straight:right"),
        _BODY,
    ),
    BasePose(
        "bird_dog",
        _bird_dog,
        ("facing_down", "hand_on_floor:left", "knee_on_floor:right", "leg_straight:left", "not hand_on_floor:right"),
        _BODY,
    ),
    BasePose("l_sit", _l_sit, ("hand_on_floor:both", "leg_straight:both", "trunk_upright"), _BODY),
)

_POSES_BENT: Final = (
    BasePose(
        "splits_front",
        _front_splits,
        ("legs_split", "seated_on_floor", "leg_straight:both", "leg_forward:left"),
        LEGS | {"trunk"},
        weight=1.5,
    ),
    BasePose("splits_side", _side_splits, ("legs_split", "seated_on_floor", "leg_straight:both"), LEGS),
    BasePose(
        "backbend",
        _backbend,
        ("spine_arched", "trunk_leans_back", "feet_on_floor", "hip_above_half"),
        LEGS | {"trunk"},
        weight=1.3,
    ),
    BasePose(
        "bridge",
        _bridge,
        ("hand_on_floor:both", "feet_on_floor", "facing_up", "spine_arched", "hips_off_floor"),
        _BODY,
        weight=1.5,
    ),
    BasePose("glute_bridge", _glute_bridge, ("facing_up", "feet_on_floor", "hips_off_floor"), LEGS | {"trunk"}),
    BasePose(
        "lunge",
        _lunge,
        ("leg_forward:left", "knee_bent:left", "feet_staggered", "trunk_upright", "not feet_together"),
        LEGS,
        weight=1.5,
    ),
    BasePose("reverse_lunge", _reverse_lunge, ("leg_forward:left", "knee_bent:left", "feet_staggered"), LEGS),
    BasePose(
        "side_lunge",
        _side_lunge,
        ("feet_wide", "knee_well_bent:left", "leg_straight:right", "weight_on:left"),
        LEGS,
        weight=1.3,
    ),
    BasePose(
        "forward_roll",
        _forward_roll,
        ("on_ground", "knee_well_bent:both", "spine_rounded"),
        _BODY,
        tags=frozenset({"moving"}),
    ),
    BasePose(
        "pirouette",
        _pirouette,
        ("stands_on:right", "foot_at_other_leg:left", "knee_well_bent:left"),
        LEGS,
        weight=1.3,
        tags=BALANCE,
    ),
    BasePose(
        "arabesque",
        _arabesque,
        ("stands_on:right", "leg_straight:left", "foot_high:left", "foot_behind:left"),
        LEGS | {"trunk"},
        weight=1.3,
        tags=BALANCE,
    ),
    BasePose(
        "leg_hold",
        _needle,
        ("stands_on:right", "leg_straight:left", "foot_high:left", "leg_out:left"),
        LEGS | {"left_arm", "trunk"},
        tags=BALANCE,
    ),
    BasePose("beam", _beam, ("standing", "arm_sideways:both", "trunk_upright"), LEGS, weight=1.3),
    BasePose(
        "v_sit",
        _v_sit,
        ("hip_low", "leg_straight:both", "foot_above_hip:both", "trunk_leans_back"),
        LEGS | {"trunk"},
        weight=1.3,
    ),
    BasePose("landing", _landing, ("feet_together", "knee_bent:both", "hand_high:both", "feet_on_floor"), LEGS),
)

_POSES_IN_THE_AIR: Final = (
    BasePose("gym_jumping_jack", _jumping_jack, ("standing", "feet_wide", "hand_high:both"), LEGS | ARMS, weight=1.3),
    BasePose(
        "star_jump",
        _star_jump,
        ("airborne", "not feet_together", "hand_above_shoulder:both", "feet_apart"),
        _BODY,
        tags=_AIR,
        weight=1.3,
    ),
    BasePose(
        "gym_tuck_jump",
        _tuck_jump,
        ("airborne", "knee_well_bent:both", "thigh_forward:both"),
        LEGS | {"trunk"},
        tags=_AIR,
    ),
    BasePose(
        "straddle_jump",
        _straddle_jump,
        ("airborne", "leg_straight:both", "thigh_forward:both", "feet_wide"),
        _BODY,
        tags=_AIR,
        weight=0.7,
    ),
    BasePose(
        "split_leap",
        _split_leap,
        ("airborne", "legs_split", "leg_forward:left"),
        LEGS | {"trunk"},
        tags=_AIR,
        weight=1.2,
    ),
    BasePose("back_flip", _back_flip, ("airborne", "upside_down"), _BODY, tags=_AIR | _INVERTED, weight=1.5),
    BasePose("hang", _hang, ("airborne", "arm_up:both", "arm_straight:both"), ARMS, tags=_AIR, weight=1.5),
    BasePose(
        "pull_up", _pull_up, ("airborne", "elbow_bent:both", "hand_above_shoulder:both"), ARMS, tags=_AIR, weight=1.3
    ),
    BasePose("rings", _rings, ("airborne", "arm_sideways:both", "arm_straight:both"), _BODY, tags=_AIR),
    BasePose("dip", _dip, ("airborne", "elbow_bent:both"), ARMS, tags=_AIR, weight=0.7),
)


def _handstand_stag(rng: Rng) -> Controls:
    """Upside down, the left knee bent, the right leg straight."""
    c = _handstand(rng)
    c.left_leg.angles(u(rng, 25, 60), u(rng, 80, 115), 4, 3, u(rng, 25, 45))
    return c


def _plank_leg(rng: Rng) -> Controls:
    """On the hands and the right foot, the left leg lifted."""
    c = plank(rng)
    c.level = (("right_foot",), ("left_wrist", "right_wrist"))
    c.left_leg.angles(-u(rng, 16, 26), 2, u(rng, 1, 5), 0, u(rng, 0, 30))
    return c


def _plank_reach(rng: Rng) -> Controls:
    """On the right hand and both feet, the left arm ahead."""
    c = plank(rng)
    c.level = (("left_foot", "right_foot"), ("right_wrist",))
    c.left_arm.angles(u(rng, 160, 176), u(rng, 10, 30), u(rng, 2, 10))
    return c


def _one_arm_plank(rng: Rng) -> Controls:
    """On the right hand and wide feet, the left hand behind the back."""
    c = plank(rng)
    c.level = (("left_foot", "right_foot"), ("right_wrist",))
    c.both_legs(0, 2, u(rng, 10, 20), 0, -15)
    c.left_arm.to(at.SMALL_OF_BACK)
    return c


def _bridge_leg(rng: Rng) -> Controls:
    """On the hands and the right foot, belly up, the left leg to the sky."""
    c = _bridge(rng)
    c.level = (("right_foot",), ("left_wrist", "right_wrist"))
    c.left_leg.angles(u(rng, 70, 92), u(rng, 0, 12), 2, 0, u(rng, 20, 45))
    return c


_POSES_ON_FEWER_LIMBS: tuple[BasePose, ...] = (
    BasePose(
        "handstand_stag",
        _handstand_stag,
        ("upside_down", "knee_well_bent:left", "leg_straight:right"),
        _BODY,
        tags=_INVERTED,
    ),
    BasePose(
        "plank_leg", _plank_leg, ("facing_down", "hand_on_floor:both", "foot_higher:left", "leg_straight:both"), _BODY
    ),
    BasePose("plank_reach", _plank_reach, ("facing_down", "hand_on_floor:right", "hand_higher:left"), _BODY),
    BasePose(
        "one_arm_plank",
        _one_arm_plank,
        ("facing_down", "hand_on_floor:right", "hand_behind_back:left", "hips_off_floor"),
        _BODY,
    ),
    BasePose(
        "bridge_leg",
        _bridge_leg,
        ("facing_up", "hand_on_floor:both", "foot_above_hip:left", "not foot_high:right"),
        _BODY,
    ),
)

POSES: tuple[BasePose, ...] = _POSES_ON_HANDS + _POSES_BENT + _POSES_IN_THE_AIR + _POSES_ON_FEWER_LIMBS
