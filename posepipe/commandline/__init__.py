"""What all commands share: the parser, the kinds of values that options take, error messages and exit codes."""

from __future__ import annotations

import argparse
import atexit
import contextlib
import gc
import math
import operator
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import Field, dataclass
from typing import Any, Final, NoReturn

from posepipe._version import __version__
from posepipe.commandline import streams
from posepipe.commandline.streams import say
from posepipe.errors import ConfigError, MachineError, PosepipeError, described, is_out_of_memory, message_of
from posepipe.wording import listing, nearest, no_file_name

_BROKEN_PIPE: Final = 141
"""Exit code of a shell for a process that SIGPIPE ended."""

_COLLECT_AFTER: Final = 50_000
"""New objects after which Python looks for cycles of unused ones. Its own 700 or 2,000 cost a tenth of the time that
imports take."""

_PHRASES: Final = (
    (re.compile(r"^argument ([^:]+): "), r"\1 "),
    (re.compile(r"expected (one|at least one) argument$"), "needs a value"),
    (re.compile(r"ignored explicit argument .*$"), "takes no value"),
    (re.compile(r"^the following arguments are required: "), "missing: "),
)
"""Messages of argparse, and how posepipe words them."""


@dataclass(frozen=True)
class Kind:
    """The values that an option takes, on the command line and from Python.

    Attributes
    ----------
    allowed : str
        Completes the message ``--option value: give ...``.
    convert : callable
        Returns the value to use for a string or a Python object; raises ValueError or TypeError if it is not allowed,
        or a ConfigError with advice of its own.
    metavar : str
        Stands for the value in the help.
    names : tuple of str
        The values, if they are a few named ones.
    """

    allowed: str
    convert: Callable[[Any], Any]
    metavar: str = "TEXT"
    names: tuple[str, ...] = ()

    def read(self, option: str, value: object) -> Any:
        """The value to use.

        Raises
        ------
        ConfigError
            If the value is not allowed; the message names option, value and what is allowed.
        """
        try:
            return self.convert(value)
        except (ValueError, TypeError, OverflowError) as error:
            raise ConfigError(f"{option} {shown(value)}: {self._advice(error)}") from None

    def __call__(self, value: str) -> Any:
        """As ``type`` of an argument of :mod:`argparse`."""
        try:
            return self.convert(value)
        except (ValueError, TypeError, OverflowError) as error:
            raise argparse.ArgumentTypeError(f"{shown(value)}: {self._advice(error)}") from None

    def _advice(self, error: Exception) -> str:
        return str(error) if isinstance(error, ConfigError) else f"give {self.allowed}"


def shown(value: object) -> str:
    """A value as a message shows it."""
    return str(value) or "''"


def whole(low: int, high: int | None = None, *, allowed: str | None = None) -> Kind:
    """Whole numbers from ``low`` to ``high``, both included."""
    limits = f"from {low} to {high}" if high is not None else f"of at least {low}"

    def convert(value: Any) -> int:
        if isinstance(value, bool):
            raise TypeError(value)
        number = int(value) if isinstance(value, str) else operator.index(value)
        if number < low or (high is not None and number > high):
            raise ValueError(value)
        return number

    return Kind(allowed or f"a whole number {limits}", convert, "N")


def number(low: float, high: float = math.inf, *, allowed: str, metavar: str = "X") -> Kind:
    """Finite numbers from ``low`` to ``high``, both included."""

    def convert(value: Any) -> float:
        if isinstance(value, bool):
            raise TypeError(value)
        found = float(value)
        if not (math.isfinite(found) and low <= found <= high):
            raise ValueError(value)
        return found

    return Kind(allowed, convert, metavar)


def choice(*names: str) -> Kind:
    """One of some names, in upper or lower case."""

    def convert(value: Any) -> str:
        if str(value).lower() not in names:
            raise ValueError(value)
        return str(value).lower()

    return Kind(listing(names), convert, "{" + ",".join(names) + "}", names)


def commas(kind: Kind) -> Callable[[Any], str]:
    """Conversion of values separated by commas, or of a list of them, to a string with commas."""

    def convert(value: Any) -> str:
        parts = value.split(",") if isinstance(value, str) else [value] if isinstance(value, int) else value
        converted = [str(kind.convert(part.strip() if isinstance(part, str) else part)) for part in parts]
        if not converted:
            raise ValueError(value)
        return ",".join(converted)

    return convert


