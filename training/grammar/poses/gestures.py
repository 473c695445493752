"""Base poses of the group gestures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, BasePose
from training.grammar.base import draw_from as u
from training.grammar.fighting import before_chest
from training.grammar.standing import stand

Rng = np.random.Generator


def _at(target: at.Target, nod: float = 0.0, flex: float = 0.0) -> Callable[[Rng], Controls]:
    """Someone standing with the left hand at a place."""

    def build(rng: Rng) -> Controls:
        c = stand(rng)
        c.left_arm.to(target)
        c.nod, c.flex = c.nod + nod, c.flex + flex
        return c

    return build


def _both_at(target: at.Target, nod: float = 0.0, flex: float = 0.0) -> Callable[[Rng], Controls]:
    """Someone standing with both hands at a place."""

    def build(rng: Rng) -> Controls:
        c = stand(rng)
        c.both_hands(target)
        c.nod, c.flex = c.nod + nod, c.flex + flex
        return c

    return build


def _wave(rng: Rng) -> Controls:
    c = stand(rng)
    if rng.random() < 0.7:
        c.left_arm.angles(u(rng, 85, 120), u(rng, 75, 95), u(rng, 55, 95), u(rng, 72, 92))
    else:
        c.left_arm.angles(u(rng, 140, 165), u(rng, 60, 90), u(rng, 5, 35), u(rng, 40, 80))
    return c


def _wave_both(rng: Rng) -> Controls:
    c = _wave(rng)
    c.right_arm.angles(c.left_arm.elevation, c.left_arm.azimuth, c.left_arm.elbow, c.left_arm.rotation)
    return c


def _point(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(u(rng, 82, 98), u(rng, -6, 14), u(rng, 2, 12))
    return c


def _point_side(rng: Rng) -> Controls:
    """To the left with the left arm."""
    c = stand(rng)
    c.left_arm.angles(u(rng, 82, 100), u(rng, 82, 92), u(rng, 2, 12))
    c.turn_head = u(rng, 20, 60) if rng.random() < 0.6 else 0.0
    return c


def _point_up(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(u(rng, 155, 175), u(rng, 20, 80), u(rng, 2, 14))
    c.nod = -u(rng, 15, 40) if rng.random() < 0.5 else 0.0
    return c


def _point_down(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(u(rng, 28, 45), u(rng, 0, 30), u(rng, 2, 12))
    c.nod = u(rng, 18, 35)
    return c


def _raise(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(u(rng, 155, 178), u(rng, 20, 80), u(rng, 2, 18))
    return c


def _raise_both(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_arms(u(rng, 152, 178), u(rng, 25, 85), u(rng, 2, 18))
    return c


def _wide_up(rng: Rng) -> Controls:
    """Both arms up and apart: a V, or the Y of a letter made with the body."""
    c = stand(rng)
    c.both_arms(u(rng, 128, 148), u(rng, 82, 95), u(rng, 2, 14))
    return c


def _back_both(rng: Rng) -> Controls:
    """Both arms straight behind the body."""
    c = stand(rng)
    c.flex = u(rng, -4, 8)
    c.both_arms(u(rng, 38, 55), u(rng, 165, 184), u(rng, 2, 14))
    return c


def _on_shoulders(rng: Rng) -> Controls:
    """Each hand on its own shoulder, the elbows down, ahead or out."""
    c = stand(rng)
    c.both_hands(replace(at.OWN_SHOULDER, pole=(u(rng, 0.3, 1.2), u(rng, -0.8, 0.1), u(rng, 0.1, 0.6))))
    return c


def _arm_across(rng: Rng) -> Controls:
    """The left arm pulled straight across the chest by the right: a stretch of the shoulder."""
    c = stand(rng)
    c.left_arm.to(at.Target("other_shoulder", "chest", (u(rng, -0.12, -0.04), u(rng, -0.08, 0.0), u(rng, 0.22, 0.3))))
    c.right_arm.to(at.Target("other_shoulder", "chest", (u(rng, 0.12, 0.18), u(rng, -0.12, -0.05), u(rng, 0.22, 0.28))))
    return c


def _forward_both(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_arms(u(rng, 84, 94), u(rng, -6, 8), u(rng, 2, 10))
    return c


def _spread(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_arms(u(rng, 80, 105), u(rng, 80, 92), u(rng, 2, 14))
    return c


def _thumb(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.14, 0.24), u(rng, -0.06, 0.08), u(rng, 0.30, 0.38), (0.6, -1.0, -0.2)))
    return c


def _thumbs(rng: Rng) -> Controls:
    c = _thumb(rng)
    c.right_arm.to(before_chest(u(rng, 0.14, 0.24), u(rng, -0.06, 0.08), u(rng, 0.30, 0.38), (0.6, -1.0, -0.2)))
    return c


def _stop(rng: Rng) -> Controls:
    """The palm held out ahead."""
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.10, 0.2), u(rng, 0.04, 0.14), u(rng, 0.42, 0.48), (0.6, -1.0, -0.1)))
    return c


def _stop_both(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_hands(before_chest(u(rng, 0.14, 0.22), u(rng, 0.02, 0.12), u(rng, 0.36, 0.44), (0.6, -1.0, -0.1)))
    c.flex = -u(rng, 0, 6)
    return c


def _beckon(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.12, 0.2), u(rng, 0.12, 0.20), u(rng, 0.28, 0.34), (0.5, -1.0, 0.3)))
    return c


def _shrug(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_arms(u(rng, 10, 22), u(rng, 60, 95), u(rng, 85, 115), u(rng, 40, 70), u(rng, 26, 34))
    c.tilt = u(rng, 6, 16) * (1 if rng.random() < 0.5 else -1)
    return c


def _handshake(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.04, 0.12), -u(rng, 0.18, 0.26), u(rng, 0.38, 0.44), (0.6, -1.0, -0.6)))
    c.flex, c.pitch = u(rng, 2, 8), u(rng, 0, 6)
    if rng.random() < 0.5:
        c.left_leg.z, c.right_leg.z = 0.1, -0.1
    return c


def _hug(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex = u(rng, 0, 5), u(rng, 2, 8)
    c.both_hands(before_chest(u(rng, 0.0, 0.10), u(rng, -0.06, 0.06), u(rng, 0.30, 0.36), (1.0, -0.2, 0.4)))
    c.turn_head = u(rng, 10, 30)
    return c


def _clap_high(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_hands(at.Target("head", "chest", (0.04, u(rng, 0.26, 0.34), 0.06), (1.0, 0.2, 0.3)))
    return c


def _crossed(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(at.CROSSED.moved(z=0.03, y=0.02))
    c.right_arm.to(at.CROSSED.moved(y=-0.03, x=0.02))
    return c


def _conduct(rng: Rng) -> Controls:
    c = stand(rng)
    c.right_arm.angles(u(rng, 45, 75), u(rng, 35, 65), u(rng, 55, 85), u(rng, 10, 40))
    c.left_arm.angles(u(rng, 95, 125), u(rng, 45, 75), u(rng, 40, 70), u(rng, 40, 70))
    return c


def _count(rng: Rng) -> Controls:
    c = stand(rng)
    height = u(rng, -0.10, 0.02)
    c.left_arm.to(before_chest(0.06, height, u(rng, 0.28, 0.34)))
    c.right_arm.to(before_chest(0.04, height - 0.03, u(rng, 0.26, 0.32)))
    c.nod, c.flex = u(rng, 20, 34), u(rng, 4, 10)
    return c


def _biceps(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_arms(u(rng, 82, 98), u(rng, 80, 92), u(rng, 100, 125), u(rng, 80, 95))
    c.flex = -u(rng, 0, 6)
    return c


def _biceps_one(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(u(rng, 82, 98), u(rng, 75, 92), u(rng, 100, 125), u(rng, 80, 95))
    c.turn_head = u(rng, 15, 45)
    return c


def _surrender(rng: Rng) -> Controls:
    c = stand(rng)
    if rng.random() < 0.75:
        c.both_arms(u(rng, 78, 105), u(rng, 75, 92), u(rng, 70, 95), u(rng, 80, 92))
    else:
        c.both_arms(u(rng, 150, 170), u(rng, 50, 85), u(rng, 5, 30), u(rng, 30, 70))
    return c


def _x_above(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_hands(at.Target("head", "chest", (-0.06, u(rng, 0.26, 0.34), 0.10), (1.0, 0.0, 0.4)))
    return c


def _heart(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_hands(at.Target("head", "chest", (0.04, u(rng, 0.22, 0.28), 0.0), (1.0, 0.3, -0.1)))
    return c


def _watch(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, -0.04, 0.05), u(rng, -0.08, 0.04), u(rng, 0.28, 0.34), (1.0, -0.5, 0.2)))
    c.nod, c.turn_head = u(rng, 20, 32), u(rng, 0, 14)
    return c


def _offer(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.14, 0.26), -u(rng, 0.12, 0.22), u(rng, 0.40, 0.46), (0.5, -1.0, -0.4)))
    return c


def _quotes(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_hands(before_chest(u(rng, 0.20, 0.26), u(rng, 0.14, 0.22), u(rng, 0.22, 0.30), (0.6, -1.0, 0.2)))
    return c


def _akimbo_one(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(at.HIP)
    return c


_LEFT = frozenset({"left_arm"})
_PALMS = at.PRAYER

POSES: tuple[BasePose, ...] = (
    BasePose(
        "wave",
        _wave,
        ("standing", "hand_above_shoulder:left", "not hand_above_shoulder:right"),
        _LEFT,
        right=0.7,
        weight=3,
    ),
    BasePose("wave_both", _wave_both, ("standing", "hand_above_shoulder:both", "not hands_together"), ARMS, weight=2),
    BasePose(
        "point_forward",
        _point,
        ("standing", "hand_far_ahead:left", "arm_straight:left", "not hand_far_ahead:right"),
        _LEFT,
        right=0.75,
        weight=2.5,
    ),
    BasePose(
        "point_side",
        _point_side,
        ("standing", "hand_far_out:left", "arm_straight:left", "not hand_far_out:right"),
        _LEFT,
        weight=3,
    ),
    BasePose(
        "point_up", _point_up, ("standing", "arm_up:left", "not hand_above_shoulder:right"), _LEFT, right=0.7, weight=2
    ),
    BasePose(
        "point_down",
        _point_down,
        ("standing", "arm_straight:left", "head_down", "not hand_above_shoulder:left"),
        _LEFT,
        right=0.7,
    ),
    BasePose(
        "point_self", _at(at.CHEST), ("standing", "hand_on_chest:left", "not hand_on_chest:right"), _LEFT, right=0.7
    ),
    BasePose(
        "raise_arm", _raise, ("standing", "arm_up:left", "arm_raised:left", "not arm_raised:right"), _LEFT, weight=3
    ),
    BasePose("raise_both", _raise_both, ("standing", "arm_up:both", "hand_above_head:both"), ARMS, weight=2.5),
    BasePose(
        "arms_in_v", _wide_up, ("standing", "hand_above_head:both", "hand_outside:both", "arm_straight:both"), ARMS
    ),
    BasePose("arms_back", _back_both, ("standing", "arm_back:both", "arm_straight:both"), ARMS),
    BasePose("on_shoulders", _on_shoulders, ("standing", "hand_near_own_shoulder:both", "elbow_bent:both"), ARMS),
    BasePose("arm_across", _arm_across, ("standing", "arm_across:left", "arm_straight:left", "elbow_bent:right"), ARMS),
    BasePose("stretch_forward", _forward_both, ("standing", "arm_forward:both", "arm_straight:both"), ARMS, weight=2),
    BasePose(
        "spread_arms", _spread, ("standing", "arms_wide", "arm_straight:both", "hand_far_out:both"), ARMS, weight=2
    ),
    BasePose(
        "thumb_up",
        _thumb,
        ("standing", "hand_in_front:left", "elbow_bent:left", "not hand_in_front:right"),
        _LEFT,
        right=0.75,
        weight=2.5,
    ),
    BasePose("thumbs_up_both", _thumbs, ("standing", "hand_in_front:both", "elbow_bent:both"), ARMS),
    BasePose(
        "thumb_down",
        _thumb,
        ("standing", "hand_in_front:left", "elbow_bent:left", "not hand_in_front:right"),
        _LEFT,
        right=0.75,
        weight=0.6,
    ),
    BasePose(
        "hand_sign",
        _beckon,
        ("standing", "forearm_up:left", "elbow_bent:left", "hand_in_front:left", "not hand_in_front:right"),
        _LEFT,
        right=0.75,
    ),
    BasePose(
        "stop",
        _stop,
        ("standing", "hand_in_front:left", "hand_far_ahead:left", "not hand_in_front:right"),
        _LEFT,
        right=0.75,
    ),
    BasePose("stop_both", _stop_both, ("standing", "hand_in_front:both", "hands_in_front"), ARMS),
    BasePose(
        "beckon",
        _beckon,
        ("standing", "forearm_up:left", "elbow_bent:left", "hand_in_front:left", "not hand_in_front:right"),
        _LEFT,
        right=0.75,
        weight=2,
    ),
    BasePose(
        "salute",
        _at(at.FOREHEAD.moved(x=0.02)),
        (
            "standing",
            "hand_at_head:left",
            "hand_above_shoulder:left",
            "elbow_bent:left",
            "not hand_above_shoulder:right",
        ),
        _LEFT,
        right=0.9,
        weight=2.5,
    ),
    BasePose(
        "shade_eyes",
        _at(at.FOREHEAD.moved(x=-0.02, z=0.04)),
        ("standing", "hand_at_head:left", "hand_above_shoulder:left"),
        _LEFT,
        right=0.75,
    ),
    BasePose(
        "facepalm",
        _at(at.EYES, 24, 6),
        ("standing", "hand_at_face:left", "head_down", "not hand_above_shoulder:right"),
        _LEFT,
        right=0.75,
        weight=2,
    ),
    BasePose("cover_face", _both_at(at.EYES.moved(z=-0.01), 12, 5), ("standing", "hand_at_face:both"), ARMS),
    BasePose(
        "cover_eyes",
        _both_at(at.EYES.moved(y=0.01)),
        ("standing", "hand_at_face:both", "hand_above_shoulder:both"),
        ARMS,
        weight=2,
    ),
    BasePose("cover_ears", _both_at(at.EAR), ("standing", "hand_at_ear:both"), ARMS, weight=2),
    BasePose(
        "cover_mouth",
        _at(at.MOUTH),
        ("standing", "hand_at_face:left", "not hand_at_face:right"),
        _LEFT,
        right=0.6,
        weight=2,
    ),
    BasePose("cover_mouth_both", _both_at(at.MOUTH), ("standing", "hand_at_face:both"), ARMS),
    BasePose(
        "shush",
        _at(at.MOUTH.moved(x=-0.02, y=-0.03)),
        ("standing", "hand_at_face:left", "not hand_at_face:right"),
        _LEFT,
        right=0.75,
    ),
    BasePose("cup_ear", _at(at.EAR.moved(z=-0.02)), ("standing", "hand_at_ear:left", "not hand_at_ear:right"), _LEFT),
    BasePose("shout", _both_at(at.MOUTH.moved(x=0.05)), ("standing", "hand_at_head:both"), ARMS),
    BasePose(
        "blow_kiss",
        _at(at.MOUTH.moved(x=-0.01, z=0.06)),
        ("standing", "hand_above_shoulder:left", "elbow_bent:left", "hand_in_front:left", "not hand_in_front:right"),
        _LEFT,
        right=0.7,
        weight=2,
    ),
    BasePose("shrug", _shrug, ("standing", "shoulders_up", "elbow_bent:both"), ARMS, weight=2.5),
    BasePose("pray", _both_at(_PALMS, 8, 2), ("standing", "hands_together", "hand_on_chest:both"), ARMS, weight=2.5),
    BasePose(
        "clap",
        _both_at(before_chest(0.05, 0.02, 0.31)),
        ("standing", "hands_together", "hands_in_front", "elbow_bent:both"),
        ARMS,
        weight=2.5,
    ),
    BasePose("clap_high", _clap_high, ("standing", "hands_together", "hand_above_head:both"), ARMS),
    BasePose(
        "shake_hands",
        _handshake,
        ("standing", "hand_in_front:left", "not hand_in_front:right", "not hand_above_shoulder:left"),
        _LEFT,
        right=0.95,
        weight=2.5,
    ),
    BasePose(
        "high_five", _wave, ("standing", "hand_above_shoulder:left", "not hand_above_shoulder:right"), _LEFT, right=0.75
    ),
    BasePose("hug", _hug, ("standing", "hands_in_front", "elbow_bent:both", "hands_close"), ARMS, weight=2.5),
    BasePose("hug_self", _both_at(at.OTHER_SHOULDER.moved(y=-0.04)), ("standing", "hand_at_other_shoulder:both"), ARMS),
    BasePose("cross_arms", _crossed, ("standing", "arms_crossed", "elbow_bent:both"), ARMS, weight=2.5),
    BasePose(
        "conduct",
        _conduct,
        ("standing", "hand_above_shoulder:left", "hands_in_front", "elbow_bent:right"),
        ARMS,
        right=0.6,
        weight=2,
    ),
    BasePose("count", _count, ("standing", "hands_together", "hands_in_front", "head_down"), ARMS, weight=2),
    BasePose(
        "biceps",
        _biceps,
        ("standing", "elbow_bent:both", "hand_above_shoulder:both", "forearm_up:both"),
        ARMS,
        weight=2,
    ),
    BasePose(
        "biceps_one",
        _biceps_one,
        ("standing", "elbow_bent:left", "forearm_up:left", "not hand_above_shoulder:right"),
        _LEFT,
    ),
    BasePose("surrender", _surrender, ("standing", "hand_above_shoulder:both", "not hands_together"), ARMS, weight=2.5),
    BasePose("x_sign", _x_above, ("standing", "hand_above_head:both", "hands_together"), ARMS),
    BasePose("heart", _heart, ("standing", "hand_above_head:both", "hands_together"), ARMS),
    BasePose(
        "hand_on_heart", _at(at.CHEST), ("standing", "hand_on_chest:left", "not hand_on_chest:right"), _LEFT, right=0.8
    ),
    BasePose(
        "oath",
        _wave,
        ("standing", "hand_above_shoulder:left", "not hand_above_shoulder:right"),
        _LEFT,
        right=0.85,
        weight=0.5,
    ),
    BasePose("hands_behind_back", _both_at(at.BEHIND_BACK), ("standing", "hands_behind_back"), ARMS, weight=2),
    BasePose(
        "put_hand_on_hip", _akimbo_one, ("standing", "hand_on_hip:left", "not hand_on_hip:right"), _LEFT, weight=2.5
    ),
    BasePose("hands_behind_head", _both_at(at.BACK_OF_HEAD), ("standing", "hand_behind_head:both"), ARMS, weight=2),
    BasePose("hands_on_head", _both_at(at.HEAD_TOP), ("standing", "hand_on_head:both"), ARMS),
    BasePose(
        "scratch_head",
        _at(at.HEAD_TOP),
        ("standing", "hand_on_head:left", "not hand_above_shoulder:right"),
        _LEFT,
        right=0.6,
        weight=1.5,
    ),
    BasePose(
        "wipe_brow",
        _at(at.FOREHEAD.moved(x=-0.04, z=0.02)),
        ("standing", "hand_at_head:left", "hand_above_shoulder:left"),
        _LEFT,
        right=0.7,
    ),
    BasePose("touch_nose", _at(at.MOUTH.moved(y=0.02)), ("standing", "hand_at_face:left"), _LEFT, right=0.7),
    BasePose(
        "check_watch",
        _watch,
        ("standing", "elbow_bent:left", "hand_in_front:left", "head_down", "not hand_in_front:right"),
        _LEFT,
        right=0.2,
    ),
    BasePose("offer", _offer, ("standing", "hand_in_front:left", "not hand_in_front:right"), _LEFT, right=0.75),
    BasePose("air_quotes", _quotes, ("standing", "forearm_up:both", "elbow_bent:both"), ARMS),
)
