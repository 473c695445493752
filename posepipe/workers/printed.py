"""What the model and its libraries print in a worker: into the worker's log, not between the lines of the terminal.

Standard output and error are a file in the temporary folder, so that printing never waits for a reader and works from
C code and child processes as well. A thread moves what is in it to the log.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from pathlib import Path
from typing import Final

from posepipe.wording import count
from posepipe.workers.isolation import open_again

TICK_SECONDS: Final = 1.0
KEPT: Final = 2000
"""Bytes of what was printed in one tick that go to the log, at most."""
LOGGED: Final = 200_000
"""The same for a whole process."""

SPARE_FILES: Final = 16
"""Files that a worker must be able to open after a batch."""

logger = logging.getLogger("posepipe")


class Printed:
    """Standard input, output and error of a worker process.

    Parameters
    ----------
    path : Path
        The file. What an earlier process of this worker left in it is logged first, such as the reason for its death.
    """

    def __init__(self, path: Path) -> None:
        self._logged = 0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._status = os.fstat(self._file)
        self.move_to_log(earlier=True)
        self.redirect()
        for name in ("stdout", "stderr"):
            setattr(sys, name, open_again(name))
        # a process that is forked while the thread flushes a stream would wait for ever for that stream's lock
        os.register_at_fork(
            before=self._lock.acquire, after_in_parent=self._lock.release, after_in_child=self._lock.release
        )
        self._thread = threading.Thread(target=self._run, name="posepipe-printed", daemon=True)
        self._thread.start()

    def redirect(self) -> None:
        """Point the descriptors 1 and 2 to the file, and 0 to the null device."""
        null = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
        os.dup2(null, 0)
        if null > 2:
            os.close(null)
        for number in (1, 2):
            os.dup2(self._file, number)

    @property
    def intact(self) -> bool:
        """Whether the file is still open, and a few others can be opened.

        A model may have closed all files of this process, its connections too, or may keep too many open.
        """
        copies: list[int] = []
        try:
            copies.extend(os.dup(self._file) for _ in range(SPARE_FILES))
            return os.path.samestat(os.fstat(self._file), self._status)
        except OSError:
            return False
        finally:
            for copy in copies:
                os.close(copy)

    def move_to_log(self, *, earlier: bool = False) -> None:
        """Log what was printed, and empty the file."""
        with self._lock, contextlib.suppress(OSError, ValueError):
            if not earlier:
                for stream in (sys.stdout, sys.stderr):
                    stream.flush()
            size = os.fstat(self._file).st_size
            if not size:
                return
            text = os.pread(self._file, max(0, min(KEPT, LOGGED - self._logged)), 0)
            os.ftruncate(self._file, 0)
            if not text:
                return
            self._logged += len(text)
            who = "by the process before this one" if earlier else "by the model"
            for line in text.decode("utf-8", "backslashreplace").splitlines():
                logger.info("printed %s: %s", who, line)
            if self._logged >= LOGGED:
                logger.info("printed %s: nothing more of what this process prints is kept", who)
            elif len(text) < size:
                logger.info("printed %s: %s left out", who, count(size - len(text), "more byte"))

    def close(self) -> None:
        """Log the rest. The streams stay as they are: the process ends soon, and the model may still print."""
        self._ended.set()
        self._thread.join()
        self.move_to_log()

    def _run(self) -> None:
        while not self._ended.wait(TICK_SECONDS):
            self.move_to_log()
