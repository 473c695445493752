"""The manifest as planning needs it: a few columns of all poses in memory, whole rows on request.

About 100 bytes a pose, so that ten million poses fit into a gigabyte.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from posepipe.manifest.reading import columns_of, each_fragment, newest_indices, read_fragment, reading_errors
from posepipe.manifest.schema import SCHEMA
from posepipe.storage import shards
from posepipe.storage.artifact_formats import BY_NAME, FORMATS, column_of
from posepipe.storage.folders import Folder
from posepipe.storage.locations import open_folder

CHECKED_FILES: Final = 1_000_000
"""Number of files up to which a run looks whether they are all there."""
_WORD: Final = pa.dictionary(pa.int32(), pa.string())
COLUMNS: Final = pa.schema(
    [
        ("caption_id", pa.string()),
        ("variant", pa.int32()),
        ("stem", pa.large_string()),
        ("status", _WORD),
        ("error_type", _WORD),
        ("attempts", pa.int32()),
        ("settings_id", _WORD),
        ("finished_at", pa.timestamp("us", tz="UTC")),
        ("pinned", pa.bool_()),
        ("picture", _WORD),
        *((f"has_{name}", pa.bool_()) for name in FORMATS),
    ]
)


@dataclass(frozen=True)
class ManifestIndex:
    """The newest row of each pose, reduced to what planning needs.

    Attributes
    ----------
    table : pa.Table
        Columns ``caption_id``, ``variant``, ``stem``, ``status``, ``error_type``, ``attempts``, ``settings_id``,
        ``finished_at``, ``pinned``, ``picture``; ``has_npy`` and so on for each format: whether the row has that
        checksum; and ``row``, the number by which ``rows`` finds the whole row; ``lost``: whether a file was missing.
    rows : StoredRows
    """

    table: pa.Table
    rows: StoredRows


class StoredRows:
    """Whole rows of the manifest, read by their number among all rows of some fragments.

    The numbers stay valid during a run: fragments that it merges are deleted by a later run.

    Parameters
    ----------
    manifest : Folder
    fragments : sequence of (str, int)
        File names and numbers of rows.
    """

    def __init__(self, manifest: Folder, fragments: Sequence[tuple[str, int]]) -> None:
        self._manifest = manifest
        self._names = [name for name, _ in fragments]
        self._ends = np.cumsum([0, *(count for _, count in fragments)])

    def read(self, numbers: Sequence[int]) -> list[dict[str, Any]]:
        """The rows with these numbers, with all columns."""
        wanted: defaultdict[int, list[int]] = defaultdict(list)
        for number in numbers:
            wanted[int(np.searchsorted(self._ends, number, "right")) - 1].append(number)
        found: dict[int, dict[str, Any]] = {}
        for fragment, among in wanted.items():
            start = int(self._ends[fragment])
            offsets = [number - start for number in among]
            found |= zip(among, self._read_fragment(self._names[fragment], offsets), strict=True)
        return [found[number] for number in numbers]

    def paths(self, numbers: NDArray[np.int64]) -> pa.Array:
        """The column ``path`` of the rows with these numbers."""
        schema = pa.schema([SCHEMA.field("path")])
        parts = [read_fragment(self._manifest, name, partial(columns_of, schema=schema)) for name in self._names]
        column = pa.concat_tables([schema.empty_table(), *parts])["path"].take(pa.array(numbers))
        return pa.concat_arrays([pa.array([], pa.string()), *column.chunks])

    def _read_fragment(self, name: str, offsets: Sequence[int]) -> list[dict[str, Any]]:
        """Rows of one fragment; only the row groups that hold them are read."""
        with (
            reading_errors(self._manifest.path / name),
            self._manifest.open(name) as source,
            pq.ParquetFile(source, page_checksum_verification=True) as file,
        ):
            groups = range(file.metadata.num_row_groups)
            ends = np.cumsum([0, *(file.metadata.row_group(group).num_rows for group in groups)])
            group_of = np.searchsorted(ends, offsets, "right") - 1
            chosen = np.unique(group_of)
            starts = np.cumsum([0, *np.diff(ends)[chosen]])[:-1]
            shift = starts[np.searchsorted(chosen, group_of)] - ends[group_of]
            table = columns_of(file, SCHEMA, chosen.tolist())
        rows: list[dict[str, Any]] = table.take(pa.array(np.asarray(offsets) + shift)).to_pylist()
        return rows


def read_index(
    manifest: Folder | Path | str, files: Callable[[Sequence[str]], Iterable[str]] | None = None
) -> ManifestIndex:
    """Read the index. Captions and checksums are not read, only whether there are checksums.

    Parameters
    ----------
    manifest : Folder, path or address
    files : callable, optional
        Gives the names of the files that are there, for the paths of all poses. Then ``has_npy`` and so on are false
        where the file is missing, and ``lost`` is true for such poses. By default, and above :data:`CHECKED_FILES`
        files, all are taken to be there.

    Raises
    ------
    PosepipeError
        As for :func:`~posepipe.manifest.reading.read_fragment`.
    """
    folder = open_folder(manifest)
    words = [field.name for field in COLUMNS if pa.types.is_dictionary(field.type)]
    parts = each_fragment(folder, _index_columns, words)
    rows = StoredRows(folder, [(name, len(part)) for name, part in parts])
    table = pa.concat_tables([part for _, part in parts]) if parts else COLUMNS.empty_table()
    del parts
    table = table.append_column("row", pa.array(np.arange(len(table))))
    newest = newest_indices(table)
    if len(newest) < len(table):
        keep = np.zeros(len(table), np.bool_)
        keep[newest] = True
        table = table.filter(pa.array(keep))
    table = table.append_column("lost", pa.array(np.zeros(len(table), np.bool_)))
    if files is not None and sum(pc.sum(table[f"has_{name}"]).as_py() or 0 for name in FORMATS) <= CHECKED_FILES:
        table = _without_missing(table, rows.paths(table["row"].to_numpy()), files)
    return ManifestIndex(table.unify_dictionaries(), rows)


def _without_missing(table: pa.Table, paths: pa.Array, files: Callable[[Sequence[str]], Iterable[str]]) -> pa.Table:
    """The index with ``has_npy`` and so on false where the file is not there. A row without a path is left alone."""
    there = pa.array(files(paths.drop_null().to_pylist()), pa.string())
    shard = pc.fill_null(pc.match_substring(paths, f"{shards.SUFFIX}/"), False)
    in_shard = pc.replace_substring_regex(paths, rf"(\{shards.SUFFIX})/.*", r"\1")
    lost = np.zeros(len(table), np.bool_)
    for name in FORMATS:
        described = table[f"has_{name}"].to_numpy()
        file = pc.if_else(shard, in_shard, pc.binary_join_element_wise(paths, BY_NAME[name].suffix, ""))
        found = pc.or_(pc.is_in(file, there), pc.is_null(paths)).to_numpy(zero_copy_only=False)
        lost |= described & ~found
        place = table.schema.get_field_index(f"has_{name}")
        table = table.set_column(place, f"has_{name}", pa.array(described & found))
    return table.set_column(table.schema.get_field_index("lost"), "lost", pa.array(lost))


def _index_columns(file: pq.ParquetFile) -> pa.Table:
    """The columns of the index, of one fragment."""
    checksums = {f"has_{name}": _has_values(file, column_of(name)) for name in FORMATS}
    plain = pa.schema([field for field in COLUMNS if field.name not in checksums])
    table = columns_of(file, plain)
    for name, present in checksums.items():
        table = table.append_column(name, present)
    return table.select(COLUMNS.names)


def _has_values(file: pq.ParquetFile, name: str) -> pa.Array | pa.ChunkedArray:
    """Which rows have a value in a column.

    Taken from the column's statistics where they decide it, because checksums are most of a fragment's bytes.
    """
    count = file.metadata.num_rows
    column = file.schema_arrow.names.index(name) if name in file.schema_arrow.names else None
    if column is None:
        return pa.array(np.zeros(count, np.bool_))
    chunks = [file.metadata.row_group(group).column(column) for group in range(file.metadata.num_row_groups)]
    nulls = [chunk.statistics.null_count if chunk.is_stats_set else None for chunk in chunks]
    if all(number == 0 for number in nulls):
        return pa.array(np.ones(count, np.bool_))
    if all(number == chunk.num_values for number, chunk in zip(nulls, chunks, strict=True)):
        return pa.array(np.zeros(count, np.bool_))
    return file.read([name])[name].is_valid()
