"""Settings of a training run."""

from __future__ import annotations

import pytest

from training.settings import BUNDLED, LONGEST_TOKENS, TINY, Settings


@pytest.mark.parametrize("settings", [BUNDLED, TINY])
def test_the_networks_fit_together(settings: Settings) -> None:
    sizes = settings.sizes(words=1234)
    assert sizes.autoencoder.latent_width == sizes.transformer.latent_width == sizes.diffusion.latent_width
    assert sizes.transformer.width == sizes.diffusion.condition_width
    assert sizes.transformer.text_width == sizes.text.text_width
    assert sizes.text.words == 1234
    assert sizes.transformer.width % sizes.transformer.heads == sizes.text.width % sizes.text.heads == 0


@pytest.mark.parametrize("settings", [BUNDLED, TINY])
def test_every_length_fits_the_transformer(settings: Settings) -> None:
    lengths = [frames for frames, _ in settings.motions]
    assert 16 in lengths, "shorter motions are cut out of 16 frames"
    assert all(frames % 4 == 0 for frames in lengths)
    assert max(lengths) <= 4 * LONGEST_TOKENS
