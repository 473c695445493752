"""Base poses of the group fighting."""

from __future__ import annotations

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, LEGS, BasePose
from training.grammar.base import draw_from as u

Rng = np.random.Generator


def before_chest(x: float, y: float, z: float, pole: tuple[float, float, float] = (0.8, -1.0, -0.1)) -> at.Target:
    """A point before the breastbone, x outward from the middle line."""
    return at.Target("spine3", "chest", (x, y + 0.1, z), pole)


def fighter(rng: Rng) -> Controls:
    """On guard, the left foot ahead: how one boxes."""
    turn = u(rng, -30, -12)
    c = Controls(pitch=u(rng, 3, 8), flex=u(rng, 6, 14), turn=turn, turn_head=-0.8 * turn, nod=u(rng, 2, 8))
    c.left_leg.plant(u(rng, 0.08, 0.13), u(rng, 0.14, 0.22), knee=u(rng, 16, 34), toe_out=u(rng, -6, 6))
    c.right_leg.plant(
        u(rng, 0.10, 0.15), -u(rng, 0.14, 0.22), knee=u(rng, 18, 34), toe_out=u(rng, 25, 50), heel=u(rng, 4, 18)
    )
    c.left_arm.to(at.GUARD.moved(y=u(rng, -0.02, 0.08), z=u(rng, 0.03, 0.10)))
    c.right_arm.to(at.GUARD.moved(y=u(rng, -0.03, 0.06), z=-u(rng, 0.02, 0.07)))
    return c


def _guard(rng: Rng) -> Controls:
    c = fighter(rng)
    if rng.random() < 0.4:
        c.turn = c.turn_head = 0.0
    return c


def _karate(rng: Rng) -> Controls:
    """The left foot far ahead, the left hand before the body, the right fist at the hip."""
    c = Controls(flex=u(rng, -2, 4), turn=u(rng, -25, -5), turn_head=u(rng, 5, 20))
    c.left_leg.plant(u(rng, 0.08, 0.14), u(rng, 0.26, 0.36), knee=u(rng, 45, 65), toe_out=2)
    c.right_leg.plant(u(rng, 0.10, 0.16), -u(rng, 0.26, 0.36), knee=8, toe_out=u(rng, 25, 40))
    c.left_arm.to(before_chest(u(rng, 0.05, 0.12), u(rng, -0.05, 0.12), u(rng, 0.36, 0.44)))
    c.right_arm.to(at.HIP.moved(x=0.03, y=u(rng, 0.05, 0.12), z=0.04), (0.4, -0.3, -1.0))
    return c


def _horse(rng: Rng) -> Controls:
    c = Controls(flex=u(rng, -2, 4))
    c.both_feet(u(rng, 0.36, 0.44), knee=u(rng, 72, 92), toe_out=u(rng, 15, 40), knee_out=0.5)
    if rng.random() < 0.65:
        c.both_hands(at.HIP.moved(x=0.03, y=u(rng, 0.04, 0.10), z=0.05), (0.3, -0.3, -1.0))
    else:
        c.both_hands(at.GUARD.moved(y=-0.06))
    return c


def _straight(rng: Rng) -> Controls:
    """The left fist straight ahead."""
    c = fighter(rng)
    c.turn, c.twist = u(rng, -25, -8), u(rng, -22, -8)
    c.turn_head = 0.8 * -(c.turn + c.twist)
    ahead = np.radians(-(c.turn + c.twist))
    c.left_arm.to(at.in_front(0.58 * np.sin(ahead) - 0.04, u(rng, -0.04, 0.08), 0.58 * np.cos(ahead)))
    return c


def _cross(rng: Rng) -> Controls:
    """The left fist straight ahead with the right foot in front."""
    c = _straight(rng)
    c.left_leg.z, c.right_leg.z = c.right_leg.z, c.left_leg.z
    c.left_leg.heel, c.right_leg.heel = u(rng, 10, 30), 0.0
    return c


