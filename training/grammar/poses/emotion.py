"""Poses that show an emotion.

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, BODY, HEAD, LEFT_ARM, LEGS, Rng, pose
from training.grammar.base import uniform as u
from training.grammar.poses.fighting import before_chest
from training.grammar.poses.kneeling import kneel
from training.grammar.poses.standing import stand


@pose("cry", group="emotion", predicates=("standing", "hand_at_face:both", "head_down"), locks=ARMS, weight=2.5)
def _cry(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=u(rng, 14, 26), nod=u(rng, 16, 28), pitch=u(rng, 0, 6))
    c.both_hands(at.EYES.moved(x=u(rng, -0.01, 0.02)))
    return c


@pose(
    "wipe_tears",
    group="emotion",
    predicates=("standing", "hand_at_face:left", "not hand_at_face:right"),
    locks=LEFT_ARM,
)
def _wipe_tears(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=u(rng, 10, 20), nod=u(rng, 12, 24))
    c.left_arm.to(at.EYES)
    return c


@pose("sad", group="emotion", predicates=("standing", "head_down", "not hand_above_shoulder:both"), weight=1.5)
def _sad(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=u(rng, 18, 30), nod=u(rng, 28, 40))
    for arm in c.arms:
        arm.angles(
            elevation=u(rng, 10, 20), azimuth=u(rng, 5, 40), elbow=u(rng, 5, 20), shrug=-6, protract=u(rng, 10, 25)
        )
    return c


@pose(
    "beg",
    group="emotion",
    predicates=("knees_on_floor", "hands_in_front", "hands_close"),
    locks=ARMS | LEGS,
    spread=0.5,
    weight=2.5,
)
def _beg(rng: Rng) -> Controls:
    """On both knees, the hands held out."""
    c = kneel(rng)
    c.set(flex=u(rng, 4, 14), nod=-u(rng, 14, 28))
    if rng.random() < 0.6:
        c.both_hands(before_chest(u(rng, 0.04, 0.08), u(rng, -0.06, 0.06), u(rng, 0.34, 0.42)))
    else:
        c.both_hands(at.PRAYER.moved(y=u(rng, 0.0, 0.06), z=u(rng, 0.0, 0.06)))
    return c


@pose("plead", group="emotion", predicates=("standing", "hands_in_front", "hands_together"), locks=ARMS, weight=2.5)
def _plead(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 6, 14), flex=u(rng, 8, 16), nod=-u(rng, 8, 18))
    c.both_feet(x=0.1, knee=u(rng, 10, 28))
    c.both_hands(before_chest(u(rng, 0.02, 0.06), u(rng, -0.04, 0.08), u(rng, 0.28, 0.36)))
    return c


@pose(
    "think",
    group="emotion",
    predicates=("standing", "hand_at_face:left", "elbow_bent:left", "not hand_at_face:right"),
    locks=ARMS,
    weight=2.5,
)
def _think(rng: Rng) -> Controls:
    """The left hand at the chin, the right one under its elbow or across the belly."""
    c = stand(rng)
    c.left_arm.to(at.CHIN.moved(z=0.01))
    c.set(nod=u(rng, 6, 16), tilt=u(rng, -10, 10))
    if rng.random() < 0.75:
        c.right_arm.to(at.CROSSED.moved(x=0.02, y=-0.10, z=0.01))
    return c


@pose("laugh", group="emotion", predicates=("standing", "hand_on_belly:both"), locks=ARMS, weight=2.5)
def _laugh(rng: Rng) -> Controls:
    c = stand(rng)
    if rng.random() < 0.5:
        c.set(flex=-u(rng, 14, 24), nod=-u(rng, 18, 32), pitch=-u(rng, 2, 6))
    else:
        c.set(flex=u(rng, 22, 36), nod=u(rng, 4, 14), pitch=u(rng, 8, 16))
        c.both_feet(x=0.12, knee=u(rng, 18, 34))
    c.both_hands(at.BELLY)
    return c


@pose(
    "cheer",
    group="emotion",
    predicates=("standing", "hand_above_shoulder:both", "hand_above_head:both"),
    locks=ARMS,
    weight=2.5,
)
def _cheer(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=-u(rng, 4, 12), nod=-u(rng, 6, 22))
    if rng.random() < 0.6:
        c.both_arms(elevation=u(rng, 145, 172), azimuth=u(rng, 40, 88), elbow=u(rng, 4, 35), rotation=u(rng, 20, 60))
    else:
        c.both_arms(elevation=u(rng, 105, 130), azimuth=u(rng, 60, 85), elbow=u(rng, 55, 85), rotation=u(rng, 60, 88))
    if rng.random() < 0.3:
        c.both_feet(x=0.12, knee=3, heel=u(rng, 15, 30))
    return c


@pose(
    "celebrate",
    group="emotion",
    predicates=("standing", "hand_above_shoulder:both", "hand_above_head:both"),
    locks=ARMS,
    weight=2.5,
)
def _celebrate(rng: Rng) -> Controls:
    c = _cheer(rng)
    if rng.random() < 0.3:
        c.left_leg.angles(flexion=u(rng, 35, 60), knee=u(rng, 60, 95), abduction=6, rotation=4, ankle=20)
    return c


@pose(
    "fist_pump",
    group="emotion",
    predicates=("standing", "hand_above_shoulder:left", "not hand_above_shoulder:right"),
    locks=ARMS,
)
def _fist_pump(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(elevation=u(rng, 115, 160), azimuth=u(rng, 20, 70), elbow=u(rng, 20, 80), rotation=u(rng, 20, 60))
    c.right_arm.angles(elevation=u(rng, 10, 25), azimuth=u(rng, 60, 100), elbow=u(rng, 60, 100))
    c.flex = -u(rng, 0, 8)
    return c


@pose(
    "cower",
    group="emotion",
    predicates=("crouched", "knee_well_bent:both", "hand_at_head:both", "trunk_bent_forward"),
    locks=BODY,
    weight=2.5,
)
def _cower(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 26, 38), flex=u(rng, 36, 52), nod=u(rng, 8, 22))
    c.both_feet(x=u(rng, 0.08, 0.13), knee=u(rng, 80, 112), toe_out=6)
    c.both_hands(at.HEAD_TOP.moved(x=0.03, z=-0.02) if rng.random() < 0.6 else at.FOREHEAD)
    return c


@pose(
    "cold",
    group="emotion",
    predicates=("standing", "arms_crossed", "elbow_bent:both", "feet_together"),
    locks=ARMS,
    weight=2.5,
)
def _cold(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=u(rng, 12, 22), nod=u(rng, 8, 20))
    c.both_feet(x=u(rng, 0.06, 0.08), knee=u(rng, 10, 24), toe_out=3)
    for arm in c.arms:
        arm.to(at.OTHER_SHOULDER.moved(y=-u(rng, 0.08, 0.15), x=0.0, z=0.04), shrug=18)
    return c


@pose(
    "feel_proud",
    group="emotion",
    predicates=("standing", "trunk_upright", "not head_down", "not spine_rounded"),
    weight=2.5,
)
def _proud(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=-u(rng, 10, 18), nod=-u(rng, 8, 18))
    choice = rng.random()
    if choice < 0.6:
        c.both_hands(at.HIP)
    elif choice < 0.8:
        c.left_arm.to(at.CHEST)
    c.both_feet(x=u(rng, 0.14, 0.2), knee=3)
    return c


@pose("angry", group="emotion", predicates=("standing", "feet_apart"), weight=2.5)
def _angry(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 4, 10), flex=u(rng, 4, 12), nod=u(rng, 4, 14))
    c.both_feet(x=u(rng, 0.16, 0.24), knee=u(rng, 6, 18))
    if rng.random() < 0.55:
        c.both_arms(elevation=u(rng, 16, 30), azimuth=u(rng, 70, 110), elbow=u(rng, 30, 65), shrug=14)
    else:
        c.both_hands(at.HIP)
        for arm in c.arms:
            arm.shrug = 8
    return c


@pose(
    "rage",
    group="emotion",
    predicates=("standing", "hand_above_shoulder:left", "elbow_bent:left", "not hand_above_shoulder:right"),
    locks=ARMS,
)
def _rage(rng: Rng) -> Controls:
    c = _angry(rng)
    c.left_arm.angles(elevation=u(rng, 110, 140), azimuth=u(rng, 40, 75), elbow=u(rng, 55, 85), rotation=u(rng, 50, 80))
    c.right_arm.angles(elevation=u(rng, 20, 40), azimuth=u(rng, 50, 100), elbow=u(rng, 50, 85))
    return c


@pose(
    "scold",
    group="emotion",
    predicates=("standing", "hand_above_shoulder:left", "hand_in_front:left", "hand_on_hip:right"),
    locks=ARMS,
    right=0.75,
)
def _scold(rng: Rng) -> Controls:
    c = _angry(rng)
    c.left_arm.to(before_chest(u(rng, 0.06, 0.16), u(rng, 0.16, 0.26), u(rng, 0.32, 0.40), pole=(0.6, -1.0, 0.0)))
    c.right_arm.to(at.HIP)
    return c


@pose("tired", group="emotion", predicates=("standing", "head_down", "not hand_above_shoulder:both"), weight=2.5)
def _tired(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=u(rng, 22, 34), nod=u(rng, 24, 38), pitch=u(rng, 0, 8))
    c.both_feet(x=0.11, knee=u(rng, 12, 26))
    for arm in c.arms:
        arm.angles(
            elevation=u(rng, 14, 26), azimuth=u(rng, 0, 20), elbow=u(rng, 4, 16), shrug=-8, protract=u(rng, 5, 18)
        )
    return c


@pose(
    "dizzy", group="emotion", predicates=("standing", "hand_at_head:left", "trunk_leans:left"), locks=ARMS, weight=2.5
)
def _dizzy(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(bend=u(rng, 12, 20), roll=u(rng, 3, 7), tilt=u(rng, 10, 22), nod=u(rng, 8, 20))
    c.left_leg.plant(x=u(rng, 0.14, 0.24), z=u(rng, 0.0, 0.1), knee=u(rng, 14, 30), toe_out=18)
    c.left_arm.to(at.FOREHEAD)
    c.right_arm.angles(elevation=u(rng, 25, 75), azimuth=u(rng, 60, 95), elbow=u(rng, 10, 35))
    return c


@pose(
    "scared",
    group="emotion",
    predicates=("standing", "hands_in_front", "elbow_bent:both", "not trunk_bent_forward"),
    locks=ARMS,
    weight=2.5,
)
def _scared(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=-u(rng, 4, 12), flex=u(rng, 10, 20), nod=u(rng, -6, 8), balance=0.4)
    c.both_feet(x=u(rng, 0.07, 0.12), knee=u(rng, 22, 44), toe_out=3)
    c.left_leg.z = -u(rng, 0.05, 0.16)
    if rng.random() < 0.6:
        for arm in c.arms:
            arm.to(before_chest(u(rng, 0.10, 0.17), u(rng, 0.08, 0.18), u(rng, 0.24, 0.34)), shrug=20)
    else:
        for arm in c.arms:
            arm.to(at.CHEEK, shrug=15)
    return c


@pose("surprised", group="emotion", predicates=("standing", "elbow_bent:both", "trunk_upright"), locks=ARMS, weight=2.5)
def _surprised(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=-u(rng, 6, 16), pitch=-u(rng, 2, 6), nod=u(rng, -8, 6))
    if rng.random() < 0.5:
        for arm in c.arms:
            arm.to(at.CHEEK.moved(x=0.03), shrug=10)
    else:
        c.both_arms(
            elevation=u(rng, 45, 75), azimuth=u(rng, 60, 88), elbow=u(rng, 85, 115), rotation=u(rng, 60, 88), shrug=14
        )
    return c


@pose(
    "yawn_stretch",
    group="emotion",
    predicates=("standing", "hand_above_head:left", "not spine_rounded"),
    locks=ARMS,
    weight=2.5,
)
def _yawn(rng: Rng) -> Controls:
    """One arm or both stretched up, the trunk arched back."""
    c = stand(rng)
    c.set(flex=-u(rng, 12, 22), nod=-u(rng, 10, 26), bend=u(rng, -6, 6))
    c.left_arm.angles(elevation=u(rng, 150, 172), azimuth=u(rng, 40, 88), elbow=u(rng, 10, 60), rotation=u(rng, 10, 60))
    if rng.random() < 0.35:
        c.right_arm.to(at.MOUTH)
    else:
        c.right_arm.angles(
            elevation=u(rng, 135, 172), azimuth=u(rng, 40, 88), elbow=u(rng, 10, 90), rotation=u(rng, 10, 60)
        )
    return c


@pose("yawn", group="emotion", predicates=("standing", "hand_at_face:left", "not hand_at_face:right"), locks=LEFT_ARM)
def _yawn_only(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(at.MOUTH)
    c.set(nod=-u(rng, 10, 25), flex=-u(rng, 2, 8))
    return c


@pose("despair", group="emotion", predicates=("standing", "hand_at_head:both", "head_down"), locks=ARMS, weight=1.5)
def _despair(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=u(rng, 10, 24), nod=u(rng, 22, 32))
    c.both_hands(at.FOREHEAD.moved(x=-0.02))
    return c


@pose(
    "disgusted", group="emotion", predicates=("standing", "head_turned:left", "hand_in_front:right"), locks=ARMS | HEAD
)
def _disgust(rng: Rng) -> Controls:
    """Turned away to the left, the right hand held off."""
    c = stand(rng)
    c.set(turn_head=u(rng, 45, 65), twist=u(rng, 5, 15), pitch=-u(rng, 6, 12), flex=-u(rng, 2, 8))
    c.right_arm.to(before_chest(u(rng, 0.16, 0.24), u(rng, 0.06, 0.16), u(rng, 0.38, 0.44)))
    return c


@pose("nervous", group="emotion", predicates=("standing", "hand_at_face:left", "feet_together"), locks=ARMS)
def _nervous(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(at.MOUTH.moved(x=-0.01, y=-0.01))
    c.right_arm.to(at.CROSSED.moved(x=0.04, y=-0.12))
    c.set(flex=u(rng, 8, 16), nod=u(rng, 6, 16))
    c.both_feet(x=0.075, knee=12, toe_out=2)
    return c


@pose("bored", group="emotion", predicates=("standing", "hand_at_head:left", "not hand_at_head:right"), locks=ARMS)
def _bored(rng: Rng) -> Controls:
    c = _tired(rng)
    c.set(nod=u(rng, 10, 24), tilt=u(rng, 10, 20), flex=u(rng, 14, 24))
    c.left_arm.to(at.CHEEK.moved(x=0.03))
    c.weight = 0.6
    return c


@pose("in_love", group="emotion", predicates=("standing", "hand_on_chest:both", "hands_close"), locks=ARMS)
def _in_love(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_hands(at.CHEST.moved(x=0.03))
    c.set(tilt=u(rng, 10, 22), nod=-u(rng, 4, 14))
    return c


@pose("relieved", group="emotion", predicates=("standing", "hand_on_chest:left", "not head_down"), locks=LEFT_ARM)
def _relieved(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(at.CHEST)
    c.set(flex=-u(rng, 2, 10), nod=-u(rng, 10, 24))
    return c


@pose("happy", group="emotion", predicates=("standing", "not head_down"), locks=ARMS)
def _happy(rng: Rng) -> Controls:
    c = _cheer(rng)
    if rng.random() < 0.4:
        c.both_arms(elevation=u(rng, 60, 100), azimuth=u(rng, 75, 90), elbow=u(rng, 8, 40))
    return c
