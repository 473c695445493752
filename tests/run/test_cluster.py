"""Local workers and their environment. tests/cuda runs the real dask-cuda; here NVML is replaced by functions."""

from __future__ import annotations

import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from distributed import Client

from posepipe.config import RunConfig
from posepipe.errors import ConfigError, MachineError
from posepipe.run import cluster, forkserver, gpus
from posepipe.run.signals import Signals
from posepipe.workers.devices import visible_gpus


@pytest.fixture
def four_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four GPUs with the UUIDs GPU-0 to GPU-3; MIG-a is an instance of the last."""
    import pynvml

    def by_uuid(uuid: bytes) -> str:
        if uuid not in (b"GPU-0", b"GPU-1", b"GPU-2", b"GPU-3", b"MIG-a"):
            raise pynvml.NVMLError_NotFound
        return uuid.decode()

    monkeypatch.setattr(pynvml, "nvmlInit", lambda: None)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetCount", lambda: 4)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByUUID", by_uuid)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetDeviceHandleFromMigDeviceHandle", lambda handle: "GPU-3")
    monkeypatch.setattr(pynvml, "nvmlDeviceGetIndex", lambda handle: int(handle[-1]))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


@pytest.mark.usefixtures("four_gpus")
def test_gpus_by_number_within_what_is_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    assert gpus.chosen_gpus(RunConfig()) == [0, 1, 2, 3]
    assert gpus.chosen_gpus(RunConfig(gpus="3,1,3")) == [3, 1]
    assert gpus.chosen_gpus(RunConfig(gpus="none")) == []
    with pytest.raises(ConfigError, match="no GPU 4 here"):
        gpus.chosen_gpus(RunConfig(gpus="4"))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,3")
    assert gpus.chosen_gpus(RunConfig()) == [2, 3]
    with pytest.raises(ConfigError, match="there are 2, 3"):
        gpus.chosen_gpus(RunConfig(gpus="0"))


@pytest.mark.usefixtures("four_gpus")
@pytest.mark.parametrize(
    ("variable", "numbers"),
    [
        ("", []),
        ("-1", []),
        ("2, 0", [2, 0]),
        ("1,9,2", [1]),
        ("1,-1,2", [1]),
        ("1,1", [1]),
        ("GPU-2,GPU-0", [2, 0]),
        ("GPU-7,GPU-0", []),
        ("MIG-a", [3]),
    ],
)
def test_the_environment_limits_the_gpus_as_in_cuda(
    monkeypatch: pytest.MonkeyPatch, variable: str, numbers: list[int]
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", variable)
    assert visible_gpus() == numbers


@pytest.mark.usefixtures("four_gpus")
def test_mig_instances_are_refused_for_local_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "MIG-a")
    with pytest.raises(ConfigError, match="MIG instance"):
        gpus.chosen_gpus(RunConfig())
    assert gpus.chosen_gpus(RunConfig(gpus="none")) == []


def test_without_nvml_there_are_no_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    import pynvml

    def missing() -> None:
        raise pynvml.NVMLError_LibraryNotFound

    monkeypatch.setattr(pynvml, "nvmlInit", missing)
    assert visible_gpus() == []
    with pytest.raises(ConfigError, match="no GPU is visible"):
        gpus.chosen_gpus(RunConfig(gpus="0"))


@pytest.mark.usefixtures("four_gpus")
def test_without_dask_cuda_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask_cuda", None)
    with pytest.raises(ConfigError, match=r"posepipe\[cuda\]"):
        gpus.gpu_cluster([0], {})


@pytest.mark.parametrize(
    ("gpu_count", "cores", "publishers"),
    [(1, 2, 1), (2, 2, 1), (4, 2, 1), (1, 8, 7), (1, 128, 12), (3, 64, 36), (8, 64, 56)],
)
def test_publishers_keep_up_and_leave_the_gpu_workers_their_cores(gpu_count: int, cores: int, publishers: int) -> None:
    assert gpus.publisher_count(gpu_count, cores) == publishers


def _environment() -> dict[str, str]:
    return {name: os.environ.get(name, "unset") for name in ("OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES")}


def _environment_at_start() -> dict[str, str]:
    entries = Path("/proc/self/environ").read_text(encoding="utf-8").split("\0")
    return dict(entry.split("=", 1) for entry in entries if entry.startswith("MALLOC_"))


def _dask_config() -> bool:
    import dask

    return bool(dask.config.get("distributed.diagnostics.nvml"))


def test_cpu_workers_see_no_gpu_and_keep_their_memory(
    tmp_path: Path, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    config = replace(context.config, gpus="none", workers=2, dashboard_address="127.0.0.1:0")
    said: list[str] = []
    with cluster.connect(replace(context, config=config), 1000, Signals(), said.append) as client:
        assert len(cluster.inferring(client)) == 2
        for found in client.run(_environment).values():
            assert found == {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
        assert set(client.run(_dask_config).values()) == {False}
        if sys.platform == "linux":  # what glibc reads when the process starts
            wanted = {name: str(value) for name, value in forkserver.MALLOC.items()}
            assert all(found == wanted for found in client.run(_environment_at_start).values())
    assert said == []


@pytest.mark.parametrize("address", ["127.0.0.1:0", "none"])
def test_local_clusters_talk_tls_and_have_a_dashboard_only_if_it_is_wanted(context: Any, address: str) -> None:
    config = replace(context.config, gpus="none", workers=1, dashboard_address=address)
    with cluster.connect(replace(context, config=config), 1000, Signals(), lambda _: None) as client:
        workers = client.scheduler_info(n_workers=-1)["workers"]
        addresses = [client.scheduler.address, *workers, *(worker["nanny"] for worker in workers.values())]
        assert all(found.startswith("tls://127.0.0.1:") for found in addresses)
        certificate, key = cluster.credentials(client)
        assert "BEGIN CERTIFICATE" in str(certificate)
        assert "BEGIN PRIVATE KEY" in str(key)
        link = cluster.dashboard_link(client, config)
        pages = []
        for page in ("status", "info/main/workers.html", "metrics", "health", "json/counts.json"):
            try:
                with urllib.request.urlopen(client.dashboard_link.replace("status", page), timeout=10) as answer:
                    pages.append(answer.status)
            except urllib.error.HTTPError as error:
                pages.append(error.code)
    assert (link is None) == (address == "none")
    assert pages == ([404] * 5 if address == "none" else [200] * 5)
    assert cluster.dashboard_open_to(config) is None


@pytest.mark.parametrize("error", [RuntimeError("outer"), OSError("no more processes")])
def test_workers_that_cannot_be_started_end_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception
) -> None:
    """The cluster that was half started is closed."""
    closed = []
    made = SimpleNamespace(worker_spec={}, workers={}, close=lambda timeout: closed.append(timeout))

    def fail(*_: Any) -> None:
        raise error from ValueError("the inner reason") if isinstance(error, RuntimeError) else None

    monkeypatch.setattr(cluster, "_local_cluster", lambda *_: (made, {}))
    monkeypatch.setattr(cluster, "_fill", fail)
    with pytest.raises(MachineError, match=r"cannot be started: (the inner reason|no more processes)"):
        cluster._started(RunConfig(), 1000, Signals())
    assert closed == [cluster.CLOSE_SECONDS]


def test_workers_that_close_too_slowly_do_not_fail_a_run(caplog: pytest.LogCaptureFixture) -> None:
    def close(timeout: float) -> None:
        raise TimeoutError

    made: Any = SimpleNamespace(close=close)
    with caplog.at_level("WARNING", logger="posepipe"), cluster._closing(made) as found:
        assert found is made
    assert "did not close within" in caplog.text
    with pytest.raises(ZeroDivisionError), cluster._closing(made):  # the error of the run is the one to see
        _ = 1 // 0


@pytest.mark.parametrize("dies", [0, 2])
def test_starting_workers_is_tried_again(dies: int) -> None:
    tries: list[int] = []

    def sync(_: Callable[[], None]) -> None:
        tries.append(1)
        if len(tries) <= dies:
            raise RuntimeError("a nanny failed")

    cluster._fill(SimpleNamespace(workers={}, sync=sync, _correct_state=None), Signals())
    assert len(tries) == dies + 1


def test_open_files_are_counted_for_the_workers_that_there_will_be(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(cluster, "getrlimit", lambda _: (100, 10_000))
    monkeypatch.setattr(cluster, "setrlimit", lambda _, limits: asked.append(limits))
    monkeypatch.setattr(cluster, "available_cores", lambda: 64)
    monkeypatch.setattr(cluster, "chosen_gpus", lambda _: [0, 1, 2])
    cluster.allow_open_files(RunConfig(), 1000)
    assert asked == [(48 + 16 * (3 + 36), 10_000)]
    monkeypatch.setattr(cluster, "getrlimit", lambda _: (100, 200))
    with pytest.raises(MachineError, match="ulimit -n 672"):
        cluster.allow_open_files(RunConfig(), 1000)
    cluster.allow_open_files(RunConfig(scheduler="10.0.0.1:8786"), 1000)


@pytest.mark.parametrize(
    ("options", "poses", "workers"),
    [
        ({}, 1, 1),
        ({}, 64, 1),
        ({}, 65, 2),
        ({}, 10_000, 8),
        ({"workers": 3}, 1, 3),
        ({"model": "own:factory"}, 1, 1),
        ({"model": "own:factory"}, 20, 8),
    ],
)
def test_no_more_workers_than_have_something_to_do(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], poses: int, workers: int
) -> None:
    monkeypatch.setattr(cluster, "available_cores", lambda: 8)
    assert cluster.infer_workers(RunConfig(gpus="none", **options), poses) == workers


def test_a_taken_dashboard_port_gives_the_next() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        host, _, found = cluster._free_address(f"127.0.0.1:{port}").rpartition(":")
        assert host == "127.0.0.1"
        assert int(found) > port
    with pytest.raises(ConfigError, match="HOST:PORT"):
        cluster._free_address("127.0.0.1:http")


def test_a_client_of_a_local_cluster_needs_no_revival(monkeypatch: pytest.MonkeyPatch) -> None:
    """``revive`` starts workers only if a nanny gave up."""
    started = []
    monkeypatch.setattr(cluster, "_fill", lambda *_: started.append(1))
    healthy: Any = SimpleNamespace(cluster=SimpleNamespace(workers={"cpu0": SimpleNamespace(status=None)}))
    cluster.revive(healthy, Signals())
    assert started == []
    failed = SimpleNamespace(cluster=SimpleNamespace(workers={"cpu0": SimpleNamespace(status=cluster.GIVEN_UP[0])}))
    client: Client = failed  # type: ignore[assignment]
    cluster.revive(client, Signals())
    assert started == [1]
