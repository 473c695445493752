"""The progress and the result of a run: tally, summary, and the protocol of an observer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final, Protocol

from posepipe.captions.notes import preview
from posepipe.run.plan import Plan
from posepipe.wording import count
from posepipe.workers.contract import UNSURE_EXAMPLES

_EXAMPLE: Final = ("caption", "error")
"""What a notebook shows of a failed caption."""


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
    collisions : int
        Number of poses with the flag ``collision``: parts of the body go through each other.
    """

    made: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    examples: dict[str, dict[str, str]] = field(default_factory=dict)
    deaths: int = 0
    set_aside: int = 0
    unsure: int = 0
    unsure_examples: list[str] = field(default_factory=list)
    collisions: int = 0

    def count(self, made: int, error_types: list[str], unsure: Sequence[str] = (), collisions: int = 0) -> None:
        """Add a partition: poses made, classes of failures, captions of poses with the flag ``unsure``, collisions."""
        self.made += made
        self.failed.update(error_types)
        self.unsure += len(unsure)
        self.collisions += collisions
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


@dataclass(frozen=True, repr=False)
class Summary:
    """What a run did. As text it is a few lines, in a notebook a table.

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

    def lines(self) -> list[str]:
        """Lines for people: counts, what went wrong, where everything is."""
        tally, plan = self.tally, self.plan
        made = f"{tally.made:,} made in {clock(self.seconds)} ({self.rate:.1f} a second)"
        work = made if len(plan.work) else "nothing to do"
        state = "stopped" if self.stopped else "done"
        found = [f"{state}: {work}, {plan.done:,} {'was' if plan.done == 1 else 'were'} there"]
        if self.left and self.stopped:
            found.append(f"  {self.left:,} left; run the same command again to continue")
        if tally.unsure:
            examples = "; ".join(preview(caption) for caption in tally.unsure_examples)
            found.append(f"  unsure: {tally.unsure:,}, the model guessed; for example: {examples}")
        if tally.collisions:
            found.append(f"  collision: {tally.collisions:,}, parts of the body go through each other")
        found += [f"  failed: {number:,} {name}" for name, number in tally.failed.most_common()]
        if plan.failed_before:
            found.append(f"  failed before and not tried again: {plan.failed_before:,} (--retry-failed tries again)")
        if plan.unusable:
            found.append(f"  unusable lines: {plan.unusable:,}, named in {self.log_dir}/run.log")
        if tally.set_aside:
            moved = count(tally.set_aside, "file")
            found.append(f"  {moved} in the way or not made again moved to {self.final_dir}/.set-aside")
        if tally.deaths:
            found.append(f"  workers that died: {tally.deaths}")
        return [*found, f"  poses: {self.final_dir}   manifest: {self.manifest}   logs: {self.log_dir}"]

    def __repr__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        """A table, for notebooks."""
        tally, plan = self.tally, self.plan
        rows: list[tuple[str, str, str]] = [
            ("made", f"{tally.made:,}", f"in {clock(self.seconds)}, {self.rate:.1f} a second" if tally.made else ""),
            ("were there", f"{plan.done:,}", ""),
        ]
        if self.left and self.stopped:
            rows.append(("left", f"{self.left:,}", "run the cell again to continue"))
        if tally.unsure:
            rows.append(("unsure", f"{tally.unsure:,}", "; ".join(map(preview, tally.unsure_examples))))
        if tally.collisions:
            rows.append(("collision", f"{tally.collisions:,}", "parts of the body go through each other"))
        for name, number in tally.failed.most_common():
            example = tally.examples.get(name, {})
            rows.append((f"failed: {name}", f"{number:,}", ": ".join(filter(None, map(example.get, _EXAMPLE)))))
        if plan.failed_before:
            rows.append(("failed before", f"{plan.failed_before:,}", 'retry_failed="all" tries again'))
        if plan.unusable:
            rows.append(("unusable lines", f"{plan.unusable:,}", f"named in {self.log_dir}/run.log"))
        if tally.set_aside:
            rows.append(("set aside", count(tally.set_aside, "file"), f"in {self.final_dir}/.set-aside"))
        if tally.deaths:
            rows.append(("workers that died", f"{tally.deaths:,}", ""))
        rows.append(("poses", "", self.final_dir))
        rows.append(("manifest", "", self.manifest))
        cells = "".join(f"<tr>{''.join(_cell(text) for text in row)}</tr>" for row in rows)
        return f"<table><caption>{'stopped' if self.stopped else 'done'}</caption>{cells}</table>"


def _cell(text: str) -> str:
    return f'<td style="text-align: left">{escape(text)}</td>'


def clock(seconds: float) -> str:
    """A time span for people: 8 s, 3:05, 1:02:09."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class Observer(Protocol):
    """Receives the progress of a run, to show it."""

    def planned(self, plan: Plan) -> None:
        """The plan is made; work begins."""

    def connected(self, dashboard: str | None, workers: int) -> None:
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

    def connected(self, dashboard: str | None, workers: int) -> None:
        """Nothing."""

    def progress(self, tally: Tally) -> None:
        """Nothing."""

    def worker(self, event: dict[str, Any]) -> None:
        """Nothing."""

    def message(self, text: str) -> None:
        """Nothing."""

    def warning(self, text: str) -> None:
        """Nothing."""
