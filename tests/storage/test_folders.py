"""Folders, local and of an object store, with the same methods. The object store is fsspec's in memory."""

from __future__ import annotations

import errno
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from recorded_syncs import recorded
from upath import UPath

from posepipe.errors import ConfigError, MachineError
from posepipe.storage.folders import Folder, LocalFolder, RemoteFolder


@pytest.fixture
def local(tmp_path: Path) -> LocalFolder:
    folder = LocalFolder(tmp_path / "poses")
    folder.make()
    return folder


@pytest.fixture
def remote() -> Iterator[RemoteFolder]:
    place: Any = UPath(f"memory://{uuid.uuid4().hex}/poses")
    yield RemoteFolder(place)
    if place.parent.exists():
        place.fs.rm(place.parent.path, recursive=True)


@pytest.fixture(params=["local", "remote"])
def folder(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def test_a_file_is_written_read_renamed_and_deleted(folder: Folder, tmp_path: Path) -> None:
    folder.write("a", b"0123456789")
    assert folder.read("a") == b"0123456789"
    assert folder.read_part("a", 2, 3) == b"234"
    assert folder.read_part("a", 8, 3) == b"89"
    folder.write("a", b"new", fsync=True)
    folder.rename("a", "inner/b")
    assert folder.read("inner/b") == b"new"
    with pytest.raises(FileNotFoundError):
        folder.read("a")
    folder.delete("inner/b")
    folder.delete("inner/b")
    with pytest.raises(FileNotFoundError):
        folder.read("inner/b")


def test_a_file_that_is_written_appears_when_the_block_ends(folder: Folder) -> None:
    with folder.stream_to("a", fsync=False) as stream:
        stream.write(b"x")
        stream.flush()
        assert "a" not in folder.file_names()
    assert folder.file_names() == ["a"]

    def write_half() -> None:
        with folder.stream_to("b", fsync=False) as stream:
            stream.write(b"half")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        write_half()
    assert folder.file_names() == ["a"]


def test_whether_a_file_is_there(folder: Folder) -> None:
    folder.write("a", b"")
    assert folder.exists("a")
    assert not folder.exists("b")


def test_a_link_that_leads_nowhere_is_there(local: LocalFolder) -> None:
    (local.path / "a").symlink_to("nowhere")
    assert local.exists("a")


def test_a_finished_file_is_taken(folder: Folder, tmp_path: Path) -> None:
    source = tmp_path / "shard.tmp"
    source.write_bytes(b"tar")
    folder.take(source, "poses.tar")
    assert folder.read("poses.tar") == b"tar"
    assert not source.exists()


def test_names_are_sorted_and_none_where_there_is_no_folder(folder: Folder) -> None:
    for name in ("c", "a", ".b"):
        folder.write(name, b"")
    assert folder.file_names() == [".b", "a", "c"]
    assert folder.is_folder()
    missing = type(folder)(folder.path / "none")
    assert missing.file_names() == []
    assert not missing.is_folder()


def test_a_probe_leaves_nothing(folder: Folder) -> None:
    folder.write("a", b"")
    folder.probe()
    assert folder.file_names() == ["a"]


def test_what_pyarrow_opens(local: LocalFolder, remote: RemoteFolder) -> None:
    for folder in (local, remote):
        folder.write("a", b"content")
    with local.open("a") as source:
        assert source == local.path / "a"
    with remote.open("a") as stream:
        assert not isinstance(stream, Path)
        assert stream.read() == b"content"
        assert stream.seekable()


def test_absolute_means_the_same_from_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = LocalFolder(Path("poses"))
    assert (str(folder), folder.absolute) == ("poses", str(tmp_path / "poses"))
    address: Any = UPath("memory://bucket/poses/")
    assert RemoteFolder(address).absolute == "memory://bucket/poses"
    assert (folder.is_local, RemoteFolder(address).is_local) == (True, False)


def test_a_local_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path / "a" / "b")
    assert not folder.is_folder()
    folder.make()
    folder.make()
    assert folder.is_folder()


def test_a_remote_folder_needs_not_be_made(remote: RemoteFolder) -> None:
    remote.make()
    assert not remote.is_folder()
    assert list(remote.names_below()) == []


def test_a_local_walk_descends_into_the_chosen_folders(local: LocalFolder) -> None:
    for name in ("a/b/x", "a/c/y", "a/.hidden", "other/z", "top", ".top"):
        (local.path / name).parent.mkdir(parents=True, exist_ok=True)
        (local.path / name).touch()
    assert sorted(local.walk(lambda name: name in ("a", "a/b"))) == ["a/b/x", "a/c", "other", "top"]
    assert sorted(local.walk(lambda name: name in ("a", "top"))) == ["a/b", "a/c", "other"]


