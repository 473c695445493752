"""Base poses of the group dance."""

from __future__ import annotations

from typing import Final

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, BALANCE, LEGS, BasePose
from training.grammar.base import draw_from as u
from training.grammar.standing import stand

Rng = np.random.Generator

_BODY: Final = ARMS | LEGS | {"trunk"}
_MOVING: Final = frozenset({"moving"})
_AIR: Final = frozenset({"airborne"})


def _ring(height: float, ahead: float = 0.34, apart: float = 0.09) -> at.Target:
    """Rounded arms, fingertips nearly touching before the body."""
    return at.Target("spine3", "chest", (apart, height, ahead), (1.0, -0.1, 0.0))


def _first(rng: Rng) -> Controls:
    """Heels together, feet turned out, arms round and low."""
    c = stand(rng)
    c.flex, c.weight, c.nod = -3, 0, -3
    c.both_feet(u(rng, 0.045, 0.06), knee=2, toe_out=u(rng, 60, 75))
    c.both_hands(_ring(-u(rng, 0.24, 0.32), 0.27))
    return c


def _second(rng: Rng) -> Controls:
    c = _first(rng)
    c.both_feet(u(rng, 0.22, 0.28), knee=2, toe_out=u(rng, 58, 72))
    c.both_arms(u(rng, 70, 84), u(rng, 70, 84), u(rng, 12, 24))
    return c


def _fifth(rng: Rng) -> Controls:
    """Feet crossed close, the left in front, arms round overhead."""
    c = stand(rng)
    c.flex, c.weight, c.nod = -3, 0, -5
    c.left_leg.plant(-0.01, 0.07, knee=2, toe_out=u(rng, 55, 68))
    c.right_leg.plant(-0.01, -0.06, knee=2, toe_out=u(rng, 55, 68))
    if rng.random() < 0.7:
        c.both_hands(at.Target("head", "chest", (0.09, u(rng, 0.28, 0.34), 0.10), (1.0, 0.1, 0.1)))
    else:
        c.both_hands(_ring(-u(rng, 0.24, 0.32), 0.27))
    return c


def _ballet(rng: Rng) -> Controls:
    """On the right leg; the left one pointed to the side, behind or at the knee, arms rounded."""
    c = stand(rng)
    c.flex, c.nod, c.balance = -5, -6, 0.8
    c.right_leg.plant(0.04, knee=2, toe_out=35, heel=u(rng, 0, 38))
    choice = rng.random()
    if choice < 0.4:
        c.left_leg.angles(u(rng, 62, 69), u(rng, 127, 133), u(rng, 46, 52), 22, 40)
    elif choice < 0.7:
        c.pitch, c.flex = u(rng, 16, 26), -u(rng, 16, 26)
        c.left_leg.angles(-u(rng, 34, 46), u(rng, 4, 35), 6, 25, 50)
    else:
        c.left_leg.angles(u(rng, 20, 40), 3, u(rng, 40, 62), 30, 50)
    c.left_arm.angles(u(rng, 150, 168), u(rng, 65, 85), u(rng, 20, 38), 30)
    c.right_arm.angles(u(rng, 72, 90), u(rng, 75, 92), u(rng, 10, 22))
    return c


def _plie(rng: Rng) -> Controls:
    c = _second(rng)
    c.both_feet(u(rng, 0.26, 0.34), knee=u(rng, 62, 86), toe_out=u(rng, 55, 66), knee_out=1.1)
    return c


def _tendu(rng: Rng) -> Controls:
    """The left foot pointed ahead on the ground."""
    c = _first(rng)
    c.right_leg.plant(0.04, 0.0, knee=2, toe_out=55)
    c.left_leg.plant(0.02, u(rng, 0.40, 0.44), knee=2, toe_out=10, heel=38)
    c.weight, c.balance = -0.9, 0.9
    c.both_arms(u(rng, 72, 86), u(rng, 72, 86), u(rng, 12, 22))
    return c


def _ballet_leap(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.35, 0.55), pitch=u(rng, 6, 14), flex=-u(rng, 10, 20))
    c.left_leg.angles(u(rng, 70, 90), u(rng, 3, 20), 4, 5, 45)
    c.right_leg.angles(-u(rng, 36, 46), u(rng, 5, 30), 4, 10, 50)
    c.left_arm.angles(u(rng, 135, 160), u(rng, 55, 85), u(rng, 10, 25), 20)
    c.right_arm.angles(u(rng, 78, 95), u(rng, 80, 100), u(rng, 5, 15))
    return c


