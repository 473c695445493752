"""Base poses of the group moving."""

from __future__ import annotations

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import LEGS, BasePose
from training.grammar.base import draw_from as u
from training.grammar.standing import stand

Rng = np.random.Generator


def _stride(rng: Rng, length: float, knee: float = 14.0, heel: float = 25.0) -> Controls:
    """A step of the left foot, its heel just down, the right heel rising, arms the other way about."""
    c = stand(rng)
    half = length / 2 * u(rng, 0.85, 1.15)
    c.left_leg.plant(u(rng, 0.05, 0.09), half, knee=u(rng, 5, knee), heel=-u(rng, 0, 14), toe_out=6)
    c.right_leg.plant(u(rng, 0.05, 0.09), -half, knee=u(rng, 8, knee + 8), heel=heel * u(rng, 0.7, 1.3), toe_out=6)
    c.turn, c.twist = -u(rng, 2, 8), u(rng, 4, 14)
    c.pitch = u(rng, 0, 5)
    return c


def _swing(c: Controls, rng: Rng, size: float, elbow: float) -> None:
    """The right arm forward, the left arm back."""
    c.right_arm.angles(size * u(rng, 0.8, 1.2), u(rng, 0, 12), elbow * u(rng, 0.85, 1.15))
    c.left_arm.angles(size * u(rng, 0.8, 1.2), u(rng, 165, 178), elbow * u(rng, 0.8, 1.1))


def _walk(rng: Rng) -> Controls:
    c = _stride(rng, 0.56)
    _swing(c, rng, 24, 20)
    return c


def _stroll(rng: Rng) -> Controls:
    c = _stride(rng, 0.42, 12, 16)
    _swing(c, rng, 14, 16)
    return c


def _walk_back(rng: Rng) -> Controls:
    c = _stride(rng, 0.44, 24, 12)
    c.pitch = -u(rng, 0, 6)
    _swing(c, rng, 16, 25)
    return c


def _power_walk(rng: Rng) -> Controls:
    c = _stride(rng, 0.72)
    c.pitch = u(rng, 4, 9)
    _swing(c, rng, 36, 75)
    return c


def _march(rng: Rng) -> Controls:
    """The left knee high, the right arm forward."""
    c = stand(rng)
    c.flex, c.nod = -3, -3
    c.right_leg.plant(0.07, knee=4)
    c.left_leg.angles(u(rng, 62, 92), u(rng, 62, 92), 2, 3, u(rng, -5, 15))
    _swing(c, rng, 38, u(rng, 10, 60))
    return c


def _run(rng: Rng, lean: float, reach: float, grounded: bool) -> Controls:
    """The left knee drives forward, the right leg pushes off."""
    c = Controls(
        pitch=lean * u(rng, 0.8, 1.2), flex=u(rng, 2, 8), turn=-u(rng, 4, 10), twist=u(rng, 8, 20), nod=-lean * 0.6
    )
    c.turn_head = -6
    c.right_leg.plant(0.05, -reach * u(rng, 0.8, 1.2), knee=u(rng, 10, 22), heel=u(rng, 26, 42), toe_out=4)
    c.left_leg.angles(u(rng, 52, 76) + lean, u(rng, 70, 105), 2, 0, u(rng, -5, 15))
    c.balance = 0.25
    c.sway_z = reach * 0.75
    if not grounded:
        c.support, c.lift = "lowest", u(rng, 0.05, 0.14)
        c.right_leg.angles(u(rng, -28, -14), u(rng, 35, 75), 2, 0, u(rng, 25, 45))
    _swing(c, rng, 42, 90)
    return c


def _jog(rng: Rng) -> Controls:
    c = _run(rng, 5, 0.16, True)
    c.left_leg.flexion, c.left_leg.knee = u(rng, 38, 56), u(rng, 55, 85)
    _swing(c, rng, 26, 92)
    return c


def _running(rng: Rng) -> Controls:
    return _run(rng, 10, 0.37, True)


def _sprint(rng: Rng) -> Controls:
    c = _run(rng, 18, 0.42, True)
    c.left_leg.flexion = u(rng, 84, 104)
    _swing(c, rng, 62, 88)
    return c


