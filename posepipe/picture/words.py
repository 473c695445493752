"""Captions as pixels: fonts for any script, line breaks by pixel width, right-to-left text.

Matplotlib's FreeType binding shapes and orders the glyphs (it carries libraqm, HarfBuzz and a bidi library of its own,
so Arabic needs nothing from the system). What has been set once is kept as a small bitmap, word by word.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_ELLIPSIS: Final = "…"


@dataclass(frozen=True)
class Piece:
    """A word that has been set."""

    coverage: NDArray[np.uint8]  # (height, width), 0 to 255
    advance: float  # pixels to the next piece
    rise: int  # pixels from the bitmap's top to the base line


@cache
def _font(size: int) -> Any:
    import matplotlib
    from matplotlib.font_manager import get_font

    font = get_font([matplotlib.get_data_path() + "/fonts/ttf/DejaVuSans.ttf"])
    font.set_size(size, 72)
    return font


@lru_cache(maxsize=20_000)
def piece(words: str, size: int) -> Piece:
    """Set some words in one line."""
    from matplotlib.ft2font import LoadFlags

    font = _font(size)
    font.set_size(size, 72)
    font.set_text(words, 0, flags=LoadFlags.NO_HINTING)
    font.draw_glyphs_to_bitmap(antialiased=True)
    coverage = np.array(font.get_image())
    return Piece(
        coverage, font.get_width_height()[0] / 64, coverage.shape[0] - round(font.get_descent() / 64)
    )


def wrap(caption: str, size: int, width: float, lines: int) -> list[list[str]]:
    """Break a caption into lines of words."""
    space = piece("n n", size).advance - piece("nn", size).advance
    rows: list[list[str]] = [[]]
    used = 0.0
    for word in unicodedata.normalize("NFC", caption).split():
        advance = piece(word, size).advance
        if rows[-1] and used + space + advance > width:
            if len(rows) == lines:
                rows[-1][-1] += _ELLIPSIS
                break
            rows.append([])
            used = 0.0
        rows[-1].append(word)
        used += advance + space
    return rows


def write(pixels: NDArray[np.uint8], words: list[str], x: float, base: int, size: int) -> float:
    """Write a line in black; returns where it ends."""
    space = piece("n n", size).advance - piece("nn", size).advance
    for word in words:
        shape = piece(word, size)
        top, left = base - shape.rise, round(x)
        height, width = shape.coverage.shape
        region = pixels[top : top + height, left : left + width]
        np.minimum(region, 255 - shape.coverage[: region.shape[0], : region.shape[1], None], out=region)
        x += shape.advance + space
    return x - space
