"""The commands ``posepipe pause``, ``posepipe resume`` and ``posepipe stop``, for a run in progress."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from posepipe import commandline
from posepipe.control.requests import ask
from posepipe.control.state import ENDED, PAUSED, PAUSING, RUNNING, RunState, read_state
from posepipe.errors import ConfigError
from posepipe.storage import locations


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
    check_manifest(options, read_state(options.out))
    state = ask(options.out, "pause release" if options.release else "pause", (PAUSED,))
    if state.state == PAUSED:
        memory = ", the models' memory is given back" if options.release else ""
        print(f"paused{memory}: {state.counts}; posepipe resume goes on")
    else:
        print(f"not paused, the run ended first: {state.counts}")
    return 0


def _resume(arguments: list[str]) -> int:
    parser = commandline.parser("resume", "Continue a paused run.")
    commandline.add_out(parser)
    options = parser.parse_args(arguments)
    before = read_state(options.out)
    check_manifest(options, before)
    state = ask(options.out, "resume", (RUNNING,))
    if before.state in (PAUSING, PAUSED):
        print(f"resumed: {state.counts}")
    else:
        print(f"it was not paused ({before.state})")
    return 0


def _stop(arguments: list[str]) -> int:
    parser = commandline.parser("stop", "End a run in progress; what is in flight is finished first.")
    commandline.add_out(parser)
    options = parser.parse_args(arguments)
    check_manifest(options, read_state(options.out))
    state = ask(options.out, "stop", (ENDED,))
    print(f"stopped: {state.counts}" + ("; the same run command goes on" if state.left else ""))
    return 0


def check_manifest(options: argparse.Namespace, state: RunState) -> None:
    """Check that ``--manifest``, where it is given, is that of the run on ``OUT``.

    Raises
    ------
    ConfigError
        It is the manifest of another run.
    """
    if options.manifest is not None and locations.absolute(options.manifest) != state.manifest:
        raise ConfigError(f"--manifest {options.manifest}: the run on {options.out} writes to {state.manifest}")
