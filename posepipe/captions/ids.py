"""Caption ids as 64-bit numbers, so that columns of millions of ids are compared quickly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa


DIGITS: Final = 16

_SLICE = 1 << 18


def text_of(number: int) -> str:
    """The id of a number.

    >>> text_of(255)
    '00000000000000ff'
    """
    return f"{number:016x}"


def texts_of(numbers: NDArray[np.uint64]) -> pa.StringArray:
    """The ids of many numbers, as a column."""
    import pyarrow as pa

    digits = numbers.astype(">u8").tobytes().hex().encode()
    ends = np.arange(0, len(digits) + 1, DIGITS, dtype=np.int32)
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(ends), pa.py_buffer(digits))


def numbers_of(column: pa.ChunkedArray) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """The numbers of a column of strings, and which of the strings are ids.

    Returns
    -------
    numbers : ndarray of uint64
        0 where the string is not an id.
    regular : ndarray of bool
        Whether the string is an id: 16 hexadecimal digits in lower case.
    """
    numbers = np.zeros(len(column), np.uint64)
    regular = np.zeros(len(column), np.bool_)
    start = 0
    for chunk in column.chunks:
        for place in range(0, len(chunk), _SLICE):
            part = chunk.slice(place, _SLICE)
            end = start + len(part)
            found = _all_numbers(part)
            if found is None:
                numbers[start:end], regular[start:end] = _some_numbers(part.to_pylist())
            else:
                numbers[start:end], regular[start:end] = found, True
            start = end
    return numbers, regular


def codes_of(column: pa.ChunkedArray) -> NDArray[np.uint64] | NDArray[np.int32]:
    """A number for each string of a column; equal strings, ids or not, get equal numbers."""
    numbers, regular = numbers_of(column)
    if regular.all():
        return numbers
    codes: NDArray[np.int32] = column.combine_chunks().dictionary_encode().indices.fill_null(-1).to_numpy()
    return codes


def _all_numbers(part: pa.Array) -> NDArray[np.uint64] | None:
    """The numbers where all strings are ids, else None."""
    import pyarrow as pa

    if part.null_count:
        return None
    part = part.cast(pa.string())
    _, offsets, content = part.buffers()
    ends = np.frombuffer(offsets, np.int32)[part.offset : part.offset + len(part) + 1]
    if content is None or not (np.diff(ends) == DIGITS).all():
        return None
    digits = bytes(memoryview(content)[ends[0] : ends[-1]])
    try:
        packed = bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return None
    return np.frombuffer(packed, ">u8").astype(np.uint64) if packed.hex().encode() == digits else None


def _some_numbers(texts: list[str | None]) -> tuple[list[int], list[bool]]:
    numbers, regular = [], []
    for text in texts:
        fits = text is not None and len(text) == DIGITS and not text.strip("0123456789abcdef")
        numbers.append(int(text, 16) if text is not None and fits else 0)
        regular.append(fits)
    return numbers, regular


def places_in(there: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Index of each wanted number in ``there``, whose numbers are distinct; -1 where it is missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.index_in(pa.array(wanted), value_set=pa.array(there))
    places: NDArray[np.int64] = found.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    return places
