"""The state file: written by a run, read by every command."""

from __future__ import annotations

import errno
import json
import os
import socket
from dataclasses import FrozenInstanceError, asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fake_driver import fresh_state

from posepipe.control.state import RUNNING, STATE_NAME, RunState, final_dir_of, new_state, read_state
from posepipe.errors import ConfigError, MachineError, RefusedError
from posepipe.storage.folders import LocalFolder, RemoteFolder


def write(out: Path, run: RunState, /, **more: object) -> None:
    out.mkdir(exist_ok=True)
    (out / STATE_NAME).write_text(json.dumps(asdict(run) | more))


def test_a_new_state_has_absolute_paths_and_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    state = new_state("r", final_dir="out", manifest="s3://b/m/", temp_dir="t", log_dir="../l", model="small")
    assert (state.final_dir, state.manifest) == (str(tmp_path / "out"), "s3://b/m")
    assert (state.temp_dir, state.log_dir) == (str(tmp_path / "t"), str(tmp_path.parent / "l"))
    assert (state.pid, state.host) == (os.getpid(), socket.gethostname())
    assert (state.run_id, state.model, state.state, state.error) == ("r", "small", RUNNING, "")
    assert (state.total, state.done_before, state.made, state.failed) == (0, 0, 0, 0)
    with pytest.raises(FrozenInstanceError):
        state.made = 1  # type: ignore[misc]
    started = datetime.fromisoformat(state.started_at)
    assert started.utcoffset() == timedelta()
    assert started.microsecond == 0
    assert abs(datetime.now(UTC) - started) < timedelta(hours=1)


@pytest.mark.parametrize(
    ("made", "failed", "left", "counts"),
    [
        (0, 0, 12_000, "0 of 12,000 made, 12,000 left"),
        (4_000, 1_500, 6_500, "4,000 of 12,000 made, 1,500 failed, 6,500 left"),
        (12_000, 0, 0, "12,000 of 12,000 made, 0 left"),
    ],
)
def test_counts_as_text(tmp_path: Path, made: int, failed: int, left: int, counts: str) -> None:
    state = replace(fresh_state(tmp_path), total=12_000, made=made, failed=failed)
    assert (state.left, state.counts) == (left, counts)


def test_fields_of_a_newer_version_are_left_out(tmp_path: Path) -> None:
    state = fresh_state(tmp_path / "out")
    write(tmp_path / "out", state, invented_later=1)
    assert read_state(tmp_path / "out") == state
    assert read_state(str(tmp_path / "out")) == state


def test_a_folder_without_a_state_file_is_not_an_output(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=rf"{STATE_NAME} is not there: {tmp_path} is not the output of a run"):
        read_state(tmp_path)


@pytest.mark.parametrize(
    "content", ["no JSON", "[]", '{"run_id": "r"}', "null", "[" * 200_000, " " * 1_000_001, "\0", '{"\xff": 1}']
)
def test_a_state_file_that_cannot_be_read_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / STATE_NAME).write_text(content)
    with pytest.raises(ConfigError, match=rf"{STATE_NAME}: cannot be read \(.*\); give --manifest"):
        read_state(tmp_path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("manifest", 5),
        ("manifest", "a\0b"),
        ("manifest", "\ud800"),
        ("final_dir", None),
        ("run_id", ["r"]),
        ("run_id", "../r"),
        ("run_id", ""),
        ("host", {}),
        ("started_at", "yesterday"),
        ("started_at", "2026-01-01"),
        ("state", "evil"),
        ("total", "1"),
        ("total", True),
        ("made", 1e999),
        ("failed", -1),
        ("pid", 2**63),
        ("dashboard", 1),
    ],
)
def test_a_field_that_no_run_writes_is_named(tmp_path: Path, field: str, value: object) -> None:
    write(tmp_path, fresh_state(tmp_path), **{field: value})
    with pytest.raises(
        ConfigError, match=rf"^{tmp_path / STATE_NAME}: cannot be read \({field} .*\); give --manifest$"
    ):
        read_state(tmp_path)


@pytest.mark.parametrize("kind", ["a symbolic link", "a folder", "a named pipe"])
def test_a_state_that_is_not_a_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / STATE_NAME
    make = {
        "a symbolic link": lambda: path.symlink_to("x"),
        "a folder": path.mkdir,
        "a named pipe": lambda: os.mkfifo(path),
    }
    make[kind]()
    with pytest.raises(RefusedError, match=f"^{path} is {kind}, where posepipe keeps a file of its own; remove it$"):
        read_state(tmp_path)


def test_a_state_below_a_file_is_not_there_and_one_that_fails_is_the_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="is not the output of a run"):
        read_state(tmp_path / "file")

    def fails(*_: object) -> int:
        raise OSError(errno.EIO, "Input/output error")

    write(tmp_path, fresh_state(tmp_path))
    monkeypatch.setattr(os, "open", fails)
    with pytest.raises(MachineError, match=rf"{STATE_NAME}: cannot be read \(Input/output error\)"):
        read_state(tmp_path)


def test_artifacts_lie_in_the_folder_itself_or_at_the_address(tmp_path: Path) -> None:
    out = tmp_path / "moved"
    assert isinstance(final_dir_of(out), LocalFolder)
    write(out, replace(fresh_state(out), final_dir=str(tmp_path / "where it was")))
    for place in (out, str(out)):
        folder = final_dir_of(place)
        assert isinstance(folder, LocalFolder)
        assert folder.path == out
    write(out, replace(fresh_state(out), final_dir="s3://bucket/poses"))
    assert isinstance(final_dir_of(out), RemoteFolder)
    assert str(final_dir_of(out)) == "s3://bucket/poses"
