"""A whole run from its options to its summary: read, check, lock, plan, then the pipeline.

Everything that is wrong with the whole run is found here, before the first artifact is written.
"""

from __future__ import annotations

import contextlib
import json
import logging
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from posepipe import manifest, models
from posepipe.captions.reading import Captions, read_captions
from posepipe.config import RunConfig
from posepipe.control.lock import RunControl
from posepipe.control.state import ENDED, new_state
from posepipe.errors import (
    CheckpointError,
    ConfigError,
    InputError,
    MachineError,
    PosepipeError,
    RefusedError,
    is_machine_error,
)
from posepipe.manifest.index import Known, read_known
from posepipe.run.plan import Plan, make_plan
from posepipe.run.signals import Signals
from posepipe.run.summary import Observer, Silent, Summary, Tally
from posepipe.storage import locations
from posepipe.storage.stores import open_store
from posepipe.workers.logs import LogFile, rotate

if TYPE_CHECKING:
    import numpy as np
    from distributed import Client
    from numpy.typing import NDArray

from posepipe.run.preflight import check_glyphs, check_machine, check_strays

logger = logging.getLogger("posepipe")


@contextlib.contextmanager
def _machine_errors() -> Iterator[None]:
    """What the machine says, wherever it says it, as one error of ours."""
    try:
        yield
    except OSError as error:
        if isinstance(error, PosepipeError) or not is_machine_error(error):
            raise
        where = f"{error.filename}: " if error.filename else ""
        raise MachineError(f"{where}{error.strerror or error}") from error


@_machine_errors()
def generate(config: RunConfig, observer: Observer | None = None) -> Summary:
    """Make the poses that are missing.

    Parameters
    ----------
    config : RunConfig
    observer : Observer, optional
        Is told how it goes.

    Returns
    -------
    Summary

    Raises
    ------
    PosepipeError
        What is wrong with the whole run; see :mod:`posepipe.errors`. Captions that fail raise nothing.
    """
    observer = observer or Silent()
    captions = _read(config, observer)
    config, fingerprint = _resolve_model(config)
    only = _only(config)
    if config.dry_run:
        if config.adopt:
            _adopt(captions, config, observer)
        plan = make_plan(captions, read_known(str(config.manifest)), config, fingerprint, only=only)
        observer.planned(plan)
        return _summary("", config, plan, Tally(), stopped=False, signal=0, seconds=0.0)
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    with Signals() as signals, _locked(config, run_id) as run_control:
        plan = _plan(captions, config, fingerprint, only, observer)
        if len(plan.work):
            run_control.hold(Path(str(config.temp_dir)))
            open_store(config.final_dir, str(config.temp_dir)).empty_temp()
        run_control.update(total=len(plan.work), done_before=plan.done)
        observer.planned(plan)
        check_glyphs(plan, config, observer)
        started = monotonic()
        tally, stopped = Tally(), False
        with _run_log(config, captions, plan, run_id):
            if len(plan.work):
                tally, stopped = _execute(plan, config, fingerprint, run_id, run_control, signals, observer)
            summary = _summary(
                run_id,
                config,
                plan,
                tally,
                stopped=stopped,
                signal=signals.received,
                seconds=monotonic() - started,
            )
            logger.info("ended: %d made, %d failed, %d left", tally.made, tally.failed.total(), summary.left)
        return summary


def _summary(
    run_id: str, config: RunConfig, plan: Plan, tally: Tally, *, stopped: bool, signal: int, seconds: float
) -> Summary:
    return Summary(
        run_id, plan, tally, stopped, signal, seconds, config.final_dir, str(config.manifest), config.log_dir
    )


def _read(config: RunConfig, observer: Observer) -> Captions:
    if not config.text_path:
        raise ConfigError("no captions: posepipe run CAPTIONS")
    captions = read_captions(config.text_path)
    if captions.unusable_count and config.strict:
        first = captions.unusable[0]
        raise InputError(
            f"{captions.source}, line {first.line}: {first.reason} (--strict; {captions.unusable_count} such lines)"
        )
    if captions.skipped:
        parts = ", ".join(f"{count:,} {what}" for what, count in captions.skipped.items())
        observer.message(f"{captions.source}: left out {parts}")
    for bad in captions.unusable[:10]:
        observer.message(f"{captions.source}, line {bad.line}: left out: {bad.reason}")
    return captions