def _punch(rng: Rng) -> Controls:
    return _cross(rng) if rng.random() < 0.45 else _straight(rng)


def _hook(rng: Rng) -> Controls:
    c = fighter(rng)
    c.twist = u(rng, -28, -14)
    c.turn_head = u(rng, 25, 45)
    c.left_arm.angles(u(rng, 84, 96), u(rng, 66, 84), u(rng, 85, 108), u(rng, -8, 8), 6)
    return c


def _uppercut(rng: Rng) -> Controls:
    c = fighter(rng)
    c.flex, c.pitch, c.twist = u(rng, -10, -2), u(rng, -3, 3), u(rng, -20, -8)
    c.left_arm.to(before_chest(u(rng, 0.02, 0.08), u(rng, 0.20, 0.30), u(rng, 0.26, 0.34), (0.2, -1.0, 0.4)))
    return c


def _elbow(rng: Rng) -> Controls:
    c = fighter(rng)
    c.twist = u(rng, -30, -15)
    c.turn_head = u(rng, 25, 45)
    c.left_arm.to(at.GUARD.moved(x=-0.06, y=-0.02, z=-0.06), (0.7, 0.4, 0.9))
    return c


def _knee(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, -10, 0), flex=u(rng, 4, 14))
    c.right_leg.plant(0.06, knee=u(rng, 6, 16), heel=u(rng, 0, 15), toe_out=20)
    c.left_leg.angles(u(rng, 92, 112), u(rng, 105, 130), 2, 0, u(rng, 20, 45))
    if rng.random() < 0.5:
        c.both_hands(before_chest(0.08, u(rng, -0.05, 0.05), 0.36))
    else:
        c.both_hands(at.GUARD)
    return c


def _block_one(rng: Rng) -> Controls:
    c = fighter(rng)
    if rng.random() < 0.55:
        c.left_arm.to(before_chest(u(rng, 0.04, 0.12), u(rng, 0.22, 0.32), u(rng, 0.28, 0.36), (0.4, -1.0, 0.4)))
    else:
        c.left_arm.to(at.Target("head", "head", (-0.04, u(rng, 0.12, 0.18), 0.20), (1.0, -0.1, 0.3)))
    return c


def _block_both(rng: Rng) -> Controls:
    c = fighter(rng)
    crossed = u(rng, -0.10, -0.04) if rng.random() < 0.4 else u(rng, 0.04, 0.08)
    for arm in c.arms:
        arm.to(before_chest(crossed, u(rng, 0.22, 0.30), u(rng, 0.24, 0.30), (0.5, -1.0, 0.5)))
    c.nod = u(rng, 8, 18)
    return c


def _low_block(rng: Rng) -> Controls:
    c = _karate(rng)
    c.left_arm.angles(u(rng, 16, 28), u(rng, 10, 40), u(rng, 4, 12))
    return c


def _dodge(rng: Rng) -> Controls:
    """Out of the way to the left."""
    c = fighter(rng)
    c.turn, c.turn_head = u(rng, -12, 4), 0.0
    c.both_feet(u(rng, 0.20, 0.28), knee=u(rng, 20, 34))
    c.bend, c.roll, c.weight = u(rng, 24, 36), u(rng, 6, 14), u(rng, 0.3, 0.7)
    return c


def _front_kick(rng: Rng) -> Controls:
    c = fighter(rng)
    c.pitch, c.flex, c.turn, c.turn_head = -u(rng, 10, 18), u(rng, 6, 14), u(rng, -12, 0), 5
    c.right_leg.plant(0.05, knee=u(rng, 6, 18), toe_out=25)
    c.left_leg.angles(u(rng, 96, 112), u(rng, 3, 18), 2, 0, u(rng, -5, 35))
    return c


def _high_kick(rng: Rng) -> Controls:
    c = _front_kick(rng)
    c.pitch = -u(rng, 14, 22)
    c.left_leg.angles(u(rng, 116, 132), u(rng, 2, 10), u(rng, 2, 10), 0, u(rng, 20, 45))
    c.right_leg.knee = u(rng, 4, 12)
    return c


