"""Muon, and what is chosen by the CPU."""

from __future__ import annotations

import torch
from torch import nn

from training import loop
from training.muon import Muon, orthogonalised


def test_singular_values_become_one_and_singular_vectors_stay() -> None:
    torch.manual_seed(0)
    for shape in ((3, 24, 40), (2, 40, 24)):
        matrices = torch.randn(shape)
        left, values, right = torch.linalg.svd(matrices, full_matrices=False)
        found = left.mT @ orthogonalised(matrices) @ right.mT
        new = found.diagonal(dim1=1, dim2=2)
        assert ((new > 0.6) & (new < 1.3)).all()
        assert (found - torch.diag_embed(new)).abs().max() < 1e-3
        assert values.max() / values.min() > 3


def test_it_is_the_optimiser_of_torch_in_another_format() -> None:
    """torch computes in bfloat16, so the weights agree to its precision only."""
    torch.manual_seed(0)
    start = [torch.randn(20, 30), torch.randn(20, 30), torch.randn(32, 16)]
    wanted = [torch.randn_like(each) for each in start]
    ends = []
    for make in (
        lambda p: Muon(p, lr=0.02),
        lambda p: torch.optim.Muon(p, lr=0.02, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"),
    ):
        matrices = [nn.Parameter(each.clone()) for each in start]
        optimiser = make(matrices)
        for _ in range(8):
            optimiser.zero_grad()
            sum((m - w).square().sum() for m, w in zip(matrices, wanted, strict=True)).backward()
            optimiser.step()
        ends.append([each.detach() for each in matrices])
    for mine, reference, first in zip(*ends, start, strict=True):
        assert (mine - reference).norm() < 0.02 * (reference - first).norm()


def test_a_cpu_without_bfloat16_computes_in_float32(monkeypatch) -> None:
    for can in (True, False):
        monkeypatch.setattr(loop, "has_bfloat16", lambda can=can: can)
        layer = nn.Linear(32, 32)
        with loop.low_precision(True):
            assert layer(torch.ones(2, 32)).dtype == (torch.bfloat16 if can else torch.float32)
        with loop.low_precision(False):
            assert layer(torch.ones(2, 32)).dtype == torch.float32
        muon = loop.optimisers(layer, [(list(layer.parameters()), 1e-3)])[0]
        assert muon._dtype == (torch.bfloat16 if can else torch.float32)