def _salsa(rng: Rng) -> Controls:
    """A small step with the left foot, hips out, elbows bent, one arm open."""
    c = stand(rng)
    c.left_leg.plant(0.10, u(rng, 0.16, 0.26), knee=u(rng, 18, 34), toe_out=14, heel=u(rng, 0, 18))
    c.right_leg.plant(0.10, -u(rng, 0.02, 0.1), knee=u(rng, 8, 18), toe_out=16)
    c.weight, c.roll, c.bend, c.twist = -u(rng, 0.5, 0.8), u(rng, 6, 10), -u(rng, 8, 15), -u(rng, 6, 18)
    c.left_arm.angles(u(rng, 28, 45), u(rng, 40, 70), u(rng, 85, 110), u(rng, -30, 5))
    if rng.random() < 0.5:
        c.right_arm.angles(u(rng, 75, 100), u(rng, 75, 95), u(rng, 10, 35))
    else:
        c.right_arm.angles(u(rng, 28, 45), u(rng, 40, 75), u(rng, 85, 110), u(rng, -20, 10))
    return c


def _tango(rng: Rng) -> Controls:
    """A long step with the left foot, in the frame of a couple: left arm out, right arm around."""
    c = stand(rng)
    c.flex, c.nod, c.turn_head = -4, -8, u(rng, 38, 60)
    c.left_leg.plant(0.06, u(rng, 0.32, 0.40), knee=u(rng, 40, 58), toe_out=4)
    c.right_leg.plant(0.07, -u(rng, 0.36, 0.46), knee=6, heel=u(rng, 10, 30), toe_out=8)
    c.left_arm.angles(u(rng, 86, 98), u(rng, 55, 80), u(rng, 15, 40), 30)
    c.right_arm.angles(u(rng, 66, 80), u(rng, 35, 55), u(rng, 75, 95), -u(rng, 55, 75))
    return c


def _waltz(rng: Rng) -> Controls:
    """Upright, both arms around a partner who is not there, gliding onto the left foot."""
    c = stand(rng)
    c.flex, c.nod, c.turn_head, c.bend = -8, -8, u(rng, 15, 40), -u(rng, 0, 8)
    c.left_leg.plant(0.07, u(rng, 0.12, 0.24), knee=u(rng, 6, 18), heel=u(rng, 0, 26), toe_out=10)
    c.right_leg.plant(0.07, -u(rng, 0.10, 0.2), knee=u(rng, 6, 14), heel=u(rng, 0, 30), toe_out=14)
    c.left_arm.angles(u(rng, 82, 95), u(rng, 58, 80), u(rng, 20, 45), u(rng, 30, 50))
    c.right_arm.angles(u(rng, 74, 86), u(rng, 35, 55), u(rng, 72, 92), -u(rng, 45, 62))
    return c


def _hip_hop(rng: Rng) -> Controls:
    """Loose, low and lopsided."""
    c = stand(rng)
    c.pitch, c.flex, c.bend, c.twist = u(rng, 10, 22), u(rng, 12, 26), u(rng, 6, 18), u(rng, -20, 20)
    c.both_feet(u(rng, 0.2, 0.3), knee=u(rng, 36, 58), toe_out=22, knee_out=0.2)
    c.left_leg.z, c.weight = u(rng, -0.08, 0.12), u(rng, 0.1, 0.5)
    c.nod = u(rng, 0, 14)
    choice = rng.random()
    if choice < 0.4:
        c.left_arm.angles(u(rng, 70, 95), u(rng, 10, 40), u(rng, 80, 110), -u(rng, 40, 80))
        c.right_arm.angles(u(rng, 45, 70), u(rng, 70, 110), u(rng, 20, 60))
    elif choice < 0.7:
        c.left_arm.angles(u(rng, 80, 95), 88, u(rng, 75, 95), u(rng, 70, 90))
        c.right_arm.angles(u(rng, 75, 92), 88, u(rng, 75, 95), -u(rng, 60, 85))
    else:
        c.both_hands(at.CROSSED)
        c.left_arm.to(at.CROSSED.moved(z=0.03))
    return c


