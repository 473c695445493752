"""Fit text to a terminal: widths in cells, phrases that are kept whole, texts cut between words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from rich.cells import cell_len

GAP: Final = "  "
"""Between two phrases on a line."""
ELLIPSIS: Final = "…"

_WORD_END: Final = re.compile(r"[\s_/,;:]+")


def shortened(text: str, cells: int) -> str:
    """Cut a text to a width in cells, between words, with an ellipsis.

    A word (or a text without word breaks, such as Chinese) that takes more than half of the width is cut inside.

    >>> shortened("A person standing calmly", 20), shortened("standing_with_feet_wide", 20)
    ('A person standing…', 'standing_with_feet…')
    """
    if cell_len(text) <= cells:
        return text
    kept, used = "", cell_len(ELLIPSIS)
    for character in text:
        used += cell_len(character)
        if used > cells:
            break
        kept += character
    if _WORD_END.match(text, len(kept)) is None:
        ends = [found.start() for found in _WORD_END.finditer(kept)]
        if ends and 2 * cell_len(kept[: ends[-1]]) >= cells:
            kept = kept[: ends[-1]]
    return kept.rstrip(" _/,;:") + ELLIPSIS if cells > 0 else ""


def wrapped(phrases: Iterable[str], cells: int) -> list[str]:
    """Arrange phrases on as few lines as they need; a line ends between two phrases.

    >>> wrapped(["512/3,000 17%", "37.0/s last minute", "8 failed"], 34)
    ['512/3,000 17%  37.0/s last minute', '8 failed']
    """
    lines: list[str] = []
    for phrase in phrases:
        longer = f"{lines[-1]}{GAP}{phrase}" if lines else ""
        if lines and cell_len(longer) <= cells:
            lines[-1] = longer
        else:
            lines.append(shortened(phrase, cells))
    return lines


def on_one_line(phrases: Sequence[str], cells: int) -> str:
    """The first of some phrases that fit on one line together, in order; later ones that are too long are left out.

    >>> on_one_line(["running: 512/3,000 17%", "37.0/s last minute", "8 failed"], 34)
    'running: 512/3,000 17%  8 failed'
    """
    line = shortened(phrases[0], cells)
    for phrase in phrases[1:]:
        if cell_len(longer := f"{line}{GAP}{phrase}") <= cells:
            line = longer
    return line


def share(wanted: Sequence[int], room: int) -> list[int]:
    """Divide lines among blocks: each gets what it wants, or an equal share where that is less.

    >>> share([3, 50, 8], 24), share([3, 4], 24)
    ([3, 13, 8], [3, 4])
    """
    given = [0] * len(wanted)
    waiting = [i for i in range(len(wanted)) if wanted[i]]
    while waiting and room >= len(waiting):
        equal = room // len(waiting)
        small = [i for i in waiting if wanted[i] <= equal]
        for i in small or waiting:
            given[i] = min(wanted[i], equal)
            room -= given[i]
        waiting = [i for i in waiting if i not in small] if small else []
    return given
