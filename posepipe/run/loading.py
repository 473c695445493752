"""``posepipe.load``: a model in this process, which makes single poses without a cluster and without a manifest."""

from __future__ import annotations

import re
import sys
import threading
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Final, overload

import numpy as np

from posepipe import models
from posepipe.artifacts.decoding import is_finite
from posepipe.artifacts.measures import flags, sanity
from posepipe.artifacts.pose import Pose
from posepipe.captions.reading import read_captions
from posepipe.captions.sources import PROMPTS
from posepipe.captions.stems import stem_of, variant_stem
from posepipe.commandline import whole
from posepipe.config import RunConfig
from posepipe.errors import ConfigError, NonFinitePose
from posepipe.models.base import Model
from posepipe.workers.batches import Batch, generate_batch, make_batches
from posepipe.workers.contract import INFER, RunContext
from posepipe.workers.devices import COMPUTING_THREADS, load_on, visible_gpus
from posepipe.workers.rows import base_row

DEVICE: Final = re.compile(r"cpu|cuda(:[0-9]+)?")


class PoseModel:
    """A loaded model: call it with captions. :func:`load` makes one.

    Attributes
    ----------
    config : RunConfig
        The options of its poses, with the model's own values filled in.
    device : str
        ``cpu``, or ``cuda:`` with a number.
    fingerprint : str
        Changes with the weights.
    """

    def __init__(self, model: Model, config: RunConfig, device: str) -> None:
        self.config = config
        self.device = device
        self.fingerprint = model.fingerprint
        self._model = model
        self._lock = threading.Lock()

    @overload
    def __call__(  # type: ignore[overload-overlap]  # a str is a Sequence[str] too
        self, captions: str, *, seed: int | None = None, variants: None = None
    ) -> Pose: ...

    @overload
    def __call__(
        self, captions: Sequence[str], *, seed: int | None = None, variants: int | None = None
    ) -> list[Pose]: ...

    def __call__(
        self, captions: str | Sequence[str], *, seed: int | None = None, variants: int | None = None
    ) -> Pose | list[Pose]:
        """Make poses.

        Parameters
        ----------
        captions : str or sequence of str
            One caption or several.
        seed : int, optional
            Instead of the seed that :func:`load` was given.
        variants : int, optional
            Make this many poses per caption.

        Returns
        -------
        Pose or list of Pose
            A pose for a single caption without ``variants``, else a list: all variants of the first caption, then
            those of the next. A caption that is there twice is made twice.

        Raises
        ------
        InputError
            A caption is empty, has more than 2,000 characters, or is otherwise unusable.
        NonFinitePose, BadShape
            The model gave something that is no pose. Other errors of the model are passed on.
        """
        config = self.config if seed is None else replace(self.config, seed=seed)
        count = 1 if variants is None else whole(1, 10_000).read("variants", variants)
        if not isinstance(captions, Iterable):
            raise ConfigError(f"captions {captions!r:.60}: give a string, or a list of strings")
        texts = [captions] if isinstance(captions, str) else list(captions)
        rows = [
            row | {"variant": variant, "stem": variant_stem(row["stem"], variant)}
            for row in [self._row(text) for text in texts]
            for variant in range(count)
        ]
        poses: dict[int, Pose] = {}
        with self._lock, _threads_of_a_worker():
            for batch in make_batches(rows, self._model, config) if rows else ():
                poses |= zip(map(id, batch.rows), self._poses(batch, config), strict=True)
        made = [poses[id(row)] for row in rows]
        return made[0] if isinstance(captions, str) and variants is None else made

    def _row(self, text: str) -> dict[str, Any]:
        """A row of work for the first variant of a caption, which is read as ``--text-prompt`` reads it."""
        if not isinstance(text, str):
            raise ConfigError(f"caption {text!r:.60}: give a string, or a list of strings")
        read = read_captions((), prompts=(text,))
        (caption,), (identity,) = read.caption, read.caption_id
        length = self.config.sequence_length
        return {
            "caption": caption,
            "caption_id": identity,
            "line": 1,
            "source": PROMPTS,
            "attempts": 1,
            "stem": stem_of(caption, identity),
            "length": length if isinstance(length, int) else 0,
            "mode": INFER,
            "previous": None,
            "after": 0,
            "pinned": False,
            "partition": 0,
            "worker": None,
            "device": self.device,
        }

    def _poses(self, batch: Batch, config: RunConfig) -> Iterator[Pose]:
        started, clock = datetime.now(UTC), monotonic()
        made = generate_batch(batch, self._model, config)
        about = {"batch_size": batch.size, "seconds": (monotonic() - clock) / len(batch.rows), "started_at": started}
        context = RunContext(config, "", self.fingerprint, models.default_temperature(config.model))
        for row, joints, motion, frame in zip(batch.rows, made.poses, made.motions, made.frames.tolist(), strict=True):
            if not is_finite(joints).all():
                raise NonFinitePose(f"{row['caption']!r:.60}: the model gave NaN or infinite joints")
            row |= about | {"frame_index": frame, "settings_id": config.settings_id(self.fingerprint, batch.length)}
            full = base_row(row, context) | sanity(joints, row.get("bone_reference"))
            full["flags"] = flags(full, joints, unsure=bool(row.get("unsure")))
            yield Pose(joints.copy(), np.array(motion, dtype=np.float32), full, config)

    def __repr__(self) -> str:
        return f"<PoseModel {self.config.model} on {self.device}, seed {self.config.seed}>"