def _freeze(rng: Rng) -> Controls:
    """Upside down on the hands, legs bent and split in the air."""
    c = Controls(support="lowest", pitch=180, heading=180, flex=u(rng, 4, 16), roll=u(rng, -10, 10), nod=10)
    c.level = (("left_wrist",), ("right_wrist",))
    c.both_arms(u(rng, 98, 110), u(rng, 15, 40), u(rng, 74, 86))
    if rng.random() < 0.4:
        c.both_arms(u(rng, 166, 174), 70, u(rng, 4, 14))
    c.left_leg.angles(u(rng, 65, 100), u(rng, 70, 115), u(rng, 8, 24), 5, 20)
    c.right_leg.angles(u(rng, -25, 15), u(rng, 25, 90), u(rng, 8, 26), 5, 25)
    return c


def _baby_freeze(rng: Rng) -> Controls:
    """The trunk level over the left bent arm, legs tucked in the air."""
    c = Controls(
        support="lowest", pitch=u(rng, 100, 116), flex=u(rng, 12, 22), roll=u(rng, 4, 12), turn_head=30, nod=20
    )
    c.level = (("left_wrist",), ("right_wrist",))
    c.left_arm.angles(u(rng, 60, 74), 30, u(rng, 72, 88))
    c.right_arm.angles(u(rng, 68, 80), 30, u(rng, 68, 84))
    c.left_leg.angles(u(rng, 92, 108), u(rng, 100, 118), 12, 10, 25)
    c.right_leg.angles(u(rng, 20, 45), u(rng, 70, 100), 14, 10, 25)
    return c


def _six_step(rng: Rng) -> Controls:
    """Low on the left hand and the right foot, the left leg kicked out ahead."""
    c = Controls(
        support="seat",
        height=u(rng, 0.22, 0.27),
        pitch=-u(rng, 54, 62),
        flex=u(rng, 14, 24),
        roll=6,
        turn_head=10,
        nod=10,
    )
    c.right_leg.plant(0.12, 0.28, toe_out=14)
    c.left_leg.plant(0.12, u(rng, 0.86, 0.9), heel=-40, toe_out=10)
    c.left_arm.to(at.on_floor(0.24, -u(rng, 0.34, 0.42)), (0.4, 0.0, -1.0))
    c.right_arm.angles(u(rng, 60, 100), u(rng, 40, 80), u(rng, 20, 60))
    return c


def _moonwalk(rng: Rng) -> Controls:
    """The left foot flat and sliding back, the right one up on its toes, knee bent."""
    c = stand(rng)
    c.pitch, c.flex, c.nod = u(rng, 2, 10), u(rng, 2, 10), u(rng, 4, 16)
    c.right_leg.plant(0.08, u(rng, 0.02, 0.08), knee=u(rng, 34, 42), heel=u(rng, 40, 52), toe_out=4)
    c.left_leg.plant(0.09, -u(rng, 0.26, 0.32), knee=4, toe_out=6)
    c.weight, c.balance = u(rng, -0.1, 0.4), 0.4
    c.right_arm.angles(u(rng, 18, 38), u(rng, 0, 25), u(rng, 20, 50))
    c.left_arm.angles(u(rng, 12, 30), u(rng, 150, 175), u(rng, 15, 40))
    return c


def _twist(rng: Rng) -> Controls:
    """Hips to one side, shoulders to the other, knees together and bent."""
    c = stand(rng)
    c.turn, c.twist, c.pitch = -u(rng, 22, 34), u(rng, 34, 50), u(rng, 4, 10)
    c.both_feet(u(rng, 0.09, 0.13), knee=u(rng, 34, 52), toe_out=6, heel=u(rng, 0, 22))
    c.left_leg.toe_out, c.right_leg.toe_out = -18, 30
    c.left_arm.angles(u(rng, 32, 48), u(rng, 70, 100), u(rng, 80, 105), u(rng, 0, 20))
    c.right_arm.angles(u(rng, 32, 48), u(rng, 10, 40), u(rng, 80, 105), -u(rng, 0, 20))
    return c


def _disco(rng: Rng) -> Controls:
    """The left arm pointing up and out, the right hand on the hip, the right hip out."""
    c = stand(rng)
    c.both_feet(u(rng, 0.2, 0.28), knee=4)
    c.left_leg.knee, c.left_leg.toe_out = 16, 24
    c.weight, c.roll, c.bend = -u(rng, 0.5, 0.75), u(rng, 4, 8), u(rng, 0, 5)
    c.left_arm.angles(u(rng, 132, 152), u(rng, 75, 95), u(rng, 2, 8))
    c.right_arm.to(at.HIP)
    c.turn_head, c.nod = u(rng, 20, 40), -u(rng, 10, 22)
    return c


