"""A matching model that compares poses with captions, trained only for the evaluation.

It measures R-precision: among 32 captions, is the one that a pose was made from the most similar to it?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from posepipe.models.small_text import Vocabulary
from training.build import TrainingRun
from training.motions import TrainingSet, as_read, grammar_examples
from training.text_encoder import (
    TextWithHeads,
    TokenizedCaptions,
    TrainedText,
    known_words,
    middle_poses,
    train_text,
)

CANDIDATES: Final = 32
"""Captions among which the right one is looked for."""

_EXAMPLES: Final = 40_000
_STEPS: Final = 1_500
_SEED: Final = 500_009


@dataclass(frozen=True)
class Matcher:
    """The trained model, its vocabulary, and the standard deviation (67,) of the features."""

    heads: TextWithHeads
    vocabulary: Vocabulary
    std: NDArray[np.float32]


def train_matching(run: TrainingRun) -> Matcher:
    """Train on grammar examples with another seed than the run, and a smaller network."""
    seed = run.settings.seed + _SEED
    count = min(_EXAMPLES, max(count for _, count in run.settings.motions))
    settings = replace(
        run.settings, seed=seed, text_layers=1, text_steps=min(_STEPS, run.settings.text_steps), text_rate=1e-3
    )
    folder = run.out / "matching"
    folder.mkdir(exist_ok=True)
    examples = as_read(grammar_examples(count, seed, 4, run.processes))
    vocabulary, table = run.words
    torch.manual_seed(seed)
    config = settings.sizes(len(vocabulary)).text
    text = TrainedText(config, table, known_words(examples.captions, vocabulary, config.longest))
    std = run.normalisation[1]
    poses = middle_poses(examples.features(), std)
    scale = float(std[-1])
    heads, _ = train_text(text, examples, poses, scale, vocabulary, settings, folder, run.log)
    return Matcher(heads, vocabulary, std)


@torch.no_grad()
def retrieval(matcher: Matcher, captions: Sequence[str], poses: NDArray[np.float32]) -> list[float]:
    """Return the R-precision at 1, 2 and 3 among 32 captions, over all complete groups of 32.

    Parameters
    ----------
    matcher : Matcher
    captions : n strings
    poses : (n, 22, 3) float32 array
        Each made from the caption at the same position.
    """
    heads = matcher.heads.eval()
    examples = as_read(TrainingSet(list(captions), poses[:, None], ["grammar"] * len(captions)))
    tokenized = TokenizedCaptions(examples.captions, matcher.vocabulary, heads.text.network.config.longest)
    texts = heads.texts(heads.text(tokenized.batch(np.arange(len(captions)))))
    bodies = heads.bodies(torch.from_numpy(middle_poses(examples.features(), matcher.std)))
    found = np.zeros(3)
    groups = len(captions) // CANDIDATES
    for group in range(groups):
        rows = slice(group * CANDIDATES, (group + 1) * CANDIDATES)
        similarity = bodies[rows] @ texts[rows].T  # (32, 32)
        rank = (similarity > similarity.diagonal()[:, None]).sum(1).numpy()
        found += [(rank < top).mean() for top in (1, 2, 3)]
    return [float(share) for share in found / groups]
