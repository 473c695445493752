"""A small MARDM with random weights, and a text encoder that hashes captions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from posepipe.models.mardm.autoencoder import Autoencoder, AutoencoderConfig
from posepipe.models.mardm.diffusion import DiffusionConfig, DiffusionMLP
from posepipe.models.mardm.length_estimator import LengthEstimator, LengthEstimatorConfig
from posepipe.models.mardm.model import Mardm
from posepipe.models.mardm.transformer import MaskedTransformer, TransformerConfig

LATENT_WIDTH, WIDTH, TEXT_WIDTH = 24, 32, 20


class HashText:
    """Random embeddings seeded by a hash of the caption; captions that begin with ``?`` are unsure."""

    dim = TEXT_WIDTH

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def encode(self, captions: Sequence[str]) -> Tensor:
        self.calls.append(list(captions))
        rows = [
            np.random.default_rng(int(hashlib.sha256(c.encode()).hexdigest()[:8], 16)).standard_normal(self.dim)
            for c in captions
        ]
        return torch.tensor(np.array(rows), dtype=torch.float32).reshape(len(captions), self.dim)

    def unsure(self, captions: Sequence[str]) -> NDArray[np.bool_]:
        return np.array([c.startswith("?") for c in captions], dtype=np.bool_)


def randomise(network: nn.Module, seed: int, std: float = 0.2) -> nn.Module:
    """Set random weights in all layers, also in those that are initialised with zero."""
    generator = torch.Generator().manual_seed(seed)
    for parameter in network.parameters():
        parameter.data = torch.randn(parameter.shape, generator=generator) * std
    return network.eval().requires_grad_(False)


def networks() -> tuple[MaskedTransformer, DiffusionMLP]:
    transformer = MaskedTransformer(
        TransformerConfig(LATENT_WIDTH, WIDTH, 48, layers=2, heads=4, text_width=TEXT_WIDTH, positions=64)
    )
    diffusion = DiffusionMLP(DiffusionConfig(LATENT_WIDTH, WIDTH, width=40, depth=3))
    randomise(transformer, 1, 0.15)
    randomise(diffusion, 2, 0.12)
    return transformer, diffusion


def tiny(text: HashText | None = None, **options: Any) -> Mardm:
    """A small model with a student; ``options`` are those of :class:`Mardm`."""
    transformer, diffusion = networks()
    student = DiffusionMLP(diffusion.config)
    randomise(student, 5, 0.12)
    autoencoder = Autoencoder(AutoencoderConfig(latent_width=LATENT_WIDTH, width=32))
    estimator = LengthEstimator(LengthEstimatorConfig(TEXT_WIDTH, (32, 16, 16)))
    randomise(autoencoder, 3, 0.1)
    randomise(estimator, 4)
    settings: dict[str, Any] = {
        "default_cfg": 3.0,
        "fingerprint": "tiny",
        "solver_steps": 4,
        "length_estimator": estimator,
        "student": student,
    }
    mean, std = np.zeros(67, np.float32), np.full(67, 0.1, np.float32)
    return Mardm(autoencoder, transformer, diffusion, text or HashText(), mean, std, **{**settings, **options})
