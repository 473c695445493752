"""Fragments: the Parquet files of a manifest, each written once. Write them, list them, check that they are whole.

A fragment's name ends with a checksum of its bytes, so that readers notice every change (fragments of earlier versions
have 8 random digits instead). It is written outside the
folder and then moved in place, so ``pandas.read_parquet(folder)`` and ``polars.read_parquet(folder)`` work at any
moment. A merged fragment (see :mod:`posepipe.manifest.upkeep`) names in its metadata the fragments that it replaces.
Our readers leave those out at once. They are deleted an hour later at the earliest, for readers that have listed the
folder but not opened the files yet; until then ``pandas.read_parquet`` gives their rows twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from posepipe.errors import ManifestError
from posepipe.manifest.schema import SCHEMA
from posepipe.storage import checksums
from posepipe.storage.folders import Folder
from posepipe.storage.locations import open_folder
from posepipe.storage.owners import HEAD

ROW_GROUP: Final = 1 << 15
"""Rows of a row group, at most."""

COMPACTED: Final = "compact"
"""Beginning of the names of merged fragments."""
REPLACES: Final = b"posepipe_replaces"
"""Metadata key of a merged fragment: names of the fragments that it replaces, as JSON."""
REPLACED_AT: Final = b"posepipe_replaced_at"
"""Metadata key of a merged fragment: when it was written, in seconds since 1970."""


def write_fragment(
    manifest: Folder | Path | str, rows: Sequence[Mapping[str, Any]] | pa.Table, name: str, *, fsync: bool
) -> str:
    """Write rows as one fragment.

    Parameters
    ----------
    manifest : Folder or path
        Made where it is missing.
    rows : sequence of mappings by column, or pa.Table
        Missing columns become null.
    name : str
        Beginning of the file name. The checksum is added, so that nothing else is overwritten.
    fsync : bool
        Force the file to disk before the move and the folder after it.

    Returns
    -------
    str
        The fragment's file name.
    """
    table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist([dict(r) for r in rows], schema=SCHEMA)
    return write_tables(open_folder(manifest), [table], name, {}, fsync=fsync)


def write_tables(
    manifest: Folder, parts: Iterable[pa.Table], name: str, notes: Mapping[bytes, bytes], *, fsync: bool
) -> str:
    """Write one fragment, each part in row groups of its own, with ``notes`` in the schema's metadata."""
    schema = SCHEMA.with_metadata({**SCHEMA.metadata, **notes})
    stream = pa.BufferOutputStream()
    with pq.ParquetWriter(stream, schema, compression="zstd", write_page_checksum=True) as writer:
        for part in parts:
            writer.write_table(part.cast(schema), ROW_GROUP)
    content = stream.getvalue()
    file_name = checksums.named(name, content, ".parquet")
    manifest.make()
    manifest.write(file_name, content, aside=manifest.beside(), fsync=fsync)
    return file_name


def list_fragments(manifest: Folder | Path | str) -> list[str]:
    """File names of the fragments with rows, sorted, without replaced ones; empty where there is no manifest yet."""
    folder = open_folder(manifest)
    names = list_all(folder)
    replaced = {other for name in names for other in replaced_by(folder, name)[1]}
    return [name for name in names if name not in replaced and not name.startswith(HEAD)]


def list_all(manifest: Folder) -> list[str]:
    """File names of all fragments, sorted, replaced ones too."""
    try:
        names = manifest.file_names()
    except NotADirectoryError:
        raise ManifestError(f"{manifest}: a manifest is a folder of Parquet files, this is a file") from None
    return [name for name in names if name.endswith(".parquet") and not name.startswith((".", "_"))]


def replaced_by(manifest: Folder, name: str) -> tuple[float, list[str]]:
    """When a fragment was merged (seconds since 1970), and the names of the fragments that it replaces."""
    if not name.startswith(COMPACTED):
        return 0.0, []
    try:
        with manifest.open(name) as source:
            notes = pq.read_schema(source).metadata or {}
        return float(notes.get(REPLACED_AT, 0)), json.loads(notes.get(REPLACES, b"[]"))
    except (pa.ArrowException, OSError, ValueError):  # reported when the fragment itself is read
        return 0.0, []
