"""Show a view: a screen for a terminal, a line without one, and the summary at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.text import Text

from posepipe.run.summary import clock
from posepipe.watch.fitting import share, shortened, wrapped
from posepipe.watch.gpu_state import Gpu, gpu_of
from posepipe.watch.view import BROKEN, DIED, STARTING, STOPPED, FailureView, View
from posepipe.wording import count, printable

LOW: Final = 16
"""Height below which the screen begins with one line about the run."""
_CAPTION_CELLS: Final = 16
"""Width that the last column of the workers needs; with less room other columns are left out."""


@dataclass(frozen=True)
class Block:
    """A part of the screen that can be shortened.

    Attributes
    ----------
    wanted : int
        Lines that show everything, with the empty line above.
    least : int
        Lines without which it is not shown.
    draw : callable
        Makes at most the given number of lines.
    """

    wanted: int
    least: int
    draw: Callable[[int], list[Text]]


NOTHING: Final = Block(0, 0, lambda _: [])


def screen(view: View, gpus: Mapping[int, Gpu], now: float, width: int, height: int | None = None) -> RenderableType:
    """The whole view, at most ``width`` cells wide and ``height`` lines high.

    Parameters
    ----------
    view : View
    gpus : mapping of int to Gpu
        The state of the GPUs, by number.
    now : float
        Seconds since the epoch.
    width : int
    height : int, optional
        By default all workers and failures are shown, and as many names as a terminal of 24 lines has room for.
    """
    head = _head(view, now, width)
    counts = [Text(line, style="bold") for line in wrapped(count_phrases(view, now), width)]
    if height is not None:  # on a low screen, the less important phrases are left out
        head = head[: 1 if height < LOW else None]
        counts = counts[: max(1, height // 5)]
    fixed: list[RenderableType] = [*head, _bar(view, width), *counts]
    blocks = [_workers(view, gpus, now, width), _failures(view, width), _unsure(view, width), _latest(view, width)]
    if height is None:
        lines = [block.wanted for block in blocks[:-1]]
        lines.append(min(blocks[-1].wanted, max(5, 24 - len(fixed) - sum(lines))))
    else:
        lines = _divide(blocks, height - len(fixed))
    for block, given in zip(blocks, lines, strict=True):
        if given:
            fixed += ["", *block.draw(given - 1)]
    return Group(*fixed)


def _divide(blocks: list[Block], room: int) -> list[int]:
    """Lines for each block, an empty one above it included. Names of poses give way to the rest, failures do last."""
    wanted = [block.wanted for block in blocks]
    for least_important in (3, 2, 0, 1):
        given = share(wanted, room)
        fewest = [min(block.least, want) for block, want in zip(blocks, wanted, strict=True)]
        if all(lines >= least for lines, least in zip(given, fewest, strict=True)):
            return given
        wanted[least_important] = 0
    return [0] * len(blocks)


def _bar(view: View, width: int) -> Text:
    through = int(view.percent / 100 * width)
    return Text("█" * through + "░" * (width - through), style="cyan")


def _head(view: View, now: float, width: int) -> list[Text]:
    """Folder, state, model, start and dashboard; the folder's last part if the whole path is too long."""
    run, state = view.run, view.state
    out = printable(view.out)
    if cell_len(out) + 2 + len(state) > width:
        out = shortened(out.rstrip("/").rpartition("/")[2], width - 2 - len(state))
    phrases = [f"{out}  {state}"]
    if run is not None:
        since = time.strftime("%d %b %H:%M", time.localtime(now - view.seconds(now))) if view.held else ""
        phrases += [printable(run.model), f"since {since}"] if since else [printable(run.model)]
        if run.dashboard and view.held:
            phrases.append(run.dashboard)
    if view.held and view.source == "manifest":
        phrases += ["scheduler not reachable yet", "counts from the manifest"]
    lines = [Text(line) for line in wrapped(filter(None, phrases), width)]
    lines[0].stylize("bold", 0, len(out))
    colour = "bold red" if state in (BROKEN, DIED) else "bold green"
    lines[0].stylize(colour, len(out) + 2, len(out) + 2 + len(state))
    return lines


