"""The logs of a run. A log that cannot be written any more costs its entries, never the run."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
from pathlib import Path
from typing import Final

KEEP: Final = 9
"""Logs of earlier runs, under numbers."""


class LogFile(logging.FileHandler):
    """A log file, its folder made where it is missing; silent where the disk is full or gone.

    Raises
    ------
    OSError
        The file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        super().__init__(path, encoding="utf-8")
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: what fills the disk is said once, by the run."""

    def close(self) -> None:
        """Close the file; what it still held is lost where the disk is full."""
        with contextlib.suppress(OSError):
            super().close()


def rotate(folder: Path) -> None:
    """Move ``x.log`` to ``x.log.1`` and so on, for every log of an earlier run."""
    for path in folder.glob("*.log"):
        if path.stat().st_size == 0:
            continue
        handler = logging.handlers.RotatingFileHandler(path, backupCount=KEEP, delay=True)
        handler.doRollover()
        handler.close()
