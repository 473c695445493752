"""What a manifest knows, as far as planning needs it: columns of millions of poses, and whole rows of the few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from posepipe.manifest.reading import columns_of, each_fragment, newest_places
from posepipe.manifest.schema import SCHEMA
from posepipe.storage import locations

_WORD: Final = pa.dictionary(pa.int32(), pa.string())
KNOWN: Final = pa.schema(
    [
        ("caption_id", pa.string()),
        ("variant", pa.int32()),
        ("stem", pa.large_string()),
        ("status", _WORD),
        ("error_type", _WORD),
        ("attempts", pa.int32()),
        ("settings_id", _WORD),
        ("finished_at", pa.timestamp("us", tz="UTC")),
        ("has_npy", pa.bool_()),
        ("has_json", pa.bool_()),
        ("has_png", pa.bool_()),
    ]
)


@dataclass(frozen=True)
class Known:
    """What a manifest knows, with what planning needs of it: some 100 bytes a pose.

    Attributes
    ----------
    table : pa.Table
        The newest row of each pose: ``caption_id``, ``variant``, ``stem``, ``status``, ``error_type``, ``attempts``,
        ``settings_id``, ``finished_at``; whether there are checksums, ``has_npy``, ``has_json``, ``has_png``; and
        ``place``, by which `rows` finds the whole row.
    unreadable : list of (Path, str)
        Files that are no fragments, each with the reason.
    rows : Rows
    """

    table: pa.Table
    unreadable: list[tuple[Path, str]]
    rows: Rows


class Rows:
    """Whole rows by their place among all rows of some fragments.

    The places hold for as long as a run does: fragments that it replaces stay until it ends.
    """

    def __init__(self, fragments: Sequence[tuple[Path, int]]) -> None:
        self._paths = [path for path, _ in fragments]
        self._ends = np.cumsum([0, *(count for _, count in fragments)])

    def __call__(self, places: Sequence[int]) -> list[dict[str, Any]]:
        """The rows at these places, with all columns."""
        wanted: defaultdict[int, list[int]] = defaultdict(list)
        for place in places:
            wanted[int(np.searchsorted(self._ends, place, "right")) - 1].append(place)
        found: dict[int, dict[str, Any]] = {}
        for number, among in wanted.items():
            start = int(self._ends[number])
            found |= zip(among, _rows_at(self._paths[number], [place - start for place in among]), strict=True)
        return [found[place] for place in places]


def _rows_at(path: Path, places: Sequence[int]) -> list[dict[str, Any]]:
    """Whole rows of a fragment; reads only the row groups that they are in."""
    with locations.opened(path) as source, pq.ParquetFile(source) as file:
        groups = range(file.metadata.num_row_groups)
        ends = np.cumsum([0, *(file.metadata.row_group(group).num_rows for group in groups)])
        owner = np.searchsorted(ends, places, "right") - 1
        chosen = np.unique(owner)
        starts = np.cumsum([0, *np.diff(ends)[chosen]])[:-1]
        shift = starts[np.searchsorted(chosen, owner)] - ends[owner]
        table = columns_of(file, SCHEMA, chosen.tolist())
    rows: list[dict[str, Any]] = table.take(pa.array(np.asarray(places) + shift)).to_pylist()
    return rows


def read_known(folder: Path | str) -> Known:
    """Read what planning needs: neither captions nor checksums, only whether there are some.

    Raises
    ------
    VersionMismatch
        A fragment was written by a newer posepipe.
    """
    words = [field.name for field in KNOWN if pa.types.is_dictionary(field.type)]
    parts, bad = each_fragment(folder, _known_columns, words)
    rows = Rows([(path, len(part)) for path, part in parts])
    table = pa.concat_tables([part for _, part in parts]) if parts else KNOWN.empty_table()
    del parts
    table = table.append_column("place", pa.array(np.arange(len(table))))
    places = newest_places(table)
    if len(places) < len(table):
        keep = np.zeros(len(table), np.bool_)
        keep[places] = True
        table = table.filter(pa.array(keep))
    return Known(table.unify_dictionaries(), bad, rows)


def _known_columns(file: pq.ParquetFile) -> pa.Table:
    """The columns of a fragment that planning needs."""
    checksums = {f"has_{name}": _has_values(file, f"{name}_sha256") for name in ("npy", "json", "png")}
    plain = pa.schema([field for field in KNOWN if field.name not in checksums])
    table = columns_of(file, plain)
    for name, present in checksums.items():
        table = table.append_column(name, present)
    return table.select(KNOWN.names)


def _has_values(file: pq.ParquetFile, name: str) -> pa.Array | pa.ChunkedArray:
    """Which rows have a value in a column: by the statistics where they tell, since checksums are most of the bytes."""
    count = file.metadata.num_rows
    place = file.schema_arrow.names.index(name) if name in file.schema_arrow.names else None
    if place is None:
        return pa.array(np.zeros(count, np.bool_))
    chunks = [file.metadata.row_group(group).column(place) for group in range(file.metadata.num_row_groups)]
    nulls = [chunk.statistics.null_count if chunk.is_stats_set else None for chunk in chunks]
    if all(number == 0 for number in nulls):
        return pa.array(np.ones(count, np.bool_))
    if all(number == chunk.num_values for number, chunk in zip(nulls, chunks, strict=True)):
        return pa.array(np.zeros(count, np.bool_))
    return file.read([name])[name].is_valid()
