"""The log files of a run. A log that can no longer be written loses its entries and does not end the run."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
from pathlib import Path
from typing import Final

from posepipe.wording import printable, shortened

KEEP: Final = 9
"""Numbered logs of earlier runs that are kept, per log."""


class LineFormatter(logging.Formatter):
    """One line per entry, whatever the message holds. The lines of a traceback follow, indented."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line of an entry, with control characters of its message escaped."""
        record.message = printable(shortened(record.message))
        return super().formatMessage(record)

    def formatException(self, exc_info: object) -> str:
        """The traceback, each line indented and with its control characters escaped."""
        text = shortened(super().formatException(exc_info))  # type: ignore[arg-type]
        return "\n".join("    " + printable(line) for line in text.split("\n"))


class LogFile(logging.FileHandler):
    """A log file. Creates its folder; ignores errors while writing, such as a full disk.

    Raises
    ------
    OSError
        The file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        super().__init__(path, encoding="utf-8", errors="backslashreplace")
        self.setFormatter(LineFormatter())

    def handleError(self, record: logging.LogRecord) -> None:
        """Ignore the error: the run itself reports a full disk, once."""

    def close(self) -> None:
        """Close the file. On a full disk, buffered entries are lost."""
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
