"""The split of the phrasings into those for training and those for the tests; examples drawn from the former.

The grammar marks phrasings that are far from the others ("rocking on the spine like an infant grabbing its feet").
Half of them are used in training, the other half is the *far* test. The *near* test is one ordinary template of about
every third base pose. No template of a test, and none of its wordings, is used in training, for any base pose.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from typing import Final

import numpy as np

from posepipe.errors import ConfigError
from posepipe.skeleton.bodies import deepest
from posepipe.skeleton.correction import sound
from training.grammar.base import BasePose
from training.grammar.compose import Example, draft, drawn_modifiers
from training.grammar.geometry import PoseGeometry
from training.grammar.modifiers import MODIFIERS, Modifier
from training.grammar.poses import GROUPS
from training.grammar.predicates import holds
from training.grammar.templates import expanded

_FEWEST: Final = 4
"""Base poses with fewer phrasings are not part of the near test."""

_NEAR_SHARE: Final = 3
"""One of so many base poses is part of the near test."""

_DRAWS: Final = 6
_MOST_DRAWS: Final = 24
"""Postures tried with the same modifiers before others are drawn, one fewer; and draws in all."""

_CANVAS: Final = frozenset(
    {
        "stand_still", "feet_together", "shoulder_width", "step_stance", "on_chair", "floor_any", "on_floor_legs_out",
        "floor_knees_up", "cross_legged", "kneel", "kneel_on_one", "supine", "prone", "on_side", "squat", "crouch",
        "half_squat", "lean_to", "bend_forward", "edge_of_bench", "lying_knees_bent", "walk",
    }
)  # fmt: skip
_CANVAS_SHARE: Final = 0.5
"""Plain postures, and the share of captions with several modifiers that describe one of them."""

_SOUND: Final = 0.005
"""Metres of overlap from which on limbs are moved apart."""

_BLOCK: Final = 512
"""Examples drawn by one call of a process."""


@dataclass(frozen=True)
class SplitPose:
    """A base pose with its templates for training and for the tests.

    Attributes
    ----------
    group : str
    base : BasePose
        ``phrasings`` are those for training, ``held_out`` is empty.
    near, far : tuple of str
        Templates of the two tests.
    """

    group: str
    base: BasePose
    near: tuple[str, ...]
    far: tuple[str, ...]


def _lot(text: str, of: int) -> int:
    """Return a number below ``of`` that depends on the text alone."""
    return zlib.crc32(text.encode()) % of


@cache
def poses() -> tuple[SplitPose, ...]:
    """Return all base poses, split."""
    everything = [(group, base) for group, bases in GROUPS.items() for base in bases]
    uses: dict[str, int] = {}
    for _, base in everything:
        for template in base.phrasings:
            for words in set(expanded(template)):
                uses[words] = uses.get(words, 0) + 1
    out = []
    for group, base in everything:
        near: tuple[str, ...] = ()
        own = [t for t in base.phrasings[1:] if all(uses[words] == 1 for words in set(expanded(t)))]
        if own and len(base.phrasings) >= _FEWEST and _lot(base.name, _NEAR_SHARE) == 0:
            near = (own[_lot(base.name + "near", len(own))],)
        far = tuple(template for template in base.held_out if _lot(template, 2))
        trained = [t for t in (*base.phrasings, *base.held_out) if t not in near and t not in far]
        out.append(SplitPose(group, replace(base, phrasings=tuple(trained), held_out=()), near, far))
    return tuple(out)


@cache
def modifiers() -> dict[str, Modifier]:
    """Return all modifiers by name; half of their held-out phrasings are used in training."""
    out = {}
    for modifier in MODIFIERS:
        far = tuple(template for template in modifier.held_out if _lot(template, 2))
        trained = [t for t in (*modifier.phrasings, *modifier.held_out) if t not in far]
        out[modifier.name] = replace(modifier, phrasings=tuple(trained), held_out=far)
    return out


@cache
def _chances() -> tuple[float, ...]:
    """Return the cumulative probabilities of the base poses; a group counts by the square root of its weight."""
    total: dict[str, float] = {}
    for each in poses():
        total[each.group] = total.get(each.group, 0.0) + each.base.weight
    shares = np.array([each.base.weight / np.sqrt(total[each.group]) for each in poses()])
    return tuple(np.cumsum(shares / shares.sum()))


def modifiers_of(rng: np.random.Generator, base: BasePose, count: int | None = None) -> list[Modifier]:
    """Draw none to four modifiers of a base pose, or ``count``, with their phrasings for training."""
    return [modifiers()[modifier.name] for modifier in drawn_modifiers(rng, base, count)]


@cache
def _canvas() -> tuple[SplitPose, ...]:
    """Return plain postures, which leave most parts of the body to modifiers."""
    return tuple(each for each in poses() if each.base.name in _CANVAS)


def _drawn(rng: np.random.Generator) -> tuple[SplitPose, list[Modifier]]:
    """Draw a base pose and its modifiers; many modifiers often go to a plain posture instead."""
    index = min(int(np.searchsorted(_chances(), rng.random())), len(poses()) - 1)
    each = poses()[index]
    chosen = modifiers_of(rng, each.base)
    if len(chosen) > 1 and rng.random() < _CANVAS_SHARE:
        each = _canvas()[int(rng.integers(len(_canvas())))]
        chosen = modifiers_of(rng, each.base, len(chosen))
    return each, chosen


def draw(rng: np.random.Generator, frames: int) -> Example:
    """Draw one example with phrasings for training.

    Modifiers that a body cannot carry out in a base pose are tried in plain postures; at last others are drawn.
    """
    each, chosen = _drawn(rng)
    for attempt in range(1, _MOST_DRAWS + 1):
        drafted = draft(each.group, each.base, chosen, rng, frames, natural=True)
        if len(drafted.modifiers) == len(chosen) and drafted.is_possible():
            break
        each = _canvas()[int(rng.integers(len(_canvas())))]
        if attempt % _DRAWS == 0:
            chosen = modifiers_of(rng, each.base, len(chosen) - 1) if attempt < _MOST_DRAWS - _DRAWS else []
    return drafted.solved()


def draw_caption(rng: np.random.Generator) -> str:
    """Draw a caption with phrasings for training. The body is not posed, which takes most of the time."""
    each, chosen = _drawn(rng)
    return draft(each.group, each.base, chosen, rng, natural=True).caption


def draw_many(count: int, seed: int, processes: int = 1, frames: int = 16) -> list[Example]:
    """Draw many examples with phrasings for training.

    Parameters
    ----------
    count : int
    seed : int
        Example number i has a generator of its own, made of ``seed`` and i, so that the number of processes does not
        matter.
    processes : int
        1 stays in this process.
    frames : int
        Length of the motions at 20 frames a second.

    Raises
    ------
    ConfigError
        If ``processes`` is less than 1.
    """
    if processes < 1:
        raise ConfigError(f"processes is {processes}; it must be at least 1")
    tasks = [(start, min(_BLOCK, count - start), seed, frames) for start in range(0, count, _BLOCK)]
    if processes == 1:
        return [example for task in tasks for example in _block(task)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return [example for part in pool.map(_block, tasks) for example in part]


def _block(task: tuple[int, int, int, int]) -> list[Example]:
    start, count, seed, frames = task
    return apart([draw(np.random.default_rng((seed, number)), frames) for number in range(start, start + count)])


def apart(examples: Sequence[Example]) -> list[Example]:
    """Return examples whose limbs do not pass through the body: moved apart as finished poses are, if need be.

    An example that would lose a predicate stays as it is.
    """
    out = list(examples)
    middle = examples[0].motion.shape[0] // 2
    depths = deepest(np.stack([each.motion[middle] for each in examples]))
    rows = [int(row) for row in np.flatnonzero(depths > _SOUND)]
    if not rows:
        return out
    moved = sound(np.concatenate([examples[row].motion for row in rows])).reshape(len(rows), *examples[0].motion.shape)
    for row, motion in zip(rows, moved, strict=True):
        pose = PoseGeometry(motion[middle])
        if all(holds(name, pose) for name in examples[row].predicates):
            out[row] = replace(examples[row], motion=motion)
    return out
