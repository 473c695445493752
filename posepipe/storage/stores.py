"""Where artifacts lie: bytes in, place and checksums out. A file is there whole, or not at all.

Takes bytes and knows no poses. Three layouts of the local file system: a file for each artifact in one folder, the
same spread over 256 folders, and tar shards.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from posepipe.errors import MachineError
from posepipe.storage import locations, shards
from posepipe.storage.layout import FOLDER

_ASIDE: Final = re.compile(r"[0-9a-f]{32}\.\w+|\.(inflight|stacks|probe)-.*|\.dask")
"""Names in the temp dir that are a run's: artifacts aside, notes of what was in flight, Dask's own files."""


@dataclass(frozen=True)
class Published:
    """What was put in place: ``path`` relative to the final dir without extension, checksums by format."""

    path: str
    sha256: dict[str, str]
    bytes: int


class Store(Protocol):
    """What the rest of the house sees of a store."""

    final_dir: Path
    temp_dir: Path

    def publish(self, path: str, files: Mapping[str, bytes]) -> Published:
        """Put the files of one pose in place, each whole; ``path`` is relative to the final dir, without extension."""
        ...

    def sync(self) -> None:
        """Make it last; call before the rows are written."""
        ...

    def abandon(self) -> None:
        """Called instead of :meth:`sync` where it cannot go on; what is in place stays."""
        ...

    def read(self, path: str, extension: str) -> bytes:
        """The bytes of one artifact; FileNotFoundError where it is not there."""
        ...


def open_store(final_dir: str | Path, temp_dir: str | Path, *, fsync: bool = True) -> LocalStore:
    """The store of a final dir, which is a local folder or an address; ``temp_dir`` is local."""
    kind = RemoteStore if locations.is_remote(final_dir) else LocalStore
    return kind(final_dir, temp_dir, fsync=fsync)


class LocalStore:
    """Artifacts as files ``<path>.<format>`` in one folder and those within it.

    Parameters
    ----------
    final_dir, temp_dir : paths
        On one file system, so that a move is atomic.
    fsync : bool
        Force files, then the folder, to disk; :meth:`sync` must be called before a row says done.
    """

    def __init__(self, final_dir: str | Path, temp_dir: str | Path, *, fsync: bool = True) -> None:
        self.final_dir = locations.path_of(final_dir)
        self.temp_dir = Path(temp_dir)
        self.fsync = fsync
        self._touched = {self.final_dir}

    def prepare(self) -> None:
        """Make both folders.

        Raises
        ------
        MachineError
            They cannot be made or written, or lie on two file systems.
        """
        self._prepare(self.final_dir, self.temp_dir)
        if self.final_dir.stat().st_dev != self.temp_dir.stat().st_dev:
            raise MachineError(
                f"{self.temp_dir} and {self.final_dir} are on two file systems; give --temp-dir on that of --final-dir"
            )

    def _prepare(self, *folders: Path) -> None:
        for folder in folders:
            probe = folder / f".probe-{uuid.uuid4().hex}"
            try:
                folder.mkdir(parents=True, exist_ok=True)
                probe.touch()
                probe.unlink()
            except OSError as error:
                raise MachineError(f"{folder}: cannot be written ({error.strerror})") from error

    def empty_temp(self) -> int:
        """Remove what a dead run left aside, and nothing that is somebody else's; returns how many names."""
        count = 0
        for path in self.temp_dir.iterdir():
            if not _ASIDE.fullmatch(path.name):
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            count += 1
        return count

    def publish(self, path: str, files: Mapping[str, bytes]) -> Published:
        """Write the files aside, then move each in place. Safe to repeat.

        Parameters
        ----------
        path : str
            Relative to the final dir, without extension.
        files : bytes by extension
            Moved in the order given.

        Raises
        ------
        OSError
            As the file system says it; nothing half-written stays under a final name.
        """
        token = uuid.uuid4().hex
        aside: list[tuple[Path, Path]] = []
        folder = (self.final_dir / path).parent
        if folder not in self._touched:
            folder.mkdir(exist_ok=True)
            self._touched.add(folder)
        try:
            for extension, content in files.items():
                temporary = self.temp_dir / f"{token}.{extension}"
                aside.append((temporary, self.final_dir / f"{path}.{extension}"))
                with temporary.open("wb") as stream:
                    stream.write(content)
                    if self.fsync:
                        stream.flush()
                        os.fsync(stream.fileno())
            for temporary, final in aside:
                temporary.replace(final)
        except BaseException:
            for temporary, _ in aside:
                temporary.unlink(missing_ok=True)
            raise
        return _published(path, files)

    def sync(self) -> None:
        """Make the moves themselves last; call before the rows are written."""
        if self.fsync:
            for folder in self._touched:
                handle = os.open(folder, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)

    def abandon(self) -> None:
        """Called instead of :meth:`sync` where it cannot go on; what is in place stays."""

    def move(self, aside: Path, name: str) -> None:
        """Put a file of the temp dir in place, under its name in the final dir."""
        aside.replace(self.final_dir / name)

    def read(self, path: str, extension: str) -> bytes:
        """The bytes of one artifact.

        Raises
        ------
        FileNotFoundError
            It is not there.
        """
        return shards.read(self.final_dir, f"{path}.{extension}")

    def names(self) -> Iterator[str]:
        """Names of all files in place, with the folder of the layout ``folders``; a dot at the front is no artifact."""
        if not self.final_dir.is_dir():
            return
        with os.scandir(self.final_dir) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if FOLDER.fullmatch(entry.name) and entry.is_dir():
                    yield from (f"{entry.name}/{name}" for name in os.listdir(entry))  # noqa: PTH208
                else:
                    yield entry.name

    def free_bytes(self) -> int | None:
        """Bytes free on the file system of the final dir (or of its nearest folder that exists); None for no limit."""
        folder = self.final_dir.resolve()
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free


