"""Artifacts of a pose: what their bytes are, and how sound the pose in them is."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe._version import __version__
from posepipe.config import RunConfig
from posepipe.errors import PoseError
from posepipe.skeleton import JOINT_NAMES, MIRROR, NUM_JOINTS, bone_lengths
from posepipe.store import Store

BONES_OVER: Final = 0.02
BELOW_FLOOR: Final = -0.03
OFF_FLOOR: Final = 0.10
WRITE_ORDER: Final[tuple[str, ...]] = ("json", "npy", "png")
"""JSON first: it says whose the files are, should the run be killed in between."""


def stored_joints(pose: Mapping[str, Any], store: Store) -> NDArray[np.float32]:
    """The joints of a pose that an earlier run wrote; (22, 3) float32, metres.

    Raises
    ------
    PoseError
        The file is not what the manifest says was written.
    """
    previous, stem = pose["previous"], pose["stem"]
    extension = "npy" if previous["npy_sha256"] else "json"
    content = store.read(previous["path"], extension)
    if hashlib.sha256(content).hexdigest() != previous[f"{extension}_sha256"]:
        raise PoseError(f"{stem}.{extension} is not what was written; posepipe verify --repair makes it due again")
    if extension == "npy":
        return np.asarray(np.load(io.BytesIO(content), allow_pickle=False), dtype=np.float32)
    return np.array(json.loads(content)["joints"], dtype=np.float32)


def artifact(extension: str, joints: NDArray[np.float32], row: Mapping[str, Any], config: RunConfig) -> bytes:
    """The bytes of one artifact: ``npy``, ``json`` or ``png``; ``row`` is the manifest row."""
    if extension == "npy":
        stream = io.BytesIO()
        np.save(stream, joints, allow_pickle=False)
        return stream.getvalue()
    if extension == "json":
        return pose_json(joints, row, config).encode()
    from posepipe.picture import draw

    return bytes(draw(joints, row["caption"], model=row["model"], seed=row["seed"]))


def pose_json(joints: NDArray[np.float32], row: Mapping[str, Any], config: RunConfig) -> str:
    """The JSON artifact: the pose as the original system writes it, and beside it what made it.

    Parameters
    ----------
    joints : (22, 3) float32 array
        Metres; written in the shortest form that reads back the same float32.
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


def sanity(joints: NDArray[np.float32], bone_reference: bytes | None) -> dict[str, float]:
    """The measures of a pose: ``height``, ``lowest_y`` (metres) and ``bone_error`` (relative).

    Parameters
    ----------
    joints : (22, 3) float32 array
        Metres.
    bone_reference : bytes of 22 float32, or None
        The skeleton's bone lengths in metres; without it, left is held against right.
    """
    lengths = bone_lengths(joints)[1:]
    if bone_reference is not None:
        wanted = np.frombuffer(bone_reference, dtype=np.float32)[1:]
        error = np.abs(lengths / wanted - 1).max()
    else:
        other = lengths[np.array(MIRROR[1:]) - 1]
        error = (np.abs(lengths - other) / np.maximum((lengths + other) / 2, 1e-6)).max()
    lowest = joints[:, 1].min()
    return {
        "height": float(joints[:, 1].max() - lowest),
        "lowest_y": float(lowest),
        "bone_error": float(error),
    }


def flags(row: Mapping[str, Any], *, unsure: bool) -> str:
    """The ``flags`` of a row by its measures, see :func:`sanity`, and whether the model is unsure of it."""
    found = {
        "bones": row["bone_error"] > BONES_OVER,
        "below_floor": row["lowest_y"] < BELOW_FLOOR,
        "off_floor": row["lowest_y"] > OFF_FLOOR,
        "unsure": unsure,
    }
    return ",".join(name for name, holds in found.items() if holds)
