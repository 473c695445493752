"""Which codes hold for poses, and which of them a caption states: the informative ones, none of them twice."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from training.controls import SIDES, Side, opposite
from training.posecodes import arms, body, contacts, legs
from training.posecodes.base import Code, Test
from training.posecodes.body import POSTURES, Posture
from training.posecodes.measures import Poses

CODES: Final = (*contacts.CODES, *arms.CODES, *legs.CODES, *body.CODES)
"""All codes."""

SHARES_FILE: Final = Path(__file__).with_name("shares.csv")
"""How often each unit holds in poses of each posture: ``posture,code,side,share``; :func:`measured_shares` makes it."""

_DEFAULT: Final = 0.4
"""What holds for so many poses of a posture is not worth saying."""

_RAREST: Final = 0.01
_NOISE: Final = 1.4
"""Shares below :data:`_RAREST` count alike; random numbers up to ``_NOISE`` are added to the information of a unit."""

_COUNTS: Final = ((2, 0.28), (3, 0.64), (4, 0.9), (5, 1.0))
"""Numbers of statements with their cumulative probabilities."""

_BONUS: Final = {"contact": 1.0, "direction": 0.3, "position": 0.3, "distance": -0.3, "height": -0.2}
_SAME_LIMB: Final = 0.9
"""What the information of a statement loses for each statement about the same limb."""

_COMPARED: Final = frozenset({"hand_compared", "feet_compared", "knees_compared", "feet_step", "shoulders"})
"""Topics that compare the two sides: what is said of one side is not said of the other again."""

_BOTH_SIDES: Final = 0.3
"""Probability that a statement about one side is followed by one of the same topic about the other."""

About = Literal["left", "right", "both", "whole"]


@dataclass(frozen=True)
class Unit:
    """A code of one side, of both, or of the whole body.

    Attributes
    ----------
    code : Code
    about : "left", "right", "both" or "whole"
    """

    code: Code
    about: About

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides it is about; that of a code of the whole body is "left", which stands for none."""
        return SIDES if self.about == "both" else ("right",) if self.about == "right" else ("left",)

    @property
    def predicates(self) -> tuple[str, ...]:
        """The predicates that it states."""
        return self.code.predicates(self.sides)


def _units_of(code: Code) -> list[Unit]:
    if not code.sided:
        return [Unit(code, "whole")]
    abouts: tuple[About, ...] = ("left", "right", "both") if code.for_both else ("left", "right")
    return [Unit(code, about) for about in abouts]


UNITS: Final = tuple(unit for code in CODES for unit in _units_of(code))
"""All units, in the order of the codes. At most one unit of each code holds for a pose."""


def _hold(poses: Poses, tests: Sequence[Test], side: Side) -> NDArray[np.bool_]:
    """Return where all tests hold (n,)."""
    out = np.ones(len(poses), dtype=bool)
    for test in tests:
        value = poses.value(test.on(side))
        if test.low > -math.inf:
            out &= value >= test.low
        if test.high < math.inf:
            out &= value <= test.high
    return out


def holding(poses: Poses) -> NDArray[np.bool_]:
    """Return which units hold for which poses, (n, units)."""
    columns: list[NDArray[np.bool_]] = []
    for code in CODES:
        left = _hold(poses, (*code.claims, *code.when), "left")
        if not code.sided:
            columns.append(left)
            continue
        right = _hold(poses, (*code.claims, *code.when), "right")
        columns += [left & ~right, right & ~left]
        if code.for_both:
            columns.append(left & right)
    return np.stack(columns, axis=1)


@dataclass(frozen=True)
class Found:
    """The posture of a pose.

    Attributes
    ----------
    posture : Posture
    side : "left" or "right"
        Of a posture that has one.
    number : int
        In ``POSTURES``.
    """

    posture: Posture
    side: Side
    number: int

    @property
    def predicates(self) -> tuple[str, ...]:
        """The predicates that the words for the posture state."""
        return tuple(test.claim(self.side) for test in self.posture.claims)


def postures(poses: Poses) -> list[Found]:
    """Return the posture of each pose."""
    kinds: list[Found] = [
        Found(posture, side, number)
        for number, posture in enumerate(POSTURES)
        for side in (SIDES if posture.sided else SIDES[:1])
    ]
    tried = [_hold(poses, (*each.posture.claims, *each.posture.when), each.side) for each in kinds]
    return [kinds[int(index)] for index in np.stack(tried, axis=1).argmax(1)]


