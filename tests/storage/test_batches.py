"""The files of many poses: written aside, forced to disk together, then moved pose by pose."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from recorded_syncs import recorded

from posepipe.storage import atomic, syncing
from posepipe.storage.batches import Batch
from posepipe.storage.folders import LocalFolder
from posepipe.storage.syncing import Syncer


def nothing_aside(name: str) -> bool:
    raise AssertionError(f"{name} is not in the way")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Batch:
    monkeypatch.setattr(syncing, "reports_errors", lambda _: False)
    for name in ("out", "aside"):
        (tmp_path / name).mkdir()
    return Batch(LocalFolder(tmp_path / "out"), tmp_path / "aside", Syncer(tmp_path / "aside"))


def test_no_file_has_its_name_before_all_are_on_disk(tmp_path: Path, batch: Batch) -> None:
    out, aside = tmp_path / "out", tmp_path / "aside"
    for pose in ("b", "a"):
        batch.add(pose, {f"{pose}.json": b"{}", f"{pose}.npy": b"x"}, [])
    assert (len(names(aside)), names(out)) == (4, [])
    with recorded() as events:
        placed = batch.place(nothing_aside)
    assert [(what, path.parent) for what, path in events[:4]] == [("sync", aside)] * 4
    assert events[4:] == [("move", out / name) for name in ("b.json", "b.npy", "a.json", "a.npy")]
    assert (placed.failed, placed.set_aside.total()) == ({}, 0)
    assert names(aside) == []


def test_one_pose_that_cannot_be_placed_is_named_and_the_others_are_placed(tmp_path: Path, batch: Batch) -> None:
    (tmp_path / "out" / "b.npy").mkdir()
    for pose in ("a", "b", "c"):
        batch.add(pose, {f"{pose}.json": b"{}", f"{pose}.npy": b"x"}, [f"{pose}.npy"])
    placed = batch.place(nothing_aside)
    assert list(placed.failed) == ["b"]
    assert isinstance(placed.failed["b"], IsADirectoryError)
    assert names(tmp_path / "out") == ["a.json", "a.npy", "b.json", "b.npy", "c.json", "c.npy"]
    assert names(tmp_path / "aside") == []


def test_what_is_in_the_way_is_moved_unless_it_is_equal_or_described(tmp_path: Path, batch: Batch) -> None:
    out = tmp_path / "out"
    for name in ("a.json", "a.npy", "a.png"):
        (out / name).write_bytes(b"old")
    moved: list[str] = []
    batch.add("a", {"a.json": b"old", "a.npy": b"new", "a.png": b"new"}, ["a.npy"])
    placed = batch.place(lambda name: not moved.append(name))
    assert (moved, placed.set_aside) == (["a.png"], {"a": 1})
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        "a.json": b"old",
        "a.npy": b"new",
        "a.png": b"new",
    }


@pytest.mark.parametrize("when", ["sync", "move"])
def test_an_error_of_the_machine_leaves_nothing_aside(
    tmp_path: Path, batch: Batch, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "broken disk")

    batch.add("a", {"a.json": b"{}"}, [])
    monkeypatch.setattr(atomic, "sync_file" if when == "sync" else "move", broken)
    with pytest.raises(OSError, match="broken disk"):
        batch.place(nothing_aside)
    assert (names(tmp_path / "aside"), names(tmp_path / "out")) == ([], [])


def test_what_is_dropped_is_deleted(tmp_path: Path, batch: Batch) -> None:
    batch.add("a", {"a.json": b"{}"}, [])
    batch.drop()
    assert names(tmp_path / "aside") == []
    assert batch.place(nothing_aside).failed == {}
