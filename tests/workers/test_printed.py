"""What is printed in a worker's process goes into its log, bounded, whatever prints it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from posepipe.workers.printed import KEPT, LOGGED

BEGIN = """
import logging, os, subprocess, sys
from pathlib import Path
from posepipe.workers import printed
from posepipe.workers.logs import LogFile
printed.TICK_SECONDS = 3600
logger = logging.getLogger("posepipe")
logger.setLevel(logging.INFO)
logger.addHandler(LogFile(Path("w.log")))
output = printed.Printed(Path("printed"))
"""


def log_of(folder: Path, code: str) -> list[str]:
    """The messages in the log of a process that runs some code between the start and the end of the redirection."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code + "\noutput.close()\nprint('not on the terminal')"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("", "")
    return [line.split(" INFO ")[1] for line in (folder / "w.log").read_text().splitlines()]


@pytest.mark.parametrize(
    "code",
    [
        "print('said')",
        "sys.stdout.write('said')",
        "print('said', file=sys.stderr)",
        "os.write(1, b'said')",
        "os.write(2, b'said')",
        "subprocess.run(['echo', 'said'])",
        "logging.lastResort.stream.write('said')",
    ],
)
def test_who_prints_does_not_matter(code: str, tmp_path: Path) -> None:
    assert log_of(tmp_path, code) == ["printed by the model: said"]


def test_control_characters_and_bytes_are_escaped(tmp_path: Path) -> None:
    code = r"print('\x1b[31mred\tone\ntwo \ud83d 人'); sys.stdout.flush(); os.write(1, b'\xff')"
    assert log_of(tmp_path, code) == [
        r"printed by the model: \x1b[31mred\tone",
        r"printed by the model: two \ud83d 人",
        r"printed by the model: \xff",
    ]


def test_much_is_cut_with_its_length(tmp_path: Path) -> None:
    lines = log_of(tmp_path, "os.write(1, b'x' * 5_000_000)")
    assert lines[0] == "printed by the model: " + "x" * KEPT
    assert lines[1] == f"printed by the model: {5_000_000 - KEPT:,} more bytes left out"


def test_a_process_that_prints_again_and_again_is_cut_too(tmp_path: Path) -> None:
    code = f"for _ in range({2 * LOGGED // KEPT}):\n    os.write(1, b'x' * {KEPT}); output.move_to_log()"
    lines = log_of(tmp_path, code)
    assert len(lines) == LOGGED // KEPT + 1
    assert lines[-1] == "printed by the model: nothing more of what this process prints is kept"
    assert (tmp_path / "printed").stat().st_size < 100


def test_nothing_is_read_from_standard_input(tmp_path: Path) -> None:
    assert log_of(tmp_path, "print(repr(sys.stdin.read()), os.read(0, 9))") == ["printed by the model: '' b''"]


def test_it_is_noticed_that_the_model_has_closed_everything(tmp_path: Path) -> None:
    code = "keep = os.dup(output._file); os.closerange(0, keep); assert not output.intact; os._exit(0)"
    done = subprocess.run([sys.executable, "-c", BEGIN + code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0


def test_it_is_noticed_that_the_model_keeps_too_many_files_open(tmp_path: Path) -> None:
    code = (
        "from resource import RLIMIT_NOFILE, getrlimit, setrlimit\n"
        "setrlimit(RLIMIT_NOFILE, (50, getrlimit(RLIMIT_NOFILE)[1]))\n"
        "assert output.intact\n"
        "kept = []\ntry:\n    while True: kept.append(os.dup(1))\nexcept OSError:\n    os.close(kept.pop())\n"
        "assert not output.intact\nfor number in kept: os.close(number)\n"
        "assert output.intact\nos._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", BEGIN + code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0


def test_the_last_words_of_a_process_that_died_are_logged_by_the_next(tmp_path: Path) -> None:
    code = BEGIN + "os.write(2, b'double free'); os.abort()"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False)
    assert log_of(tmp_path, "") == ["printed by the process before this one: double free"]
