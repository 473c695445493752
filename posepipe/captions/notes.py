"""What a reader says about an input beside its captions: unusable lines, what was left out or removed, remarks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NOTHING_LEFT: Final = "nothing left"
NOT_UTF8: Final = "not UTF-8"
TOO_LONG: Final = "over 2,000 characters"
MISSING: Final = "no value"

MAX_LENGTH: Final = 2_000
"""A caption of more characters is unusable."""

NAMED_UNUSABLE: Final = 1_000
"""Unusable lines that are kept with line and reason; further ones are only counted."""

_PREVIEW = 80
_HEAD_NOUN = re.compile(r"(.*?)((?: (?:above|in|of|to|with) .*)?)")

Entry = tuple[int, str, int]
"""Line or row from 1 on, caption, frames (0: not given)."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """A line that gives no caption.

    Attributes
    ----------
    line : int
        Line or row in the input, from 1 on.
    reason : str
        Why.
    text : str
        How it begins, with everything unprintable escaped: at most some 80 characters.
    source : str
        The input it is in.
    """

    line: int
    reason: str
    text: str
    source: str = ""


class Notes:
    """Everything to report about one input beside its captions.

    Attributes
    ----------
    source : str
        Its name in messages.
    form, encoding, column : str
        How it was read: ``Markdown``, ``utf-8``, the column's name. Empty where it does not apply.
    unusable : list of Unusable
        The first 1,000 lines that give no caption.
    unusable_count : int
        How many there are in all.
    skipped : Counter
        What is no caption, by kind in the plural: ``{"headings": 16}``.
    cleaned : Counter
        Captions from which something was removed, by kind in the plural: ``{"list marks": 16}``.
    remarks : list of str
        Guesses and everything else that the user should know.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.form = ""
        self.encoding = ""
        self.column = ""
        self.unusable: list[Unusable] = []
        self.unusable_count = 0
        self.skipped: Counter[str] = Counter()
        self.cleaned: Counter[str] = Counter()
        self.remarks: list[str] = []

    def reject(self, line: int, reason: str, text: str) -> None:
        """Record a line that gives no caption."""
        self.unusable_count += 1
        if len(self.unusable) < NAMED_UNUSABLE:
            self.unusable.append(Unusable(line, reason, preview(text), self.source))

    def remark(self, text: str) -> None:
        """Record something that the user should know, once."""
        if text not in self.remarks:
            self.remarks.append(text)


def preview(text: str, length: int = _PREVIEW) -> str:
    """The beginning of a text, safe for a terminal and for UTF-8."""
    shown = "".join(map(_visible, text[:length]))
    return shown + "…" if len(text) > length else shown


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if "\udc00" <= character <= "\udcff":  # a byte that could not be decoded
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()


def counted(number: int, kind: str) -> str:
    """A number with a noun that is given in the plural.

    >>> counted(1, "lines of code"), counted(2_000, "HTML entities"), counted(1, "HTML entities")
    ('1 line of code', '2,000 HTML entities', '1 HTML entity')
    """
    if number == 1:
        head, rest = _HEAD_NOUN.fullmatch(kind).groups()  # type: ignore[union-attr]
        head = f"{head[:-3]}y" if head.endswith("ies") else head.removesuffix("s")
        kind = head + rest
    return f"{number:,} {kind}"


def listed(counts: Mapping[str, int]) -> str:
    """Counts by kind as a list: ``16 headings, 1 paragraph line``."""
    return ", ".join(counted(number, kind) for kind, number in counts.items())
