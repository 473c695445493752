"""The progress and the result of a run: tally, summary, and the protocol of an observer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from posepipe.run.plan import Plan
from posepipe.workers.contract import UNSURE_EXAMPLES


@dataclass
class Tally:
    """Counts of a run so far.

    Attributes
    ----------
    made : int
    failed : Counter
        By error class.
    examples : dict
        One failed caption for each error class: ``caption``, ``caption_id``, ``error``, ``error_type``.
    deaths : int
        Number of workers that died.
    set_aside : int
        Number of files that were in the way and were moved to ``.set-aside`` in the final dir.
    unsure : int
        Number of poses with the flag ``unsure``: the model guessed.
    unsure_examples : list of str
        Captions of the first of them.
    """

    made: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    examples: dict[str, dict[str, str]] = field(default_factory=dict)
    deaths: int = 0
    set_aside: int = 0
    unsure: int = 0
    unsure_examples: list[str] = field(default_factory=list)

    def count(self, made: int, error_types: list[str], unsure: Sequence[str] = ()) -> None:
        """Add a partition: poses made, classes of failures, captions of poses with the flag ``unsure``."""
        self.made += made
        self.failed.update(error_types)
        self.unsure += len(unsure)
        self.unsure_examples += unsure[: UNSURE_EXAMPLES - len(self.unsure_examples)]

    def event(self) -> dict[str, Any]:
        """The tally as plain dicts, for an event on the scheduler."""
        return {
            "made": self.made,
            "failed": dict(self.failed),
            "examples": self.examples,
            "deaths": self.deaths,
            "unsure": self.unsure,
            "unsure_examples": self.unsure_examples,
        }

    @property
    def finished(self) -> int:
        """Number of poses made or failed."""
        return self.made + self.failed.total()


@dataclass(frozen=True)
class Summary:
    """What a run did.

    Attributes
    ----------
    run_id : str
    plan : Plan
    tally : Tally
    stopped : bool
        Whether the run was asked to end before all was done.
    signal : int
        Number of the signal that ended it, or 0.
    seconds : float
    final_dir, manifest, log_dir : str
        As in the options.
    """

    run_id: str
    plan: Plan
    tally: Tally
    stopped: bool
    signal: int
    seconds: float
    final_dir: str
    manifest: str
    log_dir: str

    @property
    def left(self) -> int:
        """Number of poses that were not tried because the run was stopped."""
        return len(self.plan.work) - self.tally.finished

    @property
    def rate(self) -> float:
        """Poses per second."""
        return self.tally.finished / self.seconds if self.seconds > 0 else 0.0

    @property
    def exit_code(self) -> int:
        """0; 1 where captions failed or lines were unusable; or 128 plus the signal."""
        if self.signal:
            return 128 + self.signal
        bad = self.tally.failed.total() + self.plan.failed_before + self.plan.unusable
        return 1 if bad and not self.stopped else 0


class Observer(Protocol):
    """Receives the progress of a run, to show it."""

    def planned(self, plan: Plan) -> None:
        """The plan is made; work begins."""

    def connected(self, dashboard: str, workers: int) -> None:
        """The workers are ready."""

    def progress(self, tally: Tally) -> None:
        """A partition is finished."""

    def worker(self, event: dict[str, Any]) -> None:
        """A worker wrote poses: ``name``, ``device``, ``poses``, ``failed``, and the last ``caption``."""

    def message(self, text: str) -> None:
        """A line to show."""

    def warning(self, text: str) -> None:
        """A line to show once per run."""


class Silent:
    """An observer that shows nothing."""

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
