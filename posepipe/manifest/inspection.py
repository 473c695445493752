"""Read every byte and every column of a manifest, and report what cannot be read instead of raising an error."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from posepipe.errors import DamagedFragment, MachineError, RefusedError, VersionMismatch
from posepipe.manifest.fragments import list_all, list_fragments
from posepipe.manifest.reading import columns_of, read_fragment
from posepipe.manifest.schema import SCHEMA
from posepipe.storage.folders import Folder
from posepipe.storage.locations import open_folder

_READERS: Final = 4
"""Threads. Each holds a row group with all columns."""


@dataclass(frozen=True)
class UnreadableFragment:
    """A Parquet file of the manifest that is no sound fragment.

    Attributes
    ----------
    path : Path
    error : DamagedFragment, MachineError or RefusedError
        Why: it is damaged, cannot be read for the moment, or was not written by posepipe.
    """

    path: Path
    error: DamagedFragment | MachineError | RefusedError


def inspect(manifest: Folder | Path | str, columns: Sequence[str]) -> tuple[pa.Table, list[UnreadableFragment]]:
    """All rows, and all files that are no sound fragments, replaced ones and the head among them.

    Parameters
    ----------
    manifest : Folder or path
    columns : sequence of str
        The columns of the rows to return. All are read.

    Raises
    ------
    VersionMismatch
        A fragment was written by a newer posepipe.
    """
    folder = open_folder(manifest)
    schema = pa.schema([SCHEMA.field(name) for name in columns])
    counted = set(list_fragments(folder))
    parts, unreadable = [schema.empty_table()], []
    with ThreadPoolExecutor(_READERS) as pool:
        names = list_all(folder)
        for name, found in zip(names, pool.map(partial(_examine, folder, schema), names), strict=True):
            if isinstance(found, pa.Table):
                parts += [found] if name in counted else []
            elif found is not None:
                unreadable.append(UnreadableFragment(folder.path / name, found))
    return pa.concat_tables(parts), unreadable


def _examine(
    folder: Folder, schema: pa.Schema, name: str
) -> pa.Table | DamagedFragment | MachineError | RefusedError | None:
    """The rows of a fragment, or what is wrong with it; None where it was replaced and deleted meanwhile."""
    try:
        return read_fragment(folder, name, partial(_read_all, schema=schema))
    except VersionMismatch:
        raise
    except FileNotFoundError:
        if not folder.exists(name):
            return None
        return DamagedFragment(f"{folder.path / name}: leads nowhere")
    except (DamagedFragment, MachineError, RefusedError) as error:
        return error


def _read_all(file: pq.ParquetFile, schema: pa.Schema) -> pa.Table:
    """Some columns of a fragment; the others are read too, one row group at a time."""
    parts = [schema.empty_table()]
    for group in range(file.metadata.num_row_groups):
        whole = columns_of(file, SCHEMA, [group])
        whole.validate(full=True)
        parts.append(whole.select(schema.names))
    return pa.concat_tables(parts)
