"""Poses of ball games, athletics, weight lifting, water and winter sports.

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import AIRBORNE, ARMS, BODY, LEFT_ARM, LEGS, MOVING, TRUNK, Rng, pose
from training.grammar.base import uniform as u
from training.grammar.poses.sitting import on_floor
from training.grammar.poses.standing import stand


@pose(
    "kick_ball",
    group="sports",
    predicates=("stands_on:right", "foot_lifted:left", "foot_ahead:left"),
    locks=LEGS,
    right=0.8,
    weight=1.5,
    tags=MOVING,
)
def _kick_ball(rng: Rng) -> Controls:
    """With the left foot."""
    c = stand(rng)
    c.right_leg.plant(x=0.07, knee=u(rng, 10, 20), toe_out=12)
    c.set(pitch=-u(rng, 4, 12), flex=u(rng, 4, 12), twist=u(rng, 8, 18))
    c.left_leg.angles(flexion=u(rng, 38, 70), knee=u(rng, 4, 28), abduction=4, rotation=8, ankle=u(rng, 15, 35))
    c.right_arm.angles(elevation=u(rng, 50, 85), azimuth=u(rng, 40, 75), elbow=u(rng, 10, 30))
    c.left_arm.angles(elevation=u(rng, 35, 65), azimuth=u(rng, 110, 150), elbow=u(rng, 10, 35))
    return c


def _stride(rng: Rng, front: float = 0.26, back: float = 0.32) -> Controls:
    """Stride to throw with the left hand: the right foot ``front`` metres ahead, the left ``back`` metres behind."""
    c = stand(rng)
    c.right_leg.plant(x=0.10, z=front * u(rng, 0.9, 1.15), knee=u(rng, 18, 32), toe_out=8)
    c.left_leg.plant(x=0.12, z=-back * u(rng, 0.9, 1.1), knee=u(rng, 12, 24), toe_out=35, heel=u(rng, 10, 28))
    return c


@pose(
    "throw_ball",
    group="sports",
    predicates=("standing", "hand_above_shoulder:left", "elbow_bent:left", "leg_forward:right"),
    locks=LEGS,
    right=0.85,
    weight=1.5,
    tags=MOVING,
)
def _throw(rng: Rng) -> Controls:
    """Cocked to throw with the left hand."""
    c = _stride(rng)
    c.set(pitch=-u(rng, 0, 6), flex=-4, twist=u(rng, 20, 32), turn=u(rng, 5, 15), turn_head=-u(rng, 20, 35))
    c.left_arm.angles(
        elevation=u(rng, 88, 105), azimuth=u(rng, 92, 112), elbow=u(rng, 75, 100), rotation=u(rng, 65, 90)
    )
    c.right_arm.angles(elevation=u(rng, 65, 90), azimuth=u(rng, 10, 40), elbow=u(rng, 5, 25))
    return c


def _chest_point(x: float, y: float, z: float, pole: tuple[float, float, float] = (0.7, -1.0, 0.0)) -> at.Target:
    """Return a point relative to the breastbone; x outward for the reaching arm, metres."""
    return at.Target("spine3", "chest", offset=(x, y, z), pole=pole)


def _hold(c: Controls, x: float, y: float, z: float, apart: float = 0.09) -> None:
    """Put both hands around an object in front of the chest; x to the person's left, hands ``apart`` metres."""
    c.left_arm.to(_chest_point(x + apart, y, z))
    c.right_arm.to(_chest_point(-x + apart, y, z))


def _ready(rng: Rng) -> Controls:
    """Athletic stance: knees bent, trunk a little forward."""
    c = stand(rng)
    c.set(pitch=u(rng, 12, 20), flex=u(rng, 6, 12))
    c.both_feet(x=u(rng, 0.18, 0.26), knee=u(rng, 36, 52), toe_out=14)
    return c


@pose("catch_ball", group="sports", predicates=("standing", "hands_in_front", "hands_near"), weight=1.4)
def _catch(rng: Rng) -> Controls:
    c = _ready(rng)
    c.both_feet(x=u(rng, 0.14, 0.22), knee=u(rng, 14, 36))
    c.pitch = u(rng, 4, 12)
    _hold(c, u(rng, -0.1, 0.1), u(rng, -0.02, 0.3), u(rng, 0.36, 0.46), apart=u(rng, 0.10, 0.14))
    return c


@pose("catch_high", group="sports", predicates=("standing", "hand_high:both", "hands_near"), weight=0.7)
def _catch_high(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=-8, nod=-22)
    c.both_feet(x=0.14, knee=u(rng, 5, 20), heel=u(rng, 0, 20))
    c.both_arms(elevation=u(rng, 150, 165), azimuth=u(rng, 5, 25), elbow=u(rng, 10, 28))
    return c


@pose(
    "shoot_basketball",
    group="sports",
    predicates=("standing", "hand_high:left", "hand_above_shoulder:both"),
    right=0.85,
    weight=1.5,
)
def _basketball_shot(rng: Rng) -> Controls:
    """The left hand pushes the ball up, the right one guides it."""
    c = stand(rng)
    c.both_feet(x=u(rng, 0.10, 0.15), knee=u(rng, 10, 34), heel=u(rng, 0, 28), toe_out=6)
    c.set(flex=-u(rng, 0, 6), nod=-u(rng, 8, 16))
    if rng.random() < 0.5:
        c.left_arm.angles(elevation=u(rng, 138, 158), azimuth=u(rng, 4, 18), elbow=u(rng, 8, 45))
        c.right_arm.angles(elevation=u(rng, 122, 140), azimuth=u(rng, -5, 12), elbow=u(rng, 35, 60))
    else:
        c.left_arm.to(at.Target("head", "chest", offset=(0.08, 0.20, 0.16), pole=(0.3, -0.6, 1.0)))
        c.right_arm.to(at.Target("head", "chest", offset=(0.10, 0.14, 0.18), pole=(0.9, -0.8, 0.4)))
    return c


