"""How ``posepipe models fetch`` reports: lines on standard output, progress of long steps on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from posepipe.commandline.streams import say

PLAIN_INTERVAL: Final = 10.0
"""Seconds between two lines of progress where standard error is not a terminal."""


class TerminalReporter:
    """Prints lines, and a bar with bytes, rate and remaining time for each long step.

    Where standard error is not a terminal, a plain line is printed every few seconds instead of the bar.
    """

    def say(self, line: str) -> None:
        """Print a line."""
        say(line)

    @contextmanager
    def bytes_of(self, what: str, total: int | None) -> Iterator[Callable[[int], None]]:
        """Show the progress of a step while the block runs.

        Parameters
        ----------
        what : str
            The step, in a few words.
        total : int or None
            Bytes in all, if known.

        Yields
        ------
        callable
            Takes the number of bytes done so far.
        """
        if sys.stderr.isatty():
            with self._bar(what, total) as advance:
                yield advance
        else:
            yield self._plain(what, total)

    @staticmethod
    @contextmanager
    def _bar(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )

        columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()
        with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
            task = progress.add_task(what, total=total)
            yield lambda done: progress.update(task, completed=done)

    @staticmethod
    def _plain(what: str, total: int | None) -> Callable[[int], None]:
        started: list[tuple[float, int]] = []
        printed = [time.monotonic()]

        def advance(done: int) -> None:
            now = time.monotonic()
            if not started:
                started.append((now, done))
            if now - printed[0] < PLAIN_INTERVAL:
                return
            printed[0] = now
            rate = (done - started[0][1]) / max(now - started[0][0], 1e-9)
            of = "" if total is None else f" of {total / 1e6:,.0f}"
            print(f"{what}: {done / 1e6:,.0f}{of} MB, {rate / 1e6:.1f} MB/s", file=sys.stderr, flush=True)

        return advance
