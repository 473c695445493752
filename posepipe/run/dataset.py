"""Finished poses as a dataset: one Parquet file, or several in a folder as the Hugging Face hub lays them out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from posepipe.artifacts.poses import Poses
from posepipe.errors import ConfigError, cannot_be_written

ROWS_PER_FILE: Final = 200_000
"""Poses in one file of a folder; about 60 MB."""


def check_target(target: Path, out: Path) -> None:
    """Check that a dataset can be written to a path without touching anything else.

    Raises
    ------
    ConfigError
        Something is there already, the path lies in the output folder, or its parent is missing.
    """
    if target.suffix == ".parquet":
        if os.path.lexists(target):
            raise ConfigError(f"--to {target}: is there already; give another name, or delete it")
        if not target.parent.is_dir():
            raise ConfigError(f"--to {target}: {target.parent} is not a folder; make it first")
    elif target.suffix:
        raise ConfigError(f"--to {target}: give a name that ends in .parquet, or a folder")
    elif target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ConfigError(f"--to {target}: is there already; give a new or an empty folder")
    if target.resolve().is_relative_to(out.resolve()):
        raise ConfigError(
            f"--to {target}: is inside {out}, where verify would report it as a stray; give a path outside"
        )


def write_dataset(poses: Poses, target: Path) -> list[Path]:
    """Write all poses; returns the files.

    Parameters
    ----------
    poses : Poses
    target : Path
        A name that ends in ``.parquet``, or a folder for files like ``train-00000-of-00003.parquet``, each with at most
        ROWS_PER_FILE poses.
    """
    if target.suffix == ".parquet":
        with cannot_be_written(target):
            poses.write_parquet(target)
        return [target]
    parts = range(0, len(poses), ROWS_PER_FILE)
    written = []
    with cannot_be_written(target):
        target.mkdir(parents=True, exist_ok=True)
        for number, start in enumerate(parts):
            path = target / f"train-{number:05d}-of-{len(parts):05d}.parquet"
            poses[start : start + ROWS_PER_FILE].write_parquet(path)
            written.append(path)
    return written
