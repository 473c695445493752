"""What all commands share: options as people type them, errors as one line, exit codes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from posepipe import remote
from posepipe._version import __version__
from posepipe.config import RunConfig
from posepipe.control import RunState
from posepipe.errors import ConfigError, PosepipeError


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


def check_manifest(options: argparse.Namespace, state: RunState) -> None:
    """Hold ``--manifest``, where it is given, against the run that is to be reached.

    Raises
    ------
    ConfigError
        It is another run's.
    """
    if options.manifest is not None and remote.absolute(options.manifest) != state.manifest:
        raise ConfigError(f"--manifest {options.manifest}: the run on {options.out} writes to {state.manifest}")


def add_run_options(made: argparse.ArgumentParser) -> None:
    """The options of ``run``, from the fields of RunConfig."""
    groups: dict[str, argparse._ArgumentGroup] = {}
    for option in fields(RunConfig):
        meta = option.metadata
        group = meta.get("group")
        target = made if group is None else groups.setdefault(group, made.add_argument_group(group))
        flag = "--" + ("no-" if meta.get("flag") is False else "") + option.name.replace("_", "-")
        text = meta["help"]
        if "flag" in meta:
            keep = "store_true" if meta["flag"] else "store_false"
            target.add_argument(flag, dest=option.name, action=keep, default=argparse.SUPPRESS, help=text)
            continue
        if option.default not in (None, ""):
            text += f" ({option.default:g})" if isinstance(option.default, float) else f" ({option.default})"
        extra: dict[str, Any] = {k: meta[k] for k in ("type", "choices", "metavar", "nargs", "const") if k in meta}
        names = [flag, *meta.get("aliases", ())]
        target.add_argument(*names, dest=option.name, default=argparse.SUPPRESS, help=text, **extra)


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
