"""Phrases that change one part of a pose: "with the left arm raised", "while looking up", "on tiptoe", "slightly".

Each is written for ``{side}`` = left; for the right the body is mirrored, changed and mirrored back. A modifier changes only the
parts that it names, and none that the base pose locks. Its words follow the base pose's: "A person kneeling" + " with ...".
"""
# ruff: noqa: E501 - tables of phrasings and predicates

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from posepipe.training import landmarks as at
from posepipe.training.controls import Controls, Side, mirrored
from posepipe.training.grammar import changes as does
from posepipe.training.grammar.base import ARMS, LEGS, NOTHING, PARTS

Kind = Literal["arms", "legs", "trunk", "head", "facing", "intensity"]
_LEFT_ARM: Final = frozenset({"left_arm"})
_TRUNK: Final = frozenset({"trunk"})
_HEAD: Final = frozenset({"head"})


@dataclass(frozen=True)
class Modifier:
    """One change of a pose with its words.

    Parameters
    ----------
    name, kind : str
    moves : frozenset of str
        Parts of the body that it takes over, for ``{side}`` = left.
    phrasings, held_out : tuple of str
        Templates as in :class:`~posepipe.training.grammar.base.BasePose`, with their own "with" or "while".
    change : Change
        Alters controls in place.
    predicates : tuple of str
        What is true afterwards where nothing forbids it.
    """

    name: str
    kind: Kind
    moves: frozenset[str]
    phrasings: tuple[str, ...]
    change: does.Change
    predicates: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()


_TRUNK_FIELDS: Final = ("pitch", "roll", "flex", "bend", "twist", "balance")
_HEAD_FIELDS: Final = ("nod", "turn_head", "tilt")


def applied(
    modifier: Modifier, controls: Controls, side: Side, locks: frozenset[str], rng: np.random.Generator
) -> Controls:
    """Controls with the modifier done to every part that is not locked."""
    before = controls if side == "left" else mirrored(controls)
    shut = locks if side == "left" else frozenset(swapped(name) for name in locks)
    after = deepcopy(before)
    modifier.change(after, rng)
    for name in ("left_arm", "right_arm", "left_leg", "right_leg"):
        if name in shut:
            setattr(after, name, getattr(before, name))
    if shut & LEGS:
        after = replace(after, support=before.support, weight=before.weight, height=before.height)
    if "trunk" in shut:
        after = replace(after, **{name: getattr(before, name) for name in _TRUNK_FIELDS})
    if "head" in shut:
        after = replace(after, **{name: getattr(before, name) for name in _HEAD_FIELDS})
    return after if side == "left" else mirrored(after)


def swapped(name: str) -> str:
    """A part of the body as its mirror image calls it: "left_arm" is "right_arm", "trunk" stays."""
    first, _, part = name.partition("_")
    return {"left": "right", "right": "left"}.get(first, first) + (f"_{part}" if part else "")


def _arm(name: str, says: tuple[str, ...], held: tuple[str, ...], change: does.Change, *true: str) -> Modifier:
    return Modifier(name, "arms", _LEFT_ARM, says, change, true, held)


def _arms(name: str, says: tuple[str, ...], held: tuple[str, ...], change: does.Change, *true: str) -> Modifier:
    moves = ARMS | _TRUNK if change is does.hands_on_knees else ARMS
    return Modifier(name, "arms", moves, says, change, true, held)


