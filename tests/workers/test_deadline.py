"""The record of what is in flight, and the time limit of a batch. Clock and exit are those of the test."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from posepipe.workers import deadline
from posepipe.workers.deadline import EXIT_TIMEOUT, Deadline, InFlight, marker_path, read_marker


class Exited(BaseException):
    """Instead of the end of the process."""


class Process:
    """Stands in for the clock, the wait and the exit of the watching thread.

    Parameters
    ----------
    steps : sequence of float
        Seconds that the clock goes on in each wait; after the last the loop ends with :class:`Exited`.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *steps: float) -> None:
        self.now, self.waits = 100.0, 0
        self.armed: list[tuple[float, bool]] = []
        self.cancelled = self.dumped = 0
        self.code: int | None = None
        self._steps = iter(steps)
        process = self

        class Event(threading.Event):
            def wait(self, timeout: float | None = None) -> bool:
                process.tick(timeout)
                return True

        monkeypatch.setattr(deadline, "monotonic", lambda: self.now)
        monkeypatch.setattr(deadline, "threading", SimpleNamespace(**vars(threading) | {"Event": Event}))
        monkeypatch.setattr(deadline.faulthandler, "dump_traceback_later", self.arm)
        monkeypatch.setattr(deadline.faulthandler, "cancel_dump_traceback_later", self.cancel)
        monkeypatch.setattr(deadline.faulthandler, "dump_traceback", self.dump)
        monkeypatch.setattr(os, "_exit", self.exit)
        self.on_wait: Any = None

    def tick(self, timeout: float | None) -> None:
        self.waits += 1
        if self.on_wait is not None:
            self.on_wait(timeout)
        step = next(self._steps, None)
        if step is None:
            raise Exited
        self.now += step

    def arm(self, seconds: float, *, exit: bool, file: Any) -> None:
        self.armed.append((seconds, exit))

    def cancel(self) -> None:
        self.cancelled += 1

    def dump(self, file: Any) -> None:
        self.dumped += 1
        file.write("the stacks")

    def exit(self, code: int) -> None:
        self.code = code
        raise Exited


def watching(tmp_path: Path, seconds: float, *elapsed: float) -> Deadline:
    """A deadline whose thread is not started, with batches in flight for some seconds."""
    limit = Deadline(tmp_path, "run", seconds)
    limit._stacks = limit._stacks_path.open("w")
    limit._active = dict(enumerate(elapsed))
    return limit


def run(limit: Deadline) -> None:
    with pytest.raises(Exited):
        limit._run()
    assert limit._stacks is not None
    limit._stacks.close()


def test_a_batch_that_takes_too_long_ends_the_process_with_its_stacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Process(monkeypatch, *[1.0] * 20)
    limit = watching(tmp_path, 10.0, 0.0)
    run(limit)
    assert (process.code, process.waits, process.dumped) == (EXIT_TIMEOUT, 11, 1)
    assert limit._stacks_path.read_text() == "the stacks"
    assert set(process.armed) == {(11.0, True)}


def test_one_late_batch_of_several_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = Process(monkeypatch, 1.0, 1.0)
    run(watching(tmp_path, 10.0, 0.0, 9.5))
    assert (process.code, process.waits) == (EXIT_TIMEOUT, 1)


def test_a_batch_in_time_does_not_end_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = Process(monkeypatch, *[1.0] * 10)
    run(watching(tmp_path, 10.0, 0.0))
    assert (process.code, process.dumped, process.waits) == (None, 0, 11)


def test_time_in_which_the_process_was_suspended_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Process(monkeypatch, 3600.0, 1.0, 1.0)
    limit = watching(tmp_path, 10.0, 0.0)
    run(limit)
    assert process.code is None
    assert limit._active == {0: 4.0}  # two ticks of one second for the hour, and the rest


def test_the_clock_is_read_ten_times_within_a_short_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = Process(monkeypatch, *[0.2] * 20)
    ticks: list[float | None] = []
    process.on_wait = ticks.append
    run(watching(tmp_path, 2.0, 0.0))
    assert set(ticks) == {0.2}
    assert process.armed[0] == (2.2, True)


def test_without_a_batch_the_thread_sleeps_and_arms_no_timer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = Process(monkeypatch, 1.0, 500.0, 1.0)
    limit = watching(tmp_path, 10.0, 0.0)
    limits: list[float | None] = []

    def change(timeout: float | None) -> None:
        limits.append(timeout)
        if len(limits) == 1:  # the batch ends
            limit._active.clear()
        elif len(limits) == 2:  # after a long time another begins
            limit._active[7] = 0.0

    process.on_wait = change
    limit._wake = deadline.threading.Event()
    run(limit)
    assert limits == [1.0, None, 1.0, 1.0]
    assert len(process.armed) == 3
    assert limit._active == {7: 1.0}  # it is charged only for its own time


