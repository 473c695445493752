"""The poses that a run makes, as columns; rows are built one partition at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from posepipe.captions import ids
from posepipe.captions.reading import Captions
from posepipe.captions.stems import variant_stem
from posepipe.manifest.index import Rows
from posepipe.workers.contract import INFER, REDRAW, WORK_COLUMNS

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Work:
    """The poses to be made, in the order of the input, as columns; rows are made a frame at a time.

    Attributes
    ----------
    captions : Captions
        The whole input.
    stems : large_string column
        Of each caption of the input.
    old : Rows
        Whole rows of the manifest.
    place : ndarray of int64
        Of each pose its caption's place in the input.
    variant, length, attempts : ndarray of int32
    settings : ndarray of int32
        Places in ``settings_ids``.
    settings_ids : tuple of str
    old_place : ndarray of int64
        Where ``old`` has the row of a pose that only lacks a format; -1 for all others.
    """

    captions: Captions
    stems: pa.ChunkedArray
    old: Rows
    place: Places
    variant: NDArray[np.int32]
    length: NDArray[np.int32]
    attempts: NDArray[np.int32]
    settings: NDArray[np.int32]
    settings_ids: tuple[str, ...]
    old_place: Places

    def __len__(self) -> int:
        return len(self.place)

    @property
    def redraws(self) -> int:
        """Poses that only lack a format."""
        return int((self.old_place >= 0).sum())

    def fresh(self) -> Places:
        """Which poses no row speaks of."""
        return np.flatnonzero((self.attempts == 1) & (self.old_place < 0))

    def named(self, poses: Places) -> Iterator[str]:
        """The stems of some poses."""
        for place, variant in zip(self.place[poses].tolist(), self.variant[poses].tolist(), strict=True):
            yield variant_stem(str(self.stems[place]), variant)

    def caption(self, pose: int) -> str:
        """The caption of one pose."""
        return str(self.captions.column()[int(self.place[pose])])

    def foreign_captions(self) -> list[str]:
        """Those captions that are not plain ASCII."""
        column = self.captions.column()
        foreign = pc.invert(pc.string_is_ascii(column)).to_numpy(zero_copy_only=False)
        places = np.unique(self.place[foreign[self.place]])
        found: list[str] = column.take(pa.array(places)).to_pylist()
        return found

    def frame(self, start: int = 0, end: int | None = None) -> pd.DataFrame:
        """Some of the work, with the columns WORK_COLUMNS."""
        part = slice(start, end)
        places = self.place[part]
        poses = np.arange(len(self))[part]
        redraw = np.flatnonzero(self.old_place[part] >= 0)
        previous: list[dict[str, Any] | None] = [None] * len(places)
        mode = [INFER] * len(places)
        for at, row in zip(redraw.tolist(), self.old(self.old_place[part][redraw].tolist()), strict=True):
            previous[at], mode[at] = row, REDRAW
        columns = {
            "caption_id": ids.texts_of(self.captions.number[places]).to_pylist(),
            "variant": self.variant[part].astype(np.int64),
            "caption": self.captions.column().take(pa.array(places)).to_pylist(),
            "line": self.captions.line[places],
            "stem": list(self.named(poses)),
            "length": self.length[part].astype(np.int64),
            "settings_id": [self.settings_ids[code] for code in self.settings[part].tolist()],
            "attempts": self.attempts[part].astype(np.int64),
            "mode": mode,
            "previous": pd.Series(previous, dtype=object),
        }
        return pd.DataFrame(columns, columns=list(WORK_COLUMNS))