class RemoteStore(LocalStore):
    """Artifacts as objects ``<path>.<format>`` below an address; what is put is there whole, or not at all."""

    def prepare(self) -> None:
        """Make the temp dir, and put an object and take it away.

        Raises
        ------
        MachineError
            One of them cannot be written.
        """
        self._prepare(self.temp_dir)
        probe = self.final_dir / f".probe-{uuid.uuid4().hex}"
        try:
            locations.put(probe, b"")
            with locations.told(probe):
                probe.unlink()
        except FileNotFoundError as error:
            raise MachineError(f"{self.final_dir}: not there; make the bucket first") from error

    def publish(self, path: str, files: Mapping[str, bytes]) -> Published:
        """Put the files, in the order given. Safe to repeat."""
        for extension, content in files.items():
            locations.put(self.final_dir / f"{path}.{extension}", content)
        return _published(path, files)

    def sync(self) -> None:
        """Nothing is left to do: an object that was put lasts."""

    def move(self, aside: Path, name: str) -> None:
        """Put a file of the temp dir in place, and remove it here."""
        locations.put_file(self.final_dir / name, aside)
        aside.unlink()

    def names(self) -> Iterator[str]:
        """Names of all objects in place; those that begin with a dot are left out."""
        return (name for name in locations.names_below(self.final_dir) if not name.startswith("."))

    def free_bytes(self) -> int | None:
        """None: nobody knows."""
        return None


class ShardStore:
    """Artifacts as members of tar shards: one shard for all that is published before :meth:`sync`.

    Parameters
    ----------
    base : LocalStore
        Where the shard goes.
    shard : str
        Begins the name of the shard; a random part is added, so that nothing is overwritten.
    """

    def __init__(self, base: LocalStore, shard: str) -> None:
        self.final_dir, self.temp_dir = base.final_dir, base.temp_dir
        self._base = base
        token = uuid.uuid4().hex
        self._aside = base.temp_dir / f"{token}{shards.SUFFIX}"
        self._name = f"{shard}-{token[:8]}{shards.SUFFIX}"
        self._writer: shards.ShardWriter | None = None

    def publish(self, path: str, files: Mapping[str, bytes]) -> Published:
        """Add the files to the shard, which is in place after :meth:`sync`; ``path`` is the key within it."""
        if self._writer is None:
            self._writer = shards.ShardWriter(self._aside)
        self._writer.add(path, files)
        return _published(f"{self._name}/{path}", files)

    def sync(self) -> None:
        """End the shard and move it in place; call before the rows are written."""
        if self._writer is not None:
            self._writer.close(fsync=self._base.fsync)
            self._base.move(self._aside, self._name)
            self._writer = None
        self._base.sync()

    def abandon(self) -> None:
        """Remove the shard that is being written."""
        if self._writer is not None:
            self._writer.abandon()
            self._writer = None

    def read(self, path: str, extension: str) -> bytes:
        """The bytes of one artifact, in whichever layout it lies."""
        return self._base.read(path, extension)


def _published(path: str, files: Mapping[str, bytes]) -> Published:
    checksums = {extension: hashlib.sha256(content).hexdigest() for extension, content in files.items()}
    return Published(path, checksums, sum(map(len, files.values())))
