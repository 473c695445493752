"""The first stage: captions to joints, in batches. A batch that fails is split until the failing caption is alone."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import numpy as np
import pandas as pd

from posepipe.errors import DeviceLost, NonFinitePose, OutOfMemory, PosepipeError, own_class
from posepipe.models.base import Model
from posepipe.workers.batches import Batch, Generated, generate_batch, make_batches
from posepipe.workers.contract import (
    INFER,
    POSE_COLUMNS,
    PROGRESS_SECONDS,
    WORK_COLUMNS,
    RunContext,
    WorkerState,
    pose_key,
    record_failure,
    records,
)

logger = logging.getLogger("posepipe")


def infer_partition(
    work: pd.DataFrame, context: RunContext, state: WorkerState, at_most: int | None = None
) -> pd.DataFrame:
    """Make the joints of one partition.

    Parameters
    ----------
    work : pandas.DataFrame
        WORK_COLUMNS and ``partition``.
    context : RunContext
    state : WorkerState
        Of the worker that this is called on.
    at_most : int, optional
        Captions in a batch, at most. Suspects go through in small batches, each padded to the usual number of rows,
        so that the poses stay the same to the bit.

    Returns
    -------
    pandas.DataFrame
        The same rows with POSE_COLUMNS: joints, or the error.
    """
    rows = records(work)
    for row in rows:
        row.update(dict.fromkeys(POSE_COLUMNS), worker=state.name, device=state.device)
    due = [row for row in rows if row["mode"] == INFER]
    if due:
        _infer_rows(due, state.model(), context, state, at_most)
    return pd.DataFrame(rows, columns=[*WORK_COLUMNS, "partition", *POSE_COLUMNS], dtype=object)


def _infer_rows(
    rows: list[dict[str, Any]], model: Model, context: RunContext, state: WorkerState, at_most: int | None
) -> None:
    """Prepare rows and run them in batches. If preparing them fails, they are halved down to the failing caption."""
    try:
        with _watched(rows, state):
            batches = make_batches(rows, model, context.config, at_most)
    except Exception as error:
        if isinstance(error, PosepipeError) or own_class(error) is DeviceLost:
            raise
        if len(rows) == 1:
            record_failure(rows[0], error)
            return
        middle = len(rows) // 2
        for part in (rows[:middle], rows[middle:]):
            _infer_rows(part, model, context, state, at_most)
        return
    waiting, last = 0, monotonic()
    for batch in batches:
        with _watched(batch.rows, state):
            _run_batch(batch, model, context)
        waiting += sum(row["joints"] is not None for row in batch.rows)
        if monotonic() - last > PROGRESS_SECONDS:
            state.note({"joints": waiting, "caption": batch.rows[-1]["caption"]})
            waiting, last = 0, monotonic()
    if waiting:
        state.note({"joints": waiting, "caption": rows[-1]["caption"]})


@contextmanager
def _watched(rows: Sequence[Mapping[str, Any]], state: WorkerState) -> Iterator[None]:
    """Record the rows as in flight, under the deadline. If the device is lost, the worker process ends."""
    with state.deadline(rows[0]["partition"], _keys(rows)):
        try:
            yield
        except Exception as error:
            if own_class(error) is DeviceLost:
                state.give_up(error)
            raise


def _keys(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [pose_key(row["caption_id"], row["variant"]) for row in rows]


def _run_batch(batch: Batch, model: Model, context: RunContext) -> None:
    """Fill in the joints or the error of every row of a batch."""
    started, clock = datetime.now(UTC), monotonic()
    pending = [batch]
    while pending:
        part = pending.pop()
        try:
            made = generate_batch(part, model, context.config)
        except Exception as error:
            if own_class(error) is DeviceLost:
                raise
            pending.extend(_after_error(part, error))
            continue
        for number, row in enumerate(part.rows):
            _keep(row, made, number, whole="motion" in context.config.format_list)
    seconds = (monotonic() - clock) / len(batch.rows)
    for row in batch.rows:
        row.update(batch_size=batch.size, seconds=seconds, started_at=started)


def _keep(row: dict[str, Any], made: Generated, number: int, *, whole: bool) -> None:
    """Put the pose with this number into its row; with ``whole`` also its motion."""
    joints, motion = made.poses[number], made.motions[number]
    row["frame_index"] = int(made.frames[number])
    if not np.isfinite(motion if whole else joints).all():
        record_failure(row, NonFinitePose("the model gave NaN or infinite joints"))
        return
    row["joints"] = joints.tobytes()
    if whole:
        row["motion"] = np.ascontiguousarray(motion, dtype=np.float32).tobytes()


def _after_error(batch: Batch, error: Exception) -> list[Batch]:
    """Split a batch after an error; a caption that failed alone gets the error instead."""
    out_of_memory = own_class(error) is OutOfMemory
    if out_of_memory and batch.size > 1:
        size = max(1, batch.size // 2)
        return [Batch(batch.rows[i : i + size], batch.length, size) for i in range(0, len(batch.rows), size)][::-1]
    if len(batch.rows) > 1:
        middle = len(batch.rows) // 2
        return [Batch(part, batch.length, batch.size) for part in (batch.rows[middle:], batch.rows[:middle])]
    if out_of_memory:
        failure = OutOfMemory(f"out of memory with a single caption: {error}")
        failure.__traceback__ = error.__traceback__
        record_failure(batch.rows[0], failure)
    else:
        record_failure(batch.rows[0], error)
    return []
