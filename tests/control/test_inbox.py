"""The folder of the requests to a run."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from posepipe.control import inbox
from posepipe.control.inbox import PAUSE, PAUSE_RELEASE, RESUME, STOP, Inbox, folder_of, is_run_id, post, sweep


@pytest.fixture
def mine(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path, "r1")


def posted(out: Path, request: str, second: int) -> Path:
    path = post(out, "r1", request)
    assert path is not None
    os.utime(path, (second, second))
    return path


def test_requests_come_once_in_the_order_in_which_they_were_made(mine: Inbox, tmp_path: Path) -> None:
    assert mine.new() == []
    posted(tmp_path, RESUME, 3)
    posted(tmp_path, PAUSE, 1)
    posted(tmp_path, PAUSE_RELEASE, 2)
    assert mine.new() == [PAUSE, PAUSE_RELEASE, RESUME]
    assert mine.new() == []
    posted(tmp_path, PAUSE, 4)
    assert mine.new() == [PAUSE]


def test_a_request_is_there_until_it_is_answered(mine: Inbox, tmp_path: Path) -> None:
    first, second, other = (posted(tmp_path, request, 1) for request in (PAUSE, PAUSE, RESUME))
    assert mine.has(PAUSE)
    mine.answer(PAUSE)  # not heard yet
    assert first.exists()
    mine.new()
    late = posted(tmp_path, PAUSE, 2)
    mine.answer(PAUSE, STOP)
    assert [path.exists() for path in (first, second, other, late)] == [False, False, True, True]
    assert not mine.has(STOP)
    assert mine.new() == [PAUSE]
    late.unlink()  # withdrawn
    mine.answer(PAUSE)
    mine.close()
    assert list(tmp_path.iterdir()) == []
    assert post(tmp_path, "r1", STOP) is None


def test_only_the_user_of_the_run_can_ask(mine: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path, "r1")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    path = posted(tmp_path, STOP, 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    if path.stat().st_uid == 0:
        assert mine.has(STOP)  # root may stop any run
        os.chown(path, 65534, 65534)
    assert not mine.has(STOP)
    assert mine.new() == []


def test_what_is_no_request_is_left_alone(mine: Inbox, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "r1")
    (folder / "notes.txt").write_text("mine")
    (folder / f"{STOP}.{0:032x}").mkdir()
    (folder / f"{STOP}.{1:032x}").symlink_to("notes.txt")
    os.mkfifo(folder / f"{STOP}.{2:032x}")
    (folder / f"{STOP}.x").touch()
    assert mine.new() == []
    assert not mine.has(STOP)
    mine.close()
    assert (folder / "notes.txt").read_text() == "mine"


def test_the_folder_of_an_earlier_run_is_removed_but_never_through_a_link(tmp_path: Path) -> None:
    Inbox(tmp_path, "r0")
    post(tmp_path, "r0", STOP)
    sweep(tmp_path, "r0")
    assert list(tmp_path.iterdir()) == []
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    victim = elsewhere / f"{STOP}.{0:032x}"
    victim.touch()
    folder_of(tmp_path, "r0").symlink_to(elsewhere)
    sweep(tmp_path, "r0")
    assert victim.exists()
    sweep(tmp_path, "never")


def test_a_folder_that_is_lost_has_no_requests(mine: Inbox, tmp_path: Path) -> None:
    posted(tmp_path, PAUSE, 1)
    mine.new()
    sweep(tmp_path, "r1")
    assert mine.new() == []
    mine.answer(PAUSE)
    mine.close()


@pytest.mark.parametrize("text", ["r1", "20261130T132214-a33c31", "a" * 100])
def test_ids_of_runs(text: str) -> None:
    assert is_run_id(text)
    assert inbox.folder_of("out", text).parent == Path("out")


@pytest.mark.parametrize("text", ["", ".", "..", "../r", "a/b", "a b", "a\n", "-r", "a" * 101, "ü"])
def test_texts_that_are_no_ids(text: str) -> None:
    assert not is_run_id(text)
