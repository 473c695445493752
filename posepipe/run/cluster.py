"""The Dask cluster of a run: local workers, one per GPU or core, or a cluster that the user started.

:mod:`posepipe.run.gpus` makes the cluster of a machine with GPUs, :mod:`posepipe.run.external` checks a user's cluster.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import socket
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, cast

import dask
from distributed import Client, LocalCluster, Nanny, Status
from distributed.comm import CommClosedError
from distributed.utils import silence_logging_cmgr

from posepipe.config import NO_DASHBOARD
from posepipe.errors import ConfigError, MachineError, PosepipeError, described
from posepipe.parallel import available_cores
from posepipe.run import forkserver
from posepipe.run.certificates import new_certificate, security
from posepipe.run.external import ANSWER_SECONDS, check_cluster, connect_to
from posepipe.run.gpus import chosen_gpus, gpu_cluster, publisher_count
from posepipe.run.main_guard import refuse_repeated_calls
from posepipe.storage import atomic
from posepipe.workers.contract import RunContext
from posepipe.workers.plugin import PosepipeWorker, load_model

if TYPE_CHECKING:
    from posepipe.config import RunConfig
    from posepipe.run.signals import Signals


LOCALHOST: Final = "127.0.0.1"
START_TRIES: Final = 5
START_SECONDS: Final = 60.0
"""Wait for the first worker that infers."""
FILL_SECONDS: Final = 300.0
"""Wait until the local worker processes have started; 40 of them on a slow disk take a minute."""
LOAD_SECONDS: Final = 1800.0
"""Wait until every worker has loaded the model, from a slow network disk too."""
CLOSE_SECONDS: Final = 30.0
"""Wait for a local cluster to close; what is left ends with this process."""
POLL_SECONDS: Final = 0.1
GIVEN_UP: Final = (Status.closing, Status.closed, Status.failed)
OPEN_FILES: Final = 48
OPEN_FILES_PER_WORKER: Final = 16
"""Pipes and connections that the driver holds open. With fewer, Dask's server retries for ever and no worker starts."""
POSES_PER_WORKER: Final = 64
"""Poses for which another worker of the bundled model pays: one batch, which is padded if it is not full."""

NO_PAGES: Final[dict[str, Any]] = {"distributed.scheduler.http.routes": []}
"""Dask's setting for a scheduler whose HTTP server has no pages, with which --dashboard-address none does without."""

logger = logging.getLogger("posepipe")


def inferring(client: Client) -> list[str]:
    """The addresses of the workers that infer."""
    found = client.scheduler_info(n_workers=-1)["workers"]
    return [address for address, worker in found.items() if worker["resources"].get("infer")]


def load_models(client: Client, signals: Signals) -> dict[str, str]:
    """Load the model on each worker that infers. A worker that dies is replaced and loads it again.

    Returns
    -------
    dict
        Fingerprint of the model by worker address.

    Raises
    ------
    MachineError
        Workers die again and again, or do not finish loading.
    Interrupted
    """
    for _ in range(START_TRIES):
        revive(client, signals)
        wait_until = monotonic() + START_SECONDS
        while not (addresses := inferring(client)) and monotonic() < wait_until:
            signals.sleep(POLL_SECONDS)
        if not addresses:
            raise MachineError(f"no worker that infers has been there for {START_SECONDS:g} s")
        try:
            return signals.wait_for(lambda: _load(client, addresses), LOAD_SECONDS)
        except CommClosedError as error:
            why = str(error)
        except TimeoutError as error:
            raise MachineError(f"a worker has not loaded the model within {LOAD_SECONDS / 60:g} minutes") from error
    raise MachineError(f"workers die while they load the model ({why}); their logs may say more")


def _load(client: Client, addresses: list[str]) -> dict[str, str]:
    return cast("dict[str, str]", client.run(load_model, workers=addresses))


def credentials(client: Client) -> tuple[str | None, str | None]:
    """Certificate and key of a local cluster; None for a cluster of the user's own, who has them."""
    if client.cluster is None:
        return None, None
    return client.security.tls_client_cert, client.security.tls_client_key


