"""Plain captions as users type them, with what their poses must do: the test that knows nothing of the grammar.

They were written apart from the grammar's tables, 1,079 of them by seven writers who had never seen those (the last
four were asked to name sides), and labelled by what the caption says, not by what a base pose is built to do. Many
say a thing as the grammar does; those are told apart from captions that training never saw, neither word for word nor
by template. No words may be carried from here to the grammar: what is new would only shrink.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from posepipe.errors import ConfigError
from training import split
from training.grammar import predicates, roles
from training.grammar.base import unfolded
from training.grammar.compose import limb_named
from training.grammar.sentences import first_as_one

ASKED_FILE: Final = Path(__file__).with_name("asked.txt")
"""A line ``## group``, below it captions without "A person": ``words: predicate, predicate / predicate``."""


@dataclass(frozen=True)
class Asked:
    """A caption and what its pose must satisfy.

    Attributes
    ----------
    caption : str
    accepted : tuple of tuples of str
        Predicates, those of one of which must all be true. They are several where the caption leaves it open, as to
        the side: "doing a lunge" is either.
    group : str
    """

    caption: str
    accepted: tuple[tuple[str, ...], ...]
    group: str


def asked(path: Path = ASKED_FILE) -> list[Asked]:
    """The captions of a file like :data:`ASKED_FILE`.

    Raises
    ------
    ConfigError
        For a line without predicates, one before the first group, a predicate that does not exist or a caption that
        is there twice.
    """
    out: dict[str, Asked] = {}
    group = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{path.name}, line {number}"
        if line.startswith("## "):
            group = line[3:]
            continue
        if not line:
            continue
        words, colon, wanted = line.partition(": ")
        if not (group and colon):
            raise ConfigError(f"{where}: expected '## group', or 'words: predicate, predicate' below one; got {line!r}")
        accepted = tuple(tuple(name.strip() for name in each.split(",")) for each in wanted.split(" / "))
        odd = [name for each in accepted for name in each if not predicates.known(name.removeprefix("not "))]
        if odd:
            raise ConfigError(f"{where}: no predicate is called {', '.join(odd)}; grammar/predicates.py has them all")
        if words in out:
            raise ConfigError(f"{where}: {words!r} is there twice; put what it may be on one line, with ' / ' between")
        out[words] = Asked(f"A person {words}", accepted, group)
    return list(out.values())


_WORD: Final = re.compile(r"[a-z{}]+")
_SIDES: Final = frozenset({"left", "right", "other", "{side}", "{other}"})
_PASSED_OVER: Final = frozenset({"a", "an", "the", "his", "her", "their", "{his}", "and", "while"})


def _said(words: str) -> tuple[str, ...]:
    """Words without articles and joints, left and right alike."""
    found = [word for word in _WORD.findall(words.lower()) if word not in _PASSED_OVER]
    return tuple("side" if word in _SIDES else word for word in found)


@cache
def _learned() -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    """What is learned as words for base poses, and for modifiers and roles of limbs behind them."""
    bases = set()
    for each in split.poses():
        for words in (words for template in each.base.phrasings for words in unfolded(template)):
            bases.add(_said(words))
            bases.update(_said(other) for other in (first_as_one(words), *limb_named(each.group, each.base, words)))
    modifiers = {_said(words) for each in split.modifiers().values() for t in each.phrasings for words in unfolded(t)}
    modifiers |= {_said(words) for words in roles.phrases()}
    return frozenset(bases), frozenset(modifiers - {()})


def learned(caption: str) -> bool:
    """Whether training has this caption by a template, or by one with modifiers' templates behind it.

    Articles, the side and what joins the parts are passed over.
    """
    bases, modifiers = _learned()
    words = _said(caption.removeprefix("A person "))

    def modified(rest: tuple[str, ...]) -> bool:
        return not rest or any(rest[:k] in modifiers and modified(rest[k:]) for k in range(1, len(rest) + 1))

    return any(words[:k] in bases and modified(words[k:]) for k in range(1, len(words) + 1))
