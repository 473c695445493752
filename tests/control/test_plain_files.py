"""Files that posepipe opens in a folder that somebody else may have prepared."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from posepipe.control.plain_files import open_plain, read_plain
from posepipe.errors import RefusedError


@pytest.mark.parametrize("flags", [os.O_RDONLY, os.O_RDWR, os.O_RDWR | os.O_CREAT])
@pytest.mark.parametrize("kind", ["a symbolic link", "a folder", "a named pipe", "a socket"])
def test_only_files_are_opened_and_nothing_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, flags: int
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path may not be long
    path = Path("x")
    with socket.socket(socket.AF_UNIX) as listening:
        if kind == "a socket":
            listening.bind(str(path))
        elif kind == "a named pipe":
            os.mkfifo(path)
        elif kind == "a folder":
            path.mkdir()
        else:
            Path("target").write_text("precious")
            path.symlink_to("target")
        opened = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else None
        with pytest.raises(RefusedError, match=f"^x is {kind}, where posepipe keeps a file of its own; remove it$"):
            open_plain(path, flags)
        if opened is not None:
            assert len(list(Path("/proc/self/fd").iterdir())) == opened


def test_a_device_is_not_read() -> None:
    with pytest.raises(RefusedError, match="/dev/zero is a device"):
        read_plain(Path("/dev/zero"), 10)


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"0123456789")
    assert read_plain(tmp_path / "x", 10) == b"0123456789"
    with pytest.raises(ValueError, match="more than 9 bytes"):
        read_plain(tmp_path / "x", 9)
    with pytest.raises(FileNotFoundError):
        read_plain(tmp_path / "y", 9)
