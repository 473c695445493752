"""Modifiers: phrases that change one part of a pose, as "with the left arm raised", "looking up", "on tiptoe".

Each is written for ``{side}`` = left; for the right, the body is mirrored, changed and mirrored back. A modifier
changes only the parts that it names, and none that the base pose locks. Its phrase follows the words of the base
pose: "A person kneeling" + " with the left arm raised". :mod:`training.grammar.changes` holds the changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from posepipe.models.sides import swap_sides
from training import landmarks as at
from training.controls import Controls, Side, copied, mirrored
from training.grammar import changes as does
from training.grammar import limbs, stances
from training.grammar.base import ARMS, HEAD, LEFT_ARM, LEFT_LEG, LEGS, NOTHING, PARTS, TRUNK
from training.grammar.templates import Phrased, with_phrasings

ModifierKind = Literal["arms", "legs", "trunk", "head", "facing", "intensity"]


@dataclass(frozen=True)
class Modifier(Phrased):
    """One change of a pose, with its phrasings.

    Parameters
    ----------
    kind : str
        What it is about.
    moves : frozenset of str
        Parts of the body that it moves, for ``{side}`` = left. The modifiers of a caption move different parts.
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


_LIMBS: Final = ("left_arm", "right_arm", "left_leg", "right_leg")
_TRUNK_FIELDS: Final = ("pitch", "roll", "flex", "bend", "twist", "balance")
_HEAD_FIELDS: Final = ("nod", "turn_head", "tilt")


def applied(
    modifier: Modifier, controls: Controls, side: Side, locks: frozenset[str], rng: np.random.Generator
) -> Controls:
    """Return controls changed by a modifier, except for the locked parts."""
    before = controls if side == "left" else mirrored(controls)
    locked = for_side(locks, side)
    after = _with_own_limbs(before)
    modifier.change(after, rng)
    for name in _LIMBS:
        if name in locked:
            setattr(after, name, getattr(before, name))
    if locked & LEGS:
        after = copied(after, support=before.support, weight=before.weight, height=before.height)
    if "trunk" in locked:
        after = copied(after, **{name: getattr(before, name) for name in _TRUNK_FIELDS})
    if "head" in locked:
        after = copied(after, **{name: getattr(before, name) for name in _HEAD_FIELDS})
    return after if side == "left" else mirrored(after)


def _with_own_limbs(controls: Controls) -> Controls:
    """Return a copy whose limbs are copies too."""
    limbs_of = {name: copied(getattr(controls, name)) for name in _LIMBS}
    return copied(controls, **limbs_of)


def for_side(parts: frozenset[str], side: Side) -> frozenset[str]:
    """Return parts of the body written for ``{side}`` = left as parts for another side."""
    return parts if side == "left" else frozenset(map(swap_sides, parts))


def _arm(name: str, change: does.Change, *predicates: str) -> Modifier:
    return Modifier(name, "arms", LEFT_ARM, change, predicates)


def _arms(name: str, change: does.Change, *predicates: str) -> Modifier:
    return Modifier(name, "arms", ARMS, change, predicates)


def _hand(name: str, target: at.Target, predicate: str) -> Modifier:
    return _arm(name, limbs.hand(target), f"{predicate}:left")


def _hands(name: str, target: at.Target, predicate: str) -> Modifier:
    return _arms(name, limbs.both(limbs.hand(target)), f"{predicate}:both")


def _leg(name: str, change: does.Change, *predicates: str, moves: frozenset[str] = LEFT_LEG) -> Modifier:
    return Modifier(name, "legs", moves, change, predicates)


