"""The lean sampler: samples each token once, at the step that decides it.

The reference samples all masked tokens at each step and then masks most of them again, before anything reads them. The
value of a token is the one sampled at the last step at which it is masked. This module computes only that one, and runs
the transformer only at steps that decide tokens. With the same noise for these values the result is the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from posepipe.commandline.values import STUDENT
from posepipe.models.mardm.diffusion import DiffusionMLP
from posepipe.models.mardm.hub_files import Kind
from posepipe.models.mardm.solvers import FIXED_STEP, ab2, ab2_moments, dopri5, fixed_step, moments
from posepipe.models.mardm.transformer import MaskedTransformer

MIN_ROWS: Final = 8
"""With fewer rows, matrix products use another code path, which rounds differently."""

DDPM_STEPS: Final = 50

GUESS_USED_AT: Final = 0.6
STEPS_AFTER_GUESS: Final = 3
"""Where the solver starts after the student's guess, and its steps from there."""

_ROWS_AT_ONCE: Final = 256
_VALUES_AT_ONCE: Final = 10_000_000
"""Bounds of the modulations that are computed in one product: rows, and values (40 MB)."""


@dataclass(frozen=True)
class Noise:
    """All random numbers of a batch, on the CPU.

    Attributes
    ----------
    order : (b, l) float32 tensor
        Tokens are decided from the largest value to the smallest. Values beyond a caption's length are not used.
    initial : (b, l, C) float32 tensor
        Initial noise of each token, standard normal.
    steps : (b, l, 50, C) float32 tensor or None
        Noise of DDPM's steps t = 49..0, standard normal; that of t = 0 is not used.
    """

    order: Tensor
    initial: Tensor
    steps: Tensor | None = None

    def scaled(self, temperature: float) -> Noise:
        """The same noise with another standard deviation and the same order of tokens."""
        if temperature == 1:
            return self
        return Noise(self.order, self.initial * temperature, None if self.steps is None else self.steps * temperature)


def draw_noise(seeds: Sequence[int], tokens: int, latent_width: int, kind: Kind) -> Noise:
    """Draw the noise of a batch of one length. The noise of a caption depends on its seed only.

    Parameters
    ----------
    seeds : sequence of int
        b seeds, not negative.
    tokens, latent_width : int
        l and C.
    kind : {"sit", "ddpm"}
        DDPM also needs noise at every step.
    """
    order = np.empty((len(seeds), tokens), dtype=np.float32)
    initial = np.empty((len(seeds), tokens, latent_width), dtype=np.float32)
    steps = np.empty((len(seeds), tokens, DDPM_STEPS, latent_width), dtype=np.float32) if kind == "ddpm" else None
    for row, seed in enumerate(seeds):
        # Philox uses all bits of the seed; torch's CPU generator would use 32 of them.
        generator = np.random.Generator(np.random.Philox(seed))
        generator.random(out=order[row], dtype=np.float32)
        generator.standard_normal(out=initial[row], dtype=np.float32)
        if steps is not None:
            generator.standard_normal(out=steps[row], dtype=np.float32)
    return Noise(
        torch.from_numpy(order),
        torch.from_numpy(initial),
        None if steps is None else torch.from_numpy(steps),
    )


def mask_schedule(lengths: Tensor, time_steps: int) -> Tensor:
    """Number of masked tokens at each step, (T, b) int64, for lengths (b,) int64: a cosine schedule, at least 1."""
    t = torch.linspace(0, 1, time_steps)
    return torch.round(torch.cos(t * math.pi * 0.5)[:, None] * lengths).clamp(min=1).long()


def token_ranks(order: Tensor, lengths: Tensor) -> Tensor:
    """Rank of each token within its caption, (b, l) int64; the largest is decided first. Padding comes after tokens."""
    padded = torch.arange(order.shape[1]) >= lengths[:, None]  # (b, l)
    return order.masked_fill(padded, torch.inf).argsort(dim=1, stable=True).argsort(dim=1, stable=True)


