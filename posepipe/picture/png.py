"""Pixels -> PNG bytes, by a fast deflate whose bytes are always the same, with text inside."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
DEFLATE_LEVEL: Final = 2
_RGB_8_BIT: Final = (8, 2, 0, 0, 0)


def blank_rows(height: int, width: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Memory laid out as a PNG wants it, so that encoding needs no copy.

    Returns
    -------
    (height, 1 + 3 * width) uint8 array
        The rows, each with its filter byte (0, no filter) in front.
    (height, width, 3) uint8 array
        The pixels inside of it.
    """
    rows = np.empty((height, 1 + 3 * width), dtype=np.uint8)
    rows[:, 0] = 0
    strides = (rows.strides[0], 3, 1)
    return rows, np.lib.stride_tricks.as_strided(rows[:, 1:], (height, width, 3), strides)


def encode(rows: NDArray[np.uint8], dots_per_inch: int, words: Mapping[str, str]) -> bytes:
    """A finished PNG file.

    Parameters
    ----------
    rows : (height, 1 + 3 * width) uint8 array
        As from `blank_rows`.
    dots_per_inch : int
        Written as pixels per metre (``pHYs``).
    words : mapping
        Keyword (Latin letters) -> text in any script, one ``iTXt`` chunk each.

    Returns
    -------
    bytes
        The same for the same input.

    Notes
    -----
    No filter: on these flat pictures filters make the file larger. zlib-ng rather than isal, which takes half the
    time: of 700 pictures that two runs had made, isal had packed one differently (equal pixels, one byte apart).
    """
    from zlib_ng import zlib_ng

    height, width = rows.shape[0], (rows.shape[1] - 1) // 3
    per_metre = round(dots_per_inch / 0.0254)
    parts = [
        SIGNATURE,
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, *_RGB_8_BIT)),
        _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
    ]
    for keyword, text in words.items():
        body = text.replace("\0", "").encode("utf-8", "replace")
        parts.append(_chunk(b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + body))
    parts.append(_chunk(b"IDAT", zlib_ng.compress(rows, DEFLATE_LEVEL)))
    parts.append(_chunk(b"IEND", b""))
    return b"".join(parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    from zlib_ng import zlib_ng

    check = zlib_ng.crc32(body, zlib_ng.crc32(kind))
    return b"".join((struct.pack(">I", len(body)), kind, body, struct.pack(">I", check)))
