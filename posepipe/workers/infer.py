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

from posepipe.artifacts.decoding import is_finite
from posepipe.errors import DeviceLost, NonFinitePose, OutOfMemory, PosepipeError, message_of, own_class
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
from posepipe.workers.isolation import isolated

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
    with _watched(rows, state):
        batches = _prepare(rows, model, context, at_most)
    if batches is None:
        middle = len(rows) // 2
        for part in (rows[:middle], rows[middle:]) if middle else ():
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


def _prepare(rows: list[dict[str, Any]], model: Model, context: RunContext, at_most: int | None) -> list[Batch] | None:
    """The batches of rows; None if that fails. A single row gets the error."""
    try:
        with isolated():
            return make_batches(rows, model, context.config, at_most)
    except BaseException as error:  # a model may raise anything, SystemExit too
        if issubclass(own_class(error) or object, DeviceLost) or issubclass(type(error), PosepipeError):
            raise
        if len(rows) == 1:
            record_failure(rows[0], error)
        return None


@contextmanager
def _watched(rows: Sequence[Mapping[str, Any]], state: WorkerState) -> Iterator[None]:
    """Record the rows as in flight, under the deadline. If the device is lost, the worker process ends."""
    with state.deadline(rows[0]["partition"], _keys(rows)):
        try:
            yield
        except BaseException as error:
            if own_class(error) is DeviceLost:
                state.give_up(error)
            raise


def _keys(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [pose_key(row["caption_id"], row["variant"]) for row in rows]


def _run_batch(batch: Batch, model: Model, context: RunContext) -> None:
    """Fill in the joints or the error of every row of a batch."""
    started, clock = datetime.now(UTC), monotonic()
    pending, whole = [batch], "motion" in context.config.format_list
    while pending:
        part = pending.pop()
        try:
            with isolated():
                made = generate_batch(part, model, context.config, whole=whole)
        except BaseException as error:  # a model may raise anything, SystemExit too
            if own_class(error) is DeviceLost:
                raise
            pending.extend(_after_error(part, error))
            continue
        pending.extend(_keep(part, made, whole=whole))
    seconds = (monotonic() - clock) / len(batch.rows)
    for row in batch.rows:
        row.update(batch_size=batch.size, seconds=seconds, started_at=started)


def _keep(batch: Batch, made: Generated, *, whole: bool) -> list[Batch]:
    """Put the poses of a batch into its rows; with ``whole`` also the motions.

    Rows that are not finite go through the model again, each alone: a caption may spoil the poses of others in its
    batch, for example where a model normalises over the batch.
    """
    again = []
    for row, joints, motion, frame in zip(batch.rows, made.poses, made.motions, made.frames.tolist(), strict=True):
        row["frame_index"] = frame
        with np.errstate(over="ignore"):  # becomes infinite
            kept = np.ascontiguousarray(motion, dtype=np.float32) if whole else joints
        if is_finite(kept).all():
            row["joints"], row["motion"] = joints.tobytes(), kept.tobytes() if whole else None
        elif len(batch.rows) > 1:
            again.append(Batch([row], batch.length, batch.size))
        else:
            record_failure(row, NonFinitePose("the model gave NaN or infinite joints"))
    return again[::-1]


def _after_error(batch: Batch, error: BaseException) -> list[Batch]:
    """Split a batch after an error; a caption that failed alone gets the error instead."""
    out_of_memory = own_class(error) is OutOfMemory
    if out_of_memory and batch.size > 1:
        size = max(1, batch.size // 2)
        return [Batch(batch.rows[i : i + size], batch.length, size) for i in range(0, len(batch.rows), size)][::-1]
    if len(batch.rows) > 1:
        middle = len(batch.rows) // 2
        return [Batch(part, batch.length, batch.size) for part in (batch.rows[middle:], batch.rows[:middle])]
    if out_of_memory:
        failure = OutOfMemory(f"out of memory with a single caption: {message_of(error)}")
        failure.__traceback__ = error.__traceback__
        record_failure(batch.rows[0], failure)
    else:
        record_failure(batch.rows[0], error)
    return []
