"""The second stage: check each pose, write its artifacts, then the manifest fragment."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from posepipe import manifest
from posepipe.artifacts.decoding import stored_joints
from posepipe.artifacts.encoding import WRITE_ORDER, artifact
from posepipe.artifacts.measures import flags, sanity
from posepipe.captions.stems import variant_stem
from posepipe.config import FORMATS, RunConfig
from posepipe.errors import (
    MachineError,
    is_machine_error,
)
from posepipe.skeleton import NUM_JOINTS
from posepipe.storage import shards
from posepipe.storage.layout import loose_path
from posepipe.storage.stores import ShardStore, Store, open_store

if TYPE_CHECKING:
    pass

from posepipe.workers.contract import (
    POSE_COLUMNS,
    PROGRESS_SECONDS,
    STATUS_COLUMNS,
    RunContext,
    WorkerState,
    pose_key,
    record_failure,
    records,
)

EXAMPLE_LENGTH: Final = 500

logger = logging.getLogger("posepipe")


def publish_partition(poses: pd.DataFrame, context: RunContext, state: WorkerState) -> pd.DataFrame:
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
        record_failure(pose, error)
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
