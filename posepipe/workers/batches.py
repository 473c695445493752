"""Rows of work through the model in batches: rows of one length together, padded to a fixed number of rows.

What happens to a batch that fails is decided in :mod:`posepipe.workers.infer`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.config import RunConfig
from posepipe.errors import BadShape, ConfigError
from posepipe.models.base import BulkModel, FinishingModel, Model
from posepipe.skeleton import NUM_JOINTS
from posepipe.workers.contract import pose_seed
from posepipe.workers.frames import still_frames

OWN_MODEL_BATCH: Final = 32
"""Captions per batch for a model of the user's own, which cannot choose a batch size."""


@dataclass
class Batch:
    """Rows of one length that go through the model together, padded to ``size`` rows."""

    rows: list[dict[str, Any]]
    length: int
    size: int


@dataclass(frozen=True)
class Generated:
    """What the model made of a batch of n rows.

    Attributes
    ----------
    motions : (n, frames, 22, 3) float array
        Metres.
    frames : (n,) int64 array
        The number of the frame that becomes the pose.
    """

    motions: NDArray[np.float32]
    frames: NDArray[np.int64]

    @cached_property
    def poses(self) -> NDArray[np.float32]:
        """The joints of each pose, (n, 22, 3) float32, metres. Numbers that float32 cannot hold become infinite."""
        with np.errstate(over="ignore"):
            return np.ascontiguousarray(self.motions[np.arange(len(self.frames)), self.frames], dtype=np.float32)


def make_batches(
    rows: Sequence[dict[str, Any]], model: Model, config: RunConfig, at_most: int | None = None
) -> list[Batch]:
    """Group rows of equal length into batches.

    Parameters
    ----------
    rows : sequence of dict
        With ``caption_id``, ``variant``, ``caption`` and ``length``. They get ``unsure`` and ``bone_reference``, and
        the length where the model estimates it.
    model : Model
    config : RunConfig
    at_most : int, optional
        Rows in a batch, at most; each batch is padded to the usual number all the same.

    Raises
    ------
    ConfigError
        The lengths are to be estimated, and the model cannot do it.
    """
    captions = [row["caption"] for row in rows]
    if isinstance(model, BulkModel):
        model.prepare(list(captions))
        for row, unsure in zip(rows, model.unsure(list(captions)), strict=True):
            row["unsure"] = bool(unsure)
            row["bone_reference"] = None if model.bone_lengths is None else model.bone_lengths.tobytes()
        if config.sequence_length == "estimate":
            seeds = [pose_seed(config.seed, row["caption_id"], row["variant"]) for row in rows]
            for row, length in zip(rows, model.estimate_lengths(captions, seeds), strict=True):
                row["length"] = int(length)
    elif config.sequence_length == "estimate":
        raise ConfigError("--sequence-length estimate: this model has no length estimator; give a number")
    batches = []
    for length in sorted({row["length"] for row in rows}):
        alike = [row for row in rows if row["length"] == length]
        size = config.batch_size
        if not isinstance(size, int):
            size = model.automatic_batch_size(length) if isinstance(model, BulkModel) else OWN_MODEL_BATCH
        step = min(size, at_most or size)
        batches += [Batch(alike[start : start + step], length, size) for start in range(0, len(alike), step)]
    return batches


def generate_batch(batch: Batch, model: Model, config: RunConfig, *, whole: bool = True) -> Generated:
    """Make the motions of a batch, choose the frames and finish them.

    Parameters
    ----------
    batch : Batch
    model : Model
    config : RunConfig
    whole : bool
        Whether all frames of the motions are needed; otherwise only the chosen ones are finished.

    Raises
    ------
    BadShape
        The model gave an array of another shape or dtype.
    """
    captions = [row["caption"] for row in batch.rows]
    seeds = [pose_seed(config.seed, row["caption_id"], row["variant"]) for row in batch.rows]
    time_steps, cfg = config.time_steps, config.cfg
    if time_steps is None or cfg is None:
        raise TypeError("time_steps and cfg must be resolved before a run")
    length = batch.length
    how: dict[str, Any] = {"sequence_length": length, "time_steps": time_steps, "cfg": cfg}
    variants = [row["variant"] for row in batch.rows]
    if isinstance(model, FinishingModel):
        motions = model.generate_variants(captions, seeds, variants, **how, batch_size=batch.size)
    elif isinstance(model, BulkModel):
        motions = model.generate_motions(captions, seeds, **how, batch_size=batch.size)
    else:
        motions = model.generate(captions, seeds, **how)
    motions = _as_array(motions, (len(batch.rows), length, NUM_JOINTS, 3))
    frame = config.resolved_frame(length)
    frames = still_frames(motions) if frame is None else np.full(len(motions), frame)
    if isinstance(model, FinishingModel):
        chosen = np.arange(length)[None] if whole else frames[:, None]
        places = np.arange(len(motions))[:, None], chosen
        motions[places] = model.finish(motions[places], captions, seeds, variants)
    return Generated(motions, frames)


def _as_array(answer: Any, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """A copy of what a model returned, which the model may keep and change.

    Raises
    ------
    BadShape
        It is no array of this shape and of floating-point numbers.
    """
    try:
        motions = np.array(answer)
    except (ValueError, TypeError) as error:
        raise BadShape(f"the model gave a {type(answer).__name__} that is no array ({error})") from error
    if motions.dtype == object:
        raise BadShape(f"the model gave a {type(answer).__name__} , not a float32 array {shape}")
    if motions.shape != shape or not np.issubdtype(motions.dtype, np.floating):
        raise BadShape(f"the model gave {motions.dtype} {motions.shape}, not float32 {shape}")
    return motions
