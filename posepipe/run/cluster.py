"""Which workers there are: a local cluster, one worker per GPU or core, or a cluster of the user's own.

``dask worker ADDRESS --preload posepipe.cluster`` joins a cluster of the user's own.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import os
import socket
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final, cast

import dask
from distributed import Client, LocalCluster, Nanny, Status, Worker
from distributed.comm import CommClosedError
from distributed.utils import silence_logging_cmgr

from posepipe._version import __version__
from posepipe.errors import ConfigError, MachineError, PosepipeError, VersionMismatch
from posepipe.storage.locations import open_folder
from posepipe.workers.contract import RunContext
from posepipe.workers.plugin import PosepipeWorker, load_model, visible_gpus
from posepipe.workers.plugin import dask_setup as dask_setup

if TYPE_CHECKING:
    from posepipe.config import RunConfig


LOCALHOST: Final = "127.0.0.1"
SAME_BITS_THREADS: Final = 2
"""Threads of a CPU worker at most: with one or two a pose has the same bits, with more not always."""
START_TRIES: Final = 5
START_SECONDS: Final = 60.0
GIVEN_UP: Final = (Status.closing, Status.closed, Status.failed)
OPEN_FILES: Final = 48
OPEN_FILES_PER_WORKER: Final = 16
"""What the driver holds open: pipes and connections; short of it, Dask's server asks for ever and starts nobody."""

logger = logging.getLogger("posepipe")


def inferring(client: Client) -> list[str]:
    """The addresses of the workers that infer."""
    found = client.scheduler_info(n_workers=-1)["workers"]
    return [address for address, worker in found.items() if worker["resources"].get("infer")]


def load_models(client: Client) -> dict[str, str]:
    """Load the model on each worker that infers; returns the fingerprints by worker. One that dies is waited for.

    Raises
    ------
    MachineError
        Workers die over it.
    """
    for _ in range(START_TRIES):
        revive(client)
        wait_until = monotonic() + START_SECONDS
        while not (addresses := inferring(client)) and monotonic() < wait_until:
            sleep(0.1)
        if not addresses:
            raise MachineError(f"no worker that infers has been there for {START_SECONDS:g} s")
        try:
            return cast("dict[str, str]", client.run(load_model, workers=addresses))
        except CommClosedError as error:
            why = str(error)
    raise MachineError(f"workers die while they load the model ({why}); their logs may say more")


def chosen_gpus(config: RunConfig) -> list[int]:
    """The GPUs of a run, by ``--gpus``.

    Raises
    ------
    ConfigError
        One was asked for that is not there.
    """
    if config.gpus == "none" or config.scheduler or config.scheduler_file:
        return []
    there = visible_gpus()
    if config.gpus == "all":
        return there
    asked = [int(part) for part in config.gpus.split(",")]
    absent = [number for number in asked if number not in there]
    if absent:
        have = f"there are {', '.join(map(str, there))}" if there else "no GPU is visible"
        raise ConfigError(f"--gpus {config.gpus}: no GPU {absent[0]} here ({have}); --gpus none runs on the CPU")
    return asked


def infer_workers(config: RunConfig) -> int:
    """How many workers will infer on this machine."""
    return len(chosen_gpus(config)) or config.workers or _cores()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def connect(context: RunContext) -> Iterator[Client]:
    """A client of the run's cluster, with posepipe in every worker.

    Raises
    ------
    ConfigError, MachineError, VersionMismatch
        The cluster cannot be used; nothing was written.
    """
    config = context.config
    settings = {
        "distributed.scheduler.allowed-failures": 0,
        "distributed.deploy.lost-worker-timeout": "24h",
        "distributed.scheduler.no-workers-timeout": "10m",
        "distributed.scheduler.worker-ttl": f"{max(300.0, 2 * config.batch_timeout)}s",
        "distributed.admin.tick.limit": "1h",
        "distributed.worker.daemon": True,
        "dataframe.convert-string": False,
    }
    with dask.config.set(settings):
        if config.scheduler or config.scheduler_file:
            with silence_logging_cmgr(logging.CRITICAL), _client(config) as client:
                _check_versions(client)
                _check_places(client, config)
                client.register_plugin(PosepipeWorker(context))
                yield client
        else:
            with _started(config) as cluster, Client(cluster) as client:
                client.register_plugin(PosepipeWorker(context))
                yield client


