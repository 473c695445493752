"""Which column of a table holds the captions and which the lengths, and which values are missing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

from posepipe.captions.notes import preview
from posepipe.errors import InputError

CAPTION_NAMES: Final = ("caption", "text", "prompt", "description")
"""Names of the column of captions, in any case; the first that is there counts."""

LENGTH_NAMES: Final = ("frames", "length")

MISSING_WORDS: Final = frozenset(
    {
        *("", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>"),
        *("N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"),
    }
)
"""What pandas reads as a missing value."""

MOST_FRAMES: Final = 999_999_999

WANTED: Final = "caption`, `text`, `prompt` or `description"


def plain_name(name: str) -> str:
    """A column's name as it is compared."""
    return name.strip().casefold()


def place_of_caption(names: Sequence[str], asked: str | None, where: str) -> int:
    """Place of the column of captions.

    Parameters
    ----------
    names : sequence of str
        All columns.
    asked : str or None
        The column that the user names.
    where : str
        How an error begins: ``captions.csv: line 1: ``.

    Raises
    ------
    InputError
        There is no such column, or more than one.
    """
    if asked is not None and names.count(asked) == 1:
        return names.index(asked)
    plain = [plain_name(name) for name in names]
    for wanted in CAPTION_NAMES if asked is None else (plain_name(asked),):
        if plain.count(wanted) > 1:
            raise InputError(f"{where}more than one column `{wanted}`; rename all but one")
        if wanted in plain:
            return plain.index(wanted)
    if asked is not None:
        raise InputError(f"{where}no column `{asked}` (--column); found {listed_names(names)}")
    raise InputError(
        f"{where}no column `{WANTED}`; found {listed_names(names)}; name the column `caption`, or give --column"
    )


def place_of_length(names: Sequence[str]) -> int | None:
    """Place of the column of lengths, if there is one."""
    plain = [plain_name(name) for name in names]
    return next((plain.index(wanted) for wanted in LENGTH_NAMES if wanted in plain), None)


def listed_names(names: Iterable[str]) -> str:
    """Names of columns for a message, at most 20."""
    names = list(names)
    return ", ".join(f"`{preview(name)}`" for name in names[:20]) + (", ..." if len(names) > 20 else "")


def is_missing(text: str) -> bool:
    """Whether pandas would read a value as missing."""
    return text.strip() in MISSING_WORDS


def frames_of(value: Any) -> int:
    """A length from a table: a number of frames of at least 1, or 0 where there is none.

    >>> frames_of("60"), frames_of(60.0), frames_of("n/a"), frames_of(None), frames_of(-1), frames_of(2.5)
    (60, 60, 0, 0, 0, 0)
    """
    if isinstance(value, bool):
        return 0
    if isinstance(value, str):
        value = value.strip()
        if not value.isascii() or len(value) > 30:
            return 0
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return 0
    if not math.isfinite(number) or number < 1 or number != int(number):
        return 0
    return min(int(number), MOST_FRAMES)
