"""Base poses of the group kneeling: on one knee, on both, on hands and knees."""

from __future__ import annotations

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, LEGS, BasePose
from training.grammar.base import draw_from as u

Rng = np.random.Generator

_CARRIES = ARMS | LEGS | {"trunk"}
_KNEES_AND_HANDS = (("left_knee", "right_knee"), ("left_wrist", "right_wrist"))


def kneel(rng: Rng) -> Controls:
    """Upright on both knees, shanks along the ground."""
    c = Controls(support="lowest", pitch=u(rng, 0, 5), flex=u(rng, 0, 6))
    lean = float(np.asarray(c.pitch))
    for leg in c.legs:
        leg.angles(lean + u(rng, -2, 4), u(rng, 87, 92), u(rng, 2, 6), 0, u(rng, 57, 63))
    return c


def kneel_on_left(rng: Rng) -> Controls:
    """The left knee on the ground, the right foot flat ahead."""
    c = kneel(rng)
    c.right_leg.plant(u(rng, 0.08, 0.13), u(rng, 0.34, 0.44), toe_out=6)
    if rng.random() < 0.5:
        c.right_arm.to(at.KNEE)
    return c


def on_heels(rng: Rng, pitch: float = 0.0) -> Controls:
    """Both knees on the ground, the hips on the heels, tipped forward by ``pitch``."""
    c = Controls(support="lowest", pitch=pitch, flex=u(rng, 4, 12))
    for leg in c.legs:
        leg.angles(62 + pitch, 153, u(rng, 3, 9), 0, 60)
    return c


def all_fours(rng: Rng) -> Controls:
    """On hands and knees, the back level."""
    c = Controls(support="lowest", pitch=u(rng, 73, 77), flex=u(rng, -4, 6), nod=-u(rng, 5, 20), level=_KNEES_AND_HANDS)
    c.both_legs(u(rng, 73, 77), 90, u(rng, 3, 7), 0, 60)
    c.both_arms(u(rng, 74, 80), u(rng, 2, 8), 3)
    return c


def _crawl(rng: Rng) -> Controls:
    """On hands and knees, the left hand and the right knee ahead."""
    c = all_fours(rng)
    step, reach = u(rng, 12, 20), u(rng, 10, 18)
    c.flex = u(rng, -2, 4)
    c.left_leg.angles(75 - step, 90 - step, 5, 0, 60)
    c.right_leg.angles(75 + step, 90 + step, 5, 0, 60)
    c.left_arm.angles(77 + reach, 4, 3)
    c.right_arm.angles(77 - reach, 4, 3)
    return c


def _kneel_bow(rng: Rng) -> Controls:
    """From the heels forward, hands on the ground, the forehead above them."""
    c = on_heels(rng, u(rng, 42, 54))
    c.flex, c.nod = u(rng, 34, 48), u(rng, 2, 16)
    c.both_hands(at.Target("own_knee", "world", (0.02, 0.0, u(rng, 0.2, 0.3)), (1.0, 0.2, -0.2), on_ground=True))
    return c


def _prostrate(rng: Rng) -> Controls:
    """Folded over the thighs, arms stretched out along the ground."""
    c = on_heels(rng, u(rng, 66, 74))
    c.flex, c.nod = u(rng, 40, 50), u(rng, 4, 14)
    if rng.random() < 0.7:
        c.both_hands(
            at.Target("own_shoulder", "world", (0.02, 0.03, u(rng, 0.38, 0.46)), (1.0, 0.6, 0.0), on_ground=True)
        )
    else:
        c.both_hands(at.Target("own_ankle", "world", (0.1, 0.05, u(rng, 0.05, 0.2)), (1.0, 0.4, 0.0)))
    return c


def _pray(rng: Rng) -> Controls:
    c = kneel(rng) if rng.random() < 0.6 else on_heels(rng)
    c.flex, c.nod = u(rng, 6, 16), u(rng, 10, 30)
    c.both_hands(at.PRAYER.moved(y=u(rng, 0, 0.06)))
    return c


