"""Read the manifest: the rows of all fragments, the newest row of each pose, :func:`read_manifest`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from posepipe.captions import ids
from posepipe.errors import (
    DamagedFragment,
    MachineError,
    ManifestError,
    PosepipeError,
    RefusedError,
    VersionMismatch,
)
from posepipe.manifest.fragments import list_fragments
from posepipe.manifest.schema import SCHEMA, SCHEMA_VERSION
from posepipe.storage import checksums
from posepipe.storage.folders import Folder
from posepipe.storage.locations import open_folder

if TYPE_CHECKING:
    import pandas as pd

_T = TypeVar("_T")

_READERS: Final = 8
"""Threads that read fragments."""


def read_table(manifest: Folder | Path | str, columns: Sequence[str] | None = None) -> pa.Table:
    """All rows of all fragments.

    Parameters
    ----------
    manifest : Folder or path
    columns : sequence of str, optional
        Only these columns. A column that an older schema did not have is null.

    Raises
    ------
    PosepipeError
        As for :func:`read_fragment`. No table with fewer rows is returned instead.
    """
    schema = SCHEMA if columns is None else pa.schema([SCHEMA.field(name) for name in columns])
    parts = each_fragment(manifest, partial(columns_of, schema=schema))
    return pa.concat_tables([table for _, table in parts]) if parts else schema.empty_table()


def columns_of(file: pq.ParquetFile, schema: pa.Schema, groups: Sequence[int] | None = None) -> pa.Table:
    """Columns of a fragment, or of some of its row groups. A column that the fragment does not have is null."""
    names = [name for name in schema.names if name in file.schema_arrow.names]
    table = file.read(names) if groups is None else file.read_row_groups(groups, names)
    for name in schema.names:
        if name not in names:
            table = table.append_column(schema.field(name), pa.nulls(len(table), schema.field(name).type))
    return table.select(schema.names).cast(schema)


def each_fragment(
    manifest: Folder | Path | str, read: Callable[[pq.ParquetFile], _T], dictionary: Sequence[str] = ()
) -> list[tuple[str, _T]]:
    """Call ``read`` on each fragment.

    Parameters
    ----------
    manifest : Folder or path
    read : callable
    dictionary : sequence of str
        String columns with few distinct values, which are read as dictionaries.

    Returns
    -------
    list of (str, result)
        By file name, in the order of :func:`~posepipe.manifest.fragments.list_fragments`.

    Raises
    ------
    PosepipeError
        As for :func:`read_fragment`.
    """
    folder = open_folder(manifest)
    names: list[str] = []
    with ThreadPoolExecutor(_READERS) as pool:
        while True:
            before, names = names, list_fragments(folder)
            work = partial(read_fragment, folder, read=read, dictionary=dictionary)
            try:
                return list(zip(names, pool.map(work, names), strict=True))
            except FileNotFoundError as error:
                if names == before:
                    raise DamagedFragment(f"{folder}: a file of the manifest leads nowhere ({error})") from error
                # otherwise a listed fragment was replaced and deleted meanwhile: list again


def read_fragment(
    manifest: Folder, name: str, read: Callable[[pq.ParquetFile], _T], dictionary: Sequence[str] = ()
) -> _T:
    """The result of ``read`` on one fragment.

    Raises
    ------
    DamagedFragment
        Its bytes are not those that were written.
    MachineError
        It cannot be read for the moment, for example for lack of permission.
    RefusedError
        It was not written by posepipe, or by a newer one (VersionMismatch).
    FileNotFoundError
        It is not there.
    """
    path = manifest.path / name
    with reading_errors(path), manifest.open(name) as source:
        if not checksums.is_whole(name, source):
            raise ValueError("its bytes are not those that were written")
        metadata = pq.read_metadata(source)
        there = [column for column in dictionary if column in metadata.schema.names]
        with pq.ParquetFile(source, metadata=metadata, read_dictionary=there) as file:
            _check_kind(path, file.schema_arrow)
            return read(file)


@contextlib.contextmanager
def reading_errors(path: Path) -> Iterator[None]:
    """Convert the errors of pyarrow and of the file system about a fragment to ours."""
    try:
        yield
    except (PosepipeError, FileNotFoundError):
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise MachineError(f"{path}: cannot be read now ({os.strerror(error.errno)})") from error
        what = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise DamagedFragment(
            f"{path}: damaged ({what}); posepipe verify OUT --repair --adopt sets it aside and writes its rows again, "
            "from the JSON files"
        ) from error


def _check_kind(path: Path, schema: pa.Schema) -> None:
    """Raise an error where a Parquet file is not a fragment that this version can read."""
    version = int((schema.metadata or {}).get(b"posepipe_schema", b"0"))
    if version > SCHEMA_VERSION:
        raise VersionMismatch(
            f"{path}: written by a newer posepipe (schema {version}; this one knows {SCHEMA_VERSION}); update posepipe"
        )
    if version == 0 or not {"caption_id", "variant", "status"} <= set(schema.names):
        raise RefusedError(
            f"{path}: not written by posepipe; move it out of the manifest, or give --manifest another folder"
        )


def newest(table: pa.Table) -> pa.Table:
    """The newest row of each caption and variant, by ``finished_at``, oldest first."""
    rows = newest_indices(table)
    if len(rows) == len(table) and (np.diff(rows) == 1).all():
        return table
    return table.take(pa.array(rows))


def newest_indices(table: pa.Table) -> NDArray[np.int64]:
    """Indices of the newest row of each caption and variant, oldest first.

    Needs the columns ``caption_id``, ``variant`` and ``finished_at``. Of rows with equal times the later one counts.
    """
    finished = table["finished_at"].cast(pa.int64()).fill_null(0).to_numpy()
    captions = ids.codes_of(table["caption_id"])
    variants = table["variant"].fill_null(0).to_numpy()
    order = np.argsort(finished, kind="stable")
    captions, variants = captions[order], variants[order]
    by_pose = np.lexsort((variants, captions)) if variants.any() else np.argsort(captions, kind="stable")
    captions, variants = captions[by_pose], variants[by_pose]
    last = np.ones(len(order), np.bool_)
    last[:-1] = (captions[1:] != captions[:-1]) | (variants[1:] != variants[:-1])
    return order[np.sort(by_pose[last])]


def read_manifest(
    path: Folder | Path | str, columns: Sequence[str] | None = None, *, status: str | None = None
) -> pd.DataFrame:
    """The manifest as a pandas frame: one row per caption and variant, the newest.

    Parameters
    ----------
    path : path
        The manifest's folder, ``manifests/<name>``.
    columns : sequence of str, optional
        Only these columns. By default all.
    status : {"done", "failed"}, optional
        Only poses with this status. A few failures among millions are found without reading the other rows.

    Raises
    ------
    ManifestError
        There is no manifest at ``path``, it has no such column, or a fragment is damaged (DamagedFragment).
    MachineError
        A fragment cannot be read for the moment.
    RefusedError
        A Parquet file in the folder was not written by posepipe, or by a newer one.
    """
    folder = open_folder(path)
    if not folder.is_folder():
        raise ManifestError(f"{folder}: no manifest there; a run writes it (manifests/<name of the final dir>)")
    wanted = list(SCHEMA.names if columns is None else columns)
    unknown = [name for name in wanted if name not in SCHEMA.names]
    if unknown:
        raise ManifestError(f"{folder}: no column {', '.join(unknown)}; there are {', '.join(SCHEMA.names)}")
    needed = [n for n in SCHEMA.names if n in wanted or n in ("caption_id", "variant", "status", "finished_at")]
    table = newest(read_table(folder, needed) if status is None else _read_with_status(folder, needed, status))
    if status is not None:
        table = table.filter(pc.equal(table["status"], status))
    frame: pd.DataFrame = table.select(wanted).to_pandas()
    return frame


def _read_with_status(manifest: Folder, columns: Sequence[str], status: str) -> pa.Table:
    """All rows, older and newer, of the captions that have a row with this status."""
    schema = pa.schema([SCHEMA.field(name) for name in columns])
    parts = each_fragment(manifest, partial(_captions_with_status, status=status))
    if not parts:
        return schema.empty_table()
    captions = pa.chunked_array([column for _, column in parts], pa.string()).unique()
    tables = each_fragment(manifest, partial(_rows_of_captions, schema=schema, captions=captions))
    return pa.concat_tables([schema.empty_table(), *(table for _, table in tables)])


def _captions_with_status(file: pq.ParquetFile, status: str) -> pa.Array:
    """Ids of the captions with a row of this status; row groups whose statistics exclude it are not read."""
    column = file.schema_arrow.names.index("status")
    found = []
    for group in range(file.metadata.num_row_groups):
        bounds = file.metadata.row_group(group).column(column).statistics
        if bounds is None or not bounds.has_min_max or bounds.min <= status <= bounds.max:
            table = file.read_row_group(group, ["caption_id", "status"])
            found.append(table.filter(pc.equal(table["status"], status))["caption_id"].combine_chunks())
    return pa.concat_arrays([pa.array([], pa.string()), *found])


def _rows_of_captions(file: pq.ParquetFile, schema: pa.Schema, captions: pa.Array) -> pa.Table:
    parts = [schema.empty_table()]
    for group in range(file.metadata.num_row_groups):
        chosen = pc.is_in(file.read_row_group(group, ["caption_id"])["caption_id"], captions)
        if pc.any(chosen).as_py():
            parts.append(columns_of(file, schema, [group]).filter(chosen))
    return pa.concat_tables(parts)