def _side_kick(rng: Rng) -> Controls:
    c = Controls(roll=-u(rng, 34, 46), bend=u(rng, 6, 14), turn_head=u(rng, 50, 70), tilt=u(rng, 8, 18))
    c.right_leg.plant(0.05, knee=u(rng, 5, 14), toe_out=u(rng, 30, 60))
    c.left_leg.angles(u(rng, 5, 18), u(rng, 3, 14), u(rng, 46, 58), -10, u(rng, -15, 10))
    c.left_arm.to(at.GUARD.moved(x=u(rng, 0.0, 0.10), y=-0.04))
    c.right_arm.to(at.GUARD.moved(y=-0.02))
    return c


def _roundhouse(rng: Rng) -> Controls:
    c = Controls(
        roll=-u(rng, 24, 34), turn=-u(rng, 40, 60), bend=u(rng, 2, 8), turn_head=u(rng, 35, 55), twist=u(rng, 5, 15)
    )
    c.right_leg.plant(0.05, knee=u(rng, 6, 16), toe_out=u(rng, 50, 75), heel=u(rng, 0, 12))
    c.left_leg.angles(u(rng, 24, 38), u(rng, 14, 45), u(rng, 48, 60), -20, u(rng, 25, 50))
    c.left_arm.angles(u(rng, 30, 55), u(rng, 90, 130), u(rng, 15, 40))
    c.right_arm.to(at.GUARD)
    return c


def _back_kick(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 48, 62), flex=u(rng, 0, 8), nod=-20, turn_head=u(rng, 25, 50))
    c.right_leg.plant(0.05, knee=u(rng, 8, 20))
    c.left_leg.angles(u(rng, -35, -22), u(rng, 5, 20), 3, 0, u(rng, -10, 15))
    c.both_hands(at.GUARD.moved(y=-0.1))
    return c


def _flying_kick(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.3, 0.55), pitch=-u(rng, 8, 18), flex=u(rng, 8, 16))
    c.left_leg.angles(u(rng, 92, 108), u(rng, 2, 10), 3, 0, u(rng, -10, 25))
    c.right_leg.angles(u(rng, 55, 80), u(rng, 105, 135), 8, 10, 30)
    c.both_hands(at.GUARD)
    if rng.random() < 0.4:
        c.both_arms(u(rng, 50, 85), 85, 25)
    return c


def _swing_sword(rng: Rng) -> Controls:
    """Both hands at the hilt: drawn back over the left shoulder, or cut down to the right."""
    c = Controls(flex=u(rng, 0, 10), pitch=u(rng, 0, 8))
    c.left_leg.plant(0.14, -u(rng, 0.12, 0.22), knee=u(rng, 10, 30), toe_out=30)
    c.right_leg.plant(0.12, u(rng, 0.14, 0.26), knee=u(rng, 18, 40), toe_out=5)
    if rng.random() < 0.5:
        c.twist = u(rng, 8, 22)
        c.left_arm.to(before_chest(0.20, u(rng, 0.14, 0.26), u(rng, 0.10, 0.18), (1.0, 0.0, 0.0)))
        c.right_arm.to(before_chest(-0.12, u(rng, 0.08, 0.18), 0.22, (0.6, -0.6, 0.8)))
    else:
        c.twist = -u(rng, 10, 28)
        c.left_arm.to(before_chest(-u(rng, 0.02, 0.12), -u(rng, 0.06, 0.18), u(rng, 0.38, 0.44)))
        c.right_arm.to(before_chest(u(rng, 0.08, 0.18), -u(rng, 0.12, 0.22), u(rng, 0.32, 0.36)))
    c.turn_head = -0.8 * c.twist
    return c


