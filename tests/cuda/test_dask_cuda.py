"""The real dask-cuda on three GPUs of the stub: workers, whole runs, ``watch``, a killed GPU worker."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from runs import TESTS, command, environment, wait_for, write_captions

import posepipe

COMMON = ("--model", "fake_model:factory", "--dashboard-address", "127.0.0.1:0", "--formats", "npy,json")
UUID = "GPU-00000000-0000-0000-0000-00000000000{}"


def run(folder: Path, more: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """``posepipe run`` with ``more`` in its environment."""
    return subprocess.run(
        command("run", *arguments, *COMMON),
        cwd=folder,
        env=environment() | more,
        capture_output=True,
        text=True,
        timeout=180,
    )


def workers_of(folder: Path, more: dict[str, str], gpus: str, cores: int) -> dict[str, Any]:
    """What tests/helpers/gpu_workers.py prints; workers by name."""
    done = subprocess.run(
        [sys.executable, str(TESTS / "gpu_workers.py"), str(folder), gpus, str(cores)],
        env=environment() | more,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer | {"workers": {worker["name"]: worker for worker in answer["workers"]}}


def rows(folder: Path) -> Any:
    return posepipe.read_manifest(folder / "manifests" / "SinglePose")


def test_gpu_workers_have_their_gpu_and_publishers_have_none(tmp_path: Path, gpus: dict[str, str]) -> None:
    answer = workers_of(tmp_path, gpus, "2,1", cores=6)
    workers = answer["workers"]
    assert set(workers) == {"gpu1", "gpu2", "cpu0", "cpu1", "cpu2", "cpu3"}  # cores less the GPU workers
    assert sorted(answer["infer"]) == ["gpu1", "gpu2"]
    assert answer["started"] == [[0, 6]]  # all at once, none before
    assert (workers["gpu1"]["visible"], workers["gpu2"]["visible"]) == ("1,2", "2,1")
    for name in ("gpu1", "gpu2"):
        worker = workers[name]
        assert worker["resources"] == {"infer": 1}
        assert worker["device"] == f"cuda:{name[3:]}"
        assert worker["order"] == "PCI_BUS_ID"
        assert worker["preloads"] == ["posepipe.cluster", "dask_cuda.initialize"]
        assert worker["gpu_metrics"]
        assert worker["malloc"] == str(32 * 2**20)
    for number in range(4):
        worker = workers[f"cpu{number}"]
        assert worker["resources"] == {"publish": 1}
        assert (worker["device"], worker["threads"]) == ("cpu", 1)
        assert worker["visible"] == ""
        assert worker["preloads"] == ["posepipe.cluster"]
        assert (worker["cuda_imported"], worker["nvml"], worker["gpu_metrics"]) == (False, False, False)
        assert worker["malloc"] == str(32 * 2**20)


def test_publishers_are_at_most_twelve_per_gpu(tmp_path: Path, gpus: dict[str, str]) -> None:
    workers = workers_of(tmp_path, gpus, "0", cores=128)["workers"]
    assert set(workers) == {"gpu0", *(f"cpu{number}" for number in range(12))}


def watched(folder: Path) -> dict[str, Any]:
    """What ``posepipe watch --json`` says; its NVML is the stub too."""
    done = subprocess.run(
        command("watch", "--json"), cwd=folder, env=os.environ | environment(), capture_output=True, text=True
    )
    return json.loads(done.stdout) if done.returncode == 0 else {"workers": []}


def process_of(folder: Path, name: str) -> list[int]:
    """Process ids in a worker's log, the newest last."""
    log = folder / "logs" / f"{name}.log"
    return [int(found) for found in re.findall(r": process (\d+)", log.read_text())] if log.exists() else []


