"""Ask a run in progress to pause, resume or stop, and wait for its answer."""

from __future__ import annotations

import time
from pathlib import Path

from posepipe.control.lock import is_held
from posepipe.control.state import ENDED, REQUEST_NAME, RunState, read_state
from posepipe.errors import RefusedError
from posepipe.storage import atomic


def ask(out: str | Path, request: str, until: tuple[str, ...], *, timeout: float = 3600.0) -> RunState:
    """Send a request to the run that holds ``out``, and wait for its answer.

    Parameters
    ----------
    out : path
        The output folder.
    request : str
        ``pause``, ``pause release``, ``resume`` or ``stop``.
    until : tuple of str
        States of the run that answer the request.
    timeout : float
        Seconds to wait.

    Returns
    -------
    RunState
        The state that answered, or the final one of a run that ended by itself meanwhile.

    Raises
    ------
    ConfigError
        ``out`` is not an output folder.
    RefusedError
        No run holds it, the run does not answer, or it died meanwhile.
    """
    state = read_state(out)
    if not is_held(out):
        raise RefusedError(f"no run is in progress on {out} (the last one, {state.run_id}, is {state.state})")
    path = Path(out) / REQUEST_NAME
    atomic.write_bytes(path, request.encode())
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
