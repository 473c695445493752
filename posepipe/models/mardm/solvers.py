"""Solvers of dx/dt = field(x, t) from t = 0 (noise) to t = 1 (latents), with fixed and with adaptive steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import torch
from torch import Tensor

Field = Callable[[Tensor, float], Tensor]
"""Velocity (n, C) for noisy latents (n, C) at a time, which the network rounds to float32."""


@dataclass(frozen=True)
class Tableau:
    """Butcher tableau of an explicit Runge-Kutta method: times, weights of each stage, weights of the result."""

    times: tuple[float, ...]
    stages: tuple[tuple[float, ...], ...]
    weights: tuple[float, ...]


FIXED_STEP: Final = {
    "euler": Tableau((0.0,), ((),), (1.0,)),
    "midpoint": Tableau((0.0, 1 / 2), ((), (1 / 2,)), (0.0, 1.0)),
    "rk4": Tableau(
        (0.0, 1 / 2, 1 / 2, 1.0), ((), (1 / 2,), (0.0, 1 / 2), (0.0, 0.0, 1.0)), (1 / 6, 1 / 3, 1 / 3, 1 / 6)
    ),
}
"""Methods by their name in ``--solver``; ``rk4`` is the classic Runge-Kutta method."""

SOLVERS: Final = (*FIXED_STEP, "ab2", "dopri5")
"""All methods: those of :data:`FIXED_STEP`, :func:`ab2` and :func:`dopri5`."""

_DENSER_AT_END: Final = 1.5
"""Power p of the times ``1 - (1 - u)**p`` of :func:`ab2`, with u equally spaced."""


def _combine(x: Tensor, step: float, weights: tuple[float, ...], slopes: list[Tensor]) -> Tensor:
    """``x + step * sum(weights * slopes)``, summed from left to right, without zero weights."""
    for weight, slope in zip(weights, slopes, strict=True):
        if weight:
            x = x + (step * weight) * slope
    return x


def moments(steps: int, tableau: Tableau) -> list[float]:
    """Distinct times at which :func:`fixed_step` calls its field, in order."""
    calls = ((step + time) / steps for step in range(steps) for time in tableau.times)
    return sorted(set(calls))


def fixed_step(field: Field, x: Tensor, steps: int, tableau: Tableau) -> Tensor:
    """Solve with equal steps.

    Parameters
    ----------
    field : Field
        Stages at the same time call it with exactly the same float, so that it can keep what depends on the time
        only: ``rk4`` makes ``4 * steps`` calls at ``2 * steps + 1`` different times.
    x : (n, C) float32 tensor
        State at t = 0.
    steps : int
        Number of steps, at least 1.
    tableau : Tableau
        One of :data:`FIXED_STEP` or another explicit method.

    Returns
    -------
    (n, C) float32 tensor
        State at t = 1. A row does not depend on the other rows.
    """
    for step in range(steps):
        slopes: list[Tensor] = []
        for time, weights in zip(tableau.times, tableau.stages, strict=True):
            slopes.append(field(_combine(x, 1 / steps, weights, slopes), (step + time) / steps))
        x = _combine(x, 1 / steps, tableau.weights, slopes)
    return x


def ab2_moments(steps: int, start: float = 0.0) -> list[float]:
    """Times at which :func:`ab2` calls its field, in order; they are denser towards t = 1, where the field bends."""
    return [start + (1 - start) * (1 - (1 - step / steps) ** _DENSER_AT_END) for step in range(steps)]


def ab2(field: Field, x: Tensor, steps: int, start: float = 0.0) -> Tensor:
    """Solve by the two-step Adams-Bashforth method with one call of the field in each step; the first is Euler's.

    Parameters
    ----------
    field : Field
    x : (n, C) float32 tensor
        State at t = ``start``.
    steps : int
        Number of steps, at least 1.
    start : float
        First time.

    Returns
    -------
    (n, C) float32 tensor
        State at t = 1. A row does not depend on the other rows.
    """
    times = [*ab2_moments(steps, start), 1.0]
    before, last = x, 0.0
    for start, end in pairwise(times):
        slope, size = field(x, start), end - start
        half = size / last / 2 if last else 0.0  # half the ratio of this step to the previous one
        x = x + (size * (1 + half)) * slope
        if last:
            x = x - (size * half) * before
        before, last = slope, size
    return x


_DOPRI5: Final = Tableau(
    (0.0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0),
    (
        (),
        (1 / 5,),
        (3 / 40, 9 / 40),
        (44 / 45, -56 / 15, 32 / 9),
        (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
        (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
        (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
    ),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0.0),
)
_DOPRI5_ERROR: Final = (
    35 / 384 - 1951 / 21600,
    0.0,
    500 / 1113 - 22642 / 50085,
    125 / 192 - 451 / 720,
    -2187 / 6784 + 12231 / 42400,
    11 / 84 - 649 / 6300,
    -1 / 60,
)
_DOPRI5_MIDDLE: Final = (
    6025192743 / 30085553152 / 2,
    0.0,
    51252292925 / 65400821598 / 2,
    -2691868925 / 45128329728 / 2,
    187940372067 / 1594534317056 / 2,
    -1776094331 / 19743644256 / 2,
    11237099 / 235043384 / 2,
)
_ORDER: Final = 5


@dataclass(frozen=True)
class Dopri5Solution:
    """The state at t = 1 and the accepted steps (start, end); the last one ends at or after t = 1."""

    x: Tensor
    steps: tuple[tuple[float, float], ...]


def _rms(x: Tensor) -> float:
    return x.square().mean().sqrt().item()


def _weighted(slopes: list[Tensor], step: float, weights: tuple[float, ...]) -> Tensor:
    """``step * sum(weights * slopes)`` in the order of torchdiffeq, as error estimates can be close to rounding."""
    scaled = torch.tensor(weights, dtype=torch.float64) * step
    return (torch.stack(slopes, dim=-1) * scaled.to(slopes[0])).sum(dim=-1)


def _attempt(field: Field, x: Tensor, slope: Tensor, time: float, step: float) -> tuple[Tensor, Tensor, list[Tensor]]:
    """One step from x with its slope. Returns the new state, its estimated error and the slopes of the stages."""
    before_end = float(np.nextafter(np.float32(time + step), np.float32(-np.inf)))
    slopes = [slope]
    for fraction, weights in zip(_DOPRI5.times[1:], _DOPRI5.stages[1:], strict=True):
        moment = before_end if fraction == 1.0 else time + fraction * step
        slopes.append(field(x + _weighted(slopes, step, weights), moment))
    return x + _weighted(slopes, step, _DOPRI5.weights), _weighted(slopes, step, _DOPRI5_ERROR), slopes


def _first_step(field: Field, x: Tensor, slope: Tensor, rtol: float, atol: float) -> float:
    """First step size by Hairer's rule, with one call of the field."""
    scale = atol + rtol * x.abs()
    size, speed = _rms(x / scale), _rms(slope / scale)
    trial = 1e-6 if size < 1e-5 or speed < 1e-5 else 0.01 * size / speed
    bend = _rms((field(x + trial * slope, trial) - slope) / scale) / trial
    if speed <= 1e-15 and bend <= 1e-15:
        return min(100 * trial, max(1e-6, trial * 1e-3))
    return min(100 * trial, float((0.01 / max(speed, bend)) ** (1 / _ORDER)))


