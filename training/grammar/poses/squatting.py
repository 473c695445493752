"""Base poses of the group squatting: squats of all depths, crouching, one-legged and against the wall."""

from __future__ import annotations

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, LEGS, BasePose
from training.grammar.base import draw_from as u

Rng = np.random.Generator


def squat(rng: Rng) -> Controls:
    """A deep squat on flat feet, arms ahead or resting on the knees."""
    c = Controls(pitch=u(rng, 24, 36), flex=u(rng, 14, 30), nod=-u(rng, 6, 20))
    c.both_feet(u(rng, 0.14, 0.2), knee=u(rng, 118, 132), toe_out=u(rng, 14, 26), knee_out=u(rng, 0.2, 0.45))
    pick = rng.random()
    if pick < 0.4:
        c.both_arms(u(rng, 105, 130), u(rng, -5, 8), u(rng, 3, 15))
    elif pick < 0.75:
        c.both_hands(at.KNEE)
    else:
        c.both_hands(at.in_front(-0.1, u(rng, -0.14, -0.04), u(rng, 0.24, 0.3)))
    return c


def _crouch(rng: Rng) -> Controls:
    """Low on the balls of the feet, one foot a little back."""
    c = Controls(pitch=u(rng, 30, 42), flex=u(rng, 26, 42), nod=-u(rng, 10, 24))
    c.left_leg.plant(0.11, 0.06, knee=u(rng, 108, 124), toe_out=8, heel=u(rng, 0, 12), knee_out=0.1)
    c.right_leg.plant(0.11, -u(rng, 0.02, 0.12), knee=100, toe_out=8, heel=u(rng, 12, 28), knee_out=0.1)
    pick = rng.random()
    if pick < 0.4:
        c.both_hands(at.KNEE)
    elif pick < 0.7:
        c.both_arms(u(rng, 70, 100), u(rng, 5, 20), u(rng, 40, 80))
    else:
        c.left_arm.to(at.KNEE)
        c.right_arm.to(at.Target("own_foot", "world", (0.02, 0.0, 0.14), (0.6, 0.2, -0.6), on_ground=True))
    return c


def _behind_cover(rng: Rng) -> Controls:
    c = _crouch(rng)
    c.flex, c.nod, c.turn_head = u(rng, 40, 54), u(rng, -4, 16), u(rng, -30, 30)
    if rng.random() < 0.5:
        c.both_hands(at.GUARD.moved(y=-0.02))
    else:
        c.both_hands(at.KNEE)
    return c


def _half_squat(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 20, 32), flex=u(rng, 6, 16), nod=-u(rng, 4, 14))
    c.both_feet(u(rng, 0.14, 0.2), knee=u(rng, 74, 88), toe_out=14, knee_out=0.15)
    if rng.random() < 0.6:
        c.both_arms(u(rng, 105, 125), u(rng, -4, 6), u(rng, 3, 12))
    else:
        c.both_hands(at.in_front(-0.1, -0.08, 0.28))
    return c


def _sumo(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 8, 16), flex=u(rng, 2, 10), nod=-u(rng, 0, 8))
    c.both_feet(u(rng, 0.38, 0.46), knee=u(rng, 82, 100), toe_out=u(rng, 32, 46), knee_out=0.3)
    pick = rng.random()
    if pick < 0.4:
        c.both_hands(at.KNEE)
    elif pick < 0.75:
        c.both_hands(at.PRAYER)
    else:
        c.both_arms(u(rng, 95, 108), 0, 6)
    return c


def _pistol(rng: Rng) -> Controls:
    """On the left leg, deep, the right leg straight ahead."""
    c = Controls(pitch=u(rng, 28, 38), flex=u(rng, 26, 38), nod=-u(rng, 4, 14))
    c.left_leg.plant(0.06, knee=u(rng, 116, 128), toe_out=5)
    c.right_leg.angles(u(rng, 84, 94) + c.pitch, u(rng, 2, 8), 2, 0, -u(rng, 0, 12))
    c.both_arms(u(rng, 125, 145), u(rng, 0, 10), u(rng, 3, 12))
    return c


def _arms_forward(rng: Rng) -> Controls:
    c = squat(rng)
    c.both_arms(u(rng, 115, 135), u(rng, -4, 6), u(rng, 2, 10))
    return c