def list_of(noun: str, names: Sequence[str]) -> Kind:
    """Several of some names, separated by commas, in upper or lower case, with ``-`` or ``_``."""

    def convert(value: Any) -> str:
        name = _text(value).lower().replace("_", "-")
        if name and name not in names:
            near = nearest(name, names)
            hint = f"did you mean {near}?" if near else f"there are {listing(names, 'and')}"
            raise ConfigError(f"no {noun} {value}; {hint}")
        return str(choice(*names).convert(name))

    return Kind(f"a list of {', '.join(names)}, separated by commas", commas(Kind("", convert)), "LIST")


def or_word(kind: Kind, *words: str) -> Callable[[Any], Any]:
    """Convert a value of a kind, or one of some words, which stay as they are."""
    return lambda value: str(value) if value in words else kind.convert(value)


def several(kind: Kind) -> Kind:
    """One value or a list of them, as a tuple; on the command line the option may be repeated."""

    def convert(value: Any) -> tuple[Any, ...]:
        parts = value if isinstance(value, (list, tuple)) else (value,)
        return tuple(kind.convert(part) for part in parts)

    return Kind(kind.allowed, convert, kind.metavar, kind.names)


def _path(value: Any) -> str:
    path = os.path.expanduser(os.fspath(value))  # noqa: PTH111 (a Path would change URLs)
    if not isinstance(path, str) or not path or "\0" in path:
        raise ValueError(value)
    return path


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _paths(value: Any) -> str | tuple[str, ...]:
    """One path as a string, several as a tuple."""
    paths: tuple[str, ...] = several(FILE).convert(value)
    return paths[0] if len(paths) == 1 else paths


def _name(value: Any) -> str:
    text = str(_text(value))
    if not text.strip():
        raise ValueError(value)
    return text


def _expression(value: Any) -> str:
    text = str(_text(value))
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(value) from error
    return text


def _address(value: Any) -> str:
    text = _text(value)
    if not text or re.search(r"\s", text):
        raise ValueError(value)
    return text


def _host_and_port(value: Any) -> str:
    text = _address(value)
    whole(0, 65535).convert(text.rpartition(":")[2])
    return text


FILE: Final = Kind("a path", _path, "FILE")
FOLDER: Final = Kind("a path", _path, "DIR")
"""A path or URL; ``~`` at its beginning is the home directory."""
TEXT: Final = Kind("text", _text)
FLAG: Final = Kind("True or False", _flag)
NAME: Final = Kind("a name", _name, "NAME")
EXPRESSION: Final = Kind("a regular expression", _expression, "REGEX")
ADDRESS: Final = Kind("an address such as tcp://host:8786", _address, "ADDRESS")
HOST_AND_PORT: Final = Kind("HOST:PORT, such as 127.0.0.1:8787", _host_and_port, "ADDRESS")
PATHS: Final = Kind("a path, or several", _paths, "FILE")
"""One path as a string, several as a tuple."""


class Parser(argparse.ArgumentParser):
    """A parser that raises a ConfigError of one line instead of printing its usage."""

    def error(self, message: str) -> NoReturn:
        """Raise ``message`` as a ConfigError."""
        for pattern, phrase in _PHRASES:
            message = pattern.sub(phrase, message)
        raise ConfigError(message)

    def parse_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> argparse.Namespace:
        """Parse all arguments; an unknown option is an error that names the nearest one."""
        found: argparse.Namespace
        found, unknown = self.parse_known_args(args, namespace)
        if unknown:
            self.error(self._about_unknown(unknown))
        return found

    def parse_intermixed_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> argparse.Namespace:
        """As `parse_args`, but options may stand between the positional arguments."""
        found: argparse.Namespace
        found, unknown = self.parse_known_intermixed_args(args, namespace)
        if unknown:
            self.error(self._about_unknown(unknown))
        return found

    def _about_unknown(self, unknown: Sequence[str]) -> str:
        options = [argument.partition("=")[0] for argument in unknown if argument.startswith("-")]
        if not options:
            return f"one argument too many: {unknown[0]}; see {self.prog} --help"
        near = nearest(options[0], self.option_names())
        return f"no option {options[0]}; " + (f"did you mean {near}?" if near else f"see {self.prog} --help")

    def option_names(self) -> set[str]:
        """The long options of this parser and of its actions."""
        names: set[str] = set()
        for action in self._actions:
            names |= {name for name in action.option_strings if name.startswith("--")}
            if isinstance(action, argparse._SubParsersAction):
                for child in action.choices.values():
                    names |= child.option_names()
        return names

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Overrides argparse's check of ``choices``, to name the nearest one."""
        if action.choices is None or value in action.choices:
            return
        names = [str(name) for name in action.choices]
        name = action.option_strings[0] if action.option_strings else str(action.metavar or action.dest)
        near = nearest(str(value), names)
        hint = f"did you mean {near}?" if near else f"give {listing(names)}"
        raise ConfigError(f"{name} {shown(value)}: {hint}")


