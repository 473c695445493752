"""Make the rows of broken poses due again, and move broken and stray files aside. Nothing is deleted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from posepipe import manifest
from posepipe.artifacts import adoption
from posepipe.artifacts.checking import Fault, pose_path
from posepipe.errors import ArtifactLost
from posepipe.storage import shards
from posepipe.storage.artifact_formats import FORMATS, column_of, file_of, readings
from posepipe.storage.folders import Folder
from posepipe.storage.stores import SET_ASIDE

Pose = tuple[str, int]
"""Caption id and variant."""


@dataclass(frozen=True)
class Repaired:
    """What a repair did.

    Attributes
    ----------
    due : int
        Poses that the next run makes again, or adds a format to.
    left : int
        Artifacts without a row that were left where they are, because fragments were damaged.
    adoptable : int
        Sound poses without a row, which were left where they are.
    moved : int
        Broken and stray files that were moved to ``place``.
    """

    due: int
    left: int
    adoptable: int
    moved: int
    place: Path


def repair(final_dir: Folder, folder: Folder, faults: Sequence[Fault]) -> Repaired:
    """Write a newer row for each broken pose, then move broken and stray files aside.

    The new row describes only the sound files. The next run makes the others, from the joints where an NPY or a JSON
    is left. Where nothing is left, the row says failed (``ArtifactLost``), and every run makes the pose again. Shards
    are not changed: the pose goes into another one. Only the process that holds the lock may call this.

    Parameters
    ----------
    final_dir, folder : Folder
        Artifacts, and their manifest.
    faults : sequence of Fault
        All faults of the output folder. Where damaged fragments are among them, artifacts without a row stay: the
        next run compares them with what it makes.
    """
    broken: defaultdict[Pose, list[Fault]] = defaultdict(list)
    for fault in faults:
        if fault.pose is not None:
            broken[fault.pose].append(fault)
    rows = _rows(folder, set(broken))
    lost = {pose: _broken_formats(rows[pose], found) for pose, found in broken.items()}
    if rows:
        due = [_due(final_dir, row, lost[pose], broken[pose]) for pose, row in rows.items()]
        manifest.write_fragment(folder, due, "repair", fsync=True)
    adoptable = {row["path"] for row in adoption.find(final_dir, folder).rows}
    names = [
        file_of(pose_path(rows[pose]), name)
        for pose, formats in lost.items()
        if all(fault.kind != "row" for fault in broken[pose]) and not shards.is_member(pose_path(rows[pose]))
        for name in formats
    ]
    strays = [fault.file for fault in faults if fault.kind == "stray"]
    strays = [file for file in strays if not any(path in adoptable for path, _ in readings(file))]
    rows_lost = any(fault.kind == "fragment" for fault in faults)
    left = [file for file in strays if rows_lost and readings(file)]
    names += [file for file in strays if file not in set(left)]
    place = f"{SET_ASIDE}/{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"
    moved = [_move(final_dir, name, f"{place}/{name}") for name in names]
    return Repaired(len(rows), len(left), len(adoptable), sum(moved), final_dir.path / place)


def _rows(folder: Folder, poses: set[Pose]) -> dict[Pose, dict[str, Any]]:
    """The newest rows of some poses, all columns."""
    table = manifest.newest(manifest.read_table(folder))
    table = table.filter(pc.is_in(table["caption_id"], value_set=pa.array([key for key, _ in poses], pa.string())))
    found = {(row["caption_id"], row["variant"]): row for row in table.to_pylist()}
    return {pose: row for pose, row in found.items() if pose in poses}


def _broken_formats(row: Mapping[str, Any], faults: Sequence[Fault]) -> list[str]:
    """The artifacts of a row that cannot be relied on."""
    whole = any(fault.whole for fault in faults)
    claimed = [name for name in FORMATS if row[column_of(name)] is not None]
    return [name for name in claimed if whole or any(fault.format == name for fault in faults)]


def _due(final_dir: Folder, row: Mapping[str, Any], broken: Sequence[str], faults: Sequence[Fault]) -> dict[str, Any]:
    """The row that describes what is left of a pose."""
    before = row["finished_at"] or datetime.fromtimestamp(0, UTC)
    finished = max(datetime.now(UTC), before + timedelta(microseconds=1))
    left = [name for name in FORMATS if row[column_of(name)] is not None and name not in broken]
    new = {**row, **{column_of(name): None for name in broken}, "finished_at": finished}
    if left:
        size = sum(shards.size(final_dir, file_of(pose_path(row), name)) for name in left)
        return new | {"status": "done", "error_type": None, "error": None, "traceback": None, "bytes": size}
    what = "; ".join(f"{fault.file}: {fault.what}" for fault in faults)
    blank = dict.fromkeys(("traceback", "bytes", "height", "lowest_y", "bone_error", "flags"))
    return new | blank | {"status": "failed", "error_type": ArtifactLost.__name__, "error": what}


def _move(final_dir: Folder, name: str, to: str) -> bool:
    """Move a file aside; returns whether it was there."""
    source = final_dir.at(name)
    if not (source.exists() or source.is_symlink()):
        return False
    final_dir.rename(name, to)
    return True
