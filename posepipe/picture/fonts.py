"""Find fonts that have the characters of a caption: DejaVu, which comes with matplotlib, then installed fonts.

Installed fonts are looked up once per process, and only when a caption has a character that DejaVu lacks.
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
    """Some characters of a caption are in no installed font."""


@cache
def base_font() -> str:
    """Path of DejaVu Sans."""
    import matplotlib

    return str(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"))


def chain(words: str, region: str) -> tuple[tuple[str, int], ...]:
    """Fonts that together have the characters of a text.

    Parameters
    ----------
    words : str
        Text in one or more scripts.
    region : str
        One of the regions that `region` returns.

    Returns
    -------
    tuple of (path, face index)
        DejaVu Sans first; each other font has a character that the fonts before it lack.
    """
    fonts = [(base_font(), 0)]
    for character in dict.fromkeys(words):
        if not _invisible(character) and not any(_has(font, character) for font in fonts):
            found = _finder(character, region)
            if found is not None:
                fonts.append(found)
    return tuple(fonts)


def region(words: str) -> str:
    """Region of the Han glyphs to use: Japanese for text with kana, Korean with hangul, else simplified Chinese."""
    if _KANA.search(words):
        return "JP"
    return "KR" if _HANGUL.search(words) else "SC"


def printable(words: str) -> str:
    """Replace characters that no font has with U+FFFD, and warn once per process.

    Warns
    -----
    GlyphWarning
        The first time that a character is missing in this process.
    """
    missing = missing_glyphs([words])
    if not missing:
        return words
    if not _warned().is_set():
        _warned().set()
        warnings.warn(missing_message(missing), GlyphWarning, stacklevel=2)
    return words.translate(dict.fromkeys(map(ord, missing), REPLACEMENT))


def without_unseen(words: str) -> str:
    """Remove invisible characters that the base font lacks, because FreeType would draw a box for them."""
    return "".join(c for c in words if not _invisible(c) or _has((base_font(), 0), c))


def missing_glyphs(captions: Iterable[str]) -> list[str]:
    """Characters that pictures cannot show with the fonts of this machine.

    A run calls this once for all its captions, so that there is one warning and not one per process.

    Parameters
    ----------
    captions : iterable of str
        Captions to check.

    Returns
    -------
    list of str
        Sorted; empty if every caption can be shown.
    """
    seen = set().union(*map(set, captions))
    return sorted(c for c in seen if not _invisible(c) and not _anywhere(c))


def missing_message(missing: list[str]) -> str:
    """Message about characters that no font has, with what to do."""
    named = ", ".join(f"{c} ({unicodedata.name(c, f'U+{ord(c):04X}')})" for c in missing[:3])
    more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    return (
        f"no installed font has {named}{more}: pictures show {REPLACEMENT} instead. Install a font that has them "
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
    """An event that is set once this process has warned about missing glyphs."""
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
        return None  # FreeType cannot read this file


@cache
def _has(font: tuple[str, int], character: str) -> bool:
    face = _face(font)
    return face is not None and face.get_char_index(ord(character)) != 0


@cache
def _coloured(path: str) -> bool:
    """Whether a font has coloured glyphs, which Pillow can draw and FT2Font cannot."""
    from matplotlib.ft2font import FaceFlags

    face = _face((path, 0))
    return face is not None and FaceFlags.COLOR in face.face_flags


@cache
def _finder(character: str, region: str) -> tuple[str, int] | None:
    """The first installed font that has a character as a black outline."""
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
    """Paths of the installed fonts, with upright sans serif fonts of regular weight first."""
    from matplotlib.font_manager import findSystemFonts

    def rank(path: str) -> tuple[bool, ...]:
        name = Path(path).stem.lower()
        slanted = any(word in name for word in ("italic", "oblique", "slanted"))
        heavy = any(word in name for word in ("bold", "black", "light", "thin", "medium", "condensed"))
        return slanted, heavy, "mono" in name, "serif" in name, "noto" not in name

    return tuple(sorted(findSystemFonts(), key=lambda path: (rank(path), path)))
