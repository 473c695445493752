"""A whole run as a sequence of steps: read, resolve the model, open, plan, check, execute, summarise.

Whatever is wrong with the whole run is found before the first artifact is written.
"""

from __future__ import annotations

import contextlib
import logging
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Final

from posepipe import manifest, models
from posepipe.captions.reading import Captions, read_captions
from posepipe.config import RunConfig
from posepipe.control import projects
from posepipe.control.lock import RunControl
from posepipe.control.state import ENDED, new_state
from posepipe.errors import ConfigError, InputError, cannot_be_written, machine_errors
from posepipe.manifest.index import ManifestIndex, read_index
from posepipe.run import forkserver, preflight
from posepipe.run.folders import settle_folders
from posepipe.run.heard import CHECKED, describe_heard
from posepipe.run.main_guard import check_main_guard
from posepipe.run.notebook import default_observer, is_interactive
from posepipe.run.plan import Plan, make_plan
from posepipe.run.signals import Interrupted, Signals
from posepipe.run.summary import Observer, Summary, Tally
from posepipe.storage.layout import artifact_names
from posepipe.storage.locations import RunFolders
from posepipe.storage.stores import FileStore
from posepipe.wording import count
from posepipe.workers.logs import LogFile, rotate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAMED_UNUSABLE: Final = 10
"""Unusable lines that are named on the terminal; run.log names all."""
NAMED_NOT_ADOPTED: Final = 3

logger = logging.getLogger("posepipe")


@dataclass(frozen=True)
class Job:
    """What the steps of a run share.

    Attributes
    ----------
    config : RunConfig
        With the model's own guidance scale filled in.
    folders : RunFolders
    captions : Captions
        The whole input.
    only : ndarray of uint64, optional
        Ids of the captions of ``--only``.
    fingerprint : str
        Of the model.
    observer : Observer
    """

    config: RunConfig
    folders: RunFolders
    captions: Captions
    only: NDArray[np.uint64] | None
    fingerprint: str
    observer: Observer


@machine_errors()
def generate(config: RunConfig, observer: Observer | None = None) -> Summary:
    """Make the poses that are missing.

    Parameters
    ----------
    config : RunConfig
    observer : Observer, optional
        Receives the progress of the run. By default it is shown in a notebook and at Python's prompt.

    Returns
    -------
    Summary

    Raises
    ------
    PosepipeError
        Something is wrong with the whole run; see :mod:`posepipe.errors`. A caption that fails raises nothing.

    Notes
    -----
    The run starts processes, which import the main script: call this below ``if __name__ == "__main__":``. Ctrl-C, and
    the interrupt of a notebook's kernel, finish what is in flight and return the summary; run again to continue.
    """
    if not config.dry_run:
        check_main_guard(config)
    job = _prepare(config, observer or default_observer())
    if job.config.dry_run:
        return _dry_run(job)
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    with Signals(exits=not is_interactive()) as signals, _open(job, run_id) as run_control:
        signals.asked_to_stop = run_control.asked_to_stop
        index = read_manifest_index(job)
        plan = make_plan(job.captions, index, job.config, job.fingerprint, only=job.only)
        if len(plan.work):
            forkserver.start(job.config)
        check(job, plan)
        claim(job)
        _empty_temp(job, plan, run_control)
        run_control.update(total=len(plan.work), done_before=plan.done)
        heard = _announce(job, plan)
        preflight.warn_of_missing_glyphs(plan, job.config, job.observer)
        started = monotonic()
        tally, stopped = Tally(), False
        with _run_log(job, plan, run_id, heard):
            if len(plan.work):
                try:
                    tally, stopped = _execute(job, plan, run_id, run_control, signals)
                except Interrupted:  # before the first wave
                    stopped = True
            seconds = monotonic() - started
            summary = _summarise(job, plan, run_id, tally, stopped=stopped, signal=signals.received, seconds=seconds)
            logger.info("ended: %d made, %d failed, %d left", tally.made, tally.failed.total(), summary.left)
        return summary


