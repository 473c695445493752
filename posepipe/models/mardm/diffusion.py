"""The diffusion MLP: predicts a velocity or a noise from a token's noisy latent, a time and a condition."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

TIME_FEATURES = 256


@dataclass(frozen=True)
class DiffusionConfig:
    """Sizes of a :class:`DiffusionMLP`; the defaults are those of the official XL weights.

    Attributes
    ----------
    latent_width : int
        C, width of a latent.
    condition_width : int
        d, width of the transformer's output.
    width : int
        W, width of the MLP.
    depth : int
        Residual blocks.
    """

    latent_width: int = 512
    condition_width: int = 1024
    width: int = 1792
    depth: int = 16


def time_features(t: Tensor) -> Tensor:
    """Sinusoids (n, 256) float32 for times (n,): 128 cosines, then 128 sines."""
    half = TIME_FEATURES // 2
    frequencies = torch.exp(-math.log(10000.0) * torch.arange(half, dtype=torch.float32) / half)  # (128,)
    angles = t.float()[:, None] * frequencies.to(t.device)  # (n, 128)
    return torch.cat((angles.cos(), angles.sin()), dim=-1)  # (n, 256)


class DiffusionBlock(nn.Module):
    """Residual MLP block with a modulated layer norm."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.first = nn.Linear(width, width)
        self.second = nn.Linear(width, width)

    def forward(self, h: Tensor, shift: Tensor, scale: Tensor, gate: Tensor) -> Tensor:
        x = F.silu(self.first(torch.addcmul(shift, self.norm(h), 1 + scale)))  # (n, W)
        return torch.addcmul(h, gate, self.second(x))


class DiffusionMLP(nn.Module):
    """MARDM's per-token diffusion network f(x, t, z) (Meng et al., 2024; after MAR, Li et al., 2024).

    The modulations (adaLN) of all blocks and of the last layer depend on t and z only. A sampler that calls the
    network several times at one t computes :meth:`condition` once per token, :meth:`modulation` once per t and
    :meth:`denoise` in each call. Modulation layers and output layer start at zero, as in the reference.

    Each modulation layer is a separate module, so that weights in a file can be used without copying them. Row order is
    (shift, scale, gate) for a block and (shift, scale) for the last layer. :meth:`load_state_dict` also accepts
    all of them stacked as ``modulations.weight`` and ``modulations.bias``, as in the bundled weights.
    """

    def __init__(self, config: DiffusionConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.time_first = nn.Linear(TIME_FEATURES, width)
        self.time_second = nn.Linear(width, width)
        self.condition_projection = nn.Linear(config.condition_width, width)
        self.input_projection = nn.Linear(config.latent_width, width)
        self.blocks = nn.ModuleList(DiffusionBlock(width) for _ in range(config.depth))
        self.modulations = nn.ModuleList(nn.Linear(width, parts * width) for parts in (*[3] * config.depth, 2))
        self.norm = nn.LayerNorm(width, eps=1e-6, elementwise_affine=False)
        self.output = nn.Linear(width, config.latent_width)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.xavier_uniform_(layer.weight)
                nn.init.zeros_(layer.bias)
        nn.init.normal_(self.time_first.weight, std=0.02)
        nn.init.normal_(self.time_second.weight, std=0.02)
        for layer in (*self.modulations, self.output):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def _load_from_state_dict(self, state_dict: dict[str, Tensor], prefix: str, *rest: Any) -> None:
        for kind in ("weight", "bias"):
            stacked = state_dict.pop(f"{prefix}modulations.{kind}", None)
            if stacked is not None:
                for index, part in enumerate(torch.split(stacked, 3 * self.config.width)):
                    state_dict[f"{prefix}modulations.{index}.{kind}"] = part
        super()._load_from_state_dict(state_dict, prefix, *rest)

    def time(self, t: Tensor) -> Tensor:
        """Embeddings (n, W) of times (n,): in 0..1 for SiT, the step number for DDPM."""
        features = time_features(t).to(self.time_first.weight.dtype)  # (n, 256)
        embedding: Tensor = self.time_second(F.silu(self.time_first(features)))  # (n, W)
        return embedding

    def condition(self, z: Tensor) -> Tensor:
        """Embeddings (n, W) for conditions (n, d)."""
        embedding: Tensor = self.condition_projection(z)
        return embedding

    def modulation(self, time: Tensor, condition: Tensor) -> tuple[Tensor, ...]:
        """All shifts, scales and gates, each (n, W), for embedded times and conditions, both (n, W)."""
        y = F.silu(time + condition)  # (n, W)
        products = (layer(y) for layer in self.modulations)  # each (n, 3 W), the last (n, 2 W)
        return tuple(part for product in products for part in torch.split(product, self.config.width, dim=-1))

    def denoise(self, x: Tensor, modulation: tuple[Tensor, ...]) -> Tensor:
        """Velocities or noises (n, C) for noisy latents (n, C), given the result of :meth:`modulation`."""
        h = self.input_projection(x)  # (n, W)
        for index, block in enumerate(self.blocks):
            h = block(h, *modulation[3 * index : 3 * index + 3])  # (n, W)
        shift, scale = modulation[-2:]
        out: Tensor = self.output(self.norm(h) * (1 + scale) + shift)  # (n, C)
        return out

    def forward(self, x: Tensor, t: Tensor, z: Tensor) -> Tensor:
        """Velocity (SiT) or noise (DDPM) (n, C) for noisy latents (n, C), times (n,), conditions (n, d)."""
        return self.denoise(x, self.modulation(self.time(t), self.condition(z)))
