"""A process pool: map a function over parts of the work."""

from __future__ import annotations

import math
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final, TypeVar

CHUNK: Final = 200
"""Number of poses in one part."""
ALONE_UNDER: Final = 4000
"""Number of poses below which one process is used, because starting others would take longer."""

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def available_cores() -> int:
    """Cores that this process may use; all of the machine's where the system has no such limit (macOS)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processes_for(count: int, asked: int | None) -> int:
    """Number of processes for ``count`` poses.

    Parameters
    ----------
    count : int
    asked : int or None
        The number that the user gave. Default: one per core, or one for few poses.
    """
    if asked is not None:
        return asked
    return 1 if count < ALONE_UNDER else min(available_cores(), math.ceil(count / CHUNK))


def spread(work: Callable[[_In], _Out], parts: Iterable[_In], processes: int) -> Iterator[_Out]:
    """Yield ``work(part)`` for each part, in order, computed in several processes.

    At most ``4 * processes`` parts are in progress.

    Parameters
    ----------
    work : callable
        It, its arguments and its results must be picklable.
    parts : iterable
    processes : int
        With 1, everything runs in this process.
    """
    if processes == 1:
        yield from map(work, parts)
        return
    pending: deque[Future[_Out]] = deque()
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_ignore_interrupts)
    try:
        for part in parts:
            pending.append(pool.submit(work, part))
            if len(pending) > 4 * processes:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _ignore_interrupts() -> None:
    """Ignore SIGINT: Ctrl-C reaches all processes of the group, and the parent ends its children."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
