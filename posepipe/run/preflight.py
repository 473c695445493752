"""Checks of the whole run before its first write: space, GPUs, files that no row describes."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, Final

from posepipe.config import RunConfig
from posepipe.errors import (
    MachineError,
    RefusedError,
)
from posepipe.run.plan import Plan
from posepipe.run.summary import Observer
from posepipe.storage.layout import loose_path
from posepipe.storage.stores import LocalStore

if TYPE_CHECKING:
    pass


SPARE_BYTES: Final = 64 * 2**20

logger = logging.getLogger("posepipe")


def check_glyphs(plan: Plan, config: RunConfig, observer: Observer) -> None:
    """Say once per run which characters the pictures cannot show."""
    from posepipe.picture import missing_glyphs, missing_message

    if "png" in config.format_list:
        missing = missing_glyphs(plan.work.foreign_captions())
        if missing:
            observer.warning(missing_message(missing))


def check_machine(plan: Plan, config: RunConfig, store: LocalStore) -> None:
    """Space, GPUs and address, while nothing has been written."""
    from posepipe.run import cluster

    cluster.chosen_gpus(config)
    cluster.allow_open_files(config)
    free = store.free_bytes()
    if free is not None and free < plan.space_needed + SPARE_BYTES:
        raise MachineError(
            f"{config.final_dir}: about {plan.space_needed / 2**20:.0f} MiB are needed and {free / 2**20:.0f} MiB "
            "are free; make room, or take fewer captions (--limit) or formats (--formats)"
        )


def check_strays(plan: Plan, config: RunConfig, store: LocalStore) -> None:
    """Refuse to write over files that no row speaks of and that are not these captions' own."""
    if config.layout == "shards":
        return
    there = set(store.names())
    if not there:
        return
    fresh = plan.work.fresh()
    foreign = []
    for pose, stem in zip(fresh.tolist(), plan.work.named(fresh), strict=True):
        path = loose_path(stem, config.layout)
        found = [name for name in config.format_list if f"{path}.{name}" in there]
        if found and not _is_own(store, path, plan.work.caption(pose), there, config):
            foreign.append(f"{path}.{found[0]}")
    if foreign:
        raise RefusedError(
            f"{config.final_dir}: {len(foreign)} files are there already and no row speaks of them "
            f"({', '.join(foreign[:3])}); move them away, or take another --final-dir"
        )


def _is_own(store: LocalStore, path: str, caption: str, there: set[str], config: RunConfig) -> bool:
    """Whether a file without a row is what a killed run of this very caption left."""
    if f"{path}.json" not in there:
        return "json" not in config.format_list
    try:
        content: Any = json.loads(store.read(path, "json"))
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and content.get("caption") == caption
