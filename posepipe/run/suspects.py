"""What to do about the captions of a worker that died.

The captions that were in flight become suspects; the rest of the partition goes back into the queue. Suspects run
alone, after all other work, in ever smaller portions, until the caption that kills its worker is found.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pandas as pd
from distributed import Future

from posepipe.errors import (
    BatchTimeout,
    CaptionFailure,
    MachineError,
    WorkerDied,
    class_name,
    message_of,
    traceback_of,
)
from posepipe.wording import count
from posepipe.workers.contract import RunContext, pose_key
from posepipe.workers.deadline import InFlight, read_marker

PIECES: Final = 8
"""Number of parts that a suspect portion is split into. Each death costs the start of a worker, each part a batch."""
DEATHS_ALONE: Final = 2
"""Deaths of its worker, alone, after which a caption has failed. The first may have had another cause."""
DEATHS_UNBEGUN: Final = 3
"""Deaths before the first batch after which a portion is a suspect."""
RAISED_IN_A_ROW: Final = 20
"""Partitions that raised an unexpected error, one after the other, after which the run ends with it."""
DEAD_IN_A_ROW: Final = 10
"""Workers that died before their first batch, one after the other, after which the run stops."""

logger = logging.getLogger("posepipe")


@dataclass
class Portion:
    """Work that waits.

    Attributes
    ----------
    rows : callable
        Makes the frame of its rows.
    unbegun : int
        How often it was on a worker that died before its first batch.
    """

    rows: Callable[[], pd.DataFrame]
    unbegun: int = 0

    @classmethod
    def of(cls, work: pd.DataFrame) -> Portion:
        """A portion with these rows."""
        return cls(lambda: work)


@dataclass
class Partition:
    """A portion in flight.

    Attributes
    ----------
    number : int
        Within the run.
    portion : Portion
    work : pandas.DataFrame
        Its rows.
    submitted : float
        ``time.monotonic()`` when it was submitted.
    future : Future, optional
        Of its status rows.
    began : bool
        Whether a worker has started with it.
    """

    number: int
    portion: Portion
    work: pd.DataFrame
    submitted: float
    future: Future | None = None
    began: bool = False


@dataclass(frozen=True)
class Guilty:
    """A caption that has failed because it kills its worker.

    Attributes
    ----------
    work : pandas.DataFrame
        Its row.
    failure : BaseException
        A CaptionFailure, or what the task raised.
    stacks : str, optional
        Stacks of the worker's threads, where the worker ended itself after a time-out, or the traceback.
    """

    work: pd.DataFrame
    failure: BaseException
    stacks: str | None


class Suspects:
    """The suspect portions of a run.

    Attributes
    ----------
    portions : deque of Portion
    """

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self.portions: deque[Portion] = deque()
        self._deaths_alone: Counter[str] = Counter()
        self._dead_idle: set[str] = set()
        self._raised_in_a_row = 0

    def progress(self) -> None:
        """A worker has finished a partition: what happened before is not a problem of all captions."""
        self._dead_idle.clear()
        self._raised_in_a_row = 0

    def after_error(self, partition: Partition, error: BaseException, *, alone: bool) -> Guilty | None:
        """Split a partition whose task raised an error that no stage expects; returns the caption that has failed.

        Its captions are tried alone, in ever smaller portions, as after the death of a worker.

        Raises
        ------
        BaseException
            The error, if RAISED_IN_A_ROW partitions have raised one after the other: the captions are not the cause.
        """
        self._raised_in_a_row += 1
        if self._raised_in_a_row >= RAISED_IN_A_ROW:
            raise error
        work = partition.work
        what = f"{class_name(error)}: {message_of(error)}"
        logger.error("partition %d, %s: %s", partition.number, count(len(work), "caption"), what)
        if alone and len(work) == 1:
            return Guilty(work, error, traceback_of(error))
        self._split(work, alone=alone)
        return None

    def _split(self, work: pd.DataFrame, *, alone: bool) -> None:
        """Make suspects of rows: whole, or in pieces if they were alone already."""
        size = -(-len(work) // PIECES) if alone else len(work)
        self.portions.extend(Portion.of(work.iloc[i : i + size]) for i in range(0, len(work), size))

    def after_death(
        self, partition: Partition, worker: str, *, alone: bool, awoke: float
    ) -> tuple[list[Portion], Guilty | None]:
        """Split the captions of a partition whose worker died into suspects and others.

        Parameters
        ----------
        partition : Partition
        worker : str
            Address of the worker.
        alone : bool
            Whether the partition ran alone.
        awoke : float
            When the driver last ran on after it had been suspended, as ``time.monotonic()``.

        Returns
        -------
        requeued : list of Portion
            Work that goes back into the queue.
        guilty : Guilty or None
            The caption that has failed.

        Raises
        ------
        MachineError
            Too many workers died before their first batch.
        """
        self._dead_idle.add(worker)
        work = partition.work
        in_flight = read_marker(self._context.config.temp_dir, self._context.run_id, partition.number)
        if in_flight is None:
            if self._tried_again(partition):
                return [partition.portion], None
            guilty, innocent = work, work.iloc[:0]
        else:
            self._dead_idle.clear()
            guilty, innocent = _divide(work, in_flight)
            logger.warning("a worker died in partition %d, with %d captions in flight", partition.number, len(guilty))
        requeued = [Portion.of(innocent)] if len(innocent) else []
        if not alone or len(guilty) > 1:
            self._split(guilty, alone=alone and len(guilty) == len(work))
        elif len(guilty):
            stacks = in_flight.stacks if in_flight else None
            return requeued, self._after_death_alone(guilty, stacks, in_time=partition.submitted > awoke)
        return requeued, None

    def _tried_again(self, partition: Partition) -> bool:
        """Whether a partition whose worker died before its first batch is simply tried again."""
        logger.warning("a worker died before its first batch of partition %d", partition.number)
        if len(self._dead_idle) >= DEAD_IN_A_ROW:
            log_dir = self._context.config.log_dir
            raise MachineError(f"workers die before they begin a batch; their logs are in {log_dir}")
        partition.portion.unbegun += 1
        return partition.portion.unbegun < DEATHS_UNBEGUN

    def _after_death_alone(self, guilty: pd.DataFrame, stacks: str | None, *, in_time: bool) -> Guilty | None:
        """Fail a caption that took too long alone, or whose worker died more than once; else try it again.

        A time-out does not count where the machine was suspended meanwhile (``in_time`` false).
        """
        timed_out = stacks is not None and in_time
        key = pose_key(guilty["caption_id"].iloc[0], guilty["variant"].iloc[0])
        self._deaths_alone[key] += 1
        if not timed_out and self._deaths_alone[key] < DEATHS_ALONE:
            self.portions.appendleft(Portion.of(guilty))
            return None
        failure: CaptionFailure
        if stacks:
            failure = BatchTimeout(f"took longer than {self._context.config.batch_timeout:g} s alone")
        else:
            failure = WorkerDied("its worker process died while it worked on this caption alone")
        return Guilty(guilty, failure, stacks)


def _divide(work: pd.DataFrame, in_flight: InFlight) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that were in flight, and the others."""
    names = [pose_key(i, v) for i, v in zip(work["caption_id"], work["variant"], strict=True)]
    chosen = pd.Series(names, index=work.index).isin(in_flight.keys)
    return work[chosen], work[~chosen]
