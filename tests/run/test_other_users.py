"""What another user of the machine can do to a run: nothing. Needs root, to become another user."""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest
from distributed import Client, Security
from distributed.comm import connect
from runs import artifacts, run, start, wait_for, write_captions

from posepipe.control import commands
from posepipe.control.inbox import STOP, folder_of
from posepipe.control.scheduler_file import NAME
from posepipe.control.state import ENDED, read_state
from posepipe.run.certificates import new_certificate, security

NOBODY = 65534
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def as_nobody(work: Callable[..., list[str]], *arguments: object) -> list[str]:
    """What a function returns in a process of another user."""
    fork = multiprocessing.get_context("fork")  # what is imported need not be readable by that user
    ours, theirs = fork.Pipe()

    def child() -> None:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        theirs.send(work(*arguments))

    process = fork.Process(target=child)
    process.start()
    assert ours.poll(120)
    answer: list[str] = ours.recv()
    process.join(60)
    assert process.exitcode == 0
    return answer


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody can enter and read, unlike that of pytest."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def run_code(address: str, tls: Security) -> int:
    """The user id of a scheduler, by code that it runs.

    Raises
    ------
    Exception
        Whoever listens there does not do that.
    """

    async def attempt() -> None:
        """Only the connection: a client that cannot connect takes 20 s to close."""
        connecting = connect(address, timeout=1, **tls.get_connection_args("client"))
        comm = await asyncio.wait_for(connecting, 2)  # a web server never answers
        await comm.close()

    asyncio.run(attempt())
    with Client(address, security=tls, timeout=5) as client:
        found: int = client.run_on_scheduler(os.getuid)
    return found


def attacks(out: Path, ports: list[int]) -> list[str]:
    """Try everything; returns what worked."""
    logging.disable()
    found = []

    def attempt(what: str, body: Callable[[], object]) -> None:
        try:
            found.append(f"{what}: {body()}")
        except Exception:
            return

    for port in ports:
        for scheme, tls in (("tcp", Security()), ("tls", security(*new_certificate()))):
            attempt(f"code through {port} by {scheme}", partial(run_code, f"{scheme}://127.0.0.1:{port}", tls))
    attempt("the key", (out / NAME).read_text)
    requests = folder_of(out, read_state(out).run_id)
    attempt("the requests", lambda: list(requests.iterdir()))
    attempt("a request", (requests / f"{STOP}.{0:032x}").touch)
    attempt("another folder of requests", lambda: requests.rename(out / "x"))
    if commands.stop([str(out)]) != 4:
        found.append("posepipe stop")
    return found


def ports_of(pid: int) -> list[int]:
    """Ports on which a process and its children listen, without the dashboards."""
    leader = psutil.Process(pid)
    there = [c for p in (leader, *leader.children(recursive=True)) for c in p.net_connections("tcp")]
    assert {c.laddr.ip for c in there if c.status == "LISTEN"} == {"127.0.0.1"}
    return sorted({c.laddr.port for c in there if c.status == "LISTEN"})


def test_another_user_can_neither_run_code_nor_read_nor_stop(folder: Path) -> None:
    write_captions(folder / "c.txt", [f"A person briefly {i}" for i in range(600)])
    out = folder / "SinglePose"
    process = start(folder, "c.txt", "--formats", "npy")
    try:
        wait_for(lambda: (out / NAME).exists())
        assert commands.pause([str(out)]) == 0  # it must still be there after all attempts
        address = json.loads((out / NAME).read_text())["address"]
        assert address.startswith("tls://127.0.0.1:")
        ports = ports_of(process.pid)
        assert int(address.rpartition(":")[2]) in ports
        assert len(ports) >= 5  # scheduler, two nannies, two workers
        assert as_nobody(attacks, out, ports) == []
        assert process.poll() is None
        assert commands.stop([str(out)]) == 0  # and the owner can
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0, output
        assert "Traceback" not in output
        assert "handshake" not in output
    finally:
        process.kill()
    assert read_state(out).state == ENDED
    assert not (out / NAME).exists()
    assert run(folder, "c.txt", "--formats", "npy").returncode == 0
    assert len(artifacts(out)) == 600
