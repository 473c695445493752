"""What lives in each worker: the preload that keeps Ctrl-C away, and the plugin that holds model, log and deadline."""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from distributed import Worker, WorkerPlugin, get_worker

from posepipe.errors import MachineError
from posepipe.picture import GlyphWarning
from posepipe.workers.contract import RunContext
from posepipe.workers.deadline import Deadline
from posepipe.workers.infer import infer_partition
from posepipe.workers.logs import LogFile
from posepipe.workers.publish import publish_partition

if TYPE_CHECKING:
    import pandas as pd

    from posepipe.models.base import Model

from posepipe.workers.contract import TOPIC

PLUGIN: Final = "posepipe"
EXIT_DEVICE: Final = 71

logger = logging.getLogger("posepipe")


def dask_setup(worker: Worker) -> None:
    """Preload: a worker lives and dies by its nanny, not by a Ctrl-C that the terminal sends to everybody."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


class PosepipeWorker(WorkerPlugin):  # type: ignore[misc]
    """What a worker process holds for a run; stages reach it through :func:`worker_state`."""

    name = PLUGIN

    def __init__(self, context: RunContext) -> None:
        self.context = context

    def setup(self, worker: Worker) -> None:
        """Open the log; the model is loaded at the first batch, or by :meth:`model` before it."""
        self._worker = worker
        self.name_of_worker = str(worker.name)
        self._model: Model | None = None
        self._model_lock = threading.Lock()
        self._totals: Counter[str] = Counter()
        self._notes_lock = threading.Lock()
        config = self.context.config
        self._deadline = Deadline(str(config.temp_dir), self.context.run_id, config.batch_timeout)
        self._log = _open_log(Path(config.log_dir) / f"{_file_name(self.name_of_worker)}.log")
        warnings.showwarning = self._log_warning
        warnings.simplefilter("ignore", GlyphWarning)  # the driver says it once for all captions
        logger.info("worker %s: process %d, run %s", worker.name, os.getpid(), self.context.run_id)
        self.note({"state": "started"})

    def teardown(self, worker: Worker) -> None:
        """Close the log."""
        logger.removeHandler(self._log)
        self._log.close()

    @cached_property
    def device(self) -> str:
        """``cpu``, or ``cuda:`` with the number the user knows it by; a foreign worker looks what it has."""
        kind, number = self.name_of_worker[:3], self.name_of_worker[3:]
        if number.isdigit() and kind in ("cpu", "gpu"):
            return f"cuda:{number}" if kind == "gpu" else "cpu"
        if self.context.config.gpus == "none" or not visible_gpus():
            return "cpu"
        return f"cuda:{visible_gpus()[0]}"

    def model(self) -> Model:
        """The model, loaded once per process."""
        from posepipe import models

        with self._model_lock:
            if self._model is None:
                config = self.context.config
                self.note({"state": "loading"})
                try:
                    self._model = models.load(
                        config.model,
                        "cuda:0" if self.device != "cpu" else "cpu",
                        checkpoints=config.checkpoints,
                        solver=config.solver,
                        solver_steps=config.solver_steps,
                        precision=config.precision,
                    )
                except RuntimeError as error:
                    if "cuda" not in str(error).lower():
                        raise
                    raise MachineError(f"{self.device}: {str(error).splitlines()[0]}") from error
                logger.info("model %s loaded on %s", config.model, self.device)
                self.note({"state": "loaded"})
        return self._model

    def release(self) -> None:
        """Give the model's memory back; it is loaded again when it is needed."""
        with self._model_lock:
            self._model = None
        if self.device != "cpu":
            import torch

            torch.cuda.empty_cache()

    def deadline(self, partition: int, keys: Sequence[str]) -> AbstractContextManager[None]:
        """Note what is in flight; see :class:`posepipe.deadline.Deadline`."""
        return self._deadline.watch(partition, keys)

    def give_up(self, error: Exception) -> None:
        """End this process: its device answers nothing any more. The nanny starts another."""
        logger.error("worker %s gives up: %s", self.name_of_worker, error, exc_info=error)
        os._exit(EXIT_DEVICE)

    def note(self, event: dict[str, Any]) -> None:
        """Tell whoever watches the run; every event carries this process's totals, for those who come late.

        The scheduler adds ``worker``, the address.
        """
        with self._notes_lock:
            for name in ("joints", "poses", "failed"):
                self._totals[name] += event.get(name, 0)
            about = {"run": self.context.run_id, "name": self.name_of_worker, "device": self.device}
            self._worker.log_event(TOPIC, about | {"process": os.getpid(), "totals": dict(self._totals)} | event)

    def _log_warning(self, message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
        logger.warning("%s: %s", category.__name__, message)
        if category.__module__.startswith("posepipe"):
            self.note({"warning": str(message)})


class _State:
    """The plugin as the stages see it: ``name`` is the worker's."""

    def __init__(self, plugin: PosepipeWorker) -> None:
        self.name, self.device = plugin.name_of_worker, plugin.device
        self.model, self.deadline, self.note = plugin.model, plugin.deadline, plugin.note
        self.give_up = plugin.give_up


def _plugin() -> PosepipeWorker:
    return cast(PosepipeWorker, get_worker().plugins[PLUGIN])


def infer(work: pd.DataFrame, context: RunContext, at_most: int | None = None) -> pd.DataFrame:
    """Stage one, on the worker that this is called on."""
    plugin = _plugin()
    plugin.note({"began": int(work["partition"].iloc[0])})
    try:
        return infer_partition(work, context, _State(plugin), at_most)
    finally:
        plugin.note({"state": "inferred"})


def publish(poses: pd.DataFrame, context: RunContext) -> pd.DataFrame:
    """Stage two, on the worker that this is called on."""
    import cv2

    plugin = _plugin()
    cv2.setNumThreads(1)  # other workers have the other cores
    plugin.note({"state": "publishing"})
    try:
        return publish_partition(poses, context, _State(plugin))
    finally:
        plugin.note({"state": "published"})


def load_model(dask_worker: Worker) -> str:
    """Load the model on a worker (for ``Client.run``); returns its fingerprint."""
    return cast(PosepipeWorker, dask_worker.plugins[PLUGIN]).model().fingerprint


def release_model(dask_worker: Worker) -> None:
    """Give back the memory of the model on a worker (for ``Client.run``)."""
    cast(PosepipeWorker, dask_worker.plugins[PLUGIN]).release()


def _open_log(path: Path) -> LogFile:
    handler = LogFile(path)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    faulthandler.enable(file=handler.stream or sys.stderr)
    return handler


def _file_name(worker_name: str) -> str:
    return "".join(c if c.isalnum() or c in "._-" else "_" for c in worker_name)


def visible_gpus() -> list[int]:
    """Numbers of the GPUs that this process may use, in nvidia-smi's order of counting.

    All of the machine's, or those that CUDA_VISIBLE_DEVICES names by number or UUID. As for CUDA, an entry that names
    no GPU ends the list. A MIG instance counts as the GPU that it is part of.
    """
    import pynvml

    try:
        pynvml.nvmlInit()
        count = int(pynvml.nvmlDeviceGetCount())
    except pynvml.NVMLError:
        return []
    chosen = os.environ.get("CUDA_VISIBLE_DEVICES")
    if chosen is None:
        return list(range(count))
    found: list[int] = []
    for entry in chosen.split(","):
        number = _gpu_number(entry.strip(), count)
        if number is None:
            break
        found.append(number)
    return list(dict.fromkeys(found))


def _gpu_number(entry: str, count: int) -> int | None:
    """The GPU that an entry of CUDA_VISIBLE_DEVICES names, of ``count``; None if there is no such GPU."""
    import pynvml

    if entry.isdigit():
        return int(entry) if int(entry) < count else None
    if not entry.startswith(("GPU-", "MIG-")):
        return None
    try:
        handle = pynvml.nvmlDeviceGetHandleByUUID(entry.encode())
        if entry.startswith("MIG-"):
            handle = pynvml.nvmlDeviceGetDeviceHandleFromMigDeviceHandle(handle)
        return int(pynvml.nvmlDeviceGetIndex(handle))
    except pynvml.NVMLError:
        return None