ARM_MODIFIERS: Final = (
    _arm("arm_raised",
         ("with the {side} arm [raised|up|lifted|held up|in the air|raised high|raised overhead|above {his} head]",
          "[while |and |]raising [the|{his}] {side} arm", "[while |and |]holding the {side} arm up",
          "with {his} {side} hand [raised|up|in the air|above the head]", "with the {side} hand up"),
         ("with the {side} arm pointing at the sky", "[while |]lifting {his} {side} arm overhead"),
         does.arm_raised, "arm_raised:left"),
    _arm("arm_forward",
         ("with the {side} arm [stretched forward|extended forward|out in front|stretched out in front|held out forward]",
          "[while |and |]stretching the {side} arm forward", "[while |and |]reaching forward with the {side} [arm|hand]",
          "with {his} {side} arm [straight ahead|extended in front|reaching forward]"),
         ("with the {side} arm held straight out ahead",), does.arm_forward, "arm_forward:left"),
    _arm("arm_sideways",
         ("with the {side} arm [stretched to the side|out to the side|extended sideways|stretched sideways|held out sideways]",
          "[while |and |]stretching the {side} arm [to the side|sideways]",
          "with {his} {side} arm [extended to the side|out sideways|straight out to the side]"),
         ("with the {side} arm reaching out sideways at shoulder height",), does.arm_sideways, "arm_sideways:left"),
    _arm("arm_back", ("with the {side} arm [stretched back|behind the body|extended backward|swung back]",
                      "[while |and |]stretching the {side} arm back"),
         ("with the {side} arm reaching out behind",), does.arm_back, "arm_back:left"),
    _arm("arm_hanging", ("with the {side} arm [hanging|hanging down|at the side|down|hanging loosely]",),
         ("with the {side} arm dangling",), does.arm_hanging),
    _arm("elbow_bent", ("with the {side} [elbow|arm] bent", "[while |and |]bending the {side} [elbow|arm]",
                        "with {his} {side} elbow [bent|flexed]"),
         ("with a bend in the {side} elbow",), does.elbow_bent, "elbow_bent:left"),
    _arm("hand_on_hip",
         ("with the {side} hand on [the|{his}] [hip|waist]", "with {his} {side} hand [resting on the hip|on the hip]",
          "[while |and |]putting the {side} hand on the hip", "with one hand, the {side}, on the hip"),
         ("with the {side} fist propped on the hip", "[while |]resting the {side} hand at the waist"),
         does.hand(at.HIP), "hand_on_hip:left"),
    _arm("hand_on_head",
         ("with the {side} hand on [the|{his}] head", "with {his} {side} hand [on top of the head|resting on the head]",
          "[while |and |]putting the {side} hand on the head"),
         ("with the {side} palm laid on the head",), does.hand(at.HEAD_TOP), "hand_on_head:left"),
    _arm("hand_on_chest",
         ("with the {side} hand on [the|{his}] [chest|heart]", "[while |and |]holding the {side} hand to the chest",
          "with {his} {side} hand [over the heart|at the chest|on the breast]"),
         ("with the {side} palm pressed to the chest",), does.hand(at.CHEST), "hand_on_chest:left"),
    _arm("hand_behind_back", ("with the {side} [hand|arm] behind [the|{his}] back",
                              "[while |and |]holding the {side} hand behind the back"),
         ("with the {side} hand hidden behind the back",), does.hand(at.SMALL_OF_BACK), "hand_behind_back:left"),
    _arm("hand_behind_head", ("with the {side} hand behind [the|{his}] head",),
         ("with the {side} hand at the back of the head",), does.hand(at.BACK_OF_HEAD), "hand_at_head:left"),
    _arm("hand_at_mouth", ("with the {side} hand [at|over|in front of] [the|{his}] mouth",
                           "[while |and |]covering the mouth with the {side} hand"),
         ("with the {side} hand held to the lips",), does.hand(at.MOUTH), "hand_at_face:left"),
    _arm("hand_on_shoulder", ("with the {side} hand on the {other} shoulder",
                              "[while |and |]holding the {other} shoulder with the {side} hand"),
         ("with the {side} hand laid across on the {other} shoulder",), does.hand(at.OTHER_SHOULDER),
         "hand_at_other_shoulder:left"),
    _arm("hand_on_knee", ("with the {side} hand on [the|{his}] [{side} |]knee",
                          "[while |and |]resting the {side} hand on the knee"),
         ("with the {side} palm resting on the knee",), does.hand_on_knee, "hand_on_knee:left"),
    _arm("one_arm_up", ("with one arm [reaching up|raised|up|in the air|above the head]",
                        "[while |and |]reaching up with one [arm|hand]"),
         ("with a single arm stretched upward",), does.arm_raised),
    _arm("one_hand_on_hip", ("with one hand on the hip",), ("with just one hand on the hip",), does.hand(at.HIP)),
    _arms("arms_raised",
          ("with both [arms|hands] [raised|up|in the air|lifted|held up|raised high|overhead|above the head]",
           "with [the |{his} |]arms [raised|up|in the air|overhead|stretched up]", "[while |and |]raising both arms",
           "[while |and |]reaching up with both [arms|hands]", "with hands [up|in the air|raised]"),
          ("with both arms stretched toward the ceiling", "with the two arms held high"),
          does.each(does.up), "arm_raised:both"),
    _arms("arms_forward",
          ("with both arms [stretched forward|extended forward|out in front|held out forward]",
           "with [the |{his} |]arms [stretched forward|straight ahead|extended in front|out in front]",
           "[while |and |]stretching both arms forward", "[while |and |]reaching forward with both [arms|hands]"),
          ("with both arms held straight out ahead",), does.each(does.forward), "arm_forward:both"),
    _arms("arms_spread",
          ("with [the |both |{his} |]arms [spread to the sides|out to the sides|spread|spread wide|stretched sideways|outstretched]",
           "[while |and |]spreading [the |both |{his} |]arms [wide|to the sides|]",
           "with both arms [stretched to the sides|extended sideways]"),
          ("with the arms opened out like wings",), does.each(lambda c, arm, rng: does.sideways(arm, rng)),
          "arm_sideways:both"),
    _arms("hands_on_hips",
          ("with [both |the |{his} |]hands on [the |{his} |]hips", "with hands [resting on the hips|at the waist|on the waist]",
           "[while |and |]putting both hands on the hips", "with arms akimbo"),
          ("with fists planted on both hips",), does.hands(at.HIP), "hand_on_hip:both"),
    _arms("hands_on_head", ("with [both |the |]hands on [top of |]the head",),
          ("with both palms laid on the head",), does.hands(at.HEAD_TOP), "hand_on_head:both"),
    _arms("arms_crossed",
          ("with [the |{his} |both |]arms [crossed|folded] [over the chest|across the chest|in front of the chest|]",
           "[while |and |]crossing [the |{his} |]arms [over the chest|]", "[while |and |]folding [the |{his} |]arms"),
          ("with both arms folded tight against the chest",), does.arms_crossed, "arms_crossed"),
    _arms("hands_clasped_front",
          ("with [the |{his} |both |]hands [clasped|folded|joined|together|held together] in front [of the body|]",
           "[while |and |]clasping [the |{his} |]hands in front"),
          ("with the fingers interlaced before the belly",), does.hands(at.CLASPED_IN_FRONT), "hands_together"),
    _arms("hands_clasped_behind",
          ("with [the |{his} |both |]hands [clasped|folded|joined|held|] behind [the|{his}] back",
           "[while |and |]holding [the |both |]hands behind the back", "with both arms behind the back"),
          ("with the fingers interlaced at the back",), does.hands(at.BEHIND_BACK), "hands_behind_back"),
    _arms("hands_behind_head",
          ("with [the |{his} |both |]hands [clasped |]behind [the|{his}] [head|neck]",
           "[while |and |]holding both hands behind the head"),
          ("with the fingers laced at the nape",), does.hands(at.BACK_OF_HEAD), "hand_at_head:both"),
    _arms("palms_together",
          ("with [the |{his} |both |]palms [together|pressed together] [in front of the chest|]",
           "with hands in [a |]prayer [position|]", "[while |and |]pressing the palms together"),
          ("with the palms joined at the heart",), does.hands(at.PRAYER), "hands_together"),
    _arms("hands_on_knees",
          ("with [both |the |{his} |]hands on [the|{his}] knees", "[while |and |]resting both hands on the knees",
           "with hands [resting on the knees|upon the knees]"),
          ("with both palms propped on the knees",), does.hands_on_knees, "hand_on_knee:both"),
    _arms("hands_on_thighs", ("with [both |the |{his} |]hands on [the|{his}] thighs",),
          ("with both palms resting on the thighs",), does.hands(at.THIGH)),
    _arms("hands_on_shoulders", ("with [both |the |]hands on [the|{his}] shoulders",),
          ("with the fingertips touching the shoulders",), does.hands(at.OWN_SHOULDER)),
    _arms("hands_at_face", ("with [both |the |]hands [on|over|in front of] the face",
                            "[while |and |]covering the face with both hands"),
          ("with the face buried in both hands",), does.hands(at.EYES), "hand_at_face:both"),
    _arms("elbows_bent", ("with [both |the |{his} |]elbows bent", "with both arms bent", "[while |and |]bending both elbows"),
          ("with the arms flexed at the elbows",), does.each(lambda c, arm, rng: does.bend_elbow(arm, rng)),
          "elbow_bent:both"),
    _arms("fists_raised", ("with [both |the |{his} |]fists [raised|up|held up]", "[while |and |]raising both fists",
                           "with [both |]fists clenched and raised"),
          ("with two fists held high",), does.each(does.fists_raised), "elbow_bent:both"),
    _arms("arms_hanging", ("with [the |both |{his} |]arms [hanging loosely|hanging|hanging down|dangling|relaxed|loose]",
                           "[while |and |]letting the arms hang"),
          ("with limp arms",), does.each(lambda c, arm, rng: does.hang(c, arm, rng, 0.95))),
    _arms("arms_at_sides", ("with [the |both |{his} |]arms [at|by|down at] [the|{his}] sides", "with arms down",
                            "[while |and |]keeping the arms at the sides"),
          ("with both arms alongside the body",), does.each(lambda c, arm, rng: does.hang(c, arm, rng, 0.0))),
)  # fmt: skip

