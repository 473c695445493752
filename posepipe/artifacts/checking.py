"""What a sound artifact is: bytes on disk held against the manifest row that speaks of them."""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import signal
import struct
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from posepipe import remote, shards
from posepipe.captions import caption_id
from posepipe.config import FORMATS
from posepipe.errors import UnsoundArtifact
from posepipe.skeleton import JOINT_NAMES, NUM_JOINTS

COLUMNS: Final = (
    *("caption_id", "variant", "stem", "path", "status", "error_type", "finished_at"),
    *("seed", "sequence_length", "frame_index", "time_steps", "model", "model_fingerprint"),
    *(f"{name}_sha256" for name in FORMATS),
)
"""The columns of the manifest that :func:`check_pose` and its callers need."""
PNG_SIZE: Final = (1200, 1200)
CHUNK: Final = 200
"""Poses that a process takes at a time."""
ALONE_UNDER: Final = 4000
"""Poses; fewer are read in this process, sooner than others have started."""

_FIELDS: Final[dict[str, type]] = {
    "caption": str,
    "frame_index": int,
    "num_joints": int,
    "joints": list,
    "joint_names": list,
    "model": str,
    "model_fingerprint": str,
    "seed": int,
    "variant": int,
    "settings": dict,
    "posepipe_version": str,
}
_PNG_START: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_PNG_END: Final = b"\0\0\0\0IEND\xaeB`\x82"

_In = TypeVar("_In")
_Out = TypeVar("_Out")


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


def read_npy(content: bytes) -> NDArray[np.float32]:
    """The joints of an NPY artifact, (22, 3) float32, metres.

    Raises
    ------
    UnsoundArtifact
        It is no NPY file, or of another dtype or shape, or not finite.
    """
    try:
        array = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    except Exception as error:  # numpy promises no particular class for bytes that are broken
        raise UnsoundArtifact("format", f"no NPY file ({str(error).splitlines()[0][:120]})") from error
    if array.dtype != np.dtype("<f4"):
        raise UnsoundArtifact("dtype", f"dtype {array.dtype.str}, not float32")
    if array.shape != (NUM_JOINTS, 3):
        raise UnsoundArtifact("shape", f"shape {array.shape}, not ({NUM_JOINTS}, 3)")
    _check_finite(array)
    joints: NDArray[np.float32] = array
    return joints


def read_json(content: bytes) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """The fields of a JSON artifact, and its joints, (22, 3) float32, metres.

    Raises
    ------
    UnsoundArtifact
        It is no JSON, or a field is missing or of another type, or the joints are no pose.
    """
    try:
        fields = json.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise UnsoundArtifact("format", f"no JSON ({str(error)[:120]})") from error
    if not isinstance(fields, dict):
        raise UnsoundArtifact("format", "no JSON object")
    for name, wanted in _FIELDS.items():
        if name not in fields:
            raise UnsoundArtifact("field", f"{name} is missing")
        if type(fields[name]) is not wanted:
            raise UnsoundArtifact("field", f"{name} is a {type(fields[name]).__name__}, not a {wanted.__name__}")
    try:
        caption_id(fields["caption"])
    except UnicodeEncodeError:
        raise UnsoundArtifact("field", "caption is no text that UTF-8 can hold") from None
    counts = {"num_joints": fields["num_joints"], "joints": len(fields["joints"])}
    counts["joint_names"] = len(fields["joint_names"])
    for name, count in counts.items():
        if count != NUM_JOINTS:
            raise UnsoundArtifact("joints", f"{name}: {count}, not {NUM_JOINTS}")
    if fields["joint_names"] != list(JOINT_NAMES):
        raise UnsoundArtifact("joints", "joint_names are not HumanML3D's, in its order")
    joints = fields["joints"]
    flat = [value for joint in joints if type(joint) is list and len(joint) == 3 for value in joint]
    if len(flat) != 3 * NUM_JOINTS or not all(type(value) in (float, int) for value in flat):
        raise UnsoundArtifact("shape", f"joints are not {NUM_JOINTS} times 3 numbers")
    if any(abs(value) > 1e30 for value in flat):  # NaN is told of below, by name
        raise UnsoundArtifact("finite", "joints that no float32 holds")
    array = np.array(flat, dtype=np.float32).reshape(NUM_JOINTS, 3)
    _check_finite(array)
    return fields, array


def check_png(content: bytes) -> None:
    """Look at the header and the end of a PNG artifact.

    Raises
    ------
    UnsoundArtifact
        It is no PNG, or cut off, or of another size than 1200 x 1200.
    """
    if len(content) < 24 or not content.startswith(_PNG_START):
        raise UnsoundArtifact("format", "no PNG file")
    size = struct.unpack(">II", content[16:24])
    if size != PNG_SIZE:
        raise UnsoundArtifact("size", f"{size[0]} x {size[1]}, not {PNG_SIZE[0]} x {PNG_SIZE[1]}")
    if not content.endswith(_PNG_END):
        raise UnsoundArtifact("format", f"a PNG that is cut off, {len(content):,} bytes")


def _check_finite(joints: NDArray[np.float32]) -> None:
    wrong = np.flatnonzero(~np.isfinite(joints).all(axis=1))
    if len(wrong):
        names = ", ".join(JOINT_NAMES[joint] for joint in wrong[:3])
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise UnsoundArtifact("finite", f"not finite: {names}{more}")


def names_in(final_dir: Path, folders: set[str], inside: str = "") -> Iterator[str]:
    """Names of all there is in the output folder, relative to it; those that begin with a dot are left out.

    Parameters
    ----------
    final_dir : path
    folders : set of str
        Folders and shards that hold artifacts, each ending in ``/``. Folders are looked into, others are one name;
        shards are left out, since what no row speaks of in them has been made anew elsewhere.
    """
    if remote.is_remote(final_dir):
        there = remote.names_below(final_dir)
        yield from (name for name in there if not name.startswith(".") and f"{name}/" not in folders)
        return
    with os.scandir(final_dir / inside) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            name = inside + entry.name
            if f"{name}/" not in folders:
                yield name
            elif entry.is_dir():
                yield from names_in(final_dir, folders, f"{name}/")


def folders_of(paths: Iterable[str]) -> set[str]:
    """The folders in which paths lie, and those around them, each ending in ``/``."""
    inside = {path.rpartition("/")[0] for path in paths if "/" in path}
    return {
        "/".join(folder.split("/")[: depth + 1]) + "/" for folder in inside for depth in range(folder.count("/") + 1)
    }


def processes_for(count: int, asked: int | None) -> int:
    """How many processes read ``count`` poses: those asked for, else one per core unless there are few."""
    if asked is not None:
        return asked
    return 1 if count < ALONE_UNDER else min(len(os.sched_getaffinity(0)), math.ceil(count / CHUNK))


def spread(work: Callable[[_In], _Out], parts: Iterable[_In], processes: int) -> Iterator[_Out]:
    """``map(work, parts)`` over processes, in order, with a few parts each under way.

    ``work`` and what it takes and gives must be such as can be pickled.
    """
    if processes == 1:
        yield from map(work, parts)
        return
    pending: deque[Future[_Out]] = deque()
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_ignore_interrupts)
    try:
        for part in parts:
            pending.append(pool.submit(work, part))
            if len(pending) > 4 * processes:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _ignore_interrupts() -> None:
    """Ctrl-C reaches the whole group; the one who waits for the others ends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
