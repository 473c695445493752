"""Decode the bytes of each artifact format. Everything that reads an artifact uses these functions."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.captions.reading import caption_id
from posepipe.commandline.values import PICTURES
from posepipe.errors import UnsoundArtifact
from posepipe.skeleton import JOINT_NAMES, NUM_JOINTS

PNG_SIZE: Final = (1200, 1200)
LARGEST: Final = 1e30
"""Metres. Coordinates beyond it are treated as infinite, because sums and squares of them are."""
ROUNDING: Final = 1e-5
"""Metres by which the joints in an original JSON and NPY may differ: the JSON may be rounded."""

_ORIGINAL_FIELDS: Final[dict[str, type]] = {
    "caption": str,
    "frame_index": int,
    "num_joints": int,
    "joints": list,
    "joint_names": list,
}
_OWN_FIELDS: Final[dict[str, type]] = {
    "model": str,
    "model_fingerprint": str,
    "seed": int,
    "variant": int,
    "settings": dict,
    "posepipe_version": str,
}
_PNG_START: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_PNG_SIGNATURE: Final = _PNG_START[:8]
_RGB_AND_ALPHA: Final = 6
_STYLE: Final = b"style\0\0\0\0\0"
_PNG_END: Final = b"\0\0\0\0IEND\xaeB`\x82"


def is_original(fields: Mapping[str, Any]) -> bool:
    """Whether a JSON was written by the original MARDM scripts, which record neither model nor settings."""
    return not fields.keys() & _OWN_FIELDS.keys()


def same_joints(one: NDArray[np.float32], other: NDArray[np.float32], *, original: bool = False) -> bool:
    """Whether a JSON and an NPY hold the same pose; those of the original MARDM scripts up to :data:`ROUNDING`."""
    return bool(np.allclose(one, other, atol=ROUNDING) if original else np.array_equal(one, other))


def read_joints(content: bytes, name: str, *, frame: int | None = None, original: bool = False) -> NDArray[np.float32]:
    """The joints of an NPY, JSON or motion artifact, (22, 3) float32, metres.

    Parameters
    ----------
    content : bytes
    name : {"npy", "json", "motion"}
        The format.
    frame : int, optional
        Which frame of a motion is the pose.
    original : bool
        The file may come from the original MARDM scripts.

    Raises
    ------
    UnsoundArtifact
        As for :func:`read_npy`, :func:`read_json` and :func:`read_motion`, or the motion has no such frame.
    """
    if name == "npy":
        return read_npy(content, original=original)
    if name == "json":
        return read_json(content)[1]
    motion = read_motion(content)
    if frame is None or not 0 <= frame < len(motion):
        raise UnsoundArtifact("shape", f"{len(motion)} frames, none of which is number {frame}")
    joints: NDArray[np.float32] = motion[frame]
    return joints


def read_npy(content: bytes, *, original: bool = False) -> NDArray[np.float32]:
    """Decode an NPY artifact: joints, (22, 3) float32, metres.

    Parameters
    ----------
    content : bytes
    original : bool
        The file may come from the original MARDM scripts; then other float types are converted.

    Raises
    ------
    UnsoundArtifact
        It is not an NPY file, has another dtype or shape, or is not finite.
    """
    array = _read_array(content, original=original)
    if array.shape != (NUM_JOINTS, 3):
        raise UnsoundArtifact("shape", f"shape {array.shape}, not ({NUM_JOINTS}, 3)")
    _check_finite(array)
    return array


def read_motion(content: bytes, frames: int | None = None) -> NDArray[np.float32]:
    """Decode a motion artifact: joints of every frame, (frames, 22, 3) float32, metres.

    Parameters
    ----------
    content : bytes
    frames : int, optional
        The number of frames that there must be.

    Raises
    ------
    UnsoundArtifact
        It is not an NPY file, has another dtype or shape, or is not finite.
    """
    motion = _read_array(content)
    wanted = f"({'frames' if frames is None else frames}, {NUM_JOINTS}, 3)"
    if motion.ndim != 3 or motion.shape[1:] != (NUM_JOINTS, 3) or len(motion) != (frames or len(motion)):
        raise UnsoundArtifact("shape", f"shape {motion.shape}, not {wanted}")
    wrong = np.flatnonzero(~is_finite(motion).all(axis=(1, 2)))
    if len(wrong):
        raise UnsoundArtifact("finite", f"not finite in frame {wrong[0]}")
    return motion


def _read_array(content: bytes, *, original: bool = False) -> NDArray[np.float32]:
    """The float32 array in an NPY file."""
    try:
        array = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    except Exception as error:  # numpy documents no exception class for malformed bytes
        raise UnsoundArtifact("format", f"not an NPY file ({str(error).splitlines()[0][:120]})") from error
    if original and np.issubdtype(array.dtype, np.floating):
        array = array.astype(np.float32)
    if array.dtype != np.dtype("<f4"):
        raise UnsoundArtifact("dtype", f"dtype {array.dtype.str}, not float32")
    found: NDArray[np.float32] = array
    return found


def read_json(content: bytes) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """Decode a JSON artifact: its fields, and joints, (22, 3) float32, metres.

    A file of the original MARDM scripts (:func:`is_original`) has only some of the fields, and its own joint names.

    Raises
    ------
    UnsoundArtifact
        It is not JSON, a field is missing or has another type, or the joints are not 22 finite points.
    """
    try:
        fields = json.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise UnsoundArtifact("format", f"not JSON ({str(error)[:120]})") from error
    if not isinstance(fields, dict):
        raise UnsoundArtifact("format", "not a JSON object")
    original = is_original(fields)
    for name, wanted in (_ORIGINAL_FIELDS if original else _ORIGINAL_FIELDS | _OWN_FIELDS).items():
        if name not in fields:
            raise UnsoundArtifact("field", f"{name} is missing")
        if type(fields[name]) is not wanted:
            raise UnsoundArtifact("field", f"{name} is a {type(fields[name]).__name__}, not a {wanted.__name__}")
    try:
        caption_id(fields["caption"])
    except UnicodeEncodeError:
        raise UnsoundArtifact("field", "caption cannot be encoded as UTF-8") from None
    counts = {"num_joints": fields["num_joints"], "joints": len(fields["joints"])}
    counts["joint_names"] = len(fields["joint_names"])
    for name, count in counts.items():
        if count != NUM_JOINTS:
            raise UnsoundArtifact("joints", f"{name}: {count}, not {NUM_JOINTS}")
    if not original and fields["joint_names"] != list(JOINT_NAMES):
        raise UnsoundArtifact("joints", "joint_names are not those of HumanML3D in its order")
    joints = fields["joints"]
    flat = [value for joint in joints if type(joint) is list and len(joint) == 3 for value in joint]
    if len(flat) != 3 * NUM_JOINTS or not all(type(value) in (float, int) for value in flat):
        raise UnsoundArtifact("shape", f"joints are not {NUM_JOINTS} times 3 numbers")
    if any(abs(value) > LARGEST for value in flat):  # NaN is reported below, with the joint
        raise UnsoundArtifact("finite", f"joints farther than {LARGEST:g} m")
    array = np.array(flat, dtype=np.float32).reshape(NUM_JOINTS, 3)
    _check_finite(array)
    return fields, array


def check_bvh(content: bytes) -> None:
    """Check that a BVH artifact has the 22 joints, and one frame with finite numbers for all of them.

    Raises
    ------
    UnsoundArtifact
        It does not.
    """
    try:
        lines = [line.split() for line in content.decode("ascii").splitlines()]
        names = [words[1] for words in lines if words and words[0] in ("ROOT", "JOINT")]
        start = lines.index(["Frames:", "1"])
        numbers = np.array([float(word) for words in lines[start + 2 :] for word in words])
    except (ValueError, IndexError) as error:
        raise UnsoundArtifact("format", f"not a BVH file of one frame ({str(error)[:120]})") from error
    if sorted(names) != sorted(JOINT_NAMES):
        raise UnsoundArtifact("joints", f"{len(names)} joints, or other names than HumanML3D's")
    if len(numbers) != 3 + 3 * NUM_JOINTS:
        raise UnsoundArtifact("shape", f"{len(numbers)} numbers in the frame, not {3 + 3 * NUM_JOINTS}")
    if not np.isfinite(numbers).all():
        raise UnsoundArtifact("finite", "not finite: a number of the frame")


def check_glb(content: bytes) -> None:
    """Check the two chunks of a binary glTF artifact, and that it has a node for each of the 22 joints.

    Raises
    ------
    UnsoundArtifact
        It does not.
    """
    try:
        magic, version, length, size, kind = struct.unpack("<4sII I4s", content[:20])
        document = json.loads(content[20 : 20 + size])
        binary_size, binary_kind = struct.unpack("<I4s", content[20 + size : 28 + size])
        names = {node["name"] for node in document["nodes"]}
    except (struct.error, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnsoundArtifact("format", f"not a binary glTF file ({str(error)[:120]})") from error
    if (magic, version, kind, binary_kind) != (b"glTF", 2, b"JSON", b"BIN\0"):
        raise UnsoundArtifact("format", "not a binary glTF 2.0 file")
    if len(content) != length or length != 28 + size + binary_size:
        raise UnsoundArtifact("format", f"{len(content):,} bytes, which are not those that the file announces")
    if not names >= set(JOINT_NAMES):
        raise UnsoundArtifact("joints", f"no node for {', '.join(sorted(set(JOINT_NAMES) - names)[:3])}")


def check_png(content: bytes, *, original: bool = False) -> None:
    """Check the header and the end of a PNG artifact.

    Parameters
    ----------
    content : bytes
    original : bool
        The file may come from the original MARDM scripts; then any size is accepted.

    Raises
    ------
    UnsoundArtifact
        It is not a PNG file, is cut off, or is not 1200 x 1200 pixels.
    """
    if len(content) < 24 or not content.startswith(_PNG_START):
        raise UnsoundArtifact("format", "not a PNG file")
    size = struct.unpack(">II", content[16:24])
    if not original and size != PNG_SIZE:
        raise UnsoundArtifact("size", f"{size[0]} x {size[1]}, not {PNG_SIZE[0]} x {PNG_SIZE[1]}")
    if not content.endswith(_PNG_END):
        raise UnsoundArtifact("format", f"PNG file is cut off after {len(content):,} bytes")


def look_in(content: bytes) -> str | None:
    """How a sound PNG artifact is drawn, as in the manifest's column ``picture``; None if it does not say."""
    style, transparent, at = None, content[25] == _RGB_AND_ALPHA, len(_PNG_SIGNATURE)
    while at + 8 <= len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + size]
        if kind == b"IDAT":  # texts come before the pixels
            break
        if kind == b"iTXt" and body.startswith(_STYLE):
            style = body[len(_STYLE) :].decode("utf-8", "replace")
        transparent |= kind == b"tRNS"
        at += size + 12
    return None if style not in PICTURES else style + " transparent" * transparent


def is_finite(coordinates: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where coordinates are numbers up to :data:`LARGEST`. Workers use it before they write, ``verify`` afterwards."""
    finite: NDArray[np.bool_] = np.abs(coordinates) <= np.float32(LARGEST)
    return finite


def _check_finite(joints: NDArray[np.float32]) -> None:
    wrong = np.flatnonzero(~is_finite(joints).all(axis=1))
    if len(wrong):
        names = ", ".join(JOINT_NAMES[joint] for joint in wrong[:3])
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise UnsoundArtifact("finite", f"not finite: {names}{more}")