LEG_MODIFIERS: Final = (
    Modifier("foot_lifted", "legs", frozenset({"left_leg"}),
             ("with the {side} [foot|leg] [lifted|raised|up|off the ground|in the air]", "[while |and |]lifting the {side} [foot|leg]",
              "[while |and |]raising the {side} [foot|leg]", "with {his} {side} foot [lifted|off the floor]"),
             does.foot_lifted, ("foot_lifted:left",), ("with the {side} foot hovering above the floor",)),
    Modifier("leg_forward", "legs", LEGS,
             ("with the {side} [leg|foot] [forward|in front|ahead]", "with {his} {side} leg [stretched forward|in front]",
              "[while |and |]putting the {side} [foot|leg] forward"),
             does.leg_forward, ("leg_forward:left",), ("with the {side} foot placed ahead of the other",)),
    Modifier("leg_back", "legs", LEGS,
             ("with the {side} [leg|foot] [back|behind|stretched back]", "[while |and |]putting the {side} foot back"),
             does.leg_back, ("leg_back:left",), ("with the {side} foot set behind the other",)),
    Modifier("legs_apart", "legs", LEGS,
             ("with [the |{his} |both |]legs [apart|spread|wide apart]", "with [the |{his} |]feet [apart|wide apart]",
              "[while |and |]spreading the legs"),
             does.legs_apart, ("feet_apart",), ("with a wide gap between the feet",)),
    Modifier("feet_together", "legs", LEGS, ("with [the |both |]feet together", "with [the |both |]legs [together|closed]"),
             does.feet_together, ("feet_together",), ("with the feet touching",)),
    Modifier("knees_bent", "legs", LEGS,
             ("with [the |both |{his} |]knees bent", "with bent knees", "[while |and |]bending the knees",
              "with [the |]legs bent"),
             does.knees_bent, ("knee_bent:both",), ("with both knees flexed",)),
    Modifier("legs_straight", "legs", LEGS, ("with [the |both |{his} |]legs straight", "with straight legs"),
             does.legs_straight, (), ("with the knees fully extended",)),
    Modifier("tiptoe", "legs", LEGS, ("on [{his} |]tiptoe", "on tiptoes", "on [the |{his} |]toes", "with [the |both |]heels [raised|lifted|off the ground]"),
             does.tiptoe, ("tiptoe",), ("up on the balls of the feet",)),
    Modifier("legs_crossed", "legs", LEGS, ("with [the |{his} |]legs crossed", "with crossed legs", "with [the |]ankles crossed"),
             does.legs_crossed, ("legs_crossed",), ("with one leg crossed over the other",)),
)  # fmt: skip