@pose("dunk", group="sports", predicates=("airborne", "arm_up:left"), locks=LEGS, right=0.85, tags=AIRBORNE)
def _dunk(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.4, 0.6), flex=-u(rng, 2, 10), bend=-6, nod=-15)
    c.left_arm.angles(elevation=u(rng, 158, 172), azimuth=25, elbow=u(rng, 5, 20))
    c.right_arm.angles(elevation=u(rng, 30, 70), azimuth=u(rng, 60, 100), elbow=u(rng, 20, 50))
    c.left_leg.angles(flexion=u(rng, 0, 15), knee=u(rng, 25, 60), abduction=4, rotation=0, ankle=35)
    c.right_leg.angles(flexion=u(rng, 40, 75), knee=u(rng, 70, 100), abduction=4, rotation=0, ankle=25)
    return c


@pose(
    "dribble",
    group="sports",
    predicates=("standing", "knee_bent:both", "trunk_leans_forward", "hand_below_chest:left"),
    locks=LEGS,
    right=0.8,
    weight=1.4,
)
def _dribble(rng: Rng) -> Controls:
    """With the left hand."""
    c = _ready(rng)
    c.left_leg.plant(x=0.15, z=-0.12, knee=u(rng, 30, 48))
    c.right_leg.plant(x=0.13, z=0.16, knee=u(rng, 30, 48))
    c.left_arm.angles(elevation=u(rng, 24, 38), azimuth=u(rng, 30, 55), elbow=u(rng, 30, 55))
    c.right_arm.angles(elevation=u(rng, 35, 60), azimuth=u(rng, 20, 60), elbow=u(rng, 60, 90), rotation=-20)
    c.nod = -10
    return c


@pose(
    "bat",
    group="sports",
    predicates=("standing", "hands_together", "feet_apart", "knee_bent:both"),
    locks=ARMS | LEGS,
    right=0.85,
    weight=1.5,
    tags=MOVING,
)
def _bat(rng: Rng) -> Controls:
    """A left-handed batter: hands at the left shoulder, or through the swing before the body."""
    c = _bat_ready(rng)
    if rng.random() < 0.5:
        c.set(twist=-u(rng, 24, 40), turn_head=-10)
        _hold(c, -u(rng, 0.05, 0.2), u(rng, -0.05, 0.08), u(rng, 0.38, 0.46), apart=0.03)
    return c


@pose(
    "bat_ready",
    group="sports",
    predicates=("standing", "hands_together", "feet_apart", "knee_bent:both", "hand_above_chest:both"),
    locks=ARMS | LEGS,
    right=0.85,
)
def _bat_ready(rng: Rng) -> Controls:
    """A left-handed batter waiting, hands at the left shoulder."""
    c = _ready(rng)
    c.both_feet(x=u(rng, 0.24, 0.3), knee=u(rng, 36, 48))
    c.set(twist=u(rng, 20, 34), turn_head=-u(rng, 50, 66))
    _hold(c, u(rng, 0.20, 0.27), u(rng, 0.22, 0.32), u(rng, 0.10, 0.18), apart=0.03)
    return c


@pose(
    "pitch",
    group="sports",
    predicates=("standing", "not feet_together"),
    locks=LEGS,
    right=0.85,
    weight=1.5,
    tags=MOVING,
)
def _pitch(rng: Rng) -> Controls:
    """A left-handed pitcher: the wind-up on the left leg, or the long stride with the arm cocked."""
    if rng.random() < 0.5:
        c = stand(rng)
        c.left_leg.plant(x=0.06, knee=u(rng, 8, 18), toe_out=30)
        c.right_leg.angles(flexion=u(rng, 88, 108), knee=u(rng, 85, 110), abduction=-4, rotation=0, ankle=15)
        c.set(flex=6, twist=u(rng, 12, 26))
        _hold(c, 0.02, u(rng, 0.10, 0.22), 0.22, apart=0.05)
        c.turn_head = -u(rng, 30, 50)
        return c
    c = _stride(rng, front=0.42, back=0.46)
    c.set(pitch=u(rng, 4, 12), twist=u(rng, 14, 26), turn_head=-20)
    c.left_arm.angles(elevation=u(rng, 95, 112), azimuth=u(rng, 95, 115), elbow=u(rng, 70, 95), rotation=u(rng, 70, 90))
    c.right_arm.angles(elevation=u(rng, 70, 88), azimuth=u(rng, 5, 30), elbow=u(rng, 15, 45))
    return c


@pose(
    "forehand",
    group="sports",
    predicates=("standing", "arm_sideways:left"),
    locks=LEGS,
    right=0.85,
    weight=1.5,
    tags=MOVING,
)
def _forehand(rng: Rng) -> Controls:
    """With the left hand."""
    c = _stride(rng, front=0.24, back=0.22)
    c.set(pitch=8, twist=u(rng, 8, 28), turn=u(rng, 5, 18))
    c.left_arm.angles(elevation=u(rng, 68, 86), azimuth=u(rng, 70, 100), elbow=u(rng, 10, 35), rotation=u(rng, -10, 10))
    c.right_arm.angles(elevation=u(rng, 55, 80), azimuth=u(rng, 0, 30), elbow=u(rng, 25, 55))
    c.turn_head = -u(rng, 0, 10)
    return c


@pose(
    "backhand",
    group="sports",
    predicates=("standing", "arm_across:left", "trunk_twists:right"),
    locks=LEGS | LEFT_ARM,
    right=0.85,
    weight=1.4,
    tags=MOVING,
)
def _backhand(rng: Rng) -> Controls:
    """With the left hand, swung from the right side."""
    c = _stride(rng, front=0.18, back=0.2)
    c.left_leg.plant(x=0.06, z=0.26, knee=28, toe_out=-20)
    c.right_leg.plant(x=0.14, z=-0.22, knee=22, toe_out=40)
    c.set(pitch=10, twist=-u(rng, 30, 44), turn_head=u(rng, 10, 28))
    if rng.random() < 0.5:
        _hold(c, -u(rng, 0.18, 0.28), -u(rng, 0.0, 0.14), u(rng, 0.26, 0.34), apart=0.03)
    else:
        c.left_arm.to(_chest_point(-u(rng, 0.2, 0.28), -u(rng, 0.0, 0.12), u(rng, 0.26, 0.34)))
        c.right_arm.angles(elevation=u(rng, 40, 60), azimuth=u(rng, 100, 130), elbow=20)
    return c


