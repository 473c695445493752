"""Poses of moving about: walking, running, jumping, falling.

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import AIRBORNE, LEGS, TRUNK, Rng, pose
from training.grammar.base import uniform as u
from training.grammar.poses.standing import stand


def _stride(rng: Rng, length: float, knee: float = 14.0, heel: float = 25.0) -> Controls:
    """Step forward with the left foot: its heel just down, the right heel rising; ``length`` in metres."""
    c = stand(rng)
    half = length / 2 * u(rng, 0.85, 1.15)
    c.left_leg.plant(x=u(rng, 0.05, 0.09), z=half, knee=u(rng, 5, knee), heel=-u(rng, 0, 14), toe_out=6)
    c.right_leg.plant(x=u(rng, 0.05, 0.09), z=-half, knee=u(rng, 8, knee + 8), heel=heel * u(rng, 0.7, 1.3), toe_out=6)
    c.set(turn=-u(rng, 2, 8), twist=u(rng, 4, 14))
    c.pitch = u(rng, 0, 5)
    return c


def _swing(c: Controls, rng: Rng, size: float, elbow: float) -> None:
    """Swing the right arm forward and the left arm back by ``size`` degrees, elbows bent by ``elbow`` degrees."""
    c.right_arm.angles(elevation=size * u(rng, 0.8, 1.2), azimuth=u(rng, 0, 12), elbow=elbow * u(rng, 0.85, 1.15))
    c.left_arm.angles(elevation=size * u(rng, 0.8, 1.2), azimuth=u(rng, 165, 178), elbow=elbow * u(rng, 0.8, 1.1))


@pose("walk", group="moving", predicates=("standing", "feet_staggered", "leg_forward:left", "trunk_upright"), weight=3)
def _walk(rng: Rng) -> Controls:
    c = _stride(rng, length=0.56)
    _swing(c, rng, size=24, elbow=20)
    return c


@pose("stroll", group="moving", predicates=("standing", "feet_staggered", "trunk_upright"))
def _stroll(rng: Rng) -> Controls:
    c = _stride(rng, length=0.42, knee=12, heel=16)
    _swing(c, rng, size=14, elbow=16)
    return c


@pose("walk_backward", group="moving", predicates=("standing", "feet_staggered", "leg_back:right"))
def _walk_back(rng: Rng) -> Controls:
    c = _stride(rng, length=0.44, knee=24, heel=12)
    c.pitch = -u(rng, 0, 6)
    _swing(c, rng, size=16, elbow=25)
    return c


@pose("power_walk", group="moving", predicates=("standing", "long_stride", "elbow_bent:both"), weight=1.5)
def _power_walk(rng: Rng) -> Controls:
    c = _stride(rng, length=0.72)
    c.pitch = u(rng, 4, 9)
    _swing(c, rng, size=36, elbow=75)
    return c


@pose(
    "march",
    group="moving",
    predicates=("standing", "stands_on:right", "thigh_forward:left", "trunk_upright"),
    locks=LEGS,
    weight=2.5,
)
def _march(rng: Rng) -> Controls:
    """The left knee high, the right arm forward."""
    c = stand(rng)
    c.set(flex=-3, nod=-3)
    c.right_leg.plant(x=0.07, knee=4)
    c.left_leg.angles(flexion=u(rng, 62, 92), knee=u(rng, 62, 92), abduction=2, rotation=3, ankle=u(rng, -5, 15))
    _swing(c, rng, size=38, elbow=u(rng, 10, 60))
    return c


def _run(rng: Rng, lean: float, reach: float, grounded: bool) -> Controls:
    """The left knee drives forward, the right leg pushes off."""
    c = Controls(
        pitch=lean * u(rng, 0.8, 1.2), flex=u(rng, 2, 8), turn=-u(rng, 4, 10), twist=u(rng, 8, 20), nod=-lean * 0.6
    )
    c.turn_head = -6
    c.right_leg.plant(x=0.05, z=-reach * u(rng, 0.8, 1.2), knee=u(rng, 10, 22), heel=u(rng, 26, 42), toe_out=4)
    c.left_leg.angles(
        flexion=u(rng, 52, 76) + lean, knee=u(rng, 70, 105), abduction=2, rotation=0, ankle=u(rng, -5, 15)
    )
    c.balance = 0.25
    c.sway_z = reach * 0.75
    if not grounded:
        c.support = "lowest"
        c.lift = u(rng, 0.05, 0.14)
        c.right_leg.angles(flexion=u(rng, -28, -14), knee=u(rng, 35, 75), abduction=2, rotation=0, ankle=u(rng, 25, 45))
    _swing(c, rng, size=42, elbow=90)
    return c


@pose(
    "jog",
    group="moving",
    predicates=("standing", "stands_on:right", "elbow_bent:both", "thigh_forward:left"),
    locks=LEGS,
    weight=2.5,
)
def _jog(rng: Rng) -> Controls:
    c = _run(rng, lean=5, reach=0.16, grounded=True)
    c.left_leg.flexion = u(rng, 38, 56)
    c.left_leg.knee = u(rng, 55, 85)
    _swing(c, rng, size=26, elbow=92)
    return c


@pose(
    "run",
    group="moving",
    predicates=("standing", "stands_on:right", "elbow_bent:both", "thigh_forward:left", "foot_back_up:right"),
    locks=LEGS,
    weight=3,
)
def _running(rng: Rng) -> Controls:
    return _run(rng, lean=10, reach=0.37, grounded=True)


@pose(
    "sprint",
    group="moving",
    predicates=("standing", "stands_on:right", "elbow_bent:both", "thigh_forward:left", "trunk_leans_forward"),
    locks=LEGS,
    weight=2.5,
)
def _sprint(rng: Rng) -> Controls:
    c = _run(rng, lean=18, reach=0.42, grounded=True)
    c.left_leg.flexion = u(rng, 84, 104)
    _swing(c, rng, size=62, elbow=88)
    return c


@pose(
    "leap",
    group="moving",
    predicates=("airborne", "thigh_forward:left", "foot_back_up:right", "leg_forward:left"),
    locks=LEGS,
    weight=2.5,
    tags=AIRBORNE,
)
def _leap(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.28, 0.5), pitch=u(rng, 2, 12), flex=u(rng, -8, 2))
    c.left_leg.angles(flexion=u(rng, 62, 86), knee=u(rng, 4, 25), abduction=4, rotation=0, ankle=u(rng, 15, 40))
    c.right_leg.angles(flexion=-u(rng, 24, 40), knee=u(rng, 8, 40), abduction=4, rotation=4, ankle=u(rng, 30, 50))
    c.right_arm.angles(elevation=u(rng, 70, 110), azimuth=u(rng, 5, 40), elbow=u(rng, 5, 30))
    c.left_arm.angles(elevation=u(rng, 50, 80), azimuth=u(rng, 100, 140), elbow=u(rng, 5, 30))
    return c


@pose(
    "jump_up",
    group="moving",
    predicates=("airborne", "hand_above_head:both", "trunk_upright"),
    locks=LEGS,
    weight=3,
    tags=AIRBORNE,
)
def _jump_up(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.22, 0.5), flex=-u(rng, 2, 10), nod=-u(rng, 5, 20))
    bent = u(rng, 5, 20) if rng.random() < 0.6 else u(rng, 60, 95)
    for leg in c.legs:
        leg.angles(
            flexion=bent * 0.35 + u(rng, -3, 3), knee=bent, abduction=u(rng, 3, 9), rotation=4, ankle=u(rng, 35, 55)
        )
    c.both_arms(elevation=u(rng, 140, 172), azimuth=u(rng, 15, 75), elbow=u(rng, 5, 35))
    return c


@pose(
    "jump_forward",
    group="moving",
    predicates=("airborne", "thigh_forward:both", "trunk_leans_forward"),
    locks=LEGS,
    weight=2.5,
    tags=AIRBORNE,
)
def _jump_forward(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.2, 0.4), pitch=u(rng, 14, 26), flex=u(rng, 6, 16), nod=-10)
    bent = u(rng, 45, 75)
    for leg in c.legs:
        leg.angles(flexion=u(rng, 70, 95), knee=bent, abduction=u(rng, 3, 8), rotation=3, ankle=u(rng, -5, 20))
    c.both_arms(elevation=u(rng, 70, 115), azimuth=u(rng, 5, 30), elbow=u(rng, 8, 30))
    return c


@pose(
    "land",
    group="moving",
    predicates=("crouched", "knee_well_bent:both", "feet_on_floor", "trunk_bent_forward"),
    locks=LEGS,
    weight=2.5,
)
def _land(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 24, 36), flex=u(rng, 14, 26), nod=-u(rng, 8, 18))
    c.both_feet(x=u(rng, 0.13, 0.2), knee=u(rng, 72, 98), toe_out=12)
    c.both_arms(elevation=u(rng, 45, 85), azimuth=u(rng, 20, 90), elbow=u(rng, 8, 30))
    return c


@pose(
    "skip",
    group="moving",
    predicates=("standing", "stands_on:right", "knee_well_bent:left", "thigh_forward:left"),
    locks=LEGS,
    weight=2.5,
)
def _skip(rng: Rng) -> Controls:
    """On the right toes, the left knee up, off the ground or about to be."""
    c = _march(rng)
    c.right_leg.plant(x=0.06, knee=5, heel=u(rng, 26, 40))
    c.left_leg.knee = u(rng, 75, 105)
    _swing(c, rng, size=55, elbow=u(rng, 10, 50))
    return c


@pose(
    "hop",
    group="moving",
    predicates=("standing", "stands_on:left", "foot_lifted:right", "knee_well_bent:right"),
    locks=LEGS,
    weight=3,
)
def _hop(rng: Rng) -> Controls:
    """On the left foot."""
    c = stand(rng)
    c.left_leg.plant(x=0.05, knee=u(rng, 12, 35), heel=u(rng, 15, 38))
    c.right_leg.angles(flexion=u(rng, 5, 50), knee=u(rng, 75, 110), abduction=3, rotation=4, ankle=u(rng, 10, 30))
    c.pitch = u(rng, 2, 10)
    c.both_arms(elevation=u(rng, 25, 65), azimuth=u(rng, 55, 95), elbow=u(rng, 20, 70))
    return c


@pose(
    "limp",
    group="moving",
    predicates=("standing", "trunk_bends:right", "knee_bent:left", "weight_on:right"),
    locks=LEGS,
    weight=2.5,
)
def _limp(rng: Rng) -> Controls:
    """The left leg hurts: the weight falls on the right one, the left drags."""
    c = _stride(rng, length=0.30, knee=16, heel=6)
    c.left_leg.plant(x=0.10, z=-u(rng, 0.10, 0.2), knee=u(rng, 30, 42), heel=u(rng, 12, 28), toe_out=18)
    c.right_leg.plant(x=0.10, z=u(rng, 0.06, 0.14), knee=u(rng, 14, 24), toe_out=10)
    c.set(weight=-0.7, bend=-u(rng, 13, 19), roll=-u(rng, 3, 7), pitch=u(rng, 6, 14), flex=u(rng, 10, 20))
    c.set(sway_x=-0.085, balance=0.4)
    c.nod = u(rng, 5, 18)
    if rng.random() < 0.5:
        c.left_arm.to(at.THIGH)
    return c


@pose(
    "sneak",
    group="moving",
    predicates=("standing", "knee_bent:both", "trunk_bent_forward", "feet_staggered"),
    locks=LEGS,
    weight=2.5,
)
def _sneak(rng: Rng) -> Controls:
    c = _stride(rng, length=0.52, knee=50, heel=24)
    c.left_leg.knee = u(rng, 48, 68)
    c.right_leg.knee = u(rng, 40, 60)
    c.left_leg.heel = u(rng, 10, 25)
    c.set(pitch=u(rng, 19, 28), flex=u(rng, 18, 26), nod=-u(rng, 8, 22))
    c.both_arms(elevation=u(rng, 25, 55), azimuth=u(rng, 10, 50), elbow=u(rng, 75, 110))
    return c


@pose("tiptoe_walk", group="moving", predicates=("standing", "tiptoe", "feet_staggered"), locks=LEGS)
def _tiptoe_walk(rng: Rng) -> Controls:
    c = _stride(rng, length=0.36, knee=16, heel=34)
    c.left_leg.heel = u(rng, 24, 34)
    c.right_leg.heel = u(rng, 32, 44)
    c.both_arms(elevation=u(rng, 20, 50), azimuth=u(rng, 40, 90), elbow=u(rng, 20, 80))
    return c


@pose(
    "trip",
    group="moving",
    predicates=("standing", "trunk_bent_forward", "foot_lifted:left", "hand_in_front:both"),
    locks=LEGS | TRUNK,
    weight=2.5,
)
def _trip(rng: Rng) -> Controls:
    """The left foot caught behind, the body pitching forward."""
    c = Controls(pitch=u(rng, 28, 42), flex=u(rng, 6, 16), balance=0.25, nod=-20)
    c.right_leg.plant(x=0.08, knee=u(rng, 22, 40), heel=u(rng, 10, 28))
    c.left_leg.angles(flexion=u(rng, 2, 20), knee=u(rng, 20, 44), abduction=4, rotation=0, ankle=u(rng, 10, 30))
    c.both_arms(elevation=u(rng, 85, 125), azimuth=u(rng, 10, 45), elbow=u(rng, 10, 35))
    c.twist = u(rng, -12, 12)
    return c


@pose("stagger", group="moving", predicates=("standing", "trunk_leans:left", "knee_bent:left"), weight=2.5)
def _stagger(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_leg.plant(x=u(rng, 0.14, 0.24), z=u(rng, 0.08, 0.18), knee=u(rng, 18, 40), toe_out=20)
    c.right_leg.plant(x=u(rng, 0.04, 0.14), z=-u(rng, 0.06, 0.16), knee=u(rng, 10, 32), toe_out=15)
    c.set(bend=u(rng, 12, 24), roll=u(rng, 4, 10), pitch=u(rng, -4, 12), flex=u(rng, 4, 16))
    c.set(weight=0.5, balance=0.4, tilt=u(rng, 8, 20), nod=u(rng, 0, 14))
    c.left_arm.angles(elevation=u(rng, 25, 60), azimuth=u(rng, 60, 100), elbow=u(rng, 10, 40))
    c.right_arm.angles(elevation=u(rng, 40, 85), azimuth=u(rng, 60, 100), elbow=u(rng, 10, 40))
    return c


@pose(
    "fall_forward",
    group="moving",
    predicates=("trunk_bent_forward", "hand_in_front:both", "on_ground"),
    locks=LEGS | TRUNK,
    weight=2.5,
)
def _fall_forward(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 38, 54), flex=u(rng, -4, 8), balance=0.0, nod=-u(rng, 12, 25), sway_z=u(rng, 0.22, 0.34))
    c.both_feet(x=u(rng, 0.08, 0.13), knee=u(rng, 8, 26), heel=u(rng, 25, 42))
    c.both_arms(elevation=u(rng, 80, 118), azimuth=u(rng, 5, 35), elbow=u(rng, 8, 35))
    return c


@pose(
    "fall_backward",
    group="moving",
    predicates=("trunk_leans_back", "on_ground", "not arm_down:both"),
    locks=LEGS | TRUNK,
    weight=2.5,
)
def _fall_backward(rng: Rng) -> Controls:
    c = Controls(pitch=-u(rng, 28, 42), flex=u(rng, 2, 14), balance=0.0, nod=u(rng, 10, 25), sway_z=-u(rng, 0.24, 0.36))
    c.both_feet(x=u(rng, 0.09, 0.15), knee=u(rng, 20, 42), heel=-u(rng, 10, 26))
    c.both_arms(elevation=u(rng, 55, 105), azimuth=u(rng, 15, 80), elbow=u(rng, 8, 35))
    return c


@pose(
    "turn_around",
    group="moving",
    predicates=("standing", "trunk_twists:left", "feet_on_floor"),
    locks=TRUNK,
    weight=2.5,
)
def _turn(rng: Rng) -> Controls:
    """Turning to the left; the head turns first."""
    c = stand(rng)
    c.set(twist=u(rng, 22, 38), turn=u(rng, 8, 20), turn_head=u(rng, 25, 50))
    c.left_leg.plant(x=0.09, z=-u(rng, 0.0, 0.08), knee=8, toe_out=u(rng, 25, 50))
    c.right_leg.plant(x=0.09, z=u(rng, 0.02, 0.12), knee=10, toe_out=-u(rng, 0, 15), heel=u(rng, 8, 24))
    c.right_arm.angles(elevation=u(rng, 14, 35), azimuth=u(rng, 10, 40), elbow=u(rng, 15, 40))
    c.left_arm.angles(elevation=u(rng, 14, 32), azimuth=u(rng, 120, 165), elbow=u(rng, 12, 30))
    return c


@pose(
    "step_side",
    group="moving",
    predicates=("standing", "feet_apart", "leg_out:left", "not leg_out:right", "feet_on_floor"),
    locks=LEGS,
    weight=3,
)
def _step_side(rng: Rng) -> Controls:
    """To the left."""
    c = stand(rng)
    c.left_leg.plant(x=u(rng, 0.42, 0.49), knee=u(rng, 8, 22), toe_out=12)
    c.right_leg.plant(x=u(rng, 0.08, 0.14), knee=5, heel=u(rng, 0, 14))
    c.weight = -u(rng, 0.15, 0.55)
    return c


@pose("shuffle_side", group="moving", predicates=("feet_wide", "knee_bent:both"), locks=LEGS)
def _side_run(rng: Rng) -> Controls:
    c = _step_side(rng)
    c.both_feet(x=u(rng, 0.3, 0.38), knee=u(rng, 42, 58))
    c.set(pitch=u(rng, 12, 20), flex=u(rng, 4, 12))
    c.both_arms(elevation=u(rng, 25, 55), azimuth=60, elbow=u(rng, 50, 90))
    return c
