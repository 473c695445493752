"""Base poses of the group standing; the model for the other groups."""

from __future__ import annotations

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, BALANCE, LEGS, BasePose
from training.grammar.base import draw_from as u

Rng = np.random.Generator


def stand(rng: Rng) -> Controls:
    """An easy upright stance, hands hanging: where most standing poses begin."""
    c = Controls(flex=u(rng, 0, 5), weight=u(rng, -0.2, 0.2))
    c.both_feet(u(rng, 0.085, 0.13), knee=u(rng, 4, 9), toe_out=u(rng, 6, 16))
    for arm in c.arms:
        arm.angles(u(rng, 6, 13), u(rng, 65, 95), u(rng, 8, 24))
    return c


def _attention(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod, c.weight = -2, -3, 0
    c.both_feet(0.07, knee=2, toe_out=20)
    c.both_arms(4, 80, 4)
    return c


def _at_ease(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex = -2
    c.both_feet(u(rng, 0.17, 0.21), knee=4)
    c.both_hands(at.BEHIND_BACK)
    return c


def _together(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(u(rng, 0.06, 0.075), knee=4, toe_out=6)
    return c


def _shoulder_width(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(u(rng, 0.18, 0.22), knee=5)
    return c


def _wide(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(u(rng, 0.34, 0.45), knee=4, toe_out=u(rng, 10, 25))
    return c


def _tiptoe(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(u(rng, 0.07, 0.11), knee=3, heel=u(rng, 30, 42))
    return c


def _on_heels(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.sway_z = u(rng, 4, 10), 8, -0.03
    c.both_feet(0.10, knee=4, heel=-u(rng, 32, 40))
    c.both_arms(u(rng, 20, 35), 60, 15)
    return c


def _one_leg(rng: Rng) -> Controls:
    """On the left leg."""
    c = stand(rng)
    c.left_leg.plant(0.08, knee=5)
    c.roll = u(rng, 0, 3)
    if rng.random() < 0.7:
        c.right_leg.angles(u(rng, 40, 80), u(rng, 60, 100), 4, 4, u(rng, 5, 25))
    else:
        c.right_leg.angles(u(rng, -8, 5), u(rng, 60, 90), 3, 4, 15)
    if rng.random() < 0.4:
        c.both_arms(u(rng, 50, 85), 88, u(rng, 5, 20))
    return c


def _knee_high(rng: Rng) -> Controls:
    """On the left leg, the right knee at the height of the hip."""
    c = _one_leg(rng)
    c.right_leg.angles(u(rng, 85, 100), u(rng, 85, 110), 3, 4, u(rng, 5, 25))
    return c


def _knee_hug(rng: Rng) -> Controls:
    """On the left leg, the right knee held at the chest by both hands."""
    c = _one_leg(rng)
    c.right_leg.angles(u(rng, 128, 138), u(rng, 128, 140), 3, 3, u(rng, 0, 15))
    c.flex, c.nod = u(rng, 6, 16), u(rng, -4, 8)
    c.right_arm.to(at.Target("own_shin", "world", (-0.05, 0.10, 0.06), (1.0, -0.3, 0.1)))
    c.left_arm.to(at.Target("other_shin", "world", (0.02, 0.12, 0.06), (1.0, -0.3, 0.1)))
    return c


def _flamingo(rng: Rng) -> Controls:
    """On the left leg, the right foot held behind by the right hand."""
    c = _one_leg(rng)
    c.right_leg.angles(-12, 135, 2, 4, 35)
    c.right_arm.to(at.ANKLE, (0.6, 0.0, -1.0))
    c.left_arm.angles(u(rng, 8, 85), 88, 10)
    return c


def _soft_knees(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex = 6, 8
    c.both_feet(u(rng, 0.11, 0.17), knee=u(rng, 32, 45))
    return c


def _deep_knees(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex = u(rng, 14, 22), 10
    c.both_feet(u(rng, 0.13, 0.19), knee=u(rng, 74, 90), knee_out=0.15)
    return c


def _weight_left(rng: Rng) -> Controls:
    c = stand(rng)
    c.weight, c.roll, c.bend = u(rng, 0.75, 0.95), -u(rng, 3, 6), u(rng, 4, 8)
    c.left_leg.plant(0.12, knee=2)
    c.right_leg.plant(0.15, u(rng, 0.02, 0.1), knee=14, toe_out=22)
    c.balance = 0.3
    return c


def _against_wall(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.sway_z, c.balance = -u(rng, 14, 18), u(rng, 0, 5), -u(rng, 0.22, 0.28), 0.0
    c.both_feet(u(rng, 0.08, 0.13), u(rng, 0.0, 0.04), knee=6)
    if rng.random() < 0.4:
        c.right_leg.plant(0.10, -0.16, knee=20, heel=10)
    if rng.random() < 0.4:
        c.both_hands(at.CROSSED)
        c.left_arm.to(at.CROSSED.moved(z=0.03))
    return c


def _shoulder_on_wall(rng: Rng) -> Controls:
    """Leaning sideways to the left."""
    c = stand(rng)
    c.roll, c.bend, c.sway_x, c.balance = u(rng, 8, 13), 3, u(rng, 0.10, 0.14), 0.0
    c.left_leg.plant(0.08, 0.05, knee=4)
    c.right_leg.plant(0.03, -0.02, knee=6)
    return c


def _legs_crossed(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(-u(rng, 0.05, 0.08), knee=5, knee_out=-0.1)
    c.left_leg.z, c.right_leg.z = 0.09, -0.07
    return c


def _t_pose(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.weight = 0, 0
    c.both_feet(u(rng, 0.08, 0.13), knee=3)
    c.both_arms(90, 90, 2)
    return c


def _a_pose(rng: Rng) -> Controls:
    c = _t_pose(rng)
    c.both_feet(u(rng, 0.10, 0.16), knee=3)
    c.both_arms(u(rng, 38, 48), 90, 4)
    return c


def _star(rng: Rng) -> Controls:
    c = _wide(rng)
    c.both_arms(u(rng, 115, 130), 90, 4)
    return c


def _slouch(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod = -6, u(rng, 34, 48), u(rng, 8, 22)
    c.both_feet(0.11, knee=14)
    c.both_arms(u(rng, 14, 24), u(rng, 10, 30), 14, protract=22)
    c.sway_z = 0.03
    return c


def _proud(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod = -u(rng, 12, 20), -u(rng, 6, 14)
    c.both_feet(u(rng, 0.15, 0.2), knee=2)
    if rng.random() < 0.6:
        c.both_hands(at.HIP)
    else:
        c.both_arms(14, 110, 15, protract=-15)
    return c


def _guard(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.weight = -3, 0
    c.both_feet(u(rng, 0.16, 0.2), knee=4)
    if rng.random() < 0.5:
        c.both_arms(6, 85, 6)
    else:
        c.both_hands(at.CLASPED_IN_FRONT)
    return c


def _queue(rng: Rng) -> Controls:
    c = _weight_left(rng) if rng.random() < 0.6 else stand(rng)
    choice = rng.random()
    if choice < 0.35:
        c.both_hands(at.CLASPED_IN_FRONT)
    elif choice < 0.6:
        c.both_hands(at.CROSSED)
        c.right_arm.to(at.CROSSED.moved(z=0.03))
    c.turn_head = u(rng, -20, 20)
    return c


def _step_stance(rng: Rng) -> Controls:
    """The left foot ahead."""
    c = stand(rng)
    c.left_leg.plant(0.09, u(rng, 0.16, 0.24), knee=7)
    c.right_leg.plant(0.10, -u(rng, 0.14, 0.22), knee=7, toe_out=20)
    return c


def _tandem(rng: Rng) -> Controls:
    """Heel to toe, the left foot ahead."""
    c = stand(rng)
    c.left_leg.plant(0.0, 0.13, knee=4, toe_out=0)
    c.right_leg.plant(0.0, -0.12, knee=4, toe_out=0)
    c.both_arms(u(rng, 30, 60), 90, 10)
    return c


def _pigeon(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(0.13, knee=9, toe_out=-u(rng, 25, 38), knee_out=-0.2)
    return c


def _toes_out(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(0.10, knee=4, toe_out=u(rng, 48, 62))
    return c


def _leg_side(rng: Rng) -> Controls:
    """On the right leg, the left one raised to the side."""
    c = stand(rng)
    c.right_leg.plant(0.07, knee=4)
    c.roll = -u(rng, 4, 10)
    c.left_leg.angles(u(rng, 0, 6), u(rng, 2, 10), u(rng, 32, 48), 8, 10)
    c.both_arms(u(rng, 20, 70), 90, 8)
    return c


def _leg_front(rng: Rng) -> Controls:
    """On the right leg, the left one stretched forward."""
    c = stand(rng)
    c.right_leg.plant(0.07, knee=5)
    c.left_leg.angles(u(rng, 42, 62), u(rng, 2, 10), 2, 4, 20)
    c.pitch = -4
    return c


def _leg_behind(rng: Rng) -> Controls:
    """On the right leg, the left one stretched back."""
    c = stand(rng)
    c.right_leg.plant(0.07, knee=6)
    c.pitch, c.flex = u(rng, 12, 22), -6
    c.left_leg.angles(-u(rng, 24, 34), u(rng, 2, 12), 2, 4, 30)
    c.both_arms(u(rng, 20, 60), 80, 8)
    return c


def _figure_four(rng: Rng) -> Controls:
    """On the right leg, the left ankle on the right knee."""
    c = stand(rng)
    c.right_leg.plant(0.06, knee=30)
    c.pitch, c.flex = 12, 6
    c.left_leg.angles(72, 92, 28, 62, 0)
    return c


def _hands_on_hips(rng: Rng) -> Controls:
    c = _shoulder_width(rng)
    c.both_hands(at.HIP)
    return c


def _pockets(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_hands(at.HIP.moved(x=-0.01, y=-0.14, z=0.06), (1.0, 0.0, -0.9))
    for arm in c.arms:
        arm.shrug = 4
    return c


def _contrapposto(rng: Rng) -> Controls:
    """Weight on the left leg, left hand on the hip."""
    c = _weight_left(rng)
    c.left_arm.to(at.HIP)
    return c


def _superhero(rng: Rng) -> Controls:
    c = _wide(rng)
    c.both_feet(u(rng, 0.22, 0.3), knee=3)
    c.flex, c.nod = -12, -8
    c.both_hands(at.HIP)
    return c


def _hunched_hands_pressed(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(0.08, knee=6, toe_out=2)
    c.both_hands(at.CLASPED_IN_FRONT.moved(y=-0.04))
    c.flex, c.nod = 8, u(rng, 10, 20)
    return c


def _back_turned(rng: Rng) -> Controls:
    c = stand(rng)
    c.heading = 180
    return c


POSES: tuple[BasePose, ...] = (
    BasePose("stand_still", stand, ("standing", "trunk_upright", "feet_on_floor", "arm_down:both"), weight=2.5),
    BasePose("attention", _attention, ("standing", "trunk_upright", "arm_down:both", "feet_on_floor"), spread=0.6),
    BasePose("at_ease", _at_ease, ("standing", "hands_behind_back", "feet_apart")),
    BasePose("feet_together", _together, ("standing", "feet_together")),
    BasePose("shoulder_width", _shoulder_width, ("standing", "feet_apart")),
    BasePose("wide", _wide, ("standing", "feet_wide")),
    BasePose("tiptoe", _tiptoe, ("standing", "tiptoe"), LEGS),
    BasePose("on_heels", _on_heels, ("standing", "trunk_upright"), LEGS),
    BasePose("one_leg", _one_leg, ("standing", "stands_on:left", "foot_lifted:right"), LEGS, weight=2),
    BasePose(
        "knee_high", _knee_high, ("standing", "stands_on:left", "thigh_level:right", "knee_well_bent:right"), LEGS
    ),
    BasePose(
        "knee_hug",
        _knee_hug,
        ("stands_on:left", "knee_drawn_up:right", "hand_on_shin:right", "trunk_upright", "hands_close"),
        LEGS | ARMS,
        tags=BALANCE,
    ),
    BasePose(
        "flamingo",
        _flamingo,
        ("standing", "stands_on:left", "knee_well_bent:right", "hand_at_ankle:right"),
        frozenset({"left_leg", "right_leg", "right_arm"}),
    ),
    BasePose("knees_bent", _soft_knees, ("standing", "knee_bent:both", "feet_on_floor")),
    BasePose("half_squat", _deep_knees, ("knee_well_bent:both", "feet_on_floor")),
    BasePose("weight_on", _weight_left, ("standing", "weight_on:left", "feet_on_floor"), LEGS),
    BasePose("against_wall", _against_wall, ("standing", "trunk_leans_back"), frozenset({"trunk"})),
    BasePose("shoulder_on_wall", _shoulder_on_wall, ("standing", "trunk_leans:left"), frozenset({"trunk"})),
    BasePose("legs_crossed", _legs_crossed, ("standing", "legs_crossed"), LEGS),
    BasePose("t_pose", _t_pose, ("standing", "arm_sideways:both", "arm_straight:both"), spread=0.7),
    BasePose("a_pose", _a_pose, ("standing", "arm_straight:both", "not arm_sideways:both"), spread=0.7),
    BasePose("star", _star, ("standing", "feet_wide", "hand_above_shoulder:both", "arms_wide")),
    BasePose("slouch", _slouch, ("standing", "spine_rounded")),
    BasePose("proud", _proud, ("standing", "trunk_upright")),
    BasePose("guard", _guard, ("standing", "trunk_upright", "feet_apart")),
    BasePose("queue", _queue, ("standing",)),
    BasePose("step_stance", _step_stance, ("standing", "leg_forward:left", "feet_on_floor"), LEGS),
    BasePose("tandem", _tandem, ("standing", "feet_staggered"), LEGS),
    BasePose("pigeon_toed", _pigeon, ("standing", "feet_on_floor"), LEGS),
    BasePose("toes_out", _toes_out, ("standing", "feet_on_floor"), LEGS),
    BasePose(
        "leg_side", _leg_side, ("standing", "stands_on:right", "leg_out:left", "leg_straight:left"), LEGS, tags=BALANCE
    ),
    BasePose(
        "leg_front",
        _leg_front,
        ("standing", "stands_on:right", "leg_forward:left", "leg_straight:left"),
        LEGS,
        tags=BALANCE,
    ),
    BasePose(
        "leg_behind",
        _leg_behind,
        ("standing", "stands_on:right", "leg_back:left", "leg_straight:left"),
        LEGS,
        tags=BALANCE,
    ),
    BasePose(
        "figure_four", _figure_four, ("stands_on:right", "foot_lifted:left", "knee_well_bent:left"), LEGS, tags=BALANCE
    ),
    BasePose("hands_on_hips", _hands_on_hips, ("standing", "hand_on_hip:both")),
    BasePose("pockets", _pockets, ("standing", "hand_at_hip:both")),
    BasePose("contrapposto", _contrapposto, ("standing", "hand_on_hip:left", "weight_on:left")),
    BasePose("superhero", _superhero, ("standing", "hand_on_hip:both", "feet_apart")),
    BasePose("shy", _hunched_hands_pressed, ("standing", "hands_together", "feet_together")),
    BasePose("back_turned", _back_turned, ("standing", "facing_backward")),
)
