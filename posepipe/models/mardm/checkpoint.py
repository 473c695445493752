"""Official MARDM weights into our networks: key map, sizes from shapes, and what can be wrong with a file."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from posepipe.errors import CheckpointError
from posepipe.models.mardm.autoencoder import Autoencoder, AutoencoderConfig
from posepipe.models.mardm.diffusion import DiffusionConfig, DiffusionMLP
from posepipe.models.mardm.features import NUM_FEATURES
from posepipe.models.mardm.files import CheckpointFiles, names_inside
from posepipe.models.mardm.lengths import LengthEstimator, LengthEstimatorConfig
from posepipe.models.mardm.transformer import MaskedTransformer, TransformerConfig

OFFICIAL_HEADS: Final = 16
OFFICIAL_DILATION_GROWTH: Final = 3
"""Neither can be read from the weights."""

State = dict[str, Tensor]

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
    (r"DiffMLPs\.net\.final_layer\.adaLN_modulation\.1\.(\w+)", r"modulations.last.\1"),
    (r"DiffMLPs\.net\.final_layer\.linear\.(\w+)", r"output.\1"),
)


def _rename(key: str, rules: tuple[tuple[str, str], ...]) -> str | None:
    for pattern, ours in rules:
        if match := re.fullmatch(pattern, key):
            return match.expand(ours)
    return None


def _autoencoder_key(key: str, levels: int) -> str | None:
    """Our name of an autoencoder's tensor: upstream numbers layers in one row, levels in the middle."""
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
        raise CheckpointError(f"{path} holds {len(unexpected)} tensors of another model, such as {unexpected[0]}")
    return {ours: state[key] for key, ours in renamed.items() if ours is not None}


def read_tensors(path: Path, key: str, landmark: str, *, trust: bool = False) -> State:
    """Tensors of a weights file by upstream's names.

    Parameters
    ----------
    path : Path
        Of torch or safetensors.
    key : str
        Under which the file holds them; a file may also hold them bare.
    landmark : str
        A name among them, by which bare tensors are known.
    trust : bool
        Load Python objects other than tensors too. Such a file can run any code when it is loaded: only for
        files whose maker you trust.

    Raises
    ------
    CheckpointError
        The file is cut short, holds code or other objects, or not the key.
    """
    names_inside(path)
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        loaded: Any = load_file(path)
    else:
        loaded = _load_pickle(path, trust)
    tensors = loaded.get(key) if isinstance(loaded, Mapping) else None
    if tensors is None and isinstance(loaded, Mapping) and landmark in loaded:
        tensors = loaded
    if not isinstance(tensors, Mapping) or not all(isinstance(tensor, Tensor) for tensor in tensors.values()):
        held = ", ".join(sorted(map(str, loaded))[:8]) if isinstance(loaded, Mapping) else type(loaded).__name__
        raise CheckpointError(f"{path} has no tensors under '{key}'; it holds {held}")
    return dict(tensors)


def _load_pickle(path: Path, trust: bool) -> Any:
    # NumPy numbers (a trainer's best score, say) are harmless.
    numbers: list[Any] = [np.dtype, type(np.dtype(np.float64)), type(np.dtype(np.float32))]
    numbers += [type(np.dtype(np.int64)), np.float64(0).__reduce__()[0]]
    try:
        with torch.serialization.safe_globals(numbers):
            return torch.load(path, map_location="cpu", mmap=zipfile.is_zipfile(path) or None, weights_only=not trust)
    except UnpicklingError as error:
        raise CheckpointError(
            f"{path} holds Python objects besides tensors, which could run code if loaded. If you trust its "
            f"maker, `posepipe models check {path.parent} --trust` writes its tensors to a file without code"
        ) from error
    except (RuntimeError, EOFError, ValueError, KeyError, OSError) as error:
        raise CheckpointError(f"{path} cannot be loaded, download it again: {error}".split("\n")[0]) from error


KEYS: Final = {
    "autoencoder": ("ae", "encoder.model.0.weight"),
    "sit": ("ema_mardm", "DiffMLPs.net.input_proj.weight"),
    "ddpm": ("ema_mardm", "DiffMLPs.net.input_proj.weight"),
    "length_estimator": ("estimator", "output.11.weight"),
}
"""By part: the key that a file holds its tensors under, and a tensor by which bare ones are known."""


