"""The second stage: measure each pose, write its artifacts, then the manifest fragment of the partition."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from time import monotonic
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from posepipe import manifest
from posepipe.artifacts.adding import add_files, stored_joints
from posepipe.artifacts.encoding import WRITE_ORDER, artifact
from posepipe.artifacts.measures import flags, sanity
from posepipe.captions.stems import variant_stem
from posepipe.config import RunConfig
from posepipe.errors import MachineError, PoseError, PosepipeError, is_machine_error
from posepipe.skeleton import NUM_JOINTS
from posepipe.storage import shards
from posepipe.storage.artifact_formats import column_of, source_of
from posepipe.storage.layout import loose_path
from posepipe.storage.stores import FileStore, ShardStore, Store
from posepipe.workers.contract import (
    PROGRESS_SECONDS,
    STATUS_COLUMNS,
    UNSURE_EXAMPLES,
    RunContext,
    WorkerState,
    pose_key,
    record_failure,
    records,
)
from posepipe.workers.replacing import mark_redrawn, mark_unfinished, move_leftovers, restored
from posepipe.workers.rows import EXAMPLE_LENGTH, base_row, has_flag, log_failure, time_of_row

STEMS_IN_EVENT: Final = 50
"""Names of poses that an event carries, at most: the screen of ``posepipe watch`` shows the latest."""


def publish_partition(poses: pd.DataFrame, context: RunContext, state: WorkerState) -> pd.DataFrame:
    """Write the artifacts of one partition, then its manifest fragment.

    Parameters
    ----------
    poses : pandas.DataFrame
        The result of :func:`~posepipe.workers.infer.infer_partition`.
    context : RunContext
    state : WorkerState

    Returns
    -------
    pandas.DataFrame
        STATUS_COLUMNS, one row per pose.

    Raises
    ------
    MachineError
        The machine cannot write. No row of this partition was written, except those that say ``Unfinished``.
    """
    config = context.config
    pending = records(poses)
    name = f"{context.run_id}-{pending[0]['partition']:06d}"
    folders = config.folders()
    files = FileStore(folders.final, folders.temp, fsync=config.fsync)
    store: Store = ShardStore(files, f"poses-{name}") if config.layout == "shards" else files
    with _manifest_errors(config):
        mark_unfinished(pending, folders.manifest, context, name)
        mark_redrawn(pending, folders.manifest, context, name)
    try:
        rows = _publish_all(pending, store, context, state)
        _place(rows, pending, store, context, state)
    except BaseException:
        store.abandon()
        raise
    with _manifest_errors(config):
        final = [restored(row, pose, store) for row, pose in zip(rows, pending, strict=True)]
        manifest.write_fragment(folders.manifest, final, name, fsync=config.fsync)
    told = [
        row | {"unsure": row["caption"] if has_flag(row, "unsure") else None, "collision": has_flag(row, "collision")}
        for row in rows
    ]
    return pd.DataFrame(told, columns=list(STATUS_COLUMNS), dtype=object)


@contextlib.contextmanager
def _manifest_errors(config: RunConfig) -> Iterator[None]:
    try:
        yield
    except MachineError:
        raise
    except OSError as error:
        raise MachineError(f"{config.manifest}: {error.strerror or error}") from error


def _publish_all(
    pending: Sequence[dict[str, Any]], store: Store, context: RunContext, state: WorkerState
) -> list[dict[str, Any]]:
    """Write poses aside one by one, with events about the progress; returns their manifest rows."""
    rows: list[dict[str, Any]] = []
    reported, last = 0, monotonic()
    keys = [[pose_key(pose["caption_id"], pose["variant"])] for pose in pending]
    with state.deadline(pending[0]["partition"], keys[0]) as goes_on_with:
        for pose, key in zip(pending, keys, strict=True):
            if rows:
                goes_on_with(key)
            rows.append(_publish_one(pose, store, context))
            if len(rows) == len(pending) or monotonic() - last > PROGRESS_SECONDS:
                state.note(_event(rows[reported:], pose))
                reported, last = len(rows), monotonic()
    return rows


def _place(
    rows: list[dict[str, Any]],
    pending: Sequence[dict[str, Any]],
    store: Store,
    context: RunContext,
    state: WorkerState,
) -> None:
    """Give all files their names, and force the names to disk. The row of a pose for which that fails is replaced.

    Raises
    ------
    MachineError
    """
    try:
        placed = store.place()
        for number, (row, pose) in enumerate(zip(rows, pending, strict=True)):
            if row["status"] != "done":
                continue
            error = placed.failed.get(row["path"])
            if error is None:
                row["set_aside"] = placed.set_aside[row["path"]] + move_leftovers(pose, row, store)
                row["finished_at"] = time_of_row(pose)
            else:
                record_failure(pose, error)
                rows[number] = _failed(base_row(pose, context), pose)
                state.note(_event([rows[number]], pose) | {"poses": -1})  # an event has counted it as done
        store.sync()
    except OSError as error:
        if isinstance(error, PosepipeError):
            raise
        raise MachineError(f"{store.final_dir}: {error}") from error


def _event(fresh: Sequence[Mapping[str, Any]], last: Mapping[str, Any]) -> dict[str, Any]:
    """The event about some new rows, the last of which is that of the pose ``last``."""
    failed = {row["error_type"]: log_failure(row) for row in fresh if row["status"] == "failed"}
    done = [row["stem"] for row in fresh if row["status"] == "done"]
    unsure = [row["caption"][:EXAMPLE_LENGTH] for row in fresh if has_flag(row, "unsure")]
    return {
        "partition": int(last["partition"]),
        "poses": len(done),
        "failed": len(fresh) - len(done),
        "examples": list(failed.values()),
        "caption": last["caption"],
        "stems": done[-STEMS_IN_EVENT:],
        "unsure": len(unsure),
        "unsure_examples": unsure[:UNSURE_EXAMPLES],
    }


def _publish_one(pose: dict[str, Any], store: Store, context: RunContext) -> dict[str, Any]:
    """Write the artifacts of one pose aside; returns its manifest row."""
    config = context.config
    row = base_row(pose, context)
    if pose["error_type"] is not None:
        return _failed(row, pose)
    previous = pose["previous"] or {}
    try:
        joints = _joints(pose, store)
        missing = [name for name in WRITE_ORDER if name in config.format_list and not previous.get(column_of(name))]
        files = {name: artifact(name, joints, row, config, _motion(pose)) for name in missing}
        path = _path(pose, config)
        move = bool(previous) and (path != previous["path"] or config.layout == "shards")
        added = add_files(previous, files, path, store, move=move, described=pose["described"].split(","))
    except Exception as error:
        if is_machine_error(error):
            raise MachineError(f"{pose['stem']} in {store.final_dir}: {error}") from error
        record_failure(pose, error)
        return _failed(row, pose)
    row.update(sanity(joints, pose["bone_reference"]))
    row["flags"] = flags(row, joints, unsure=bool(pose["unsure"]))
    row.update(added, status="done")
    if "png" in files:
        row["picture"] = config.look
    if previous:
        row["flags"], row["bone_error"] = previous["flags"], previous["bone_error"]
    return row


def _failed(row: Mapping[str, Any], pose: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, **{name: pose[name] for name in ("error_type", "error", "traceback")}, "status": "failed"}


def _joints(pose: Mapping[str, Any], store: Store) -> NDArray[np.float32]:
    """The joints that were inferred, or those that an earlier run wrote; (22, 3) float32, metres.

    Raises
    ------
    PoseError
        The file of an earlier run has changed, or holds other joints than those that were inferred now.
    """
    previous = pose["previous"]
    if pose["joints"] is None:
        return stored_joints(previous, store)
    joints = np.frombuffer(pose["joints"], dtype=np.float32).reshape(NUM_JOINTS, 3)
    if previous and source_of(previous):
        stored = stored_joints(previous, store)
        if not np.array_equal(joints, stored):
            far = float(np.linalg.norm(joints - stored, axis=1).max()) * 1000
            raise PoseError(
                f"the model now gives joints up to {far:.2g} mm from those of the pose on disk, which was made on "
                f"{previous['device']} with batch size {previous['batch_size']}: add the format in the same way, or "
                "make the pose again with --only"
            )
    return joints


def _motion(pose: Mapping[str, Any]) -> NDArray[np.float32] | None:
    """The motion that was inferred, (frames, 22, 3) float32, metres."""
    if pose["motion"] is None:
        return None
    return np.frombuffer(pose["motion"], dtype=np.float32).reshape(-1, NUM_JOINTS, 3)


def _path(pose: Mapping[str, Any], config: RunConfig) -> str:
    """Where the artifacts of a pose go: path without extension, or key within the shard.

    A pose that is there already keeps its path, except in a shard, because shards are never changed.
    """
    if config.layout == "shards":
        return variant_stem(pose["caption_id"], pose["variant"])
    previous: str | None = (pose["previous"] or {}).get("path")
    if previous and not shards.is_member(previous):
        return previous
    return loose_path(pose["stem"], config.layout)
