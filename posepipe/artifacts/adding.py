"""Add formats to a pose that has files already: read its joints back, write the new files beside the old ones."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.artifacts.decoding import read_joints
from posepipe.artifacts.encoding import WRITE_ORDER
from posepipe.commandline.values import SOLVERS
from posepipe.config import STILL, RunConfig
from posepipe.errors import ConfigError, PoseError
from posepipe.storage.artifact_formats import FORMATS, SOURCES, column_of, file_of
from posepipe.storage.stores import Store
from posepipe.wording import listing

FIRST_LOOK: Final = "diagram"
"""The look of pictures without a name for it in the manifest: those of versions that had only this one."""


def stored_joints(row: Mapping[str, Any], store: Store) -> NDArray[np.float32]:
    """The joints that a row describes, (22, 3) float32, metres.

    Raises
    ------
    PoseError
        The files that hold joints are missing, or the first that is there has changed since it was written.
    OSError
        The file cannot be read, or the output folder is not there.
    """
    names = [name for name in SOURCES if isinstance(row[column_of(name)], str)]
    if not names:
        raise PoseError(f"{row['stem']} has neither NPY nor JSON nor motion to take the joints from")
    for name in names:
        try:
            content = store.read(row["path"], name)
        except FileNotFoundError:
            if not store.final_dir.is_folder():
                raise
            continue
        if hashlib.sha256(content).hexdigest() != row[column_of(name)]:
            file = file_of(row["stem"], name)
            raise PoseError(f"{file} has changed since it was written; posepipe verify --repair makes it due again")
        return read_joints(content, name, frame=row["frame_index"], original=row["model"] is None)
    files = listing([file_of(row["stem"], name) for name in names], "and")
    raise PoseError(f"{files} missing; posepipe verify --repair makes the pose due again")


def add_files(
    row: Mapping[str, Any],
    files: Mapping[str, bytes],
    path: str,
    store: Store,
    *,
    move: bool,
    described: Collection[str] = (),
) -> dict[str, Any]:
    """Write new files of a pose aside, by format; returns the columns of its row that change.

    Parameters
    ----------
    row : mapping
        The row of the pose, see :func:`without_deleted`; or an empty mapping for a new pose.
    files : mapping of str to bytes
    path : str
        Where the store is to put them, without extension.
    store : Store
    move : bool
        Also copy the files that the row describes, because the files of a pose lie together.
    described : collection of str
        Formats whose files may be overwritten.
    """
    kept = {name for name in WRITE_ORDER if move and row.get(column_of(name)) and name not in files}
    contents = {
        name: files[name] if name in files else store.read(row["path"], name)
        for name in WRITE_ORDER
        if name in files or name in kept
    }
    published = store.publish(path, contents, described)
    changes: dict[str, Any] = {column_of(name): checksum for name, checksum in published.sha256.items()}
    size = published.bytes + (0 if move or not row else _size(row, files, store))
    return changes | {"path": published.path, "bytes": size}


def without_deleted(row: dict[str, Any], there: Collection[str]) -> dict[str, Any]:
    """A row without the checksums of formats whose file is not there; its ``bytes`` are then null.

    Parameters
    ----------
    row : dict
        Changed in place.
    there : collection of str
        The formats whose files are there.
    """
    for name in FORMATS:
        if row[column_of(name)] and name not in there:
            row[column_of(name)], row["bytes"] = None, None
    if row["png_sha256"] is None:
        row["picture"] = None
    return row


def has_other_picture(row: Mapping[str, Any], look: str) -> bool:
    """Whether the picture of a pose is there and has another look than :attr:`~posepipe.config.RunConfig.look`."""
    return bool(row[column_of("png")]) and (row["picture"] or FIRST_LOOK) != look


def without_picture(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row that no longer describes its picture, so that the picture is drawn again."""
    return without_deleted(dict(row), [name for name in FORMATS if name != "png"])


def _size(row: Mapping[str, Any], files: Collection[str], store: Store) -> int:
    """Bytes of the files that a row describes, without those of ``files``."""
    if row["bytes"] is not None:
        return int(row["bytes"])
    left = [name for name in FORMATS if row[column_of(name)] and name not in files]
    return sum(len(store.read(row["path"], name)) for name in left)


def settings_of(row: Mapping[str, Any]) -> RunConfig:
    """The options that a pose was made with, for its JSON.

    The manifest has all but solver and its steps; ``settings_id`` tells the solver, if its steps are the default.

    Raises
    ------
    PoseError
        They are not, or the pose is one of MARDM's scripts.
    """
    if row["settings_id"] is not None:
        known = {name: row[name] for name in ("model", "seed", "sequence_length", "time_steps", "cfg", "precision")}
        known |= {name: value.item() for name, value in known.items() if isinstance(value, np.generic)}
        frames, temperatures = (row["frame_index"], STILL), (None, row["temperature"])
        for (solver, steps), temperature, frame in product(SOLVERS.items(), temperatures, frames):
            with suppress(ConfigError):
                config = RunConfig(
                    **known, temperature=_rounded(temperature), frame_index=frame, solver=solver, solver_steps=steps
                )
                config = replace(config, cfg=_rounded(row["cfg"]))
                if config.settings_id(row["model_fingerprint"], row["sequence_length"]) == row["settings_id"]:
                    return config
    raise PoseError(
        f"{row['stem']}: the manifest does not have all settings that its JSON would name; posepipe run --formats json "
        "with the options of the run writes it"
    )


def _rounded(value: float | None) -> float | None:
    """A number of a float32 column as it was typed."""
    return None if value is None else float(str(np.float32(value)))
