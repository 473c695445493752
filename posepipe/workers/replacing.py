"""Poses that are made again over earlier files: what is recorded before the first file changes, and afterwards.

Before a partition changes files that rows describe, it writes newer rows that say ``Unfinished``. So a run that is
killed in between leaves no row that says done about files that have changed, and the next run makes these poses again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

from posepipe import manifest
from posepipe.artifacts.adding import has_other_picture, without_picture
from posepipe.errors import Unfinished, UnsafePath
from posepipe.storage import shards
from posepipe.storage.artifact_formats import COLUMNS, FORMATS, column_of, file_of
from posepipe.storage.folders import Folder
from posepipe.storage.stores import Store
from posepipe.workers.contract import RunContext
from posepipe.workers.rows import microseconds_of, time_of_row

_NO_ERROR: Final = dict.fromkeys(("error_type", "error", "traceback"))

logger = logging.getLogger("posepipe")


def mark_unfinished(pending: Sequence[dict[str, Any]], folder: Folder, context: RunContext, name: str) -> None:
    """Write newer rows that say ``Unfinished`` for the poses whose files will be replaced.

    They keep the checksums, so that the next run knows the files as posepipe's own; those of MARDM's scripts are not.

    Parameters
    ----------
    pending : sequence of dict
        Rows of work with POSE_COLUMNS; ``after`` is changed, so that the final rows are newer.
    folder : Folder
        The manifest.
    context : RunContext
    name : str
        Beginning of the fragment's name.
    """
    rows = []
    for pose in pending:
        old = pose["replaced"]
        if old is None or pose["error_type"] is not None or shards.is_member(old["path"] or ""):
            continue
        time = time_of_row(pose)
        pose["after"] = microseconds_of(time)
        error = f"run {context.run_id} was making it again and did not finish"
        known = {} if old["model"] is not None else dict.fromkeys(COLUMNS)
        failure = {**_NO_ERROR, "error_type": Unfinished.__name__, "error": error, "status": "failed"}
        rows.append({**old, **known, **failure, "run_id": context.run_id, "finished_at": time})
    if rows:
        manifest.write_fragment(folder, rows, name, fsync=context.config.fsync)


def mark_redrawn(pending: Sequence[dict[str, Any]], folder: Folder, context: RunContext, name: str) -> None:
    """Write newer rows without the pictures that will be drawn again in another style.

    So a run that is killed in between leaves no row that describes a picture that has changed.

    Parameters
    ----------
    pending : sequence of dict
        Rows of work; ``previous`` and ``after`` are changed, so that the pictures are due and the final rows newer.
    folder : Folder
        The manifest.
    context : RunContext
    name : str
        Beginning of the fragment's name.
    """
    config, rows = context.config, []
    if config.on_mismatch != "regenerate" or "png" not in config.format_list:
        return
    for pose in pending:
        old = pose["previous"]
        if not old or not has_other_picture(old, config.look):
            continue
        pose["previous"] = without_picture(old)
        if not shards.is_member(old["path"] or ""):  # shards are not changed
            time = time_of_row(pose)
            pose["after"] = microseconds_of(time)
            rows.append(pose["previous"] | {"finished_at": time})
    if rows:
        manifest.write_fragment(folder, rows, name, fsync=config.fsync)


def move_leftovers(pose: Mapping[str, Any], row: Mapping[str, Any], store: Store) -> int:
    """Move the earlier files of a pose aside that its new row does not describe; returns how many.

    For example the JSON and PNG of an earlier pose that was made again as NPY only.
    """
    old = pose["replaced"]
    if old is None or shards.is_member(old["path"] or ""):
        return 0
    path = old["path"] or old["stem"]
    left = [name for name in FORMATS if old[column_of(name)] and (path != row["path"] or not row.get(column_of(name)))]
    try:
        return sum(store.move_aside(file_of(path, name)) for name in left)
    except UnsafePath:  # the row did not describe files of this output folder
        return 0


def restored(row: dict[str, Any], pose: Mapping[str, Any], store: Store) -> dict[str, Any]:
    """The row to write: after a failure that of the earlier pose, if all its files are still as they were.

    Parameters
    ----------
    row : dict
        The new row of the pose.
    pose : mapping
        Its row of work.
    store : Store
    """
    old = pose["replaced"]
    if row["status"] != "failed" or old is None:
        return row
    path = old["path"] or old["stem"]
    claimed = [name for name in FORMATS if old[column_of(name)]]
    try:
        sound = [hashlib.sha256(store.read(path, name)).hexdigest() == old[column_of(name)] for name in claimed]
    except (FileNotFoundError, UnsafePath):
        return row
    if not claimed or not all(sound):
        return row
    logger.info("caption %s: its earlier pose stays\n%s", row["caption_id"], row["traceback"] or "")
    return {**old, **_NO_ERROR, "status": "done", "attempts": row["attempts"], "finished_at": time_of_row(pose)}
