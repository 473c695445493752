"""Requests to a run, and the wait for its answer."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from fake_driver import Driver, fresh_state

from posepipe.control import inbox, requests
from posepipe.control.inbox import PAUSE, RESUME, STOP
from posepipe.control.lock import LOCK_NAME, RunControl
from posepipe.control.requests import ask
from posepipe.control.state import ENDED, RUNNING, STATE_NAME
from posepipe.errors import ConfigError, RefusedError


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.rglob("*"))


@pytest.mark.parametrize(("ending", "words"), [("broken", "ended by MachineError: no space"), ("dead", "died before")])
def test_a_run_that_breaks_does_not_leave_the_asker_waiting(driver: Driver, out: Path, ending: str, words: str) -> None:
    driver.ending = ending
    with pytest.raises(RefusedError, match=words):
        ask(out, STOP)


def test_a_run_that_ends_before_it_pauses(driver: Driver, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(*_: object) -> Path:
        path = inbox.folder_of(out, "r1") / f"{STOP}.{0:032x}"
        path.touch()
        return path

    monkeypatch.setattr(inbox, "post", leave)
    state = ask(out, PAUSE)
    assert (state.state, state.left) == (ENDED, 3)


def test_a_request_without_an_answer_is_withdrawn(out: Path) -> None:
    deaf = RunControl(out, fresh_state(out))
    deaf.update()
    with pytest.raises(RefusedError, match=r"did not pause within 0 s; the request is withdrawn"):
        ask(out, PAUSE, timeout=0.3)
    assert names(out) == sorted([STATE_NAME, LOCK_NAME, inbox.folder_of(out, "r1").name])
    assert deaf.requests() == []
    deaf.close()
    assert names(out) == [STATE_NAME, LOCK_NAME]


def test_without_a_run_nothing_is_asked(out: Path) -> None:
    with pytest.raises(ConfigError, match="not the output of a run"):
        ask(out, PAUSE)
    ended = RunControl(out, fresh_state(out))
    ended.update(state=ENDED)
    ended.close()
    with pytest.raises(RefusedError, match=r"no run is in progress on .*out \(the last one, r1, is ended\)"):
        ask(out, PAUSE)
    assert names(out) == [STATE_NAME, LOCK_NAME]


def test_only_the_run_itself_answers(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state that was right before is no answer; the request is one once the run says so."""
    held = RunControl(out, fresh_state(out))
    held.update(state=RUNNING)
    steps = []

    def meanwhile(_: float) -> None:
        steps.append(held.requests())
        if len(steps) == 3:
            held.update(made=6)
            held.answer(RESUME)

    monkeypatch.setattr(time, "sleep", meanwhile)
    state = ask(out, RESUME)
    assert steps == [[RESUME], [], []]
    assert state == replace(held.state, made=6)
    held.close()


def test_a_run_that_starts_is_asked_once_it_says_who_it_is(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between taking the lock and writing its name there, a run stands behind the name of the one before."""
    before = RunControl(out, replace(fresh_state(out), run_id="r0"))
    before.update(state=ENDED)
    before.close()
    held = RunControl(out, fresh_state(out))
    own = (out / LOCK_NAME).read_text()
    (out / LOCK_NAME).write_text(own.replace("r1", "r0"))
    steps = []

    def meanwhile(_: float) -> None:
        steps.append(held.requests())
        if len(steps) == 1:
            (out / LOCK_NAME).write_text(own)
        else:
            held.update()
            held.answer(PAUSE)

    monkeypatch.setattr(time, "sleep", meanwhile)
    assert ask(out, PAUSE).run_id == "r1"
    assert steps == [[], [PAUSE]]
    held.close()


def test_a_run_that_leaves_no_state_has_ended(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = RunControl(out, replace(fresh_state(out), run_id="r0"))
    before.update(state=ENDED)
    before.close()
    held = RunControl(out, fresh_state(out))
    monkeypatch.setattr(time, "sleep", lambda _: held.close() if held.requests() else None)
    with pytest.raises(RefusedError, match="ended before it made anything"):
        ask(out, STOP)


def test_the_wait_has_an_end_that_is_said(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = RunControl(out, fresh_state(out))
    held.update(state=RUNNING)
    clock = [50.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: clock.append(clock.pop() + 1000 * seconds))
    said: list[str] = []
    with pytest.raises(RefusedError, match="did not pause within 3600 s"):
        ask(out, PAUSE, say=said.append)
    assert clock == [pytest.approx(50 + 3600)]
    assert said == [
        "waiting for the run to finish what is in flight, at most 60 minutes; after Ctrl-C here it will still pause"
    ]
    held.close()


def test_none_of_many_requests_at_once_is_lost(driver: Driver, out: Path) -> None:
    states = []

    def one(request: str) -> None:
        states.append(ask(out, request, timeout=60).state)

    threads = [threading.Thread(target=one, args=(request,)) for request in [PAUSE, RESUME] * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(states) == 16
    assert sorted(driver.heard) == [PAUSE] * 8 + [RESUME] * 8


def test_the_run_of_another_user_is_not_asked(driver: Driver, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(requests.inbox, "post", denied)
    with pytest.raises(RefusedError, match="belongs to another user; only that user and root may stop it"):
        ask(out, STOP)
    assert list(inbox.folder_of(out, "r1").iterdir()) == []
