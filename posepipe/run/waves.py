"""A run: captions in, waves through the cluster, status rows back. The only module that drives Dask.

Waves are Dask dataframes of a few partitions per worker; the next is submitted when the running one is half
drained. What a worker was at when it died becomes suspect and runs alone at the end, in ever smaller pieces, until
the guilty caption stands alone; the rest goes back into the queue.
"""

from __future__ import annotations

import contextlib
import logging
import queue
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any, Final

import dask.dataframe as dd
import pandas as pd
from distributed import Client, Future, KilledWorker, futures_of

from posepipe import manifest
from posepipe.control.lock import RunControl
from posepipe.control.state import PAUSED, PAUSING, RUNNING, STOPPING
from posepipe.errors import BatchTimeout, CaptionFailure, MachineError, PosepipeError, WorkerDied, is_machine_error
from posepipe.run import cluster
from posepipe.run.signals import Signals
from posepipe.run.summary import Observer, Tally
from posepipe.run.work import Work
from posepipe.workers.contract import TOPIC, RunContext, pose_key, pose_meta, records, status_meta
from posepipe.workers.deadline import read_marker
from posepipe.workers.plugin import infer, publish, release_model
from posepipe.workers.rows import failed_row, log_failure

PARTITION: Final = 256
"""Captions per partition, at most; so much work a killed run may lose for each partition in flight."""
LEAST_PARTITION: Final = 64
"""Captions per partition, at least, where each worker gets one: about a batch, which is padded if it is not full."""
PARTITIONS_PER_WORKER: Final = 3
POLL_SECONDS: Final = 0.2
SUSPECT_PIECES: Final = 8
"""A suspect portion goes through the model in so many pieces: each death costs a worker's start, each piece a batch."""
DEATHS_ALONE: Final = 2
"""A caption that took its worker down alone so often has failed: the first may have been the machine's doing."""
DEATHS_UNBEGUN: Final = 3
"""A portion that was at no batch when its worker died, so often, is a suspect."""
WORKERS_SECONDS: Final = 2.0
NO_WORKERS_SECONDS: Final = 300.0
STOPPED_SECONDS: Final = 5.0
"""A driver that did not look at its clock for so long was stopped, and its workers with it (Ctrl-Z, a laptop's lid)."""
LOST: Final = "the Dask scheduler is lost; start again, and the run goes on where it stopped"
DEAD_IN_A_ROW: Final = 10
"""Workers that die although they are at no batch: then it is not the captions."""

logger = logging.getLogger("posepipe")


@dataclass
class _Portion:
    """Work that waits: what makes its rows, and how often it was on a worker that died without having begun."""

    rows: Callable[[], pd.DataFrame]
    unbegun: int = 0

    @classmethod
    def of(cls, work: pd.DataFrame) -> _Portion:
        """Rows that are there."""
        return cls(lambda: work)


@dataclass
class _Partition:
    """A portion in flight: its number and rows, and the future of its status rows."""

    number: int
    portion: _Portion
    work: pd.DataFrame
    submitted: float
    future: Future | None = None
    began: bool = False


