"""What a run shows: plan, bar and summary. The clock is that of the test."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from plans import CONFIG, TEXTS, captions, manifest_rows, plan_of

from posepipe.run import progress
from posepipe.run.plan import Plan
from posepipe.run.progress import ProgressPrinter
from posepipe.run.summary import Summary, Tally, clock


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """Seconds that go on when the test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(progress, "monotonic", made)
    return made


def lines(stream: io.StringIO) -> list[str]:
    """What was written since the last call."""
    written = stream.getvalue().splitlines()
    stream.seek(0)
    stream.truncate()
    return written


@pytest.mark.parametrize(
    ("span", "text"),
    [(0, "0 s"), (8.4, "8 s"), (59.4, "59 s"), (60, "1:00"), (185, "3:05"), (3599, "59:59"), (3600, "1:00:00")],
)
def test_spans_of_time(span: float, text: str) -> None:
    assert clock(span) == text
    assert clock(3729) == "1:02:09"


def test_the_plan_in_short() -> None:
    stream = io.StringIO()
    printer = ProgressPrinter(stream)
    plan = plan_of(captions=captions([f"A person {word}{mark}" for word in "abcde" for mark in ("", ".")]))
    printer.planned(plan)
    first, *names = lines(stream)
    assert first == "10 captions: to do 10, done 0, name collisions 5"
    assert [line.split(" is wanted by more than one caption; also: ")[0] for line in names] == ["  a", "  b", "  c"]
    assert names[0].endswith(f"also: {plan.collisions['a'][0]}")
    printer.planned(replace(plan_of(), kept=1, failed_before=2, repetitions=3, unusable=4, collisions={}))
    assert lines(stream) == [
        "4 captions: to do 4, done 0, kept with other settings 1, failed before 2, repeated lines 3, unusable lines 4"
    ]


def test_the_plan_in_full() -> None:
    stream = io.StringIO()
    printer = ProgressPrinter(stream, dry_run=True)
    collisions = {stem: [f"{stem}__1", f"{stem}__2"] for stem in "abcd"}
    plan = replace(plan_of(), collisions=collisions, space_needed=5 * 2**20, length_notes=("lengths",))
    printer.planned(plan)
    head, note, *rest = lines(stream)
    assert head.startswith("4 captions: ")
    assert note == "  lengths"
    assert [line.split(" -> ")[0] for line in rest[:4]] == [f"  {text}" for text in TEXTS]
    assert all(line.endswith(" (16 frames)") for line in rest[:4])
    assert rest[4:8] == [f"  {s} is wanted by more than one caption; also: {s}__1, {s}__2" for s in "abcd"]
    assert rest[8:] == ["  space needed: 5 MiB"]
    rows = manifest_rows(plan_of(), replace(CONFIG, formats="npy"))
    printer.planned(plan_of(rows))
    assert "  4 only need a file added or drawn again, without the model" in lines(stream)
    printer.planned(plan_of(config=replace(CONFIG, sequence_length="estimate")))
    assert "  A person kicking -> kicking (length estimated)" in lines(stream)


@pytest.mark.parametrize(
    ("free", "told"), [(None, "not known"), (3 * 2**30, "3,072 MiB"), (63 * 2**20, "63 MiB, not enough")]
)
def test_free_space(free: int | None, told: str) -> None:
    class Folder:
        def free_bytes(self) -> int | None:
            return free

    class Config:
        def folders(self) -> Any:
            return type("Folders", (), {"final": Folder()})

    stream = io.StringIO()
    config: Any = Config()
    ProgressPrinter(stream).free_space(config)
    kept = "  kept free:    64 MiB, for manifest and logs"
    assert lines(stream) == [kept, f"  space free:   {told}; nothing was written"]


def test_workers_and_dashboard() -> None:
    stream = io.StringIO()
    printer = ProgressPrinter(stream)
    printer.connected("http://x", 1)
    printer.connected("http://x", 2)
    printer.connected(None, 2)
    assert lines(stream) == [
        "1 worker infers; dashboard: http://x",
        "2 workers infer; dashboard: http://x",
        "2 workers infer; no dashboard",
    ]


def hundred() -> Plan:
    return plan_of(captions=captions([f"A person poses {number}" for number in range(100)]))


def test_a_bar_on_a_terminal(seconds: Clock) -> None:
    stream = Terminal()
    printer = ProgressPrinter(stream)
    printer.planned(hundred())
    printer.connected("d", 1)
    lines(stream)
    seconds.now += 10
    printer.worker({"poses": 49, "failed": 1})
    assert stream.getvalue() == "\r\x1b[K" + "█" * 14 + "░" * 14 + " 50/100  50%  5.0/s  10 s left  1 failed"
    lines(stream)
    printer.message("told")
    assert stream.getvalue() == "\r\x1b[Ktold\n", "the bar is cleared, once"
    lines(stream)
    printer.message("more")
    assert stream.getvalue() == "more\n"


