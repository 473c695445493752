"""``posepipe resume [OUT]``: a paused run goes on."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from posepipe import commandline
from posepipe.control import PAUSED, PAUSING, RUNNING, ask, read_state


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return commandline.guarded(_resume, arguments)


def _resume(arguments: list[str]) -> int:
    parser = commandline.parser("resume", "A paused run goes on.")
    commandline.add_out(parser)
    options = parser.parse_args(arguments)
    before = read_state(options.out)
    commandline.check_manifest(options, before)
    state = ask(options.out, "resume", (RUNNING,))
    if before.state in (PAUSING, PAUSED):
        print(f"resumed: {state.counts}")
    else:
        print(f"it was not paused ({before.state})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
