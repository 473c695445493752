"""Rows of the manifest, before and after a pose was made."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from stages import work

from posepipe.errors import WorkerDied
from posepipe.storage import artifact_formats
from posepipe.workers.contract import POSE_COLUMNS, RunContext
from posepipe.workers.rows import EXAMPLE_LENGTH, base_row, failed_row, log_failure

STARTED = datetime(2026, 11, 24, tzinfo=UTC)


def pose(**more: Any) -> dict[str, Any]:
    """A row of work, with what the first stage says about it."""
    [row] = work(["a b"]).to_dict("records")
    inferred = {"worker": "w", "device": "cuda:0", "batch_size": 4, "seconds": 0.5, "started_at": STARTED}
    return {**{str(name): value for name, value in row.items()}, **dict.fromkeys(POSE_COLUMNS), **inferred, **more}


def test_a_row_says_what_was_asked_for_and_who_did_it(context: RunContext) -> None:
    before = datetime.now(UTC)
    row = base_row(pose(line=5, stem="a_b", attempts=2, variant=1), context)
    assert before <= row.pop("finished_at") <= datetime.now(UTC)
    row.pop("caption_id")
    config = context.config
    assert row == {
        "variant": 1,
        "caption": "a b",
        "line": 5,
        "source": "captions.txt",
        "stem": "a_b",
        "path": "a_b",
        "attempts": 2,
        "settings_id": "id",
        "pinned": False,
        "seed": 3407,
        "sequence_length": 16,
        "frame_index": 8,
        "time_steps": config.time_steps,
        "cfg": 2.0,
        "temperature": None,
        "precision": config.precision,
        "model": config.model,
        "model_fingerprint": "fake-1",
        "run_id": "run",
        "partition": 3,
        "worker": "w",
        "device": "cuda:0",
        "batch_size": 4,
        "seconds": 0.5,
        "started_at": STARTED,
    }


def test_a_length_that_was_never_estimated_is_null(context: RunContext) -> None:
    row = base_row(pose(length=0), context)
    assert (row["sequence_length"], row["frame_index"]) == (None, None)


def test_the_frame_that_was_chosen_counts(context: RunContext) -> None:
    assert base_row(pose(frame_index=3), context)["frame_index"] == 3
    assert base_row(pose(frame_index=0), context)["frame_index"] == 0


def test_the_temperature_is_that_of_the_options_or_else_of_the_model(context: RunContext) -> None:
    own = replace(context, temperature=0.8)
    assert base_row(pose(), own)["temperature"] == 0.8
    asked = replace(own, config=replace(own.config, model="small", temperature=0.5))
    assert base_row(pose(), asked)["temperature"] == 0.5


def test_a_pose_that_gets_another_format_keeps_how_it_was_made(context: RunContext) -> None:
    kept = {"worker": "old", "device": "cpu", "batch_size": 9, "seconds": 2.0, "started_at": None}
    kept |= {"sequence_length": 8, "frame_index": 4, "temperature": 0.5, "picture": "skeleton"}
    kept |= dict.fromkeys(artifact_formats.COLUMNS) | {"npy_sha256": "1", "png_sha256": "3"}
    row = base_row(pose(previous=kept | {"attempts": 7, "run_id": "other", "stem": "x"}), context)
    assert {name: row[name] for name in kept} == kept
    assert (row["attempts"], row["run_id"], row["stem"]) == (1, "run", "s1")


def test_the_row_of_a_pose_whose_worker_died(context: RunContext) -> None:
    [row] = work(["a b"], attempts=3).to_dict("records")
    failed = failed_row({str(name): value for name, value in row.items()}, WorkerDied("gone"), "stacks", context)
    assert (failed["status"], failed["error_type"], failed["error"]) == ("failed", "WorkerDied", "gone")
    assert (failed["traceback"], failed["attempts"], failed["worker"]) == ("stacks", 3, None)
    again = failed_row(pose(error_type="x"), ValueError("y"), None, replace(context, run_id="next"))
    assert (again["run_id"], again["error_type"], again["traceback"]) == ("next", "ValueError", None)


def test_a_failure_is_logged_and_its_event_is_short(caplog: pytest.LogCaptureFixture) -> None:
    row = {"caption_id": "0" * 16, "error_type": "KeyError", "error": "e" * 501, "caption": "c" * 2_000, "stem": "s"}
    with caplog.at_level(logging.ERROR, "posepipe"):
        event = log_failure(row)
    assert event["error"] == f"{'e' * 166} ... (501 characters in all) ... {'e' * 334}"
    assert caplog.messages == [f"caption {'0' * 16} failed: KeyError: {event['error']}"]
    assert event.keys() == {"error_type", "error", "caption", "caption_id"}
    assert "(2,000 characters in all)" in event["caption"]
    assert len(event["caption"]) < EXAMPLE_LENGTH + 50
    assert EXAMPLE_LENGTH == 500