ARM_MODIFIERS: Final = (
    _arm("arm_raised", limbs.arm_up, "arm_lifted:left"),
    _arm("arm_forward", limbs.arm_forward, "arm_points_forward:left"),
    _arm("arm_sideways", limbs.arm_to(1, 0, 0), "arm_points_out:left"),
    _arm("arm_back", limbs.arm_to(0.15, -0.75, -0.7), "arm_points_back:left"),
    _arm("arm_hanging", limbs.arm_hangs, "arm_hangs:left"),
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
    _arm("hand_on_knee", limbs.hand(at.OWN_KNEE), "hand_touches_knee:left"),
    _arm("one_arm_up", limbs.arm_up, "arm_lifted:left"),
    _arm("one_hand_on_hip", does.hand(at.HIP), "hand_on_hip:left"),
    _arms("arms_raised", limbs.both(limbs.arm_up), "arm_lifted:both"),
    _arms("arms_forward", limbs.both(limbs.arm_forward), "arm_points_forward:both"),
    _arms("arms_spread", limbs.both(limbs.arm_to(1, 0, 0)), "arm_points_out:both"),
    _arms("hands_on_hips", does.hands(at.HIP), "hand_on_hip:both"),
    _arms("hands_on_head", does.hands(at.HEAD_TOP), "hand_on_head:both"),
    _arms("arms_crossed", does.arms_crossed, "arms_crossed"),
    _arms("hands_clasped_front", limbs.hands_joined(at.CLASPED_IN_FRONT.moved(y=0.06)), "hands_together"),
    _arms("hands_clasped_behind", limbs.hands_joined(at.BEHIND_BACK.moved(x=0.01, y=0.07)), "hands_behind_back"),
    _arms("hands_behind_head", does.hands(at.BACK_OF_HEAD), "hand_at_head:both"),
    _arms("palms_together", limbs.hands_joined(at.PRAYER), "hands_together"),
    _arms("hands_on_knees", limbs.both(limbs.hand(at.OWN_KNEE)), "hand_touches_knee:both"),
    _hands("hands_on_thighs", at.OWN_THIGH, "hand_touches_thigh"),
    _arms("hands_on_shoulders", does.hands(at.OWN_SHOULDER), "hand_near_own_shoulder:both"),
    _arms("hands_at_face", does.hands(at.EYES), "hand_at_face:both"),
    _arms("elbows_bent", does.each(lambda c, arm, rng: does.bend_elbow(arm, rng)), "elbow_bent:both"),
    _arms("fists_raised", does.each(does.fists_raised), "elbow_bent:both"),
    _arms("arms_hanging", limbs.both(limbs.arm_hangs), "arm_hangs:both"),
    _arms("arms_at_sides", does.each(lambda c, arm, rng: does.hang(c, arm, rng, loose=0.0))),
)

