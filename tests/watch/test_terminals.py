"""The command in a process of its own: on a pipe, on a dumb terminal, on one that changes its size."""

from __future__ import annotations

import fcntl
import os
import re
import select
import struct
import subprocess
import termios
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from runs import command, environment, wait_for

from posepipe import manifest
from posepipe.control.lock import RunControl
from posepipe.control.state import ENDED, RUNNING, RunState

CHINESE = "一个人在公园里慢慢地走路并且挥动双手"
ESCAPES = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]")


@pytest.fixture
def held(tmp_path: Path) -> Any:
    """A run that goes on until :meth:`RunControl.update` says that it has ended; seen through its manifest."""
    rows = [
        {
            "caption_id": f"{number:016x}",
            "variant": 0,
            "caption": f"{CHINESE} {number}",
            "stem": f"{CHINESE}_{number}",
            "status": "failed" if number == 1 else "done",
            "error_type": "BadShape" if number == 1 else None,
            "error": "the model gave 21 joints instead of 22" if number == 1 else None,
            "flags": None if number == 1 else "unsure",
            "run_id": "r1",
            "worker": "cpu0",
            "device": "cpu",
            "finished_at": datetime.now(UTC) + timedelta(seconds=number),
        }
        for number in range(8)
    ]
    manifest.write_fragment(tmp_path / "m", rows, "a", fsync=False)
    state = RunState("r1", str(tmp_path / "m"), str(tmp_path / "out"), "t", "l", os.getpid(), "here", "", total=8)
    control = RunControl(tmp_path / "out", state)
    control.update(started_at=datetime.now(UTC).isoformat(), state=RUNNING, scheduler="tcp://127.0.0.1:1")
    yield control
    control.close()


def end(control: RunControl) -> None:
    control.update(state=ENDED)
    control.close()


def test_on_a_pipe_there_are_plain_lines_with_the_failure_and_its_cause(held: RunControl, tmp_path: Path) -> None:
    watch = subprocess.Popen(
        command("watch", "out"), cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert watch.stdout
    first, second = watch.stdout.readline(), watch.stdout.readline()
    end(held)
    rest = watch.stdout.read()
    assert watch.wait(60) == 0
    example = f"for example {1:016x} {CHINESE} 1: the model gave 21 joints instead of 22"
    assert first == f"failed: 1 BadShape, {example}\n"
    assert second.startswith("running: 8/8 100%  ")
    assert "1 failed  7 unsure" in second
    assert rest.startswith("done: 7 of 8 made")
    assert f"unsure: 7, the model guessed; for example: {CHINESE} 0; {CHINESE} 2; {CHINESE} 3\n" in rest
    assert "\x1b" not in first + second + rest


class Terminal:
    """``watch`` on a pseudo terminal of 80 x 24."""

    def __init__(self, folder: Path, term: str) -> None:
        self._main, far = os.openpty()
        self.resize(80, 24)
        variables = {name: value for name, value in environment().items() if name not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            command("watch", "out"), cwd=folder, env=variables | {"TERM": term}, stdin=far, stdout=far, stderr=far
        )
        os.close(far)
        self._bytes = b""

    @property
    def text(self) -> str:
        return self._bytes.decode(errors="replace")

    def resize(self, width: int, height: int) -> None:
        fcntl.ioctl(self._main, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def _read(self) -> None:
        while select.select([self._main], [], [], 0)[0]:
            try:
                self._bytes += os.read(self._main, 65536)
            except OSError:  # the far end is closed
                return

    def wait(self, condition: Callable[[str], bool]) -> None:
        def holds() -> bool:
            self._read()
            return condition(self.text)

        wait_for(holds)

    def close(self) -> None:
        self.wait(lambda _: self.process.poll() is not None)
        self._read()
        os.close(self._main)


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_dumb_terminal_gets_lines_that_fit_it(held: RunControl, tmp_path: Path, term: str) -> None:
    terminal = Terminal(tmp_path, term)
    terminal.wait(lambda text: "running: 8/8" in text)
    end(held)
    terminal.close()
    assert terminal.process.returncode == 0
    lines = terminal.text.splitlines()
    assert "\x1b" not in terminal.text
    assert max(map(cell_len, lines)) <= 80
    assert len([line for line in lines if line.startswith("running: ")]) == 1
    assert any(line.startswith("done: 7 of 8 made") for line in lines)


def test_a_terminal_that_changes_its_size_is_drawn_anew(held: RunControl, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "xterm")
    terminal.wait(lambda text: f"{CHINESE}_7" in text)
    assert "\x1b[?1049h" in terminal.text  # the second screen
    before = len(terminal.text)
    terminal.resize(30, 10)
    terminal.wait(lambda text: len(text[before:].split("\x1b[H")) > 4)
    screen = terminal.text[before:].split("\x1b[H")[-2]
    lines = ESCAPES.sub("", screen).replace("\r", "").split("\n")
    assert len(lines) <= 10
    assert max(cell_len(line.rstrip()) for line in lines) <= 30
    assert any("BadShape" in line for line in lines)
    end(held)
    terminal.close()
    assert terminal.process.returncode == 0
    after = terminal.text.rpartition("\x1b[?1049l")[2]
    assert "done: 7 of 8 made" in after


def test_once_and_json_end_at_once(held: RunControl, tmp_path: Path) -> None:
    def watch(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command("watch", *arguments), cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=60
        )

    once = watch("out", "--once")
    assert once.returncode == 0
    assert "  1 BadShape: the model gave 21 joints instead of 22\n" in once.stdout
    assert "7 unsure: the model guessed, for example" in once.stdout
    assert watch("out", "--json").returncode == 0
    nothing = watch("nowhere", "--once")
    assert (nothing.returncode, nothing.stdout, nothing.stderr.count("\n")) == (2, "", 1)
