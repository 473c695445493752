"""Base poses of the group kneeling: on one knee, on both, on hands and knees."""
# ruff: noqa: E501 - tables of phrasings and predicates

from __future__ import annotations

import numpy as np

from posepipe.training import landmarks as at
from posepipe.training.controls import Controls
from posepipe.training.grammar.base import ARMS, LEGS, BasePose
from posepipe.training.grammar.base import draw_from as u

Rng = np.random.Generator

_CARRIES = ARMS | LEGS | {"trunk"}
_KNEES_AND_HANDS = (("left_knee", "right_knee"), ("left_wrist", "right_wrist"))


def kneel(rng: Rng) -> Controls:
    """Upright on both knees, shanks along the ground."""
    c = Controls(support="lowest", pitch=u(rng, 0, 5), flex=u(rng, 0, 6))
    lean = float(np.asarray(c.pitch))
    for leg in c.legs:
        leg.angles(lean + u(rng, -2, 4), u(rng, 87, 92), u(rng, 2, 6), 0, u(rng, 57, 63))
    return c


def kneel_on_left(rng: Rng) -> Controls:
    """The left knee on the ground, the right foot flat ahead."""
    c = kneel(rng)
    c.right_leg.plant(u(rng, 0.08, 0.13), u(rng, 0.34, 0.44), toe_out=6)
    if rng.random() < 0.5:
        c.right_arm.to(at.KNEE)
    return c


def on_heels(rng: Rng, pitch: float = 0.0) -> Controls:
    """Both knees on the ground, the hips on the heels, tipped forward by ``pitch``."""
    c = Controls(support="lowest", pitch=pitch, flex=u(rng, 4, 12))
    for leg in c.legs:
        leg.angles(62 + pitch, 153, u(rng, 3, 9), 0, 60)
    return c


def all_fours(rng: Rng) -> Controls:
    """On hands and knees, the back level."""
    c = Controls(support="lowest", pitch=u(rng, 73, 77), flex=u(rng, -4, 6), nod=-u(rng, 5, 20), level=_KNEES_AND_HANDS)
    c.both_legs(u(rng, 73, 77), 90, u(rng, 3, 7), 0, 60)
    c.both_arms(u(rng, 74, 80), u(rng, 2, 8), 3)
    return c


def _crawl(rng: Rng) -> Controls:
    """On hands and knees, the left hand and the right knee ahead."""
    c = all_fours(rng)
    step, reach = u(rng, 12, 20), u(rng, 10, 18)
    c.flex = u(rng, -2, 4)
    c.left_leg.angles(75 - step, 90 - step, 5, 0, 60)
    c.right_leg.angles(75 + step, 90 + step, 5, 0, 60)
    c.left_arm.angles(77 + reach, 4, 3)
    c.right_arm.angles(77 - reach, 4, 3)
    return c


def _kneel_bow(rng: Rng) -> Controls:
    """From the heels forward, hands on the ground, the forehead above them."""
    c = on_heels(rng, u(rng, 42, 54))
    c.flex, c.nod = u(rng, 34, 48), u(rng, 2, 16)
    c.both_hands(at.Target("own_knee", "world", (0.02, 0.0, u(rng, 0.2, 0.3)), (1.0, 0.2, -0.2), on_ground=True))
    return c


def _prostrate(rng: Rng) -> Controls:
    """Folded over the thighs, arms stretched out along the ground."""
    c = on_heels(rng, u(rng, 66, 74))
    c.flex, c.nod = u(rng, 40, 50), u(rng, 4, 14)
    if rng.random() < 0.7:
        c.both_hands(
            at.Target("own_shoulder", "world", (0.02, 0.03, u(rng, 0.38, 0.46)), (1.0, 0.6, 0.0), on_ground=True)
        )
    else:
        c.both_hands(at.Target("own_ankle", "world", (0.1, 0.05, u(rng, 0.05, 0.2)), (1.0, 0.4, 0.0)))
    return c


def _pray(rng: Rng) -> Controls:
    c = kneel(rng) if rng.random() < 0.6 else on_heels(rng)
    c.flex, c.nod = u(rng, 6, 16), u(rng, 10, 30)
    c.both_hands(at.PRAYER.moved(y=u(rng, 0, 0.06)))
    return c