TRUNK_MODIFIERS: Final = (
    Modifier("lean_forward", "trunk", _TRUNK,
             ("with the [torso|trunk|upper body|body] [leaning|bent|inclined|tilted] forward", "[while |and |]leaning forward",
              "[while |and |]bending forward"), does.lean, ("trunk_leans_forward",), ("with the chest tipped toward the ground",)),
    Modifier("lean_back", "trunk", _TRUNK, ("with the [torso|upper body|trunk] leaning back", "[while |and |]leaning back[ward|]"),
             does.lean_back, ("trunk_leans_back",), ("with the chest tipped backward",)),
    Modifier("lean_side", "trunk", _TRUNK, ("with the [torso|upper body|trunk] leaning to the {side}", "[while |and |]leaning to the {side}"),
             does.lean_side, ("trunk_leans:left",), ("with the chest tipped over to the {side}",)),
    Modifier("twist", "trunk", _TRUNK | _HEAD, ("with the [torso|upper body|trunk] [twisted|turned|rotated] to the {side}",
                                                "[while |and |]twisting [the torso |]to the {side}"),
             does.twist, ("trunk_twists:left",), ("with the shoulders rotated to the {side}",)),
    Modifier("upright", "trunk", _TRUNK,
             ("with the [torso|trunk|upper body|back] [upright|straight|erect]", "with a straight back",
              "[while |and |]keeping the [back straight|torso upright]"), does.upright, (), ("with the spine held vertical",)),
)  # fmt: skip

