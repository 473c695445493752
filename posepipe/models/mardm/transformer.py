"""The masked transformer: computes one condition per token from partly masked latents and a text embedding."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class TransformerConfig:
    """Sizes of a :class:`MaskedTransformer`; the defaults are those of the official weights.

    Attributes
    ----------
    latent_width : int
        C, width of a latent.
    width : int
        d, width of a token.
    feedforward : int
        Hidden width of the blocks' MLP.
    layers, heads : int
        Number of blocks and of attention heads.
    text_width : int
        D, width of a text embedding.
    positions : int
        Rows of the positional table: the largest number of tokens of a motion.
    dropout : float
        Dropout in training.
    """

    latent_width: int = 512
    width: int = 1024
    feedforward: int = 4096
    layers: int = 1
    heads: int = 16
    text_width: int = 512
    positions: int = 5000
    dropout: float = 0.0


def positional_table(positions: int, width: int) -> Tensor:
    """Sinusoids (positions, width) float32: sine in even columns, cosine in odd ones.

    On the meta device, where modules are created whose tensors come from a file, nothing is computed.
    """
    if torch.get_default_device().type == "meta":
        return torch.empty(positions, width)
    frequencies = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))  # (width / 2,)
    angles = torch.arange(positions)[:, None] * frequencies  # (positions, width / 2)
    return torch.stack((angles.sin(), angles.cos()), dim=-1).reshape(positions, -1)[:, :width]


class Attention(nn.Module):
    """Bidirectional self-attention that ignores padded tokens."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.query = nn.Linear(config.width, config.width)
        self.key = nn.Linear(config.width, config.width)
        self.value = nn.Linear(config.width, config.width)
        self.projection = nn.Linear(config.width, config.width)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, padding: Tensor | None) -> Tensor:
        b, length, d = x.shape
        query, key, value = (
            linear(x).view(b, length, self.heads, d // self.heads).transpose(1, 2)  # (b, heads, l, d / heads)
            for linear in (self.query, self.key, self.value)
        )
        visible = None if padding is None else ~padding[:, None, None, :]  # (b, 1, 1, l)
        h = F.scaled_dot_product_attention(query, key, value, visible)  # (b, heads, l, d / heads)
        h = self.projection(h.transpose(1, 2).reshape(b, length, d))  # (b, l, d)
        return self.dropout(h)  # type: ignore[no-any-return]


class Block(nn.Module):
    """Attention and MLP, each modulated and gated by the text embedding (adaLN)."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        width = config.width
        self.attention = Attention(config)
        self.norm = nn.LayerNorm(width, eps=1e-6, elementwise_affine=False)
        self.expand = nn.Linear(width, config.feedforward)
        self.contract = nn.Linear(config.feedforward, width)
        self.modulation = nn.Linear(width, 6 * width)
        self.dropout = nn.Dropout(config.dropout)
        nn.init.zeros_(self.modulation.weight)
        nn.init.zeros_(self.modulation.bias)

    def forward(self, x: Tensor, text: Tensor, padding: Tensor | None) -> Tensor:
        modulation = self.modulation(F.silu(text))[:, None]  # (b, 1, 6 d)
        shift1, scale1, gate1, shift2, scale2, gate2 = modulation.chunk(6, dim=-1)  # each (b, 1, d)
        x = x + gate1 * self.attention(self.norm(x) * (1 + scale1) + shift1, padding)  # (b, l, d)
        h = F.gelu(self.expand(self.norm(x) * (1 + scale2) + shift2), approximate="tanh")  # (b, l, feedforward)
        return x + gate2 * self.dropout(self.contract(self.dropout(h)))  # type: ignore[no-any-return]


class MaskedTransformer(nn.Module):
    """MARDM's masked autoregressive transformer (Meng et al., 2024).

    ``mask_latent`` (C,) replaces latents that are masked; padded positions hold zeros.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        self.mask_latent = nn.Parameter(torch.zeros(config.latent_width))
        self.embed = nn.Linear(config.latent_width, config.width)
        self.text = nn.Linear(config.text_width, config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.dropout = nn.Dropout(config.dropout)
        self.positions: Tensor
        self.register_buffer("positions", positional_table(config.positions, config.width))

    def forward(self, latents: Tensor, text: Tensor, padding: Tensor | None = None) -> Tensor:
        """Compute the condition of each token's diffusion.

        Parameters
        ----------
        latents : (b, l, C) float tensor
            ``mask_latent`` where masked, zeros where padded.
        text : (b, D) float tensor
            Text embeddings; zeros for the unconditional pass.
        padding : (b, l) bool tensor, optional
            True where padded.

        Returns
        -------
        (b, l, d) float tensor
        """
        condition = self.text(text)  # (b, d)
        x = self.dropout(self.embed(latents) + self.positions[: latents.shape[1]])  # (b, l, d)
        for block in self.blocks:
            x = block(x, condition, padding)  # (b, l, d)
        return x  # type: ignore[no-any-return]
