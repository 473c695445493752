"""The folders of a run: which of them may lie in which, and the manifest that the output folder already has."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from posepipe.config import RunConfig
from posepipe.control import projects
from posepipe.control.state import STATE_NAME, RunState, read_state
from posepipe.errors import ConfigError, RefusedError
from posepipe.run.summary import Observer
from posepipe.storage.folders import Folder
from posepipe.storage.locations import absolute, default_manifest, is_loop, lies_in, shown
from posepipe.storage.owners import owner_of
from posepipe.workers.logs import is_own


def settle_folders(config: RunConfig, observer: Observer) -> RunConfig:
    """Check the folders of a run and find the manifest of its output folder; writes nothing.

    Without ``--manifest`` (or with its default value) the manifest is the one that the state file of the output folder
    names, so that a run from another working folder goes on with it.

    Raises
    ------
    ConfigError
        A folder lies where it must not.
    RefusedError
        The manifest belongs to another output folder, or is gone; or ``run.log`` is somebody else's.
    """
    check_apart(config)
    _check_log(config)
    final_dir = config.folders().final
    state = _state(config, final_dir)
    if state is not None:
        config = _recorded(config, state, final_dir, observer)
    folders = config.folders()
    if not projects.accepts(folders.manifest, folders.final, state):
        owner = owner_of(folders.manifest)
        raise RefusedError(f"{config.manifest} is the manifest of {owner}; give --manifest another folder")
    return config


def check_apart(config: RunConfig) -> None:
    """Check that no folder of a run lies where another would meet it.

    Artifacts alone may lie in the output folder, because ``verify`` moves everything else aside, and fragments alone in
    the manifest, because ``pandas.read_parquet`` reads all files there. Names that begin with a dot are left out by
    both.

    Raises
    ------
    ConfigError
        One lies in another.
    """
    for option, named in (("--final-dir", config.control_dir), ("--manifest", config.manifest)):
        if is_loop(named):
            raise ConfigError(f"{option} {named}: is a loop of symbolic links")
    final, manifest = ("--final-dir", config.final_dir), ("--manifest", config.manifest)
    temp, logs, report = ("--temp-dir", config.temp_dir), ("--log-dir", config.log_dir), ("--report", config.report)
    pairs = [(other, final) for other in (manifest, temp, logs, report)]
    pairs += [(final, manifest), (final, temp)]
    pairs += [(other, manifest) for other in (temp, logs, report)]
    for (option, place), (other, folder) in pairs:
        if place and folder and lies_in(place, folder):
            what = "is the same folder as" if absolute(place) == absolute(folder) else "lies in"
            raise ConfigError(f"{option} {place}: {what} {other} {folder}; give {option} or {other} another folder")


def _check_log(config: RunConfig) -> None:
    """Refuse a folder for logs whose ``run.log`` is somebody else's, because the run would write to it."""
    path = Path(config.log_dir) / "run.log"
    if os.path.lexists(path) and not is_own(path) and not (path.is_file() and path.stat().st_size == 0):
        raise RefusedError(f"{path}: is not a log of posepipe; give --log-dir another folder")


def _has_default_manifest(config: RunConfig) -> bool:
    return config.manifest == default_manifest(config.final_dir)


def _state(config: RunConfig, final_dir: Folder) -> RunState | None:
    """The state of the output folder.

    Raises
    ------
    ConfigError
        It cannot be read, and the manifest that the options name is not known to be the right one.
    """
    try:
        return read_state(config.control_dir)
    except ConfigError:
        there = os.path.lexists(Path(config.control_dir) / STATE_NAME)
        if there and _has_default_manifest(config) and owner_of(config.folders().manifest) != final_dir.absolute:
            raise
        return None


def _recorded(config: RunConfig, state: RunState, final_dir: Folder, observer: Observer) -> RunConfig:
    """The options with the manifest that a state names, unless another one is given; the choice is said."""
    if not _has_default_manifest(config):
        if absolute(config.manifest) != state.manifest and owner_of(config.folders().manifest) is None:
            observer.message(
                f"{config.manifest}: a new manifest; {config.final_dir}/{STATE_NAME} names {shown(state.manifest)}"
            )
        return config
    if absolute(config.manifest) == state.manifest:
        if note := projects.note_on_move(config.final_dir, state):
            observer.message(note)
        return config
    project = projects.find_project(config.control_dir)
    if project.manifest.is_folder():
        named = shown(state.manifest)
        observer.message(project.note or f"manifest: {named}, as {config.final_dir}/{STATE_NAME} says")
        return replace(config, manifest=named)
    if owner_of(config.folders().manifest) != final_dir.absolute:
        raise RefusedError(
            f"{config.final_dir}: its manifest {shown(state.manifest)} is not there; give --manifest the folder where "
            "it is now, or a new one and --adopt, which records the poses from their files"
        )
    observer.message(f"manifest: {config.manifest}; {shown(state.manifest)} is not there any more")
    return config
