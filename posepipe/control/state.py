"""One run per output folder, and how others reach it: lock, ``.posepipe.json``, pause, resume, stop."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import threading
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from posepipe import remote
from posepipe.errors import ConfigError, LockedError, MachineError, RefusedError
from posepipe.lease import Lease

STATE_NAME: Final = ".posepipe.json"
LOCK_NAME: Final = ".posepipe.lock"
REQUEST_NAME: Final = ".posepipe.request"

LOCK_TRIES: Final = 10

RUNNING: Final = "running"
PAUSING: Final = "pausing"
PAUSED: Final = "paused"
STOPPING: Final = "stopping"
ENDED: Final = "ended"


@dataclass(frozen=True)
class RunState:
    """What ``OUT/.posepipe.json`` says of the run that holds or last held the folder."""

    run_id: str
    manifest: str
    final_dir: str
    temp_dir: str
    log_dir: str
    pid: int
    host: str
    started_at: str
    state: str = RUNNING
    scheduler: str | None = None
    scheduler_file: str | None = None
    dashboard: str | None = None
    total: int = 0
    done_before: int = 0
    made: int = 0
    failed: int = 0
    """``made`` and ``failed`` stand when the state changes."""
    error: str = ""
    """What ended the run, where something did."""
    model: str = ""

    @property
    def left(self) -> int:
        """Poses that this run has not tried."""
        return self.total - self.made - self.failed

    @property
    def counts(self) -> str:
        """Made, failed and left, in words."""
        failed = f"{self.failed:,} failed, " if self.failed else ""
        return f"{self.made:,} of {self.total:,} made, {failed}{self.left:,} left"


def read_state(out: str | Path) -> RunState:
    """The state file of an output folder.

    Raises
    ------
    ConfigError
        There is none, or it cannot be read.
    """
    path = Path(out) / STATE_NAME
    try:
        content = json.loads(path.read_text())
        known = RunState.__dataclass_fields__
        return RunState(**{name: value for name, value in content.items() if name in known})
    except FileNotFoundError:
        raise ConfigError(f"{path} is not there: {out} is not the output of a run (posepipe run makes it)") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); give --manifest") from None


def final_dir_of(out: str | Path) -> Path:
    """Where the artifacts of an output folder lie: there, or at the address that its state file names.

    Raises
    ------
    ConfigError
        No library is there that opens the address.
    """
    try:
        named = read_state(out).final_dir
    except ConfigError:
        return Path(out)
    return remote.path_of(named) if remote.is_remote(named) else Path(out)


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
        if remote.is_remote(state.final_dir):
            try:
                self._lease = Lease(remote.path_of(state.final_dir), holder, state.pid)
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


def new_state(run_id: str, *, final_dir: str, manifest: str, temp_dir: str, log_dir: str, model: str) -> RunState:
    """The state of a run that begins now, in this process; paths are made absolute."""
    return RunState(
        run_id=run_id,
        manifest=remote.absolute(manifest),
        final_dir=remote.absolute(final_dir),
        temp_dir=str(Path(temp_dir).resolve()),
        log_dir=str(Path(log_dir).resolve()),
        pid=os.getpid(),
        host=socket.gethostname(),
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        model=model,
    )


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


def ask(out: str | Path, request: str, until: tuple[str, ...], *, timeout: float = 3600.0) -> RunState:
    """Ask the run that holds ``out`` for something, and wait until its state is one of ``until``.

    Raises
    ------
    ConfigError
        ``out`` is no output folder.
    RefusedError
        No run holds it, it does not answer, or it died meanwhile. One that ended by itself raises nothing.
    """
    state = read_state(out)
    if not is_held(out):
        raise RefusedError(f"no run is in progress on {out} (the last one, {state.run_id}, is {state.state})")
    path = Path(out) / REQUEST_NAME
    aside = path.with_name(REQUEST_NAME + ".tmp")
    aside.write_text(request)
    aside.replace(path)
    limit = time.monotonic() + timeout
    while time.monotonic() < limit:
        state = read_state(out)
        if state.state in until and not path.exists():
            return state
        if not is_held(out):
            return _after_the_end(out)
        time.sleep(0.1)
    raise RefusedError(f"the run on {out} did not answer {request!r} within {timeout:.0f} s; it is {state.state}")


def _after_the_end(out: str | Path) -> RunState:
    state = read_state(out)
    if state.state != ENDED:
        raise RefusedError(f"the run on {out} died before it answered; the same run command goes on")
    if state.error:
        raise RefusedError(f"the run on {out} was ended by {state.error}")
    return state


class Signals:
    """SIGINT, SIGTERM and SIGHUP as a wish to end: the first is noted, the second ends the process at once.

    Outside the main thread, where Python allows no handlers, it never receives any.
    """

    NUMBERS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self.received = 0
        self._before: dict[int, Any] = {}

    @property
    def name(self) -> str:
        """Name of the signal received."""
        return signal.Signals(self.received).name

    def __enter__(self) -> Signals:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._handle) for number in self.NUMBERS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, _: object) -> None:
        if self.received:
            os._exit(128 + number)
        self.received = number
