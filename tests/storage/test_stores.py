"""The store: whole files or none, checksums, temp folder."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

import pytest

from posepipe.errors import MachineError, is_machine_error
from posepipe.storage.folders import LocalFolder
from posepipe.storage.layout import names_in
from posepipe.storage.stores import FileStore


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
    assert store.read("waving", "npy") == b"abc"
    assert sorted(names_in(store.final_dir)) == ["waving.json", "waving.npy"]
    assert list(store.temp_dir.iterdir()) == []


def test_publish_can_be_repeated(store: FileStore) -> None:
    store.publish("a", {"npy": b"1"})
    store.publish("a", {"npy": b"2"})
    store.sync()
    assert store.read("a", "npy") == b"2"


def test_nothing_half_written_stays(store: FileStore) -> None:
    (store.final_dir.path / "b.json").mkdir()
    with pytest.raises(OSError):
        store.publish("b", {"json": b"{}", "npy": b"1"})
    assert list(store.temp_dir.iterdir()) == []
    assert not (store.final_dir.path / "b.npy").exists()


def test_temp_is_emptied_and_dots_are_no_artifacts(store: FileStore) -> None:
    for name in (f"{'0f' * 16}.npy", ".inflight-run-3", ".stacks-run-77", f".probe-{'a' * 32}"):
        (store.temp_dir / name).touch()
    (store.temp_dir / ".dask").mkdir()
    (store.temp_dir / "thesis.npy").touch()
    assert store.empty_temp() == 5
    assert [path.name for path in store.temp_dir.iterdir()] == ["thesis.npy"]
    (store.final_dir.path / ".posepipe.json").touch()
    assert list(names_in(store.final_dir)) == []


def test_a_file_in_the_way_is_the_machine(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MachineError, match="cannot be written"):
        FileStore(tmp_path / "file" / "out", tmp_path / "t").prepare()


def test_which_errors_are_the_machines() -> None:
    assert is_machine_error(OSError(errno.ENOSPC, "full"))
    assert is_machine_error(MachineError("x"))
    assert not is_machine_error(OSError(errno.ENAMETOOLONG, "long"))
    assert not is_machine_error(ValueError("x"))


def test_free_bytes_of_a_folder_to_be(tmp_path: Path) -> None:
    assert LocalFolder(tmp_path / "a" / "b").free_bytes() > 0
