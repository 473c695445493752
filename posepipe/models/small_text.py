"""The text encoder of the bundled model: word vectors and a small transformer that computes one embedding.

The table has many more words than the training captions. Its vectors come from a pretrained sentence model (see
:mod:`training.word_vectors`), so that a word that did not occur in training has a vector near those of similar words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from posepipe.errors import CheckpointNotFound

PADDING, UNKNOWN, START = 0, 1, 2
SPECIAL: Final = ("[pad]", "[unknown]", "[start]")
ROWS: Final = 16
"""Captions per pass: a fixed number, so that the bits of an embedding do not depend on the number of captions."""

_WORD = re.compile(r"[a-z]+|[0-9]|,|[^\sa-z0-9\-_'\"`.,;:!?()/&]+")


def split_words(caption: str) -> list[str]:
    """Lower-case words, single digits and commas of a caption, in order, without accents and other marks.

    >>> split_words("A person doing a T-pose, left arm up!")
    ['a', 'person', 'doing', 'a', 't', 'pose', ',', 'left', 'arm', 'up']
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", caption.lower()) if not unicodedata.combining(c))
    return _WORD.findall(plain)


class Vocabulary:
    """Words and word pieces with their numbers. Pieces that continue a word begin with ``##``.

    Parameters
    ----------
    words : sequence of str
        Ordered by number; the first three are :data:`SPECIAL`.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self._number = {word: number for number, word in enumerate(self.words)}

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read a file with one word per line."""
        if not path.is_file():
            raise CheckpointNotFound(f"{path}, the word list of the bundled model, is missing: install posepipe again")
        return cls(path.read_text(encoding="utf-8").split("\n")[:-1])

    def save(self, path: Path) -> None:
        """Write a file with one word per line."""
        path.write_text("".join(f"{word}\n" for word in self.words), encoding="utf-8")

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self._number

    def number(self, word: str) -> int:
        """Number of a whole word, or of ``[unknown]`` if it is not in the vocabulary."""
        return self._number.get(word, UNKNOWN)

    def pieces(self, word: str) -> list[int]:
        """Number of the word, or else of its longest pieces from left to right, or of ``[unknown]``."""
        if word in self._number:
            return [self._number[word]]
        found: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = word[start:end] if start == 0 else f"##{word[start:end]}"
                if piece in self._number:
                    found.append(self._number[piece])
                    start = end
                    break
            else:
                return [UNKNOWN]
        return found

    def tokens(self, caption: str, longest: int) -> list[int]:
        """Token numbers of a caption, beginning with ``[start]``; at most ``longest``."""
        numbers = [START]
        for word in split_words(caption[: 16 * longest]):
            numbers += self.pieces(word)
        return numbers[:longest]


@dataclass(frozen=True)
class TextConfig:
    """Sizes of a :class:`TextNetwork`.

    Attributes
    ----------
    words : int
        Rows of the word table.
    word_width : int
        Width of a word vector.
    width, layers, heads, feedforward : int
        Sizes of the transformer.
    text_width : int
        D, width of a text embedding.
    longest : int
        Largest number of tokens; the rest of a caption is ignored.
    dropout : float
        Dropout in training.
    """

    words: int
    word_width: int = 96
    width: int = 192
    layers: int = 3
    heads: int = 6
    feedforward: int = 512
    text_width: int = 256
    longest: int = 64
    dropout: float = 0.0


