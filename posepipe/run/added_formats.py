"""Add formats to poses that are done, without captions, model or cluster."""

from __future__ import annotations

import operator
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from posepipe import manifest
from posepipe.artifacts.adding import (
    FIRST_LOOK,
    add_files,
    has_other_picture,
    settings_of,
    stored_joints,
    without_deleted,
    without_picture,
)
from posepipe.artifacts.encoding import artifact
from posepipe.captions.stems import variant_stem
from posepipe.config import RunConfig
from posepipe.control.projects import Project
from posepipe.errors import MachineError, SettingsMismatch, is_machine_error
from posepipe.manifest.index import StoredRows, read_index
from posepipe.parallel import processes_for, spread
from posepipe.storage import shards
from posepipe.storage.artifact_formats import FORMATS, SOURCES, column_of
from posepipe.storage.folders import Folder
from posepipe.storage.layout import artifact_names
from posepipe.storage.stores import FileStore, ShardStore, Store
from posepipe.wording import count

PART: Final = 256
"""Poses in one part, which has one fragment of the manifest and at most one shard."""


@dataclass(frozen=True)
class Pictures:
    """How pictures are drawn, and what happens to those of another style.

    Attributes
    ----------
    config : RunConfig
        Its ``picture`` and ``transparent`` are used.
    on_mismatch : {"error", "keep", "regenerate"}
        Stop, keep them or draw them again.
    """

    config: RunConfig = field(default_factory=RunConfig)
    on_mismatch: str = "keep"

    @property
    def again(self) -> bool:
        """Whether pictures of another style are drawn again."""
        return self.on_mismatch == "regenerate"


@dataclass(frozen=True)
class Additional:
    """The poses that lack a format.

    Attributes
    ----------
    formats : tuple of str
        What every pose is to have.
    pictures : Pictures
        How pictures are drawn.
    numbers : list of int
        Numbers in ``rows`` of the poses that lack one, or whose picture is to be drawn again, and whose joints are on
        disk.
    there : list of tuple of str
        For each of them, the formats whose files are there.
    complete, without_joints, redrawn : int
        Numbers of poses that lack nothing, of those whose joints are not on disk, and of those in ``numbers`` whose
        picture is drawn again.
    rows : StoredRows
    """

    formats: tuple[str, ...]
    pictures: Pictures
    numbers: list[int]
    there: list[tuple[str, ...]]
    complete: int
    without_joints: int
    redrawn: int
    rows: StoredRows

    @property
    def poses(self) -> int:
        """Number of poses to work on."""
        return len(self.numbers)

    def parts(self) -> Iterator[list[dict[str, Any]]]:
        """The rows of the poses, a part at a time."""
        for start in range(0, len(self.numbers), PART):
            part = slice(start, start + PART)
            rows = self.rows.read(self.numbers[part])
            yield [without_deleted(row, there) for row, there in zip(rows, self.there[part], strict=True)]


@dataclass
class Additions:
    """What was added.

    Attributes
    ----------
    poses, files : int
    moved : int
        Poses that went into a new shard with all their files.
    set_aside : int
        Files that were in the way.
    failed : list of (str, str)
        Stem of each pose that did not get the formats, and why. Its row and its files are unchanged.
    """

    poses: int = 0
    files: int = 0
    moved: int = 0
    set_aside: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)

    def count(self, other: Additions) -> None:
        """Add another part."""
        self.poses += other.poses
        self.files += other.files
        self.moved += other.moved
        self.set_aside += other.set_aside
        self.failed += other.failed


@dataclass(frozen=True)
class _Place:
    """Where parts are written; picklable."""

    final_dir: Folder
    manifest: Folder
    temp_dir: Path
    run_id: str
    formats: tuple[str, ...]
    pictures: Pictures
    fsync: bool


def find_work(project: Project, formats: Sequence[str], pictures: Pictures | None = None) -> Additional:
    """The finished poses of an output folder that lack one of some formats, or the file of one.

    Raises
    ------
    SettingsMismatch
        There are pictures of another style, and ``pictures.on_mismatch`` is ``error``.
    """
    pictures = pictures or Pictures()
    final_dir = project.final_dir
    index = read_index(project.manifest, partial(artifact_names, final_dir) if final_dir.is_local else None)
    table = index.table.filter(pc.equal(index.table["status"], "done"))
    has = {name: table[f"has_{name}"].to_numpy() for name in FORMATS}
    lacking, other = ~np.logical_and.reduce([has[name] for name in formats]), np.zeros(len(table), np.bool_)
    if "png" in formats and pictures.on_mismatch != "keep":
        drawn = table["picture"].cast(pa.string()).fill_null(FIRST_LOOK).to_numpy()
        other = has["png"] & (drawn != pictures.config.look)
        if other.any() and not pictures.again:
            raise SettingsMismatch(
                f"{count(int(other.sum()), 'picture has', 'pictures have')} another style than {pictures.config.look} "
                f"({drawn[int(np.argmax(other))]}): "
                "--on-mismatch regenerate draws them again, --on-mismatch keep leaves them, --out DIR draws others "
                "beside them"
            )
        lacking |= other
    readable = np.logical_or.reduce([has[name] for name in SOURCES])
    chosen = np.flatnonzero(lacking & readable)
    there = [tuple(name for name in FORMATS if has[name][place]) for place in chosen.tolist()]
    numbers = table["row"].to_numpy()[chosen].tolist()
    return Additional(
        tuple(formats),
        pictures,
        numbers,
        there,
        int((~lacking).sum()),
        int((lacking & ~readable).sum()),
        int((other & readable).sum()),
        index.rows,
    )


