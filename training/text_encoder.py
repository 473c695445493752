"""Second stage: the text encoder alone, trained to predict the pose, to name it and to match it with its caption.

This costs a fraction of training it together with the diffusion network, and the last stage starts with useful
embeddings.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from posepipe.models.small_text import PADDING, TextConfig, TextNetwork, Vocabulary
from training.autoencoder import bone_directions
from training.loop import Log, Stage, low_precision
from training.motions import TrainingSet
from training.settings import Settings

_CHANGE_HIDDEN: Final = 0.25
"""Share of captions that are read by their pretrained word vectors alone."""

_WORD_NOISE: Final = 0.5
"""Largest standard deviation of the noise on word vectors."""

_MATCH_WEIGHT: Final = 0.1
_LABEL_WEIGHT: Final = 0.3
_CHANGE_WEIGHT: Final = 1e-3
_MATCH_SCALE: Final = 20.0
"""Inverse temperature of the matching loss."""

_BONE_SHARE: Final = 0.6
_BATCHES_SORTED: Final = 8
"""Batches drawn at once and sorted by caption length, so that little is padded."""


class TokenizedCaptions:
    """Captions as token numbers, stored once for equal captions and padded batch by batch.

    Attributes
    ----------
    index : (n,) int64 array
        Row in ``tokens`` of each caption.
    lengths : (m,) int64 array
        Tokens of each distinct caption.
    tokens : (m, longest) int64 array
        Token numbers, padded.
    """

    def __init__(self, captions: Sequence[str], vocabulary: Vocabulary, longest: int) -> None:
        numbers = {caption: number for number, caption in enumerate(dict.fromkeys(captions))}
        self.index = np.array([numbers[caption] for caption in captions])
        lists = [vocabulary.tokens(caption, longest) for caption in numbers]
        self.lengths = np.array([len(tokens) for tokens in lists])
        self.tokens = np.full((len(lists), int(self.lengths.max())), PADDING, dtype=np.int64)
        for row, tokens in enumerate(lists):
            self.tokens[row, : len(tokens)] = tokens

    def similar_lengths(self, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Draw the rows of ``count`` captions of similar length."""
        rows = rng.integers(len(self.index), size=_BATCHES_SORTED * count)
        rows = rows[np.argsort(self.lengths[self.index[rows]], kind="stable")]
        return np.asarray(rows.reshape(_BATCHES_SORTED, count)[rng.integers(_BATCHES_SORTED)])

    def batch(self, rows: NDArray[np.int64]) -> Tensor:
        """Return the tokens (b, n) of some rows, padded to the longest of them."""
        distinct = self.index[rows]
        return torch.from_numpy(self.tokens[distinct, : self.lengths[distinct].max()])


class Labels:
    """Numbers for the base poses and modifiers that captions name.

    Attributes
    ----------
    base : (n,) int64 tensor
        Number of the base pose; -1 for captions that are not from the grammar.
    modifiers : (n, m) bool tensor
        Whether each modifier is named; left and right count as different.
    bases : int
        Number of base poses.
    """

    def __init__(self, labels: Sequence[Sequence[str]]) -> None:
        bases = {name: number for number, name in enumerate(sorted({names[0] for names in labels if names}))}
        others = {name: number for number, name in enumerate(sorted({n for names in labels for n in names[1:]}))}
        self.bases = len(bases)
        self.base = torch.tensor([bases[names[0]] if names else -1 for names in labels])
        self.modifiers = torch.zeros(len(labels), len(others), dtype=torch.bool)
        for row, names in enumerate(labels):
            self.modifiers[row, [others[name] for name in names[1:]]] = True


