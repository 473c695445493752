"""The lock on an output folder, held for as long as a run is in progress."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from posepipe.control import inbox
from posepipe.control.inbox import Inbox
from posepipe.control.lease import Lease
from posepipe.control.plain_files import open_plain
from posepipe.control.state import ENDED, STATE_NAME, RunState, read_state
from posepipe.errors import LockedError, MachineError, PosepipeError, cannot_be_written
from posepipe.storage import atomic
from posepipe.storage.folders import RemoteFolder
from posepipe.storage.locations import open_folder
from posepipe.wording import printable

LOCK_NAME: Final = ".posepipe.lock"

LOCK_TRIES: Final = 10
RETRY_SECONDS: Final = 0.02

_HOLDER_BYTES: Final = 500


class RunControl:
    """The lock on an output folder, and the lease on the address of its artifacts, held until :meth:`close`.

    Parameters
    ----------
    out : path
        Made where it is missing.
    state : RunState
        Of the run that takes the lock.

    Raises
    ------
    LockedError
        Another run holds it; the message says which and since when. A dead process holds no lock.
    RefusedError
        The lock is not a file.
    MachineError
        The folder or the address cannot be written.
    """

    def __init__(self, out: str | Path, state: RunState) -> None:
        self._out = Path(out)
        self._made = not self._out.exists()
        self.state = state
        with cannot_be_written(self._out):
            self._out.mkdir(parents=True, exist_ok=True)
            self._lock = os.fdopen(open_plain(self._out / LOCK_NAME, os.O_RDWR | os.O_CREAT), "r+b", buffering=0)
        if not self._take_lock():
            holder = _holder(self._lock.fileno()) or "another process"
            self._lock.close()
            raise LockedError(f"{self._out} is held by {holder}; wait for it, or posepipe stop {self._out}") from None
        with contextlib.suppress(PosepipeError):  # no earlier run, or its state is of no use
            inbox.sweep(self._out, read_state(self._out).run_id)
        with cannot_be_written(self._out):
            self._inbox = Inbox(self._out, state.run_id)
        holder = f"run {state.run_id} (host {state.host}, pid {state.pid}, since {state.started_at})"
        self._lock.truncate(0)
        self._lock.write(holder.encode())
        self._written = False
        self._held: int | None = None
        self._lease: Lease | None = None
        final_dir = open_folder(state.final_dir)
        if isinstance(final_dir, RemoteFolder):
            try:
                self._lease = Lease(final_dir, holder, state.pid)
            except BaseException:
                self.close(discard=True)
                raise

    def _take_lock(self) -> bool:
        """Take the lock. Retry briefly: :func:`is_held` in another process may hold a shared lock."""
        for _ in range(LOCK_TRIES):
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                time.sleep(RETRY_SECONDS)
            else:
                return True
        return False

    def hold(self, folder: Path) -> None:
        """Lock the temp dir too, because a run empties it at its start. No file is written for that.

        Raises
        ------
        LockedError
            Another run uses it.
        """
        self._held = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(f"{folder} is in use by another run; give --temp-dir a folder of its own") from None
        except OSError:  # a file system whose folders cannot be locked
            return

    def update(self, **changes: Any) -> None:
        """Change the state and write the state file.

        Raises
        ------
        MachineError
            It cannot be written.
        """
        self.state = replace(self.state, **changes)
        path = self._out / STATE_NAME
        with cannot_be_written(path):
            atomic.write_bytes(path, self.state.as_json(self._out))
        self._written = True

    def record_error(self, error: BaseException) -> None:
        """Write the error that ended the run to the state file, if it can be written and the run had started."""
        if self._written:
            with contextlib.suppress(MachineError):
                self.update(state=ENDED, error=f"{type(error).__name__}: {error}")

    def requests(self) -> list[str]:
        """The requests since the last call, the oldest first; see :mod:`posepipe.control.inbox`.

        ``stop`` where another run has taken the lease.
        """
        if self._lease is not None and self._lease.lost:
            return [inbox.STOP]
        return self._inbox.new()

    def asked_to_stop(self) -> bool:
        """Whether :meth:`requests` would return ``stop``; it still does afterwards."""
        return (self._lease is not None and self._lease.lost) or self._inbox.has(inbox.STOP)

    def answer(self, *requests: str) -> None:
        """Tell those who asked for one of these that it is done, or that nothing will come of it."""
        self._inbox.answer(*requests)

    def close(self, *, discard: bool = False) -> None:
        """Release the folder; with ``discard`` also remove what was made in it."""
        self._inbox.close()
        if discard and self._made:
            (self._out / LOCK_NAME).unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # it is not empty any more
                self._out.rmdir()
        if self._held is not None:
            os.close(self._held)
        if self._lease is not None:
            self._lease.close()
        self._lock.close()


def is_held(out: str | Path) -> bool:
    """Whether a run holds the folder now. Needs no permission to write.

    Raises
    ------
    RefusedError
        The lock is not a file.
    """
    try:
        lock = open_plain(Path(out) / LOCK_NAME, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(lock)


def run_in_progress(out: str | Path) -> str | None:
    """The id of the run that holds the folder, as its lock says; None if the lock does not say."""
    try:
        lock = open_plain(Path(out) / LOCK_NAME, os.O_RDONLY)
    except OSError:
        return None
    try:
        named = re.match(r"run (\S+) \(", _holder(lock))
    finally:
        os.close(lock)
    return named[1] if named and inbox.is_run_id(named[1]) else None


def _holder(lock: int) -> str:
    """The description of the run that holds, or last held, a lock."""
    return printable(os.pread(lock, _HOLDER_BYTES, 0).decode(errors="replace").strip())
