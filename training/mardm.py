"""Last stage: masked transformer and diffusion network on latents; in its last part the text encoder is trained too.

SiT (Ma et al., 2024): for a latent x1, noise x0 and a time t, the network sees t x1 + (1 - t) x0 and predicts x1 - x0.
Tokens are masked by MARDM's cosine schedule. Each masked token is denoised at several times, which uses one pass of the
transformer several times (Li et al., 2024).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from posepipe.models.mardm.diffusion import DiffusionMLP
from posepipe.models.mardm.transformer import MaskedTransformer
from training.loop import Log, Stage, low_precision
from training.settings import Settings
from training.text_encoder import TokenizedCaptions, TrainedText

_SHARES: Final = {4: 0.05, 8: 0.09, 16: 0.72}
"""Shares of the batches by number of frames."""

_LONG_SHARE: Final = 0.14
"""Share of the batches with more than 16 frames."""

_SHOWN_NOISE: Final = 0.1
"""Largest standard deviation of the noise on tokens that are not masked."""

_UNIFORM_TIMES: Final = 0.3
"""Share of diffusion times that are drawn uniformly."""


@dataclass(frozen=True)
class Latents:
    """Latents (n, l, C) of one length and their captions."""

    latents: Tensor
    captions: TokenizedCaptions


class Generator(nn.Module):
    """The networks of the last stage. ``aim`` predicts latents from conditions, which makes conditions useful early."""

    def __init__(self, settings: Settings, text: TrainedText) -> None:
        super().__init__()
        sizes = settings.sizes(0)
        self.text = text
        self.transformer = MaskedTransformer(sizes.transformer)
        self.diffusion = DiffusionMLP(sizes.diffusion)
        self.aim = nn.Linear(settings.width, settings.latent_width)
        self.settings = settings

    def loss(self, latents: Tensor, text: Tensor) -> Tensor:
        """Return the mean square errors of velocities and of ``aim``, for latents (b, l, C) and texts (b, D)."""
        masked = draw_mask(len(latents), latents.shape[1])  # (b, l)
        shown = latents + _SHOWN_NOISE * torch.rand(len(latents), 1, 1) * torch.randn_like(latents)
        seen = torch.where(masked[..., None], self.transformer.mask_latent, shown)  # (b, l, C)
        with low_precision(self.settings.bfloat16):
            conditions = self.transformer(seen, self._hidden(text))[masked]  # (n, d)
        times = self.settings.times_per_token
        aimed = F.mse_loss(self.aim(conditions).float(), latents[masked])
        wanted = latents[masked].repeat(times, 1)  # (k n, C)
        t = draw_times(len(wanted))[:, None]  # (k n, 1)
        noise = torch.randn_like(wanted)
        x = t * wanted + (1 - t) * noise
        with low_precision(self.settings.bfloat16):
            found = self.diffusion(x, t[:, 0], conditions.repeat(times, 1)).float()  # (k n, C)
        return F.mse_loss(found, wanted - noise) + aimed

    def _hidden(self, text: Tensor) -> Tensor:
        """Return text embeddings with noise, some of them set to 0 for guidance."""
        noisy = text + self.settings.text_noise * torch.randn_like(text)
        return noisy * (torch.rand(len(text), 1) >= self.settings.text_dropped)


def draw_mask(rows: int, tokens: int) -> Tensor:
    """Draw a mask (rows, tokens), bool: a share cos(pi u / 2) of the tokens with u uniform, and at least one."""
    count = torch.round(torch.cos(torch.rand(rows, 1) * math.pi / 2) * tokens).clamp(min=1)
    return torch.rand(rows, tokens).argsort(1).argsort(1) < count


def draw_times(count: int) -> Tensor:
    """Draw times (count,) between 0 and 1: most are logit-normal, the rest uniform."""
    middle = torch.sigmoid(torch.randn(count))
    return torch.where(torch.rand(count) < _UNIFORM_TIMES, torch.rand(count), middle)


def length_shares(lengths: list[int]) -> dict[int, float]:
    """Return the share of batches for each number of frames; above 16 it falls with the length."""
    long = {frames: 1.0 / frames for frames in lengths if frames > 16}
    shares = {frames: _SHARES[frames] for frames in lengths if frames in _SHARES}
    shares |= {frames: _LONG_SHARE * share / sum(long.values()) for frames, share in long.items()}
    total = sum(shares.values())
    return {frames: share / total for frames, share in shares.items()}


def train_mardm(generator: Generator, examples: dict[int, Latents], out: Path, log: Log) -> tuple[Generator, float]:
    """Train on latents of several lengths.

    Parameters
    ----------
    generator : Generator
    examples : dict
        Latents by number of frames.
    out, log
        See :class:`training.build.TrainingRun`.

    Returns
    -------
    generator : Generator
    seconds : float
    """
    settings = generator.settings
    text = [parameter for parameter in generator.text.parameters() if parameter.requires_grad]
    others = [
        parameter
        for part in (generator.transformer, generator.diffusion, generator.aim)
        for parameter in part.parameters()
    ]
    stage = Stage(
        "mardm",
        generator,
        [(others, settings.mardm_rate), (text, settings.tuning_rate)],
        steps=settings.mardm_steps,
        decay=settings.average,
        out=out,
        seed=settings.seed,
        log=log,
    )
    shares = length_shares(sorted(examples))
    tuned_from = int(settings.text_from * settings.mardm_steps)
    embedded: dict[int, Tensor] = {}

    def loss_of(step: int) -> tuple[Tensor, dict[str, float]]:
        rng = np.random.default_rng((settings.seed, 13, step))
        frames = int(rng.choice(list(shares), p=list(shares.values())))
        part = examples[frames]
        count = max(8, settings.mardm_batch * 16 // max(16, frames))
        rows = part.captions.similar_lengths(count, rng)
        if step >= tuned_from:
            with low_precision(settings.bfloat16):
                text = generator.text(part.captions.batch(rows))
        else:
            if frames not in embedded:
                embedded[frames] = embeddings(generator.text, part.captions)
            text = embedded[frames][part.captions.index[rows]]
        return generator.loss(part.latents[rows], text.float()), {}

    stage.run(loss_of)
    return generator, stage.seconds


@torch.no_grad()
def embeddings(text: TrainedText, captions: TokenizedCaptions) -> Tensor:
    """Return the embeddings (m, D) of the distinct captions."""
    training = text.training
    text.eval()
    order = np.argsort(captions.lengths)
    out = torch.empty(len(order), text.network.config.text_width)
    for start in range(0, len(order), 256):
        chunk = order[start : start + 256]
        out[chunk] = text(torch.from_numpy(captions.tokens[chunk, : captions.lengths[chunk].max()]))
    text.train(training)
    return out
