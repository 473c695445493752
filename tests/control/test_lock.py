"""The lock on an output folder: one run at a time, its state file, its requests."""

from __future__ import annotations

import fcntl
import json
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from fake_driver import fresh_state
from upath import UPath

from posepipe.control import inbox
from posepipe.control.inbox import STOP
from posepipe.control.lock import LOCK_NAME, RunControl, is_held, run_in_progress
from posepipe.control.state import ENDED, PAUSED, RUNNING, STATE_NAME, read_state
from posepipe.errors import LockedError, MachineError, RefusedError
from posepipe.storage import locations


def test_is_held_does_not_keep_a_run_from_starting(out: Path) -> None:
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


def test_a_state_that_cannot_be_written_is_a_machine_error(out: Path) -> None:
    held = RunControl(out, fresh_state(out))
    (out / f"{STATE_NAME}.tmp").mkdir()
    with pytest.raises(MachineError, match=r"\.posepipe\.json"):
        held.update(state=PAUSED)
    held.close()


def test_the_lock_names_its_holder(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = fresh_state(out)
    held = RunControl(out, replace(state, run_id="a longer id than that of the next run"))
    held.close()
    held = RunControl(out, state)
    holder = f"run r1 (host {state.host}, pid {state.pid}, since {state.started_at})"
    assert (out / LOCK_NAME).read_text() == holder
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    with pytest.raises(LockedError) as raised:
        RunControl(out, state)
    assert str(raised.value) == f"{out} is held by {holder}; wait for it, or posepipe stop {out}"
    assert pauses == [0.02] * 10
    held.close()
    (out / LOCK_NAME).write_text("")
    with (out / LOCK_NAME).open() as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        with pytest.raises(LockedError, match="is held by another process"):
            RunControl(out, state)


def test_a_lock_that_becomes_free_meanwhile_is_taken(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = RunControl(out, fresh_state(out))
    monkeypatch.setattr(time, "sleep", lambda _: first.close())
    RunControl(out, fresh_state(out)).close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    out = tmp_path / "file" / "out"
    with pytest.raises(MachineError, match=f"^{out}: cannot be written"):
        RunControl(out, fresh_state(out))


def test_a_free_folder_is_not_held(out: Path) -> None:
    assert not is_held(out)
    held = RunControl(out / "a" / "b", fresh_state(out))
    assert is_held(out / "a" / "b")
    held.close()
    assert not is_held(out / "a" / "b")
    assert (out / "a" / "b" / LOCK_NAME).exists()


def test_a_lock_that_cannot_be_opened_counts_as_held(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out.mkdir()
    (out / LOCK_NAME).touch()

    def denied(*_: object) -> int:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", denied)
        assert is_held(out)
    assert not is_held(out)


def other_kinds(path: Path, victim: Path) -> dict[str, Callable[[], object]]:
    return {
        "a symbolic link": lambda: path.symlink_to(victim),
        "a folder": path.mkdir,
        "a named pipe": lambda: os.mkfifo(path),
    }


@pytest.mark.parametrize("kind", ["a symbolic link", "a folder", "a named pipe"])
def test_a_lock_that_is_not_a_file_is_refused_and_its_target_stays(out: Path, tmp_path: Path, kind: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    out.mkdir()
    other_kinds(out / LOCK_NAME, victim)[kind]()
    message = f"^{out / LOCK_NAME} is {kind}, where posepipe keeps a file of its own; remove it$"
    with pytest.raises(RefusedError, match=message):
        RunControl(out, fresh_state(out))
    with pytest.raises(RefusedError, match=message):
        is_held(out)
    assert victim.read_text() == "precious"


def test_links_under_the_names_that_are_written_aside_lead_nowhere(out: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    out.mkdir()
    (out / f"{STATE_NAME}.tmp").symlink_to(victim)
    (out / STATE_NAME).symlink_to(victim)
    held = RunControl(out, fresh_state(out))
    held.update()
    held.close()
    assert read_state(out).run_id == "r1"
    assert victim.read_text() == "precious"


def test_a_lock_with_other_text_names_no_run_and_is_shown_as_one_line(out: Path) -> None:
    held = RunControl(out, fresh_state(out))
    assert run_in_progress(out) == "r1"
    (out / LOCK_NAME).write_text("run ../../r2 (\x1b[2J\nforged" + "x" * 10_000)
    assert run_in_progress(out) is None
    with pytest.raises(LockedError) as raised:
        RunControl(out, fresh_state(out))
    assert str(raised.value).startswith(f"{out} is held by run ../../r2 (")
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 800
    held.close()


def test_requests_are_those_to_this_run(out: Path) -> None:
    before = RunControl(out, replace(fresh_state(out), run_id="r0"))
    before.update()
    inbox.post(out, "r0", STOP)
    before._lock.close()  # as if it were killed
    held = RunControl(out, fresh_state(out))
    assert not inbox.folder_of(out, "r0").exists()
    assert held.requests() == []
    assert inbox.post(out, "r0", STOP) is None
    assert not held.asked_to_stop()
    inbox.post(out, "r1", STOP)
    assert held.asked_to_stop()
    assert held.requests() == [STOP]
    held.close()
    assert not inbox.folder_of(out, "r1").exists()


@pytest.mark.parametrize(("was_there", "filled"), [(False, False), (False, True), (True, False)])
def test_discarding_removes_only_what_was_made(out: Path, was_there: bool, filled: bool) -> None:
    if was_there:
        out.mkdir()
    held = RunControl(out, fresh_state(out))
    if filled:
        (out / "mine").touch()
    held.close(discard=True)
    found = sorted(path.name for path in out.iterdir()) if out.exists() else None
    assert found == ([LOCK_NAME] if was_there else ["mine"] if filled else None)
    assert not is_held(out)


def test_what_was_made_stays_without_discard(out: Path) -> None:
    RunControl(out, fresh_state(out)).close()
    assert (out / LOCK_NAME).exists()


def test_the_temp_dir_is_locked_too(out: Path, tmp_path: Path) -> None:
    temp = tmp_path / "temp"
    temp.mkdir()
    first, second = RunControl(out, fresh_state(out)), RunControl(tmp_path / "other", fresh_state(out))
    first.hold(temp)
    with pytest.raises(LockedError, match=f"^{temp} is in use by another run; give --temp-dir"):
        second.hold(temp)
    second.close()
    first.close()
    third = RunControl(out, fresh_state(out))
    third.hold(temp)
    third.close()
    assert list(temp.iterdir()) == []


def test_a_folder_that_cannot_be_locked_is_used_without(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = RunControl(out, fresh_state(out))

    def refuse(*_: object) -> None:
        raise OSError("not supported")

    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "flock", refuse)
        held.hold(tmp_path)
    held.close()


def test_the_state_file_is_read_back(out: Path) -> None:
    held = RunControl(out, fresh_state(out))
    assert not (out / STATE_NAME).exists()
    held.update(state=PAUSED, made=5)
    assert (held.state.state, held.state.made, held.state.total) == (PAUSED, 5, 10)
    assert read_state(out) == held.state
    text = (out / STATE_NAME).read_text()
    places = {"final_dir": ".", "manifest": "../m", "out": str(out)}
    fields = asdict(held.state)
    assert fields.pop("moved") is None
    assert json.loads(text) == fields | places
    assert text.startswith('{\n "run_id": "r1",\n')
    assert text.endswith("}\n")
    held.close()


def test_an_error_is_recorded_only_after_the_run_has_started(out: Path) -> None:
    held = RunControl(out, fresh_state(out))
    held.record_error(ValueError("early"))
    assert not (out / STATE_NAME).exists()
    held.update(state=RUNNING)
    held.record_error(ValueError("late"))
    assert (read_state(out).state, read_state(out).error) == (ENDED, "ValueError: late")
    (out / f"{STATE_NAME}.tmp").mkdir()
    held.record_error(ValueError("not written"))
    assert read_state(out).error == "ValueError: late"
    held.close()


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An address in memory, which stands for an object store."""
    monkeypatch.setitem(locations._OPTIONS, "memory", {})
    place = UPath(f"memory://{uuid.uuid4().hex}/poses")
    yield str(place)
    if place.parent.exists():
        place.fs.rm(place.parent.path, recursive=True)


def test_an_address_is_leased_to_one_run(tmp_path: Path, address: str) -> None:
    state = replace(fresh_state(tmp_path / "a"), final_dir=address)
    first = RunControl(tmp_path / "a", state)
    with pytest.raises(LockedError, match=rf"^{address} is held by run r1 \(host "):
        RunControl(tmp_path / "b", state)
    assert not (tmp_path / "b").exists()
    first.close()
    second = RunControl(tmp_path / "b", state)
    assert second.requests() == []
    locations.open_folder(address).write(".posepipe.lease", b"another")
    assert second._lease is not None
    second._lease.renew()
    assert second.requests() == ["stop"]
    second.close()
    assert not is_held(tmp_path / "b")
