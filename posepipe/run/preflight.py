"""Checks of a whole run before its first write: the model, space, GPUs, files that no row describes, glyphs."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import Final

from posepipe import models
from posepipe.artifacts.decoding import is_original, read_json
from posepipe.captions.reading import caption_id
from posepipe.config import RunConfig
from posepipe.errors import CheckpointError, ConfigError, MachineError, RefusedError, UnsoundArtifact
from posepipe.run.plan import Plan
from posepipe.run.summary import Observer
from posepipe.storage.artifact_formats import file_of
from posepipe.storage.folders import Folder
from posepipe.storage.layout import loose_path, names_in
from posepipe.storage.stores import SET_ASIDE, FileStore
from posepipe.wording import count, no_file_name

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
    """Check file names, GPUs, open files and free space.

    Raises
    ------
    ConfigError
        A GPU that was asked for is not there, or the locale has no file names for the captions.
    MachineError
        There is not enough space, or too few files may be open.
    """
    from posepipe.run.cluster import allow_open_files

    _check_file_names(plan, store)
    allow_open_files(config, len(plan.work))  # looks for the GPUs as well, to count the workers
    free = store.final_dir.free_bytes()
    if free is not None and free < plan.space_needed + SPARE_BYTES:
        raise MachineError(
            f"{config.final_dir}: about {plan.space_needed / 2**20:.0f} MiB are needed, {SPARE_BYTES / 2**20:.0f} MiB "
            f"more are kept free for manifest and logs, and {free / 2**20:.0f} MiB are free; make room, or take fewer "
            "captions (--limit) or formats (--formats)"
        )


def _check_file_names(plan: Plan, store: FileStore) -> None:
    """Check that the locale of this process can spell the names of the files; in an ASCII locale it often cannot."""
    encoding = sys.getfilesystemencoding()
    if encoding == "utf-8" or not store.final_dir.is_local:
        return
    for stem in plan.work.stems:
        try:
            str(stem).encode(encoding)
        except UnicodeEncodeError:
            raise ConfigError(no_file_name(str(stem))) from None


def check_foreign_files(plan: Plan, config: RunConfig, final_dir: Folder, observer: Observer) -> None:
    """Look for files under the names of the poses to make that no row describes.

    Those with a JSON that posepipe did not write for the same caption belong to somebody else, and the run refuses.
    Others are compared when they are about to be overwritten, and moved aside if they differ.

    Raises
    ------
    RefusedError
        Files of somebody else are there.
    """
    if config.layout == "shards":
        return
    there = set(names_in(final_dir))
    if not there:
        return
    in_the_way, foreign = 0, []
    poses = plan.work.undescribed(config.format_list)
    for pose, stem in zip(poses.tolist(), plan.work.stems_of(poses), strict=True):
        path = loose_path(stem, config.layout)
        undescribed = [name for name in config.format_list if not plan.work.describes(pose, name)]
        in_the_way += sum(file_of(path, name) in there for name in undescribed)
        refused = plan.work.is_new(pose) and f"{path}.json" in there
        if refused and not _is_own(final_dir, path, plan.work.caption(pose)):
            foreign.append(f"{path}.json")
    if foreign:
        raise RefusedError(
            f"{config.final_dir}: {count(len(foreign), 'pose')} that no row describes and this run would overwrite "
            f"({', '.join(foreign[:3])}); --adopt takes over those of MARDM's scripts, or take another --final-dir"
        )
    if in_the_way:
        observer.message(
            f"{config.final_dir}: {count(in_the_way, 'file')} under the names of new poses that no row describes; "
            f"those that differ are moved to {SET_ASIDE} there"
        )


def _is_own(final_dir: Folder, path: str, caption: str) -> bool:
    """Whether a JSON was written by posepipe for this caption, as by a killed run."""
    try:
        fields, _ = read_json(final_dir.read(f"{path}.json"))
    except (OSError, UnsoundArtifact):
        return False
    return not is_original(fields) and caption_id(fields["caption"]) == caption_id(caption)


def warn_of_missing_glyphs(plan: Plan, config: RunConfig, observer: Observer) -> None:
    """Say once which characters the pictures cannot show."""
    from posepipe.picture import missing_glyphs, missing_message

    if "png" in config.format_list:
        missing = missing_glyphs(plan.work.foreign_captions())
        if missing:
            observer.warning(missing_message(missing))
