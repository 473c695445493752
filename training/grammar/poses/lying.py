"""Base poses of the group lying: on the back, the belly, the side, and what people do there."""

from __future__ import annotations

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, LEGS, BasePose
from training.grammar.base import draw_from as u

Rng = np.random.Generator

_TRUNK = frozenset({"trunk"})
_SIDE_LEVEL = (("left_knee", "left_ankle"), ("left_shoulder",))
_SHINS_HELD = at.Target("own_shin", "world", (-0.06, 0.06, -0.04), (1.0, -0.2, 0.4))


def supine(rng: Rng) -> Controls:
    """Flat on the back, head towards -Z."""
    c = Controls(support="seat", height=0.085, pitch=-90, flex=u(rng, -3, 3), nod=u(rng, -5, 10))
    c.both_feet(u(rng, 0.09, 0.18), u(rng, 0.896, 0.902), heel=-u(rng, 75, 105), toe_out=20)
    for arm in c.arms:
        arm.angles(u(rng, 8, 18), 90, u(rng, 4, 16))
    return c


def prone(rng: Rng) -> Controls:
    """Flat on the belly, head towards +Z."""
    c = Controls(support="lowest", pitch=90, flex=u(rng, -5, 2), turn_head=u(rng, 20, 60))
    c.both_legs(u(rng, -2, 2), u(rng, 1, 6), u(rng, 3, 9), 3, u(rng, 45, 60))
    for arm in c.arms:
        arm.angles(u(rng, 8, 20), 90, u(rng, 4, 14))
    return c


def on_side(rng: Rng) -> Controls:
    """On the left side."""
    c = Controls(support="lowest", roll=90, flex=u(rng, 5, 20), level=_SIDE_LEVEL)
    c.left_leg.angles(u(rng, 12, 30), u(rng, 20, 45), -u(rng, 2, 4), 0, 15)
    c.right_leg.angles(u(rng, 20, 45), u(rng, 30, 60), -u(rng, 7, 11), 0, 15)
    c.left_arm.angles(u(rng, 80, 105), u(rng, -8, 2), u(rng, 20, 70))
    c.right_arm.angles(u(rng, 18, 50), -u(rng, 0, 20), u(rng, 20, 60), -u(rng, 0, 20))
    return c


def supine_knees_up(rng: Rng) -> Controls:
    """On the back, feet flat near the seat."""
    c = supine(rng)
    c.both_feet(u(rng, 0.11, 0.17), u(rng, 0.38, 0.52), toe_out=3, knee_out=0.02)
    return c


def _sleep_side(rng: Rng) -> Controls:
    c = on_side(rng)
    c.flex, c.nod = u(rng, 18, 32), u(rng, 4, 20)
    c.left_leg.angles(u(rng, 30, 55), u(rng, 45, 75), -3, 0, 15)
    c.right_leg.angles(u(rng, 45, 75), u(rng, 60, 90), -11, 0, 15)
    c.left_arm.angles(u(rng, 100, 125), u(rng, -8, 2), u(rng, 90, 125))
    if rng.random() < 0.6:
        c.right_arm.angles(u(rng, 70, 95), -u(rng, 5, 20), u(rng, 80, 115), -10)
    return c


def _head_propped(rng: Rng) -> Controls:
    """On the left side, the trunk raised on the left elbow, the hand at the head."""
    c = on_side(rng)
    c.level = None
    c.flex, c.bend, c.roll = u(rng, 0, 10), -u(rng, 12, 18), 72
    c.left_leg.angles(u(rng, 5, 20), u(rng, 5, 25), u(rng, -21, -17), 0, 15)
    c.right_leg.angles(u(rng, 8, 25), u(rng, 5, 30), u(rng, 3, 8), 0, 15)
    if rng.random() < 0.4:
        c.right_leg.angles(u(rng, 60, 70), u(rng, 85, 100), 26, 30, 0)
    c.left_arm.to(at.EAR.moved(y=0.03), (1.0, 0.25, 0.5))
    c.right_arm.angles(u(rng, 4, 14), u(rng, 30, 80), u(rng, 4, 20)) if rng.random() < 0.5 else c.right_arm.angles(
        u(rng, 45, 60), -20, 40, -20
    )
    return c


