"""Which font has which character: DejaVu, which comes with matplotlib, then whatever is installed.

The installed fonts are looked up once per process, and only when a caption has a character that DejaVu lacks.
"""

from __future__ import annotations

import re
import threading
import unicodedata
import warnings
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

_FORMAT: Final = frozenset("\u200c\u200d\ufe0e\ufe0f")
_KANA: Final = re.compile("[\u3041-\u30ff]")
_HANGUL: Final = re.compile("[\uac00-\ud7a3\u1100-\u11ff]")


class GlyphWarning(UserWarning):
    """No installed font has some characters of a caption."""


@cache
def base_font() -> str:
    """Path of DejaVu Sans."""
    import matplotlib

    return str(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"))


def chain(words: str, region: str) -> tuple[tuple[str, int], ...]:
    """The fonts that together have the characters of some words.

    Parameters
    ----------
    words : str
        One script or several.
    region : str
        From `region`.

    Returns
    -------
    tuple of (path, face index)
        DejaVu Sans first; a font is there only if an earlier one lacks something.
    """
    fonts = [(base_font(), 0)]
    for character in dict.fromkeys(words):
        if not _invisible(character) and not any(_has(font, character) for font in fonts):
            found = _finder(character, region)
            if found is not None:
                fonts.append(found)
    return tuple(fonts)


def region(words: str) -> str:
    """Which of the Han faces of a collection suits: Japanese with kana, Korean with hangul, else simplified Chinese."""
    if _KANA.search(words):
        return "JP"
    return "KR" if _HANGUL.search(words) else "SC"


def printable(words: str) -> str:
    """The words with U+FFFD for each character that no font has, after one warning per process.

    Warns
    -----
    GlyphWarning
        Through `warnings`, the first time that something is missing in this process.
    """
    missing = missing_glyphs([words])
    if not missing:
        return words
    if not _warned().is_set():
        _warned().set()
        warnings.warn(missing_message(missing), GlyphWarning, stacklevel=2)
    return words.translate(dict.fromkeys(map(ord, missing), REPLACEMENT))


def without_unseen(words: str) -> str:
    """The words without the invisible signs that the base font lacks, for which FreeType would draw a box."""
    return "".join(c for c in words if not _invisible(c) or _has((base_font(), 0), c))


def missing_glyphs(captions: Iterable[str]) -> list[str]:
    """The characters that pictures cannot show with the fonts of this machine.

    A run asks this once for all of its captions and says so once, instead of every process for itself.

    Parameters
    ----------
    captions : iterable of str
        Any number.

    Returns
    -------
    list of str
        Characters, sorted; empty if every caption can be shown.
    """
    seen = set().union(*map(set, captions))
    return sorted(c for c in seen if not _invisible(c) and not _anywhere(c))


def missing_message(missing: list[str]) -> str:
    """One line for people: which characters no font has, and what to do."""
    shown = ", ".join(f"{c} ({unicodedata.name(c, f'U+{ord(c):04X}')})" for c in missing[:3])
    more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    return (
        f"no installed font has {shown}{more}: pictures show {REPLACEMENT} instead. Install a font that has them "
        "(Debian: fonts-noto-cjk, fonts-noto-core, fonts-noto-color-emoji) and draw again."
    )


@cache
def emoji_font() -> str | None:
    """Path of an installed colour emoji font."""
    named = (path for path in _installed() if re.search("emoji|emj", Path(path).stem, re.IGNORECASE))
    return next(filter(_coloured, named), None)


def has_emoji(character: str) -> bool:
    """Whether the colour emoji font has a character."""
    path = emoji_font()
    return path is not None and _has((path, 0), character)


@cache
def _warned() -> threading.Event:
    """Set once this process has said that glyphs are missing."""
    return threading.Event()


def _invisible(character: str) -> bool:
    return character in _FORMAT or unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")


@cache
def _anywhere(character: str) -> bool:
    if _has((base_font(), 0), character) or has_emoji(character):
        return True
    return _finder(character, "SC") is not None


@cache
def _face(font: tuple[str, int]) -> Any:
    from matplotlib.ft2font import FT2Font

    try:
        return FT2Font(font[0], face_index=font[1])
    except (RuntimeError, OSError):
        return None  # a file that FreeType cannot read is no font for us


@cache
def _has(font: tuple[str, int], character: str) -> bool:
    face = _face(font)
    return face is not None and face.get_char_index(ord(character)) != 0


@cache
def _coloured(path: str) -> bool:
    """Whether a font's glyphs are coloured, which FT2Font cannot draw and Pillow can."""
    from matplotlib.ft2font import FaceFlags

    face = _face((path, 0))
    return face is not None and FaceFlags.COLOR in face.face_flags


@cache
def _finder(character: str, region: str) -> tuple[str, int] | None:
    """The first installed font with a character that can be drawn in black."""
    for path in _installed():
        face = _face((path, 0))
        if face is None or not face.scalable or _coloured(path) or not _has((path, 0), character):
            continue
        for index in range(face.num_faces):
            name = _face((path, index)).family_name
            if name.endswith(f" {region}") and "Mono" not in name:
                return path, index
        return path, 0
    return None


@cache
def _installed() -> tuple[str, ...]:
    """Font files, upright sans serif of regular weight first."""
    from matplotlib.font_manager import findSystemFonts

    def rank(path: str) -> tuple[bool, ...]:
        name = Path(path).stem.lower()
        slanted = any(word in name for word in ("italic", "oblique", "slanted"))
        heavy = any(word in name for word in ("bold", "black", "light", "thin", "medium", "condensed"))
        return slanted, heavy, "mono" in name, "serif" in name, "noto" not in name

    return tuple(sorted(findSystemFonts(), key=lambda path: (rank(path), path)))
