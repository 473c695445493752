"""Show a view: a screen for a terminal, a line without one, and the summary at the end."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from posepipe.run.progress import clock
from posepipe.watch.gpu_state import Gpu, gpu_of
from posepipe.watch.view import BROKEN, DIED, STOPPED, View
from posepipe.wording import count

FAILURES_SHOWN: Final = 6


def plain(text: str) -> str:
    """Escape control characters of captions and errors, which a terminal would obey, as Python does."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def screen(view: View, gpus: Mapping[int, Gpu], now: float) -> RenderableType:
    """The whole view; ``now`` is in seconds since the epoch."""
    parts: list[RenderableType] = [_head(view, now), _bar(view), Text(counts_line(view, now), style="bold")]
    if view.workers:
        parts += ["", _workers(view, gpus, now)]
    if view.latest:
        parts += ["", _latest(view)]
    if view.failures:
        parts += ["", _failures(view)]
    return Group(*parts)


def _head(view: View, now: float) -> Text:
    run, text = view.run, Text(no_wrap=True, overflow="ellipsis")
    text.append(plain(view.out), style="bold")
    text.append(f"  {view.state}", style="bold red" if view.state in (BROKEN, DIED) else "bold green")
    if run is not None:
        since = time.strftime("%d %b %H:%M", time.localtime(now - view.seconds(now))) if view.held else ""
        text.append(f"  {plain(run.model)}" + (f"  since {since}" if since else ""))
        if run.dashboard and view.held:
            text.append(f"  {run.dashboard}")
    if view.held and view.source == "manifest":
        text.append("  (scheduler not reachable yet; counts from the manifest)", style="yellow")
    return text


def _bar(view: View) -> Table:
    grid = Table.grid(expand=True)
    through = view.total - view.left if view.total else 1
    grid.add_row(ProgressBar(total=max(1, view.total), completed=through, pulse=False))
    return grid


def counts_line(view: View, now: float) -> str:
    """Counts, rates and the time left, on one line."""
    parts = [f"{view.total - view.left:,}/{view.total:,} {view.percent:.0f}%"]
    if view.held:
        parts += [f"{view.minute_rate(now):.1f}/s last minute", f"{view.rate(now):.1f}/s overall"]
        eta = view.eta(now)
        parts.append(f"{clock(view.seconds(now))} so far")
        if eta is not None:
            parts.append(f"{clock(eta)} left")
    elif view.rate(now):
        parts += [f"{view.rate(now):.1f}/s", f"took {clock(view.seconds(now))}"]
    if view.held and view.inferred > view.made:
        parts.append(f"{view.inferred:,} inferred")
    if view.failed:
        parts.append(f"{view.failed:,} failed")
    if view.deaths:
        parts.append(f"{count(view.deaths, 'worker')} died")
    parts.append(f"{view.done:,} done in all")
    return "  ".join(parts)


def _workers(view: View, gpus: Mapping[int, Gpu], now: float) -> Table:
    table = Table(box=None, pad_edge=False, expand=True)
    for name in ("worker", "device", "state"):
        table.add_column(name, no_wrap=True)
    for name in ("inferred", "written", "per s"):
        table.add_column(name, justify="right", no_wrap=True)
    if gpus:
        for name in ("GPU", "memory", "temp"):
            table.add_column(name, justify="right", no_wrap=True)
    table.add_column("last caption", no_wrap=True, overflow="ellipsis", ratio=1)
    for name in sorted(view.workers, key=lambda name: (name.rstrip("0123456789"), len(name), name)):
        worker = view.workers[name]
        cells = [Text(plain(name)), Text(worker.device), Text(worker.state if view.held else "")]
        cells += [Text(f"{worker.totals[kind]:,}") for kind in ("joints", "poses")]
        cells.append(Text(f"{worker.window.rate(now):.1f}" if view.held else ""))
        if gpus:
            cells += _gpu_cells(gpu_of(worker.device, gpus))
        table.add_row(*cells, Text(plain(worker.caption)))
    return table


def _gpu_cells(gpu: Gpu | None) -> list[Text]:
    if gpu is None:
        return [Text(), Text(), Text()]
    memory = f"{gpu.memory_used / 2**30:.1f}/{gpu.memory_total / 2**30:.0f} GiB"
    heat = Text(
        f"{gpu.temperature} °C hot" if gpu.hot else f"{gpu.temperature} °C", style="bold red" if gpu.hot else ""
    )
    return [Text(f"{gpu.utilisation} %"), Text(memory), heat]


def _latest(view: View) -> Text:
    stems = "\n".join(f"  {plain(stem)}" for stem in reversed(view.latest))
    return Text(f"latest\n{stems}", no_wrap=True, overflow="ellipsis")


def _failures(view: View) -> Table:
    table = Table(box=None, pad_edge=False, expand=True)
    table.add_column("failed", no_wrap=True)
    table.add_column("count", justify="right", no_wrap=True)
    table.add_column("for example", no_wrap=True, overflow="ellipsis", ratio=1)
    shown = view.by_count()
    for failure in shown[:FAILURES_SHOWN]:
        example = f"{failure.caption_id} {failure.caption}: {failure.error}" if failure.caption_id else ""
        table.add_row(Text(plain(failure.error_type)), Text(f"{failure.count:,}"), Text(plain(example)))
    if len(shown) > FAILURES_SHOWN:
        table.add_row(Text(f"and {count(len(shown) - FAILURES_SHOWN, 'more class', 'more classes')}"))
    return table


def summary(view: View, now: float) -> list[str]:
    """Lines that say what the run did, for a view read from the manifest after the run."""
    run, lines = view.run, []
    if run is None:
        lines.append(f"{count(view.done, 'pose')} done, {view.failed:,} failed")
    else:
        took = f" in {clock(view.seconds(now))} ({view.rate(now):.1f} a second)" if view.rate(now) else ""
        lines.append(f"{view.state}: {view.made:,} of {view.total:,} made{took}, {view.done:,} done in all")
        if view.state == BROKEN:
            lines.append(f"  ended by {plain(run.error)}")
        if view.state == DIED:
            lines.append(f"  process {run.pid} ended without a message; see the logs in {plain(run.log_dir)}")
        if view.left and view.state in (STOPPED, BROKEN, DIED):
            lines.append(f"  {view.left:,} left; run the same command again to continue")
    for failure in view.by_count():
        example = f", for example {failure.caption_id} {failure.caption}: {failure.error}"
        lines.append(plain(f"  failed: {failure.count:,} {failure.error_type}{example}"))
    logs = f"   logs: {run.log_dir}" if run else ""
    lines.append(plain(f"  poses: {view.out}   manifest: {view.manifest}{logs}"))
    return lines
