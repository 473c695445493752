"""First stage: the autoencoder. Its latents have mean square 1 and tolerate some noise.

It starts as a linear code: the principal components of a frame, averaged over the four frames of a token. Pairs of
channels of opposite sign carry a value through a ReLU: x = relu(x) - relu(-x). Training adds movement within a token.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from posepipe.models.mardm.autoencoder import Autoencoder, Encoder
from posepipe.skeleton import BONE_LENGTHS, NUM_JOINTS, PARENTS
from training.loop import Log, Stage
from training.settings import Settings
from training.start import Start

_ROOT_STEP_WEIGHT: Final = 0.2
_HEIGHT_WEIGHT: Final = 6.0
_BONE_WEIGHT: Final = 0.2
_BONE_SHARE: Final = 0.6
_SIZE_WEIGHT: Final = 0.1
_CHUNK: Final = 512
"""Motions encoded at a time."""

_RANDOM_LATENTS: Final = 8_192
_RIDGE: Final = 1e-3
"""Latents to which the inverse of a decoder is fitted, and the ridge of the fit."""

_FRAMES: Final = 20_000
"""Frames from which the linear code is computed."""


def normalisation(features: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return mean and standard deviation (67,) of features (n, frames, 67).

    All features of a kind share one standard deviation; it is 1 if they do not vary.
    """
    flat = features.reshape(-1, features.shape[-1]).astype(np.float64)
    mean, variance = flat.mean(0), flat.var(0)
    std = np.ones_like(mean)
    for kind in (slice(0, 1), slice(1, 3), slice(3, 4), slice(4, None)):
        spread = float(np.sqrt(variance[kind].mean()))
        std[kind] = spread if spread > 1e-4 else 1.0
    return mean.astype(np.float32), std.astype(np.float32)


def bone_directions(features: Tensor) -> Tensor:
    """Return the bones (..., 21, 3) of denormalised features (..., 67), divided by the lengths of the skeleton."""
    local = features[..., 4:].reshape(*features.shape[:-1], NUM_JOINTS - 1, 3)  # (..., 21, 3)
    root = torch.zeros_like(local[..., :1, :])
    root[..., 0, 1] = features[..., 3]
    joints = torch.cat((root, local), dim=-2)  # (..., 22, 3)
    bones = joints[..., 1:, :] - joints[..., list(PARENTS[1:]), :]
    return bones / torch.tensor(BONE_LENGTHS[1:])[:, None]