def _prepare(config: RunConfig, observer: Observer) -> Job:
    """Settle the folders, read the captions and resolve the model; writes nothing."""
    config = settle_folders(config, observer)
    captions = _read(config)
    fingerprint, cfg = preflight.resolve_model(config)
    asked, config = config, models.with_defaults(config, cfg)
    if said := models.chosen_teacher(asked, config):
        observer.message(said)
    only = _only(config, captions, observer)
    return Job(config, config.folders(), captions, only, fingerprint, observer)


def _read(config: RunConfig) -> Captions:
    if not (config.inputs or config.text_prompt):
        raise ConfigError("no captions: posepipe run CAPTIONS")
    captions = read_captions(config.inputs, prompts=config.text_prompt, column=config.column, encoding=config.encoding)
    if captions.unusable_count and config.strict:
        first = captions.unusable[0]
        lines = count(captions.unusable_count, "unusable line")
        raise InputError(f"{first.source}, line {first.line}: {first.reason} (--strict; {lines})")
    return captions


def _announce(job: Job, plan: Plan) -> list[str]:
    """Report how the input was read, and the plan; returns the lines about captions read in other words."""
    for line in job.captions.describe():
        job.observer.message(line)
    for bad in job.captions.unusable[:NAMED_UNUSABLE]:
        job.observer.message(f"{bad.source}, line {bad.line}: left out: {bad.reason}")
    heard = describe_heard(job.config.model, plan.work.new_captions(CHECKED))
    for line in heard:
        job.observer.message(line)
    job.observer.planned(plan)
    return heard


def _only(config: RunConfig, captions: Captions, observer: Observer) -> NDArray[np.uint64] | None:
    """The ids of the captions of ``--only``."""
    if config.only is None:
        return None
    wanted = read_captions(config.only).number
    missing = len(set(wanted.tolist()).difference(captions.number.tolist()))
    if 0 < missing < len(wanted):
        observer.message(f"{config.only}: {count(missing, 'caption')} not in the input, left out")
    return wanted


def _dry_run(job: Job) -> Summary:
    """Plan and report; writes nothing."""
    if job.config.adopt:
        _adopt(job)
    plan = make_plan(job.captions, _index(job), job.config, job.fingerprint, only=job.only)
    _announce(job, plan)
    preflight.check_foreign_files(plan, job.config, job.folders.final, job.observer)
    return _summarise(job, plan, "", Tally(), stopped=False, signal=0, seconds=0.0)


@contextlib.contextmanager
def _open(job: Job, run_id: str) -> Iterator[RunControl]:
    """Lock the output folder. A run that fails before it starts leaves no trace."""
    config, folders = job.config, job.folders
    state = new_state(
        run_id,
        final_dir=config.final_dir,
        manifest=config.manifest,
        temp_dir=config.temp_dir,
        log_dir=config.log_dir,
        model=config.model,
    )
    run_control = RunControl(config.control_dir, state)
    try:
        if was := projects.former_owner(folders.manifest, folders.final, config.control_dir):
            manifest.claim(folders.manifest, folders.final, was=was)
        yield run_control
    except BaseException as error:
        run_control.record_error(error)
        run_control.close(discard=True)
        raise
    run_control.update(state=ENDED)
    run_control.close()


def read_manifest_index(job: Job) -> ManifestIndex:
    """Write rows for adopted artifacts, then read the index."""
    if job.config.adopt:
        _adopt(job)
    return _index(job)


def _index(job: Job) -> ManifestIndex:
    """Read the index. Files that were deleted from a local output folder do not count as made."""
    final_dir = job.folders.final
    return read_index(job.folders.manifest, partial(artifact_names, final_dir) if final_dir.is_local else None)


