"""``OUT/.posepipe-scheduler.json``: how another process of the same user connects to the Dask cluster of a run.

It has the key of the cluster. Only its owner may read it, and it counts only while the run that wrote it holds a lock
on it: a file that came with a folder from elsewhere leads to no scheduler.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from posepipe.control.plain_files import open_plain
from posepipe.errors import RefusedError, cannot_be_written

NAME: Final = ".posepipe-scheduler.json"
MOST_BYTES: Final = 100_000
"""A scheduler file is about 1 KB."""


@dataclass(frozen=True)
class Access:
    """How to connect to a scheduler.

    Attributes
    ----------
    address : str
    certificate, key : str, optional
        In PEM, for both sides of each connection. None for a cluster of the user's own.
    """

    address: str
    certificate: str | None = None
    key: str | None = None


@contextlib.contextmanager
def published(out: str | Path, access: Access) -> Iterator[bool]:
    """Let other processes of this user connect for the time of the block.

    Parameters
    ----------
    out : path
    access : Access

    Yields
    ------
    bool
        False on a file system without permissions, where others could read the key: nothing is written there.

    Raises
    ------
    MachineError
        The file cannot be written.
    """
    path = Path(out) / NAME
    aside = path.with_name(f"{NAME}.{uuid.uuid4().hex}")
    with cannot_be_written(path):
        handle = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        private = _is_private(handle)
        try:
            if private:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.write(handle, json.dumps(asdict(access)).encode())
                aside.replace(path)
        except OSError:
            os.close(handle)
            raise
        finally:
            aside.unlink(missing_ok=True)
    try:
        yield private
    finally:
        with contextlib.suppress(OSError):  # the folder may be gone
            if private:
                path.unlink(missing_ok=True)
        os.close(handle)


def read_access(out: str | Path) -> Access | None:
    """How to connect to the cluster of the run in progress, or None if no run of this user says so."""
    try:
        handle = open_plain(Path(out) / NAME, os.O_RDONLY)
    except (OSError, RefusedError):
        return None
    try:
        if not (_is_private(handle) and _is_locked(handle)):
            return None
        content = os.pread(handle, MOST_BYTES + 1, 0)
        if len(content) > MOST_BYTES:
            return None
        access = Access(**json.loads(content))
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    finally:
        os.close(handle)
    fits = isinstance(access.address, str) and all(isinstance(v, str | None) for v in (access.certificate, access.key))
    return access if fits else None


def _is_private(handle: int) -> bool:
    about = os.fstat(handle)
    return about.st_uid == os.geteuid() and not about.st_mode & 0o077


def _is_locked(handle: int) -> bool:
    """Whether another open file has a lock on the file; only a process of its owner can have opened it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