def parser(command: str, description: str, examples: Iterable[tuple[str, str]] = ()) -> argparse.ArgumentParser:
    """A parser for ``posepipe COMMAND``.

    Parameters
    ----------
    command, description : str
    examples : iterable of (command, meaning)
        Shown at the end of the help.
    """
    given = list(examples)
    made = Parser(
        prog=f"posepipe {command}",
        description=description,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter if given else argparse.HelpFormatter,
    )
    if given:
        made.epilog = "examples:\n" + "\n".join(f"  {line}\n      {meaning}" for line, meaning in given)
    made.add_argument("--version", action="version", version=f"posepipe {__version__}")
    return made


def add_out(made: argparse.ArgumentParser) -> None:
    """Add the arguments of every command on an output folder."""
    made.add_argument(
        "out",
        nargs="?",
        default="SinglePose",
        type=FOLDER,
        metavar="OUT",
        help="The output folder. Default: SinglePose.",
    )
    made.add_argument(
        "--manifest", type=FOLDER, metavar="DIR", help="Its manifest. Default: the one that OUT/.posepipe.json names."
    )


def flag_of(option: Field[Any]) -> str:
    """The long option of a field of ``RunConfig``, such as ``--final-dir`` or ``--no-fsync``."""
    return "--" + ("no-" if option.metadata.get("flag") is False else "") + option.name.replace("_", "-")


def default_of(option: Field[Any]) -> str:
    """The default of a field of ``RunConfig`` as help and documents show it; empty for a switch."""
    if "shown" in option.metadata:
        return str(option.metadata["shown"])
    if option.default in (None, "") or "flag" in option.metadata:
        return ""
    return f"{option.default:g}" if isinstance(option.default, float) else str(option.default)


def hyphens(arguments: Sequence[str]) -> list[str]:
    """Write the names of long options with ``-`` instead of ``_``; values are left as they are."""
    out: list[str] = []
    for position, argument in enumerate(arguments):
        if argument == "--":
            return [*out, *arguments[position:]]
        name, equals, value = argument.partition("=")
        out.append(name.replace("_", "-") + equals + value if name.startswith("--") else argument)
    return out


def guarded(body: Callable[[list[str]], int], arguments: Sequence[str] | None) -> int:
    """Run a command's body and return its exit code.

    A :class:`PosepipeError` becomes one line on standard error. If the reader of standard output is gone
    (``posepipe ... | head``) the command ends quietly with code 141.
    """
    streams.open_closed_streams()
    streams.escape_what_streams_lack()
    atexit.register(gc.freeze)  # at its exit Python would look for cycles among all objects, for 0.3 s
    try:
        try:
            with _collecting_rarely():
                code = body(hyphens(sys.argv[1:] if arguments is None else arguments))
        except SystemExit:  # after --help and --version
            streams.flush()
            raise
        streams.flush()
    except PosepipeError as error:
        code = error.exit_code
        with contextlib.suppress(BrokenPipeError):
            say(f"posepipe: {message_of(error)}", sys.stderr)
    except KeyboardInterrupt:
        code = 130
    except UnicodeEncodeError as error:
        if sys.getfilesystemencoding() == "utf-8":
            raise
        code = ConfigError.exit_code
        say(f"posepipe: {no_file_name(error.object)}", sys.stderr)
    except (MemoryError, ImportError) as error:
        if not is_out_of_memory(error):
            raise
        code = MachineError.exit_code
        say(f"posepipe: {described(error)}", sys.stderr)
    except BrokenPipeError:
        if not streams.discard_broken_streams():
            raise
        code = _BROKEN_PIPE
    streams.discard_broken_streams()
    return code


@contextlib.contextmanager
def _collecting_rarely() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(_COLLECT_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextlib.contextmanager
def progress_bar(name: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar if stderr is a terminal; yields the function that advances it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(name), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda poses: progress.advance(task, poses)