def _client(config: RunConfig) -> Client:
    try:
        return Client(
            address=config.scheduler,
            scheduler_file=config.scheduler_file,
            set_as_default=False,
        )
    except (OSError, TimeoutError, ValueError) as error:
        where = config.scheduler or config.scheduler_file
        raise MachineError(f"no Dask scheduler answers at {where}: {error}") from error


def _worker_facts(dask_worker: Worker) -> dict[str, Any]:
    import distributed

    return {
        "name": str(dask_worker.name),
        "posepipe": __version__,
        "distributed": distributed.__version__,
        "resources": dict(dask_worker.state.total_resources),
    }


def _check_versions(client: Client) -> None:
    """Refuse a cluster whose workers would not do the work, or do it otherwise."""
    import distributed

    try:
        facts = client.run(_worker_facts)
    except Exception as error:
        raise VersionMismatch(f"the cluster's workers cannot import posepipe {__version__}: {error}") from error
    if not facts:
        raise MachineError("the cluster has no workers; start them with --resources 'infer=1 publish=1'")
    for address, fact in facts.items():
        for name, mine in (("posepipe", __version__), ("distributed", distributed.__version__)):
            if fact[name] != mine:
                raise VersionMismatch(f"worker {address} has {name} {fact[name]}, this process {mine}; make them equal")
    for resource in ("infer", "publish"):
        if not any(fact["resources"].get(resource) for fact in facts.values()):
            raise ConfigError(
                f"no worker of the cluster offers the resource {resource!r}; "
                "start workers with --resources 'infer=1 publish=1'"
            )


def _check_places(client: Client, config: RunConfig) -> None:
    """Refuse a cluster with a worker that sees other folders under the names of the run's, or cannot write there."""
    places = [config.final_dir, config.temp_dir, config.manifest, config.log_dir]
    name = f".probe-{uuid.uuid4().hex}"
    folders = [open_folder(place) for place in places]
    try:
        for folder in folders:
            folder.write(name, b"")
        wrong = {address: told for address, told in client.run(what_is_out_of_reach, places, name).items() if told}
    except OSError as error:
        raise MachineError(f"{error.filename}: {error.strerror}") from error
    finally:
        for folder in folders:
            with contextlib.suppress(Exception):  # it may not be there, and the first error is reported
                folder.delete(name)
    for address, told in wrong.items():
        raise MachineError(
            f"worker {address} cannot use {told}; every worker needs the run's folders under the same path "
            f"({len(wrong)} of the cluster's workers; docs/clusters.md)"
        )


def what_is_out_of_reach(places: Sequence[str], name: str) -> str:
    """On a worker (for ``Client.run``): the first place where ``name`` is not seen or nothing can be written, and why.

    Empty where all are within reach.
    """
    for place in places:
        try:
            folder = open_folder(place)
            try:
                folder.read(name)
            except FileNotFoundError:
                return f"{place} (it is another folder there)"
            folder.probe()
        except Exception as raised:  # each file system has exception classes of its own
            error = raised.__cause__ or raised
            return f"{place} ({type(error).__name__}: {str(error)[:200]})"
    return ""


def _started(config: RunConfig) -> LocalCluster:
    """The local cluster, or why there is none."""
    try:
        return _local_cluster(config)
    except (RuntimeError, OSError) as error:
        if isinstance(error, PosepipeError):
            raise
        why: BaseException = error
        while why.__cause__ is not None:
            why = why.__cause__
        raise MachineError(f"the worker processes cannot be started: {why}") from error


