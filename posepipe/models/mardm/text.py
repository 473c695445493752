"""Captions to text embeddings: the protocol, and CLIP ViT-B/32, which the official weights need."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from posepipe.errors import CheckpointError, ConfigError
from posepipe.models.mardm.sampler import MIN_ROWS

_MAX_TOKENS: Final = 77
_BUCKET: Final = 8


class TextEncoder(Protocol):
    """What a :class:`~posepipe.models.mardm.model.Mardm` reads captions with."""

    dim: int
    """D, width of an embedding."""

    def encode(self, captions: Sequence[str]) -> Tensor:
        """(n, D) float32 tensor, any device. A row must not depend on the others, to the bit."""
        ...

    def unsure(self, captions: Sequence[str]) -> NDArray[np.bool_]:
        """(n,) True where a caption is far from what the encoder knows."""
        ...


class ClipText:
    """CLIP ViT-B/32's text encoder (Radford et al., 2021), by ``transformers``.

    The embedding is the projected feature at the end-of-text token, not normalised. The official embeddings
    were computed in float16 on a GPU. Here the weights are rounded as there (all linear layers to float16,
    embeddings and norms not), the arithmetic is float32: the same function, activations not rounded.

    Captions of more than 77 tokens are cut, keeping the end token. As attention is causal, little is computed
    after it: captions are grouped by length in steps of 8 tokens, and each group is computed in blocks of a
    fixed number of rows, so that a row's bits do not depend on the others.

    Parameters
    ----------
    folder : Path
        Holds ``config.json``, the weights and the tokenizer's files, as on the Hugging Face hub.
    device : str
        Of torch.

    Raises
    ------
    ConfigError
        ``transformers`` is not installed.
    CheckpointError
        The folder cannot be loaded.
    """

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        require_transformers()
        from safetensors import SafetensorError
        from transformers import CLIPTextModelWithProjection, CLIPTokenizer

        try:
            self._tokenizer: Any = CLIPTokenizer.from_pretrained(folder, local_files_only=True)
            model: Any = CLIPTextModelWithProjection.from_pretrained(folder, local_files_only=True, dtype=torch.float32)
        except (OSError, ValueError, RuntimeError, KeyError, TypeError, SafetensorError) as error:
            reason = str(error).strip().split("\n")[0]
            raise CheckpointError(f"the text encoder in {folder} cannot be loaded: {reason}") from error
        for layer in model.modules():
            if isinstance(layer, nn.Linear):
                for parameter in layer.parameters():
                    parameter.data = parameter.data.half().float()
        self._model: Any = model.eval().requires_grad_(False).to(device)
        self._device = torch.device(device)
        self._rows = MIN_ROWS if self._device.type == "cpu" else 64
        self._longest = min(_MAX_TOKENS, int(model.config.max_position_embeddings))
        self.dim = int(model.config.projection_dim)

    def encode(self, captions: Sequence[str]) -> Tensor:
        """(n, D) float32 tensor on the encoder's device."""
        embeddings = torch.empty(len(captions), self.dim, device=self._device)
        if not captions:
            return embeddings
        tokens = self._tokenizer(list(captions), truncation=True, max_length=self._longest)["input_ids"]
        buckets: dict[int, list[int]] = {}
        for index, ids in enumerate(tokens):
            length = min(-(-len(ids) // _BUCKET) * _BUCKET, self._longest)
            buckets.setdefault(length, []).append(index)
        for length, indices in buckets.items():
            for start in range(0, len(indices), self._rows):
                block = indices[start : start + self._rows]
                embeddings[block] = self._encode_block([tokens[index] for index in block], length)
        return embeddings

    @torch.inference_mode()
    def _encode_block(self, tokens: list[list[int]], length: int) -> Tensor:
        """(n, D) of n token lists, computed as a block of the full number of rows."""
        ids = torch.zeros(self._rows, length, dtype=torch.long)
        for row, caption in enumerate(tokens):
            ids[row, : len(caption)] = torch.tensor(caption)
        ends = torch.tensor([len(caption) - 1 for caption in tokens] + [0] * (self._rows - len(tokens)))
        hidden = self._model.text_model(input_ids=ids.to(self._device)).last_hidden_state  # (rows, length, width)
        at_end = hidden[torch.arange(self._rows, device=self._device), ends.to(self._device)]  # (rows, width)
        embeddings: Tensor = self._model.text_projection(at_end)  # (rows, D)
        return embeddings[: len(tokens)]

    def unsure(self, captions: Sequence[str]) -> NDArray[np.bool_]:
        """All False: CLIP has no measure of what it knows."""
        return np.zeros(len(captions), dtype=np.bool_)


def require_transformers() -> None:
    """Raise ConfigError if the extra ``clip`` is not installed."""
    if importlib.util.find_spec("transformers") is None:
        raise ConfigError("the official MARDM weights read captions with CLIP: pip install 'posepipe[clip]'")
