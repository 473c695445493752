"""Codes of trunk and head, and the postures: kneeling, sitting, lying, standing on one leg."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from training.posecodes.arms import UPRIGHT
from training.posecodes.base import ANY, Code, Kind, Range, Said, Test, tests

_TORSO: Final = ("torso", "upper body", "trunk")
_NOT_LYING: Final = Test("hip_height", 0.3)
_NOT_DOWN: Final = Test("trunk_pitch", 40)


def _trunk(
    name: str, topic: str, claims: dict[str, Range], words: tuple[str, ...], does: tuple[str, ...], *when: Test,
    nouns: tuple[str, ...] = _TORSO, sided: bool = False, kind: Kind = "trunk", implies: tuple[str, ...] = (),
    is_plural: bool = False,
) -> Code:  # fmt: skip
    said = tuple(Said(noun, words, (), does, is_plural=is_plural) for noun in nouns)
    return Code(name, kind, topic, tests(**claims), said, when, sided=sided, implies=implies,
                limb="head" if kind == "head" else "trunk")  # fmt: skip


CODES: Final = (
    _trunk("leans_slightly", "lean", {"trunk_forward": (11, 19)},
           ("leaning slightly forward", "tilted slightly forward", "inclined a little forward"),
           ("lean slightly forward", "lean forward a little"), _NOT_LYING),
    _trunk("leans_forward", "lean", {"trunk_forward": (24, 52)},
           ("leaning forward", "tilted forward", "inclined forward", "bent forward"),
           ("lean forward", "bend forward"), _NOT_LYING),
    _trunk("bends_far", "lean", {"trunk_forward": (64, 175)},
           ("bent far forward", "bent deeply forward", "folded forward"), ("bend far forward", "bend over"),
           Test("hip_height", 0.55), implies=("trunk_level", "hips_highest")),
    _trunk("trunk_level", "lean", {"trunk_pitch": (-13, 13)},
           ("horizontal", "parallel to the floor", "parallel to the ground"), (), Test("hip_height", 0.4),
           implies=("bends_far",)),
    _trunk("leans_back", "lean", {"trunk_forward": (-75, -14)},
           ("leaning back", "leaning backward", "tilted back"), ("lean back", "lean backward"), _NOT_LYING,
           Test("trunk_pitch", 15)),
    _trunk("upright", "lean", {"trunk_pitch": (82, 91)}, ("upright", "vertical", "held upright"),
           ("keep {his} torso upright", "hold {his} torso straight")),
    _trunk("leans_aside", "lean_aside", {"trunk_side__side": (12, 80)},
           ("leaning to the {side}", "tilted to the {side}", "bent to the {side}"),
           ("lean to the {side}", "bend to the {side}"), _NOT_LYING, _NOT_DOWN, sided=True),
    _trunk("twists", "twist", {"trunk_twist__side": (19, 90)},
           ("twisted to the {side}", "turned to the {side}", "rotated to the {side}"),
           ("twist to the {side}", "twist {his} upper body to the {side}"),
           nouns=("torso", "upper body", "trunk"), sided=True),
    _trunk("shoulder_over_other", "shoulders", {"shoulder_above_other__side": (0.12, ANY)},
           ("higher than the {other} shoulder", "higher than the {other} one", "above the {other} shoulder"), (),
           _NOT_LYING, nouns=("shoulder",), sided=True),
    _trunk("back_rounded", "spine", {"spine_flex": (32, 130)}, ("rounded", "hunched", "curved forward"),
           ("round {his} back", "hunch {his} back"), nouns=("back",)),
    _trunk("back_arched", "spine", {"spine_flex": (-130, -28)}, ("arched", "bent backward"),
           ("arch {his} back",), nouns=("back",)),
    _trunk("hips_highest", "hips", {"hips_above_neck": (0.14, ANY), "hips_above_knees": (0.1, ANY)},
           ("higher than {his} shoulders", "above {his} shoulders", "the highest point of {his} body"),
           ("raise {his} hips higher than {his} shoulders", "lift {his} hips above {his} shoulders"),
           Test("hip_height", 0.3), nouns=("hips",), is_plural=True),
    _trunk("head_low", "hips", {"head_height": (-1, 0.24)}, ("close to the floor", "near the ground", "low"),
           ("lower {his} head to the floor", "bring {his} head close to the ground"), Test("hip_height", 0.35),
           nouns=("head",), implies=("head_down",)),
    _trunk("head_down", "nod", {"head_pitch": (64, 120)}, ("lowered", "bowed", "tilted down", "hanging down"),
           ("look down", "lower {his} head", "bow {his} head"), UPRIGHT, Test("head_aside:left", -0.25, 0.25),
           Test("head_lean", 46), nouns=("head",), kind="head"),
    _trunk("head_up", "nod", {"head_pitch": (-60, 20)}, ("tilted back", "raised", "tilted up"),
           ("look up", "tilt {his} head back", "raise {his} head"), UPRIGHT, Test("head_aside:left", -0.2, 0.2),
           Test("head_lean", -80, 14), nouns=("head",), kind="head"),
    _trunk("head_turned", "head", {"head_aside__side": (0.32, 1), "head_polar": (0, 42)},
           ("turned to the {side}", "facing {side}", "turned {side}", "rotated to the {side}"),
           ("look to the {side}", "turn {his} head to the {side}", "look {side}"),
           nouns=("head",), sided=True, kind="head"),
    _trunk("head_tilted", "head", {"head_aside__side": (0.26, 1), "head_polar": (45, 80)},
           ("tilted to the {side}", "leaning to the {side}", "inclined to the {side}"),
           ("tilt {his} head to the {side}", "lean {his} head to the {side}"), nouns=("head",), sided=True,
           kind="head"),
)  # fmt: skip
"""All codes of trunk and head."""


@dataclass(frozen=True)
class Posture:
    """What the whole body does; of the postures of a pose, the first in :data:`POSTURES` counts.

    Parameters
    ----------
    name : str
        Unique, snake_case. :mod:`training.posecodes.choosing` has the shares of all codes by posture.
    claims, when : tuple of Test
        As in :class:`training.posecodes.base.Code`.
    words : tuple of str
        What the person is doing, with a verb in -ing or a phrase first; empty if no words fit.
    sided : bool
        Whether it has a side.
    """

    name: str
    claims: tuple[Test, ...]
    words: tuple[str, ...]
    when: tuple[Test, ...] = ()
    sided: bool = False


_UP: Final = Test("trunk_pitch", 30)

POSTURES: Final = (
    Posture("airborne", tests(lowest=(0.09, ANY)), ("off the ground", "in the air", "up in the air"),
            (Test("hip_height", 0.5),)),
    Posture("upside_down", tests(trunk_pitch=(-91, -40), head_height=(-1, 0.5)), ("upside down",),
            (Test("hips_above_knees", -ANY, -0.1),)),
    Posture("lying_on_back", tests(hip_height=(-1, 0.22), trunk_pitch=(-20, 20), trunk_facing=(0.75, 1.1)),
            ("lying on {his} back", "lying face up", "lying on {his} back on the floor")),
    Posture("lying_on_front", tests(hip_height=(-1, 0.22), trunk_pitch=(-20, 20), trunk_facing=(-1.1, -0.75)),
            ("lying face down", "lying on {his} stomach", "lying on {his} belly on the floor")),
    Posture("lying_on_side", tests(hip_height=(-1, 0.26), trunk_pitch=(-22, 22), hips_tilt__side=(-1.1, -0.72)),
            ("lying on {his} {side} side", "lying on the {side} side"), sided=True),
    Posture("on_all_fours",
            tests(wrist_height__left=(-1, 0.1), wrist_height__right=(-1, 0.1), knee_height__left=(-1, 0.1),
                  knee_height__right=(-1, 0.1), trunk_facing=(-1.1, -0.45)),
            ("on all fours", "on {his} hands and knees", "kneeling on all fours"), (Test("hip_height", 0.28),)),
    Posture("kneeling", tests(knee_height__left=(-1, 0.1), knee_height__right=(-1, 0.1), hip_height=(0.18, ANY)),
            ("kneeling", "on {his} knees", "kneeling on both knees", "kneeling on the floor"),
            (_UP, Test("ankle_height:left", -1, 0.22), Test("ankle_height:right", -1, 0.22),
             Test("knee_bend:left", 60), Test("knee_bend:right", 60))),
    Posture("kneeling_on", tests(knee_height__side=(-1, 0.1), knee_height__other=(0.3, ANY), hip_height=(0.26, ANY)),
            ("kneeling on {his} {side} knee", "kneeling on the {side} knee", "down on the {side} knee"),
            (_UP, Test("sole_height:other", -1, 0.08)), sided=True),
    Posture("sitting_on_floor", tests(hip_height=(-1, 0.2), trunk_pitch=(42, 91)),
            ("sitting on the floor", "sitting on the ground", "sitting on the floor")),
    Posture("sitting",
            tests(hip_height=(0.36, 0.62), knee_bend__left=(40, 180), knee_bend__right=(40, 180),
                  thigh_pitch__left=(-28, 25), thigh_pitch__right=(-28, 25)),
            ("sitting", "seated", "sitting on a chair"),
            (_UP, Test("ankle_ahead:left", 0.2), Test("ankle_ahead:right", 0.2), Test("sole_height:left", -1, 0.1),
             Test("sole_height:right", -1, 0.1))),
    Posture("squatting",
            tests(hip_height=(-1, 0.6), knee_bend__left=(85, 180), knee_bend__right=(85, 180)),
            ("squatting", "crouching", "in a squat"),
            (_UP, Test("knee_height:left", 0.24), Test("knee_height:right", 0.24), Test("sole_height:left", -1, 0.08),
             Test("sole_height:right", -1, 0.08), Test("ankle_ahead:left", -0.35, 0.16),
             Test("ankle_ahead:right", -0.35, 0.16))),
    Posture("standing_on", tests(sole_height__side=(-1, 0.06), sole_height__other=(0.14, ANY), hip_height=(0.62, ANY)),
            ("standing on {his} {side} leg", "standing on the {side} leg", "balancing on the {side} leg",
             "standing on the {side} foot"), (Test("trunk_pitch", -30),), sided=True),
    Posture("standing", tests(hip_height=(0.66, ANY), sole_height__left=(-1, 0.1), sole_height__right=(-1, 0.1)),
            ("standing",), (Test("trunk_pitch", -40),)),
    Posture("other", (), ()),
)  # fmt: skip
"""All postures."""