def _leap(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.28, 0.5), pitch=u(rng, 2, 12), flex=u(rng, -8, 2))
    c.left_leg.angles(u(rng, 62, 86), u(rng, 4, 25), 4, 0, u(rng, 15, 40))
    c.right_leg.angles(-u(rng, 24, 40), u(rng, 8, 40), 4, 4, u(rng, 30, 50))
    c.right_arm.angles(u(rng, 70, 110), u(rng, 5, 40), u(rng, 5, 30))
    c.left_arm.angles(u(rng, 50, 80), u(rng, 100, 140), u(rng, 5, 30))
    return c


def _jump_up(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.22, 0.5), flex=-u(rng, 2, 10), nod=-u(rng, 5, 20))
    bent = u(rng, 5, 20) if rng.random() < 0.6 else u(rng, 60, 95)
    for leg in c.legs:
        leg.angles(bent * 0.35 + u(rng, -3, 3), bent, u(rng, 3, 9), 4, u(rng, 35, 55))
    c.both_arms(u(rng, 140, 172), u(rng, 15, 75), u(rng, 5, 35))
    return c


def _jump_forward(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.2, 0.4), pitch=u(rng, 14, 26), flex=u(rng, 6, 16), nod=-10)
    bent = u(rng, 45, 75)
    for leg in c.legs:
        leg.angles(u(rng, 70, 95), bent, u(rng, 3, 8), 3, u(rng, -5, 20))
    c.both_arms(u(rng, 70, 115), u(rng, 5, 30), u(rng, 8, 30))
    return c


def _land(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 24, 36), flex=u(rng, 14, 26), nod=-u(rng, 8, 18))
    c.both_feet(u(rng, 0.13, 0.2), knee=u(rng, 72, 98), toe_out=12)
    c.both_arms(u(rng, 45, 85), u(rng, 20, 90), u(rng, 8, 30))
    return c


def _skip(rng: Rng) -> Controls:
    """On the right toes, the left knee up, off the ground or about to be."""
    c = _march(rng)
    c.right_leg.plant(0.06, knee=5, heel=u(rng, 26, 40))
    c.left_leg.knee = u(rng, 75, 105)
    _swing(c, rng, 55, u(rng, 10, 50))
    return c


def _hop(rng: Rng) -> Controls:
    """On the left foot."""
    c = stand(rng)
    c.left_leg.plant(0.05, knee=u(rng, 12, 35), heel=u(rng, 15, 38))
    c.right_leg.angles(u(rng, 5, 50), u(rng, 75, 110), 3, 4, u(rng, 10, 30))
    c.pitch = u(rng, 2, 10)
    c.both_arms(u(rng, 25, 65), u(rng, 55, 95), u(rng, 20, 70))
    return c


def _limp(rng: Rng) -> Controls:
    """The left leg hurts: the weight falls on the right one, the left drags."""
    c = _stride(rng, 0.30, 16, 6)
    c.left_leg.plant(0.10, -u(rng, 0.10, 0.2), knee=u(rng, 30, 42), heel=u(rng, 12, 28), toe_out=18)
    c.right_leg.plant(0.10, u(rng, 0.06, 0.14), knee=u(rng, 14, 24), toe_out=10)
    c.weight, c.bend, c.roll, c.pitch, c.flex = -0.7, -u(rng, 13, 19), -u(rng, 3, 7), u(rng, 6, 14), u(rng, 10, 20)
    c.sway_x, c.balance = -0.085, 0.4
    c.nod = u(rng, 5, 18)
    if rng.random() < 0.5:
        c.left_arm.to(at.THIGH)
    return c


def _sneak(rng: Rng) -> Controls:
    c = _stride(rng, 0.52, 50, 24)
    c.left_leg.knee, c.right_leg.knee = u(rng, 48, 68), u(rng, 40, 60)
    c.left_leg.heel = u(rng, 10, 25)
    c.pitch, c.flex, c.nod = u(rng, 19, 28), u(rng, 18, 26), -u(rng, 8, 22)
    c.both_arms(u(rng, 25, 55), u(rng, 10, 50), u(rng, 75, 110))
    return c