def _propose(rng: Rng) -> Controls:
    """On the left knee, the left hand holding out a ring."""
    c = kneel_on_left(rng)
    c.nod, c.flex = -u(rng, 8, 22), u(rng, 0, 8)
    c.left_arm.to(at.in_front(-u(rng, 0.02, 0.08), u(rng, -0.06, 0.06), u(rng, 0.34, 0.42)))
    pick = rng.random()
    if pick < 0.45:
        c.right_arm.to(at.in_front(-0.08, u(rng, -0.08, 0.02), u(rng, 0.3, 0.36)))
    elif pick < 0.75:
        c.right_arm.to(at.KNEE)
    else:
        c.right_arm.to(at.CHEST)
    return c


def _shoelace(rng: Rng) -> Controls:
    """On the left knee, both hands at the right shoe."""
    c = kneel_on_left(rng)
    lean = u(rng, 26, 34)
    c.pitch, c.flex, c.nod = lean, u(rng, 64, 74), u(rng, 4, 16)
    c.left_leg.flexion = lean + u(rng, -8, 0)
    c.left_leg.knee = 86
    c.right_leg.plant(0.09, u(rng, 0.30, 0.35), toe_out=4)
    c.left_arm.to(at.Target("other_ankle", "world", (0.05, 0.05, 0.05), (0.5, -0.4, 0.3)))
    c.right_arm.to(at.Target("own_ankle", "world", (0.05, 0.05, 0.05), (1.0, 0.0, 0.2)))
    return c


def _hands_on_hips(rng: Rng) -> Controls:
    c = kneel(rng)
    c.both_hands(at.HIP)
    return c


def _arms_up(rng: Rng) -> Controls:
    c = kneel(rng)
    c.flex, c.nod = -u(rng, 2, 10), -u(rng, 8, 24)
    c.both_arms(u(rng, 150, 174), u(rng, 30, 80), u(rng, 4, 20))
    return c


def _surrender(rng: Rng) -> Controls:
    c = kneel(rng) if rng.random() < 0.6 else on_heels(rng)
    if rng.random() < 0.5:
        c.both_hands(at.BACK_OF_HEAD)
    else:
        c.both_arms(u(rng, 84, 100), 85, u(rng, 75, 95), 90)
    return c


def _beg(rng: Rng) -> Controls:
    c = kneel(rng)
    c.flex, c.nod = u(rng, 6, 14), -u(rng, 10, 24)
    c.both_hands(at.in_front(-u(rng, 0.06, 0.12), u(rng, -0.08, 0.04), u(rng, 0.3, 0.4)))
    return c


def _head_down(rng: Rng) -> Controls:
    c = kneel(rng) if rng.random() < 0.5 else on_heels(rng)
    c.flex, c.nod = u(rng, 16, 28), u(rng, 30, 42)
    return c


def _knight(rng: Rng) -> Controls:
    """On the left knee with a bowed head, the forearm on the raised knee."""
    c = kneel_on_left(rng)
    c.flex, c.nod = u(rng, 14, 24), u(rng, 30, 42)
    c.right_arm.to(at.KNEE)
    if rng.random() < 0.4:
        c.left_arm.to(at.CHEST)
    return c


def _lean_back(rng: Rng) -> Controls:
    c = kneel(rng)
    c.pitch, c.flex, c.nod = -u(rng, 14, 20), -u(rng, 8, 16), -u(rng, 0, 12)
    tipped = u(rng, 8, 14)
    for leg in c.legs:
        leg.flexion, leg.knee = c.pitch + tipped, 90 + tipped
    return c


def _garden(rng: Rng) -> Controls:
    """On both knees, bent over work on the ground."""
    c = on_heels(rng, u(rng, 34, 44))
    c.flex, c.nod = u(rng, 40, 52), u(rng, 0, 12)
    for arm in c.arms:
        arm.to(
            at.Target(
                "own_knee", "world", (u(rng, -0.08, 0.04), 0.0, u(rng, 0.16, 0.34)), (1.0, 0.0, -0.2), on_ground=True
            )
        )
    return c


def _scrub(rng: Rng) -> Controls:
    """On the knees and the right hand, the left hand wiping ahead."""
    c = all_fours(rng)
    c.left_arm.to(at.Target("own_shoulder", "world", (0.02, 0.0, u(rng, 0.16, 0.28)), (1.0, 0.2, -0.2), on_ground=True))
    c.level = (("left_knee", "right_knee"), ("right_wrist",))
    return c