def test_nothing_runs_without_a_file_for_the_stacks(tmp_path: Path) -> None:
    Deadline(tmp_path, "run", 10.0)._run()


@pytest.fixture
def limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deadline]:
    """A deadline whose thread ends at once, and whose timer does nothing."""
    monkeypatch.setattr(deadline.faulthandler, "dump_traceback_later", lambda *_, **__: None)
    monkeypatch.setattr(Deadline, "_run", lambda self: None)
    made = Deadline(str(tmp_path), "run", 10.0)
    yield made
    if made._stacks is not None:
        made._stacks.close()


def test_what_is_in_flight_is_on_disk_as_long_as_it_is(tmp_path: Path, limit: Deadline) -> None:
    path = marker_path(tmp_path, "run", 5)
    assert path == tmp_path / ".posepipe-inflight-run-5"
    with limit.watch(5, ("a:0", "b:1")):
        note = json.loads(path.read_text())
        assert note == {"keys": ["a:0", "b:1"], "stacks": str(tmp_path / f".posepipe-stacks-run-{os.getpid()}")}
        assert limit._active == {threading.get_ident(): 0.0}
        assert limit._wake.is_set()
    assert not path.exists()
    assert limit._active == {}
    with pytest.raises(KeyError), limit.watch(5, ["c:0"]):
        raise KeyError
    assert not path.exists()
    assert limit._active == {}


def test_one_daemon_thread_watches_all_batches(limit: Deadline) -> None:
    with limit.watch(1, []):
        thread = limit._thread
        assert thread is not None
        assert (thread.daemon, thread.name) == (True, "posepipe-deadline")
    with limit.watch(2, []):
        assert limit._thread is thread


def test_the_timer_is_armed_before_the_batch_and_off_after_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The batch may never release the interpreter's lock, so that the thread never runs."""
    process = Process(monkeypatch)
    monkeypatch.setattr(Deadline, "_run", lambda self: None)
    limit = Deadline(tmp_path, "run", 10.0)
    with limit.watch(5, ["a:0"]):
        assert process.armed == [(11.0, True)]
        assert process.cancelled == 0
    assert process.cancelled == 1
    assert limit._stacks is not None
    limit._stacks.close()


def test_the_driver_reads_what_a_dead_worker_had_in_flight(tmp_path: Path, limit: Deadline) -> None:
    assert read_marker(tmp_path, "run", 5) is None
    left = ""
    with limit.watch(5, ["a:0"]):
        left = marker_path(tmp_path, "run", 5).read_text()
    marker_path(tmp_path, "run", 5).write_text(left)
    assert read_marker(str(tmp_path), "run", 5) == InFlight(["a:0"], None)
    assert read_marker(tmp_path, "run", 5) is None, "it is read once"
    limit._stacks_path.write_bytes(b"stack\xff")
    marker_path(tmp_path, "run", 6).write_text(left)
    assert read_marker(tmp_path, "run", 6) == InFlight(["a:0"], "stack\ufffd")
    limit._stacks_path.unlink()
    marker_path(tmp_path, "run", 7).write_text(left)
    assert read_marker(tmp_path, "run", 7) == InFlight(["a:0"], None)


@pytest.mark.parametrize("content", ["", "{", '{"keys": []}'])
def test_a_torn_record_is_none(tmp_path: Path, content: str) -> None:
    marker_path(tmp_path, "run", 5).write_text(content)
    assert read_marker(tmp_path, "run", 5) is None


def test_what_is_in_flight_changes_within_a_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = Process(monkeypatch)
    limit = watching(tmp_path, 10.0)
    limit._thread = threading.current_thread()
    path, token = marker_path(tmp_path, "run", 3), threading.get_ident()
    with limit.watch(3, ["a:0", "b:0"]) as goes_on_with:
        for keys in (["a:0"], ["b" * 100], ["c:0"]):
            limit._active[token] = 5.0
            goes_on_with(keys)
            assert json.loads(path.read_text())["keys"] == keys
            assert limit._active[token] == 0.0
        assert len(process.armed) == 1
        process.now += 1.5
        goes_on_with(["d:0"])
        assert len(process.armed) == 2
        assert read_marker(tmp_path, "run", 3) == InFlight(["d:0"], None)
        goes_on_with(["e:0"])  # the driver has taken the record of a worker that it holds for dead
        assert json.loads(path.read_text())["keys"] == ["e:0"]
    assert not path.exists()
    assert process.cancelled == 1
    assert limit._stacks is not None
    limit._stacks.close()
