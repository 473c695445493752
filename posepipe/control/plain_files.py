"""Open the files that posepipe keeps in an output folder, which somebody else may have prepared.

Only regular files are opened, never through a symbolic link, and no open waits for a writer.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from posepipe.errors import RefusedError

_KINDS: Final = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
)


def open_plain(path: Path, flags: int, mode: int = 0o666) -> int:
    """Open a regular file.

    Parameters
    ----------
    path : Path
    flags, mode : int
        As for :func:`os.open`.

    Returns
    -------
    int
        The descriptor.

    Raises
    ------
    RefusedError
        There is something else under this name.
    OSError
        From the file system.
    """
    try:
        handle = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, mode)
    except FileNotFoundError:
        raise
    except OSError:
        _refuse_other_kinds(path, path.lstat().st_mode)
        raise
    try:
        _refuse_other_kinds(path, os.fstat(handle).st_mode)
    except RefusedError:
        os.close(handle)
        raise
    return handle


def read_plain(path: Path, most: int) -> bytes:
    """Read a regular file.

    Raises
    ------
    RefusedError
        There is something else under this name.
    ValueError
        The file has more than ``most`` bytes.
    OSError
        From the file system.
    """
    with os.fdopen(open_plain(path, os.O_RDONLY), "rb") as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise ValueError(f"more than {most:,} bytes")
    return content


def _refuse_other_kinds(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        what = next((name for matches, name in _KINDS if matches(mode)), "a device")
        raise RefusedError(f"{path} is {what}, where posepipe keeps a file of its own; remove it")
