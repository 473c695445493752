"""Contact sheets: many pictures in one image, each with a readable caption."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from posepipe.errors import InputError
from posepipe.picture import camera, colours, png, typesetting
from posepipe.picture.scene import DOTS_PER_INCH
from posepipe.wording import count

_GAP: Final = 12
_TEXT_SIZE, _TEXT_STEP, _TEXT_LINES = 13, 17, 3
_TEXT_HEIGHT: Final = _TEXT_STEP * _TEXT_LINES + 8


def sheet(
    pictures: Sequence[bytes | str | Path],
    columns: int = 5,
    thumb: int = 240,
    labels: Sequence[str] | None = None,
) -> bytes:
    """Arrange pictures in rows, cropped to the person, with their captions below. Transparent ones lie on white.

    Parameters
    ----------
    pictures : sequence of bytes or paths
        PNG files made by `draw`, or their paths. The cell of a missing or broken file states the problem.
    columns : int
        Pictures in a row.
    thumb : int
        Width and height of each picture, in pixels.
    labels : sequence of str, optional
        Texts to write below the pictures instead of the captions in the files.

    Returns
    -------
    bytes
        PNG, RGB, at most ``columns`` pictures wide.

    Raises
    ------
    InputError
        If there are no pictures, fewer than 1 column, a thumb outside 32 to 1200, or not one label per picture.
    """
    if not pictures:
        raise InputError("a contact sheet needs at least one picture")
    if columns < 1 or not 32 <= thumb <= camera.SIZE:
        raise InputError(f"columns must be at least 1, and thumb from 32 to {camera.SIZE}; not {columns} and {thumb}")
    if labels is not None and len(labels) != len(pictures):
        raise InputError(f"{count(len(labels), 'label')} for {count(len(pictures), 'picture')}")
    columns = min(columns, len(pictures))
    across, down = thumb + _GAP, thumb + _TEXT_HEIGHT + _GAP
    rows, pixels = png.blank_rows(-(-len(pictures) // columns) * down + _GAP, columns * across + _GAP)
    pixels[:] = 255
    for number, picture in enumerate(pictures):
        left, top = _GAP + number % columns * across, _GAP + number // columns * down
        shown, caption = _thumbnail(picture, thumb)
        pixels[top : top + thumb, left : left + thumb] = shown
        text = caption if labels is None else labels[number]
        for row, line in enumerate(typesetting.wrap(text, _TEXT_SIZE, thumb, _TEXT_LINES)):
            start = left if line.rightward else left + thumb - line.width
            typesetting.write(pixels, line, start, top + thumb + _TEXT_STEP * (row + 1), colours.INK)
    return png.encode(rows, DOTS_PER_INCH, {"Software": "posepipe"})


def _thumbnail(picture: bytes | str | Path, thumb: int) -> tuple[typesetting.Pixels, str]:
    """The part of a picture that shows the person, and the caption in the file."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(picture) if isinstance(picture, bytes) else picture) as image:
            image.load()
            caption = str(image.info.get("caption", ""))
            old = image.info.get("style", "diagram") == "diagram"  # pictures of earlier versions do not say
            area = camera.FRAME if old else camera.WINDOW
            if image.mode != "RGB":
                inked = image.convert("RGBA")
                shown = Image.alpha_composite(Image.new("RGBA", inked.size, "white"), inked).convert("RGB")
            else:
                shown = image.convert("RGB")
            high = min(thumb, round(thumb * (area[3] - area[1]) / (area[2] - area[0])))
            part = Image.new("RGB", (thumb, thumb), shown.getpixel((0, 0)))
            part.paste(shown.resize((thumb, high), Image.Resampling.BOX, box=area), (0, thumb - high))
            return np.asarray(part), caption
    except (OSError, ValueError, SyntaxError) as error:
        blank = np.full((thumb, thumb, 3), colours.FLOOR, dtype=np.uint8)
        name = "a picture" if isinstance(picture, bytes) else Path(picture).name
        return blank, f"{name} cannot be read: {error}"
