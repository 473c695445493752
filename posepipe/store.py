"""Where artifacts lie: bytes in, place and checksums out. A file is there whole, or not at all.

Takes bytes and knows no poses. Today there is the local file system; other layouts go behind the same door.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from posepipe.errors import MachineError

MACHINE_ERRNOS: Final = frozenset(
    getattr(errno, name)
    for name in (
        *("ENOSPC", "EDQUOT", "EROFS", "EIO", "EACCES", "EPERM", "ENOENT", "ENOTDIR", "EMFILE", "ENFILE"),
        *("ESTALE", "ENODEV", "ENXIO", "ENOTCONN", "ENETDOWN", "ENETUNREACH", "EHOSTDOWN", "ETIMEDOUT"),
        *("ECONNREFUSED", "EBUSY", "EFBIG"),
    )
    if hasattr(errno, name)
)
"""What the machine says, whatever the caption; a bad name or a bug of ours is not among them."""


_ASIDE: Final = re.compile(r"[0-9a-f]{32}\.\w+|\.(inflight|stacks|probe)-.*|\.dask")
"""Names in the temp dir that are a run's: artifacts aside, notes of what was in flight, Dask's own files."""


def is_machine_error(error: BaseException) -> bool:
    """Whether an error is the machine's (disk, mount, rights, handles) and would hit every caption alike."""
    return isinstance(error, MachineError) or (isinstance(error, OSError) and error.errno in MACHINE_ERRNOS)


@dataclass(frozen=True)
class Published:
    """What was put in place: ``path`` relative to the final dir without extension, checksums by format."""

    path: str
    sha256: dict[str, str]
    bytes: int


class LocalStore:
    """Artifacts as files ``<stem>.<format>`` in one folder.

    Parameters
    ----------
    final_dir, temp_dir : paths
        On one file system, so that a move is atomic.
    fsync : bool
        Force files, then the folder, to disk; :meth:`sync` must be called before a row says done.
    """

    def __init__(self, final_dir: str | Path, temp_dir: str | Path, *, fsync: bool = True) -> None:
        self.final_dir = Path(final_dir)
        self.temp_dir = Path(temp_dir)
        self.fsync = fsync

    def prepare(self) -> None:
        """Make both folders.

        Raises
        ------
        MachineError
            They cannot be made or written, or lie on two file systems.
        """
        for folder in (self.final_dir, self.temp_dir):
            probe = folder / f".probe-{uuid.uuid4().hex}"
            try:
                folder.mkdir(parents=True, exist_ok=True)
                probe.touch()
                probe.unlink()
            except OSError as error:
                raise MachineError(f"{folder}: cannot be written ({error.strerror})") from error
        if self.final_dir.stat().st_dev != self.temp_dir.stat().st_dev:
            raise MachineError(
                f"{self.temp_dir} and {self.final_dir} are on two file systems; give --temp-dir on that of --final-dir"
            )

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

    def publish(self, stem: str, files: Mapping[str, bytes]) -> Published:
        """Write the files aside, then move each in place. Safe to repeat.

        Parameters
        ----------
        stem : str
            Name without extension.
        files : bytes by extension
            Moved in the order given.

        Raises
        ------
        OSError
            As the file system says it; nothing half-written stays under a final name.
        """
        token = uuid.uuid4().hex
        aside: list[tuple[Path, Path]] = []
        try:
            for extension, content in files.items():
                temporary = self.temp_dir / f"{token}.{extension}"
                aside.append((temporary, self.final_dir / f"{stem}.{extension}"))
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
        checksums = {extension: hashlib.sha256(content).hexdigest() for extension, content in files.items()}
        return Published(stem, checksums, sum(map(len, files.values())))

    def sync(self) -> None:
        """Make the moves themselves last; call before the rows are written."""
        if self.fsync:
            handle = os.open(self.final_dir, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def read(self, path: str, extension: str) -> bytes:
        """The bytes of one artifact.

        Raises
        ------
        FileNotFoundError
            It is not there.
        """
        return (self.final_dir / f"{path}.{extension}").read_bytes()

    def names(self) -> Iterator[str]:
        """Names of all files in place; those that begin with a dot are not artifacts."""
        with os.scandir(self.final_dir) as entries:
            for entry in entries:
                if not entry.name.startswith("."):
                    yield entry.name

    def free_bytes(self) -> int:
        """Bytes free on the file system of the final dir (or of its nearest folder that exists)."""
        folder = self.final_dir.resolve()
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free