def _trip(rng: Rng) -> Controls:
    """The left foot caught behind, the body pitching forward."""
    c = Controls(pitch=u(rng, 28, 42), flex=u(rng, 6, 16), balance=0.25, nod=-20)
    c.right_leg.plant(0.08, knee=u(rng, 22, 40), heel=u(rng, 10, 28))
    c.left_leg.angles(u(rng, 2, 20), u(rng, 20, 44), 4, 0, u(rng, 10, 30))
    c.both_arms(u(rng, 85, 125), u(rng, 10, 45), u(rng, 10, 35))
    c.twist = u(rng, -12, 12)
    return c


def _stagger(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_leg.plant(u(rng, 0.14, 0.24), u(rng, 0.08, 0.18), knee=u(rng, 18, 40), toe_out=20)
    c.right_leg.plant(u(rng, 0.04, 0.14), -u(rng, 0.06, 0.16), knee=u(rng, 10, 32), toe_out=15)
    c.bend, c.roll, c.pitch, c.flex = u(rng, 12, 24), u(rng, 4, 10), u(rng, -4, 12), u(rng, 4, 16)
    c.weight, c.balance, c.tilt, c.nod = 0.5, 0.4, u(rng, 8, 20), u(rng, 0, 14)
    c.left_arm.angles(u(rng, 25, 60), u(rng, 60, 100), u(rng, 10, 40))
    c.right_arm.angles(u(rng, 40, 85), u(rng, 60, 100), u(rng, 10, 40))
    return c


def _fall_forward(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 38, 54), flex=u(rng, -4, 8), balance=0.0, nod=-u(rng, 12, 25), sway_z=u(rng, 0.22, 0.34))
    c.both_feet(u(rng, 0.08, 0.13), knee=u(rng, 8, 26), heel=u(rng, 25, 42))
    c.both_arms(u(rng, 80, 118), u(rng, 5, 35), u(rng, 8, 35))
    return c


def _fall_backward(rng: Rng) -> Controls:
    c = Controls(pitch=-u(rng, 28, 42), flex=u(rng, 2, 14), balance=0.0, nod=u(rng, 10, 25), sway_z=-u(rng, 0.24, 0.36))
    c.both_feet(u(rng, 0.09, 0.15), knee=u(rng, 20, 42), heel=-u(rng, 10, 26))
    c.both_arms(u(rng, 55, 105), u(rng, 15, 80), u(rng, 8, 35))
    return c


def _turn(rng: Rng) -> Controls:
    """Round to the left, head first."""
    c = stand(rng)
    c.twist, c.turn, c.turn_head = u(rng, 22, 38), u(rng, 8, 20), u(rng, 25, 50)
    c.left_leg.plant(0.09, -u(rng, 0.0, 0.08), knee=8, toe_out=u(rng, 25, 50))
    c.right_leg.plant(0.09, u(rng, 0.02, 0.12), knee=10, toe_out=-u(rng, 0, 15), heel=u(rng, 8, 24))
    c.right_arm.angles(u(rng, 14, 35), u(rng, 10, 40), u(rng, 15, 40))
    c.left_arm.angles(u(rng, 14, 32), u(rng, 120, 165), u(rng, 12, 30))
    return c


def _step_side(rng: Rng) -> Controls:
    """To the left."""
    c = stand(rng)
    c.left_leg.plant(u(rng, 0.42, 0.49), knee=u(rng, 8, 22), toe_out=12)
    c.right_leg.plant(u(rng, 0.08, 0.14), knee=5, heel=u(rng, 0, 14))
    c.weight = -u(rng, 0.15, 0.55)
    return c


def _side_run(rng: Rng) -> Controls:
    c = _step_side(rng)
    c.both_feet(u(rng, 0.3, 0.38), knee=u(rng, 42, 58))
    c.pitch, c.flex = u(rng, 12, 20), u(rng, 4, 12)
    c.both_arms(u(rng, 25, 55), 60, u(rng, 50, 90))
    return c


def _tiptoe_walk(rng: Rng) -> Controls:
    c = _stride(rng, 0.36, 16, 34)
    c.left_leg.heel, c.right_leg.heel = u(rng, 24, 34), u(rng, 32, 44)
    c.both_arms(u(rng, 20, 50), u(rng, 40, 90), u(rng, 20, 80))
    return c