def _sword_overhead(rng: Rng) -> Controls:
    c = Controls(flex=-u(rng, 2, 10), nod=u(rng, -5, 5))
    c.left_leg.plant(0.12, u(rng, 0.08, 0.2), knee=u(rng, 8, 24))
    c.right_leg.plant(0.12, -u(rng, 0.08, 0.2), knee=u(rng, 8, 20), toe_out=25)
    high, ahead = u(rng, 0.20, 0.30), u(rng, -0.04, 0.10)
    c.left_arm.to(at.Target("head", "chest", (0.03, high, ahead), (1.0, 0.1, 0.5)))
    c.right_arm.to(at.Target("head", "chest", (0.03, high - 0.05, ahead + 0.03), (1.0, 0.1, 0.5)))
    return c


def _sword_ready(rng: Rng) -> Controls:
    c = _sword_overhead(rng)
    c.flex = u(rng, 0, 8)
    low = u(rng, -0.22, -0.06)
    c.left_arm.to(before_chest(0.03, low, u(rng, 0.34, 0.40)))
    c.right_arm.to(before_chest(0.02, low - 0.07, u(rng, 0.28, 0.34)))
    return c


def _raise_weapon(rng: Rng) -> Controls:
    c = fighter(rng)
    c.pitch, c.flex = 0, u(rng, -6, 4)
    c.right_arm.angles(u(rng, 20, 45), u(rng, 30, 90), u(rng, 20, 60))
    c.left_arm.angles(u(rng, 140, 168), u(rng, 40, 90), u(rng, 5, 35), u(rng, 30, 70))
    return c


def _shield(rng: Rng) -> Controls:
    c = fighter(rng)
    c.left_arm.to(before_chest(-u(rng, 0.04, 0.14), u(rng, 0.06, 0.20), u(rng, 0.20, 0.27), (1.0, -0.6, 0.3)))
    c.right_arm.angles(u(rng, 25, 50), u(rng, 100, 150), u(rng, 30, 70))
    c.nod = u(rng, 4, 14)
    return c


def _spear(rng: Rng) -> Controls:
    """Both hands at a shaft that points ahead, the right foot in front, the left hand at the hip."""
    c = Controls(pitch=u(rng, 8, 18), flex=u(rng, 2, 8), turn=u(rng, 15, 35), turn_head=-u(rng, 15, 30))
    c.right_leg.plant(0.09, u(rng, 0.28, 0.40), knee=u(rng, 45, 65), toe_out=0)
    c.left_leg.plant(0.12, -u(rng, 0.26, 0.36), knee=10, toe_out=45)
    height = u(rng, -0.20, -0.06)
    c.right_arm.to(before_chest(u(rng, 0.18, 0.26), height + 0.04, u(rng, 0.42, 0.46)))
    c.left_arm.to(before_chest(u(rng, 0.12, 0.18), height - 0.05, u(rng, 0.06, 0.14), (0.8, -0.1, -1.0)))
    return c


def _draw_gun(rng: Rng) -> Controls:
    c = Controls(flex=u(rng, 2, 8), pitch=u(rng, 0, 5))
    c.both_feet(u(rng, 0.18, 0.25), u(rng, -0.02, 0.02), knee=u(rng, 10, 24))
    c.left_arm.to(at.HIP.moved(x=0.03, y=u(rng, -0.01, 0.03), z=u(rng, -0.02, 0.0)), (0.6, -0.1, -1.0))
    c.right_arm.angles(u(rng, 18, 35), u(rng, 60, 95), u(rng, 15, 50))
    return c


def _pistol_both(rng: Rng) -> Controls:
    c = Controls(flex=u(rng, 2, 8), pitch=u(rng, 0, 6))
    c.both_feet(u(rng, 0.16, 0.24), knee=u(rng, 8, 24))
    if rng.random() < 0.5:
        c.left_leg.z, c.right_leg.z = -0.12, 0.12
    high = u(rng, 0.04, 0.12)
    for arm in c.arms:
        arm.to(before_chest(0.03, high, 0.46, (0.6, -1.0, 0.0)))
    return c