HEAD_MODIFIERS: Final = (
    Modifier("look_up", "head", _HEAD, ("[while |and |]looking up[ward|]", "with the head [raised|tilted back|up]",
                                        "[while |and |]looking [at the sky|at the ceiling]"),
             does.look_up, ("head_up",), ("with the gaze to the sky",)),
    Modifier("look_down", "head", _HEAD, ("[while |and |]looking down[ward|]", "with the head [down|lowered|bowed]",
                                          "[while |and |]looking at the [floor|ground]"),
             does.look_down, ("head_down",), ("with the chin dropped to the chest",)),
    Modifier("look_side", "head", _HEAD, ("[while |and |]looking [to the|to {his}|over to the] {side}", "[while |and |]looking {side}",
                                          "with the head turned [to the|to {his}] {side}", "[while |and |]turning the head to the {side}"),
             does.look_side, ("head_turned:left",), ("with the gaze turned {side}",)),
    Modifier("look_ahead", "head", _HEAD, ("[while |and |]looking [straight ahead|ahead|forward]",),
             does.look_ahead, (), ("with the eyes to the front",)),
    Modifier("tilt", "head", _HEAD, ("with the head tilted", "[while |and |]tilting the head", "with {his} head tilted [to one side|sideways]"),
             does.tilt_any, ("head_tilted",), ("with the head cocked",)),
    Modifier("tilt_side", "head", _HEAD, ("with the head tilted to the {side}", "[while |and |]tilting the head to the {side}"),
             does.tilt_side, ("head_tilts:left",), ("with the head cocked to the {side}",)),
)  # fmt: skip

FACING_MODIFIERS: Final = (
    Modifier("backward", "facing", NOTHING, ("facing [backward|backwards|away|back]", "[while |and |]facing [backward|away]",
                                             "with the back turned"),
             does.backward, ("facing_backward",), ("facing the other way",)),
    Modifier("turning", "facing", NOTHING, ("[while |and |]turning [to the|to {his}] {side}", "turned to the {side}", "[while |and |]turning {side}"),
             does.turning, ("faces:left",), ("while rotating toward the {side}",)),
    Modifier("facing_side", "facing", NOTHING, ("facing [to the |]{side}", "[while |and |]facing [to the |]{side}"),
             does.facing_side, ("faces:left",), ("with the body pointing {side}",)),
)  # fmt: skip

INTENSITY_MODIFIERS: Final = (
    Modifier("deeply", "intensity", PARTS, ("[very |]deeply", "low", "as far as possible", "a lot"), does.deeply, (), ("to a great degree",)),
    Modifier("slightly", "intensity", PARTS, ("[very |]slightly", "a little", "a bit", "gently"), does.slightly, (), ("only by a touch",)),
)  # fmt: skip

MODIFIERS: Final[tuple[Modifier, ...]] = (
    *ARM_MODIFIERS, *LEG_MODIFIERS, *TRUNK_MODIFIERS, *HEAD_MODIFIERS, *FACING_MODIFIERS, *INTENSITY_MODIFIERS,
)  # fmt: skip
