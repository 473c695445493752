"""The palette of the mannequin: seven materials and the paper, each with 32 tones.

A picture is painted as two planes. One holds the number of the material, the other a value from 0 to 255: the darkest
tone of the material, its colour at 100, and white at 255. Mixing values along an edge gives tones of one material, so
that a pixel needs one byte. Around every limb is a white halo, in which the material changes unseen.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.picture import colours
from posepipe.picture.colours import RGB, mix

TONES: Final = 32
WHITE: Final = 255
_COLOUR_AT: Final = 100
_PAPER_AT: Final = 96
_PAPER_GREY: Final = 176
"""Of the 32 greys of the paper, 20 are above this one, where shadow and grid are."""

MATERIALS: Final[dict[str, tuple[RGB, RGB]]] = {
    **{name: (mix(colour, colours.INK, 0.5), colour) for name, colour in colours.LIMBS.items() if name != "spine"},
    "trunk": ((52, 52, 56), (120, 118, 120)),
    "head": ((58, 44, 38), (222, 184, 150)),
    "mark": ((120, 56, 0), colours.WARNING),
}
"""Darkest tone and colour of each material."""

INDEX: Final = {"paper": 0, **{name: number for number, name in enumerate(MATERIALS, start=1)}}


@cache
def palette(transparent: bool = False) -> NDArray[np.uint8]:
    """The colours, (256, 3); number ``32 * material + value // 8``. Transparent paper is all ink; see `alpha`."""
    values = np.arange(TONES) * (255 / (TONES - 1))
    found = np.empty((256, 3))
    found[:TONES] = np.interp(values, (0, _PAPER_AT, 255), (28, _PAPER_GREY, 255))[:, None]
    if transparent:
        found[:TONES] = 28
    for number, (dark, colour) in enumerate(MATERIALS.values(), start=1):
        for channel in range(3):
            tones = np.interp(values, (0, _COLOUR_AT, 255), (dark[channel], colour[channel], 255))
            found[number * TONES : (number + 1) * TONES, channel] = tones
    rounded: NDArray[np.uint8] = np.rint(found).astype(np.uint8)
    rounded.flags.writeable = False
    return rounded


@cache
def alpha() -> NDArray[np.uint8]:
    """Opacity of the colours of the paper, (32,); all others are opaque."""
    greys = np.interp(np.arange(TONES) * (255 / (TONES - 1)), (0, _PAPER_AT, 255), (28, _PAPER_GREY, 255))
    found: NDArray[np.uint8] = np.rint((255 - greys) / (255 - 28) * 255).astype(np.uint8)
    return found


def nearest(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Numbers of the colours that are nearest to some pixels, (..., 3)."""
    gaps = palette().astype(np.int32) - pixels[..., None, :].astype(np.int32)
    return np.asarray((gaps * gaps).sum(axis=-1).argmin(axis=-1), dtype=np.uint8)


def paper(grey: float) -> int:
    """Value of a grey (0 to 255) on the paper."""
    return round(float(np.interp(grey, (28, _PAPER_GREY, 255), (0, _PAPER_AT, 255))))
