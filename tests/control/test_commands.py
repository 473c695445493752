"""Reaching a run from outside: lock, state, pause, resume, stop, signals; by hand and on a real run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from runs import artifacts, command, environment, run, start, wait_for, write_captions

from posepipe.control.commands import pause, resume, stop
from posepipe.control.lock import RunControl, is_held
from posepipe.control.requests import ask
from posepipe.control.state import ENDED, PAUSED, REQUEST_NAME, RUNNING, STATE_NAME, RunState, new_state, read_state
from posepipe.errors import LockedError, MachineError, RefusedError


def fresh_state(out: Path) -> RunState:
    state = new_state(
        "r1", final_dir=str(out), manifest=str(out.parent / "m"), temp_dir="t", log_dir="l", model="small"
    )
    return replace(state, total=10, made=4, failed=1)


class Driver:
    """The part of a driver that obeys, without a cluster; ``stop`` ends it."""

    def __init__(self, out: Path) -> None:
        self.control = RunControl(out, fresh_state(out))
        self.control.update()
        self.heard: list[str] = []
        self.thread = threading.Thread(target=self.obey, daemon=True)
        self.thread.start()

    def obey(self) -> None:
        answers = {"pause": PAUSED, "pause release": PAUSED, "resume": RUNNING}
        while True:
            request = self.control.request()
            if request is not None:
                self.heard.append(request)
                if request not in answers:
                    break
                self.control.update(state=answers[request])
            time.sleep(0.01)
        if request == "stop":
            self.control.update(state=ENDED, made=6)
        elif request == "break":
            self.control.record_error(MachineError("no space"))
        self.control.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def driver(out: Path) -> Iterator[Driver]:
    made = Driver(out)
    yield made
    if made.thread.is_alive():
        (out / REQUEST_NAME).write_text("die")
        made.thread.join(10)


def test_the_commands_say_what_happened(driver: Driver, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pause([str(out)]) == 0
    assert capsys.readouterr().out == "paused: 4 of 10 made, 1 failed, 5 left; posepipe resume goes on\n"
    assert pause([str(out), "--release"]) == 0
    assert "memory is given back: 4 of 10" in capsys.readouterr().out
    assert resume([str(out)]) == 0
    assert capsys.readouterr().out == "resumed: 4 of 10 made, 1 failed, 5 left\n"
    assert resume([str(out), "--manifest", str(out.parent / "m")]) == 0
    assert capsys.readouterr().out == "it was not paused (running)\n"
    assert stop([str(out)]) == 0
    assert capsys.readouterr().out == "stopped: 6 of 10 made, 1 failed, 3 left; the same run command goes on\n"
    assert driver.heard == ["pause", "pause release", "resume", "resume", "stop"]


@pytest.mark.parametrize("command", [pause, resume, stop])
def test_without_a_run_the_commands_refuse(
    command: Any, tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command([str(tmp_path / "nowhere")]) == 2
    assert "not the output of a run" in capsys.readouterr().err
    ended = RunControl(out, fresh_state(out))
    ended.update(state=ENDED)
    ended.close()
    assert command([str(out)]) == 4
    assert "no run is in progress" in capsys.readouterr().err
    assert not (out / REQUEST_NAME).exists()


def test_the_manifest_of_another_run_is_refused(
    driver: Driver, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stop([str(out), "--manifest", str(tmp_path / "other")]) == 2
    assert str(tmp_path / "m") in capsys.readouterr().err
    assert driver.heard == []


@pytest.mark.parametrize(("request_text", "words"), [("break", "MachineError: no space"), ("die", "died")])
def test_a_run_that_breaks_does_not_leave_the_asker_waiting(
    driver: Driver, out: Path, request_text: str, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        ask(out, request_text, ())


def test_the_end_before_the_pause_is_told(driver: Driver, out: Path) -> None:
    state = ask(out, "stop", (PAUSED,))
    assert (state.state, state.left) == (ENDED, 3)


def test_a_run_that_does_not_answer(out: Path) -> None:
    deaf = RunControl(out, fresh_state(out))
    deaf.update()
    with pytest.raises(RefusedError, match="did not answer 'pause'"):
        ask(out, "pause", (PAUSED,), timeout=0.3)
    deaf.close()
    assert not (out / REQUEST_NAME).exists()


def test_a_look_does_not_keep_a_run_from_beginning(out: Path) -> None:
    RunControl(out, fresh_state(out)).close()
    assert not is_held(out)
    looking = threading.Event()

    def look() -> None:
        while not looking.is_set():
            is_held(out)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        for _ in range(5):
            held = RunControl(out, fresh_state(out))
            assert is_held(out)
            with pytest.raises(LockedError, match="run r1"):
                RunControl(out, fresh_state(out))
            held.close()
    finally:
        looking.set()
        thread.join()


def test_a_state_that_cannot_be_written_is_the_machines_fault(out: Path) -> None:
    held = RunControl(out, fresh_state(out))
    (out / f"{STATE_NAME}.tmp").mkdir()
    with pytest.raises(MachineError, match=r"\.posepipe\.json"):
        held.update(state=PAUSED)
    held.close()


def test_a_run_whose_terminal_is_closed_ends_as_by_any_signal(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", [f"A person briefly {i}" for i in range(150)])
    main_end, far_end = os.openpty()
    process = subprocess.Popen(
        command(
            "run", "c.txt", "--formats", "npy", "--model", "fake_model:factory", "--workers", "1", "--gpus", "none"
        ),
        cwd=tmp_path,
        env=environment(),
        stdin=far_end,
        stdout=far_end,
        stderr=far_end,
        start_new_session=True,
    )
    os.close(far_end)
    try:
        wait_for(lambda: bool(list((tmp_path / "manifests" / "SinglePose").glob("*.parquet"))))
        os.close(main_end)  # from here on whatever it prints is an error
        process.send_signal(signal.SIGHUP)
        assert process.wait(timeout=60) == 129
    finally:
        process.kill()
    state = read_state(tmp_path / "SinglePose")
    assert (state.state, state.error) == (ENDED, "")
    assert state.left > 0


def posepipe(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), cwd=folder, env=environment(), capture_output=True, text=True)


def test_a_real_run_pauses_is_watched_goes_on_and_stops(tmp_path: Path) -> None:
    texts = [f"A person briefly {i}" for i in range(400)]
    write_captions(tmp_path / "c.txt", texts)
    out = tmp_path / "SinglePose"
    process = start(tmp_path, "c.txt", "--formats", "npy,json")

    def some_rows() -> bool:
        return bool(list((tmp_path / "manifests" / "SinglePose").glob("*.parquet")))

    wait_for(some_rows)
    paused = posepipe(tmp_path, "pause", "--release")
    assert (paused.returncode, paused.stderr) == (0, "")
    state = read_state(out)
    assert state.state == PAUSED
    assert 0 < state.made < 400
    before = artifacts(out)
    assert len(before) == 2 * state.made
    seen = json.loads(posepipe(tmp_path, "watch", "--json").stdout)
    assert (seen["state"], seen["source"], seen["total"]) == ("paused", "scheduler", 400)
    assert (seen["made"], seen["failed"], seen["left"]) == (state.made, 0, 400 - state.made)
    assert [worker["name"] for worker in seen["workers"]] == ["cpu0", "cpu1"]
    assert {worker["state"] for worker in seen["workers"]} == {"idle"}
    assert sum(worker["written"] for worker in seen["workers"]) == state.made
    os.kill(process.pid, signal.SIGSTOP)  # a driver that is held like this is none the worse for it
    time.sleep(1)
    os.kill(process.pid, signal.SIGCONT)
    assert artifacts(out) == before
    assert posepipe(tmp_path, "resume").returncode == 0
    wait_for(lambda: len(artifacts(out)) > len(before))
    stopped = posepipe(tmp_path, "stop")
    output, _ = process.communicate(timeout=60)
    assert (stopped.returncode, process.returncode) == (0, 0), output
    left = read_state(out).left
    assert f"{left} left" in stopped.stdout
    assert len(artifacts(out)) == 2 * (400 - left)
    assert run(tmp_path, "c.txt", "--formats", "npy,json").returncode == 0
    assert len(artifacts(out)) == 800
    assert before.items() <= artifacts(out).items()
    after = json.loads(posepipe(tmp_path, "watch", "--json").stdout)
    assert (after["state"], after["source"], after["done"], after["left"]) == ("done", "manifest", 400, 0)
