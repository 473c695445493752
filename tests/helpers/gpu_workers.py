"""Start the cluster of a run on GPUs, ask each worker what it has, and print the answers as JSON.

    python gpu_workers.py FOLDER GPUS CORES

A program rather than a function: NVML is found through LD_LIBRARY_PATH, which is read when a process starts.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from distributed import Worker

from posepipe.config import RunConfig
from posepipe.run import cluster
from posepipe.run.signals import Signals
from posepipe.workers.contract import RunContext


def facts(dask_worker: Worker) -> dict[str, Any]:
    """What a worker process has to do with GPUs."""
    import dask
    from distributed.worker import DEFAULT_METRICS

    return {
        "name": str(dask_worker.name),
        "resources": dict(dask_worker.state.total_resources),
        "threads": dask_worker.state.nthreads,
        "visible": os.environ.get("CUDA_VISIBLE_DEVICES"),
        "order": os.environ.get("CUDA_DEVICE_ORDER"),
        "malloc": os.environ.get("MALLOC_MMAP_THRESHOLD_"),
        "preloads": [preload.name for preload in dask_worker.preloads],
        "cuda_imported": any(name.split(".")[0] in ("cuda", "dask_cuda") for name in sys.modules),
        "nvml": dask.config.get("distributed.diagnostics.nvml"),
        "gpu_metrics": "gpu" in DEFAULT_METRICS,
        "device": dask_worker.plugins["posepipe"].device,
    }


def main() -> None:
    folder, gpus, cores = sys.argv[1:]
    started: list[tuple[int, int]] = []
    fill = cluster._fill

    def counted(made: Any, signals: Signals) -> None:
        before = len(made.workers)
        fill(made, signals)
        started.append((before, len(made.workers)))

    cluster.available_cores = lambda: int(cores)
    cluster._fill = counted
    config = RunConfig(
        gpus=gpus,
        temp_dir=str(Path(folder) / "temp"),
        log_dir=str(Path(folder) / "logs"),
        dashboard_address="127.0.0.1:0",
        model="fake_model:factory",
    )
    with cluster.connect(RunContext(config, "run", "fake-1"), 1000, Signals(), print) as client:
        workers = list(client.run(facts).values())
        infer = [client.scheduler_info(n_workers=-1)["workers"][a]["name"] for a in cluster.inferring(client)]
    print(json.dumps({"workers": workers, "started": started, "infer": infer}))


if __name__ == "__main__":
    main()
