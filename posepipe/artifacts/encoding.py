"""Encode a pose as the bytes of each artifact format."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
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
    """An array as an NPY file."""
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=False)
    return stream.getvalue()


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
    content = {
        "caption": row["caption"],
        "frame_index": row["frame_index"],
        "num_joints": NUM_JOINTS,
        "joints": [[float(str(value)) for value in joint] for joint in joints],
        "joint_names": list(JOINT_NAMES),
        "model": row["model"],
        "model_fingerprint": row["model_fingerprint"],
        "seed": row["seed"],
        "variant": row["variant"],
        "settings": {name: value for name, value in settings.items() if name not in ("model", "seed")},
        "posepipe_version": __version__,
    }
    return json.dumps(content, ensure_ascii=False) + "\n"
