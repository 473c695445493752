"""The lease on an address: taken once, renewed, free when its holder is dead."""

from __future__ import annotations

import json
import logging
import os
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from upath import UPath

from posepipe.control import lease
from posepipe.control.lease import NAME, Lease
from posepipe.errors import LockedError, MachineError
from posepipe.storage.folders import RemoteFolder

DEAD = 2**22 + 1
"""No process has this id: Linux counts to 2**22."""


@pytest.fixture
def folder() -> Iterator[RemoteFolder]:
    place: Any = UPath(f"memory://{uuid.uuid4().hex}/poses")
    yield RemoteFolder(place)
    if place.parent.exists():
        place.fs.rm(place.parent.path, recursive=True)


def content(holder: str, pid: int, processes: str) -> bytes:
    return json.dumps({"holder": holder, "pid": pid, "processes": processes}).encode()


def test_a_lease_is_an_object_that_names_its_holder(folder: RemoteFolder) -> None:
    held = Lease(folder, "run one", os.getpid())
    found = json.loads(folder.read(NAME))
    assert (found["holder"], found["pid"]) == ("run one", os.getpid())
    with pytest.raises(LockedError, match=f"^{folder} is held by run one; .* free 5 minutes after its last sign"):
        Lease(folder, "run two", os.getpid())
    assert json.loads(folder.read(NAME)) == found
    assert not held.lost
    held.close()
    assert list(folder.names_below()) == []
    assert not held._thread.is_alive()


def test_a_lease_of_a_dead_process_of_this_machine_is_free(folder: RemoteFolder) -> None:
    folder.write(NAME, content("run one", DEAD, lease._process_space()))
    held = Lease(folder, "run two", os.getpid())
    assert json.loads(folder.read(NAME))["holder"] == "run two"
    held.close()


@pytest.mark.parametrize(("age", "free"), [(0.0, False), (300.0, False), (300.5, True)])
@pytest.mark.parametrize(
    "found",
    [
        content("run one", DEAD, "another machine"),
        b"no JSON",
        b"[]",
        b"[" * 200_000,
        json.dumps({"pid": 1e999, "processes": lease._process_space()}).encode(),
        b'{"holder": 5}',
    ],
    ids=["another machine", "no JSON", "a list", "deep", "infinite", "a number"],
)
def test_a_lease_of_another_machine_is_free_after_five_minutes(
    folder: RemoteFolder, monkeypatch: pytest.MonkeyPatch, found: bytes, age: float, free: bool
) -> None:
    folder.write(NAME, found)
    monkeypatch.setattr(folder, "modified", lambda name: 1e9 if name == NAME else 1e9 + age)
    if free:
        Lease(folder, "run two", os.getpid()).close()
        assert list(folder.names_below()) == []
    else:
        holder = "run one" if b"run one" in found else "another process"
        with pytest.raises(LockedError, match=f"is held by {holder}; "):
            Lease(folder, "run two", os.getpid())
        assert list(folder.names_below()) == [NAME]
        assert folder.read(NAME) == found