def _adopt(job: Job) -> None:
    """Write rows for sound artifacts that have none; in a dry run only say how many there are."""
    from posepipe.artifacts import adoption

    folder, captions = job.folders.manifest, job.captions
    lines = dict(zip(captions.caption_id, captions.line.tolist(), strict=True))
    if job.config.dry_run:
        found = adoption.find(job.folders.final, folder)
        job.observer.message(
            f"--adopt would write rows for {count(len(found.rows), 'pose')}; the plan does not count them"
        )
    else:
        found = adoption.adopt(job.folders.final, folder, fsync=job.config.fsync, lines=lines)
        job.observer.message(f"adopted: {count(len(found.rows), 'pose')}")
    for stem, why in list(found.refused.items())[:NAMED_NOT_ADOPTED]:
        job.observer.message(f"  not adopted: {stem}: {why}")


def check(job: Job, plan: Plan) -> None:
    """Check that the machine can do the work, and make the output folders."""
    if not len(plan.work):
        return
    store = FileStore(job.folders.final, job.folders.temp, fsync=job.config.fsync)
    preflight.check_machine(plan, job.config, store)
    preflight.check_foreign_files(plan, job.config, job.folders.final, job.observer)
    store.prepare()


def claim(job: Job) -> None:
    """Claim the manifest for this output folder, clean it up and merge its fragments."""
    folder = job.folders.manifest
    with cannot_be_written(folder):
        manifest.claim(folder, job.folders.final)
        manifest.tidy(folder)
        manifest.sweep(folder)
        merged = manifest.compact(folder, fsync=job.config.fsync)
    if merged:
        job.observer.message(f"manifest: {count(merged, 'fragment')} merged")


def _empty_temp(job: Job, plan: Plan, run_control: RunControl) -> None:
    """Lock the temp dir and delete what a killed run left in it."""
    if len(plan.work):
        run_control.hold(job.folders.temp)
        FileStore(job.folders.final, job.folders.temp).empty_temp()


def _execute(job: Job, plan: Plan, run_id: str, run_control: RunControl, signals: Signals) -> tuple[Tally, bool]:
    """Start or join the Dask cluster and make the poses; returns the tally, and whether the run was stopped."""
    from posepipe.run.execution import execute

    tally, stopped = execute(job.config, plan, job.fingerprint, run_id, run_control, signals, job.observer)
    FileStore(job.folders.final, job.folders.temp).empty_temp()
    return tally, stopped


@contextlib.contextmanager
def _run_log(job: Job, plan: Plan, run_id: str, heard: Sequence[str]) -> Iterator[None]:
    """Write ``run.log`` of this run. The logs of earlier runs are kept with numbers."""
    folder, captions, config = job.folders.logs, job.captions, job.config
    with cannot_be_written(folder):
        folder.mkdir(parents=True, exist_ok=True)
        rotate(folder)
        handler = LogFile(folder / "run.log")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.disabled = False  # logging.config disables loggers that exist before its call
    try:
        logger.info("run %s: %s -> %s, manifest %s", run_id, captions.source, config.final_dir, config.manifest)
        for line in (*captions.describe(), *heard, *plan.length_notes):
            logger.info("%s", line)
        logger.info("to do %d, done %d, failed before %d", len(plan.work), plan.done, plan.failed_before)
        for bad in captions.unusable:
            logger.warning("%s, line %d left out: %s", bad.source, bad.line, bad.reason)
        for stem, others in plan.collisions.items():
            logger.warning("file name %s is wanted by more than one caption; also: %s", stem, ", ".join(others))
        yield
    except BaseException as error:
        logger.error("ended by %s: %s", type(error).__name__, error)
        raise
    finally:
        logger.removeHandler(handler)
        handler.close()


def _summarise(
    job: Job, plan: Plan, run_id: str, tally: Tally, *, stopped: bool, signal: int, seconds: float
) -> Summary:
    config = job.config
    return Summary(run_id, plan, tally, stopped, signal, seconds, config.final_dir, config.manifest, config.log_dir)
