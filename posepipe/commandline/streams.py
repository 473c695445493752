"""The standard streams of a command: lines that are safe to show, streams that are closed, readers that are gone."""

from __future__ import annotations

import contextlib
import io
import os
import select
import sys
from typing import TextIO

from posepipe.errors import MachineError
from posepipe.wording import printable


def say(text: str, stream: TextIO | None = None) -> None:
    """Print a line, on standard output by default, with control characters escaped that foreign text may hold."""
    print(printable(text), file=stream, flush=True)


def flush() -> None:
    """Write what standard output still buffers, so that an error is met here and not at interpreter shutdown."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _discard(sys.stdout.fileno())
        raise MachineError(f"standard output cannot be written ({error.strerror})") from error


def discard_broken_streams() -> bool:
    """Redirect standard streams whose reader is gone to the null device; returns whether there was one.

    The interpreter flushes them once more at shutdown, which would print a traceback or change the exit code.
    """
    found = False
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # in a test or a notebook it may have no descriptor
            poll = select.poll()
            poll.register(stream.fileno(), 0)
            if any(events & (select.POLLERR | select.POLLHUP) for _, events in poll.poll(0)):
                found = True
                _discard(stream.fileno())
    return found


def _discard(descriptor: int) -> None:
    """Redirect a descriptor to the null device."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)


def open_closed_streams() -> None:
    """Open the null device for standard streams that were closed when the process started (``>&-``).

    Otherwise ``sys.stdout`` is None, and the next file that is opened gets its descriptor and what is printed.
    """
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        try:
            os.fstat(descriptor)
        except OSError:
            null = os.open(os.devnull, os.O_RDWR)
            if null == descriptor:
                os.set_inheritable(null, True)
            else:
                os.dup2(null, descriptor)
                os.close(null)
        else:  # taken by another file since
            descriptor = os.open(os.devnull, os.O_RDWR)
        mode = "r" if name == "stdin" else "w"
        setattr(sys, name, os.fdopen(descriptor, mode, encoding="utf-8", closefd=False))


def escape_what_streams_lack() -> None:
    """Print characters that the encoding of a stream lacks as escapes; in an ASCII locale they are errors otherwise."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
