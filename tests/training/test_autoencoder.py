"""The autoencoder stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from training import autoencoder, motions
from training.settings import TINY
from training.split import draw_many


def test_latents_are_scaled_without_changing_what_is_decoded(standing: Callable[..., np.ndarray]) -> None:
    torch.manual_seed(0)
    network = autoencoder.Autoencoder(TINY.sizes(0).autoencoder).eval()
    features = motions.TrainingSet(["x"], standing(16)[None], ["grammar"]).features().repeat(4, 0)
    features += np.random.default_rng(0).normal(size=features.shape).astype(np.float32) * 0.1
    mean, std = autoencoder.normalisation(features)
    wanted = torch.from_numpy((features - mean) / std)
    with torch.no_grad():
        before = network(wanted)
        autoencoder.normalise_latents(network, features, mean, std)
        after = network(wanted)
    torch.testing.assert_close(after, before, rtol=1e-4, atol=1e-5)
    latents = autoencoder.encoded(network, features, mean, std)
    assert latents.shape == (4, 4, TINY.latent_width)
    assert latents.square().mean().item() == pytest.approx(1, rel=1e-3)


def test_the_autoencoder_starts_as_a_linear_code() -> None:
    drawn = draw_many(300, 9, 1, 16)
    features = motions.TrainingSet([e.caption for e in drawn], np.stack([e.motion for e in drawn]), []).features()
    mean, std = autoencoder.normalisation(features)
    torch.manual_seed(0)
    network = autoencoder.Autoencoder(replace(TINY.sizes(0).autoencoder, latent_width=40, width=96)).eval()
    before = autoencoder.reconstruction_error(network, features, mean, std)
    autoencoder.start_linear(network, features, mean, std)
    after = autoencoder.reconstruction_error(network, features, mean, std)
    assert after < 0.03 < 0.2 < before
