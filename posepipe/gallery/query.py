"""What a search asks for: words, phrases in quotes, and words that must not occur. ``search.js`` does the same."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_TERM: Final = re.compile(r'(-?)(?:"([^"]*)(?:"|$)|([^\s"]+))')
_QUOTES: Final = str.maketrans("“”„‟«»", '""""""')
_SPACES: Final = re.compile(r"\s+")


def fold(text: str) -> str:
    """Normalise text for search: NFKC without case, one space between words."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).casefold())


@dataclass(frozen=True)
class Query:
    """A search that was read.

    Attributes
    ----------
    wanted, unwanted : tuple of str
        Folded texts that must occur, and texts that must not.
    """

    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    def matches(self, caption: str, stem: str) -> bool:
        """Whether a pose fits; a text may be anywhere in its caption or its name, also inside a word."""
        text = f"{fold(caption)}\n{fold(stem)}"
        return all(term in text for term in self.wanted) and not any(term in text for term in self.unwanted)


def read_query(text: str) -> Query:
    """Read a search.

    >>> read_query('Arm -sitting "left leg"')
    Query(wanted=('arm', 'left leg'), unwanted=('sitting',))
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for minus, phrase, word in _TERM.findall(fold(text.translate(_QUOTES))):
        term = phrase.strip() or word
        if term and (minus or term != "-"):
            (unwanted if minus else wanted).append(term)
    return Query(tuple(wanted), tuple(unwanted))
