"""Examples: a base pose and modifiers put together to a caption, its motion and the predicates that hold for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.models.sides import swap_sides
from training.controls import Controls, Side, mirrored, opposite
from training.grammar.base import ARMS, BasePose
from training.grammar.geometry import PoseGeometry
from training.grammar.modifiers import MODIFIERS, Modifier, applied, for_side
from training.grammar.predicates import holds
from training.grammar.roles import told
from training.grammar.sentences import filled, hand_named, leg_named, one_named, sentence, with_other
from training.grammar.templates import drawn_wording
from training.kinematics import solve
from training.variation import held, jittered

_KINDS: Final = ("arms", "legs", "trunk", "head", "facing", "intensity")
_KIND_SHARES: Final = (0.42, 0.24, 0.09, 0.12, 0.09, 0.04)
_COUNT_SHARES: Final = (0.40, 0.33, 0.22, 0.05)
"""Probabilities of 0, 1, 2 and 3 kinds of modifiers."""

_SECOND_ARM: Final = 0.3
"""Probability that a one-arm modifier is followed by one for the other arm."""

_ROLE_TOLD: Final = 0.35
"""Probability that a caption without a side is told a role of one side."""

_LEFT_ALONE: Final = 0.65
"""Probability that a modifier spares the parts that the base pose needs."""

_BY_KIND: Final = {kind: tuple(m for m in MODIFIERS if m.kind == kind) for kind in _KINDS}
_DONE_BY_HAND: Final = frozenset({"fighting", "gestures", "daily"})
"""Groups of actions. In other groups the hand that a predicate mentions may carry the body."""

_BEGINS_WITH_LIMB: Final = frozenset(
    {"the", "both", "arms", "hands", "palms", "elbows", "fists", "legs", "feet", "knees", "back"}
)


@dataclass(frozen=True)
class Example:
    """A caption with a motion that does what it says.

    Attributes
    ----------
    caption : str
    motion : (frames, 22, 3) float32 array
        Metres.
    base, group : str
        Names of the base pose and its group.
    side : "left" or "right"
        What ``{side}`` stands for.
    modifiers : tuple of str
        Names, each with its side: "arm_raised:left".
    predicates : tuple of str
        Those that hold for the middle frame.
    """

    caption: str
    motion: NDArray[np.float32]
    base: str
    group: str
    side: Side
    modifiers: tuple[str, ...]
    predicates: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """An example whose joints are not computed yet.

    Attributes
    ----------
    caption, base, group, side, modifiers
        As in :class:`Example`.
    controls : Controls
        Of the held pose, for ``frames`` frames.
    frames : int
    predicates : tuple of str
        Those of base pose and modifiers; some may not hold.
    """

    caption: str
    controls: Controls
    frames: int
    base: str
    group: str
    side: Side
    modifiers: tuple[str, ...]
    predicates: tuple[str, ...]

    def solved(self) -> Example:
        """Compute the joints, and keep the predicates that hold."""
        motion = solve(self.controls, self.frames)
        pose = PoseGeometry(motion[self.frames // 2])
        holding = tuple(name for name in self.predicates if holds(name, pose))
        return Example(self.caption, motion, self.base, self.group, self.side, self.modifiers, holding)


def built(base: BasePose, side: Side, rng: np.random.Generator) -> Controls:
    """Build the controls of a base pose for one side, with random variation."""
    controls = jittered(base.build(rng), rng, base.spread)
    return controls if side == "left" else mirrored(controls)


def expected(base: BasePose, side: Side) -> tuple[str, ...]:
    """Return the predicates of a base pose for one side."""
    return base.predicates if side == "left" else tuple(swap_sides(name) for name in base.predicates)


def limb_named(group: str, base: BasePose, words: str) -> list[str]:
    """Return wordings that also name the leg or hand which ``words`` leave open; [] if there is none to name."""
    if "balance" in base.tags:
        return leg_named(words, "{side}" if "stands_on:left" in base.predicates else "{other}")
    return hand_named(words) if base.one_handed and group in _DONE_BY_HAND else []


def drawn_modifiers(rng: np.random.Generator) -> list[Modifier]:
    """Draw the modifiers of one caption: none to four, of different kinds.

    A modifier for one arm may be followed by one for the other arm.
    """
    count = int(rng.choice(len(_COUNT_SHARES), p=_COUNT_SHARES))
    if not count:
        return []
    kinds = rng.choice(len(_KINDS), count, replace=False, p=_KIND_SHARES)
    last = _KINDS.index("intensity")
    order = sorted((int(kind) for kind in kinds), key=lambda kind: (kind == last, rng.random() * 1.5 + kind))
    chosen = []
    for kind in order:
        choices = _BY_KIND[_KINDS[kind]]
        chosen.append(choices[int(rng.integers(len(choices)))])
        if chosen[-1].one_armed and rng.random() < _SECOND_ARM:
            second = [each for each in choices if each.one_armed and each is not chosen[-1]]
            chosen.append(second[int(rng.integers(len(second)))])
    return chosen


def draft(
    group: str,
    base: BasePose,
    modifiers: Sequence[Modifier],
    rng: np.random.Generator,
    frames: int = 16,
    *,
    side: Side | None = None,
    natural: bool = False,
) -> Draft:
    """Draw a caption and the controls of its pose.

    Parameters
    ----------
    group : str
    base : BasePose
    modifiers : sequence of Modifier
    rng : numpy Generator
    frames : int
        Length of the motion at 20 frames a second.
    side : "left", "right" or None
        What ``{side}`` stands for; None draws it.
    natural : bool
        Write captions as people do. A wording without a side may be followed by what a limb of one side does, if no
        modifier moves that limb. Modifiers mostly spare the parts that the base pose needs: a one-arm modifier goes
        to the free arm, another is left out.
    """
    words = _base_words(group, base, modifiers, rng, natural)
    if side is None:
        chance = 0.5 if _names_side(words) else base.right
        side = "right" if rng.random() < chance else "left"
    controls = built(base, side, rng)
    locks, busy = for_side(base.locks, side), for_side(base.busy, side)
    predicates = list(expected(base, side))
    names: list[str] = []
    words = filled(words, side, "{his}")
    free_arm: Side | None = None
    for modifier in modifiers:
        on: Side = "left" if rng.random() < 0.5 else "right"
        is_second_arm = modifier.one_armed and free_arm is not None
        if modifier.one_armed:
            on = free_arm or on
        if natural and rng.random() < _LEFT_ALONE:
            if modifier.one_armed and free_arm is None and len(busy & ARMS) == 1:
                on = "right" if "left_arm" in busy else "left"
            elif for_side(modifier.moves, on) & busy:
                continue
        if modifier.one_armed:
            free_arm = opposite(on)
        controls = applied(modifier, controls, on, locks, rng)
        phrase = filled(_drawn(modifier.phrasings, rng), on, "{his}")
        if is_second_arm and rng.random() < 0.3:
            phrase = phrase.replace(f"the {on} ", "the other ", 1)
        words += _conjunction(words, phrase, len(names), rng) + phrase
        names.append(f"{modifier.name}:{on}")
        predicates += modifier.predicates if on == "left" else tuple(map(swap_sides, modifier.predicates))
    controls = held(controls, frames, rng)
    caption = sentence(words, side, rng)
    return Draft(caption, controls, frames, base.name, group, side, tuple(names), tuple(dict.fromkeys(predicates)))


def compose(
    group: str,
    base: BasePose,
    modifiers: Sequence[Modifier],
    rng: np.random.Generator,
    frames: int = 16,
    *,
    side: Side | None = None,
    natural: bool = False,
) -> Example:
    """Make one example of a base pose with modifiers; the parameters are those of :func:`draft`.

    Predicates that do not hold are left out: a modifier may contradict the base pose, and a locked part keeps a
    modifier from working.
    """
    return draft(group, base, modifiers, rng, frames, side=side, natural=natural).solved()


def _names_side(words: str) -> bool:
    return "{side}" in words or "{other}" in words


def _base_words(
    group: str, base: BasePose, modifiers: Sequence[Modifier], rng: np.random.Generator, natural: bool
) -> str:
    """Draw the words for a base pose, sometimes with a limb named or a role told."""
    words = with_other(_drawn(base.phrasings, rng), rng)
    words = one_named(words, limb_named(group, base, words), rng)
    if natural and not _names_side(words) and rng.random() < _ROLE_TOLD:
        role = told(base, {"arms", "legs"} - {modifier.kind for modifier in modifiers}, rng)
        words += (", " if " with " in f" {words}" else " ") + role if role else ""
    return words


def _drawn(templates: Sequence[str], rng: np.random.Generator) -> str:
    """Draw a wording of one of some templates."""
    return drawn_wording(templates[int(rng.integers(len(templates)))], rng)


def _conjunction(before: str, phrase: str, count: int, rng: np.random.Generator) -> str:
    """Draw what joins a modifier's phrase to the words before it, which have ``count`` modifiers already."""
    if phrase.startswith("and "):
        return " "
    choice = rng.random()
    begins = phrase.split(" ", 1)[0]
    if begins.endswith("ing") and begins != "facing":
        return ", " if choice < 0.5 else (" and " if choice < 0.75 else " while ")
    if begins in _BEGINS_WITH_LIMB:
        return " and " if "with " in before and choice < 0.5 else ", "
    if count and choice < 0.4:
        return " and "
    return ", " if choice > 0.93 and begins in ("with", "while") else " "
