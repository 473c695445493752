"""Drive the work of a run through the cluster in waves.

A wave is a Dask dataframe of a few partitions per worker; the next one is submitted when the running one is half
done. What happens to the captions of a worker that died is decided in :mod:`posepipe.run.suspects`.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import signal
from collections import deque
from functools import partial
from time import monotonic
from typing import Any, Final

import dask.dataframe as dd
import pandas as pd
from distributed import Client, Future, KilledWorker, futures_of
from distributed.comm import CommClosedError

from posepipe import manifest
from posepipe.control.inbox import PAUSE, PAUSE_RELEASE, RESUME, STOP
from posepipe.control.lock import RunControl
from posepipe.control.state import PAUSED, PAUSING, RUNNING, STOPPING
from posepipe.errors import MachineError, PosepipeError, is_machine_error
from posepipe.run import cluster
from posepipe.run.signals import Interrupted, Signals
from posepipe.run.summary import Observer, Tally
from posepipe.run.suspects import PIECES, Guilty, Partition, Portion, Suspects
from posepipe.run.work import Work
from posepipe.storage.stores import FileStore
from posepipe.workers.contract import TOPIC, RunContext, pose_meta, records, status_meta
from posepipe.workers.plugin import infer, publish, release_model
from posepipe.workers.replacing import restored
from posepipe.workers.rows import failed_row, log_failure

PARTITION: Final = 256
"""Captions per partition, at most. A killed run may lose this much work for each partition in flight."""
LEAST_PARTITION: Final = 64
"""Captions per partition, at least, if each worker gets one: about one batch, which is padded if it is not full."""
PARTITIONS_PER_WORKER: Final = 3
POLL_SECONDS: Final = 0.2
WORKERS_SECONDS: Final = 2.0
"""Time between two looks at which workers there are."""
NO_WORKERS_SECONDS: Final = 300.0
"""Time without any worker after which the run stops."""
NO_WORKERS_STOP_SECONDS: Final = 10.0
"""The same for a run that was asked to stop."""
SUSPENDED_SECONDS: Final = 5.0
"""Time between two looks at the clock that means that the machine was suspended (Ctrl-Z, a closed laptop)."""
LOST: Final = "the Dask scheduler is lost; start again, and the run goes on where it stopped"

logger = logging.getLogger("posepipe")


def partition_size(poses: int, workers: int) -> int:
    """Captions per partition: a few partitions for each worker, but none much smaller than a batch.

    >>> partition_size(10_000, 2), partition_size(126, 2), partition_size(100, 8)
    (256, 63, 13)
    """
    a_few_each = -(-poses // (PARTITIONS_PER_WORKER * workers))
    one_each = -(-poses // workers)
    return max(1, min(PARTITION, max(a_few_each, min(LEAST_PARTITION, one_each))))


class Waves:
    """Drives the work of one run through a cluster.

    Parameters
    ----------
    client : Client
        Of a cluster whose workers have posepipe's plugin.
    context : RunContext
    run_control : RunControl
        The lock, and the requests from other terminals.
    observer : Observer
        Receives the progress of the run.
    signals : Signals
        Tells when the process is asked to end.
    workers : int
        Number of workers that infer.

    Attributes
    ----------
    tally : Tally
    """

    def __init__(
        self,
        client: Client,
        context: RunContext,
        run_control: RunControl,
        observer: Observer,
        signals: Signals,
        workers: int,
    ) -> None:
        self._client, self._context, self._control = client, context, run_control
        self._observer, self._signals, self._workers = observer, signals, workers
        self._finished: queue.SimpleQueue[Partition] = queue.SimpleQueue()
        self._events: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._in_flight: dict[int, Partition] = {}
        self._suspects = Suspects(context)
        self._dead_workers: set[str] = set()
        self._last_clock = self._awoke = self._workers_checked = self._workers_seen = monotonic()
        self._numbers = iter(range(2**31 - 1))
        self._stopping = False
        self._paused = False
        self._release = False
        self.tally = Tally()

    def run(self, work: Work) -> None:
        """Do the work; returns when it is done, or when nothing is in flight any more after ``stop``.

        Raises
        ------
        MachineError
            The machine or the cluster cannot go on. Rows that were written stay.
        """
        size = partition_size(len(work), self._workers)
        starts = range(0, len(work), size)
        backlog = deque(Portion(partial(work.frame, start, start + size)) for start in starts)
        self._client.subscribe_topic(TOPIC, lambda event: self._events.put(event[1]))
        try:
            self._drain(backlog, at_once=PARTITIONS_PER_WORKER * self._workers)
            self._drain(self._suspects.portions, at_once=1)
        except Exception as error:  # Dask raises many classes when its scheduler is gone
            if isinstance(error, PosepipeError) or self._client.status == "running":
                raise
            raise MachineError(LOST) from error
        finally:
            with contextlib.suppress(MachineError):  # the first error is the one to report
                self._control.update(made=self.tally.made, failed=self.tally.failed.total())
            self._forward_events()
            if self._client.status == "running":
                self._client.unsubscribe_topic(TOPIC)
            for partition in self._in_flight.values():
                if partition.future is not None:
                    partition.future.release()

    @property
    def stopped(self) -> bool:
        """Whether the run was asked to end."""
        return self._stopping

    def _drain(self, backlog: deque[Portion], *, at_once: int) -> None:
        """Keep at most ``at_once`` partitions in flight until the backlog is empty."""
        alone = at_once == 1
        while self._in_flight or (backlog and not self._stopping):
            self._check_clock()
            self._forward_events()
            self._follow_requests(backlog)
            if backlog and not self._paused and not self._stopping and len(self._in_flight) <= at_once // 2:
                count = min(len(backlog), at_once - len(self._in_flight))
                self._submit([backlog.popleft() for _ in range(count)], alone=alone)
            if self._client.status not in ("running", "connecting"):
                raise MachineError(LOST)
            try:
                partition = self._finished.get(timeout=POLL_SECONDS)
            except queue.Empty:
                self._check_workers()
                continue
            if self._in_flight.pop(partition.number, None) is not None:
                self._collect(partition, backlog, alone=alone)
                self._announce({"tally": self.tally.event(), "partition": partition.number})

    def _submit(self, portions: list[Portion], *, alone: bool) -> None:
        """Submit one wave: a Dask dataframe through both stages, each with its own resource."""
        wave = []
        for portion in portions:
            number = next(self._numbers)
            wave.append(Partition(number, portion, portion.rows().assign(partition=number), monotonic()))
        at_most = -(-len(wave[0].work) // PIECES) if alone else None
        arguments = [self._context, at_most]
        poses = self._client.persist(
            dd.from_map(infer, [p.work for p in wave], args=arguments, meta=pose_meta(), enforce_metadata=False),
            resources={"infer": 1},
        )
        rows = self._client.persist(
            poses.map_partitions(publish, self._context, meta=status_meta(), enforce_metadata=False),
            resources={"publish": 1},
        )
        for future in futures_of(rows):
            partition = wave[future.key[-1]]
            partition.future = future
            self._in_flight[partition.number] = partition
            future.add_done_callback(lambda _, p=partition: self._finished.put(p))

    def _collect(self, partition: Partition, backlog: deque[Portion], *, alone: bool) -> None:
        """Count a finished partition, or decide what follows from the death of its worker."""
        self._check_clock()
        future, partition.future = partition.future, None
        if future is None:
            return
        if future.status == "finished":
            self._suspects.progress()
            rows = self._fetch(future)
            if rows is not None:
                self._count(rows)
                return
        if future.status != "error":  # the rows were lost with their worker
            if not self._stopping:
                backlog.append(partition.portion)
            return
        error = future.exception()
        if isinstance(error, KilledWorker):
            self._after_death(partition, backlog, error, alone=alone)
        elif is_machine_error(error):
            raise error if isinstance(error, PosepipeError) else MachineError(str(error)) from error
        elif isinstance(error, PosepipeError):
            raise error
        else:
            guilty = self._suspects.after_error(partition, error, alone=alone)
            if guilty is not None:
                self._fail(partition, guilty)

    def _fetch(self, future: Future) -> pd.DataFrame | None:
        """The rows of a finished partition; None where the worker that holds them died.

        ``Future.result`` would wait until they are made again, and raise if that worker dies too.

        Raises
        ------
        MachineError
            The scheduler is lost.
        """
        try:
            answer = self._client.sync(self._client.scheduler.gather, keys=[future.key])
        except CommClosedError as error:
            raise MachineError(LOST) from error
        return answer["data"][future.key] if answer["status"] == "OK" else None

    def _count(self, rows: pd.DataFrame) -> None:
        failed = rows[rows["status"].eq("failed")]
        unsure = rows["unsure"].dropna().tolist() if "unsure" in rows else []
        collisions = int(rows["collision"].eq(True).sum()) if "collision" in rows else 0
        self.tally.count(len(rows) - len(failed), failed["error_type"].tolist(), unsure, collisions)
        if "set_aside" in rows:
            self.tally.set_aside += int(rows["set_aside"].fillna(0).sum())
        self._observer.progress(self.tally)

    # Workers that die or stay away

    def _after_death(self, partition: Partition, backlog: deque[Portion], error: KilledWorker, *, alone: bool) -> None:
        worker = error.last_worker
        logger.info("partition %d was on worker %s, which died", partition.number, worker.name)
        self._dead_workers.add(worker.address)
        self.tally.deaths = len(self._dead_workers)
        requeued, guilty = self._suspects.after_death(partition, worker.address, alone=alone, awoke=self._awoke)
        backlog.extend(requeued)
        if guilty is not None:
            self._fail(partition, guilty)

    def _fail(self, partition: Partition, guilty: Guilty) -> None:
        """Write the row of a caption that killed its worker."""
        config = self._context.config
        work = records(guilty.work)
        rows = [failed_row(row, guilty.failure, guilty.stacks, self._context) for row in work]
        name = f"{self._context.run_id}-{partition.number:06d}"
        store = FileStore(config.final_dir, config.temp_dir)
        final = [restored(row, pose, store) for row, pose in zip(rows, work, strict=True)]
        manifest.write_fragment(config.manifest, final, name, fsync=config.fsync)
        for row in rows:
            self.tally.examples[row["error_type"]] = log_failure(row)
        self._count(pd.DataFrame(rows))

    def _check_workers(self) -> None:
        """Check every few seconds that there are workers. A run that is stopping ends without them.

        Raises
        ------
        MachineError
            There have been none for too long.
        """
        now = monotonic()
        if now - self._workers_checked < WORKERS_SECONDS or self._client.status != "running":
            return
        if self._dead_workers:
            with contextlib.suppress(Interrupted):  # the next look at the signals stops the run
                cluster.revive(self._client, self._signals)
        if cluster.inferring(self._client):
            self._workers_checked = self._workers_seen = now
        elif self._stopping and now - self._workers_seen > NO_WORKERS_STOP_SECONDS:
            self._in_flight.clear()  # the next run makes what these partitions lack
        elif now - self._workers_seen > NO_WORKERS_SECONDS:
            raise MachineError(f"no worker that infers has been there for {NO_WORKERS_SECONDS:g} s")

    def _check_clock(self) -> None:
        """Notice that the machine was suspended."""
        now = monotonic()
        if now - self._last_clock > SUSPENDED_SECONDS:
            self._awoke = now
        self._last_clock = now

    # Requests, signals, events

    def _follow_requests(self, backlog: deque[Portion]) -> None:
        """Do what a signal or another terminal asks for."""
        if self._signals.received and not self._stopping:
            again = "Ctrl-C again" if self._signals.received == signal.SIGINT else "the signal again"
            self._observer.message(f"{self._signals.name}: finishing what is in flight; {again} ends at once")
            self._stop()
        for request in sorted(self._control.requests(), key=lambda request: request != STOP):
            self._obey(request, backlog)
        if self._paused and not self._in_flight and self._control.state.state == PAUSING:
            if self._release:
                self._client.run(release_model, on_error="ignore")  # a worker that dies has released its model too
            self._update(PAUSED)
            self._observer.message("paused; posepipe resume goes on")
        self._control.answer(RESUME)
        if self._control.state.state != PAUSING:
            self._control.answer(PAUSE, PAUSE_RELEASE)

    def _obey(self, request: str, backlog: deque[Portion]) -> None:
        """Begin to do what another terminal asks for. Nothing overrules a stop, which the end of the run answers."""
        if self._stopping:
            return
        if request == STOP:
            self._observer.message("stop: finishing what is in flight")
            self._stop()
        elif request in (PAUSE, PAUSE_RELEASE):
            self._paused = True
            self._release = request == PAUSE_RELEASE
            backlog.extendleft(reversed(self._recall()))
            self._update(PAUSING)
            self._observer.message("pause: finishing what is in flight")
        elif self._paused:
            self._paused = False
            self._update(RUNNING)
            self._observer.message("resumed")

    def _stop(self) -> None:
        """Submit nothing more, and finish only what a worker has begun."""
        self._stopping, self._paused = True, False
        self._update(STOPPING)
        self._recall()

    def _update(self, state: str) -> None:
        self._control.update(state=state, made=self.tally.made, failed=self.tally.failed.total())
        self._announce({"run_state": state})

    def _announce(self, event: dict[str, Any]) -> None:
        """Send an event to ``posepipe watch``."""
        with contextlib.suppress(OSError):  # an event that is lost does not end the run
            self._client.log_event(TOPIC, {"run": self._context.run_id, **event})

    def _recall(self) -> list[Portion]:
        """Cancel the partitions that no worker has begun; returns their portions."""
        waiting = [p for p in self._in_flight.values() if not p.began]
        self._client.cancel([p.future for p in waiting if p.future is not None], force=True)
        for partition in waiting:
            self._in_flight.pop(partition.number, None)
        return [partition.portion for partition in waiting]

    def _forward_events(self) -> None:
        """Pass the workers' events on to the observer."""
        while True:
            try:
                event = self._events.get_nowait()
            except queue.Empty:
                return
            if "began" in event and event["began"] in self._in_flight:
                self._in_flight[event["began"]].began = True
            elif "warning" in event:
                self._observer.warning(event["warning"])
            elif "poses" in event:
                self.tally.examples |= {found["error_type"]: found for found in event["examples"]}
                self._observer.worker(event)
