"""How a run is shown: a bar where there is a terminal, plain lines where there is none."""

from __future__ import annotations

import contextlib
import sys
from collections import deque
from time import monotonic
from typing import Any, Final, TextIO

from posepipe.captions.notes import preview
from posepipe.config import RunConfig
from posepipe.run.plan import Plan
from posepipe.run.preflight import SPARE_BYTES
from posepipe.run.summary import Summary, Tally, clock
from posepipe.wording import count, encodable, printable

LINE_SECONDS: Final = 30.0
RATE_SECONDS: Final = 60.0
BAR: Final = 28


class ProgressPrinter:
    """Prints plan, bar and summary.

    Parameters
    ----------
    stream : text stream
        Where to; a bar is drawn where it is a terminal.
    dry_run : bool
        Print the plan in full.
    """

    def __init__(self, stream: TextIO | None = None, *, dry_run: bool = False) -> None:
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._dry_run = dry_run
        blocks = "█░"
        self._blocks = blocks if encodable(blocks, getattr(self._stream, "encoding", None)) == blocks else "#-"
        self._total = self._space_needed = 0
        self._started = self._last_line = monotonic()
        self._seen = 0
        self._failed = 0
        self._recent: deque[tuple[float, int]] = deque()
        self._warned: set[str] = set()
        self._drawn = False

    def planned(self, plan: Plan) -> None:
        """The plan, on one line, or in full for ``--dry-run``."""
        self._total, self._space_needed = len(plan.work), plan.space_needed
        parts = [f"to do {self._total:,}", f"done {plan.done:,}"]
        if plan.lost:
            parts.append(f"of them deleted since {plan.lost:,}")
        if plan.kept:
            parts.append(f"kept with other settings {plan.kept:,}")
        if plan.failed_before:
            parts.append(f"failed before {plan.failed_before:,}")
        if plan.repetitions:
            parts.append(f"repeated lines {plan.repetitions:,}")
        if plan.unusable:
            parts.append(f"unusable lines {plan.unusable:,}")
        if plan.collisions:
            parts.append(f"name collisions {len(plan.collisions):,}")
        self.message(f"{count(plan.captions, 'caption')}: " + ", ".join(parts))
        if plan.lost_kept:
            kept = count(plan.lost_kept, "pose that is kept", "poses that are kept")
            self.message(f"  {kept} lack files, which were deleted; posepipe verify names them")
        if plan.other_pictures:
            kept = count(
                plan.other_pictures, "picture has another style and stays", "pictures have another style and stay"
            )
            self.message(f"  {kept}; --on-mismatch regenerate draws them again")
        for note in plan.length_notes:
            self.message(f"  {note}")
        if self._dry_run:
            for caption, stem, frames in plan.examples:
                self.message(f"  {preview(caption)} -> {stem} ({f'{frames} frames' if frames else 'length estimated'})")
        shown = list(plan.collisions.items())
        for stem, others in shown if self._dry_run else shown[:3]:
            self.message(f"  {stem} is wanted by more than one caption; also: {', '.join(others)}")
        if self._dry_run:
            if plan.work.redraws:
                self.message(f"  {plan.work.redraws:,} only need a file added or drawn again, without the model")
            if plan.work.reinfers:
                self.message(
                    f"  {plan.work.reinfers:,} are done and go through the model again for a format to be added"
                )
            self.message(f"  space needed: {plan.space_needed / 2**20:,.0f} MiB")

    def free_space(self, config: RunConfig) -> None:
        """The end of a dry run: how much space there is."""
        free = config.folders().final.free_bytes()
        told = "not known" if free is None else f"{free / 2**20:,.0f} MiB"
        if free is not None and free < self._space_needed + SPARE_BYTES:
            told += ", not enough"
        self.message(f"  kept free:    {SPARE_BYTES / 2**20:,.0f} MiB, for manifest and logs")
        self.message(f"  space free:   {told}; nothing was written")

    def connected(self, dashboard: str | None, workers: int) -> None:
        """Where the dashboard is."""
        where = f"dashboard: {dashboard}" if dashboard else "no dashboard"
        self.message(f"{count(workers, 'worker')} {'infers' if workers == 1 else 'infer'}; {where}")
        self._started = self._last_line = monotonic()

    def worker(self, event: dict[str, Any]) -> None:
        """Move the bar by what a worker just wrote."""
        self._seen += event["poses"] + event["failed"]
        self._failed += event["failed"]
        self._show()

    def progress(self, tally: Tally) -> None:
        """Correct the bar by what is certain: rows in the manifest."""
        self._seen = max(self._seen, tally.finished)
        self._failed = max(self._failed, tally.failed.total())
        self._show()

    def message(self, text: str) -> None:
        """A line of its own, above the bar."""
        self._clear()
        self._write(printable(text) + "\n")

    def warning(self, text: str) -> None:
        """A line of its own, once per run."""
        if text not in self._warned:
            self._warned.add(text)
            self.message(f"warning: {text}")

    def finish(self, summary: Summary) -> None:
        """The summary: counts, where things are, how to ask for failures."""
        self._clear()
        for line in summary.lines():
            self.message(line)
        if summary.tally.failed or summary.plan.failed_before:
            self.message(
                '  why: python -c "import posepipe; '
                f"m = posepipe.read_manifest({summary.manifest!r}); "
                "print(m[m.status == 'failed'].groupby('error_type').size())\""
            )

    def _show(self) -> None:
        now = monotonic()
        self._note_rate(now)
        if self._terminal:
            self._write("\r\x1b[K" + self._line(now))
            self._drawn = True
        elif now - self._last_line >= LINE_SECONDS:
            self._last_line = now
            self._write(self._line(now) + "\n")

    def _note_rate(self, now: float) -> None:
        self._recent.append((now, self._seen))
        while now - self._recent[0][0] > RATE_SECONDS:
            self._recent.popleft()

    def _line(self, now: float) -> str:
        share = min(self._seen, self._total) / self._total if self._total else 1.0
        full, empty = self._blocks[0], self._blocks[1]
        return full * int(share * BAR) + empty * (BAR - int(share * BAR)) + " " + self._figures(now)

    def _figures(self, now: float) -> str:
        """Poses made, their rate and the time left."""
        if not self._recent:
            return f"0/{self._total:,}"
        first_time, first_seen = self._recent[0]
        if now - first_time < 5:
            first_time, first_seen = self._started, 0
        rate = (self._seen - first_seen) / max(now - first_time, 1e-3)
        seen = min(self._seen, self._total)
        share = seen / self._total if self._total else 1.0
        eta = clock((self._total - seen) / rate) if rate > 0 else "?"
        failed = f"  {self._failed:,} failed" if self._failed else ""
        return f"{seen:,}/{self._total:,} {share:4.0%}  {rate:.1f}/s  {eta} left{failed}"

    def _clear(self) -> None:
        if self._drawn:
            self._write("\r\x1b[K")
            self._drawn = False

    def _write(self, text: str) -> None:
        """Write, unless the terminal is gone: a run outlives the window it was started in."""
        with contextlib.suppress(OSError):
            self._stream.write(text)
            self._stream.flush()
