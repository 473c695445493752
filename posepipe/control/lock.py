"""The lock on an output folder, held for as long as a run is in progress."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, Final

from posepipe.control.lease import Lease
from posepipe.control.state import ENDED, REQUEST_NAME, STATE_NAME, RunState
from posepipe.errors import LockedError, MachineError, cannot_be_written
from posepipe.storage import atomic
from posepipe.storage.folders import RemoteFolder
from posepipe.storage.locations import open_folder

LOCK_NAME: Final = ".posepipe.lock"

LOCK_TRIES: Final = 10
RETRY_SECONDS: Final = 0.02


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
    MachineError
        The folder or the address cannot be written.
    """

    def __init__(self, out: str | Path, state: RunState) -> None:
        self._out = Path(out)
        self._made = not self._out.exists()
        self.state = state
        with cannot_be_written(self._out):
            self._out.mkdir(parents=True, exist_ok=True)
            self._lock: IO[str] = (self._out / LOCK_NAME).open("a+")
        if not self._take_lock():
            self._lock.seek(0)
            holder = self._lock.read().strip() or "another process"
            self._lock.close()
            raise LockedError(f"{self._out} is held by {holder}; wait for it, or posepipe stop {self._out}") from None
        holder = f"run {state.run_id} (host {state.host}, pid {state.pid}, since {state.started_at})"
        self._lock.truncate(0)
        self._lock.write(holder)
        self._lock.flush()
        (self._out / REQUEST_NAME).unlink(missing_ok=True)
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

    def request(self) -> str | None:
        """The request made since the last call: ``pause``, ``pause release``, ``resume`` or ``stop``.

        Also ``stop`` where another run has taken the lease.
        """
        if self._lease is not None and self._lease.lost:
            return "stop"
        path = self._out / REQUEST_NAME
        try:
            text = path.read_text().strip()
            path.unlink()
        except OSError:
            return None
        return text or None

    def close(self, *, discard: bool = False) -> None:
        """Release the folder; with ``discard`` also remove what was made in it."""
        (self._out / REQUEST_NAME).unlink(missing_ok=True)
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
    """Whether a run holds the folder now. Needs no permission to write."""
    try:
        with (Path(out) / LOCK_NAME).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
