"""Encode a pose as the bytes of each artifact format."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe._version import __version__
from posepipe.commandline.values import PICTURES
from posepipe.config import RunConfig
from posepipe.skeleton import JOINT_NAMES, NUM_JOINTS
from posepipe.storage.artifact_formats import FORMATS

WRITE_ORDER: Final = ("json", *(name for name in FORMATS if name != "json"))
"""JSON first: it names the caption, so that the files of a killed run can be recognised."""

_JSON: Final = json.JSONEncoder(ensure_ascii=False)


def artifact(
    name: str,
    joints: NDArray[np.float32],
    row: Mapping[str, Any],
    config: RunConfig,
    motion: NDArray[np.float32] | None = None,
) -> bytes:
    """The bytes of a pose in one format.

    Parameters
    ----------
    name : str
        The format.
    joints : (22, 3) float32 array
        Metres.
    row : mapping
        The manifest row.
    config : RunConfig
    motion : (frames, 22, 3) float32 array, optional
        Metres; for the format ``motion``.
    """
    if motion is not None and name == "motion":
        return array_bytes(motion)
    if name == "json":
        return pose_json(joints, row, config).encode()
    if name == "png":
        from posepipe.picture import draw

        return bytes(
            draw(
                joints,
                row["caption"],
                model=row["model"],
                seed=row["seed"],
                style=config.picture or PICTURES[0],
                transparent=config.transparent,
            )
        )
    return of_joints(name, joints)


def of_joints(name: str, joints: NDArray[np.float32]) -> bytes:
    """The bytes of a pose in a format that is made from the joints alone, (22, 3) float32 in metres."""
    if name == "npy":
        return array_bytes(joints)
    from posepipe.artifacts import bvh, gltf, openpose

    encoders = {
        "bvh": bvh.encode_bvh,
        "glb": gltf.encode_glb,
        "openpose": openpose.encode_openpose,
        "openpose-png": openpose.draw_openpose,
    }
    return encoders[name](joints)


def array_bytes(array: NDArray[np.float32]) -> bytes:
    """An array as an NPY file, in the order of C."""
    return _npy_head(array.shape, array.dtype) + array.tobytes()


@lru_cache(maxsize=64)
def _npy_head(shape: tuple[int, ...], dtype: np.dtype[Any]) -> bytes:
    """What is in an NPY file before the numbers, as numpy writes it."""
    stream, zeros = io.BytesIO(), np.zeros(shape, dtype)
    np.save(stream, zeros, allow_pickle=False)
    return stream.getvalue()[: stream.tell() - zeros.nbytes]


def pose_json(joints: NDArray[np.float32], row: Mapping[str, Any], config: RunConfig) -> str:
    """The JSON artifact: the fields of the original MARDM scripts, and those that describe how the pose was made.

    Parameters
    ----------
    joints : (22, 3) float32 array
        Metres. Each number is written in the shortest form that gives the same float32.
    row : mapping
        The manifest row.
    """
    settings = config.pose_settings(row["sequence_length"])
    before = {"caption": row["caption"], "frame_index": row["frame_index"], "num_joints": NUM_JOINTS}
    after = {
        "joint_names": JOINT_NAMES,
        "model": row["model"],
        "model_fingerprint": row["model_fingerprint"],
        "seed": row["seed"],
        "variant": row["variant"],
        "settings": {name: value for name, value in settings.items() if name not in ("model", "seed")},
        "posepipe_version": __version__,
    }
    numbers = "], [".join([", ".join([_number(value) for value in joint]) for joint in joints])
    return f'{{{_members(before)}, "joints": [[{numbers}]], {_members(after)}}}\n'


def _number(value: np.float32) -> str:
    """A number as ``json`` writes it: with an exponent only where Python would, which is later than numpy does."""
    text = str(value)
    return repr(float(text)) if "e" in text else text


def _members(content: Mapping[str, Any]) -> str:
    """The members of a JSON object, without its brackets."""
    return _JSON.encode(content)[1:-1]
