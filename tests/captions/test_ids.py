"""Ids as numbers, columns of ids, and where they are in another column."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posepipe.captions import ids

GOOD = ["0000000000000000", "00000000000000ff", "0123456789abcdef", "ffffffffffffffff"]
BAD = ["", "0", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF", "0123456789abcdeg", "é123456789abcde"]
BAD += [" 123456789abcdef", "01 23 45 67 89 ab", "+123456789abcdef", "0x23456789abcdef"]


def column(*chunks: list[str | None], kind: pa.DataType = None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(chunk, kind or pa.string()) for chunk in chunks], kind or pa.string())


def numbers_of(*chunks: list[str | None]) -> tuple[list[int], list[bool]]:
    numbers, regular = ids.numbers_of(column(*chunks))
    assert (numbers.dtype, regular.dtype) == (np.uint64, np.bool_)
    return numbers.tolist(), regular.tolist()


@given(st.lists(st.integers(0, 2**64 - 1)))
def test_numbers_and_texts_are_the_same(numbers: list[int]) -> None:
    texts = ids.texts_of(np.array(numbers, np.uint64))
    texts.validate(full=True)
    assert texts.type == pa.string()
    assert texts.to_pylist() == [ids.text_of(number) for number in numbers] == [f"{n:016x}" for n in numbers]
    assert numbers_of(texts.to_pylist()) == (numbers, [True] * len(numbers))


def test_an_id_has_16_digits() -> None:
    assert [ids.text_of(number) for number in (0, 255, 0x0123456789ABCDEF, 2**64 - 1)] == GOOD


@pytest.mark.parametrize("bad", [*BAD, None])
def test_a_string_that_is_no_id_is_0_and_the_others_are_read(bad: str | None) -> None:
    assert numbers_of([GOOD[1], bad, GOOD[3]]) == ([255, 0, 2**64 - 1], [True, False, True])
    assert numbers_of([bad]) == ([0], [False])


def test_strings_whose_lengths_only_together_are_those_of_ids() -> None:
    assert numbers_of(["0" * 15, "0" * 17]) == ([0, 0], [False, False])


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_chunks_and_parts_of_columns(kind: pa.DataType) -> None:
    whole = column(["x", *GOOD], [], GOOD[::-1], ["y", None, GOOD[1]], kind=kind)
    numbers, regular = ids.numbers_of(whole)
    plain = [0, 255, 0x0123456789ABCDEF, 2**64 - 1]
    assert numbers.tolist() == [0, *plain, *plain[::-1], 0, 0, 255]
    assert regular.tolist() == [False, *[True] * 8, False, False, True]
    numbers, regular = ids.numbers_of(whole.slice(2, 6))
    assert numbers.tolist() == [*plain[1:], *plain[:0:-1]]
    assert regular.all()


def test_long_columns_are_read_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "_SLICE", 3)
    texts = [*GOOD, "x", *GOOD, *GOOD]
    expected = [int(text, 16) if text != "x" else 0 for text in texts]
    assert numbers_of(list(texts)) == (expected, [text != "x" for text in texts])
    assert numbers_of(list(texts[:2]), list(texts[2:])) == (expected, [text != "x" for text in texts])


def test_an_empty_column() -> None:
    assert numbers_of() == ([], [])
    assert numbers_of([]) == ([], [])
    assert ids.texts_of(np.zeros(0, np.uint64)).to_pylist() == []


def test_codes_are_equal_where_the_strings_are() -> None:
    assert ids.codes_of(column(GOOD[:2], GOOD[1:3])).tolist() == [0, 255, 255, 0x0123456789ABCDEF]
    codes = ids.codes_of(column([GOOD[0], "x", None, "y"], ["x", None, GOOD[0]])).tolist()
    assert [codes.index(code) for code in codes] == [0, 1, 2, 3, 1, 2, 0]
    assert codes[2] == -1


@given(st.lists(st.integers(0, 9), unique=True), st.lists(st.integers(0, 9)))
def test_places_are_those_of_a_list(there: list[int], wanted: list[int]) -> None:
    shift = 2**64 - 10  # beyond the signed numbers
    places = ids.places_in(
        np.array(there, np.uint64) + np.uint64(shift), np.array(wanted, np.uint64) + np.uint64(shift)
    )
    assert places.dtype == np.int64
    assert places.tolist() == [there.index(number) if number in there else -1 for number in wanted]
