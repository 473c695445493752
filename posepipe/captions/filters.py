"""Which of the captions that were read a run is about: ``--match``, ``--start`` and ``--limit``, ``--only``."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from posepipe.captions.reading import Captions
from posepipe.errors import InputError
from posepipe.wording import count


def select(
    captions: Captions,
    *,
    match: str | None = None,
    start: int = 0,
    limit: int | None = None,
    only: NDArray[np.uint64] | None = None,
) -> NDArray[np.int64]:
    """Choose captions.

    Parameters
    ----------
    captions : Captions
        The whole input.
    match : str, optional
        A regular expression; only captions that contain it, ignoring case.
    start : int
        Index of the first, counted from 0 among the captions that match.
    limit : int, optional
        How many from there.
    only : ndarray of uint64, optional
        Only captions with these ids.

    Returns
    -------
    ndarray of int64
        Their indices, ascending.

    Raises
    ------
    InputError
        No caption matches, `start` is beyond the last caption, or none has an id of `only`.
    """
    chosen = np.arange(len(captions)) if match is None else _matching(captions, match)
    if start and start >= len(chosen):
        those = "" if match is None else f" that match {match!r}"
        raise InputError(
            f"--start {start}: beyond the end; there {'is' if len(chosen) == 1 else 'are'} "
            f"{count(len(chosen), 'caption')}{those}, counted from 0"
        )
    chosen = chosen[start : None if limit is None else start + limit]
    if only is not None:
        found = chosen[np.isin(captions.number[chosen], only)]
        if len(chosen) and not len(found):
            raise InputError("--only: none of its captions is among those asked for; check the file")
        chosen = found
    return chosen


def _matching(captions: Captions, match: str) -> NDArray[np.int64]:
    search = re.compile(match, re.IGNORECASE).search
    text = captions.text
    found = [
        index
        for index, (start, end) in enumerate(pairwise(captions.ends.tolist()))
        if search(str(text[start:end], "utf-8"))
    ]
    if not found:
        raise InputError(f"--match {match!r}: none of the {count(len(captions), 'caption')} contains it")
    return np.array(found, np.int64)
