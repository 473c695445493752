"""A fast model whose captions attack the process that it runs in: ``A person KIND 17`` does what ``KINDS[KIND]`` does.

A kind either fails, with the class that FAILS names, or must do no harm (HARMLESS). Other captions give a plain pose.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import locale
import logging
import multiprocessing
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent import futures
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from fake_model import STANDING
from numpy.typing import NDArray

MEGABYTES = 10_000_000
LEAKED: list[int] = []
FORGED = "first\n2026-01-01 00:00:00,000 INFO ended: forged\r\x1b[31m\x1b]0;owned\x07\x9b31m\u202egnp.exe\u2028\x00end"


class Furious(BaseException):
    """Not an Exception."""


class Unprintable(Exception):
    """Has no message."""

    def __str__(self) -> str:
        raise SystemExit("no message for you")

    __repr__ = __str__


class NoMessage(Exception):
    """Its message is not a string."""

    def __str__(self) -> str:
        return None  # type: ignore[return-value]


class _Text(str):
    """A string that can be neither pickled nor cut."""

    def __reduce__(self) -> NoReturn:
        raise ValueError("not picklable")

    def __getitem__(self, _: object) -> NoReturn:
        raise ValueError("not to be cut")


class OddText(Exception):
    """Its message is a string of another class."""

    def __str__(self) -> str:
        return _Text("odd")


class Disguised(Exception):
    """Has no class."""

    __class__ = property(lambda self: 1 / 0)  # type: ignore[assignment]


class SlowMessage(Exception):
    """Takes for ever to say what it is."""

    def __str__(self) -> str:
        return str(time.sleep(3600))


class Unpicklable(Exception):
    """Holds a lock, needs two arguments and is its own cause."""

    def __init__(self, first: object, second: object) -> None:
        super().__init__("unpicklable")
        self.lock = threading.Lock()
        self.__cause__ = self


class HostileArray:
    """Raises when it is read."""

    def __array__(self, *_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt


def _raise(error: BaseException) -> NoReturn:
    raise error


def _there(depth: int) -> int:
    return _back_again(depth + 1) + 1


def _back_again(depth: int) -> int:
    return _there(depth + 1) + 1


def _long_chain() -> NoReturn:
    error = RuntimeError("the last of 5,000")
    for number in range(5000):
        cause, error = error, RuntimeError(f"caused by {number}")
        error.__cause__ = cause
    raise error


def _broken_syntax_error() -> NoReturn:
    error = SyntaxError("broken")
    error.text, error.lineno, error.offset, error.filename = 3, "four", object(), 5  # type: ignore[assignment]
    raise error


def _noted() -> NoReturn:
    error = RuntimeError("with notes")
    error.add_note("n" * MEGABYTES)
    raise error


def _close_everything() -> None:
    os.closerange(0, 4096)


def _leak_files() -> None:
    while True:
        LEAKED.append(os.open(os.devnull, os.O_RDONLY))


def _fork() -> None:
    if os.fork() == 0:
        return  # the child goes on as if it were the worker


def _print_for_ever() -> NoReturn:
    while True:
        print("line " * 200)


def _catch_everything() -> NoReturn:
    while True:
        try:
            while True:
                time.sleep(0.01)
        except BaseException:
            continue


FAILS: dict[str, tuple[str, Callable[[], Any]]] = {
    "raises": ("ZeroDivisionError", lambda: 1 / 0),
    "furious": ("Furious", lambda: _raise(Furious("not an Exception"))),
    "cancelled": ("CancelledError", lambda: _raise(asyncio.CancelledError())),
    "cancelled-future": ("CancelledError", lambda: _raise(futures.CancelledError("of a future"))),
    "generator-exit": ("GeneratorExit", lambda: _raise(GeneratorExit())),
    "system-exit": ("SystemExit", lambda: sys.exit("bye")),
    "ctrl-c": ("KeyboardInterrupt", lambda: _raise(KeyboardInterrupt())),
    "stop-iteration": ("StopIteration", lambda: next(iter([]))),
    "unprintable": ("Unprintable", lambda: _raise(Unprintable())),
    "no-message": ("NoMessage", lambda: _raise(NoMessage())),
    "odd-text": ("OddText", lambda: _raise(OddText())),
    "disguised": ("Disguised", lambda: _raise(Disguised("who am I"))),
    "surrogates": ("ValueError", lambda: _raise(ValueError("half a character: \ud83d and \udcff"))),
    "long-message": ("ValueError", lambda: _raise(ValueError("m" * MEGABYTES))),
    "forged-lines": ("ValueError", lambda: _raise(ValueError(FORGED))),
    "odd-name": ("Odd\\n\\x1b[31mName", lambda: _raise(type("Odd\n\x1b[31mName", (Exception,), {})("odd name"))),
    "unpicklable": ("Unpicklable", lambda: _raise(Unpicklable(1, 2))),
    "long-chain": ("RuntimeError", _long_chain),
    "notes": ("RuntimeError", _noted),
    "broken-syntax-error": ("SyntaxError", _broken_syntax_error),
    "group": ("BaseExceptionGroup", lambda: _raise(BaseExceptionGroup("two", [KeyboardInterrupt(), ValueError()]))),
    "recursion": ("RecursionError", lambda: _there(0)),
    "no-memory": ("OutOfMemory", lambda: _raise(MemoryError())),
    "huge-allocation": ("OutOfMemory", lambda: np.ones(2**60, dtype=np.int8)),
    "missing-file": ("FileNotFoundError", lambda: Path("/nothing/there").read_text()),
    "disk-full": ("OSError", lambda: _raise(OSError(28, "No space left on device"))),
    "exits": ("WorkerDied", lambda: os._exit(0)),
    "killed": ("WorkerDied", lambda: os.kill(os.getpid(), signal.SIGKILL)),
    "segfault": ("WorkerDied", lambda: ctypes.string_at(0)),
    "aborts": ("WorkerDied", os.abort),
    "alarm": ("WorkerDied", lambda: (signal.setitimer(signal.ITIMER_REAL, 0.01), time.sleep(60))),
    "closes-everything": ("WorkerDied", _close_everything),
    "leaks-files": ("WorkerDied", _leak_files),
    "hangs": ("BatchTimeout", lambda: time.sleep(3600)),
    "hangs-with-the-lock": ("BatchTimeout", lambda: ctypes.PyDLL(None).sleep(3600)),
    "catches-everything": ("BatchTimeout", _catch_everything),
    "prints-for-ever": ("BatchTimeout", _print_for_ever),
    "slow-message": ("BatchTimeout", lambda: _raise(SlowMessage())),
}
"""Class of the failed row by kind, and what the model does first."""


def _ragged(motions: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    return [motion[: 4 + index % 2] for index, motion in enumerate([*motions, motions[0]])]


WRONG: dict[str, tuple[str, Callable[[NDArray[np.float32]], Any]]] = {
    "nan": ("NonFinitePose", lambda motions: motions * np.float32("nan")),
    "overflow": ("NonFinitePose", lambda motions: motions.astype(np.float64) * 1e300),
    "too-few-joints": ("BadShape", lambda motions: motions[:, :, :21]),
    "too-few-poses": ("BadShape", lambda motions: motions[1:]),
    "too-many-poses": ("BadShape", lambda motions: np.concatenate([motions, motions])),
    "generator": ("BadShape", lambda motions: (motion for motion in motions)),
    "objects": ("BadShape", lambda motions: motions.astype(object)),
    "integers": ("BadShape", lambda motions: motions.astype(np.int64)),
    "complex": ("BadShape", lambda motions: motions.astype(np.complex64)),
    "texts": ("BadShape", lambda motions: motions.astype(str)),
    "nothing": ("BadShape", lambda motions: None),
    "ragged": ("BadShape", _ragged),
    "hostile-array": ("KeyboardInterrupt", lambda motions: HostileArray()),
}
"""The same for kinds that give a wrong answer; the function changes the answer for the whole batch."""


def _printed() -> None:
    print("\x1b[31mprinted\nby the model", end="")
    print("to stderr", file=sys.stderr)


def _printed_megabytes() -> None:
    sys.stdout.write("x" * MEGABYTES)
    os.write(1, b"y" * MEGABYTES)
    os.write(2, b"\xff\x00" * MEGABYTES)


def _child_prints() -> None:
    subprocess.run([sys.executable, "-c", "print('of a child', input())"], check=False)


def _processes() -> None:
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(abs, [-1, -2]) == [1, 2]


def _threads() -> None:
    threads = [threading.Thread(target=sys.exit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()


def _limit(name: int, value: int) -> None:
    resource.setrlimit(name, (value, resource.getrlimit(name)[1]))


def _no_streams() -> None:
    sys.stdout.close()
    sys.stderr = None
    os.close(1)
    os.close(2)


HARMLESS: dict[str, Callable[[], Any]] = {
    "prints": _printed,
    "prints-megabytes": _printed_megabytes,
    "prints-surrogates": lambda: print("\ud83d", "中文"),
    "child-prints": _child_prints,
    "processes": _processes,
    "threads": _threads,
    "forks": _fork,
    "working-folder": lambda: os.chdir("/"),
    "locale": lambda: locale.setlocale(locale.LC_ALL, "C"),
    "random-state": lambda: (random.seed(1), np.random.seed(1)),  # noqa: NPY002
    "warnings-filter": lambda: (warnings.resetwarnings(), warnings.simplefilter("error")),
    "warns": lambda: warnings.warn(FORGED, stacklevel=1),
    "signal-mask": lambda: signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)),
    "umask": lambda: os.umask(0o777),
    "environment": lambda: os.environ.clear(),
    "numpy-errors": lambda: np.seterr(all="raise"),
    "switch-interval": lambda: sys.setswitchinterval(3600),
    "import-path": sys.path.clear,
    "socket-timeout": lambda: socket.setdefaulttimeout(1e-6),
    "recursion-limit": lambda: sys.setrecursionlimit(90),
    "file-size": lambda: _limit(resource.RLIMIT_FSIZE, 0),
    "open-files": lambda: _limit(resource.RLIMIT_NOFILE, 3),
    "no-streams": _no_streams,
    "no-garbage-collection": gc.disable,
    "no-logging": lambda: logging.disable(logging.CRITICAL),
    "logs": lambda: (logging.getLogger().error(FORGED), logging.getLogger("posepipe").error(FORGED)),
    "interrupts": lambda: os.kill(os.getpid(), signal.SIGINT),
    "terminates": lambda: os.kill(os.getpid(), signal.SIGTERM),
}
"""Kinds whose poses are made all the same."""

RIGHT: dict[str, Callable[[NDArray[np.float32]], Any]] = {
    "list": list,
    "masked": np.ma.masked_array,
}
"""Unusual answers that are sound."""


class PoisonModel:
    """Poses that depend on caption and seed, and attacks where the caption asks for one."""

    fingerprint = "poison-1"

    def __init__(self) -> None:
        self._kept: list[NDArray[np.float32]] = []

    def generate(self, captions: list[str], seeds: list[int], **settings: Any) -> Any:
        for kept in self._kept:
            kept[:] = np.nan  # what it returned before is still its own
        self._kept.clear()
        frames = settings["sequence_length"]
        motions = np.stack([self._motion(seed, frames) for seed in seeds])
        kinds = [kind for kind in map(_kind, captions) if kind]
        for kind in kinds:
            if kind in FAILS:
                FAILS[kind][1]()
            elif kind in HARMLESS:
                HARMLESS[kind]()
        captions.clear()
        seeds[:] = [0]
        self._kept.append(motions)
        answer: Any = motions
        for kind in kinds:
            if kind in WRONG:
                return WRONG[kind][1](motions)
            if kind in RIGHT:
                answer = RIGHT[kind](motions)
        return answer

    def _motion(self, seed: int, frames: int) -> NDArray[np.float32]:
        motion = np.repeat(STANDING[None], frames, axis=0)
        motion[:, 21, 1] += seed % 1000 / 2000
        return motion


WORKER_ONLY = frozenset(
    {kind for kind, (name, _) in FAILS.items() if name in ("WorkerDied", "BatchTimeout")}
    | {"prints-megabytes", "prints-surrogates", "child-prints", "processes", "interrupts", "terminates", "no-streams"}
)
"""Kinds for the process of a worker only, not for that of a test."""
KINDS = {*FAILS, *WRONG, *HARMLESS, *RIGHT}


def _kind(caption: str) -> str | None:
    return next((word for word in caption.split() if word in KINDS), None)


def expected() -> Iterator[tuple[str, str]]:
    """Each kind that fails, with its class."""
    for kinds in (FAILS, WRONG):
        yield from ((kind, name) for kind, (name, _) in kinds.items())


def factory(device: str) -> PoisonModel:
    return PoisonModel()
