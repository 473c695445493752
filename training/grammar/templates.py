"""Phrasings of poses and modifiers: how their text files are read and how a template is expanded.

A template follows "A person": ``standing with [the |]feet together``. ``[a|b|]`` stands for one of its choices, of
which one may be empty; choices do not nest. ``{side}`` and ``{other}`` stand for left and right, ``{his}`` for the,
their, his or her, and ``{the}`` is short for ``[the|{his}]``. A template that begins with a verb in -ing is also used
as "is standing" and "stands".

A modifier can also have clauses, in lines ``says: {the} {side} hand ~ on {the} hip``: what is described, and its state.
They give phrasings ("with the left hand on the hip") and sentences ("the left hand is on the hip").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from posepipe.errors import ConfigError

PHRASINGS: Final = Path(__file__).with_name("phrasings")
"""Folder of the phrasing files, one for each group of poses and one for the modifiers."""

_NAME_MARK: Final = "## "
_HELD_OUT_MARK: Final = "held out: "
_CHOICE: Final = re.compile(r"\[([^\[\]]*)\]")
_CLAUSE_MARK: Final = "says: "
_CLAUSE: Final = re.compile(r"^(?P<subject>.+?) ~ (?P<state>.+)$")
_THE: Final = "{the}"
_A_BEFORE_VOWEL: Final = re.compile(r"\ba (?=[aeiou])(?!one\b|one-|uni|eu|us)")


@dataclass(frozen=True)
class Phrased:
    """Something that captions can say, with the templates that say it.

    Parameters
    ----------
    name : str
        Unique, snake_case.
    phrasings : tuple of str
        Templates used in training. :func:`with_phrasings` fills them in.
    held_out : tuple of str
        Templates far from the others; :mod:`training.split` keeps half of them for the evaluation. No wording of
        one may also be a wording of any template in ``phrasings``, of whatever pose.
    clauses : tuple of (str, str)
        Templates of a thing and its state: "{the} {side} hand", "on {the} hip".
    """

    name: str
    phrasings: tuple[str, ...] = field(default=(), kw_only=True)
    held_out: tuple[str, ...] = field(default=(), kw_only=True)
    clauses: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)


PhrasedT = TypeVar("PhrasedT", bound=Phrased)


def with_phrasings(group: str, items: Sequence[PhrasedT], folder: Path = PHRASINGS) -> tuple[PhrasedT, ...]:
    """Return poses or modifiers with the templates of ``GROUP.txt``.

    In the file a line ``## name`` begins the templates of one item, one template a line. Templates kept apart for the
    evaluation begin with ``held out: ``.

    Parameters
    ----------
    group : str
        Name of the file without ``.txt``.
    items : sequence of Phrased
    folder : Path
        Where the file is.

    Raises
    ------
    ConfigError
        If a template comes before the first name, a name comes twice, the names in the file that have templates
        differ from those of ``items``, or a clause is incomplete.
    """
    path = folder / f"{group}.txt"
    templates: dict[str, list[str]] = {}
    name = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith(_NAME_MARK):
            name = line.removeprefix(_NAME_MARK)
            if name in templates:
                raise ConfigError(f"{path.name}, line {number}: {name} is there twice; put its phrasings together")
            templates[name] = []
        elif line and not name:
            raise ConfigError(f"{path.name}, line {number}: a phrasing before the first '## name'")
        elif line:
            templates[name].append(line)
    phrased, known = {name for name, lines in templates.items() if lines}, {item.name for item in items}
    if phrased != known:
        missing, unknown = ", ".join(sorted(known - phrased)), ", ".join(sorted(phrased - known))
        raise ConfigError(f"{path.name}: no phrasings for [{missing}], and phrasings for unknown names [{unknown}]")
    return tuple(_phrased(item, templates[item.name], path.name) for item in items)


def _phrased(item: PhrasedT, lines: Sequence[str], file: str) -> PhrasedT:
    """Return an item with the templates of its lines."""
    clauses, phrasings, held_out = [], [], []
    for line in map(_with_articles, lines):
        if line.startswith(_CLAUSE_MARK):
            found = _CLAUSE.match(line.removeprefix(_CLAUSE_MARK))
            if found is None:
                raise ConfigError(f"{file}, {item.name}: {line!r} lacks ' ~ ' between a thing and its state")
            subject, state = found["subject"], found["state"]
            clauses.append((subject, state))
            phrasings += [f"with {subject} {state}", f"{subject} {state}"]
        elif line.startswith(_HELD_OUT_MARK):
            held_out.append(line.removeprefix(_HELD_OUT_MARK))
        else:
            phrasings.append(line)
    return replace(item, phrasings=tuple(phrasings), held_out=tuple(held_out), clauses=tuple(clauses))


def _with_articles(line: str) -> str:
    """Write ``{the}`` out: a choice of its own, or inside a choice "the"."""
    pieces = _CHOICE.split(line)
    for number, piece in enumerate(pieces):
        pieces[number] = f"[{piece.replace(_THE, 'the')}]" if number % 2 else piece.replace(_THE, "[the|{his}]")
    return "".join(pieces)


def _wording(pieces: Sequence[str]) -> str:
    """Join the chosen pieces: single spaces, "an" before a vowel."""
    return _A_BEFORE_VOWEL.sub("an ", " ".join("".join(pieces).split()))


def expanded(template: str) -> Iterator[str]:
    """Yield every wording of a template; its ``{slots}`` stay."""
    pieces = _CHOICE.split(template)
    choices = [piece.split("|") if number % 2 else [piece] for number, piece in enumerate(pieces)]
    for parts in product(*choices):
        yield _wording(parts)


def drawn_wording(template: str, rng: np.random.Generator) -> str:
    """Draw one wording of a template; its ``{slots}`` stay."""
    pieces = _CHOICE.split(template)
    for number in range(1, len(pieces), 2):
        choices = pieces[number].split("|")
        pieces[number] = choices[int(rng.integers(len(choices)))]
    return _wording(pieces)
