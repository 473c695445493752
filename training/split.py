"""Which phrasings are learned and which are kept for the evaluation; examples drawn by either.

The grammar marks phrasings that are far from its others ("rocking on the spine like an infant grabbing its feet").
Half of them are learned, the others are the *far* test. The *near* test is one more template of every third base pose,
drawn from its ordinary ones. No wording of a test, nor its template, is ever learned, for any base pose.
"""

from __future__ import annotations

import zlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from typing import Final

import numpy as np

from training.grammar.base import BasePose, unfolded
from training.grammar.compose import GROUPS, Example, compose, drawn_modifiers
from training.grammar.modifiers import MODIFIERS, Modifier

_FEWEST: Final = 4
_NEAR_SHARE: Final = 3
_BLOCK: Final = 512


@dataclass(frozen=True)
class SplitPose:
    """A base pose whose ``phrasings`` are learned, with its tests.

    Attributes
    ----------
    group : str
    base : BasePose
        Its ``held_out`` are empty.
    near, far : tuple of str
        Templates of the two tests.
    """

    group: str
    base: BasePose
    near: tuple[str, ...]
    far: tuple[str, ...]


def _lot(text: str, of: int) -> int:
    """A number below ``of`` that a text is given for good."""
    return zlib.crc32(text.encode()) % of


@cache
def poses() -> tuple[SplitPose, ...]:
    """All base poses, split."""
    everything = [(group, base) for group, bases in GROUPS.items() for base in bases]
    said: dict[str, int] = {}
    for _, base in everything:
        for template in base.phrasings:
            for words in set(unfolded(template)):
                said[words] = said.get(words, 0) + 1
    out = []
    for group, base in everything:
        near: tuple[str, ...] = ()
        own = [t for t in base.phrasings[1:] if all(said[words] == 1 for words in set(unfolded(t)))]
        if own and len(base.phrasings) >= _FEWEST and _lot(base.name, _NEAR_SHARE) == 0:
            near = (own[_lot(base.name + "near", len(own))],)
        far = tuple(template for template in base.held_out if _lot(template, 2))
        learned = [t for t in (*base.phrasings, *base.held_out) if t not in near and t not in far]
        out.append(SplitPose(group, replace(base, phrasings=tuple(learned), held_out=()), near, far))
    return tuple(out)


@cache
def modifiers() -> dict[str, Modifier]:
    """All modifiers by name, half of their held-out phrasings among those learned."""
    out = {}
    for modifier in MODIFIERS:
        far = tuple(template for template in modifier.held_out if _lot(template, 2))
        learned = [t for t in (*modifier.phrasings, *modifier.held_out) if t not in far]
        out[modifier.name] = replace(modifier, phrasings=tuple(learned), held_out=far)
    return out


@cache
def _chances() -> tuple[float, ...]:
    """Cumulated chances of base poses; a group counts by the root of its weight."""
    total: dict[str, float] = {}
    for each in poses():
        total[each.group] = total.get(each.group, 0.0) + each.base.weight
    shares = np.array([each.base.weight / np.sqrt(total[each.group]) for each in poses()])
    return tuple(np.cumsum(shares / shares.sum()))


def modifiers_of(rng: np.random.Generator) -> list[Modifier]:
    """None to four modifiers at random, with their learned phrasings."""
    return [modifiers()[modifier.name] for modifier in drawn_modifiers(rng)]


def draw(rng: np.random.Generator, frames: int) -> Example:
    """One example by learned phrasings."""
    index = min(int(np.searchsorted(_chances(), rng.random())), len(poses()) - 1)
    each = poses()[index]
    return compose(each.group, each.base, modifiers_of(rng), rng, frames, natural=True)


def draw_many(count: int, seed: int, processes: int = 1, frames: int = 16) -> list[Example]:
    """Many examples by learned phrasings; the same for any number of processes."""
    tasks = [(start, min(_BLOCK, count - start), seed, frames) for start in range(0, count, _BLOCK)]
    if processes == 1:
        return [example for task in tasks for example in _block(task)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return [example for part in pool.map(_block, tasks) for example in part]


def _block(task: tuple[int, int, int, int]) -> list[Example]:
    start, count, seed, frames = task
    return [draw(np.random.default_rng((seed, number)), frames) for number in range(start, start + count)]