def reconstruction_loss(found: Tensor, wanted: Tensor, mean: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    """Return the loss of normalised features (b, T, 67), and the root mean square error of the joints in metres."""
    error = (found - wanted).square()
    joints = error[..., 4:].mean()
    steps, height = error[..., 1:3].mean(), error[..., 3].mean()
    bones = (bone_directions(found * std + mean) - bone_directions(wanted * std + mean)).square().mean()
    loss = joints + _ROOT_STEP_WEIGHT * steps + _HEIGHT_WEIGHT / 64 * height + _BONE_WEIGHT * bones
    return loss, joints.detach().sqrt() * std[-1]


def train_autoencoder(
    features: dict[int, NDArray[np.float32]],
    mean: NDArray[np.float32],
    std: NDArray[np.float32],
    settings: Settings,
    out: Path,
    log: Log,
    start: Start | None = None,
) -> tuple[Autoencoder, float]:
    """Train on motions of several lengths; every fourth batch has another length than the most frequent one.

    Parameters
    ----------
    features : dict
        Denormalised features (n, frames, 67) by number of frames.
    mean, std : (67,) float32 arrays
    settings, out, log
        See :class:`training.build.TrainingRun`.
    start : Start, optional
        A model whose decoder is kept: only the encoder is trained.

    Returns
    -------
    autoencoder : Autoencoder
    seconds : float
    """
    torch.manual_seed(settings.seed)
    autoencoder = Autoencoder(settings.sizes(0).autoencoder)
    lengths = sorted(features, key=lambda frames: -len(features[frames]))
    if start is None:
        start_linear(autoencoder, features[lengths[0]], mean, std)
    else:
        start.fill_decoder(autoencoder)
        start_inverse(autoencoder, std)
    stage = Stage(
        "autoencoder",
        autoencoder,
        [([each for each in autoencoder.parameters() if each.requires_grad], settings.autoencoder_rate)],
        steps=settings.autoencoder_steps,
        decay=settings.average,
        out=out,
        seed=settings.seed,
        log=log,
    )

    def loss_of(step: int) -> tuple[Tensor, dict[str, float]]:
        rng = np.random.default_rng((settings.seed, 11, step))
        frames = lengths[0] if step % 4 or len(lengths) == 1 else lengths[1 + step // 4 % (len(lengths) - 1)]
        rows = max(4, settings.autoencoder_batch * 16 // max(16, frames))
        wanted = torch.from_numpy((features[frames][rng.integers(len(features[frames]), size=rows)] - mean) / std)
        latents = autoencoder.encode(wanted)  # (b, C, l)
        found = autoencoder.decode(latents + settings.latent_noise * torch.randn_like(latents))
        loss, error = reconstruction_loss(found, wanted, torch.from_numpy(mean), torch.from_numpy(std))
        size = latents.square().mean()
        return loss + _SIZE_WEIGHT * (size - 1).square(), {"mm": error.item() * 1000, "size": size.item()}

    stage.run(loss_of)
    if start is None:
        normalise_latents(autoencoder, features[lengths[0]][:4096], mean, std)
    return autoencoder, stage.seconds


@torch.inference_mode()
def encoded(
    autoencoder: Autoencoder, features: NDArray[np.float32], mean: NDArray[np.float32], std: NDArray[np.float32]
) -> Tensor:
    """Return the latents (n, l, C) of denormalised features (n, 4 l, 67)."""
    parts = [
        autoencoder.encode(torch.from_numpy((features[i : i + _CHUNK] - mean) / std)).transpose(1, 2)
        for i in range(0, len(features), _CHUNK)
    ]
    return torch.cat(parts)


@torch.no_grad()
def normalise_latents(
    autoencoder: Autoencoder,
    features: NDArray[np.float32],
    mean: NDArray[np.float32],
    std: NDArray[np.float32],
) -> None:
    """Scale the weights so that the latents have a mean square of 1; the reconstruction stays the same."""
    scale = encoded(autoencoder, features, mean, std).square().mean().sqrt()
    last, first = autoencoder.encoder.last, autoencoder.decoder.first
    last.weight.div_(scale)
    if last.bias is not None:
        last.bias.div_(scale)
    first.weight.mul_(scale)


def joints_and_bones(std: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the matrix (130, 67) that maps a normalised frame to joints and bone directions, weighted as in the loss.

    A turn of the head moves no joint far, but it turns a bone.
    """
    weight = np.ones(len(std))
    weight[:3] = np.sqrt(_ROOT_STEP_WEIGHT)
    weight[3] = np.sqrt(_HEIGHT_WEIGHT)
    bones = bone_directions(torch.diag(torch.from_numpy(std))).flatten(1).numpy().T  # (63, 67)
    return np.concatenate((np.diag(weight), _BONE_SHARE * bones)).astype(np.float64)


def linear_code(
    features: NDArray[np.float32], mean: NDArray[np.float32], std: NDArray[np.float32], width: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return matrices (width, 67) and (67, width) that encode and decode a normalised frame by principal components.

    The components are those of joints and bone directions together, see :func:`joints_and_bones`. A component of
    standard deviation s has one of sqrt(s) as latent. That is between keeping distances (small components drown in an
    error that is alike in all latents) and whitening (they weigh as much as the large): with such an error, the sum
    over joints is the least.
    """
    frames = features[:, features.shape[1] // 2][:_FRAMES]
    space = joints_and_bones(std)
    spread_out = ((frames - mean) / std).astype(np.float64) @ space.T
    variance, axes = np.linalg.eigh(spread_out.T @ spread_out / len(spread_out))
    order = np.argsort(variance)[::-1][:width]
    spread = np.sqrt(np.maximum(variance[order], 1e-8))  # (width,)
    scale = np.sqrt(spread * spread.mean())  # latents' mean square is 1
    encode = (axes[:, order] / scale).T @ space
    decode = np.linalg.pinv(space) @ (axes[:, order] * scale)
    return encode.astype(np.float32), decode.astype(np.float32)


@torch.no_grad()
def start_linear(
    autoencoder: Autoencoder,
    features: NDArray[np.float32],
    mean: NDArray[np.float32],
    std: NDArray[np.float32],
) -> None:
    """Set the weights so that the network is the linear code of a frame, averaged over each token.

    Channels that it does not need keep their random values; the residual blocks start as the identity.
    """
    width = autoencoder.config.latent_width
    encode, decode = (torch.from_numpy(matrix) for matrix in linear_code(features, mean, std, width))
    one = torch.eye(width)
    _start_encoder(autoencoder.encoder, encode)
    decoder = autoencoder.decoder
    for stack in decoder.stacks:
        _start_as_identity(stack)
    _set_rows(decoder.first, torch.cat((one, -one)), (1,))
    _set_rows(decoder.up[0], torch.cat((one, -one), dim=1), (1,))
    for up in decoder.up[1:]:
        _set_rows(up, one, (1,))
    _set_rows(decoder.middle, torch.cat((one, -one)), (1,))
    _set_rows(decoder.last, torch.cat((decode, -decode), dim=1), (1,))


@torch.no_grad()
def start_inverse(autoencoder: Autoencoder, std: NDArray[np.float32]) -> None:
    """Set the weights of the encoder so that it inverts the decoder, averaged over each token, as well as a matrix can.

    The matrix is fitted to random latents of the size that latents have (mean square 1).
    """
    width, tokens = autoencoder.config.latent_width, 5
    latents = torch.randn(_RANDOM_LATENTS, width)
    frames = autoencoder.decode(latents[..., None].expand(-1, -1, tokens))[:, 2 * tokens]  # (n, 67), the middle ones
    space = torch.from_numpy(joints_and_bones(std)).float()  # (130, 67)
    seen = frames @ space.T  # (n, 130)
    middle = seen.mean(0)
    seen = seen - middle
    square = seen.T @ seen / len(seen) + _RIDGE * torch.eye(len(space))
    inverse = torch.linalg.solve(square, seen.T @ latents / len(seen)).T  # (C, 130)
    _start_encoder(autoencoder.encoder, inverse @ space)
    bias = autoencoder.encoder.last.bias
    assert bias is not None
    bias.copy_(-inverse @ middle)


def _start_encoder(encoder: Encoder, encode: Tensor) -> None:
    """Make an encoder the matrix ``encode`` (C, 67) for each frame, averaged over each token."""
    one = torch.eye(len(encode))
    for stack in encoder.stacks:
        _start_as_identity(stack)
    _set_rows(encoder.first, torch.cat((encode, -encode)), (1,))
    _set_rows(encoder.down[0], torch.cat((one, -one), dim=1) / 2, (1, 2))
    for down in encoder.down[1:]:
        _set_rows(down, one / 2, (1, 2))
    _set_rows(encoder.last, one, (1,))


def _start_as_identity(stack: nn.Module) -> None:
    """Make residual blocks the identity."""
    for name, parameter in stack.named_parameters():
        if "conv2" in name:
            nn.init.zeros_(parameter)


def _set_rows(convolution: nn.Module, matrix: Tensor, taps: tuple[int, ...]) -> None:
    """Make the first outputs of a convolution the product of a matrix and its first inputs, at some taps."""
    rows, columns = matrix.shape
    weight, bias = convolution.get_parameter("weight"), convolution.get_parameter("bias")
    weight[:rows] = 0
    bias[:rows] = 0
    for tap in taps:
        weight[:rows, :columns, tap] = matrix


@torch.inference_mode()
def reconstruction_error(
    autoencoder: Autoencoder, features: NDArray[np.float32], mean: NDArray[np.float32], std: NDArray[np.float32]
) -> float:
    """Return the root mean square distance in metres by which encoding and decoding moves joints, root excluded."""
    found = autoencoder(torch.from_numpy((features - mean) / std)).numpy() * std + mean
    error = (found - features)[..., 4:].reshape(*features.shape[:-1], -1, 3)
    return float(np.sqrt(np.square(error).sum(-1).mean()))
