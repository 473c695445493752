"""Ask a run in progress to pause, resume or stop, and wait for its answer."""

from __future__ import annotations

import time
from pathlib import Path

from posepipe.control.lock import is_held
from posepipe.control.state import ENDED, REQUEST_NAME, RunState, read_state
from posepipe.errors import RefusedError


def ask(out: str | Path, request: str, until: tuple[str, ...], *, timeout: float = 3600.0) -> RunState:
    """Ask the run that holds ``out`` for something, and wait until its state is one of ``until``.

    Raises
    ------
    ConfigError
        ``out`` is no output folder.
    RefusedError
        No run holds it, it does not answer, or it died meanwhile. One that ended by itself raises nothing.
    """
    state = read_state(out)
    if not is_held(out):
        raise RefusedError(f"no run is in progress on {out} (the last one, {state.run_id}, is {state.state})")
    path = Path(out) / REQUEST_NAME
    aside = path.with_name(REQUEST_NAME + ".tmp")
    aside.write_text(request)
    aside.replace(path)
    limit = time.monotonic() + timeout
    while time.monotonic() < limit:
        state = read_state(out)
        if state.state in until and not path.exists():
            return state
        if not is_held(out):
            return _after_the_end(out)
        time.sleep(0.1)
    raise RefusedError(f"the run on {out} did not answer {request!r} within {timeout:.0f} s; it is {state.state}")


def _after_the_end(out: str | Path) -> RunState:
    state = read_state(out)
    if state.state != ENDED:
        raise RefusedError(f"the run on {out} died before it answered; the same run command goes on")
    if state.error:
        raise RefusedError(f"the run on {out} was ended by {state.error}")
    return state
