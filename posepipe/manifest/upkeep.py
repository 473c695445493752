"""Changes to the manifest folder as a whole: claim, compact, sweep, tidy, set aside."""

from __future__ import annotations

import contextlib
import json
import os
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from posepipe.errors import ManifestError, RefusedError
from posepipe.storage import locations

if TYPE_CHECKING:
    pass

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
from posepipe.manifest.schema import SCHEMA, SCHEMA_VERSION

COMPACT_ABOVE: Final = 1000
"""Fragments; more are merged at the start of a run, since each costs every reader a third of a ms."""
COMPACT_ROWS: Final = 1 << 18
"""Rows of a merged fragment, about; one of half as many is left as it is."""
REPLACED_SECONDS: Final = 3600.0
"""So long at least a replaced fragment stays for those who are at it."""
_OWNER: Final = ".posepipe-manifest.json"
_SET_ASIDE: Final = ".set-aside"


def claim(folder: Path | str, final_dir: Path | str) -> None:
    """Record whose manifest this is.

    Raises
    ------
    RefusedError
        It is another final dir's.
    """
    folder, final_dir = locations.path_of(folder), locations.absolute(final_dir)
    owner = owner_of(folder)
    if owner is not None and owner != final_dir:
        raise RefusedError(
            f"{folder}: this manifest belongs to {owner}, not to {final_dir}; give --manifest another folder"
        )
    if owner is None:
        content = json.dumps({"final_dir": final_dir, "schema": SCHEMA_VERSION}) + "\n"
        if locations.is_remote(folder):
            locations.put(folder / _OWNER, content.encode())
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
    path = locations.path_of(folder) / _OWNER
    try:
        with locations.told(path) if locations.is_remote(path) else contextlib.nullcontext():
            return str(json.loads(path.read_text())["final_dir"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestError(f"{path}: cannot be read ({error}); remove it if the manifest is the right one") from None


def set_aside(folder: Path | str, paths: Iterable[Path]) -> Path:
    """Move files that are no fragments out of the readers' way; returns where they are."""
    place = locations.path_of(folder) / _SET_ASIDE
    if locations.is_remote(place):
        with locations.told(place):
            for path in paths:
                path.rename(place / f"{path.name}.{uuid.uuid4().hex[:8]}")
        return place
    place.mkdir(exist_ok=True)
    for path in paths:
        path.replace(place / f"{path.name}.{uuid.uuid4().hex[:8]}")
    return place


def tidy(folder: Path | str) -> int:
    """Remove what a killed writer left aside; only for the one who holds the lock. Returns how many."""
    if locations.is_remote(folder):
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
    folder = locations.path_of(folder)
    if len(list_fragments(folder)) <= above:
        return 0
    counted, _ = each_fragment(folder, lambda file: int(file.metadata.num_rows))
    small = [(path, count) for path, count in counted if count < rows // 2]
    if len(small) <= above:
        return 0
    merged = 0
    for paths in _portions(small, rows):
        read = [(path, read_fragment(path, partial(columns_of, schema=SCHEMA))[0]) for path in paths]
        whole = {path.name: part for path, part in read if part is not None}
        table = newest(pa.concat_tables(whole.values()))
        failed = pc.fill_null(pc.equal(table["status"], "failed"), False)
        notes = {REPLACES: json.dumps(list(whole)).encode(), REPLACED_AT: str(time.time()).encode()}
        parts = [part for part in (table.filter(pc.invert(failed)), table.filter(failed)) if len(part)]
        write_tables(folder, parts, COMPACTED, notes, fsync=fsync)
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
    paths = list_all(locations.path_of(folder))
    old: set[str] = set()
    for path in paths:
        replaced_at, names = replaced_by(path)
        if time.time() - replaced_at >= after:
            old.update(names)
    gone = [path for path in paths if path.name in old]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
