"""Wording that many messages share: counts with the right plural, and the nearest name to a misspelt one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


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
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.7)
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
