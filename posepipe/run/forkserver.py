"""A process that imports what workers need while the driver reads and plans, and from which the workers are forked.

torch, Dask and pandas take a process about two seconds to import. With this process, which is the fork server of
:mod:`multiprocessing`, they are imported once, beside the driver's own work, and not once more for each worker.

Only ``posepipe run`` uses it: a process has one fork server, and in a script of the user's it may be the user's. It is
not used with GPUs, because a process that uses CUDA must not be forked, nor with models of the user's own, which may
count on being imported in a new process, nor on other systems than Linux, whose libraries may not survive a fork.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from typing import Any, Final

from posepipe.config import RunConfig
from posepipe.control.state import STATE_NAME
from posepipe.errors import PosepipeError
from posepipe.workers import ready
from posepipe.workers.devices import COMPUTING_THREADS

MALLOC: Final = {"MALLOC_MMAP_THRESHOLD_": 32 * 2**20, "MALLOC_TRIM_THRESHOLD_": 256 * 2**20}
"""Bytes, read by glibc when a worker starts. Dask's own trim threshold of 64 KiB gives the memory of each tensor back
to the system and fetches it again; the page faults cost a fifth of the CPU time. 32 MiB is the largest value that
glibc accepts for the first."""
HASH_SEED: Final = "6640"
"""As Dask sets it for its workers, which must agree on the hashes of strings."""


class _Server:
    """The fork server of this process: whether it may be used, and whether it was started."""

    allowed = False
    started = False


def cpu_environment() -> dict[str, str]:
    """Environment of a worker that sees no GPU, with one thread for numerical libraries."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    return dict.fromkeys(names, str(COMPUTING_THREADS)) | {"CUDA_VISIBLE_DEVICES": ""}


@contextlib.contextmanager
def allowed(config: RunConfig) -> Iterator[None]:
    """Allow the fork server during a block, which is a whole run, and end it afterwards.

    It is started at once if the output folder is new, because then there is work; else by :func:`start`.
    """
    _Server.allowed = True
    if not Path(config.control_dir, STATE_NAME).exists():
        start(config)
    try:
        yield
    finally:
        _stop()


def start(config: RunConfig) -> None:
    """Start the fork server, where it is allowed and of use, and return at once; without effect where it is not."""
    if _Server.started or not _Server.allowed or not _of_use(config):
        return
    environment = cpu_environment() | {name: str(value) for name, value in MALLOC.items()}
    environment["PYTHONHASHSEED"] = HASH_SEED
    forkserver.set_forkserver_preload([ready.__name__])
    with contextlib.suppress(OSError):  # no more processes: starting the workers reports it
        with _blocked_signals():  # one that SIGHUP ends prints a traceback later
            resource_tracker.ensure_running()  # apart from the next step, because it unblocks signals
        with _environment(environment), _blocked_signals():
            forkserver.ensure_running()
        _Server.started = True


def _stop() -> None:
    """End the fork server and wait for it. Workers that still close, after a timeout, end with this process."""
    server: Any = vars(forkserver)["_forkserver"]
    if _Server.started and server._forkserver_pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(server._forkserver_pid, signal.SIGKILL)
        server._stop()
    _Server.started = _Server.allowed = False


def method() -> str:
    """How Dask shall start workers: multiprocessing's name of the start method."""
    return "forkserver" if _Server.started else "spawn"


def _of_use(config: RunConfig) -> bool:
    if sys.platform != "linux" or config.dry_run or config.scheduler or config.scheduler_file or ":" in config.model:
        return False
    from posepipe.run.gpus import chosen_gpus

    try:
        return not chosen_gpus(config)
    except PosepipeError:
        return False  # a check of the run reports it


@contextlib.contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Set environment variables for a moment, in which a process is started."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _blocked_signals() -> Iterator[None]:
    """Block the signals of :data:`posepipe.workers.ready.STOPS` for a moment, and in the process started in it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ready.STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
