"""Many files are forced to disk in one go, and no error is lost."""

from __future__ import annotations

import errno
import os
import sys
import threading
from pathlib import Path

import pytest
from recorded_syncs import recorded

from posepipe.storage import atomic, syncing
from posepipe.storage.syncing import FEW, OTHER_DATA, THREADS, Syncer


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / str(number) for number in range(3 * THREADS)]
    for path in paths:
        path.write_bytes(b"x")
    return paths


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Lets ``syncfs`` be used whatever the file system of the tests is; gives the handles it was called with."""
    handles: list[int] = []

    def sync_file_system(handle: int, folder: Path) -> None:
        assert os.path.samestat(os.fstat(handle), folder.stat())
        handles.append(handle)

    monkeypatch.setattr(syncing, "reports_errors", lambda _: True)
    monkeypatch.setattr(syncing, "unwritten_bytes", lambda: 0)
    monkeypatch.setattr(syncing, "sync_file_system", sync_file_system)
    return handles


def test_many_files_take_one_call(tmp_path: Path, files: list[Path], whole: list[int]) -> None:
    syncer = Syncer(tmp_path)
    with recorded() as events:
        syncer.force(files)
    assert events == [("sync all", tmp_path), ("sync", files[0])]
    assert len(whole) == 1
    syncer.close()
    syncer.close()
    with pytest.raises(OSError):
        os.fstat(whole[0])


def test_few_files_are_forced_one_by_one(tmp_path: Path, files: list[Path], whole: list[int]) -> None:
    syncer = Syncer(tmp_path)
    with recorded() as events:
        syncer.force(files[:FEW])
        syncer.force([])
    assert events == [("sync", path) for path in files[:FEW]]
    syncer.close()


@pytest.mark.parametrize("size", [0, 1000])
def test_much_other_data_is_left_to_the_system(
    tmp_path: Path, files: list[Path], whole: list[int], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    syncer = Syncer(tmp_path)
    for unwritten, all_at_once in ((OTHER_DATA + size, True), (OTHER_DATA + size + 1, False)):
        monkeypatch.setattr(syncing, "unwritten_bytes", lambda unwritten=unwritten: unwritten)
        with recorded() as events:
            syncer.force(files, size)
        assert (("sync all", tmp_path) in events) == all_at_once
        assert all_at_once or sorted(path for _, path in events) == sorted(files)
    syncer.close()


def test_threads_force_every_file_where_syncfs_hides_errors(
    tmp_path: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "reports_errors", lambda _: False)
    together, sync_file = threading.Barrier(THREADS, timeout=30), atomic.sync_file
    syncer = Syncer(tmp_path)
    with recorded() as events:
        syncer.force(files)
    assert sorted(events) == sorted(("sync", path) for path in files)

    def waits_for_the_others(path: str | Path) -> None:
        together.wait()
        sync_file(path)

    monkeypatch.setattr(atomic, "sync_file", waits_for_the_others)
    syncer.force(files)
    files[-1].unlink()
    together.abort()
    monkeypatch.setattr(atomic, "sync_file", sync_file)
    with pytest.raises(FileNotFoundError):
        syncer.force(files)
    syncer.close()


def test_a_folder_that_the_model_has_closed_is_an_error(tmp_path: Path, files: list[Path], whole: list[int]) -> None:
    syncer = Syncer(tmp_path)
    syncer.force(files)
    [handle] = whole
    os.close(handle)
    with pytest.raises(OSError) as raised:
        syncer.force(files)
    assert (raised.value.errno, raised.value.filename) == (errno.EBADF, str(tmp_path))
    other = os.open(files[0], os.O_RDONLY)
    os.dup2(other, handle)  # the number now belongs to another file
    with pytest.raises(OSError):
        syncer.force(files)
    syncer.close()
    assert os.path.samestat(os.fstat(handle), files[0].stat())
    for each in {other, handle}:
        os.close(each)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has syncfs")
def test_an_error_of_the_call_names_the_folder(tmp_path: Path) -> None:
    handle = os.open(tmp_path, os.O_RDONLY)
    syncing.sync_file_system(handle, tmp_path)
    os.close(handle)
    with pytest.raises(OSError) as raised:
        syncing.sync_file_system(handle, tmp_path)
    assert (raised.value.errno, raised.value.filename) == (errno.EBADF, str(tmp_path))


@pytest.mark.parametrize(
    ("platform", "release", "can"),
    [
        ("linux", "6.18.44", True),
        ("linux", "5.8.0-63-generic", True),
        ("linux", "5.7.19", False),
        ("linux", "4.18.0-477.el8", False),
        ("linux", "unknown", False),
        ("darwin", "23.1.0", False),
    ],
)
def test_which_systems_report_errors(monkeypatch: pytest.MonkeyPatch, platform: str, release: str, can: bool) -> None:
    class Library:
        syncfs = statfs = None

    monkeypatch.setattr(syncing.sys, "platform", platform)
    monkeypatch.setattr(syncing.platform, "release", lambda: release)
    monkeypatch.setattr(syncing, "_libc", Library)
    syncing._can_sync.cache_clear()
    assert syncing._can_sync() is can
    monkeypatch.undo()
    syncing._can_sync.cache_clear()


def test_network_file_systems_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "_can_sync", lambda: True)
    for kind, reports in ((0xEF53, True), (0x6969, False), (0x794C7630, False), (None, False)):  # ext4, NFS, overlay
        monkeypatch.setattr(syncing, "_file_system", lambda _, kind=kind: kind)
        assert syncing.reports_errors(tmp_path) is reports


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has syncfs")
def test_the_kind_of_a_file_system_is_read(tmp_path: Path) -> None:
    assert syncing._file_system(Path("/proc")) == 0x9FA0
    assert syncing._file_system(tmp_path / "none") is None


def test_what_the_system_has_not_written_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "_MEMORY", tmp_path / "meminfo")
    assert syncing.unwritten_bytes() == 0
    text = "MemTotal:  99 kB\nDirty:                 3 kB\nWriteback:             4 kB\nWritebackTmp:          8 kB\n"
    (tmp_path / "meminfo").write_text(text)
    assert syncing.unwritten_bytes() == 7 * 1024