@pose(
    "serve",
    group="sports",
    predicates=("standing", "one_hand_high", "hand_above_shoulder:left"),
    right=0.85,
    weight=1.5,
    tags=MOVING,
)
def _serve(rng: Rng) -> Controls:
    """With the left hand: racket behind the head, the right hand following the tossed ball; or the hit."""
    c = _stride(rng, front=0.16, back=0.18)
    c.set(flex=-u(rng, 12, 22), nod=-u(rng, 18, 30), turn=u(rng, 10, 24))
    if rng.random() < 0.6:
        c.set(bend=u(rng, 4, 12), twist=u(rng, 10, 22))
        c.right_arm.angles(elevation=u(rng, 155, 170), azimuth=u(rng, 10, 40), elbow=5)
        c.left_arm.angles(
            elevation=u(rng, 95, 112), azimuth=u(rng, 90, 108), elbow=u(rng, 95, 120), rotation=u(rng, 70, 92)
        )
    else:
        c.set(bend=-u(rng, 8, 16), pitch=8)
        c.left_arm.angles(elevation=u(rng, 160, 172), azimuth=u(rng, 15, 50), elbow=u(rng, 4, 15))
        c.right_arm.angles(elevation=u(rng, 50, 75), azimuth=u(rng, -20, 10), elbow=u(rng, 70, 100), rotation=-40)
    return c


@pose(
    "spike",
    group="sports",
    predicates=("airborne", "hand_above_shoulder:left", "one_hand_high"),
    locks=LEGS,
    right=0.85,
    weight=1.4,
    tags=AIRBORNE,
)
def _spike(rng: Rng) -> Controls:
    """In the air, the left hand cocked high."""
    c = Controls(support="lowest", lift=u(rng, 0.3, 0.5), pitch=-4, flex=-u(rng, 16, 26), twist=u(rng, 10, 22), nod=-10)
    if rng.random() < 0.6:
        c.left_arm.angles(
            elevation=u(rng, 122, 140), azimuth=u(rng, 95, 110), elbow=u(rng, 60, 85), rotation=u(rng, 50, 75)
        )
        c.right_arm.angles(elevation=u(rng, 135, 155), azimuth=u(rng, 10, 35), elbow=10)
    else:
        c.set(flex=4, twist=-8)
        c.left_arm.angles(elevation=u(rng, 155, 170), azimuth=u(rng, 0, 20), elbow=6)
        c.right_arm.angles(elevation=u(rng, 50, 80), azimuth=u(rng, 10, 40), elbow=40)
    c.both_legs(flexion=-u(rng, 5, 20), knee=u(rng, 50, 85), abduction=6, rotation=0, ankle=35)
    return c


@pose(
    "volleyball_dig",
    group="sports",
    predicates=("knee_bent:both", "hands_together", "arm_straight:both", "feet_on_floor"),
    locks=LEGS | ARMS,
)
def _volley_dig(rng: Rng) -> Controls:
    c = _ready(rng)
    c.both_feet(x=u(rng, 0.2, 0.28), knee=u(rng, 55, 72))
    c.both_arms(elevation=u(rng, 62, 78), azimuth=-u(rng, 20, 25), elbow=2)
    c.nod = -14
    return c


@pose(
    "bowl",
    group="sports",
    predicates=("feet_staggered", "leg_forward:right", "trunk_bent_forward", "arm_straight:left"),
    locks=LEGS,
    right=0.85,
    weight=1.5,
    tags=MOVING,
)
def _bowling(rng: Rng) -> Controls:
    """With the left hand: a deep stride, the ball swung low, the left leg trailing behind the right."""
    c = stand(rng)
    c.set(pitch=u(rng, 34, 46), flex=u(rng, 4, 12), weight=-0.7, balance=0.6)
    c.right_leg.plant(x=0.08, z=0.2, knee=u(rng, 62, 82), toe_out=4)
    c.left_leg.plant(x=-u(rng, 0.02, 0.12), z=-u(rng, 0.46, 0.54), knee=14, heel=45)
    c.left_arm.angles(
        elevation=u(rng, 50, 95) if rng.random() < 0.6 else u(rng, 10, 20), azimuth=u(rng, 2, 10), elbow=4
    )
    c.right_arm.angles(elevation=u(rng, 50, 80), azimuth=u(rng, 85, 115), elbow=8)
    c.nod = -16
    return c


@pose(
    "golf",
    group="sports",
    predicates=("standing", "hands_together", "feet_apart"),
    locks=LEGS | ARMS,
    right=0.85,
    weight=1.5,
    tags=MOVING,
)
def _golf(rng: Rng) -> Controls:
    """A left-handed golfer: backswing over the left shoulder, address, or finish over the right."""
    c = stand(rng)
    c.set(pitch=u(rng, 14, 22), flex=u(rng, 6, 12), balance=0.8)
    c.both_feet(x=u(rng, 0.17, 0.23), knee=u(rng, 14, 24))
    choice = rng.random()
    if choice < 0.55:
        c.set(twist=u(rng, 48, 64), nod=12, turn_head=-u(rng, 40, 55))
        _hold(c, u(rng, 0.18, 0.26), u(rng, 0.38, 0.48), u(rng, 0.18, 0.24), apart=0.03)
    elif choice < 0.65:
        c.nod = 24
        _hold(c, 0.0, -u(rng, 0.34, 0.4), u(rng, 0.28, 0.34), apart=0.03)
    else:
        c.set(pitch=2, flex=-6, twist=-u(rng, 44, 58), turn=-20, weight=-0.6)
        c.left_leg.heel = 35
        c.turn_head = -10
        _hold(c, -u(rng, 0.18, 0.24), u(rng, 0.34, 0.44), u(rng, 0.16, 0.22), apart=0.03)
    return c


