"""Texts in messages: counts with the right plural, the nearest name to a misspelt one, and foreign text made safe.

Captions, file names and errors of a model may hold anything. What goes to a terminal or into a log goes through
:func:`printable`.
"""

from __future__ import annotations

import difflib
import sys
import unicodedata
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 4000
"""Characters of a foreign text that are kept, at most."""
_JOINERS: Final = "\u200c\u200d"
"""Format characters that Persian, Indic scripts and emoji need; unlike others they hide and reorder nothing."""


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun.

    Parameters
    ----------
    number : int
    noun : str
        The singular form.
    plural : str, optional
        The plural form, where it is not the singular with an ``s``.

    Examples
    --------
    >>> count(1, "caption"), count(10000, "caption"), count(0, "class", "classes")
    ('1 caption', '10,000 captions', '0 classes')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most similar to a misspelt name, or None if none is similar. Case is ignored.

    Examples
    --------
    >>> nearest("--fianl-dir", ["--final-dir", "--temp-dir"])
    '--final-dir'
    >>> nearest("dance", ["run", "watch"]) is None
    True
    """
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6 if len(name) < 5 else 0.7)
    return by_folded[found[0]] if found else None


def listing(names: Iterable[str], conjunction: str = "or") -> str:
    """Names as a list in a sentence.

    Examples
    --------
    >>> listing(["files", "folders", "shards"])
    'files, folders or shards'
    """
    *others, last = names
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def printable(text: str) -> str:
    """The text on one line, with every character escaped that a terminal or a reader of logs could take for more.

    These are control characters (line ends, tabs, escape sequences), format characters such as those that reverse the
    direction, line and paragraph separators, surrogates, and code points without a character. They are escaped as in
    Python. All other text stays as it is.

    Examples
    --------
    >>> printable("one\\ntwo \\x1b[31m人")
    'one\\\\ntwo \\\\x1b[31m人'
    """
    if text.isprintable():
        return text
    return "".join(c if _is_harmless(c) else c.encode("unicode_escape").decode("ascii") for c in text)


def _is_harmless(character: str) -> bool:
    return character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs"


def encodable(text: str, encoding: str | None) -> str:
    """The text with the characters escaped that an encoding lacks.

    Parameters
    ----------
    text : str
    encoding : str or None
        Of a stream; None for UTF-8.

    Examples
    --------
    >>> encodable("läuft 人", "latin-1"), encodable("\\ud83d", "utf-8")
    ('läuft \\\\u4eba', '\\\\ud83d')
    """
    name = encoding or "utf-8"
    return text.encode(name, "backslashreplace").decode(name)


def no_file_name(name: str) -> str:
    """What to say about a file name that the locale of this process cannot spell."""
    encoding = sys.getfilesystemencoding()
    return f"the locale of this process ({encoding}) has no file name for {name}; set PYTHONUTF8=1 or LC_ALL=C.UTF-8"


def shortened(text: str, longest: int = LONGEST) -> str:
    """The beginning and the end of a long text, with a note of its length between them.

    Examples
    --------
    >>> shortened("short")
    'short'
    >>> shortened("a" * 50 + "b" * 1000, 60)
    'aaaaaaaaaaaaaaaaaaaa ... (1,050 characters in all) ... bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'
    """
    if len(text) <= longest:
        return text
    head = longest // 3
    return f"{text[:head]} ... ({len(text):,} characters in all) ... {text[head - longest :]}"
