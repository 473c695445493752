"""Captions in memory, and plans over manifests that hold what a plan's work would have made."""

from __future__ import annotations

from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import numpy as np
import pandas as pd

from posepipe import manifest
from posepipe.captions.reading import Captions, caption_id
from posepipe.config import RunConfig
from posepipe.manifest.index import read_index
from posepipe.run.plan import Plan, make_plan
from posepipe.storage.artifact_formats import TABLE

CONFIG = RunConfig(text_path="x.txt", cfg=2.0)
TEXTS = ["A person waving", "A person kicking", "A person Waving", "A person sitting"]


def captions(texts: list[str] = TEXTS, frames: list[int] | None = None) -> Captions:
    content = [text.encode() for text in texts]
    return Captions(
        "x.txt",
        b"".join(content),
        np.cumsum([0, *map(len, content)], dtype=np.int64),
        np.array([number_of(text) for text in texts], dtype=np.uint64),
        np.arange(1, len(texts) + 1, dtype=np.int64),
        np.array(frames or [0] * len(texts), dtype=np.int32),
    )


def number_of(text: str) -> int:
    return int(caption_id(text), 16)


def manifest_rows(plan: Plan, config: RunConfig = CONFIG, **changes: Any) -> pd.DataFrame:
    """What the manifest would hold after the plan's work was done."""
    rows = plan.work.frame()
    rows["status"], rows["path"], rows["error_type"] = "done", rows["stem"], None
    for each in TABLE:
        rows[each.column] = "0" if each.name in config.format_list else None
    rows["seed"], rows["cfg"], rows["precision"] = config.seed, config.cfg, config.precision
    rows["time_steps"], rows["model"], rows["model_fingerprint"] = config.time_steps, config.model, "f"
    rows["sequence_length"], rows["frame_index"], rows["finished_at"] = 16, 8, pd.Timestamp.now("UTC")
    for name, value in changes.items():
        rows[name] = value
    return rows[[name for name in rows.columns if name in manifest.SCHEMA.names]]


FOLDERS = TemporaryDirectory()
"""Manifests, which a plan looks into for as long as it is used."""


def plan_of(rows: pd.DataFrame | None = None, config: RunConfig = CONFIG, **more: Any) -> Plan:
    folder = mkdtemp(dir=FOLDERS.name)
    if rows is not None:
        known = rows.astype(object).where(rows.notna(), None)
        manifest.write_fragment(folder, known.to_dict("records"), "rows", fsync=False)
    return make_plan(more.pop("captions", captions()), read_index(folder), config, "f", **more)
