"""Building networks from official MARDM weights: tensor names, sizes from shapes, and checks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from posepipe.errors import CheckpointError
from posepipe.models.mardm.autoencoder import Autoencoder, AutoencoderConfig
from posepipe.models.mardm.diffusion import DiffusionConfig, DiffusionMLP
from posepipe.models.mardm.features import NUM_FEATURES
from posepipe.models.mardm.files import CheckpointFiles
from posepipe.models.mardm.length_estimator import MAX_TOKENS, LengthEstimator, LengthEstimatorConfig
from posepipe.models.mardm.tensors import KEYS, State, empty_modules, is_finite, read_tensors
from posepipe.models.mardm.transformer import MaskedTransformer, TransformerConfig

OFFICIAL_HEADS: Final = 16
OFFICIAL_DILATION_GROWTH: Final = 3
"""These two values cannot be read from the weights."""

_BLOCK: Final = r"DiffMLPs\.net\.res_blocks\.(\d+)\."
_TRANSFORMER_KEYS: Final = (
    (r"mask_latent", "mask_latent"),
    (r"position_enc\.pe", "positions"),
    (r"input_process\.poseEmbedding\.(\w+)", r"embed.\1"),
    (r"cond_emb\.(\w+)", r"text.\1"),
    (r"MARTransformer\.(\d+)\.attn\.(query|key|value)\.(\w+)", r"blocks.\1.attention.\2.\3"),
    (r"MARTransformer\.(\d+)\.attn\.proj\.(\w+)", r"blocks.\1.attention.projection.\2"),
    (r"MARTransformer\.(\d+)\.mlp\.fc1\.(\w+)", r"blocks.\1.expand.\2"),
    (r"MARTransformer\.(\d+)\.mlp\.fc2\.(\w+)", r"blocks.\1.contract.\2"),
    (r"MARTransformer\.(\d+)\.adaLN_modulation\.1\.(\w+)", r"blocks.\1.modulation.\2"),
)
_DIFFUSION_KEYS: Final = (
    (r"DiffMLPs\.net\.time_embed\.mlp\.0\.(\w+)", r"time_first.\1"),
    (r"DiffMLPs\.net\.time_embed\.mlp\.2\.(\w+)", r"time_second.\1"),
    (r"DiffMLPs\.net\.cond_embed\.(\w+)", r"condition_projection.\1"),
    (r"DiffMLPs\.net\.input_proj\.(\w+)", r"input_projection.\1"),
    (_BLOCK + r"in_ln\.(\w+)", r"blocks.\1.norm.\2"),
    (_BLOCK + r"mlp\.0\.(\w+)", r"blocks.\1.first.\2"),
    (_BLOCK + r"mlp\.2\.(\w+)", r"blocks.\1.second.\2"),
    (_BLOCK + r"adaLN_modulation\.1\.(\w+)", r"modulations.\1.\2"),
    (r"DiffMLPs\.net\.final_layer\.linear\.(\w+)", r"output.\1"),
)


def _rename(key: str, rules: tuple[tuple[str, str], ...]) -> str | None:
    for pattern, ours in rules:
        if match := re.fullmatch(pattern, key):
            return match.expand(ours)
    return None


def _autoencoder_key(key: str, levels: int) -> str | None:
    """Our name of an autoencoder tensor. Official files number all layers in a row, the levels in the middle."""
    match = re.fullmatch(r"(encoder|decoder)\.model\.(\d+)\.(.+)", key)
    if match is None:
        return None
    side, number, rest = match[1], int(match[2]), match[3]
    level = number - 2
    if rest in ("weight", "bias"):
        ends = {0: "first", 2 + levels: "last"} if side == "encoder" else {}
        ends = ends or {0: "first", 2 + levels: "middle", 4 + levels: "last"}
        return f"{side}.{ends[number]}.{rest}" if number in ends else None
    sampling, stack = ("0", "1") if side == "encoder" else ("2", "0")
    if inner := re.fullmatch(rf"{stack}\.model\.(\d+\.conv[12]\.\w+)", rest):
        return f"{side}.stacks.{level}.{inner[1]}"
    if inner := re.fullmatch(rf"{sampling}\.(\w+)", rest):
        return f"{side}.{'down' if side == 'encoder' else 'up'}.{level}.{inner[1]}"
    return None


def _renamed(state: Mapping[str, Tensor], rename: Callable[[str], str | None], path: Path) -> State:
    renamed = {key: rename(key) for key in state}
    unexpected = [key for key, ours in renamed.items() if ours is None]
    if unexpected:
        raise CheckpointError(f"{path} holds {len(unexpected)} unknown tensors, such as {unexpected[0]}")
    return {ours: state[key] for key, ours in renamed.items() if ours is not None}


def _fill(module: nn.Module, state: State, path: Path) -> None:
    """Give a module made on the meta device its tensors, without copying those that are float32 already.

    Raises CheckpointError unless they are all there, with the right shapes and finite. Of the positional table only the
    rows that a motion can need are checked, so that the others need not be read.
    """
    expected = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
    faults = [f"{name} is missing" for name in expected.keys() - state.keys()]
    faults += [f"{name} is not known" for name in state.keys() - expected.keys()]
    for name in expected.keys() & state.keys():
        if tuple(state[name].shape) != expected[name]:
            faults.append(f"{name} is {tuple(state[name].shape)} instead of {expected[name]}")
        elif not is_finite(state[name][:MAX_TOKENS] if name == "positions" else state[name]):
            faults.append(f"{name} is not finite")
    if faults:
        raise CheckpointError(f"{path}: {len(faults)} faults in its tensors, such as: {min(faults)}")
    state = {name: tensor.detach().to(torch.float32) for name, tensor in state.items()}
    module.load_state_dict(state, assign=True)
    module.eval().requires_grad_(False)


def _shape(state: State, key: str, path: Path, dimensions: int) -> tuple[int, ...]:
    """Shape of a tensor with a known number of dimensions."""
    if key not in state or state[key].dim() != dimensions:
        raise CheckpointError(f"{path}: {key} is missing or does not have {dimensions} dimensions")
    return tuple(state[key].shape)


def _count(state: State, pattern: str) -> int:
    """Number of blocks: one more than the largest number in matching keys."""
    numbers = [int(match[1]) for key in state if (match := re.match(pattern, key))]
    return max(numbers, default=-1) + 1


def load_autoencoder(
    path: Path, *, dilation_growth: int = OFFICIAL_DILATION_GROWTH, encoder: bool = True, trust: bool = False
) -> Autoencoder:
    """Load an autoencoder; its sizes are those of the tensors. Raises CheckpointError.

    Generation does not need the encoder. With ``encoder=False`` its half of the file is not read.
    """
    raw = read_tensors(path, *KEYS["autoencoder"], trust=trust)
    levels = max(_count(raw, r"encoder\.model\.(\d+)\.0\.weight") - 2, 0)
    state = _renamed(raw, lambda key: _autoencoder_key(key, levels), path)
    width, features, _ = _shape(state, "encoder.first.weight", path, 3)
    latent_width = _shape(state, "encoder.last.weight", path, 3)[0]
    if features != NUM_FEATURES:
        raise CheckpointError(f"{path} is for {features} features per frame, HumanML3D has {NUM_FEATURES}")
    depth = _count(state, r"encoder\.stacks\.0\.(\d+)\.")
    config = AutoencoderConfig(features, latent_width, width, levels, depth, dilation_growth)
    with empty_modules():
        autoencoder = Autoencoder(config)
    if not encoder:
        autoencoder.register_module("encoder", None)
        state = {key: tensor for key, tensor in state.items() if not key.startswith("encoder.")}
    _fill(autoencoder, state, path)
    return autoencoder


def load_networks(
    path: Path, *, heads: int = OFFICIAL_HEADS, trust: bool = False
) -> tuple[MaskedTransformer, DiffusionMLP]:
    """Load transformer and diffusion MLP from the averaged weights; their sizes are those of the tensors.

    SiT and DDPM weights have the same names and shapes. Raises CheckpointError.
    """
    raw = read_tensors(path, *KEYS["sit"], trust=trust)
    raw = {key: tensor for key, tensor in raw.items() if not key.startswith("clip_model.")}
    diffusion_raw = {key: tensor for key, tensor in raw.items() if key.startswith("DiffMLPs.")}
    transformer_raw = {key: tensor for key, tensor in raw.items() if key not in diffusion_raw}
    transformer = _load_transformer(_renamed(transformer_raw, _transformer_key, path), heads, path)
    depth = _count(diffusion_raw, _BLOCK)
    diffusion = _load_diffusion(_renamed(diffusion_raw, lambda key: _diffusion_key(key, depth), path), path)
    wanted = (transformer.config.latent_width, transformer.config.width)
    if wanted != (diffusion.config.latent_width, diffusion.config.condition_width):
        raise CheckpointError(f"{path}: transformer and diffusion network have different widths")
    return transformer, diffusion


def _transformer_key(key: str) -> str | None:
    return _rename(key, _TRANSFORMER_KEYS)


def _diffusion_key(key: str, depth: int) -> str | None:
    """Our name of a tensor of the diffusion network; the last layer's modulation follows those of the blocks."""
    if last := re.fullmatch(r"DiffMLPs\.net\.final_layer\.adaLN_modulation\.1\.(\w+)", key):
        return f"modulations.{depth}.{last[1]}"
    return _rename(key, _DIFFUSION_KEYS)