def _local_cluster(config: RunConfig) -> LocalCluster:
    """One worker per GPU and publishing workers beside them; without GPUs, workers that do both."""
    gpus = chosen_gpus(config)
    cores = _cores()
    common: dict[str, Any] = {
        "host": LOCALHOST,
        "dashboard_address": _free_address(config.dashboard_address),
        "worker_dashboard_address": None,
        "threads_per_worker": 1,
        "memory_limit": 0,
        "silence_logs": logging.CRITICAL,
        "preload": ["posepipe.cluster"],
        "local_directory": str(Path(str(config.temp_dir)).resolve() / ".dask"),
    }
    if not gpus:
        count = infer_workers(config)
        cluster = LocalCluster(n_workers=0, **common)
        threads = min(SAME_BITS_THREADS, max(1, cores // count))
        specs = {f"cpu{i}": ({"infer": 1, "publish": 1}, 2, threads) for i in range(count)}
    else:
        cluster = _cuda_cluster(gpus, common)
        publishers = max(1, cores - len(gpus))
        specs = {f"cpu{i}": ({"publish": 1}, 1, 1) for i in range(publishers)}
    for name, (resources, nthreads, omp) in specs.items():
        cluster.worker_spec[name] = {
            "cls": Nanny,
            "options": _nanny_options(cluster, resources, nthreads, omp),
        }
    _fill(cluster)
    return cluster


def revive(client: Client) -> None:
    """Start local workers anew whose nanny gave up, as it does when a worker dies before it has started.

    Raises
    ------
    MachineError
        They cannot be started.
    """
    nannies = getattr(client.cluster, "workers", {}).values()
    if any(nanny.status in GIVEN_UP for nanny in nannies):
        try:
            _fill(client.cluster)
        except (RuntimeError, OSError) as error:
            raise MachineError(f"worker processes cannot be started again: {error}") from error


def _fill(cluster: LocalCluster) -> None:
    """Start the workers that the cluster should have and has not."""
    for left in reversed(range(START_TRIES)):
        for name in [name for name, nanny in cluster.workers.items() if nanny.status in GIVEN_UP]:
            del cluster.workers[name]
        try:
            cluster.sync(cluster._correct_state)
        except (RuntimeError, OSError):
            if not left:
                raise
        else:
            return


def _nanny_options(cluster: LocalCluster, resources: dict[str, int], nthreads: int, omp: int) -> dict[str, Any]:
    environment = {name: str(omp) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    options = dict(cluster.new_spec["options"])
    return options | {"resources": resources, "nthreads": nthreads, "env": environment}


def _cuda_cluster(gpus: list[int], common: dict[str, Any]) -> LocalCluster:
    """One worker per GPU, named ``gpu<number>`` where dask-cuda would call it by the bare number."""
    os.environ.setdefault("CUDA_DEVICE_ORDER", "PCI_BUS_ID")  # nvidia-smi's order
    try:
        from dask_cuda import LocalCUDACluster
    except ImportError as error:
        raise ConfigError("GPUs need dask-cuda: pip install 'posepipe[cuda]'; --gpus none runs on the CPU") from error

    class NamedCUDACluster(LocalCUDACluster):  # type: ignore[misc]
        worker_spec: dict[Any, Any]

        def new_worker_spec(self) -> dict[str, Any]:
            named = self.worker_spec
            self.worker_spec = {int(name.removeprefix("gpu")): spec for name, spec in named.items()}
            try:
                return {f"gpu{number}": spec for number, spec in super().new_worker_spec().items()}
            finally:
                self.worker_spec = named

    cluster = NamedCUDACluster(
        CUDA_VISIBLE_DEVICES=gpus,
        n_workers=len(gpus),
        device_memory_limit=None,
        resources={"infer": 1},
        **common,
    )
    return cast(LocalCluster, cluster)


def allow_open_files(config: RunConfig) -> None:
    """Let this process open as many files as its workers take.

    Raises
    ------
    MachineError
        It may not.
    """
    if config.scheduler or config.scheduler_file:
        return
    workers = max(infer_workers(config), _cores()) + len(chosen_gpus(config))
    wanted = OPEN_FILES + OPEN_FILES_PER_WORKER * workers
    soft, hard = getrlimit(RLIMIT_NOFILE)
    if soft == RLIM_INFINITY or soft >= wanted:
        return
    if hard != RLIM_INFINITY and hard < wanted:
        raise MachineError(f"{workers} workers need about {wanted} open files, {hard} are allowed (ulimit -n {wanted})")
    setrlimit(RLIMIT_NOFILE, (wanted, hard))


def dashboard_open_to(config: RunConfig) -> str | None:
    """A warning where ``--dashboard-address`` lets others than this machine in; the dashboard asks for no password."""
    host = config.dashboard_address.rpartition(":")[0] or LOCALHOST
    try:
        inside = host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        inside = False
    if inside or config.scheduler or config.scheduler_file:
        return None
    return (
        f"--dashboard-address {config.dashboard_address}: the dashboard is open to whoever reaches {host}, "
        "captions and logs included, without a password; 127.0.0.1 keeps it on this machine"
    )


def _free_address(address: str) -> str:
    """The address, with the next free port if its own is taken.

    Raises
    ------
    ConfigError
        It is no address.
    """
    host, _, port = address.rpartition(":")
    host = host or LOCALHOST
    if not port.isdigit() or int(port) > 65535:
        raise ConfigError(f"--dashboard-address {address}: must be HOST:PORT")
    first = int(port)
    for number in range(first, min(first + 100, 65536)):
        try:
            with socket.create_server((host, number)):
                return f"{host}:{number}"
        except OSError:
            continue
    return f"{host}:0"
