"""Ask a run in progress to pause, resume or stop, and wait for its answer."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from posepipe.control import inbox
from posepipe.control.lock import is_held, run_in_progress
from posepipe.control.state import ENDED, RunState, read_state
from posepipe.errors import RefusedError

POLL_SECONDS: Final = 0.1
QUIET_SECONDS: Final = 2.0
"""Wait without a word; most answers come sooner."""
LONGEST_SECONDS: Final = 3600.0
"""What is in flight may take that long with a slow model."""


def ask(
    out: str | Path, request: str, *, timeout: float = LONGEST_SECONDS, say: Callable[[str], None] = lambda _: None
) -> RunState:
    """Send a request to the run that holds ``out``, and wait until it is done.

    Parameters
    ----------
    out : path
        The output folder.
    request : str
        A request of :mod:`posepipe.control.inbox`.
    timeout : float
        Seconds to wait; a request without an answer is withdrawn then.
    say : callable
        Receives one line if the answer takes more than a moment.

    Returns
    -------
    RunState
        The state after the answer. Another request may have overruled this one, or the run may have ended by itself.

    Raises
    ------
    ConfigError
        ``out`` is not an output folder.
    RefusedError
        No run holds it, it is another user's, it does not answer, or it died meanwhile.
    """
    if not is_held(out):
        state = read_state(out)
        raise RefusedError(f"no run is in progress on {out} (the last one, {state.run_id}, is {state.state})")
    run_id: str | None = None
    posted: Path | None = None
    began = time.monotonic()
    told = False
    verb = request.partition("-")[0]
    while time.monotonic() - began < timeout:
        if not is_held(out):
            _withdraw(posted)
            return _after_the_end(out, run_id)
        if posted is None:
            run_id = run_in_progress(out)
            posted = _post(out, run_id, request) if run_id else None
        elif not posted.exists():
            return _answer(out, run_id)
        if not told and time.monotonic() - began > QUIET_SECONDS:
            told = True
            say(
                f"waiting for the run to finish what is in flight, at most {timeout / 60:.0f} minutes; "
                f"after Ctrl-C here it will still {verb}"
            )
        time.sleep(POLL_SECONDS)
    _withdraw(posted)
    raise RefusedError(
        f"the run on {out} did not {verb} within {timeout:.0f} s; the request is withdrawn "
        f"(posepipe watch {out} shows what it does)"
    )


def _post(out: str | Path, run_id: str, request: str) -> Path | None:
    try:
        return inbox.post(out, run_id, request)
    except PermissionError:
        raise RefusedError(
            f"the run on {out} belongs to another user; only that user and root may {request.partition('-')[0]} it"
        ) from None


def _withdraw(posted: Path | None) -> None:
    if posted is not None:
        with contextlib.suppress(OSError):  # its folder may be gone
            posted.unlink(missing_ok=True)


def _answer(out: str | Path, run_id: str | None) -> RunState:
    state = read_state(out)
    if state.run_id != run_id:
        raise RefusedError(f"the run on {out} ended before it made anything")
    if state.error:
        raise RefusedError(f"the run on {out} was ended by {state.error}")
    return state


def _after_the_end(out: str | Path, run_id: str | None) -> RunState:
    state = _answer(out, run_id or read_state(out).run_id)
    if state.state != ENDED:
        raise RefusedError(f"the run on {out} died before it answered; the same run command goes on")
    return state
