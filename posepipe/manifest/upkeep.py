"""Changes to a manifest folder as a whole: merge fragments, delete replaced ones, clean up, set damaged ones aside.

Only the process that holds the lock on the output folder may call these functions.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from posepipe.errors import RefusedError
from posepipe.manifest.fragments import (
    COMPACTED,
    REPLACED_AT,
    REPLACES,
    list_all,
    list_fragments,
    replaced_by,
    write_tables,
)
from posepipe.manifest.reading import columns_of, each_fragment, newest, read_fragment
from posepipe.manifest.schema import SCHEMA
from posepipe.storage import owners
from posepipe.storage.folders import Folder
from posepipe.storage.locations import open_folder

COMPACT_ABOVE: Final = 1000
"""Number of fragments above which a run merges them at its start. Each costs every reader a third of a millisecond."""
COMPACT_ROWS: Final = 1 << 18
"""Rows of a merged fragment, about. A fragment with at least half as many is left as it is."""
REPLACED_SECONDS: Final = 3600.0
"""Minimum age before a replaced fragment is deleted; readers may still have it open."""
_SET_ASIDE: Final = "set-aside"
_UNFINISHED: Final = re.compile(r".+-[0-9a-f]{16}\.parquet\.tmp|\..+-[0-9a-f]{8}\.parquet\.tmp")
"""Names of unfinished fragments; the second form is that of earlier versions."""


def claim(manifest: Folder | Path | str, final_dir: Folder | Path | str, *, was: str | None = None) -> None:
    """Record which output folder a manifest belongs to.

    Parameters
    ----------
    manifest, final_dir : Folder, path or address
    was : str, optional
        An output folder that is known to be this one under its former name.

    Raises
    ------
    RefusedError
        It belongs to another one.
    """
    folder, final = open_folder(manifest), open_folder(final_dir)
    owner = owner_of(folder)
    if owner not in (None, final.absolute, was):
        raise RefusedError(
            f"{folder}: this manifest belongs to {owner}, not to {final.absolute}; give --manifest another folder"
        )
    owners.record_owner(folder, final, SCHEMA)


def owner_of(manifest: Folder | Path | str) -> str | None:
    """The output folder that a manifest belongs to, see :func:`posepipe.storage.owners.owner_of`."""
    return owners.owner_of(open_folder(manifest))


def set_aside(manifest: Folder | Path | str, names: Iterable[str]) -> Path:
    """Move damaged fragments to a hidden folder beside the manifest; returns that folder."""
    folder = open_folder(manifest)
    beside = folder.beside()
    for name in names:
        folder.rename(name, f"{_SET_ASIDE}/{name}.{uuid.uuid4().hex[:8]}", into=beside)
    return beside.path / _SET_ASIDE


def tidy(manifest: Folder | Path | str) -> int:
    """Delete the unfinished fragments of killed writers; returns how many there were."""
    folder = open_folder(manifest)
    count = 0
    for place in (folder, folder.beside()):
        for name in place.file_names():
            if _UNFINISHED.fullmatch(name):
                place.delete(name)
                count += 1
    return count


def compact(manifest: Folder | Path | str, *, fsync: bool, above: int = COMPACT_ABOVE, rows: int = COMPACT_ROWS) -> int:
    """Merge small fragments where there are more than ``above``; deletes none.

    Failed rows get row groups of their own, so that a reader who looks for failures reads no other rows.

    Parameters
    ----------
    manifest : Folder or path
    fsync : bool
        As for :func:`~posepipe.manifest.fragments.write_fragment`.
    above : int
        Number of fragments.
    rows : int
        Rows of a merged fragment, about.

    Returns
    -------
    int
        How many fragments were merged.
    """
    folder = open_folder(manifest)
    if len(list_fragments(folder)) <= above:
        return 0
    counted = each_fragment(folder, lambda file: int(file.metadata.num_rows))
    small = [(name, count) for name, count in counted if count < rows // 2]
    if len(small) <= above:
        return 0
    merged = 0
    for names in _portions(small, rows):
        read = partial(columns_of, schema=SCHEMA)
        table = newest(pa.concat_tables([read_fragment(folder, name, read) for name in names]))
        failed = pc.fill_null(pc.equal(table["status"], "failed"), False)
        notes = {REPLACES: json.dumps(names).encode(), REPLACED_AT: str(time.time()).encode()}
        parts = [part for part in (table.filter(pc.invert(failed)), table.filter(failed)) if len(part)]
        write_tables(folder, parts, COMPACTED, notes, fsync=fsync)
        merged += len(names)
    return merged


def _portions(counted: Sequence[tuple[str, int]], rows: int) -> Iterator[list[str]]:
    """Groups of at least two fragments that together have ``rows`` rows or a little more; the last may have fewer."""
    portion: list[str] = []
    total = 0
    for name, count in counted:
        portion.append(name)
        total += count
        if total >= rows and len(portion) > 1:
            yield portion
            portion, total = [], 0
    if len(portion) > 1:
        yield portion


def sweep(manifest: Folder | Path | str, *, after: float = REPLACED_SECONDS) -> int:
    """Delete the fragments that were replaced at least ``after`` seconds ago; returns how many.

    Our readers leave replaced fragments out; the delay is for readers that listed the folder before.
    """
    folder = open_folder(manifest)
    names = list_all(folder)
    old: set[str] = set()
    for name in names:
        replaced_at, replaced = replaced_by(folder, name)
        if time.time() - replaced_at >= after:
            old.update(replaced)
    gone = [name for name in names if name in old]
    for name in gone:
        folder.delete(name)
    return len(gone)