def write_without_code(path: Path, part: str) -> Path:
    """Write the tensors of a trusted file beside it as safetensors, which is then taken instead.

    Parameters
    ----------
    path : Path
        It is loaded with ``trust``: code in it runs.
    part : str
        One of :data:`KEYS`.

    Returns
    -------
    Path
        The new file.
    """
    from safetensors.torch import save_file

    tensors = read_tensors(path, *KEYS[part], trust=True)
    target = path.with_suffix(".safetensors")
    aside = target.with_name(f".{target.name}.part")
    save_file({name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}, aside)
    aside.replace(target)
    return target


def _fill(module: nn.Module, state: State, path: Path) -> None:
    """Put tensors into a module made on the meta device; all of them, of the right shapes, finite."""
    expected = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
    faults = [f"{name} is missing" for name in expected.keys() - state.keys()]
    faults += [f"{name} is not known" for name in state.keys() - expected.keys()]
    for name in expected.keys() & state.keys():
        if tuple(state[name].shape) != expected[name]:
            faults.append(f"{name} is {tuple(state[name].shape)} instead of {expected[name]}")
        elif not bool(state[name].isfinite().all()):
            faults.append(f"{name} is not finite")
    if faults:
        raise CheckpointError(f"{path}: {len(faults)} faults in its tensors, such as: {min(faults)}")
    state = {name: tensor.detach().to(torch.float32, copy=True) for name, tensor in state.items()}
    module.load_state_dict(state, assign=True)
    module.eval().requires_grad_(False)


def _shape(state: State, key: str, path: Path, dimensions: int) -> tuple[int, ...]:
    """Shape of a tensor that sizes are read from."""
    if key not in state or state[key].dim() != dimensions:
        raise CheckpointError(f"{path}: {key} is missing or has not {dimensions} dimensions")
    return tuple(state[key].shape)


def _count(state: State, pattern: str) -> int:
    """How many blocks there are: one more than the largest number in matching keys."""
    numbers = [int(match[1]) for key in state if (match := re.match(pattern, key))]
    return max(numbers, default=-1) + 1


def load_autoencoder(
    path: Path, *, dilation_growth: int = OFFICIAL_DILATION_GROWTH, trust: bool = False
) -> Autoencoder:
    """The autoencoder in a file; sizes from its shapes. Raises CheckpointError."""
    raw = read_tensors(path, *KEYS["autoencoder"], trust=trust)
    levels = max(_count(raw, r"encoder\.model\.(\d+)\.0\.weight") - 2, 0)
    state = _renamed(raw, lambda key: _autoencoder_key(key, levels), path)
    width, features, _ = _shape(state, "encoder.first.weight", path, 3)
    latent_width = _shape(state, "encoder.last.weight", path, 3)[0]
    if features != NUM_FEATURES:
        raise CheckpointError(f"{path} is for {features} features a frame, HumanML3D has {NUM_FEATURES}")
    depth = _count(state, r"encoder\.stacks\.0\.(\d+)\.")
    config = AutoencoderConfig(features, latent_width, width, levels, depth, dilation_growth)
    with torch.device("meta"):
        autoencoder = Autoencoder(config)
    _fill(autoencoder, state, path)
    return autoencoder


def load_networks(
    path: Path, *, heads: int = OFFICIAL_HEADS, trust: bool = False
) -> tuple[MaskedTransformer, DiffusionMLP]:
    """Transformer and diffusion MLP in a file, those of the averaged weights; sizes from their shapes.

    SiT and DDPM weights look the same. Raises CheckpointError.
    """
    raw = read_tensors(path, *KEYS["sit"], trust=trust)
    raw = {key: tensor for key, tensor in raw.items() if not key.startswith("clip_model.")}
    diffusion_raw = {key: tensor for key, tensor in raw.items() if key.startswith("DiffMLPs.")}
    transformer_raw = {key: tensor for key, tensor in raw.items() if key not in diffusion_raw}
    transformer = _load_transformer(_renamed(transformer_raw, _transformer_key, path), heads, path)
    diffusion = _load_diffusion(_renamed(diffusion_raw, _diffusion_key, path), path)
    wanted = (transformer.config.latent_width, transformer.config.width)
    if wanted != (diffusion.config.latent_width, diffusion.config.condition_width):
        raise CheckpointError(f"{path}: transformer and diffusion network are of different widths")
    return transformer, diffusion


def _transformer_key(key: str) -> str | None:
    return _rename(key, _TRANSFORMER_KEYS)


def _diffusion_key(key: str) -> str | None:
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
    with torch.device("meta"):
        transformer = MaskedTransformer(config)
    _fill(transformer, state, path)
    return transformer