def work_through(
    project: Project,
    work: Additional,
    temp_dir: Path,
    jobs: int | None,
    *,
    fsync: bool,
    advance: Callable[[int], None] = lambda _: None,
) -> Additions:
    """Add the formats. Only the process that holds the lock may call this.

    Parameters
    ----------
    project : Project
    work : Additional
    temp_dir : Path
        For temporary files, on the file system of a local output folder.
    jobs : int, optional
        Number of processes.
    fsync : bool
        Force files to disk before their rows are written.
    advance : callable
        Called with the number of poses worked on since the last call.

    Raises
    ------
    MachineError
        The machine cannot write. Parts that were finished stay.
    """
    run_id = f"export-{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    place = _Place(project.final_dir, project.manifest, temp_dir, run_id, work.formats, work.pictures, fsync)
    done = Additions()
    parts = enumerate(work.parts())
    for part in spread(partial(_add_part, place), parts, processes_for(work.poses, jobs)):
        done.count(part)
        advance(part.poses + len(part.failed))
    return done


def _add_part(place: _Place, numbered: tuple[int, Sequence[Mapping[str, Any]]]) -> Additions:
    """Add the formats to some poses, then write their rows."""
    number, rows = numbered
    name = f"{place.run_id}-{number:06d}"
    files = FileStore(place.final_dir, place.temp_dir, fsync=place.fsync)
    shard = ShardStore(files, f"poses-{name}")
    done = Additions()
    try:
        redrawn = _mark_redrawn(rows, place, name)
        again = list(map(operator.is_not, redrawn, rows))
        changed = _written(redrawn, again, files, shard, place, done)
        try:
            newer = _placed(changed, shard, place, done)
            if newer:
                manifest.write_fragment(place.manifest, newer, name, fsync=place.fsync)
        except OSError as error:
            raise MachineError(f"{place.final_dir}: {error.strerror or error}") from error
    except BaseException:
        shard.abandon()
        raise
    return done


def _mark_redrawn(rows: Sequence[Mapping[str, Any]], place: _Place, name: str) -> list[Mapping[str, Any]]:
    """The rows, new ones without the pictures that are drawn again; those of pictures to be overwritten are written.

    So a command that is killed in between leaves no row that describes a picture that has changed.
    """
    if not place.pictures.again or "png" not in place.formats:
        return list(rows)
    look = place.pictures.config.look
    marked = [
        without_picture(row) | {"finished_at": _later(row)} if has_other_picture(row, look) else row for row in rows
    ]
    changed = [dict(new) for new, row in zip(marked, rows, strict=True) if new is not row]
    if loose := [row for row in changed if not shards.is_member(row["path"])]:
        manifest.write_fragment(place.manifest, loose, name, fsync=place.fsync)
    return marked


def _later(row: Mapping[str, Any]) -> datetime:
    """The time of a row that replaces another one: now, or just after it, because a clock may be set back."""
    before: datetime = row["finished_at"]
    return max(datetime.now(UTC), before + timedelta(microseconds=1))


def _written(
    rows: Sequence[Mapping[str, Any]],
    again: Sequence[bool],
    files: FileStore,
    shard: ShardStore,
    place: _Place,
    done: Additions,
) -> list[tuple[Mapping[str, Any], dict[str, Any]]]:
    """Write what the poses lack aside; returns their rows, and the columns that change. Counts those that fail.

    ``again`` says whose picture is drawn again, over the one that is there.
    """
    changed = []
    for row, over in zip(rows, again, strict=True):
        store = shard if shards.is_member(row["path"]) else files
        try:
            changed.append((row, _with_formats(row, store, place, described=("png",) if over else ())))
        except Exception as error:
            if is_machine_error(error):
                raise MachineError(f"{row['stem']} in {place.final_dir}: {error}") from error
            done.failed.append((row["stem"], f"{type(error).__name__}: {error}"))
    return changed


def _placed(
    changed: Sequence[tuple[Mapping[str, Any], dict[str, Any]]], shard: ShardStore, place: _Place, done: Additions
) -> list[dict[str, Any]]:
    """Give the files their names, and count the poses; returns the new rows."""
    outcome = shard.place()
    newer = []
    for row, changes in changed:
        error = outcome.failed.get(changes["path"])
        if error is not None:
            done.failed.append((row["stem"], f"{type(error).__name__}: {error}"))
            continue
        done.poses += 1
        done.files += sum(row[column_of(name)] is None for name in place.formats)
        done.moved += shards.is_member(row["path"])
        done.set_aside += outcome.set_aside[changes["path"]]
        newer.append({**row, **changes, "finished_at": _later(row)})  # run_id stays: the run that made the pose
    shard.sync()
    return newer


def _with_formats(
    row: Mapping[str, Any], store: Store, place: _Place, *, described: Sequence[str] = ()
) -> dict[str, Any]:
    """Write what a pose lacks aside; returns the columns of its row that change."""
    joints = stored_joints(row, store)
    missing = [name for name in place.formats if row[column_of(name)] is None]
    drawn = place.pictures.config
    config = settings_of(row) if "json" in missing else RunConfig()
    config = replace(config, picture=drawn.picture, transparent=drawn.transparent)
    named = {**row, "model": row["model"] or ""}
    files = {name: artifact(name, joints, named, config) for name in missing}
    move = shards.is_member(row["path"])
    path = variant_stem(row["caption_id"], row["variant"]) if move else row["path"]
    changes = add_files(row, files, path, store, move=move, described=described)
    if "png" in missing:
        changes["picture"] = drawn.look
    return changes
