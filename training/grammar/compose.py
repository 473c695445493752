"""Base poses and modifiers put together: caption, motion and what must be true of it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.errors import ConfigError
from posepipe.models.sides import swap_sides
from training.controls import Controls, Side, held, jittered, mirrored, other
from training.grammar import (
    daily,
    dance,
    emotion,
    fighting,
    gestures,
    gymnastics,
    kneeling,
    lying,
    moving,
    sitting,
    sports,
    squatting,
    standing,
    trunk,
    yoga,
)
from training.grammar.base import ARMS, BasePose, one_of, with_words
from training.grammar.modifiers import MODIFIERS, Modifier, applied, for_side
from training.grammar.predicates import View, holds
from training.grammar.roles import told
from training.grammar.sentences import filled, hand_named, leg_named, one_named, sentence, the_other
from training.kinematics import solve

_MODULES: Final = (
    standing, trunk, sitting, kneeling, squatting, lying, gymnastics, yoga, sports, fighting, gestures, daily,
    moving, emotion, dance,
)  # fmt: skip
GROUPS: Final[dict[str, tuple[BasePose, ...]]] = {
    name: with_words(name, module.POSES)
    for name, module in ((each.__name__.rsplit(".", 1)[1], each) for each in _MODULES)
}
"""Base poses by group."""

_KINDS: Final = ("arms", "legs", "trunk", "head", "facing", "intensity")
_KIND_SHARES: Final = (0.42, 0.24, 0.09, 0.12, 0.09, 0.04)
_COUNT_SHARES: Final = (0.40, 0.33, 0.22, 0.05)
_SECOND_ARM: Final = 0.3
_ROLE_TOLD: Final = 0.35
_LEFT_ALONE: Final = 0.65
_BY_KIND: Final = {kind: tuple(m for m in MODIFIERS if m.kind == kind) for kind in _KINDS}


@dataclass(frozen=True)
class Example:
    """A caption with a motion that does what it says.

    ``motion`` is (frames, 22, 3) float32, metres; ``side`` what ``{side}`` stood for; ``modifiers`` names with
    their side; ``predicates`` are true of its middle frame.
    """

    caption: str
    motion: NDArray[np.float32]
    base: str
    group: str
    side: Side
    modifiers: tuple[str, ...]
    predicates: tuple[str, ...]


def built(base: BasePose, side: Side, rng: np.random.Generator) -> Controls:
    """Controls of a base pose for one side, with natural variation."""
    controls = jittered(base.build(rng), rng, base.spread)
    return controls if side == "left" else mirrored(controls)


def expected(base: BasePose, side: Side) -> tuple[str, ...]:
    """Predicates of a base pose for one side."""
    return base.predicates if side == "left" else tuple(swap_sides(name) for name in base.predicates)


@cache
def _table() -> tuple[tuple[tuple[str, BasePose], ...], NDArray[np.float64]]:
    """All base poses with their group and the chance of each; a group counts by the root of its size."""
    entries = [(group, base) for group, poses in GROUPS.items() for base in poses]
    shares = [base.weight / np.sqrt(sum(each.weight for each in GROUPS[group])) for group, base in entries]
    chances = np.array(shares)
    return tuple(entries), np.cumsum(chances / chances.sum())


_DONE_BY_HAND: Final = frozenset({"fighting", "gestures", "daily"})
"""Groups of actions; a hand of other groups may as well carry the body."""


def limb_named(group: str, base: BasePose, words: str) -> list[str]:
    """Words for a base pose with the leg or hand named that they leave open; [] where there is none."""
    if "balance" in base.tags:
        return leg_named(words, "{side}" if "stands_on:left" in base.predicates else "{other}")
    return hand_named(words) if base.one_handed and group in _DONE_BY_HAND else []


def draw(rng: np.random.Generator, frames: int = 16, *, held_out: bool = False) -> Example:
    """One example.

    Parameters
    ----------
    rng : numpy Generator
        All randomness comes from it.
    frames : int
        Length of the motion at 20 frames a second.
    held_out : bool
        Say it with the phrasings kept for evaluation, base pose and modifiers alike.
    """
    entries, chances = _table()
    while True:
        group, base = entries[min(int(np.searchsorted(chances, rng.random())), len(entries) - 1)]
        if not held_out or base.held_out:
            break
    chosen = drawn_modifiers(rng)
    return compose(group, base, chosen, rng, frames, held_out=held_out, natural=not held_out)


def drawn_modifiers(rng: np.random.Generator) -> list[Modifier]:
    """Modifiers for one caption, drawn by kind; none for many. One for one arm may have another for the other arm."""
    count = int(rng.choice(len(_COUNT_SHARES), p=_COUNT_SHARES))
    if not count:
        return []
    kinds = rng.choice(len(_KINDS), count, replace=False, p=_KIND_SHARES)
    order = sorted((int(kind) for kind in kinds), key=lambda kind: (kind == 5, rng.random() * 1.5 + kind))
    chosen = []
    for kind in order:
        choices = _BY_KIND[_KINDS[kind]]
        chosen.append(choices[int(rng.integers(len(choices)))])
        if chosen[-1].one_armed and rng.random() < _SECOND_ARM:
            second = [each for each in choices if each.one_armed and each is not chosen[-1]]
            chosen.append(second[int(rng.integers(len(second)))])
    return chosen


def compose(
    group: str,
    base: BasePose,
    modifiers: Sequence[Modifier],
    rng: np.random.Generator,
    frames: int = 16,
    *,
    side: Side | None = None,
    held_out: bool = False,
    natural: bool = False,
) -> Example:
    """One example of a given base pose and given modifiers.

    Predicates that a modifier makes untrue are left out, and so are those of a modifier whose part is locked. With
    ``natural``, words that name no side may have what a limb of one does behind them, where no modifier moves it,
    and what the base pose needs is mostly left alone: another arm takes the modifier, or it is not said.
    """
    templates = base.held_out if held_out else base.phrasings
    template = templates[int(rng.integers(len(templates)))]
    words = the_other(one_of(template, rng), rng)
    words = one_named(words, limb_named(group, base, words), rng)
    if natural and "{side}" not in words and "{other}" not in words and rng.random() < _ROLE_TOLD:
        role = told(base, {"arms", "legs"} - {modifier.kind for modifier in modifiers}, rng)
        words += (", " if " with " in f" {words}" else " ") + role if role else ""
    if side is None:
        chance = 0.5 if "{side}" in words or "{other}" in words else base.right
        side = "right" if rng.random() < chance else "left"
    controls = built(base, side, rng)
    locks, busy = for_side(base.locks, side), for_side(base.busy, side)
    predicates = list(expected(base, side))
    names: list[str] = []
    words = filled(words, side, "{his}")
    free_arm: Side | None = None
    for modifier in modifiers:
        mod_side: Side = "left" if rng.random() < 0.5 else "right"
        is_second_arm = modifier.one_armed and free_arm is not None
        if modifier.one_armed:
            mod_side = free_arm or mod_side
        if natural and rng.random() < _LEFT_ALONE:
            if modifier.one_armed and free_arm is None and len(busy & ARMS) == 1:
                mod_side = "right" if "left_arm" in busy else "left"
            elif for_side(modifier.moves, mod_side) & busy:
                continue
        if modifier.one_armed:
            free_arm = other(mod_side)
        controls = applied(modifier, controls, mod_side, locks, rng)
        said = modifier.held_out if held_out else modifier.phrasings
        phrase = filled(one_of(said[int(rng.integers(len(said)))], rng), mod_side, "{his}")
        if is_second_arm and rng.random() < 0.3:
            phrase = phrase.replace(f"the {mod_side} ", "the other ", 1)
        words += _joint(words, phrase, len(names), rng) + phrase
        names.append(f"{modifier.name}:{mod_side}")
        true = modifier.predicates
        predicates += true if mod_side == "left" else tuple(swap_sides(name) for name in true)
    motion = solve(held(controls, frames, rng), frames)
    view = View(motion[frames // 2])
    true_of_it = tuple(name for name in dict.fromkeys(predicates) if holds(name, view))
    return Example(sentence(words, side, rng), motion, base.name, group, side, tuple(names), true_of_it)


_LIMBS: Final = frozenset({"the", "both", "arms", "hands", "palms", "elbows", "fists", "legs", "feet", "knees", "back"})


def _joint(before: str, phrase: str, number: int, rng: np.random.Generator) -> str:
    """What stands between the words so far and a modifier's phrase."""
    if phrase.startswith("and "):
        return " "
    choice = rng.random()
    begins = phrase.split(" ", 1)[0]
    if begins.endswith("ing") and begins != "facing":
        return ", " if choice < 0.5 else (" and " if choice < 0.75 else " while ")
    if begins in _LIMBS:
        return " and " if "with " in before and choice < 0.5 else ", "
    if number and choice < 0.4:
        return " and "
    return ", " if choice > 0.93 and begins in ("with", "while") else " "


def draw_many(count: int, seed: int, processes: int = 1, frames: int = 16, *, held_out: bool = False) -> list[Example]:
    """Many examples; the same for any number of processes.

    Parameters
    ----------
    count : int
    seed : int
        Each example has a generator of its own, made of ``seed`` and its number.
    processes : int
        1 stays in this process.

    Raises
    ------
    ConfigError
        For less than one process.
    """
    if processes < 1:
        raise ConfigError(f"processes is {processes}; it must be at least 1")
    block = 512
    tasks = [(start, min(block, count - start), seed, frames, held_out) for start in range(0, count, block)]
    if processes == 1:
        return [example for task in tasks for example in _block(task)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return [example for part in pool.map(_block, tasks) for example in part]


def _block(task: tuple[int, int, int, int, bool]) -> list[Example]:
    start, count, seed, frames, held_out = task
    return [
        draw(np.random.default_rng((seed, number)), frames, held_out=held_out) for number in range(start, start + count)
    ]
