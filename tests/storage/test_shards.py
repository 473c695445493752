"""Tar shards: members that WebDataset reads, found again by their path in the manifest."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

from posepipe.storage import shards
from posepipe.storage.folders import LocalFolder

FILES = {"json": b"{}", "npy": b"abc"}


def write(path: Path, *keys: str, files: dict[str, bytes] = FILES) -> Path:
    writer = shards.ShardWriter(path)
    for key in keys:
        writer.add(key, files)
    writer.close()
    return path


def test_paths_that_lead_into_a_shard() -> None:
    assert shards.is_member("poses-0.tar/0123")
    assert not shards.is_member("arching_back")
    assert not shards.is_member("about.tar.npy")


def test_members_have_neither_time_nor_owner(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a.tar", "k", "k__v1"), write(tmp_path / "b.tar", "k", "k__v1")
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as archive:
        members = archive.getmembers()
    assert [member.name for member in members] == ["k.json", "k.npy", "k__v1.json", "k__v1.npy"]
    assert {(member.mtime, member.uid, member.gid, member.uname, member.mode) for member in members} == {
        (0, 0, 0, "", 0o644)
    }


def test_a_shard_is_never_overwritten(tmp_path: Path) -> None:
    write(tmp_path / "a.tar", "k")
    with pytest.raises(FileExistsError):
        shards.ShardWriter(tmp_path / "a.tar")


def test_an_unfinished_shard_is_deleted(tmp_path: Path) -> None:
    writer = shards.ShardWriter(tmp_path / "a.tar")
    writer.add("k", FILES)
    writer.abandon()
    assert list(tmp_path.iterdir()) == []
    writer.abandon()


def test_members_and_files_are_read_alike(tmp_path: Path) -> None:
    write(tmp_path / "a.tar", "k", "l", files={"npy": b"12345"})
    (tmp_path / "loose.npy").write_bytes(b"loose")
    for place in (tmp_path, str(tmp_path), LocalFolder(tmp_path)):
        assert shards.read(place, "a.tar/l.npy") == b"12345"
        assert shards.read(place, "loose.npy") == b"loose"
        assert shards.size(place, "a.tar/k.npy") == 5
        assert shards.size(place, "loose.npy") == 5


@pytest.mark.parametrize("file", ["a.tar/m.npy", "b.tar/k.npy", "loose.npy"])
def test_a_missing_member_shard_or_file_is_named(tmp_path: Path, file: str) -> None:
    write(tmp_path / "a.tar", "k")
    for look in (shards.read, shards.size):
        with pytest.raises(FileNotFoundError) as raised:
            look(tmp_path, file)
        assert str(raised.value.filename) in (str(tmp_path / file), str(tmp_path / "b.tar"))


def test_a_shard_that_changed_is_read_afresh(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tar", "k")
    assert shards.read(tmp_path, "a.tar/k.npy") == b"abc"
    about = path.stat()
    path.unlink()
    write(path, "k", files={"npy": b"other" * 2000})
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))  # only the length differs
    assert shards.read(tmp_path, "a.tar/k.npy") == b"other" * 2000
    path.unlink()
    write(path, "l", files={"npy": b"OTHER" * 2000})
    os.utime(path, (1, 1))  # only the time differs
    assert shards.read(tmp_path, "a.tar/l.npy") == b"OTHER" * 2000


def test_a_file_that_is_not_a_tar_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(b"nothing" * 200)
    with pytest.raises(OSError, match="not a tar archive"):
        shards.read(tmp_path, "a.tar/k.npy")


def test_fewer_bytes_than_the_member_has_are_an_error(tmp_path: Path) -> None:
    class Cut(LocalFolder):
        def read_part(self, name: str, start: int, length: int) -> bytes:
            return super().read_part(name, start, length - 1)

    write(tmp_path / "a.tar", "k")
    with pytest.raises(OSError, match="the shard is cut off") as raised:
        shards.read(Cut(tmp_path), "a.tar/k.npy")
    error: Any = raised.value
    assert error.filename == f"{tmp_path}/a.tar/k.npy"
