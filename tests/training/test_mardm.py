"""The last stage: masks and lengths of batches."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from training import mardm


def test_masks_follow_the_cosine() -> None:
    torch.manual_seed(0)
    masked = mardm.draw_mask(20_000, 8)
    counts = masked.sum(1)
    assert counts.min() == 1
    assert counts.max() == 8
    assert counts.float().mean().item() / 8 == pytest.approx(2 / np.pi, abs=0.02)
    assert masked.float().mean(0).std().item() < 0.01


def test_lengths_share_the_batches() -> None:
    shares = mardm.length_shares([4, 8, 16, 32, 196])
    assert sum(shares.values()) == pytest.approx(1)
    assert shares[16] > 0.6
    assert shares[32] > shares[196] > 0
