"""Write the files of many poses aside, force them to disk together, then move each to its name.

So a file has its name only after its content is on disk, and the whole batch waits for the disk once.
"""

from __future__ import annotations

import contextlib
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from posepipe.errors import is_machine_error
from posepipe.storage import atomic
from posepipe.storage.folders import Folder
from posepipe.storage.syncing import Syncer


@dataclass
class Placed:
    """What happened when the files of poses were moved to their names.

    Attributes
    ----------
    set_aside : Counter of str
        For each path of a pose, the number of files that were in the way and were moved aside.
    failed : dict of str to Exception
        Paths of the poses whose files could not all be moved, and why.
    """

    set_aside: Counter[str] = field(default_factory=Counter)
    failed: dict[str, Exception] = field(default_factory=dict)


class _File(NamedTuple):
    """A file that was written aside: where it lies, its final name, and whether what has that name may be replaced."""

    aside: str
    name: str
    replaces: bool


class Batch:
    """The files of some poses, written aside.

    Parameters
    ----------
    final_dir : Folder
    temp_dir : Path
        Local; on the file system of a local ``final_dir``.
    syncer : Syncer, optional
        Forces contents to disk before they get their names.
    """

    def __init__(self, final_dir: Folder, temp_dir: Path, syncer: Syncer | None) -> None:
        self._final_dir, self._temp_dir, self._syncer = final_dir, str(temp_dir), syncer
        self._token = uuid.uuid4().hex
        self._count = self._size = 0
        self._poses: list[tuple[str, list[_File]]] = []

    def add(self, path: str, files: Mapping[str, bytes], described: Collection[str]) -> None:
        """Write the files of a pose aside; they will get their names in this order.

        Parameters
        ----------
        path : str
            The pose, in what :meth:`place` returns.
        files : mapping of str to bytes
            Contents by name in the final dir.
        described : collection of str
            Names whose files may be replaced.

        Raises
        ------
        OSError
            None of the files of this pose is left then.
        """
        written: list[_File] = []
        self._poses.append((path, written))
        try:
            for name, content in files.items():
                aside = f"{self._temp_dir}/{atomic.OWN}{self._token}.{self._count}"
                self._count += 1
                written.append(_File(aside, name, name in described))
                atomic.write_new(aside, content)
                self._size += len(content)
        except BaseException:
            self._poses.pop()
            _delete(written)
            raise

    def place(self, move_aside: Callable[[str], bool]) -> Placed:
        """Force all contents to disk, then move the files to their names, pose by pose.

        Parameters
        ----------
        move_aside : callable
            Moves a file of the final dir, given by its name, out of the way; returns whether there was one.

        Raises
        ------
        OSError
            From the machine, which concerns every pose. What was moved before stays; the other files are deleted.
        """
        placed = Placed()
        try:
            if self._syncer is not None:
                self._syncer.force([file.aside for _, files in self._poses for file in files], self._size)
            while self._poses:
                path, files = self._poses[0]
                try:
                    for file in files:
                        placed.set_aside[path] += self._move(file, move_aside)
                except Exception as error:
                    if is_machine_error(error):
                        raise
                    placed.failed[path] = error
                    _delete(files)
                del self._poses[0]
        finally:
            self.drop()
        return placed

    def _move(self, file: _File, move_aside: Callable[[str], bool]) -> bool:
        """Move a file to its name; returns whether another one with other bytes was moved out of the way."""
        moved = False
        if not file.replaces and self._final_dir.exists(file.name):
            equal = self._final_dir.read(file.name) == Path(file.aside).read_bytes()
            moved = not equal and move_aside(file.name)
        self._final_dir.take(file.aside, file.name)
        return moved

    def drop(self) -> None:
        """Delete the files that were not moved."""
        for _, files in self._poses:
            _delete(files)
        self._poses.clear()


def _delete(files: Sequence[_File]) -> None:
    for file in files:
        with contextlib.suppress(OSError):
            Path(file.aside).unlink(missing_ok=True)
