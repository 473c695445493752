"""Captions to text embeddings: the protocol, and CLIP ViT-B/32, which the official weights need."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from posepipe.models.mardm.clip import ClipTextNetwork, load_clip
from posepipe.models.mardm.sampler import MIN_ROWS
from posepipe.models.mardm.tokenizer import ClipTokenizer

_MAX_TOKENS: Final = 77
_BUCKET: Final = 8


class TextEncoder(Protocol):
    """The text encoder of a :class:`~posepipe.models.mardm.model.Mardm`."""

    dim: int
    """D, width of an embedding."""

    def encode(self, captions: Sequence[str]) -> Tensor:
        """Text embeddings (n, D) float32, on any device. The bits of a row must not depend on the other captions."""
        ...

    def unsure(self, captions: Sequence[str]) -> NDArray[np.bool_]:
        """(n,) array, True where a caption is far from what the encoder was trained on."""
        ...


class ClipText:
    """CLIP ViT-B/32's text encoder (Radford et al., 2021), which MARDM's official weights were trained with.

    An embedding is the projected feature at the end token, not normalised. The official embeddings were computed in
    float16 on a GPU. Here the linear layers have the same float16 weights, but activations are float32.

    Captions of more than 77 tokens are cut before the end token. As attention is causal, tokens after the end token
    need not be computed: captions are grouped by length in steps of 8 tokens, and each group is computed in blocks
    of a fixed number of rows, so that the bits of a row do not depend on the others.

    Parameters
    ----------
    folder : Path
        Holds ``config.json``, the weights and the tokenizer's files, as on the Hugging Face hub.
    device : str
        As torch names it.

    Raises
    ------
    CheckpointError
        The folder cannot be loaded.
    """

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self._folder = folder
        self._device = torch.device(device)
        tokenizer, network = self._load()
        # On a CPU both are loaded anew for each call of encode, once per partition: that takes a fifth of a second, and
        # their memory is free while poses are made. Linear layers keep float16 there, converted when they are used.
        self._held = None if self._device.type == "cpu" else (tokenizer, network)
        self._rows = MIN_ROWS if self._device.type == "cpu" else 64
        self._longest = min(_MAX_TOKENS, network.config.positions)
        self.dim = network.config.text_width

    def _load(self) -> tuple[ClipTokenizer, ClipTextNetwork]:
        network = load_clip(self._folder)
        if self._device.type != "cpu":
            network = network.float().to(self._device)
        return ClipTokenizer(self._folder), network

    def encode(self, captions: Sequence[str]) -> Tensor:
        """Text embeddings (n, D) float32 on the encoder's device."""
        embeddings = torch.empty(len(captions), self.dim, device=self._device)
        if not captions:
            return embeddings
        tokenizer, network = self._held or self._load()
        tokens = [tokenizer(caption, self._longest) for caption in captions]
        buckets: dict[int, list[int]] = {}
        for index, numbers in enumerate(tokens):
            length = min(-(-len(numbers) // _BUCKET) * _BUCKET, self._longest)
            buckets.setdefault(length, []).append(index)
        for length, indices in buckets.items():
            for start in range(0, len(indices), self._rows):
                block = indices[start : start + self._rows]
                embeddings[block] = self._encode_block(network, [tokens[index] for index in block], length)
        return embeddings

    @torch.inference_mode()
    def _encode_block(self, network: ClipTextNetwork, tokens: list[list[int]], length: int) -> Tensor:
        """Embeddings (n, D) of n token lists, computed as a block of the full number of rows."""
        padded = torch.zeros(self._rows, length, dtype=torch.long)
        for row, numbers in enumerate(tokens):
            padded[row, : len(numbers)] = torch.tensor(numbers)
        ends = torch.tensor([len(numbers) - 1 for numbers in tokens] + [0] * (self._rows - len(tokens)))
        embeddings: Tensor = network(padded.to(self._device), ends.to(self._device))  # (rows, D)
        return embeddings[: len(tokens)]

    def unsure(self, captions: Sequence[str]) -> NDArray[np.bool_]:
        """All False: CLIP gives no measure of how well it knows a caption."""
        return np.zeros(len(captions), dtype=np.bool_)
