"""How commands end where something around them is poor: streams, locale, memory, impatient users."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
import pytest
from outputs import CAPTIONS, Output
from runs import command, environment, run, start, wait_for, write_captions

ON_AN_OUTPUT = (
    *(["verify", "out"], ["watch", "out", "--once"], ["watch", "out", "--json"], ["watch", "out"]),
    *(
        ["gallery", "out"],
        ["stop", "out"],
        ["run", "captions.txt", "--dry-run", "--final-dir", "out", "--manifest", "m"],
    ),
)
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the output ``out`` of a run, with text in several scripts."""
    monkeypatch.chdir(tmp_path)
    Output(tmp_path, [*CAPTIONS, "人 please raise"], formats="npy,json,png").run()
    return tmp_path / "out"


def ended(
    arguments: Sequence[str], more: dict[str, str] | None = None, **streams: object
) -> subprocess.CompletedProcess[str]:
    model = ["--model", "fake_model:factory", "--gpus", "none"] if arguments[0] == "run" else []
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL} | streams
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        command(*arguments, *model), env=environment() | (more or {}), text=True, **given
    )


@pytest.mark.parametrize("arguments", ON_AN_OUTPUT, ids=lambda given: " ".join(given[:3]))
def test_commands_on_an_output_folder_without_a_reader(arguments: list[str], out: Path) -> None:
    """Standard output is closed, or a pipe that nobody reads (``posepipe ... | head``); standard error likewise."""
    usual = ended(arguments)
    assert "Traceback" not in usual.stderr
    reader, writer = os.pipe()
    os.close(reader)
    for both in (False, True):
        without = ended(arguments, stdout=writer, **{"stderr": writer} if both else {})
        assert both or "Traceback" not in without.stderr
        assert without.returncode in (usual.returncode, 141)
    os.close(writer)

    def closing(*descriptors: int) -> Callable[[], None]:
        return lambda: [os.close(number) for number in descriptors] and None

    closed = ended(arguments, stdout=None, preexec_fn=closing(1))
    assert (closed.returncode, closed.stderr.count("Traceback")) == (usual.returncode, 0)
    assert ended(arguments, stderr=None, preexec_fn=closing(2)).returncode == usual.returncode
    assert ended(arguments, stdout=None, stderr=None, preexec_fn=closing(0, 1, 2)).returncode == usual.returncode


@pytest.mark.parametrize("arguments", ON_AN_OUTPUT, ids=lambda given: " ".join(given[:3]))
def test_in_an_ascii_locale(arguments: list[str], out: Path) -> None:
    usual, done = ended(arguments), ended(arguments, ASCII)
    assert done.stdout.isascii()
    assert done.stderr.isascii()
    assert "Traceback" not in done.stderr
    if done.returncode != usual.returncode:  # it needs the file of a caption that is not ASCII
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert "has no file name for" in done.stderr
        assert "set PYTHONUTF8=1" in done.stderr
    elif arguments[-1] == "--json":
        assert json.loads(done.stdout)["failures"][0]["caption"] == "人 please raise"


def test_a_run_in_an_ascii_locale_is_refused_before_its_first_write(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", ["A person waving", "人"])
    done = ended(["run", "c.txt"], ASCII, cwd=tmp_path)
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last == (
        "posepipe: the locale of this process (ascii) has no file name for \\u4eba; set PYTHONUTF8=1 or LC_ALL=C.UTF-8"
    )
    assert not (tmp_path / "SinglePose").exists()


def test_too_little_memory_is_named(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", ["A person waving"])
    arguments = command("run", "c.txt", "--model", "fake_model:factory", "--gpus", "none", "--workers", "2")
    done = subprocess.run(
        arguments,
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=180,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (300 * 2**20, 300 * 2**20)),
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    line = done.stderr.splitlines()[-1]
    assert line.startswith("posepipe: ")
    assert "too little memory (" in line


def test_the_second_signal_ends_all_processes_quietly(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", [f"A person slowly {number}" for number in range(300)])
    process = start(tmp_path, "c.txt", "--formats", "npy")
    out = tmp_path / "SinglePose"
    wait_for(lambda: out.exists() and len(list(out.glob("[!.]*.npy"))) > 2)
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    told = next(line for line in iter(process.stdout.readline, "") if "SIGINT" in line)
    assert told == "SIGINT: finishing what is in flight; Ctrl-C again ends at once\n"
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert (process.returncode, output) == (130, "")
    wait_for(lambda: not any(_session(found) == process.pid for found in psutil.process_iter()), 30)
    again = run(tmp_path, "c.txt", "--formats", "npy", "--limit", "2")
    assert again.returncode == 0, again.stderr


def _session(process: psutil.Process) -> int:
    try:
        return -1 if process.status() == psutil.STATUS_ZOMBIE else os.getsid(process.pid)
    except (OSError, psutil.NoSuchProcess):
        return -1
