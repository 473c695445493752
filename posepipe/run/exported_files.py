"""Files of finished poses in a folder of their own, beside an output folder that is not changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from posepipe.artifacts.adding import settings_of, stored_joints
from posepipe.artifacts.encoding import artifact
from posepipe.config import RunConfig
from posepipe.control.projects import Project
from posepipe.control.state import STATE_NAME
from posepipe.errors import ConfigError, MachineError, PoseError, is_machine_error
from posepipe.manifest.index import StoredRows, read_index
from posepipe.parallel import processes_for, spread
from posepipe.run.added_formats import PART, Additions
from posepipe.storage import atomic, shards
from posepipe.storage.artifact_formats import file_of
from posepipe.storage.folders import Folder
from posepipe.storage.layout import is_artifact_path
from posepipe.storage.stores import FileStore


def check_folder(target: Path, out: Path) -> None:
    """Check that files can be written to a folder without touching an output folder.

    Raises
    ------
    ConfigError
        It is no folder, lies in the output folder, or is one itself.
    """
    if os.path.lexists(target) and not target.is_dir():
        raise ConfigError(f"--out {target}: is not a folder; give another name")
    if (target / STATE_NAME).exists():
        raise ConfigError(f"--out {target}: holds the poses of a run; give another folder")
    if target.resolve().is_relative_to(out.resolve()):
        raise ConfigError(f"--out {target}: is inside {out}, where verify would report strays; give a folder outside")


@dataclass(frozen=True)
class Finished:
    """The finished poses of an output folder: their numbers in ``rows``."""

    final_dir: Folder
    rows: StoredRows
    numbers: list[int]


def find_poses(project: Project) -> Finished:
    """The finished poses of an output folder."""
    index = read_index(project.manifest)
    done = index.table.filter(pc.equal(index.table["status"], "done"))
    return Finished(project.final_dir, index.rows, done["row"].to_pylist())


@dataclass(frozen=True)
class _Order:
    """What is written and where; picklable."""

    source: Folder
    target: Path
    formats: tuple[str, ...]
    drawn: RunConfig
    fsync: bool


def write_files(
    poses: Finished,
    formats: Sequence[str],
    drawn: RunConfig,
    target: Path,
    jobs: int | None,
    *,
    fsync: bool,
    advance: Callable[[int], None] = lambda _: None,
) -> Additions:
    """Write poses as files with the names that they have in the output folder.

    A file that is there already is not overwritten: with the same bytes it counts as written, with others its pose is
    among those that failed.

    Parameters
    ----------
    poses : Finished
    formats : sequence of str
    drawn : RunConfig
        Its ``picture`` and ``transparent`` say how pictures are drawn.
    target : Path
        The folder; made if it is not there.
    jobs : int, optional
        Number of processes.
    fsync : bool
        Force files to disk.
    advance : callable
        Called with the number of poses worked on since the last call.

    Raises
    ------
    MachineError
        The machine cannot write.
    """
    order = _Order(poses.final_dir, target, tuple(formats), drawn, fsync)
    done = Additions()
    for part in spread(partial(_write_part, order), _parts(poses), processes_for(len(poses.numbers), jobs)):
        done.count(part)
        advance(part.poses + len(part.failed))
    return done


def _parts(poses: Finished) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(poses.numbers), PART):
        yield poses.rows.read(poses.numbers[start : start + PART])


def _write_part(order: _Order, rows: Sequence[Mapping[str, Any]]) -> Additions:
    done = Additions()
    for row in rows:
        try:
            done.files += _write_pose(order, row)
            done.poses += 1
        except Exception as error:
            if is_machine_error(error):
                raise MachineError(f"{row['stem']} in {order.target}: {error}") from error
            done.failed.append((row["stem"], f"{type(error).__name__}: {error}"))
    return done


def _write_pose(order: _Order, row: Mapping[str, Any]) -> int:
    """Write the files of one pose; returns how many."""
    path = row["stem"] if shards.is_member(row["path"]) else row["path"]
    if not is_artifact_path(path):
        raise PoseError("the row's path leads out of the output folder")
    joints = stored_joints(row, FileStore(order.source, order.target))
    config = settings_of(row) if "json" in order.formats else RunConfig()
    config = replace(config, picture=order.drawn.picture, transparent=order.drawn.transparent)
    named = {**row, "model": row["model"] or ""}
    files = {order.target / file_of(path, name): artifact(name, joints, named, config) for name in order.formats}
    for file, content in files.items():
        if os.path.lexists(file) and not (file.is_file() and file.read_bytes() == content):
            raise PoseError(f"{file} is there with other content; delete it, or give another --out")
    for file, content in files.items():
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            atomic.write_bytes(file, content, fsync=order.fsync)
    return len(files)