def _flamenco(rng: Rng) -> Controls:
    """Proud and arched, the left arm curved overhead, the right one before or behind the waist."""
    c = stand(rng)
    c.flex, c.nod, c.turn_head, c.bend = -u(rng, 14, 24), -4, -u(rng, 15, 40), -u(rng, 2, 8)
    c.left_leg.plant(0.07, u(rng, 0.10, 0.18), knee=u(rng, 10, 26), heel=u(rng, 0, 30), toe_out=14)
    c.right_leg.plant(0.08, -u(rng, 0.04, 0.1), knee=5, toe_out=24)
    c.weight = -0.5
    c.left_arm.to(at.Target("head", "chest", (u(rng, 0.0, 0.1), u(rng, 0.22, 0.28), 0.10), (1.0, 0.1, 0.1)))
    if rng.random() < 0.4:
        c.right_arm.to(at.Target("head", "chest", (u(rng, 0.04, 0.12), u(rng, 0.26, 0.32), 0.08), (1.0, 0.1, 0.1)))
    elif rng.random() < 0.5:
        c.right_arm.to(at.BELLY)
    else:
        c.right_arm.to(at.SMALL_OF_BACK)
    return c


def _curtsy(rng: Rng) -> Controls:
    """The left foot crossed behind, knees bent, hands holding the skirt."""
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.weight = u(rng, 8, 16), u(rng, 4, 12), u(rng, 10, 24), -0.5
    c.right_leg.plant(0.06, 0.08, knee=u(rng, 44, 62), toe_out=14)
    c.left_leg.plant(-u(rng, 0.14, 0.2), -u(rng, 0.22, 0.28), knee=u(rng, 30, 44), heel=35, toe_out=-8)
    c.both_arms(u(rng, 30, 44), u(rng, 80, 95), u(rng, 14, 34))
    return c


def _belly_dance(rng: Rng) -> Controls:
    c = stand(rng)
    c.weight, c.roll, c.bend = -u(rng, 0.5, 0.75), u(rng, 8, 13), -u(rng, 12, 18)
    c.left_leg.plant(0.11, 0.10, knee=30, heel=28)
    c.right_leg.plant(0.10, 0.0, knee=5)
    if rng.random() < 0.6:
        c.both_arms(u(rng, 80, 105), 88, u(rng, 20, 45), u(rng, 20, 60))
    else:
        c.both_hands(at.Target("head", "chest", (0.05, 0.34, 0.04), (1.0, 0.1, 0.1)))
    return c


def _tap(rng: Rng) -> Controls:
    """The left foot tapping ahead on its heel, elbows bent and loose."""
    c = stand(rng)
    c.pitch, c.flex = 8, 6
    c.right_leg.plant(0.08, knee=u(rng, 14, 26))
    c.left_leg.plant(0.09, u(rng, 0.19, 0.24), knee=8, heel=-30)
    c.weight, c.balance = -0.85, 0.8
    c.both_arms(u(rng, 35, 58), u(rng, 60, 90), u(rng, 40, 75), u(rng, 0, 30))
    return c


def _kick_line(rng: Rng) -> Controls:
    """A high kick with the left leg, hands on the hips."""
    c = stand(rng)
    c.right_leg.plant(0.05, knee=3)
    c.pitch, c.flex = -4, -2
    c.left_leg.angles(u(rng, 86, 108), u(rng, 2, 10), 3, 0, 35)
    if rng.random() < 0.7:
        c.both_hands(at.HIP)
    else:
        c.both_arms(u(rng, 80, 95), 90, 5)
    return c


def _vogue(rng: Rng) -> Controls:
    """Hands framing the face, one arm over the head."""
    c = stand(rng)
    c.weight, c.roll, c.bend = u(rng, 0.5, 0.8), -5, u(rng, 6, 12)
    c.left_arm.to(at.HEAD_TOP)
    c.right_arm.to(at.CHIN)
    c.turn_head = u(rng, -20, 20)
    return c


