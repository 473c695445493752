"""``posepipe stop [OUT]``: end a run; what is in flight is finished first, and the run's exit code is 0."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from posepipe import commandline
from posepipe.control import ENDED, ask, read_state


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return commandline.guarded(_stop, arguments)


def _stop(arguments: list[str]) -> int:
    parser = commandline.parser("stop", "End a run in progress; what is in flight is finished first.")
    commandline.add_out(parser)
    options = parser.parse_args(arguments)
    commandline.check_manifest(options, read_state(options.out))
    state = ask(options.out, "stop", (ENDED,))
    print(f"stopped: {state.counts}" + ("; the same run command goes on" if state.left else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