def partition_size(poses: int, workers: int) -> int:
    """Captions per partition: a few partitions for each worker, but none smaller than a batch that pays.

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
        Of a cluster whose workers hold posepipe's plugin.
    context : RunContext
    run_control : RunControl
        The lock, and the requests of other terminals.
    observer : Observer
        Is told how it goes.
    signals : Signals
        Says when the process is asked to end.
    workers : int
        Workers that infer.
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
        self._finished: queue.SimpleQueue[_Partition] = queue.SimpleQueue()
        self._events: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._in_flight: dict[int, _Partition] = {}
        self._suspects: deque[_Portion] = deque()
        self._deaths_alone: Counter[str] = Counter()
        self._dead_workers: set[str] = set()
        self._dead_idle: set[str] = set()
        self._looked = self._awoke = self._workers_seen = self._workers_last = monotonic()
        self._numbers = iter(range(2**31 - 1))
        self._stopping = False
        self._paused = False
        self._release = False
        self.tally = Tally()

    def run(self, work: Work) -> None:
        """Do the work, a wave of rows at a time; returns when it is done, or drained after ``stop``.

        Raises
        ------
        MachineError
            The machine or the cluster cannot go on; rows that were written stay.
        """
        size = partition_size(len(work), self._workers)
        starts = range(0, len(work), size)
        backlog = deque(_Portion(partial(work.frame, start, start + size)) for start in starts)
        self._client.subscribe_topic(TOPIC, lambda event: self._events.put(event[1]))
        try:
            self._drain(backlog, at_once=PARTITIONS_PER_WORKER * self._workers)
            self._drain(self._suspects, at_once=1)
        except Exception as error:  # Dask has many words for it
            if isinstance(error, PosepipeError) or self._client.status == "running":
                raise
            raise MachineError(LOST) from error
        finally:
            with contextlib.suppress(MachineError):  # the first error is the one to hear of
                self._control.update(made=self.tally.made, failed=self.tally.failed.total())
            self._tell()
            if self._client.status == "running":
                self._client.unsubscribe_topic(TOPIC)
            for partition in self._in_flight.values():
                if partition.future is not None:
                    partition.future.release()

    @property
    def stopped(self) -> bool:
        """Whether the run was asked to end."""
        return self._stopping

    def _drain(self, backlog: deque[_Portion], *, at_once: int) -> None:
        """Keep at most ``at_once`` partitions in flight until none is left."""
        alone = at_once == 1
        while self._in_flight or (backlog and not self._stopping):
            self._look_at_clock()
            self._tell()
            self._obey(backlog)
            if backlog and not self._paused and not self._stopping and len(self._in_flight) <= at_once // 2:
                count = min(len(backlog), at_once - len(self._in_flight))
                self._submit([backlog.popleft() for _ in range(count)], alone=alone)
            if self._client.status not in ("running", "connecting"):
                raise MachineError(LOST)
            try:
                partition = self._finished.get(timeout=POLL_SECONDS)
            except queue.Empty:
                self._look_after_workers()
                continue
            if self._in_flight.pop(partition.number, None) is not None:
                self._collect(partition, backlog, alone=alone)
                self._announce({"tally": self.tally.event(), "partition": partition.number})

    def _submit(self, portions: list[_Portion], *, alone: bool) -> None:
        """Send one wave: a Dask dataframe through both stages, each with its own resource."""
        wave = []
        for portion in portions:
            number = next(self._numbers)
            wave.append(_Partition(number, portion, portion.rows().assign(partition=number), monotonic()))
        at_most = -(-len(wave[0].work) // SUSPECT_PIECES) if alone else None
        captions = dd.from_map(_identity, [p.work for p in wave], meta=wave[0].work.iloc[:0], enforce_metadata=False)
        poses = self._client.persist(
            captions.map_partitions(infer, self._context, at_most, meta=pose_meta(), enforce_metadata=False),
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

    def _collect(self, partition: _Partition, backlog: deque[_Portion], *, alone: bool) -> None:
        """Take in a finished partition, or find out what to do about one that died."""
        self._look_at_clock()
        future, partition.future = partition.future, None
        if future is None:
            return
        if future.status == "finished":
            self._dead_idle.clear()
            rows = self._fetch(future)
            if rows is not None:
                self._count(rows)
                return
        if future.status != "error":  # its rows died with their worker
            if not self._stopping:
                backlog.append(partition.portion)
            return
        error = future.exception()
        if isinstance(error, KilledWorker):
            logger.info("partition %d was on worker %s, which died", partition.number, error.last_worker.name)
            self._dead_workers.add(error.last_worker.address)
            self._dead_idle.add(error.last_worker.address)
            self.tally.deaths = len(self._dead_workers)
            self._after_death(partition, backlog, alone=alone)
        elif is_machine_error(error):
            raise error if isinstance(error, PosepipeError) else MachineError(str(error)) from error
        else:
            raise error

    def _fetch(self, future: Future) -> pd.DataFrame | None:
        """The rows of a finished partition; None where the worker that has them died.

        ``Future.result`` would then wait until they are made again, and raise if that worker dies too.
        """
        answer = self._client.sync(self._client.scheduler.gather, keys=[future.key])
        return answer["data"][future.key] if answer["status"] == "OK" else None

    def _look_after_workers(self) -> None:
        """See that there are some, every few seconds.

        Raises
        ------
        MachineError
            There are none, and none comes.
        """
        now = monotonic()
        if now - self._workers_seen < WORKERS_SECONDS or self._client.status != "running":
            return
        if self._dead_workers:
            cluster.revive(self._client)
        if cluster.inferring(self._client):
            self._workers_seen = self._workers_last = now
        elif now - self._workers_last > NO_WORKERS_SECONDS:
            raise MachineError(f"no worker that infers has been there for {NO_WORKERS_SECONDS:g} s")

    def _look_at_clock(self) -> None:
        now = monotonic()
        if now - self._looked > STOPPED_SECONDS:
            self._awoke = now
        self._looked = now

    def _count(self, rows: pd.DataFrame) -> None:
        failed = rows[rows["status"].eq("failed")]
        self.tally.count(len(rows) - len(failed), failed["error_type"].tolist())
        self._observer.progress(self.tally)

    def _after_death(self, partition: _Partition, backlog: deque[_Portion], *, alone: bool) -> None:
        """Split what died into suspects and innocents; the caption that died alone fails."""
        config, work, portion = self._context.config, partition.work, partition.portion
        in_flight = read_marker(str(config.temp_dir), self._context.run_id, partition.number)
        if in_flight is None:
            logger.warning("a worker died before it was at partition %d", partition.number)
            portion.unbegun += 1
            if len(self._dead_idle) >= DEAD_IN_A_ROW:
                raise MachineError(f"workers die before they begin a batch; their logs are in {config.log_dir}")
            if portion.unbegun < DEATHS_UNBEGUN:
                backlog.append(portion)
                return
            guilty, innocent = work, work.iloc[:0]
        else:
            self._dead_idle.clear()
            names = [pose_key(i, v) for i, v in zip(work["caption_id"], work["variant"], strict=True)]
            chosen = pd.Series(names, index=work.index).isin(in_flight.keys)
            guilty, innocent = work[chosen], work[~chosen]
            logger.warning("a worker died in partition %d, with %d captions in flight", partition.number, len(guilty))
        if len(innocent):
            backlog.append(_Portion.of(innocent))
        if not alone or 1 < len(guilty) < len(work):
            self._suspects.append(_Portion.of(guilty))
        elif len(guilty) > 1:
            size = -(-len(guilty) // SUSPECT_PIECES)
            self._suspects.extend(_Portion.of(guilty.iloc[i : i + size]) for i in range(0, len(guilty), size))
        elif len(guilty):
            self._after_death_alone(partition, guilty, in_flight.stacks if in_flight else None)

    def _after_death_alone(self, partition: _Partition, guilty: pd.DataFrame, stacks: str | None) -> None:
        """Fail a caption that took too long alone, or its worker down more than once.

        Time in which all was stopped is not the caption's: what a timer says after it counts as any other death.
        """
        in_time = stacks is not None and partition.submitted > self._awoke
        key = pose_key(guilty["caption_id"].iloc[0], guilty["variant"].iloc[0])
        self._deaths_alone[key] += 1
        if in_time or self._deaths_alone[key] >= DEATHS_ALONE:
            self._fail(partition, guilty, stacks)
        else:
            self._suspects.appendleft(_Portion.of(guilty))

    def _fail(self, partition: _Partition, work: pd.DataFrame, stacks: str | None) -> None:
        """Write the row of a caption that takes its worker down even alone."""
        config = self._context.config
        failure: CaptionFailure
        if stacks:
            failure = BatchTimeout(f"took longer than {config.batch_timeout:g} s alone")
        else:
            failure = WorkerDied("its worker process died while it worked on this caption alone")
        rows = [failed_row(row, failure, stacks, self._context) for row in records(work)]
        name = f"{self._context.run_id}-{partition.number:06d}"
        manifest.write_fragment(str(config.manifest), rows, name, fsync=config.fsync)
        for row in rows:
            self.tally.examples[row["error_type"]] = log_failure(row)
        self._count(pd.DataFrame(rows))

    # Requests, signals, events

    def _obey(self, backlog: deque[_Portion]) -> None:
        """Do what a signal or another terminal asks."""
        if self._signals.received and not self._stopping:
            self._observer.message(f"{self._signals.name}: finishing what is in flight")
            self._stop()
        request = self._control.request()
        if request == "stop" and not self._stopping:
            self._observer.message("stop: finishing what is in flight")
            self._stop()
        elif request in ("pause", "pause release") and not self._stopping:
            self._paused = True
            self._release = request.endswith("release")
            backlog.extendleft(reversed(self._recall()))
            self._update(PAUSING)
            self._observer.message("pause: finishing what is in flight")
        elif request == "resume" and self._paused:
            self._paused = False
            self._update(RUNNING)
            self._observer.message("resumed")
        if self._paused and not self._in_flight and self._control.state.state == PAUSING:
            if self._release:
                self._client.run(release_model, on_error="ignore")  # a worker that dies over it has released it too
            self._update(PAUSED)
            self._observer.message("paused; posepipe resume goes on")

    def _stop(self) -> None:
        """Submit nothing more, and finish only what a worker has begun."""
        self._stopping, self._paused = True, False
        self._update(STOPPING)
        self._recall()

    def _update(self, state: str) -> None:
        self._control.update(state=state, made=self.tally.made, failed=self.tally.failed.total())
        self._announce({"run_state": state})

    def _announce(self, event: dict[str, Any]) -> None:
        """Tell those who look in from another terminal."""
        with contextlib.suppress(OSError):  # news are no reason to end
            self._client.log_event(TOPIC, {"run": self._context.run_id, **event})

    def _recall(self) -> list[_Portion]:
        """Take back the partitions that no worker has begun; returns what they were."""
        waiting = [p for p in self._in_flight.values() if not p.began]
        self._client.cancel([p.future for p in waiting if p.future is not None], force=True)
        for partition in waiting:
            self._in_flight.pop(partition.number, None)
        return [partition.portion for partition in waiting]

    def _tell(self) -> None:
        """Pass on what the workers said."""
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


def _identity(frame: pd.DataFrame) -> pd.DataFrame:
    return frame
