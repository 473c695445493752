"""The commands ``posepipe pause``, ``posepipe resume`` and ``posepipe stop``, for a run in progress."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from posepipe import commandline
from posepipe.control.inbox import PAUSE, PAUSE_RELEASE, RESUME, STOP
from posepipe.control.lock import is_held
from posepipe.control.requests import ask
from posepipe.control.state import ENDED, PAUSED, PAUSING, RUNNING, STOPPING, RunState, read_state
from posepipe.errors import ConfigError
from posepipe.storage import locations

_OVERRULED: Final = {
    ENDED: "the run ended first",
    STOPPING: "the run is being stopped",
    RUNNING: "it was resumed at once",
    PAUSING: "it was paused again",
    PAUSED: "it was paused again",
}
"""Why a request had no effect, by the state of the run after it."""


def pause(arguments: Sequence[str] | None = None) -> int:
    """Run ``posepipe pause``; returns the exit code."""
    return commandline.guarded(_pause, arguments)


def resume(arguments: Sequence[str] | None = None) -> int:
    """Run ``posepipe resume``; returns the exit code."""
    return commandline.guarded(_resume, arguments)


def stop(arguments: Sequence[str] | None = None) -> int:
    """Run ``posepipe stop``; returns the exit code."""
    return commandline.guarded(_stop, arguments)


def _pause(arguments: list[str]) -> int:
    parser = commandline.parser("pause", "Hold a run in progress; what is in flight is finished first.")
    commandline.add_out(parser)
    parser.add_argument(
        "--release", action="store_true", help="free the models' memory during the pause (else they stay loaded)"
    )
    options = parser.parse_args(arguments)
    _state_before(options)
    state = ask(options.out, PAUSE_RELEASE if options.release else PAUSE, say=_say)
    if state.state == PAUSED:
        memory = ", the models' memory is given back" if options.release else ""
        print(f"paused{memory}: {state.counts}; posepipe resume goes on")
    else:
        print(f"not paused, {_OVERRULED[state.state]}: {state.counts}")
    return 0


def _resume(arguments: list[str]) -> int:
    parser = commandline.parser("resume", "Continue a paused run.")
    commandline.add_out(parser)
    options = parser.parse_args(arguments)
    before = _state_before(options)
    state = ask(options.out, RESUME, say=_say)
    if before is None or before.state not in (PAUSING, PAUSED):
        print(f"it was not paused ({before.state if before else 'starting'})")
    elif state.state == RUNNING:
        print(f"resumed: {state.counts}")
    else:
        print(f"not resumed, {_OVERRULED[state.state]}: {state.counts}")
    return 0


def _stop(arguments: list[str]) -> int:
    parser = commandline.parser("stop", "End a run in progress; what is in flight is finished first.")
    commandline.add_out(parser)
    options = parser.parse_args(arguments)
    _state_before(options)
    state = ask(options.out, STOP, say=_say)
    print(f"stopped: {state.counts}" + ("; the same run command goes on" if state.left else ""))
    return 0


def _state_before(options: argparse.Namespace) -> RunState | None:
    """The state before the request, of the run that ``--manifest`` names; None while the first run on OUT starts."""
    try:
        state = read_state(options.out)
    except ConfigError:
        if is_held(options.out):
            return None
        raise
    check_manifest(options, state)
    return state


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def check_manifest(options: argparse.Namespace, state: RunState) -> None:
    """Check that ``--manifest``, where it is given, is that of the run on ``OUT``.

    Raises
    ------
    ConfigError
        It is the manifest of another run.
    """
    if options.manifest is not None and locations.absolute(options.manifest) != state.manifest:
        raise ConfigError(f"--manifest {options.manifest}: the run on {options.out} writes to {state.manifest}")
