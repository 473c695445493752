"""What all commands share: options as people type them, errors as one line, exit codes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from posepipe._version import __version__
from posepipe.errors import PosepipeError


def hyphens(arguments: Sequence[str]) -> list[str]:
    """Long options with ``_`` as those with ``-``; values are left alone."""
    out: list[str] = []
    for position, argument in enumerate(arguments):
        if argument == "--":
            return [*out, *arguments[position:]]
        name, equals, value = argument.partition("=")
        out.append(name.replace("_", "-") + equals + value if name.startswith("--") else argument)
    return out


def parser(command: str, description: str) -> argparse.ArgumentParser:
    """A parser for ``posepipe COMMAND``."""
    made = argparse.ArgumentParser(prog=f"posepipe {command}", description=description, allow_abbrev=False)
    made.add_argument("--version", action="version", version=f"posepipe {__version__}")
    return made


def add_out(made: argparse.ArgumentParser) -> None:
    """The arguments of every command on an output folder."""
    made.add_argument("out", nargs="?", default="SinglePose", metavar="OUT", help="output folder (SinglePose)")
    made.add_argument("--manifest", metavar="DIR", help="its manifest (what OUT/.posepipe.json says)")


def guarded(body: Callable[[list[str]], int], arguments: Sequence[str] | None) -> int:
    """Run a command's body; an error of posepipe's own becomes one line on stderr and its exit code."""
    try:
        return body(hyphens(sys.argv[1:] if arguments is None else arguments))
    except PosepipeError as error:
        print(f"posepipe: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 141
