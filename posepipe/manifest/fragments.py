"""The manifest: a folder of Parquet fragments, one row per caption and variant and attempt.

A fragment is written once, under a name that readers do not see, and then moved in place whole; so
``pandas.read_parquet(folder)`` works at any moment. :func:`read_manifest` keeps the newest row of each pose.

When there are many fragments, :func:`compact` merges them. The merged fragment itself says which ones it replaces, so
from the moment it is there every reader of ours leaves those out; they stay where they are for readers who have
listed the folder and not yet opened them, until a run begins or ends an hour later at least. Until then
``pandas.read_parquet`` sees those rows twice, never too few.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from posepipe import ids, remote
from posepipe.errors import ManifestError, RefusedError, VersionMismatch

if TYPE_CHECKING:
    import pandas as pd

_T = TypeVar("_T")

SCHEMA_VERSION: Final = 1
SCHEMA: Final = pa.schema(
    [
        ("caption_id", pa.string()),
        ("variant", pa.int32()),
        ("caption", pa.string()),
        ("line", pa.int64()),
        ("stem", pa.string()),
        ("path", pa.string()),
        ("status", pa.string()),
        ("error_type", pa.string()),
        ("error", pa.string()),
        ("traceback", pa.string()),
        ("attempts", pa.int32()),
        ("seed", pa.int64()),
        ("sequence_length", pa.int32()),
        ("frame_index", pa.int32()),
        ("time_steps", pa.int32()),
        ("cfg", pa.float32()),
        ("precision", pa.string()),
        ("model", pa.string()),
        ("model_fingerprint", pa.string()),
        ("settings_id", pa.string()),
        ("npy_sha256", pa.string()),
        ("json_sha256", pa.string()),
        ("png_sha256", pa.string()),
        ("bytes", pa.int64()),
        ("height", pa.float32()),
        ("lowest_y", pa.float32()),
        ("bone_error", pa.float32()),
        ("flags", pa.string()),
        ("run_id", pa.string()),
        ("partition", pa.int32()),
        ("worker", pa.string()),
        ("device", pa.string()),
        ("batch_size", pa.int32()),
        ("seconds", pa.float32()),
        ("started_at", pa.timestamp("us", tz="UTC")),
        ("finished_at", pa.timestamp("us", tz="UTC")),
    ],
    metadata={"posepipe_schema": str(SCHEMA_VERSION)},
)
COMPACT_ABOVE: Final = 1000
"""Fragments; more are merged at the start of a run, since each costs every reader a third of a ms."""
COMPACT_ROWS: Final = 1 << 18
"""Rows of a merged fragment, about; one of half as many is left as it is."""
ROW_GROUP: Final = 1 << 15
REPLACED_SECONDS: Final = 3600.0
"""So long at least a replaced fragment stays for those who are at it."""

_COMPACTED: Final = "compact"
_REPLACES: Final = b"posepipe_replaces"
_REPLACED_AT: Final = b"posepipe_replaced_at"
_GONE: Final = "no such file"
_OWNER: Final = ".posepipe-manifest.json"
_SET_ASIDE: Final = ".set-aside"


def write_fragment(folder: Path | str, rows: Sequence[Mapping[str, Any]] | pa.Table, name: str, *, fsync: bool) -> Path:
    """Write rows as one fragment and move it in place whole.

    Parameters
    ----------
    folder : path
        The manifest; made where it is missing.
    rows : mappings by column, or a table
        Columns that are left out become null.
    name : str
        Begins the file's name; a random part is added, so that nothing is overwritten.
    fsync : bool
        Force file and folder to disk before and after the move.
    """
    table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist([dict(r) for r in rows], schema=SCHEMA)
    return _write(remote.path_of(folder), [table], name, {}, fsync=fsync)


def _write(folder: Path, parts: Iterable[pa.Table], name: str, notes: Mapping[bytes, bytes], *, fsync: bool) -> Path:
    """Write one fragment, each part in row groups of its own; ``notes`` go beside the schema."""
    unique = f"{name}-{uuid.uuid4().hex[:8]}"
    aside, final = folder / f".{unique}.tmp", folder / f"{unique}.parquet"
    schema = SCHEMA.with_metadata({**SCHEMA.metadata, **notes})
    if remote.is_remote(folder):
        content = io.BytesIO()
        _write_parts(content, parts, schema)
        remote.put(final, content.getvalue())
        return final
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with aside.open("wb") as stream:
            _write_parts(stream, parts, schema)
            stream.flush()
            if fsync:
                os.fsync(stream.fileno())
        aside.replace(final)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    if fsync:
        sync_folder(folder)
    return final


def _write_parts(stream: IO[bytes], parts: Iterable[pa.Table], schema: pa.Schema) -> None:
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for part in parts:
            writer.write_table(part.cast(schema), ROW_GROUP)


def sync_folder(folder: Path) -> None:
    """Force the folder's own entries (names, moves) to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fragments(folder: Path | str) -> list[Path]:
    """The manifest's fragments, oldest name first, without replaced ones; an empty list where there is none yet."""
    paths = _listed(remote.path_of(folder))
    replaced = {name for path in paths for name in _replaced_by(path)[1]}
    return [path for path in paths if path.name not in replaced]


def _listed(folder: Path) -> list[Path]:
    """All fragments in the folder, replaced ones too."""
    with remote.told(folder) if remote.is_remote(folder) else contextlib.nullcontext():
        if not folder.exists():
            return []
        if not folder.is_dir():
            raise ManifestError(f"{folder}: a manifest is a folder of Parquet files, this is a file")
        found = [p for p in folder.iterdir() if p.suffix == ".parquet" and not p.name.startswith((".", "_"))]
    return sorted(found, key=lambda path: path.name)


