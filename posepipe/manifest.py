"""The manifest: a folder of Parquet fragments, one row per caption and variant and attempt.

A fragment is written once, under a name that readers do not see, and then moved in place whole; so
``pandas.read_parquet(folder)`` works at any moment. :func:`read_manifest` keeps the newest row of each pose.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from posepipe.errors import ManifestError, RefusedError, VersionMismatch

if TYPE_CHECKING:
    import pandas as pd

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
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist([dict(r) for r in rows], schema=SCHEMA)
    unique = f"{name}-{uuid.uuid4().hex[:8]}"
    aside, final = folder / f".{unique}.tmp", folder / f"{unique}.parquet"
    try:
        with aside.open("wb") as stream:
            pq.write_table(table.cast(SCHEMA), stream, compression="zstd")
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


def sync_folder(folder: Path) -> None:
    """Force the folder's own entries (names, moves) to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fragments(folder: Path | str) -> list[Path]:
    """The manifest's fragments, oldest name first; an empty list where there is none yet."""
    folder = Path(folder)
    if not folder.exists():
        return []
    if not folder.is_dir():
        raise ManifestError(f"{folder}: a manifest is a folder of Parquet files, this is a file")
    return sorted(p for p in folder.iterdir() if p.suffix == ".parquet" and not p.name.startswith((".", "_")))


def read_table(folder: Path | str, columns: Sequence[str] | None = None) -> tuple[pa.Table, list[tuple[Path, str]]]:
    """All rows of all fragments, and the files that are no fragments, each with the reason.

    Columns that an older schema did not have come as null.

    Raises
    ------
    VersionMismatch
        A fragment was written by a newer posepipe.
    """
    paths = fragments(folder)
    schema = SCHEMA if columns is None else pa.schema([SCHEMA.field(name) for name in columns])

    def read(path: Path) -> pa.Table | str:
        try:
            with pq.ParquetFile(path) as file:
                version = int((file.schema_arrow.metadata or {}).get(b"posepipe_schema", b"0"))
                if version > SCHEMA_VERSION:
                    raise VersionMismatch(
                        f"{path}: written by a newer posepipe (schema {version}; "
                        f"this one knows {SCHEMA_VERSION}); update posepipe"
                    )
                present = set(file.schema_arrow.names)
                if version == 0 or not {"caption_id", "variant", "status"} <= present:
                    return "not written by posepipe"
                table = file.read([name for name in schema.names if name in present])
        except (pa.ArrowException, OSError, ValueError) as error:
            if isinstance(error, FileNotFoundError):
                return schema.empty_table()  # compacted away between listing and reading
            return f"cannot be read ({str(error).splitlines()[0][:200]})"
        for name in schema.names:
            if name not in table.column_names:
                table = table.append_column(schema.field(name), pa.nulls(len(table), schema.field(name).type))
        return table.select(schema.names).cast(schema)

    with ThreadPoolExecutor(8) as pool:
        tables = list(pool.map(read, paths))
    bad = [(path, table) for path, table in zip(paths, tables, strict=True) if isinstance(table, str)]
    good = [table for table in tables if isinstance(table, pa.Table)]
    return (pa.concat_tables(good) if good else schema.empty_table()), bad


def newest(table: pa.Table) -> pa.Table:
    """Keep the newest row of each caption and variant, by ``finished_at``."""
    import numpy as np

    if len(table) == 0:
        return table
    order = np.argsort(table["finished_at"].cast(pa.int64()).fill_null(0).to_numpy(), kind="stable")
    table = table.take(pa.array(order))
    table = table.append_column("__row", pa.array(np.arange(len(table))))
    last = table.group_by(["caption_id", "variant"], use_threads=False).aggregate([("__row", "max")])
    keep = np.sort(last["__row_max"].to_numpy())
    return table.drop_columns(["__row"]).take(pa.array(keep))


def read_manifest(path: Path | str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """The manifest as a pandas frame: one row per caption and variant, the newest.

    Parameters
    ----------
    path : path
        The manifest's folder, ``manifests/<name>``.
    columns : names, optional
        Only these columns (all).

    Raises
    ------
    ManifestError
        There is no manifest at ``path``.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise ManifestError(f"{folder}: no manifest there; a run writes it (manifests/<name of the final dir>)")
    wanted = list(SCHEMA.names if columns is None else columns)
    unknown = [name for name in wanted if name not in SCHEMA.names]
    if unknown:
        raise ManifestError(f"{folder}: no column {', '.join(unknown)}; there are {', '.join(SCHEMA.names)}")
    needed = [n for n in SCHEMA.names if n in wanted or n in ("caption_id", "variant", "status", "finished_at")]
    table, _ = read_table(folder, needed)
    frame: pd.DataFrame = newest(table).select(wanted).to_pandas()
    return frame


def claim(folder: Path | str, final_dir: Path | str) -> None:
    """Record whose manifest this is.

    Raises
    ------
    RefusedError
        It is another final dir's.
    """
    folder, final_dir = Path(folder), Path(final_dir).resolve()
    owner = owner_of(folder)
    if owner is not None and owner != final_dir:
        raise RefusedError(
            f"{folder}: this manifest belongs to {owner}, not to {final_dir}; give --manifest another folder"
        )
    if owner is None:
        folder.mkdir(parents=True, exist_ok=True)
        aside = folder / (_OWNER + ".tmp")
        with aside.open("w", encoding="utf-8") as stream:
            stream.write(json.dumps({"final_dir": str(final_dir), "schema": SCHEMA_VERSION}) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(folder / _OWNER)


def owner_of(folder: Path | str) -> Path | None:
    """The final dir that a manifest belongs to; None where it does not say."""
    path = Path(folder) / _OWNER
    try:
        return Path(json.loads(path.read_text())["final_dir"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestError(f"{path}: cannot be read ({error}); remove it if the manifest is the right one") from None


def set_aside(folder: Path | str, paths: Iterable[Path]) -> Path:
    """Move files that are no fragments out of the readers' way; returns where they are."""
    place = Path(folder) / _SET_ASIDE
    place.mkdir(exist_ok=True)
    for path in paths:
        path.replace(place / f"{path.name}.{uuid.uuid4().hex[:8]}")
    return place


def tidy(folder: Path | str) -> int:
    """Remove what a killed writer left aside; only for the one who holds the lock. Returns how many."""
    leftovers = list(Path(folder).glob(".*.tmp")) if Path(folder).is_dir() else []
    for path in leftovers:
        path.unlink(missing_ok=True)
    return len(leftovers)


def compact(folder: Path | str, *, fsync: bool, above: int = COMPACT_ABOVE) -> int:
    """Merge fragments into one when there are more than ``above``; old files are deleted last.

    A reader in between sees rows twice, never too few. Returns how many fragments were merged.
    """
    paths = fragments(folder)
    if len(paths) <= above:
        return 0
    table, bad = read_table(folder)
    unreadable = {path for path, _ in bad}
    merged = [path for path in paths if path not in unreadable]
    write_fragment(folder, newest(table), "compact", fsync=fsync)
    for path in merged:
        path.unlink(missing_ok=True)
    return len(merged)
