"""The requests to a run from other terminals: one empty file each, in a folder that only the run's user can write to.

The folder's name has the run's id, so that a request never reaches another run. A file is there until the run has
done what it asks for; that is the answer to whoever waits.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PAUSE: Final = "pause"
PAUSE_RELEASE: Final = "pause-release"
RESUME: Final = "resume"
STOP: Final = "stop"

_NAME: Final = re.compile(rf"({PAUSE}|{PAUSE_RELEASE}|{RESUME}|{STOP})\.[0-9a-f]{{32}}")
_RUN_ID: Final = re.compile(r"\w[\w.-]{0,99}", re.ASCII)


def is_run_id(text: str) -> bool:
    """Whether a text can be the id of a run, which is part of file names."""
    return _RUN_ID.fullmatch(text) is not None


def folder_of(out: str | Path, run_id: str) -> Path:
    """The folder of the requests to a run."""
    return Path(out) / f".posepipe.requests-{run_id}"


def post(out: str | Path, run_id: str, request: str) -> Path | None:
    """Leave a request for a run; returns its file, or None if the run takes none (any more).

    Raises
    ------
    PermissionError
        The run belongs to another user.
    """
    path = folder_of(out, run_id) / f"{request}.{uuid.uuid4().hex}"
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600))
    except (FileNotFoundError, NotADirectoryError):
        return None
    return path


def sweep(out: str | Path, run_id: str) -> None:
    """Remove the folder of a run that has ended, with what it was asked for and did not do."""
    folder = folder_of(out, run_id)
    with contextlib.suppress(OSError):  # it is not there, or not ours
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            with os.scandir(handle) as entries:
                for name in [entry.name for entry in entries if _NAME.fullmatch(entry.name)]:
                    os.unlink(name, dir_fd=handle)
        finally:
            os.close(handle)
        folder.rmdir()


class Inbox:
    """The requests to one run.

    Parameters
    ----------
    out : path
        Its output folder.
    run_id : str

    Raises
    ------
    OSError
        The folder cannot be made.
    """

    def __init__(self, out: str | Path, run_id: str) -> None:
        self._out, self._run_id = out, run_id
        self._folder = folder_of(out, run_id)
        self._folder.mkdir(mode=0o700)
        self._taken: dict[str, str] = {}

    def new(self) -> list[str]:
        """The requests since the last call, the oldest first."""
        found = sorted((made, name, request) for made, name, request in self._there() if name not in self._taken)
        self._taken |= {name: request for _, name, request in found}
        return [request for _, _, request in found]

    def has(self, request: str) -> bool:
        """Whether this was asked for and is not answered. :meth:`new` returns it all the same."""
        return any(request == there for _, _, there in self._there())

    def answer(self, *requests: str) -> None:
        """Tell those who asked for one of these that it is done, or that nothing will come of it."""
        for name in [name for name, request in self._taken.items() if request in requests]:
            del self._taken[name]
            with contextlib.suppress(OSError):  # withdrawn, or the folder is gone
                (self._folder / name).unlink(missing_ok=True)

    def close(self) -> None:
        """Answer all requests, and take no more."""
        sweep(self._out, self._run_id)

    def _there(self) -> Iterator[tuple[int, str, str]]:
        """Time, name and meaning of each request of this user or of root."""
        with contextlib.suppress(OSError), os.scandir(self._folder) as entries:
            for entry in entries:
                matched = _NAME.fullmatch(entry.name)
                if matched is None:
                    continue
                with contextlib.suppress(FileNotFoundError):  # withdrawn in this moment
                    about = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(about.st_mode) and about.st_uid in (os.geteuid(), 0):
                        yield about.st_mtime_ns, entry.name, matched[1]