def _robot(rng: Rng) -> Controls:
    """Right angles everywhere: the left forearm up, the right one ahead or down."""
    c = stand(rng)
    c.flex, c.weight = -2, 0
    c.left_arm.angles(u(rng, 84, 92), 88, u(rng, 86, 94), u(rng, 84, 92))
    if rng.random() < 0.5:
        c.right_arm.angles(u(rng, 84, 92), 88, u(rng, 86, 94), -u(rng, 84, 92))
    else:
        c.right_arm.angles(u(rng, 2, 6), 60, u(rng, 88, 94))
    return c


def _dab(rng: Rng) -> Controls:
    """Face into the left elbow, the right arm stretched up and out."""
    c = stand(rng)
    c.bend, c.nod, c.turn_head, c.flex = u(rng, 4, 12), u(rng, 18, 30), u(rng, 24, 40), 8
    c.left_arm.to(at.Target("head", "chest", (-0.10, 0.06, 0.20), (1.0, 0.35, 0.5)))
    c.right_arm.angles(u(rng, 108, 128), u(rng, 80, 95), 4)
    return c


def _free(rng: Rng) -> Controls:
    """Dancing to music: arms up or swinging, hips out, a foot lifted at times."""
    c = stand(rng)
    c.weight, c.roll, c.bend, c.twist = u(rng, 0.4, 0.8), -u(rng, 3, 7), u(rng, 3, 10), u(rng, -15, 15)
    c.left_leg.plant(0.12, 0.0, knee=u(rng, 12, 24))
    c.right_leg.plant(0.14, u(rng, -0.08, 0.08), knee=u(rng, 20, 36), heel=u(rng, 10, 35))
    c.left_arm.angles(u(rng, 95, 155), u(rng, 50, 95), u(rng, 20, 80), u(rng, 20, 70))
    c.right_arm.angles(u(rng, 60, 150), u(rng, 50, 95), u(rng, 20, 80), u(rng, 10, 60))
    return c


def _arms_up_dance(rng: Rng) -> Controls:
    c = _free(rng)
    for arm in c.arms:
        arm.angles(u(rng, 145, 168), u(rng, 60, 95), u(rng, 8, 50), u(rng, 20, 60))
    return c


def _line_dance(rng: Rng) -> Controls:
    """Thumbs at the belt, the left heel out ahead."""
    c = stand(rng)
    c.right_leg.plant(0.09, knee=12)
    c.left_leg.plant(0.12, 0.21, knee=6, heel=-30, toe_out=20)
    c.weight, c.balance = -0.85, 0.8
    c.both_hands(at.HIP.moved(y=-0.04, z=0.08))
    return c


def _cossack(rng: Rng) -> Controls:
    """Squatting deep, the left leg kicked out ahead, arms folded."""
    c = stand(rng)
    c.pitch, c.flex, c.balance, c.weight = u(rng, 16, 24), u(rng, 10, 18), 0.8, 0
    c.right_leg.plant(0.08, knee=u(rng, 112, 122), heel=15, toe_out=14)
    c.left_leg.angles(u(rng, 92, 104), u(rng, 4, 16), 6, 0, -10)
    c.both_hands(at.CROSSED.moved(y=0.06))
    c.left_arm.to(at.CROSSED.moved(y=0.08, z=0.03))
    return c


_BALLET: Final = (
    BasePose(
        "ballet_pose",
        _ballet,
        ("stands_on:right", "hand_high:left", "hand_above_hip:right"),
        LEGS | {"trunk"},
        weight=1.5,
        tags=_MOVING | BALANCE,
    ),
    BasePose(
        "ballet_first",
        _first,
        ("standing", "trunk_upright", "feet_together", "leg_straight:both", "hands_near", "toes_turned_out"),
        LEGS,
        weight=1.4,
    ),
    BasePose(
        "ballet_second",
        _second,
        ("standing", "trunk_upright", "feet_apart", "hand_above_hip:both", "toes_turned_out"),
        LEGS,
    ),
    BasePose(
        "ballet_fifth",
        _fifth,
        ("standing", "trunk_upright", "feet_together", "leg_straight:both", "toes_turned_out"),
        LEGS,
        weight=1.4,
    ),
    BasePose("plie", _plie, ("knee_bent:both", "feet_wide", "trunk_upright", "feet_on_floor"), LEGS),
    BasePose("tendu", _tendu, ("standing", "leg_forward:left", "leg_straight:left"), LEGS),
    BasePose(
        "ballet_leap", _ballet_leap, ("airborne", "foot_ahead:left", "foot_behind:right"), LEGS | {"trunk"}, tags=_AIR
    ),
)

