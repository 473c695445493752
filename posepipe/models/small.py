"""The bundled model: small MARDM networks with their own text encoder and a skeleton of fixed bone lengths.

Its files are in ``weights/``: ``model.safetensors``, ``config.json``, ``vocabulary.txt`` and the model card. The
package :mod:`training` writes them.
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

from posepipe.commandline.values import SOLVERS, TEACHER
from posepipe.errors import CheckpointError, CheckpointNotFound
from posepipe.models.bundled import CARD as CARD
from posepipe.models.bundled import CONFIG as CONFIG
from posepipe.models.bundled import SMALL_WEIGHTS as SMALL_WEIGHTS
from posepipe.models.bundled import TRAINED_WORDS as TRAINED_WORDS
from posepipe.models.bundled import VOCABULARY as VOCABULARY
from posepipe.models.bundled import WEIGHTS as WEIGHTS
from posepipe.models.bundled import bundled_hearing, small_fingerprint
from posepipe.models.hearing import Hearing
from posepipe.models.mardm.autoencoder import Autoencoder, AutoencoderConfig
from posepipe.models.mardm.diffusion import DiffusionConfig, DiffusionMLP
from posepipe.models.mardm.model import Mardm
from posepipe.models.mardm.tensors import empty_modules
from posepipe.models.mardm.transformer import MaskedTransformer, TransformerConfig
from posepipe.models.sides import left_first, mirrored
from posepipe.models.small_text import Familiarity, SmallText, TextConfig, TextNetwork, Vocabulary
from posepipe.models.variants import nudged, varied
from posepipe.skeleton import BONE_LENGTHS, NUM_JOINTS, PARENTS
from posepipe.skeleton.correction import sound

_STANDS_BELOW: Final = 0.04
_HANGS_ABOVE: Final = 0.08
"""Heights in metres: a pose with its lowest joint below the first is on the ground, above the second in the air."""


@dataclass(frozen=True)
class SmallConfig:
    """Sizes of the networks of the bundled model."""

    autoencoder: AutoencoderConfig
    transformer: TransformerConfig
    diffusion: DiffusionConfig
    text: TextConfig

    @classmethod
    def from_json(cls, sizes: dict[str, Any]) -> SmallConfig:
        """Read the result of :func:`dataclasses.asdict`."""
        return cls(
            AutoencoderConfig(**sizes["autoencoder"]),
            TransformerConfig(**sizes["transformer"]),
            DiffusionConfig(**sizes["diffusion"]),
            TextConfig(**sizes["text"]),
        )


class SmallNetworks(nn.Module):
    """The networks as one module, so that they are saved and loaded together; the student has the diffusion's sizes."""

    def __init__(self, config: SmallConfig, *, student: bool = False) -> None:
        super().__init__()
        self.autoencoder = Autoencoder(config.autoencoder)
        self.transformer = MaskedTransformer(config.transformer)
        self.diffusion = DiffusionMLP(config.diffusion)
        self.text = TextNetwork(config.text)
        self.student = DiffusionMLP(config.diffusion) if student else None


def grounded(lowest: NDArray[np.floating]) -> NDArray[np.floating]:
    """Final height of the lowest joint for its height in the network's output, both (...) in metres.

    It is on the ground if it was near the ground, unchanged if the pose is in the air, and continuous in between.
    """
    share = np.clip((lowest - _STANDS_BELOW) / (_HANGS_ABOVE - _STANDS_BELOW), 0.0, 1.0)
    return np.where(share < 1.0, share * _HANGS_ABOVE, lowest)


