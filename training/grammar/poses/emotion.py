"""Base poses of the group emotion."""

from __future__ import annotations

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, LEGS, BasePose
from training.grammar.base import draw_from as u
from training.grammar.fighting import before_chest
from training.grammar.kneeling import kneel
from training.grammar.standing import stand

Rng = np.random.Generator


def _cry(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod, c.pitch = u(rng, 14, 26), u(rng, 16, 28), u(rng, 0, 6)
    c.both_hands(at.EYES.moved(x=u(rng, -0.01, 0.02)))
    return c


def _wipe_tears(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod = u(rng, 10, 20), u(rng, 12, 24)
    c.left_arm.to(at.EYES)
    return c


def _sad(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod = u(rng, 18, 30), u(rng, 28, 40)
    for arm in c.arms:
        arm.angles(u(rng, 10, 20), u(rng, 5, 40), u(rng, 5, 20), shrug=-6, protract=u(rng, 10, 25))
    return c


def _beg(rng: Rng) -> Controls:
    """On both knees, the hands held out."""
    c = kneel(rng)
    c.flex, c.nod = u(rng, 4, 14), -u(rng, 14, 28)
    if rng.random() < 0.6:
        c.both_hands(before_chest(u(rng, 0.04, 0.08), u(rng, -0.06, 0.06), u(rng, 0.34, 0.42)))
    else:
        c.both_hands(at.PRAYER.moved(y=u(rng, 0.0, 0.06), z=u(rng, 0.0, 0.06)))
    return c


def _plead(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod = u(rng, 6, 14), u(rng, 8, 16), -u(rng, 8, 18)
    c.both_feet(0.1, knee=u(rng, 10, 28))
    c.both_hands(before_chest(u(rng, 0.02, 0.06), u(rng, -0.04, 0.08), u(rng, 0.28, 0.36)))
    return c


def _think(rng: Rng) -> Controls:
    """The left hand at the chin, the right one under its elbow or across the belly."""
    c = stand(rng)
    c.left_arm.to(at.CHIN.moved(z=0.01))
    c.nod, c.tilt = u(rng, 6, 16), u(rng, -10, 10)
    if rng.random() < 0.75:
        c.right_arm.to(at.CROSSED.moved(x=0.02, y=-0.10, z=0.01))
    return c


def _laugh(rng: Rng) -> Controls:
    c = stand(rng)
    if rng.random() < 0.5:
        c.flex, c.nod, c.pitch = -u(rng, 14, 24), -u(rng, 18, 32), -u(rng, 2, 6)
    else:
        c.flex, c.nod, c.pitch = u(rng, 22, 36), u(rng, 4, 14), u(rng, 8, 16)
        c.both_feet(0.12, knee=u(rng, 18, 34))
    c.both_hands(at.BELLY)
    return c


def _cheer(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod = -u(rng, 4, 12), -u(rng, 6, 22)
    if rng.random() < 0.6:
        c.both_arms(u(rng, 145, 172), u(rng, 40, 88), u(rng, 4, 35), u(rng, 20, 60))
    else:
        c.both_arms(u(rng, 105, 130), u(rng, 60, 85), u(rng, 55, 85), u(rng, 60, 88))
    if rng.random() < 0.3:
        c.both_feet(0.12, knee=3, heel=u(rng, 15, 30))
    return c


def _celebrate(rng: Rng) -> Controls:
    c = _cheer(rng)
    if rng.random() < 0.3:
        c.left_leg.angles(u(rng, 35, 60), u(rng, 60, 95), 6, 4, 20)
    return c


def _fist_pump(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(u(rng, 115, 160), u(rng, 20, 70), u(rng, 20, 80), u(rng, 20, 60))
    c.right_arm.angles(u(rng, 10, 25), u(rng, 60, 100), u(rng, 60, 100))
    c.flex = -u(rng, 0, 8)
    return c


def _cower(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 26, 38), flex=u(rng, 36, 52), nod=u(rng, 8, 22))
    c.both_feet(u(rng, 0.08, 0.13), knee=u(rng, 80, 112), toe_out=6)
    c.both_hands(at.HEAD_TOP.moved(x=0.03, z=-0.02) if rng.random() < 0.6 else at.FOREHEAD)
    return c


def _cold(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod = u(rng, 12, 22), u(rng, 8, 20)
    c.both_feet(u(rng, 0.06, 0.08), knee=u(rng, 10, 24), toe_out=3)
    for arm in c.arms:
        arm.to(at.OTHER_SHOULDER.moved(y=-u(rng, 0.08, 0.15), x=0.0, z=0.04), shrug=18)
    return c


def _proud(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod = -u(rng, 10, 18), -u(rng, 8, 18)
    choice = rng.random()
    if choice < 0.6:
        c.both_hands(at.HIP)
    elif choice < 0.8:
        c.left_arm.to(at.CHEST)
    c.both_feet(u(rng, 0.14, 0.2), knee=3)
    return c


def _angry(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod = u(rng, 4, 10), u(rng, 4, 12), u(rng, 4, 14)
    c.both_feet(u(rng, 0.16, 0.24), knee=u(rng, 6, 18))
    if rng.random() < 0.55:
        c.both_arms(u(rng, 16, 30), u(rng, 70, 110), u(rng, 30, 65), shrug=14)
    else:
        c.both_hands(at.HIP)
        for arm in c.arms:
            arm.shrug = 8
    return c


def _rage(rng: Rng) -> Controls:
    c = _angry(rng)
    c.left_arm.angles(u(rng, 110, 140), u(rng, 40, 75), u(rng, 55, 85), u(rng, 50, 80))
    c.right_arm.angles(u(rng, 20, 40), u(rng, 50, 100), u(rng, 50, 85))
    return c


def _scold(rng: Rng) -> Controls:
    c = _angry(rng)
    c.left_arm.to(before_chest(u(rng, 0.06, 0.16), u(rng, 0.16, 0.26), u(rng, 0.32, 0.40), (0.6, -1.0, 0.0)))
    c.right_arm.to(at.HIP)
    return c


def _tired(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod, c.pitch = u(rng, 22, 34), u(rng, 24, 38), u(rng, 0, 8)
    c.both_feet(0.11, knee=u(rng, 12, 26))
    for arm in c.arms:
        arm.angles(u(rng, 14, 26), u(rng, 0, 20), u(rng, 4, 16), shrug=-8, protract=u(rng, 5, 18))
    return c


def _dizzy(rng: Rng) -> Controls:
    c = stand(rng)
    c.bend, c.roll, c.tilt, c.nod = u(rng, 12, 20), u(rng, 3, 7), u(rng, 10, 22), u(rng, 8, 20)
    c.left_leg.plant(u(rng, 0.14, 0.24), u(rng, 0.0, 0.1), knee=u(rng, 14, 30), toe_out=18)
    c.left_arm.to(at.FOREHEAD)
    c.right_arm.angles(u(rng, 25, 75), u(rng, 60, 95), u(rng, 10, 35))
    return c


def _scared(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.balance = -u(rng, 4, 12), u(rng, 10, 20), u(rng, -6, 8), 0.4
    c.both_feet(u(rng, 0.07, 0.12), knee=u(rng, 22, 44), toe_out=3)
    c.left_leg.z = -u(rng, 0.05, 0.16)
    if rng.random() < 0.6:
        for arm in c.arms:
            arm.to(before_chest(u(rng, 0.10, 0.17), u(rng, 0.08, 0.18), u(rng, 0.24, 0.34)), shrug=20)
    else:
        for arm in c.arms:
            arm.to(at.CHEEK, shrug=15)
    return c


def _surprised(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.pitch, c.nod = -u(rng, 6, 16), -u(rng, 2, 6), u(rng, -8, 6)
    if rng.random() < 0.5:
        for arm in c.arms:
            arm.to(at.CHEEK.moved(x=0.03), shrug=10)
    else:
        c.both_arms(u(rng, 45, 75), u(rng, 60, 88), u(rng, 85, 115), u(rng, 60, 88), 14)
    return c


def _yawn(rng: Rng) -> Controls:
    """One arm or both stretched up, the trunk arched back."""
    c = stand(rng)
    c.flex, c.nod, c.bend = -u(rng, 12, 22), -u(rng, 10, 26), u(rng, -6, 6)
    c.left_arm.angles(u(rng, 150, 172), u(rng, 40, 88), u(rng, 10, 60), u(rng, 10, 60))
    if rng.random() < 0.35:
        c.right_arm.to(at.MOUTH)
    else:
        c.right_arm.angles(u(rng, 135, 172), u(rng, 40, 88), u(rng, 10, 90), u(rng, 10, 60))
    return c


def _yawn_only(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(at.MOUTH)
    c.nod, c.flex = -u(rng, 10, 25), -u(rng, 2, 8)
    return c


def _despair(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod = u(rng, 10, 24), u(rng, 22, 32)
    c.both_hands(at.FOREHEAD.moved(x=-0.02))
    return c


def _disgust(rng: Rng) -> Controls:
    """Turned away to the left, the right hand held off."""
    c = stand(rng)
    c.turn_head, c.twist, c.pitch, c.flex = u(rng, 45, 65), u(rng, 5, 15), -u(rng, 6, 12), -u(rng, 2, 8)
    c.right_arm.to(before_chest(u(rng, 0.16, 0.24), u(rng, 0.06, 0.16), u(rng, 0.38, 0.44)))
    return c


def _nervous(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(at.MOUTH.moved(x=-0.01, y=-0.01))
    c.right_arm.to(at.CROSSED.moved(x=0.04, y=-0.12))
    c.flex, c.nod = u(rng, 8, 16), u(rng, 6, 16)
    c.both_feet(0.075, knee=12, toe_out=2)
    return c


def _bored(rng: Rng) -> Controls:
    c = _tired(rng)
    c.nod, c.tilt, c.flex = u(rng, 10, 24), u(rng, 10, 20), u(rng, 14, 24)
    c.left_arm.to(at.CHEEK.moved(x=0.03))
    c.weight = 0.6
    return c


def _in_love(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_hands(at.CHEST.moved(x=0.03))
    c.tilt, c.nod = u(rng, 10, 22), -u(rng, 4, 14)
    return c


def _relieved(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(at.CHEST)
    c.flex, c.nod = -u(rng, 2, 10), -u(rng, 10, 24)
    return c


def _happy(rng: Rng) -> Controls:
    c = _cheer(rng)
    if rng.random() < 0.4:
        c.both_arms(u(rng, 60, 100), u(rng, 75, 90), u(rng, 8, 40))
    return c


_LEFT = frozenset({"left_arm"})

POSES: tuple[BasePose, ...] = (
    BasePose("cry", _cry, ("standing", "hand_at_face:both", "head_down"), ARMS, weight=2.5),
    BasePose("wipe_tears", _wipe_tears, ("standing", "hand_at_face:left", "not hand_at_face:right"), _LEFT),
    BasePose("sad", _sad, ("standing", "head_down", "not hand_above_shoulder:both"), weight=1.5),
    BasePose("beg", _beg, ("knees_on_floor", "hands_in_front", "hands_close"), ARMS | LEGS, weight=2.5, spread=0.5),
    BasePose("plead", _plead, ("standing", "hands_in_front", "hands_together"), ARMS, weight=2.5),
    BasePose(
        "think",
        _think,
        ("standing", "hand_at_face:left", "elbow_bent:left", "not hand_at_face:right"),
        ARMS,
        weight=2.5,
    ),
    BasePose("laugh", _laugh, ("standing", "hand_on_belly:both"), ARMS, weight=2.5),
    BasePose("cheer", _cheer, ("standing", "hand_above_shoulder:both", "hand_above_head:both"), ARMS, weight=2.5),
    BasePose(
        "celebrate", _celebrate, ("standing", "hand_above_shoulder:both", "hand_above_head:both"), ARMS, weight=2.5
    ),
    BasePose("fist_pump", _fist_pump, ("standing", "hand_above_shoulder:left", "not hand_above_shoulder:right"), ARMS),
    BasePose(
        "cower",
        _cower,
        ("crouched", "knee_well_bent:both", "hand_at_head:both", "trunk_bent_forward"),
        ARMS | LEGS | {"trunk"},
        weight=2.5,
    ),
    BasePose("cold", _cold, ("standing", "arms_crossed", "elbow_bent:both", "feet_together"), ARMS, weight=2.5),
    BasePose("feel_proud", _proud, ("standing", "trunk_upright", "not head_down", "not spine_rounded"), weight=2.5),
    BasePose("angry", _angry, ("standing", "feet_apart"), weight=2.5),
    BasePose(
        "rage",
        _rage,
        ("standing", "hand_above_shoulder:left", "elbow_bent:left", "not hand_above_shoulder:right"),
        ARMS,
    ),
    BasePose(
        "scold",
        _scold,
        ("standing", "hand_above_shoulder:left", "hand_in_front:left", "hand_on_hip:right"),
        ARMS,
        right=0.75,
    ),
    BasePose("tired", _tired, ("standing", "head_down", "not hand_above_shoulder:both"), weight=2.5),
    BasePose("dizzy", _dizzy, ("standing", "hand_at_head:left", "trunk_leans:left"), ARMS, weight=2.5),
    BasePose(
        "scared", _scared, ("standing", "hands_in_front", "elbow_bent:both", "not trunk_bent_forward"), ARMS, weight=2.5
    ),
    BasePose("surprised", _surprised, ("standing", "elbow_bent:both", "trunk_upright"), ARMS, weight=2.5),
    BasePose("yawn_stretch", _yawn, ("standing", "hand_above_head:left", "not spine_rounded"), ARMS, weight=2.5),
    BasePose("yawn", _yawn_only, ("standing", "hand_at_face:left", "not hand_at_face:right"), _LEFT),
    BasePose("despair", _despair, ("standing", "hand_at_head:both", "head_down"), ARMS, weight=1.5),
    BasePose("disgusted", _disgust, ("standing", "head_turned:left", "hand_in_front:right"), ARMS | {"head"}),
    BasePose("nervous", _nervous, ("standing", "hand_at_face:left", "feet_together"), ARMS),
    BasePose("bored", _bored, ("standing", "hand_at_head:left", "not hand_at_head:right"), ARMS),
    BasePose("in_love", _in_love, ("standing", "hand_on_chest:both", "hands_close"), ARMS),
    BasePose("relieved", _relieved, ("standing", "hand_on_chest:left", "not head_down"), _LEFT),
    BasePose("happy", _happy, ("standing", "not head_down"), ARMS),
)
