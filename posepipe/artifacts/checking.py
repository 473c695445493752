"""What a sound artifact is: bytes on disk held against the manifest row that speaks of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.artifacts.decoding import check_png, read_json, read_npy
from posepipe.captions.reading import caption_id
from posepipe.config import FORMATS
from posepipe.errors import UnsoundArtifact
from posepipe.storage import shards

COLUMNS: Final = (
    *("caption_id", "variant", "stem", "path", "status", "error_type", "finished_at"),
    *("seed", "sequence_length", "frame_index", "time_steps", "model", "model_fingerprint"),
    *(f"{name}_sha256" for name in FORMATS),
)
"""The columns of the manifest that :func:`check_pose` and its callers need."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with one file.

    Attributes
    ----------
    kind, file, what : str
        ``file`` is relative to the final dir, or the path of a manifest fragment.
    pose : (caption_id, variant), optional
        The row that speaks of the file.
    extension : str
        Which of the row's artifacts it is.
    sha256 : str, optional
        Of what is there, where that is not what the row says.
    whole : bool
        The file is as it was written, and wrong: nothing of this pose can be relied on.
    """

    kind: str
    file: str
    what: str
    pose: tuple[str, int] | None = None
    extension: str = ""
    sha256: str | None = None
    whole: bool = False


def check_poses(final_dir: Path, rows: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """The faults of several poses, see :func:`check_pose`."""
    return [fault for row in rows for fault in check_pose(final_dir, row)]


def place_of(row: Mapping[str, Any]) -> str:
    """Where the artifacts of a row lie, relative to the final dir and without extension."""
    place: str = row["path"] or row["stem"] or row["caption_id"]
    return place


def check_pose(final_dir: Path, row: Mapping[str, Any]) -> list[Fault]:
    """Hold the artifacts of one row against it.

    Parameters
    ----------
    final_dir : path
    row : mapping with COLUMNS
        A row with checksums speaks of artifacts, whatever its status.

    Returns
    -------
    list of Fault
        At most one for each file: the one that tells most. Empty where all is sound.
    """
    pose = (row["caption_id"], row["variant"])
    claimed = [name for name in FORMATS if row[f"{name}_sha256"] is not None]
    place = place_of(row)
    if not claimed:
        if row["status"] == "done":
            return [Fault("row", place, "the row says done and names no artifact", pose, whole=True)]
        return []
    if place.startswith("/") or ".." in place.split("/"):
        return [Fault("row", place, "the row's path leads out of the output folder", pose, whole=True)]
    faults: list[Fault] = []
    joints: dict[str, NDArray[np.float32]] = {}
    for extension in claimed:
        file = f"{place}.{extension}"
        try:
            content = shards.read(final_dir, file)
        except FileNotFoundError:
            faults.append(Fault("missing", file, "a row speaks of it, it is not there", pose, extension))
            continue
        except OSError as error:
            faults.append(Fault("unreadable", file, str(error.strerror or error), pose, extension))
            continue
        found = hashlib.sha256(content).hexdigest()
        changed = found != row[f"{extension}_sha256"]
        sha256 = found if changed else None
        try:
            joints |= _joints_of(extension, content, row)
        except UnsoundArtifact as error:
            told = f"{error}; " + ("not what was written" if changed else "it was written so")
            faults.append(Fault(error.kind, file, told, pose, extension, sha256, whole=not changed))
            continue
        if changed:
            told = f"not what was written: sha256 {found[:12]}..., the row says {row[f'{extension}_sha256'][:12]}..."
            faults.append(Fault("checksum", file, told, pose, extension, sha256))
    if not faults and len(joints) == 2 and not np.array_equal(joints["npy"], joints["json"]):
        faults.append(Fault("joints", f"{place}.json", "other joints than in the NPY", pose, "json", whole=True))
    return faults


def _joints_of(extension: str, content: bytes, row: Mapping[str, Any]) -> dict[str, NDArray[np.float32]]:
    """The joints in an artifact, by extension; none in a picture."""
    if extension == "npy":
        return {"npy": read_npy(content)}
    if extension == "png":
        check_png(content)
        return {}
    fields, joints = read_json(content)
    if caption_id(fields["caption"]) != row["caption_id"]:
        raise UnsoundArtifact("field", f"its caption is another's: {fields['caption'][:60]!r}")
    settings = fields["settings"]
    for name in ("model", "model_fingerprint", "seed", "variant", "frame_index", "sequence_length", "time_steps"):
        value = fields[name] if name in fields else settings.get(name)
        if row[name] is not None and value != row[name]:
            raise UnsoundArtifact("field", f"{name} is {value!r:.60}, the row says {row[name]!r:.60}")
    return {"json": joints}