def test_300_captions_on_two_gpus_one_of_which_is_killed(
    tmp_path: Path, gpus: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 0.2 s a caption the run lasts half a minute, enough for ``watch`` and a restart on a busy machine."""
    for name, value in gpus.items():
        monkeypatch.setenv(name, value)
    write_captions(tmp_path / "c.txt", [f"A person slowly number {number}" for number in range(300)])
    process = subprocess.Popen(
        command("run", "c.txt", "--gpus", "1,2", "--batch-size", "8", *COMMON),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    seen: list[dict[str, Any]] = []

    def both_infer() -> bool:
        seen.append({worker["name"]: worker for worker in watched(tmp_path)["workers"]})
        return all(seen[-1].get(name, {}).get("inferred") for name in ("gpu1", "gpu2"))

    wait_for(both_infer, 120)
    os.kill(process_of(tmp_path, "gpu1")[-1], signal.SIGKILL)
    output, _ = process.communicate(timeout=180)
    assert process.returncode == 0, output
    assert "2 workers infer" in output
    workers = seen[-1]
    assert workers["gpu1"]["gpu"] == {
        "number": 1,
        "utilisation": 40,
        "memory_used": 8 * 2**30,
        "memory_total": 80 * 2**30,
        "temperature": 65,
        "hot": False,
    }
    assert (workers["gpu2"]["gpu"]["temperature"], workers["gpu2"]["gpu"]["hot"]) == (80, True)
    assert workers["cpu0"]["gpu"] is None
    table = rows(tmp_path)
    assert dict(table["status"].value_counts()) == {"done": 300}
    assert set(zip(table["worker"], table["device"], strict=True)) == {("gpu1", "cuda:1"), ("gpu2", "cuda:2")}
    assert len(process_of(tmp_path, "gpu1")) == 2  # started again under its name
    assert len(process_of(tmp_path, "gpu2")) == 1


@pytest.mark.parametrize("visible", ["2", UUID.format(2), f"{UUID.format(2)},7,0"])
def test_the_environment_chooses_the_gpu(tmp_path: Path, gpus: dict[str, str], visible: str) -> None:
    write_captions(tmp_path / "c.txt", ["A person waving", "A person kneeling"])
    done = run(tmp_path, gpus | {"CUDA_VISIBLE_DEVICES": visible}, "c.txt")
    assert done.returncode == 0, done.stderr
    table = rows(tmp_path)
    assert set(zip(table["worker"], table["device"], strict=True)) == {("gpu2", "cuda:2")}


def test_a_gpu_that_is_not_visible_is_refused(tmp_path: Path, gpus: dict[str, str]) -> None:
    write_captions(tmp_path / "c.txt", ["A person waving"])
    for more, number in (({}, "3"), ({"CUDA_VISIBLE_DEVICES": "2"}, "0")):
        done = run(tmp_path, gpus | more, "c.txt", "--gpus", number)
        assert done.returncode == 2
        assert f"--gpus {number}: no GPU {number} here" in done.stderr
    assert not (tmp_path / "SinglePose").exists()


def test_no_gpus_on_a_machine_that_has_some(tmp_path: Path, gpus: dict[str, str]) -> None:
    write_captions(tmp_path / "c.txt", ["A person waving", "A person kneeling"])
    done = run(tmp_path, gpus, "c.txt", "--gpus", "none", "--workers", "1")
    assert done.returncode == 0, done.stderr
    table = rows(tmp_path)
    assert set(zip(table["worker"], table["device"], strict=True)) == {("cpu0", "cpu")}


def test_workers_started_by_hand_as_docs_clusters_says(tmp_path: Path, gpus: dict[str, str]) -> None:
    """A scheduler, ``dask cuda worker`` on a machine with GPUs, and a publishing worker."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    dask = [sys.executable, "-m", "dask"]
    host, port = address.split(":")
    preload = ["--preload", "posepipe.cluster"]
    commands = [
        [*dask, "scheduler", "--host", host, "--port", port, "--no-dashboard"],
        [*dask, "cuda", "worker", address, "--resources", "infer=1", *preload],
        [*dask, "worker", address, "--nthreads", "1", "--resources", "publish=1", *preload],
    ]
    processes = []
    try:
        for number, arguments in enumerate(commands):
            folder = tmp_path / str(number)
            folder.mkdir()
            with (folder / "log").open("wb") as log:
                more = environment() | gpus
                processes.append(subprocess.Popen(arguments, cwd=folder, env=more, stdout=log, stderr=log))
        write_captions(tmp_path / "c.txt", [f"A person briefly {number}" for number in range(120)])
        done = run(tmp_path, {}, "c.txt", "--scheduler", address, "--batch-size", "4")
        assert done.returncode == 0, done.stderr + (tmp_path / "1" / "log").read_text()
        assert set(rows(tmp_path)["device"]) <= {"cuda:0", "cuda:1", "cuda:2"}
        assert len(rows(tmp_path)) == 120
    finally:
        for process in processes[::-1]:
            process.terminate()
        for process in processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
