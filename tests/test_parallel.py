"""Work spread over processes: in order, with errors, and how many processes."""

from __future__ import annotations

import math
import os
import signal
from collections.abc import Iterator

import pytest

from posepipe import parallel
from posepipe.parallel import ALONE_UNDER, CHUNK, processes_for, spread


def test_few_poses_are_read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)))
    assert processes_for(0, None) == 1
    assert processes_for(ALONE_UNDER - 1, None) == 1
    assert processes_for(ALONE_UNDER, None) == ALONE_UNDER // CHUNK
    assert processes_for(ALONE_UNDER + 1, None) == ALONE_UNDER // CHUNK + 1
    assert processes_for(10**6, None) == 64


def test_the_number_asked_for_counts() -> None:
    assert [processes_for(count, 3) for count in (0, 10, 10**6)] == [3, 3, 3]


def test_one_process_is_this_one_and_takes_parts_when_they_are_wanted() -> None:
    taken = []

    def parts() -> Iterator[int]:
        for part in range(10):
            taken.append(part)
            yield part

    results = spread(lambda part: (part, os.getpid()), parts(), 1)
    assert next(results) == (0, os.getpid())
    assert taken == [0]
    assert [part for part, _ in results] == list(range(1, 10))


def test_several_processes_give_results_in_order() -> None:
    assert list(spread(math.factorial, range(20), 2)) == [math.factorial(n) for n in range(20)]


class Pool:
    """A pool without processes, which notes how many results are pending."""

    pending = 0
    most = 0
    cancelled = False

    def __init__(self, processes: int, context: object, initializer: object) -> None:
        self.processes, self.initializer = processes, initializer

    def submit(self, work: object, part: int) -> Pool:
        if part == 99:
            raise ValueError("part 99")
        Pool.pending += 1
        Pool.most = max(Pool.most, Pool.pending)
        return self

    def result(self) -> int:
        Pool.pending -= 1
        return 0

    def shutdown(self, *, cancel_futures: bool) -> None:
        Pool.cancelled = cancel_futures


def test_few_parts_are_pending_and_the_rest_is_cancelled_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "ProcessPoolExecutor", Pool)
    results = spread(abs, range(100), 3)
    with pytest.raises(ValueError, match="part 99"):
        list(results)
    assert Pool.most == 13
    assert Pool.cancelled


def test_processes_leave_an_interrupt_to_the_one_that_waits_for_them() -> None:
    before = signal.getsignal(signal.SIGINT)
    try:
        parallel._ignore_interrupts()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
