"""Second stage: the text encoder alone, taught to foresee the pose, to name it and to tell it from others.

It costs a fraction of training it with the diffusion, and gives the last stage embeddings that already mean
something.
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
from training.motions import Examples
from training.settings import Settings
from training.steps import Log, Stage, low_precision

_CHANGE_HIDDEN: Final = 0.25
_WORD_NOISE: Final = 0.5
_MATCH_WEIGHT: Final = 0.1
_NAME_WEIGHT: Final = 0.3
_CHANGE_WEIGHT: Final = 1e-3
_WARMTH: Final = 20.0
_BONE_SHARE: Final = 0.6
_BATCHES_SORTED: Final = 8


class Captions:
    """Captions, distinct ones as token numbers, to be padded batch by batch."""

    def __init__(self, captions: Sequence[str], vocabulary: Vocabulary, longest: int) -> None:
        numbers = {caption: number for number, caption in enumerate(dict.fromkeys(captions))}
        self.index = np.array([numbers[caption] for caption in captions])
        lists = [vocabulary.tokens(caption, longest) for caption in numbers]
        self.lengths = np.array([len(tokens) for tokens in lists])
        self.tokens = np.full((len(lists), int(self.lengths.max())), PADDING, dtype=np.int64)
        for row, tokens in enumerate(lists):
            self.tokens[row, : len(tokens)] = tokens

    def alike(self, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """``count`` rows of about one length, so that little is padded."""
        rows = rng.integers(len(self.index), size=_BATCHES_SORTED * count)
        rows = rows[np.argsort(self.lengths[self.index[rows]], kind="stable")]
        return np.asarray(rows.reshape(_BATCHES_SORTED, count)[rng.integers(_BATCHES_SORTED)])

    def batch(self, rows: NDArray[np.int64]) -> Tensor:
        """(b, n) tokens of examples by their row, padded to the longest of them."""
        distinct = self.index[rows]
        return torch.from_numpy(self.tokens[distinct, : self.lengths[distinct].max()])


class Names:
    """What captions say, by number: base poses and modifiers.

    Attributes
    ----------
    base : (n,) int64 tensor
        -1 for captions that are not of the grammar.
    modifiers : (n, m) bool tensor
        Those of the left and of the right apart.
    bases : int
        How many there are.
    """

    def __init__(self, said: Sequence[Sequence[str]]) -> None:
        bases = {name: number for number, name in enumerate(sorted({names[0] for names in said if names}))}
        others = {name: number for number, name in enumerate(sorted({n for names in said for n in names[1:]}))}
        self.bases = len(bases)
        self.base = torch.tensor([bases[names[0]] if names else -1 for names in said])
        self.modifiers = torch.zeros(len(said), len(others), dtype=torch.bool)
        for row, names in enumerate(said):
            self.modifiers[row, [others[name] for name in names[1:]]] = True


class TrainedText(nn.Module):
    """A text network whose table stands still, and a learned change for words of the training captions.

    The change is hidden from some captions, so that the network learns to read words by their pretrained vectors
    too: those are all that it has of a word never seen. And vectors are a little noisy, so that it reads a word's
    neighbours as it reads the word.
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
        """Text embeddings (b, D) of token numbers (b, n)."""
        change = self.change(self.row_of[tokens])  # (b, n, word_width)
        if self.training:
            seen = torch.rand(len(tokens), 1, 1) >= _CHANGE_HIDDEN
            change = change * seen + _WORD_NOISE * torch.rand(len(tokens), 1, 1) * torch.randn_like(change)
        embedding: Tensor = self.network(tokens, self.network.table(tokens) + change)
        return embedding


def known_words(captions: Sequence[str], vocabulary: Vocabulary, longest: int, least: int = 2) -> NDArray[np.int64]:
    """Numbers of the words that stand in at least so many distinct captions."""
    counts = np.zeros(len(vocabulary), dtype=np.int64)
    for caption in dict.fromkeys(captions):
        counts[list(set(vocabulary.tokens(caption, longest)))] += 1
    return np.flatnonzero(counts >= least)