def _fours_arm(rng: Rng) -> Controls:
    """On hands and knees, the left arm stretched ahead."""
    c = all_fours(rng)
    c.left_arm.angles(u(rng, 162, 176), 20, 5)
    c.level = (("left_knee", "right_knee"), ("right_wrist",))
    return c


def _fours_leg(rng: Rng) -> Controls:
    """On hands and knees, the left leg stretched behind."""
    c = all_fours(rng)
    c.left_leg.angles(u(rng, -6, 4), u(rng, 2, 10), 3, 0, 20)
    c.level = (("right_knee",), ("left_wrist", "right_wrist"))
    return c


def _look_under(rng: Rng) -> Controls:
    """On knees and forearms, the head near the ground."""
    c = Controls(support="lowest", pitch=u(rng, 97, 100), flex=u(rng, 8, 12), nod=-u(rng, 10, 30), tilt=u(rng, 0, 20))
    c.both_legs(c.pitch, 90, 6, 0, 60)
    c.both_hands(at.Target("own_shoulder", "world", (0.02, 0.03, 0.2), (0.3, -0.6, 1.0), on_ground=True))
    return c


def _one_knee_hands_on_knee(rng: Rng) -> Controls:
    """On the left knee, both hands stacked on the right knee."""
    c = kneel_on_left(rng)
    c.pitch, c.flex = u(rng, 2, 6), u(rng, 14, 24)
    c.left_leg.flexion = c.pitch
    c.right_arm.to(at.KNEE)
    c.left_arm.to(at.OTHER_KNEE)
    return c


def _one_knee_hand_on_floor(rng: Rng) -> Controls:
    """On the left knee, the left hand propped on the ground beside it."""
    c = kneel_on_left(rng)
    lean = u(rng, 38, 46)
    c.pitch, c.flex, c.nod = lean, u(rng, 54, 64), u(rng, -14, 14)
    low = u(rng, 28, 36)
    c.left_leg.flexion, c.left_leg.knee = lean + low, 90 + low
    c.left_arm.to(at.Target("own_knee", "world", (0.08, 0.0, u(rng, 0.1, 0.2)), (0.6, 0.0, -0.8), on_ground=True))
    c.right_arm.to(at.KNEE, (1.0, -0.4, 0.1))
    return c


def _knees_wide(rng: Rng) -> Controls:
    c = kneel(rng)
    for leg in c.legs:
        leg.abduction = u(rng, 20, 28)
    return c


