"""Poses of gymnastics and bodyweight exercises.

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

from training import landmarks as at
from training.controls import FEET_AND_ELBOWS, FEET_AND_WRISTS, Controls
from training.grammar.base import AIRBORNE, ARMS, BALANCE, BODY, LEGS, TRUNK, UPSIDE_DOWN, Rng, pose
from training.grammar.base import uniform as u
from training.grammar.poses.standing import stand


@pose(
    "handstand",
    group="gymnastics",
    predicates=("upside_down", "hand_on_floor:both"),
    locks=BODY,
    weight=1.5,
    tags=UPSIDE_DOWN,
)
def _handstand(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=180, heading=180, flex=u(rng, -8, 0), nod=-u(rng, 5, 25))
    c.both_arms(elevation=178, azimuth=60, elbow=2)
    c.both_legs(flexion=u(rng, -4, 4), knee=u(rng, 1, 8), abduction=u(rng, 0, 6), rotation=0, ankle=u(rng, 25, 45))
    return c


@pose(
    "handstand_split",
    group="gymnastics",
    predicates=("upside_down", "hand_on_floor:both", "not feet_together"),
    locks=BODY,
    weight=0.6,
    tags=UPSIDE_DOWN,
)
def _handstand_split(rng: Rng) -> Controls:
    c = _handstand(rng)
    if rng.random() < 0.5:
        c.both_legs(flexion=0, knee=4, abduction=u(rng, 45, 65), rotation=0, ankle=40)
    else:
        c.left_leg.angles(flexion=u(rng, 60, 80), knee=4, abduction=2, rotation=0, ankle=40)
        c.right_leg.angles(flexion=-u(rng, 35, 48), knee=8, abduction=2, rotation=0, ankle=40)
    return c


@pose(
    "headstand",
    group="gymnastics",
    predicates=("upside_down", "hand_on_floor:both", "elbow_bent:both"),
    locks=BODY,
    tags=UPSIDE_DOWN,
)
def _headstand(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=180, heading=180, flex=u(rng, -4, 3))
    c.both_arms(elevation=u(rng, 98, 108), azimuth=u(rng, 15, 35), elbow=u(rng, 78, 88), rotation=0)
    c.both_legs(flexion=u(rng, -4, 6), knee=u(rng, 1, 8), abduction=u(rng, 0, 6), rotation=0, ankle=u(rng, 25, 45))
    return c


@pose(
    "forearm_stand",
    group="gymnastics",
    predicates=("upside_down", "elbow_on_floor:both"),
    locks=BODY,
    weight=0.6,
    tags=UPSIDE_DOWN,
)
def _forearm_stand(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=180, heading=180, flex=u(rng, -14, -6), nod=-20)
    c.both_arms(elevation=u(rng, 172, 180), azimuth=10, elbow=90)
    c.both_legs(flexion=u(rng, -4, 6), knee=u(rng, 1, 8), abduction=u(rng, 0, 6), rotation=0, ankle=u(rng, 25, 45))
    return c


@pose(
    "cartwheel",
    group="gymnastics",
    predicates=("upside_down", "hand_on_floor:both", "not feet_together"),
    locks=BODY,
    weight=1.5,
    tags=UPSIDE_DOWN | {"moving"},
)
def _cartwheel(rng: Rng) -> Controls:
    """Going to the left, both hands on the ground."""
    c = Controls(support="lowest", roll=180, bend=u(rng, -14, 14), level=(("left_wrist",), ("right_wrist",)))
    c.both_arms(elevation=u(rng, 152, 165), azimuth=90, elbow=3)
    c.both_legs(flexion=u(rng, 0, 8), knee=u(rng, 2, 8), abduction=u(rng, 42, 62), rotation=0, ankle=u(rng, 25, 45))
    return c


@pose(
    "plank",
    group="gymnastics",
    predicates=("hand_on_floor:both", "trunk_horizontal", "body_straight", "arm_straight:both"),
    locks=BODY,
    weight=1.5,
)
def plank(rng: Rng) -> Controls:
    """On straight arms and toes, belly down, head towards +Z."""
    c = Controls(support="lowest", pitch=78, flex=0, nod=-10, level=FEET_AND_WRISTS)
    c.both_arms(elevation=u(rng, 76, 84), azimuth=4, elbow=3)
    c.both_legs(flexion=0, knee=2, abduction=u(rng, 1, 5), rotation=0, ankle=-15)
    return c


@pose(
    "forearm_plank",
    group="gymnastics",
    predicates=("elbow_on_floor:both", "trunk_horizontal", "body_straight"),
    locks=BODY,
)
def _forearm_plank(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=84, flex=0, nod=-12, level=FEET_AND_ELBOWS)
    c.both_arms(elevation=u(rng, 80, 86), azimuth=4, elbow=90)
    c.both_legs(flexion=0, knee=2, abduction=u(rng, 1, 5), rotation=0, ankle=-15)
    return c


@pose(
    "push_up",
    group="gymnastics",
    predicates=("hand_on_floor:both", "trunk_horizontal", "elbow_bent:both", "body_straight"),
    locks=BODY,
    weight=1.5,
)
def _push_up(rng: Rng) -> Controls:
    """Lowered on bent arms."""
    c = plank(rng)
    c.pitch = 86
    c.both_arms(elevation=u(rng, 8, 34), azimuth=u(rng, 45, 75), elbow=u(rng, 78, 92))
    return c


@pose(
    "knee_push_up",
    group="gymnastics",
    predicates=("hand_on_floor:both", "knees_on_floor", "elbow_bent:both", "facing_down"),
    locks=BODY,
    weight=0.6,
)
def _knee_push_up(rng: Rng) -> Controls:
    c = Controls(
        support="lowest", pitch=72, nod=-10, level=(("left_knee", "right_knee"), ("left_wrist", "right_wrist"))
    )
    c.both_arms(elevation=u(rng, 26, 46), azimuth=u(rng, 45, 70), elbow=u(rng, 70, 85))
    c.both_legs(flexion=u(rng, 2, 8), knee=u(rng, 40, 75), abduction=4, rotation=0, ankle=40)
    return c


@pose(
    "side_plank",
    group="gymnastics",
    predicates=("hand_on_floor:left", "body_straight", "not hand_on_floor:right"),
    locks=BODY,
    weight=1.5,
)
def _side_plank(rng: Rng) -> Controls:
    """On the left hand and the outside of the left foot."""
    c = Controls(support="lowest", roll=u(rng, 62, 70), level=(("left_foot", "left_ankle"), ("left_wrist",)))
    c.left_arm.angles(elevation=u(rng, 66, 74), azimuth=90, elbow=3)
    if rng.random() < 0.85:
        c.right_arm.angles(elevation=u(rng, 88, 104), azimuth=90, elbow=4)
    else:
        c.right_arm.to(at.HIP)
    c.left_leg.angles(flexion=2, knee=2, abduction=-1, rotation=0, ankle=0)
    c.right_leg.angles(flexion=0, knee=2, abduction=u(rng, -2, 3), rotation=0, ankle=0)
    return c


@pose(
    "forearm_side_plank",
    group="gymnastics",
    predicates=("elbow_on_floor:left", "body_straight", "not elbow_on_floor:right"),
    locks=BODY,
    weight=0.6,
)
def _forearm_side_plank(rng: Rng) -> Controls:
    c = _side_plank(rng)
    c.set(roll=78, level=(("left_foot", "left_ankle"), ("left_elbow",)))
    c.left_arm.angles(elevation=u(rng, 82, 90), azimuth=90, elbow=90, rotation=0)
    return c


@pose(
    "mountain_climber",
    group="gymnastics",
    predicates=("hand_on_floor:both", "facing_down", "knee_well_bent:left", "leg_straight:right"),
    locks=BODY,
)
def _mountain_climber(rng: Rng) -> Controls:
    """A plank with the left knee drawn up."""
    c = plank(rng)
    c.level = (("right_foot",), ("left_wrist", "right_wrist"))
    c.left_leg.angles(flexion=u(rng, 126, 134), knee=u(rng, 140, 146), abduction=2, rotation=0, ankle=-5)
    return c


@pose(
    "bird_dog",
    group="gymnastics",
    predicates=(
        "facing_down",
        "hand_on_floor:left",
        "knee_on_floor:right",
        "leg_straight:left",
        "not hand_on_floor:right",
    ),
    locks=BODY,
)
def _bird_dog(rng: Rng) -> Controls:
    """On the right knee and the left hand, right arm and left leg stretched out."""
    c = Controls(support="lowest", pitch=86, nod=-10, level=(("right_knee",), ("left_wrist",)))
    c.left_arm.angles(elevation=u(rng, 82, 90), azimuth=4, elbow=3)
    c.right_arm.angles(elevation=u(rng, 168, 178), azimuth=20, elbow=4)
    c.right_leg.angles(flexion=u(rng, 84, 90), knee=u(rng, 94, 98), abduction=3, rotation=0, ankle=63)
    c.left_leg.angles(flexion=-u(rng, 2, 10), knee=3, abduction=2, rotation=0, ankle=25)
    return c


@pose("l_sit", group="gymnastics", predicates=("hand_on_floor:both", "leg_straight:both", "trunk_upright"), locks=BODY)
def _l_sit(rng: Rng) -> Controls:
    """Hips and legs held off the ground by straight arms."""
    c = Controls(support="lowest", pitch=u(rng, -3, 5), flex=u(rng, 2, 8))
    c.both_arms(elevation=u(rng, 6, 12), azimuth=90, elbow=2, shrug=-10)
    c.both_legs(flexion=u(rng, 104, 112), knee=2, abduction=2, rotation=0, ankle=40)
    return c


@pose(
    "splits_front",
    group="gymnastics",
    predicates=("legs_split", "seated_on_floor", "leg_straight:both", "leg_forward:left"),
    locks=LEGS | TRUNK,
    weight=1.5,
)
def _front_splits(rng: Rng) -> Controls:
    """The left leg ahead."""
    c = Controls(support="seat", height=0.07, pitch=u(rng, 12, 22), flex=-u(rng, 12, 25))
    c.left_leg.plant(x=0.08, z=0.88, heel=-u(rng, 80, 100), toe_out=4)
    c.right_leg.plant(x=0.08, z=-0.88, heel=142, toe_out=0)
    if rng.random() < 0.35:
        c.both_arms(elevation=u(rng, 80, 95), azimuth=90, elbow=6)
    elif rng.random() < 0.5:
        c.both_arms(elevation=u(rng, 160, 175), azimuth=60, elbow=6)
    else:
        c.both_hands(at.FLOOR_BESIDE)
    return c


@pose("splits_side", group="gymnastics", predicates=("legs_split", "seated_on_floor", "leg_straight:both"), locks=LEGS)
def _side_splits(rng: Rng) -> Controls:
    c = Controls(support="seat", height=0.08, pitch=u(rng, 0, 15), flex=u(rng, 0, 8))
    c.both_feet(x=0.95, z=u(rng, 0.0, 0.12), heel=-u(rng, 70, 95), toe_out=80)
    if rng.random() < 0.5:
        c.both_hands(at.on_floor(x=u(rng, 0.1, 0.2), z=u(rng, 0.3, 0.4)))
    else:
        c.both_arms(elevation=u(rng, 80, 95), azimuth=90, elbow=6)
    return c


@pose(
    "backbend",
    group="gymnastics",
    predicates=("spine_arched", "trunk_leans_back", "feet_on_floor", "hip_above_half"),
    locks=LEGS | TRUNK,
    weight=1.3,
)
def _backbend(rng: Rng) -> Controls:
    """Standing, bent far back, the arms overhead."""
    c = stand(rng)
    c.set(pitch=-u(rng, 22, 32), flex=-u(rng, 52, 68), nod=-u(rng, 20, 35), balance=0.8)
    c.both_feet(x=u(rng, 0.14, 0.2), knee=u(rng, 25, 40))
    c.both_arms(elevation=u(rng, 165, 178), azimuth=50, elbow=u(rng, 5, 15))
    return c


@pose(
    "bridge",
    group="gymnastics",
    predicates=("hand_on_floor:both", "feet_on_floor", "facing_up", "spine_arched", "hips_off_floor"),
    locks=BODY,
    weight=1.5,
)
def _bridge(rng: Rng) -> Controls:
    """On hands and feet, belly up, head towards -Z."""
    c = Controls(support="lowest", pitch=-u(rng, 88, 96), flex=-u(rng, 62, 70), nod=-30, level=FEET_AND_WRISTS)
    c.both_arms(elevation=182, azimuth=u(rng, 20, 60), elbow=u(rng, 3, 12))
    c.both_legs(flexion=-u(rng, 26, 34), knee=u(rng, 58, 70), abduction=u(rng, 4, 9), rotation=0, ankle=4)
    return c


@pose(
    "glute_bridge", group="gymnastics", predicates=("facing_up", "feet_on_floor", "hips_off_floor"), locks=LEGS | TRUNK
)
def _glute_bridge(rng: Rng) -> Controls:
    """On the shoulders and the feet, hips raised."""
    c = Controls(support="lowest", pitch=-u(rng, 112, 118), flex=u(rng, 4, 12), nod=u(rng, 18, 28))
    c.level = (("left_foot", "right_foot"), ("neck",))
    c.both_arms(elevation=u(rng, 22, 30), azimuth=170, elbow=5)
    c.both_legs(flexion=-u(rng, 6, 12), knee=u(rng, 86, 100), abduction=u(rng, 4, 9), rotation=0, ankle=4)
    return c


@pose(
    "lunge",
    group="gymnastics",
    predicates=("leg_forward:left", "knee_bent:left", "feet_staggered", "trunk_upright", "not feet_together"),
    locks=LEGS,
    weight=1.5,
)
def _lunge(rng: Rng) -> Controls:
    """The left foot ahead."""
    c = stand(rng)
    c.set(pitch=u(rng, 2, 10), flex=2, balance=0.3, weight=u(rng, 0.0, 0.25))
    c.left_leg.plant(x=0.09, z=u(rng, 0.36, 0.44), knee=u(rng, 78, 96), toe_out=4)
    c.right_leg.plant(x=0.10, z=-u(rng, 0.44, 0.54), knee=u(rng, 20, 40), heel=u(rng, 38, 50), toe_out=6)
    choice = rng.random()
    if choice < 0.4:
        c.both_hands(at.HIP)
    elif choice < 0.6:
        c.both_hands(at.PRAYER)
    return c


@pose(
    "reverse_lunge", group="gymnastics", predicates=("leg_forward:left", "knee_bent:left", "feet_staggered"), locks=LEGS
)
def _reverse_lunge(rng: Rng) -> Controls:
    """The right foot set far back."""
    c = _lunge(rng)
    c.weight = 0.3
    c.left_leg.z = u(rng, 0.3, 0.36)
    c.right_leg.plant(x=0.10, z=-u(rng, 0.5, 0.56), knee=u(rng, 22, 34), heel=46, toe_out=4)
    return c


@pose(
    "side_lunge",
    group="gymnastics",
    predicates=("feet_wide", "knee_well_bent:left", "leg_straight:right", "weight_on:left"),
    locks=LEGS,
    weight=1.3,
)
def _side_lunge(rng: Rng) -> Controls:
    """Onto the bent left leg, the right one straight."""
    c = stand(rng)
    c.set(pitch=u(rng, 16, 28), flex=u(rng, 4, 12), weight=0.72, balance=0.5)
    c.left_leg.plant(x=u(rng, 0.38, 0.44), knee=u(rng, 88, 102), toe_out=18, knee_out=0.3)
    c.right_leg.plant(x=u(rng, 0.58, 0.66), knee=3, toe_out=8)
    if rng.random() < 0.5:
        c.both_hands(at.PRAYER)
    else:
        c.both_arms(elevation=u(rng, 75, 95), azimuth=5, elbow=8)
    return c


@pose(
    "forward_roll",
    group="gymnastics",
    predicates=("on_ground", "knee_well_bent:both", "spine_rounded"),
    locks=BODY,
    tags=frozenset({"moving"}),
)
def _forward_roll(rng: Rng) -> Controls:
    """Curled up on the shoulders, rolling over."""
    c = Controls(support="lowest", pitch=-u(rng, 105, 150), flex=u(rng, 75, 90), nod=30)
    c.both_legs(flexion=u(rng, 112, 125), knee=u(rng, 130, 142), abduction=6, rotation=0, ankle=25)
    c.both_hands(at.SHIN)
    return c


@pose(
    "pirouette",
    group="gymnastics",
    predicates=("stands_on:right", "foot_at_other_leg:left", "knee_well_bent:left"),
    locks=LEGS,
    weight=1.3,
    tags=BALANCE,
)
def _pirouette(rng: Rng) -> Controls:
    """On the toes of the right foot, the left foot at the right knee."""
    c = stand(rng)
    c.set(flex=-3, balance=0.8)
    c.right_leg.plant(x=0.03, knee=2, heel=u(rng, 34, 44), toe_out=20)
    c.left_leg.angles(flexion=u(rng, 62, 69), knee=u(rng, 127, 133), abduction=u(rng, 46, 52), rotation=22, ankle=40)
    if rng.random() < 0.65:
        c.both_hands(at.Target("spine3", "chest", offset=(0.08, -0.04, 0.34), pole=(1.0, -0.1, 0.2)))
    else:
        c.both_arms(elevation=u(rng, 158, 168), azimuth=75, elbow=u(rng, 25, 40), rotation=40)
    return c


@pose(
    "arabesque",
    group="gymnastics",
    predicates=("stands_on:right", "leg_straight:left", "foot_high:left", "foot_behind:left"),
    locks=LEGS | TRUNK,
    weight=1.3,
    tags=BALANCE,
)
def _arabesque(rng: Rng) -> Controls:
    """On the right leg, the left one stretched back and up."""
    c = stand(rng)
    c.set(pitch=u(rng, 26, 38), flex=-u(rng, 18, 30), nod=-14, balance=0.8)
    c.right_leg.plant(x=0.05, knee=3, toe_out=20)
    c.left_leg.angles(flexion=-u(rng, 44, 49), knee=3, abduction=4, rotation=20, ankle=45)
    if rng.random() < 0.6:
        c.right_arm.angles(elevation=u(rng, 95, 118), azimuth=u(rng, 0, 15), elbow=6)
        c.left_arm.angles(elevation=u(rng, 78, 92), azimuth=u(rng, 85, 110), elbow=6)
    else:
        c.both_arms(elevation=u(rng, 80, 95), azimuth=90, elbow=6)
    return c


@pose(
    "leg_hold",
    group="gymnastics",
    predicates=("stands_on:right", "leg_straight:left", "foot_high:left", "leg_out:left"),
    locks=LEGS | {"left_arm", "trunk"},
    tags=BALANCE,
)
def _needle(rng: Rng) -> Controls:
    """On the right leg, the straight left leg held up at the side by the left hand."""
    c = stand(rng)
    c.right_leg.plant(x=0.05, knee=3)
    c.set(roll=-u(rng, 14, 22), bend=u(rng, 4, 10))
    c.left_leg.angles(flexion=u(rng, 35, 55), knee=3, abduction=u(rng, 85, 90), rotation=30, ankle=35)
    c.left_arm.to(at.SHIN, pole=(0.6, 0.5, -0.4))
    c.right_arm.angles(elevation=u(rng, 60, 95), azimuth=90, elbow=8)
    return c


@pose("beam", group="gymnastics", predicates=("standing", "arm_sideways:both", "trunk_upright"), locks=LEGS, weight=1.3)
def _beam(rng: Rng) -> Controls:
    """Both feet on one line, the left ahead; or on the right leg."""
    c = stand(rng)
    c.left_leg.plant(x=0.0, z=u(rng, 0.12, 0.2), knee=6, toe_out=4)
    c.right_leg.plant(x=0.0, z=-u(rng, 0.12, 0.2), knee=6, toe_out=10)
    if rng.random() < 0.35:
        c.right_leg.plant(x=0.03, knee=5)
        c.left_leg.angles(flexion=u(rng, 20, 55), knee=u(rng, 0, 20), abduction=2, rotation=0, ankle=35)
    c.both_arms(elevation=u(rng, 80, 98), azimuth=90, elbow=u(rng, 3, 10))
    return c


@pose(
    "v_sit",
    group="gymnastics",
    predicates=("hip_low", "leg_straight:both", "foot_above_hip:both", "trunk_leans_back"),
    locks=LEGS | TRUNK,
    weight=1.3,
)
def _v_sit(rng: Rng) -> Controls:
    c = Controls(support="seat", height=0.085, pitch=-u(rng, 34, 44), flex=u(rng, 4, 14))
    c.both_legs(flexion=u(rng, 88, 102), knee=u(rng, 1, 5), abduction=2, rotation=0, ankle=35)
    if rng.random() < 0.75:
        c.both_arms(elevation=u(rng, 72, 84), azimuth=4, elbow=4)
    else:
        c.both_arms(elevation=u(rng, 160, 172), azimuth=40, elbow=4)
    return c


@pose(
    "landing",
    group="gymnastics",
    predicates=("feet_together", "knee_bent:both", "hand_high:both", "feet_on_floor"),
    locks=LEGS,
)
def _landing(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 6, 14), flex=-4, weight=0, nod=-6)
    c.both_feet(x=u(rng, 0.06, 0.075), knee=u(rng, 40, 55), toe_out=6)
    c.both_arms(elevation=u(rng, 135, 165), azimuth=u(rng, 60, 90), elbow=5)
    return c


@pose(
    "gym_jumping_jack",
    group="gymnastics",
    predicates=("standing", "feet_wide", "hand_high:both"),
    locks=LEGS | ARMS,
    weight=1.3,
)
def _jumping_jack(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=-2, weight=0)
    c.both_feet(x=u(rng, 0.34, 0.44), knee=u(rng, 5, 14), toe_out=15, heel=u(rng, 0, 22))
    c.both_arms(elevation=u(rng, 138, 168), azimuth=90, elbow=u(rng, 5, 18))
    return c


@pose(
    "star_jump",
    group="gymnastics",
    predicates=("airborne", "not feet_together", "hand_above_shoulder:both", "feet_apart"),
    locks=BODY,
    weight=1.3,
    tags=AIRBORNE,
)
def _star_jump(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.22, 0.5), flex=-5, nod=-6)
    c.both_arms(elevation=u(rng, 112, 138), azimuth=90, elbow=4)
    c.both_legs(flexion=4, knee=u(rng, 2, 8), abduction=u(rng, 30, 42), rotation=6, ankle=35)
    return c


@pose(
    "gym_tuck_jump",
    group="gymnastics",
    predicates=("airborne", "knee_well_bent:both", "thigh_forward:both"),
    locks=LEGS | TRUNK,
    tags=AIRBORNE,
)
def _tuck_jump(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.3, 0.55), pitch=u(rng, 0, 10), flex=u(rng, 12, 22))
    c.both_legs(flexion=u(rng, 108, 122), knee=u(rng, 105, 125), abduction=5, rotation=2, ankle=25)
    if rng.random() < 0.5:
        c.both_hands(at.SHIN)
    else:
        c.both_arms(elevation=u(rng, 70, 95), azimuth=15, elbow=10)
    return c


@pose(
    "straddle_jump",
    group="gymnastics",
    predicates=("airborne", "leg_straight:both", "thigh_forward:both", "feet_wide"),
    locks=BODY,
    weight=0.7,
    tags=AIRBORNE,
)
def _straddle_jump(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.45, 0.6), pitch=u(rng, 5, 20), flex=u(rng, 15, 25))
    c.both_legs(flexion=u(rng, 78, 92), knee=3, abduction=u(rng, 40, 52), rotation=0, ankle=40)
    c.both_hands(at.ANKLE.moved(y=0.08))
    return c


@pose(
    "split_leap",
    group="gymnastics",
    predicates=("airborne", "legs_split", "leg_forward:left"),
    locks=LEGS | TRUNK,
    weight=1.2,
    tags=AIRBORNE,
)
def _split_leap(rng: Rng) -> Controls:
    """The left leg ahead."""
    c = Controls(support="lowest", lift=u(rng, 0.45, 0.65), pitch=u(rng, 14, 24), flex=-u(rng, 15, 28))
    c.left_leg.angles(flexion=u(rng, 92, 108), knee=4, abduction=3, rotation=0, ankle=45)
    c.right_leg.angles(flexion=-u(rng, 42, 48), knee=u(rng, 3, 12), abduction=3, rotation=0, ankle=50)
    c.left_arm.angles(elevation=u(rng, 85, 100), azimuth=u(rng, 70, 95), elbow=6)
    c.right_arm.angles(elevation=u(rng, 85, 150), azimuth=u(rng, 20, 90), elbow=6)
    return c


@pose(
    "back_flip",
    group="gymnastics",
    predicates=("airborne", "upside_down"),
    locks=BODY,
    weight=1.5,
    tags=AIRBORNE | UPSIDE_DOWN,
)
def _back_flip(rng: Rng) -> Controls:
    """In the air, head down, the knees drawn up."""
    c = Controls(support="lowest", lift=u(rng, 0.35, 0.6), pitch=-u(rng, 170, 205), flex=u(rng, 10, 25), nod=-10)
    if rng.random() < 0.6:
        c.both_legs(flexion=u(rng, 112, 125), knee=u(rng, 125, 140), abduction=5, rotation=0, ankle=30)
        c.both_hands(at.SHIN)
    else:
        c.flex = -u(rng, 15, 35)
        c.both_legs(flexion=u(rng, 0, 20), knee=u(rng, 5, 40), abduction=3, rotation=0, ankle=35)
        c.both_arms(elevation=u(rng, 100, 165), azimuth=60, elbow=10)
    return c


@pose(
    "hang",
    group="gymnastics",
    predicates=("airborne", "arm_up:both", "arm_straight:both"),
    locks=ARMS,
    weight=1.5,
    tags=AIRBORNE,
)
def _hang(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.15, 0.4), flex=0, nod=-6)
    c.both_arms(elevation=176, azimuth=u(rng, 55, 90), elbow=3)
    c.both_legs(flexion=u(rng, -4, 8), knee=u(rng, 4, 45), abduction=3, rotation=4, ankle=30)
    return c


@pose(
    "pull_up",
    group="gymnastics",
    predicates=("airborne", "elbow_bent:both", "hand_above_shoulder:both"),
    locks=ARMS,
    weight=1.3,
    tags=AIRBORNE,
)
def _pull_up(rng: Rng) -> Controls:
    """Chin at the bar."""
    c = _hang(rng)
    c.set(flex=-5, nod=-10)
    c.both_legs(flexion=u(rng, -4, 8), knee=u(rng, 4, 70), abduction=3, rotation=4, ankle=30)
    c.both_hands(
        at.Target("own_shoulder", "chest", offset=(u(rng, 0.08, 0.18), u(rng, 0.02, 0.12), 0.14), pole=(0.7, -1.0, 0.0))
    )
    return c


@pose(
    "rings",
    group="gymnastics",
    predicates=("airborne", "arm_sideways:both", "arm_straight:both"),
    locks=BODY,
    tags=AIRBORNE,
)
def _rings(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.3, 0.5), flex=0)
    c.both_arms(elevation=u(rng, 82, 92), azimuth=90, elbow=2)
    c.both_legs(flexion=2, knee=2, abduction=1, rotation=0, ankle=45)
    return c


@pose("dip", group="gymnastics", predicates=("airborne", "elbow_bent:both"), locks=ARMS, weight=0.7, tags=AIRBORNE)
def _dip(rng: Rng) -> Controls:
    """Between parallel bars on bent arms."""
    c = Controls(support="lowest", lift=u(rng, 0.25, 0.4), pitch=u(rng, 8, 16), flex=6)
    c.both_arms(elevation=u(rng, 50, 66), azimuth=172, elbow=u(rng, 80, 95))
    c.both_legs(flexion=u(rng, 5, 20), knee=u(rng, 60, 95), abduction=3, rotation=0, ankle=30)
    return c


@pose(
    "handstand_stag",
    group="gymnastics",
    predicates=("upside_down", "knee_well_bent:left", "leg_straight:right"),
    locks=BODY,
    tags=UPSIDE_DOWN,
)
def _handstand_stag(rng: Rng) -> Controls:
    """Upside down, the left knee bent, the right leg straight."""
    c = _handstand(rng)
    c.left_leg.angles(flexion=u(rng, 25, 60), knee=u(rng, 80, 115), abduction=4, rotation=3, ankle=u(rng, 25, 45))
    return c


@pose(
    "plank_leg",
    group="gymnastics",
    predicates=("facing_down", "hand_on_floor:both", "foot_higher:left", "leg_straight:both"),
    locks=BODY,
)
def _plank_leg(rng: Rng) -> Controls:
    """On the hands and the right foot, the left leg lifted."""
    c = plank(rng)
    c.level = (("right_foot",), ("left_wrist", "right_wrist"))
    c.left_leg.angles(flexion=-u(rng, 16, 26), knee=2, abduction=u(rng, 1, 5), rotation=0, ankle=u(rng, 0, 30))
    return c


@pose(
    "plank_reach", group="gymnastics", predicates=("facing_down", "hand_on_floor:right", "hand_higher:left"), locks=BODY
)
def _plank_reach(rng: Rng) -> Controls:
    """On the right hand and both feet, the left arm ahead."""
    c = plank(rng)
    c.level = (("left_foot", "right_foot"), ("right_wrist",))
    c.left_arm.angles(elevation=u(rng, 160, 176), azimuth=u(rng, 10, 30), elbow=u(rng, 2, 10))
    return c


@pose(
    "one_arm_plank",
    group="gymnastics",
    predicates=("facing_down", "hand_on_floor:right", "hand_behind_back:left", "hips_off_floor"),
    locks=BODY,
)
def _one_arm_plank(rng: Rng) -> Controls:
    """On the right hand and wide feet, the left hand behind the back."""
    c = plank(rng)
    c.level = (("left_foot", "right_foot"), ("right_wrist",))
    c.both_legs(flexion=0, knee=2, abduction=u(rng, 10, 20), rotation=0, ankle=-15)
    c.left_arm.to(at.SMALL_OF_BACK)
    return c


@pose(
    "bridge_leg",
    group="gymnastics",
    predicates=("facing_up", "hand_on_floor:both", "foot_above_hip:left", "not foot_high:right"),
    locks=BODY,
)
def _bridge_leg(rng: Rng) -> Controls:
    """On the hands and the right foot, belly up, the left leg to the sky."""
    c = _bridge(rng)
    c.level = (("right_foot",), ("left_wrist", "right_wrist"))
    c.left_leg.angles(flexion=u(rng, 70, 92), knee=u(rng, 0, 12), abduction=2, rotation=0, ankle=u(rng, 20, 45))
    return c