class Foresight(nn.Module):
    """A text encoder with what it is taught by: guesses of the pose and its names, a reader of poses to match with.

    Poses are compared by joints and by bone directions: a turn of the head moves no joint far. Naming base pose
    and modifiers teaches most of how wordings of one thing belong together.

    Parameters
    ----------
    text : TrainedText
    scale : float
        Metres of one unit of a pose.
    bases, modifiers : int
        How many there are to be named.
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
        """Unit vectors (b, D) of text embeddings (b, D), to be matched with those of poses."""
        return F.normalize(self.key(embedding), dim=1)

    def bodies(self, poses: Tensor) -> Tensor:
        """Unit vectors (b, D) of poses (b, 64), to be matched with those of captions."""
        return F.normalize(self.reader(poses @ self.space), dim=1)

    def loss(self, embedding: Tensor, poses: Tensor, same: Tensor) -> tuple[Tensor, dict[str, float]]:
        """Loss of text embeddings (b, D) with poses (b, 64); ``same`` (b, b) is True where captions are alike."""
        missed = ((self.guess(embedding) - poses) @ self.space).square()  # (b, 127)
        guess = torch.sqrt(missed + 0.01).mean()
        likeness = self.texts(embedding) @ self.bodies(poses).T  # (b, b)
        likeness = (_WARMTH * likeness).masked_fill(same, -1e4)
        target = torch.arange(len(poses))
        match = (F.cross_entropy(likeness, target) + F.cross_entropy(likeness.T, target)) / 2
        loss = guess + _MATCH_WEIGHT * match + _CHANGE_WEIGHT * self.text.change.weight.square().sum(1).mean()
        return loss, {"pose": missed.mean().sqrt().item(), "match": match.item()}

    def name_loss(self, embedding: Tensor, base: Tensor, modifiers: Tensor) -> Tensor:
        """Cross-entropies of base poses (b,), -1 where there is none, and modifiers (b, m) by embeddings (b, D)."""
        named = base >= 0
        count = named.sum().clamp(min=1)
        found = F.cross_entropy(self.base(embedding), base, ignore_index=-1, reduction="sum")
        each = F.binary_cross_entropy_with_logits(self.modifiers(embedding), modifiers.float(), reduction="none")
        return (found + each[named].sum()) / count


def middle_poses(features: NDArray[np.float32], std: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, 64) root height and joints of the middle frames of (n, frames, 67), over the joints' std."""
    return np.asarray(features[:, features.shape[1] // 2, 3:] / std[-1], dtype=np.float32)


def train_text(
    text: TrainedText,
    examples: Examples,
    poses: NDArray[np.float32],
    scale: float,
    vocabulary: Vocabulary,
    settings: Settings,
    out: Path,
    log: Log,
) -> tuple[Foresight, float]:
    """Train the text encoder on examples and their middle poses (n, 64), of which one unit is ``scale`` metres.

    Returns
    -------
    foresight, seconds
    """
    longest = text.network.config.longest
    read, names = Captions(examples.captions, vocabulary, longest), Names(examples.said)
    wanted = torch.from_numpy(poses)  # (n, 64)
    foresight = Foresight(text, scale, names.bases, names.modifiers.shape[1])
    trained = [parameter for parameter in foresight.parameters() if parameter.requires_grad]
    stage = Stage(
        "text",
        foresight,
        [(trained, settings.text_rate)],
        steps=settings.text_steps,
        decay=settings.average,
        out=out,
        seed=settings.seed,
        log=log,
    )

    def loss_of(step: int) -> tuple[Tensor, dict[str, float]]:
        rng = np.random.default_rng((settings.seed, 12, step))
        rows = read.alike(settings.text_batch, rng)
        tokens = read.batch(rows)  # (b, n)
        with low_precision(settings.bfloat16):
            embedding = text(tokens).float()
        same = (tokens[:, None] == tokens[None]).all(-1) & ~torch.eye(len(tokens), dtype=torch.bool)
        loss, figures = foresight.loss(embedding, wanted[rows], same)
        named = foresight.name_loss(embedding, names.base[rows], names.modifiers[rows])
        return loss + _NAME_WEIGHT * named, figures | {"name": named.item()}

    stage.run(loss_of)
    return foresight, stage.seconds
