"""Where artifacts go: bytes in, path and checksums out. A file is there whole, or not at all.

A store takes bytes and knows nothing about poses. :class:`FileStore` writes each artifact as a file or an object,
:class:`ShardStore` the artifacts of one partition as a tar shard. Both write in three steps: ``publish`` writes aside,
``place`` gives all files their names, ``sync`` forces the names to disk. Then the rows may be written.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from posepipe.errors import MachineError, UnsafePath, cannot_be_written
from posepipe.storage import atomic, shards
from posepipe.storage.artifact_formats import file_of
from posepipe.storage.batches import Batch, Placed
from posepipe.storage.folders import Folder, LocalFolder
from posepipe.storage.layout import folders_of, is_artifact_path
from posepipe.storage.locations import open_folder
from posepipe.storage.syncing import Syncer

SET_ASIDE: Final = ".set-aside"
"""Folder in the final dir for files that were in the way or are broken. Nothing in it is ever deleted."""
_TEMPORARY: Final = re.compile(
    r"\.posepipe-([0-9a-f]{32}\.([0-9]+|tar)|(inflight|stacks|printed)-[-.\w]+|probe-[0-9a-f]{32}|dask)"
)
"""Names in the temp dir that belong to a run: unfinished artifacts, notes of what is in flight, Dask's files."""


Contents = Mapping[str, bytes]


@dataclass(frozen=True)
class Published:
    """What was written.

    Attributes
    ----------
    path : str
        Relative to the final dir, without extension.
    sha256 : dict of str to str
        Checksums by format.
    bytes : int
        Size of all files together.
    """

    path: str
    sha256: dict[str, str]
    bytes: int

    @classmethod
    def of(cls, path: str, files: Contents) -> Published:
        """For the contents of files by format."""
        checksums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        return cls(path, checksums, sum(map(len, files.values())))


class Store(Protocol):
    """What workers use of a store."""

    final_dir: Folder

    def publish(self, path: str, files: Mapping[str, bytes], described: Collection[str] = ()) -> Published:
        """Write the files of one pose aside; ``path`` is relative to the final dir, without extension."""
        ...

    def place(self) -> Placed:
        """Force what was published to disk, then give it its names. Called once, after the last pose."""
        ...

    def sync(self) -> None:
        """Force the names to disk; called before the rows are written."""
        ...

    def abandon(self) -> None:
        """Called after an error; what has its name stays, what lies aside is deleted."""
        ...

    def read(self, path: str, name: str) -> bytes:
        """The bytes of one artifact; FileNotFoundError where there is none."""
        ...

    def move_aside(self, file: str) -> bool:
        """Move a file out of the way, to ``.set-aside``; returns whether there was one."""
        ...