def _only(config: RunConfig) -> NDArray[np.uint64] | None:
    return read_captions(config.only).number if config.only else None


def _resolve_model(config: RunConfig) -> tuple[RunConfig, str]:
    """The model's fingerprint, and the options with the model's own guidance scale.

    A model of the user's own is asked in a process apart: it may take memory, or die.
    """
    if ":" in config.model:
        code = (
            "import json, sys; from posepipe import models; name = sys.argv[1]; "
            "print('posepipe:' + json.dumps([models.fingerprint(name), models.default_cfg(name)]))"
        )
        answer = subprocess.run([sys.executable, "-c", code, config.model], capture_output=True, text=True)
        lines = [line for line in answer.stdout.splitlines() if line.startswith("posepipe:")]
        if answer.returncode == -signal.SIGKILL:
            raise MachineError(f"--model {config.model}: the process that looked at it was killed (out of memory?)")
        if answer.returncode or not lines:
            reason = (answer.stderr.strip().splitlines() or [f"exit status {answer.returncode}"])[-1]
            raise CheckpointError(f"--model {config.model} cannot be loaded: {reason}")
        fingerprint, cfg = json.loads(lines[-1].removeprefix("posepipe:"))
    else:
        fingerprint = models.fingerprint(config.model, config.checkpoints)
        cfg = models.default_cfg(config.model)
    return (config if config.cfg is not None else replace(config, cfg=cfg)), fingerprint


@contextlib.contextmanager
def _locked(config: RunConfig, run_id: str) -> Iterator[RunControl]:
    """Hold the output folder; leave no trace of a run that never began."""
    state = new_state(
        run_id,
        final_dir=config.final_dir,
        manifest=str(config.manifest),
        temp_dir=str(config.temp_dir),
        log_dir=config.log_dir,
        model=config.model,
    )
    owner = manifest.owner_of(str(config.manifest))
    if owner is not None and owner != locations.absolute(config.final_dir):
        raise RefusedError(f"{config.manifest} is the manifest of {owner}; give --manifest another folder")
    run_control = RunControl(config.control_dir, state)
    try:
        yield run_control
    except BaseException as error:
        run_control.broke(error)
        run_control.close(discard=True)
        raise
    run_control.update(state=ENDED)
    run_control.close()


def _plan(
    captions: Captions,
    config: RunConfig,
    fingerprint: str,
    only: NDArray[np.uint64] | None,
    observer: Observer,
) -> Plan:
    """Plan, check that the machine can do it, and tidy up after a dead run."""
    folder = locations.path_of(str(config.manifest))
    plan = make_plan(captions, _known(captions, config, observer), config, fingerprint, only=only)
    store = open_store(config.final_dir, str(config.temp_dir), fsync=config.fsync)
    if len(plan.work):
        check_machine(plan, config, store)
        check_strays(plan, config, store)
        store.prepare()
    try:
        manifest.claim(folder, config.final_dir)
        manifest.tidy(folder)
        manifest.sweep(folder)
        merged = manifest.compact(folder, fsync=config.fsync)
    except OSError as error:
        raise MachineError(f"{folder}: cannot be written ({error.strerror})") from error
    if merged:
        observer.message(f"manifest: {merged} fragments merged into one")
    return plan


def _known(captions: Captions, config: RunConfig, observer: Observer) -> Known:
    """What the manifest knows, after what is no fragment has been set aside and files without a row have one."""
    folder = locations.path_of(str(config.manifest))
    known = read_known(folder)
    if known.unreadable:
        place = manifest.set_aside(folder, [path for path, _ in known.unreadable])
        for path, reason in known.unreadable:
            observer.message(f"{path.name}: {reason}; set aside in {place}, what it covered is made again")
    if config.adopt:
        _adopt(captions, config, observer)
    return read_known(folder) if known.unreadable or config.adopt else known


