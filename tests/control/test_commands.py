"""The commands pause, resume and stop: what they say, and when they refuse."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_driver import Driver, fresh_state

from posepipe.control import commands
from posepipe.control.commands import pause, resume, stop
from posepipe.control.lock import LOCK_NAME, RunControl
from posepipe.control.state import ENDED, PAUSED, PAUSING, RUNNING, STATE_NAME, STOPPING


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
    assert driver.heard == ["pause", "pause-release", "resume", "resume", "stop"]


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
    assert sorted(path.name for path in out.iterdir()) == [STATE_NAME, LOCK_NAME]


def test_the_manifest_of_another_run_is_refused(
    driver: Driver, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stop([str(out), "--manifest", str(tmp_path / "other")]) == 2
    assert str(tmp_path / "m") in capsys.readouterr().err
    assert driver.heard == []


COUNTS = "4 of 10 made, 1 failed, 5 left"
DONE = "9 of 10 made, 1 failed, 0 left"


@pytest.mark.parametrize(
    ("command", "before", "after", "message"),
    [
        ([pause], RUNNING, PAUSED, f"paused: {COUNTS}; posepipe resume goes on"),
        (
            [pause, "--release"],
            RUNNING,
            PAUSED,
            f"paused, the models' memory is given back: {COUNTS}; posepipe resume goes on",
        ),
        ([pause], RUNNING, ENDED, f"not paused, the run ended first: {COUNTS}"),
        ([pause], RUNNING, STOPPING, f"not paused, the run is being stopped: {COUNTS}"),
        ([pause], RUNNING, RUNNING, f"not paused, it was resumed at once: {COUNTS}"),
        ([resume], PAUSED, ENDED, f"not resumed, the run ended first: {COUNTS}"),
        ([resume], PAUSED, PAUSED, f"not resumed, it was paused again: {COUNTS}"),
        ([resume], PAUSED, RUNNING, f"resumed: {COUNTS}"),
        ([resume], PAUSING, RUNNING, f"resumed: {COUNTS}"),
        ([resume], STOPPING, RUNNING, "it was not paused (stopping)"),
        ([stop], RUNNING, ENDED, f"stopped: {COUNTS}; the same run command goes on"),
    ],
)
def test_each_answer_has_its_line(
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[Any],
    before: str,
    after: str,
    message: str,
) -> None:
    asked: list[tuple[Any, ...]] = []
    state = fresh_state(out)
    monkeypatch.setattr(commands, "read_state", lambda _: replace(state, state=before))
    monkeypatch.setattr(commands, "ask", lambda *given, say: asked.append(given) or replace(state, state=after))
    called, *options = command
    assert called([str(out), *options]) == 0
    assert capsys.readouterr().out == message + "\n"
    request = {pause: "pause-release" if options else "pause", resume: "resume", stop: "stop"}[called]
    assert asked == [(str(out), request)]


def test_a_run_that_was_complete_need_not_go_on(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    state = replace(fresh_state(out), made=9, state=ENDED)
    monkeypatch.setattr(commands, "read_state", lambda _: state)
    monkeypatch.setattr(commands, "ask", lambda *_, say: state)
    assert stop([str(out)]) == 0
    assert capsys.readouterr().out == f"stopped: {DONE}\n"


@pytest.mark.parametrize("command", [pause, resume, stop])
def test_each_command_compares_the_manifest(
    command: Any, driver: Driver, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command([str(out), "--manifest", str(tmp_path / "other")]) == 2
    assert f"the run on {out} writes to {tmp_path / 'm'}" in capsys.readouterr().err
    assert driver.heard == []


def test_a_run_that_has_not_written_its_state_yet_is_asked_all_the_same(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    starting = RunControl(out, fresh_state(out))

    def begin(_: float) -> None:
        assert starting.requests() == ["resume"]
        starting.update()
        starting.answer("resume")

    monkeypatch.setattr(time, "sleep", begin)
    assert resume([str(out)]) == 0
    assert capsys.readouterr().out == "it was not paused (starting)\n"
    starting.close()
