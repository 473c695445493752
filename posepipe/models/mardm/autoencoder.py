"""The motion autoencoder: 67 features per frame to one latent per four frames and back, by 1-D convolutions."""

from __future__ import annotations

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class AutoencoderConfig:
    """Sizes of an :class:`Autoencoder`; the defaults are those of the official weights.

    Attributes
    ----------
    features : int
        Values per frame.
    latent_width : int
        C, width of a latent.
    width : int
        Channels of the hidden layers.
    levels : int
        Number of times that the frame rate is halved; a latent represents ``2**levels`` frames.
    depth : int
        Residual blocks per level.
    dilation_growth : int
        Base of the dilations: each is a power of it, the largest first.
    dropout : float
        Dropout of the residual blocks in training.
    """

    features: int = 67
    latent_width: int = 512
    width: int = 512
    levels: int = 2
    depth: int = 3
    dilation_growth: int = 3
    dropout: float = 0.0


class ResidualBlock(nn.Module):
    """``x + conv2(relu(conv1(relu(x))))`` with a dilated ``conv1``."""

    def __init__(self, width: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation)
        self.conv2 = nn.Conv1d(width, width, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        h = F.relu(self.conv1(F.relu(x)))  # (b, width, t)
        return x + self.dropout(self.conv2(h))  # type: ignore[no-any-return]  # (b, width, t)


def residual_stack(config: AutoencoderConfig) -> nn.Sequential:
    """The residual blocks of one level, largest dilation first."""
    dilations = [config.dilation_growth**power for power in reversed(range(config.depth))]
    return nn.Sequential(*(ResidualBlock(config.width, dilation, config.dropout) for dilation in dilations))


class Encoder(nn.Module):
    """Convolutions from features to latents."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        width = config.width
        self.first = nn.Conv1d(config.features, width, 3, padding=1)
        self.down = nn.ModuleList(nn.Conv1d(width, width, 4, stride=2, padding=1) for _ in range(config.levels))
        self.stacks = nn.ModuleList(residual_stack(config) for _ in range(config.levels))
        self.last = nn.Conv1d(width, config.latent_width, 3, padding=1)

    def forward(self, features: Tensor) -> Tensor:
        h = F.relu(self.first(features.transpose(1, 2)))  # (b, width, T)
        for down, stack in zip(self.down, self.stacks, strict=True):
            h = stack(down(h))  # (b, width, T / 2), (b, width, T / 4)
        latents: Tensor = self.last(h)  # (b, C, l)
        return latents


class Decoder(nn.Module):
    """Convolutions from latents to features."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        width = config.width
        self.first = nn.Conv1d(config.latent_width, width, 3, padding=1)
        self.stacks = nn.ModuleList(residual_stack(config) for _ in range(config.levels))
        self.up = nn.ModuleList(nn.Conv1d(width, width, 3, padding=1) for _ in range(config.levels))
        self.middle = nn.Conv1d(width, width, 3, padding=1)
        self.last = nn.Conv1d(width, config.features, 3, padding=1)

    def forward(self, latents: Tensor) -> Tensor:
        h = F.relu(self.first(latents))  # (b, width, l)
        for stack, up in zip(self.stacks, self.up, strict=True):
            h = up(stack(h).repeat_interleave(2, dim=-1))  # (b, width, 2 l), (b, width, 4 l)
        h = F.relu(self.middle(h))  # (b, width, 4 l)
        features: Tensor = self.last(h).transpose(1, 2)  # (b, 4 l, 67)
        return features


class Autoencoder(nn.Module):
    """Encoder and decoder of MARDM (Meng et al., 2024), without quantisation.

    The convolutions carry zero padding into neighbouring frames: all motions of a batch must have the same length.
    """

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)

    def encode(self, features: Tensor) -> Tensor:
        """Latents (b, C, l) for normalised features (b, T, 67), where T = 4 l."""
        latents: Tensor = self.encoder(features)
        return latents

    def decode(self, latents: Tensor) -> Tensor:
        """Normalised features (b, 4 l, 67) for latents (b, C, l)."""
        features: Tensor = self.decoder(latents)
        return features

    def forward(self, features: Tensor) -> Tensor:
        """Reconstruct features (b, T, 67)."""
        return self.decode(self.encode(features))