def _hands_on_floor(rng: Rng) -> Controls:
    c = squat(rng)
    c.pitch, c.flex = u(rng, 52, 60), u(rng, 46, 56)
    c.both_feet(u(rng, 0.14, 0.2), knee=u(rng, 124, 134), toe_out=16, knee_out=0.3, heel=u(rng, 0, 20))
    c.both_hands(at.Target("own_foot", "world", (-0.02, 0.0, u(rng, 0.06, 0.14)), (0.6, 0.2, -0.6), on_ground=True))
    return c


def _hug(rng: Rng) -> Controls:
    c = squat(rng)
    c.pitch, c.flex, c.nod = u(rng, 28, 36), u(rng, 46, 58), u(rng, -6, 18)
    c.both_feet(u(rng, 0.07, 0.1), knee=u(rng, 130, 138), toe_out=6, heel=u(rng, 0, 16))
    c.both_hands(at.Target("own_shin", "world", (-0.09, 0.05, 0.10), (1.0, -0.4, 0.2)))
    return c


def _on_toes(rng: Rng) -> Controls:
    c = squat(rng)
    c.both_feet(u(rng, 0.09, 0.15), knee=u(rng, 118, 130), heel=u(rng, 30, 40), knee_out=0.2)
    return c


def _wall_sit(rng: Rng) -> Controls:
    c = Controls(support="seat", height=u(rng, 0.46, 0.52), pitch=-u(rng, 0, 4), flex=u(rng, 0, 5))
    c.both_feet(u(rng, 0.1, 0.15), u(rng, 0.38, 0.43), toe_out=6)
    if rng.random() < 0.5:
        c.both_arms(u(rng, 4, 12), 80, 8)
    else:
        c.both_hands(at.CROSSED)
        c.left_arm.to(at.CROSSED.moved(z=0.03))
    return c


def _catcher(rng: Rng) -> Controls:
    """Deep, knees wide, the left hand held out with the mitt."""
    c = squat(rng)
    c.both_feet(u(rng, 0.22, 0.28), knee=u(rng, 118, 128), toe_out=28, knee_out=0.5, heel=10)
    c.left_arm.to(at.Target("own_shoulder", "world", (-0.06, u(rng, -0.14, 0.0), u(rng, 0.38, 0.44))))
    c.right_arm.to(at.SMALL_OF_BACK if rng.random() < 0.5 else at.THIGH)
    return c


def _pet_dog(rng: Rng) -> Controls:
    """Down on bent legs, the left hand stroking something low ahead."""
    c = _crouch(rng)
    c.nod = u(rng, -6, 10)
    c.left_arm.to(at.Target("own_shoulder", "world", (0.0, -u(rng, 0.24, 0.32), u(rng, 0.34, 0.40)), (0.6, -1.0, -0.4)))
    c.right_arm.to(at.KNEE)
    return c


def _elbow_on_knee(rng: Rng) -> Controls:
    """Low, the left elbow on its knee, the right hand on either."""
    c = _crouch(rng)
    c.pitch, c.flex = u(rng, 34, 44), u(rng, 34, 46)
    c.left_arm.to(at.Target("own_knee", "world", (-0.10, 0.10, 0.16), (1.0, -0.6, -0.3)))
    c.right_arm.to(at.THIGH if rng.random() < 0.6 else at.OTHER_KNEE)
    return c


def _deep_hands_on_head(rng: Rng) -> Controls:
    c = squat(rng)
    c.flex = u(rng, 6, 16)
    c.both_hands(at.BACK_OF_HEAD)
    return c


def _frog(rng: Rng) -> Controls:
    """Hands on the ground between wide knees."""
    c = _hands_on_floor(rng)
    c.both_feet(u(rng, 0.22, 0.28), knee=u(rng, 126, 134), toe_out=36, knee_out=0.6, heel=u(rng, 10, 25))
    c.pitch, c.flex, c.nod = u(rng, 49, 54), u(rng, 44, 50), -u(rng, 20, 34)
    c.both_hands(at.Target("own_foot", "world", (-0.16, 0.0, u(rng, 0.06, 0.14)), (0.8, 0.0, 0.1), on_ground=True))
    return c