POSES: tuple[BasePose, ...] = (
    BasePose("kneel", ("kneeling [down|on the floor|on the ground|]", "kneeling on [both|the|{his}] knees", "kneeling upright [on the floor|]", "on both knees", "down on [both|{his}] knees", "in a kneeling position",
                       "dropping to the knees"),
             kneel, ("kneeling", "knees_on_floor", "trunk_upright", "not seated_on_floor"), ("resting upright on the knees", "supported by both kneecaps, hips high"), LEGS, weight=3, spread=0.7),
    BasePose("kneel_on_one", ("kneeling on [the|{his}] {side} knee", "kneeling on one knee", "on one knee, the {side} one", "down on [the|{his}] {side} knee", "going down on [the {side}|one] knee",
                              "kneeling with the {side} knee on the [floor|ground]", "kneeling with the {other} foot [forward|in front|flat on the floor]", "taking a knee"),
             kneel_on_left, ("kneels_on:left", "foot_on_floor:right", "trunk_upright"), ("dropped onto the {side} knee", "half kneeling, the {other} sole flat on the ground"), LEGS, weight=3, spread=0.7),
    BasePose("kneel_bow", ("kneeling and bowing", "bowing [on|down on] [the|{his}] knees", "kneeling and bowing [deeply|down to the floor]", "bowing with the hands on the floor while kneeling", "kneeling and bending forward",
                           "bowing in seiza"),
             _kneel_bow, ("kneeling", "hand_on_floor:both", "trunk_bent_far_forward"), ("with folded legs, paying homage with the palms on the mat", "showing reverence on bent knees"), LEGS, spread=0.7, weight=1.5),
    BasePose("prostrate", ("prostrating", "prostrating on the floor", "kneeling with the forehead on the [floor|ground]", "kneeling and touching the floor with the forehead", "kowtowing", "praying with the forehead on the ground"),
             _prostrate, ("kneeling", "head_low", "trunk_bent_far_forward"), ("on folded legs, brow pressed to the earth",), LEGS | {"trunk"}, spread=0.7),
    BasePose("kneel_pray", ("kneeling and praying", "praying on [the|{his}] knees", "kneeling in prayer", "kneeling with [the |both |]palms [together|pressed together]", "saying a prayer on both knees", "kneeling with folded hands"),
             _pray, ("kneeling", "hands_together"), ("worshipping on bent knees", "imploring heaven with joined hands, down on the knees"), LEGS, spread=0.7, weight=1.5),
    BasePose("kneel_propose", ("proposing on one knee", "proposing [marriage|to someone|]", "making a marriage proposal", "kneeling on one knee and holding out a ring", "proposing on the {side} knee", "offering a ring on one knee"),
             _propose, ("kneels_on:left", "foot_on_floor:right", "hand_ahead:left"), ("asking for someone's hand, {side} knee on the ground", "popping the question with a ring box"), LEGS, spread=0.7, weight=1.5),
    BasePose("kneel_tie_shoelace", ("tying a shoelace", "tying [the|{his}] [shoe|shoes|shoelaces|laces]", "tying the {other} [shoe|shoelace]", "kneeling down to tie a shoe", "kneeling on the {side} knee and tying the {other} shoe",
                              "lacing up a shoe", "fixing a shoelace"),
             _shoelace, ("kneels_on:left", "hand_near_foot:right", "hand_near_other_foot:left", "trunk_bent_forward"), ("doing up the {other} lace", "busy with a knot on the {other} sneaker"), LEGS | {"trunk"}, spread=0.45, weight=1.5),
    BasePose("all_fours", ("on all fours", "on [{his} |]hands and knees", "kneeling on all fours", "kneeling on hands and knees", "in a tabletop position on hands and knees", "resting on the hands and knees"),
             all_fours, ("on_all_fours", "hand_on_floor:both", "knees_on_floor"), ("like a four-legged table", "supported by two palms and two kneecaps"), _CARRIES, spread=0.6, weight=1.5),
    BasePose("kneel_crawl", ("crawling on hands and knees", "crawling", "crawling [forward|on all fours|on the floor|along the ground|like a baby]", "moving [forward|along] on hands and knees", "creeping on the hands and knees"),
             _crawl, ("on_all_fours", "hand_on_floor:both", "knees_on_floor"), ("getting around the way infants do", "moving across the carpet on palms and kneecaps"), _CARRIES, spread=0.6, weight=2),
    BasePose("kneel_hands_on_hips", ("kneeling with [both |the |{his} |]hands on [the|{his}] hips", "kneeling upright with arms akimbo", "on both knees with the hands on the hips"),
             _hands_on_hips, ("kneeling", "hand_on_hip:both"), ("upright on the knees, fists at the waist",), LEGS, spread=0.7),
    BasePose("kneel_arms_up", ("kneeling with [both |the |{his} |]arms [raised|up|in the air|overhead]", "kneeling and raising both arms", "on both knees with the arms stretched up", "kneeling and reaching for the sky",
                               "sliding on the knees after scoring a goal"),
             _arms_up, ("kneeling", "arm_up:both"), ("upright on the knees, hands lifted to heaven",), LEGS, spread=0.7),
    BasePose("kneel_surrender", ("kneeling with [the |both |]hands behind [the|{his}] head", "surrendering on the knees", "kneeling with the hands up in surrender", "kneeling like a prisoner"),
             _surrender, ("kneeling", "elbow_bent:both"), ("arrested, down on the knees",), LEGS, spread=0.7),
    BasePose("kneel_beg", ("begging on [the|{his}] knees", "kneeling and begging", "pleading on both knees", "kneeling with [the |both |]hands held out", "kneeling and holding out both hands"),
             _beg, ("kneeling", "hands_in_front", "hand_ahead:both"), ("imploring on bended knees with open palms",), LEGS, spread=0.5),
    BasePose("kneel_head_bowed", ("kneeling with [the|{his}] head [bowed|down|lowered|hanging]", "kneeling and looking down", "kneeling and lowering the head", "kneeling in [sorrow|shame|grief]"),
             _head_down, ("kneeling", "head_down"), ("down on the knees, chin sunk to the chest",), LEGS | {"head"}, spread=0.7),
    BasePose("knight", ("kneeling on one knee with the head bowed", "kneeling like a knight", "being knighted", "kneeling on the {side} knee with [the|{his}] head [down|lowered|bowed]", "genuflecting"),
             _knight, ("kneels_on:left", "foot_on_floor:right", "head_down"), ("swearing fealty on the {side} knee",), LEGS | {"head"}, spread=0.5),
    BasePose("kneel_lean_back", ("kneeling and leaning back", "leaning back on [the|{his}] knees", "kneeling with the torso leaning back", "leaning backward while kneeling on both knees"),
             _lean_back, ("kneeling", "trunk_leans_back"), ("upon both kneecaps, the body slanting rearward",), LEGS | {"trunk"}, spread=0.6),
    BasePose("kneel_garden", ("gardening on the knees", "weeding [the garden|on the knees|]", "planting flowers on the knees", "kneeling and working on the ground with both hands", "kneeling and digging with the hands",
                              "kneeling and searching the floor"),
             _garden, ("kneeling", "hand_on_floor:both", "trunk_bent_forward"), ("pulling out weeds from a flower bed",), LEGS, spread=0.7),
    BasePose("kneel_scrub_floor", ("scrubbing the floor on the knees", "wiping the floor with the {side} hand", "cleaning the floor on hands and knees", "kneeling and scrubbing the floor with the {side} hand", "mopping the floor by hand"),
             _scrub, ("on_all_fours", "hand_on_floor:both"), ("washing the tiles with a rag in the {side} hand",), _CARRIES, spread=0.5),
    BasePose("fours_arm", ("on all fours with the {side} arm [stretched forward|raised|extended]", "kneeling on all fours and reaching forward with the {side} [hand|arm]", "lifting the {side} arm on hands and knees", "on hands and knees with one arm stretched forward"),
             _fours_arm, ("knees_on_floor", "hand_on_floor:right", "arm_up:left", "not hand_on_floor:left"), ("like a table with the {side} front leg held out",), _CARRIES, spread=0.5),
    BasePose("fours_leg", ("on all fours with the {side} leg [stretched back|raised behind|extended behind]", "kneeling on all fours and lifting the {side} leg", "doing a donkey kick with the {side} leg", "on hands and knees with one leg stretched back"),
             _fours_leg, ("hand_on_floor:both", "knee_on_floor:right", "leg_straight:left", "not knee_on_floor:left"), ("like a table with the {side} hind leg held out",), _CARRIES, spread=0.5),
    BasePose("look_under", ("kneeling and looking under [the bed|a table|the sofa|something]", "looking for something under the bed", "kneeling with the forearms on the floor", "on knees and elbows", "peering under a car"),
             _look_under, ("knees_on_floor", "forearm_on_floor:both", "head_low"), ("hunting for a lost coin beneath the couch",), _CARRIES, spread=0.5),
    BasePose("one_knee_hands_on_knee", ("kneeling on the {side} knee with both hands on the {other} knee", "on one knee with [both|the] hands on the [raised|other|front] knee", "kneeling on one knee and leaning on the thigh"),
             _one_knee_hands_on_knee, ("kneels_on:left", "hand_on_knee:right", "hand_on_other_knee:left"), ("half kneeling, both palms stacked on the {other} kneecap",), LEGS, spread=0.7),
    BasePose("one_knee_hand_on_floor", ("kneeling on the {side} knee with the {side} hand on the [floor|ground]", "on one knee with one hand on the ground", "kneeling on one knee and touching the ground", "doing a superhero landing", "landing like a superhero"),
             _one_knee_hand_on_floor, ("kneels_on:left", "hand_on_floor:left"), ("half kneeling, the {side} palm propped on the earth",), LEGS | {"trunk"}, spread=0.6),
    BasePose("kneel_knees_wide", ("kneeling with [the |{his} |]knees [apart|wide apart|spread]", "kneeling with spread knees", "on both knees with a wide gap between them"),
             _knees_wide, ("kneeling", "knees_apart", "trunk_upright"), ("down on parted kneecaps",), LEGS, spread=0.7),
)  # fmt: skip
