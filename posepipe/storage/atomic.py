"""Write a file under another name, then move it to its place. All modules that write whole files use this one.

A reader sees the old file or the new one, never a part of it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

OWN: Final = ".posepipe-"
"""Beginning of the names of all that a run puts into its temp dir; a file with another name is never deleted there."""


@contextlib.contextmanager
def writing(path: Path, *, aside: Path | None = None, fsync: bool = False) -> Iterator[Path]:
    """Give the path to write to; when the block ends, that file replaces ``path``.

    Parameters
    ----------
    path : Path
        The final place.
    aside : Path, optional
        Where the file is written, on the same file system. By default a hidden name beside ``path``.
    fsync : bool
        Force the content to disk before the move, and the folder's entries after it.

    Raises
    ------
    OSError
        From the file system. The temporary file is removed and ``path`` is left as it was, as with any other
        exception in the block.
    """
    temporary = path.with_name(f".{path.name.removeprefix('.')}.tmp") if aside is None else aside
    try:
        temporary.unlink(missing_ok=True)  # left over from a killed process, or a link to another place
        yield temporary
        if fsync:
            sync_file(temporary)
        move(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    if fsync:
        sync_folder(path.parent)


@contextlib.contextmanager
def stream_to(path: Path, *, aside: Path | None = None, fsync: bool = False) -> Iterator[IO[bytes]]:
    """As :func:`writing`, but give a binary stream, to a file that was not there: never through a symbolic link."""
    with writing(path, aside=aside, fsync=fsync) as temporary, temporary.open("xb") as stream:
        yield stream


def write_bytes(path: Path, content: bytes, *, aside: Path | None = None, fsync: bool = False) -> None:
    """Write ``content`` to ``path``; parameters and errors as for :func:`writing`."""
    with stream_to(path, aside=aside, fsync=fsync) as stream:
        stream.write(content)


def write_new(path: str | Path, content: bytes) -> None:
    """Write a file that must not be there yet. It is not moved and not forced to disk."""
    with open(path, "xb", buffering=0) as stream:  # pathlib takes longer than the call
        left = memoryview(content)
        while left:
            left = left[stream.write(left) :]


def move(aside: str | Path, path: str | Path) -> None:
    """Move a finished file to its place on the same file system, over what is there."""
    os.replace(aside, path)  # noqa: PTH105


def sync_folder(folder: Path) -> None:
    """Force a folder's entries (new names, moves) to disk."""
    sync_file(folder)


def sync_file(path: str | Path) -> None:
    """Force a file's content, or a folder's entries, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
