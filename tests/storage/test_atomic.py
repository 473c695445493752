"""Files are written aside and moved in place: the old file or the new one, never a part."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from recorded_syncs import recorded

from posepipe.storage import atomic


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_old_file_stays_until_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(b"old")
    with atomic.stream_to(path) as stream:
        stream.write(b"new")
        stream.flush()
        assert path.read_bytes() == b"old"
        assert names(tmp_path) == [".state.json.tmp", "state.json"]
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["state.json"]


def test_the_temporary_file_of_a_hidden_file_has_one_dot(tmp_path: Path) -> None:
    with atomic.writing(tmp_path / ".state.json") as temporary:
        temporary.write_bytes(b"x")
        assert temporary == tmp_path / ".state.json.tmp"
    assert names(tmp_path) == [".state.json"]


def test_a_file_can_be_written_in_another_folder(tmp_path: Path) -> None:
    (tmp_path / "aside").mkdir()
    with atomic.writing(tmp_path / "a", aside=tmp_path / "aside" / "b") as temporary:
        temporary.write_bytes(b"x")
        assert names(tmp_path / "aside") == ["b"]
    atomic.write_bytes(tmp_path / "c", b"yz", aside=tmp_path / "aside" / "d")
    assert names(tmp_path) == ["a", "aside", "c"]
    assert names(tmp_path / "aside") == []
    assert (tmp_path / "c").read_bytes() == b"yz"


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()], ids=type)
def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def write_half() -> None:
        with atomic.stream_to(path) as stream:
            stream.write(b"half")
            raise error

    with pytest.raises(type(error)):
        write_half()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_the_first_error_counts_when_the_temporary_file_cannot_be_removed(tmp_path: Path) -> None:
    def write() -> None:
        with atomic.writing(tmp_path / "a") as temporary:
            temporary.mkdir()  # cannot be unlinked
            raise ValueError("first")

    with pytest.raises(ValueError, match="first"):
        write()


def test_content_then_move_then_folder_are_forced_to_disk(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with recorded() as events:
        atomic.write_bytes(path, b"x", fsync=True)
    assert events == [("sync", tmp_path / ".a.tmp"), ("move", path), ("sync", tmp_path)]
    with recorded() as events:
        atomic.write_bytes(path, b"x")
        with atomic.stream_to(path) as stream:
            stream.write(b"y")
        with atomic.writing(path) as temporary:
            temporary.touch()
    assert events == [("move", path)] * 3


def test_content_is_complete_when_it_is_forced_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(atomic, "sync_file", lambda path: seen.append(path.is_file() and path.read_bytes()))
    with atomic.stream_to(tmp_path / "a", fsync=True) as stream:
        stream.write(b"small enough for a buffer")
    assert seen == [b"small enough for a buffer", False]


def test_a_new_file_replaces_nothing(tmp_path: Path) -> None:
    atomic.write_new(tmp_path / "a", b"x" * 100_000)
    assert (tmp_path / "a").read_bytes() == b"x" * 100_000
    with pytest.raises(FileExistsError):
        atomic.write_new(str(tmp_path / "a"), b"y")
    (tmp_path / "link").symlink_to("elsewhere")
    with pytest.raises(FileExistsError):
        atomic.write_new(tmp_path / "link", b"y")
    assert names(tmp_path) == ["a", "link"]


def test_a_new_file_is_written_whole_by_calls_that_write_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        def __init__(self, path: Path, *_: object, **__: object) -> None:
            self.content = b""

        def __enter__(self) -> Slow:
            files.append(self)
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def write(self, content: memoryview) -> int:
            self.content += content[:3]
            return len(content[:3])

    files: list[Slow] = []
    monkeypatch.setattr("builtins.open", Slow)
    atomic.write_new(tmp_path / "a", b"0123456789")
    monkeypatch.undo()
    assert files[0].content == b"0123456789"


def test_a_file_and_a_folder_are_forced_to_disk_and_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handles: list[int] = []
    monkeypatch.setattr(os, "fsync", handles.append)
    (tmp_path / "a").write_bytes(b"x")
    atomic.sync_file(tmp_path / "a")
    atomic.sync_folder(tmp_path)

    def fails(handle: int) -> None:
        handles.append(handle)
        raise OSError(errno.EIO, "broken disk")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="broken disk"):
        atomic.sync_file(tmp_path / "a")
    assert len(handles) == 3
    for handle in handles:
        with pytest.raises(OSError):
            os.fstat(handle)