def test_the_clock_is_asked_with_an_object_of_its_own_that_is_deleted(
    folder: RemoteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write(NAME, b"no JSON")
    asked: list[str] = []

    def fails(name: str) -> float:
        asked.append(name)
        raise MachineError("no answer")

    monkeypatch.setattr(folder, "modified", fails)
    with pytest.raises(MachineError, match="no answer"):
        Lease(folder, "run two", os.getpid())
    assert asked[0].startswith(f"{NAME}-")
    assert list(folder.names_below()) == [NAME]


def test_a_lease_is_renewed_until_another_run_takes_it(
    folder: RemoteFolder, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Lease(folder, "run one", os.getpid())
    own = folder.read(NAME)
    written: list[bytes] = []
    write = folder.write

    def recorded(name: str, content: bytes, *, fsync: bool = False) -> None:
        written.append(content)
        write(name, content, fsync=fsync)

    monkeypatch.setattr(folder, "write", recorded)
    held.renew()
    assert (written, held.lost) == ([own], False)
    write(NAME, b"another")
    with caplog.at_level(logging.ERROR, "posepipe"):
        held.renew()
    assert (written, held.lost) == ([own], True)
    assert f"{folder}: another run has taken the lease; this run stops" in caplog.text
    held.close()
    assert folder.read(NAME) == b"another"


def test_a_deleted_lease_is_lost(folder: RemoteFolder) -> None:
    held = Lease(folder, "run one", os.getpid())
    folder.delete(NAME)
    held.renew()
    assert held.lost
    held.close()


def test_an_unreachable_server_is_tried_again_and_a_lost_lease_is_left_alone(
    folder: RemoteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.001)
    enough = threading.Event()
    tries: list[int] = []

    class Unreachable(Lease):
        def renew(self) -> None:
            tries.append(1)
            if len(tries) == 3:
                self.lost = True
                enough.set()
            raise MachineError("no answer")

    held = Unreachable(folder, "run one", os.getpid())
    assert enough.wait(30)
    held._thread.join(30)
    assert not held._thread.is_alive()
    assert len(tries) == 3
    held.close()


def test_a_lease_survives_four_failed_renewals() -> None:
    assert lease.STALE_SECONDS >= 5 * lease.RENEW_SECONDS


def test_renewing_ends_with_the_lease(folder: RemoteFolder) -> None:
    held = Lease(folder, "run one", os.getpid())
    assert held._thread.daemon
    assert held._thread.is_alive()
    held.close()
    held.close()


def test_closing_does_not_need_the_server(folder: RemoteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Lease(folder, "run one", os.getpid())

    def fails(name: str) -> bytes:
        raise MachineError("no answer")

    monkeypatch.setattr(folder, "read", fails)
    held.close()


def test_an_attempt_whose_answer_was_lost_counts(folder: RemoteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    create = folder.create

    def answer_lost(name: str, content: bytes) -> None:
        create(name, content)
        raise MachineError("connection reset")

    monkeypatch.setattr(folder, "create", answer_lost)
    held = Lease(folder, "run one", os.getpid())
    assert json.loads(folder.read(NAME))["holder"] == "run one"
    held.close()


def test_of_two_runs_that_start_together_one_gets_the_lease(
    folder: RemoteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = folder.create

    def second(name: str, own: bytes) -> None:
        folder.write(name, content("run one", 1, "another machine"))
        create(name, own)

    monkeypatch.setattr(folder, "create", second)
    with pytest.raises(LockedError, match="is held by run one"):
        Lease(folder, "run two", os.getpid())


def test_an_object_that_cannot_be_created_is_the_error_of_the_server(
    folder: RemoteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(name: str, content: bytes) -> None:
        raise MachineError("AccessDenied")

    monkeypatch.setattr(folder, "create", fails)
    with pytest.raises(MachineError, match="AccessDenied"):
        Lease(folder, "run one", os.getpid())

    def missing(name: str, content: bytes) -> None:
        raise FileNotFoundError("no such bucket")

    monkeypatch.setattr(folder, "create", missing)
    with pytest.raises(MachineError, match=f"^{folder}: not there; make the bucket first"):
        Lease(folder, "run one", os.getpid())


def test_a_process_id_is_unique_within_boot_and_container(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lease._process_space() == lease._process_space()

    def unknown(path: Path) -> str:
        raise OSError("no /proc")

    monkeypatch.setattr(Path, "read_text", unknown)
    assert lease._process_space() != lease._process_space()


def test_a_holder_with_control_characters_is_shown_as_one_short_line(folder: RemoteFolder) -> None:
    folder.write(NAME, content("run \x1b[2J\nforged" + "x" * 10_000, os.getpid(), lease._process_space()))
    with pytest.raises(LockedError) as raised:
        Lease(folder, "run two", os.getpid())
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 1000
