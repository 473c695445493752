"""A small model that says whether a pose and a caption belong together, trained apart from the bundled one.

It measures R-precision: among 32 captions, is the one that a pose was made from the most alike?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from posepipe.models.small_text import Vocabulary
from training.build import Run
from training.motions import Examples, as_read, grammar_examples
from training.text import Captions, Foresight, TrainedText, known_words, middle_poses, train_text

AMONG: Final = 32
_EXAMPLES: Final = 40_000
_STEPS: Final = 1_500
_SEED: Final = 500_009


@dataclass(frozen=True)
class Matcher:
    """The trained model with its words and the scale of its poses."""

    foresight: Foresight
    vocabulary: Vocabulary
    std: NDArray[np.float32]


def train_matching(run: Run) -> Matcher:
    """Train on grammar examples drawn for it, with a seed and a network of its own."""
    own = run.settings.seed + _SEED
    count = min(_EXAMPLES, max(count for _, count in run.settings.motions))
    settings = replace(
        run.settings, seed=own, text_layers=1, text_steps=min(_STEPS, run.settings.text_steps), text_rate=1e-3
    )
    folder = run.out / "matching"
    folder.mkdir(exist_ok=True)
    examples = as_read(grammar_examples(count, own, 4, run.processes))
    vocabulary, table = run.words
    torch.manual_seed(own)
    config = settings.sizes(len(vocabulary)).text
    text = TrainedText(config, table, known_words(examples.captions, vocabulary, config.longest))
    std = run.normalisation[1]
    poses = middle_poses(examples.features(), std)
    scale = float(std[-1])
    foresight, _ = train_text(text, examples, poses, scale, vocabulary, settings, folder, run.log)
    return Matcher(foresight, vocabulary, std)


@torch.no_grad()
def retrieval(matcher: Matcher, captions: Sequence[str], poses: NDArray[np.float32]) -> list[float]:
    """R-precision at 1, 2 and 3 among 32 captions, over as many whole groups of 32 as there are.

    Parameters
    ----------
    captions : n strings
    poses : (n, 22, 3) float32 array
        Each made from the caption in its place.
    """
    foresight = matcher.foresight.eval()
    examples = as_read(Examples(list(captions), poses[:, None], ["grammar"] * len(captions)))
    numbers = Captions(examples.captions, matcher.vocabulary, foresight.text.network.config.longest)
    texts = foresight.texts(foresight.text(numbers.batch(np.arange(len(captions)))))
    bodies = foresight.bodies(torch.from_numpy(middle_poses(examples.features(), matcher.std)))
    found = np.zeros(3)
    groups = len(captions) // AMONG
    for group in range(groups):
        rows = slice(group * AMONG, (group + 1) * AMONG)
        likeness = bodies[rows] @ texts[rows].T  # (32, 32)
        rank = (likeness > likeness.diagonal()[:, None]).sum(1).numpy()
        found += [(rank < top).mean() for top in (1, 2, 3)]
    return [float(share) for share in found / groups]
