"""A worker's note of what is in flight, and its end when a batch takes too long.

Two watchers: a thread that counts only time in which this process ran (a stopped process is not slow), and
``faulthandler``'s own C thread for code that holds the interpreter's lock.
"""

from __future__ import annotations

import faulthandler
import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO, Final

EXIT_TIMEOUT: Final = 70


@dataclass(frozen=True)
class InFlight:
    """What a dead worker was at: pose keys, and its stacks if it ended because of the deadline."""

    keys: list[str]
    stacks: str | None


def marker_path(temp_dir: str | Path, run_id: str, partition: int) -> Path:
    """Where a worker notes what it is at."""
    return Path(temp_dir) / f".inflight-{run_id}-{partition}"


def read_marker(temp_dir: str | Path, run_id: str, partition: int) -> InFlight | None:
    """What was in flight in a partition whose worker died; None where nothing had begun. Removes the note."""
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
    """Watches all batches of one process.

    Parameters
    ----------
    temp_dir : path
        Where notes go; the driver reads them when this process is gone.
    run_id : str
    seconds : float
        A worker's own time on one batch.
    """

    def __init__(self, temp_dir: str | Path, run_id: str, seconds: float) -> None:
        self._temp_dir, self._run_id, self._seconds = Path(temp_dir), run_id, seconds
        self._active: dict[int, float] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stacks_path = self._temp_dir / f".stacks-{run_id}-{os.getpid()}"
        self._stacks: IO[str] | None = None
        self._thread: threading.Thread | None = None

    @contextmanager
    def watch(self, partition: int, keys: Sequence[str]) -> Iterator[None]:
        """Note the keys, and let them take no longer than the deadline."""
        path = marker_path(self._temp_dir, self._run_id, partition)
        path.write_text(json.dumps({"keys": list(keys), "stacks": str(self._stacks_path)}))
        token = threading.get_ident()
        with self._lock:
            self._active[token] = 0.0
            if self._thread is None:
                self._stacks = self._stacks_path.open("w")
                self._thread = threading.Thread(target=self._run, name="posepipe-deadline", daemon=True)
                self._thread.start()
        self._wake.set()
        try:
            yield
        finally:
            with self._lock:
                self._active.pop(token, None)
            path.unlink(missing_ok=True)

    def _run(self) -> None:
        tick = min(1.0, self._seconds / 10)
        stacks = self._stacks
        if stacks is None:
            return
        armed = False
        last = monotonic()
        while True:
            with self._lock:
                busy = bool(self._active)
            if not busy:
                if armed:
                    faulthandler.cancel_dump_traceback_later()
                    armed = False
                self._wake.clear()
                with self._lock:
                    busy = bool(self._active)
                if not busy:
                    self._wake.wait()
                last = monotonic()
                continue
            faulthandler.dump_traceback_later(self._seconds + tick, exit=True, file=stacks)
            armed = True
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
                os._exit(EXIT_TIMEOUT)