def test_the_rate_is_that_of_the_last_minute(seconds: Clock) -> None:
    stream = Terminal()
    printer = ProgressPrinter(stream)
    printer.planned(hundred())
    printer.connected("d", 1)
    for poses, passed in ((0, 0), (20, 30), (10, 31), (30, 9)):
        seconds.now += passed
        printer.worker({"poses": poses, "failed": 0})
    # 70 s after the start; the first event is over a minute old. Since the second: 40 poses in 40 s.
    assert stream.getvalue().rpartition("\r\x1b[K")[2].endswith("60/100  60%  1.0/s  40 s left")


def test_lines_without_a_terminal_come_at_intervals(seconds: Clock) -> None:
    stream = io.StringIO()
    printer = ProgressPrinter(stream)
    printer.planned(hundred())
    printer.connected("d", 1)
    lines(stream)
    shown = []
    for _ in range(7):
        seconds.now += 10
        printer.worker({"poses": 10, "failed": 0})
        shown.append(len(lines(stream)))
    assert shown == [0, 0, 1, 0, 0, 1, 0]


def test_the_bar_follows_the_manifest(seconds: Clock) -> None:
    stream = Terminal()
    printer = ProgressPrinter(stream)
    printer.planned(hundred())
    seconds.now += 10
    printer.progress(Tally(made=30, failed=Counter(KeyError=10)))
    assert " 40/100  40%  4.0/s  15 s left  10 failed" in stream.getvalue()
    lines(stream)
    printer.progress(Tally(made=5))
    assert " 40/100 " in stream.getvalue(), "it never goes back"
    printer.progress(Tally(made=150))
    assert " 100/100 100% " in stream.getvalue()


def test_nothing_to_do_is_a_full_bar(seconds: Clock) -> None:
    stream = Terminal()
    printer = ProgressPrinter(stream)
    printer.worker({"poses": 0, "failed": 0})
    assert stream.getvalue() == "\r\x1b[K" + "█" * 28 + " 0/0 100%  0.0/s  ? left"


def test_a_warning_is_shown_once() -> None:
    stream = io.StringIO()
    printer = ProgressPrinter(stream)
    for text in ("a", "b", "a"):
        printer.warning(text)
    assert lines(stream) == ["warning: a", "warning: b"]


def test_a_terminal_that_is_gone_does_not_end_the_run() -> None:
    class Gone(Terminal):
        def write(self, text: str) -> int:
            raise OSError(5, "Input/output error")

    printer = ProgressPrinter(Gone())
    printer.message("a")
    printer.progress(Tally())


def finished(**more: Any) -> list[str]:
    stream = io.StringIO()
    given = {"run_id": "run", "plan": plan_of(), "tally": Tally(made=4), "stopped": False, "signal": 0}
    places = {"seconds": 2.0, "final_dir": "out", "manifest": "m", "log_dir": "logs"}
    ProgressPrinter(stream).finish(Summary(**{**given, **places, **more}))
    return lines(stream)


def test_the_summary_of_a_good_run() -> None:
    assert finished() == ["done: 4 made in 2 s (2.0 a second), 0 were there", "  poses: out   manifest: m   logs: logs"]
    there = finished(plan=replace(plan_of(captions=captions([TEXTS[0]])), done=1), tally=Tally(made=1))
    assert there[0] == "done: 1 made in 2 s (0.5 a second), 1 was there"
    nothing = finished(plan=plan_of(manifest_rows(plan_of())), tally=Tally())
    assert nothing[0] == "done: nothing to do, 4 were there"


def test_the_summary_of_a_bad_run() -> None:
    tally = Tally(made=1, failed=Counter(KeyError=1, WorkerDied=2), deaths=3, set_aside=1)
    assert finished(plan=replace(plan_of(), failed_before=7, unusable=8), tally=tally)[:-1] == [
        "done: 1 made in 2 s (2.0 a second), 0 were there",
        "  failed: 2 WorkerDied",
        "  failed: 1 KeyError",
        "  failed before and not tried again: 7 (--retry-failed tries again)",
        "  unusable lines: 8, named in logs/run.log",
        "  1 file in the way or not made again moved to out/.set-aside",
        "  workers that died: 3",
        "  poses: out   manifest: m   logs: logs",
    ]
    assert "read_manifest('m')" in finished(tally=tally)[-1]
    assert finished(plan=replace(plan_of(), failed_before=1))[-1].startswith("  why: python -c ")


def test_the_summary_says_how_many_poses_are_unsure_with_three_examples() -> None:
    tally = Tally(made=4)
    tally.count(4, [], ["one\x1b", "two", "three", "four"])
    assert finished(tally=tally)[1] == "  unsure: 4, the model guessed; for example: one\\x1b; two; three"
    assert not any("unsure" in line for line in finished())


def test_the_summary_of_a_stopped_run() -> None:
    told = finished(tally=Tally(made=1), stopped=True)
    assert told[0].startswith("stopped: 1 made")
    assert told[1] == "  3 left; run the same command again to continue"
    assert not any("left;" in line for line in finished(tally=Tally(made=1)))
    assert not any("left;" in line for line in finished(stopped=True))
