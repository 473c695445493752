"""Base poses of the group gestures."""
# ruff: noqa: E501 - tables of phrasings and predicates

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from posepipe.training import landmarks as at
from posepipe.training.controls import Controls
from posepipe.training.grammar.base import ARMS, BasePose
from posepipe.training.grammar.base import draw_from as u
from posepipe.training.grammar.fighting import before_chest
from posepipe.training.grammar.standing import stand

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
    BasePose("wave", ("waving with [the|{his}] {side} [hand|arm]", "waving [hello|goodbye|hi|to someone|to a friend|at the camera|]", "waving the {side} hand", "saying [hello|goodbye] with a wave [of the {side} hand|]", "waving at someone [with the {side} hand|]", "greeting with the {side} hand [raised|up]"),
             _wave, ("standing", "hand_above_shoulder:left", "not hand_above_shoulder:right"), ("greeting someone by moving a raised {side} hand to and fro", "signalling hello, {side} palm up"), _LEFT, right=0.7, weight=3),
    BasePose("wave_both", ("waving with both [hands|arms]", "waving both [hands|arms] [in the air|]", "waving the arms [over the head|wildly|]", "signalling with both arms", "waving [for help|down a car] with both arms"),
             _wave_both, ("standing", "hand_above_shoulder:both", "not hands_together"), ("greeting a crowd with two raised hands",), ARMS, weight=2),
    BasePose("point_forward", ("pointing [forward|ahead|straight ahead|at something|in front]", "pointing [forward|ahead|] with the {side} [hand|arm|finger]", "pointing at [the camera|someone|the viewer|a target]", "pointing a finger [at someone|forward]", "showing the way [ahead|forward] with the {side} hand"),
             _point, ("standing", "hand_far_ahead:left", "arm_straight:left", "not hand_far_ahead:right"), ("indicating something ahead, {side} index finger out", "aiming the {side} finger at someone"), _LEFT, right=0.75, weight=2.5),
    BasePose("point_side", ("pointing [to the |]{side}", "pointing to {his} {side}", "pointing sideways with the {side} [hand|arm]", "pointing to the {side} with the {side} [hand|arm]", "indicating the {side} [side|direction]", "pointing to the side", "giving directions to the {side}"),
             _point_side, ("standing", "hand_far_out:left", "arm_straight:left", "not hand_far_out:right"), ("showing the way {side}", "indicating something over on the {side}"), _LEFT, weight=3),
    BasePose("point_up", ("pointing [up|upward|upwards|to the sky|at the sky|at the ceiling]", "pointing up with the {side} [hand|arm|finger]", "pointing a finger [up|upward|to the sky]", "pointing above [the head|]"),
             _point_up, ("standing", "arm_up:left", "not hand_above_shoulder:right"), ("indicating something overhead, {side} index finger raised", "aiming a finger at the clouds"), _LEFT, right=0.7, weight=2),
    BasePose("point_down", ("pointing [down|downward|at the floor|at the ground]", "pointing down with the {side} [hand|arm]", "pointing at [something on the ground|the feet] [with the {side} hand|]"),
             _point_down, ("standing", "arm_straight:left", "head_down", "not hand_above_shoulder:left"), ("indicating a spot on the floor with the {side} finger",), _LEFT, right=0.7),
    BasePose("point_self", ("pointing at [himself|herself|oneself|themselves|the chest]", "pointing to [himself|herself|the own chest] [with the {side} hand|]", "gesturing at [oneself|himself]"),
             _at(at.CHEST), ("standing", "hand_on_chest:left", "not hand_on_chest:right"), ("saying me with a finger at the chest",), _LEFT, right=0.7),
    BasePose("raise_arm", ("raising [the|{his}] {side} [arm|hand]", "lifting the {side} [arm|hand] [up|high|above the head]", "holding the {side} [arm|hand] [up|high|in the air]", "putting the {side} hand up", "putting up a hand", "raising [a|one] [hand|arm] [to ask a question|]", "reaching up with the {side} [hand|arm]"),
             _raise, ("standing", "arm_up:left", "arm_raised:left", "not arm_raised:right"), ("with the {side} hand stretched to the ceiling like a pupil", "asking to speak, {side} hand high"), _LEFT, weight=3),
    BasePose("raise_both", ("raising [both |the |{his} |]arms", "raising both [hands|arms] [above the head|overhead|up|in the air]", "lifting both arms [up|overhead|high|]", "holding both [arms|hands] [up|high|overhead]", "reaching up with both [arms|hands]", "stretching both arms up"),
             _raise_both, ("standing", "arm_up:both", "hand_above_head:both"), ("throwing the two arms skyward", "with both palms toward the ceiling, elbows straight"), ARMS, weight=2.5),
    BasePose("stretch_forward", ("stretching both arms forward", "stretching [the |{his} |]arms [forward|out in front|straight ahead]", "holding both arms [straight |]out in front", "extending both arms forward", "reaching [forward|out] with both [arms|hands]", "like a sleepwalker"),
             _forward_both, ("standing", "arm_forward:both", "arm_straight:both"), ("with two arms horizontal to the front", "in the manner of a zombie, arms ahead"), ARMS, weight=2),
    BasePose("spread_arms", ("spreading [the |both |{his} |]arms [wide|]", "opening [the |both |]arms wide", "stretching both arms [out |]to the sides", "holding [the |both |]arms wide [open|apart]", "opening the arms [in welcome|to welcome someone|for a hug]", "with open arms"),
             _spread, ("standing", "arms_wide", "arm_straight:both", "hand_far_out:both"), ("inviting an embrace with arms flung out", "making wings of both arms"), ARMS, weight=2),
    BasePose("thumb_up", ("giving a thumbs up", "giving [a|the] thumbs up with the {side} hand", "showing [a|the] thumbs up", "showing thumb up with the {side} hand", "giving a thumbs-up [sign|gesture|]", "signalling approval with the {side} thumb", "sticking up a thumb"),
             _thumb, ("standing", "hand_in_front:left", "elbow_bent:left", "not hand_in_front:right"), ("approving with a raised {side} thumb", "making the sign for well done with one hand"), _LEFT, right=0.75, weight=2.5),
    BasePose("thumbs_up_both", ("giving [two thumbs up|a double thumbs up]", "giving [a |]thumbs up with both hands", "showing both thumbs", "holding both thumbs up"),
             _thumbs, ("standing", "hand_in_front:both", "elbow_bent:both"), ("approving with two raised thumbs",), ARMS),
    BasePose("thumb_down", ("giving a thumbs down", "showing [a |]thumbs down with the {side} hand", "signalling disapproval with the {side} thumb"),
             _thumb, ("standing", "hand_in_front:left", "elbow_bent:left", "not hand_in_front:right"), ("disapproving with a lowered {side} thumb",), _LEFT, right=0.75, weight=0.6),
    BasePose("hand_sign", ("making a peace sign [with the {side} hand|]", "showing [a|the] [victory|peace|OK] sign", "making an OK sign with the {side} hand", "holding up two fingers [with the {side} hand|]", "giving the middle finger [with the {side} hand|]", "showing a number with the {side} hand"),
             _beckon, ("standing", "forearm_up:left", "elbow_bent:left", "hand_in_front:left", "not hand_in_front:right"), ("flashing a V with the fingers of the {side} hand",), _LEFT, right=0.75),
    BasePose("stop", ("making a stop [sign|gesture] [with the {side} hand|]", "holding up the {side} [palm|hand] [to say stop|as a stop sign]", "signalling stop [with the {side} hand|]", "stopping traffic [with the {side} hand|]", "stretching out a hand to stop someone"),
             _stop, ("standing", "hand_in_front:left", "hand_far_ahead:left", "not hand_in_front:right"), ("ordering a halt with the {side} palm",), _LEFT, right=0.75),
    BasePose("stop_both", ("holding both palms [forward|out in front]", "making a stop gesture with both hands", "pushing the air with both palms", "gesturing to calm down", "holding up both palms in defense"),
             _stop_both, ("standing", "hand_in_front:both", "hands_in_front"), ("keeping someone away with two palms",), ARMS),
    BasePose("beckon", ("beckoning", "beckoning [someone |]with the {side} hand", "beckoning someone [over|closer|to come]", "calling someone over with the {side} hand", "gesturing [to come closer|come here] [with the {side} hand|]", "motioning [for someone to come|with the {side} hand to come]", "waving someone [over|closer]"),
             _beckon, ("standing", "forearm_up:left", "elbow_bent:left", "hand_in_front:left", "not hand_in_front:right"), ("inviting somebody nearer by crooking the {side} hand", "summoning a waiter with a finger"), _LEFT, right=0.75, weight=2),
    BasePose("salute", ("saluting", "saluting with the {side} hand", "saluting [like a soldier|an officer|a flag|the flag|sharply]", "giving a [military|] salute", "standing and saluting", "raising the {side} hand [in salute|to the forehead|to the brow]", "doing a military salute"),
             _at(at.FOREHEAD.moved(x=0.02)), ("standing", "hand_at_head:left", "hand_above_shoulder:left", "elbow_bent:left", "not hand_above_shoulder:right"), ("greeting an officer with the {side} fingers at the temple", "paying military respect, hand at the cap"), _LEFT, right=0.9, weight=2.5),
    BasePose("shade_eyes", ("shading the eyes [with the {side} hand|]", "looking into the distance [with the {side} hand over the eyes|]", "peering into the distance", "holding the {side} hand above the eyes", "looking out [over the sea|at the horizon]", "searching the horizon"),
             _at(at.FOREHEAD.moved(x=-0.02, z=0.04)), ("standing", "hand_at_head:left", "hand_above_shoulder:left"), ("keeping the sun off the brow with a {side} palm",), _LEFT, right=0.75),
    BasePose("facepalm", ("facepalming", "doing a facepalm [with the {side} hand|]", "covering the face with one hand", "covering the face with the {side} hand", "burying the face in the {side} hand", "slapping [the|{his}] forehead [with the {side} hand|]", "putting the {side} hand on the [face|forehead]"),
             _at(at.EYES, 24, 6), ("standing", "hand_at_face:left", "head_down", "not hand_above_shoulder:right"), ("in exasperation, {side} palm on the face", "embarrassed for someone, forehead in one palm"), _LEFT, right=0.75, weight=2),
    BasePose("cover_face", ("covering [the|{his}] face with both hands", "hiding the face [in the hands|behind both hands]", "burying [the|{his}] face in both hands", "holding both hands in front of the face"),
             _both_at(at.EYES.moved(z=-0.01), 12, 5), ("standing", "hand_at_face:both"), ("concealing the whole face with two palms",), ARMS),
    BasePose("cover_eyes", ("covering [the|{his}] eyes", "covering [the|{his}] eyes with both hands", "holding [the |both |]hands over the eyes", "putting both hands [over|on|in front of] the eyes", "hiding [the|{his}] eyes", "not wanting to see"),
             _both_at(at.EYES.moved(y=0.01)), ("standing", "hand_at_face:both", "hand_above_shoulder:both"), ("like the monkey that sees no evil", "blocking the sight with two palms"), ARMS, weight=2),
    BasePose("cover_ears", ("covering [the|{his}|both] ears", "covering [the|{his}] ears with both hands", "holding [the |both |]hands over the ears", "putting the hands [on|over] the ears", "plugging [the|{his}] ears [with the fingers|]", "wearing headphones and holding them"),
             _both_at(at.EAR), ("standing", "hand_at_ear:both"), ("like the monkey that hears no evil", "shutting out noise with two palms"), ARMS, weight=2),
    BasePose("cover_mouth", ("covering [the|{his}] mouth", "covering [the|{his}] mouth with [the {side} hand|one hand]", "holding [the {side}|a|one] hand over the mouth", "putting the {side} hand [over|to|on] the mouth", "coughing [into the {side} hand|]", "shutting the mouth with the {side} hand"),
             _at(at.MOUTH), ("standing", "hand_at_face:left", "not hand_at_face:right"), ("stifling a word with the {side} palm", "keeping the lips hidden behind a {side} hand"), _LEFT, right=0.6, weight=2),
    BasePose("cover_mouth_both", ("covering [the|{his}] mouth with both hands", "holding both hands over the mouth", "putting both hands on the mouth"),
             _both_at(at.MOUTH), ("standing", "hand_at_face:both"), ("like the monkey that speaks no evil",), ARMS),
    BasePose("shush", ("putting a finger [to the lips|on the lips]", "shushing [someone|] [with the {side} hand|]", "holding the {side} index finger to the lips", "gesturing [silence|for quiet]", "signalling to be quiet with the {side} hand"),
             _at(at.MOUTH.moved(x=-0.02, y=-0.03)), ("standing", "hand_at_face:left", "not hand_at_face:right"), ("demanding silence with a finger at the mouth",), _LEFT, right=0.75),
    BasePose("cup_ear", ("cupping a hand [behind|to] the ear", "listening with a hand [at|behind] the {side} ear", "holding the {side} hand [to|behind] the ear", "straining to hear [something|]", "listening closely with the {side} hand at the ear"),
             _at(at.EAR.moved(z=-0.02)), ("standing", "hand_at_ear:left", "not hand_at_ear:right"), ("hard of hearing, {side} palm behind the ear",), _LEFT),
    BasePose("shout", ("shouting through cupped hands", "cupping both hands around the mouth", "calling out with [the |both |]hands [around|at] the mouth", "yelling with hands around the mouth"),
             _both_at(at.MOUTH.moved(x=0.05)), ("standing", "hand_at_head:both"), ("making a megaphone of both palms",), ARMS),
    BasePose("blow_kiss", ("blowing a kiss", "blowing a kiss with the {side} hand", "blowing [kisses|a kiss goodbye|a kiss to the audience]", "throwing a kiss", "kissing the {side} hand", "sending a kiss [with the {side} hand|]"),
             _at(at.MOUTH.moved(x=-0.01, z=0.06)), ("standing", "hand_above_shoulder:left", "elbow_bent:left", "hand_in_front:left", "not hand_in_front:right"), ("sending love from the lips off the {side} palm", "with a smooch tossed from the fingertips"), _LEFT, right=0.7, weight=2),
    BasePose("shrug", ("in a shrug", "with [the |both |{his} |]shoulders [shrugged|raised|pulled up] [and palms up|]", "shrugging", "shrugging [the shoulders|with both hands|helplessly]", "not knowing", "raising [the |both |]shoulders [in doubt|]", "lifting the shoulders with palms up", "gesturing I don't know"),
             _shrug, ("standing", "shoulders_up", "elbow_bent:both"), ("having no idea, palms turned out", "showing ignorance with hunched shoulders and open hands"), ARMS, weight=2.5),
    BasePose("pray", ("praying", "praying with [the |]hands [together|folded]", "standing in prayer", "standing with palms [together|pressed together] in prayer", "praying [to God|in church|while standing]", "pressing [the |]palms together [in front of the chest|in prayer]", "greeting with namaste", "folding the hands in prayer", "bowing the head in prayer"),
             _both_at(_PALMS, 8, 2), ("standing", "hands_together", "hand_on_chest:both"), ("speaking to God with joined palms", "worshipping, fingertips touching before the heart"), ARMS, weight=2.5),
    BasePose("clap", ("clapping", "clapping [the |both |{his} |]hands", "applauding", "giving applause", "clapping [happily|for someone|along|in rhythm]", "bringing the hands together in a clap", "giving [a round of applause|an ovation]"),
             _both_at(before_chest(0.05, 0.02, 0.31)), ("standing", "hands_together", "hands_in_front", "elbow_bent:both"), ("showing approval by striking the palms together", "applauding a performer with both palms"), ARMS, weight=2.5),
    BasePose("clap_high", ("clapping [the |]hands [overhead|above the head]", "clapping over the head", "applauding with [the |]hands above the head"),
             _clap_high, ("standing", "hands_together", "hand_above_head:both"), ("with palms meeting over the head in applause",), ARMS),
    BasePose("shake_hands", ("shaking hands", "shaking hands with someone", "shaking [someone's|somebody's|a partner's|a] hand", "giving a handshake", "offering the {side} hand for a handshake", "holding out the {side} hand to shake", "greeting someone with a handshake", "sealing a deal with a handshake"),
             _handshake, ("standing", "hand_in_front:left", "not hand_in_front:right", "not hand_above_shoulder:left"), ("meeting a business partner with an outstretched {side} hand", "clasping the palm of someone in greeting"), _LEFT, right=0.95, weight=2.5),
    BasePose("high_five", ("giving a high five [with the {side} hand|]", "doing a high five", "high-fiving [someone|] with the {side} hand", "slapping hands high with someone"),
             _wave, ("standing", "hand_above_shoulder:left", "not hand_above_shoulder:right"), ("slapping a teammate's raised palm, {side} hand",), _LEFT, right=0.75),
    BasePose("hug", ("hugging someone", "hugging [a friend|somebody|another person|an invisible person]", "embracing [someone|a friend]", "giving [someone |]a hug", "holding someone in [the|both] arms", "putting both arms around someone", "wrapping the arms around [someone|a tree]"),
             _hug, ("standing", "hands_in_front", "elbow_bent:both", "hands_close"), ("with both arms around a loved one", "clasping a friend to the chest"), ARMS, weight=2.5),
    BasePose("hug_self", ("hugging [himself|herself|oneself|themselves]", "embracing [herself|himself|oneself]", "wrapping [the|{his}] arms around [the|{his}] own body", "holding {his} own shoulders"),
             _both_at(at.OTHER_SHOULDER.moved(y=-0.04)), ("standing", "hand_at_other_shoulder:both"), ("clutching the own shoulders with crossed arms",), ARMS),
    BasePose("cross_arms", ("crossing [the |both |{his} |]arms", "crossing [the |]arms [over|in front of|across] the chest", "folding [the |{his} |]arms", "standing with [the |]arms [crossed|folded]", "with [the |both |]arms [crossed|folded] [over the chest|]", "holding the arms crossed", "standing arms folded and waiting"),
             _crossed, ("standing", "arms_crossed", "elbow_bent:both"), ("with forearms folded one over the other", "in a closed posture, each hand at the opposite elbow"), ARMS, weight=2.5),
    BasePose("conduct", ("conducting an orchestra", "conducting", "conducting [a choir|music|a band]", "directing [an orchestra|a choir] [with a baton|]", "leading an orchestra", "acting as a conductor", "waving a baton"),
             _conduct, ("standing", "hand_above_shoulder:left", "hands_in_front", "elbow_bent:right"), ("guiding musicians with both raised arms", "beating time in front of a symphony"), ARMS, right=0.6, weight=2),
    BasePose("count", ("counting on the fingers", "counting on [{his}|the|both] [fingers|hands]", "counting with the fingers", "counting [something|] on one hand", "checking off points on the fingers", "adding up with the fingers"),
             _count, ("standing", "hands_together", "hands_in_front", "head_down"), ("doing sums by tapping one finger after another", "reckoning with the digits of the hands"), ARMS, weight=2),
    BasePose("biceps", ("flexing [the |both |{his} |]biceps", "flexing [the |both |{his} |]arms", "flexing [the|{his}] muscles", "showing [off |][the |{his} |]muscles", "posing like a bodybuilder", "in a [bodybuilder|double biceps] pose", "showing how strong the arms are"),
             _biceps, ("standing", "elbow_bent:both", "hand_above_shoulder:both", "forearm_up:both"), ("showing strength with bulging upper arms", "like a strongman displaying both guns"), ARMS, weight=2),
    BasePose("biceps_one", ("flexing the {side} [biceps|arm|bicep]", "showing [off |]the {side} biceps", "flexing one arm", "tensing the {side} biceps"),
             _biceps_one, ("standing", "elbow_bent:left", "forearm_up:left", "not hand_above_shoulder:right"), ("making a muscle with the {side} arm",), _LEFT),
    BasePose("surrender", ("surrendering", "surrendering with [the |]hands [up|raised|in the air]", "surrendering with both hands up", "with [the |both |]hands up [in surrender|in the air]", "raising [the |both |]hands in surrender", "putting [the |both |{his} |]hands up", "giving up with raised hands", "being held up at gunpoint"),
             _surrender, ("standing", "hand_above_shoulder:both", "not hands_together"), ("yielding to the police, palms shown at head height", "capitulating with both palms in view"), ARMS, weight=2.5),
    BasePose("x_sign", ("crossing the arms above the head", "making an X with the arms [above the head|overhead]", "crossing both arms overhead"),
             _x_above, ("standing", "hand_above_head:both", "hands_together"), ("forming a cross over the head with both forearms",), ARMS),
    BasePose("heart", ("making a heart [above the head|overhead] with [the |both |]arms", "forming a heart with [the |both |]arms", "forming a circle above the head with both arms"),
             _heart, ("standing", "hand_above_head:both", "hands_together"), ("shaping the symbol of love with both arms over the head",), ARMS),
    BasePose("hand_on_heart", ("putting [the {side}|a] hand on [the|{his}] heart", "placing the {side} hand [on|over] [the chest|the heart|{his} heart]", "pledging allegiance", "swearing an oath with a hand on the heart", "singing the national anthem", "standing with a hand on the heart"),
             _at(at.CHEST), ("standing", "hand_on_chest:left", "not hand_on_chest:right"), ("in solemn devotion, {side} palm on the breast",), _LEFT, right=0.8),
    BasePose("oath", ("taking an oath", "swearing an oath with the {side} hand [raised|]", "swearing [with the {side} hand up|]"),
             _wave, ("standing", "hand_above_shoulder:left", "not hand_above_shoulder:right"), ("making a vow before a court",), _LEFT, right=0.85, weight=0.5),
    BasePose("hands_behind_back", ("holding [the |both |{his} |]hands behind [the|{his}] back", "clasping [the |both |]hands behind [the|{his}] back", "keeping both hands behind the back", "hiding [both |the |]hands behind [the|{his}] back", "putting both hands behind the back", "with [the |both |]hands tied behind the back"),
             _both_at(at.BEHIND_BACK), ("standing", "hands_behind_back"), ("concealing something in the hands at the rear", "like a prisoner in handcuffs at the back"), ARMS, weight=2),
    BasePose("put_hands_on_hips", ("putting [both |the |{his} |]hands on [the|{his}] hips", "placing both hands on [the|{his}] [hips|waist]", "holding [both|the] hands on the hips", "resting both hands at the waist", "setting both hands on the hips"),
             _both_at(at.HIP), ("standing", "hand_on_hip:both"), ("in a bossy posture, both elbows out and fists at the waist",), ARMS, weight=2),
    BasePose("put_hand_on_hip", ("putting [the|{his}] {side} hand on [the|{his}] hip", "placing the {side} hand on [the|{his}] [hip|waist]", "holding [the {side}|one|a] hand on the hip", "resting the {side} hand on the [hip|waist]", "standing with the {side} hand on the hip"),
             _akimbo_one, ("standing", "hand_on_hip:left", "not hand_on_hip:right"), ("with the {side} elbow out and the palm at the waist",), _LEFT, weight=2.5),
    BasePose("hands_behind_head", ("putting [both |the |]hands behind [the|{his}] [head|neck]", "holding [both |the |]hands behind [the|{his}] head", "clasping the hands behind [the|{his}] [head|neck]", "standing with [both |the |]hands behind the head", "lacing the fingers behind the head", "being arrested with hands behind the head"),
             _both_at(at.BACK_OF_HEAD), ("standing", "hand_behind_head:both"), ("with elbows wide and palms at the nape",), ARMS, weight=2),
    BasePose("hands_on_head", ("putting [both |the |]hands on [top of |][the|{his}] head", "holding both hands on the head", "standing with both hands on the head", "clutching [the|{his}] head [with both hands|]"),
             _both_at(at.HEAD_TOP), ("standing", "hand_on_head:both"), ("with two palms resting on the crown",), ARMS),
    BasePose("scratch_head", ("scratching [the|{his}] head", "scratching the head with the {side} hand", "putting the {side} hand on the head", "touching the top of the head with the {side} hand", "patting the head with the {side} hand"),
             _at(at.HEAD_TOP), ("standing", "hand_on_head:left", "not hand_above_shoulder:right"), ("puzzled, with {side} fingers in the hair",), _LEFT, right=0.6, weight=1.5),
    BasePose("wipe_brow", ("wiping [the|{his}] [brow|forehead] [with the {side} hand|]", "wiping sweat from the forehead", "touching the forehead with the {side} hand", "checking for a fever with the {side} hand"),
             _at(at.FOREHEAD.moved(x=-0.04, z=0.02)), ("standing", "hand_at_head:left", "hand_above_shoulder:left"), ("sweating, with the back of the {side} hand on the brow",), _LEFT, right=0.7),
    BasePose("touch_nose", ("touching [the|{his}] nose [with the {side} hand|]", "pinching the nose", "holding the nose [with the {side} hand|] [because of a bad smell|]", "blowing the nose"),
             _at(at.MOUTH.moved(y=0.02)), ("standing", "hand_at_face:left"), ("keeping out a stench with {side} fingers at the nostrils",), _LEFT, right=0.7),
    BasePose("check_watch", ("checking the [time|watch]", "looking at [the|a|{his}] [watch|wristwatch]", "checking the watch on the {side} wrist", "looking at the {side} wrist", "reading the time from a wristwatch"),
             _watch, ("standing", "elbow_bent:left", "hand_in_front:left", "head_down", "not hand_in_front:right"), ("seeing how late it is, {side} wrist up",), _LEFT, right=0.2),
    BasePose("offer", ("offering something with the {side} hand", "handing [over |]something with the {side} hand", "giving something to someone", "holding out the {side} hand", "reaching out [a|the {side}] hand [to help|]", "holding out an open palm", "receiving something with the {side} hand"),
             _offer, ("standing", "hand_in_front:left", "not hand_in_front:right"), ("presenting a gift on the {side} palm",), _LEFT, right=0.75),
    BasePose("air_quotes", ("making air quotes", "gesturing quotation marks [with both hands|]", "holding both index fingers up", "raising both forearms with palms forward"),
             _quotes, ("standing", "forearm_up:both", "elbow_bent:both"), ("hooking two fingers of each hand around a word",), ARMS),
)  # fmt: skip
