"""Add formats to a pose that has files already: read its joints back, write the new files beside the old ones."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posepipe.artifacts.decoding import read_joints
from posepipe.artifacts.encoding import WRITE_ORDER
from posepipe.errors import PoseError
from posepipe.storage.artifact_formats import column_of, file_of, source_of
from posepipe.storage.stores import Store


def stored_joints(row: Mapping[str, Any], store: Store) -> NDArray[np.float32]:
    """The joints that a row describes, (22, 3) float32, metres.

    Raises
    ------
    PoseError
        The file has changed since it was written, or the row describes none that holds joints.
    OSError
        The file cannot be read.
    """
    name = source_of(row)
    if name is None:
        raise PoseError(f"{row['stem']} has neither NPY nor JSON nor motion to take the joints from")
    content = store.read(row["path"], name)
    if hashlib.sha256(content).hexdigest() != row[column_of(name)]:
        file = file_of(row["stem"], name)
        raise PoseError(f"{file} has changed since it was written; posepipe verify --repair makes it due again")
    return read_joints(content, name, frame=row["frame_index"], original=row["model"] is None)


def add_files(
    row: Mapping[str, Any],
    files: Mapping[str, bytes],
    path: str,
    store: Store,
    *,
    move: bool,
    described: Collection[str] = (),
) -> dict[str, Any]:
    """Write new files of a pose, by format; returns the columns of its row that change, and ``set_aside``.

    Parameters
    ----------
    row : mapping
        The row of the pose, or an empty mapping for a new pose.
    files : mapping of str to bytes
    path : str
        Where the store is to put them, without extension.
    store : Store
    move : bool
        Also copy the files that the row describes, because the files of a pose lie together.
    described : collection of str
        Formats whose files may be overwritten.
    """
    kept = {name for name in WRITE_ORDER if move and row.get(column_of(name)) and name not in files}
    contents = {
        name: files[name] if name in files else store.read(row["path"], name)
        for name in WRITE_ORDER
        if name in files or name in kept
    }
    published = store.publish(path, contents, described)
    changes: dict[str, Any] = {column_of(name): checksum for name, checksum in published.sha256.items()}
    before = 0 if move else row.get("bytes") or 0
    return changes | {"path": published.path, "bytes": published.bytes + before, "set_aside": published.set_aside}
