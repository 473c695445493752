"""Say which captions the bundled model reads in other words than they are written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from posepipe.models.bundled import bundled_hearing
from posepipe.wording import count, printable

CHECKED: Final = 20_000
"""Captions that are checked, about a second."""

_EXAMPLES: Final = 3


def describe_heard(model: str, captions: Iterable[str]) -> list[str]:
    """Lines with the number of captions that the model reads in other words, and examples; [] if there are none.

    Parameters
    ----------
    model : str
        Value of ``--model``; only ``small`` reads captions in other words.
    captions : iterable of str
    """
    if model != "small":
        return []
    hear = bundled_hearing()
    pairs = [(caption, heard) for caption in captions if (heard := hear(caption)) != caption]
    if not pairs:
        return []
    lines = [f"{count(len(pairs), 'caption')} read in other words; name and caption stay as written. Examples:"]
    return lines + [f"  {printable(caption)} -> {printable(heard)}" for caption, heard in pairs[:_EXAMPLES]]
