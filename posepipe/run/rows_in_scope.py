"""The manifest index for the poses that a run asks for, as whole columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from posepipe.run.work import Indices

Mask = NDArray[np.bool_]


class RowsInScope:
    """Columns of the manifest index for the poses in scope. A pose without a row equals nothing.

    Parameters
    ----------
    table : pa.Table
        Of a ManifestIndex.
    indices : ndarray of int64
        Row of each pose, or -1.
    """

    def __init__(self, table: pa.Table, indices: Indices) -> None:
        self._table, self._indices = table, indices

    def __len__(self) -> int:
        return len(self._indices)

    def equal(self, name: str, word: str) -> Mask:
        """Where a dictionary column equals a word."""
        return self.equal_each(name, (word,), np.zeros(len(self), np.int64))

    def equal_each(self, name: str, words: tuple[str, ...], index: Indices) -> Mask:
        """Where a dictionary column equals ``words[index]``, with one index per pose."""
        column = self._table[name].combine_chunks()
        codes = np.append(column.indices.fill_null(-1).to_numpy(), np.int32(-1))[self._indices]
        known = column.dictionary.to_pylist()
        wanted = np.array([known.index(word) if word in known else len(known) for word in words])
        equal: Mask = codes == wanted[index]
        return equal

    def null(self, name: str) -> Mask:
        """Where a dictionary column is null, of the poses that have a row."""
        codes = self._table[name].combine_chunks().indices.fill_null(-1).to_numpy()
        return (np.append(codes, np.int32(0))[self._indices] < 0) & (self._indices >= 0)

    def true(self, name: str) -> Mask:
        """Where a column of truth values is true."""
        return np.append(self._table[name].fill_null(False).to_numpy(), False)[self._indices]

    def numbers(self, name: str, poses: Indices) -> NDArray[Any]:
        """A numeric column for some poses; 0 for a pose without a row."""
        values = self._table[name].fill_null(0).to_numpy()
        return np.append(values, values.dtype.type(0))[self._indices[poses]]

    def times(self, name: str, poses: Indices) -> Indices:
        """A column of times for some poses, in microseconds since 1970; 0 for a pose without a row."""
        values = self._table[name].cast(pa.int64()).fill_null(0).to_numpy()
        return np.append(values, np.int64(0))[self._indices[poses]]

    def known(self) -> Mask:
        """Where a pose has a row."""
        known: Mask = self._indices >= 0
        return known

    def first_number(self, name: str, mask: Mask) -> int:
        """A numeric column for the first pose where ``mask`` is true."""
        return int(self.numbers(name, np.flatnonzero(mask)[:1])[0])
