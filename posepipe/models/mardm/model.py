"""MARDM as posepipe sees it: captions and seeds in, joints out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from posepipe.errors import ConfigError
from posepipe.models.mardm.autoencoder import Autoencoder
from posepipe.models.mardm.diffusion import DiffusionMLP
from posepipe.models.mardm.features import joints_from_features
from posepipe.models.mardm.files import LENGTH_ESTIMATOR_SOURCE
from posepipe.models.mardm.lengths import MAX_TOKENS, LengthEstimator, draw_lengths
from posepipe.models.mardm.sampler import DDPM_STEPS, MIN_ROWS, Kind, Sampler, draw_noise
from posepipe.models.mardm.solvers import FIXED_STEP, SOLVERS
from posepipe.models.mardm.text import TextEncoder
from posepipe.models.mardm.transformer import MaskedTransformer

Precision = Literal["float32", "tf32", "bf16"]

PRECISIONS: Final = ("float32", "tf32", "bf16")
FRAMES_PER_TOKEN: Final = 4

_DECODED_TOGETHER: Final = 16
_SPEED: Final = {"cpu": 6e10, "cuda": 8e12}
"""Floating-point operations a second that one core, or an older GPU, reaches."""
_SECONDS: Final = 60.0
_LARGEST_BATCH: Final = {"cpu": 64, "cuda": 1024}
"""On a CPU 256 gain an eighth over 64, and a partition that is not full is padded to the batch's shape."""


