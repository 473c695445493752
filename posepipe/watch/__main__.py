"""``posepipe watch [OUT]``: a live view of a run, from any terminal on the machine."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from posepipe import commandline
from posepipe.commandline.streams import say

if TYPE_CHECKING:
    from rich.console import Console

    from posepipe.watch.gpu_state import Gpu
    from posepipe.watch.session import Session
    from posepipe.watch.view import View

REDRAW_SECONDS: Final = 0.5
LINE_SECONDS: Final = 5.0
"""Time between two lines where no screen can be drawn."""

_DUMB: Final = ("", "dumb", "unknown")
"""Values of TERM that say that the terminal cannot move its cursor."""

_EPILOG: Final = (
    "The view follows the scheduler's events during a run and reads the manifest after it. It ends with the run and "
    "prints a summary. Ctrl-C ends the view, not the run. Without a terminal, or with TERM=dumb, it prints a line "
    "every 5 seconds. The exit code is 0 whatever the run's result, 2 if OUT is not the output of a run. --json "
    "prints one object with these keys. The output folder: out, manifest, run_id, model, state (starting, running, "
    "pausing, paused, stopping; done, stopped, broken, died), error (what ended a broken run), source (scheduler or "
    "manifest), dashboard, done (all poses in the folder). The run: total, made, failed, unsure, unsure_examples (up "
    "to three captions), left, inferred, percent, seconds, rate_minute, rate (poses per second), eta_seconds, deaths "
    "(workers that died). workers: name, device, state, inferred, written, failed, rate_minute, caption, gpu (null or "
    "number, utilisation in %, memory_used and memory_total in bytes, temperature in Celsius, hot). latest: up to "
    "five stems, newest first. failures: error_type and count, with error, caption and caption_id of one example; "
    "during a run those of the run, after it those of all rows."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return commandline.guarded(_watch, arguments)


def _watch(arguments: list[str]) -> int:
    parser = commandline.parser("watch", "Show a run live.")
    parser.epilog = _EPILOG
    commandline.add_out(parser)
    parser.add_argument("--once", action="store_true", help="Print the view once.")
    parser.add_argument("--json", action="store_true", help="Print the view once as a JSON object.")
    options = parser.parse_args(arguments)
    from posepipe.watch.session import Session

    logging.disable()  # distributed logs many lines when the scheduler goes away at the end of a run
    try:
        with contextlib.closing(Session(options.out, options.manifest)) as session:
            _show(session, options)
    finally:
        logging.disable(logging.NOTSET)
    return 0


def _show(session: Session, options: argparse.Namespace) -> None:
    """Print the view as the options ask for it."""
    from rich.console import Console

    from posepipe.watch.screen import screen, summary

    if session.note:
        say(session.note, sys.stderr)

    class Output(Console):
        def on_broken_pipe(self) -> None:
            """Leave the end of the process to the command."""
            raise BrokenPipeError

    console = Output(highlight=False, soft_wrap=False)
    if options.json:
        print(json.dumps(_object(session.view)))
    elif options.once:
        console.print(screen(session.view, _gpus(session.view), time.time(), console.width))
    else:
        _follow(session, console)
        for line in summary(session.view, time.time()):
            _say(console, line)


def _follow(session: Session, console: Console) -> None:
    """Show the run until it ends."""
    if not session.view.held:
        return
    if console.is_terminal and os.environ.get("TERM", "dumb") not in _DUMB:
        _draw(session, console)
    else:
        _lines(session, console)
    session.read_manifest()


def _draw(session: Session, console: Console) -> None:
    """Draw on the terminal's second screen, which leaves no remains when the terminal changes its size."""
    from rich.live import Live

    from posepipe.watch.screen import screen

    with Live(console=console, auto_refresh=False, screen=True) as live:
        while session.view.held:
            size = console.size
            gpus = _gpus(session.view)
            live.update(screen(session.view, gpus, time.time(), size.width, size.height), refresh=True)
            time.sleep(REDRAW_SECONDS)
            session.refresh()


def _say(console: Console, line: str) -> None:
    """Print a line, on a terminal wrapped between words."""
    from rich.text import Text

    if console.is_terminal:
        console.print(Text(line))
    else:
        print(line, flush=True)


def _lines(session: Session, console: Console) -> None:
    """Print a line every few seconds, and one for each new class of failures.

    On a terminal, phrases that do not fit on the line are left out.
    """
    from posepipe.watch.fitting import on_one_line
    from posepipe.watch.screen import count_phrases, failure_line

    last, told = float("-inf"), set[str]()
    while session.view.held:
        view = session.view
        for failure in view.by_count():
            if failure.error_type not in told and failure.caption_id:
                told.add(failure.error_type)
                _say(console, failure_line(failure))
        if time.monotonic() - last >= LINE_SECONDS:
            last = time.monotonic()
            first, *others = count_phrases(view, time.time())
            width = console.width if console.is_terminal else sys.maxsize
            _say(console, on_one_line([f"{view.state}: {first}", *others], width))
        time.sleep(REDRAW_SECONDS)
        session.refresh()


def _gpus(view: View) -> dict[int, Gpu]:
    """State of the GPUs that a run on this machine uses, by number."""
    import socket

    from posepipe.watch.gpu_state import number_of, read_gpus

    if not view.held or view.run is None or view.run.host != socket.gethostname():
        return {}
    numbers = (number_of(worker.device) for worker in view.workers.values())
    return read_gpus(number for number in numbers if number is not None)


def _object(view: View) -> dict[str, object]:
    from posepipe.watch.gpu_state import gpu_of

    content = view.as_json(time.time())
    gpus = _gpus(view)
    for worker in content["workers"]:
        gpu = gpu_of(worker["device"], gpus)
        worker["gpu"] = None if gpu is None else vars(gpu)
    return content


if __name__ == "__main__":
    sys.exit(main())