class TextBlock(nn.Module):
    """Self-attention over the words of a caption and an MLP, each after a layer norm."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.attention_norm = nn.LayerNorm(config.width)
        self.query_key_value = nn.Linear(config.width, 3 * config.width)
        self.projection = nn.Linear(config.width, config.width)
        self.norm = nn.LayerNorm(config.width)
        self.expand = nn.Linear(config.width, config.feedforward)
        self.contract = nn.Linear(config.feedforward, config.width)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, visible: Tensor) -> Tensor:
        b, n, width = x.shape
        stacked = self.query_key_value(self.attention_norm(x)).view(b, n, 3, self.heads, -1)
        query, key, value = stacked.permute(2, 0, 3, 1, 4)  # each (b, heads, n, width / heads)
        h = F.scaled_dot_product_attention(query, key, value, visible)  # (b, heads, n, width / heads)
        x = x + self.dropout(self.projection(h.transpose(1, 2).reshape(b, n, width)))  # (b, n, width)
        h = self.contract(F.gelu(self.expand(self.norm(x)), approximate="tanh"))  # (b, n, width)
        return x + self.dropout(h)  # type: ignore[no-any-return]


class TextNetwork(nn.Module):
    """Computes one text embedding per caption from token numbers."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        self.config = config
        self.table = nn.Embedding(config.words, config.word_width)
        self.table.weight.requires_grad_(False)
        self.project = nn.Linear(config.word_width, config.width)
        self.positions = nn.Parameter(torch.empty(config.longest, config.width))
        nn.init.normal_(self.positions, std=0.02)
        self.blocks = nn.ModuleList(TextBlock(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width)
        self.output = nn.Linear(2 * config.width, config.text_width)

    def forward(self, tokens: Tensor, vectors: Tensor | None = None) -> Tensor:
        """Text embeddings.

        Parameters
        ----------
        tokens : (b, n) int64 tensor
            0 where padded; n is at most ``longest``.
        vectors : (b, n, word_width) float tensor, optional
            Word vectors to use in place of those in the table.

        Returns
        -------
        (b, D) float tensor
            Mean 0 and variance 1 over D.
        """
        there = tokens != PADDING  # (b, n)
        x = self.project(self.table(tokens) if vectors is None else vectors)  # (b, n, width)
        x = x + self.positions[: tokens.shape[1]]
        visible = there[:, None, None, :]  # (b, 1, 1, n)
        for block in self.blocks:
            x = block(x, visible)
        x = self.norm(x)
        weight = there[..., None].to(x.dtype)  # (b, n, 1)
        mean = (x * weight).sum(1) / weight.sum(1)  # (b, width)
        out = self.output(torch.cat((x[:, 0], mean), dim=-1))  # (b, D)
        return F.layer_norm(out, out.shape[-1:])


def padded(token_lists: Sequence[Sequence[int]], rows: int, length: int) -> Tensor:
    """Token lists as (rows, length) int64, padded at the end; missing rows repeat the first list."""
    out = np.full((rows, length), PADDING, dtype=np.int64)
    for row in range(rows):
        tokens = token_lists[row if row < len(token_lists) else 0]
        out[row, : len(tokens)] = tokens
    return torch.from_numpy(out)


@dataclass(frozen=True)
class Familiarity:
    """Measures how far a caption is from the training captions.

    A caption has three distances, which are 0 for training captions: the mean and the largest strangeness of its words,
    weighted by how informative the words are, and the distance of its mean word vector from the nearest centroid of the
    training captions. ``slopes`` and ``offset`` give a score that is positive for strange captions. They were fitted on
    held-out captions and on text about other subjects.

    Attributes
    ----------
    strangeness : (words,) float32 array
        1 minus the largest cosine between a word's vector and those of informative words in training captions.
    telling : (words,) float32 array
        Weight of a word in a mean: near 0 for words that occur in most captions.
    centroids : (k, word_width) float32 array
        Unit vectors.
    vectors : (words, word_width) float32 array
        Unit word vectors.
    slopes : (3,) float32 array
    offset : float
    """

    strangeness: NDArray[np.float32]
    telling: NDArray[np.float32]
    centroids: NDArray[np.float32]
    vectors: NDArray[np.float32]
    slopes: NDArray[np.float32]
    offset: float

    def distances(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """The three distances, (3,) float32, for the token numbers of a caption; all 1 if it has no words."""
        numbers = np.array([number for number in tokens if number not in (PADDING, START)], dtype=np.int64)
        if len(numbers) == 0:
            return np.ones(3, dtype=np.float32)
        weight = self.telling[numbers]
        total = float(weight.sum())
        if total < 1e-6:
            return np.ones(3, dtype=np.float32)
        strange = self.strangeness[numbers]
        mean = (weight[:, None] * self.vectors[numbers]).sum(0)
        mean /= max(float(np.linalg.norm(mean)), 1e-9)
        nearest = float((self.centroids @ mean).max())
        return np.array(
            (
                float((weight * strange).sum()) / total,
                float((strange * np.minimum(weight, 1)).max()),
                1 - nearest,
            ),
            dtype=np.float32,
        )

    def scores(self, token_lists: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Scores, (n,) float32; a caption with a score above 0 is strange."""
        distances = np.array([self.distances(tokens) for tokens in token_lists]).reshape(-1, 3)
        return np.asarray(distances @ self.slopes + self.offset, dtype=np.float32)


class SmallText:
    """Computes text embeddings in passes of fixed shapes.

    A caption is padded to the next power of two of its own length, so that the bits of its embedding depend on its
    words only.
    """

    def __init__(self, network: TextNetwork, vocabulary: Vocabulary, familiarity: Familiarity) -> None:
        self.network = network
        self.vocabulary = vocabulary
        self.familiarity = familiarity
        self.dim = network.config.text_width

    @torch.inference_mode()
    def encode(self, captions: Sequence[str]) -> Tensor:
        """Text embeddings (n, D) float32 on the network's device."""
        longest = self.network.config.longest
        device = self.network.positions.device
        tokens = [self.vocabulary.tokens(caption, longest) for caption in captions]
        by_length: dict[int, list[int]] = {}
        for index, numbers in enumerate(tokens):
            by_length.setdefault(min(longest, max(8, 1 << (len(numbers) - 1).bit_length())), []).append(index)
        out = torch.empty((len(captions), self.dim), device=device)
        for length, indices in sorted(by_length.items()):
            for start in range(0, len(indices), ROWS):
                chunk = indices[start : start + ROWS]
                batch = padded([tokens[index] for index in chunk], ROWS, length).to(device)
                out[chunk] = self.network(batch)[: len(chunk)].float()
        return out

    def unsure(self, captions: Sequence[str]) -> NDArray[np.bool_]:
        """(n,) array, True where a caption is far from the training captions."""
        longest = self.network.config.longest
        scores = self.familiarity.scores([self.vocabulary.tokens(caption, longest) for caption in captions])
        return np.asarray(scores > 0)
