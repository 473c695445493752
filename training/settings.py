"""Settings of a training run, and two sets of values: those of the bundled model and tiny ones for a trial."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from posepipe.models.mardm.autoencoder import AutoencoderConfig
from posepipe.models.mardm.diffusion import DiffusionConfig
from posepipe.models.mardm.transformer import TransformerConfig
from posepipe.models.small import SmallConfig
from posepipe.models.small_text import TextConfig

LONGEST_TOKENS: Final = 49
"""Tokens of the longest motion, 196 frames at 4 frames a token."""


@dataclass(frozen=True)
class Settings:
    """Sizes, amounts and rates of a training run.

    Attributes
    ----------
    seed : int
        Seed of all randomness.
    motions : tuple of (frames, count)
        Grammar examples for each length. Shorter motions are cut out of those with 16 frames.
    mocap_share : float
        Motion-capture windows for each grammar example.
    derived_share, derived_mocap_share : float
        Share of the grammar examples, and of the motion-capture windows, whose captions are derived from their poses
        or get such a description appended.
    strange_share : float
        Captions that do not describe a pose, paired with a person who stands, for each grammar example.
    latent_width, autoencoder_width, autoencoder_depth : int
    latent_noise : float
        Noise added to latents in the training of the autoencoder; it makes small errors of the diffusion harmless.
    width, layers, heads : int
        Sizes of the masked transformer.
    diffusion_width, diffusion_depth : int
    word_width, text_layers, text_width : int
    autoencoder_steps, text_steps, mardm_steps, student_steps : int
    autoencoder_batch, text_batch, mardm_batch, student_batch : int
    autoencoder_rate, text_rate, mardm_rate, student_rate, tuning_rate : float
        Largest learning rates; ``tuning_rate`` is that of the text encoder in the last stage.
    text_from : float
        Share of the last stage in which the text encoder is frozen; after it, the encoder is trained too.
    student_records : int
        Results of the teacher that the student learns from.
    times_per_token : int
        Diffusion times drawn for each masked token of a batch.
    text_dropped : float
        Share of captions that training hides, for classifier-free guidance.
    text_noise : float
        Noise added to text embeddings in training, so that unseen phrasings may have slightly other embeddings.
    bfloat16 : bool
        Whether the stages after the autoencoder compute matrix products in bfloat16, on a CPU with instructions for it.
        Weights and losses stay float32.
    average : float
        Decay of the averaged weights at each step.
    guidance : tuple of float
        Guidance scales that are compared to choose the default.
    temperature : float
        Default standard deviation of the noise in sampling; training uses 1.
    solver : str
        Default solver.
    """

    seed: int = 0
    motions: tuple[tuple[int, int], ...] = ((16, 200_000), (32, 6_000), (64, 2_000), (196, 700))
    mocap_share: float = 0.08
    derived_share: float = 0.25
    derived_mocap_share: float = 0.5
    strange_share: float = 0.025
    latent_width: int = 48
    autoencoder_width: int = 128
    autoencoder_depth: int = 2
    latent_noise: float = 0.05
    width: int = 256
    layers: int = 2
    heads: int = 4
    diffusion_width: int = 256
    diffusion_depth: int = 6
    word_width: int = 96
    text_layers: int = 3
    text_width: int = 256
    autoencoder_steps: int = 4_000
    text_steps: int = 7_000
    mardm_steps: int = 11_000
    student_steps: int = 2_000
    autoencoder_batch: int = 64
    text_batch: int = 128
    mardm_batch: int = 128
    student_batch: int = 1_024
    autoencoder_rate: float = 1e-3
    text_rate: float = 1e-3
    mardm_rate: float = 1e-3
    student_rate: float = 1e-3
    tuning_rate: float = 1e-4
    text_from: float = 0.85
    student_records: int = 340_000
    times_per_token: int = 4
    text_dropped: float = 0.1
    text_noise: float = 0.05
    bfloat16: bool = True
    average: float = 0.999
    guidance: tuple[float, ...] = (2.0, 3.0)
    temperature: float = 0.5
    solver: str = "ab2"

    def shortened(self, share: float) -> Settings:
        """Return settings with this share of the steps, for networks that are trained already.

        Learning rates are smaller too, by the root of the share, so that what was learned is not lost at once.
        """
        rate = share**0.5
        return replace(
            self,
            autoencoder_steps=max(1, round(share * self.autoencoder_steps)),
            text_steps=max(1, round(share * self.text_steps)),
            mardm_steps=max(1, round(share * self.mardm_steps)),
            text_rate=rate * self.text_rate,
            mardm_rate=rate * self.mardm_rate,
        )

    def sizes(self, words: int) -> SmallConfig:
        """Return the sizes of the networks for a table of ``words`` words."""
        return SmallConfig(
            AutoencoderConfig(
                latent_width=self.latent_width, width=self.autoencoder_width, depth=self.autoencoder_depth
            ),
            TransformerConfig(
                latent_width=self.latent_width,
                width=self.width,
                feedforward=4 * self.width,
                layers=self.layers,
                heads=self.heads,
                text_width=self.text_width,
                positions=LONGEST_TOKENS,
            ),
            DiffusionConfig(
                latent_width=self.latent_width,
                condition_width=self.width,
                width=self.diffusion_width,
                depth=self.diffusion_depth,
            ),
            TextConfig(
                words=words,
                word_width=self.word_width,
                width=max(32, self.text_width * 3 // 4),
                heads=4,
                layers=self.text_layers,
                feedforward=2 * self.text_width,
                text_width=self.text_width,
                dropout=0.05,
            ),
        )


BUNDLED: Final = Settings()
TINY: Final = replace(
    BUNDLED,
    motions=((16, 96), (32, 16)),
    autoencoder_width=32,
    autoencoder_depth=1,
    latent_width=16,
    width=32,
    layers=1,
    diffusion_width=32,
    diffusion_depth=2,
    word_width=16,
    text_layers=1,
    text_width=32,
    autoencoder_steps=20,
    text_steps=20,
    mardm_steps=20,
    student_steps=20,
    autoencoder_batch=16,
    text_batch=16,
    mardm_batch=16,
    student_batch=64,
    student_records=1_024,
    average=0.9,
    guidance=(1.0, 2.0),
)
"""Runs through all stages in seconds; the model learns nothing useful."""