def _replaced_by(path: Path) -> tuple[float, list[str]]:
    """When the fragment was merged, and the names of those it replaces."""
    if not path.name.startswith(_COMPACTED):
        return 0.0, []
    try:
        with remote.opened(path) as source:
            notes = pq.read_schema(source).metadata or {}
        return float(notes.get(_REPLACED_AT, 0)), json.loads(notes.get(_REPLACES, b"[]"))
    except (pa.ArrowException, OSError, ValueError):  # whoever reads it will say so
        return 0.0, []


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
            before, paths = paths, fragments(folder)
            found = list(zip(paths, pool.map(partial(_read_one, read=read, dictionary=dictionary), paths), strict=True))
            if paths == before or all(reason != _GONE for _, (_, reason) in found):
                break  # else the folder was listed too long ago: what is gone has been replaced
    bad = [(path, reason) for path, (_, reason) in found if reason]
    return [(path, made) for path, (made, reason) in found if made is not None and not reason], bad


def _read_one(
    path: Path, read: Callable[[pq.ParquetFile], _T], dictionary: Sequence[str] = ()
) -> tuple[_T | None, str]:
    """What ``read`` makes of a fragment, or why it is none."""
    try:
        with remote.opened(path) as source:
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
    folder = remote.path_of(path)
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


def claim(folder: Path | str, final_dir: Path | str) -> None:
    """Record whose manifest this is.

    Raises
    ------
    RefusedError
        It is another final dir's.
    """
    folder, final_dir = remote.path_of(folder), remote.absolute(final_dir)
    owner = owner_of(folder)
    if owner is not None and owner != final_dir:
        raise RefusedError(
            f"{folder}: this manifest belongs to {owner}, not to {final_dir}; give --manifest another folder"
        )
    if owner is None:
        content = json.dumps({"final_dir": final_dir, "schema": SCHEMA_VERSION}) + "\n"
        if remote.is_remote(folder):
            remote.put(folder / _OWNER, content.encode())
            return
        folder.mkdir(parents=True, exist_ok=True)
        aside = folder / (_OWNER + ".tmp")
        with aside.open("w", encoding="utf-8") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(folder / _OWNER)


def owner_of(folder: Path | str) -> str | None:
    """The final dir that a manifest belongs to, absolute; None where it does not say."""
    path = remote.path_of(folder) / _OWNER
    try:
        with remote.told(path) if remote.is_remote(path) else contextlib.nullcontext():
            return str(json.loads(path.read_text())["final_dir"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestError(f"{path}: cannot be read ({error}); remove it if the manifest is the right one") from None


def set_aside(folder: Path | str, paths: Iterable[Path]) -> Path:
    """Move files that are no fragments out of the readers' way; returns where they are."""
    place = remote.path_of(folder) / _SET_ASIDE
    if remote.is_remote(place):
        with remote.told(place):
            for path in paths:
                path.rename(place / f"{path.name}.{uuid.uuid4().hex[:8]}")
        return place
    place.mkdir(exist_ok=True)
    for path in paths:
        path.replace(place / f"{path.name}.{uuid.uuid4().hex[:8]}")
    return place


def tidy(folder: Path | str) -> int:
    """Remove what a killed writer left aside; only for the one who holds the lock. Returns how many."""
    if remote.is_remote(folder):
        return 0
    leftovers = list(Path(folder).glob(".*.tmp")) if Path(folder).is_dir() else []
    for path in leftovers:
        path.unlink(missing_ok=True)
    return len(leftovers)


def compact(folder: Path | str, *, fsync: bool, above: int = COMPACT_ABOVE, rows: int = COMPACT_ROWS) -> int:
    """Merge small fragments into ones of about ``rows`` where there are more than ``above``; deletes none.

    Failed rows lie in row groups of their own, so that who looks for them reads no others. Only for the one who holds
    the lock. Returns how many fragments were merged.
    """
    folder = remote.path_of(folder)
    if len(fragments(folder)) <= above:
        return 0
    counted, _ = each_fragment(folder, lambda file: int(file.metadata.num_rows))
    small = [(path, count) for path, count in counted if count < rows // 2]
    if len(small) <= above:
        return 0
    merged = 0
    for paths in _portions(small, rows):
        read = [(path, _read_one(path, partial(columns_of, schema=SCHEMA))[0]) for path in paths]
        whole = {path.name: part for path, part in read if part is not None}
        table = newest(pa.concat_tables(whole.values()))
        failed = pc.fill_null(pc.equal(table["status"], "failed"), False)
        notes = {_REPLACES: json.dumps(list(whole)).encode(), _REPLACED_AT: str(time.time()).encode()}
        parts = [part for part in (table.filter(pc.invert(failed)), table.filter(failed)) if len(part)]
        _write(folder, parts, _COMPACTED, notes, fsync=fsync)
        merged += len(whole)
    return merged


def _portions(counted: Sequence[tuple[Path, int]], rows: int) -> Iterator[list[Path]]:
    """Fragments that together have ``rows``, or a little more; none alone."""
    portion: list[Path] = []
    total = 0
    for path, count in counted:
        portion.append(path)
        total += count
        if total >= rows and len(portion) > 1:
            yield portion
            portion, total = [], 0
    if len(portion) > 1:
        yield portion


def sweep(folder: Path | str, *, after: float = REPLACED_SECONDS) -> int:
    """Delete fragments that were replaced ``after`` seconds ago or earlier; returns how many.

    Only for the one who holds the lock, after he has read what he will look up by its place.
    """
    paths = _listed(remote.path_of(folder))
    old: set[str] = set()
    for path in paths:
        replaced_at, names = _replaced_by(path)
        if time.time() - replaced_at >= after:
            old.update(names)
    gone = [path for path in paths if path.name in old]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