class FileStore:
    """Artifacts as files or objects, ``<path>`` with the suffix of the format.

    Parameters
    ----------
    final_dir : Folder, path or address
    temp_dir : path
        Local; on the file system of a local final dir, so that a move is atomic.
    fsync : bool
        Force files to disk before they get their names, then the names. :meth:`place` and :meth:`sync` must be called
        before a row says done.
    """

    def __init__(self, final_dir: Folder | Path | str, temp_dir: Path | str, *, fsync: bool = True) -> None:
        self.final_dir = open_folder(final_dir)
        self.temp_dir = Path(temp_dir)
        self.fsync = fsync
        self._made: set[str] = set()
        self._changed = {""}
        self._syncer: Syncer | None = None
        self._batch: Batch | None = None

    def prepare(self) -> None:
        """Make both folders and try to write to them.

        Raises
        ------
        MachineError
            They cannot be made or written, or lie on two file systems.
        """
        for folder in (LocalFolder(self.temp_dir), self.final_dir):
            with cannot_be_written(folder):
                folder.make()
            folder.probe()
        if self.final_dir.is_local and self.final_dir.path.stat().st_dev != self.temp_dir.stat().st_dev:
            raise MachineError(
                f"{self.temp_dir} and {self.final_dir} are on two file systems; give --temp-dir on that of --final-dir"
            )

    def empty_temp(self) -> int:
        """Delete what a killed run left in the temp dir, and nothing else; returns how many names."""
        count = 0
        for path in self.temp_dir.iterdir():
            if not _TEMPORARY.fullmatch(path.name):
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            count += 1
        return count

    def publish(self, path: str, files: Mapping[str, bytes], described: Collection[str] = ()) -> Published:
        """Write the files of one pose to the temp dir. They get their names in :meth:`place`.

        A file that is there already, has other bytes and is not described by the manifest is then first moved to
        ``.set-aside`` in the final dir.

        Parameters
        ----------
        path : str
            Relative to the final dir, without extension.
        files : mapping of str to bytes
            Contents by format. They appear in this order.
        described : collection of str
            Formats whose files the manifest describes; they are overwritten.

        Raises
        ------
        UnsafePath
            The path leads out of the final dir, or its name begins with a dot.
        OSError
            From the file system. None of the files is left.
        """
        self._check(path)
        folder = path.rpartition("/")[0]
        if self.final_dir.is_local and folder and folder not in self._made:
            self.final_dir.at(folder).mkdir(exist_ok=True)
            self.final_dir.at(path)
            self._made.add(folder)
        self._changed.add(folder)
        if self._batch is None:
            if self.fsync and self.final_dir.is_local and self._syncer is None:
                self._syncer = Syncer(self.temp_dir)
            self._batch = Batch(self.final_dir, self.temp_dir, self._syncer)
        named = {file_of(path, name): content for name, content in files.items()}
        self._batch.add(path, named, [file_of(path, name) for name in files if name in described])
        return Published.of(path, files)

    def _check(self, path: str) -> None:
        if not is_artifact_path(path):
            raise UnsafePath(f"{path!r:.200}: leads out of {self.final_dir}, or a part of it begins with a dot")

    def place(self) -> Placed:
        """Force all contents to disk together, then move the files to their names.

        Returns
        -------
        Placed
            Also names the poses that failed, for example because a folder has the name of a file.

        Raises
        ------
        OSError
            From the machine. What was moved before stays, the rest is deleted.
        """
        batch, self._batch = self._batch, None
        return batch.place(self.move_aside) if batch is not None else Placed()

    def move_aside(self, file: str) -> bool:
        """Move a file to ``.set-aside`` in the final dir; returns whether there was one.

        Raises
        ------
        UnsafePath
            As for :meth:`publish`.
        """
        self._check(file)
        if not self.final_dir.exists(file):
            return False
        target = f"{SET_ASIDE}/{uuid.uuid4().hex[:8]}/{file}"
        self.final_dir.rename(file, target)
        for name in (file, target):
            self._changed.update(parent.rstrip("/") for parent in folders_of([name]))
        return True

    def sync(self) -> None:
        """Force the names to disk: of the files that were placed, and of those that were moved aside."""
        if self.fsync and self.final_dir.is_local:
            folders = [self.final_dir.at(name) if name else self.final_dir.path for name in sorted(self._changed)]
            syncer = self._syncer or Syncer(self.temp_dir)
            self._syncer = None
            with contextlib.closing(syncer):
                syncer.force(folders)

    def abandon(self) -> None:
        """What has its name stays; what lies aside is deleted."""
        if self._batch is not None:
            self._batch.drop()
        if self._syncer is not None:
            self._syncer.close()
        self._batch = self._syncer = None

    def read(self, path: str, name: str) -> bytes:
        """The bytes of one artifact, in whichever layout it lies.

        Raises
        ------
        FileNotFoundError
            There is none.
        UnsafePath
            As for :meth:`publish`.
        """
        self._check(path)
        return shards.read(self.final_dir, file_of(path, name))


class ShardStore:
    """Artifacts as members of one tar shard, which holds all that is published before :meth:`place`.

    Parameters
    ----------
    base : FileStore
        Where the shard goes.
    shard : str
        Beginning of the shard's name. A random part is added, so that nothing is overwritten.
    """

    def __init__(self, base: FileStore, shard: str) -> None:
        self.final_dir = base.final_dir
        self._base = base
        token = uuid.uuid4().hex
        self._temporary = base.temp_dir / f"{atomic.OWN}{token}{shards.SUFFIX}"
        self._name = f"{shard}-{token[:8]}{shards.SUFFIX}"
        self._writer: shards.ShardWriter | None = None

    def publish(self, path: str, files: Mapping[str, bytes], described: Collection[str] = ()) -> Published:
        """Add the files to the shard, which appears at :meth:`place`; ``path`` is the key within it."""
        if self._writer is None:
            self._writer = shards.ShardWriter(self._temporary)
        self._writer.add(path, files)
        return Published.of(f"{self._name}/{path}", files)

    def place(self) -> Placed:
        """Finish the shard, force it to disk and move it in place."""
        if self._writer is not None:
            self._writer.close()
            if self._base.fsync and self.final_dir.is_local:
                atomic.sync_file(self._temporary)
            self.final_dir.take(self._temporary, self._name)
            self._writer = None
        return self._base.place()

    def sync(self) -> None:
        """Force the shard's name to disk."""
        self._base.sync()

    def abandon(self) -> None:
        """Delete the unfinished shard."""
        if self._writer is not None:
            self._writer.abandon()
            self._writer = None
        self._base.abandon()

    def read(self, path: str, name: str) -> bytes:
        """The bytes of one artifact, in whichever layout it lies."""
        return self._base.read(path, name)

    def move_aside(self, file: str) -> bool:
        """Move a file of another layout out of the way."""
        return self._base.move_aside(file)