def _load_transformer(state: State, heads: int, path: Path) -> MaskedTransformer:
    latent_width = _shape(state, "mask_latent", path, 3)[2]
    positions, _, width = _shape(state, "positions", path, 3)
    text_width = _shape(state, "text.weight", path, 2)[1]
    feedforward = _shape(state, "blocks.0.expand.weight", path, 2)[0]
    if width % heads:
        raise CheckpointError(f"{path}: its width {width} cannot be split among {heads} attention heads")
    state["mask_latent"] = state["mask_latent"].flatten()  # (C,)
    state["positions"] = state["positions"][:, 0]  # (positions, d)
    layers = _count(state, r"blocks\.(\d+)\.")
    config = TransformerConfig(latent_width, width, feedforward, layers, heads, text_width, positions)
    with empty_modules():
        transformer = MaskedTransformer(config)
    _fill(transformer, state, path)
    return transformer


def _load_diffusion(state: State, path: Path) -> DiffusionMLP:
    width, latent_width = _shape(state, "input_projection.weight", path, 2)
    condition_width = _shape(state, "condition_projection.weight", path, 2)[1]
    depth = _count(state, r"blocks\.(\d+)\.")
    with empty_modules():
        diffusion = DiffusionMLP(DiffusionConfig(latent_width, condition_width, width, depth))
    _fill(diffusion, state, path)
    return diffusion


