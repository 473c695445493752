"""Small checkpoint files for tests: CLIP, MARDM, and a pickle that runs code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

transformers = pytest.importorskip("transformers")


class RunsCode:
    """An object whose unpickling runs code: it creates a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return (Path.touch, (self.mark,))


def make_clip(folder: Path, seed: int = 0) -> Path:
    """Write a small CLIP text encoder in the hub's format, with a tokenizer that splits words into letters."""
    letters = "abcdefghijklmnopqrstuvwxyz,.?!'0123456789"
    pieces = [*letters, *(letter + "</w>" for letter in letters), "at</w>", "<|startoftext|>", "<|endoftext|>"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({piece: i for i, piece in enumerate(pieces)}))
    (folder / "merges.txt").write_text("#version: 0.2\na t</w>\n")
    end = len(pieces) - 1
    config = transformers.CLIPTextConfig(
        vocab_size=len(pieces),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        projection_dim=24,
        max_position_embeddings=77,
        bos_token_id=end - 1,
        eos_token_id=end,
        pad_token_id=end,
    )
    torch.manual_seed(seed)
    model = transformers.CLIPTextModelWithProjection(config)
    for parameter in model.parameters():
        parameter.data = torch.randn(parameter.shape) * 0.2
    model.save_pretrained(folder)
    return folder


GOLDEN = Path(__file__).parents[1] / "golden"


def make_checkpoints(folder: Path) -> Path:
    """Write all that the mardm-* models need, small: networks and statistics of the golden set, and CLIP."""
    shutil.copytree(GOLDEN / "checkpoints" / "t2m", folder / "t2m")
    shutil.copytree(GOLDEN / "datasets" / "HumanML3D", folder / "HumanML3D")
    make_clip(folder / "clip")
    return folder
