"""The log files of a run. A log that can no longer be written loses its entries and does not end the run."""

from __future__ import annotations

import contextlib
import logging
import os
import re
from itertools import pairwise
from pathlib import Path
from typing import Final

from posepipe.wording import printable, shortened

KEEP: Final = 9
"""Numbered logs of earlier runs that are kept, per log."""
_FIRST_LINE: Final = 4_096
"""Bytes of the first line that are read, at most."""
_BEGINNING: Final = re.compile(
    r"[-\d]{10} [:\d]{8},\d{3} INFO (run \S+: |worker (?P<worker>.*?): process \d+, run )", re.ASCII
)
"""How the first line of a log begins."""


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
    """Rename each log of an earlier run: ``x.log`` to ``x.log.1`` and so on. The oldest one is deleted.

    Logs that posepipe did not write stay as they are, and so does a log of ours where one of its numbers is taken by
    another file.
    """
    for path in folder.glob("*.log"):
        numbered = [path.with_name(f"{path.name}.{number}") for number in range(1, KEEP + 1)]
        if not is_own(path) or not all(is_own(other) for other in numbered if os.path.lexists(other)):
            continue
        for older, newer in pairwise([*reversed(numbered), path]):
            if newer.exists():
                newer.replace(older)


def is_own(path: Path) -> bool:
    """Whether a file is a log of posepipe: its first line is the one with which a run or a worker begins its log."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            first = stream.readline(_FIRST_LINE).decode(errors="replace")
    except OSError:
        return False
    stem = path.name.partition(".log")[0]
    found = _BEGINNING.match(first)
    return found is not None and (stem == "run" if found["worker"] is None else file_name(found["worker"]) == stem)


def file_name(worker: str) -> str:
    """The name of a worker's log, without ``.log``."""
    return "".join(c if c.isalnum() or c in "._-" else "_" for c in worker)
