"""The log files of a run."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from posepipe.workers.logs import KEEP, LogFile, file_name, is_own, rotate


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("posepipe", logging.WARNING, "", 0, text, None, None)


def test_a_log_makes_its_folder_and_is_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "run.log"
    log = LogFile(path)
    log.handle(record("走 läuft"))
    log.close()
    line = path.read_text(encoding="utf-8")
    assert line.endswith(" WARNING 走 läuft\n")
    assert line[:4].isdigit()


def test_a_log_goes_on_where_it_was(tmp_path: Path) -> None:
    for text in ("one", "two"):
        log = LogFile(tmp_path / "run.log")
        log.handle(record(text))
        log.close()
    assert [line.split()[-1] for line in (tmp_path / "run.log").read_text().splitlines()] == ["one", "two"]


class Full:
    """A stream on a full disk."""

    def write(self, text: str) -> None:
        raise OSError(28, "No space left on device")

    def flush(self) -> None:
        raise OSError(28, "No space left on device")

    def close(self) -> None:
        raise OSError(28, "No space left on device")


def test_a_full_disk_loses_entries_and_says_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = LogFile(tmp_path / "run.log")
    opened = log.stream
    full: Any = Full()
    log.stream = full
    log.handle(record("lost"))
    log.close()
    opened.close()
    assert capsys.readouterr() == ("", "")


def test_a_log_that_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "run.log").mkdir()
    with pytest.raises(IsADirectoryError):
        LogFile(tmp_path / "run.log")


BEGINNING = "2026-11-30 13:21:31,123 INFO "


def test_the_logs_of_earlier_runs_are_kept_with_numbers(tmp_path: Path) -> None:
    for number in range(KEEP + 3):
        (tmp_path / "run.log").write_text(f"{BEGINNING}run {number}: c.txt -> out")
        (tmp_path / "cpu0.log").write_text(f"{BEGINNING}worker cpu0: process {number}, run r")
        (tmp_path / "worker.log").write_text("")
        rotate(tmp_path)
        assert not (tmp_path / "run.log").exists()
    names = sorted(path.name for path in tmp_path.iterdir())
    numbers = [str(number) for number in range(1, KEEP + 1)]
    assert names == sorted(["worker.log", *(f"{log}.log.{number}" for log in ("run", "cpu0") for number in numbers)])
    assert f"run {KEEP + 2}:" in (tmp_path / "run.log.1").read_text()
    assert "run 3:" in (tmp_path / f"run.log.{KEEP}").read_text()


def test_the_log_of_a_worker_with_an_address_is_known(tmp_path: Path) -> None:
    name = f"{file_name('tcp://127.0.0.1:8786')}.log"
    (tmp_path / name).write_text(f"{BEGINNING}worker tcp://127.0.0.1:8786: process 7, run r")
    assert is_own(tmp_path / name)
    assert not is_own(tmp_path / "none.log")


def test_logs_of_other_programs_stay_as_they_are(tmp_path: Path) -> None:
    files = {
        "app.log": "mine",
        "app.log.9": "mine, too",
        "cpu1.log": f"{BEGINNING}worker cpu0: process 1, run r",
        "worker.log": f"{BEGINNING}worker started",
        "run.log": f"{BEGINNING}run r: c.txt -> out",
        "run.log.9": "mine as well",
        "gpu0.log.1": f"{BEGINNING}worker gpu0: process 1, run r",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "folder.log").mkdir()
    for _ in range(KEEP + 1):
        rotate(tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir() if path.is_file()} == files


def test_there_is_nothing_to_rotate_at_first(tmp_path: Path) -> None:
    rotate(tmp_path)
    rotate(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_a_message_cannot_forge_an_entry(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "run.log")
    log.handle(record("one\n2026-01-01 00:00:00,000 INFO ended\r\x1b[2J\u202e\ud83d"))
    try:
        raise ValueError("two\n2026-01-01 00:00:00,000 INFO ended\x1b[2J")
    except ValueError as error:
        log.handle(logging.LogRecord("posepipe", 40, "", 0, "failed", None, (ValueError, error, error.__traceback__)))
    log.handle(record("x" * 1_000_000))
    log.close()
    lines = (tmp_path / "run.log").read_text(encoding="utf-8").split("\n")
    assert lines[0].endswith(r" WARNING one\n2026-01-01 00:00:00,000 INFO ended\r\x1b[2J\u202e\ud83d")
    assert lines[1].endswith(" ERROR failed")
    assert r"    ValueError: two" in lines
    assert r"    2026-01-01 00:00:00,000 INFO ended\x1b[2J" in lines
    assert all(line.isprintable() for line in lines)
    assert "(1,000,000 characters in all)" in lines[-2]
    assert len(lines[-2]) < 5_000
