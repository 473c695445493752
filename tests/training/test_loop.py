"""The training loop."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from training.loop import Stage, rate_at


def test_rates_rise_and_fall() -> None:
    rates = [rate_at(step, 100) for step in range(100)]
    assert rates[0] < rates[2] <= 1
    assert rates[2:] == sorted(rates[2:], reverse=True)
    assert rates[-1] < 0.01


def test_an_interrupted_stage_continues_to_the_same_weights(tmp_path: Path) -> None:
    def trained(out: Path, stop: int | None) -> torch.Tensor:
        out.mkdir(exist_ok=True)
        torch.manual_seed(0)
        module = nn.Linear(3, 1)
        stage = Stage(
            "line",
            module,
            [(list(module.parameters()), 0.1)],
            steps=30,
            decay=0.9,
            out=out,
            seed=1,
            log=lambda line: None,
        )

        def loss_of(step: int) -> tuple[torch.Tensor, dict[str, float]]:
            if step == stop:
                stage._save()
                raise KeyboardInterrupt
            x = torch.randn(8, 3)
            return (module(x) - x.sum(1, keepdim=True)).square().mean(), {}

        stage.run(loss_of)
        return module.weight.detach().clone()

    whole = trained(tmp_path / "whole", None)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path / "cut", 17)
    torch.testing.assert_close(trained(tmp_path / "cut", None), whole, rtol=0, atol=0)
    assert (whole - 1).abs().max() < 0.5
