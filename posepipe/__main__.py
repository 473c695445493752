"""``posepipe NAME ...``: finds the command and calls it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Final

from posepipe._version import __version__

COMMANDS: Final = {
    "run": ("posepipe.run.__main__", "main", "make the poses that are missing"),
    "verify": ("posepipe.verify.__main__", "main", "hold every artifact against the manifest; repair, adopt"),
    "watch": ("posepipe.watch.__main__", "main", "a live view of a run, from any terminal"),
    "pause": ("posepipe.control.commands", "pause", "hold a run in progress"),
    "resume": ("posepipe.control.commands", "resume", "a paused run goes on"),
    "stop": ("posepipe.control.commands", "stop", "end a run in progress; run again, it goes on"),
    "gallery": ("posepipe.gallery.__main__", "main", "contact sheets, and a page to browse all poses"),
    "models": ("posepipe.models.__main__", "main", "which models there are; check or fetch weights"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("-h", "--help"):
        print(_usage())
        return 0 if given else 2
    if given[0] == "--version":
        print(f"posepipe {__version__}")
        return 0
    if given[0] not in COMMANDS:
        print(f"posepipe: no command {given[0]!r}; there are {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    module, function, _ = COMMANDS[given[0]]
    return int(getattr(importlib.import_module(module), function)(given[1:]))


def _usage() -> str:
    lines = "\n".join(f"  {name:<9} {text}" for name, (_, _, text) in COMMANDS.items())
    return (
        f"usage: posepipe COMMAND ...\n\nCaptions in, static 3D human poses out.\n\n{lines}\n\nposepipe COMMAND --help"
    )


if __name__ == "__main__":
    sys.exit(main())
