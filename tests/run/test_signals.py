"""Signals: noted, heeded during waits, and left alone where the process was started with them ignored."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from runs import command, environment, wait_for, write_captions

import posepipe
from posepipe.run.signals import Interrupted, Signals

OPTIONS = ("--model", "fake_model:factory", "--workers", "1", "--gpus", "none", "--dashboard-address", "127.0.0.1:0")


@pytest.mark.parametrize("number", Signals.NUMBERS)
def test_the_first_signal_is_noted_and_the_second_ends_the_process(number: int) -> None:
    with Signals() as signals:
        signals.check()
        os.kill(os.getpid(), number)
        assert signals.received == number
        assert signals.name == signal.Signals(number).name
        with pytest.raises(Interrupted, match=signals.name):
            signals.check()
    code = "import os\nfrom posepipe.run.signals import Signals\nwith Signals():\n"
    code += f"    os.kill(os.getpid(), {int(number)}); print('noted', flush=True); os.kill(os.getpid(), {int(number)})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (128 + number, "noted\n")


@pytest.mark.parametrize("number", Signals.NUMBERS)
def test_a_signal_that_is_ignored_stays_ignored(number: int) -> None:
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with Signals() as signals:
            os.kill(os.getpid(), number)
            assert signals.received == 0
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)


def test_handlers_are_given_back() -> None:
    before = [signal.getsignal(number) for number in Signals.NUMBERS]
    with Signals():
        assert [signal.getsignal(number) for number in Signals.NUMBERS] != before
    assert [signal.getsignal(number) for number in Signals.NUMBERS] == before


def test_a_wait_ends_with_its_call_its_limit_or_a_signal() -> None:
    never = threading.Event()
    with Signals() as signals:
        assert signals.wait_for(lambda: 3, 60) == 3
        with pytest.raises(ZeroDivisionError):
            signals.wait_for(lambda: 1 // 0, 60)
        with pytest.raises(TimeoutError, match=r"no answer within 0\.2 s"):
            signals.wait_for(never.wait, 0.2)
        timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM))
        timer.start()
        with pytest.raises(Interrupted, match="SIGTERM"):
            signals.wait_for(never.wait, 3600)
        timer.join()
        called: list[int] = []
        with pytest.raises(Interrupted):  # at once from now on
            signals.wait_for(lambda: called.append(1), 3600)
        with pytest.raises(Interrupted):
            signals.sleep(3600)
        assert called == []


def test_a_timeout_of_the_call_itself_is_passed_on() -> None:
    def fail() -> None:
        time.sleep(0.3)
        raise TimeoutError("of the call")

    with pytest.raises(TimeoutError, match="of the call"):
        Signals().wait_for(fail, 60)


@pytest.mark.needs("nohup", "sh")
@pytest.mark.parametrize(
    ("shell", "number"),
    [('exec nohup "$@" >output 2>&1', signal.SIGHUP), ('"$@" >output 2>&1 & echo $! >pid; wait', signal.SIGINT)],
    ids=["nohup", "background"],
)
def test_a_run_that_was_started_to_outlive_the_terminal(tmp_path: Path, shell: str, number: int) -> None:
    """``nohup`` ignores SIGHUP, and a shell without job control ignores SIGINT for what ends with ``&``."""
    write_captions(tmp_path / "c.txt", [f"A person briefly {i}" for i in range(60)])
    arguments = command("run", "c.txt", "--formats", "npy", *OPTIONS)
    process = subprocess.Popen(["sh", "-c", shell, "sh", *arguments], cwd=tmp_path, env=environment())
    rows = tmp_path / "manifests" / "SinglePose"
    try:
        wait_for(lambda: rows.exists() or process.poll() is not None)
        pid = int((tmp_path / "pid").read_text()) if (tmp_path / "pid").exists() else process.pid
        for _ in range(3):
            os.kill(pid, number)
        assert process.wait(timeout=120) == 0
    finally:
        process.kill()
    output = (tmp_path / "output").read_text()
    assert "60 made" in output
    assert len(posepipe.read_manifest(rows)) == 60


def test_one_sigterm_while_the_workers_start(tmp_path: Path) -> None:
    """It ends at once, with the signal's exit code, and leaves no process behind."""
    write_captions(tmp_path / "c.txt", ["A person waving"])
    process = subprocess.Popen(
        command("run", "c.txt", *OPTIONS),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    leader = psutil.Process(process.pid)
    wait_for(lambda: any("spawn_main" in " ".join(child.cmdline()) for child in leader.children()))
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 143, output
    assert "Traceback" not in output
    wait_for(lambda: not any(_session(found) == process.pid for found in psutil.process_iter()), 30)


def _session(process: psutil.Process) -> int:
    try:
        return -1 if process.status() == psutil.STATUS_ZOMBIE else os.getsid(process.pid)
    except (OSError, psutil.NoSuchProcess):
        return -1


def test_a_request_to_stop_ends_a_wait() -> None:
    signals = Signals()
    asked = threading.Event()
    signals.asked_to_stop = asked.is_set
    signals.check()
    assert signals.wait_for(lambda: 5, 10) == 5
    with pytest.raises(Interrupted, match="stop"):
        signals.wait_for(lambda: asked.set() or threading.Event().wait(60), 30)
    with pytest.raises(Interrupted, match="stop"):
        signals.sleep(30)
    assert signals.received == 0
