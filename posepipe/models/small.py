"""The bundled model: MARDM's networks at small size, with a text encoder of its own and an exact skeleton.

``weights/`` holds it: ``model.safetensors``, ``config.json``, ``vocabulary.txt`` and the model card. The package
:mod:`training` made it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from posepipe.errors import CheckpointError, CheckpointNotFound
from posepipe.models import SMALL_WEIGHTS
from posepipe.models.mardm import files
from posepipe.models.mardm.autoencoder import Autoencoder, AutoencoderConfig
from posepipe.models.mardm.diffusion import DiffusionConfig, DiffusionMLP
from posepipe.models.mardm.model import Mardm
from posepipe.models.mardm.transformer import MaskedTransformer, TransformerConfig
from posepipe.models.sides import left_first, mirrored
from posepipe.models.small_text import Familiarity, SmallText, TextConfig, TextNetwork, Vocabulary
from posepipe.skeleton import BONE_LENGTHS, NUM_JOINTS, PARENTS

WEIGHTS, CONFIG, VOCABULARY, CARD = "model.safetensors", "config.json", "vocabulary.txt", "README.md"

_STANDS_BELOW: Final = 0.04
_HANGS_ABOVE: Final = 0.08
"""Metres: a pose whose lowest joint is below the first stands on the ground, above the second it is in the air."""


@dataclass(frozen=True)
class SmallConfig:
    """Sizes of the bundled model's parts."""

    autoencoder: AutoencoderConfig
    transformer: TransformerConfig
    diffusion: DiffusionConfig
    text: TextConfig

    @classmethod
    def from_json(cls, sizes: dict[str, Any]) -> SmallConfig:
        """Read what :func:`dataclasses.asdict` wrote."""
        return cls(
            AutoencoderConfig(**sizes["autoencoder"]),
            TransformerConfig(**sizes["transformer"]),
            DiffusionConfig(**sizes["diffusion"]),
            TextConfig(**sizes["text"]),
        )


class SmallNetworks(nn.Module):
    """The four networks, so that they are saved and loaded as one."""

    def __init__(self, config: SmallConfig) -> None:
        super().__init__()
        self.autoencoder = Autoencoder(config.autoencoder)
        self.transformer = MaskedTransformer(config.transformer)
        self.diffusion = DiffusionMLP(config.diffusion)
        self.text = TextNetwork(config.text)


def grounded(lowest: NDArray[np.floating]) -> NDArray[np.floating]:
    """Height at which the lowest joint is put, of the height at which the network had it; both (...), metres.

    On the ground if it was near it, where it was if the pose is in the air, continuous between.
    """
    share = np.clip((lowest - _STANDS_BELOW) / (_HANGS_ABOVE - _STANDS_BELOW), 0.0, 1.0)
    return np.where(share < 1.0, share * _HANGS_ABOVE, lowest)


def on_skeleton(joints: NDArray[np.floating]) -> NDArray[np.float32]:
    """Lay a body's bones anew at their exact lengths, and set it on the ground.

    The network gives joint positions, so its bones are a little too long or short. Each bone keeps its direction;
    from the pelvis outward it gets its length. Then the body is moved up or down, see :func:`grounded`.

    Parameters
    ----------
    joints : (..., 22, 3) float array
        Metres, Y up.

    Returns
    -------
    (..., 22, 3) float32 array
        A row does not depend on the others, to the bit. What is not finite stays so.
    """
    joints = np.asarray(joints, dtype=np.float64)
    out = joints.copy()
    for joint in range(1, NUM_JOINTS):
        bone = joints[..., joint, :] - joints[..., PARENTS[joint], :]  # (..., 3)
        x, y, z = bone[..., 0], bone[..., 1], bone[..., 2]
        length = np.maximum(np.sqrt(x * x + y * y + z * z), 1e-9)
        out[..., joint, :] = out[..., PARENTS[joint], :] + bone * (BONE_LENGTHS[joint] / length)[..., None]
    change = grounded(joints[..., 1].min(axis=-1)) - out[..., 1].min(axis=-1)  # (...)
    out[..., 1] += change[..., None]
    return out.astype(np.float32)


