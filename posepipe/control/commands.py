"""``posepipe pause [OUT]``: hold a run; what is in flight is finished first."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from posepipe import commandline
from posepipe.control import PAUSED, ask, read_state


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return commandline.guarded(_pause, arguments)


def _pause(arguments: list[str]) -> int:
    parser = commandline.parser("pause", "Hold a run in progress; what is in flight is finished first.")
    commandline.add_out(parser)
    parser.add_argument(
        "--release", action="store_true", help="give the models' memory back meanwhile (they keep it, to go on at once)"
    )
    options = parser.parse_args(arguments)
    commandline.check_manifest(options, read_state(options.out))
    state = ask(options.out, "pause release" if options.release else "pause", (PAUSED,))
    if state.state == PAUSED:
        memory = ", the models' memory is given back" if options.release else ""
        print(f"paused{memory}: {state.counts}; posepipe resume goes on")
    else:
        print(f"not paused, the run ended first: {state.counts}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