def _pistol_one(rng: Rng) -> Controls:
    c = Controls(flex=u(rng, 0, 5))
    c.both_feet(u(rng, 0.13, 0.2), knee=u(rng, 5, 14))
    c.left_arm.angles(u(rng, 86, 96), u(rng, -4, 10), u(rng, 2, 10))
    return c


def _rifle(rng: Rng) -> Controls:
    """The butt at the left shoulder, the right hand under the barrel."""
    c = Controls(flex=u(rng, 4, 12), pitch=u(rng, 0, 8), tilt=u(rng, 10, 20), nod=u(rng, 4, 12))
    c.left_leg.plant(0.14, -u(rng, 0.08, 0.2), knee=u(rng, 8, 22), toe_out=30)
    c.right_leg.plant(0.12, u(rng, 0.08, 0.2), knee=u(rng, 12, 30), toe_out=5)
    high = u(rng, -0.02, 0.05)
    c.left_arm.to(before_chest(0.14, high - 0.02, 0.22, (1.0, -0.4, -0.2)))
    c.right_arm.to(before_chest(-u(rng, 0.04, 0.10), high, u(rng, 0.42, 0.46), (0.4, -1.0, 0.2)))
    return c


def _throw(rng: Rng) -> Controls:
    """A grip with both hands at someone's jacket."""
    c = Controls(pitch=u(rng, 22, 30), flex=u(rng, 12, 20), nod=-14)
    c.left_leg.plant(u(rng, 0.15, 0.22), u(rng, 0.04, 0.16), knee=u(rng, 35, 60))
    c.right_leg.plant(u(rng, 0.15, 0.22), -u(rng, 0.04, 0.16), knee=u(rng, 35, 60), toe_out=25)
    for arm in c.arms:
        arm.to(before_chest(u(rng, 0.10, 0.2), u(rng, -0.08, 0.06), u(rng, 0.36, 0.43)))
    return c


def _hit(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 14, 24), flex=u(rng, 34, 48), nod=u(rng, 0, 14))
    c.both_feet(u(rng, 0.12, 0.18), knee=u(rng, 30, 48))
    c.sway_z = -0.03
    c.both_hands(at.BELLY)
    return c


_LEFT = frozenset({"left_arm"})
_KICK = LEGS | {"trunk"}

