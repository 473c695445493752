"""The GPUs of a run on this machine: which ones, and the Dask cluster with one worker for each.

What a worker does with its GPU is in :mod:`posepipe.workers.plugin`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from posepipe.errors import ConfigError
from posepipe.workers.devices import visible_gpus

if TYPE_CHECKING:
    from distributed import LocalCluster

    from posepipe.config import RunConfig

PUBLISHERS_PER_GPU: Final = 12
"""Publishing workers per GPU at most. At 6 ms of CPU time per picture they publish 2,000 poses per second."""


def chosen_gpus(config: RunConfig) -> list[int]:
    """Numbers of the GPUs that ``--gpus`` asks for, as nvidia-smi counts them, each once.

    Raises
    ------
    ConfigError
        ``--gpus`` names a GPU that is not there, or CUDA_VISIBLE_DEVICES names a part of one (MIG).
    """
    if config.gpus == "none" or config.scheduler or config.scheduler_file:
        return []
    if "MIG-" in os.environ.get("CUDA_VISIBLE_DEVICES", ""):
        raise ConfigError(
            "CUDA_VISIBLE_DEVICES names a MIG instance, and posepipe starts workers on whole GPUs only; start "
            "'dask cuda worker' yourself and use --scheduler (docs/clusters.md), or give --gpus none"
        )
    there = visible_gpus()
    if config.gpus == "all":
        return there
    asked = list(dict.fromkeys(int(part) for part in config.gpus.split(",")))
    absent = [number for number in asked if number not in there]
    if absent:
        have = f"there are {', '.join(map(str, there))}" if there else "no GPU is visible"
        raise ConfigError(f"--gpus {config.gpus}: no GPU {absent[0]} here ({have}); --gpus none runs on the CPU")
    return asked


def publisher_count(gpus: int, cores: int) -> int:
    """How many publishing workers accompany ``gpus`` GPU workers on a machine with ``cores`` cores.

    >>> publisher_count(1, 8), publisher_count(3, 64), publisher_count(2, 2)
    (7, 36, 1)
    """
    return max(1, min(PUBLISHERS_PER_GPU * gpus, cores - gpus))


def gpu_cluster(gpus: list[int], common: dict[str, Any]) -> tuple[LocalCluster, dict[str, dict[str, Any]]]:
    """Make dask-cuda's cluster without starting a worker.

    Parameters
    ----------
    gpus : list of int
    common : dict
        Options of the cluster that do not depend on the kind of worker.

    Returns
    -------
    cluster : LocalCluster
        With a scheduler and no workers.
    specs : dict
        The specification of one worker per GPU, by name: ``gpu<number>``, where dask-cuda has the bare number.

    Raises
    ------
    ConfigError
        dask-cuda is not installed.
    """
    try:
        from dask_cuda import LocalCUDACluster
    except ImportError as error:
        raise ConfigError(
            "GPUs need dask-cuda: pip install 'posepipe[cuda]', or '[cuda12]' for CUDA 12 (docs/installing.md); "
            "--gpus none runs on the CPU"
        ) from error

    class WaitingCUDACluster(LocalCUDACluster):  # type: ignore[misc]
        """Starts no worker in its constructor, so that all workers can be started together."""

        def scale(self, n: int = 0, **more: Any) -> None:
            if n == 0:  # closing
                super().scale(0, **more)

    cluster = WaitingCUDACluster(
        CUDA_VISIBLE_DEVICES=gpus,
        n_workers=len(gpus),
        device_memory_limit=None,
        resources={"infer": 1},
        **common,
    )
    for _ in gpus:
        cluster.worker_spec |= cluster.new_worker_spec()
    specs = {f"gpu{number}": spec for number, spec in cluster.worker_spec.items()}
    cluster.worker_spec = {}
    for spec in specs.values():
        # nvidia-smi's order, unless the user asked CUDA for another one
        spec["options"]["env"].setdefault("CUDA_DEVICE_ORDER", os.environ.get("CUDA_DEVICE_ORDER", "PCI_BUS_ID"))
    return cluster, specs
