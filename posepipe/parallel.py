"""Map a function over parts of the work in several processes."""

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
"""Poses that a process takes at a time."""
ALONE_UNDER: Final = 4000
"""Poses; fewer are read in this process, sooner than others have started."""

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def available_cores() -> int:
    """Cores that this process may use; all of the machine's where the system has no such limit (macOS)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processes_for(count: int, asked: int | None) -> int:
    """How many processes read ``count`` poses: those asked for, else one per core unless there are few."""
    if asked is not None:
        return asked
    return 1 if count < ALONE_UNDER else min(available_cores(), math.ceil(count / CHUNK))


def spread(work: Callable[[_In], _Out], parts: Iterable[_In], processes: int) -> Iterator[_Out]:
    """``map(work, parts)`` over processes, in order, with a few parts each under way.

    ``work`` and what it takes and gives must be such as can be pickled.
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
    """Ctrl-C reaches the whole group; the one who waits for the others ends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
