"""A scheduler and workers that somebody else started, as processes in folders of their own."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from runs import artifacts, environment, run, wait_for, write_captions

import posepipe
from posepipe.run import cluster


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _dask(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    folder.mkdir()
    log = (folder / "log").open("wb")
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]],
        cwd=folder,
        env=environment(),
        stdout=log,
        stderr=subprocess.STDOUT,
    )


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A scheduler with one worker that infers and publishes, and one that offers nothing."""
    port = _free_port()
    where = f"tcp://127.0.0.1:{port}"
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    worker = ["dask_worker", where, *local, "--nthreads", "2", "--preload", "posepipe.cluster"]
    processes = [
        _dask(tmp_path / "s", "dask_scheduler", "--port", str(port), *local),
        _dask(tmp_path / "w1", *worker, "--name", "w1", "--resources", "infer=1 publish=1"),
        _dask(tmp_path / "w2", *worker, "--name", "w2"),
    ]
    wait_for(lambda: all(b"Registered to" in (tmp_path / w / "log").read_bytes() for w in ("w1", "w2")))
    yield where
    for process in processes[::-1]:
        process.terminate()
    for process in processes:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def test_a_cluster_of_the_users_own_does_the_work(tmp_path: Path, address: str) -> None:
    write_captions(tmp_path / "c.txt", [f"A person number {i} waving" for i in range(12)] + ["please raise"])
    done = run(tmp_path, "c.txt", "--scheduler", address)
    assert done.returncode == 1, done.stderr
    rows = posepipe.read_manifest(tmp_path / "manifests" / "SinglePose")
    assert dict(rows["status"].value_counts()) == {"done": 12, "failed": 1}
    assert set(rows["worker"]) == {"w1"}
    assert len(artifacts(tmp_path / "SinglePose")) == 36
    assert (tmp_path / "logs" / "w1.log").stat().st_size > 0


def test_a_scheduler_that_is_not_there(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", ["A person waving"])
    (tmp_path / "s.json").write_text(f'{{"address": "tcp://127.0.0.1:{_free_port()}"}}')
    done = run(tmp_path, "c.txt", "--scheduler-file", str(tmp_path / "s.json"))
    assert done.returncode == 3
    assert "no Dask scheduler answers" in done.stderr
    assert len(done.stderr.splitlines()) <= 2


def test_a_worker_that_sees_another_folder_is_told(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    (here / ".probe-x").touch()
    assert cluster.what_is_out_of_reach([str(here)], ".probe-x") == ""
    assert [path.name for path in here.iterdir()] == [".probe-x"]
    assert cluster.what_is_out_of_reach([str(here), str(there)], ".probe-x").startswith(f"{there} (it is another")
    (tmp_path / "file").touch()
    assert str(tmp_path / "file") in cluster.what_is_out_of_reach([str(tmp_path / "file")], ".probe-x")