def _propose(rng: Rng) -> Controls:
    """On the left knee, the left hand holding out a ring."""
    c = kneel_on_left(rng)
    c.nod, c.flex = -u(rng, 8, 22), u(rng, 0, 8)
    c.left_arm.to(at.in_front(-u(rng, 0.02, 0.08), u(rng, -0.06, 0.06), u(rng, 0.34, 0.42)))
    pick = rng.random()
    if pick < 0.45:
        c.right_arm.to(at.in_front(-0.08, u(rng, -0.08, 0.02), u(rng, 0.3, 0.36)))
    elif pick < 0.75:
        c.right_arm.to(at.KNEE)
    else:
        c.right_arm.to(at.CHEST)
    return c


def _shoelace(rng: Rng) -> Controls:
    """On the left knee, both hands at the right shoe."""
    c = kneel_on_left(rng)
    lean = u(rng, 26, 34)
    c.pitch, c.flex, c.nod = lean, u(rng, 64, 74), u(rng, 4, 16)
    c.left_leg.flexion = lean + u(rng, -8, 0)
    c.left_leg.knee = 86
    c.right_leg.plant(0.09, u(rng, 0.30, 0.35), toe_out=4)
    c.left_arm.to(at.Target("other_ankle", "world", (0.05, 0.05, 0.05), (0.5, -0.4, 0.3)))
    c.right_arm.to(at.Target("own_ankle", "world", (0.05, 0.05, 0.05), (1.0, 0.0, 0.2)))
    return c


def _hands_on_hips(rng: Rng) -> Controls:
    c = kneel(rng)
    c.both_hands(at.HIP)
    return c


def _arms_up(rng: Rng) -> Controls:
    c = kneel(rng)
    c.flex, c.nod = -u(rng, 2, 10), -u(rng, 8, 24)
    c.both_arms(u(rng, 150, 174), u(rng, 30, 80), u(rng, 4, 20))
    return c


def _surrender(rng: Rng) -> Controls:
    c = kneel(rng) if rng.random() < 0.6 else on_heels(rng)
    if rng.random() < 0.5:
        c.both_hands(at.BACK_OF_HEAD)
    else:
        c.both_arms(u(rng, 84, 100), 85, u(rng, 75, 95), 90)
    return c


def _beg(rng: Rng) -> Controls:
    c = kneel(rng)
    c.flex, c.nod = u(rng, 6, 14), -u(rng, 10, 24)
    c.both_hands(at.in_front(-u(rng, 0.06, 0.12), u(rng, -0.08, 0.04), u(rng, 0.3, 0.4)))
    return c


def _head_down(rng: Rng) -> Controls:
    c = kneel(rng) if rng.random() < 0.5 else on_heels(rng)
    c.flex, c.nod = u(rng, 16, 28), u(rng, 30, 42)
    return c


def _knight(rng: Rng) -> Controls:
    """On the left knee with a bowed head, the forearm on the raised knee."""
    c = kneel_on_left(rng)
    c.flex, c.nod = u(rng, 14, 24), u(rng, 30, 42)
    c.right_arm.to(at.KNEE)
    if rng.random() < 0.4:
        c.left_arm.to(at.CHEST)
    return c


def _lean_back(rng: Rng) -> Controls:
    c = kneel(rng)
    c.pitch, c.flex, c.nod = -u(rng, 14, 20), -u(rng, 8, 16), -u(rng, 0, 12)
    tipped = u(rng, 8, 14)
    for leg in c.legs:
        leg.flexion, leg.knee = c.pitch + tipped, 90 + tipped
    return c


def _garden(rng: Rng) -> Controls:
    """On both knees, bent over work on the ground."""
    c = on_heels(rng, u(rng, 34, 44))
    c.flex, c.nod = u(rng, 40, 52), u(rng, 0, 12)
    for arm in c.arms:
        arm.to(
            at.Target(
                "own_knee", "world", (u(rng, -0.08, 0.04), 0.0, u(rng, 0.16, 0.34)), (1.0, 0.0, -0.2), on_ground=True
            )
        )
    return c


def _scrub(rng: Rng) -> Controls:
    """On the knees and the right hand, the left hand wiping ahead."""
    c = all_fours(rng)
    c.left_arm.to(at.Target("own_shoulder", "world", (0.02, 0.0, u(rng, 0.16, 0.28)), (1.0, 0.2, -0.2), on_ground=True))
    c.level = (("left_knee", "right_knee"), ("right_wrist",))
    return c


