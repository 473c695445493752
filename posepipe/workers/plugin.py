"""What each worker process has: a preload that ignores Ctrl-C, and a plugin with model, log and deadline."""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from distributed import Worker, WorkerPlugin, get_worker

from posepipe.errors import is_machine_error, message_of, traceback_of
from posepipe.picture import GlyphWarning
from posepipe.storage import atomic
from posepipe.workers.contract import TOPIC, RunContext
from posepipe.workers.deadline import Deadline
from posepipe.workers.devices import load_on, visible_gpus
from posepipe.workers.infer import infer_partition
from posepipe.workers.isolation import allow_children, between_calls, end_children
from posepipe.workers.logs import LogFile, file_name
from posepipe.workers.printed import Printed
from posepipe.workers.publish import publish_partition

if TYPE_CHECKING:
    import pandas as pd

    from posepipe.models.base import Model

PLUGIN: Final = "posepipe"
EXIT_DEVICE: Final = 71
EXIT_FILES: Final = 72

logger = logging.getLogger("posepipe")


def dask_setup(worker: Worker) -> None:
    """Preload: ignore the Ctrl-C that a terminal sends to every process. The nanny ends the worker."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


class PosepipeWorker(WorkerPlugin):  # type: ignore[misc]
    """The model, the log and the deadline of a worker process during a run."""

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
        self._deadline = Deadline(config.temp_dir, self.context.run_id, config.batch_timeout, end_children)
        name = file_name(self.name_of_worker)
        self._log = _open_log(Path(config.log_dir) / f"{name}.log")
        self._printed: Printed | None = None
        if not (config.scheduler or config.scheduler_file):  # on a user's cluster the process is the user's
            self._printed = Printed(Path(config.temp_dir) / f"{atomic.OWN}printed-{self.context.run_id}-{name}")
            allow_children()
        warnings.showwarning = self._log_warning
        warnings.simplefilter("ignore", GlyphWarning)  # the driver says it once for all captions
        logger.info("worker %s: process %d, run %s", worker.name, os.getpid(), self.context.run_id)
        self.note({"state": "started"})

    def teardown(self, worker: Worker) -> None:
        """Close the log. What the model started in other processes ends."""
        if self._printed is not None:
            end_children()
            self._printed.close()
        logger.removeHandler(self._log)
        self._log.close()

    @cached_property
    def device(self) -> str:
        """``cpu``, or ``cuda:`` with the number that nvidia-smi shows. On a user's cluster: the first visible GPU."""
        kind, number = self.name_of_worker[:3], self.name_of_worker[3:]
        if number.isdigit() and kind in ("cpu", "gpu"):
            return f"cuda:{number}" if kind == "gpu" else "cpu"
        if self.context.config.gpus == "none" or not visible_gpus():
            return "cpu"
        return f"cuda:{visible_gpus()[0]}"

    def model(self) -> Model:
        """The model, loaded once per process."""
        with self._model_lock:
            if self._model is None:
                config = self.context.config
                self.note({"state": "loading"})
                self._model = load_on(config, "cuda:0" if self.device != "cpu" else "cpu", self.device)
                warnings.simplefilter("ignore", GlyphWarning)  # in front of the filters that the model has set
                logger.info("model %s loaded on %s", config.model, self.device)
                self.note({"state": "loaded"})
        return self._model

    def release(self) -> None:
        """Free the model's memory. The model is loaded again when it is needed."""
        with self._model_lock:
            self._model = None
        if self.device != "cpu":
            import torch

            torch.cuda.empty_cache()

    @contextmanager
    def deadline(self, partition: int, keys: Sequence[str]) -> Iterator[Callable[[Sequence[str]], None]]:
        """Record what is in flight; see :class:`posepipe.workers.deadline.Deadline`.

        A process whose files were all closed by the model ends.
        """
        with self._deadline.watch(partition, keys) as goes_on_with:
            try:
                yield goes_on_with
            finally:
                if self._printed is not None and not self._printed.intact:
                    end_children()
                    os._exit(EXIT_FILES)

    def give_up(self, error: BaseException) -> None:
        """End this process, whose GPU no longer works. The nanny starts another one."""
        logger.error("worker %s gives up: %s", self.name_of_worker, message_of(error))
        logger.error("%s", traceback_of(error))
        end_children()
        os._exit(EXIT_DEVICE)

    def note(self, event: dict[str, Any]) -> None:
        """Send an event to the driver and to ``posepipe watch``.

        Every event has the totals of this process, for viewers that attach late. The scheduler adds ``worker``, the
        address.
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
    """The part of the plugin that the stages use; ``name`` is the worker's."""

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
        try:
            return publish_partition(poses, context, _State(plugin))
        except Exception as error:
            if not is_machine_error(error):
                raise
            logger.warning("writing failed and is tried again: %s", message_of(error))
        with between_calls:  # the model, in the other thread, may have changed the limits of the process meanwhile
            return publish_partition(poses, context, _State(plugin))
    finally:
        plugin.note({"state": "published"})


def load_model(dask_worker: Worker) -> str:
    """Load the model on a worker (for ``Client.run``); returns its fingerprint."""
    return cast(PosepipeWorker, dask_worker.plugins[PLUGIN]).model().fingerprint


def release_model(dask_worker: Worker) -> None:
    """Free the memory of the model on a worker (for ``Client.run``)."""
    cast(PosepipeWorker, dask_worker.plugins[PLUGIN]).release()


def _open_log(path: Path) -> LogFile:
    handler = LogFile(path)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    faulthandler.enable(file=handler.stream or sys.stderr)
    return handler
