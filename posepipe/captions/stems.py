"""The file name rule: the stem of a caption, the key by which stems collide, and the stems of variants."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_STEM: Final = 200
"""Maximum characters and maximum UTF-8 bytes of a stem, without the suffixes of collisions and variants."""

_ARTICLE = "a person "
_FORBIDDEN = str.maketrans("", "", '<>:"/\\|?*')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})  # surrogates too: no file system takes them
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {port + digit for port in ("COM", "LPT") for digit in "123456789¹²³"}
)
RESERVED_SUFFIXES: Final = (".openpose", ".motion")
"""What a format with two dots in its suffix (``.motion.npy``) adds to the name of a pose."""
_RESERVED = re.compile(r"(?:__(?:v[0-9]+|[0-9a-f]{8}|[0-9a-f]{16})|\.openpose|\.motion)\Z")


def fold(caption: str) -> str:
    """Bring a caption to NFC, with each run of white space as one blank and none at the ends.

    Captions that fold to the same text are the same caption.
    """
    if not caption.isascii():
        caption = unicodedata.normalize("NFC", caption)
    if caption.isprintable() and "  " not in caption:  # then blanks are all its white space
        return caption.strip(" ")
    return " ".join(caption.split())


def stem_of(caption: str, caption_id: str) -> str:
    r"""Name a caption for the file system: `A person arching back` is ``arching_back``.

    In this order: NFC, with runs of white space as one blank; a leading ``A person `` goes, in any case; blanks
    become ``_``; ``<>:"/\|?*`` and control and format characters go (what then stands side by side is composed);
    trailing dots and underscores and leading dots go; at most 200 characters and 200 UTF-8 bytes, cut between
    characters.

    Parameters
    ----------
    caption : str
        Any text.
    caption_id : str
        See `posepipe.captions.reading.caption_id`. Used where a Windows device name or nothing is left:
        ``caption_<caption_id>``.

    Returns
    -------
    str
        Never empty, without a path in it or a dot before it, equal for captions with equal ids.

    Examples
    --------
    >>> stem_of("A person's arm", "0123456789abcdef")
    "A_person's_arm"
    >>> stem_of("a person waving.", "0123456789abcdef")
    'waving'
    """
    return plain_stem(caption) or f"caption_{caption_id}"


def original_stem(caption: str) -> str:
    """Name a caption as MARDM's ``batch_generate_10k.py`` did, to recognise its files.

    The characters ``<>:"/\\|?*`` go, blanks become ``_``, a leading ``A_person_`` goes, and the rest is cut to 200
    characters. Trailing dots stay.

    >>> original_stem("A person arching back.")
    'arching_back.'
    """
    return caption.translate(_FORBIDDEN).replace(" ", "_").removeprefix("A_person_")[:MAX_STEM]


def plain_stem(caption: str) -> str:
    """What `stem_of` makes of a caption without its id: empty where nothing is left, or a Windows device name."""
    stem = fold(caption)
    if stem[: len(_ARTICLE)].lower() == _ARTICLE:
        stem = stem[len(_ARTICLE) :]
    stem = stem.replace(" ", "_").translate(_FORBIDDEN)
    if not stem.isprintable():
        stem = "".join(mark for mark in stem if unicodedata.category(mark) not in _INVISIBLE)
    if not stem.isascii():
        stem = unicodedata.normalize("NFC", stem)
    stem = stem.rstrip("._").lstrip(".")[:MAX_STEM]
    if not stem.isascii():
        stem = stem.encode()[:MAX_STEM].decode(errors="ignore")
    return "" if stem.partition(".")[0].upper() in _DEVICES else stem


def collision_key(stem: str) -> str:
    """Bring a stem to the form in which file systems without case and composition compare names.

    Two names that macOS or Windows take for one have equal keys. It is Unicode's canonical caseless matching, in
    which ``ß`` meets ``ss``.

    Returns
    -------
    str
        In NFC; the key of a key is itself.
    """
    if stem.isascii():
        lower = stem.lower()
        return stem if stem == lower else lower  # most stems are their own key: no second copy in memory
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", stem).casefold())


def is_reserved(key: str) -> bool:
    """Whether a key ends like a variant, an id or a format: such a name is given to nobody as it stands."""
    return ("__" in key or "." in key) and _RESERVED.search(key) is not None


def variant_stem(stem: str, variant: int) -> str:
    """Stem of a variant of a caption: `stem` itself for 0, else ``<stem>__v<variant>``."""
    return f"{stem}__v{variant}" if variant else stem


def base_stem(stem: str, variant: int) -> str:
    """Take off what `variant_stem` put on."""
    return stem.removesuffix(f"__v{variant}") if variant else stem
