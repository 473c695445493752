"""The stores: whole files or none, checksums, temp folder, shards."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from recorded_syncs import recorded

from posepipe.errors import MachineError
from posepipe.storage import atomic, shards, syncing
from posepipe.storage.layout import names_in
from posepipe.storage.stores import SET_ASIDE, FileStore, Published, ShardStore


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    made = FileStore(tmp_path / "out", tmp_path / "out_temp")
    made.prepare()
    return made


def test_publish_says_what_was_written(store: FileStore) -> None:
    published = store.publish("waving", {"npy": b"abc", "json": b"{}"})
    assert published.path == "waving"
    assert published.bytes == 5
    assert published.sha256["npy"] == hashlib.sha256(b"abc").hexdigest()
    assert list(names_in(store.final_dir)) == []
    store.place()
    assert store.read("waving", "npy") == b"abc"
    assert sorted(names_in(store.final_dir)) == ["waving.json", "waving.npy"]
    assert list(store.temp_dir.iterdir()) == []


def test_publish_can_be_repeated(store: FileStore) -> None:
    for content in (b"1", b"2"):
        store.publish("a", {"npy": content})
        store.place()
        store.sync()
    assert store.read("a", "npy") == b"2"
    store.place()
    store.sync()


def test_no_partial_file_stays(store: FileStore) -> None:
    (store.final_dir.path / "b.json").mkdir()
    for name in ("a", "b", "c"):
        store.publish(name, {"json": b"{}", "npy": b"1"})
    placed = store.place()
    assert {path: type(error) for path, error in placed.failed.items()} == {"b": IsADirectoryError}
    assert list(store.temp_dir.iterdir()) == []
    assert sorted(names_in(store.final_dir)) == ["a.json", "a.npy", "b.json", "c.json", "c.npy"]


def test_a_file_that_cannot_be_written_aside_leaves_nothing_of_its_pose(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = atomic.write_new

    def full(path: str, content: bytes) -> None:
        write(path, content[:1])
        if content == b"too much":
            raise OSError(errno.ENOSPC, "disk full")

    store.publish("a", {"npy": b"1"})
    monkeypatch.setattr(atomic, "write_new", full)
    with pytest.raises(OSError, match="disk full"):
        store.publish("b", {"json": b"1", "npy": b"too much"})
    assert len(list(store.temp_dir.iterdir())) == 1
    store.place()
    assert list(names_in(store.final_dir)) == ["a.npy"]


def test_an_error_of_the_machine_ends_the_placing_and_leaves_nothing_aside(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = atomic.move

    def broken(aside: str, path: str) -> None:
        if path.endswith("b.npy"):
            raise OSError(errno.EIO, "broken disk")
        move(aside, path)

    for name in ("a", "b", "c"):
        store.publish(name, {"npy": b"1"})
    monkeypatch.setattr(atomic, "move", broken)
    with pytest.raises(OSError, match="broken disk"):
        store.place()
    assert list(names_in(store.final_dir)) == ["a.npy"]
    assert list(store.temp_dir.iterdir()) == []


def test_the_temp_dir_is_emptied_and_hidden_names_are_not_artifacts(store: FileStore) -> None:
    for name in (f"{'0f' * 16}.0", "inflight-run-3", "stacks-run-77", f"probe-{'a' * 32}"):
        (store.temp_dir / f".posepipe-{name}").touch()
    (store.temp_dir / ".posepipe-dask").mkdir()
    (store.temp_dir / "thesis.npy").touch()
    assert store.empty_temp() == 5
    assert [path.name for path in store.temp_dir.iterdir()] == ["thesis.npy"]
    (store.final_dir.path / ".posepipe.json").touch()
    assert list(names_in(store.final_dir)) == []


def test_a_file_in_place_of_a_folder_is_a_machine_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MachineError, match="cannot be written"):
        FileStore(tmp_path / "file" / "out", tmp_path / "t").prepare()


def test_a_shard_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    out, aside = tmp_path / "out", tmp_path / "aside"
    base = FileStore(out, aside)
    base.prepare()
    store = ShardStore(base, "poses-run-000001")
    published = store.publish("k", {"json": b"{}", "npy": b"abc"})
    assert list(out.iterdir()) == []
    store.place()
    assert store.read(published.path, "npy") == b"abc"
    assert shards.size(out, f"{published.path}.npy") == 3
    with pytest.raises(FileNotFoundError):
        store.read(published.path, "png")
    store.publish("l", {"npy": b"abc"})
    store.abandon()
    assert list(aside.iterdir()) == []
    assert len(list(out.iterdir())) == 1
    cut = next(out.iterdir())
    cut.write_bytes(cut.read_bytes()[:100])
    with pytest.raises(OSError, match="not a tar archive"):
        store.read(published.path, "npy")


def test_both_folders_are_made_and_tried(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "a" / "out", str(tmp_path / "b" / "temp"))
    store.prepare()
    assert (tmp_path / "a" / "out").is_dir()
    assert (tmp_path / "b" / "temp").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(MachineError, match=f"{tmp_path / 'file'}: cannot be written"):
        FileStore(tmp_path / "out", tmp_path / "file").prepare()


def test_two_file_systems_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stat = Path.stat

    def elsewhere(path: Path, **options: Any) -> os.stat_result:
        found = list(stat(path, **options))
        found[2] += path.name == "temp"  # st_dev
        return os.stat_result(found)

    monkeypatch.setattr(Path, "stat", elsewhere)
    with pytest.raises(MachineError, match=r"temp and .*out are on two file systems; give --temp-dir"):
        FileStore(tmp_path / "out", tmp_path / "temp").prepare()
    FileStore(tmp_path / "out", tmp_path / "other").prepare()


def test_a_folder_of_a_path_is_made_and_its_entries_forced_to_disk(store: FileStore) -> None:
    out = store.final_dir.path
    with recorded() as events:
        for name in ("a8/x", "a8/y", "z"):
            store.publish(name, {"npy": b"1"})
        assert events == []
        store.place()
        assert [what for what, _ in events] == ["sync"] * 3 + ["move"] * 3
        events.clear()
        store.sync()
    assert events == [("sync", out), ("sync", out / "a8")]
    assert store.read("a8/y", "npy") == b"1"


def test_without_fsync_nothing_is_forced_to_disk(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "out", tmp_path / "temp", fsync=False)
    store.prepare()
    shard = ShardStore(store, "poses-run-000001")
    with recorded() as events:
        for each in (store, shard):
            each.publish("x", {"npy": b"1"})
            each.place()
            each.sync()
    assert {what for what, _ in events} == {"move"}


def test_only_what_a_run_left_is_emptied(store: FileStore, tmp_path: Path) -> None:
    kept = [
        "a.npy",
        "d41d8cd98f00b204e9800998ecf8427e.jpg",  # the user's files, named by their checksums
        "d41d8cd98f00b204e9800998ecf8427e.0",
        f"posepipe-{'0' * 32}.0",
        f".posepipe-{'0' * 31}.0",
        f".posepipe-{'0' * 32}.npy",
        ".dask",
        ".inflight-run-3",
        ".posepipe-inflight",
        ".posepipe-dask2",
        ".posepipe.json",
    ]
    for name in kept:
        (store.temp_dir / name).touch()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis").touch()
    (store.temp_dir / ".posepipe-dask").symlink_to(tmp_path / "mine")
    (store.temp_dir / f".posepipe-{'f' * 32}.0").mkdir()
    (store.temp_dir / f".posepipe-{'f' * 32}.0" / "inner").touch()
    assert store.empty_temp() == 2
    assert sorted(path.name for path in store.temp_dir.iterdir()) == sorted(kept)
    assert (tmp_path / "mine" / "thesis").exists()


def test_published_files_stay_when_a_partition_is_abandoned(store: FileStore) -> None:
    store.publish("a", {"npy": b"1"})
    store.place()
    store.publish("b", {"npy": b"1"})
    store.abandon()
    assert store.read("a", "npy") == b"1"
    assert list(names_in(store.final_dir)) == ["a.npy"]
    assert list(store.temp_dir.iterdir()) == []
    store.abandon()


def test_a_shard_has_a_random_part_in_its_name(store: FileStore) -> None:
    published = []
    for _ in range(2):
        shard = ShardStore(store, "poses-run-000001")
        published.append(shard.publish("k", {"json": b"{}", "npy": b"abc"}))
        shard.place()
    names = sorted(path.name for path in store.final_dir.path.iterdir())
    assert len(names) == 2
    assert all(re.fullmatch(r"poses-run-000001-[0-9a-f]{8}\.tar", name) for name in names)
    assert sorted(each.path for each in published) == [f"{name}/k" for name in names]
    assert (published[0].bytes, list(published[0].sha256)) == (5, ["json", "npy"])
    store.publish("loose", {"npy": b"2"})
    store.place()
    assert shard.read("loose", "npy") == b"2"
    assert store.read(published[0].path, "npy") == b"abc"


def test_a_shard_is_forced_to_disk_before_it_is_moved(store: FileStore) -> None:
    shard = ShardStore(store, "poses")
    shard.publish("k", {"npy": b"1"})
    (temporary,) = store.temp_dir.iterdir()
    with recorded() as events:
        shard.place()
        shard.sync()
    assert events[0] == ("sync", temporary)
    assert events[1][0] == "move"
    assert events[2] == ("sync", store.final_dir.path)


def test_a_shard_without_poses_is_not_written(store: FileStore) -> None:
    shard = ShardStore(store, "poses")
    shard.place()
    shard.sync()
    shard.abandon()
    assert list(store.final_dir.path.iterdir()) == []
    assert list(store.temp_dir.iterdir()) == []


def test_what_vanishes_or_cannot_be_deleted_does_not_stop_emptying(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, stuck, last = (store.temp_dir / f".posepipe-{digit * 32}.0" for digit in "abc")
    stuck.mkdir()
    last.touch()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "iterdir", lambda _: iter([gone, stuck, last]))
        patch.setattr(os, "rmdir", refuse)
        assert store.empty_temp() == 3
    assert list(store.temp_dir.iterdir()) == [stuck]


def aside(store: FileStore) -> dict[str, bytes]:
    """The files that were set aside, by name without the random part."""
    found = [path for path in (store.final_dir.path / SET_ASIDE).rglob("*") if path.is_file()]
    inside = {path: path.relative_to(store.final_dir.path / SET_ASIDE).parts for path in found}
    assert all(re.fullmatch("[0-9a-f]{8}", parts[0]) for parts in inside.values())
    return {"/".join(parts[1:]): path.read_bytes() for path, parts in inside.items()}


def placed(store: FileStore, path: str, files: dict[str, bytes], described: Sequence[str] = ()) -> int:
    """Publish a pose and place it; returns how many files were set aside."""
    assert store.publish(path, files, described) == Published.of(path, files)
    return store.place().set_aside[path]


@pytest.mark.parametrize("path", ["a", "a8/a"])
def test_a_file_that_no_row_describes_is_set_aside(store: FileStore, path: str) -> None:
    placed(store, path, {"json": b"same", "npy": b"mine", "png": b"old"})
    files = {"json": b"same", "npy": b"new", "png": b"new"}
    assert placed(store, path, files, ["png", "json"]) == 1
    assert aside(store) == {f"{path}.npy": b"mine"}
    assert {name: store.read(path, name) for name in files} == files


def test_equal_and_described_files_are_not_set_aside(store: FileStore) -> None:
    files = {"json": b"1", "npy": b"2"}
    assert placed(store, "a", files) == 0
    assert placed(store, "a", files) == 0
    assert placed(store, "a", {"json": b"3", "npy": b"4"}, ("npy", "json")) == 0
    assert aside(store) == {}
    assert placed(store, "a", {"json": b"5", "npy": b"6"}) == 2
    assert placed(store, "a", {"json": b"7"}) == 1
    assert sorted(path.read_bytes() for path in (store.final_dir.path / SET_ASIDE).rglob("*.json")) == [b"3", b"5"]


def test_the_names_of_files_that_were_set_aside_are_forced_to_disk(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "reports_errors", lambda _: False)
    placed(store, "a8/a", {"npy": b"mine"})
    store.publish("a8/a", {"npy": b"new"})
    out = store.final_dir.path
    with recorded() as events:
        store.place()
        store.sync()
    [target] = (out / SET_ASIDE).rglob("*.npy")
    forced = {path for what, path in events if what == "sync"}
    assert {out, out / "a8", *list(target.parents)[:3]} <= forced
    assert target.parents[3] == out