def infer_workers(config: RunConfig, poses: int) -> int:
    """How many workers will infer on this machine.

    Without ``--workers``, one per GPU or per core. The bundled model makes a batch in less time than a worker needs to
    start, so it has no more workers than batches.
    """
    if count := len(chosen_gpus(config)) or config.workers:
        return count
    useful = -(-poses // POSES_PER_WORKER) if config.model == "small" else poses
    return max(1, min(available_cores(), useful))


@contextmanager
def connect(context: RunContext, poses: int, signals: Signals, say: Callable[[str], None]) -> Iterator[Client]:
    """A client of the run's cluster, with posepipe's plugin on every worker.

    Parameters
    ----------
    context : RunContext
    poses : int
        Number of poses to make, for which local workers are started.
    signals : Signals
        Ends every wait.
    say : callable
        Receives one line per wait for something that the user starts.

    Raises
    ------
    ConfigError, MachineError, VersionMismatch
        The cluster cannot be used; nothing was written.
    Interrupted
        A signal arrived before the cluster was ready.
    """
    config = context.config
    settings: dict[str, Any] = {
        "distributed.scheduler.allowed-failures": 0,
        "distributed.deploy.lost-worker-timeout": "24h",
        "distributed.scheduler.no-workers-timeout": "10m",
        "distributed.scheduler.worker-ttl": f"{max(300.0, 2 * config.batch_timeout)}s",
        "distributed.admin.tick.limit": "1h",
        "distributed.worker.daemon": True,
        "distributed.worker.multiprocessing-method": forkserver.method(),
        "dataframe.convert-string": False,
    }
    if config.dashboard_address == NO_DASHBOARD:
        settings |= NO_PAGES
    settings |= {f"distributed.nanny.pre-spawn-environ.{name}": value for name, value in forkserver.MALLOC.items()}
    with dask.config.set(settings):
        if config.scheduler or config.scheduler_file:
            with silence_logging_cmgr(logging.CRITICAL), connect_to(config, signals, say) as client:
                check_cluster(client, config, signals, say)
                _register(client, context, signals)
                yield client
        else:
            with _closing(_started(config, poses, signals)) as cluster, Client(cluster) as client:
                _register(client, context, signals)
                yield client


def _register(client: Client, context: RunContext, signals: Signals) -> None:
    """Give every worker posepipe's plugin, now and when it joins later."""
    try:
        signals.wait_for(lambda: client.register_plugin(PosepipeWorker(context)), ANSWER_SECONDS)
    except TimeoutError as error:
        raise MachineError(f"the workers do not answer within {ANSWER_SECONDS:g} s") from error


@contextmanager
def _closing(cluster: LocalCluster) -> Iterator[LocalCluster]:
    """Close a cluster at the end. Workers that take too long, on a busy machine, end with this process."""
    try:
        yield cluster
    finally:
        try:
            cluster.close(timeout=CLOSE_SECONDS)
        except TimeoutError:
            logger.warning("workers did not close within %g s; they end with this process", CLOSE_SECONDS)


def _started(config: RunConfig, poses: int, signals: Signals) -> LocalCluster:
    """The local cluster with all its workers.

    Raises
    ------
    ConfigError
        An option cannot be used.
    MachineError
        The worker processes cannot be started.
    Interrupted
    """
    cluster = None
    try:
        with warnings.catch_warnings():  # the port may have been taken this moment; the run says which one it got
            warnings.filterwarnings("ignore", "Port .* is already in use")
            cluster, specs = _local_cluster(config, poses)
        cluster.worker_spec |= specs
        _fill(cluster, signals)
    except BaseException as error:
        if cluster is not None:
            with contextlib.suppress(Exception):  # the first error is the one to report
                cluster.close(timeout=CLOSE_SECONDS)
        if isinstance(error, PosepipeError) or not isinstance(error, (RuntimeError, OSError)):
            raise
        why: BaseException = error
        while why.__cause__ is not None:
            why = why.__cause__
        raise MachineError(f"the worker processes cannot be started: {described(why)}") from error
    return cluster


def _local_cluster(config: RunConfig, poses: int) -> tuple[LocalCluster, dict[str, dict[str, Any]]]:
    """A scheduler on this machine, and the specifications of its workers by name; none is started yet.

    One worker per GPU and publishing workers beside them. Without GPUs, workers that do both.
    """
    gpus = chosen_gpus(config)
    cores = available_cores()
    common: dict[str, Any] = {
        "host": LOCALHOST,
        "security": security(*new_certificate()),
        **_dashboard(config),
        "worker_dashboard_address": None,
        "threads_per_worker": 1,
        "memory_limit": 0,
        "silence_logs": logging.CRITICAL,
        "preload": ["posepipe.cluster"],
        "local_directory": str(Path(config.temp_dir).resolve() / f"{atomic.OWN}dask"),
    }
    specs: dict[str, dict[str, Any]] = {}
    if gpus:
        cluster, specs = gpu_cluster(gpus, common)
        count = publisher_count(len(gpus), cores)
        options = _cpu_options(cluster, {"publish": 1}, nthreads=1)
    else:
        count = infer_workers(config, poses)
        cluster = LocalCluster(n_workers=0, **common)
        options = _cpu_options(cluster, {"infer": 1, "publish": 1}, nthreads=2)
    return cluster, specs | {f"cpu{number}": {"cls": Nanny, "options": dict(options)} for number in range(count)}


def _dashboard(config: RunConfig) -> dict[str, Any]:
    """Options of the cluster for its dashboard.

    Without one, Dask's scheduler has an HTTP server all the same; it serves nothing (:data:`NO_PAGES`).
    """
    if config.dashboard_address == NO_DASHBOARD:
        return {"dashboard_address": f"{LOCALHOST}:0", "scheduler_kwargs": {"dashboard": False}}
    return {"dashboard_address": _free_address(config.dashboard_address)}


def dashboard_link(client: Client, config: RunConfig) -> str | None:
    """The address of the dashboard, if there is one."""
    link: str | None = client.dashboard_link
    return None if client.cluster is not None and config.dashboard_address == NO_DASHBOARD else link


def _cpu_options(cluster: LocalCluster, resources: dict[str, int], *, nthreads: int) -> dict[str, Any]:
    """Options of a nanny whose worker sees no GPU, with one thread for numerical libraries.

    dask-cuda's preload, which would create a CUDA context, is left out, and so is Dask's monitor of the GPU.
    """
    options = dict(cluster.new_spec["options"])
    return options | {
        "resources": resources,
        "nthreads": nthreads,
        "env": forkserver.cpu_environment(),
        "preload": ["posepipe.cluster"],
        "preload_argv": [],
        "config": {**(options.get("config") or {}), "distributed.diagnostics.nvml": False},
    }


def revive(client: Client, signals: Signals) -> None:
    """Start local workers again whose nanny gave up, as it does when a worker dies before it has started.

    Raises
    ------
    MachineError
        They cannot be started.
    Interrupted
    """
    nannies = getattr(client.cluster, "workers", {}).values()
    if any(nanny.status in GIVEN_UP for nanny in nannies):
        try:
            _fill(client.cluster, signals)
        except (RuntimeError, OSError) as error:
            raise MachineError(f"worker processes cannot be started again: {described(error)}") from error


def _fill(cluster: LocalCluster, signals: Signals) -> None:
    """Start the workers that the cluster lacks, all at once."""
    for left in reversed(range(START_TRIES)):
        for name in [name for name, nanny in cluster.workers.items() if nanny.status in GIVEN_UP]:
            del cluster.workers[name]
        try:
            signals.wait_for(lambda: cluster.sync(cluster._correct_state), FILL_SECONDS)
        except (RuntimeError, OSError) as error:
            refuse_repeated_calls()
            if not left or isinstance(error, TimeoutError):
                raise
        else:
            return


def allow_open_files(config: RunConfig, poses: int) -> None:
    """Raise this process's limit of open files to what its workers need.

    Raises
    ------
    MachineError
        The system does not allow it.
    """
    if config.scheduler or config.scheduler_file:
        return
    gpus = len(chosen_gpus(config))
    workers = gpus + publisher_count(gpus, available_cores()) if gpus else infer_workers(config, poses)
    wanted = OPEN_FILES + OPEN_FILES_PER_WORKER * workers
    soft, hard = getrlimit(RLIMIT_NOFILE)
    if soft == RLIM_INFINITY or soft >= wanted:
        return
    if hard != RLIM_INFINITY and hard < wanted:
        raise MachineError(f"{workers} workers need about {wanted} open files, {hard} are allowed (ulimit -n {wanted})")
    setrlimit(RLIMIT_NOFILE, (wanted, hard))


def dashboard_open_to(config: RunConfig) -> str | None:
    """A warning if ``--dashboard-address`` can be reached from other machines; the dashboard has no password."""
    if config.dashboard_address == NO_DASHBOARD:
        return None
    host = config.dashboard_address.rpartition(":")[0] or LOCALHOST
    try:
        inside = host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        inside = False
    if inside or config.scheduler or config.scheduler_file:
        return None
    return (
        f"--dashboard-address {config.dashboard_address}: everybody who reaches {host} can see the dashboard, with "
        "captions and logs, without a password; use 127.0.0.1 to keep it on this machine"
    )


def _free_address(address: str) -> str:
    """The address, with the next free port if its own is taken.

    Raises
    ------
    ConfigError
        It is not an address.
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