def _fours_arm(rng: Rng) -> Controls:
    """On hands and knees, the left arm stretched ahead."""
    c = all_fours(rng)
    c.left_arm.angles(u(rng, 162, 176), 20, 5)
    c.level = (("left_knee", "right_knee"), ("right_wrist",))
    return c


def _fours_leg(rng: Rng) -> Controls:
    """On hands and knees, the left leg stretched behind."""
    c = all_fours(rng)
    c.left_leg.angles(u(rng, -6, 4), u(rng, 2, 10), 3, 0, 20)
    c.level = (("right_knee",), ("left_wrist", "right_wrist"))
    return c


def _look_under(rng: Rng) -> Controls:
    """On knees and forearms, the head near the ground."""
    c = Controls(support="lowest", pitch=u(rng, 97, 100), flex=u(rng, 8, 12), nod=-u(rng, 10, 30), tilt=u(rng, 0, 20))
    c.both_legs(c.pitch, 90, 6, 0, 60)
    c.both_hands(at.Target("own_shoulder", "world", (0.02, 0.03, 0.2), (0.3, -0.6, 1.0), on_ground=True))
    return c


def _one_knee_hands_on_knee(rng: Rng) -> Controls:
    """On the left knee, both hands stacked on the right knee."""
    c = kneel_on_left(rng)
    c.pitch, c.flex = u(rng, 2, 6), u(rng, 14, 24)
    c.left_leg.flexion = c.pitch
    c.right_arm.to(at.KNEE)
    c.left_arm.to(at.OTHER_KNEE)
    return c


def _one_knee_hand_on_floor(rng: Rng) -> Controls:
    """On the left knee, the left hand propped on the ground beside it."""
    c = kneel_on_left(rng)
    lean = u(rng, 38, 46)
    c.pitch, c.flex, c.nod = lean, u(rng, 54, 64), u(rng, -14, 14)
    low = u(rng, 28, 36)
    c.left_leg.flexion, c.left_leg.knee = lean + low, 90 + low
    c.left_arm.to(at.Target("own_knee", "world", (0.08, 0.0, u(rng, 0.1, 0.2)), (0.6, 0.0, -0.8), on_ground=True))
    c.right_arm.to(at.KNEE, (1.0, -0.4, 0.1))
    return c


def _knees_wide(rng: Rng) -> Controls:
    c = kneel(rng)
    for leg in c.legs:
        leg.abduction = u(rng, 20, 28)
    return c


def _leg_side(rng: Rng) -> Controls:
    """On the right knee, the left leg straight out to the side."""
    c = kneel(rng)
    c.left_leg.angles(u(rng, 0, 6), u(rng, 2, 6), u(rng, 61, 66), 4, u(rng, 10, 25))
    pick = rng.random()
    if pick < 0.3:
        c.both_hands(at.HIP)
    elif pick < 0.55:
        c.both_arms(u(rng, 82, 96), u(rng, 82, 95), u(rng, 2, 14))
    elif pick < 0.7:
        c.left_arm.to(at.THIGH)
    return c


def _lean_side(rng: Rng) -> Controls:
    """Upright on both knees, bent over to the left."""
    c = kneel(rng)
    c.bend = u(rng, 24, 34)
    if rng.random() < 0.4:
        c.right_arm.angles(u(rng, 160, 174), u(rng, 60, 90), u(rng, 4, 16))
    elif rng.random() < 0.5:
        c.both_hands(at.HIP)
    return c


def _one_knee_hand_on_thigh(rng: Rng) -> Controls:
    """On the left knee, the right hand on the right knee, the left arm free."""
    c = kneel_on_left(rng)
    c.right_arm.to(at.KNEE)
    if rng.random() < 0.5:
        c.left_arm.to(at.HIP)
    return c


