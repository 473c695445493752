"""Contact sheets: many pictures on one, each with its caption in letters that can be read."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from posepipe.errors import InputError
from posepipe.picture import camera, colours, png, words
from posepipe.picture.scene import DOTS_PER_INCH

_GAP: Final = 12
_TEXT_SIZE, _TEXT_STEP, _TEXT_LINES = 13, 17, 3
_TEXT_HEIGHT: Final = _TEXT_STEP * _TEXT_LINES + 8


def sheet(
    pictures: Sequence[bytes | str | Path],
    columns: int = 5,
    thumb: int = 240,
    labels: Sequence[str] | None = None,
) -> bytes:
    """Pictures in rows, cropped to the person, with their captions below.

    Parameters
    ----------
    pictures : sequence of bytes or paths
        PNG files as `draw` makes them, or where they lie. A file that is missing or broken leaves a cell that
        says so.
    columns : int
        Pictures in a row.
    thumb : int
        Pixels of each picture's side.
    labels : sequence of str, optional
        What to write below each instead of the caption that the file carries.

    Returns
    -------
    bytes
        PNG, RGB, ``columns`` wide or less.

    Raises
    ------
    InputError
        No pictures, fewer than 1 column, a thumb outside 32 to 1200, or labels that do not match.
    """
    if not pictures:
        raise InputError("a contact sheet needs at least one picture")
    if columns < 1 or not 32 <= thumb <= camera.SIZE:
        raise InputError(f"columns must be 1 or more and thumb 32 to {camera.SIZE}, not {columns} and {thumb}")
    if labels is not None and len(labels) != len(pictures):
        raise InputError(f"{len(labels)} labels for {len(pictures)} pictures")
    columns = min(columns, len(pictures))
    across, down = thumb + _GAP, thumb + _TEXT_HEIGHT + _GAP
    rows, pixels = png.blank_rows(-(-len(pictures) // columns) * down + _GAP, columns * across + _GAP)
    pixels[:] = 255
    for number, picture in enumerate(pictures):
        left, top = _GAP + number % columns * across, _GAP + number // columns * down
        shown, caption = _thumbnail(picture, thumb)
        pixels[top : top + thumb, left : left + thumb] = shown
        text = caption if labels is None else labels[number]
        for row, line in enumerate(words.wrap(text, _TEXT_SIZE, thumb, _TEXT_LINES)):
            start = left if line.rightward else left + thumb - line.width
            words.write(pixels, line, start, top + thumb + _TEXT_STEP * (row + 1), colours.INK)
    return png.encode(rows, DOTS_PER_INCH, {"Software": "posepipe"})


def _thumbnail(picture: bytes | str | Path, thumb: int) -> tuple[words.Pixels, str]:
    """The part of a picture in which the person is, and the caption that the file carries."""
    from PIL import Image

    left, top, right, bottom = map(round, camera.FRAME)
    side = min(right - left, bottom - top)
    try:
        with Image.open(io.BytesIO(picture) if isinstance(picture, bytes) else picture) as image:
            image.load()
            caption = str(image.info.get("caption", ""))
            part = image.convert("RGB").resize(
                (thumb, thumb), Image.Resampling.BOX, box=(left, bottom - side, left + side, bottom)
            )
            return np.asarray(part), caption
    except (OSError, ValueError, SyntaxError) as error:
        blank = np.full((thumb, thumb, 3), colours.FLOOR, dtype=np.uint8)
        name = "a picture" if isinstance(picture, bytes) else Path(picture).name
        return blank, f"{name} cannot be read: {error}"