_AIR = frozenset({"airborne"})

POSES: tuple[BasePose, ...] = (
    BasePose("walk", _walk, ("standing", "feet_staggered", "leg_forward:left", "trunk_upright"), weight=3),
    BasePose("stroll", _stroll, ("standing", "feet_staggered", "trunk_upright")),
    BasePose("walk_backward", _walk_back, ("standing", "feet_staggered", "leg_back:right")),
    BasePose("power_walk", _power_walk, ("standing", "long_stride", "elbow_bent:both"), weight=1.5),
    BasePose("march", _march, ("standing", "stands_on:right", "thigh_forward:left", "trunk_upright"), LEGS, weight=2.5),
    BasePose("jog", _jog, ("standing", "stands_on:right", "elbow_bent:both", "thigh_forward:left"), LEGS, weight=2.5),
    BasePose(
        "run",
        _running,
        ("standing", "stands_on:right", "elbow_bent:both", "thigh_forward:left", "foot_back_up:right"),
        LEGS,
        weight=3,
    ),
    BasePose(
        "sprint",
        _sprint,
        ("standing", "stands_on:right", "elbow_bent:both", "thigh_forward:left", "trunk_leans_forward"),
        LEGS,
        weight=2.5,
    ),
    BasePose(
        "leap",
        _leap,
        ("airborne", "thigh_forward:left", "foot_back_up:right", "leg_forward:left"),
        LEGS,
        tags=_AIR,
        weight=2.5,
    ),
    BasePose("jump_up", _jump_up, ("airborne", "hand_above_head:both", "trunk_upright"), LEGS, tags=_AIR, weight=3),
    BasePose(
        "jump_forward",
        _jump_forward,
        ("airborne", "thigh_forward:both", "trunk_leans_forward"),
        LEGS,
        tags=_AIR,
        weight=2.5,
    ),
    BasePose(
        "land", _land, ("crouched", "knee_well_bent:both", "feet_on_floor", "trunk_bent_forward"), LEGS, weight=2.5
    ),
    BasePose(
        "skip", _skip, ("standing", "stands_on:right", "knee_well_bent:left", "thigh_forward:left"), LEGS, weight=2.5
    ),
    BasePose("hop", _hop, ("standing", "stands_on:left", "foot_lifted:right", "knee_well_bent:right"), LEGS, weight=3),
    BasePose("limp", _limp, ("standing", "trunk_bends:right", "knee_bent:left", "weight_on:right"), LEGS, weight=2.5),
    BasePose("sneak", _sneak, ("standing", "knee_bent:both", "trunk_bent_forward", "feet_staggered"), LEGS, weight=2.5),
    BasePose("tiptoe_walk", _tiptoe_walk, ("standing", "tiptoe", "feet_staggered"), LEGS),
    BasePose(
        "trip",
        _trip,
        ("standing", "trunk_bent_forward", "foot_lifted:left", "hand_in_front:both"),
        LEGS | {"trunk"},
        weight=2.5,
    ),
    BasePose("stagger", _stagger, ("standing", "trunk_leans:left", "knee_bent:left"), weight=2.5),
    BasePose(
        "fall_forward",
        _fall_forward,
        ("trunk_bent_forward", "hand_in_front:both", "on_ground"),
        LEGS | {"trunk"},
        weight=2.5,
    ),
    BasePose(
        "fall_backward",
        _fall_backward,
        ("trunk_leans_back", "on_ground", "not arm_down:both"),
        LEGS | {"trunk"},
        weight=2.5,
    ),
    BasePose(
        "turn_around", _turn, ("standing", "trunk_twists:left", "feet_on_floor"), frozenset({"trunk"}), weight=2.5
    ),
    BasePose(
        "step_side",
        _step_side,
        ("standing", "feet_apart", "leg_out:left", "not leg_out:right", "feet_on_floor"),
        LEGS,
        weight=3,
    ),
    BasePose("shuffle_side", _side_run, ("feet_wide", "knee_bent:both"), LEGS),
)
