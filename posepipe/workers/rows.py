"""The manifest row of a pose: what is known before anything is written, and the row of a failure."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from posepipe.config import RunConfig
from posepipe.errors import class_name, message_of
from posepipe.storage import artifact_formats
from posepipe.wording import shortened
from posepipe.workers.contract import POSE_COLUMNS, RunContext

_EPOCH: Final = datetime.fromtimestamp(0, UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

EXAMPLE_LENGTH: Final = 500
"""Characters of a text in an event, at most."""

_FROM_WORK: Final = ("caption_id", "variant", "caption", "line", "source", "stem", "attempts", "settings_id", "pinned")
_FROM_INFER: Final = ("partition", "worker", "device", "batch_size", "seconds", "started_at")
_KEPT: Final = (
    *("worker", "device", "batch_size", "seconds", "started_at"),
    *("sequence_length", "frame_index", "temperature"),
)
"""Columns that a pose keeps from its previous row when only a format is added."""

logger = logging.getLogger("posepipe")


def microseconds_of(time: datetime) -> int:
    """Microseconds since 1970, as in the column ``after`` of a row of work."""
    return (time - _EPOCH) // _MICROSECOND


def time_of_row(pose: Mapping[str, Any]) -> datetime:
    """The time of a pose's new row: now, or just after the row that it replaces, because a clock may be set back."""
    return max(datetime.now(UTC), _EPOCH + (int(pose["after"]) + 1) * _MICROSECOND)


def base_row(pose: Mapping[str, Any], context: RunContext) -> dict[str, Any]:
    """The columns of a manifest row that are known before anything is written.

    Parameters
    ----------
    pose : mapping
        A row of work with POSE_COLUMNS.
    context : RunContext
    """
    config, length = context.config, pose["length"]
    row = {
        **{name: pose[name] for name in _FROM_WORK},
        "path": pose["stem"],
        "seed": config.seed,
        "sequence_length": length or None,
        "frame_index": pose["frame_index"] if pose["frame_index"] is not None else _frame(config, length),
        "time_steps": config.time_steps,
        "cfg": config.cfg,
        "temperature": context.temperature if config.temperature is None else config.temperature,
        "precision": config.precision,
        "model": config.model,
        "model_fingerprint": context.model_fingerprint,
        "run_id": context.run_id,
        **{name: pose[name] for name in _FROM_INFER},
        "finished_at": time_of_row(pose),
    }
    if pose["previous"]:
        row.update({name: pose["previous"][name] for name in (*_KEPT, "picture", *artifact_formats.COLUMNS)})
    return row


def _frame(config: RunConfig, length: int) -> int | None:
    """The frame that would have become the pose, where that is known."""
    return config.resolved_frame(length) if length else None


def failed_row(
    work: Mapping[str, Any], error: BaseException, traceback: str | None, context: RunContext
) -> dict[str, Any]:
    """The row of a pose that no worker could report on, for example because each of them died."""
    row = base_row({**work, **dict.fromkeys(POSE_COLUMNS)}, context)
    failure = {"error_type": class_name(error), "error": message_of(error), "traceback": traceback}
    return row | failure | {"status": "failed"}


def has_flag(row: Mapping[str, Any], flag: str) -> bool:
    """Whether a manifest row has a flag, such as ``unsure`` or ``collision``."""
    return flag in (row.get("flags") or "").split(",")


def log_failure(row: Mapping[str, Any]) -> dict[str, str]:
    """Log a failed row with its id; returns the fields of an event about it. Long texts are shortened."""
    names = ("error_type", "error", "caption", "caption_id")
    event = {name: shortened(str(row[name]), EXAMPLE_LENGTH) for name in names}
    logger.error("caption %s failed: %s: %s", event["caption_id"], event["error_type"], event["error"])
    return event
