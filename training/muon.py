"""Muon (Jordan et al., 2024) for matrices of hidden layers, in a number format that the CPU computes fast.

``torch.optim.Muon`` orthogonalises in bfloat16. On a CPU without instructions for it, that takes sixty times as long
as float32. Here the format is chosen, and matrices of the same shape are orthogonalised together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, Final

import torch
from torch import Tensor

_ROUNDS: Final = 5
_QUINTIC: Final = (3.4445, -4.7750, 2.0315)
"""Coefficients of ``a x + b x**3 + c x**5``, which moves singular values from 0..1 to about 1 in five rounds."""

_ROOT_MEAN_SQUARE: Final = 0.2
"""Root mean square of an update at rate 1, about that of AdamW, so that both can share a learning rate."""


def orthogonalised(matrices: Tensor) -> Tensor:
    """Return matrices (n, a, b) with the same singular vectors and with singular values near 1 (0.7 to 1.2).

    The polynomials are applied to the small products ``x @ x.mT``, which gives the same result as applying them to the
    matrices and takes a quarter of the time for one of 5,120 x 256. bfloat16 is too coarse for that.
    """
    a, b, c = _QUINTIC
    tall = matrices.shape[1] > matrices.shape[2]
    x: Tensor = matrices.mT if tall else matrices
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=1e-7)
    if x.dtype == torch.bfloat16:
        for _ in range(_ROUNDS):
            square = x @ x.mT  # (n, a, a)
            x = a * x + (b * square + c * square @ square) @ x
    else:
        square = x @ x.mT
        factor = torch.eye(x.shape[1]).expand_as(square)  # (n, a, a)
        for _ in range(_ROUNDS):
            step = torch.baddbmm(square, square, square, beta=b, alpha=c)
            step.diagonal(dim1=1, dim2=2).add_(a)
            factor = step @ factor
            square = step @ square @ step
        x = factor @ x
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    """Momentum whose updates are orthogonalised.

    Parameters
    ----------
    params : iterable
        Matrices, or groups of them as dictionaries with ``params`` and ``lr``.
    lr, momentum, weight_decay : float
    dtype : torch.dtype
        Format in which updates are orthogonalised.
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0.95,
        weight_decay: float = 0.01,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})
        self._dtype = dtype

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> None:  # type: ignore[override]
        """Update all matrices that have a gradient; ``closure`` is not used."""
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[Tensor]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    by_shape.setdefault(parameter.shape, []).append(parameter)
            for shape, parameters in by_shape.items():
                directions = torch.stack([self._direction(each, group["momentum"]) for each in parameters])
                updates = orthogonalised(directions.to(self._dtype)).to(directions.dtype)
                size = _ROOT_MEAN_SQUARE * math.sqrt(max(shape))
                for parameter, update in zip(parameters, updates, strict=True):
                    parameter.mul_(1 - group["lr"] * group["weight_decay"])
                    parameter.add_(update, alpha=-group["lr"] * size)

    def _direction(self, parameter: Tensor, momentum: float) -> Tensor:
        """Return the gradient after Nesterov's momentum."""
        state = self.state[parameter]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(parameter)
        average: Tensor = state["momentum"]
        assert parameter.grad is not None
        average.lerp_(parameter.grad, 1 - momentum)
        return parameter.grad.lerp(average, momentum)