@pose(
    "putt",
    group="sports",
    predicates=("standing", "hands_together", "trunk_bent_forward", "hand_below_chest:both"),
    locks=LEGS | ARMS,
    weight=0.7,
)
def _golf_address(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 24, 30), flex=u(rng, 10, 18), balance=0.9, nod=18)
    c.both_feet(x=u(rng, 0.14, 0.2), knee=u(rng, 14, 24))
    _hold(c, 0.0, -u(rng, 0.34, 0.4), u(rng, 0.26, 0.32), apart=0.03)
    return c


@pose(
    "hockey",
    group="sports",
    predicates=("standing", "trunk_bent_forward", "hands_in_front", "knee_bent:both"),
    locks=ARMS | LEGS,
)
def _hockey(rng: Rng) -> Controls:
    """Bent over a stick held low at the left."""
    c = _ready(rng)
    c.set(pitch=u(rng, 30, 42), flex=u(rng, 10, 20), nod=-12)
    c.both_feet(x=u(rng, 0.2, 0.28), knee=u(rng, 42, 60))
    c.right_arm.to(_chest_point(-0.04, -u(rng, 0.08, 0.14), 0.28))
    c.left_arm.to(_chest_point(u(rng, 0.14, 0.24), -u(rng, 0.30, 0.36), u(rng, 0.26, 0.32)))
    return c


@pose("header", group="sports", predicates=("airborne", "knee_bent:both"), locks=LEGS, weight=0.7, tags=AIRBORNE)
def _header(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.2, 0.4), flex=-u(rng, 10, 22), nod=-u(rng, 6, 16))
    c.both_legs(flexion=-u(rng, 5, 15), knee=u(rng, 40, 75), abduction=6, rotation=0, ankle=35)
    c.both_arms(elevation=u(rng, 50, 75), azimuth=u(rng, 50, 85), elbow=u(rng, 50, 80))
    return c


@pose(
    "goalkeeper", group="sports", predicates=("airborne", "hand_overhead:both"), locks=BODY, weight=0.8, tags=AIRBORNE
)
def _goalkeeper(rng: Rng) -> Controls:
    """In the air, stretched out to the left."""
    c = Controls(support="lowest", lift=u(rng, 0.3, 0.6), roll=u(rng, 52, 72), bend=u(rng, -6, 8), turn_head=10)
    c.left_arm.angles(elevation=u(rng, 150, 168), azimuth=u(rng, 60, 85), elbow=4)
    c.right_arm.angles(elevation=u(rng, 160, 174), azimuth=u(rng, 15, 40), elbow=8)
    c.left_leg.angles(flexion=u(rng, 0, 12), knee=u(rng, 4, 20), abduction=2, rotation=0, ankle=35)
    c.right_leg.angles(flexion=u(rng, 20, 55), knee=u(rng, 40, 80), abduction=8, rotation=0, ankle=30)
    return c


@pose(
    "archery",
    group="sports",
    predicates=("standing", "arm_sideways:left", "arm_straight:left", "hand_at_head:right", "hands_far_apart"),
    locks=ARMS,
    right=0.15,
    weight=1.5,
)
def _archery(rng: Rng) -> Controls:
    """The left arm holds the bow out to the left, the right hand draws to the cheek."""
    c = stand(rng)
    c.set(flex=-2, weight=0)
    c.both_feet(x=u(rng, 0.16, 0.22), knee=4, toe_out=8)
    c.left_arm.angles(elevation=u(rng, 87, 94), azimuth=u(rng, 84, 92), elbow=u(rng, 1, 6))
    c.right_arm.to(at.Target("head", "chest", offset=(u(rng, 0.04, 0.1), -0.05, 0.12), pole=(1.0, 0.15, -0.1)))
    c.turn_head = u(rng, 60, 76)
    return c


@pose(
    "javelin",
    group="sports",
    predicates=("standing", "arm_straight:left", "hand_above_shoulder:left", "leg_forward:right", "hands_far_apart"),
    locks=LEGS | ARMS,
    right=0.85,
    weight=1.4,
    tags=MOVING,
)
def _javelin(rng: Rng) -> Controls:
    """In the left hand, drawn far back."""
    c = _stride(rng, front=0.38, back=0.34)
    c.set(pitch=-u(rng, 8, 16), flex=-4, twist=u(rng, 26, 40), turn=u(rng, 15, 28), turn_head=-u(rng, 45, 60))
    c.left_arm.angles(elevation=u(rng, 112, 124), azimuth=u(rng, 96, 112), elbow=u(rng, 4, 16))
    c.right_arm.angles(elevation=u(rng, 92, 112), azimuth=u(rng, 30, 60), elbow=u(rng, 5, 25))
    return c


@pose(
    "discus",
    group="sports",
    predicates=("standing", "trunk_twists:left", "arm_straight:left", "knee_bent:both"),
    locks=LEGS | ARMS,
    right=0.85,
    weight=1.4,
    tags=MOVING,
)
def _discus(rng: Rng) -> Controls:
    """In the left hand, swung far back and low, trunk wound up."""
    c = _ready(rng)
    c.both_feet(x=u(rng, 0.24, 0.32), knee=u(rng, 42, 62))
    c.set(twist=u(rng, 42, 58), turn=u(rng, 10, 20), turn_head=-10)
    c.left_arm.angles(elevation=u(rng, 70, 88), azimuth=u(rng, 98, 122), elbow=u(rng, 2, 8))
    c.right_arm.angles(elevation=u(rng, 65, 85), azimuth=u(rng, 20, 60), elbow=u(rng, 10, 35))
    return c


@pose(
    "shot_put",
    group="sports",
    predicates=("standing", "hand_near_neck:left", "elbow_bent:left", "feet_staggered"),
    locks=LEGS | LEFT_ARM,
    right=0.85,
    weight=1.4,
    tags=MOVING,
)
def _shot(rng: Rng) -> Controls:
    """The left hand at the neck, the right arm ahead."""
    c = _ready(rng)
    c.left_leg.plant(x=0.12, z=-0.22, knee=u(rng, 40, 66), toe_out=40)
    c.right_leg.plant(x=0.12, z=0.28, knee=u(rng, 12, 24), toe_out=20)
    c.set(weight=0.4, pitch=-2, twist=u(rng, 22, 36), bend=u(rng, 5, 14))
    c.left_arm.to(at.Target("neck", "chest", offset=(0.13, 0.02, 0.07), pole=(1.0, -0.25, 0.1)))
    c.right_arm.angles(elevation=u(rng, 78, 104), azimuth=u(rng, 15, 50), elbow=u(rng, 8, 30))
    return c


