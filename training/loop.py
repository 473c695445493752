"""The training loop of all stages: learning rates, optimisers, averaged weights, checkpoints to continue from."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

from training.muon import Muon

_SAVE_EVERY: Final = 60.0
"""Seconds between checkpoints."""

_WARM_UP: Final = 0.03
"""Share of the steps in which the learning rate rises."""

_LARGEST_GRADIENT: Final = 1.0
"""Norm to which gradients are clipped."""

_SMALLEST_MATRIX: Final = 16
"""Smallest side of a matrix that Muon updates."""

_MUON_RATE: Final = 2.0
"""Learning rate of Muon relative to that of AdamW."""

_BFLOAT16_FLAGS: Final = frozenset({"avx512_bf16", "amx_bf16", "bf16"})
"""Names in /proc/cpuinfo of instructions for bfloat16: x86's, and Arm's."""

Log = Callable[[str], None]
Groups = list[tuple[list[nn.Parameter], float]]
"""Groups of parameters, each with its largest learning rate."""


@cache
def has_bfloat16() -> bool:
    """Return whether the CPU has instructions for bfloat16; without them, torch emulates it many times slower."""
    try:
        flags = re.findall(r"^(?:flags|Features)\s*:(.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.M)
    except OSError:
        return False
    return any(not _BFLOAT16_FLAGS.isdisjoint(line.split()) for line in flags)


def low_precision(wanted: bool) -> torch.autocast:
    """Return a context that computes matrix products in bfloat16 if that is wanted and the CPU can do it."""
    return torch.autocast("cpu", torch.bfloat16, enabled=wanted and has_bfloat16())


def rate_at(step: int, steps: int) -> float:
    """Return the learning rate as a share of the largest: a short linear rise, then a cosine down to 0."""
    warm = max(1, int(_WARM_UP * steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


class AveragedWeights:
    """Running average of the trained parameters of a module; the decay is smaller in the first steps."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay = decay
        self.state = {name: tensor.detach().clone() for name, tensor in module.state_dict().items()}
        self.trained = [name for name, parameter in module.named_parameters() if parameter.requires_grad]

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        """Include the state of the module after a step."""
        weight = 1 - min(self.decay, (step + 1) / (step + 10))
        now = module.state_dict()
        for name in self.trained:
            self.state[name].lerp_(now[name], weight)


def optimisers(module: nn.Module, groups: Groups) -> list[torch.optim.Optimizer]:
    """Return Muon (Jordan et al., 2024) for matrices of hidden layers, and AdamW for tables, vectors and kernels.

    For the text encoder, Muon reached in 2,000 steps a loss that AdamW alone had not reached in 4,000.
    """
    tables = {id(layer.weight) for layer in module.modules() if isinstance(layer, nn.Embedding)}

    def for_muon(parameter: nn.Parameter) -> bool:
        return parameter.ndim == 2 and min(parameter.shape) >= _SMALLEST_MATRIX and id(parameter) not in tables

    matrices, rest = (
        [
            {"params": chosen, "lr": rate * times, "largest": rate * times}
            for parameters, rate in groups
            if (chosen := [each for each in parameters if for_muon(each) == is_matrix])
        ]
        for is_matrix, times in ((True, _MUON_RATE), (False, 1.0))
    )
    found: list[torch.optim.Optimizer] = []
    if matrices:
        found.append(Muon(matrices, dtype=torch.bfloat16 if has_bfloat16() else torch.float32))
    if rest:
        found.append(torch.optim.AdamW(rest, betas=(0.9, 0.98), weight_decay=0.01))
    return found


class Stage:
    """One stage of training; it continues from its checkpoint if there is one.

    Parameters
    ----------
    name : str
        Name of the checkpoint, also used in the log.
    module : nn.Module
    groups : list of (parameters, largest learning rate)
    steps : int
    decay : float
        Decay of the averaged weights.
    out : Path
        Folder of the checkpoint.
    seed : int
        All randomness of a step comes from the seed and the number of the step, so that a stage that was interrupted
        and continued gives the same weights as one that was not.
    log : callable
        Takes lines.
    """

    def __init__(
        self,
        name: str,
        module: nn.Module,
        groups: Groups,
        *,
        steps: int,
        decay: float,
        out: Path,
        seed: int,
        log: Log,
    ) -> None:
        self.name, self.module, self.steps, self.seed, self.log = name, module, steps, seed, log
        self.path = out / f"{name}.pt"
        self.optimisers = optimisers(module, groups)
        self.average = AveragedWeights(module, decay)
        self.step = 0
        self.seconds = 0.0
        if self.path.exists():
            self._load()

    def run(self, loss_of: Callable[[int], tuple[Tensor, dict[str, float]]]) -> nn.Module:
        """Train to the end and return the module with the averaged weights.

        Parameters
        ----------
        loss_of : callable
            Takes the number of the step, after torch was seeded for it; returns the loss and figures to log.
        """
        started = saved = time.monotonic()
        before = self.seconds
        self.module.train()
        while self.step < self.steps:
            torch.manual_seed(self.seed * 1_000_003 + self.step)
            loss, figures = loss_of(self.step)
            self._descend(loss)
            self.average.update(self.module, self.step)
            self.step += 1
            now = time.monotonic()
            self.seconds = before + now - started
            if self.step % max(1, self.steps // 40) == 0:
                shown = " ".join(f"{name} {value:.4f}" for name, value in figures.items())
                self.log(f"{self.name} {self.step}/{self.steps} loss {loss.item():.4f} {shown} {self.seconds:.0f} s")
            if now - saved > _SAVE_EVERY:
                self._save()
                saved = now
        self._save()
        self.module.load_state_dict(self.average.state)
        return self.module.eval()

    def _descend(self, loss: Tensor) -> None:
        share = rate_at(self.step, self.steps)
        parameters = []
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["largest"] * share
                parameters += group["params"]
            optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(parameters, _LARGEST_GRADIENT)
        for optimiser in self.optimisers:
            optimiser.step()

    def _save(self) -> None:
        partial = self.path.with_suffix(".part")
        torch.save(
            {
                "step": self.step,
                "seconds": self.seconds,
                "module": self.module.state_dict(),
                "average": self.average.state,
                "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            },
            partial,
        )
        partial.replace(self.path)

    def _load(self) -> None:
        stored: dict[str, Any] = torch.load(self.path)
        self.module.load_state_dict(stored["module"])
        self.average.state = stored["average"]
        for optimiser, state in zip(self.optimisers, stored["optimisers"], strict=True):
            optimiser.load_state_dict(state)
        self.step, self.seconds = stored["step"], stored["seconds"]
        self.log(f"{self.name} continues at step {self.step}")
