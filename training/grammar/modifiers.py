"""Modifiers: phrases that change one part of a pose, as "with the left arm raised", "looking up", "on tiptoe".

Each is written for ``{side}`` = left; for the right, the body is mirrored, changed and mirrored back. A modifier
changes only the parts that it names, and none that the base pose locks. Its phrase follows the words of the base
pose: "A person kneeling" + " with the left arm raised". :mod:`training.grammar.changes` holds the changes.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from posepipe.models.sides import swap_sides
from training import landmarks as at
from training.controls import Controls, Side, mirrored
from training.grammar import changes as does
from training.grammar.base import ARMS, HEAD, LEFT_ARM, LEGS, NOTHING, PARTS, TRUNK
from training.grammar.templates import Phrased, with_phrasings

ModifierKind = Literal["arms", "legs", "trunk", "head", "facing", "intensity"]


@dataclass(frozen=True)
class Modifier(Phrased):
    """One change of a pose, with its phrasings.

    Parameters
    ----------
    kind : str
        A caption has at most one modifier of each kind, except one for each arm.
    moves : frozenset of str
        Parts of the body that it moves, for ``{side}`` = left.
    change : callable
        Takes controls and a random generator, and changes the controls in place.
    predicates : tuple of str
        What holds afterwards, unless a lock of the base pose prevents it.
    """

    kind: ModifierKind
    moves: frozenset[str]
    change: does.Change
    predicates: tuple[str, ...] = ()

    @property
    def one_armed(self) -> bool:
        """Whether it moves one arm only, so that another modifier may move the other arm."""
        return self.moves == LEFT_ARM


_TRUNK_FIELDS: Final = ("pitch", "roll", "flex", "bend", "twist", "balance")
_HEAD_FIELDS: Final = ("nod", "turn_head", "tilt")


def applied(
    modifier: Modifier, controls: Controls, side: Side, locks: frozenset[str], rng: np.random.Generator
) -> Controls:
    """Return controls changed by a modifier, except for the locked parts."""
    before = controls if side == "left" else mirrored(controls)
    locked = for_side(locks, side)
    after = deepcopy(before)
    modifier.change(after, rng)
    for name in ("left_arm", "right_arm", "left_leg", "right_leg"):
        if name in locked:
            setattr(after, name, getattr(before, name))
    if locked & LEGS:
        after = replace(after, support=before.support, weight=before.weight, height=before.height)
    if "trunk" in locked:
        after = replace(after, **{name: getattr(before, name) for name in _TRUNK_FIELDS})
    if "head" in locked:
        after = replace(after, **{name: getattr(before, name) for name in _HEAD_FIELDS})
    return after if side == "left" else mirrored(after)


def for_side(parts: frozenset[str], side: Side) -> frozenset[str]:
    """Return parts of the body written for ``{side}`` = left as parts for another side."""
    return parts if side == "left" else frozenset(map(swap_sides, parts))


def _arm(name: str, change: does.Change, *predicates: str) -> Modifier:
    return Modifier(name, "arms", LEFT_ARM, change, predicates)


def _arms(name: str, change: does.Change, *predicates: str) -> Modifier:
    moves = ARMS | TRUNK if change is does.hands_on_knees else ARMS
    return Modifier(name, "arms", moves, change, predicates)


ARM_MODIFIERS: Final = (
    _arm("arm_raised", does.arm_raised, "arm_raised:left"),
    _arm("arm_forward", does.arm_forward, "arm_forward:left"),
    _arm("arm_sideways", does.arm_sideways, "arm_sideways:left"),
    _arm("arm_back", does.arm_back, "arm_back:left"),
    _arm("arm_hanging", does.arm_hanging),
    _arm("elbow_bent", does.elbow_bent, "elbow_bent:left"),
    _arm("hand_on_hip", does.hand(at.HIP), "hand_on_hip:left"),
    _arm("hand_on_head", does.hand(at.HEAD_TOP), "hand_on_head:left"),
    _arm("hand_on_chest", does.hand(at.CHEST), "hand_on_chest:left"),
    _arm("hand_behind_back", does.hand(at.SMALL_OF_BACK), "hand_behind_back:left"),
    _arm("hand_behind_head", does.hand(at.BACK_OF_HEAD), "hand_at_head:left"),
    _arm("hand_at_mouth", does.hand(at.MOUTH), "hand_at_face:left"),
    _arm("hand_on_shoulder", does.hand(at.OTHER_SHOULDER), "hand_at_other_shoulder:left"),
    _arm("hand_on_own_shoulder", does.hand(at.OWN_SHOULDER), "hand_near_own_shoulder:left"),
    _arm("hand_on_belly", does.hand(at.BELLY), "hand_on_belly:left"),
    _arm("hand_at_chin", does.hand(at.CHIN), "hand_at_chin:left"),
    _arm("hand_on_knee", does.hand_on_knee, "hand_on_knee:left"),
    _arm("one_arm_up", does.arm_raised),
    _arm("one_hand_on_hip", does.hand(at.HIP)),
    _arms("arms_raised", does.each(does.up), "arm_raised:both"),
    _arms("arms_forward", does.each(does.forward), "arm_forward:both"),
    _arms("arms_spread", does.each(lambda c, arm, rng: does.sideways(arm, rng)), "arm_sideways:both"),
    _arms("hands_on_hips", does.hands(at.HIP), "hand_on_hip:both"),
    _arms("hands_on_head", does.hands(at.HEAD_TOP), "hand_on_head:both"),
    _arms("arms_crossed", does.arms_crossed, "arms_crossed"),
    _arms("hands_clasped_front", does.hands(at.CLASPED_IN_FRONT), "hands_together"),
    _arms("hands_clasped_behind", does.hands(at.BEHIND_BACK), "hands_behind_back"),
    _arms("hands_behind_head", does.hands(at.BACK_OF_HEAD), "hand_at_head:both"),
    _arms("palms_together", does.hands(at.PRAYER), "hands_together"),
    _arms("hands_on_knees", does.hands_on_knees, "hand_on_knee:both"),
    _arms("hands_on_thighs", does.hands(at.THIGH)),
    _arms("hands_on_shoulders", does.hands(at.OWN_SHOULDER)),
    _arms("hands_at_face", does.hands(at.EYES), "hand_at_face:both"),
    _arms("elbows_bent", does.each(lambda c, arm, rng: does.bend_elbow(arm, rng)), "elbow_bent:both"),
    _arms("fists_raised", does.each(does.fists_raised), "elbow_bent:both"),
    _arms("arms_hanging", does.each(lambda c, arm, rng: does.hang(c, arm, rng, loose=0.95))),
    _arms("arms_at_sides", does.each(lambda c, arm, rng: does.hang(c, arm, rng, loose=0.0))),
)

LEG_MODIFIERS: Final = (
    Modifier("foot_lifted", "legs", frozenset({"left_leg"}), does.foot_lifted, ("foot_lifted:left",)),
    Modifier("leg_forward", "legs", LEGS, does.leg_forward, ("leg_forward:left",)),
    Modifier("leg_back", "legs", LEGS, does.leg_back, ("leg_back:left",)),
    Modifier("legs_apart", "legs", LEGS, does.legs_apart, ("feet_apart",)),
    Modifier("feet_together", "legs", LEGS, does.feet_together, ("feet_together",)),
    Modifier("knees_bent", "legs", LEGS, does.knees_bent, ("knee_bent:both",)),
    Modifier("legs_straight", "legs", LEGS, does.legs_straight),
    Modifier("tiptoe", "legs", LEGS, does.tiptoe, ("tiptoe",)),
    Modifier("legs_crossed", "legs", LEGS, does.legs_crossed, ("legs_crossed",)),
)

TRUNK_MODIFIERS: Final = (
    Modifier("lean_forward", "trunk", TRUNK, does.lean, ("trunk_leans_forward",)),
    Modifier("lean_back", "trunk", TRUNK, does.lean_back, ("trunk_leans_back",)),
    Modifier("lean_side", "trunk", TRUNK, does.lean_side, ("trunk_leans:left",)),
    Modifier("twist", "trunk", TRUNK | HEAD, does.twist, ("trunk_twists:left",)),
    Modifier("upright", "trunk", TRUNK, does.upright),
)

HEAD_MODIFIERS: Final = (
    Modifier("look_up", "head", HEAD, does.look_up, ("head_up",)),
    Modifier("look_down", "head", HEAD, does.look_down, ("head_down",)),
    Modifier("look_side", "head", HEAD, does.look_side, ("head_turned:left",)),
    Modifier("look_ahead", "head", HEAD, does.look_ahead),
    Modifier("tilt", "head", HEAD, does.tilt_any, ("head_tilted",)),
    Modifier("tilt_side", "head", HEAD, does.tilt_side, ("head_tilts:left",)),
)

FACING_MODIFIERS: Final = (
    Modifier("backward", "facing", NOTHING, does.backward, ("facing_backward",)),
    Modifier("turning", "facing", NOTHING, does.turning, ("faces:left",)),
    Modifier("facing_side", "facing", NOTHING, does.facing_side, ("faces:left",)),
)

INTENSITY_MODIFIERS: Final = (
    Modifier("deeply", "intensity", PARTS, does.deeply),
    Modifier("slightly", "intensity", PARTS, does.slightly),
)

MODIFIERS: Final[tuple[Modifier, ...]] = with_phrasings(
    "modifiers",
    (
        *ARM_MODIFIERS,
        *LEG_MODIFIERS,
        *TRUNK_MODIFIERS,
        *HEAD_MODIFIERS,
        *FACING_MODIFIERS,
        *INTENSITY_MODIFIERS,
    ),
)
