"""Set captions as pixels: line breaks by pixel width in any script, right-to-left text, emoji.

Matplotlib's FreeType binding shapes and orders the glyphs; it includes libraqm, HarfBuzz and a bidi library, so Arabic
needs no system library. Pillow draws coloured emoji. The bitmap of each word is cached, because captions share most of
their words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.picture import fonts
from posepipe.picture.colours import INK, RGB
from posepipe.picture.palette import nearest

Pixels = NDArray[np.uint8]

_ELLIPSIS: Final = "…"
_LEFT_TO_RIGHT_MARK, _RIGHT_TO_LEFT_MARK = "\u200e", "\u200f"
_KEPT: Final = 20_000

_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
_EMOJI_BASE: Final = "[\U0001f000-\U0001faff]|[\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff]\ufe0f"
_EMOJI_TAIL: Final = "[\ufe0f\U0001f3fb-\U0001f3ff]*"
_EMOJI: Final = re.compile(
    "([\U0001f1e6-\U0001f1ff]{2}|[0-9#*]\ufe0f\u20e3"
    f"|(?:{_EMOJI_BASE}){_EMOJI_TAIL}(?:\u200d(?:{_EMOJI_BASE}|[\u2300-\u2bff]){_EMOJI_TAIL})*)"
)
_UNSPACED: Final = re.compile("[\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")
"""Characters of scripts in which a line can break between any two characters."""

_NOT_FIRST: Final = frozenset(
    "、。，．：；！？）］｝〕〉》」』】〗’”…‥ー々ゝゞヽヾ・ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;!?)]}%"
)
_NOT_LAST: Final = frozenset("（［｛〔〈《「『【〖‘“([{")


@dataclass(frozen=True)
class Face:
    """Size and region of the glyphs of a text."""

    size: int  # pixels per em
    region: str = "SC"  # region of the Han glyphs: SC, JP or KR


@dataclass(frozen=True)
class Piece:
    """Bitmap of a few characters."""

    coverage: Pixels  # (height, width), 0 to 255; (height, width, 4), RGBA, for emoji
    advance: float  # pixels from this piece to the next
    left: int  # pixels from the pen to the left edge of the bitmap
    rise: int  # pixels from the top of the bitmap to the baseline


@dataclass(frozen=True)
class Line:
    """A line of a caption."""

    pieces: tuple[tuple[float, Piece], ...]  # each with its pixels from the left end of the line
    width: float
    rightward: bool  # False for a right-to-left paragraph, which is aligned right


def wrap(caption: str, size: int, width: float, lines: int) -> list[Line]:
    """Break a caption into lines.

    Parameters
    ----------
    caption : str
        In any script; runs of white space become one space.
    size : int
        Pixels per em.
    width : float
        Maximum width of a line, in pixels.
    lines : int
        Maximum number of lines; longer text is cut and ends with an ellipsis.

    Returns
    -------
    list of Line
        Empty if the caption has no visible character.
    """
    text, rightward, face = _paragraph(caption, size)
    return [_line(row, face, rightward) for row in _rows(text, face, width, lines)]


def lines(caption: str, size: int, width: float, count: int) -> list[tuple[str, bool]]:
    """The lines that `wrap` would set, as text, each with whether it is left-to-right."""
    text, rightward, face = _paragraph(caption, size)
    return [(row, rightward) for row in _rows(text, face, width, count)]


def _paragraph(caption: str, size: int) -> tuple[str, bool, Face]:
    text = fonts.printable(_CONTROLS.sub("", " ".join(unicodedata.normalize("NFC", caption).split())))
    rightward = next((c for c in map(unicodedata.bidirectional, text) if c in ("L", "R", "AL")), "L") == "L"
    return text, rightward, Face(size, fonts.region(text))


def _rows(text: str, face: Face, width: float, lines: int) -> list[str]:
    space = _piece(" ", face).advance
    rows: list[list[str]] = []
    used = 0.0
    for word in _chunks(text, face, width):
        advance = _advance(word.strip(), face)
        gap = space if word.startswith(" ") else 0.0
        if not rows or used + gap + advance > width:
            if len(rows) == lines:
                _shorten(rows[-1], face, width)
                break
            rows.append([word.lstrip()])
            used = advance
        else:
            rows[-1].append(word)
            used += gap + advance
    return ["".join(row) for row in rows]


@lru_cache(maxsize=1_000)
def cut(words: str, size: int, width: float) -> Line:
    """Set one line of left-to-right text; text that is too long is cut and ends with an ellipsis."""
    face = Face(size)
    row = [fonts.printable(_CONTROLS.sub("", words))]
    if _advance(row[0], face) > width:
        _shorten(row, face, width)
    return _line(row[0], face, True)


def write(pixels: Pixels, line: Line, x: float, base: int, colour: RGB = INK) -> None:
    """Write a line on a white background.

    Parameters
    ----------
    pixels : (height, width, 3) uint8 array
        Changed in place; must be white where the line is written.
    line : Line
        From `wrap` or `cut`.
    x : float
        Pixels from the left edge.
    base : int
        Pixels from the top edge to the baseline.
    colour : (red, green, blue)
        0 to 255.
    """
    for where, ink in _inked(line, x, base, pixels):
        region = pixels[where]
        if ink.ndim == 3:
            share = ink[..., 3:].astype(np.uint16)
            region[:] = (region * (255 - share) + ink[..., :3] * share) // 255
        else:
            np.minimum(region, _tints(colour)[ink], out=region)


def _inked(line: Line, x: float, base: int, image: Pixels) -> Iterator[tuple[tuple[slice, slice], Pixels]]:
    """Where each piece of a line lies in an image, and its ink there."""
    for offset, piece in line.pieces:
        top, left = base - piece.rise, round(x + offset) + piece.left
        if 0 <= top < image.shape[0] and 0 <= left < image.shape[1]:
            ink = piece.coverage[: image.shape[0] - top, : image.shape[1] - left]
            yield (slice(top, top + ink.shape[0]), slice(left, left + ink.shape[1])), ink


def write_values(value: Pixels, material: Pixels, line: Line, x: float, base: int, tone: int) -> None:
    """Write a line into the planes of a mannequin's picture.

    Parameters
    ----------
    value, material : (height, width) uint8 array
        The planes, changed in place. An emoji takes the nearest colours of the palette.
    line : Line
        From `wrap` or `cut`.
    x : float
        Pixels from the left edge.
    base : int
        Pixels from the top edge to the baseline.
    tone : int
        Value of the ink.
    """
    table = _tones(tone)
    for where, ink in _inked(line, x, base, value):
        region = value[where]
        if ink.ndim == 3:
            share = ink[..., 3:].astype(np.uint16)
            numbers = nearest(((255 * (255 - share) + ink[..., :3] * share) // 255).astype(np.uint8))
            region[:] = numbers % 32 * 8 + 7
            material[where] = numbers & 0xE0
        else:
            np.minimum(region, table[ink], out=region)


@lru_cache(maxsize=16)
def _tones(tone: int) -> Pixels:
    """(256,) values from white to a tone, by coverage; nine steps."""
    share = np.rint(np.arange(256) / 255 * 8) / 8
    return np.rint(255 + (tone - 255) * share).astype(np.uint8)


@lru_cache(maxsize=16)
def _tints(colour: RGB) -> Pixels:
    """(256, 3) colours from white to a colour, by coverage; nine steps, which make the file 5 % smaller."""
    share = np.rint(np.arange(256) / 255 * 8)[:, None] / 8
    return np.rint(255 + (np.array(colour) - 255) * share).astype(np.uint8)


def _chunks(text: str, face: Face, width: float) -> list[str]:
    """Split text where a line may break; a part that follows a space begins with the space."""
    chunks: list[str] = []
    for number, word in enumerate(text.split(" ") if text else []):
        parts = _break_unspaced(word) if _UNSPACED.search(word) else [word]
        parts = [piece for part in parts for piece in _break_long(part, face, width)]
        if number and parts:
            parts[0] = " " + parts[0]
        chunks += parts
    return chunks


def _break_unspaced(word: str) -> list[str]:
    """Split a word of a script without spaces into characters; closing punctuation stays with the character before."""
    parts: list[str] = []
    for cluster in _clusters(word):
        after = parts[-1][-1] if parts else ""
        free = _UNSPACED.match(cluster) or (after and _UNSPACED.match(after))
        if parts and (not free or cluster[0] in _NOT_FIRST or after in _NOT_LAST):
            parts[-1] += cluster
        else:
            parts.append(cluster)
    return parts


def _break_long(word: str, face: Face, width: float) -> list[str]:
    """Split a word that is wider than a line into parts that fit (Thai, URLs)."""
    if len(word) * face.size <= width or _advance(word, face) <= width:
        return [word]
    parts, used = [""], 0.0
    for cluster in _clusters(word):
        advance = _advance(cluster, face)
        if parts[-1] and used + advance > 0.97 * width:
            parts.append("")
            used = 0.0
        parts[-1] += cluster
        used += advance
    return parts


def _clusters(word: str) -> list[str]:
    """Split a word into grapheme clusters: a base with its marks, an emoji with its modifiers."""
    clusters: list[str] = []
    for part in _EMOJI.split(word):
        if _EMOJI.fullmatch(part):
            clusters.append(part)
            continue
        for character in part:
            joins = unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")
            if joins and clusters:
                clusters[-1] += character
            else:
                clusters.append(character)
    return clusters


def _shorten(row: list[str], face: Face, width: float) -> None:
    """Remove clusters from the end of a full line until an ellipsis fits."""
    while row:
        kept = "".join(row)
        if _advance(kept + _ELLIPSIS, face) <= width or not kept:
            row[:] = [kept + _ELLIPSIS]
            return
        clusters = _clusters(row.pop())[:-1]
        if clusters:
            row.append("".join(clusters))
    row[:] = [_ELLIPSIS]


def _line(text: str, face: Face, rightward: bool) -> Line:
    pieces = []
    pen = 0.0
    parts = _parts(text, rightward)
    for part in parts if rightward else reversed(parts):
        piece = _piece(part, face)
        if part != " ":
            pieces.append((pen, piece))
        pen += piece.advance
    return Line(tuple(pieces), pen, rightward)


def _advance(text: str, face: Face) -> float:
    return sum(_piece(part, face).advance for part in _parts(text, True))


def _parts(text: str, rightward: bool) -> list[str]:
    """Split text into pieces that are set together: words, spaces, emoji; text with right-to-left runs stays whole."""
    mixed = any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in text)
    mark = _LEFT_TO_RIGHT_MARK if rightward else _RIGHT_TO_LEFT_MARK
    parts: list[str] = []
    for number, part in enumerate(_EMOJI.split(text)):
        if number % 2:
            parts.append(part)
        elif mixed and part.strip():
            parts.append(mark + part)
        else:
            parts += [word for word in re.split("( |[\u2e80-\ua4cf\uac00-\ud7a3]|[0-9])", part) if word]
    return parts


@lru_cache(maxsize=_KEPT)
def _piece(words: str, face: Face) -> Piece:
    if _EMOJI.fullmatch(words) and fonts.has_emoji(words[0]):
        emoji = _emoji(words, face.size)
        if emoji is not None:
            return emoji
    from matplotlib.font_manager import FontPath, get_font
    from matplotlib.ft2font import LoadFlags

    words = fonts.without_unseen(words)
    font = get_font([FontPath(path, face) for path, face in fonts.chain(words, face.region)])
    font.set_size(face.size, 72)
    font.set_text(words, 0, flags=LoadFlags.NO_HINTING)
    font.draw_glyphs_to_bitmap(antialiased=True)
    (width, height), descent = font.get_width_height(), font.get_descent()
    left = font.get_bitmap_offset()[0] // 64
    return Piece(np.array(font.get_image()), width / 64, left, (height - descent) // 64 + 1)


def _emoji(words: str, size: int) -> Piece | None:
    """Draw a coloured emoji at the height of the line; None if Pillow cannot draw it."""
    from PIL import Image, ImageDraw, ImageFont

    path = fonts.emoji_font()
    drawn = 109  # the only size that bitmap emoji fonts have
    try:
        font = ImageFont.truetype(str(path), drawn)
        canvas = Image.new("RGBA", (drawn * (len(words) + 1), 2 * drawn))
        ImageDraw.Draw(canvas).text((drawn // 4, drawn // 4), words, font=font, embedded_color=True)
    except OSError:
        return None
    box = canvas.getbbox()
    if box is None:
        return None
    high = round(1.1 * size)
    wide = max(1, round((box[2] - box[0]) * high / (box[3] - box[1])))
    shrunk = canvas.crop(box).resize((wide, high), Image.Resampling.BOX)
    return Piece(np.asarray(shrunk), wide + size / 10, round(size / 20), round(0.9 * size))