def count_phrases(view: View, now: float) -> list[str]:
    """Counts, rates and the time left, the most important first."""
    phrases = [f"{view.total - view.left:,}/{view.total:,} {view.percent:.0f}%"]
    working = view.held and view.state != STARTING
    if working:
        eta = view.eta(now)
        phrases.append(f"{view.minute_rate(now):.1f}/s last minute")
        phrases += [f"{clock(eta)} left"] if eta is not None else []
    if view.failed:
        phrases.append(f"{view.failed:,} failed")
    if view.unsure:
        phrases.append(f"{view.unsure:,} unsure")
    if view.deaths:
        phrases.append(f"{count(view.deaths, 'worker')} died")
    if view.held:
        phrases += [f"{clock(view.seconds(now))} so far"]
        phrases += [f"{view.rate(now):.1f}/s overall"] if working else []
        phrases += [f"{view.inferred:,} inferred"] if view.inferred > view.made else []
    elif view.rate(now):
        phrases += [f"{view.rate(now):.1f}/s", f"took {clock(view.seconds(now))}"]
    phrases.append(f"{view.done:,} done in all")
    return phrases


def _workers(view: View, gpus: Mapping[int, Gpu], now: float, width: int) -> Block:
    """A line per worker. Columns that do not fit are left out, the least important first."""
    names = sorted(view.workers, key=lambda name: (name.rstrip("0123456789"), len(name), name))
    if not names:
        return NOTHING
    workers = [view.workers[name] for name in names]
    columns: dict[str, list[str]] = {"worker": [printable(worker.name) for worker in workers]}
    if view.held:
        columns["state"] = [worker.state for worker in workers]
    columns["written"] = [f"{worker.totals['poses']:,}" for worker in workers]
    if view.held:
        columns["per s"] = [f"{worker.window.rate(now):.1f}" for worker in workers]
    if gpus:
        states = [gpu_of(worker.device, gpus) for worker in workers]
        columns["temp"] = [_heat(gpu) for gpu in states]
        columns["GPU"] = [f"{gpu.utilisation} %" if gpu else "" for gpu in states]
        columns["memory"] = [_memory(gpu) for gpu in states]
    columns["inferred"] = [f"{worker.totals['joints']:,}" for worker in workers]
    columns["device"] = [worker.device for worker in workers]
    columns = _that_fit(columns, width)
    captions = [printable(worker.caption) for worker in workers]
    lines = _table(columns, captions, width)
    return Block(len(lines) + 1, 4, lambda given: _cut(lines, given, "worker"))


def _that_fit(columns: dict[str, list[str]], width: int) -> dict[str, list[str]]:
    """The first columns that leave room for a caption, in the order of the screen."""
    room, kept = width - _CAPTION_CELLS, set()
    for name, cells in columns.items():
        needed = max(map(cell_len, [name, *cells])) + 2
        if needed <= room:
            room -= needed
            kept.add(name)
    order = ("worker", "device", "state", "inferred", "written", "per s", "GPU", "memory", "temp")
    return {name: columns[name] for name in order if name in kept}


def _table(columns: dict[str, list[str]], captions: list[str], width: int) -> list[Text]:
    """A heading and a line per worker; numbers are aligned to the right."""
    to_the_left = ("worker", "device", "state")
    widths = {name: max(map(cell_len, [name, *cells])) for name, cells in columns.items()}
    room = width - sum(widths.values()) - 2 * len(widths)
    lines = []
    for number in range(-1, len(captions)):
        line = Text(style="bold" if number < 0 else "")
        for name, cells in columns.items():
            cell = name if number < 0 else cells[number]
            space = " " * (widths[name] - cell_len(cell))
            hot = number >= 0 and name == "temp" and cell.endswith("hot")
            line.append((cell + space if name in to_the_left else space + cell) + "  ", "bold red" if hot else "")
        line.append(shortened("last caption" if number < 0 else captions[number], room))
        lines.append(line)
    return lines