@pose(
    "barbell_press",
    group="sports",
    predicates=("standing", "arm_up:both", "arm_straight:both", "hand_high:both"),
    locks=ARMS,
    weight=1.5,
)
def _press(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=-4, weight=0, nod=-8)
    c.both_feet(x=u(rng, 0.15, 0.22), knee=u(rng, 3, 14))
    c.both_arms(elevation=u(rng, 162, 172), azimuth=u(rng, 75, 95), elbow=u(rng, 2, 10))
    return c


@pose(
    "barbell_rack",
    group="sports",
    predicates=("standing", "hand_near_own_shoulder:both", "elbow_bent:both"),
    locks=ARMS,
    weight=0.7,
)
def _rack(rng: Rng) -> Controls:
    """Clean: the bar on the front of the shoulders."""
    c = stand(rng)
    c.both_feet(x=u(rng, 0.15, 0.2), knee=u(rng, 5, 40))
    c.flex = -4
    c.both_hands(at.Target("own_shoulder", "chest", offset=(0.05, 0.0, 0.14), pole=(0.3, -0.5, 1.0)))
    return c


@pose(
    "deadlift",
    group="sports",
    predicates=("standing", "trunk_bent_far_forward", "knee_bent:both", "arm_straight:both", "feet_on_floor"),
    locks=ARMS | LEGS,
    weight=1.5,
)
def _deadlift(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 54, 66), flex=u(rng, 0, 8), balance=0.9, nod=-u(rng, 18, 28))
    c.both_feet(x=u(rng, 0.12, 0.17), knee=u(rng, 46, 72), toe_out=10)
    lean = float(np.asarray(c.pitch)) + float(np.asarray(c.flex))
    c.both_arms(elevation=lean + u(rng, -3, 5), azimuth=6, elbow=3)
    return c


@pose(
    "back_squat",
    group="sports",
    predicates=("feet_on_floor", "knee_well_bent:both", "elbow_bent:both"),
    locks=ARMS | LEGS,
)
def _back_squat(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 30, 40), flex=-u(rng, 4, 10), balance=0.95, nod=-15)
    c.both_feet(x=u(rng, 0.18, 0.24), knee=u(rng, 92, 110), toe_out=24, knee_out=0.35)
    c.both_hands(at.Target("own_shoulder", "chest", offset=(0.14, 0.03, -0.02), pole=(0.4, -1.0, -0.4)))
    return c


@pose(
    "curl",
    group="sports",
    predicates=("standing", "elbow_bent:left", "not hand_above_shoulder:left"),
    locks=LEFT_ARM,
    right=0.7,
)
def _curl(rng: Rng) -> Controls:
    """The left arm bent; the right one too, or hanging."""
    c = stand(rng)
    c.set(flex=0, weight=0)
    c.both_feet(x=u(rng, 0.12, 0.18), knee=6)
    c.left_arm.angles(elevation=u(rng, 6, 14), azimuth=u(rng, 20, 50), elbow=u(rng, 95, 135))
    return c


@pose(
    "curl_both",
    group="sports",
    predicates=("standing", "elbow_bent:both", "not hand_above_shoulder:both"),
    locks=ARMS,
    weight=1.3,
)
def _curl_both(rng: Rng) -> Controls:
    c = _curl(rng)
    c.both_arms(elevation=u(rng, 6, 14), azimuth=u(rng, 20, 50), elbow=u(rng, 95, 135))
    return c


@pose(
    "bench_press",
    group="sports",
    predicates=("facing_up", "trunk_horizontal", "hands_above_trunk"),
    locks=BODY,
    weight=0.8,
)
def _bench(rng: Rng) -> Controls:
    """On the back on a bench, arms pressed up."""
    c = Controls(support="seat", height=0.45, pitch=-90, flex=0)
    c.both_feet(x=0.24, z=0.34, toe_out=15)
    if rng.random() < 0.6:
        c.both_arms(elevation=u(rng, 84, 94), azimuth=u(rng, 8, 22), elbow=u(rng, 3, 15))
    else:
        c.both_arms(elevation=u(rng, 60, 75), azimuth=90, elbow=u(rng, 80, 95))
    return c


@pose("row_boat", group="sports", predicates=("low_seat", "hands_near"), locks=LEGS | ARMS, weight=1.5)
def _row(rng: Rng) -> Controls:
    """Seated low, hands on two oars: reaching ahead with bent knees, or leaning back at the end of the pull."""
    c = Controls(support="seat", height=u(rng, 0.2, 0.26))
    if rng.random() < 0.5:
        c.set(pitch=u(rng, 8, 18), flex=u(rng, 20, 34))
        c.both_feet(x=0.10, z=u(rng, 0.44, 0.52), heel=-10)
        c.both_arms(elevation=u(rng, 88, 102), azimuth=-u(rng, 2, 8), elbow=u(rng, 3, 12))
    else:
        c.set(pitch=-u(rng, 22, 32), flex=u(rng, 8, 16))
        c.both_feet(x=0.10, z=u(rng, 0.70, 0.76), heel=-40)
        c.both_hands(_chest_point(0.08, -0.04, 0.14, pole=(0.8, -0.3, -1.0)))
    return c