def load(
    model: str = "small",
    *,
    device: str | None = None,
    checkpoints: str | Path = "checkpoints",
    preset: str = "default",
    sequence_length: int | str | None = None,
    frame_index: int | str = -1,
    time_steps: int | None = None,
    cfg: float | None = None,
    temperature: float | None = None,
    solver: str | None = None,
    solver_steps: int | None = None,
    seed: int = 3407,
    precision: str = "float32",
    batch_size: int | str = "auto",
    picture: str | None = None,
    transparent: bool = False,
) -> PoseModel:
    """Load a model into this process, to make single poses.

    The joints are those of ``posepipe run`` with these options. For many poses :func:`posepipe.generate` is faster.

    Parameters
    ----------
    model : str
        ``small``, ``mardm-sit-xl``, ``mardm-ddpm-xl`` or ``package.module:factory``.
    device : {"cpu", "cuda", "cuda:0", ...}, default: the first GPU if there is one, else the CPU
    checkpoints, preset, sequence_length, frame_index, time_steps, cfg, temperature, solver, solver_steps, seed, \
precision, batch_size, picture, transparent
        The options of :class:`posepipe.RunConfig` with these names.

    Returns
    -------
    PoseModel
        Call it with a caption, or with a list of captions.

    Raises
    ------
    ConfigError, CheckpointError, MachineError
        An option, the weights or the device cannot be used.
    """
    config = RunConfig(
        model=model,
        checkpoints=str(checkpoints),
        preset=preset,
        sequence_length=sequence_length,
        frame_index=frame_index,
        time_steps=time_steps,
        cfg=cfg,
        temperature=temperature,
        solver=solver,
        solver_steps=solver_steps,
        seed=seed,
        precision=precision,
        batch_size=batch_size,
        picture=picture,
        transparent=transparent,
    )
    return load_with(config, device)


def load_with(config: RunConfig, device: str | None = None) -> PoseModel:
    """Load the model of a config; see :func:`load`."""
    if config.sequence_length == "from-file":
        raise ConfigError("--sequence-length from-file: there is no file here; give a number or estimate")
    place = device or ("cuda:0" if visible_gpus() else "cpu")
    if not DEVICE.fullmatch(place):
        raise ConfigError(f"device {device!r}: give 'cpu', 'cuda' or a GPU such as 'cuda:0'")
    place = "cuda:0" if place == "cuda" else place
    asked, config = config, models.with_defaults(config)
    if said := models.chosen_teacher(asked, config):
        warnings.warn(said, stacklevel=3)
    return PoseModel(load_on(config, place, place), config, place)


@contextmanager
def _threads_of_a_worker() -> Iterator[None]:
    """Let torch compute with as many threads as in a worker, so that a pose has the same bits."""
    torch = sys.modules.get("torch")
    if torch is None:  # a model of the user's own
        yield
        return
    before = torch.get_num_threads()
    torch.set_num_threads(COMPUTING_THREADS)
    try:
        yield
    finally:
        torch.set_num_threads(before)