class Small(Mardm):
    """A :class:`~posepipe.models.mardm.model.Mardm` that reads by :func:`left_first` and poses :func:`on_skeleton`."""

    def prepare(self, captions: Sequence[str]) -> None:
        """See :meth:`posepipe.models.base.BulkModel.prepare`."""
        super().prepare([left_first(caption)[0] for caption in captions])

    def unsure(self, captions: Sequence[str]) -> NDArray[np.bool_]:
        """See :meth:`posepipe.models.base.BulkModel.unsure`."""
        return super().unsure([left_first(caption)[0] for caption in captions])

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
        read = [left_first(caption) for caption in captions]
        said, turned = [caption for caption, _ in read], np.array([is_turned for _, is_turned in read], dtype=bool)
        motions = super()._motions(said, seeds, sequence_length, time_steps, cfg, batch_size)
        motions[turned] = mirrored(motions[turned])
        return on_skeleton(motions)


def familiarity_from(tensors: dict[str, Tensor]) -> Familiarity:
    """The measure of strangeness among a weights file's tensors; word vectors are the pretrained ones."""
    vectors = tensors["words"].float().numpy()
    return Familiarity(
        strangeness=tensors["familiarity.strangeness"].float().numpy(),
        telling=tensors["familiarity.telling"].float().numpy(),
        centroids=tensors["familiarity.centroids"].float().numpy(),
        vectors=vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9),
        slopes=tensors["familiarity.slopes"].float().numpy(),
        offset=float(tensors["familiarity.offset"]),
    )


def networks_from(config: SmallConfig, tensors: dict[str, Tensor]) -> SmallNetworks:
    """Networks with a weights file's tensors; words of the training have their own change added.

    The autoencoder is left without its encoder, which generation does not need.
    """
    with torch.device("meta"):
        networks = SmallNetworks(config)
    networks.autoencoder.register_module("encoder", None)
    state = {
        name.removeprefix("networks."): tensor.float()
        for name, tensor in tensors.items()
        if name.startswith("networks.") and not name.startswith("networks.autoencoder.encoder.")
    }
    words = tensors["words"].float()
    words[tensors["words.changed"].long()] += tensors["words.change"].float()
    state["text.table.weight"] = words
    networks.load_state_dict(state, assign=True)
    return networks


def load(
    device: str = "cpu",
    *,
    solver: str = "rk4",
    solver_steps: int = 10,
    precision: str = "float32",
    folder: Path = SMALL_WEIGHTS,
) -> Small:
    """Load the bundled model.

    Parameters
    ----------
    device : str
        As torch names it.
    solver, solver_steps, precision
        See :class:`~posepipe.models.mardm.model.Mardm`.
    folder : Path
        Where its files lie.

    Raises
    ------
    CheckpointError
        Files are missing or broken.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    paths = [folder / name for name in (CONFIG, WEIGHTS, VOCABULARY)]
    for path in paths:
        if not path.is_file():
            raise CheckpointNotFound(f"{path} of the bundled model is missing: install posepipe again")
    try:
        settings = json.loads(paths[0].read_bytes())
        config = SmallConfig.from_json(settings["sizes"])
        tensors = load_file(paths[1])
        networks = networks_from(config, tensors).requires_grad_(False).eval().to(device)
        familiarity = familiarity_from(tensors)
        default_cfg, temperature = float(settings["default_cfg"]), float(settings["temperature"])
    except (ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        reason = str(error).strip().split("\n")[0]
        raise CheckpointError(f"the bundled model in {folder} cannot be loaded: {reason}") from error
    return Small(
        networks.autoencoder,
        networks.transformer,
        networks.diffusion,
        SmallText(networks.text, Vocabulary.load(paths[2]), familiarity),
        tensors["mean"].float().numpy(),
        tensors["std"].float().numpy(),
        default_cfg=default_cfg,
        temperature=temperature,
        fingerprint=files.fingerprint(sorted(paths)),
        device=device,
        precision=precision,
        solver=solver,
        solver_steps=solver_steps,
        bone_lengths=np.array(BONE_LENGTHS, dtype=np.float32),
    )
