"""MARDM as a model of posepipe: captions and seeds to joints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from posepipe.commandline.values import STUDENT
from posepipe.errors import ConfigError
from posepipe.models.mardm.autoencoder import Autoencoder
from posepipe.models.mardm.diffusion import DiffusionMLP
from posepipe.models.mardm.features import joints_from_features
from posepipe.models.mardm.hub_files import Kind
from posepipe.models.mardm.length_estimator import MAX_TOKENS, LengthEstimator, draw_lengths
from posepipe.models.mardm.sampler import DDPM_STEPS, MIN_ROWS, STEPS_AFTER_GUESS, Sampler, draw_noise
from posepipe.models.mardm.solvers import FIXED_STEP, SOLVERS
from posepipe.models.mardm.text_encoder import TextEncoder
from posepipe.models.mardm.transformer import MaskedTransformer

Precision = Literal["float32", "tf32", "bf16"]

PRECISIONS: Final = ("float32", "tf32", "bf16")
FRAMES_PER_TOKEN: Final = 4

_DECODED_TOGETHER: Final = 16
_SPEED: Final = {"cpu": 6e10, "cuda": 8e12}
"""Floating-point operations per second that one core or an older GPU reaches."""
_SECONDS: Final = 60.0
_LARGEST_BATCH: Final = {"cpu": 64, "cuda": 1024}
"""On a CPU a batch of 256 is only an eighth faster than 64, and a smaller partition is padded to the batch size."""


def _compute_in_bfloat16(module: nn.Module) -> None:
    """Make the linear layers compute in bfloat16; norms, activations and sums stay float32."""

    def lower(layer: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return (inputs[0].to(torch.bfloat16),)

    def raise_again(layer: nn.Module, inputs: tuple[Any, ...], output: Tensor) -> Tensor:
        return output.float()

    for layer in module.modules():
        if isinstance(layer, nn.Linear):
            layer.to(torch.bfloat16)
            layer.register_forward_pre_hook(lower)
            layer.register_forward_hook(raise_again)


def student_refusal(cfg: float, own: float) -> str:
    """Say that a student cannot have another guidance scale than its own."""
    return (
        f"--solver student: its guidance scale is {own:g} and cannot be {cfg:g}; leave --solver out, or give another "
        "such as rk4"
    )


@contextmanager
def _tensor_float32(allowed: bool) -> Iterator[None]:
    """Allow or forbid CUDA to round the inputs of matrix products and convolutions to TF32."""
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    before = matmul.allow_tf32, cudnn.allow_tf32
    matmul.allow_tf32, cudnn.allow_tf32 = allowed, allowed
    try:
        yield
    finally:
        matmul.allow_tf32, cudnn.allow_tf32 = before


class Mardm:
    """MARDM (Meng et al., 2024). Implements :class:`~posepipe.models.base.Model` and ``BulkModel``.

    Parameters
    ----------
    autoencoder, transformer, diffusion
        The networks. They are moved to ``device`` and set to eval mode; with ``bf16`` they are changed permanently.
    text_encoder : TextEncoder
        Its embeddings have the transformer's ``text_width``.
    mean, std : (67,) float32 arrays
        Statistics of the features.
    kind : {"sit", "ddpm"}
        Whether the diffusion network predicts velocities or noise.
    default_cfg : float
        Guidance scale when none is given.
    temperature : float
        Standard deviation of the initial noise of tokens. The model was trained for 1. With a lower value poses are
        closer to the most likely ones, and poses of one caption differ less.
    fingerprint : str
        Changes with the weights.
    device : str
        Name of a torch device. When its memory is exhausted, ``torch.cuda.OutOfMemoryError`` is raised.
    precision : {"float32", "tf32", "bf16"}
        Precision of the matrix products; the solver's state is always float32. On a CPU, tf32 is float32.
    solver, solver_steps
        See :class:`~posepipe.models.mardm.sampler.Sampler`. With ``dopri5`` a motion depends on the other captions of
        its batch, as in the reference.
    student : DiffusionMLP, optional
        Needed for the solver ``student`` only. It was trained with guidance of scale ``default_cfg``.
    length_estimator : LengthEstimator, optional
        Needed by :meth:`estimate_lengths` only.
    bone_lengths : (22,) float32 array, optional
        Bone lengths in metres; None if the model has no single skeleton.

    Attributes
    ----------
    sampler, autoencoder, text_encoder, std, temperature
        The parts, to train a student of them.

    Raises
    ------
    ConfigError
        An option has another value than those above, or the parts do not fit together.
    """

    def __init__(
        self,
        autoencoder: Autoencoder,
        transformer: MaskedTransformer,
        diffusion: DiffusionMLP,
        text_encoder: TextEncoder,
        mean: NDArray[np.float32],
        std: NDArray[np.float32],
        *,
        kind: Kind = "sit",
        default_cfg: float,
        temperature: float = 1.0,
        fingerprint: str,
        device: str = "cpu",
        precision: str = "float32",
        solver: str = "rk4",
        solver_steps: int = 10,
        student: DiffusionMLP | None = None,
        length_estimator: LengthEstimator | None = None,
        bone_lengths: NDArray[np.float32] | None = None,
    ) -> None:
        if precision not in PRECISIONS:
            raise ConfigError(f"there is no precision {precision!r}: use {', '.join(PRECISIONS)}")
        if solver == STUDENT and student is None:
            raise ConfigError(f"--solver student: this model has no student; use {', '.join(SOLVERS)}")
        if solver not in (*SOLVERS, STUDENT) or solver_steps < 1:
            raise ConfigError(
                f"solver {solver!r} with {solver_steps} steps: use {', '.join(SOLVERS)}, and at least 1 step"
            )
        if text_encoder.dim != transformer.config.text_width:
            raise ConfigError(
                f"the text encoder gives {text_encoder.dim} values, the model needs {transformer.config.text_width}"
            )
        self.fingerprint = fingerprint
        self.default_cfg = default_cfg
        self.temperature = temperature
        self.bone_lengths = bone_lengths
        self._device = torch.device(device)
        self._tf32 = precision == "tf32"
        self.text_encoder = text_encoder
        self._mean = np.asarray(mean, dtype=np.float32)
        self.std = np.asarray(std, dtype=np.float32)
        self.autoencoder = autoencoder.to(self._device).eval()
        self._length_estimator = None if length_estimator is None else length_estimator.to(self._device).eval()
        for network in (transformer, diffusion, *([student] if student is not None and solver == STUDENT else [])):
            network.to(self._device).eval()
            if precision == "bf16":
                _compute_in_bfloat16(network)
        self.sampler = Sampler(transformer, diffusion, kind, solver, solver_steps, student)
        self._embeddings: dict[str, Tensor] = {}

    def generate(
        self,
        captions: Sequence[str],
        seeds: Sequence[int],
        *,
        sequence_length: int,
        time_steps: int,
        cfg: float,
    ) -> NDArray[np.float32]:
        """Make one motion per caption; see :meth:`posepipe.models.base.Model.generate`.

        The batch size is that of :meth:`automatic_batch_size`, or smaller if there are fewer captions.
        """
        batch = min(max(len(captions), 1), self.automatic_batch_size(sequence_length))
        motions = [
            self._motions(captions[i : i + batch], seeds[i : i + batch], sequence_length, time_steps, cfg, batch)
            for i in range(0, len(captions), batch)
        ]
        return np.concatenate(motions) if motions else np.empty((0, sequence_length, 22, 3), dtype=np.float32)

    def generate_motions(
        self,
        captions: Sequence[str],
        seeds: Sequence[int],
        *,
        sequence_length: int,
        time_steps: int,
        cfg: float,
        batch_size: int,
    ) -> NDArray[np.float32]:
        """Make one motion per caption; see :meth:`posepipe.models.base.BulkModel.generate_motions`."""
        self._tokens(sequence_length)
        if len(captions) > batch_size:
            raise ConfigError(f"{len(captions)} captions for a batch of {batch_size}")
        return self._motions(captions, seeds, sequence_length, time_steps, cfg, batch_size)

    @torch.inference_mode()
    def _motions(
        self,
        captions: Sequence[str],
        seeds: Sequence[int],
        sequence_length: int,
        time_steps: int,
        cfg: float,
        batch_size: int,
    ) -> NDArray[np.float32]:
        """Motions (n, sequence_length, 22, 3) of n captions, computed as a batch of ``batch_size``.

        The batch size is rounded up to a multiple of 8, and at least 16 motions are decoded together. The bits of a
        motion then depend on the batch size, not on how many captions there are: matrix products of 8 rows may round
        otherwise than those of more rows, and so may those of two threads. All frames are decoded, because a pose
        needs the path of the root up to its frame, and decoding is a thousandth of the work.
        """
        count = len(captions)
        if count != len(seeds):
            raise ConfigError(f"{count} captions with {len(seeds)} seeds")
        if count == 0:
            return np.empty((0, sequence_length, 22, 3), dtype=np.float32)
        if self.sampler.student is not None and cfg != self.default_cfg:
            raise ConfigError(student_refusal(cfg, self.default_cfg))
        tokens = self._tokens(sequence_length)
        rows = -(-batch_size // MIN_ROWS) * MIN_ROWS
        text = self._embed(captions)  # (n, D)
        text = torch.cat((text, text[:1].expand(rows - count, -1))).to(self._device)  # (rows, D)
        padded_seeds = [*seeds, *[seeds[0]] * (rows - count)]
        width = self.sampler.transformer.config.latent_width
        noise = draw_noise(padded_seeds, tokens, width, self.sampler.kind).scaled(self.temperature)
        lengths = torch.full((rows,), tokens)
        with _tensor_float32(self._tf32):
            latents = self.sampler(text, noise, lengths, time_steps=time_steps, cfg=cfg)  # (rows, C, l)
            if rows < _DECODED_TOGETHER:
                latents = torch.cat((latents, latents[: _DECODED_TOGETHER - rows]))
            normalised = self.autoencoder.decode(latents)  # (rows or 16, 4 l, 67)
        features = normalised[:count].cpu().numpy() * self.std + self._mean
        return joints_from_features(features)

    @staticmethod
    def _tokens(sequence_length: int) -> int:
        tokens, rest = divmod(sequence_length, FRAMES_PER_TOKEN)
        if rest or not 1 <= tokens <= MAX_TOKENS:
            raise ConfigError(f"sequence_length is {sequence_length}; it must be a multiple of 4 from 4 to 196")
        return tokens

    def _embed(self, captions: Sequence[str]) -> Tensor:
        """Text embeddings (n, D) on the CPU, from :meth:`prepare` for captions that were passed to it."""
        new = [caption for caption in dict.fromkeys(captions) if caption not in self._embeddings]
        fresh = self._encode(new)
        return torch.stack([fresh[c] if c in fresh else self._embeddings[c] for c in captions])

    def _encode(self, captions: Sequence[str]) -> dict[str, Tensor]:
        if not captions:
            return {}
        with _tensor_float32(False):
            encoded = self.text_encoder.encode(captions).float().cpu()  # (n, D)
        return dict(zip(captions, encoded, strict=True))

    def prepare(self, captions: Sequence[str]) -> None:
        """Encode the captions of a partition in one pass and keep the embeddings until the next call."""
        self._embeddings = self._encode(list(dict.fromkeys(captions)))

    def automatic_batch_size(self, sequence_length: int) -> int:
        """Captions per batch: a multiple of 8 for which one core or an older GPU needs about a minute.

        It depends on the sizes of the networks, the solver, the type and memory of the device, and the length.
        """
        tokens = self._tokens(sequence_length)
        diffusion = self.sampler.diffusion.config
        kind = "cpu" if self._device.type == "cpu" else "cuda"
        modulation = (3 * diffusion.depth + 2) * diffusion.width
        calls, times = self._calls()
        # Two rows (with and without text), two operations per weight.
        per_token = 4.0 * diffusion.width * (calls * 2 * diffusion.depth * diffusion.width + times * modulation)
        fitting = _SECONDS * _SPEED[kind] / (per_token * tokens)
        if kind == "cuda":
            memory = torch.cuda.get_device_properties(self._device).total_memory
            at_once = -(-tokens // 8)  # roughly the tokens of a caption that one step decides
            fitting = min(fitting, memory / 8 / (2 * 4 * modulation * at_once))
        bounded = min(max(fitting, MIN_ROWS), _LARGEST_BATCH[kind])
        return int(bounded) // MIN_ROWS * MIN_ROWS

    def _calls(self) -> tuple[int, int]:
        """Number of calls of the diffusion network per token, and number of different times among them."""
        if self.sampler.kind == "ddpm":
            return DDPM_STEPS, DDPM_STEPS
        if self.sampler.solver == "dopri5":
            return 44, 44  # as measured
        if self.sampler.solver == STUDENT:
            return 1 + STEPS_AFTER_GUESS, 1 + STEPS_AFTER_GUESS
        if self.sampler.solver == "ab2":
            return self.sampler.solver_steps, self.sampler.solver_steps
        steps, stages = self.sampler.solver_steps, FIXED_STEP[self.sampler.solver].times
        return len(stages) * steps, len(
            {stage % 1 for stage in stages}
        ) * steps  # a step starts at the time at which the previous one ends

    def estimate_lengths(self, captions: Sequence[str], seeds: Sequence[int]) -> NDArray[np.int64]:
        """Draw the number of frames per caption, (n,) int64, from the length estimator with each caption's seed.

        Raises
        ------
        ConfigError
            The model has no length estimator.
        """
        if self._length_estimator is None:
            raise ConfigError(
                "this model has no length estimator: give --sequence-length a number or from-file. For the official "
                "weights `posepipe models fetch` downloads it"
            )
        if not captions:
            return np.empty(0, dtype=np.int64)
        tokens = []
        for start in range(0, len(captions), MIN_ROWS):
            block = captions[start : start + MIN_ROWS]
            text = self._embed(block)  # (n, D)
            text = torch.cat((text, text[:1].expand(MIN_ROWS - len(block), -1))).to(self._device)  # (8, D)
            with torch.inference_mode(), _tensor_float32(False):
                logits = self._length_estimator(text)[: len(block)]
            tokens.append(draw_lengths(logits, seeds[start : start + MIN_ROWS]))
        return np.concatenate(tokens) * FRAMES_PER_TOKEN

    def unsure(self, captions: Sequence[str]) -> NDArray[np.bool_]:
        """(n,) array, True where a caption is far from what the text encoder was trained on."""
        return self.text_encoder.unsure(captions)
