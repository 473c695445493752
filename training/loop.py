"""The loop that all stages share: rates, a running average of the weights, checkpoints from which it goes on."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

_SAVE_EVERY: Final = 60.0
_WARM: Final = 0.03
_LARGEST_GRADIENT: Final = 1.0
_SMALLEST_MATRIX: Final = 16
_MUON_RATE: Final = 2.0
"""Muon's rate over AdamW's."""

Log = Callable[[str], None]
Groups = list[tuple[list[nn.Parameter], float]]
"""Parameters with the largest rate of each group."""


def low_precision(wanted: bool) -> torch.autocast:
    """A context in which matrix products are computed in bfloat16, if wanted."""
    return torch.autocast("cpu", torch.bfloat16, enabled=wanted)


def rate_at(step: int, steps: int) -> float:
    """Share of the largest rate: a short rise, then a cosine down to 0."""
    warm = max(1, int(_WARM * steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


class Average:
    """Running average of a module's trained parameters; early on it forgets faster."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay = decay
        self.state = {name: tensor.detach().clone() for name, tensor in module.state_dict().items()}
        self.trained = [name for name, parameter in module.named_parameters() if parameter.requires_grad]

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        """Take in the module's state after a step."""
        weight = 1 - min(self.decay, (step + 1) / (step + 10))
        now = module.state_dict()
        for name in self.trained:
            self.state[name].lerp_(now[name], weight)


def optimisers(module: nn.Module, groups: Groups) -> list[torch.optim.Optimizer]:
    """Muon (Jordan et al., 2024) for the matrices between hidden layers, AdamW for tables, vectors and kernels.

    On this text encoder Muon came in 2,000 steps where AdamW alone had not come in 4,000.
    """
    tables = {id(layer.weight) for layer in module.modules() if isinstance(layer, nn.Embedding)}

    def turned(parameter: nn.Parameter) -> bool:
        return parameter.ndim == 2 and min(parameter.shape) >= _SMALLEST_MATRIX and id(parameter) not in tables

    matrices, rest = (
        [
            {"params": chosen, "lr": rate * times, "largest": rate * times}
            for parameters, rate in groups
            if (chosen := [each for each in parameters if turned(each) == is_matrix])
        ]
        for is_matrix, times in ((True, _MUON_RATE), (False, 1.0))
    )
    found: list[torch.optim.Optimizer] = []
    if matrices:
        found.append(torch.optim.Muon(matrices, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"))
    if rest:
        found.append(torch.optim.AdamW(rest, betas=(0.9, 0.98), weight_decay=0.01))
    return found


class Stage:
    """One stage of training: a module, its parameters by rate, and where it is kept.

    Parameters
    ----------
    name : str
        Of the checkpoint and in the log.
    module : nn.Module
    groups : list of (parameters, largest rate)
    steps : int
    decay : float
        Of the running average.
    out : Path
        Folder of the checkpoint; the stage goes on from one that is there.
    seed : int
        Each step's randomness comes from it and the step's number, so that a stage cut short and continued
        does what an undisturbed one does.
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
        self.average = Average(module, decay)
        self.step = 0
        self.seconds = 0.0
        if self.path.exists():
            self._load()

    def run(self, loss_of: Callable[[int], tuple[Tensor, dict[str, float]]]) -> nn.Module:
        """Train to the end and leave the averaged weights in the module.

        Parameters
        ----------
        loss_of : callable
            Takes the step's number, with torch's generator seeded for it; gives the loss and figures to log.
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
        aside = self.path.with_suffix(".part")
        torch.save(
            {
                "step": self.step,
                "seconds": self.seconds,
                "module": self.module.state_dict(),
                "average": self.average.state,
                "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            },
            aside,
        )
        aside.replace(self.path)

    def _load(self) -> None:
        kept: dict[str, Any] = torch.load(self.path)
        self.module.load_state_dict(kept["module"])
        self.average.state = kept["average"]
        for optimiser, state in zip(self.optimisers, kept["optimisers"], strict=True):
            optimiser.load_state_dict(state)
        self.step, self.seconds = kept["step"], kept["seconds"]
        self.log(f"{self.name} goes on at step {self.step}")