POSES: tuple[BasePose, ...] = (
    BasePose(
        "kneel",
        kneel,
        ("kneeling", "knees_on_floor", "trunk_upright", "not seated_on_floor"),
        LEGS,
        weight=3,
        spread=0.7,
    ),
    BasePose(
        "kneel_on_one",
        kneel_on_left,
        ("kneels_on:left", "foot_on_floor:right", "trunk_upright"),
        LEGS,
        weight=3,
        spread=0.7,
    ),
    BasePose(
        "kneel_bow",
        _kneel_bow,
        ("kneeling", "hand_on_floor:both", "trunk_bent_far_forward"),
        LEGS,
        spread=0.7,
        weight=1.5,
    ),
    BasePose("prostrate", _prostrate, ("kneeling", "head_low", "trunk_bent_far_forward"), LEGS | {"trunk"}, spread=0.7),
    BasePose("kneel_pray", _pray, ("kneeling", "hands_together"), LEGS, spread=0.7, weight=1.5),
    BasePose(
        "kneel_propose",
        _propose,
        ("kneels_on:left", "foot_on_floor:right", "hand_ahead:left"),
        LEGS,
        spread=0.7,
        weight=1.5,
    ),
    BasePose(
        "kneel_tie_shoelace",
        _shoelace,
        ("kneels_on:left", "hand_near_foot:right", "hand_near_other_foot:left", "trunk_bent_forward"),
        LEGS | {"trunk"},
        spread=0.45,
        weight=1.5,
    ),
    BasePose(
        "all_fours",
        all_fours,
        ("on_all_fours", "hand_on_floor:both", "knees_on_floor"),
        _CARRIES,
        spread=0.6,
        weight=1.5,
    ),
    BasePose(
        "kneel_crawl", _crawl, ("on_all_fours", "hand_on_floor:both", "knees_on_floor"), _CARRIES, spread=0.6, weight=2
    ),
    BasePose("kneel_hands_on_hips", _hands_on_hips, ("kneeling", "hand_on_hip:both"), LEGS, spread=0.7),
    BasePose("kneel_arms_up", _arms_up, ("kneeling", "arm_up:both"), LEGS, spread=0.7),
    BasePose("kneel_surrender", _surrender, ("kneeling", "elbow_bent:both"), LEGS, spread=0.7),
    BasePose("kneel_beg", _beg, ("kneeling", "hands_in_front", "hand_ahead:both"), LEGS, spread=0.5),
    BasePose("kneel_head_bowed", _head_down, ("kneeling", "head_down"), LEGS | {"head"}, spread=0.7),
    BasePose("knight", _knight, ("kneels_on:left", "foot_on_floor:right", "head_down"), LEGS | {"head"}, spread=0.5),
    BasePose("kneel_lean_back", _lean_back, ("kneeling", "trunk_leans_back"), LEGS | {"trunk"}, spread=0.6),
    BasePose("kneel_garden", _garden, ("kneeling", "hand_on_floor:both", "trunk_bent_forward"), LEGS, spread=0.7),
    BasePose("kneel_scrub_floor", _scrub, ("on_all_fours", "hand_on_floor:both"), _CARRIES, spread=0.5),
    BasePose(
        "fours_arm",
        _fours_arm,
        ("knees_on_floor", "hand_on_floor:right", "arm_up:left", "not hand_on_floor:left"),
        _CARRIES,
        spread=0.5,
    ),
    BasePose(
        "fours_leg",
        _fours_leg,
        ("hand_on_floor:both", "knee_on_floor:right", "leg_straight:left", "not knee_on_floor:left"),
        _CARRIES,
        spread=0.5,
    ),
    BasePose("look_under", _look_under, ("knees_on_floor", "forearm_on_floor:both", "head_low"), _CARRIES, spread=0.5),
    BasePose(
        "one_knee_hands_on_knee",
        _one_knee_hands_on_knee,
        ("kneels_on:left", "hand_on_knee:right", "hand_on_other_knee:left"),
        LEGS,
        spread=0.7,
    ),
    BasePose(
        "one_knee_hand_on_floor",
        _one_knee_hand_on_floor,
        ("kneels_on:left", "hand_on_floor:left"),
        LEGS | {"trunk"},
        spread=0.6,
    ),
    BasePose("kneel_knees_wide", _knees_wide, ("kneeling", "knees_apart", "trunk_upright"), LEGS, spread=0.7),
    BasePose(
        "kneel_leg_side",
        _leg_side,
        ("knee_on_floor:right", "leg_out:left", "leg_straight:left", "trunk_upright"),
        LEGS,
        spread=0.7,
    ),
    BasePose("kneel_lean_side", _lean_side, ("knees_on_floor", "trunk_bends:left"), LEGS | {"trunk"}),
    BasePose(
        "one_knee_hand_on_thigh",
        _one_knee_hand_on_thigh,
        ("kneels_on:left", "hand_on_knee:right", "not hand_on_knee:left"),
        LEGS | {"right_arm"},
    ),
)