LEG_MODIFIERS: Final = (
    Modifier("foot_lifted", "legs", frozenset({"left_leg"}), does.foot_lifted, ("foot_lifted:left",)),
    Modifier("leg_forward", "legs", LEGS, does.leg_forward, ("leg_forward:left",)),
    Modifier("leg_back", "legs", LEGS, does.leg_back, ("leg_back:left",)),
    Modifier("legs_apart", "legs", LEGS, does.legs_apart, ("feet_apart",)),
    Modifier("feet_together", "legs", LEGS, does.feet_together, ("feet_together",)),
    Modifier("knees_bent", "legs", LEGS, does.knees_bent, ("knee_bent:both",)),
    Modifier("legs_straight", "legs", LEGS, does.legs_straight, ("leg_straight:both",)),
    Modifier("tiptoe", "legs", LEGS, does.tiptoe, ("tiptoe",)),
    Modifier("legs_crossed", "legs", LEGS, stances.leg_crossed, ("legs_crossed",)),
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

HAND_TARGETS: Final = (
    ("foot", at.INSTEP), ("other_foot", at.OTHER_INSTEP), ("ankle", at.OWN_ANKLE), ("other_ankle", at.OTHER_ANKLE),
    ("shin", at.OWN_SHIN), ("other_shin", at.OTHER_SHIN), ("other_knee", at.ACROSS_KNEE), ("thigh", at.OWN_THIGH),
    ("other_thigh", at.OTHER_THIGH), ("other_hip", at.OTHER_HIP), ("lower_back", at.LOWER_BACK), ("neck", at.THROAT),
    ("back_of_neck", at.NAPE), ("cheek", at.CHEEK_SIDE), ("forehead", at.BROW), ("top_of_head", at.HEAD_TOP),
    ("back_of_head", at.BACK_OF_HEAD), ("other_elbow", at.OTHER_ELBOW), ("other_upper_arm", at.OTHER_UPPER_ARM),
)  # fmt: skip
"""Where the left hand can be put: names, which the predicates ``hand_touches_...`` share, and targets."""

LIMB_ARMS: Final = (
    _arm("arm_up_forward", limbs.arm_to(0.1, 1, 1), "arm_points_up_forward:left"),
    _arm("arm_up_side", limbs.arm_to(1, 1, 0.1), "arm_points_up_out:left"),
    _arm("arm_down_side", limbs.arm_to(1, -1, 0.1), "arm_points_down_out:left"),
    _arm("arm_down_forward", limbs.arm_to(0.1, -1, 1), "arm_points_down_forward:left"),
    _arm("arm_across", limbs.arm_across, "arm_points_across:left"),
    _arm("forearm_up", limbs.forearm_up, "forearm_points_up:left"),
    _arm("forearm_up_side", limbs.forearm_up_side, "forearm_points_up:left", "elbow_bent:left"),
    _arm("forearm_up_front", limbs.forearm_up_front, "forearm_points_up:left", "elbow_bent:left"),
    _arm("forearm_down_side", limbs.forearm_down_side, "forearm_points_down:left", "elbow_bent:left"),
    _arm("forearm_forward", limbs.forearm_forward, "forearm_points_forward:left", "elbow_bent:left"),
    _arm("forearm_across", limbs.hand(at.ACROSS_BELLY), "forearm_points_across:left"),
    _arm("hand_on_floor", limbs.hand_on_floor, "hand_touches_floor:left"),
    *(_hand(f"hand_on_{name}", target, f"hand_touches_{name}") for name, target in HAND_TARGETS),
    Modifier("hand_on_other_wrist", "arms", ARMS, limbs.hold_wrist, ("hand_touches_other_wrist:left",)),
    _hand("hand_at_ear", at.EAR, "hand_touches_ear"),
    _hand("hand_over_eyes", at.OVER_EYES, "hand_touches_eyes"),
    _hand("hand_on_wall", at.WALL, "hand_against_wall"),
    _hand("hand_on_table", at.TABLE, "hand_on_table"),
    _arm("elbow_on_table", limbs.elbow_on(at.ELBOW_ON_TABLE), "elbow_on_table:left"),
    _arm("elbow_on_knee", limbs.elbow_on(at.ELBOW_ON_KNEE), "elbow_touches_knee:left"),
    _arm("elbow_on_other_knee", limbs.elbow_on(at.ELBOW_ON_OTHER_KNEE), "elbow_touches_other_knee:left"),
    _arms("arms_back", limbs.both(limbs.arm_to(0.15, -0.75, -0.7)), "arm_points_back:both"),
    _arms("arms_diagonal_up", limbs.both(limbs.arm_to(1, 1, 0.1)), "arm_points_up_out:both"),
    _arms("arms_diagonal_down", limbs.both(limbs.arm_to(1, -1, 0.1)), "arm_points_down_out:both"),
    _arms("arms_up_forward", limbs.both(limbs.arm_to(0.1, 1, 1)), "arm_points_up_forward:both"),
    _arms("arms_down_forward", limbs.both(limbs.arm_to(0.1, -1, 1)), "arm_points_down_forward:both"),
    _arms("arms_to_side", limbs.arms_to_side, "arm_points_out:left", "arm_points_across:right"),
    _arms("forearms_up", limbs.both(limbs.forearm_up), "forearm_points_up:both"),
    _arms("forearms_up_side", limbs.both(limbs.forearm_up_side), "forearm_points_up:both", "elbow_bent:both"),
    _arms("forearms_forward", limbs.both(limbs.forearm_forward), "forearm_points_forward:both", "elbow_bent:both"),
    _arms("hands_on_floor", limbs.both(limbs.hand_on_floor), "hand_touches_floor:both"),
    _hands("hands_on_feet", at.INSTEP, "hand_touches_foot"),
    _hands("hands_on_ankles", at.OWN_ANKLE, "hand_touches_ankle"),
    _hands("hands_on_shins", at.OWN_SHIN, "hand_touches_shin"),
    _hands("hands_on_belly", at.BELLY.moved(x=0.04), "hand_on_belly"),
    _hands("hands_on_lower_back", at.LOWER_BACK.moved(x=0.03), "hand_touches_lower_back"),
    _hands("hands_on_chest", at.CHEST.moved(x=0.06), "hand_on_chest"),
    _hands("hands_on_neck", at.NAPE.moved(x=0.02), "hand_touches_back_of_neck"),
    _hands("hands_on_cheeks", at.CHEEK_SIDE, "hand_touches_cheek"),
    _hands("hands_over_ears", at.EAR, "hand_touches_ear"),
    _hands("hands_on_forehead", at.BROW.moved(x=0.03), "hand_touches_forehead"),
    _hands("hands_on_wall", at.WALL, "hand_against_wall"),
    _hands("hands_on_table", at.TABLE, "hand_on_table"),
    _arms("elbows_on_knees", limbs.both(limbs.elbow_on(at.ELBOW_ON_KNEE)), "elbow_touches_knee:both"),
    _arms("elbows_on_table", limbs.both(limbs.elbow_on(at.ELBOW_ON_TABLE)), "elbow_on_table:both"),
    _arms("hands_clasped_chest", limbs.hands_joined(at.AT_CHEST), "hands_joined", "hands_before_chest"),
    _arms("hands_clasped_overhead", limbs.hands_joined(at.OVERHEAD), "hands_joined", "hands_overhead"),
    _arms("palms_overhead", limbs.hands_joined(at.OVERHEAD.moved(y=0.04)), "hands_joined", "hands_overhead"),
)

LIMB_LEGS: Final = (
    _leg("leg_stretched_forward", stances.leg_stretched_forward, "leg_points_forward:left"),
    _leg("leg_stretched_back", stances.leg_stretched_back, "leg_points_back:left"),
    _leg("leg_stretched_side", stances.leg_stretched_side, "leg_points_out:left"),
    _leg("knee_raised", stances.knee_raised, "knee_raised:left"),
    _leg("leg_bent", stances.leg_bent, "knee_bent:left"),
    _leg("heel_to_seat", stances.heel_to_seat, "heel_at_seat:left"),
    _leg("leg_straight", stances.leg_straight, "leg_straight:left"),
    _leg("leg_crossed", stances.leg_crossed, "leg_over_other:left", moves=LEGS),
    _leg("heel_raised", stances.heel_raised, "heel_raised:left"),
    _leg("toes_raised", stances.toes_raised, "toes_raised:left"),
    _leg("foot_on_other_knee", stances.foot_on_knee, "foot_on_other_knee:left", moves=LEGS),
    _leg("heels_raised", does.tiptoe, "heel_raised:both", moves=LEGS),
    _leg("toes_out", limbs.both(stances.toes_out), "toes_out:both", moves=LEGS),
    _leg("toes_in", limbs.both(stances.toes_in), "toes_in:both", moves=LEGS),
)

LIMB_TRUNK: Final = (
    Modifier("bend_over", "trunk", TRUNK, stances.bend_over, ("trunk_bent_forward",)),
    Modifier("side_bend", "trunk", TRUNK, stances.side_bend, ("trunk_bends:left",)),
    Modifier("hunch", "trunk", TRUNK, stances.hunch, ("spine_rounded",)),
    Modifier("arch", "trunk", TRUNK, stances.arch, ("spine_arched",)),
    Modifier("shoulder_up", "trunk", LEFT_ARM, stances.shoulder_up, ("shoulder_raised:left",)),
    Modifier("shoulders_up", "trunk", ARMS, limbs.both(stances.shoulder_up), ("shoulder_raised:both",)),
)

LIMB_HEAD: Final = (
    Modifier("look_behind", "head", HEAD | TRUNK, stances.look_behind, ("looks_behind:left",)),
    Modifier("look_up_side", "head", HEAD, stances.look(56, -18), ("looks_up_to:left",)),
    Modifier("look_down_side", "head", HEAD, stances.look(44, 32), ("looks_down_to:left",)),
    Modifier("head_back", "head", HEAD, stances.head_back, ("head_up",)),
)

MODIFIERS: Final[tuple[Modifier, ...]] = (
    *with_phrasings(
        "modifiers",
        (
            *ARM_MODIFIERS,
            *LEG_MODIFIERS,
            *TRUNK_MODIFIERS,
            *HEAD_MODIFIERS,
            *FACING_MODIFIERS,
            *INTENSITY_MODIFIERS,
        ),
    ),
    *with_phrasings("limbs", (*LIMB_ARMS, *LIMB_LEGS, *LIMB_TRUNK, *LIMB_HEAD)),
)
"""All modifiers, with their phrasings."""
