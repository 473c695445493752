"""Force many files of one file system to disk in one go.

A call of fsync for each file waits for the journal of the file system each time. ``syncfs`` waits once, for everything
that was written to the file system. It is used where it reports every error and where little else waits to be written;
elsewhere some threads call fsync, and the file system commits what they ask for together.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import re
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, Final

from posepipe.storage import atomic

THREADS: Final = 16
"""Calls of fsync at the same time."""
FEW: Final = 3
"""Files that are forced one after the other."""
OTHER_DATA: Final = 128 << 20
"""Bytes of other data, not yet written by the system, above which ``syncfs`` would take longer than the threads."""
_SINCE: Final = (5, 8)
"""The Linux whose ``syncfs`` reports that a file could not be written."""
_FILE_SYSTEMS: Final = frozenset((0xEF53, 0x58465342, 0x9123683E, 0xF2F52010, 0x01021994))
"""Those whose errors it reports: ext2 to ext4, XFS, Btrfs, F2FS, tmpfs. Not overlays and network file systems."""
_MEMORY: Final = Path("/proc/meminfo")
_UNWRITTEN: Final = re.compile(rb"^(?:Dirty|Writeback):\s+(\d+) kB$", re.MULTILINE)


class Syncer:
    """Forces files of one file system to disk.

    Parameters
    ----------
    folder : Path
        On that file system. The object is made before the first of the files is written, because ``syncfs`` reports
        the errors since then.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handle: int | None = None
        if reports_errors(folder):
            self._handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
            self._status = os.fstat(self._handle)

    def close(self) -> None:
        """Close the folder."""
        if self._handle is not None and self._is_open(self._handle):
            os.close(self._handle)
        self._handle = None

    def force(self, paths: Sequence[str | Path], size: int = 0) -> None:
        """Force the contents of files, or the entries of folders, to disk.

        Parameters
        ----------
        paths : sequence of path
        size : int
            Bytes of the files together.

        Raises
        ------
        OSError
            One of them could not be written; after ``syncfs`` also if it was another file of the file system.
        """
        if self._handle is None or len(paths) <= FEW or unwritten_bytes() - size > OTHER_DATA:
            _force_each(paths)
            return
        if not self._is_open(self._handle):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF), str(self._folder))
        sync_file_system(self._handle, self._folder)
        atomic.sync_file(paths[0])  # before Linux 5.17 only fsync reports that the journal could not be written

    def _is_open(self, handle: int) -> bool:
        """Whether the handle is still that of the folder: a model may have closed all files of the process."""
        try:
            return os.path.samestat(os.fstat(handle), self._status)
        except OSError:
            return False


def reports_errors(folder: Path) -> bool:
    """Whether ``syncfs`` reports all errors of the file system of a folder."""
    return _can_sync() and _file_system(folder) in _FILE_SYSTEMS


def sync_file_system(handle: int, folder: Path) -> None:
    """Force everything that was written to a file system to disk.

    Parameters
    ----------
    handle : int
        A folder of the file system, opened before the files in question were written.
    folder : Path
        Named in an error.
    """
    if _libc().syncfs(handle) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(folder))


def unwritten_bytes() -> int:
    """Bytes that the system has accepted for its disks and not written yet; 0 where it does not say so."""
    try:
        found = _UNWRITTEN.findall(_MEMORY.read_bytes())
    except OSError:
        return 0
    return sum(map(int, found)) << 10


def _force_each(paths: Sequence[str | Path]) -> None:
    if len(paths) <= FEW:
        _force_in_turn(paths)
        return
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(_force_in_turn, [paths[start::THREADS] for start in range(THREADS)]):
            pass


def _force_in_turn(paths: Sequence[str | Path]) -> None:
    for path in paths:
        atomic.sync_file(path)


@cache
def _can_sync() -> bool:
    version = re.match(r"(\d+)\.(\d+)", platform.release())
    if sys.platform != "linux" or version is None or tuple(map(int, version.groups())) < _SINCE:
        return False
    return hasattr(_libc(), "syncfs") and hasattr(_libc(), "statfs")


@cache
def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def _file_system(folder: Path) -> int | None:
    """The kind of a file system: the first word of what ``statfs`` returns."""
    about = ctypes.create_string_buffer(512)
    if _libc().statfs(os.fsencode(folder), about) != 0:
        return None
    return int(ctypes.c_long.from_buffer(about).value) & 0xFFFFFFFF
