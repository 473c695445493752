"""The lock on an output folder, held for as long as a run is in progress."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any, Final

from posepipe.control.lease import Lease
from posepipe.control.state import ENDED, REQUEST_NAME, STATE_NAME, RunState
from posepipe.errors import LockedError, MachineError
from posepipe.storage import locations

LOCK_NAME: Final = ".posepipe.lock"

LOCK_TRIES: Final = 10


class RunControl:
    """The lock on an output folder, and the lease on the address of its artifacts, held while the object is open.

    Raises
    ------
    LockedError
        Another run holds it; says who and since when. The lock of a dead process does not hold.
    MachineError
        The folder, or the address, cannot be written.
    """

    def __init__(self, out: str | Path, state: RunState) -> None:
        self._out = Path(out)
        self._made = not self._out.exists()
        self.state = state
        try:
            self._out.mkdir(parents=True, exist_ok=True)
            self._lock: IO[str] = (self._out / LOCK_NAME).open("a+")
        except OSError as error:
            raise MachineError(f"{self._out}: cannot be written ({error.strerror})") from error
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
        self._told = False
        self._held: int | None = None
        self._lease: Lease | None = None
        if locations.is_remote(state.final_dir):
            try:
                self._lease = Lease(locations.path_of(state.final_dir), holder, state.pid)
            except BaseException:
                self.close(discard=True)
                raise

    def _take_lock(self) -> bool:
        """Take the lock; somebody's look at it (:func:`is_held`) is waited for."""
        for _ in range(LOCK_TRIES):
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                time.sleep(0.02)
            else:
                return True
        return False

    def hold(self, folder: Path) -> None:
        """Hold the temp dir too, which a run empties when it begins; without a trace in it.

        Raises
        ------
        LockedError
            Another run is at work in it.
        """
        self._held = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(f"{folder} is in use by another run; give --temp-dir a folder of its own") from None
        except OSError:  # a file system whose folders cannot be locked
            return

    def update(self, **changes: Any) -> None:
        """Change the state and write it whole.

        Raises
        ------
        MachineError
            It cannot be written.
        """
        self.state = replace(self.state, **changes)
        path = self._out / STATE_NAME
        aside = self._out / f"{STATE_NAME}.tmp"
        try:
            aside.write_text(json.dumps(asdict(self.state), indent=1) + "\n")
            aside.replace(path)
        except OSError as error:
            raise MachineError(f"{path}: cannot be written ({error.strerror})") from error
        self._told = True

    def broke(self, error: BaseException) -> None:
        """Write down what ended the run, as far as the machine still lets us; nothing if it never began."""
        if self._told:
            with contextlib.suppress(MachineError):
                self.update(state=ENDED, error=f"{type(error).__name__}: {error}")

    def request(self) -> str | None:
        """What is asked of this run since the last look: pause, ``pause release``, resume or stop.

        Stop also where another run has taken the lease.
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
        """Give the folder free; with ``discard`` also leave it as it was found."""
        (self._out / REQUEST_NAME).unlink(missing_ok=True)
        if discard and self._made:
            (self._out / LOCK_NAME).unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # something is in it by now
                self._out.rmdir()
        if self._held is not None:
            os.close(self._held)
        if self._lease is not None:
            self._lease.close()
        self._lock.close()


def is_held(out: str | Path) -> bool:
    """Whether a run holds the folder now."""
    try:
        with (Path(out) / LOCK_NAME).open() as lock:  # a look leaves no trace, and needs no right to write
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