def _heat(gpu: Gpu | None) -> str:
    return "" if gpu is None else f"{gpu.temperature} °C" + (" hot" if gpu.hot else "")


def _memory(gpu: Gpu | None) -> str:
    return "" if gpu is None else f"{gpu.memory_used / 2**30:.1f}/{gpu.memory_total / 2**30:.0f} GiB"


def _cut(lines: list[Text], given: int, noun: str) -> list[Text]:
    """The first lines; if there are more, the last one says how many."""
    if len(lines) <= given:
        return lines
    left = len(lines) - given + 1
    return [*lines[: given - 1], Text(f"and {count(left, f'more {noun}')}")]


def _failures(view: View, width: int) -> Block:
    """Each class of failures with its cause, and the caption of an example on the next line."""
    failures = view.by_count()
    if not failures:
        return NOTHING

    classes = f", {len(failures)} classes" if len(failures) > 1 else ""
    lines = [Text(f"failed{classes}", style="bold red")]
    for failure in failures:
        cause = f": {printable(failure.error)}" if failure.error else ""
        lines.append(Text(shortened(f"  {failure.count:,} {printable(failure.error_type)}{cause}", width)))
        if failure.caption_id:
            lines.append(Text(shortened(f"    for example {printable(failure.caption)}", width)))
    return Block(len(lines) + 1, 4, lambda given: lines[:given])


def _unsure(view: View, width: int) -> Block:
    """How many poses the model guessed, with examples."""
    if not view.unsure:
        return NOTHING
    title = Text(shortened(f"{view.unsure:,} unsure: the model guessed, for example", width), style="bold yellow")
    lines = [title, *(Text(shortened(f"  {printable(caption)}", width)) for caption in view.unsure_captions)]
    return Block(len(lines) + 1, 3, lambda given: lines[:given])


def _latest(view: View, width: int) -> Block:
    """The names of the latest poses, the newest first."""
    if not view.latest:
        return NOTHING
    lines = [Text("latest", style="bold")]
    lines += [Text(shortened(f"  {printable(name)}", width)) for name in reversed(view.latest)]
    return Block(len(lines) + 1, 3, lambda given: lines[:given])


def failure_line(failure: FailureView) -> str:
    """A class of failures with cause and example, on one line."""
    example = f", for example {failure.caption_id} {failure.caption}: {failure.error}" if failure.caption_id else ""
    return printable(f"failed: {failure.count:,} {failure.error_type}{example}")


def summary(view: View, now: float) -> list[str]:
    """Lines that say what the run did, for a view read from the manifest after the run."""
    run, lines = view.run, []
    if run is None:
        lines.append(f"{count(view.done, 'pose')} done, {view.failed:,} failed")
    else:
        took = f" in {clock(view.seconds(now))} ({view.rate(now):.1f} a second)" if view.rate(now) else ""
        lines.append(f"{view.state}: {view.made:,} of {view.total:,} made{took}, {view.done:,} done in all")
        if view.state == BROKEN:
            lines.append(f"  ended by {printable(run.error)}")
        if view.state == DIED:
            lines.append(f"  process {run.pid} ended without a message; see the logs in {printable(run.log_dir)}")
        if view.left and view.state in (STOPPED, BROKEN, DIED):
            lines.append(f"  {view.left:,} left; run the same command again to continue")
    if view.unsure:
        examples = "; ".join(printable(caption) for caption in view.unsure_captions)
        lines.append(f"  unsure: {view.unsure:,}, the model guessed; for example: {examples}")
    lines += [f"  {failure_line(failure)}" for failure in view.by_count()]
    logs = f"   logs: {run.log_dir}" if run else ""
    lines.append(printable(f"  poses: {view.out}   manifest: {view.manifest}{logs}"))
    return lines