@pose(
    "paddle_canoe",
    group="sports",
    predicates=("low_seat", "hands_in_front", "hand_higher:right"),
    locks=LEGS | ARMS,
    weight=1.5,
)
def _paddle(rng: Rng) -> Controls:
    """Kneeling, a paddle at the left side: the right hand on top, the left one low and outside."""
    c = Controls(support="lowest", pitch=u(rng, 4, 14), flex=u(rng, 8, 16), twist=-u(rng, 5, 22), bend=u(rng, 4, 12))
    if rng.random() < 0.5:
        c.both_legs(flexion=u(rng, 96, 104), knee=u(rng, 140, 148), abduction=8, rotation=0, ankle=62)
    else:
        c = on_floor(rng)
        c.both_feet(x=0.14, z=u(rng, 0.55, 0.7), heel=-20)
        c.set(pitch=-4, flex=16, twist=-u(rng, 5, 22), bend=6)
    c.right_arm.to(at.Target("neck", "chest", offset=(-0.10, u(rng, 0.0, 0.12), 0.34), pole=(0.9, -0.2, 0.2)))
    c.left_arm.to(
        at.Target(
            "own_shoulder", "chest", offset=(0.12, -u(rng, 0.30, 0.36), u(rng, 0.28, 0.34)), pole=(0.8, -0.4, -0.4)
        )
    )
    return c


@pose(
    "fencing_bout",
    group="sports",
    predicates=("leg_forward:left", "knee_bent:left", "feet_staggered", "hand_ahead:left"),
    locks=LEGS | ARMS,
    right=0.8,
    weight=1.5,
)
def _fence(rng: Rng) -> Controls:
    return _en_garde(rng) if rng.random() < 0.5 else _fencing_lunge(rng)


def _with_foil(rng: Rng, deep: bool) -> Controls:
    """On guard, or lunging if ``deep``: the left arm and foot ahead, the right arm raised behind."""
    c = stand(rng)
    c.set(pitch=4, flex=0, balance=0.3, turn=-u(rng, 30, 45), weight=0.3 if deep else 0.2)
    c.left_leg.plant(x=0.08, z=0.44 if deep else 0.24, knee=u(rng, 70, 84) if deep else u(rng, 38, 54), toe_out=0)
    c.right_leg.plant(x=0.06, z=-0.6 if deep else -0.26, knee=5 if deep else 46, toe_out=75, knee_out=0.5)
    c.turn_head = u(rng, 28, 42)
    c.left_arm.angles(elevation=u(rng, 82, 92), azimuth=u(rng, 38, 55), elbow=u(rng, 3, 12) if deep else u(rng, 30, 55))
    if deep:
        c.right_arm.angles(elevation=u(rng, 45, 65), azimuth=u(rng, 100, 130), elbow=6)
    else:
        c.right_arm.angles(elevation=u(rng, 85, 100), azimuth=u(rng, 105, 125), elbow=u(rng, 80, 105), rotation=85)
    return c


@pose(
    "en_garde",
    group="sports",
    predicates=("leg_forward:left", "knee_bent:both", "feet_staggered", "hand_ahead:left", "elbow_bent_some:left"),
    locks=LEGS | ARMS,
    right=0.8,
)
def _en_garde(rng: Rng) -> Controls:
    return _with_foil(rng, deep=False)


@pose(
    "fencing_lunge",
    group="sports",
    predicates=(
        "leg_forward:left",
        "knee_bent:left",
        "feet_staggered",
        "hand_ahead:left",
        "arm_straight:left",
        "leg_straight:right",
    ),
    locks=LEGS | ARMS,
    right=0.8,
    spread=0.5,
)
def _fencing_lunge(rng: Rng) -> Controls:
    return _with_foil(rng, deep=True)


@pose(
    "ski",
    group="sports",
    predicates=("knee_bent:both", "trunk_bent_forward", "feet_on_floor", "hands_in_front"),
    locks=LEGS,
    weight=1.5,
    tags=MOVING,
)
def _ski(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 30, 44), flex=u(rng, 10, 20), balance=0.9, nod=-u(rng, 18, 28))
    c.both_feet(x=u(rng, 0.09, 0.15), knee=u(rng, 62, 92), toe_out=2)
    c.set(roll=u(rng, -6, 10), bend=u(rng, -6, 6))
    c.both_arms(elevation=u(rng, 58, 78), azimuth=u(rng, 20, 40), elbow=u(rng, 60, 90))
    return c


@pose(
    "cross_country",
    group="sports",
    predicates=("standing", "leg_forward:left", "hand_ahead:right", "trunk_bent_forward"),
    locks=LEGS,
    weight=0.8,
    tags=MOVING,
)
def _cross_country(rng: Rng) -> Controls:
    """Striding on the left ski, the right arm ahead."""
    c = stand(rng)
    c.set(pitch=u(rng, 22, 32), flex=8, nod=-14)
    c.left_leg.plant(x=0.08, z=u(rng, 0.14, 0.2), knee=u(rng, 32, 46), toe_out=2)
    c.right_leg.plant(x=0.08, z=-u(rng, 0.42, 0.5), knee=16, heel=u(rng, 30, 45), toe_out=2)
    c.weight = 0.5
    c.right_arm.angles(elevation=u(rng, 80, 100), azimuth=u(rng, 5, 15), elbow=u(rng, 35, 55))
    c.left_arm.angles(elevation=u(rng, 28, 45), azimuth=u(rng, 160, 175), elbow=15)
    return c


@pose(
    "skate",
    group="sports",
    predicates=("trunk_bent_forward", "knee_bent:left", "feet_wide", "foot_lifted:right"),
    locks=LEGS,
    weight=1.5,
    tags=MOVING,
)
def _skate(rng: Rng) -> Controls:
    """Gliding on the left skate, the right leg pushed out behind."""
    c = stand(rng)
    c.set(pitch=u(rng, 26, 44), flex=u(rng, 6, 16), nod=-16, balance=0.9)
    c.left_leg.plant(x=0.03, knee=u(rng, 38, 62), toe_out=8)
    c.right_leg.angles(flexion=-u(rng, 2, 14), knee=u(rng, 14, 30), abduction=u(rng, 26, 36), rotation=14, ankle=0)
    c.left_arm.angles(elevation=u(rng, 40, 65), azimuth=u(rng, 140, 170), elbow=u(rng, 10, 50))
    c.right_arm.angles(elevation=u(rng, 55, 85), azimuth=-u(rng, 0, 30), elbow=u(rng, 40, 70), rotation=-20)
    return c


