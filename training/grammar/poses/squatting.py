"""Squats and crouches.

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, BODY, LEGS, Rng, pose
from training.grammar.base import uniform as u


@pose(
    "squat", group="squatting", predicates=("squatting", "knee_well_bent:both", "feet_on_floor"), locks=LEGS, weight=3
)
def squat(rng: Rng) -> Controls:
    """A deep squat on flat feet, arms ahead or resting on the knees."""
    c = Controls(pitch=u(rng, 24, 36), flex=u(rng, 14, 30), nod=-u(rng, 6, 20))
    c.both_feet(x=u(rng, 0.14, 0.2), knee=u(rng, 118, 132), toe_out=u(rng, 14, 26), knee_out=u(rng, 0.2, 0.45))
    pick = rng.random()
    if pick < 0.4:
        c.both_arms(elevation=u(rng, 105, 130), azimuth=u(rng, -5, 8), elbow=u(rng, 3, 15))
    elif pick < 0.75:
        c.both_hands(at.KNEE)
    else:
        c.both_hands(at.in_front(-0.1, u(rng, -0.14, -0.04), u(rng, 0.24, 0.3)))
    return c


@pose(
    "crouch",
    group="squatting",
    predicates=("crouched", "knee_well_bent:both", "trunk_leans_forward"),
    locks=LEGS,
    weight=2,
)
def _crouch(rng: Rng) -> Controls:
    """Low on the balls of the feet, one foot a little back."""
    c = Controls(pitch=u(rng, 30, 42), flex=u(rng, 26, 42), nod=-u(rng, 10, 24))
    c.left_leg.plant(x=0.11, z=0.06, knee=u(rng, 108, 124), toe_out=8, heel=u(rng, 0, 12), knee_out=0.1)
    c.right_leg.plant(x=0.11, z=-u(rng, 0.02, 0.12), knee=100, toe_out=8, heel=u(rng, 12, 28), knee_out=0.1)
    pick = rng.random()
    if pick < 0.4:
        c.both_hands(at.KNEE)
    elif pick < 0.7:
        c.both_arms(elevation=u(rng, 70, 100), azimuth=u(rng, 5, 20), elbow=u(rng, 40, 80))
    else:
        c.left_arm.to(at.KNEE)
        c.right_arm.to(at.Target("own_foot", "world", offset=(0.02, 0.0, 0.14), pole=(0.6, 0.2, -0.6), on_ground=True))
    return c


@pose(
    "crouch_cover",
    group="squatting",
    predicates=("crouched", "knee_well_bent:both", "trunk_leans_forward"),
    locks=LEGS,
    weight=1.5,
)
def _behind_cover(rng: Rng) -> Controls:
    c = _crouch(rng)
    c.set(flex=u(rng, 40, 54), nod=u(rng, -4, 16), turn_head=u(rng, -30, 30))
    if rng.random() < 0.5:
        c.both_hands(at.GUARD.moved(y=-0.02))
    else:
        c.both_hands(at.KNEE)
    return c


@pose(
    "squat_half",
    group="squatting",
    predicates=("knee_well_bent:both", "feet_on_floor", "hands_in_front", "hips_mid"),
    locks=LEGS,
    weight=1.5,
)
def _half_squat(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 20, 32), flex=u(rng, 6, 16), nod=-u(rng, 4, 14))
    c.both_feet(x=u(rng, 0.14, 0.2), knee=u(rng, 74, 88), toe_out=14, knee_out=0.15)
    if rng.random() < 0.6:
        c.both_arms(elevation=u(rng, 105, 125), azimuth=u(rng, -4, 6), elbow=u(rng, 3, 12))
    else:
        c.both_hands(at.in_front(-0.1, -0.08, 0.28))
    return c


@pose(
    "squat_sumo",
    group="squatting",
    predicates=("knee_well_bent:both", "feet_wide", "feet_on_floor"),
    locks=LEGS,
    weight=1.5,
)
def _sumo(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 8, 16), flex=u(rng, 2, 10), nod=-u(rng, 0, 8))
    c.both_feet(x=u(rng, 0.38, 0.46), knee=u(rng, 82, 100), toe_out=u(rng, 32, 46), knee_out=0.3)
    pick = rng.random()
    if pick < 0.4:
        c.both_hands(at.KNEE)
    elif pick < 0.75:
        c.both_hands(at.PRAYER)
    else:
        c.both_arms(elevation=u(rng, 95, 108), azimuth=0, elbow=6)
    return c


@pose(
    "squat_pistol",
    group="squatting",
    predicates=("stands_on:left", "knee_well_bent:left", "leg_ahead_straight:right"),
    locks=LEGS,
    weight=1.5,
)
def _pistol(rng: Rng) -> Controls:
    """On the left leg, deep, the right leg straight ahead."""
    c = Controls(pitch=u(rng, 28, 38), flex=u(rng, 26, 38), nod=-u(rng, 4, 14))
    c.left_leg.plant(x=0.06, knee=u(rng, 116, 128), toe_out=5)
    c.right_leg.angles(
        flexion=u(rng, 84, 94) + c.pitch, knee=u(rng, 2, 8), abduction=2, rotation=0, ankle=-u(rng, 0, 12)
    )
    c.both_arms(elevation=u(rng, 125, 145), azimuth=u(rng, 0, 10), elbow=u(rng, 3, 12))
    return c


@pose(
    "squat_arms_forward",
    group="squatting",
    predicates=("squatting", "hand_far_ahead:both", "arm_straight:both"),
    locks=LEGS,
)
def _arms_forward(rng: Rng) -> Controls:
    c = squat(rng)
    c.both_arms(elevation=u(rng, 115, 135), azimuth=u(rng, -4, 6), elbow=u(rng, 2, 10))
    return c


@pose(
    "squat_hands_on_floor",
    group="squatting",
    predicates=("knee_well_bent:both", "hand_on_floor:both", "crouched"),
    locks=LEGS,
)
def _hands_on_floor(rng: Rng) -> Controls:
    c = squat(rng)
    c.set(pitch=u(rng, 52, 60), flex=u(rng, 46, 56))
    c.both_feet(x=u(rng, 0.14, 0.2), knee=u(rng, 124, 134), toe_out=16, knee_out=0.3, heel=u(rng, 0, 20))
    c.both_hands(
        at.Target("own_foot", "world", offset=(-0.02, 0.0, u(rng, 0.06, 0.14)), pole=(0.6, 0.2, -0.6), on_ground=True)
    )
    return c


@pose("squat_hug", group="squatting", predicates=("squatting", "knee_drawn_up:both", "hand_on_shin:both"), locks=LEGS)
def _hug(rng: Rng) -> Controls:
    c = squat(rng)
    c.set(pitch=u(rng, 28, 36), flex=u(rng, 46, 58), nod=u(rng, -6, 18))
    c.both_feet(x=u(rng, 0.07, 0.1), knee=u(rng, 130, 138), toe_out=6, heel=u(rng, 0, 16))
    c.both_hands(at.Target("own_shin", "world", offset=(-0.09, 0.05, 0.10), pole=(1.0, -0.4, 0.2)))
    return c


@pose("squat_tiptoe", group="squatting", predicates=("knee_well_bent:both", "tiptoe", "crouched"), locks=LEGS)
def _on_toes(rng: Rng) -> Controls:
    c = squat(rng)
    c.both_feet(x=u(rng, 0.09, 0.15), knee=u(rng, 118, 130), heel=u(rng, 30, 40), knee_out=0.2)
    return c


@pose("squat_wall_sit", group="squatting", predicates=("seated", "trunk_upright", "knee_well_bent:both"), locks=LEGS)
def _wall_sit(rng: Rng) -> Controls:
    c = Controls(support="seat", height=u(rng, 0.46, 0.52), pitch=-u(rng, 0, 4), flex=u(rng, 0, 5))
    c.both_feet(x=u(rng, 0.1, 0.15), z=u(rng, 0.38, 0.43), toe_out=6)
    if rng.random() < 0.5:
        c.both_arms(elevation=u(rng, 4, 12), azimuth=80, elbow=8)
    else:
        c.both_hands(at.CROSSED)
        c.left_arm.to(at.CROSSED.moved(z=0.03))
    return c


@pose(
    "squat_catcher",
    group="squatting",
    predicates=("knee_well_bent:both", "crouched", "hand_ahead:left", "knees_apart"),
    locks=LEGS,
    right=0.2,
)
def _catcher(rng: Rng) -> Controls:
    """Deep, knees wide, the left hand held out with the mitt."""
    c = squat(rng)
    c.both_feet(x=u(rng, 0.22, 0.28), knee=u(rng, 118, 128), toe_out=28, knee_out=0.5, heel=10)
    c.left_arm.to(at.Target("own_shoulder", "world", offset=(-0.06, u(rng, -0.14, 0.0), u(rng, 0.38, 0.44))))
    c.right_arm.to(at.SMALL_OF_BACK if rng.random() < 0.5 else at.THIGH)
    return c


@pose("squat_pet_dog", group="squatting", predicates=("crouched", "knee_well_bent:both", "hand_ahead:left"), locks=LEGS)
def _pet_dog(rng: Rng) -> Controls:
    """Down on bent legs, the left hand stroking something low ahead."""
    c = _crouch(rng)
    c.nod = u(rng, -6, 10)
    c.left_arm.to(
        at.Target(
            "own_shoulder", "world", offset=(0.0, -u(rng, 0.24, 0.32), u(rng, 0.34, 0.40)), pole=(0.6, -1.0, -0.4)
        )
    )
    c.right_arm.to(at.KNEE)
    return c


@pose(
    "squat_elbow_on_knee",
    group="squatting",
    predicates=("crouched", "knee_well_bent:both", "elbow_near_knee:left"),
    locks=LEGS | ARMS,
)
def _elbow_on_knee(rng: Rng) -> Controls:
    """Low, the left elbow on its knee, the right hand on either."""
    c = _crouch(rng)
    c.set(pitch=u(rng, 34, 44), flex=u(rng, 34, 46))
    c.left_arm.to(at.Target("own_knee", "world", offset=(-0.10, 0.10, 0.16), pole=(1.0, -0.6, -0.3)))
    c.right_arm.to(at.THIGH if rng.random() < 0.6 else at.OTHER_KNEE)
    return c


@pose("squat_hands_behind_head", group="squatting", predicates=("squatting", "hand_at_head:both"), locks=LEGS)
def _deep_hands_on_head(rng: Rng) -> Controls:
    c = squat(rng)
    c.flex = u(rng, 6, 16)
    c.both_hands(at.BACK_OF_HEAD)
    return c


@pose(
    "frog_squat", group="squatting", predicates=("knee_well_bent:both", "hand_on_floor:both", "knees_apart"), locks=LEGS
)
def _frog(rng: Rng) -> Controls:
    """Hands on the ground between wide knees."""
    c = _hands_on_floor(rng)
    c.both_feet(x=u(rng, 0.22, 0.28), knee=u(rng, 126, 134), toe_out=36, knee_out=0.6, heel=u(rng, 10, 25))
    c.set(pitch=u(rng, 49, 54), flex=u(rng, 44, 50), nod=-u(rng, 20, 34))
    c.both_hands(
        at.Target("own_foot", "world", offset=(-0.16, 0.0, u(rng, 0.06, 0.14)), pole=(0.8, 0.0, 0.1), on_ground=True)
    )
    return c


@pose(
    "squat_side",
    group="squatting",
    predicates=("knee_well_bent:left", "leg_straight:right", "feet_wide", "feet_on_floor", "weight_on:left"),
    locks=LEGS,
)
def _side_squat(rng: Rng) -> Controls:
    """Deep on the left leg, the right leg straight out to the side."""
    c = Controls(pitch=u(rng, 36, 46), flex=u(rng, 18, 28), nod=-u(rng, 8, 18), weight=0.85, balance=0.7)
    c.left_leg.plant(x=0.36, knee=u(rng, 112, 122), toe_out=16, knee_out=0.3)
    c.right_leg.plant(x=0.52, knee=2, toe_out=10, heel=0)
    c.both_hands(at.in_front(-0.1, -0.06, 0.28))
    return c


@pose(
    "squat_hand_down",
    group="squatting",
    predicates=("crouched", "knee_well_bent:both", "hand_on_floor:left", "not hand_on_floor:right"),
    locks=BODY,
    weight=1.5,
)
def _hand_down(rng: Rng) -> Controls:
    """Low, the left hand at the ground, the right one on the knee."""
    c = _crouch(rng)
    c.set(pitch=u(rng, 54, 62), flex=u(rng, 54, 62), nod=-u(rng, 0, 18), bend=u(rng, 6, 12))
    c.both_feet(x=u(rng, 0.13, 0.19), knee=u(rng, 124, 134), toe_out=14, knee_out=0.3, heel=u(rng, 4, 24))
    c.left_arm.to(
        at.Target("own_foot", "world", offset=(-0.02, -0.01, u(rng, 0.04, 0.12)), pole=(0.6, 0.2, -0.6), on_ground=True)
    )
    c.right_arm.to(at.KNEE)
    return c
