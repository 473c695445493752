"""The record of what a worker has in flight, and the time limit of a batch.

Two threads watch the limit. One counts only the time in which this process ran, so that a suspended process is not
late. The other is ``faulthandler``'s C thread, for code that holds the interpreter's lock.
"""

from __future__ import annotations

import faulthandler
import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO, Final

from posepipe.storage import atomic

EXIT_TIMEOUT: Final = 70


@dataclass(frozen=True)
class InFlight:
    """Pose keys that a dead worker had in flight, and its stacks if it exceeded the time limit."""

    keys: list[str]
    stacks: str | None


def marker_path(temp_dir: str | Path, run_id: str, partition: int) -> Path:
    """The file in which a worker records what it has in flight."""
    return Path(temp_dir) / f"{atomic.OWN}inflight-{run_id}-{partition}"


def read_marker(temp_dir: str | Path, run_id: str, partition: int) -> InFlight | None:
    """What was in flight in a partition whose worker died, or None if nothing had begun. Removes the file."""
    path = marker_path(temp_dir, run_id, partition)
    try:
        note = json.loads(path.read_text())
        path.unlink(missing_ok=True)
        stacks_path = Path(note["stacks"])
        stacks = stacks_path.read_text(errors="replace") if stacks_path.exists() else ""
    except (OSError, ValueError, KeyError):
        return None
    return InFlight(note["keys"], stacks or None)


class Deadline:
    """Limits the time of every batch of one process.

    Parameters
    ----------
    temp_dir : path
        Folder for the records; the driver reads them after this process died.
    run_id : str
    seconds : float
        Longest time that a batch may take, without the time in which the process was suspended.
    before_exit : callable
        Called before the process is ended.
    """

    def __init__(
        self, temp_dir: str | Path, run_id: str, seconds: float, before_exit: Callable[[], None] = lambda: None
    ) -> None:
        self._before_exit = before_exit
        self._temp_dir, self._run_id, self._seconds = Path(temp_dir), run_id, seconds
        self._active: dict[int, float] = {}
        self._armed = 0.0
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stacks_path = self._temp_dir / f"{atomic.OWN}stacks-{run_id}-{os.getpid()}"
        self._stacks: IO[str] | None = None
        self._thread: threading.Thread | None = None

    @contextmanager
    def watch(self, partition: int, keys: Sequence[str]) -> Iterator[Callable[[Sequence[str]], None]]:
        """Record the keys as in flight during the block, and end the process if the block takes too long.

        The block gets a function that records other keys instead. Their time then begins.
        """
        path = marker_path(self._temp_dir, self._run_id, partition)
        token, width = threading.get_ident(), self._record(path, keys)

        def goes_on_with(keys: Sequence[str]) -> None:
            nonlocal width
            width = self._record(path, keys, width)
            with self._lock:
                self._active[token] = 0.0
                if monotonic() - self._armed > self._tick:  # the thread that watches may have had no turn
                    self._arm()

        with self._lock:
            if self._thread is None:
                self._stacks = self._stacks_path.open("w")
                self._thread = threading.Thread(target=self._run, name="posepipe-deadline", daemon=True)
                self._thread.start()
            if not self._active:  # before the block, which may never release the interpreter's lock
                self._arm()
            self._active[token] = 0.0
            self._wake.set()
        try:
            yield goes_on_with
        finally:
            with self._lock:
                self._active.pop(token, None)
                if not self._active:
                    faulthandler.cancel_dump_traceback_later()
            path.unlink(missing_ok=True)

    def _record(self, path: Path, keys: Sequence[str], width: int = 0) -> int:
        """Write the record over an earlier one of ``width`` bytes; returns its own.

        The file is not emptied before, and spaces cover what was longer: whenever the process dies, it can be read.
        """
        note = json.dumps({"keys": list(keys), "stacks": str(self._stacks_path)}).encode().ljust(width)
        flags = os.O_WRONLY | os.O_CREAT | (0 if width else os.O_TRUNC)
        handle = os.open(path, flags | os.O_CLOEXEC, 0o666)
        try:
            os.write(handle, note)
        finally:
            os.close(handle)
        return len(note)

    @property
    def _tick(self) -> float:
        return min(1.0, self._seconds / 10)

    def _arm(self) -> None:
        if self._stacks is not None:
            self._armed = monotonic()
            faulthandler.dump_traceback_later(self._seconds + self._tick, exit=True, file=self._stacks)

    def _run(self) -> None:
        tick, stacks = self._tick, self._stacks
        if stacks is None:
            return
        last = monotonic()
        while True:
            with self._lock:
                busy = bool(self._active)
                if busy:
                    self._arm()
                else:
                    self._wake.clear()
            if not busy:
                self._wake.wait()
                last = monotonic()
                continue
            threading.Event().wait(tick)
            now = monotonic()
            own, last = min(now - last, 2 * tick), now
            with self._lock:
                for token in self._active:
                    self._active[token] += own
                late = any(elapsed > self._seconds for elapsed in self._active.values())
            if late:
                faulthandler.dump_traceback(file=stacks)
                stacks.flush()
                self._before_exit()
                os._exit(EXIT_TIMEOUT)
