"""benchmarks/gpu.py works on a CPU, with small networks: nobody finds out on a rented GPU that it does not."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
import torch

from posepipe.models.mardm.diffusion import DiffusionConfig, DiffusionMLP
from posepipe.models.mardm.transformer import MaskedTransformer, TransformerConfig

FOLDER = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, with networks of a hundredth of the official size."""
    monkeypatch.syspath_prepend(str(FOLDER))
    spec = importlib.util.spec_from_file_location("gpu_benchmark", FOLDER / "gpu.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def networks() -> tuple[MaskedTransformer, DiffusionMLP]:
        torch.manual_seed(0)
        transformer = MaskedTransformer(TransformerConfig(layers=1))
        diffusion = DiffusionMLP(DiffusionConfig(width=64, depth=2))
        return transformer.eval().requires_grad_(False), diffusion.eval().requires_grad_(False)

    monkeypatch.setattr(module, "networks", networks)
    monkeypatch.setattr(module, "ENOUGH_SECONDS", 0.0)
    monkeypatch.setattr(module, "TIME_STEPS", 2)
    monkeypatch.setattr(module, "peak", lambda device, precision: 1.0)
    return module


def test_the_gpu_benchmark_measures_every_precision_and_batch(
    gpu: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["gpu.py", "--device", "cpu", "--batches", "1", "2"])
    gpu.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("cpu torch ")
    heads = [line.split(":")[0] for line in lines[1:] if not line.startswith(" ")]
    assert heads == [f"{precision}, plain" for precision in gpu.PRECISIONS]
    assert sum("poses/s" in line for line in lines) == 2 * len(heads)
    assert "move by 0.000 mm (median), 0.000 mm (most)" in lines[1]  # float32 against itself


def test_the_gpu_benchmark_without_a_gpu(
    gpu: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["gpu.py"])
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    gpu.main()
    assert capsys.readouterr().out == "no GPU found; nothing was measured\n"
