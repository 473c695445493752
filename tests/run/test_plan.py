"""Planning: what is due, what is done, names, mismatch, formats, variants, slices."""

from __future__ import annotations

from dataclasses import replace
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import numpy as np
import pandas as pd
import pytest

from posepipe import manifest
from posepipe.captions.reading import Captions, caption_id
from posepipe.config import RunConfig
from posepipe.errors import CollisionError, SettingsMismatch
from posepipe.manifest.index import read_index
from posepipe.run.frame_counts import frames_of
from posepipe.run.plan import Plan, make_plan
from posepipe.workers.contract import INFER, REDRAW

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
    for name in ("npy", "json", "png"):
        rows[f"{name}_sha256"] = "0" if name in config.format_list else None
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
        manifest.write_fragment(folder, rows.to_dict("records"), "rows", fsync=False)
    return make_plan(more.pop("captions", captions()), read_index(folder), config, "f", **more)


def test_everything_is_due_at_first_and_nothing_afterwards() -> None:
    plan = plan_of()
    assert list(plan.work.frame()["caption"]) == TEXTS
    assert set(plan.work.frame()["mode"]) == {INFER}
    assert plan.work.frame()["stem"].is_unique
    assert len(plan.collisions) == 1
    assert plan.space_needed > 0
    again = plan_of(manifest_rows(plan))
    assert (len(again.work), again.done) == (0, 4)


def test_names_hold_for_the_whole_input_whatever_the_slice() -> None:
    whole = dict(zip(plan_of().work.frame()["caption_id"], plan_of().work.frame()["stem"], strict=True))
    for start in range(4):
        part = plan_of(config=replace(CONFIG, start=start, limit=1)).work.frame()
        assert len(part) == 1
        assert whole[part["caption_id"].iloc[0]] == part["stem"].iloc[0]


def test_the_owner_keeps_its_name_and_an_edited_caption_leaves_the_old_one_alone() -> None:
    rows = manifest_rows(plan_of(captions=captions(["A person Waving"])))
    plan = plan_of(rows)
    assert plan.done == 1
    names = dict(zip(plan.work.frame()["caption"], plan.work.frame()["stem"], strict=True))
    assert names["A person waving"].startswith("waving__")
    edited = plan_of(rows, captions=captions(["A person Waving slowly"]))
    assert list(edited.work.frame()["stem"]) == ["Waving_slowly"]


def test_collisions_can_be_refused() -> None:
    with pytest.raises(CollisionError, match="--on-collision suffix"):
        plan_of(config=replace(CONFIG, on_collision="error"))


def test_other_settings_stop_or_keep_or_regenerate() -> None:
    rows = manifest_rows(plan_of())
    other = replace(CONFIG, cfg=3.0)
    with pytest.raises(SettingsMismatch, match=r"cfg was 2\.0, now 3\.0"):
        plan_of(rows, other)
    kept = plan_of(rows, replace(other, on_mismatch="keep"))
    assert (len(kept.work), kept.kept, kept.done) == (0, 4, 0)
    anew = plan_of(rows, replace(other, on_mismatch="regenerate"))
    assert (len(anew.work), list(anew.work.frame()["attempts"])) == (4, [2] * 4)


def test_a_mismatch_in_what_no_column_shows_is_still_one() -> None:
    with pytest.raises(SettingsMismatch, match="solver"):
        plan_of(manifest_rows(plan_of()), replace(CONFIG, solver_steps=5))


def test_a_mismatch_outside_the_slice_does_not_matter() -> None:
    rows = manifest_rows(plan_of())
    assert plan_of(rows.iloc[1:], replace(CONFIG, cfg=3.0, limit=1)).work.frame().shape[0] == 1


def test_failed_captions_are_left_alone_unless_asked_for() -> None:
    rows = manifest_rows(plan_of())
    rows.loc[0, ["status", "error_type"]] = ["failed", "WorkerDied"]
    rows.loc[1, ["status", "error_type"]] = ["failed", "KeyError"]
    plan = plan_of(rows)
    assert (len(plan.work), plan.done, plan.failed_before) == (0, 2, 2)
    assert len(plan_of(rows, replace(CONFIG, retry_failed="all")).work) == 2
    retried = plan_of(rows, replace(CONFIG, retry_failed="KeyError"))
    assert (list(retried.work.frame()["caption"]), retried.failed_before) == ([TEXTS[1]], 1)
    assert len(plan_of(rows, replace(CONFIG, cfg=9.0, on_mismatch="keep")).work) == 2


def test_a_format_added_later_needs_no_model() -> None:
    rows = manifest_rows(plan_of(), replace(CONFIG, formats="npy,json"))
    assert set(plan_of(rows).work.frame()["mode"]) == {REDRAW}
    assert set(plan_of(manifest_rows(plan_of(), replace(CONFIG, formats="png"))).work.frame()["mode"]) == {INFER}
    assert len(plan_of(rows, replace(CONFIG, formats="json")).work) == 0


def test_only_makes_just_these_anew() -> None:
    rows = manifest_rows(plan_of())
    plan = plan_of(rows, only=np.array([number_of(TEXTS[3])], dtype=np.uint64))
    assert (list(plan.work.frame()["caption"]), set(plan.work.frame()["mode"])) == ([TEXTS[3]], {INFER})


def test_variants_have_names_and_seeds_of_their_own() -> None:
    plan = plan_of(config=replace(CONFIG, variants=3), captions=captions(TEXTS[:2]))
    assert list(plan.work.frame()["stem"][:3]) == ["waving", "waving__v1", "waving__v2"]
    assert list(plan.work.frame()["variant"]) == [0, 1, 2] * 2
    more = plan_of(manifest_rows(plan), replace(CONFIG, variants=4), captions=captions(TEXTS[:2]))
    assert list(more.work.frame()["variant"]) == [3, 3]


def test_lengths_from_the_file() -> None:
    config = replace(CONFIG, sequence_length="from-file")
    plan = plan_of(config=config, captions=captions(frames=[0, 124, 3, 999]))
    assert list(plan.work.frame()["length"]) == [16, 124, 4, 196]
    assert plan.work.frame()["settings_id"].nunique() == 4
    assert plan.work.frame()["settings_id"].iloc[0] == CONFIG.settings_id("f", 16)


@pytest.mark.parametrize(("asked", "frames"), [(0, 16), (1, 4), (7, 4), (8, 8), (199, 196)])
def test_frames_of(asked: int, frames: int) -> None:
    assert frames_of(asked) == frames