_DANCES: Final = (
    BasePose(
        "salsa",
        _salsa,
        ("standing", "elbow_bent:left", "leg_forward:left", "hips_shifted:right"),
        frozenset(),
        weight=1.5,
        tags=_MOVING,
    ),
    BasePose(
        "tango",
        _tango,
        (
            "standing",
            "feet_staggered",
            "knee_bent:left",
            "leg_forward:left",
            "hand_above_chest:left",
            "head_turned:left",
        ),
        LEGS | ARMS,
        weight=1.5,
        tags=_MOVING,
    ),
    BasePose("waltz", _waltz, ("standing", "trunk_upright", "hand_above_chest:both"), ARMS, weight=1.5, tags=_MOVING),
    BasePose(
        "hip_hop", _hip_hop, ("feet_apart", "knee_bent:both", "feet_on_floor"), frozenset(), weight=1.5, tags=_MOVING
    ),
    BasePose(
        "freeze",
        _freeze,
        ("upside_down", "hand_on_floor:both", "knee_bent:left"),
        _BODY,
        weight=1.5,
        tags=frozenset({"upside_down"}),
    ),
    BasePose("baby_freeze", _baby_freeze, ("hand_on_floor:both", "elbow_bent:both", "facing_down"), _BODY, weight=0.8),
    BasePose(
        "six_step",
        _six_step,
        ("trunk_leans_back", "hand_on_floor:left", "leg_straight:left"),
        _BODY,
        weight=0.7,
        tags=_MOVING,
    ),
    BasePose(
        "moonwalk",
        _moonwalk,
        ("standing", "leg_back:left", "leg_straight:left", "knee_bent:right", "heel_raised:right"),
        LEGS,
        weight=1.5,
        tags=_MOVING,
    ),
    BasePose(
        "twist_dance",
        _twist,
        ("standing", "trunk_twists:left", "knee_bent:both", "elbow_bent:both"),
        LEGS | {"trunk"},
        weight=1.5,
        tags=_MOVING,
    ),
    BasePose(
        "disco",
        _disco,
        ("standing", "hand_high:left", "arm_straight:left", "feet_apart", "hand_on_hip:right"),
        LEGS,
        right=0.7,
        weight=1.5,
    ),
    BasePose("flamenco", _flamenco, ("standing", "hand_high:left", "elbow_bent_some:left"), LEGS, weight=1.5),
    BasePose("curtsy", _curtsy, ("knee_bent:both", "legs_crossed", "leg_back:left"), LEGS, weight=1.5),
    BasePose(
        "belly_dance", _belly_dance, ("standing", "hand_above_chest:both", "trunk_bends:right"), LEGS, tags=_MOVING
    ),
    BasePose("tap_dance", _tap, ("standing", "leg_forward:left"), LEGS, tags=_MOVING),
    BasePose(
        "cancan",
        _kick_line,
        ("stands_on:right", "foot_high:left", "leg_straight:left", "foot_ahead:left"),
        LEGS,
        tags=_MOVING,
    ),
    BasePose("vogue", _vogue, ("standing", "hand_on_head:left", "hand_at_face:right"), ARMS),
    BasePose("robot_dance", _robot, ("standing", "elbow_bent:both", "trunk_upright"), ARMS, tags=_MOVING),
    BasePose(
        "dab",
        _dab,
        ("standing", "hand_above_shoulder:right", "arm_straight:right", "elbow_bent:left", "arm_across:left"),
        ARMS | {"head"},
    ),
    BasePose("free_dance", _free, ("standing", "hand_above_chest:both"), frozenset(), weight=2, tags=_MOVING),
    BasePose("dance_arms_up", _arms_up_dance, ("standing", "hand_high:both"), ARMS, tags=_MOVING),
    BasePose("line_dance", _line_dance, ("standing", "hand_at_hip:both", "leg_forward:left"), LEGS, tags=_MOVING),
    BasePose(
        "cossack_dance",
        _cossack,
        ("foot_on_floor:right", "knee_well_bent:right", "leg_straight:left", "arms_crossed"),
        _BODY,
        tags=_MOVING,
    ),
)

POSES: tuple[BasePose, ...] = _BALLET + _DANCES
