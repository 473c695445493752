"""List marks in front of captions: ``1.``, ``(1)``, ``①``, ``•`` and the like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

SHARE: Final = 0.9
"""Share of the captions that must have a mark for the marks to be removed."""

_SPACE = r"[ \t\u00a0\u3000]"
_NUMERAL = r"(?:\d{1,7}(?:\.\d{1,4})*|[A-Za-z]|[ivxIVX]{1,5}|[一二三四五六七八九十百千零〇]{1,6})"
_BULLET = (
    rf"(?:[-*+–—>]{_SPACE}+|[-–—](?=[A-Z一-鿿])"
    rf"|[\uf0b7\uf0a7\uf0d8•‣⁃∙·◦●○◉▪▫■□◼◻◆◇★☆►▶▸➤➢➔➜→⇒✓✔✅☑☐✗✘❌❖✦✧👉🔹🔸🔶🔷📌⭐]\ufe0f?{_SPACE}*)"
)
_NUMBER = (
    rf"(?:"
    rf"\({_SPACE}?{_NUMERAL}{_SPACE}?\){_SPACE}*|（{_SPACE}?{_NUMERAL}{_SPACE}?）{_SPACE}*"
    rf"|\[\d{{1,7}}\]{_SPACE}*(?![(\[])|【{_NUMERAL}】{_SPACE}*"
    rf"|\d{{1,7}}(?:\.\d{{1,4}})*{_SPACE}?[.)．）、。:：\]](?!\d|(?:npy|npz|txt|mp4|gif|bvh|json|png|jpg)\b){_SPACE}*"
    rf"|(?:[A-Za-z]|[ivxIVX]{{1,5}})[.)]{_SPACE}+"
    rf"|[一二三四五六七八九十百千零〇]{{1,6}}[、.．]{_SPACE}*|第[\d一二三四五六七八九十百千零〇]{{1,7}}[条个句项]?[、:：.]?{_SPACE}*"
    rf"|\d{{1,7}}{_SPACE}+[-–—|]{_SPACE}+|\d{{1,7}}[,;]{_SPACE}*(?!\d)|\d{{1,7}}\t+"
    rf"|#\d{{1,7}}(?:[.):]{_SPACE}*|{_SPACE}+)"
    rf"|[①-⒛⓪-⓾❶-➓㉑-㉟㊱-㊿][.、]?{_SPACE}*"
    rf"|[^\W\d_]{{1,12}}\.?{_SPACE}?[#№]?{_SPACE}?\d{{1,7}}{_SPACE}?(?:[:：、](?!\d){_SPACE}*|[.)]{_SPACE}+|{_SPACE}[-–—]{_SPACE}+)"
    rf"|(?:caption|prompt|text|description|pose){_SPACE}?[:：]{_SPACE}*"
    rf")"
)
_CHECKBOX = rf"(?:\[[ xX✓✔]\]{_SPACE}+)"
_MARK = re.compile(rf"(?:{_BULLET}{_CHECKBOX}?{_NUMBER}?|{_NUMBER}{_CHECKBOX}?|{_CHECKBOX})", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"\d{1,7}[.)] (?=[^\W\d_])")  # by far the most, and quick to match
_COUNTED = re.compile(r"[(（\[]?(\d{1,7})")
_BARE_NUMBER = re.compile(r"(\d{1,4})[ \t]+(?=[^\W\d_])")

_LEAST_FRAMES = 4


@dataclass(frozen=True)
class Marks:
    """What stands in front of the captions of an input.

    Attributes
    ----------
    marked, captions : int
        How many of how many captions have a list mark.
    removed : bool
        Whether the marks are to be removed.
    numbered : bool
        Whether a bare number is in front of each caption: ``1 A person``.
    frames : bool
        Whether these bare numbers are numbers of frames, as in the prompt files of MLD.
    """

    marked: int = 0
    captions: int = 0
    removed: bool = False
    numbered: bool = False
    frames: bool = False


def without_mark(text: str) -> str:
    """A caption without the list mark in front of it.

    >>> [without_mark(text) for text in ("1. A", "（2）A", "③ A", "- [x] 4) A", "Pose 7: A", "A. B", "1.5 A")]
    ['A', 'A', 'A', 'A', 'A', 'B', '1.5 A']
    """
    found = _PLAIN_NUMBER.match(text) or _MARK.match(text)
    return text[found.end() :] if found else text


def has_mark(text: str) -> bool:
    """Whether a list mark is in front of a caption."""
    return _MARK.match(text) is not None


def split_at_foreign_marks(paragraph: str) -> list[str]:
    """The items that stand in one paragraph because CommonMark does not know their marks: ``2、``, ``②``, ``•``.

    >>> split_at_foreign_marks("A person\\nwith arms up\\n2、B")
    ['A person\\nwith arms up', '2、B']
    """
    if "\n" not in paragraph or paragraph.isascii():
        return [paragraph]
    items: list[list[str]] = []
    for line in paragraph.split("\n"):
        found = _MARK.match(line.strip())
        if items and not (found and not found[0].isascii()):
            items[-1].append(line)
        else:
            items.append([line])
    return ["\n".join(item) for item in items]


def look(captions: Sequence[str], *, bare_numbers: bool = False) -> Marks:
    """Decide what to do about list marks.

    They are removed where nine of ten captions have one, or where at least half of them have one and the
    numbers count up one by one: then it is a list with other lines in between.

    Parameters
    ----------
    captions : sequence of str
        Captions as read, or the first thousands of them.
    bare_numbers : bool
        Look for numbers without a mark behind them too.
    """
    numbers: list[int] = []
    marked = 0
    for text in captions:
        if found := _MARK.match(text):
            marked += 1
            if number := _COUNTED.match(found[0]):
                numbers.append(int(number[1]))
    most = marked >= SHARE * len(captions) > 0
    if most or (2 * marked >= len(captions) and _counts_up(numbers)):
        return Marks(marked, len(captions), removed=True)
    if bare_numbers and captions:
        bare = [int(found[1]) for text in captions if (found := _BARE_NUMBER.match(text))]
        if len(bare) >= SHARE * len(captions):
            if _counts_up(bare) or (bare == [1, 2]):
                return Marks(marked, len(captions), numbered=True)
            if min(bare) >= _LEAST_FRAMES:
                return Marks(marked, len(captions), numbered=True, frames=True)
    return Marks(marked, len(captions))


def _counts_up(numbers: Sequence[int]) -> bool:
    if len(numbers) < 3:
        return False
    steps = sum(after in (before + 1, 1) for before, after in pairwise(numbers))
    return steps >= SHARE * (len(numbers) - 1) and numbers[1] == numbers[0] + 1


def bare_number(text: str) -> tuple[int, str]:
    """The number in front of a caption, and the caption; 0 where there is none."""
    found = _BARE_NUMBER.match(text)
    return (int(found[1]), text[found.end() :]) if found else (0, text)


def items_of(lines: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Items of a list with marks that CommonMark does not know: each from its mark up to the next, marks removed.

    Parameters
    ----------
    lines : iterable of (int, str)
        Line number and text of the lines of one paragraph.

    Returns
    -------
    list of (int, str)
        Empty where fewer than two lines, or fewer than half, have a mark. Lines in front of the first mark are
        left out; a line without a mark that begins with a small letter goes on with the item above it.
    """
    lines = list(lines)
    marked = [has_mark(text.strip()) for _, text in lines]
    if sum(marked) < 2 or 2 * sum(marked) < len(lines):
        return []
    items: list[tuple[int, str]] = []
    for (number, text), is_marked in zip(lines, marked, strict=True):
        text = text.strip()
        if is_marked:
            items.append((number, without_mark(text).strip()))
        elif items and text[:1].islower():
            items[-1] = (items[-1][0], f"{items[-1][1]} {text}")
    return items