def load_length_estimator(path: Path, *, trust: bool = False) -> LengthEstimator:
    """Load a length estimator; its sizes are those of the tensors. Raises CheckpointError."""
    raw = read_tensors(path, *KEYS["length_estimator"], trust=trust)
    state = _renamed(raw, lambda key: _rename(key, ((r"output\.(\d+\.\w+)", r"layers.\1"),)), path)
    first, text_width = _shape(state, "layers.0.weight", path, 2)
    second = _shape(state, "layers.4.weight", path, 2)[0]
    lengths, third = _shape(state, "layers.11.weight", path, 2)
    with empty_modules():
        estimator = LengthEstimator(LengthEstimatorConfig(text_width, (first, second, third), lengths))
    _fill(estimator, state, path)
    return estimator


def load_statistics(mean: Path, std: Path) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Load mean and standard deviation of the features.

    Parameters
    ----------
    mean, std : Path
        Arrays of 67 values, or HumanML3D's own of 263 values, of which the first 67 are used.

    Returns
    -------
    mean, std : (67,) float32 arrays

    Raises
    ------
    CheckpointError
        The arrays have another length or impossible values. HumanML3D's standard deviation is constant within each
        group of features; an array of 263 values for which this does not hold is refused.
    """
    arrays = []
    for path in (mean, std):
        try:
            array = np.load(path, allow_pickle=False)
        except (ValueError, OSError, EOFError) as error:
            raise CheckpointError(f"{path} is not an array of numbers: {error}") from error
        if array.shape not in ((NUM_FEATURES,), (263,)):
            raise CheckpointError(f"{path} has shape {array.shape}; the statistics have 67 or 263 values")
        if not np.isfinite(array).all():
            raise CheckpointError(f"{path} holds values that are not finite")
        arrays.append(array)
    if (arrays[1][:NUM_FEATURES] <= 0).any():
        raise CheckpointError(f"{std} is not a standard deviation: it has values of 0 or less")
    groups = np.split(arrays[1][:NUM_FEATURES], (1, 3, 4))
    if len(arrays[1]) == 263 and any(np.ptp(group) > 1e-3 * group.mean() for group in groups):
        raise CheckpointError(f"{std} has 263 values but is not HumanML3D's: it varies within a group of features")
    cut_mean, cut_std = (array[:NUM_FEATURES].astype(np.float32) for array in arrays)
    return cut_mean, cut_std


@dataclass(frozen=True)
class Weights:
    """All networks of a model, on the CPU and in eval mode."""

    autoencoder: Autoencoder
    transformer: MaskedTransformer
    diffusion: DiffusionMLP
    length_estimator: LengthEstimator | None
    mean: NDArray[np.float32]
    std: NDArray[np.float32]


def load_weights(
    files: CheckpointFiles,
    *,
    heads: int = OFFICIAL_HEADS,
    dilation_growth: int = OFFICIAL_DILATION_GROWTH,
    encoder: bool = True,
    trust: bool = False,
) -> Weights:
    """Load all networks of a model.

    Parameters
    ----------
    files : CheckpointFiles
        See :func:`~posepipe.models.mardm.files.find`.
    heads, dilation_growth : int
        Sizes that cannot be read from the weights; by default the official ones.
    encoder : bool
        See :func:`load_autoencoder`.
    trust : bool
        See :func:`~posepipe.models.mardm.tensors.read_tensors`.

    Raises
    ------
    CheckpointError
        A file is damaged, or the files do not fit together.
    """
    autoencoder = load_autoencoder(files.autoencoder, dilation_growth=dilation_growth, encoder=encoder, trust=trust)
    transformer, diffusion = load_networks(files.mardm, heads=heads, trust=trust)
    if autoencoder.config.latent_width != transformer.config.latent_width:
        raise CheckpointError(f"{files.autoencoder} and {files.mardm} have latents of different widths")
    estimator = None
    if files.length_estimator is not None:
        estimator = load_length_estimator(files.length_estimator, trust=trust)
        if estimator.config.text_width != transformer.config.text_width:
            raise CheckpointError(
                f"{files.length_estimator} and {files.mardm} need text embeddings of different widths"
            )
    mean, std = load_statistics(files.mean, files.std)
    return Weights(autoencoder, transformer, diffusion, estimator, mean, std)
