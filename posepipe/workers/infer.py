"""The two functions that ``map_partitions`` calls on the workers: infer, and publish.

Infer turns captions into joints in batches; a batch that fails is split until the bad one stands alone.
Publish checks each pose, writes its artifacts and, when they are in place, the manifest fragment.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from posepipe import manifest, shards
from posepipe.artifacts import WRITE_ORDER, artifact, flags, sanity, stored_joints
from posepipe.config import FORMATS, RunConfig
from posepipe.errors import BadShape, ConfigError, MachineError, NonFinitePose, OutOfMemory, PosepipeError
from posepipe.models.base import BulkModel, Model
from posepipe.naming import variant_stem
from posepipe.plan import INFER, WORK_COLUMNS, pose_seed
from posepipe.skeleton import NUM_JOINTS
from posepipe.store import ShardStore, Store, is_machine_error, loose_path, open_store

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

OWN_MODEL_BATCH: Final = 32
"""Captions per batch for a model of the user's own, which has no say in it."""
PROGRESS_SECONDS: Final = 0.5
EXAMPLE_LENGTH: Final = 500

POSE_COLUMNS: Final = (
    "joints",
    "unsure",
    "bone_reference",
    "error_type",
    "error",
    "traceback",
    "worker",
    "device",
    "batch_size",
    "seconds",
    "started_at",
)
"""What infer adds to a row of work; ``joints`` is 264 bytes of float32, or None."""

STATUS_COLUMNS: Final = ("caption_id", "variant", "status", "error_type")

logger = logging.getLogger("posepipe")


@dataclass(frozen=True)
class RunContext:
    """What the workers must know of a run; travels with every task."""

    config: RunConfig
    run_id: str
    model_fingerprint: str


class WorkerState(Protocol):
    """What a stage needs of its worker; `posepipe.worker` provides it."""

    name: str
    device: str

    def model(self) -> Model:
        """The model, loaded once per process."""
        ...

    def deadline(self, partition: int, keys: Sequence[str]) -> AbstractContextManager[None]:
        """Note what is in flight, and end the process when it takes longer than ``batch_timeout``."""
        ...

    def give_up(self, error: Exception) -> None:
        """End the process, whose device is lost; another takes its place."""
        ...

    def note(self, event: dict[str, Any]) -> None:
        """Tell whoever watches the run."""
        ...


def pose_meta() -> pd.DataFrame:
    """The columns that infer returns, for ``map_partitions``."""
    return pd.DataFrame({name: pd.Series(dtype=object) for name in (*WORK_COLUMNS, "partition", *POSE_COLUMNS)})


def status_meta() -> pd.DataFrame:
    """The columns that publish returns, for ``map_partitions``."""
    return pd.DataFrame({name: pd.Series(dtype=object) for name in STATUS_COLUMNS})


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as dicts by column."""
    return cast("list[dict[str, Any]]", frame.to_dict("records"))


def pose_key(caption_id: str, variant: int) -> str:
    """Names one pose among all."""
    return f"{caption_id}:{variant}"


@dataclass
class _Batch:
    """A batch on its way through the model: rows of one length, and the shape they are padded to."""

    rows: list[dict[str, Any]]
    length: int
    size: int


def infer(work: pd.DataFrame, context: RunContext, state: WorkerState, at_most: int | None = None) -> pd.DataFrame:
    """Make the joints of one partition.

    Parameters
    ----------
    work : frame with WORK_COLUMNS and ``partition``
    context, state
        The run, and the worker this is called on.
    at_most : int, optional
        Captions in a batch, where that is less than its size: suspects go through in small pieces, each padded
        to the same shape as ever, so that the poses stay the same.

    Returns
    -------
    frame
        The same rows with POSE_COLUMNS: joints, or what went wrong.
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
    """Prepare rows and run them in batches; rows that cannot be prepared together are halved, down to the bad one."""
    try:
        with _watched(rows, state):
            batches = _batches(rows, model, context.config, at_most)
    except Exception as error:
        if isinstance(error, PosepipeError) or is_device_fault(error):
            raise
        if len(rows) == 1:
            _fail(rows[0], error)
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
    """Note the rows as in flight, under the deadline; a worker whose device is lost ends with them."""
    with state.deadline(rows[0]["partition"], _keys(rows)):
        try:
            yield
        except Exception as error:
            if is_device_fault(error):
                state.give_up(error)
            raise