def test_a_remote_walk_leaves_hidden_names_and_shards_out(remote: RemoteFolder) -> None:
    for name in ("a/x", "b", "c.tar", ".hidden"):
        remote.write(name, b"")
    assert sorted(remote.names_below()) == [".hidden", "a/x", "b", "c.tar"]
    assert sorted(remote.walk(lambda name: name == "c.tar")) == ["a/x", "b"]


def test_a_file_and_its_name_are_forced_to_disk_if_asked(local: LocalFolder) -> None:
    with recorded() as events:
        local.write("x", b"", fsync=True)
    assert events == [("sync", local.path / ".x.tmp"), ("move", local.path / "x"), ("sync", local.path)]
    with recorded() as events:
        local.write("x", b"")
    assert events == [("move", local.path / "x")]


def test_free_bytes_of_a_folder_to_be(tmp_path: Path) -> None:
    assert LocalFolder(tmp_path / "a" / "b").free_bytes() > 0


def test_free_bytes_are_those_of_the_nearest_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    class Usage:
        free = 7

    monkeypatch.setattr("shutil.disk_usage", lambda path: asked.append(path) or Usage())
    assert LocalFolder(tmp_path / "a" / "b").free_bytes() == 7
    assert LocalFolder(tmp_path).free_bytes() == 7
    assert asked == [tmp_path, tmp_path]


def test_free_bytes_of_an_object_store_are_unknown(remote: RemoteFolder) -> None:
    assert remote.free_bytes() is None  # type: ignore[func-returns-value]


def test_an_object_is_created_once(remote: RemoteFolder) -> None:
    remote.create("lease", b"one")
    with pytest.raises(MachineError, match="lease: FileExistsError"):
        remote.create("lease", b"two")
    assert remote.read("lease") == b"one"


def test_when_an_object_was_put(remote: RemoteFolder) -> None:
    before = time.time()
    remote.write("a", b"")
    assert before - 1 <= remote.modified("a") <= time.time() + 1


def test_a_missing_object_is_named(remote: RemoteFolder) -> None:
    with pytest.raises(FileNotFoundError) as raised:
        remote.read("none")
    assert raised.value.errno == errno.ENOENT
    assert raised.value.filename == f"{remote}/none"
    with pytest.raises(FileNotFoundError), remote.open("none"):
        pass
    with pytest.raises(FileNotFoundError):
        remote.read_part("none", 0, 1)


class Broken(Exception):
    """An exception class of some library."""


@pytest.mark.parametrize(
    ("error", "message"),
    [(Broken("no answer " + "x" * 400), "Broken: no answer x"), (PermissionError("denied"), "PermissionError: denied")],
    ids=["library", "operating system"],
)
def test_errors_of_the_library_are_those_of_the_machine(remote: RemoteFolder, error: Exception, message: str) -> None:
    with pytest.raises(MachineError) as raised, remote.errors("a"):
        raise error
    assert str(raised.value).startswith(f"{remote}/a: {message}")
    assert len(str(raised.value)) < len(str(remote)) + 330
    with pytest.raises(MachineError, match=f"^{remote}: "), remote.errors():
        raise error


@pytest.mark.parametrize(
    "error",
    [ConfigError("ours"), ValueError("not a Parquet file"), FileNotFoundError(errno.ENOENT, "gone", "elsewhere")],
    ids=type,
)
def test_other_errors_pass_unchanged(remote: RemoteFolder, local: LocalFolder, error: Exception) -> None:
    for folder in (remote, local):
        with pytest.raises(type(error)) as raised, folder.errors("a"):
            raise error
        assert raised.value is error


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MachineError, match=f"^{tmp_path / 'file'}: cannot be written"):
        LocalFolder(tmp_path / "file").probe()
    with pytest.raises(MachineError, match=rf"none: cannot be written \({os.strerror(errno.ENOENT)}\)"):
        LocalFolder(tmp_path / "none").probe()


def test_a_missing_bucket_is_named(remote: RemoteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise FileNotFoundError("The specified bucket does not exist")

    monkeypatch.setattr(remote, "write", missing)
    with pytest.raises(MachineError, match=f"^{remote}: not there; make the bucket first"):
        remote.probe()


def test_both_kinds_of_folder_have_every_method() -> None:
    own = {name for name in vars(LocalFolder) if not name.startswith("_")} - {"is_local"}
    assert Folder.__abstractmethods__ == own
    assert own <= set(vars(RemoteFolder))