def _side_squat(rng: Rng) -> Controls:
    """Deep on the left leg, the right leg straight out to the side."""
    c = Controls(pitch=u(rng, 36, 46), flex=u(rng, 18, 28), nod=-u(rng, 8, 18), weight=0.85, balance=0.7)
    c.left_leg.plant(0.36, knee=u(rng, 112, 122), toe_out=16, knee_out=0.3)
    c.right_leg.plant(0.52, knee=2, toe_out=10, heel=0)
    c.both_hands(at.in_front(-0.1, -0.06, 0.28))
    return c


def _hand_down(rng: Rng) -> Controls:
    """Low, the left hand at the ground, the right one on the knee."""
    c = _crouch(rng)
    c.pitch, c.flex, c.nod, c.bend = u(rng, 54, 62), u(rng, 54, 62), -u(rng, 0, 18), u(rng, 6, 12)
    c.both_feet(u(rng, 0.13, 0.19), knee=u(rng, 124, 134), toe_out=14, knee_out=0.3, heel=u(rng, 4, 24))
    c.left_arm.to(at.Target("own_foot", "world", (-0.02, -0.01, u(rng, 0.04, 0.12)), (0.6, 0.2, -0.6), on_ground=True))
    c.right_arm.to(at.KNEE)
    return c


POSES: tuple[BasePose, ...] = (
    BasePose("squat", squat, ("squatting", "knee_well_bent:both", "feet_on_floor"), LEGS, weight=3),
    BasePose("crouch", _crouch, ("crouched", "knee_well_bent:both", "trunk_leans_forward"), LEGS, weight=2),
    BasePose(
        "crouch_cover", _behind_cover, ("crouched", "knee_well_bent:both", "trunk_leans_forward"), LEGS, weight=1.5
    ),
    BasePose(
        "squat_half",
        _half_squat,
        ("knee_well_bent:both", "feet_on_floor", "hands_in_front", "hips_mid"),
        LEGS,
        weight=1.5,
    ),
    BasePose("squat_sumo", _sumo, ("knee_well_bent:both", "feet_wide", "feet_on_floor"), LEGS, weight=1.5),
    BasePose(
        "squat_pistol", _pistol, ("stands_on:left", "knee_well_bent:left", "leg_ahead_straight:right"), LEGS, weight=1.5
    ),
    BasePose("squat_arms_forward", _arms_forward, ("squatting", "hand_far_ahead:both", "arm_straight:both"), LEGS),
    BasePose("squat_hands_on_floor", _hands_on_floor, ("knee_well_bent:both", "hand_on_floor:both", "crouched"), LEGS),
    BasePose("squat_hug", _hug, ("squatting", "knee_drawn_up:both", "hand_on_shin:both"), LEGS),
    BasePose("squat_tiptoe", _on_toes, ("knee_well_bent:both", "tiptoe", "crouched"), LEGS),
    BasePose("squat_wall_sit", _wall_sit, ("seated", "trunk_upright", "knee_well_bent:both"), LEGS),
    BasePose(
        "squat_catcher",
        _catcher,
        ("knee_well_bent:both", "crouched", "hand_ahead:left", "knees_apart"),
        LEGS,
        right=0.2,
    ),
    BasePose("squat_pet_dog", _pet_dog, ("crouched", "knee_well_bent:both", "hand_ahead:left"), LEGS),
    BasePose(
        "squat_elbow_on_knee", _elbow_on_knee, ("crouched", "knee_well_bent:both", "elbow_near_knee:left"), LEGS | ARMS
    ),
    BasePose("squat_hands_behind_head", _deep_hands_on_head, ("squatting", "hand_at_head:both"), LEGS),
    BasePose("frog_squat", _frog, ("knee_well_bent:both", "hand_on_floor:both", "knees_apart"), LEGS),
    BasePose(
        "squat_side",
        _side_squat,
        ("knee_well_bent:left", "leg_straight:right", "feet_wide", "feet_on_floor", "weight_on:left"),
        LEGS,
    ),
    BasePose(
        "squat_hand_down",
        _hand_down,
        ("crouched", "knee_well_bent:both", "hand_on_floor:left", "not hand_on_floor:right"),
        LEGS | ARMS | {"trunk"},
        weight=1.5,
    ),
)