def is_device_fault(error: Exception) -> bool:
    """Whether an error leaves the device of this process unusable: after it every caption would fail."""
    if type(error).__name__ == "OutOfMemoryError":
        return False
    return type(error).__name__ == "AcceleratorError" or (
        isinstance(error, RuntimeError) and "CUDA error" in str(error)
    )


def _keys(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [pose_key(row["caption_id"], row["variant"]) for row in rows]


def _batches(rows: list[dict[str, Any]], model: Model, config: RunConfig, at_most: int | None) -> list[_Batch]:
    """Rows of equal length together, in batches of the size asked for."""
    captions = [row["caption"] for row in rows]
    if isinstance(model, BulkModel):
        model.prepare(captions)
        for row, unsure in zip(rows, model.unsure(captions), strict=True):
            row["unsure"] = bool(unsure)
            row["bone_reference"] = None if model.bone_lengths is None else model.bone_lengths.tobytes()
        if config.sequence_length == "estimate":
            seeds = [pose_seed(config.seed, row["caption_id"], row["variant"]) for row in rows]
            for row, length in zip(rows, model.estimate_lengths(captions, seeds), strict=True):
                row["length"] = int(length)
    elif config.sequence_length == "estimate":
        raise ConfigError("--sequence-length estimate: this model has no length estimator; give a number")
    batches = []
    for length in sorted({row["length"] for row in rows}):
        alike = [row for row in rows if row["length"] == length]
        size = config.batch_size
        if not isinstance(size, int):
            size = model.automatic_batch_size(length) if isinstance(model, BulkModel) else OWN_MODEL_BATCH
        step = min(size, at_most or size)
        batches += [_Batch(alike[start : start + step], length, size) for start in range(0, len(alike), step)]
    return batches


def _run_batch(batch: _Batch, model: Model, context: RunContext) -> None:
    """Fill in joints, or the error, of every row of the batch."""
    started, clock = datetime.now(UTC), monotonic()
    pending = [batch]
    while pending:
        part = pending.pop()
        try:
            poses = _generate(part, model, context.config)
        except Exception as error:
            if is_device_fault(error):
                raise
            pending.extend(_after_error(part, error))
            continue
        for row, joints in zip(part.rows, poses, strict=True):
            if np.isfinite(joints).all():
                row["joints"] = joints.tobytes()
            else:
                _fail(row, NonFinitePose("the model gave NaN or infinite joints"))
    seconds = (monotonic() - clock) / len(batch.rows)
    for row in batch.rows:
        row.update(batch_size=batch.size, seconds=seconds, started_at=started)


def _generate(batch: _Batch, model: Model, config: RunConfig) -> NDArray[np.float32]:
    """Joints of a batch, (n, 22, 3) float32, in metres."""
    captions = [row["caption"] for row in batch.rows]
    seeds = [pose_seed(config.seed, row["caption_id"], row["variant"]) for row in batch.rows]
    frame = config.resolved_frame(batch.length)
    time_steps, cfg = config.time_steps, config.cfg
    if time_steps is None or cfg is None:
        raise TypeError("time_steps and cfg must be resolved before a run")
    length = batch.length
    if isinstance(model, BulkModel):
        poses = model.generate_poses(
            captions,
            seeds,
            sequence_length=length,
            frame_index=frame,
            time_steps=time_steps,
            cfg=cfg,
            batch_size=batch.size,
        )
        wanted: tuple[int, ...] = (len(captions), NUM_JOINTS, 3)
    else:
        poses = model.generate(captions, seeds, sequence_length=length, time_steps=time_steps, cfg=cfg)
        wanted = (len(captions), length, NUM_JOINTS, 3)
    poses = np.asarray(poses)
    if poses.shape != wanted or not np.issubdtype(poses.dtype, np.floating):
        raise BadShape(f"the model gave {poses.dtype} {poses.shape}, not float32 {wanted}")
    if poses.ndim == 4:
        poses = poses[:, frame]
    return np.ascontiguousarray(poses, dtype=np.float32)


def _after_error(batch: _Batch, error: Exception) -> list[_Batch]:
    """The parts to try next; the caption that stands alone fails."""
    out_of_memory = isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"
    if out_of_memory and batch.size > 1:
        size = max(1, batch.size // 2)
        return [_Batch(batch.rows[i : i + size], batch.length, size) for i in range(0, len(batch.rows), size)][::-1]
    if len(batch.rows) > 1:
        middle = len(batch.rows) // 2
        return [_Batch(part, batch.length, batch.size) for part in (batch.rows[middle:], batch.rows[:middle])]
    if out_of_memory:
        failure = OutOfMemory(f"out of memory with a single caption: {error}")
        failure.__traceback__ = error.__traceback__
        _fail(batch.rows[0], failure)
    else:
        _fail(batch.rows[0], error)
    return []


def _fail(row: dict[str, Any], error: BaseException) -> None:
    row["joints"] = None
    row["error_type"] = type(error).__name__
    row["error"] = str(error)
    row["traceback"] = "".join(traceback.format_exception(error))


def publish(poses: pd.DataFrame, context: RunContext, state: WorkerState) -> pd.DataFrame:
    """Write the artifacts of one partition, then its manifest fragment.

    Parameters
    ----------
    poses : frame
        What :func:`infer` returned.

    Returns
    -------
    frame with STATUS_COLUMNS
        One row per pose.

    Raises
    ------
    MachineError
        The machine cannot write; no row of this partition was written.
    """
    config = context.config
    pending = records(poses)
    name = f"{context.run_id}-{pending[0]['partition']:06d}"
    store = _store(config, name)
    try:
        rows = _publish_all(pending, store, context, state)
    except BaseException:
        store.abandon()
        raise
    try:
        store.sync()
        manifest.write_fragment(str(config.manifest), rows, name, fsync=config.fsync)
    except OSError as error:
        raise MachineError(f"{config.manifest}: {error.strerror or error}") from error
    return pd.DataFrame(rows, columns=list(STATUS_COLUMNS), dtype=object)


def _store(config: RunConfig, name: str) -> Store:
    """The store of one partition."""
    store = open_store(config.final_dir, str(config.temp_dir), fsync=config.fsync)
    return ShardStore(store, f"poses-{name}") if config.layout == "shards" else store


def _publish_all(
    pending: Sequence[dict[str, Any]], store: Store, context: RunContext, state: WorkerState
) -> list[dict[str, Any]]:
    """Publish poses one by one and tell of them; returns their manifest rows."""
    rows: list[dict[str, Any]] = []
    told, last = 0, monotonic()
    for pose in pending:
        with state.deadline(pose["partition"], [pose_key(pose["caption_id"], pose["variant"])]):
            rows.append(_publish_one(pose, store, context))
        if len(rows) == len(pending) or monotonic() - last > PROGRESS_SECONDS:
            fresh, told, last = rows[told:], len(rows), monotonic()
            failed = {row["error_type"]: log_failure(row) for row in fresh if row["status"] == "failed"}
            done = [row["stem"] for row in fresh if row["status"] == "done"]
            counts = {"poses": len(done), "failed": len(fresh) - len(done), "examples": list(failed.values())}
            last_one = {"caption": pose["caption"], "stem": done[-1] if done else None}
            state.note({"partition": int(pose["partition"]), **counts, **last_one})
    return rows


def log_failure(row: Mapping[str, Any]) -> dict[str, str]:
    """Put a failed row into the log, where it can be found by its id; returns what an event tells of it."""
    logger.error("caption %s failed: %s: %s", row["caption_id"], row["error_type"], row["error"])
    return {name: str(row[name])[:EXAMPLE_LENGTH] for name in ("error_type", "error", "caption", "caption_id")}


def _publish_one(pose: dict[str, Any], store: Store, context: RunContext) -> dict[str, Any]:
    """Write the artifacts of one pose; returns its manifest row."""
    row = _row(pose, context)
    if pose["error_type"] is not None:
        return row | {name: pose[name] for name in ("error_type", "error", "traceback")} | {"status": "failed"}
    try:
        if pose["joints"] is not None:
            joints = np.frombuffer(pose["joints"], dtype=np.float32).reshape(NUM_JOINTS, 3)
        else:
            joints = stored_joints(pose, store)
        previous = pose["previous"] or {}
        missing = [name for name in context.config.format_list if not previous.get(f"{name}_sha256")]
        files = {name: artifact(name, joints, row, context.config) for name in WRITE_ORDER if name in missing}
        place = _place(pose, context.config)
        moved = bool(previous) and (place != previous["path"] or context.config.layout == "shards")
        if moved:  # all of a pose lies together
            kept = [name for name in WRITE_ORDER if previous.get(f"{name}_sha256")]
            files = {name: store.read(previous["path"], name) for name in kept} | files
        published = store.publish(place, files)
    except Exception as error:
        if is_machine_error(error):
            raise MachineError(f"{pose['stem']} in {store.final_dir}: {error}") from error
        _fail(pose, error)
        return row | {name: pose[name] for name in ("error_type", "error", "traceback")} | {"status": "failed"}
    row.update(sanity(joints, pose["bone_reference"]))
    row["flags"] = flags(row, unsure=bool(pose["unsure"]))
    row.update({f"{name}_sha256": checksum for name, checksum in published.sha256.items()})
    row.update(status="done", path=published.path, bytes=published.bytes)
    if previous:
        row["flags"], row["bone_error"] = previous["flags"], previous["bone_error"]
        row["bytes"] += 0 if moved else previous["bytes"]
    row["finished_at"] = datetime.now(UTC)
    return row


def _place(pose: Mapping[str, Any], config: RunConfig) -> str:
    """Where the artifacts of a pose go: path without extension, or key within the shard.

    A pose that is there already keeps its place, unless it is in a shard: those are never written to again.
    """
    if config.layout == "shards":
        return variant_stem(pose["caption_id"], pose["variant"])
    previous: str | None = (pose["previous"] or {}).get("path")
    if previous and not shards.is_member(previous):
        return previous
    return loose_path(pose["stem"], config.layout)


def failed_row(work: dict[str, Any], error: BaseException, stacks: str | None, context: RunContext) -> dict[str, Any]:
    """The manifest row of a pose that no worker could answer for."""
    blank = dict.fromkeys(POSE_COLUMNS)
    row = _row({**work, **blank}, context)
    told = {"error_type": type(error).__name__, "error": str(error), "traceback": stacks}
    return row | told | {"status": "failed"}


def _row(pose: dict[str, Any], context: RunContext) -> dict[str, Any]:
    """The columns of a manifest row that are known before anything is written."""
    config, length = context.config, pose["length"]
    row = {
        **{
            name: pose[name] for name in ("caption_id", "variant", "caption", "line", "stem", "attempts", "settings_id")
        },
        "path": pose["stem"],
        "seed": config.seed,
        "sequence_length": length or None,
        "frame_index": config.resolved_frame(length) if length else None,
        "time_steps": config.time_steps,
        "cfg": config.cfg,
        "precision": config.precision,
        "model": config.model,
        "model_fingerprint": context.model_fingerprint,
        "run_id": context.run_id,
        **{name: pose[name] for name in ("partition", "worker", "device", "batch_size", "seconds", "started_at")},
        "finished_at": datetime.now(UTC),
    }
    if pose["previous"]:
        kept = ("worker", "device", "batch_size", "seconds", "started_at", "sequence_length", "frame_index")
        hashes = tuple(f"{name}_sha256" for name in FORMATS)
        row.update({name: pose["previous"][name] for name in (*kept, *hashes)})
    return row
