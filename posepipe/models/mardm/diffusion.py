"""The diffusion MLP: one token's noisy latent, a time and its condition to a velocity or a noise."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
    """Sinusoids (n, 256) float32 of times (n,): 128 cosines, then 128 sines."""
    half = TIME_FEATURES // 2
    frequencies = torch.exp(-math.log(10000.0) * torch.arange(half, dtype=torch.float32) / half)  # (128,)
    angles = t.float()[:, None] * frequencies.to(t.device)  # (n, 128)
    return torch.cat((angles.cos(), angles.sin()), dim=-1)  # (n, 256)


class DiffusionBlock(nn.Module):
    """A residual MLP whose norm is modulated from outside."""

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

    The modulations of all blocks and of the last layer depend on t and z alone, so they are one stacked
    product, rows in order (shift, scale, gate) per block, then (shift, scale); they start at zero, and so does the
    output, as in the reference. A sampler that calls the
    network more than once at one t takes :meth:`condition` once per token, :meth:`modulation` once per t, and
    :meth:`denoise` per call.
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
        self.modulations = nn.Linear(width, (3 * config.depth + 2) * width)
        self.norm = nn.LayerNorm(width, eps=1e-6, elementwise_affine=False)
        self.output = nn.Linear(width, config.latent_width)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.xavier_uniform_(layer.weight)
                nn.init.zeros_(layer.bias)
        nn.init.normal_(self.time_first.weight, std=0.02)
        nn.init.normal_(self.time_second.weight, std=0.02)
        for layer in (self.modulations, self.output):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def time(self, t: Tensor) -> Tensor:
        """Embeddings (n, W) of times (n,); SiT takes 0..1, DDPM the step's number."""
        features = time_features(t).to(self.time_first.weight.dtype)  # (n, 256)
        embedding: Tensor = self.time_second(F.silu(self.time_first(features)))  # (n, W)
        return embedding

    def condition(self, z: Tensor) -> Tensor:
        """Embeddings (n, W) of conditions (n, d)."""
        embedding: Tensor = self.condition_projection(z)
        return embedding

    def modulation(self, time: Tensor, condition: Tensor) -> tuple[Tensor, ...]:
        """All shifts, scales and gates, each (n, W), of embedded times and conditions (n, W)."""
        y = F.silu(time + condition).to(self.modulations.weight.dtype)  # (n, W)
        # A block's rows at a time: a product this wide is slower, and leaves its parts scattered in memory.
        rows = 3 * self.config.width
        layers = zip(torch.split(self.modulations.weight, rows), torch.split(self.modulations.bias, rows), strict=True)
        products = (F.linear(y, weight, bias).to(time.dtype) for weight, bias in layers)  # each (n, 3 W), last (n, 2 W)
        return tuple(part for product in products for part in torch.split(product, self.config.width, dim=-1))

    def denoise(self, x: Tensor, modulation: tuple[Tensor, ...]) -> Tensor:
        """Velocities or noises (n, C) of noisy latents (n, C) under :meth:`modulation`'s result."""
        h = self.input_projection(x)  # (n, W)
        for index, block in enumerate(self.blocks):
            h = block(h, *modulation[3 * index : 3 * index + 3])  # (n, W)
        shift, scale = modulation[-2:]
        out: Tensor = self.output(self.norm(h) * (1 + scale) + shift)  # (n, C)
        return out

    def forward(self, x: Tensor, t: Tensor, z: Tensor) -> Tensor:
        """Velocity (SiT) or noise (DDPM) (n, C) for noisy latents (n, C), times (n,), conditions (n, d)."""
        return self.denoise(x, self.modulation(self.time(t), self.condition(z)))
