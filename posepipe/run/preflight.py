"""Checks of a whole run before its first write: the model, space, GPUs, files that no row describes, glyphs."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import Any, Final

from posepipe import models
from posepipe.config import RunConfig
from posepipe.errors import CheckpointError, MachineError, RefusedError
from posepipe.run.plan import Plan
from posepipe.run.summary import Observer
from posepipe.storage.layout import loose_path, names_in
from posepipe.storage.stores import FileStore

SPARE_BYTES: Final = 64 * 2**20
"""Free space that must be left beyond what the artifacts need: for the manifest, logs and temporary files."""

_ASK: Final = (
    "import json, sys; from posepipe import models; name = sys.argv[1]; "
    "print('posepipe:' + json.dumps([models.fingerprint(name), models.default_cfg(name)]))"
)


def resolve_model(config: RunConfig) -> tuple[str, float]:
    """The model's fingerprint and its own guidance scale.

    A model of the user's own is loaded in another process, because its code may crash or need much memory.

    Raises
    ------
    CheckpointError
        The model cannot be loaded.
    MachineError
        The process that loaded it was killed.
    """
    if ":" not in config.model:
        return models.fingerprint(config.model, config.checkpoints), models.default_cfg(config.model)
    answer = subprocess.run([sys.executable, "-c", _ASK, config.model], capture_output=True, text=True)
    lines = [line for line in answer.stdout.splitlines() if line.startswith("posepipe:")]
    if answer.returncode == -signal.SIGKILL:
        raise MachineError(f"--model {config.model}: the process that loaded it was killed (out of memory?)")
    if answer.returncode or not lines:
        reason = (answer.stderr.strip().splitlines() or [f"exit status {answer.returncode}"])[-1]
        raise CheckpointError(f"--model {config.model} cannot be loaded: {reason}")
    fingerprint, cfg = json.loads(lines[-1].removeprefix("posepipe:"))
    return fingerprint, cfg


def check_machine(plan: Plan, config: RunConfig, store: FileStore) -> None:
    """Check GPUs, open files and free space.

    Raises
    ------
    ConfigError
        A GPU that was asked for is not there.
    MachineError
        There is not enough space, or too few files may be open.
    """
    from posepipe.run.cluster import allow_open_files

    allow_open_files(config)  # looks for the GPUs as well, to count the workers
    free = store.final_dir.free_bytes()
    if free is not None and free < plan.space_needed + SPARE_BYTES:
        raise MachineError(
            f"{config.final_dir}: about {plan.space_needed / 2**20:.0f} MiB are needed and {free / 2**20:.0f} MiB "
            "are free; make room, or take fewer captions (--limit) or formats (--formats)"
        )


def check_foreign_files(plan: Plan, config: RunConfig, store: FileStore) -> None:
    """Refuse to overwrite files that no row describes, unless a killed run of the same caption left them.

    Raises
    ------
    RefusedError
        There are such files.
    """
    if config.layout == "shards":
        return
    there = set(names_in(store.final_dir))
    if not there:
        return
    fresh = plan.work.without_row()
    foreign = []
    for pose, stem in zip(fresh.tolist(), plan.work.stems_of(fresh), strict=True):
        path = loose_path(stem, config.layout)
        found = [name for name in config.format_list if f"{path}.{name}" in there]
        if found and not _is_own(store, path, plan.work.caption(pose), there, config):
            foreign.append(f"{path}.{found[0]}")
    if foreign:
        raise RefusedError(
            f"{config.final_dir}: {len(foreign)} files are there already and no row describes them "
            f"({', '.join(foreign[:3])}); move them away, or take another --final-dir"
        )


def _is_own(store: FileStore, path: str, caption: str, there: set[str], config: RunConfig) -> bool:
    """Whether a file without a row was left by a killed run of this caption."""
    if f"{path}.json" not in there:
        return "json" not in config.format_list
    try:
        content: Any = json.loads(store.read(path, "json"))
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and content.get("caption") == caption


def warn_of_missing_glyphs(plan: Plan, config: RunConfig, observer: Observer) -> None:
    """Say once which characters the pictures cannot show."""
    from posepipe.picture import missing_glyphs, missing_message

    if "png" in config.format_list:
        missing = missing_glyphs(plan.work.foreign_captions())
        if missing:
            observer.warning(missing_message(missing))
