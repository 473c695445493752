"""Sound artifacts of one pose with the manifest row that describes them, written without a run."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from fake_model import STANDING
from numpy.typing import NDArray

from posepipe.artifacts.encoding import artifact
from posepipe.captions.reading import caption_id
from posepipe.captions.stems import stem_of, variant_stem
from posepipe.config import RunConfig
from posepipe.storage import artifact_formats

CONFIG = RunConfig(text_path="captions.txt", model="fake_model:factory", cfg=2.0, seed=7)
FORMATS = ("npy", "json", "png")


def png(width: int = 1200, height: int = 1200) -> bytes:
    """The header and the end of a PNG file: what a check looks at."""
    start = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)
    return start + b"pixels" + b"\0\0\0\0IEND\xaeB`\x82"


def row_of(caption: str, variant: int = 0, **changes: Any) -> dict[str, Any]:
    """The manifest row of a pose before it is written."""
    key = caption_id(caption)
    stem = variant_stem(stem_of(caption, key), variant)
    return {
        "caption_id": key,
        "variant": variant,
        "caption": caption,
        "line": 1,
        "stem": stem,
        "path": stem,
        "status": "done",
        "error_type": None,
        "seed": 7,
        "sequence_length": 16,
        "frame_index": 8,
        "time_steps": 18,
        "model": CONFIG.model,
        "model_fingerprint": "fake-1",
        "settings_id": CONFIG.settings_id("fake-1", 16),
        "flags": "",
        "finished_at": datetime(2026, 11, 24, tzinfo=UTC),
        **dict.fromkeys(artifact_formats.COLUMNS),
        **changes,
    }


def contents_of(row: dict[str, Any], joints: NDArray[np.float32] = STANDING) -> dict[str, bytes]:
    """The bytes of each format; the picture has no pixels."""
    return {"npy": artifact("npy", joints, row, CONFIG), "json": artifact("json", joints, row, CONFIG), "png": png()}


def write_pose(
    out: Path,
    caption: str,
    variant: int = 0,
    *,
    joints: NDArray[np.float32] = STANDING,
    formats: Sequence[str] = FORMATS,
    **changes: Any,
) -> dict[str, Any]:
    """Write the artifacts of a pose; returns its row, with ``changes`` made before the JSON was encoded."""
    row = row_of(caption, variant, **changes)
    contents = {name: content for name, content in contents_of(row, joints).items() if name in formats}
    for name, content in contents.items():
        path = out / f"{row['path']}.{name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        row[f"{name}_sha256"] = hashlib.sha256(content).hexdigest()
    return row | {"bytes": sum(map(len, contents.values()))}