def _compute_in_bfloat16(module: nn.Module) -> None:
    """Let the linear layers compute in bfloat16; norms, activations and what is summed up stay float32."""

    def lower(layer: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return (inputs[0].to(torch.bfloat16),)

    def raise_again(layer: nn.Module, inputs: tuple[Any, ...], output: Tensor) -> Tensor:
        return output.float()

    for layer in module.modules():
        if isinstance(layer, nn.Linear):
            layer.to(torch.bfloat16)
            layer.register_forward_pre_hook(lower)
            layer.register_forward_hook(raise_again)


@contextmanager
def _tensor_float32(allowed: bool) -> Iterator[None]:
    """Let CUDA round the inputs of matrix products and convolutions to TF32, or forbid it."""
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    before = matmul.allow_tf32, cudnn.allow_tf32
    matmul.allow_tf32, cudnn.allow_tf32 = allowed, allowed
    try:
        yield
    finally:
        matmul.allow_tf32, cudnn.allow_tf32 = before


class Mardm:
    """MARDM (Meng et al., 2024): meets :class:`~posepipe.models.base.Model` and ``BulkModel``.

    Parameters
    ----------
    autoencoder, transformer, diffusion
        The networks; moved to ``device``, put into eval mode, and with ``bf16`` changed for good.
    text_encoder : TextEncoder
        Gives embeddings of the transformer's ``text_width``.
    mean, std : (67,) float32 arrays
        Of the features.
    kind : {"sit", "ddpm"}
        What the diffusion network predicts: velocity or noise.
    default_cfg : float
        Guidance scale where none is asked for.
    temperature : float
        Standard deviation of the noise that tokens are denoised from. 1 is what the model was trained for; less
        keeps to the likelier of readings, and makes one caption's poses more alike.
    fingerprint : str
        Changes with the weights.
    device : str
        Of torch. Out of memory surfaces as ``torch.cuda.OutOfMemoryError``.
    precision : {"float32", "tf32", "bf16"}
        Of the matrix products; the solver's state is always float32. On a CPU tf32 is float32.
    solver, solver_steps
        See :class:`~posepipe.models.mardm.sampler.Sampler`. With ``dopri5`` a caption's motion depends on its
        batch, as in the reference.
    length_estimator : LengthEstimator, optional
        Needed by :meth:`estimate_lengths` alone.
    bone_lengths : (22,) float32 array, optional
        Metres; None where the model knows no single skeleton.

    Raises
    ------
    ConfigError
        An option is none of those above, or the parts do not fit together.
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
        length_estimator: LengthEstimator | None = None,
        bone_lengths: NDArray[np.float32] | None = None,
    ) -> None:
        if precision not in PRECISIONS:
            raise ConfigError(f"precision {precision!r} is none of {', '.join(PRECISIONS)}")
        if solver not in SOLVERS or solver_steps < 1:
            raise ConfigError(
                f"solver {solver!r} with {solver_steps} steps: take {', '.join(SOLVERS)}, and at least 1 step"
            )
        if text_encoder.dim != transformer.config.text_width:
            raise ConfigError(
                f"the text encoder gives {text_encoder.dim} values, the model takes {transformer.config.text_width}"
            )
        self.fingerprint = fingerprint
        self.default_cfg = default_cfg
        self._temperature = temperature
        self.bone_lengths = bone_lengths
        self._device = torch.device(device)
        self._tf32 = precision == "tf32"
        self._text_encoder = text_encoder
        self._mean = np.asarray(mean, dtype=np.float32)
        self._std = np.asarray(std, dtype=np.float32)
        self._autoencoder = autoencoder.to(self._device).eval()
        self._length_estimator = None if length_estimator is None else length_estimator.to(self._device).eval()
        for network in (transformer, diffusion):
            network.to(self._device).eval()
            if precision == "bf16":
                _compute_in_bfloat16(network)
        self._sampler = Sampler(transformer, diffusion, kind, solver, solver_steps)
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

        Batches are as large as :meth:`automatic_batch_size` says, smaller if there are fewer captions.
        """
        batch = min(max(len(captions), 1), self.automatic_batch_size(sequence_length))
        motions = [
            self._motions(captions[i : i + batch], seeds[i : i + batch], sequence_length, time_steps, cfg, batch)
            for i in range(0, len(captions), batch)
        ]
        return np.concatenate(motions) if motions else np.empty((0, sequence_length, 22, 3), dtype=np.float32)

    def generate_poses(
        self,
        captions: Sequence[str],
        seeds: Sequence[int],
        *,
        sequence_length: int,
        frame_index: int,
        time_steps: int,
        cfg: float,
        batch_size: int,
    ) -> NDArray[np.float32]:
        """Make one pose per caption; see :meth:`posepipe.models.base.BulkModel.generate_poses`."""
        self._tokens(sequence_length)
        if not 0 <= frame_index < sequence_length:
            raise ConfigError(f"frame {frame_index} is not in a motion of {sequence_length} frames")
        if len(captions) > batch_size:
            raise ConfigError(f"{len(captions)} captions for a batch of {batch_size}")
        motions = self._motions(captions, seeds, sequence_length, time_steps, cfg, batch_size)
        return np.ascontiguousarray(motions[:, frame_index])  # (n, 22, 3)

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
        """(n, sequence_length, 22, 3) of n captions, computed as a batch of ``batch_size``.

        The batch is rounded up to a multiple of 8, and decoded by 16 at least: on a CPU the bits of a caption are
        then the same in batches of any size and for any number of threads. The decoder runs over all frames,
        since a pose needs the root's way up to its frame, and the decoder is a thousandth of the work.
        """
        count = len(captions)
        if count != len(seeds):
            raise ConfigError(f"{count} captions with {len(seeds)} seeds")
        if count == 0:
            return np.empty((0, sequence_length, 22, 3), dtype=np.float32)
        tokens = self._tokens(sequence_length)
        rows = -(-batch_size // MIN_ROWS) * MIN_ROWS
        text = self._embed(captions)  # (n, D)
        text = torch.cat((text, text[:1].expand(rows - count, -1))).to(self._device)  # (rows, D)
        padded_seeds = [*seeds, *[seeds[0]] * (rows - count)]
        width = self._sampler.transformer.config.latent_width
        noise = draw_noise(padded_seeds, tokens, width, self._sampler.kind).scaled(self._temperature)
        lengths = torch.full((rows,), tokens)
        with _tensor_float32(self._tf32):
            latents = self._sampler(text, noise, lengths, time_steps=time_steps, cfg=cfg)  # (rows, C, l)
            if rows < _DECODED_TOGETHER:
                latents = torch.cat((latents, latents[: _DECODED_TOGETHER - rows]))
            normalised = self._autoencoder.decode(latents)  # (rows or 16, 4 l, 67)
        features = normalised[:count].cpu().numpy() * self._std + self._mean
        return joints_from_features(features)

    @staticmethod
    def _tokens(sequence_length: int) -> int:
        tokens, rest = divmod(sequence_length, FRAMES_PER_TOKEN)
        if rest or not 1 <= tokens <= MAX_TOKENS:
            raise ConfigError(f"a motion has 4 to 196 frames, a multiple of 4; {sequence_length} is not")
        return tokens

    def _embed(self, captions: Sequence[str]) -> Tensor:
        """Text embeddings (n, D) on the CPU, from :meth:`prepare` where it had the caption."""
        new = [caption for caption in dict.fromkeys(captions) if caption not in self._embeddings]
        fresh = self._encode(new)
        return torch.stack([fresh[c] if c in fresh else self._embeddings[c] for c in captions])

    def _encode(self, captions: Sequence[str]) -> dict[str, Tensor]:
        if not captions:
            return {}
        with _tensor_float32(False):
            encoded = self._text_encoder.encode(captions).float().cpu()  # (n, D)
        return dict(zip(captions, encoded, strict=True))

    def prepare(self, captions: Sequence[str]) -> None:
        """Encode a partition's captions in one pass and keep them until the next call."""
        self._embeddings = self._encode(list(dict.fromkeys(captions)))

    def automatic_batch_size(self, sequence_length: int) -> int:
        """Captions per batch: a multiple of 8 that one core, or an older GPU, makes in a minute.

        A function of the networks' sizes, the solver, the device's kind and memory, and the length.
        """
        tokens = self._tokens(sequence_length)
        diffusion = self._sampler.diffusion.config
        kind = "cpu" if self._device.type == "cpu" else "cuda"
        modulation = (3 * diffusion.depth + 2) * diffusion.width
        calls, times = self._calls()
        # Two rows (with and without text), two operations a weight.
        per_token = 4.0 * diffusion.width * (calls * 2 * diffusion.depth * diffusion.width + times * modulation)
        fitting = _SECONDS * _SPEED[kind] / (per_token * tokens)
        if kind == "cuda":
            memory = torch.cuda.get_device_properties(self._device).total_memory
            at_once = -(-tokens // 8)  # tokens of a caption that one step decides, about
            fitting = min(fitting, memory / 8 / (2 * 4 * modulation * at_once))
        bounded = min(max(fitting, MIN_ROWS), _LARGEST_BATCH[kind])
        return int(bounded) // MIN_ROWS * MIN_ROWS

    def _calls(self) -> tuple[int, int]:
        """Calls of the diffusion network per token, and the times at which they are made."""
        if self._sampler.kind == "ddpm":
            return DDPM_STEPS, DDPM_STEPS
        if self._sampler.solver not in FIXED_STEP:
            return 44, 44  # dopri5, as measured
        steps, stages = self._sampler.solver_steps, FIXED_STEP[self._sampler.solver].times
        return len(stages) * steps, len({stage % 1 for stage in stages}) * steps  # a step begins where one ends

    def estimate_lengths(self, captions: Sequence[str], seeds: Sequence[int]) -> NDArray[np.int64]:
        """(n,) frames per caption, drawn from the length estimator by each caption's seed.

        Raises
        ------
        ConfigError
            The model has no length estimator.
        """
        if self._length_estimator is None:
            raise ConfigError(
                "this model has no length estimator: give --sequence-length a number or from-file "
                f"(that of the official weights is {LENGTH_ESTIMATOR_SOURCE})"
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
        """(n,) True where the text encoder does not know enough of a caption."""
        return self._text_encoder.unsure(captions)