@dataclass(frozen=True)
class DdpmCoefficients:
    """The 50 steps of DDPM with the squared-cosine schedule (Nichol & Dhariwal, 2021); float64, index t.

    ``x0 = from_x * x - from_noise * eps`` and ``mean = to_x0 * x0 + to_x * x``; noise of ``log_variance`` is added
    except at t = 0.
    """

    from_x: Tensor
    from_noise: Tensor
    to_x0: Tensor
    to_x: Tensor
    log_variance: Tensor
    betas: Tensor
    alphas_cumulative: Tensor


def ddpm_coefficients() -> DdpmCoefficients:
    """Compute the coefficients of the 50 steps."""
    edges = torch.arange(DDPM_STEPS + 1, dtype=torch.float64) / DDPM_STEPS
    level = torch.cos((edges + 0.008) / 1.008 * math.pi / 2).square()
    betas = (1 - level[1:] / level[:-1]).clamp(max=0.999)  # (50,)
    alphas = torch.cumprod(1 - betas, dim=0)
    before = torch.cat((torch.ones(1, dtype=torch.float64), alphas[:-1]))
    variance = betas * (1 - before) / (1 - alphas)
    variance[0] = variance[1]
    return DdpmCoefficients(
        from_x=(1 / alphas).sqrt(),
        from_noise=(1 / alphas - 1).sqrt(),
        to_x0=betas * before.sqrt() / (1 - alphas),
        to_x=(1 - before) * (1 - betas).sqrt() / (1 - alphas),
        log_variance=variance.log(),
        betas=betas,
        alphas_cumulative=alphas,
    )


