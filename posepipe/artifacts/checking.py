"""Check artifacts: compare the files of a pose with its manifest row."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.artifacts.decoding import (
    check_bvh,
    check_glb,
    check_png,
    is_original,
    read_joints,
    read_json,
    read_motion,
    read_npy,
    same_joints,
)
from posepipe.artifacts.openpose import read_openpose
from posepipe.captions.reading import caption_id
from posepipe.errors import UnsafePath, UnsoundArtifact
from posepipe.storage import artifact_formats, shards
from posepipe.storage.artifact_formats import FORMATS, column_of, file_of
from posepipe.storage.folders import Folder
from posepipe.storage.layout import is_artifact_path

COLUMNS: Final = (
    *("caption_id", "variant", "stem", "path", "status", "error_type", "finished_at"),
    *("seed", "sequence_length", "frame_index", "time_steps", "model", "model_fingerprint"),
    *artifact_formats.COLUMNS,
)
"""The columns of the manifest that :func:`check_pose` and its callers need."""


_CHECKS: Final[dict[str, Callable[[bytes], object]]] = {
    "bvh": check_bvh,
    "glb": check_glb,
    "openpose": read_openpose,
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with one file.

    Attributes
    ----------
    kind, what : str
        What kind of fault, and a sentence about it.
    file : str
        Path relative to the final dir, or the path of a manifest fragment.
    pose : (caption_id, variant), optional
        The row that describes the file.
    format : str
        The artifact's format.
    sha256 : str, optional
        Checksum of the file, where it differs from the row's.
    whole : bool
        The file is unchanged since it was written, but wrong. Then none of the pose's files can be relied on.
    """

    kind: str
    file: str
    what: str
    pose: tuple[str, int] | None = None
    format: str = ""
    sha256: str | None = None
    whole: bool = False


def check_poses(final_dir: Folder, rows: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """The faults of several poses, see :func:`check_pose`."""
    return [fault for row in rows for fault in check_pose(final_dir, row)]


def pose_path(row: Mapping[str, Any]) -> str:
    """The path of a row's artifacts, relative to the final dir and without extension."""
    path: str = row["path"] or row["stem"] or row["caption_id"]
    return path


def check_pose(final_dir: Folder, row: Mapping[str, Any]) -> list[Fault]:
    """Compare the artifacts of one row with it.

    Parameters
    ----------
    final_dir : Folder
    row : mapping with COLUMNS
        A row describes the artifacts that it has checksums of, whatever its status.

    Returns
    -------
    list of Fault
        At most one for each file, the most specific one. Empty where all is sound.
    """
    pose = (row["caption_id"], row["variant"])
    claimed = [name for name in FORMATS if row[column_of(name)] is not None]
    path = pose_path(row)
    if not claimed:
        if row["status"] == "done":
            return [Fault("row", path, "the row says done but has no checksum", pose, whole=True)]
        return []
    if not is_artifact_path(path) or (row["stem"] and not is_artifact_path(row["stem"])):
        return [Fault("row", path, "the row's path leads out of the output folder", pose, whole=True)]
    faults: list[Fault] = []
    joints: dict[str, NDArray[np.float32]] = {}
    for name in claimed:
        file, written = file_of(path, name), row[column_of(name)]
        try:
            content = shards.read(final_dir, file)
        except FileNotFoundError:
            faults.append(Fault("missing", file, "described by a row, but not there", pose, name))
            continue
        except UnsafePath as error:
            return [Fault("row", path, f"the row's path leads out of the output folder ({error})", pose, whole=True)]
        except OSError as error:
            faults.append(Fault("unreadable", file, str(error.strerror or error), pose, name))
            continue
        found = hashlib.sha256(content).hexdigest()
        changed = found != written
        sha256 = found if changed else None
        try:
            held = _joints_of(name, content, row)
        except UnsoundArtifact as error:
            what = f"{error}; " + ("changed since it was written" if changed else "it was written like this")
            faults.append(Fault(error.kind, file, what, pose, name, sha256, whole=not changed))
            continue
        if held is not None:
            joints[name] = held
        if changed:
            what = f"changed since it was written: sha256 {found[:12]}..., the row says {written[:12]}..."
            faults.append(Fault("checksum", file, what, pose, name, sha256))
    return faults or _differences(joints, row)


def _differences(joints: Mapping[str, NDArray[np.float32]], row: Mapping[str, Any]) -> list[Fault]:
    """A fault for each artifact that has other joints than the first; ``joints`` by format."""
    if not joints:
        return []
    first, reference = next(iter(joints.items()))
    what = f"its joints differ from those in the {first.upper()}"
    return [
        Fault("joints", file_of(pose_path(row), name), what, (row["caption_id"], row["variant"]), name, whole=True)
        for name, found in joints.items()
        if not same_joints(reference, found, original=row["model"] is None)
    ]


def _joints_of(name: str, content: bytes, row: Mapping[str, Any]) -> NDArray[np.float32] | None:
    """Check an artifact; returns its joints, or None where the format does not hold them to the bit."""
    original = row["model"] is None
    if name == "npy":
        return read_npy(content, original=original)
    if name == "json":
        return _joints_of_json(content, row)
    if name == "motion":
        read_motion(content, row["sequence_length"])
        return read_joints(content, name, frame=row["frame_index"])
    if name in _CHECKS:
        _CHECKS[name](content)
    else:
        check_png(content, original=original)
    return None


def _joints_of_json(content: bytes, row: Mapping[str, Any]) -> NDArray[np.float32]:
    """Check a JSON, and compare what it says with the row; returns its joints."""
    original = row["model"] is None
    fields, joints = read_json(content)
    if caption_id(fields["caption"]) != row["caption_id"]:
        raise UnsoundArtifact("field", f"it holds another caption: {fields['caption'][:60]!r}")
    if original and is_original(fields):
        return joints
    settings = fields.get("settings", {})
    for key in ("model", "model_fingerprint", "seed", "variant", "frame_index", "sequence_length", "time_steps"):
        value = fields[key] if key in fields else settings.get(key)
        if row[key] is not None and value != row[key]:
            raise UnsoundArtifact("field", f"{key} is {value!r:.60}, the row says {row[key]!r:.60}")
    return joints
