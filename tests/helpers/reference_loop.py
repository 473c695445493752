"""MARDM's generation exactly as specified, without optimisation: the reference for the lean sampler."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from posepipe.models.mardm.diffusion import DiffusionMLP
from posepipe.models.mardm.sampler import DDPM_STEPS, ddpm_coefficients
from posepipe.models.mardm.transformer import MaskedTransformer

Solve = Callable[[Tensor, Tensor, int], Tensor]
"""Computes latents (n, C) of the masked tokens from their conditions (n or 2 n, d), the mask (b, l) and the step."""


class RowByRow(nn.Module):
    """Evaluates a network one row at a time, so that the bits of a row do not depend on the other rows."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        self.config = network.config

    def forward(self, *inputs: Tensor | None) -> Tensor:
        return self._rows(self.network, *inputs)

    def time(self, t: Tensor) -> Tensor:
        return self._rows(self.network.time, t)

    def condition(self, z: Tensor) -> Tensor:
        return self._rows(self.network.condition, z)

    def modulation(self, time: Tensor, condition: Tensor) -> tuple[Tensor, ...]:
        rows = [self.network.modulation(time[i : i + 1], condition[i : i + 1]) for i in range(len(condition))]
        return tuple(torch.cat(parts) for parts in zip(*rows, strict=True))

    def denoise(self, x: Tensor, modulation: tuple[Tensor, ...]) -> Tensor:
        rows = range(len(x))
        return torch.cat([self.network.denoise(x[i : i + 1], tuple(m[i : i + 1] for m in modulation)) for i in rows])

    @property
    def mask_latent(self) -> Tensor:
        return self.network.mask_latent

    @staticmethod
    def _rows(call: Callable[..., Tensor], *inputs: Tensor | None) -> Tensor:
        count = len(inputs[0]) if inputs[0] is not None else 0
        return torch.cat(
            [call(*(None if tensor is None else tensor[i : i + 1] for tensor in inputs)) for i in range(count)]
        )


def transform(
    network: MaskedTransformer, latents: Tensor, cond: Tensor, padding: Tensor, order: Tensor | None = None
) -> Tensor:
    """The transformer (b, l, d) with explicit attention; ``order`` (b, l) sorts the tokens for the blocks."""
    text = network.text(cond)
    x = network.embed(latents) + network.positions[: latents.shape[1]]
    if order is not None:
        x = x.gather(1, order[..., None].expand_as(x))
        padding = padding.gather(1, order)
    for block in network.blocks:
        modulation = block.modulation(F.silu(text))[:, None].chunk(6, dim=-1)
        shift1, scale1, gate1, shift2, scale2, gate2 = modulation
        h = F.layer_norm(x, x.shape[-1:], eps=1e-6) * (1 + scale1) + shift1
        heads = block.attention.heads
        query, key, value = (
            linear(h).unflatten(-1, (heads, -1)).transpose(1, 2)
            for linear in (block.attention.query, block.attention.key, block.attention.value)
        )
        scores = (query @ key.transpose(-2, -1)) * (1 / math.sqrt(query.shape[-1]))
        seen = scores.masked_fill(padding[:, None, None], -torch.inf).softmax(dim=-1) @ value
        x = x + gate1 * block.attention.projection(seen.transpose(1, 2).flatten(2))
        h = F.layer_norm(x, x.shape[-1:], eps=1e-6) * (1 + scale2) + shift2
        x = x + gate2 * block.contract(F.gelu(block.expand(h), approximate="tanh"))
    return x if order is None else x.gather(1, order.argsort(dim=1)[..., None].expand_as(x))


def guided(diffusion: DiffusionMLP, z: Tensor, cfg: float) -> Callable[[Tensor, float], Tensor]:
    """The guided output (n, C) at x (n, C) and t, with full passes; z is (2 n, d), or (n, d) with cfg 1."""

    def field(x: Tensor, t: float) -> Tensor:
        both = x if cfg == 1 else torch.cat((x, x))
        out = diffusion(both, torch.full((len(both),), t, dtype=torch.float32), z)
        if cfg == 1:
            return out
        conditional, unconditional = out.chunk(2)
        return unconditional + cfg * (conditional - unconditional)

    return field


def ddpm_both_halves(
    network: Callable[[Tensor, float], Tensor], x: Tensor, noise: Tensor, temperature: float = 1.0
) -> dict[int, Tensor]:
    """All states of DDPM by t, for copies of x (n, C) with the noise (50, copies n, C).

    The network only gets the first copy. The others use its noise estimate, and their own noise at each step.
    """
    c = ddpm_coefficients()
    copies = noise.shape[1] // len(x)
    state = x.repeat(copies, 1)
    states = {}
    for step, t in enumerate(reversed(range(DDPM_STEPS))):
        eps = network(state[: len(x)], float(t)).repeat(copies, 1)
        x0 = c.from_x[t].float() * state - c.from_noise[t].float() * eps
        mean = c.to_x0[t].float() * x0 + c.to_x[t].float() * state
        spread = torch.exp(0.5 * c.log_variance[t].float()) * temperature if t > 0 else 0.0
        state = mean + spread * noise[step]
        states[t] = state
    return states


@dataclass
class Record:
    """Values of the loop at each step."""

    masked: list[Tensor] = field(default_factory=list)
    latents_in: list[Tensor] = field(default_factory=list)
    latents_out: list[Tensor] = field(default_factory=list)


@torch.inference_mode()
def generate(
    transformer: MaskedTransformer,
    diffusion: DiffusionMLP,
    text: Tensor,
    lengths: Tensor,
    order: Tensor,
    *,
    time_steps: int,
    cfg: float,
    solve: Solve,
    record: Record | None = None,
) -> Tensor:
    """Generate latents (b, C, l). At each step all masked tokens are sampled, and most are masked again."""
    length = order.shape[1]
    padding = torch.arange(length)[None] >= lengths[:, None]
    hidden = padding if bool(padding.any()) else None
    mask_latent = transformer.mask_latent.detach()
    u = order.masked_fill(padding, 1e5)
    latents = torch.where(padding[..., None], 0.0, mask_latent)
    for step, t in enumerate(torch.linspace(0, 1, time_steps)):
        count = torch.clamp(torch.round(torch.cos(math.pi / 2 * t) * lengths), min=1)
        masked = u.argsort(dim=1).argsort(dim=1) < count[:, None]
        latents = torch.where(masked[..., None], mask_latent, latents)
        before = latents
        z = transformer(latents, text, hidden)[masked]
        if cfg != 1:
            z = torch.cat((z, transformer(latents, torch.zeros_like(text), hidden)[masked]))
        latents = latents.clone()
        latents[masked] = solve(z, masked, step)
        u = torch.where(masked, u, 1e5)
        if record is not None:
            record.masked.append(masked)
            record.latents_in.append(before)
            record.latents_out.append(latents)
    return torch.where(padding[..., None], 0.0, latents).transpose(1, 2)
