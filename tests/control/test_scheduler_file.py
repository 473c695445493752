"""How another process of the same user finds the cluster of a run, and nobody else does."""

from __future__ import annotations

import fcntl
import json
import os
import stat
from pathlib import Path

import pytest

from posepipe.control import scheduler_file
from posepipe.control.scheduler_file import NAME, Access, published, read_access
from posepipe.errors import MachineError

ACCESS = Access("tls://127.0.0.1:1", "certificate", "key")


def test_only_its_owner_can_read_it_from_the_first_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes = []
    real = os.open

    def recorded(path: Path, flags: int, mode: int = 0o777, **more: object) -> int:
        modes.append((flags & os.O_EXCL != 0, mode))
        return real(path, flags, mode)

    before = os.umask(0)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(os, "open", recorded)
            with published(tmp_path, ACCESS) as private:
                assert private
                assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
                assert [path.name for path in tmp_path.iterdir()] == [NAME]
    finally:
        os.umask(before)
    assert modes == [(True, 0o600)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("access", [ACCESS, Access("tcp://10.0.0.1:8786")])
def test_it_counts_for_as_long_as_the_run_holds_it(tmp_path: Path, access: Access) -> None:
    assert read_access(tmp_path) is None
    with published(tmp_path, access):
        assert read_access(tmp_path) == access
        kept = (tmp_path / NAME).read_bytes()
    assert read_access(tmp_path) is None
    (tmp_path / NAME).write_bytes(kept)  # as in a folder that was copied or unpacked
    (tmp_path / NAME).chmod(0o600)
    assert read_access(tmp_path) is None


def locked(path: Path, content: str, mode: int = 0o600) -> int:
    path.write_text(content)
    path.chmod(mode)
    handle = os.open(path, os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o666])
def test_a_file_that_others_could_open_is_not_believed(tmp_path: Path, mode: int) -> None:
    handle = locked(tmp_path / NAME, json.dumps({"address": "tcp://127.0.0.1:1"}), mode)
    assert read_access(tmp_path) is None
    (tmp_path / NAME).chmod(0o600)
    assert read_access(tmp_path) == Access("tcp://127.0.0.1:1")
    os.close(handle)


def test_a_file_of_another_user_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with published(tmp_path, ACCESS):
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
        assert read_access(tmp_path) is None


@pytest.mark.parametrize(
    "content",
    ["", "no JSON", "[]", "null", "{}", '{"address": 5}', '{"address": "x", "key": []}', '{"address": "x", "more": 1}',
     "[" * 90_000, '{"address": "x"}' + " " * 100_000 + "]"],
)  # fmt: skip
def test_what_is_no_access_is_none(tmp_path: Path, content: str) -> None:
    handle = locked(tmp_path / NAME, content)
    assert read_access(tmp_path) is None
    os.close(handle)


@pytest.mark.parametrize("make", ["link", "pipe", "folder"])
def test_another_kind_of_file_is_not_read_and_not_waited_for(tmp_path: Path, make: str) -> None:
    path = tmp_path / NAME
    if make == "link":
        handle = locked(tmp_path / "target", json.dumps({"address": "tcp://127.0.0.1:1"}))
        path.symlink_to("target")
    elif make == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    assert read_access(tmp_path) is None
    if make == "folder":
        with pytest.raises(MachineError, match=f"^{path}: cannot be written"), published(tmp_path, ACCESS):
            pass
        assert list(tmp_path.iterdir()) == [path]
        return
    with published(tmp_path, ACCESS):
        assert read_access(tmp_path) == ACCESS
    if make == "link":
        assert (tmp_path / "target").read_text() == json.dumps({"address": "tcp://127.0.0.1:1"})
        os.close(handle)


def test_without_permissions_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler_file, "_is_private", lambda _: False)
    with published(tmp_path, ACCESS) as private:
        assert not private
        assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_a_run_whose_folder_is_gone_ends_all_the_same(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with published(out, ACCESS):
        (out / NAME).unlink()
        out.rmdir()
