"""R-precision by the matching model."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import torch

from posepipe.models.small_text import SPECIAL, Vocabulary
from training.matching import CANDIDATES, Matcher, retrieval

COUNT = 2 * CANDIDATES + 5


class _Heads:
    """Heads that give pose number i the vector of caption number i + ``shift``."""

    def __init__(self, shift: int) -> None:
        self.shift = shift
        self.text = lambda tokens: torch.eye(COUNT)
        self.text.network = SimpleNamespace(config=SimpleNamespace(longest=8))

    def eval(self) -> _Heads:
        return self

    def texts(self, embedding: torch.Tensor) -> torch.Tensor:
        return embedding

    def bodies(self, poses: torch.Tensor) -> torch.Tensor:
        assert poses.shape == (COUNT, 64)
        return torch.eye(COUNT).roll(self.shift, dims=1) + 0.5 * torch.eye(COUNT)


def _precision(shift: int) -> list[float]:
    words = [f"word{number}" for number in range(COUNT)]
    matcher = Matcher(_Heads(shift), Vocabulary((*SPECIAL, *words)), np.ones(67, np.float32))
    return retrieval(matcher, words, np.zeros((COUNT, 22, 3), np.float32))


def test_the_right_caption_first_counts_as_found() -> None:
    assert _precision(0) == [1.0, 1.0, 1.0]


def test_a_better_caption_takes_the_first_place() -> None:
    first, second, third = _precision(1)
    assert first == 1 / CANDIDATES, "the better caption of the last pose is in another group"
    assert second == third == 1.0
