"""What a model's code may change in its worker process, and how it is put back, so that other captions do not notice.

Poses depend on no global state. But file names, modes and limits of the process concern what the worker writes, and a
model of the user's own may rely on its working folder in the next call.
"""

from __future__ import annotations

import contextlib
import gc
import locale
import logging
import multiprocessing
import os
import resource
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
import psutil

_LIMITS: Final = tuple(getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_"))

logger = logging.getLogger("posepipe")

between_calls: Final = threading.Lock()
"""Held during each call of the model. Who holds it knows that the state of the process is its usual one."""


@contextmanager
def isolated() -> Iterator[None]:
    """Put the state of this process back after the block, whatever the block did and raised.

    Covered are the working folder, the file mode mask, the environment (variables that were changed or deleted), the
    locale, limits of resources, the warnings filters, NumPy's handling of floating-point errors, the recursion limit,
    garbage collection, the switch interval, tracing, the import path, the timeout of sockets, the standard streams, the
    thread's signal mask, a pending alarm, and whether logging is disabled. A process that the block forked ends when it
    leaves the block.
    """
    process = os.getpid()
    with between_calls:
        parts = [read() for read in _PARTS]
        try:
            yield
        finally:
            if os.getpid() != process:
                os._exit(0)
            for put_back in parts:
                with contextlib.suppress(Exception):  # one part that cannot be put back must not keep the others
                    put_back()


def allow_children() -> None:
    """Let the model use :mod:`multiprocessing`, which a worker process, being a daemon, could not."""
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]


def end_children() -> None:
    """Kill the processes that the model has started."""
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                child.kill()


def _working_folder() -> Callable[[], object]:
    try:
        folder = os.getcwd()  # noqa: PTH109 (a Path would be slower, and this runs for each batch)
    except OSError:  # it was deleted
        return lambda: None
    return lambda: os.chdir(folder)


def _mode_mask() -> Callable[[], object]:
    mask = os.umask(0o077)
    os.umask(mask)
    return lambda: os.umask(mask)


def _environment() -> Callable[[], object]:
    before = dict(os.environ)

    def put_back() -> None:
        if not before.items() <= os.environ.items():
            os.environ.update(before)

    return put_back


def _locale() -> Callable[[], object]:
    name = locale.setlocale(locale.LC_ALL)
    return lambda: locale.setlocale(locale.LC_ALL, name)


def _limits() -> Callable[[], object]:
    before = {number: resource.getrlimit(number) for number in _LIMITS}

    def put_back() -> None:
        for number, limits in before.items():
            if resource.getrlimit(number) != limits:
                with contextlib.suppress(ValueError, OSError):  # only root may raise a hard limit
                    resource.setrlimit(number, limits)

    return put_back


def _warnings() -> Callable[[], object]:
    filters, show = list(warnings.filters), warnings.showwarning

    def put_back() -> None:
        warnings.showwarning = show
        if list(warnings.filters) != filters:
            warnings.resetwarnings()  # also tells the C code that the filters have changed
            warnings.filters[:] = filters  # type: ignore[index]

    return put_back


def _streams() -> Callable[[], object]:
    streams = {name: getattr(sys, name) for name in ("stdin", "stdout", "stderr")}
    copies = {}
    for descriptor in range(3):
        with contextlib.suppress(OSError):  # it was closed before
            copies[descriptor] = os.dup(descriptor)

    def put_back() -> None:
        for descriptor, copy in copies.items():
            if not _same_file(descriptor, copy):
                os.dup2(copy, descriptor)
            os.close(copy)
        for name, stream in streams.items():
            if getattr(stream, "closed", True):
                stream = open_again(name)
            setattr(sys, name, stream)

    return put_back


def _same_file(one: int, other: int) -> bool:
    try:
        return os.path.samestat(os.fstat(one), os.fstat(other))
    except OSError:
        return False


def open_again(name: str) -> Any:
    """A standard stream on its descriptor. Characters that the encoding lacks are escaped.

    Parameters
    ----------
    name : {"stdin", "stdout", "stderr"}
    """
    descriptor = ("stdin", "stdout", "stderr").index(name)
    mode = "r" if name == "stdin" else "w"
    return os.fdopen(descriptor, mode, encoding="utf-8", errors="backslashreplace", closefd=False)


def _small_things() -> Callable[[], object]:
    errors, recursion, collecting = np.geterr(), sys.getrecursionlimit(), gc.isenabled()
    disabled, mask = logging.root.manager.disable, signal.pthread_sigmask(signal.SIG_BLOCK, ())
    ours, levels = logger.disabled, logger.level
    switching, trace, profile = sys.getswitchinterval(), sys.gettrace(), sys.getprofile()
    path, timeout = list(sys.path), socket.getdefaulttimeout()

    def put_back() -> None:
        sys.settrace(trace)
        sys.setprofile(profile)
        sys.setswitchinterval(switching)
        socket.setdefaulttimeout(timeout)
        sys.path[:] = [*path, *(folder for folder in sys.path if folder not in path)]
        np.seterr(**errors)
        sys.setrecursionlimit(recursion)
        (gc.enable if collecting else gc.disable)()
        logging.disable(disabled)
        logger.disabled = ours
        logger.setLevel(levels)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.setitimer(signal.ITIMER_REAL, 0)

    return put_back


_PARTS: Final = (*(_small_things, _limits, _mode_mask, _working_folder, _environment, _locale, _warnings, _streams),)
