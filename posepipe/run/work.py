"""The poses that a run makes, as columns. Rows are built one partition at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from posepipe.artifacts.adding import without_deleted
from posepipe.captions import ids
from posepipe.captions.reading import Captions
from posepipe.captions.stems import variant_stem
from posepipe.manifest.index import StoredRows
from posepipe.storage.artifact_formats import FORMATS
from posepipe.workers.contract import INFER, REDRAW, WORK_COLUMNS

Indices = NDArray[np.int64]

_FORMAT_LISTS: Final = tuple(
    ",".join(name for bit, name in enumerate(FORMATS) if bits >> bit & 1) for bits in range(1 << len(FORMATS))
)
"""The formats of each combination of bits."""


@dataclass(frozen=True)
class Work:
    """The poses to make, in the order of the input. Arrays have one element per pose unless stated otherwise.

    Attributes
    ----------
    captions : Captions
        The whole input.
    stems : pa.ChunkedArray of large_string
        One element per caption of the input.
    stored : StoredRows
        Whole rows of the manifest.
    caption_index : ndarray of int64
        Index of the pose's caption in the input.
    variant, length, attempts : ndarray of int32
    settings_index : ndarray of int32
        Index into ``settings_ids``.
    settings_ids : tuple of str
        Distinct values of the column ``settings_id``.
    described : ndarray of uint16
        Bit ``i`` is set where the manifest describes the file of format ``FORMATS[i]`` as posepipe's own.
    after : ndarray of int64
        Time of the pose's row in the manifest, in microseconds since 1970; 0 where there is none.
    pinned : ndarray of bool
        Whether later runs are to keep the pose.
    replaced_row : ndarray of int64
        Number in ``stored`` of the row of a pose that is made again over its files; -1 for all others.
    stored_row : ndarray of int64
        Number in ``stored`` of the row of a pose that is done and only lacks formats; -1 for all others.
    redraw : ndarray of bool
        Whether these formats can be made from the joints on disk, without the model.
    """

    captions: Captions
    stems: pa.ChunkedArray
    stored: StoredRows
    caption_index: Indices
    variant: NDArray[np.int32]
    length: NDArray[np.int32]
    attempts: NDArray[np.int32]
    settings_index: NDArray[np.int32]
    settings_ids: tuple[str, ...]
    described: NDArray[np.uint16]
    after: Indices
    pinned: NDArray[np.bool_]
    replaced_row: Indices
    stored_row: Indices
    redraw: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.caption_index)

    @property
    def redraws(self) -> int:
        """Number of poses that only lack formats that can be made without the model."""
        return int(self.redraw.sum())

    @property
    def reinfers(self) -> int:
        """Number of poses that are done and lack a format that only the model can make."""
        return int((self.stored_row >= 0).sum()) - self.redraws

    def undescribed(self, formats: Sequence[str]) -> Indices:
        """Indices of the poses with at least one of these formats whose file the manifest does not describe."""
        wanted = np.uint16(sum(1 << FORMATS.index(name) for name in formats))
        return np.flatnonzero((self.described & wanted) != wanted)

    def describes(self, pose: int, name: str) -> bool:
        """Whether the manifest describes a pose's file of this format as posepipe's own."""
        return bool(self.described[pose] >> FORMATS.index(name) & 1)

    def is_new(self, pose: int) -> bool:
        """Whether the manifest has no row of a pose."""
        return int(self.attempts[pose]) == 1

    def stems_of(self, poses: Indices) -> Iterator[str]:
        """The stems of some poses."""
        for index, variant in zip(self.caption_index[poses].tolist(), self.variant[poses].tolist(), strict=True):
            yield variant_stem(str(self.stems[index]), variant)

    def caption(self, pose: int) -> str:
        """The caption of one pose."""
        return str(self.captions.column()[int(self.caption_index[pose])])

    def new_captions(self, limit: int) -> list[str]:
        """The first captions for which the model is needed, at most ``limit``."""
        indices = np.unique(self.caption_index[self.stored_row < 0])[:limit]
        found: list[str] = self.captions.column().take(pa.array(indices)).to_pylist()
        return found

    def foreign_captions(self) -> list[str]:
        """The captions that are not plain ASCII."""
        column = self.captions.column()
        foreign = pc.invert(pc.string_is_ascii(column)).to_numpy(zero_copy_only=False)
        indices = np.unique(self.caption_index[foreign[self.caption_index]])
        found: list[str] = column.take(pa.array(indices)).to_pylist()
        return found

    def frame(self, start: int = 0, end: int | None = None) -> pd.DataFrame:
        """The poses from ``start`` to ``end`` as a frame with the columns WORK_COLUMNS."""
        part = slice(start, end)
        indices = self.caption_index[part]
        poses = np.arange(len(self))[part]
        columns = {
            "caption_id": ids.texts_of(self.captions.number[indices]).to_pylist(),
            "variant": self.variant[part].astype(np.int64),
            "caption": self.captions.column().take(pa.array(indices)).to_pylist(),
            "line": self.captions.line[indices],
            "source": self.captions.sources_of(indices),
            "stem": list(self.stems_of(poses)),
            "length": self.length[part].astype(np.int64),
            "settings_id": [self.settings_ids[code] for code in self.settings_index[part].tolist()],
            "attempts": self.attempts[part].astype(np.int64),
            "mode": [REDRAW if redraw else INFER for redraw in self.redraw[part].tolist()],
            "described": [_FORMAT_LISTS[bits] for bits in self.described[part].tolist()],
            "previous": pd.Series(self._previous(part), dtype=object),
            "replaced": pd.Series(self._stored(self.replaced_row[part]), dtype=object),
            "after": self.after[part],
            "pinned": self.pinned[part],
        }
        return pd.DataFrame(columns, columns=list(WORK_COLUMNS))

    def _previous(self, part: slice) -> list[dict[str, Any] | None]:
        """Rows of poses that lack formats, without the checksums of files that were deleted."""
        rows = self._stored(self.stored_row[part])
        for row, bits in zip(rows, self.described[part].tolist(), strict=True):
            if row is not None:
                without_deleted(row, _FORMAT_LISTS[bits].split(","))
        return rows

    def _stored(self, numbers: Indices) -> list[dict[str, Any] | None]:
        """Rows of the manifest by number; None for -1."""
        rows: list[dict[str, Any] | None] = [None] * len(numbers)
        known = np.flatnonzero(numbers >= 0).tolist()
        for place, row in zip(known, self.stored.read(numbers[known].tolist()), strict=True):
            rows[place] = row
        return rows