def _load_diffusion(state: State, path: Path) -> DiffusionMLP:
    width, latent_width = _shape(state, "input_projection.weight", path, 2)
    condition_width = _shape(state, "condition_projection.weight", path, 2)[1]
    depth = _count(state, r"blocks\.(\d+)\.")
    for kind in ("weight", "bias"):
        rows = [state.pop(f"modulations.{place}.{kind}", None) for place in (*range(depth), "last")]
        present = [tensor for tensor in rows if tensor is not None]
        if len(present) < len(rows) or len({tensor.shape[1:] for tensor in present}) > 1:
            raise CheckpointError(f"{path}: adaLN layers are missing or of different widths")
        state[f"modulations.{kind}"] = torch.cat(present)  # ((3 depth + 2) W, W) or its bias
    with torch.device("meta"):
        diffusion = DiffusionMLP(DiffusionConfig(latent_width, condition_width, width, depth))
    _fill(diffusion, state, path)
    return diffusion


def load_length_estimator(path: Path, *, trust: bool = False) -> LengthEstimator:
    """The length estimator in a file; sizes from its shapes. Raises CheckpointError."""
    raw = read_tensors(path, *KEYS["length_estimator"], trust=trust)
    state = _renamed(raw, lambda key: _rename(key, ((r"output\.(\d+\.\w+)", r"layers.\1"),)), path)
    first, text_width = _shape(state, "layers.0.weight", path, 2)
    second = _shape(state, "layers.4.weight", path, 2)[0]
    lengths, third = _shape(state, "layers.11.weight", path, 2)
    with torch.device("meta"):
        estimator = LengthEstimator(LengthEstimatorConfig(text_width, (first, second, third), lengths))
    _fill(estimator, state, path)
    return estimator


def load_statistics(mean: Path, std: Path) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and standard deviation of the features, each (67,) float32.

    HumanML3D's own are 263 wide; their first 67 values are the same statistics.

    Raises
    ------
    CheckpointError
        Another width, values that cannot be, or a standard deviation that differs within a group of features,
        which HumanML3D's does not.
    """
    arrays = []
    for path in (mean, std):
        try:
            array = np.load(path, allow_pickle=False)
        except (ValueError, OSError, EOFError) as error:
            raise CheckpointError(f"{path} is no array of numbers: {error}") from error
        if array.shape not in ((NUM_FEATURES,), (263,)):
            raise CheckpointError(f"{path} has shape {array.shape}; the statistics are 67 or 263 wide")
        if not np.isfinite(array).all():
            raise CheckpointError(f"{path} holds values that are not finite")
        arrays.append(array)
    if (arrays[1][:NUM_FEATURES] <= 0).any():
        raise CheckpointError(f"{std} is no standard deviation: it has values of 0 or less")
    groups = np.split(arrays[1][:NUM_FEATURES], (1, 3, 4))
    if len(arrays[1]) == 263 and any(np.ptp(group) > 1e-3 * group.mean() for group in groups):
        raise CheckpointError(f"{std} is 263 wide but not HumanML3D's: it differs within a group of features")
    cut_mean, cut_std = (array[:NUM_FEATURES].astype(np.float32) for array in arrays)
    return cut_mean, cut_std


@dataclass(frozen=True)
class Weights:
    """All networks of one model, on the CPU, in eval mode."""

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
    trust: bool = False,
) -> Weights:
    """All networks of one model.

    Parameters
    ----------
    files : CheckpointFiles
        See :func:`~posepipe.models.mardm.files.find`.
    heads, dilation_growth : int
        Not to be read from weights; the official ones by default.
    trust : bool
        See :func:`read_tensors`.

    Raises
    ------
    CheckpointError
        A file is broken, or they do not fit together.
    """
    autoencoder = load_autoencoder(files.autoencoder, dilation_growth=dilation_growth, trust=trust)
    transformer, diffusion = load_networks(files.mardm, heads=heads, trust=trust)
    if autoencoder.config.latent_width != transformer.config.latent_width:
        raise CheckpointError(f"{files.autoencoder} and {files.mardm} have latents of different widths")
    estimator = None
    if files.length_estimator is not None:
        estimator = load_length_estimator(files.length_estimator, trust=trust)
        if estimator.config.text_width != transformer.config.text_width:
            raise CheckpointError(f"{files.length_estimator} and {files.mardm} read different text embeddings")
    mean, std = load_statistics(files.mean, files.std)
    return Weights(autoencoder, transformer, diffusion, estimator, mean, std)
