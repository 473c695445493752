"""Which captions of an input a run is about."""

from __future__ import annotations

import numpy as np
import pytest

from posepipe.captions.filters import select
from posepipe.captions.reading import read_captions
from posepipe.errors import InputError

CAPTIONS = read_captions([], prompts=["A person standing", "A person sitting", "A man STANDING up", "Ein Mensch grüßt"])


def chosen(**options: object) -> list[int]:
    return select(CAPTIONS, **options).tolist()  # type: ignore[arg-type]


def test_slices() -> None:
    assert chosen() == [0, 1, 2, 3]
    assert chosen(start=1, limit=2) == [1, 2]
    assert chosen(start=3, limit=100) == [3]
    assert chosen(limit=0) == []


def test_matches_ignore_case_and_are_sliced_after_matching() -> None:
    assert chosen(match="standing") == [0, 2]
    assert chosen(match="standing", start=1) == [2]
    assert chosen(match="standing", limit=1) == [0]
    assert chosen(match="^a (person|man)") == [0, 1, 2]
    assert chosen(match="GRÜSST|grüßt") == [3]


def test_only_these() -> None:
    assert chosen(only=CAPTIONS.number[[3, 0]]) == [0, 3]
    assert chosen(only=CAPTIONS.number[[3, 0]], start=1) == [3]


def test_what_selects_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="--start 4: beyond the end; there are 4 captions, counted from 0"):
        chosen(start=4)
    with pytest.raises(InputError, match="--start 2: beyond the end; there are 2 captions that match 'standing'"):
        chosen(start=2, match="standing")
    with pytest.raises(InputError, match="--match 'zebra': none of the 4 captions contains it"):
        chosen(match="zebra")
    with pytest.raises(InputError, match="--only: none of its captions"):
        chosen(only=np.array([1], np.uint64))
