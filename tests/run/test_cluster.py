"""Which workers there are, with a stand-in for NVML and dask-cuda where a test needs GPUs."""

from __future__ import annotations

import socket
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster, Nanny

from posepipe.config import RunConfig
from posepipe.errors import ConfigError
from posepipe.run import cluster


@pytest.fixture
def four_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    import pynvml

    monkeypatch.setattr(pynvml, "nvmlInit", lambda: None)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetCount", lambda: 4)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


@pytest.mark.usefixtures("four_gpus")
def test_gpus_by_number_within_what_is_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cluster.chosen_gpus(RunConfig()) == [0, 1, 2, 3]
    assert cluster.chosen_gpus(RunConfig(gpus="1,3")) == [1, 3]
    assert cluster.chosen_gpus(RunConfig(gpus="none")) == []
    with pytest.raises(ConfigError, match="no GPU 4 here"):
        cluster.chosen_gpus(RunConfig(gpus="4"))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,3")
    assert cluster.chosen_gpus(RunConfig()) == [2, 3]
    with pytest.raises(ConfigError, match="there are 2, 3"):
        cluster.chosen_gpus(RunConfig(gpus="0"))


def test_without_nvml_there_are_no_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    import pynvml

    def missing() -> None:
        raise pynvml.NVMLError_LibraryNotFound

    monkeypatch.setattr(pynvml, "nvmlInit", missing)
    assert cluster.visible_gpus() == []
    with pytest.raises(ConfigError, match="no GPU is visible"):
        cluster.chosen_gpus(RunConfig(gpus="0"))


@pytest.mark.usefixtures("four_gpus")
def test_without_dask_cuda_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask_cuda", None)
    with pytest.raises(ConfigError, match=r"posepipe\[cuda\]"):
        cluster._cuda_cluster([0], {})


def test_gpu_workers_are_named_by_their_device(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class LocalCUDACluster(LocalCluster):
        """As dask-cuda's: it names its workers by the bare number of the device."""

        def __init__(self, CUDA_VISIBLE_DEVICES: list[int], n_workers: int, device_memory_limit: None, **more: Any):
            resources = more.pop("resources")
            super().__init__(n_workers=0, resources=resources, **more)
            self.cuda_visible_devices = CUDA_VISIBLE_DEVICES
            self.scale(n_workers)

        def new_worker_spec(self) -> dict[int, Any]:
            number = min(set(self.cuda_visible_devices) - set(self.worker_spec))
            return {number: {"cls": Nanny, "options": dict(self.new_spec["options"])}}

    module = types.ModuleType("dask_cuda")
    module.LocalCUDACluster = LocalCUDACluster  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "dask_cuda", module)
    monkeypatch.setattr(cluster, "visible_gpus", lambda: [0, 1, 2, 3])
    config = RunConfig(gpus="1,3", dashboard_address="127.0.0.1:0", temp_dir=str(tmp_path))
    with cluster._local_cluster(config) as made:
        resources = {name: spec["options"]["resources"] for name, spec in made.worker_spec.items()}
        assert resources["gpu1"] == resources["gpu3"] == {"infer": 1}
        assert resources["cpu0"] == {"publish": 1}
        with Client(made, set_as_default=False) as client:
            client.wait_for_workers(len(resources), timeout=60)
            workers = client.scheduler_info(n_workers=-1)["workers"].values()
            assert {str(worker["name"]): worker["resources"] for worker in workers} == resources


def test_a_taken_dashboard_port_gives_the_next() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        host, _, found = cluster._free_address(f"127.0.0.1:{port}").rpartition(":")
        assert host == "127.0.0.1"
        assert int(found) > port
    with pytest.raises(ConfigError, match="HOST:PORT"):
        cluster._free_address("127.0.0.1:http")
