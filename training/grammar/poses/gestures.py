"""Gestures with one or both arms, standing.

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

from dataclasses import replace

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, LEFT_ARM, Rng, pose
from training.grammar.base import uniform as u
from training.grammar.poses.fighting import before_chest
from training.grammar.poses.standing import stand, stand_with_hand, stand_with_hands


@pose(
    "wave",
    group="gestures",
    predicates=("standing", "hand_above_shoulder:left", "not hand_above_shoulder:right"),
    locks=LEFT_ARM,
    right=0.7,
    weight=3,
)
def _wave(rng: Rng) -> Controls:
    c = stand(rng)
    if rng.random() < 0.7:
        c.left_arm.angles(
            elevation=u(rng, 85, 120), azimuth=u(rng, 75, 95), elbow=u(rng, 55, 95), rotation=u(rng, 72, 92)
        )
    else:
        c.left_arm.angles(
            elevation=u(rng, 140, 165), azimuth=u(rng, 60, 90), elbow=u(rng, 5, 35), rotation=u(rng, 40, 80)
        )
    return c


@pose(
    "wave_both",
    group="gestures",
    predicates=("standing", "hand_above_shoulder:both", "not hands_together"),
    locks=ARMS,
    weight=2,
)
def _wave_both(rng: Rng) -> Controls:
    c = _wave(rng)
    c.right_arm.angles(
        elevation=c.left_arm.elevation, azimuth=c.left_arm.azimuth, elbow=c.left_arm.elbow, rotation=c.left_arm.rotation
    )
    return c


@pose(
    "point_forward",
    group="gestures",
    predicates=("standing", "hand_far_ahead:left", "arm_straight:left", "not hand_far_ahead:right"),
    locks=LEFT_ARM,
    right=0.75,
    weight=2.5,
)
def _point(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(elevation=u(rng, 82, 98), azimuth=u(rng, -6, 14), elbow=u(rng, 2, 12))
    return c


@pose(
    "point_side",
    group="gestures",
    predicates=("standing", "hand_far_out:left", "arm_straight:left", "not hand_far_out:right"),
    locks=LEFT_ARM,
    weight=3,
)
def _point_side(rng: Rng) -> Controls:
    """To the left with the left arm."""
    c = stand(rng)
    c.left_arm.angles(elevation=u(rng, 82, 100), azimuth=u(rng, 82, 92), elbow=u(rng, 2, 12))
    c.turn_head = u(rng, 20, 60) if rng.random() < 0.6 else 0.0
    return c


@pose(
    "point_up",
    group="gestures",
    predicates=("standing", "arm_up:left", "not hand_above_shoulder:right"),
    locks=LEFT_ARM,
    right=0.7,
    weight=2,
)
def _point_up(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(elevation=u(rng, 155, 175), azimuth=u(rng, 20, 80), elbow=u(rng, 2, 14))
    c.nod = -u(rng, 15, 40) if rng.random() < 0.5 else 0.0
    return c


@pose(
    "point_down",
    group="gestures",
    predicates=("standing", "arm_straight:left", "head_down", "not hand_above_shoulder:left"),
    locks=LEFT_ARM,
    right=0.7,
)
def _point_down(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(elevation=u(rng, 28, 45), azimuth=u(rng, 0, 30), elbow=u(rng, 2, 12))
    c.nod = u(rng, 18, 35)
    return c


@pose(
    "point_self",
    group="gestures",
    predicates=("standing", "hand_on_chest:left", "not hand_on_chest:right"),
    locks=LEFT_ARM,
    right=0.7,
)
def _point_self(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.CHEST)


@pose(
    "raise_arm",
    group="gestures",
    predicates=("standing", "arm_up:left", "arm_raised:left", "not arm_raised:right"),
    locks=LEFT_ARM,
    weight=3,
)
def _raise(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(elevation=u(rng, 155, 178), azimuth=u(rng, 20, 80), elbow=u(rng, 2, 18))
    return c


@pose(
    "raise_both",
    group="gestures",
    predicates=("standing", "arm_up:both", "hand_above_head:both"),
    locks=ARMS,
    weight=2.5,
)
def _raise_both(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_arms(elevation=u(rng, 152, 178), azimuth=u(rng, 25, 85), elbow=u(rng, 2, 18))
    return c


@pose(
    "arms_in_v",
    group="gestures",
    predicates=("standing", "hand_above_head:both", "hand_outside:both", "arm_straight:both"),
    locks=ARMS,
)
def _wide_up(rng: Rng) -> Controls:
    """Both arms up and apart: a V, or the Y of a letter made with the body."""
    c = stand(rng)
    c.both_arms(elevation=u(rng, 128, 148), azimuth=u(rng, 82, 95), elbow=u(rng, 2, 14))
    return c


@pose("arms_back", group="gestures", predicates=("standing", "arm_back:both", "arm_straight:both"), locks=ARMS)
def _back_both(rng: Rng) -> Controls:
    """Both arms straight behind the body."""
    c = stand(rng)
    c.flex = u(rng, -4, 8)
    c.both_arms(elevation=u(rng, 38, 55), azimuth=u(rng, 165, 184), elbow=u(rng, 2, 14))
    return c


@pose(
    "on_shoulders",
    group="gestures",
    predicates=("standing", "hand_near_own_shoulder:both", "elbow_bent:both"),
    locks=ARMS,
)
def _on_shoulders(rng: Rng) -> Controls:
    """Each hand on its own shoulder, the elbows down, ahead or out."""
    c = stand(rng)
    c.both_hands(replace(at.OWN_SHOULDER, pole=(u(rng, 0.3, 1.2), u(rng, -0.8, 0.1), u(rng, 0.1, 0.6))))
    return c


@pose(
    "arm_across",
    group="gestures",
    predicates=("standing", "arm_across:left", "arm_straight:left", "elbow_bent:right"),
    locks=ARMS,
)
def _arm_across(rng: Rng) -> Controls:
    """The left arm pulled straight across the chest by the right: a stretch of the shoulder."""
    c = stand(rng)
    c.left_arm.to(
        at.Target("other_shoulder", "chest", offset=(u(rng, -0.12, -0.04), u(rng, -0.08, 0.0), u(rng, 0.22, 0.3)))
    )
    c.right_arm.to(
        at.Target("other_shoulder", "chest", offset=(u(rng, 0.12, 0.18), u(rng, -0.12, -0.05), u(rng, 0.22, 0.28)))
    )
    return c


@pose(
    "stretch_forward",
    group="gestures",
    predicates=("standing", "arm_forward:both", "arm_straight:both"),
    locks=ARMS,
    weight=2,
)
def _forward_both(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_arms(elevation=u(rng, 84, 94), azimuth=u(rng, -6, 8), elbow=u(rng, 2, 10))
    return c


@pose(
    "spread_arms",
    group="gestures",
    predicates=("standing", "arms_wide", "arm_straight:both", "hand_far_out:both"),
    locks=ARMS,
    weight=2,
)
def _spread(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_arms(elevation=u(rng, 80, 105), azimuth=u(rng, 80, 92), elbow=u(rng, 2, 14))
    return c


@pose(
    "thumb_up",
    group="gestures",
    predicates=("standing", "hand_in_front:left", "elbow_bent:left", "not hand_in_front:right"),
    locks=LEFT_ARM,
    right=0.75,
    weight=2.5,
)
def _thumb(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.14, 0.24), u(rng, -0.06, 0.08), u(rng, 0.30, 0.38), pole=(0.6, -1.0, -0.2)))
    return c


@pose("thumbs_up_both", group="gestures", predicates=("standing", "hand_in_front:both", "elbow_bent:both"), locks=ARMS)
def _thumbs(rng: Rng) -> Controls:
    c = _thumb(rng)
    c.right_arm.to(before_chest(u(rng, 0.14, 0.24), u(rng, -0.06, 0.08), u(rng, 0.30, 0.38), pole=(0.6, -1.0, -0.2)))
    return c


@pose(
    "thumb_down",
    group="gestures",
    predicates=("standing", "hand_in_front:left", "elbow_bent:left", "not hand_in_front:right"),
    locks=LEFT_ARM,
    right=0.75,
    weight=0.6,
)
def _thumb_down(rng: Rng) -> Controls:
    return _thumb(rng)


@pose(
    "hand_sign",
    group="gestures",
    predicates=("standing", "forearm_up:left", "elbow_bent:left", "hand_in_front:left", "not hand_in_front:right"),
    locks=LEFT_ARM,
    right=0.75,
)
def _hand_sign(rng: Rng) -> Controls:
    return _beckon(rng)


@pose(
    "stop",
    group="gestures",
    predicates=("standing", "hand_in_front:left", "hand_far_ahead:left", "not hand_in_front:right"),
    locks=LEFT_ARM,
    right=0.75,
)
def _stop(rng: Rng) -> Controls:
    """The palm held out ahead."""
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.10, 0.2), u(rng, 0.04, 0.14), u(rng, 0.42, 0.48), pole=(0.6, -1.0, -0.1)))
    return c


@pose("stop_both", group="gestures", predicates=("standing", "hand_in_front:both", "hands_in_front"), locks=ARMS)
def _stop_both(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_hands(before_chest(u(rng, 0.14, 0.22), u(rng, 0.02, 0.12), u(rng, 0.36, 0.44), pole=(0.6, -1.0, -0.1)))
    c.flex = -u(rng, 0, 6)
    return c


@pose(
    "beckon",
    group="gestures",
    predicates=("standing", "forearm_up:left", "elbow_bent:left", "hand_in_front:left", "not hand_in_front:right"),
    locks=LEFT_ARM,
    right=0.75,
    weight=2,
)
def _beckon(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.12, 0.2), u(rng, 0.12, 0.20), u(rng, 0.28, 0.34), pole=(0.5, -1.0, 0.3)))
    return c


@pose(
    "salute",
    group="gestures",
    predicates=(
        "standing",
        "hand_at_head:left",
        "hand_above_shoulder:left",
        "elbow_bent:left",
        "not hand_above_shoulder:right",
    ),
    locks=LEFT_ARM,
    right=0.9,
    weight=2.5,
)
def _salute(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.FOREHEAD.moved(x=0.02))


@pose(
    "shade_eyes",
    group="gestures",
    predicates=("standing", "hand_at_head:left", "hand_above_shoulder:left"),
    locks=LEFT_ARM,
    right=0.75,
)
def _shade_eyes(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.FOREHEAD.moved(x=-0.02, z=0.04))


@pose(
    "facepalm",
    group="gestures",
    predicates=("standing", "hand_at_face:left", "head_down", "not hand_above_shoulder:right"),
    locks=LEFT_ARM,
    right=0.75,
    weight=2,
)
def _facepalm(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.EYES, nod=24, flex=6)


@pose("cover_face", group="gestures", predicates=("standing", "hand_at_face:both"), locks=ARMS)
def _cover_face(rng: Rng) -> Controls:
    return stand_with_hands(rng, at.EYES.moved(z=-0.01), nod=12, flex=5)


@pose(
    "cover_eyes",
    group="gestures",
    predicates=("standing", "hand_at_face:both", "hand_above_shoulder:both"),
    locks=ARMS,
    weight=2,
)
def _cover_eyes(rng: Rng) -> Controls:
    return stand_with_hands(rng, at.EYES.moved(y=0.01))


@pose("cover_ears", group="gestures", predicates=("standing", "hand_at_ear:both"), locks=ARMS, weight=2)
def _cover_ears(rng: Rng) -> Controls:
    return stand_with_hands(rng, at.EAR)


@pose(
    "cover_mouth",
    group="gestures",
    predicates=("standing", "hand_at_face:left", "not hand_at_face:right"),
    locks=LEFT_ARM,
    right=0.6,
    weight=2,
)
def _cover_mouth(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.MOUTH)


@pose("cover_mouth_both", group="gestures", predicates=("standing", "hand_at_face:both"), locks=ARMS)
def _cover_mouth_both(rng: Rng) -> Controls:
    return stand_with_hands(rng, at.MOUTH)


@pose(
    "shush",
    group="gestures",
    predicates=("standing", "hand_at_face:left", "not hand_at_face:right"),
    locks=LEFT_ARM,
    right=0.75,
)
def _shush(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.MOUTH.moved(x=-0.02, y=-0.03))


@pose("cup_ear", group="gestures", predicates=("standing", "hand_at_ear:left", "not hand_at_ear:right"), locks=LEFT_ARM)
def _cup_ear(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.EAR.moved(z=-0.02))


@pose("shout", group="gestures", predicates=("standing", "hand_at_head:both"), locks=ARMS)
def _shout(rng: Rng) -> Controls:
    return stand_with_hands(rng, at.MOUTH.moved(x=0.05))


@pose(
    "blow_kiss",
    group="gestures",
    predicates=(
        "standing",
        "hand_above_shoulder:left",
        "elbow_bent:left",
        "hand_in_front:left",
        "not hand_in_front:right",
    ),
    locks=LEFT_ARM,
    right=0.7,
    weight=2,
)
def _blow_kiss(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.MOUTH.moved(x=-0.01, z=0.06))


@pose("shrug", group="gestures", predicates=("standing", "shoulders_up", "elbow_bent:both"), locks=ARMS, weight=2.5)
def _shrug(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_arms(
        elevation=u(rng, 10, 22),
        azimuth=u(rng, 60, 95),
        elbow=u(rng, 85, 115),
        rotation=u(rng, 40, 70),
        shrug=u(rng, 26, 34),
    )
    c.tilt = u(rng, 6, 16) * (1 if rng.random() < 0.5 else -1)
    return c


@pose("pray", group="gestures", predicates=("standing", "hands_together", "hand_on_chest:both"), locks=ARMS, weight=2.5)
def _pray(rng: Rng) -> Controls:
    return stand_with_hands(rng, at.PRAYER, nod=8, flex=2)


@pose(
    "clap",
    group="gestures",
    predicates=("standing", "hands_together", "hands_in_front", "elbow_bent:both"),
    locks=ARMS,
    weight=2.5,
)
def _clap(rng: Rng) -> Controls:
    return stand_with_hands(rng, before_chest(0.05, 0.02, 0.31))


@pose("clap_high", group="gestures", predicates=("standing", "hands_together", "hand_above_head:both"), locks=ARMS)
def _clap_high(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_hands(at.Target("head", "chest", offset=(0.04, u(rng, 0.26, 0.34), 0.06), pole=(1.0, 0.2, 0.3)))
    return c


@pose(
    "shake_hands",
    group="gestures",
    predicates=("standing", "hand_in_front:left", "not hand_in_front:right", "not hand_above_shoulder:left"),
    locks=LEFT_ARM,
    right=0.95,
    weight=2.5,
)
def _handshake(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.04, 0.12), -u(rng, 0.18, 0.26), u(rng, 0.38, 0.44), pole=(0.6, -1.0, -0.6)))
    c.set(flex=u(rng, 2, 8), pitch=u(rng, 0, 6))
    if rng.random() < 0.5:
        c.left_leg.z = 0.1
        c.right_leg.z = -0.1
    return c


@pose(
    "high_five",
    group="gestures",
    predicates=("standing", "hand_above_shoulder:left", "not hand_above_shoulder:right"),
    locks=LEFT_ARM,
    right=0.75,
)
def _high_five(rng: Rng) -> Controls:
    return _wave(rng)


@pose(
    "hug",
    group="gestures",
    predicates=("standing", "hands_in_front", "elbow_bent:both", "hands_close"),
    locks=ARMS,
    weight=2.5,
)
def _hug(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 0, 5), flex=u(rng, 2, 8))
    c.both_hands(before_chest(u(rng, 0.0, 0.10), u(rng, -0.06, 0.06), u(rng, 0.30, 0.36), pole=(1.0, -0.2, 0.4)))
    c.turn_head = u(rng, 10, 30)
    return c


@pose("hug_self", group="gestures", predicates=("standing", "hand_at_other_shoulder:both"), locks=ARMS)
def _hug_self(rng: Rng) -> Controls:
    return stand_with_hands(rng, at.OTHER_SHOULDER.moved(y=-0.04))


@pose(
    "cross_arms", group="gestures", predicates=("standing", "arms_crossed", "elbow_bent:both"), locks=ARMS, weight=2.5
)
def _crossed(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(at.CROSSED.moved(z=0.03, y=0.02))
    c.right_arm.to(at.CROSSED.moved(y=-0.03, x=0.02))
    return c


@pose(
    "conduct",
    group="gestures",
    predicates=("standing", "hand_above_shoulder:left", "hands_in_front", "elbow_bent:right"),
    locks=ARMS,
    right=0.6,
    weight=2,
)
def _conduct(rng: Rng) -> Controls:
    c = stand(rng)
    c.right_arm.angles(elevation=u(rng, 45, 75), azimuth=u(rng, 35, 65), elbow=u(rng, 55, 85), rotation=u(rng, 10, 40))
    c.left_arm.angles(elevation=u(rng, 95, 125), azimuth=u(rng, 45, 75), elbow=u(rng, 40, 70), rotation=u(rng, 40, 70))
    return c


@pose(
    "count",
    group="gestures",
    predicates=("standing", "hands_together", "hands_in_front", "head_down"),
    locks=ARMS,
    weight=2,
)
def _count(rng: Rng) -> Controls:
    c = stand(rng)
    height = u(rng, -0.10, 0.02)
    c.left_arm.to(before_chest(0.06, height, u(rng, 0.28, 0.34)))
    c.right_arm.to(before_chest(0.04, height - 0.03, u(rng, 0.26, 0.32)))
    c.set(nod=u(rng, 20, 34), flex=u(rng, 4, 10))
    return c


@pose(
    "biceps",
    group="gestures",
    predicates=("standing", "elbow_bent:both", "hand_above_shoulder:both", "forearm_up:both"),
    locks=ARMS,
    weight=2,
)
def _biceps(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_arms(elevation=u(rng, 82, 98), azimuth=u(rng, 80, 92), elbow=u(rng, 100, 125), rotation=u(rng, 80, 95))
    c.flex = -u(rng, 0, 6)
    return c


@pose(
    "biceps_one",
    group="gestures",
    predicates=("standing", "elbow_bent:left", "forearm_up:left", "not hand_above_shoulder:right"),
    locks=LEFT_ARM,
)
def _biceps_one(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(elevation=u(rng, 82, 98), azimuth=u(rng, 75, 92), elbow=u(rng, 100, 125), rotation=u(rng, 80, 95))
    c.turn_head = u(rng, 15, 45)
    return c


@pose(
    "surrender",
    group="gestures",
    predicates=("standing", "hand_above_shoulder:both", "not hands_together"),
    locks=ARMS,
    weight=2.5,
)
def _surrender(rng: Rng) -> Controls:
    c = stand(rng)
    if rng.random() < 0.75:
        c.both_arms(elevation=u(rng, 78, 105), azimuth=u(rng, 75, 92), elbow=u(rng, 70, 95), rotation=u(rng, 80, 92))
    else:
        c.both_arms(elevation=u(rng, 150, 170), azimuth=u(rng, 50, 85), elbow=u(rng, 5, 30), rotation=u(rng, 30, 70))
    return c


@pose("x_sign", group="gestures", predicates=("standing", "hand_above_head:both", "hands_together"), locks=ARMS)
def _x_above(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_hands(at.Target("head", "chest", offset=(-0.06, u(rng, 0.26, 0.34), 0.10), pole=(1.0, 0.0, 0.4)))
    return c


@pose("heart", group="gestures", predicates=("standing", "hand_above_head:both", "hands_together"), locks=ARMS)
def _heart(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_hands(at.Target("head", "chest", offset=(0.04, u(rng, 0.22, 0.28), 0.0), pole=(1.0, 0.3, -0.1)))
    return c


@pose(
    "hand_on_heart",
    group="gestures",
    predicates=("standing", "hand_on_chest:left", "not hand_on_chest:right"),
    locks=LEFT_ARM,
    right=0.8,
)
def _hand_on_heart(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.CHEST)


@pose(
    "oath",
    group="gestures",
    predicates=("standing", "hand_above_shoulder:left", "not hand_above_shoulder:right"),
    locks=LEFT_ARM,
    right=0.85,
    weight=0.5,
)
def _oath(rng: Rng) -> Controls:
    return _wave(rng)


@pose("hands_behind_back", group="gestures", predicates=("standing", "hands_behind_back"), locks=ARMS, weight=2)
def _hands_behind_back(rng: Rng) -> Controls:
    return stand_with_hands(rng, at.BEHIND_BACK)


@pose(
    "put_hand_on_hip",
    group="gestures",
    predicates=("standing", "hand_on_hip:left", "not hand_on_hip:right"),
    locks=LEFT_ARM,
    weight=2.5,
)
def _akimbo_one(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(at.HIP)
    return c


@pose("hands_behind_head", group="gestures", predicates=("standing", "hand_behind_head:both"), locks=ARMS, weight=2)
def _hands_behind_head(rng: Rng) -> Controls:
    return stand_with_hands(rng, at.BACK_OF_HEAD)


@pose("hands_on_head", group="gestures", predicates=("standing", "hand_on_head:both"), locks=ARMS)
def _hands_on_head(rng: Rng) -> Controls:
    return stand_with_hands(rng, at.HEAD_TOP)


@pose(
    "scratch_head",
    group="gestures",
    predicates=("standing", "hand_on_head:left", "not hand_above_shoulder:right"),
    locks=LEFT_ARM,
    right=0.6,
    weight=1.5,
)
def _scratch_head(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.HEAD_TOP)


@pose(
    "wipe_brow",
    group="gestures",
    predicates=("standing", "hand_at_head:left", "hand_above_shoulder:left"),
    locks=LEFT_ARM,
    right=0.7,
)
def _wipe_brow(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.FOREHEAD.moved(x=-0.04, z=0.02))


@pose("touch_nose", group="gestures", predicates=("standing", "hand_at_face:left"), locks=LEFT_ARM, right=0.7)
def _touch_nose(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.MOUTH.moved(y=0.02))


@pose(
    "check_watch",
    group="gestures",
    predicates=("standing", "elbow_bent:left", "hand_in_front:left", "head_down", "not hand_in_front:right"),
    locks=LEFT_ARM,
    right=0.2,
)
def _watch(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, -0.04, 0.05), u(rng, -0.08, 0.04), u(rng, 0.28, 0.34), pole=(1.0, -0.5, 0.2)))
    c.set(nod=u(rng, 20, 32), turn_head=u(rng, 0, 14))
    return c


@pose(
    "offer",
    group="gestures",
    predicates=("standing", "hand_in_front:left", "not hand_in_front:right"),
    locks=LEFT_ARM,
    right=0.75,
)
def _offer(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.14, 0.26), -u(rng, 0.12, 0.22), u(rng, 0.40, 0.46), pole=(0.5, -1.0, -0.4)))
    return c


@pose("air_quotes", group="gestures", predicates=("standing", "forearm_up:both", "elbow_bent:both"), locks=ARMS)
def _quotes(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_hands(before_chest(u(rng, 0.20, 0.26), u(rng, 0.14, 0.22), u(rng, 0.22, 0.30), pole=(0.6, -1.0, 0.2)))
    return c
