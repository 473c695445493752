"""The official MARDM weights with CLIP as one model."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from posepipe.commandline.values import SOLVERS, TEACHER
from posepipe.models.mardm.checkpoint import load_weights
from posepipe.models.mardm.files import OFFICIAL_CFG, OFFICIAL_TEMPERATURE, find, fingerprint, weight_files
from posepipe.models.mardm.hub_files import Kind
from posepipe.models.mardm.model import Mardm
from posepipe.models.mardm.text_encoder import ClipText


def load(
    kind: Kind,
    device: str,
    *,
    checkpoints: Path,
    solver: str | None = None,
    solver_steps: int | None = None,
    precision: str = "float32",
    temperature: float | None = None,
) -> Mardm:
    """Load the official SiT-XL or DDPM-XL model.

    Parameters
    ----------
    kind : {"sit", "ddpm"}
        Which of the two; the weights themselves look the same, so the name of their folder decides.
    device : str
        As torch names it.
    checkpoints : Path
        Where to look; see :func:`posepipe.models.mardm.files.survey`.
    solver : str, optional
        By default ``rk4``.
    solver_steps : int, optional
        By default those of :data:`posepipe.commandline.values.SOLVERS`.
    precision : str
        See :class:`~posepipe.models.mardm.model.Mardm`.
    temperature : float, optional
        Scale of the noise; by default the model's own.

    Raises
    ------
    CheckpointError
        Weights are missing or broken.
    ConfigError
        An option cannot be used.
    """
    files = find(checkpoints, kind)
    weights = load_weights(files, encoder=False)
    return Mardm(
        weights.autoencoder,
        weights.transformer,
        weights.diffusion,
        ClipText(cast(Path, files.clip), device),
        weights.mean,
        weights.std,
        kind=kind,
        default_cfg=OFFICIAL_CFG,
        temperature=OFFICIAL_TEMPERATURE if temperature is None else temperature,
        fingerprint=fingerprint(weight_files(files)),
        device=device,
        precision=precision,
        solver=solver or TEACHER,
        solver_steps=solver_steps or SOLVERS.get(solver or TEACHER) or 10,
        length_estimator=weights.length_estimator,
    )
