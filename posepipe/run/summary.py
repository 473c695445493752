"""How a run goes and how it ended: the tally, the summary, and the protocol of whoever is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Protocol

from posepipe.run.plan import Plan


@dataclass
class Tally:
    """Counts of a run so far."""

    made: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    """By error class."""
    examples: dict[str, dict[str, str]] = field(default_factory=dict)
    """By error class one failed caption: ``caption``, ``caption_id``, ``error``, ``error_type``."""
    deaths: int = 0
    """Workers that died."""

    def count(self, made: int, error_types: list[str]) -> None:
        """Add a partition."""
        self.made += made
        self.failed.update(error_types)

    def event(self) -> dict[str, Any]:
        """For an event on the scheduler: plain dicts."""
        return {"made": self.made, "failed": dict(self.failed), "examples": self.examples, "deaths": self.deaths}

    @property
    def finished(self) -> int:
        """Poses made or failed."""
        return self.made + self.failed.total()


@dataclass(frozen=True)
class Summary:
    """What a run did. ``exit_code`` is the command's."""

    run_id: str
    plan: Plan
    tally: Tally
    stopped: bool
    signal: int
    """Number of the signal that ended it, or 0."""
    seconds: float
    final_dir: str
    manifest: str
    log_dir: str

    @property
    def left(self) -> int:
        """Poses not made yet because the run was stopped."""
        return len(self.plan.work) - self.tally.finished

    @property
    def rate(self) -> float:
        """Poses per second."""
        return self.tally.finished / self.seconds if self.seconds > 0 else 0.0

    @property
    def exit_code(self) -> int:
        """0, 1 where captions failed or lines were unusable, 128 plus the signal."""
        if self.signal:
            return 128 + self.signal
        bad = self.tally.failed.total() + self.plan.failed_before + self.plan.unusable
        return 1 if bad and not self.stopped else 0


class Observer(Protocol):
    """Who is told how a run goes; the bar, or a log."""

    def planned(self, plan: Plan) -> None:
        """The plan stands; work begins."""

    def connected(self, dashboard: str, workers: int) -> None:
        """Workers are there."""

    def progress(self, tally: Tally) -> None:
        """A partition is finished."""

    def worker(self, event: dict[str, Any]) -> None:
        """A worker made poses: ``name``, ``device``, ``poses``, ``failed``, ``caption`` (the last)."""

    def message(self, text: str) -> None:
        """Something to say."""

    def warning(self, text: str) -> None:
        """Something to say once per run."""


class Silent:
    """An observer that says nothing."""

    def planned(self, plan: Plan) -> None:
        """Nothing."""

    def connected(self, dashboard: str, workers: int) -> None:
        """Nothing."""

    def progress(self, tally: Tally) -> None:
        """Nothing."""

    def worker(self, event: dict[str, Any]) -> None:
        """Nothing."""

    def message(self, text: str) -> None:
        """Nothing."""

    def warning(self, text: str) -> None:
        """Nothing."""
