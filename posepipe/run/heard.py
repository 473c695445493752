"""Say which captions the bundled model reads in other words than they are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from posepipe.models.bundled import bundled_hearing
from posepipe.wording import count, printable

CHECKED: Final = 20_000
"""Captions that are checked, about a second."""

_EXAMPLES: Final = 3


def describe_heard(model: str, captions: Sequence[str]) -> list[str]:
    """Lines with the number of captions that the model reads in other words, and examples; [] if there are none.

    Parameters
    ----------
    model : str
        Value of ``--model``; only ``small`` reads captions in other words.
    captions : sequence of str
        At most :data:`CHECKED`; with so many, the line says that only the first were checked.
    """
    if model != "small":
        return []
    hear = bundled_hearing()
    pairs = [(caption, heard) for caption in captions if (heard := hear(caption)) != caption]
    if not pairs:
        return []
    checked = f" of the first {CHECKED:,}" if len(captions) >= CHECKED else ""
    lines = [
        f"{count(len(pairs), 'caption')}{checked} read in other words; name and caption stay as written. Examples:"
    ]
    return lines + [f"  {printable(caption)} -> {printable(heard)}" for caption, heard in pairs[:_EXAMPLES]]