def on_skeleton(joints: NDArray[np.floating]) -> NDArray[np.float32]:
    """Give all bones their exact lengths, and put the body on the ground.

    The network predicts joint positions, so its bones are slightly too long or too short. From the pelvis outward each
    bone keeps its direction and gets its exact length. Then the body is moved up or down, see :func:`grounded`.

    Parameters
    ----------
    joints : (..., 22, 3) float array
        Metres, Y up.

    Returns
    -------
    (..., 22, 3) float32 array
        The bits of a row do not depend on the other rows. Values that are not finite stay so.
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
    """A small MARDM model with exact bone lengths.

    :class:`~posepipe.models.hearing.Hearing` and :func:`left_first` are applied to its captions, and
    :func:`on_skeleton` to its motions.

    Parameters
    ----------
    parts, options
        See :class:`Mardm`.
    hearing : Hearing
    """

    def __init__(self, *parts: Any, hearing: Hearing, **options: Any) -> None:
        super().__init__(*parts, **options)
        self.hearing = hearing
        self._nudged: frozenset[int] = frozenset()
        self._heard: dict[str, tuple[str, bool]] = {}

    def _read(self, caption: str) -> tuple[str, bool]:
        """Return a caption as the text encoder gets it, and whether the pose must be mirrored."""
        heard = self._heard.get(caption)
        return left_first(self.hearing(caption)) if heard is None else heard

    def prepare(self, captions: Sequence[str]) -> None:
        """See :meth:`posepipe.models.base.BulkModel.prepare`."""
        self._heard = {caption: self._read(caption) for caption in captions}
        super().prepare([text for text, _ in self._heard.values()])

    def embed(self, captions: Sequence[str]) -> Tensor:
        """Text embeddings (n, D) float32 of captions, on the CPU."""
        return self._embed([self._read(caption)[0] for caption in captions])

    def unsure(self, captions: Sequence[str]) -> NDArray[np.bool_]:
        """See :meth:`posepipe.models.base.BulkModel.unsure`. Captions in another language or without words are."""
        foreign = np.array([self.hearing.is_foreign(caption) for caption in captions], dtype=bool)
        return foreign | super().unsure([self._read(caption)[0] for caption in captions])

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
        read = [self._read(caption) for caption in captions]
        texts, swapped = [text for text, _ in read], np.array([is_swapped for _, is_swapped in read], dtype=bool)
        texts = self._nudge(texts, seeds)
        motions = super()._motions(texts, seeds, sequence_length, time_steps, cfg, batch_size)
        motions[swapped] = mirrored(motions[swapped])
        return on_skeleton(motions)

    def generate_variants(
        self,
        captions: Sequence[str],
        seeds: Sequence[int],
        variants: Sequence[int],
        *,
        sequence_length: int,
        time_steps: int,
        cfg: float,
        batch_size: int,
    ) -> NDArray[np.float32]:
        """See :meth:`posepipe.models.base.FinishingModel.generate_variants`.

        The text embeddings of further variants are changed by chance, see :func:`~posepipe.models.variants.nudged`.
        """
        self._nudged = frozenset(seed for seed, variant in zip(seeds, variants, strict=True) if variant)
        known = set(self._embeddings)
        try:
            return self.generate_motions(
                captions,
                seeds,
                sequence_length=sequence_length,
                time_steps=time_steps,
                cfg=cfg,
                batch_size=batch_size,
            )
        finally:
            self._nudged = frozenset()
            self._embeddings = {text: self._embeddings[text] for text in known}

    def _nudge(self, texts: Sequence[str], seeds: Sequence[int]) -> list[str]:
        """Return texts whose embeddings are ready; those of further variants are known under text and seed."""
        spoken = [f"{text}\n{seed}" if seed in self._nudged else text for text, seed in zip(texts, seeds, strict=True)]
        rows = [row for row, text in enumerate(texts) if spoken[row] != text]
        if rows:
            embeddings = self._embed([texts[row] for row in rows]).numpy()
            for row, embedding in zip(rows, embeddings, strict=True):
                self._embeddings[spoken[row]] = torch.from_numpy(nudged(embedding, seeds[row]))
        return spoken

    def finish(
        self, motions: NDArray[np.float32], captions: Sequence[str], seeds: Sequence[int], variants: Sequence[int]
    ) -> NDArray[np.float32]:
        """Correct the bodies, then turn and mirror further variants.

        See :meth:`posepipe.models.base.FinishingModel.finish`, :func:`~posepipe.skeleton.correction.sound` and
        :func:`~posepipe.models.variants.varied`. A pose for "right" stays exactly the mirror image of that for "left".
        """
        swapped = np.array([self._read(caption)[1] for caption in captions], dtype=bool)
        read = motions.copy()
        read[swapped] = mirrored(read[swapped])
        out = sound(read)
        out[swapped] = mirrored(out[swapped])
        for row, (caption, seed, variant) in enumerate(zip(captions, seeds, variants, strict=True)):
            out[row] = varied(out[row], caption, seed, variant)
        return out


def familiarity_from(tensors: dict[str, Tensor]) -> Familiarity:
    """Build the measure of familiarity from the tensors of a weight file; its word vectors are the pretrained ones."""
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
    """Build the networks from the tensors of a weight file.

    The file has the pretrained word vectors and, for words of the training, the change that was learned, which is added
    here. The encoder of the autoencoder is left out, because generation does not need it.
    """
    with empty_modules():
        networks = SmallNetworks(config, student=any(name.startswith("networks.student.") for name in tensors))
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
    return networks.requires_grad_(False)


def load(
    device: str = "cpu",
    *,
    solver: str | None = None,
    solver_steps: int | None = None,
    precision: str = "float32",
    temperature: float | None = None,
    folder: Path = SMALL_WEIGHTS,
) -> Small:
    """Load the bundled model.

    Parameters
    ----------
    device : str
        Name of a torch device.
    solver, solver_steps, precision : optional
        See :class:`~posepipe.models.mardm.model.Mardm`; by default the solver named in ``config.json``.
    temperature : float, optional
        Scale of the noise; by default the model's own.
    folder : Path

    Raises
    ------
    CheckpointError
        Files are missing or damaged.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    paths = [folder / name for name in (CONFIG, WEIGHTS, VOCABULARY, TRAINED_WORDS)]
    if missing := [path for path in paths if not path.is_file()]:
        raise CheckpointNotFound(f"{missing[0]} of the bundled model is missing: install posepipe again")
    try:
        settings = json.loads(paths[0].read_bytes())
        tensors = load_file(paths[1])
        networks = networks_from(SmallConfig.from_json(settings["sizes"]), tensors).eval().to(device)
        familiarity = familiarity_from(tensors)
        default_cfg, own_temperature = float(settings["default_cfg"]), float(settings["temperature"])
        solver = solver or str(settings.get("solver", TEACHER))
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
        temperature=own_temperature if temperature is None else temperature,
        fingerprint=small_fingerprint(sorted(paths)),
        device=device,
        precision=precision,
        solver=solver,
        solver_steps=solver_steps or SOLVERS.get(solver) or 10,
        student=networks.student,
        bone_lengths=np.array(BONE_LENGTHS, dtype=np.float32),
        hearing=bundled_hearing(folder),
    )
