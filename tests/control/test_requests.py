"""Requests to a run, and the wait for its answer."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from fake_driver import Driver, fresh_state

from posepipe.control.lock import RunControl
from posepipe.control.requests import ask
from posepipe.control.state import ENDED, PAUSED, REQUEST_NAME, RUNNING
from posepipe.errors import ConfigError, RefusedError


@pytest.mark.parametrize(("request_text", "words"), [("break", "MachineError: no space"), ("die", "died")])
def test_a_run_that_breaks_does_not_leave_the_asker_waiting(
    driver: Driver, out: Path, request_text: str, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        ask(out, request_text, ())


def test_a_run_that_ends_before_it_pauses(driver: Driver, out: Path) -> None:
    state = ask(out, "stop", (PAUSED,))
    assert (state.state, state.left) == (ENDED, 3)


def test_a_run_that_does_not_answer(out: Path) -> None:
    deaf = RunControl(out, fresh_state(out))
    deaf.update()
    with pytest.raises(RefusedError, match="did not answer 'pause'"):
        ask(out, "pause", (PAUSED,), timeout=0.3)
    deaf.close()
    assert not (out / REQUEST_NAME).exists()


def test_without_a_run_nothing_is_asked(out: Path) -> None:
    with pytest.raises(ConfigError, match="not the output of a run"):
        ask(out, "pause", (PAUSED,))
    ended = RunControl(out, fresh_state(out))
    ended.update(state=ENDED)
    ended.close()
    with pytest.raises(RefusedError, match=r"no run is in progress on .*out \(the last one, r1, is ended\)"):
        ask(out, "pause", (PAUSED,))
    assert not (out / REQUEST_NAME).exists()


def test_an_old_state_is_no_answer_before_the_request_is_taken(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = RunControl(out, fresh_state(out))
    held.update(state=RUNNING)
    taken: list[str | None] = []

    def meanwhile(_: float) -> None:
        taken.append((out / REQUEST_NAME).read_text() if not taken else held.request())
        held.update(made=6)

    monkeypatch.setattr(time, "sleep", meanwhile)
    state = ask(out, "resume", (RUNNING,))
    assert taken == ["resume", "resume"]
    assert state == replace(held.state, made=6)
    held.close()


def test_the_wait_has_an_end(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = RunControl(out, fresh_state(out))
    held.update(state=RUNNING)
    clock = [50.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: clock.append(clock.pop() + 1000 * seconds))
    with pytest.raises(RefusedError, match="did not answer 'pause' within 3600 s; it is running"):
        ask(out, "pause", (PAUSED,))
    assert clock == [pytest.approx(50 + 3600)]
    held.close()
