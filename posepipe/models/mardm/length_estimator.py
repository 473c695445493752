"""The length estimator: predicts the number of tokens of a motion from a text embedding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

MAX_TOKENS = 49
"""Tokens of the longest motion, 196 frames."""


@dataclass(frozen=True)
class LengthEstimatorConfig:
    """Sizes of a :class:`LengthEstimator`; the defaults are those of the official weights.

    Attributes
    ----------
    text_width : int
        D, width of a text embedding.
    widths : tuple of int
        Hidden widths.
    lengths : int
        Number of classes: token counts from 0.
    dropout : float
        Dropout in training.
    """

    text_width: int = 512
    widths: tuple[int, int, int] = (512, 256, 128)
    lengths: int = 50
    dropout: float = 0.0


class LengthEstimator(nn.Module):
    """An MLP that predicts the number of tokens of a motion."""

    def __init__(self, config: LengthEstimatorConfig) -> None:
        super().__init__()
        self.config = config
        first, second, third = config.widths
        self.layers = nn.Sequential(
            nn.Linear(config.text_width, first),
            nn.LayerNorm(first),
            nn.LeakyReLU(0.2),
            nn.Dropout(config.dropout),
            nn.Linear(first, second),
            nn.LayerNorm(second),
            nn.LeakyReLU(0.2),
            nn.Dropout(config.dropout),
            nn.Linear(second, third),
            nn.LayerNorm(third),
            nn.LeakyReLU(0.2),
            nn.Linear(third, config.lengths),
        )

    def forward(self, text: Tensor) -> Tensor:
        """Logits (b, lengths) for text embeddings (b, D); the index is the number of tokens."""
        logits: Tensor = self.layers(text)
        return logits


def draw_lengths(logits: Tensor, seeds: Sequence[int]) -> NDArray[np.int64]:
    """Draw one token count per caption from its seed, as the reference does.

    Parameters
    ----------
    logits : (b, lengths) float tensor
        From :class:`LengthEstimator`.
    seeds : sequence of int
        b seeds, not negative.

    Returns
    -------
    (b,) int64 array
        From 1 to 49. The reference may also draw 0, which gives no motion.
    """
    probabilities = torch.softmax(logits.double(), dim=-1).cpu().numpy()  # (b, lengths)
    cumulative = probabilities.cumsum(axis=-1)
    draws = [np.random.Generator(np.random.Philox([seed, 1])).random() for seed in seeds]
    tokens = (cumulative < np.array(draws)[:, None] * cumulative[:, -1:]).sum(axis=-1)  # (b,)
    clipped: NDArray[np.int64] = np.clip(tokens, 1, MAX_TOKENS).astype(np.int64)
    return clipped