def measured_shares(poses: Poses) -> list[tuple[str, str, str, float]]:
    """Return the rows of :data:`SHARES_FILE` for a population of poses.

    The share of a unit of one side is that of the poses in which exactly one side shows the code.
    """
    numbers = np.array([found.number for found in postures(poses)])
    truth = holding(poses)
    rows = []
    for number, posture in enumerate(POSTURES):
        of_posture = truth[numbers == number]
        if not len(of_posture):
            continue
        shares = of_posture.mean(0)
        one_sided = {unit.code.name: 0.0 for unit in UNITS}
        for unit, share in zip(UNITS, shares, strict=True):
            if unit.about in SIDES:
                one_sided[unit.code.name] += float(share)
        for unit, share in zip(UNITS, shares, strict=True):
            if unit.about == "right":
                continue
            about = "one" if unit.about == "left" else unit.about
            rows.append((posture.name, unit.code.name, about, one_sided[unit.code.name] if about == "one" else share))
    return [(posture, code, about, round(float(share), 4)) for posture, code, about, share in rows if share >= 0.0005]


@cache
def _information() -> tuple[tuple[float, ...], ...]:
    """Return for each posture and unit the information in nats, with a bonus by kind; -1 for what needs no saying."""
    shares: dict[tuple[str, str, str], float] = {}
    with SHARES_FILE.open(encoding="utf-8", newline="") as file:
        for row_posture, name, about, share in csv.reader(file):
            shares[row_posture, name, about] = float(share)
    out = []
    for posture in POSTURES:
        row = []
        for unit in UNITS:
            about = "one" if unit.about in SIDES else unit.about
            known = shares.get((posture.name, unit.code.name, about), 0.0)
            told = _BONUS.get(unit.code.kind, 0.0) - math.log(max(known, _RAREST))
            row.append(-1.0 if known > _DEFAULT else max(told, 0.05))
        out.append(tuple(row))
    return tuple(out)


def drawn_count(rng: Random) -> int:
    """Draw how many statements a caption gets."""
    lot = rng.random()
    return next(count for count, below in _COUNTS if lot < below)


def chosen(numbers: Sequence[int], posture: int, count: int, rng: Random, spare: frozenset[str]) -> list[Unit]:
    """Choose the units that a caption states, the most informative first.

    Parameters
    ----------
    numbers : sequence of int
        Units that hold, ascending numbers in :data:`UNITS`.
    posture : int
        Number of the posture in ``POSTURES``.
    count : int
        How many are wanted.
    rng : random.Random
        The same draws are made for a pose and its mirror image.
    spare : frozenset of str
        Limbs that are not to be mentioned.
    """
    told = _information()[posture]
    scores = {}
    for number in numbers:
        lot = rng.random()
        if told[number] > 0 and UNITS[number].code.limb not in spare:
            scores[number] = told[number] + _NOISE * lot
    out: list[Unit] = []
    taken: set[tuple[str, str]] = set()
    limbs: dict[str, float] = {}
    while scores and len(out) < count:
        best = max(scores, key=lambda number: scores[number] - limbs.get(_limb(UNITS[number]), 0.0))
        del scores[best]
        unit = UNITS[best]
        if not _is_new(unit, taken):
            continue
        _take(unit, out, taken)
        limbs[_limb(unit)] = limbs.get(_limb(unit), 0.0) + _SAME_LIMB
        if unit.about in SIDES and len(out) < count and rng.random() < _BOTH_SIDES:
            other = opposite("left" if unit.about == "left" else "right")
            partner = [n for n in numbers if UNITS[n].about == other and UNITS[n].code.topic == unit.code.topic]
            if partner and _is_new(UNITS[partner[0]], taken):
                _take(UNITS[partner[0]], out, taken)
                scores.pop(partner[0], None)
    return out


def _limb(unit: Unit) -> str:
    return unit.code.limb if unit.about in ("both", "whole") else unit.about + unit.code.limb


def _marks(unit: Unit) -> list[str]:
    return list(SIDES) if unit.about in ("both", "whole") or unit.code.topic in _COMPARED else [unit.about]


def _is_new(unit: Unit, taken: set[tuple[str, str]]) -> bool:
    code = unit.code
    keys = (code.topic, code.name, *(f"said {name}" for name in code.implies))
    return not any((key, mark) in taken for mark in _marks(unit) for key in keys)


def _take(unit: Unit, out: list[Unit], taken: set[tuple[str, str]]) -> None:
    out.append(unit)
    keys = (unit.code.topic, f"said {unit.code.name}", *unit.code.implies)
    taken.update((key, mark) for mark in _marks(unit) for key in keys)
