"""Standing poses; :func:`stand` is where most poses on two feet begin.

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, BALANCE, LEGS, TRUNK, Rng, pose
from training.grammar.base import uniform as u


@pose(
    "stand_still",
    group="standing",
    predicates=("standing", "trunk_upright", "feet_on_floor", "arm_down:both"),
    weight=2.5,
)
def stand(rng: Rng) -> Controls:
    """Stand upright and relaxed, arms hanging; most standing poses start from this."""
    c = Controls(flex=u(rng, 0, 5), weight=u(rng, -0.2, 0.2))
    c.both_feet(x=u(rng, 0.085, 0.13), knee=u(rng, 4, 9), toe_out=u(rng, 6, 16))
    for arm in c.arms:
        arm.angles(elevation=u(rng, 6, 13), azimuth=u(rng, 65, 95), elbow=u(rng, 8, 24))
    return c


def stand_with_hand(rng: Rng, target: at.Target, nod: float = 0.0, flex: float = 0.0) -> Controls:
    """Stand with the left hand at ``target``; ``nod`` and ``flex`` are added, in degrees."""
    c = stand(rng)
    c.left_arm.to(target)
    c.set(nod=c.nod + nod, flex=c.flex + flex)
    return c


def stand_with_hands(rng: Rng, target: at.Target, nod: float = 0.0, flex: float = 0.0) -> Controls:
    """Stand with both hands at ``target``; ``nod`` and ``flex`` are added, in degrees."""
    c = stand(rng)
    c.both_hands(target)
    c.set(nod=c.nod + nod, flex=c.flex + flex)
    return c


@pose(
    "attention",
    group="standing",
    predicates=("standing", "trunk_upright", "arm_down:both", "feet_on_floor"),
    spread=0.6,
)
def _attention(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=-2, nod=-3, weight=0)
    c.both_feet(x=0.07, knee=2, toe_out=20)
    c.both_arms(elevation=4, azimuth=80, elbow=4)
    return c


@pose("at_ease", group="standing", predicates=("standing", "hands_behind_back", "feet_apart"))
def _at_ease(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex = -2
    c.both_feet(x=u(rng, 0.17, 0.21), knee=4)
    c.both_hands(at.BEHIND_BACK)
    return c


@pose("feet_together", group="standing", predicates=("standing", "feet_together"))
def _together(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(x=u(rng, 0.06, 0.075), knee=4, toe_out=6)
    return c


@pose("shoulder_width", group="standing", predicates=("standing", "feet_apart"))
def _shoulder_width(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(x=u(rng, 0.18, 0.22), knee=5)
    return c


@pose("wide", group="standing", predicates=("standing", "feet_wide"))
def _wide(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(x=u(rng, 0.34, 0.45), knee=4, toe_out=u(rng, 10, 25))
    return c


@pose("tiptoe", group="standing", predicates=("standing", "tiptoe"), locks=LEGS)
def _tiptoe(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(x=u(rng, 0.07, 0.11), knee=3, heel=u(rng, 30, 42))
    return c


@pose("on_heels", group="standing", predicates=("standing", "trunk_upright"), locks=LEGS)
def _on_heels(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 4, 10), flex=8, sway_z=-0.03)
    c.both_feet(x=0.10, knee=4, heel=-u(rng, 32, 40))
    c.both_arms(elevation=u(rng, 20, 35), azimuth=60, elbow=15)
    return c


@pose("one_leg", group="standing", predicates=("standing", "stands_on:left", "foot_lifted:right"), locks=LEGS, weight=2)
def _one_leg(rng: Rng) -> Controls:
    """On the left leg."""
    c = stand(rng)
    c.left_leg.plant(x=0.08, knee=5)
    c.roll = u(rng, 0, 3)
    if rng.random() < 0.7:
        c.right_leg.angles(flexion=u(rng, 40, 80), knee=u(rng, 60, 100), abduction=4, rotation=4, ankle=u(rng, 5, 25))
    else:
        c.right_leg.angles(flexion=u(rng, -8, 5), knee=u(rng, 60, 90), abduction=3, rotation=4, ankle=15)
    if rng.random() < 0.4:
        c.both_arms(elevation=u(rng, 50, 85), azimuth=88, elbow=u(rng, 5, 20))
    return c


@pose(
    "knee_high",
    group="standing",
    predicates=("standing", "stands_on:left", "thigh_level:right", "knee_well_bent:right"),
    locks=LEGS,
)
def _knee_high(rng: Rng) -> Controls:
    """On the left leg, the right knee at the height of the hip."""
    c = _one_leg(rng)
    c.right_leg.angles(flexion=u(rng, 85, 100), knee=u(rng, 85, 110), abduction=3, rotation=4, ankle=u(rng, 5, 25))
    return c


@pose(
    "knee_hug",
    group="standing",
    predicates=("stands_on:left", "knee_drawn_up:right", "hand_on_shin:right", "trunk_upright", "hands_close"),
    locks=LEGS | ARMS,
    tags=BALANCE,
)
def _knee_hug(rng: Rng) -> Controls:
    """On the left leg, the right knee held at the chest by both hands."""
    c = _one_leg(rng)
    c.right_leg.angles(flexion=u(rng, 128, 138), knee=u(rng, 128, 140), abduction=3, rotation=3, ankle=u(rng, 0, 15))
    c.set(flex=u(rng, 6, 16), nod=u(rng, -4, 8))
    c.right_arm.to(at.Target("own_shin", "world", offset=(-0.05, 0.10, 0.06), pole=(1.0, -0.3, 0.1)))
    c.left_arm.to(at.Target("other_shin", "world", offset=(0.02, 0.12, 0.06), pole=(1.0, -0.3, 0.1)))
    return c


@pose(
    "flamingo",
    group="standing",
    predicates=("standing", "stands_on:left", "knee_well_bent:right", "hand_at_ankle:right"),
    locks=frozenset({"left_leg", "right_leg", "right_arm"}),
)
def _flamingo(rng: Rng) -> Controls:
    """On the left leg, the right foot held behind by the right hand."""
    c = _one_leg(rng)
    c.right_leg.angles(flexion=-12, knee=135, abduction=2, rotation=4, ankle=35)
    c.right_arm.to(at.ANKLE, pole=(0.6, 0.0, -1.0))
    c.left_arm.angles(elevation=u(rng, 8, 85), azimuth=88, elbow=10)
    return c


@pose("knees_bent", group="standing", predicates=("standing", "knee_bent:both", "feet_on_floor"))
def _soft_knees(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=6, flex=8)
    c.both_feet(x=u(rng, 0.11, 0.17), knee=u(rng, 32, 45))
    return c


@pose("half_squat", group="standing", predicates=("knee_well_bent:both", "feet_on_floor"))
def _deep_knees(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 14, 22), flex=10)
    c.both_feet(x=u(rng, 0.13, 0.19), knee=u(rng, 74, 90), knee_out=0.15)
    return c


@pose("weight_on", group="standing", predicates=("standing", "weight_on:left", "feet_on_floor"), locks=LEGS)
def _weight_left(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(weight=u(rng, 0.75, 0.95), roll=-u(rng, 3, 6), bend=u(rng, 4, 8))
    c.left_leg.plant(x=0.12, knee=2)
    c.right_leg.plant(x=0.15, z=u(rng, 0.02, 0.1), knee=14, toe_out=22)
    c.balance = 0.3
    return c


@pose("against_wall", group="standing", predicates=("standing", "trunk_leans_back"), locks=TRUNK)
def _against_wall(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=-u(rng, 14, 18), flex=u(rng, 0, 5), sway_z=-u(rng, 0.22, 0.28), balance=0.0)
    c.both_feet(x=u(rng, 0.08, 0.13), z=u(rng, 0.0, 0.04), knee=6)
    if rng.random() < 0.4:
        c.right_leg.plant(x=0.10, z=-0.16, knee=20, heel=10)
    if rng.random() < 0.4:
        c.both_hands(at.CROSSED)
        c.left_arm.to(at.CROSSED.moved(z=0.03))
    return c


@pose("shoulder_on_wall", group="standing", predicates=("standing", "trunk_leans:left"), locks=TRUNK)
def _shoulder_on_wall(rng: Rng) -> Controls:
    """Leaning sideways to the left."""
    c = stand(rng)
    c.set(roll=u(rng, 8, 13), bend=3, sway_x=u(rng, 0.10, 0.14), balance=0.0)
    c.left_leg.plant(x=0.08, z=0.05, knee=4)
    c.right_leg.plant(x=0.03, z=-0.02, knee=6)
    return c


@pose("legs_crossed", group="standing", predicates=("standing", "legs_crossed"), locks=LEGS)
def _legs_crossed(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(x=-u(rng, 0.05, 0.08), knee=5, knee_out=-0.1)
    c.left_leg.z = 0.09
    c.right_leg.z = -0.07
    return c


@pose("t_pose", group="standing", predicates=("standing", "arm_sideways:both", "arm_straight:both"), spread=0.7)
def _t_pose(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=0, weight=0)
    c.both_feet(x=u(rng, 0.08, 0.13), knee=3)
    c.both_arms(elevation=90, azimuth=90, elbow=2)
    return c


@pose("a_pose", group="standing", predicates=("standing", "arm_straight:both", "not arm_sideways:both"), spread=0.7)
def _a_pose(rng: Rng) -> Controls:
    c = _t_pose(rng)
    c.both_feet(x=u(rng, 0.10, 0.16), knee=3)
    c.both_arms(elevation=u(rng, 38, 48), azimuth=90, elbow=4)
    return c


@pose("star", group="standing", predicates=("standing", "feet_wide", "hand_above_shoulder:both", "arms_wide"))
def _star(rng: Rng) -> Controls:
    c = _wide(rng)
    c.both_arms(elevation=u(rng, 115, 130), azimuth=90, elbow=4)
    return c


@pose("slouch", group="standing", predicates=("standing", "spine_rounded"))
def _slouch(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=-6, flex=u(rng, 34, 48), nod=u(rng, 8, 22))
    c.both_feet(x=0.11, knee=14)
    c.both_arms(elevation=u(rng, 14, 24), azimuth=u(rng, 10, 30), elbow=14, protract=22)
    c.sway_z = 0.03
    return c


@pose("proud", group="standing", predicates=("standing", "trunk_upright"))
def _proud(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=-u(rng, 12, 20), nod=-u(rng, 6, 14))
    c.both_feet(x=u(rng, 0.15, 0.2), knee=2)
    if rng.random() < 0.6:
        c.both_hands(at.HIP)
    else:
        c.both_arms(elevation=14, azimuth=110, elbow=15, protract=-15)
    return c


@pose("guard", group="standing", predicates=("standing", "trunk_upright", "feet_apart"))
def _guard(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=-3, weight=0)
    c.both_feet(x=u(rng, 0.16, 0.2), knee=4)
    if rng.random() < 0.5:
        c.both_arms(elevation=6, azimuth=85, elbow=6)
    else:
        c.both_hands(at.CLASPED_IN_FRONT)
    return c


@pose("queue", group="standing", predicates=("standing",))
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


@pose("step_stance", group="standing", predicates=("standing", "leg_forward:left", "feet_on_floor"), locks=LEGS)
def _step_stance(rng: Rng) -> Controls:
    """The left foot ahead."""
    c = stand(rng)
    c.left_leg.plant(x=0.09, z=u(rng, 0.16, 0.24), knee=7)
    c.right_leg.plant(x=0.10, z=-u(rng, 0.14, 0.22), knee=7, toe_out=20)
    return c


@pose("tandem", group="standing", predicates=("standing", "feet_staggered"), locks=LEGS)
def _tandem(rng: Rng) -> Controls:
    """Heel to toe, the left foot ahead."""
    c = stand(rng)
    c.left_leg.plant(x=0.0, z=0.13, knee=4, toe_out=0)
    c.right_leg.plant(x=0.0, z=-0.12, knee=4, toe_out=0)
    c.both_arms(elevation=u(rng, 30, 60), azimuth=90, elbow=10)
    return c


@pose("pigeon_toed", group="standing", predicates=("standing", "feet_on_floor"), locks=LEGS)
def _pigeon(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(x=0.13, knee=9, toe_out=-u(rng, 25, 38), knee_out=-0.2)
    return c


@pose("toes_out", group="standing", predicates=("standing", "feet_on_floor"), locks=LEGS)
def _toes_out(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(x=0.10, knee=4, toe_out=u(rng, 48, 62))
    return c


@pose(
    "leg_side",
    group="standing",
    predicates=("standing", "stands_on:right", "leg_out:left", "leg_straight:left"),
    locks=LEGS,
    tags=BALANCE,
)
def _leg_side(rng: Rng) -> Controls:
    """On the right leg, the left one raised to the side."""
    c = stand(rng)
    c.right_leg.plant(x=0.07, knee=4)
    c.roll = -u(rng, 4, 10)
    c.left_leg.angles(flexion=u(rng, 0, 6), knee=u(rng, 2, 10), abduction=u(rng, 32, 48), rotation=8, ankle=10)
    c.both_arms(elevation=u(rng, 20, 70), azimuth=90, elbow=8)
    return c


@pose(
    "leg_front",
    group="standing",
    predicates=("standing", "stands_on:right", "leg_forward:left", "leg_straight:left"),
    locks=LEGS,
    tags=BALANCE,
)
def _leg_front(rng: Rng) -> Controls:
    """On the right leg, the left one stretched forward."""
    c = stand(rng)
    c.right_leg.plant(x=0.07, knee=5)
    c.left_leg.angles(flexion=u(rng, 42, 62), knee=u(rng, 2, 10), abduction=2, rotation=4, ankle=20)
    c.pitch = -4
    return c


@pose(
    "leg_behind",
    group="standing",
    predicates=("standing", "stands_on:right", "leg_back:left", "leg_straight:left"),
    locks=LEGS,
    tags=BALANCE,
)
def _leg_behind(rng: Rng) -> Controls:
    """On the right leg, the left one stretched back."""
    c = stand(rng)
    c.right_leg.plant(x=0.07, knee=6)
    c.set(pitch=u(rng, 12, 22), flex=-6)
    c.left_leg.angles(flexion=-u(rng, 24, 34), knee=u(rng, 2, 12), abduction=2, rotation=4, ankle=30)
    c.both_arms(elevation=u(rng, 20, 60), azimuth=80, elbow=8)
    return c


@pose(
    "figure_four",
    group="standing",
    predicates=("stands_on:right", "foot_lifted:left", "knee_well_bent:left"),
    locks=LEGS,
    tags=BALANCE,
)
def _figure_four(rng: Rng) -> Controls:
    """On the right leg, the left ankle on the right knee."""
    c = stand(rng)
    c.right_leg.plant(x=0.06, knee=30)
    c.set(pitch=12, flex=6)
    c.left_leg.angles(flexion=72, knee=92, abduction=28, rotation=62, ankle=0)
    return c


@pose("hands_on_hips", group="standing", predicates=("standing", "hand_on_hip:both"))
def _hands_on_hips(rng: Rng) -> Controls:
    c = _shoulder_width(rng)
    c.both_hands(at.HIP)
    return c


@pose("pockets", group="standing", predicates=("standing", "hand_at_hip:both"))
def _pockets(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_hands(at.HIP.moved(x=-0.01, y=-0.14, z=0.06), pole=(1.0, 0.0, -0.9))
    for arm in c.arms:
        arm.shrug = 4
    return c


@pose("contrapposto", group="standing", predicates=("standing", "hand_on_hip:left", "weight_on:left"))
def _contrapposto(rng: Rng) -> Controls:
    """Weight on the left leg, left hand on the hip."""
    c = _weight_left(rng)
    c.left_arm.to(at.HIP)
    return c


@pose("superhero", group="standing", predicates=("standing", "hand_on_hip:both", "feet_apart"))
def _superhero(rng: Rng) -> Controls:
    c = _wide(rng)
    c.both_feet(x=u(rng, 0.22, 0.3), knee=3)
    c.set(flex=-12, nod=-8)
    c.both_hands(at.HIP)
    return c


@pose("shy", group="standing", predicates=("standing", "hands_together", "feet_together"))
def _hunched_hands_pressed(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(x=0.08, knee=6, toe_out=2)
    c.both_hands(at.CLASPED_IN_FRONT.moved(y=-0.04))
    c.set(flex=8, nod=u(rng, 10, 20))
    return c


@pose("back_turned", group="standing", predicates=("standing", "facing_backward"))
def _back_turned(rng: Rng) -> Controls:
    c = stand(rng)
    c.heading = 180
    return c
