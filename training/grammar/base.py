"""What a base pose is, where its words are, and how they unfold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from posepipe.errors import ConfigError
from training.controls import Controls

_OF_ARMS: Final = ("hand", "arm", "fist", "forearm", "elbow_on", "elbow_near")
_NOT: Final = {"left": ":right", "right": ":left"}
Build = Callable[[np.random.Generator], Controls]

PARTS: Final = frozenset({"left_arm", "right_arm", "left_leg", "right_leg", "trunk", "head"})
ARMS: Final = frozenset({"left_arm", "right_arm"})
LEGS: Final = frozenset({"left_leg", "right_leg"})
NOTHING: Final[frozenset[str]] = frozenset()
BALANCE: Final = frozenset({"balance"})


@dataclass(frozen=True)
class Spoken:
    """Something that captions say, with the words for it, which :func:`with_words` fills in.

    Parameters
    ----------
    name : str
        Unique, snake_case.
    phrasings : tuple of str
        Templates that follow "A person": "standing with [the |]feet together". ``[a|b|]`` stands for one of the
        choices (an empty one is allowed), ``{side}`` and ``{other}`` for left and right, ``{his}`` for
        the/their/his/her. A template that begins with a verb in -ing is also said as "is standing" and "stands".
    held_out : tuple of str
        Templates for evaluation only; none of their unfolded wordings may be in ``phrasings`` of anything.
    """

    name: str
    phrasings: tuple[str, ...] = field(default=(), kw_only=True)
    held_out: tuple[str, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True)
class BasePose(Spoken):
    """One posture, the words for it, and what must be true of it.

    Parameters
    ----------
    build : Build
        Controls of the pose from a random generator. ``{side}`` is the LEFT there: the mirror image is made for the
        right.
    predicates : tuple of str
        Of :mod:`training.grammar.predicates`; written for ``{side}`` = left, mirrored for right.
    locks : frozenset of str
        Parts of :data:`PARTS` that no modifier may move, because they carry the body or because the pose is no
        longer itself without them.
    right : float
        For templates without ``{side}``: the chance that the mirror image is made. 0 keeps it as built
        (what is always done with one hand), 1 always mirrors it.
    spread : float
        Scale of the natural variation added to the controls.
    weight : float
        How often it is drawn, relative to others.
    tags : frozenset of str
        "airborne" (no part on the ground), "upside_down", "moving", "balance" (held on one leg, which may be named).
    """

    build: Build
    predicates: tuple[str, ...] = ()
    locks: frozenset[str] = NOTHING
    right: float = 0.5
    spread: float = 1.0
    weight: float = 1.0
    tags: frozenset[str] = field(default=NOTHING)

    @property
    def busy(self) -> frozenset[str]:
        """Parts that it needs itself, for ``{side}`` = left: those locked, and arms that do what its predicates say."""
        of_arms = [name for name in self.predicates if name.startswith(_OF_ARMS) and not name.startswith("arm_down")]
        arms = {f"{side}_arm" for side in ("left", "right") for name in of_arms if not name.endswith(_NOT[side])}
        return self.locks | arms

    @property
    def one_handed(self) -> bool:
        """Whether it is done with the hand of its side while the other stays out of it."""
        mine = {name for name in self.predicates if name.startswith("hand_") and name.endswith(":left")}
        return any(f"not {name.removesuffix('left')}right" in self.predicates for name in mine)


SpokenT = TypeVar("SpokenT", bound=Spoken)

_WORDS: Final = Path(__file__).with_name("phrasings")
_HELD_OUT: Final = "held out: "


def with_words(group: str, things: tuple[SpokenT, ...]) -> tuple[SpokenT, ...]:
    """Base poses of a group, or modifiers, with the words that ``phrasings/GROUP.txt`` has for them.

    The file names one by a line ``## name``; the lines below it are its templates, one each, those kept for the
    evaluation with "held out: " before them.

    Raises
    ------
    ConfigError
        For a line before the first name, words of something that is not there, or something without words.
    """
    path = _WORDS / f"{group}.txt"
    said: dict[str, list[str]] = {}
    name = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("## "):
            name = line[3:]
            if name in said:
                raise ConfigError(f"{path.name}, line {number}: {name} is there twice; put its words together")
            said[name] = []
        elif line and not name:
            raise ConfigError(f"{path.name}, line {number}: nothing is named yet; begin with a line '## name'")
        elif line:
            said[name].append(line)
    odd = {name for name, lines in said.items() if lines} ^ {each.name for each in things}
    if odd:
        raise ConfigError(f"{path.name}: what {group}.py has and what is named here differ by {', '.join(sorted(odd))}")
    return tuple(
        replace(
            each,
            phrasings=tuple(line for line in said[each.name] if not line.startswith(_HELD_OUT)),
            held_out=tuple(line.removeprefix(_HELD_OUT) for line in said[each.name] if line.startswith(_HELD_OUT)),
        )
        for each in things
    )


_CHOICE: Final = re.compile(r"\[([^\[\]]*)\]")
_A_BEFORE_VOWEL: Final = re.compile(r"\ba (?=[aeiou])(?!one\b|one-|uni|eu|us)")


def _wording(pieces: Sequence[str]) -> str:
    """Chosen pieces as one wording: single spaces, "an" before a vowel."""
    return _A_BEFORE_VOWEL.sub("an ", " ".join("".join(pieces).split()))


def unfolded(template: str) -> Iterator[str]:
    """Every wording of a template, its ``{slots}`` left in."""
    pieces = _CHOICE.split(template)
    choices = [piece.split("|") if number % 2 else [piece] for number, piece in enumerate(pieces)]
    for parts in product(*choices):
        yield _wording(parts)


def one_of(template: str, rng: np.random.Generator) -> str:
    """One wording of a template, drawn."""
    pieces = _CHOICE.split(template)
    for number in range(1, len(pieces), 2):
        choices = pieces[number].split("|")
        pieces[number] = choices[int(rng.integers(len(choices)))]
    return _wording(pieces)


def draw_from(rng: np.random.Generator, low: float, high: float) -> float:
    """A float between two bounds; short for builders."""
    return float(rng.uniform(low, high))
