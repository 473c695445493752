"""An output folder as MARDM's ``batch_generate_10k.py`` leaves it, written from its description."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from fake_model import STANDING

from posepipe.skeleton import JOINT_NAMES

FORBIDDEN = '<>:"/\\|?*'


def original_name(caption: str) -> str:
    """The rule of the script: forbidden characters go, blanks become ``_``, ``A_person_`` goes, 200 characters."""
    name = "".join(c for c in caption if c not in FORBIDDEN).replace(" ", "_")
    return name.removeprefix("A_person_")[:200]


def write_original_output(folder: Path, captions: Sequence[str]) -> dict[str, bytes]:
    """Write JSON (``indent=2``), NPY and a picture of another size for each caption; returns all files."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, caption in enumerate(captions):
        joints = (STANDING + np.float32(0.001 * number)).astype(np.float32)
        path = folder / original_name(caption)
        content = {
            "caption": caption,
            "frame_index": 8,
            "num_joints": len(joints),
            "joints": joints.tolist(),
            "joint_names": list(JOINT_NAMES),
        }
        path.with_name(path.name + ".json").write_text(json.dumps(content, indent=2))
        np.save(path.with_name(path.name + ".npy"), joints)
        _, picture = cv2.imencode(".png", np.full((64, 48, 3), 255, np.uint8))
        path.with_name(path.name + ".png").write_bytes(picture.tobytes())
    return {path.name: path.read_bytes() for path in folder.iterdir()}