class TrainedText(nn.Module):
    """A text network with a frozen word table, and a learned change to the vectors of words in the training captions.

    Some captions are read without the change, so that the network also learns to read pretrained vectors: a word that
    training never showed has nothing else. Noise on the vectors makes it read similar words alike.

    Parameters
    ----------
    config : TextConfig
    table : (words, width) float32 array
        Pretrained word vectors.
    known : (k,) int64 array
        Numbers of the words that get a learned change.
    """

    def __init__(self, config: TextConfig, table: NDArray[np.float32], known: NDArray[np.int64]) -> None:
        super().__init__()
        self.network = TextNetwork(config)
        self.network.table.weight.copy_(torch.from_numpy(table))
        self.change = nn.Embedding(len(known) + 1, config.word_width, padding_idx=0)
        nn.init.zeros_(self.change.weight)
        row_of = torch.zeros(config.words, dtype=torch.long)
        row_of[torch.from_numpy(known)] = torch.arange(1, len(known) + 1)
        self.known = known
        self.row_of: Tensor
        self.register_buffer("row_of", row_of)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return text embeddings (b, D) of token numbers (b, n)."""
        change = self.change(self.row_of[tokens])  # (b, n, word_width)
        if self.training:
            seen = torch.rand(len(tokens), 1, 1) >= _CHANGE_HIDDEN
            change = change * seen + _WORD_NOISE * torch.rand(len(tokens), 1, 1) * torch.randn_like(change)
        embedding: Tensor = self.network(tokens, self.network.table(tokens) + change)
        return embedding


def known_words(captions: Sequence[str], vocabulary: Vocabulary, longest: int, least: int = 2) -> NDArray[np.int64]:
    """Return the numbers of the words that occur in at least ``least`` distinct captions."""
    counts = np.zeros(len(vocabulary), dtype=np.int64)
    for caption in dict.fromkeys(captions):
        counts[list(set(vocabulary.tokens(caption, longest)))] += 1
    return np.flatnonzero(counts >= least)


class TextWithHeads(nn.Module):
    """A text encoder with the heads that train it: one predicts the pose, one its labels, one matches it with poses.

    Poses are compared by joints and by bone directions, because turning the head hardly moves a joint. Predicting base
    pose and modifiers is what mostly teaches that different wordings mean the same.

    Parameters
    ----------
    text : TrainedText
    scale : float
        Metres of one unit of a pose.
    bases, modifiers : int
        Numbers of base poses and modifiers.
    """

    def __init__(self, text: TrainedText, scale: float, bases: int, modifiers: int) -> None:
        super().__init__()
        features = torch.cat((torch.zeros(64, 3), torch.eye(64) * scale), dim=1)  # (64, 67)
        bones = bone_directions(features).flatten(1)  # (64, 63)
        self.space: Tensor
        self.register_buffer("space", torch.cat((torch.eye(64), _BONE_SHARE * bones), dim=1))  # (64, 127)
        width = text.network.config.text_width
        self.text = text
        self.guess = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, 64))
        self.reader = nn.Sequential(nn.Linear(127, 2 * width), nn.GELU(), nn.Linear(2 * width, width))
        self.key = nn.Linear(width, width)
        self.base = nn.Linear(width, bases)
        self.modifiers = nn.Linear(width, modifiers)

    def texts(self, embedding: Tensor) -> Tensor:
        """Return unit vectors (b, D) of text embeddings (b, D), to compare with those of :meth:`bodies`."""
        return F.normalize(self.key(embedding), dim=1)

    def bodies(self, poses: Tensor) -> Tensor:
        """Return unit vectors (b, D) of poses (b, 64), to compare with those of :meth:`texts`."""
        return F.normalize(self.reader(poses @ self.space), dim=1)

    def loss(self, embedding: Tensor, poses: Tensor, same: Tensor) -> tuple[Tensor, dict[str, float]]:
        """Return the loss of text embeddings (b, D) for poses (b, 64), and figures to log.

        ``same`` (b, b) is true for pairs of different rows with equal captions; they are no negatives of the matching.
        """
        missed = ((self.guess(embedding) - poses) @ self.space).square()  # (b, 127)
        guess = torch.sqrt(missed + 0.01).mean()
        similarity = self.texts(embedding) @ self.bodies(poses).T  # (b, b)
        similarity = (_MATCH_SCALE * similarity).masked_fill(same, -1e4)
        target = torch.arange(len(poses))
        match = (F.cross_entropy(similarity, target) + F.cross_entropy(similarity.T, target)) / 2
        loss = guess + _MATCH_WEIGHT * match + _CHANGE_WEIGHT * self.text.change.weight.square().sum(1).mean()
        return loss, {"pose": missed.mean().sqrt().item(), "match": match.item()}

    def label_loss(self, embedding: Tensor, base: Tensor, modifiers: Tensor) -> Tensor:
        """Return the cross-entropy of base poses (b,), -1 for none, and modifiers (b, m) given embeddings (b, D)."""
        named = base >= 0
        count = named.sum().clamp(min=1)
        found = F.cross_entropy(self.base(embedding), base, ignore_index=-1, reduction="sum")
        each = F.binary_cross_entropy_with_logits(self.modifiers(embedding), modifiers.float(), reduction="none")
        return (found + each[named].sum()) / count


def middle_poses(features: NDArray[np.float32], std: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return root height and joints (n, 64) of the middle frames of features (n, frames, 67), over the joints' std."""
    return np.asarray(features[:, features.shape[1] // 2, 3:] / std[-1], dtype=np.float32)


def train_text(
    text: TrainedText,
    examples: TrainingSet,
    poses: NDArray[np.float32],
    scale: float,
    vocabulary: Vocabulary,
    settings: Settings,
    out: Path,
    log: Log,
) -> tuple[TextWithHeads, float]:
    """Train the text encoder.

    Parameters
    ----------
    text : TrainedText
    examples : TrainingSet
    poses : (n, 64) float32 array
        Middle poses of the examples, see :func:`middle_poses`.
    scale : float
        Metres of one unit of a pose.
    vocabulary : Vocabulary
    settings, out, log
        See :class:`training.build.TrainingRun`.

    Returns
    -------
    heads : TextWithHeads
    seconds : float
    """
    longest = text.network.config.longest
    captions, labels = TokenizedCaptions(examples.captions, vocabulary, longest), Labels(examples.labels)
    wanted = torch.from_numpy(poses)  # (n, 64)
    heads = TextWithHeads(text, scale, labels.bases, labels.modifiers.shape[1])
    trained = [parameter for parameter in heads.parameters() if parameter.requires_grad]
    stage = Stage(
        "text",
        heads,
        [(trained, settings.text_rate)],
        steps=settings.text_steps,
        decay=settings.average,
        out=out,
        seed=settings.seed,
        log=log,
    )

    def loss_of(step: int) -> tuple[Tensor, dict[str, float]]:
        rng = np.random.default_rng((settings.seed, 12, step))
        rows = captions.similar_lengths(settings.text_batch, rng)
        tokens = captions.batch(rows)  # (b, n)
        with low_precision(settings.bfloat16):
            embedding = text(tokens).float()
        same = (tokens[:, None] == tokens[None]).all(-1) & ~torch.eye(len(tokens), dtype=torch.bool)
        loss, figures = heads.loss(embedding, wanted[rows], same)
        labelled = heads.label_loss(embedding, labels.base[rows], labels.modifiers[rows])
        return loss + _LABEL_WEIGHT * labelled, figures | {"label": labelled.item()}

    stage.run(loss_of)
    return heads, stage.seconds
