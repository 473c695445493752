"""Poses of ballet and other dances.

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import AIRBORNE, ARMS, BALANCE, BODY, HEAD, LEGS, MOVING, TRUNK, Rng, pose
from training.grammar.base import uniform as u
from training.grammar.poses.standing import stand


@pose(
    "ballet_pose",
    group="dance",
    predicates=("stands_on:right", "hand_high:left", "hand_above_hip:right"),
    locks=LEGS | TRUNK,
    weight=1.5,
    tags=MOVING | BALANCE,
)
def _ballet(rng: Rng) -> Controls:
    """On the right leg; the left one pointed to the side, behind or at the knee, arms rounded."""
    c = stand(rng)
    c.set(flex=-5, nod=-6, balance=0.8)
    c.right_leg.plant(x=0.04, knee=2, toe_out=35, heel=u(rng, 0, 38))
    choice = rng.random()
    if choice < 0.4:
        c.left_leg.angles(
            flexion=u(rng, 62, 69), knee=u(rng, 127, 133), abduction=u(rng, 46, 52), rotation=22, ankle=40
        )
    elif choice < 0.7:
        c.set(pitch=u(rng, 16, 26), flex=-u(rng, 16, 26))
        c.left_leg.angles(flexion=-u(rng, 34, 46), knee=u(rng, 4, 35), abduction=6, rotation=25, ankle=50)
    else:
        c.left_leg.angles(flexion=u(rng, 20, 40), knee=3, abduction=u(rng, 40, 62), rotation=30, ankle=50)
    c.left_arm.angles(elevation=u(rng, 150, 168), azimuth=u(rng, 65, 85), elbow=u(rng, 20, 38), rotation=30)
    c.right_arm.angles(elevation=u(rng, 72, 90), azimuth=u(rng, 75, 92), elbow=u(rng, 10, 22))
    return c


def _ring(height: float, ahead: float = 0.34, apart: float = 0.09) -> at.Target:
    """Return the hand target of rounded arms: ``height`` above and ``ahead`` of the breastbone, metres."""
    return at.Target("spine3", "chest", offset=(apart, height, ahead), pole=(1.0, -0.1, 0.0))


@pose(
    "ballet_first",
    group="dance",
    predicates=("standing", "trunk_upright", "feet_together", "leg_straight:both", "hands_near", "toes_turned_out"),
    locks=LEGS,
    weight=1.4,
)
def _first(rng: Rng) -> Controls:
    """Heels together, feet turned out, arms round and low."""
    c = stand(rng)
    c.set(flex=-3, weight=0, nod=-3)
    c.both_feet(x=u(rng, 0.045, 0.06), knee=2, toe_out=u(rng, 60, 75))
    c.both_hands(_ring(height=-u(rng, 0.24, 0.32), ahead=0.27))
    return c


@pose(
    "ballet_second",
    group="dance",
    predicates=("standing", "trunk_upright", "feet_apart", "hand_above_hip:both", "toes_turned_out"),
    locks=LEGS,
)
def _second(rng: Rng) -> Controls:
    c = _first(rng)
    c.both_feet(x=u(rng, 0.22, 0.28), knee=2, toe_out=u(rng, 58, 72))
    c.both_arms(elevation=u(rng, 70, 84), azimuth=u(rng, 70, 84), elbow=u(rng, 12, 24))
    return c


@pose(
    "ballet_fifth",
    group="dance",
    predicates=("standing", "trunk_upright", "feet_together", "leg_straight:both", "toes_turned_out"),
    locks=LEGS,
    weight=1.4,
)
def _fifth(rng: Rng) -> Controls:
    """Feet crossed close, the left in front, arms round overhead."""
    c = stand(rng)
    c.set(flex=-3, weight=0, nod=-5)
    c.left_leg.plant(x=-0.01, z=0.07, knee=2, toe_out=u(rng, 55, 68))
    c.right_leg.plant(x=-0.01, z=-0.06, knee=2, toe_out=u(rng, 55, 68))
    if rng.random() < 0.7:
        c.both_hands(at.Target("head", "chest", offset=(0.09, u(rng, 0.28, 0.34), 0.10), pole=(1.0, 0.1, 0.1)))
    else:
        c.both_hands(_ring(height=-u(rng, 0.24, 0.32), ahead=0.27))
    return c


@pose("plie", group="dance", predicates=("knee_bent:both", "feet_wide", "trunk_upright", "feet_on_floor"), locks=LEGS)
def _plie(rng: Rng) -> Controls:
    c = _second(rng)
    c.both_feet(x=u(rng, 0.26, 0.34), knee=u(rng, 62, 86), toe_out=u(rng, 55, 66), knee_out=1.1)
    return c


@pose("tendu", group="dance", predicates=("standing", "leg_forward:left", "leg_straight:left"), locks=LEGS)
def _tendu(rng: Rng) -> Controls:
    """The left foot pointed ahead on the ground."""
    c = _first(rng)
    c.right_leg.plant(x=0.04, z=0.0, knee=2, toe_out=55)
    c.left_leg.plant(x=0.02, z=u(rng, 0.40, 0.44), knee=2, toe_out=10, heel=38)
    c.set(weight=-0.9, balance=0.9)
    c.both_arms(elevation=u(rng, 72, 86), azimuth=u(rng, 72, 86), elbow=u(rng, 12, 22))
    return c


@pose(
    "ballet_leap",
    group="dance",
    predicates=("airborne", "foot_ahead:left", "foot_behind:right"),
    locks=LEGS | TRUNK,
    tags=AIRBORNE,
)
def _ballet_leap(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.35, 0.55), pitch=u(rng, 6, 14), flex=-u(rng, 10, 20))
    c.left_leg.angles(flexion=u(rng, 70, 90), knee=u(rng, 3, 20), abduction=4, rotation=5, ankle=45)
    c.right_leg.angles(flexion=-u(rng, 36, 46), knee=u(rng, 5, 30), abduction=4, rotation=10, ankle=50)
    c.left_arm.angles(elevation=u(rng, 135, 160), azimuth=u(rng, 55, 85), elbow=u(rng, 10, 25), rotation=20)
    c.right_arm.angles(elevation=u(rng, 78, 95), azimuth=u(rng, 80, 100), elbow=u(rng, 5, 15))
    return c


@pose(
    "salsa",
    group="dance",
    predicates=("standing", "elbow_bent:left", "leg_forward:left", "hips_shifted:right"),
    weight=1.5,
    tags=MOVING,
)
def _salsa(rng: Rng) -> Controls:
    """A small step with the left foot, hips out, elbows bent, one arm open."""
    c = stand(rng)
    c.left_leg.plant(x=0.10, z=u(rng, 0.16, 0.26), knee=u(rng, 18, 34), toe_out=14, heel=u(rng, 0, 18))
    c.right_leg.plant(x=0.10, z=-u(rng, 0.02, 0.1), knee=u(rng, 8, 18), toe_out=16)
    c.set(weight=-u(rng, 0.5, 0.8), roll=u(rng, 6, 10), bend=-u(rng, 8, 15), twist=-u(rng, 6, 18))
    c.left_arm.angles(elevation=u(rng, 28, 45), azimuth=u(rng, 40, 70), elbow=u(rng, 85, 110), rotation=u(rng, -30, 5))
    if rng.random() < 0.5:
        c.right_arm.angles(elevation=u(rng, 75, 100), azimuth=u(rng, 75, 95), elbow=u(rng, 10, 35))
    else:
        c.right_arm.angles(
            elevation=u(rng, 28, 45), azimuth=u(rng, 40, 75), elbow=u(rng, 85, 110), rotation=u(rng, -20, 10)
        )
    return c


@pose(
    "tango",
    group="dance",
    predicates=(
        "standing",
        "feet_staggered",
        "knee_bent:left",
        "leg_forward:left",
        "hand_above_chest:left",
        "head_turned:left",
    ),
    locks=LEGS | ARMS,
    weight=1.5,
    tags=MOVING,
)
def _tango(rng: Rng) -> Controls:
    """A long step with the left foot, in the frame of a couple: left arm out, right arm around."""
    c = stand(rng)
    c.set(flex=-4, nod=-8, turn_head=u(rng, 38, 60))
    c.left_leg.plant(x=0.06, z=u(rng, 0.32, 0.40), knee=u(rng, 40, 58), toe_out=4)
    c.right_leg.plant(x=0.07, z=-u(rng, 0.36, 0.46), knee=6, heel=u(rng, 10, 30), toe_out=8)
    c.left_arm.angles(elevation=u(rng, 86, 98), azimuth=u(rng, 55, 80), elbow=u(rng, 15, 40), rotation=30)
    c.right_arm.angles(elevation=u(rng, 66, 80), azimuth=u(rng, 35, 55), elbow=u(rng, 75, 95), rotation=-u(rng, 55, 75))
    return c


@pose(
    "waltz",
    group="dance",
    predicates=("standing", "trunk_upright", "hand_above_chest:both"),
    locks=ARMS,
    weight=1.5,
    tags=MOVING,
)
def _waltz(rng: Rng) -> Controls:
    """Upright, both arms around an imagined partner, gliding onto the left foot."""
    c = stand(rng)
    c.set(flex=-8, nod=-8, turn_head=u(rng, 15, 40), bend=-u(rng, 0, 8))
    c.left_leg.plant(x=0.07, z=u(rng, 0.12, 0.24), knee=u(rng, 6, 18), heel=u(rng, 0, 26), toe_out=10)
    c.right_leg.plant(x=0.07, z=-u(rng, 0.10, 0.2), knee=u(rng, 6, 14), heel=u(rng, 0, 30), toe_out=14)
    c.left_arm.angles(elevation=u(rng, 82, 95), azimuth=u(rng, 58, 80), elbow=u(rng, 20, 45), rotation=u(rng, 30, 50))
    c.right_arm.angles(elevation=u(rng, 74, 86), azimuth=u(rng, 35, 55), elbow=u(rng, 72, 92), rotation=-u(rng, 45, 62))
    return c


@pose("hip_hop", group="dance", predicates=("feet_apart", "knee_bent:both", "feet_on_floor"), weight=1.5, tags=MOVING)
def _hip_hop(rng: Rng) -> Controls:
    """Loose, low and lopsided."""
    c = stand(rng)
    c.set(pitch=u(rng, 10, 22), flex=u(rng, 12, 26), bend=u(rng, 6, 18), twist=u(rng, -20, 20))
    c.both_feet(x=u(rng, 0.2, 0.3), knee=u(rng, 36, 58), toe_out=22, knee_out=0.2)
    c.left_leg.z = u(rng, -0.08, 0.12)
    c.weight = u(rng, 0.1, 0.5)
    c.nod = u(rng, 0, 14)
    choice = rng.random()
    if choice < 0.4:
        c.left_arm.angles(
            elevation=u(rng, 70, 95), azimuth=u(rng, 10, 40), elbow=u(rng, 80, 110), rotation=-u(rng, 40, 80)
        )
        c.right_arm.angles(elevation=u(rng, 45, 70), azimuth=u(rng, 70, 110), elbow=u(rng, 20, 60))
    elif choice < 0.7:
        c.left_arm.angles(elevation=u(rng, 80, 95), azimuth=88, elbow=u(rng, 75, 95), rotation=u(rng, 70, 90))
        c.right_arm.angles(elevation=u(rng, 75, 92), azimuth=88, elbow=u(rng, 75, 95), rotation=-u(rng, 60, 85))
    else:
        c.both_hands(at.CROSSED)
        c.left_arm.to(at.CROSSED.moved(z=0.03))
    return c


@pose(
    "freeze",
    group="dance",
    predicates=("upside_down", "hand_on_floor:both", "knee_bent:left"),
    locks=BODY,
    weight=1.5,
    tags=frozenset({"upside_down"}),
)
def _freeze(rng: Rng) -> Controls:
    """Upside down on the hands, legs bent and split in the air."""
    c = Controls(support="lowest", pitch=180, heading=180, flex=u(rng, 4, 16), roll=u(rng, -10, 10), nod=10)
    c.level = (("left_wrist",), ("right_wrist",))
    c.both_arms(elevation=u(rng, 98, 110), azimuth=u(rng, 15, 40), elbow=u(rng, 74, 86))
    if rng.random() < 0.4:
        c.both_arms(elevation=u(rng, 166, 174), azimuth=70, elbow=u(rng, 4, 14))
    c.left_leg.angles(flexion=u(rng, 65, 100), knee=u(rng, 70, 115), abduction=u(rng, 8, 24), rotation=5, ankle=20)
    c.right_leg.angles(flexion=u(rng, -25, 15), knee=u(rng, 25, 90), abduction=u(rng, 8, 26), rotation=5, ankle=25)
    return c


@pose(
    "baby_freeze",
    group="dance",
    predicates=("hand_on_floor:both", "elbow_bent:both", "facing_down"),
    locks=BODY,
    weight=0.8,
)
def _baby_freeze(rng: Rng) -> Controls:
    """The trunk level over the left bent arm, legs tucked in the air."""
    c = Controls(
        support="lowest", pitch=u(rng, 100, 116), flex=u(rng, 12, 22), roll=u(rng, 4, 12), turn_head=30, nod=20
    )
    c.level = (("left_wrist",), ("right_wrist",))
    c.left_arm.angles(elevation=u(rng, 60, 74), azimuth=30, elbow=u(rng, 72, 88))
    c.right_arm.angles(elevation=u(rng, 68, 80), azimuth=30, elbow=u(rng, 68, 84))
    c.left_leg.angles(flexion=u(rng, 92, 108), knee=u(rng, 100, 118), abduction=12, rotation=10, ankle=25)
    c.right_leg.angles(flexion=u(rng, 20, 45), knee=u(rng, 70, 100), abduction=14, rotation=10, ankle=25)
    return c


@pose(
    "six_step",
    group="dance",
    predicates=("trunk_leans_back", "hand_on_floor:left", "leg_straight:left"),
    locks=BODY,
    weight=0.7,
    tags=MOVING,
)
def _six_step(rng: Rng) -> Controls:
    """Low on the left hand and the right foot, the left leg kicked out ahead."""
    c = Controls(
        support="seat",
        height=u(rng, 0.22, 0.27),
        pitch=-u(rng, 54, 62),
        flex=u(rng, 14, 24),
        roll=6,
        turn_head=10,
        nod=10,
    )
    c.right_leg.plant(x=0.12, z=0.28, toe_out=14)
    c.left_leg.plant(x=0.12, z=u(rng, 0.86, 0.9), heel=-40, toe_out=10)
    c.left_arm.to(at.on_floor(x=0.24, z=-u(rng, 0.34, 0.42)), pole=(0.4, 0.0, -1.0))
    c.right_arm.angles(elevation=u(rng, 60, 100), azimuth=u(rng, 40, 80), elbow=u(rng, 20, 60))
    return c


@pose(
    "moonwalk",
    group="dance",
    predicates=("standing", "leg_back:left", "leg_straight:left", "knee_bent:right", "heel_raised:right"),
    locks=LEGS,
    weight=1.5,
    tags=MOVING,
)
def _moonwalk(rng: Rng) -> Controls:
    """The left foot flat and sliding back, the right one up on its toes, knee bent."""
    c = stand(rng)
    c.set(pitch=u(rng, 2, 10), flex=u(rng, 2, 10), nod=u(rng, 4, 16))
    c.right_leg.plant(x=0.08, z=u(rng, 0.02, 0.08), knee=u(rng, 34, 42), heel=u(rng, 40, 52), toe_out=4)
    c.left_leg.plant(x=0.09, z=-u(rng, 0.26, 0.32), knee=4, toe_out=6)
    c.set(weight=u(rng, -0.1, 0.4), balance=0.4)
    c.right_arm.angles(elevation=u(rng, 18, 38), azimuth=u(rng, 0, 25), elbow=u(rng, 20, 50))
    c.left_arm.angles(elevation=u(rng, 12, 30), azimuth=u(rng, 150, 175), elbow=u(rng, 15, 40))
    return c


@pose(
    "twist_dance",
    group="dance",
    predicates=("standing", "trunk_twists:left", "knee_bent:both", "elbow_bent:both"),
    locks=LEGS | TRUNK,
    weight=1.5,
    tags=MOVING,
)
def _twist(rng: Rng) -> Controls:
    """Hips to one side, shoulders to the other, knees together and bent."""
    c = stand(rng)
    c.set(turn=-u(rng, 22, 34), twist=u(rng, 34, 50), pitch=u(rng, 4, 10))
    c.both_feet(x=u(rng, 0.09, 0.13), knee=u(rng, 34, 52), toe_out=6, heel=u(rng, 0, 22))
    c.left_leg.toe_out = -18
    c.right_leg.toe_out = 30
    c.left_arm.angles(elevation=u(rng, 32, 48), azimuth=u(rng, 70, 100), elbow=u(rng, 80, 105), rotation=u(rng, 0, 20))
    c.right_arm.angles(elevation=u(rng, 32, 48), azimuth=u(rng, 10, 40), elbow=u(rng, 80, 105), rotation=-u(rng, 0, 20))
    return c


@pose(
    "disco",
    group="dance",
    predicates=("standing", "hand_high:left", "arm_straight:left", "feet_apart", "hand_on_hip:right"),
    locks=LEGS,
    right=0.7,
    weight=1.5,
)
def _disco(rng: Rng) -> Controls:
    """The left arm pointing up and out, the right hand on the hip, the right hip out."""
    c = stand(rng)
    c.both_feet(x=u(rng, 0.2, 0.28), knee=4)
    c.left_leg.knee = 16
    c.left_leg.toe_out = 24
    c.set(weight=-u(rng, 0.5, 0.75), roll=u(rng, 4, 8), bend=u(rng, 0, 5))
    c.left_arm.angles(elevation=u(rng, 132, 152), azimuth=u(rng, 75, 95), elbow=u(rng, 2, 8))
    c.right_arm.to(at.HIP)
    c.set(turn_head=u(rng, 20, 40), nod=-u(rng, 10, 22))
    return c


@pose(
    "flamenco", group="dance", predicates=("standing", "hand_high:left", "elbow_bent_some:left"), locks=LEGS, weight=1.5
)
def _flamenco(rng: Rng) -> Controls:
    """Proud and arched, the left arm curved overhead, the right one before or behind the waist."""
    c = stand(rng)
    c.set(flex=-u(rng, 14, 24), nod=-4, turn_head=-u(rng, 15, 40), bend=-u(rng, 2, 8))
    c.left_leg.plant(x=0.07, z=u(rng, 0.10, 0.18), knee=u(rng, 10, 26), heel=u(rng, 0, 30), toe_out=14)
    c.right_leg.plant(x=0.08, z=-u(rng, 0.04, 0.1), knee=5, toe_out=24)
    c.weight = -0.5
    c.left_arm.to(at.Target("head", "chest", offset=(u(rng, 0.0, 0.1), u(rng, 0.22, 0.28), 0.10), pole=(1.0, 0.1, 0.1)))
    if rng.random() < 0.4:
        c.right_arm.to(
            at.Target("head", "chest", offset=(u(rng, 0.04, 0.12), u(rng, 0.26, 0.32), 0.08), pole=(1.0, 0.1, 0.1))
        )
    elif rng.random() < 0.5:
        c.right_arm.to(at.BELLY)
    else:
        c.right_arm.to(at.SMALL_OF_BACK)
    return c


@pose("curtsy", group="dance", predicates=("knee_bent:both", "legs_crossed", "leg_back:left"), locks=LEGS, weight=1.5)
def _curtsy(rng: Rng) -> Controls:
    """The left foot crossed behind, knees bent, hands holding the skirt."""
    c = stand(rng)
    c.set(pitch=u(rng, 8, 16), flex=u(rng, 4, 12), nod=u(rng, 10, 24), weight=-0.5)
    c.right_leg.plant(x=0.06, z=0.08, knee=u(rng, 44, 62), toe_out=14)
    c.left_leg.plant(x=-u(rng, 0.14, 0.2), z=-u(rng, 0.22, 0.28), knee=u(rng, 30, 44), heel=35, toe_out=-8)
    c.both_arms(elevation=u(rng, 30, 44), azimuth=u(rng, 80, 95), elbow=u(rng, 14, 34))
    return c


@pose(
    "belly_dance",
    group="dance",
    predicates=("standing", "hand_above_chest:both", "trunk_bends:right"),
    locks=LEGS,
    tags=MOVING,
)
def _belly_dance(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(weight=-u(rng, 0.5, 0.75), roll=u(rng, 8, 13), bend=-u(rng, 12, 18))
    c.left_leg.plant(x=0.11, z=0.10, knee=30, heel=28)
    c.right_leg.plant(x=0.10, z=0.0, knee=5)
    if rng.random() < 0.6:
        c.both_arms(elevation=u(rng, 80, 105), azimuth=88, elbow=u(rng, 20, 45), rotation=u(rng, 20, 60))
    else:
        c.both_hands(at.Target("head", "chest", offset=(0.05, 0.34, 0.04), pole=(1.0, 0.1, 0.1)))
    return c


@pose("tap_dance", group="dance", predicates=("standing", "leg_forward:left"), locks=LEGS, tags=MOVING)
def _tap(rng: Rng) -> Controls:
    """The left foot tapping ahead on its heel, elbows bent and loose."""
    c = stand(rng)
    c.set(pitch=8, flex=6)
    c.right_leg.plant(x=0.08, knee=u(rng, 14, 26))
    c.left_leg.plant(x=0.09, z=u(rng, 0.19, 0.24), knee=8, heel=-30)
    c.set(weight=-0.85, balance=0.8)
    c.both_arms(elevation=u(rng, 35, 58), azimuth=u(rng, 60, 90), elbow=u(rng, 40, 75), rotation=u(rng, 0, 30))
    return c


@pose(
    "cancan",
    group="dance",
    predicates=("stands_on:right", "foot_high:left", "leg_straight:left", "foot_ahead:left"),
    locks=LEGS,
    tags=MOVING,
)
def _kick_line(rng: Rng) -> Controls:
    """A high kick with the left leg, hands on the hips."""
    c = stand(rng)
    c.right_leg.plant(x=0.05, knee=3)
    c.set(pitch=-4, flex=-2)
    c.left_leg.angles(flexion=u(rng, 86, 108), knee=u(rng, 2, 10), abduction=3, rotation=0, ankle=35)
    if rng.random() < 0.7:
        c.both_hands(at.HIP)
    else:
        c.both_arms(elevation=u(rng, 80, 95), azimuth=90, elbow=5)
    return c


@pose("vogue", group="dance", predicates=("standing", "hand_on_head:left", "hand_at_face:right"), locks=ARMS)
def _vogue(rng: Rng) -> Controls:
    """Hands framing the face, one arm over the head."""
    c = stand(rng)
    c.set(weight=u(rng, 0.5, 0.8), roll=-5, bend=u(rng, 6, 12))
    c.left_arm.to(at.HEAD_TOP)
    c.right_arm.to(at.CHIN)
    c.turn_head = u(rng, -20, 20)
    return c


@pose(
    "robot_dance", group="dance", predicates=("standing", "elbow_bent:both", "trunk_upright"), locks=ARMS, tags=MOVING
)
def _robot(rng: Rng) -> Controls:
    """Right angles everywhere: the left forearm up, the right one ahead or down."""
    c = stand(rng)
    c.set(flex=-2, weight=0)
    c.left_arm.angles(elevation=u(rng, 84, 92), azimuth=88, elbow=u(rng, 86, 94), rotation=u(rng, 84, 92))
    if rng.random() < 0.5:
        c.right_arm.angles(elevation=u(rng, 84, 92), azimuth=88, elbow=u(rng, 86, 94), rotation=-u(rng, 84, 92))
    else:
        c.right_arm.angles(elevation=u(rng, 2, 6), azimuth=60, elbow=u(rng, 88, 94))
    return c


@pose(
    "dab",
    group="dance",
    predicates=("standing", "hand_above_shoulder:right", "arm_straight:right", "elbow_bent:left", "arm_across:left"),
    locks=ARMS | HEAD,
)
def _dab(rng: Rng) -> Controls:
    """Face into the left elbow, the right arm stretched up and out."""
    c = stand(rng)
    c.set(bend=u(rng, 4, 12), nod=u(rng, 18, 30), turn_head=u(rng, 24, 40), flex=8)
    c.left_arm.to(at.Target("head", "chest", offset=(-0.10, 0.06, 0.20), pole=(1.0, 0.35, 0.5)))
    c.right_arm.angles(elevation=u(rng, 108, 128), azimuth=u(rng, 80, 95), elbow=4)
    return c


@pose("free_dance", group="dance", predicates=("standing", "hand_above_chest:both"), weight=2, tags=MOVING)
def _free(rng: Rng) -> Controls:
    """Dancing to music: arms up or swinging, hips out, a foot lifted at times."""
    c = stand(rng)
    c.set(weight=u(rng, 0.4, 0.8), roll=-u(rng, 3, 7), bend=u(rng, 3, 10), twist=u(rng, -15, 15))
    c.left_leg.plant(x=0.12, z=0.0, knee=u(rng, 12, 24))
    c.right_leg.plant(x=0.14, z=u(rng, -0.08, 0.08), knee=u(rng, 20, 36), heel=u(rng, 10, 35))
    c.left_arm.angles(elevation=u(rng, 95, 155), azimuth=u(rng, 50, 95), elbow=u(rng, 20, 80), rotation=u(rng, 20, 70))
    c.right_arm.angles(elevation=u(rng, 60, 150), azimuth=u(rng, 50, 95), elbow=u(rng, 20, 80), rotation=u(rng, 10, 60))
    return c


@pose("dance_arms_up", group="dance", predicates=("standing", "hand_high:both"), locks=ARMS, tags=MOVING)
def _arms_up_dance(rng: Rng) -> Controls:
    c = _free(rng)
    for arm in c.arms:
        arm.angles(elevation=u(rng, 145, 168), azimuth=u(rng, 60, 95), elbow=u(rng, 8, 50), rotation=u(rng, 20, 60))
    return c


@pose(
    "line_dance",
    group="dance",
    predicates=("standing", "hand_at_hip:both", "leg_forward:left"),
    locks=LEGS,
    tags=MOVING,
)
def _line_dance(rng: Rng) -> Controls:
    """Thumbs at the belt, the left heel out ahead."""
    c = stand(rng)
    c.right_leg.plant(x=0.09, knee=12)
    c.left_leg.plant(x=0.12, z=0.21, knee=6, heel=-30, toe_out=20)
    c.set(weight=-0.85, balance=0.8)
    c.both_hands(at.HIP.moved(y=-0.04, z=0.08))
    return c


@pose(
    "cossack_dance",
    group="dance",
    predicates=("foot_on_floor:right", "knee_well_bent:right", "leg_straight:left", "arms_crossed"),
    locks=BODY,
    tags=MOVING,
)
def _cossack(rng: Rng) -> Controls:
    """Squatting deep, the left leg kicked out ahead, arms folded."""
    c = stand(rng)
    c.set(pitch=u(rng, 16, 24), flex=u(rng, 10, 18), balance=0.8, weight=0)
    c.right_leg.plant(x=0.08, knee=u(rng, 112, 122), heel=15, toe_out=14)
    c.left_leg.angles(flexion=u(rng, 92, 104), knee=u(rng, 4, 16), abduction=6, rotation=0, ankle=-10)
    c.both_hands(at.CROSSED.moved(y=0.06))
    c.left_arm.to(at.CROSSED.moved(y=0.08, z=0.03))
    return c
