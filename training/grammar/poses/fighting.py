"""Poses of martial arts: guards, punches, kicks, blocks and weapons.

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, LEFT_ARM, LEGS, TRUNK, Rng, pose
from training.grammar.base import uniform as u


def fighter(rng: Rng) -> Controls:
    """On guard as a boxer, the left foot ahead."""
    turn = u(rng, -30, -12)
    c = Controls(pitch=u(rng, 3, 8), flex=u(rng, 6, 14), turn=turn, turn_head=-0.8 * turn, nod=u(rng, 2, 8))
    c.left_leg.plant(x=u(rng, 0.08, 0.13), z=u(rng, 0.14, 0.22), knee=u(rng, 16, 34), toe_out=u(rng, -6, 6))
    c.right_leg.plant(
        x=u(rng, 0.10, 0.15), z=-u(rng, 0.14, 0.22), knee=u(rng, 18, 34), toe_out=u(rng, 25, 50), heel=u(rng, 4, 18)
    )
    c.left_arm.to(at.GUARD.moved(y=u(rng, -0.02, 0.08), z=u(rng, 0.03, 0.10)))
    c.right_arm.to(at.GUARD.moved(y=u(rng, -0.03, 0.06), z=-u(rng, 0.02, 0.07)))
    return c


@pose(
    "boxing_stance",
    group="fighting",
    predicates=("standing", "fist_up:both", "feet_staggered", "hand_in_front:both"),
    locks=ARMS,
    weight=2,
)
def _guard(rng: Rng) -> Controls:
    c = fighter(rng)
    if rng.random() < 0.4:
        c.turn = c.turn_head = 0.0
    return c


def before_chest(x: float, y: float, z: float, pole: tuple[float, float, float] = (0.8, -1.0, -0.1)) -> at.Target:
    """Return a point in front of the breastbone; x outward from the middle line, metres."""
    return at.Target("spine3", "chest", offset=(x, y + 0.1, z), pole=pole)


@pose(
    "karate_stance",
    group="fighting",
    predicates=("standing", "long_stride", "hand_in_front:left", "elbow_bent:right"),
    locks=ARMS | LEGS,
    weight=1.5,
)
def _karate(rng: Rng) -> Controls:
    """The left foot far ahead, the left hand before the body, the right fist at the hip."""
    c = Controls(flex=u(rng, -2, 4), turn=u(rng, -25, -5), turn_head=u(rng, 5, 20))
    c.left_leg.plant(x=u(rng, 0.08, 0.14), z=u(rng, 0.26, 0.36), knee=u(rng, 45, 65), toe_out=2)
    c.right_leg.plant(x=u(rng, 0.10, 0.16), z=-u(rng, 0.26, 0.36), knee=8, toe_out=u(rng, 25, 40))
    c.left_arm.to(before_chest(u(rng, 0.05, 0.12), u(rng, -0.05, 0.12), u(rng, 0.36, 0.44)))
    c.right_arm.to(at.HIP.moved(x=0.03, y=u(rng, 0.05, 0.12), z=0.04), pole=(0.4, -0.3, -1.0))
    return c


@pose(
    "horse_stance",
    group="fighting",
    predicates=("feet_wide", "knee_well_bent:both", "trunk_upright", "feet_on_floor"),
    locks=LEGS,
    weight=1.5,
)
def _horse(rng: Rng) -> Controls:
    c = Controls(flex=u(rng, -2, 4))
    c.both_feet(x=u(rng, 0.36, 0.44), knee=u(rng, 72, 92), toe_out=u(rng, 15, 40), knee_out=0.5)
    if rng.random() < 0.65:
        c.both_hands(at.HIP.moved(x=0.03, y=u(rng, 0.04, 0.10), z=0.05), pole=(0.3, -0.3, -1.0))
    else:
        c.both_hands(at.GUARD.moved(y=-0.06))
    return c


@pose(
    "punch",
    group="fighting",
    predicates=("standing", "hand_far_ahead:left", "arm_straight:left", "elbow_bent:right"),
    locks=LEFT_ARM,
    weight=3,
)
def _punch(rng: Rng) -> Controls:
    return _cross(rng) if rng.random() < 0.45 else _straight(rng)


@pose(
    "jab",
    group="fighting",
    predicates=("standing", "hand_far_ahead:left", "arm_straight:left", "leg_forward:left", "elbow_bent:right"),
    locks=LEFT_ARM,
)
def _straight(rng: Rng) -> Controls:
    """The left fist straight ahead."""
    c = fighter(rng)
    turn, twist = u(rng, -25, -8), u(rng, -22, -8)
    turned = -(turn + twist)
    c.set(turn=turn, twist=twist, turn_head=0.8 * turned)
    ahead, reach = np.radians(turned), 0.58
    c.left_arm.to(at.in_front(reach * np.sin(ahead) - 0.04, u(rng, -0.04, 0.08), reach * np.cos(ahead)))
    return c


@pose(
    "cross_punch",
    group="fighting",
    predicates=("standing", "hand_far_ahead:left", "arm_straight:left", "leg_back:left", "elbow_bent:right"),
    locks=LEFT_ARM,
)
def _cross(rng: Rng) -> Controls:
    """The left fist straight ahead with the right foot in front."""
    c = _straight(rng)
    c.left_leg.z, c.right_leg.z = c.right_leg.z, c.left_leg.z
    c.left_leg.heel = u(rng, 10, 30)
    c.right_leg.heel = 0.0
    return c


@pose(
    "hook",
    group="fighting",
    predicates=("standing", "elbow_bent:left", "hand_in_front:left", "fist_up:right"),
    locks=LEFT_ARM,
    weight=3,
)
def _hook(rng: Rng) -> Controls:
    c = fighter(rng)
    c.twist = u(rng, -28, -14)
    c.turn_head = u(rng, 25, 45)
    c.left_arm.angles(
        elevation=u(rng, 84, 96), azimuth=u(rng, 66, 84), elbow=u(rng, 85, 108), rotation=u(rng, -8, 8), shrug=6
    )
    return c


@pose(
    "uppercut",
    group="fighting",
    predicates=("standing", "hand_above_shoulder:left", "elbow_bent:left", "hand_in_front:left", "forearm_up:left"),
    locks=LEFT_ARM,
    weight=2,
)
def _uppercut(rng: Rng) -> Controls:
    c = fighter(rng)
    c.set(flex=u(rng, -10, -2), pitch=u(rng, -3, 3), twist=u(rng, -20, -8))
    c.left_arm.to(before_chest(u(rng, 0.02, 0.08), u(rng, 0.20, 0.30), u(rng, 0.26, 0.34), pole=(0.2, -1.0, 0.4)))
    return c


@pose(
    "elbow_strike",
    group="fighting",
    predicates=("standing", "elbow_bent:left", "hand_in_front:left", "fist_up:right"),
    locks=ARMS,
)
def _elbow(rng: Rng) -> Controls:
    c = fighter(rng)
    c.twist = u(rng, -30, -15)
    c.turn_head = u(rng, 25, 45)
    c.left_arm.to(at.GUARD.moved(x=-0.06, y=-0.02, z=-0.06), pole=(0.7, 0.4, 0.9))
    return c


@pose(
    "knee_strike",
    group="fighting",
    predicates=("standing", "stands_on:right", "knee_well_bent:left", "thigh_forward:left"),
    locks=LEGS,
)
def _knee(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, -10, 0), flex=u(rng, 4, 14))
    c.right_leg.plant(x=0.06, knee=u(rng, 6, 16), heel=u(rng, 0, 15), toe_out=20)
    c.left_leg.angles(flexion=u(rng, 92, 112), knee=u(rng, 105, 130), abduction=2, rotation=0, ankle=u(rng, 20, 45))
    if rng.random() < 0.5:
        c.both_hands(before_chest(0.08, u(rng, -0.05, 0.05), 0.36))
    else:
        c.both_hands(at.GUARD)
    return c


@pose(
    "block_one",
    group="fighting",
    predicates=("standing", "hand_above_shoulder:left", "elbow_bent:left", "hand_in_front:left"),
    locks=LEFT_ARM,
    weight=2.5,
)
def _block_one(rng: Rng) -> Controls:
    c = fighter(rng)
    if rng.random() < 0.55:
        c.left_arm.to(before_chest(u(rng, 0.04, 0.12), u(rng, 0.22, 0.32), u(rng, 0.28, 0.36), pole=(0.4, -1.0, 0.4)))
    else:
        c.left_arm.to(at.Target("head", "head", offset=(-0.04, u(rng, 0.12, 0.18), 0.20), pole=(1.0, -0.1, 0.3)))
    return c


@pose(
    "block_both",
    group="fighting",
    predicates=("standing", "hand_above_shoulder:both", "elbow_bent:both", "hand_in_front:both"),
    locks=ARMS,
    weight=1.5,
)
def _block_both(rng: Rng) -> Controls:
    c = fighter(rng)
    crossed = u(rng, -0.10, -0.04) if rng.random() < 0.4 else u(rng, 0.04, 0.08)
    for arm in c.arms:
        arm.to(before_chest(crossed, u(rng, 0.22, 0.30), u(rng, 0.24, 0.30), pole=(0.5, -1.0, 0.5)))
    c.nod = u(rng, 8, 18)
    return c


@pose(
    "low_block",
    group="fighting",
    predicates=("standing", "arm_down:left", "arm_straight:left", "long_stride", "elbow_bent:right"),
    locks=ARMS | LEGS,
)
def _low_block(rng: Rng) -> Controls:
    c = _karate(rng)
    c.left_arm.angles(elevation=u(rng, 16, 28), azimuth=u(rng, 10, 40), elbow=u(rng, 4, 12))
    return c


@pose("dodge", group="fighting", predicates=("standing", "trunk_leans:left"), locks=TRUNK, weight=1.5)
def _dodge(rng: Rng) -> Controls:
    """Out of the way to the left."""
    c = fighter(rng)
    c.set(turn=u(rng, -12, 4), turn_head=0.0)
    c.both_feet(x=u(rng, 0.20, 0.28), knee=u(rng, 20, 34))
    c.set(bend=u(rng, 24, 36), roll=u(rng, 6, 14), weight=u(rng, 0.3, 0.7))
    return c


@pose(
    "front_kick",
    group="fighting",
    predicates=("standing", "stands_on:right", "foot_ahead_high:left", "leg_straight:left"),
    locks=LEGS | TRUNK,
    weight=2,
)
def _front_kick(rng: Rng) -> Controls:
    c = fighter(rng)
    c.set(pitch=-u(rng, 10, 18), flex=u(rng, 6, 14), turn=u(rng, -12, 0), turn_head=5)
    c.right_leg.plant(x=0.05, knee=u(rng, 6, 18), toe_out=25)
    c.left_leg.angles(flexion=u(rng, 96, 112), knee=u(rng, 3, 18), abduction=2, rotation=0, ankle=u(rng, -5, 35))
    return c


@pose(
    "high_kick",
    group="fighting",
    predicates=("standing", "stands_on:right", "foot_high:left", "foot_ahead_high:left", "leg_straight:left"),
    locks=LEGS | TRUNK,
    weight=3,
)
def _high_kick(rng: Rng) -> Controls:
    c = _front_kick(rng)
    c.pitch = -u(rng, 14, 22)
    c.left_leg.angles(
        flexion=u(rng, 116, 132), knee=u(rng, 2, 10), abduction=u(rng, 2, 10), rotation=0, ankle=u(rng, 20, 45)
    )
    c.right_leg.knee = u(rng, 4, 12)
    return c


@pose(
    "side_kick",
    group="fighting",
    predicates=("standing", "stands_on:right", "leg_out:left", "foot_high:left", "leg_straight:left"),
    locks=LEGS | TRUNK,
    weight=2.5,
)
def _side_kick(rng: Rng) -> Controls:
    c = Controls(roll=-u(rng, 34, 46), bend=u(rng, 6, 14), turn_head=u(rng, 50, 70), tilt=u(rng, 8, 18))
    c.right_leg.plant(x=0.05, knee=u(rng, 5, 14), toe_out=u(rng, 30, 60))
    c.left_leg.angles(
        flexion=u(rng, 5, 18), knee=u(rng, 3, 14), abduction=u(rng, 46, 58), rotation=-10, ankle=u(rng, -15, 10)
    )
    c.left_arm.to(at.GUARD.moved(x=u(rng, 0.0, 0.10), y=-0.04))
    c.right_arm.to(at.GUARD.moved(y=-0.02))
    return c


@pose(
    "roundhouse",
    group="fighting",
    predicates=("standing", "stands_on:right", "foot_high:left", "foot_lifted:left"),
    locks=LEGS | TRUNK,
    weight=2,
)
def _roundhouse(rng: Rng) -> Controls:
    c = Controls(
        roll=-u(rng, 24, 34), turn=-u(rng, 40, 60), bend=u(rng, 2, 8), turn_head=u(rng, 35, 55), twist=u(rng, 5, 15)
    )
    c.right_leg.plant(x=0.05, knee=u(rng, 6, 16), toe_out=u(rng, 50, 75), heel=u(rng, 0, 12))
    c.left_leg.angles(
        flexion=u(rng, 24, 38), knee=u(rng, 14, 45), abduction=u(rng, 48, 60), rotation=-20, ankle=u(rng, 25, 50)
    )
    c.left_arm.angles(elevation=u(rng, 30, 55), azimuth=u(rng, 90, 130), elbow=u(rng, 15, 40))
    c.right_arm.to(at.GUARD)
    return c


@pose(
    "back_kick",
    group="fighting",
    predicates=("standing", "stands_on:right", "foot_back_up:left", "trunk_bent_forward"),
    locks=LEGS | TRUNK,
)
def _back_kick(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 48, 62), flex=u(rng, 0, 8), nod=-20, turn_head=u(rng, 25, 50))
    c.right_leg.plant(x=0.05, knee=u(rng, 8, 20))
    c.left_leg.angles(flexion=u(rng, -35, -22), knee=u(rng, 5, 20), abduction=3, rotation=0, ankle=u(rng, -10, 15))
    c.both_hands(at.GUARD.moved(y=-0.1))
    return c


@pose(
    "flying_kick",
    group="fighting",
    predicates=("airborne", "foot_ahead_high:left", "knee_well_bent:right", "leg_straight:left"),
    locks=LEGS | TRUNK,
    tags=frozenset({"airborne"}),
)
def _flying_kick(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.3, 0.55), pitch=-u(rng, 8, 18), flex=u(rng, 8, 16))
    c.left_leg.angles(flexion=u(rng, 92, 108), knee=u(rng, 2, 10), abduction=3, rotation=0, ankle=u(rng, -10, 25))
    c.right_leg.angles(flexion=u(rng, 55, 80), knee=u(rng, 105, 135), abduction=8, rotation=10, ankle=30)
    c.both_hands(at.GUARD)
    if rng.random() < 0.4:
        c.both_arms(elevation=u(rng, 50, 85), azimuth=85, elbow=25)
    return c


@pose(
    "swing_sword",
    group="fighting",
    predicates=("standing", "hands_together", "feet_staggered"),
    locks=ARMS,
    right=0.8,
    weight=2,
)
def _swing_sword(rng: Rng) -> Controls:
    """Both hands at the hilt: drawn back over the left shoulder, or cut down to the right."""
    c = Controls(flex=u(rng, 0, 10), pitch=u(rng, 0, 8))
    c.left_leg.plant(x=0.14, z=-u(rng, 0.12, 0.22), knee=u(rng, 10, 30), toe_out=30)
    c.right_leg.plant(x=0.12, z=u(rng, 0.14, 0.26), knee=u(rng, 18, 40), toe_out=5)
    if rng.random() < 0.5:
        c.twist = u(rng, 8, 22)
        c.left_arm.to(before_chest(0.20, u(rng, 0.14, 0.26), u(rng, 0.10, 0.18), pole=(1.0, 0.0, 0.0)))
        c.right_arm.to(before_chest(-0.12, u(rng, 0.08, 0.18), 0.22, pole=(0.6, -0.6, 0.8)))
    else:
        c.twist = -u(rng, 10, 28)
        c.left_arm.to(before_chest(-u(rng, 0.02, 0.12), -u(rng, 0.06, 0.18), u(rng, 0.38, 0.44)))
        c.right_arm.to(before_chest(u(rng, 0.08, 0.18), -u(rng, 0.12, 0.22), u(rng, 0.32, 0.36)))
    c.turn_head = -0.8 * c.twist
    return c


@pose(
    "sword_overhead",
    group="fighting",
    predicates=("standing", "hand_above_head:both", "hands_together"),
    locks=ARMS,
    right=0.8,
    weight=2,
)
def _sword_overhead(rng: Rng) -> Controls:
    c = Controls(flex=-u(rng, 2, 10), nod=u(rng, -5, 5))
    c.left_leg.plant(x=0.12, z=u(rng, 0.08, 0.2), knee=u(rng, 8, 24))
    c.right_leg.plant(x=0.12, z=-u(rng, 0.08, 0.2), knee=u(rng, 8, 20), toe_out=25)
    high, ahead = u(rng, 0.20, 0.30), u(rng, -0.04, 0.10)
    c.left_arm.to(at.Target("head", "chest", offset=(0.03, high, ahead), pole=(1.0, 0.1, 0.5)))
    c.right_arm.to(at.Target("head", "chest", offset=(0.03, high - 0.05, ahead + 0.03), pole=(1.0, 0.1, 0.5)))
    return c


@pose(
    "sword_ready", group="fighting", predicates=("standing", "hands_together", "hands_in_front"), locks=ARMS, right=0.8
)
def _sword_ready(rng: Rng) -> Controls:
    c = _sword_overhead(rng)
    c.flex = u(rng, 0, 8)
    low = u(rng, -0.22, -0.06)
    c.left_arm.to(before_chest(0.03, low, u(rng, 0.34, 0.40)))
    c.right_arm.to(before_chest(0.02, low - 0.07, u(rng, 0.28, 0.34)))
    return c


@pose("raise_weapon", group="fighting", predicates=("standing", "hand_above_head:left"), locks=LEFT_ARM)
def _raise_weapon(rng: Rng) -> Controls:
    c = fighter(rng)
    c.set(pitch=0, flex=u(rng, -6, 4))
    c.right_arm.angles(elevation=u(rng, 20, 45), azimuth=u(rng, 30, 90), elbow=u(rng, 20, 60))
    c.left_arm.angles(elevation=u(rng, 140, 168), azimuth=u(rng, 40, 90), elbow=u(rng, 5, 35), rotation=u(rng, 30, 70))
    return c


@pose(
    "shield",
    group="fighting",
    predicates=("standing", "elbow_bent:left", "hand_in_front:left", "fist_up:left"),
    locks=LEFT_ARM,
    right=0.15,
    weight=2,
)
def _shield(rng: Rng) -> Controls:
    c = fighter(rng)
    c.left_arm.to(before_chest(-u(rng, 0.04, 0.14), u(rng, 0.06, 0.20), u(rng, 0.20, 0.27), pole=(1.0, -0.6, 0.3)))
    c.right_arm.angles(elevation=u(rng, 25, 50), azimuth=u(rng, 100, 150), elbow=u(rng, 30, 70))
    c.nod = u(rng, 4, 14)
    return c


@pose(
    "spear",
    group="fighting",
    predicates=("standing", "long_stride", "hand_in_front:right", "elbow_bent:left"),
    locks=ARMS | LEGS,
    right=0.8,
    weight=2,
)
def _spear(rng: Rng) -> Controls:
    """Both hands at a shaft that points ahead, the right foot in front, the left hand at the hip."""
    c = Controls(pitch=u(rng, 8, 18), flex=u(rng, 2, 8), turn=u(rng, 15, 35), turn_head=-u(rng, 15, 30))
    c.right_leg.plant(x=0.09, z=u(rng, 0.28, 0.40), knee=u(rng, 45, 65), toe_out=0)
    c.left_leg.plant(x=0.12, z=-u(rng, 0.26, 0.36), knee=10, toe_out=45)
    height = u(rng, -0.20, -0.06)
    c.right_arm.to(before_chest(u(rng, 0.18, 0.26), height + 0.04, u(rng, 0.42, 0.46)))
    c.left_arm.to(before_chest(u(rng, 0.12, 0.18), height - 0.05, u(rng, 0.06, 0.14), pole=(0.8, -0.1, -1.0)))
    return c


@pose(
    "draw_gun",
    group="fighting",
    predicates=("standing", "hand_at_hip:left", "not hand_at_hip:right"),
    locks=ARMS,
    right=0.85,
    weight=2,
)
def _draw_gun(rng: Rng) -> Controls:
    c = Controls(flex=u(rng, 2, 8), pitch=u(rng, 0, 5))
    c.both_feet(x=u(rng, 0.18, 0.25), z=u(rng, -0.02, 0.02), knee=u(rng, 10, 24))
    c.left_arm.to(at.HIP.moved(x=0.03, y=u(rng, -0.01, 0.03), z=u(rng, -0.02, 0.0)), pole=(0.6, -0.1, -1.0))
    c.right_arm.angles(elevation=u(rng, 18, 35), azimuth=u(rng, 60, 95), elbow=u(rng, 15, 50))
    return c


@pose(
    "pistol_both",
    group="fighting",
    predicates=("standing", "hands_together", "hand_far_ahead:both"),
    locks=ARMS,
    weight=1.5,
)
def _pistol_both(rng: Rng) -> Controls:
    c = Controls(flex=u(rng, 2, 8), pitch=u(rng, 0, 6))
    c.both_feet(x=u(rng, 0.16, 0.24), knee=u(rng, 8, 24))
    if rng.random() < 0.5:
        c.left_leg.z = -0.12
        c.right_leg.z = 0.12
    high = u(rng, 0.04, 0.12)
    for arm in c.arms:
        arm.to(before_chest(0.03, high, 0.46, pole=(0.6, -1.0, 0.0)))
    return c


@pose(
    "pistol_one",
    group="fighting",
    predicates=("standing", "hand_far_ahead:left", "arm_straight:left", "not hand_far_ahead:right"),
    locks=LEFT_ARM,
)
def _pistol_one(rng: Rng) -> Controls:
    c = Controls(flex=u(rng, 0, 5))
    c.both_feet(x=u(rng, 0.13, 0.2), knee=u(rng, 5, 14))
    c.left_arm.angles(elevation=u(rng, 86, 96), azimuth=u(rng, -4, 10), elbow=u(rng, 2, 10))
    return c


@pose(
    "rifle",
    group="fighting",
    predicates=("standing", "hand_far_ahead:right", "hand_in_front:left", "elbow_bent:left"),
    locks=ARMS,
    right=0.85,
    weight=2,
)
def _rifle(rng: Rng) -> Controls:
    """The butt at the left shoulder, the right hand under the barrel."""
    c = Controls(flex=u(rng, 4, 12), pitch=u(rng, 0, 8), tilt=u(rng, 10, 20), nod=u(rng, 4, 12))
    c.left_leg.plant(x=0.14, z=-u(rng, 0.08, 0.2), knee=u(rng, 8, 22), toe_out=30)
    c.right_leg.plant(x=0.12, z=u(rng, 0.08, 0.2), knee=u(rng, 12, 30), toe_out=5)
    high = u(rng, -0.02, 0.05)
    c.left_arm.to(before_chest(0.14, high - 0.02, 0.22, pole=(1.0, -0.4, -0.2)))
    c.right_arm.to(before_chest(-u(rng, 0.04, 0.10), high, u(rng, 0.42, 0.46), pole=(0.4, -1.0, 0.2)))
    return c


@pose(
    "grapple",
    group="fighting",
    predicates=("standing", "hands_in_front", "trunk_bent_forward", "knee_bent:both"),
    locks=ARMS,
)
def _throw(rng: Rng) -> Controls:
    """Both hands gripping the jacket of an opponent."""
    c = Controls(pitch=u(rng, 22, 30), flex=u(rng, 12, 20), nod=-14)
    c.left_leg.plant(x=u(rng, 0.15, 0.22), z=u(rng, 0.04, 0.16), knee=u(rng, 35, 60))
    c.right_leg.plant(x=u(rng, 0.15, 0.22), z=-u(rng, 0.04, 0.16), knee=u(rng, 35, 60), toe_out=25)
    for arm in c.arms:
        arm.to(before_chest(u(rng, 0.10, 0.2), u(rng, -0.08, 0.06), u(rng, 0.36, 0.43)))
    return c


@pose(
    "hit_in_stomach", group="fighting", predicates=("standing", "hand_on_belly:both", "trunk_bent_forward"), locks=ARMS
)
def _hit(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 14, 24), flex=u(rng, 34, 48), nod=u(rng, 0, 14))
    c.both_feet(x=u(rng, 0.12, 0.18), knee=u(rng, 30, 48))
    c.sway_z = -0.03
    c.both_hands(at.BELLY)
    return c
