"""Captions as users type them, with the predicates that their poses must satisfy: a test independent of the grammar.

They were written without the tables of the grammar, 1,079 of them by seven writers who had never seen it; the last four
were asked to name sides. The predicates follow from what the caption says, not from how a base pose is built. Some
captions also occur in training, word for word or by template; :func:`is_trained` recognises them, and they are reported
apart. Do not copy wordings from here into the grammar: that would make the test smaller.
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
from training.grammar.compose import limb_named
from training.grammar.sentences import without_first_side
from training.grammar.templates import expanded

BLIND_FILES: Final = tuple(Path(__file__).with_name(f"blind_{name}.txt") for name in ("one", "two"))
"""Lines ``## group``, each followed by whole captions: ``caption => predicate, predicate / predicate``.

Each file has 150 captions by a writer who knew only the names of the groups. Another person wrote the predicates,
before any model was run on them. They are a test: never train on them, and do not change the grammar because of one.
"""

USER_CAPTIONS_FILE: Final = Path(__file__).with_name("user_captions.txt")
"""Lines ``## group``, each followed by captions without "A person": ``words: predicate, predicate / predicate``."""


@dataclass(frozen=True)
class Question:
    """A caption, and the predicates that its pose must satisfy.

    Attributes
    ----------
    caption : str
    accepted : tuple of tuples of str
        Alternatives; all predicates of one of them must hold. There are several if the caption leaves something open:
        "doing a lunge" allows either side.
    group : str
    """

    caption: str
    accepted: tuple[tuple[str, ...], ...]
    group: str


def user_captions(path: Path = USER_CAPTIONS_FILE) -> list[Question]:
    """Read the captions of a file like :data:`USER_CAPTIONS_FILE`.

    Raises
    ------
    ConfigError
        If a line has no predicates, comes before the first group, names an unknown predicate, or repeats a caption.
    """
    return _read(path, ": ", "A person ")


def blind_captions(path: Path) -> list[Question]:
    """Read one of :data:`BLIND_FILES`; errors as in :func:`user_captions`."""
    return _read(path, " => ", "")


def _read(path: Path, separator: str, subject: str) -> list[Question]:
    out: dict[str, Question] = {}
    group = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{path.name}, line {number}"
        if line.startswith("## "):
            group = line[3:]
            continue
        if not line:
            continue
        words, found, wanted = line.partition(separator)
        if not (group and found):
            raise ConfigError(
                f"{where}: expected '## group', or 'words{separator}predicate, predicate' below one; got {line!r}"
            )
        accepted = tuple(tuple(name.strip() for name in each.split(",")) for each in wanted.split(" / "))
        unknown = [name for each in accepted for name in each if not predicates.known(name.removeprefix("not "))]
        if unknown:
            raise ConfigError(f"{where}: unknown predicate {', '.join(unknown)}; see grammar/predicates.py")
        if words in out:
            raise ConfigError(f"{where}: {words!r} is there twice; join the alternatives with ' / ' on one line")
        out[words] = Question(subject + words, accepted, group)
    return list(out.values())


_WORD: Final = re.compile(r"[a-z{}]+")
_SIDES: Final = frozenset({"left", "right", "other", "{side}", "{other}"})
_IGNORED: Final = frozenset({"a", "an", "the", "his", "her", "their", "{his}", "and", "while"})


def _reduced(words: str) -> tuple[str, ...]:
    """Return the words without articles and conjunctions, and with one word for all sides."""
    found = [word for word in _WORD.findall(words.lower()) if word not in _IGNORED]
    return tuple("side" if word in _SIDES else word for word in found)


@cache
def _trained() -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    """Return the reduced wordings of training: those of base poses, and those of modifiers and roles."""
    bases = set()
    for each in split.poses():
        for words in (words for template in each.base.phrasings for words in expanded(template)):
            bases.add(_reduced(words))
            bases.update(
                _reduced(other) for other in (without_first_side(words), *limb_named(each.group, each.base, words))
            )
    modifiers = {
        _reduced(words) for each in split.modifiers().values() for t in each.phrasings for words in expanded(t)
    }
    modifiers |= {_reduced(words) for words in roles.phrases()}
    return frozenset(bases), frozenset(modifiers - {()})


def is_trained(caption: str) -> bool:
    """Return whether training can draw this caption: a base pose's wording, then wordings of modifiers or roles.

    Articles, conjunctions and the side are ignored.
    """
    bases, modifiers = _trained()
    words = _reduced(caption.removeprefix("A person "))

    def is_modifiers(rest: tuple[str, ...]) -> bool:
        return not rest or any(rest[:k] in modifiers and is_modifiers(rest[k:]) for k in range(1, len(rest) + 1))

    return any(words[:k] in bases and is_modifiers(words[k:]) for k in range(1, len(words) + 1))
