"""The poses that a run makes, as columns and as rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from plans import CONFIG, TEXTS, captions, manifest_rows, plan_of

from posepipe.captions.reading import caption_id
from posepipe.run.work import Work
from posepipe.workers.contract import INFER, REDRAW, WORK_COLUMNS


def some_work() -> Work:
    """Two variants of four captions; the first caption lacks a PNG, the second is new, and the rest failed."""
    config = replace(CONFIG, variants=2)
    rows = manifest_rows(plan_of(config=config))
    rows.loc[:1, "png_sha256"] = None
    rows.loc[4:, ["status", "error_type"]] = ["failed", "KeyError"]
    rows.loc[4:, ["npy_sha256", "json_sha256", "png_sha256"]] = None
    return plan_of(rows.drop([2, 3]), replace(config, retry_failed="all")).work


def test_lengths_and_counts() -> None:
    work = some_work()
    assert (len(work), work.redraws) == (8, 2)
    assert (len(plan_of().work), plan_of().work.redraws) == (4, 0)
    assert [work.is_new(pose) for pose in range(8)] == [False, False, True, True, False, False, False, False]


def test_rows_say_what_is_to_be_made() -> None:
    frame = some_work().frame()
    assert list(frame.columns) == list(WORK_COLUMNS)
    assert list(frame["caption"]) == [text for text in TEXTS for _ in range(2)]
    assert list(frame["caption_id"]) == [caption_id(text) for text in frame["caption"]]
    assert list(frame["variant"]) == [0, 1] * 4
    assert list(frame["line"]) == [1, 1, 2, 2, 3, 3, 4, 4]
    assert set(frame["source"]) == {"x.txt"}
    assert list(frame["mode"]) == [REDRAW] * 2 + [INFER] * 6
    assert list(frame["attempts"]) == [2, 2, 1, 1, 2, 2, 2, 2]
    assert list(frame["described"]) == ["npy,json"] * 2 + [""] * 6
    assert set(frame["length"]) == {16}
    assert set(frame["settings_id"]) == {CONFIG.settings_id("f", 16)}
    assert [row and row["stem"] for row in frame["previous"]] == list(frame["stem"][:2]) + [None] * 6
    assert [row and row["variant"] for row in frame["previous"]] == [0, 1] + [None] * 6


def test_a_part_is_the_same_rows() -> None:
    work = some_work()
    whole = work.frame().to_dict("records")
    for start, end in ((0, 1), (1, 4), (3, 8), (7, None), (8, None)):
        assert work.frame(start, end).to_dict("records") == whole[start:end]


def test_poses_whose_files_the_manifest_does_not_describe() -> None:
    work = some_work()
    assert work.undescribed(["npy"]).tolist() == [2, 3, 4, 5, 6, 7]
    assert work.undescribed(["npy", "json"]).tolist() == [2, 3, 4, 5, 6, 7]
    assert work.undescribed(["json", "png"]).tolist() == list(range(8))
    assert work.undescribed([]).tolist() == []


def test_names_and_captions_of_some_poses() -> None:
    work = some_work()
    assert list(work.stems_of(np.array([7, 2]))) == ["sitting__v1", "kicking"]
    assert [work.caption(pose) for pose in (0, 7)] == [TEXTS[0], TEXTS[3]]


def test_captions_beyond_ascii_are_given_once() -> None:
    texts = ["A person waving", "ein Mensch läuft", "A person sitting", "一个人站着"]
    config = replace(CONFIG, variants=2)
    assert plan_of(config=config, captions=captions(texts)).work.foreign_captions() == [texts[1], texts[3]]
    assert plan_of(config=replace(config, limit=3), captions=captions(texts)).work.foreign_captions() == [texts[1]]
    assert plan_of().work.foreign_captions() == []