def _adopt(captions: Captions, config: RunConfig, observer: Observer) -> None:
    """Write rows for sound artifacts that have none; with ``--dry-run`` say how many there are."""
    from posepipe.artifacts import adoption

    folder = str(config.manifest)
    lines = dict(zip(captions.caption_id, captions.line.tolist(), strict=True))
    if config.dry_run:
        found = adoption.find(config.final_dir, folder)
        observer.message(f"--adopt would write rows for {len(found.rows):,} poses; the plan does not count them")
    else:
        found = adoption.adopt(config.final_dir, folder, fsync=config.fsync, lines=lines)
        observer.message(f"adopted: {len(found.rows):,} poses")
    for stem, why in list(found.refused.items())[:3]:
        observer.message(f"  not adopted: {stem}: {why}")


def _execute(
    plan: Plan,
    config: RunConfig,
    fingerprint: str,
    run_id: str,
    run_control: RunControl,
    signals: Signals,
    observer: Observer,
) -> tuple[Tally, bool]:
    """Start the workers and drive the work through them."""
    from posepipe.run import cluster
    from posepipe.run.waves import Pipeline
    from posepipe.workers.contract import RunContext

    places = ("final_dir", "temp_dir", "manifest", "log_dir", "checkpoints")
    resolved: dict[str, Any] = {name: locations.absolute(getattr(config, name)) for name in places}
    absolute = replace(config, **resolved)
    context = RunContext(absolute, run_id, fingerprint)
    open_to = cluster.dashboard_open_to(config)
    if open_to:
        observer.warning(open_to)
    with cluster.connect(context) as client:
        workers = _ready(client, plan, fingerprint)
        scheduler_file = Path(config.control_dir).resolve() / ".posepipe-scheduler.json"
        client.write_scheduler_file(str(scheduler_file))
        run_control.update(
            scheduler=client.scheduler.address,
            scheduler_file=str(scheduler_file),
            dashboard=client.dashboard_link,
        )
        observer.connected(client.dashboard_link, workers)
        pipeline = Pipeline(client, context, run_control, observer, signals, workers)
        with _report(config):
            pipeline.run(plan.work)
    open_store(absolute.final_dir, str(absolute.temp_dir)).empty_temp()
    return pipeline.tally, pipeline.stopped


def _ready(client: Client, plan: Plan, fingerprint: str) -> int:
    """Wait for the workers that infer, and load the model on each; returns how many."""
    from posepipe.run import cluster

    inferring = cluster.inferring(client)
    if len(plan.work) > plan.work.redraws:
        loaded = cluster.load_models(client)
        if set(loaded.values()) != {fingerprint}:
            raise CheckpointError(
                f"the workers loaded other weights ({', '.join(sorted(set(loaded.values())))}) than this process sees "
                f"({fingerprint}); give all of them the same checkpoints"
            )
    return max(1, len(inferring))


@contextlib.contextmanager
def _report(config: RunConfig) -> Iterator[None]:
    if config.report is None:
        yield
        return
    from distributed import performance_report

    with performance_report(filename=config.report):
        yield


@contextlib.contextmanager
def _run_log(config: RunConfig, captions: Captions, plan: Plan, run_id: str) -> Iterator[None]:
    """``run.log`` of this run; the logs of earlier runs are kept under numbers."""
    folder = Path(config.log_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        rotate(folder)
        handler = LogFile(folder / "run.log")
    except OSError as error:
        raise MachineError(f"{folder}: cannot be written ({error.strerror})") from error
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        logger.info("run %s: %s -> %s, manifest %s", run_id, captions.source, config.final_dir, config.manifest)
        logger.info("to do %d, done %d, failed before %d", len(plan.work), plan.done, plan.failed_before)
        for bad in captions.unusable:
            logger.warning("%s, line %d left out: %s", captions.source, bad.line, bad.reason)
        for stem, others in plan.collisions.items():
            logger.warning("file name %s is wanted by more than one caption; also: %s", stem, ", ".join(others))
        yield
    except BaseException as error:
        logger.error("ended by %s: %s", type(error).__name__, error)
        raise
    finally:
        logger.removeHandler(handler)
        handler.close()