POSES: tuple[BasePose, ...] = (
    BasePose(
        "boxing_stance", _guard, ("standing", "fist_up:both", "feet_staggered", "hand_in_front:both"), ARMS, weight=2
    ),
    BasePose(
        "karate_stance",
        _karate,
        ("standing", "long_stride", "hand_in_front:left", "elbow_bent:right"),
        ARMS | LEGS,
        weight=1.5,
    ),
    BasePose(
        "horse_stance", _horse, ("feet_wide", "knee_well_bent:both", "trunk_upright", "feet_on_floor"), LEGS, weight=1.5
    ),
    BasePose(
        "punch", _punch, ("standing", "hand_far_ahead:left", "arm_straight:left", "elbow_bent:right"), _LEFT, weight=3
    ),
    BasePose(
        "jab",
        _straight,
        ("standing", "hand_far_ahead:left", "arm_straight:left", "leg_forward:left", "elbow_bent:right"),
        _LEFT,
    ),
    BasePose(
        "cross_punch",
        _cross,
        ("standing", "hand_far_ahead:left", "arm_straight:left", "leg_back:left", "elbow_bent:right"),
        _LEFT,
    ),
    BasePose("hook", _hook, ("standing", "elbow_bent:left", "hand_in_front:left", "fist_up:right"), _LEFT, weight=3),
    BasePose(
        "uppercut",
        _uppercut,
        ("standing", "hand_above_shoulder:left", "elbow_bent:left", "hand_in_front:left", "forearm_up:left"),
        _LEFT,
        weight=2,
    ),
    BasePose("elbow_strike", _elbow, ("standing", "elbow_bent:left", "hand_in_front:left", "fist_up:right"), ARMS),
    BasePose("knee_strike", _knee, ("standing", "stands_on:right", "knee_well_bent:left", "thigh_forward:left"), LEGS),
    BasePose(
        "block_one",
        _block_one,
        ("standing", "hand_above_shoulder:left", "elbow_bent:left", "hand_in_front:left"),
        _LEFT,
        weight=2.5,
    ),
    BasePose(
        "block_both",
        _block_both,
        ("standing", "hand_above_shoulder:both", "elbow_bent:both", "hand_in_front:both"),
        ARMS,
        weight=1.5,
    ),
    BasePose(
        "low_block",
        _low_block,
        ("standing", "arm_down:left", "arm_straight:left", "long_stride", "elbow_bent:right"),
        ARMS | LEGS,
    ),
    BasePose("dodge", _dodge, ("standing", "trunk_leans:left"), frozenset({"trunk"}), weight=1.5),
    BasePose(
        "front_kick",
        _front_kick,
        ("standing", "stands_on:right", "foot_ahead_high:left", "leg_straight:left"),
        _KICK,
        weight=2,
    ),
    BasePose(
        "high_kick",
        _high_kick,
        ("standing", "stands_on:right", "foot_high:left", "foot_ahead_high:left", "leg_straight:left"),
        _KICK,
        weight=3,
    ),
    BasePose(
        "side_kick",
        _side_kick,
        ("standing", "stands_on:right", "leg_out:left", "foot_high:left", "leg_straight:left"),
        _KICK,
        weight=2.5,
    ),
    BasePose(
        "roundhouse",
        _roundhouse,
        ("standing", "stands_on:right", "foot_high:left", "foot_lifted:left"),
        _KICK,
        weight=2,
    ),
    BasePose(
        "back_kick", _back_kick, ("standing", "stands_on:right", "foot_back_up:left", "trunk_bent_forward"), _KICK
    ),
    BasePose(
        "flying_kick",
        _flying_kick,
        ("airborne", "foot_ahead_high:left", "knee_well_bent:right", "leg_straight:left"),
        _KICK,
        tags=frozenset({"airborne"}),
    ),
    BasePose("swing_sword", _swing_sword, ("standing", "hands_together", "feet_staggered"), ARMS, right=0.8, weight=2),
    BasePose(
        "sword_overhead",
        _sword_overhead,
        ("standing", "hand_above_head:both", "hands_together"),
        ARMS,
        right=0.8,
        weight=2,
    ),
    BasePose("sword_ready", _sword_ready, ("standing", "hands_together", "hands_in_front"), ARMS, right=0.8),
    BasePose("raise_weapon", _raise_weapon, ("standing", "hand_above_head:left"), _LEFT),
    BasePose(
        "shield",
        _shield,
        ("standing", "elbow_bent:left", "hand_in_front:left", "fist_up:left"),
        _LEFT,
        right=0.15,
        weight=2,
    ),
    BasePose(
        "spear",
        _spear,
        ("standing", "long_stride", "hand_in_front:right", "elbow_bent:left"),
        ARMS | LEGS,
        right=0.8,
        weight=2,
    ),
    BasePose(
        "draw_gun", _draw_gun, ("standing", "hand_at_hip:left", "not hand_at_hip:right"), ARMS, right=0.85, weight=2
    ),
    BasePose("pistol_both", _pistol_both, ("standing", "hands_together", "hand_far_ahead:both"), ARMS, weight=1.5),
    BasePose(
        "pistol_one",
        _pistol_one,
        ("standing", "hand_far_ahead:left", "arm_straight:left", "not hand_far_ahead:right"),
        _LEFT,
    ),
    BasePose(
        "rifle",
        _rifle,
        ("standing", "hand_far_ahead:right", "hand_in_front:left", "elbow_bent:left"),
        ARMS,
        right=0.85,
        weight=2,
    ),
    BasePose("grapple", _throw, ("standing", "hands_in_front", "trunk_bent_forward", "knee_bent:both"), ARMS),
    BasePose("hit_in_stomach", _hit, ("standing", "hand_on_belly:both", "trunk_bent_forward"), ARMS),
)
