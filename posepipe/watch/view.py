"""What a run looks like to somebody who looks in: built from its events, or from its manifest."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from posepipe.control.state import ENDED, RUNNING, RunState

MINUTE: Final = 60.0
LATEST: Final = 5

STARTING: Final = "starting"
DONE: Final = "done"
STOPPED: Final = "stopped"
BROKEN: Final = "broken"
DIED: Final = "died"

_BEGINS: Final = {"loading": "loading", "publishing": "publish"}
_ENDS: Final = {"loaded": "loading", "inferred": "infer", "published": "publish"}


class RateWindow:
    """Poses per second over the last minute."""

    def __init__(self) -> None:
        self._counts: deque[tuple[float, int]] = deque()
        self._first: float | None = None

    def begin(self, stamp: float, *, anew: bool = False) -> None:
        """Work began, or goes on after a pause (``anew``); before that no time counts."""
        if self._first is None or anew:
            self._counts.clear()
            self._first = stamp

    def add(self, stamp: float, count: int) -> None:
        """``count`` poses were made by ``stamp`` (seconds since the epoch)."""
        self.begin(stamp)
        if count:
            self._counts.append((stamp, count))

    def rate(self, now: float) -> float:
        """Poses per second in the minute before ``now``, or since work began if that is less long ago."""
        if self._first is None:
            return 0.0
        while self._counts and self._counts[0][0] < now - MINUTE:
            self._counts.popleft()
        span = min(MINUTE, max(now - self._first, 1.0))
        return sum(count for _, count in self._counts) / span


@dataclass
class WorkerView:
    """One worker: what it is at, and what it has done."""

    name: str
    device: str
    process: int | None = None
    stages: set[str] = field(default_factory=set)
    totals: Counter[str] = field(default_factory=Counter)
    """``joints`` inferred, ``poses`` written, ``failed``; of this process and those before it."""
    caption: str = ""
    window: RateWindow = field(default_factory=RateWindow)
    _earlier: Counter[str] = field(default_factory=Counter)

    def apply(self, stamp: float, event: dict[str, Any]) -> None:
        """Take in what the worker said."""
        if event["process"] != self.process:
            self._earlier, self.process, self.stages = self.totals.copy(), event["process"], set()
        if "began" in event:
            self.stages.add("infer")
            self.window.begin(stamp)
        name = event.get("state", "")
        if name in _BEGINS:
            self.stages.add(_BEGINS[name])
        self.stages.discard(_ENDS.get(name, ""))
        before = self.made
        self.totals = self._earlier + Counter(event["totals"])
        self.window.add(stamp, max(0, self.made - before))
        self.caption = event.get("caption", self.caption)

    @property
    def state(self) -> str:
        """``loading``, ``infer``, ``publish``, ``infer + publish`` or ``idle``."""
        return " + ".join(sorted(self.stages)) or "idle"

    @property
    def made(self) -> int:
        """Poses made: inferred, or written by a worker that only writes."""
        return self.totals["joints"] or self.totals["poses"]


@dataclass
class FailureView:
    """One class of failures, with an example."""

    error_type: str
    count: int = 0
    error: str = ""
    caption: str = ""
    caption_id: str = ""


class View:
    """A run as it stands.

    Parameters
    ----------
    out, manifest : str
        Where its artifacts and its rows are.
    run : RunState, optional
        What ``OUT/.posepipe.json`` says; None where there is only a manifest.
    held : bool
        Whether a run holds the folder now.
    """

    def __init__(self, out: str, manifest: str, run: RunState | None, *, held: bool) -> None:
        self.out, self.manifest, self.run, self.held = out, manifest, run, held
        self.source = "manifest"
        self.workers: dict[str, WorkerView] = {}
        self.latest: deque[str] = deque(maxlen=LATEST)
        self.failures: dict[str, FailureView] = {}
        self.deaths = 0
        self.last_finished: float | None = None
        """When the last row was written; seconds since the epoch."""
        self.in_manifest: int | None = None
        """Poses done in the whole manifest, where it was read."""
        self.window = RateWindow()
        """Of what is inferred, which is steadier than what is written; of that where nothing is to be inferred."""
        self.certain = Counter[str]()
        """``made`` and ``failed`` by the rows of the manifest."""
        self._open: dict[int, Counter[str]] = {}
        """The same of each partition that is being written."""

    def apply(self, stamp: float, event: dict[str, Any]) -> None:
        """Take in one event of the scheduler's topic; those of other runs are left alone."""
        if self.run is None or event.get("run") != self.run.run_id:
            return
        self.source = "scheduler"
        if "tally" in event:
            self._open.pop(event["partition"], None)
            self._tally(event["tally"])
        if event.get("run_state") == RUNNING:
            for window in (self.window, *(worker.window for worker in self.workers.values())):
                window.begin(stamp, anew=True)
        if "name" not in event:
            return
        worker = self.workers.setdefault(event["name"], WorkerView(event["name"], event["device"]))
        worker.apply(stamp, event)
        if "began" in event:
            self.window.begin(stamp)
        if "joints" in event:
            self.window.add(stamp, event["joints"])
        if "poses" in event:
            written = Counter(made=event["poses"], failed=event["failed"])
            self._open.setdefault(event["partition"], Counter()).update(written)
            self.window.add(stamp, event["failed"] + (0 if self.inferred else event["poses"]))
            for example in event["examples"]:
                self._example(example)
            if event["stem"]:
                self.latest.append(event["stem"])

    def _tally(self, tally: dict[str, Any]) -> None:
        self.certain = Counter(made=tally["made"], failed=sum(tally["failed"].values()))
        self.deaths = tally["deaths"]
        for example in tally["examples"].values():
            self._example(example)
        for name, count in tally["failed"].items():
            self.failures.setdefault(name, FailureView(name)).count = count

    def _example(self, example: dict[str, str]) -> None:
        known = self.failures.setdefault(example["error_type"], FailureView(example["error_type"], 1))
        known.error, known.caption, known.caption_id = example["error"], example["caption"], example["caption_id"]

    @property
    def state(self) -> str:
        """Of control's states one, or ``starting``; after the end ``done``, ``stopped``, ``broken`` or ``died``."""
        run = self.run
        if run is None:
            return DONE
        if self.held:
            return STARTING if run.state == ENDED or run.scheduler is None else run.state
        if run.state != ENDED:
            return DIED
        if run.error:
            return BROKEN
        return STOPPED if self.left else DONE

    @property
    def total(self) -> int:
        """Poses of this run; without a run, all that the manifest speaks of."""
        return self.run.total if self.run else self.certain.total()

    @property
    def failed(self) -> int:
        """Poses of this run that failed."""
        return self.certain["failed"] + sum(part["failed"] for part in self._open.values())

    @property
    def made(self) -> int:
        """Poses of this run that are written."""
        return self.certain["made"] + sum(part["made"] for part in self._open.values())

    @property
    def inferred(self) -> int:
        """Poses of this run whose joints were made; at times more than are written."""
        return sum(worker.totals["joints"] for worker in self.workers.values())

    @property
    def left(self) -> int:
        """Poses of this run still to be made."""
        return max(0, self.total - self.made - self.failed)

    @property
    def done(self) -> int:
        """Poses that are there, of this run and of those before it."""
        before = self.run.done_before if self.run else 0
        return before + self.made if self.in_manifest is None else self.in_manifest

    @property
    def percent(self) -> float:
        """How much of this run is through, 0 to 100."""
        return 100.0 * (self.total - self.left) / self.total if self.total else 100.0

    def seconds(self, now: float) -> float:
        """How long this run has taken so far, or took."""
        if self.run is None:
            return 0.0
        end = now if self.held else self.last_finished
        started = datetime.fromisoformat(self.run.started_at).timestamp()
        return max(0.0, end - started) if end is not None else 0.0

    def rate(self, now: float) -> float:
        """Poses per second over the whole run, its start and its pauses included."""
        seconds = self.seconds(now)
        return (self.total - self.left) / seconds if seconds > 0 else 0.0

    def minute_rate(self, now: float) -> float:
        """Poses per second over the last minute; 0 for a run that has ended."""
        return self.window.rate(now) if self.held else 0.0

    def eta(self, now: float) -> float | None:
        """Seconds until the run is through at the last minute's rate; None where nothing moves."""
        rate = self.minute_rate(now) if self.state == RUNNING else 0.0
        return self.left / rate if rate > 0 else None

    def as_json(self, now: float) -> dict[str, Any]:
        """The view for scripts; ``posepipe watch --help`` lists the keys."""
        eta = self.eta(now)
        return {
            "out": self.out,
            "manifest": self.manifest,
            "run_id": self.run.run_id if self.run else None,
            "model": self.run.model if self.run else None,
            "state": self.state,
            "error": self.run.error if self.run and self.run.error else None,
            "source": self.source,
            "total": self.total,
            "made": self.made,
            "failed": self.failed,
            "inferred": self.inferred,
            "left": self.left,
            "percent": round(self.percent, 2),
            "done": self.done,
            "seconds": round(self.seconds(now), 1),
            "rate_minute": round(self.minute_rate(now), 3),
            "rate": round(self.rate(now), 3),
            "eta_seconds": None if eta is None else round(eta, 1),
            "deaths": self.deaths,
            "dashboard": self.run.dashboard if self.run and self.held else None,
            "workers": [self._worker_json(worker, now) for _, worker in sorted(self.workers.items())],
            "latest": list(self.latest)[::-1],
            "failures": [vars(failure) for failure in self.by_count()],
        }

    def _worker_json(self, worker: WorkerView, now: float) -> dict[str, Any]:
        return {
            "name": worker.name,
            "device": worker.device,
            "state": worker.state if self.held else None,
            "inferred": worker.totals["joints"],
            "written": worker.totals["poses"],
            "failed": worker.totals["failed"],
            "rate_minute": round(worker.window.rate(now), 3) if self.held else 0.0,
            "caption": worker.caption,
        }

    def by_count(self) -> list[FailureView]:
        """The failures, most frequent class first."""
        return sorted(self.failures.values(), key=lambda failure: (-failure.count, failure.error_type))
