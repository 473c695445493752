"""Read the manifest: all fragments, the newest row of each pose, `read_manifest`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from posepipe.errors import ManifestError, VersionMismatch
from posepipe.storage import locations

if TYPE_CHECKING:
    import pandas as pd

from posepipe.manifest.fragments import list_fragments
from posepipe.manifest.schema import SCHEMA, SCHEMA_VERSION

_T = TypeVar("_T")
_GONE: Final = "no such file"


def read_table(folder: Path | str, columns: Sequence[str] | None = None) -> tuple[pa.Table, list[tuple[Path, str]]]:
    """All rows of all fragments, and the files that are no fragments, each with the reason.

    Columns that an older schema did not have come as null.

    Raises
    ------
    VersionMismatch
        A fragment was written by a newer posepipe.
    """
    schema = SCHEMA if columns is None else pa.schema([SCHEMA.field(name) for name in columns])
    parts, bad = each_fragment(folder, partial(columns_of, schema=schema))
    return (pa.concat_tables([table for _, table in parts]) if parts else schema.empty_table()), bad


def columns_of(file: pq.ParquetFile, schema: pa.Schema, groups: Sequence[int] | None = None) -> pa.Table:
    """The columns of a fragment, or of some of its row groups; null where it has none of that name."""
    names = [name for name in schema.names if name in file.schema_arrow.names]
    table = file.read(names) if groups is None else file.read_row_groups(groups, names)
    for name in schema.names:
        if name not in names:
            table = table.append_column(schema.field(name), pa.nulls(len(table), schema.field(name).type))
    return table.select(schema.names).cast(schema)


def each_fragment(
    folder: Path | str, read: Callable[[pq.ParquetFile], _T], dictionary: Sequence[str] = ()
) -> tuple[list[tuple[Path, _T]], list[tuple[Path, str]]]:
    """What ``read`` makes of each fragment, in their order, and the files that are no fragments with the reason.

    ``dictionary``: string columns that few values fill, which come as such.
    """

    paths: list[Path] = []
    with ThreadPoolExecutor(8) as pool:
        while True:
            before, paths = paths, list_fragments(folder)
            found = list(
                zip(paths, pool.map(partial(read_fragment, read=read, dictionary=dictionary), paths), strict=True)
            )
            if paths == before or all(reason != _GONE for _, (_, reason) in found):
                break  # else the folder was listed too long ago: what is gone has been replaced
    bad = [(path, reason) for path, (_, reason) in found if reason]
    return [(path, made) for path, (made, reason) in found if made is not None and not reason], bad


def read_fragment(
    path: Path, read: Callable[[pq.ParquetFile], _T], dictionary: Sequence[str] = ()
) -> tuple[_T | None, str]:
    """What ``read`` makes of a fragment, or why it is none."""
    try:
        with locations.opened(path) as source:
            about = pq.read_metadata(source)
            there = [name for name in dictionary if name in about.schema.names]
            with pq.ParquetFile(source, metadata=about, read_dictionary=there) as file:
                reason = _foreign(path, file.schema_arrow)
                return (None, reason) if reason else (read(file), "")
    except FileNotFoundError:
        return None, _GONE
    except (pa.ArrowException, OSError, ValueError) as error:
        return None, f"cannot be read ({str(error).splitlines()[0][:200]})"


def _foreign(path: Path, schema: pa.Schema) -> str:
    """Why a Parquet file is no fragment; empty where it is one."""
    version = int((schema.metadata or {}).get(b"posepipe_schema", b"0"))
    if version > SCHEMA_VERSION:
        raise VersionMismatch(
            f"{path}: written by a newer posepipe (schema {version}; this one knows {SCHEMA_VERSION}); update posepipe"
        )
    known = version > 0 and {"caption_id", "variant", "status"} <= set(schema.names)
    return "" if known else "not written by posepipe"


def newest(table: pa.Table) -> pa.Table:
    """Keep the newest row of each caption and variant, by ``finished_at``; in that order."""
    places = newest_places(table)
    if len(places) == len(table) and (np.diff(places) == 1).all():
        return table
    return table.take(pa.array(places))


def newest_places(table: pa.Table) -> NDArray[np.int64]:
    """Where in a table the newest row of each caption and variant is, oldest first.

    Needs the columns ``caption_id``, ``variant`` and ``finished_at``; of rows of one time the later counts.
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


def read_manifest(path: Path | str, columns: Sequence[str] | None = None, *, status: str | None = None) -> pd.DataFrame:
    """The manifest as a pandas frame: one row per caption and variant, the newest.

    Parameters
    ----------
    path : path
        The manifest's folder, ``manifests/<name>``.
    columns : names, optional
        Only these columns (all).
    status : str, optional
        Only poses that are ``failed``, or ``done``: the few failures among millions are found without reading the
        rest.

    Raises
    ------
    ManifestError
        There is no manifest at ``path``.
    """
    folder = locations.path_of(path)
    if not folder.is_dir():
        raise ManifestError(f"{folder}: no manifest there; a run writes it (manifests/<name of the final dir>)")
    wanted = list(SCHEMA.names if columns is None else columns)
    unknown = [name for name in wanted if name not in SCHEMA.names]
    if unknown:
        raise ManifestError(f"{folder}: no column {', '.join(unknown)}; there are {', '.join(SCHEMA.names)}")
    needed = [n for n in SCHEMA.names if n in wanted or n in ("caption_id", "variant", "status", "finished_at")]
    table = newest(read_table(folder, needed)[0] if status is None else _read_with_status(folder, needed, status))
    if status is not None:
        table = table.filter(pc.equal(table["status"], status))
    frame: pd.DataFrame = table.select(wanted).to_pandas()
    return frame


def _read_with_status(folder: Path, columns: Sequence[str], status: str) -> pa.Table:
    """All rows, older and newer, of the captions that have a row of this status."""
    schema = pa.schema([SCHEMA.field(name) for name in columns])
    parts, _ = each_fragment(folder, partial(_captions_with_status, status=status))
    if not parts:
        return schema.empty_table()
    captions = pa.chunked_array([column for _, column in parts], pa.string()).unique()
    tables, _ = each_fragment(folder, partial(_rows_of_captions, schema=schema, captions=captions))
    return pa.concat_tables([schema.empty_table(), *(table for _, table in tables)])


def _captions_with_status(file: pq.ParquetFile, status: str) -> pa.Array:
    place = file.schema_arrow.names.index("status")
    found = []
    for group in range(file.metadata.num_row_groups):
        bounds = file.metadata.row_group(group).column(place).statistics
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
