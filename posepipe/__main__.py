"""``posepipe COMMAND ...``: finds the command and calls it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from posepipe import commandline
from posepipe._version import __version__
from posepipe.errors import ConfigError
from posepipe.wording import listing, nearest

COMMANDS: Final = {
    "run": ("posepipe.run.__main__", "main", "make poses from captions; run again, it continues where it stopped"),
    "try": ("posepipe.run.commands", "try_captions", "make a pose at once, and print where its picture is"),
    "watch": ("posepipe.watch.__main__", "main", "show a run live, from any terminal on the machine"),
    "pause": ("posepipe.control.commands", "pause", "pause a run in progress"),
    "resume": ("posepipe.control.commands", "resume", "continue a paused run"),
    "stop": ("posepipe.control.commands", "stop", "end a run in progress; the same run command continues it"),
    "verify": ("posepipe.verify.__main__", "main", "compare every artifact with the manifest; repair, adopt"),
    "gallery": ("posepipe.gallery.__main__", "main", "make contact sheets and an HTML page of all poses"),
    "export": ("posepipe.run.export", "main", "add formats to finished poses; write a dataset"),
    "models": ("posepipe.models.__main__", "main", "list models; check or download official weights"),
}
_HELP: Final = {"help": "show this text, or the help of a command", "version": "show the version"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] == "help" and len(given) > 1:
        given = [given[1], "--help"]
    if given and given[0] in COMMANDS:
        module, function, _ = COMMANDS[given[0]]
        return int(getattr(importlib.import_module(module), function)(given[1:]))
    return commandline.guarded(_without_command, given)


def _without_command(arguments: list[str]) -> int:
    """Help, version, or an error about the command that was typed."""
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        print(_usage())
        return 0 if arguments else 2
    if arguments[0] in ("version", "--version"):
        print(f"posepipe {__version__}")
        return 0
    typed = arguments[0]
    if typed.startswith("-"):
        raise ConfigError(f"{typed}: a command must come first, as in: posepipe run {typed} ...; see posepipe help")
    near = nearest(typed, [*COMMANDS, *_HELP])
    if near:
        raise ConfigError(f"no command {typed}; did you mean {near}?")
    if Path(typed).exists():
        raise ConfigError(f"no command {typed}; to make poses from a file of captions: posepipe run {typed}")
    raise ConfigError(f"no command {typed}; there are {listing([*COMMANDS, *_HELP], 'and')}")


def _usage() -> str:
    commands = {name: text for name, (_, _, text) in COMMANDS.items()} | _HELP
    lines = "\n".join(f"  {name:<9} {text}" for name, text in commands.items())
    return (
        "usage: posepipe COMMAND ...\n\n"
        "Captions in, static 3D human poses out.\n\n"
        f"{lines}\n\n"
        "posepipe COMMAND --help shows the options of a command."
    )


if __name__ == "__main__":
    sys.exit(main())