class GuidedField:
    """Guided output of the diffusion network for n tokens, as a function of x and t.

    What does not depend on x is kept: the embeddings of the conditions, the embeddings of the times in ``times``, and
    the modulations until t changes. If n is small, the modulations of several coming times are computed in one
    product, because a product of few rows takes as long as one of many.

    Parameters
    ----------
    diffusion : DiffusionMLP
    conditions : (n, d) or (2 n, d) tensor
        In the second form the unconditional ones are last.
    cfg : float
        Guidance scale s of ``u + s (c - u)``; 1 with n conditions.
    times : dict
        Embeddings (1, W) by t, filled as needed; fields of one network may share it.
    moments : sequence of float
        Times of the coming calls, in order, as far as they are known.
    rows : (2 n,) int64 tensor, optional
        Index of the condition of each row, if rows share conditions.
    """

    def __init__(
        self,
        diffusion: DiffusionMLP,
        conditions: Tensor,
        cfg: float,
        times: dict[float, Tensor],
        moments: Sequence[float] = (),
        rows: Tensor | None = None,
    ) -> None:
        self._diffusion = diffusion
        self._condition = diffusion.condition(conditions)  # (n or 2 n, W)
        self._cfg = cfg
        self._times = times
        self._moments = list(moments)
        self._rows = rows
        self._ready: dict[float, tuple[Tensor, ...]] = {}
        self._at: float | None = None
        self._spread: tuple[Tensor, ...] = ()

    def _time(self, t: float) -> Tensor:
        if t not in self._times:
            rows = torch.full((MIN_ROWS,), t, dtype=torch.float32, device=self._condition.device)
            self._times[t] = self._diffusion.time(rows)[:1]
        return self._times[t]  # (1, W)

    def _modulation(self, t: float) -> tuple[Tensor, ...]:
        """All shifts, scales and gates at t, one row for each condition."""
        if t not in self._ready:
            rows = len(self._condition)
            self._ready, self._spread = {}, ()  # free the old ones before the new ones are computed
            group = [t]
            if t in self._moments:
                start = self._moments.index(t)
                config = self._diffusion.config
                values = (3 * config.depth + 2) * config.width  # per row
                at_once = min(_ROWS_AT_ONCE, _VALUES_AT_ONCE // values) // rows
                group = self._moments[start : start + max(1, at_once)]
            time = torch.cat([self._time(moment) for moment in group]).repeat_interleave(rows, dim=0)  # (g rows, W)
            stacked = self._diffusion.modulation(time, self._condition.repeat(len(group), 1))
            parts = zip(*(part.chunk(len(group)) for part in stacked), strict=True)
            self._ready = dict(zip(group, parts, strict=True))
        return self._ready[t]

    def __call__(self, x: Tensor, t: float) -> Tensor:
        """Velocity or noise (n, C) at x (n, C)."""
        if t != self._at:
            modulation = self._modulation(t)
            self._spread = modulation if self._rows is None else tuple(part[self._rows] for part in modulation)
            self._at = t
        if self._cfg == 1:
            return self._diffusion.denoise(x, self._spread)
        both = self._diffusion.denoise(torch.cat((x, x)), self._spread)  # (2 n, C)
        conditional, unconditional = both.chunk(2)
        return unconditional + self._cfg * (conditional - unconditional)


def ddpm(field: GuidedField, x: Tensor, noise: Tensor) -> Tensor:
    """Latents (n, C) by ancestral sampling from x (n, C) at t = 49, with noise (n, 50, C) for t = 49..0."""
    c = ddpm_coefficients()
    spreads = torch.exp(0.5 * c.log_variance.float())
    table = torch.stack((c.from_x, c.from_noise, c.to_x0, c.to_x, spreads)).float().T.tolist()
    for step, t in enumerate(reversed(range(DDPM_STEPS))):
        from_x, from_noise, to_x0, to_x, spread = table[t]
        x0 = from_x * x - from_noise * field(x, float(t))
        x = to_x0 * x0 + to_x * x
        if t > 0:
            x = x + spread * noise[:, step]
    return x


class Sampler:
    """Compute latents from text embeddings and noise.

    Parameters
    ----------
    transformer, diffusion
        Networks on the same device, in eval mode.
    kind : {"sit", "ddpm"}
        Whether the diffusion network predicts velocities (SiT) or noise (DDPM).
    solver : str
        For SiT, one of :data:`~posepipe.models.mardm.solvers.SOLVERS`, or ``student``.
    solver_steps : int
        Number of steps of a solver that has such a number.
    student : DiffusionMLP, optional
        For the solver ``student``: it guesses the latents in one call, as the noise plus its output at t = 0. From the
        point between noise and guess at t = 0.6, three steps of ``ab2`` with the diffusion network lead to the end.
    """

    def __init__(
        self,
        transformer: MaskedTransformer,
        diffusion: DiffusionMLP,
        kind: Kind,
        solver: str = "rk4",
        solver_steps: int = 10,
        student: DiffusionMLP | None = None,
    ) -> None:
        self.transformer = transformer
        self.diffusion = diffusion
        self.kind = kind
        self.solver = solver
        self.solver_steps = solver_steps
        self.student = student if solver == STUDENT else None
        self._student_times: dict[float, Tensor] = {}

    @torch.inference_mode()
    def __call__(self, text: Tensor, noise: Noise, lengths: Tensor, *, time_steps: int, cfg: float) -> Tensor:
        """Compute the latents of a batch.

        Parameters
        ----------
        text : (b, D) float32 tensor
            Text embeddings, on the networks' device.
        noise : Noise
            Noise of b captions with l tokens.
        lengths : (b,) int64 tensor
            Number of tokens of each caption, on the CPU; at most l.
        time_steps : int
            T, number of steps of the masking schedule.
        cfg : float
            Guidance scale; with 1 the unconditional pass is skipped. A student was trained at one scale.

        Returns
        -------
        (b, C, l) float32 tensor
            0 where padded. With fixed steps or DDPM a row does not depend on the other captions.
        """
        device = text.device
        ranks = token_ranks(noise.order, lengths)  # (b, l)
        padding = torch.arange(ranks.shape[1]) >= lengths[:, None]  # (b, l)
        hidden = padding.to(device) if bool(padding.any()) else None
        latents = self.transformer.mask_latent.float().expand(*ranks.shape, -1).clone()  # (b, l, C)
        latents[padding.to(device)] = 0.0
        masked = mask_schedule(lengths, time_steps)  # (T, b)
        left = torch.cat((masked[1:], torch.zeros_like(masked[:1])))  # (T, b)
        times: dict[float, Tensor] = {}
        for now, then in zip(masked[:, :, None], left[:, :, None], strict=True):
            decided = ((ranks < now) & (ranks >= then)).flatten().nonzero()[:, 0]  # (n,)
            if len(decided) == 0:
                continue
            untouched = hidden is None and bool((now[:, 0] == ranks.shape[1]).all())
            rows = decided.to(device)
            conditions, shared = self._conditions(latents, text, hidden, rows, cfg, untouched)
            field = GuidedField(self.diffusion, conditions, cfg, times, self._moments(), shared)
            latents.flatten(0, 1)[rows] = self._solve(field, conditions, noise, decided)
        return latents.transpose(1, 2)

    def _conditions(
        self, latents: Tensor, text: Tensor, padding: Tensor | None, rows: Tensor, cfg: float, untouched: bool
    ) -> tuple[Tensor, Tensor | None]:
        """Conditions of the tokens in ``rows``, and the index of the condition for each row of the diffusion network.

        The conditions are (n, d) without guidance, else (2 n, d) with the unconditional ones last. As long as no token
        is decided, the unconditional pass is the same for all captions: then the tokens of one caption follow the
        conditional ones, and all captions share them.
        """
        conditional = self.transformer(latents, text, padding).flatten(0, 1)[rows]  # (n, d)
        if cfg == 1:
            return conditional, None
        few = latents[:MIN_ROWS] if untouched else latents
        nothing = torch.zeros_like(text[: len(few)])
        unconditional = self.transformer(few, nothing, padding).flatten(0, 1)  # (few l, d)
        if not untouched:
            return torch.cat((conditional, unconditional[rows])), None  # (2 n, d)
        n, length = len(rows), latents.shape[1]
        one = unconditional[: max(length, min(MIN_ROWS, len(unconditional)))]  # those of one caption, at least 8 rows
        shared = torch.cat((torch.arange(n, device=rows.device), n + rows % length))  # (2 n,)
        return torch.cat((conditional, one)), shared

    def _moments(self) -> list[float]:
        """Times at which a field will be called; empty for adaptive steps, whose times are not known beforehand."""
        if self.kind == "ddpm":
            return [float(t) for t in reversed(range(DDPM_STEPS))]
        if self.solver == "dopri5":
            return []
        if self.solver == STUDENT:
            return ab2_moments(STEPS_AFTER_GUESS, GUESS_USED_AT)
        if self.solver == "ab2":
            return ab2_moments(self.solver_steps)
        return moments(self.solver_steps, FIXED_STEP[self.solver])

    def _solve(self, field: GuidedField, conditions: Tensor, noise: Noise, decided: Tensor) -> Tensor:
        """Latents (n, C) of the decided tokens, whose conditions with text are the first n of ``conditions``."""
        device = conditions.device
        x = noise.initial.flatten(0, 1)[decided].to(device)  # (n, C)
        if self.kind == "ddpm":
            if noise.steps is None:
                raise ValueError("DDPM needs noise for each of its steps: call draw_noise with kind='ddpm'")
            return ddpm(field, x, noise.steps.flatten(0, 1)[decided].to(device))
        if self.solver == "dopri5":
            return dopri5(field, x).x
        if self.student is not None:
            guess = x + GuidedField(self.student, conditions[: len(x)], 1.0, self._student_times)(x, 0.0)
            between = GUESS_USED_AT * guess + (1 - GUESS_USED_AT) * x
            return ab2(field, between, STEPS_AFTER_GUESS, GUESS_USED_AT)
        if self.solver == "ab2":
            return ab2(field, x, self.solver_steps)
        return fixed_step(field, x, self.solver_steps, FIXED_STEP[self.solver])
