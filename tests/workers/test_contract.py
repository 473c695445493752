"""What the driver and the workers share."""

from __future__ import annotations

import hashlib
import pickle

import pandas as pd

from posepipe.workers.contract import (
    POSE_COLUMNS,
    STATUS_COLUMNS,
    WORK_COLUMNS,
    RunContext,
    pose_key,
    pose_meta,
    pose_seed,
    record_failure,
    records,
    status_meta,
)


def test_seeds_are_a_function_of_seed_caption_and_variant() -> None:
    seeds = {pose_seed(s, c, v) for s in (1, 2) for c in ("a", "b") for v in (0, 1)}
    assert len(seeds) == 8
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert pose_seed(1, "a", 0) == pose_seed(1, "a", 0)


def test_the_seed_by_its_definition() -> None:
    for seed, caption_id, variant in ((3407, "0123456789abcdef", 0), (0, "f" * 16, 12)):
        digest = hashlib.sha256(f"{seed}:{caption_id}:{variant}".encode()).hexdigest()
        assert pose_seed(seed, caption_id, variant) == int(digest[:16], 16) // 2


def test_seeds_stay_what_they_were() -> None:
    assert pose_seed(3407, "0123456789abcdef", 0) == 5507272642989314126
    assert pose_seed(0, "0123456789abcdef", 0) == 1754166207442159937


def test_a_key_names_caption_and_variant() -> None:
    assert pose_key("0123456789abcdef", 2) == "0123456789abcdef:2"


def test_a_failure_fills_the_columns_of_a_row() -> None:
    row = {"joints": b"x", "caption": "a"}
    try:
        raise KeyError("no such thing")
    except KeyError as error:
        record_failure(row, error)
    trace = row.pop("traceback")
    assert row == {"joints": None, "motion": None, "caption": "a", "error_type": "KeyError", "error": "'no such thing'"}
    assert str(trace).startswith("Traceback")
    assert "test_a_failure_fills_the_columns_of_a_row" in str(trace)


def test_empty_frames_have_the_columns_of_the_stages() -> None:
    pose, status = pose_meta(), status_meta()
    assert list(pose.columns) == [*WORK_COLUMNS, "partition", *POSE_COLUMNS]
    assert list(status.columns) == list(STATUS_COLUMNS)
    assert len(pose) == len(status) == 0
    assert {str(kind) for kind in (*pose.dtypes, *status.dtypes)} == {"object"}


def test_records_are_the_rows() -> None:
    assert records(pd.DataFrame({"a": [1, 2], "b": ["x", None]}, dtype=object)) == [
        {"a": 1, "b": "x"},
        {"a": 2, "b": None},
    ]


def test_the_context_can_be_sent_to_a_worker(context: RunContext) -> None:
    assert pickle.loads(pickle.dumps(context)) == context