def _arms_spread(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_arms(u(rng, 84, 98), 90, u(rng, 2, 12))
    if rng.random() < 0.4:
        c.both_feet(u(rng, 0.3, 0.4), 0.84, heel=-90, toe_out=24)
    return c


def _starfish(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_arms(u(rng, 108, 122), 90, u(rng, 2, 10))
    c.both_feet(u(rng, 0.38, 0.46), u(rng, 0.78, 0.82), heel=-90, toe_out=26)
    return c


def _curled(rng: Rng) -> Controls:
    """Fetal, on the left side."""
    c = on_side(rng)
    c.level = (("left_hip",), ("left_shoulder",))
    c.flex, c.nod = u(rng, 60, 72), u(rng, 20, 34)
    c.left_leg.angles(u(rng, 108, 118), u(rng, 114, 128), -3, 0, 15)
    c.right_leg.angles(u(rng, 110, 120), u(rng, 112, 126), -12, 0, 15)
    c.left_arm.angles(u(rng, 60, 80), u(rng, -8, 2), u(rng, 95, 120))
    if rng.random() < 0.5:
        c.right_arm.angles(u(rng, 38, 52), -u(rng, 0, 10), u(rng, 25, 50), -10)
    else:
        c.right_arm.angles(u(rng, 60, 80), -u(rng, 0, 12), u(rng, 95, 120), -10)
    return c


def _sit_up(rng: Rng) -> Controls:
    c = supine_knees_up(rng)
    c.pitch, c.flex, c.nod = -u(rng, 44, 66), u(rng, 42, 56), u(rng, 4, 16)
    c.both_feet(u(rng, 0.1, 0.16), u(rng, 0.46, 0.54), toe_out=6)
    pick = rng.random()
    if pick < 0.55:
        c.both_hands(at.BACK_OF_HEAD)
    elif pick < 0.8:
        c.both_hands(at.CROSSED)
    else:
        c.both_arms(u(rng, 70, 90), 4, 6)
    return c


def _crunch(rng: Rng) -> Controls:
    c = supine_knees_up(rng)
    c.pitch, c.flex, c.nod = -88, u(rng, 36, 48), u(rng, 8, 18)
    c.both_hands(at.BACK_OF_HEAD if rng.random() < 0.7 else at.CROSSED)
    return c


def _sunbathe(rng: Rng) -> Controls:
    c = supine(rng)
    pick = rng.random()
    if pick < 0.6:
        c.both_hands(at.BACK_OF_HEAD)
    elif pick < 0.8:
        c.both_arms(u(rng, 20, 45), 90, u(rng, 4, 16))
    if rng.random() < 0.4:
        c.left_leg.plant(0.11, u(rng, 0.46, 0.56), toe_out=6)
    return c


def _hands_behind_head(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_hands(at.BACK_OF_HEAD)
    return c


def _hands_on_belly(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_hands(at.BELLY.moved(x=0.03))
    return c


def _corpse(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_feet(u(rng, 0.15, 0.2), 0.89, heel=-u(rng, 75, 95), toe_out=34)
    c.both_arms(u(rng, 14, 24), 90, u(rng, 4, 14))
    return c


def _straight(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_feet(0.07, 0.9, heel=-95, toe_out=6)
    c.both_arms(u(rng, 4, 8), 90, 4)
    return c


def _arms_overhead(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_arms(u(rng, 168, 180), u(rng, 60, 88), u(rng, 2, 12))
    return c


def _legs_up(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_legs(u(rng, 82, 94), u(rng, 2, 12), u(rng, 1, 5), 0, u(rng, 0, 20))
    return c


def _left_leg_up(rng: Rng) -> Controls:
    c = supine(rng)
    c.left_leg.angles(u(rng, 76, 92), u(rng, 2, 12), 3, 0, u(rng, 0, 20))
    if rng.random() < 0.3:
        c.left_arm.to(at.Target("own_knee", "world", (0.0, 0.05, -0.08), (1.0, 0.0, 0.4)))
    return c


def _knees_to_chest(rng: Rng) -> Controls:
    c = supine(rng)
    c.flex, c.nod = u(rng, 4, 14), u(rng, 0, 16)
    c.both_legs(u(rng, 122, 134), u(rng, 130, 142), u(rng, 3, 8), 0, 15)
    c.both_hands(_SHINS_HELD)
    return c


def _left_knee_to_chest(rng: Rng) -> Controls:
    c = supine(rng)
    c.left_leg.angles(u(rng, 122, 134), u(rng, 128, 140), 2, 0, 15)
    c.left_arm.to(_SHINS_HELD)
    c.right_arm.to(at.Target("other_shin", "world", (0.02, 0.06, -0.04), (1.0, -0.2, 0.4)))
    return c


def _left_knee_up(rng: Rng) -> Controls:
    c = supine(rng)
    c.left_leg.plant(0.11, u(rng, 0.40, 0.52), toe_out=6)
    return c


def _ankles_crossed(rng: Rng) -> Controls:
    c = supine(rng)
    c.left_leg.plant(-0.06, 0.905, y=0.03, heel=-85, toe_out=14)
    c.right_leg.plant(-0.04, 0.895, heel=-90, toe_out=14)
    if rng.random() < 0.5:
        c.both_hands(at.BACK_OF_HEAD)
    return c


def _on_elbows(rng: Rng) -> Controls:
    """Prone, the chest raised on the forearms."""
    c = prone(rng)
    c.pitch, c.flex, c.nod, c.turn_head = 78, -u(rng, 40, 48), -u(rng, 0, 14), u(rng, -10, 10)
    c.both_legs(-12, 2, u(rng, 3, 9), 3, 55)
    if rng.random() < 0.35:
        c.both_legs(-12, u(rng, 70, 110), 4, 3, 40)
    c.both_hands(
        at.Target("own_shoulder", "world", (-0.02, 0.03, u(rng, 0.22, 0.27)), (0.2, -1.0, -0.2), on_ground=True)
    )
    return c


def _head_on_arms(rng: Rng) -> Controls:
    c = prone(rng)
    c.turn_head, c.flex = u(rng, 40, 65), -u(rng, 4, 10)
    c.both_hands(at.Target("head", "chest", (u(rng, 0.03, 0.07), 0.07, 0.05), (1.0, 0.1, 0.0)))
    return c


def _superman(rng: Rng) -> Controls:
    """Prone, arms and legs lifted."""
    c = prone(rng)
    c.pitch, c.flex, c.nod, c.turn_head = 88, -u(rng, 26, 36), -u(rng, 0, 12), u(rng, -5, 5)
    c.both_legs(-u(rng, 14, 20), u(rng, 2, 8), u(rng, 4, 10), 0, 40)
    c.both_arms(u(rng, 166, 178), u(rng, 40, 80), 5)
    return c


def _prone_spread(rng: Rng) -> Controls:
    c = prone(rng)
    c.both_legs(0, 3, u(rng, 12, 20), 3, 55)
    c.both_arms(u(rng, 88, 120), 88, u(rng, 2, 10))
    return c


def _prone_overhead(rng: Rng) -> Controls:
    c = prone(rng)
    c.turn_head = u(rng, -10, 10)
    c.both_arms(u(rng, 166, 178), 70, u(rng, 2, 12))
    return c


def _recline_elbows(rng: Rng) -> Controls:
    """On the back, the trunk raised on both elbows."""
    c = supine(rng)
    c.pitch, c.flex, c.nod = -u(rng, 70, 75), u(rng, 18, 26), u(rng, 0, 12)
    if rng.random() < 0.4:
        c.left_leg.plant(0.11, u(rng, 0.44, 0.54), toe_out=6)
    for arm in c.arms:
        arm.to(at.Target("own_shoulder", "world", (0.05, 0.03, u(rng, 0.18, 0.24)), (0.2, -0.6, -1.0), on_ground=True))
    return c


def _read_lying(rng: Rng) -> Controls:
    """On the back, a book or a phone held over the face."""
    c = supine_knees_up(rng) if rng.random() < 0.5 else supine(rng)
    c.nod = u(rng, 5, 15)
    c.both_hands(at.in_front(-u(rng, 0.06, 0.1), u(rng, 0.0, 0.12), u(rng, 0.34, 0.42)))
    return c


def _hand_on_belly(rng: Rng) -> Controls:
    c = supine(rng)
    c.left_arm.to(at.BELLY)
    return c


def _arms_to_ceiling(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_arms(u(rng, 84, 96), u(rng, -4, 6), u(rng, 2, 10))
    return c


def _bicycle(rng: Rng) -> Controls:
    """Supine, the left knee drawn to the chest, the right leg stretched above the ground."""
    c = _crunch(rng)
    c.both_hands(at.BACK_OF_HEAD)
    c.left_leg.angles(u(rng, 104, 116), u(rng, 84, 100), 2, 0, 20)
    c.right_leg.angles(u(rng, 26, 36), u(rng, 2, 8), 2, 0, 20)
    c.twist = u(rng, 18, 28)
    return c


def _sleep_any(rng: Rng) -> Controls:
    pick = rng.random()
    if pick < 0.6:
        return _sleep_side(rng)
    return _hands_on_belly(rng) if pick < 0.85 else supine(rng)


def _prone_knee_bent(rng: Rng) -> Controls:
    """On the belly, the left shank up."""
    c = prone(rng)
    c.left_leg.angles(u(rng, -2, 2), u(rng, 78, 105), u(rng, 3, 9), 3, u(rng, 0, 30))
    if rng.random() < 0.4:
        c.both_arms(u(rng, 120, 140), 60, u(rng, 70, 95))
    return c


def _side_leg_raise(rng: Rng) -> Controls:
    """On the left side, the straight right leg lifted."""
    c = on_side(rng)
    c.flex = u(rng, 0, 8)
    c.left_leg.angles(u(rng, 4, 16), u(rng, 5, 25), -u(rng, 2, 4), 0, 20)
    c.right_leg.angles(u(rng, 0, 12), u(rng, 1, 8), u(rng, 38, 58), 0, u(rng, 5, 30))
    return c


def _uneven_arms(rng: Rng) -> Controls:
    """On the back, the left arm past the head, the right one along the body."""
    c = supine(rng)
    c.left_arm.angles(u(rng, 162, 176), 90, u(rng, 2, 12))
    return c


POSES: tuple[BasePose, ...] = (
    BasePose("supine", supine, ("lying_supine", "on_ground"), weight=3),
    BasePose("prone", prone, ("lying_prone", "on_ground"), weight=3),
    BasePose(
        "on_side", on_side, ("lying_on:left", "on_ground"), frozenset({"left_leg", "left_arm"}), spread=0.6, weight=3
    ),
    BasePose(
        "sleep_side",
        _sleep_side,
        ("lying_on:left", "knee_bent:both", "on_ground"),
        frozenset({"left_leg", "left_arm"}),
        spread=0.6,
        weight=2,
    ),
    BasePose("lying_asleep", _sleep_any, ("lying", "on_ground"), frozenset({"left_leg", "left_arm"}), spread=0.6),
    BasePose(
        "side_head_propped",
        _head_propped,
        ("reclines_on:left", "hand_at_head:left", "on_ground"),
        frozenset({"left_arm", "left_leg", "right_leg", "trunk"}),
        spread=0.5,
        weight=1.5,
    ),
    BasePose("lying_arms_spread", _arms_spread, ("lying_supine", "arm_sideways:both"), weight=2),
    BasePose("lying_starfish", _starfish, ("lying_supine", "feet_wide", "arms_wide")),
    BasePose(
        "lying_curled",
        _curled,
        ("lying_on:left", "knee_drawn_up:both", "spine_rounded"),
        LEGS | {"left_arm"},
        spread=0.5,
        weight=2,
    ),
    BasePose(
        "lying_sit_up",
        _sit_up,
        ("hips_on_floor", "trunk_leans_back", "knee_well_bent:both", "feet_on_floor", "not lying_supine"),
        LEGS,
        weight=1.5,
        spread=0.5,
    ),
    BasePose(
        "lying_crunch",
        _crunch,
        ("hips_on_floor", "knee_well_bent:both", "spine_rounded", "lying"),
        LEGS | _TRUNK,
        spread=0.5,
    ),
    BasePose("lying_sunbathe", _sunbathe, ("lying_supine", "on_ground"), weight=1.5),
    BasePose("lying_hands_behind_head", _hands_behind_head, ("lying_supine", "hand_at_head:both")),
    BasePose("lying_hands_on_belly", _hands_on_belly, ("lying_supine", "hand_on_belly:both")),
    BasePose("lying_corpse", _corpse, ("lying_supine", "arm_down:both")),
    BasePose("lying_straight", _straight, ("lying_supine", "feet_together", "leg_straight:both"), spread=0.5),
    BasePose("lying_arms_overhead", _arms_overhead, ("lying_supine", "hand_above_head:both")),
    BasePose(
        "lying_knees_bent", supine_knees_up, ("lying_supine", "knee_well_bent:both", "feet_on_floor"), LEGS, spread=0.4
    ),
    BasePose(
        "lying_one_knee_bent",
        _left_knee_up,
        ("lying_supine", "knee_well_bent:left", "leg_straight:right"),
        LEGS,
        spread=0.4,
    ),
    BasePose("lying_legs_up", _legs_up, ("lying_supine", "leg_points_up:both"), LEGS),
    BasePose("lying_leg_up", _left_leg_up, ("lying_supine", "leg_points_up:left", "not leg_points_up:right"), LEGS),
    BasePose(
        "knees_to_chest", _knees_to_chest, ("lying_supine", "knee_drawn_up:both", "hand_on_shin:both"), ARMS | LEGS
    ),
    BasePose(
        "one_knee_to_chest",
        _left_knee_to_chest,
        ("lying_supine", "knee_drawn_up:left", "leg_straight:right", "hand_on_shin:left"),
        ARMS | LEGS,
        spread=0.5,
    ),
    BasePose(
        "lying_ankles_crossed", _ankles_crossed, ("lying_supine", "legs_crossed", "leg_straight:both"), LEGS, spread=0.5
    ),
    BasePose(
        "prone_elbows",
        _on_elbows,
        ("belly_on_floor", "forearm_on_floor:both", "chest_raised"),
        ARMS | _TRUNK,
        spread=0.35,
    ),
    BasePose("prone_head_on_arms", _head_on_arms, ("lying_prone", "hand_at_head:both"), _TRUNK, spread=0.6),
    BasePose(
        "prone_superman",
        _superman,
        ("belly_on_floor", "hand_above_head:both", "limbs_lifted"),
        ARMS | LEGS | _TRUNK,
        spread=0.5,
    ),
    BasePose("prone_spread", _prone_spread, ("lying_prone", "arms_wide"), spread=0.7),
    BasePose("prone_overhead", _prone_overhead, ("lying_prone", "hand_above_head:both"), spread=0.7),
    BasePose(
        "recline_elbows",
        _recline_elbows,
        ("hips_on_floor", "trunk_leans_back", "forearm_on_floor:both"),
        ARMS | _TRUNK,
        spread=0.5,
    ),
    BasePose("lying_reading", _read_lying, ("lying_supine", "hands_in_front", "hands_together_loose"), spread=0.5),
    BasePose("lying_hand_on_belly", _hand_on_belly, ("lying_supine", "hand_on_belly:left", "not hand_on_belly:right")),
    BasePose("lying_arms_to_ceiling", _arms_to_ceiling, ("lying_supine", "arm_forward:both", "arm_straight:both")),
    BasePose(
        "lying_bicycle",
        _bicycle,
        ("hips_on_floor", "knee_well_bent:left", "leg_straight:right", "hand_at_head:both"),
        LEGS | _TRUNK,
        spread=0.5,
    ),
    BasePose("prone_knee_bent", _prone_knee_bent, ("lying_prone", "knee_bent:left", "leg_straight:right"), LEGS),
    BasePose("side_leg_raise", _side_leg_raise, ("lying_on:left", "foot_above_hip:right", "leg_straight:right"), LEGS),
    BasePose(
        "lying_uneven_arms", _uneven_arms, ("lying_supine", "hand_overhead:left", "not hand_overhead:right"), ARMS
    ),
)
