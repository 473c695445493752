"""Poses of lying on the back, on the belly and on one side.

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, BODY, LEFT_ARM, LEGS, TRUNK, Rng, pose
from training.grammar.base import uniform as u

_SIDE_LEVEL = (("left_knee", "left_ankle"), ("left_shoulder",))
_SHINS_HELD = at.Target("own_shin", "world", offset=(-0.06, 0.06, -0.04), pole=(1.0, -0.2, 0.4))


@pose("supine", group="lying", predicates=("lying_supine", "on_ground"), weight=3)
def supine(rng: Rng) -> Controls:
    """Flat on the back, head towards -Z."""
    c = Controls(support="seat", height=0.085, pitch=-90, flex=u(rng, -3, 3), nod=u(rng, -5, 10))
    c.both_feet(x=u(rng, 0.09, 0.18), z=u(rng, 0.896, 0.902), heel=-u(rng, 75, 105), toe_out=20)
    for arm in c.arms:
        arm.angles(elevation=u(rng, 8, 18), azimuth=90, elbow=u(rng, 4, 16))
    return c


@pose("prone", group="lying", predicates=("lying_prone", "on_ground"), weight=3)
def prone(rng: Rng) -> Controls:
    """Flat on the belly, head towards +Z."""
    c = Controls(support="lowest", pitch=90, flex=u(rng, -5, 2), turn_head=u(rng, 20, 60))
    c.both_legs(flexion=u(rng, -2, 2), knee=u(rng, 1, 6), abduction=u(rng, 3, 9), rotation=3, ankle=u(rng, 45, 60))
    for arm in c.arms:
        arm.angles(elevation=u(rng, 8, 20), azimuth=90, elbow=u(rng, 4, 14))
    return c


@pose(
    "on_side",
    group="lying",
    predicates=("lying_on:left", "on_ground"),
    locks=frozenset({"left_leg", "left_arm"}),
    spread=0.6,
    weight=3,
)
def on_side(rng: Rng) -> Controls:
    """On the left side."""
    c = Controls(support="lowest", roll=90, flex=u(rng, 5, 20), level=_SIDE_LEVEL)
    c.left_leg.angles(flexion=u(rng, 12, 30), knee=u(rng, 20, 45), abduction=-u(rng, 2, 4), rotation=0, ankle=15)
    c.right_leg.angles(flexion=u(rng, 20, 45), knee=u(rng, 30, 60), abduction=-u(rng, 7, 11), rotation=0, ankle=15)
    c.left_arm.angles(elevation=u(rng, 80, 105), azimuth=u(rng, -8, 2), elbow=u(rng, 20, 70))
    c.right_arm.angles(elevation=u(rng, 18, 50), azimuth=-u(rng, 0, 20), elbow=u(rng, 20, 60), rotation=-u(rng, 0, 20))
    return c


@pose(
    "sleep_side",
    group="lying",
    predicates=("lying_on:left", "knee_bent:both", "on_ground"),
    locks=frozenset({"left_leg", "left_arm"}),
    spread=0.6,
    weight=2,
)
def _sleep_side(rng: Rng) -> Controls:
    c = on_side(rng)
    c.set(flex=u(rng, 18, 32), nod=u(rng, 4, 20))
    c.left_leg.angles(flexion=u(rng, 30, 55), knee=u(rng, 45, 75), abduction=-3, rotation=0, ankle=15)
    c.right_leg.angles(flexion=u(rng, 45, 75), knee=u(rng, 60, 90), abduction=-11, rotation=0, ankle=15)
    c.left_arm.angles(elevation=u(rng, 100, 125), azimuth=u(rng, -8, 2), elbow=u(rng, 90, 125))
    if rng.random() < 0.6:
        c.right_arm.angles(elevation=u(rng, 70, 95), azimuth=-u(rng, 5, 20), elbow=u(rng, 80, 115), rotation=-10)
    return c


@pose(
    "lying_asleep",
    group="lying",
    predicates=("lying", "on_ground"),
    locks=frozenset({"left_leg", "left_arm"}),
    spread=0.6,
)
def _sleep_any(rng: Rng) -> Controls:
    pick = rng.random()
    if pick < 0.6:
        return _sleep_side(rng)
    return _hands_on_belly(rng) if pick < 0.85 else supine(rng)


@pose(
    "side_head_propped",
    group="lying",
    predicates=("reclines_on:left", "hand_at_head:left", "on_ground"),
    locks=frozenset({"left_arm", "left_leg", "right_leg", "trunk"}),
    spread=0.5,
    weight=1.5,
)
def _head_propped(rng: Rng) -> Controls:
    """On the left side, the trunk raised on the left elbow, the hand at the head."""
    c = on_side(rng)
    c.level = None
    c.set(flex=u(rng, 0, 10), bend=-u(rng, 12, 18), roll=72)
    c.left_leg.angles(flexion=u(rng, 5, 20), knee=u(rng, 5, 25), abduction=u(rng, -21, -17), rotation=0, ankle=15)
    c.right_leg.angles(flexion=u(rng, 8, 25), knee=u(rng, 5, 30), abduction=u(rng, 3, 8), rotation=0, ankle=15)
    if rng.random() < 0.4:
        c.right_leg.angles(flexion=u(rng, 60, 70), knee=u(rng, 85, 100), abduction=26, rotation=30, ankle=0)
    c.left_arm.to(at.EAR.moved(y=0.03), pole=(1.0, 0.25, 0.5))
    c.right_arm.angles(
        elevation=u(rng, 4, 14), azimuth=u(rng, 30, 80), elbow=u(rng, 4, 20)
    ) if rng.random() < 0.5 else c.right_arm.angles(elevation=u(rng, 45, 60), azimuth=-20, elbow=40, rotation=-20)
    return c


@pose("lying_arms_spread", group="lying", predicates=("lying_supine", "arm_sideways:both"), weight=2)
def _arms_spread(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_arms(elevation=u(rng, 84, 98), azimuth=90, elbow=u(rng, 2, 12))
    if rng.random() < 0.4:
        c.both_feet(x=u(rng, 0.3, 0.4), z=0.84, heel=-90, toe_out=24)
    return c


@pose("lying_starfish", group="lying", predicates=("lying_supine", "feet_wide", "arms_wide"))
def _starfish(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_arms(elevation=u(rng, 108, 122), azimuth=90, elbow=u(rng, 2, 10))
    c.both_feet(x=u(rng, 0.38, 0.46), z=u(rng, 0.78, 0.82), heel=-90, toe_out=26)
    return c


@pose(
    "lying_curled",
    group="lying",
    predicates=("lying_on:left", "knee_drawn_up:both", "spine_rounded"),
    locks=LEGS | LEFT_ARM,
    spread=0.5,
    weight=2,
)
def _curled(rng: Rng) -> Controls:
    """Fetal, on the left side."""
    c = on_side(rng)
    c.level = (("left_hip",), ("left_shoulder",))
    c.set(flex=u(rng, 60, 72), nod=u(rng, 20, 34))
    c.left_leg.angles(flexion=u(rng, 108, 118), knee=u(rng, 114, 128), abduction=-3, rotation=0, ankle=15)
    c.right_leg.angles(flexion=u(rng, 110, 120), knee=u(rng, 112, 126), abduction=-12, rotation=0, ankle=15)
    c.left_arm.angles(elevation=u(rng, 60, 80), azimuth=u(rng, -8, 2), elbow=u(rng, 95, 120))
    if rng.random() < 0.5:
        c.right_arm.angles(elevation=u(rng, 38, 52), azimuth=-u(rng, 0, 10), elbow=u(rng, 25, 50), rotation=-10)
    else:
        c.right_arm.angles(elevation=u(rng, 60, 80), azimuth=-u(rng, 0, 12), elbow=u(rng, 95, 120), rotation=-10)
    return c


@pose(
    "lying_sit_up",
    group="lying",
    predicates=("hips_on_floor", "trunk_leans_back", "knee_well_bent:both", "feet_on_floor", "not lying_supine"),
    locks=LEGS,
    spread=0.5,
    weight=1.5,
)
def _sit_up(rng: Rng) -> Controls:
    c = supine_knees_up(rng)
    c.set(pitch=-u(rng, 44, 66), flex=u(rng, 42, 56), nod=u(rng, 4, 16))
    c.both_feet(x=u(rng, 0.1, 0.16), z=u(rng, 0.46, 0.54), toe_out=6)
    pick = rng.random()
    if pick < 0.55:
        c.both_hands(at.BACK_OF_HEAD)
    elif pick < 0.8:
        c.both_hands(at.CROSSED)
    else:
        c.both_arms(elevation=u(rng, 70, 90), azimuth=4, elbow=6)
    return c


@pose(
    "lying_crunch",
    group="lying",
    predicates=("hips_on_floor", "knee_well_bent:both", "spine_rounded", "lying"),
    locks=LEGS | TRUNK,
    spread=0.5,
)
def _crunch(rng: Rng) -> Controls:
    c = supine_knees_up(rng)
    c.set(pitch=-88, flex=u(rng, 36, 48), nod=u(rng, 8, 18))
    c.both_hands(at.BACK_OF_HEAD if rng.random() < 0.7 else at.CROSSED)
    return c


@pose("lying_sunbathe", group="lying", predicates=("lying_supine", "on_ground"), weight=1.5)
def _sunbathe(rng: Rng) -> Controls:
    c = supine(rng)
    pick = rng.random()
    if pick < 0.6:
        c.both_hands(at.BACK_OF_HEAD)
    elif pick < 0.8:
        c.both_arms(elevation=u(rng, 20, 45), azimuth=90, elbow=u(rng, 4, 16))
    if rng.random() < 0.4:
        c.left_leg.plant(x=0.11, z=u(rng, 0.46, 0.56), toe_out=6)
    return c


@pose("lying_hands_behind_head", group="lying", predicates=("lying_supine", "hand_at_head:both"))
def _hands_behind_head(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_hands(at.BACK_OF_HEAD)
    return c


@pose("lying_hands_on_belly", group="lying", predicates=("lying_supine", "hand_on_belly:both"))
def _hands_on_belly(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_hands(at.BELLY.moved(x=0.03))
    return c


@pose("lying_corpse", group="lying", predicates=("lying_supine", "arm_down:both"))
def _corpse(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_feet(x=u(rng, 0.15, 0.2), z=0.89, heel=-u(rng, 75, 95), toe_out=34)
    c.both_arms(elevation=u(rng, 14, 24), azimuth=90, elbow=u(rng, 4, 14))
    return c


@pose("lying_straight", group="lying", predicates=("lying_supine", "feet_together", "leg_straight:both"), spread=0.5)
def _straight(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_feet(x=0.07, z=0.9, heel=-95, toe_out=6)
    c.both_arms(elevation=u(rng, 4, 8), azimuth=90, elbow=4)
    return c


@pose("lying_arms_overhead", group="lying", predicates=("lying_supine", "hand_above_head:both"))
def _arms_overhead(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_arms(elevation=u(rng, 168, 180), azimuth=u(rng, 60, 88), elbow=u(rng, 2, 12))
    return c


@pose(
    "lying_knees_bent",
    group="lying",
    predicates=("lying_supine", "knee_well_bent:both", "feet_on_floor"),
    locks=LEGS,
    spread=0.4,
)
def supine_knees_up(rng: Rng) -> Controls:
    """On the back, feet flat near the seat."""
    c = supine(rng)
    c.both_feet(x=u(rng, 0.11, 0.17), z=u(rng, 0.38, 0.52), toe_out=3, knee_out=0.02)
    return c


@pose(
    "lying_one_knee_bent",
    group="lying",
    predicates=("lying_supine", "knee_well_bent:left", "leg_straight:right"),
    locks=LEGS,
    spread=0.4,
)
def _left_knee_up(rng: Rng) -> Controls:
    c = supine(rng)
    c.left_leg.plant(x=0.11, z=u(rng, 0.40, 0.52), toe_out=6)
    return c


@pose("lying_legs_up", group="lying", predicates=("lying_supine", "leg_points_up:both"), locks=LEGS)
def _legs_up(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_legs(flexion=u(rng, 82, 94), knee=u(rng, 2, 12), abduction=u(rng, 1, 5), rotation=0, ankle=u(rng, 0, 20))
    return c


@pose(
    "lying_leg_up",
    group="lying",
    predicates=("lying_supine", "leg_points_up:left", "not leg_points_up:right"),
    locks=LEGS,
)
def _left_leg_up(rng: Rng) -> Controls:
    c = supine(rng)
    c.left_leg.angles(flexion=u(rng, 76, 92), knee=u(rng, 2, 12), abduction=3, rotation=0, ankle=u(rng, 0, 20))
    if rng.random() < 0.3:
        c.left_arm.to(at.Target("own_knee", "world", offset=(0.0, 0.05, -0.08), pole=(1.0, 0.0, 0.4)))
    return c


@pose(
    "knees_to_chest",
    group="lying",
    predicates=("lying_supine", "knee_drawn_up:both", "hand_on_shin:both"),
    locks=ARMS | LEGS,
)
def _knees_to_chest(rng: Rng) -> Controls:
    c = supine(rng)
    c.set(flex=u(rng, 4, 14), nod=u(rng, 0, 16))
    c.both_legs(flexion=u(rng, 122, 134), knee=u(rng, 130, 142), abduction=u(rng, 3, 8), rotation=0, ankle=15)
    c.both_hands(_SHINS_HELD)
    return c


@pose(
    "one_knee_to_chest",
    group="lying",
    predicates=("lying_supine", "knee_drawn_up:left", "leg_straight:right", "hand_on_shin:left"),
    locks=ARMS | LEGS,
    spread=0.5,
)
def _left_knee_to_chest(rng: Rng) -> Controls:
    c = supine(rng)
    c.left_leg.angles(flexion=u(rng, 122, 134), knee=u(rng, 128, 140), abduction=2, rotation=0, ankle=15)
    c.left_arm.to(_SHINS_HELD)
    c.right_arm.to(at.Target("other_shin", "world", offset=(0.02, 0.06, -0.04), pole=(1.0, -0.2, 0.4)))
    return c


@pose(
    "lying_ankles_crossed",
    group="lying",
    predicates=("lying_supine", "legs_crossed", "leg_straight:both"),
    locks=LEGS,
    spread=0.5,
)
def _ankles_crossed(rng: Rng) -> Controls:
    c = supine(rng)
    c.left_leg.plant(x=-0.06, z=0.905, y=0.03, heel=-85, toe_out=14)
    c.right_leg.plant(x=-0.04, z=0.895, heel=-90, toe_out=14)
    if rng.random() < 0.5:
        c.both_hands(at.BACK_OF_HEAD)
    return c


@pose(
    "prone_elbows",
    group="lying",
    predicates=("belly_on_floor", "forearm_on_floor:both", "chest_raised"),
    locks=ARMS | TRUNK,
    spread=0.35,
)
def _on_elbows(rng: Rng) -> Controls:
    """Prone, the chest raised on the forearms."""
    c = prone(rng)
    c.set(pitch=78, flex=-u(rng, 40, 48), nod=-u(rng, 0, 14), turn_head=u(rng, -10, 10))
    c.both_legs(flexion=-12, knee=2, abduction=u(rng, 3, 9), rotation=3, ankle=55)
    if rng.random() < 0.35:
        c.both_legs(flexion=-12, knee=u(rng, 70, 110), abduction=4, rotation=3, ankle=40)
    c.both_hands(
        at.Target(
            "own_shoulder", "world", offset=(-0.02, 0.03, u(rng, 0.22, 0.27)), pole=(0.2, -1.0, -0.2), on_ground=True
        )
    )
    return c


@pose("prone_head_on_arms", group="lying", predicates=("lying_prone", "hand_at_head:both"), locks=TRUNK, spread=0.6)
def _head_on_arms(rng: Rng) -> Controls:
    c = prone(rng)
    c.set(turn_head=u(rng, 40, 65), flex=-u(rng, 4, 10))
    c.both_hands(at.Target("head", "chest", offset=(u(rng, 0.03, 0.07), 0.07, 0.05), pole=(1.0, 0.1, 0.0)))
    return c


@pose(
    "prone_superman",
    group="lying",
    predicates=("belly_on_floor", "hand_above_head:both", "limbs_lifted"),
    locks=BODY,
    spread=0.5,
)
def _superman(rng: Rng) -> Controls:
    """Prone, arms and legs lifted."""
    c = prone(rng)
    c.set(pitch=88, flex=-u(rng, 26, 36), nod=-u(rng, 0, 12), turn_head=u(rng, -5, 5))
    c.both_legs(flexion=-u(rng, 14, 20), knee=u(rng, 2, 8), abduction=u(rng, 4, 10), rotation=0, ankle=40)
    c.both_arms(elevation=u(rng, 166, 178), azimuth=u(rng, 40, 80), elbow=5)
    return c


@pose("prone_spread", group="lying", predicates=("lying_prone", "arms_wide"), spread=0.7)
def _prone_spread(rng: Rng) -> Controls:
    c = prone(rng)
    c.both_legs(flexion=0, knee=3, abduction=u(rng, 12, 20), rotation=3, ankle=55)
    c.both_arms(elevation=u(rng, 88, 120), azimuth=88, elbow=u(rng, 2, 10))
    return c


@pose("prone_overhead", group="lying", predicates=("lying_prone", "hand_above_head:both"), spread=0.7)
def _prone_overhead(rng: Rng) -> Controls:
    c = prone(rng)
    c.turn_head = u(rng, -10, 10)
    c.both_arms(elevation=u(rng, 166, 178), azimuth=70, elbow=u(rng, 2, 12))
    return c


@pose(
    "recline_elbows",
    group="lying",
    predicates=("hips_on_floor", "trunk_leans_back", "forearm_on_floor:both"),
    locks=ARMS | TRUNK,
    spread=0.5,
)
def _recline_elbows(rng: Rng) -> Controls:
    """On the back, the trunk raised on both elbows."""
    c = supine(rng)
    c.set(pitch=-u(rng, 70, 75), flex=u(rng, 18, 26), nod=u(rng, 0, 12))
    if rng.random() < 0.4:
        c.left_leg.plant(x=0.11, z=u(rng, 0.44, 0.54), toe_out=6)
    for arm in c.arms:
        arm.to(
            at.Target(
                "own_shoulder", "world", offset=(0.05, 0.03, u(rng, 0.18, 0.24)), pole=(0.2, -0.6, -1.0), on_ground=True
            )
        )
    return c


@pose("lying_reading", group="lying", predicates=("lying_supine", "hands_in_front", "hands_together_loose"), spread=0.5)
def _read_lying(rng: Rng) -> Controls:
    """On the back, a book or a phone held over the face."""
    c = supine_knees_up(rng) if rng.random() < 0.5 else supine(rng)
    c.nod = u(rng, 5, 15)
    c.both_hands(at.in_front(-u(rng, 0.06, 0.1), u(rng, 0.0, 0.12), u(rng, 0.34, 0.42)))
    return c


@pose(
    "lying_hand_on_belly", group="lying", predicates=("lying_supine", "hand_on_belly:left", "not hand_on_belly:right")
)
def _hand_on_belly(rng: Rng) -> Controls:
    c = supine(rng)
    c.left_arm.to(at.BELLY)
    return c


@pose("lying_arms_to_ceiling", group="lying", predicates=("lying_supine", "arm_forward:both", "arm_straight:both"))
def _arms_to_ceiling(rng: Rng) -> Controls:
    c = supine(rng)
    c.both_arms(elevation=u(rng, 84, 96), azimuth=u(rng, -4, 6), elbow=u(rng, 2, 10))
    return c


@pose(
    "lying_bicycle",
    group="lying",
    predicates=("hips_on_floor", "knee_well_bent:left", "leg_straight:right", "hand_at_head:both"),
    locks=LEGS | TRUNK,
    spread=0.5,
)
def _bicycle(rng: Rng) -> Controls:
    """Supine, the left knee drawn to the chest, the right leg stretched above the ground."""
    c = _crunch(rng)
    c.both_hands(at.BACK_OF_HEAD)
    c.left_leg.angles(flexion=u(rng, 104, 116), knee=u(rng, 84, 100), abduction=2, rotation=0, ankle=20)
    c.right_leg.angles(flexion=u(rng, 26, 36), knee=u(rng, 2, 8), abduction=2, rotation=0, ankle=20)
    c.twist = u(rng, 18, 28)
    return c


@pose("prone_knee_bent", group="lying", predicates=("lying_prone", "knee_bent:left", "leg_straight:right"), locks=LEGS)
def _prone_knee_bent(rng: Rng) -> Controls:
    """On the belly, the left shank up."""
    c = prone(rng)
    c.left_leg.angles(
        flexion=u(rng, -2, 2), knee=u(rng, 78, 105), abduction=u(rng, 3, 9), rotation=3, ankle=u(rng, 0, 30)
    )
    if rng.random() < 0.4:
        c.both_arms(elevation=u(rng, 120, 140), azimuth=60, elbow=u(rng, 70, 95))
    return c


@pose(
    "side_leg_raise",
    group="lying",
    predicates=("lying_on:left", "foot_above_hip:right", "leg_straight:right"),
    locks=LEGS,
)
def _side_leg_raise(rng: Rng) -> Controls:
    """On the left side, the straight right leg lifted."""
    c = on_side(rng)
    c.flex = u(rng, 0, 8)
    c.left_leg.angles(flexion=u(rng, 4, 16), knee=u(rng, 5, 25), abduction=-u(rng, 2, 4), rotation=0, ankle=20)
    c.right_leg.angles(
        flexion=u(rng, 0, 12), knee=u(rng, 1, 8), abduction=u(rng, 38, 58), rotation=0, ankle=u(rng, 5, 30)
    )
    return c


@pose(
    "lying_uneven_arms",
    group="lying",
    predicates=("lying_supine", "hand_overhead:left", "not hand_overhead:right"),
    locks=ARMS,
)
def _uneven_arms(rng: Rng) -> Controls:
    """On the back, the left arm past the head, the right one along the body."""
    c = supine(rng)
    c.left_arm.angles(elevation=u(rng, 162, 176), azimuth=90, elbow=u(rng, 2, 12))
    return c
