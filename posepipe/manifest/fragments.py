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
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from posepipe.errors import ManifestError
from posepipe.storage import locations

if TYPE_CHECKING:
    pass

from posepipe.manifest.schema import SCHEMA
from posepipe.storage.atomic import sync_folder

ROW_GROUP: Final = 1 << 15

COMPACTED: Final = "compact"
REPLACES: Final = b"posepipe_replaces"
REPLACED_AT: Final = b"posepipe_replaced_at"


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
    return write_tables(locations.path_of(folder), [table], name, {}, fsync=fsync)


def write_tables(
    folder: Path, parts: Iterable[pa.Table], name: str, notes: Mapping[bytes, bytes], *, fsync: bool
) -> Path:
    """Write one fragment, each part in row groups of its own; ``notes`` go beside the schema."""
    unique = f"{name}-{uuid.uuid4().hex[:8]}"
    aside, final = folder / f".{unique}.tmp", folder / f"{unique}.parquet"
    schema = SCHEMA.with_metadata({**SCHEMA.metadata, **notes})
    if locations.is_remote(folder):
        content = io.BytesIO()
        _write_parts(content, parts, schema)
        locations.put(final, content.getvalue())
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


def list_fragments(folder: Path | str) -> list[Path]:
    """The manifest's fragments, oldest name first, without replaced ones; an empty list where there is none yet."""
    paths = list_all(locations.path_of(folder))
    replaced = {name for path in paths for name in replaced_by(path)[1]}
    return [path for path in paths if path.name not in replaced]


def list_all(folder: Path) -> list[Path]:
    """All fragments in the folder, replaced ones too."""
    with locations.told(folder) if locations.is_remote(folder) else contextlib.nullcontext():
        if not folder.exists():
            return []
        if not folder.is_dir():
            raise ManifestError(f"{folder}: a manifest is a folder of Parquet files, this is a file")
        found = [p for p in folder.iterdir() if p.suffix == ".parquet" and not p.name.startswith((".", "_"))]
    return sorted(found, key=lambda path: path.name)


def replaced_by(path: Path) -> tuple[float, list[str]]:
    """When the fragment was merged, and the names of those it replaces."""
    if not path.name.startswith(COMPACTED):
        return 0.0, []
    try:
        with locations.opened(path) as source:
            notes = pq.read_schema(source).metadata or {}
        return float(notes.get(REPLACED_AT, 0)), json.loads(notes.get(REPLACES, b"[]"))
    except (pa.ArrowException, OSError, ValueError):  # whoever reads it will say so
        return 0.0, []