@pose(
    "surf",
    group="sports",
    predicates=("feet_apart", "knee_bent:both", "arms_lifted", "feet_on_floor", "head_turned:left"),
    locks=LEGS,
    weight=1.6,
    tags=MOVING,
)
def _board(rng: Rng) -> Controls:
    """Sideways on a board that goes to the left."""
    c = stand(rng)
    c.set(pitch=u(rng, 14, 24), flex=u(rng, 6, 14), turn_head=u(rng, 48, 68), twist=u(rng, 8, 20))
    c.both_feet(x=u(rng, 0.28, 0.36), knee=u(rng, 52, 80), toe_out=u(rng, 10, 20), knee_out=-0.1)
    c.left_arm.angles(elevation=u(rng, 72, 92), azimuth=u(rng, 70, 92), elbow=u(rng, 8, 28))
    c.right_arm.angles(elevation=u(rng, 72, 95), azimuth=u(rng, 80, 110), elbow=u(rng, 8, 40))
    return c


@pose(
    "breaststroke", group="sports", predicates=("facing_down", "trunk_horizontal"), locks=BODY, weight=1.5, tags=MOVING
)
def _breaststroke(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=u(rng, 84, 90), flex=-u(rng, 6, 14), nod=-u(rng, 20, 34))
    if rng.random() < 0.55:
        c.both_arms(elevation=u(rng, 162, 174), azimuth=u(rng, 5, 30), elbow=4)
        c.both_legs(flexion=-2, knee=5, abduction=u(rng, 5, 14), rotation=0, ankle=45)
    else:
        c.both_arms(elevation=u(rng, 110, 128), azimuth=u(rng, 70, 88), elbow=u(rng, 20, 45))
        c.both_legs(flexion=u(rng, 26, 40), knee=u(rng, 88, 112), abduction=u(rng, 26, 36), rotation=18, ankle=0)
    return c


@pose(
    "freestyle",
    group="sports",
    predicates=("facing_down", "trunk_horizontal", "hand_overhead:left"),
    locks=BODY,
    weight=1.5,
    tags=MOVING,
)
def _freestyle(rng: Rng) -> Controls:
    """The left arm reaches ahead, the right one pushes back or comes over."""
    c = Controls(support="lowest", pitch=u(rng, 86, 92), roll=u(rng, 8, 20), flex=-4, turn_head=-u(rng, 30, 60))
    c.left_arm.angles(elevation=u(rng, 166, 177), azimuth=40, elbow=4)
    if rng.random() < 0.5:
        c.right_arm.angles(elevation=u(rng, 10, 25), azimuth=u(rng, 40, 100), elbow=u(rng, 5, 30))
    else:
        c.right_arm.angles(
            elevation=u(rng, 90, 115), azimuth=u(rng, 105, 125), elbow=u(rng, 60, 85), rotation=-u(rng, 10, 50)
        )
    c.left_leg.angles(flexion=-u(rng, 3, 9), knee=u(rng, 4, 14), abduction=3, rotation=0, ankle=50)
    c.right_leg.angles(flexion=u(rng, 4, 12), knee=u(rng, 2, 8), abduction=3, rotation=0, ankle=50)
    return c


@pose(
    "backstroke",
    group="sports",
    predicates=("facing_up", "trunk_horizontal", "hand_overhead:left"),
    locks=BODY,
    tags=MOVING,
)
def _backstroke(rng: Rng) -> Controls:
    """On the back, the left arm overhead."""
    c = Controls(support="lowest", pitch=-u(rng, 86, 92), flex=2, nod=5)
    c.left_arm.angles(elevation=u(rng, 160, 175), azimuth=u(rng, 20, 60), elbow=4)
    c.right_arm.angles(elevation=u(rng, 8, 22), azimuth=u(rng, 80, 100), elbow=8)
    c.left_leg.angles(flexion=u(rng, 4, 12), knee=u(rng, 4, 12), abduction=3, rotation=0, ankle=50)
    c.right_leg.angles(flexion=u(rng, -2, 4), knee=u(rng, 4, 12), abduction=3, rotation=0, ankle=50)
    return c


@pose(
    "swim_butterfly",
    group="sports",
    predicates=("facing_down", "trunk_horizontal", "arms_wide"),
    locks=BODY,
    tags=MOVING,
)
def _butterfly(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=u(rng, 85, 91), flex=-u(rng, 10, 18), nod=-u(rng, 8, 20))
    c.both_arms(elevation=u(rng, 100, 125), azimuth=u(rng, 85, 98), elbow=u(rng, 4, 15))
    c.both_legs(flexion=u(rng, -6, 4), knee=u(rng, 6, 30), abduction=2, rotation=0, ankle=50)
    return c


@pose(
    "dive",
    group="sports",
    predicates=("standing", "trunk_bent_far_forward", "hand_overhead:both"),
    locks=BODY,
    weight=0.8,
)
def _dive(rng: Rng) -> Controls:
    """Bent over at the pool's edge, arms beside the ears."""
    c = stand(rng)
    c.set(pitch=u(rng, 56, 72), flex=u(rng, 22, 34), balance=0.8, nod=10)
    c.both_feet(x=0.07, knee=u(rng, 15, 35), toe_out=2)
    c.both_arms(elevation=u(rng, 166, 176), azimuth=40, elbow=3)
    return c


@pose(
    "sprint_start",
    group="sports",
    predicates=("hand_on_floor:both", "trunk_horizontal", "leg_forward:left", "knee_bent:both"),
    locks=BODY,
    weight=1.5,
)
def _sprint_start(rng: Rng) -> Controls:
    """In the blocks: hands on the line, the left foot ahead, hips up or the right knee down."""
    c = stand(rng)
    c.set(pitch=u(rng, 98, 106), flex=u(rng, 14, 22), balance=0.0, nod=-u(rng, 2, 14))
    c.sway_z = u(rng, 0.16, 0.22)
    c.left_leg.plant(x=0.09, z=0.12, knee=u(rng, 96, 106), heel=38, toe_out=2)
    c.right_leg.plant(x=0.09, z=-u(rng, 0.28, 0.34), knee=u(rng, 55, 66), heel=48, toe_out=2)
    c.both_hands(at.Target("own_shoulder", "world", offset=(0.04, 0.03, 0.02), pole=(0.6, 0.2, -0.6), on_ground=True))
    return c


