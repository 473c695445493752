"""Execute a plan: connect to the Dask cluster, load the model on its workers, drive the waves."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from posepipe import models
from posepipe.config import RunConfig
from posepipe.control.lock import RunControl
from posepipe.control.scheduler_file import Access, published
from posepipe.errors import CheckpointError
from posepipe.run import cluster
from posepipe.run.plan import Plan
from posepipe.run.signals import Signals
from posepipe.run.summary import Observer, Tally
from posepipe.run.waves import Waves
from posepipe.storage import locations
from posepipe.workers.contract import RunContext

if TYPE_CHECKING:
    from distributed import Client


def execute(
    config: RunConfig,
    plan: Plan,
    fingerprint: str,
    run_id: str,
    run_control: RunControl,
    signals: Signals,
    observer: Observer,
) -> tuple[Tally, bool]:
    """Make the poses of a plan.

    Returns
    -------
    tally : Tally
    stopped : bool
        Whether the run was asked to end before all was done.

    Raises
    ------
    CheckpointError
        The workers loaded other weights than this process sees.
    MachineError
        The machine or the cluster cannot go on. Rows that were written stay.
    Interrupted
        A signal arrived before the first wave.
    """
    temperature = models.default_temperature(config.model)
    context = RunContext(_with_absolute_paths(config), run_id, fingerprint, temperature)
    warning = cluster.dashboard_open_to(config)
    if warning:
        observer.warning(warning)
    with cluster.connect(context, len(plan.work), signals, observer.message) as client:
        workers = _prepare_workers(client, plan, fingerprint, signals)
        access = Access(client.scheduler.address, *cluster.credentials(client))
        with published(config.control_dir, access) as private, _report(config):
            if not private:
                observer.message(
                    f"posepipe watch shows the manifest only: {config.control_dir} has no file permissions, so that "
                    "others could read how to connect to this run"
                )
            dashboard = cluster.dashboard_link(client, config)
            run_control.update(scheduler=access.address, dashboard=dashboard)
            observer.connected(dashboard, workers)
            waves = Waves(client, context, run_control, observer, signals, workers)
            waves.run(plan.work)
    return waves.tally, waves.stopped


def _with_absolute_paths(config: RunConfig) -> RunConfig:
    """The options for workers, which have other working folders."""
    names = ("final_dir", "temp_dir", "manifest", "log_dir", "checkpoints")
    absolute: dict[str, Any] = {name: locations.absolute(getattr(config, name)) for name in names}
    return replace(config, **absolute)


def _prepare_workers(client: Client, plan: Plan, fingerprint: str, signals: Signals) -> int:
    """Wait for the workers that infer and load the model on each, where it is needed; returns how many there are."""
    inferring = cluster.inferring(client)
    if len(plan.work) > plan.work.redraws:
        loaded = cluster.load_models(client, signals)
        if set(loaded.values()) != {fingerprint}:
            raise CheckpointError(
                f"the workers loaded other weights ({', '.join(sorted(set(loaded.values())))}) than this process sees "
                f"({fingerprint}); give all of them the same checkpoints"
            )
    return max(1, len(inferring))


@contextlib.contextmanager
def _report(config: RunConfig) -> Iterator[None]:
    """Write Dask's performance report of the block, where ``--report`` asks for it."""
    if config.report is None:
        yield
        return
    from distributed import performance_report

    with performance_report(filename=config.report):
        yield
