"""The state of a run that ``watch`` shows, built from the run's events or from its manifest."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from posepipe.control.state import ENDED, RUNNING, RunState
from posepipe.workers.contract import UNSURE_EXAMPLES

MINUTE: Final = 60.0
LATEST: Final = 200
"""Names of poses that are kept for the screen; no terminal has more lines."""
LATEST_IN_JSON: Final = 5

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
        """Start to measure: work began, or continues after a pause (``anew``). Earlier time does not count."""
        if self._first is None or anew:
            self._counts.clear()
            self._first = stamp

    def add(self, stamp: float, count: int) -> None:
        """``count`` poses were made by ``stamp`` (seconds since the epoch)."""
        self.begin(stamp)
        if count:
            self._counts.append((stamp, count))

    def rate(self, now: float) -> float:
        """Poses per second in the minute before ``now``, or since work began if that is shorter."""
        if self._first is None:
            return 0.0
        while self._counts and self._counts[0][0] < now - MINUTE:
            self._counts.popleft()
        span = min(MINUTE, max(now - self._first, 1.0))
        return sum(count for _, count in self._counts) / span


@dataclass
class WorkerView:
    """One worker: its current state and its counts."""

    name: str
    device: str
    process: int | None = None
    stages: set[str] = field(default_factory=set)
    totals: Counter[str] = field(default_factory=Counter)
    """Counts of ``joints`` (inferred), ``poses`` (written) and ``failed``, of this process and earlier ones."""
    caption: str = ""
    window: RateWindow = field(default_factory=RateWindow)
    _earlier: Counter[str] = field(default_factory=Counter)

    def apply(self, stamp: float, event: dict[str, Any]) -> None:
        """Apply an event of this worker."""
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
        """Poses inferred, or poses written by a worker that only writes."""
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
    """The present state of a run.

    Parameters
    ----------
    out, manifest : str
        Folders of its artifacts and of its rows.
    run : RunState, optional
        Content of ``OUT/.posepipe.json``; None if there is only a manifest.
    held : bool
        Whether a run is in progress on the folder.
    """

    def __init__(self, out: str, manifest: str, run: RunState | None, *, held: bool) -> None:
        self.out, self.manifest, self.run, self.held = out, manifest, run, held
        self.source = "manifest"
        self.workers: dict[str, WorkerView] = {}
        self.latest: deque[str] = deque(maxlen=LATEST)
        self.failures: dict[str, FailureView] = {}
        self.unsure_captions: list[str] = []
        """The first captions of poses with the flag ``unsure``, at most UNSURE_EXAMPLES."""
        self.deaths = 0
        self.last_finished: float | None = None
        """Time of the last row, in seconds since the epoch."""
        self.in_manifest: int | None = None
        """Poses done in the whole manifest; None if it was not read."""
        self.window = RateWindow()
        """Rate of inference, which is steadier than that of writing; rate of writing if nothing is inferred."""
        self.certain = Counter[str]()
        """``made``, ``failed`` and ``unsure`` according to the rows of the manifest."""
        self._open: dict[int, Counter[str]] = {}
        """The same for each partition that is being written."""

    def apply(self, stamp: float, event: dict[str, Any]) -> None:
        """Apply one event of the scheduler's topic; events of other runs are ignored."""
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
            written = Counter(made=event["poses"], failed=event["failed"], unsure=event["unsure"])
            self._open.setdefault(event["partition"], Counter()).update(written)
            self.window.add(stamp, event["failed"] + (0 if self.inferred else event["poses"]))
            for example in event["examples"]:
                self._example(example)
            self._guessed(event["unsure_examples"])
            self.latest.extend(event["stems"])

    def _tally(self, tally: dict[str, Any]) -> None:
        failed = sum(tally["failed"].values())
        self.certain = Counter(made=tally["made"], failed=failed, unsure=tally["unsure"])
        self._guessed(tally["unsure_examples"])
        self.deaths = tally["deaths"]
        for example in tally["examples"].values():
            self._example(example)
        for name, count in tally["failed"].items():
            self.failures.setdefault(name, FailureView(name)).count = count

    def _example(self, example: dict[str, str]) -> None:
        known = self.failures.setdefault(example["error_type"], FailureView(example["error_type"], 1))
        known.error, known.caption, known.caption_id = example["error"], example["caption"], example["caption_id"]

    def _guessed(self, captions: Iterable[str]) -> None:
        for caption in captions:
            if caption not in self.unsure_captions and len(self.unsure_captions) < UNSURE_EXAMPLES:
                self.unsure_captions.append(caption)

    @property
    def state(self) -> str:
        """``starting`` or a state of :mod:`posepipe.control.state`.

        After the run it is ``done``, ``stopped``, ``broken`` or ``died``.
        """
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
        """Poses of this run; without a run, all poses in the manifest."""
        return self.run.total if self.run else self.certain.total()

    @property
    def failed(self) -> int:
        """Poses of this run that failed."""
        return self.certain["failed"] + sum(part["failed"] for part in self._open.values())

    @property
    def unsure(self) -> int:
        """Poses of this run that the model guessed (flag ``unsure``)."""
        return self.certain["unsure"] + sum(part["unsure"] for part in self._open.values())

    @property
    def made(self) -> int:
        """Poses of this run that are written."""
        return self.certain["made"] + sum(part["made"] for part in self._open.values())

    @property
    def inferred(self) -> int:
        """Poses of this run whose joints were inferred; some may not be written yet."""
        return sum(worker.totals["joints"] for worker in self.workers.values())

    @property
    def left(self) -> int:
        """Poses of this run still to be made."""
        return max(0, self.total - self.made - self.failed)

    @property
    def done(self) -> int:
        """Poses done by this run and by earlier ones."""
        before = self.run.done_before if self.run else 0
        return before + self.made if self.in_manifest is None else self.in_manifest

    @property
    def percent(self) -> float:
        """Share of this run that is finished, from 0 to 100."""
        return 100.0 * (self.total - self.left) / self.total if self.total else 100.0

    def seconds(self, now: float) -> float:
        """Duration of this run, so far or in all."""
        if self.run is None:
            return 0.0
        end = now if self.held else self.last_finished
        started = datetime.fromisoformat(self.run.started_at).timestamp()
        return max(0.0, end - started) if end is not None else 0.0

    def rate(self, now: float) -> float:
        """Poses per second over the whole run, including its start and its pauses."""
        seconds = self.seconds(now)
        return (self.total - self.left) / seconds if seconds > 0 else 0.0

    def minute_rate(self, now: float) -> float:
        """Poses per second over the last minute; 0 for a run that has ended."""
        return self.window.rate(now) if self.held else 0.0

    def eta(self, now: float) -> float | None:
        """Seconds until the run ends at the rate of the last minute; None if that rate is 0."""
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
            "unsure": self.unsure,
            "unsure_examples": self.unsure_captions,
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
            "latest": list(self.latest)[: -LATEST_IN_JSON - 1 : -1],
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
        """Failures by class, most frequent first."""
        return sorted(self.failures.values(), key=lambda failure: (-failure.count, failure.error_type))