def _interpolate(x0: Tensor, x1: Tensor, slopes: list[Tensor], step: float, at: float) -> Tensor:
    """Quartic interpolation from both ends of a step, their slopes and its middle; ``at`` is in 0..1."""
    middle = x0 + _weighted(slopes, step, _DOPRI5_MIDDLE)
    first, last = slopes[0], slopes[-1]
    a4 = 2 * step * (last - first) - 8 * (x1 + x0) + 16 * middle
    a3 = step * (5 * first - 3 * last) + 18 * x0 + 14 * x1 - 32 * middle
    a2 = step * (last - 4 * first) - 11 * x0 - 5 * x1 + 16 * middle
    return x0 + at * (step * first + at * (a2 + at * (a3 + at * a4)))


def dopri5(field: Field, x: Tensor, *, rtol: float = 1e-3, atol: float = 1e-6) -> Dopri5Solution:
    """Solve as the reference does, by adaptive Dormand-Prince 5(4) with the rules of torchdiffeq 0.2.5.

    All rows share one step size, so a row depends on the others. The last step goes beyond t = 1, where the state
    is interpolated. Dormand & Prince (1980); step control and first step after Hairer, Norsett &
    Wanner, II.4; middle weights by Shampine (1986).

    Parameters
    ----------
    field : Field
        It is also called beyond t = 1.
    x : (n, C) float32 tensor
        State at t = 0.
    rtol, atol : float
        Tolerances of a step, for the root mean square over the batch.
    """
    time = 0.0
    slope = field(x, 0.0)
    step = _first_step(field, x, slope, rtol, atol)
    accepted: list[tuple[float, float]] = []
    while True:
        end = time + step
        arrived, error, slopes = _attempt(field, x, slope, time, step)
        tolerance = atol + rtol * torch.maximum(x.abs(), arrived.abs())
        ratio = _rms(error / tolerance)
        factor = 10.0 if ratio == 0 else min(10.0, max(0.9 / ratio ** (1 / _ORDER), 1.0 if ratio < 1 else 0.2))
        if ratio <= 1:
            accepted.append((time, end))
            if end >= 1.0:
                x = _interpolate(x, arrived, slopes, step, (1.0 - time) / step)
                return Dopri5Solution(x, tuple(accepted))
            time, x, slope = end, arrived, slopes[-1]
        elif not ratio < float("inf") or time + step * factor == time:
            # No step size can succeed, for example because a value is not finite. The caller detects the NaN.
            return Dopri5Solution(torch.full_like(x, float("nan")), tuple(accepted))
        step *= factor
