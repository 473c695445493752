"""Posecodes: captions that describe the limbs of any pose, derived from its joints.

Delmas et al. (PoseScript, ECCV 2022) showed that simple rules on joints give useful descriptions. This package follows
that idea with rules, thresholds and words of its own. :func:`describe` writes the captions, and
``python -m training.posecodes sample`` prints some.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.posecodes import choosing, sentences, wording
from training.posecodes.body import POSTURES
from training.posecodes.choosing import Found, Unit
from training.posecodes.measures import Poses
from training.posecodes.wording import Person

LONGEST: Final = 56
"""Words and commas of the longest caption; the text encoder reads 63."""

_FEWEST: Final = 2
"""Statements of the shortest description of its own."""

_TOKEN: Final = re.compile(r"[a-z]+|[0-9]|,", re.IGNORECASE)
_ABOUT: Final = {
    "arm": re.compile(r"\b(?:arms?|hands?|fists?|elbows?|palms?|forearms?|fingers?|wrists?)\b", re.IGNORECASE),
    "leg": re.compile(r"\b(?:legs?|knees?|foot|feet|toes?|heels?|thighs?|ankles?)\b", re.IGNORECASE),
    "trunk": re.compile(r"\b(?:trunk|torso|back|lean\w*|bend\w*|twist\w*|hips?|shoulders?)\b", re.IGNORECASE),
    "head": re.compile(r"\b(?:head|look\w*|chin|face)\b", re.IGNORECASE),
}


@dataclass(frozen=True)
class Derived:
    """A caption derived from a pose.

    Attributes
    ----------
    caption : str
    statements : tuple of (kind, predicates)
        What it states, by kind of code: one of :data:`training.posecodes.base.KINDS`. The predicates are for
        :func:`training.grammar.predicates.holds`; they are somewhat looser than the rules by which they were chosen.
    codes : tuple of str
        Names of the codes with what they are about, as "hand_on_knee:left", the posture last.
    """

    caption: str
    statements: tuple[tuple[str, tuple[str, ...]], ...]
    codes: tuple[str, ...]

    @property
    def predicates(self) -> tuple[str, ...]:
        """All predicates that the caption states."""
        return tuple(dict.fromkeys(each for _, predicates in self.statements for each in predicates))


def describe(
    joints: NDArray[np.floating], seeds: Sequence[int], before: Sequence[str] | None = None
) -> list[Derived | None]:
    """Describe poses by their limbs.

    A pose, its seed and the caption before it decide the description alone; the mirror image of a pose gets the same
    words with left and right exchanged.

    Parameters
    ----------
    joints : (n, 22, 3) float array
        Metres, y up.
    seeds : sequence of n ints
    before : sequence of n str, optional
        Captions to which descriptions are appended: of one or two statements, about limbs that the caption does not
        mention. An empty one asks for a description of its own.

    Returns
    -------
    list of n Derived or None
        None for a pose of which nothing is worth saying.
    """
    poses = Poses(joints)
    holding = choosing.holding(poses)
    found = choosing.postures(poses)
    rows, units = np.nonzero(holding)
    bounds = np.searchsorted(rows, np.arange(len(poses) + 1)).tolist()
    numbers = units.tolist()
    out: list[Derived | None] = []
    for row, seed in enumerate(seeds):
        text = before[row] if before is not None else ""
        out.append(_described(numbers[bounds[row] : bounds[row + 1]], found[row], Random(seed), text))
    return out


def _described(numbers: Sequence[int], found: Found, rng: Random, before: str) -> Derived | None:
    count = 1 + int(rng.random() * 2) if before else choosing.drawn_count(rng)
    spare = frozenset(limb for limb, words in _ABOUT.items() if words.search(before)) if before else frozenset()
    units = choosing.chosen(numbers, found.number, count, rng, spare)
    fewest = 1 if before else _FEWEST
    while len(units) >= fewest:
        derived = _written(_ordered(units, rng), found, rng, before)
        if len(_TOKEN.findall(derived.caption)) <= LONGEST:
            return derived
        units = units[:-1]
    return None


def _ordered(units: list[Unit], rng: Random) -> list[Unit]:
    """Mostly bring statements about one limb together; the limb of the first one comes first."""
    if rng.random() < 0.2:
        return units
    limbs = list(dict.fromkeys(unit.code.limb for unit in units))
    topics = list(dict.fromkeys(unit.code.topic for unit in units))
    return sorted(units, key=lambda unit: (limbs.index(unit.code.limb), topics.index(unit.code.topic)))


def _written(units: list[Unit], found: Found, rng: Random, before: str) -> Derived:
    statements = [(unit.code.kind, unit.predicates) for unit in units]
    codes = [f"{unit.code.name}:{unit.about}".removesuffix(":whole") for unit in units]
    if before:
        person = sentences.person_of(before, rng)
        text = sentences.appended(before, wording.clauses(units, rng, person), person, rng)
        return Derived(text, tuple(statements), tuple(codes))
    person = wording.drawn_person(rng)
    text, says_posture = sentences.caption(wording.clauses(units, rng, person), found, person, rng)
    if says_posture:
        statements.append(("posture", found.predicates))
        codes.append(f"{found.posture.name}:{found.side}" if found.posture.sided else found.posture.name)
    return Derived(text, tuple(statements), tuple(codes))


__all__ = ["LONGEST", "POSTURES", "Derived", "Person", "describe"]