@pose(
    "finish_line",
    group="sports",
    predicates=("standing", "stands_on:left", "hand_high:both"),
    locks=LEGS,
    weight=1.4,
    tags=MOVING,
)
def _finish(rng: Rng) -> Controls:
    """Running through the tape, chest out, arms up; the left foot lands."""
    c = stand(rng)
    c.set(pitch=u(rng, 4, 12), flex=-u(rng, 12, 20), nod=-12)
    c.left_leg.plant(x=0.07, z=0.12, knee=u(rng, 14, 28), toe_out=4)
    c.right_leg.angles(flexion=-u(rng, 10, 22), knee=u(rng, 55, 85), abduction=3, rotation=0, ankle=30)
    c.both_arms(elevation=u(rng, 132, 160), azimuth=u(rng, 60, 95), elbow=u(rng, 6, 28))
    return c


@pose(
    "hurdle",
    group="sports",
    predicates=("airborne", "foot_ahead:left", "leg_straight:left", "knee_well_bent:right"),
    locks=LEGS | TRUNK,
    weight=1.5,
    tags=AIRBORNE,
)
def _hurdle(rng: Rng) -> Controls:
    """In the air, the left leg over the hurdle, the right one folded beside."""
    c = Controls(support="lowest", lift=u(rng, 0.3, 0.45), pitch=u(rng, 24, 36), flex=u(rng, 6, 14), nod=-16)
    c.left_leg.angles(flexion=u(rng, 104, 118), knee=u(rng, 3, 15), abduction=3, rotation=0, ankle=-5)
    c.right_leg.angles(flexion=u(rng, 20, 40), knee=u(rng, 95, 115), abduction=u(rng, 52, 66), rotation=25, ankle=0)
    c.right_arm.angles(elevation=u(rng, 95, 115), azimuth=u(rng, 0, 12), elbow=u(rng, 8, 25))
    c.left_arm.angles(elevation=u(rng, 35, 55), azimuth=u(rng, 150, 172), elbow=u(rng, 40, 80))
    return c


@pose(
    "long_jump",
    group="sports",
    predicates=("airborne", "thigh_forward:both", "hands_in_front"),
    locks=LEGS | TRUNK,
    tags=AIRBORNE,
)
def _long_jump(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.3, 0.45), pitch=u(rng, 6, 18), flex=u(rng, 16, 26))
    c.both_legs(flexion=u(rng, 82, 100), knee=u(rng, 8, 30), abduction=4, rotation=0, ankle=-5)
    c.both_arms(elevation=u(rng, 80, 115), azimuth=u(rng, 5, 20), elbow=8)
    return c


@pose(
    "bicycle",
    group="sports",
    predicates=("trunk_bent_forward", "hands_in_front", "knee_well_bent:right", "not knee_well_bent:left"),
    locks=BODY,
    weight=1.5,
    tags=MOVING,
)
def _bicycle(rng: Rng) -> Controls:
    """Seated high, hands on the bar, the left pedal down."""
    c = Controls(support="lowest", pitch=u(rng, 24, 40), flex=u(rng, 12, 24), nod=-u(rng, 14, 26))
    lean = float(np.asarray(c.pitch))
    c.left_leg.angles(flexion=lean + u(rng, 8, 14), knee=u(rng, 22, 32), abduction=2, rotation=0, ankle=8)
    c.right_leg.angles(flexion=lean + u(rng, 54, 64), knee=u(rng, 92, 104), abduction=2, rotation=0, ankle=4)
    c.both_hands(
        at.Target(
            "own_shoulder", "world", offset=(0.02, -u(rng, 0.26, 0.32), u(rng, 0.36, 0.42)), pole=(0.7, -0.8, -0.3)
        )
    )
    return c


@pose(
    "climb_wall",
    group="sports",
    predicates=("hand_high:left", "knee_well_bent:left", "trunk_upright", "foot_higher:left"),
    locks=LEGS | ARMS,
    weight=1.5,
    tags=MOVING,
)
def _climb(rng: Rng) -> Controls:
    """On a wall: the left hand high, the left foot on a hold, the right leg long."""
    c = Controls(
        support="lowest", lift=u(rng, 0.0, 0.02), pitch=u(rng, -4, 6), bend=-u(rng, 2, 10), nod=-u(rng, 14, 26)
    )
    c.right_leg.angles(flexion=u(rng, 2, 12), knee=u(rng, 6, 24), abduction=u(rng, 6, 14), rotation=15, ankle=25)
    c.left_leg.angles(flexion=u(rng, 78, 98), knee=u(rng, 92, 112), abduction=u(rng, 22, 36), rotation=25, ankle=10)
    c.left_arm.angles(elevation=u(rng, 156, 170), azimuth=u(rng, 15, 50), elbow=u(rng, 5, 22))
    c.right_arm.angles(elevation=u(rng, 105, 135), azimuth=u(rng, 25, 60), elbow=u(rng, 40, 75), rotation=30)
    return c


@pose(
    "jump_rope",
    group="sports",
    predicates=("airborne", "feet_together", "elbow_bent:both"),
    locks=LEGS,
    weight=1.5,
    tags=AIRBORNE,
)
def _jump_rope(rng: Rng) -> Controls:
    """A low hop, hands beside the hips."""
    c = Controls(support="lowest", lift=u(rng, 0.07, 0.14), flex=2, nod=-4)
    c.both_legs(flexion=u(rng, 4, 14), knee=u(rng, 14, 32), abduction=-1.5, rotation=0, ankle=40)
    c.both_arms(elevation=u(rng, 18, 30), azimuth=u(rng, 80, 105), elbow=u(rng, 58, 80), rotation=u(rng, 30, 55))
    return c
