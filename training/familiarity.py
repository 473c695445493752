"""The measure behind the flag ``unsure``: how far a caption is from those of the training.

A logistic regression separates captions with held-out phrasings from sentences about other things and from random words
and letters. Some words of the held-out phrasings are treated as unknown, because captions of users have unknown words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.models.small_text import PADDING, START, UNKNOWN, Familiarity, Vocabulary

UNRELATED_FILE: Final = Path(__file__).with_name("unrelated_sentences.txt")
"""Sentences about other things than poses, one a line."""

_CENTROIDS: Final = 256
_ROUNDS: Final = 8
"""Rounds of k-means."""

_FORGOTTEN: Final = 0.08
"""Share of the known words that are treated as unknown to fit the regression."""

_FALSE_ALARMS: Final = 0.02
"""Largest share of sensible captions that may be flagged."""

_LONGEST: Final = 64
"""Tokens of a caption that are read."""

_RARE: Final = 3
"""Captions in which a word must occur to count as known."""


def unrelated_sentences() -> list[str]:
    """Read the sentences of :data:`UNRELATED_FILE`."""
    return UNRELATED_FILE.read_text(encoding="utf-8").strip().split("\n")


def gibberish(words: Sequence[str], count: int, rng: np.random.Generator) -> list[str]:
    """Draw strings of random words or of random letters."""
    letters = list("abcdefghijklmnopqrstuvwxyz")
    out = []
    for _ in range(count):
        size = int(rng.integers(1, 9))
        if rng.random() < 0.3:
            parts = ["".join(rng.choice(letters, int(rng.integers(3, 10)))) for _ in range(size)]
        else:
            parts = [words[int(index)] for index in rng.integers(len(words), size=size)]
        text = " ".join(parts)
        out.append(f"A person {text}" if rng.random() < 0.4 else text)
    return out


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def _centroids(means: NDArray[np.float32], count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the centres (count, width) of spherical k-means on unit vectors."""
    centres = means[rng.choice(len(means), min(count, len(means)), replace=False)]
    for _ in range(_ROUNDS):
        nearest = (means @ centres.T).argmax(1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, means)
        filled = np.linalg.norm(sums, axis=1) > 0
        centres[filled] = _unit(sums[filled])
    return centres


def unfitted(captions: Sequence[str], vocabulary: Vocabulary, table: NDArray[np.float32], seed: int) -> Familiarity:
    """Return the distances from captions; the regression is not fitted yet.

    Parameters
    ----------
    captions : sequence of str
        Captions of the training.
    vocabulary : Vocabulary
    table : (words, width) float32 array
        Pretrained word vectors.
    seed : int
    """
    rng = np.random.default_rng((seed, 21))
    token_lists = [vocabulary.tokens(caption, _LONGEST) for caption in dict.fromkeys(captions)]
    counts = np.zeros(len(vocabulary))
    for tokens in token_lists:
        counts[list(set(tokens))] += 1
    telling = (0.02 / (0.02 + counts / len(token_lists))).astype(np.float32)
    telling[[PADDING, START]] = 0
    vectors = _unit(table)
    known = np.flatnonzero(counts >= _RARE)
    anchors = vectors[[number for number in known if telling[number] > 0.1]]
    strangeness = np.concatenate(
        [1 - (vectors[i : i + 2048] @ anchors.T).max(1) for i in range(0, len(vectors), 2048)]
    ).astype(np.float32)
    strangeness[known] = 0
    strangeness[UNKNOWN] = 1
    subset = rng.permutation(len(token_lists))[:20_000]
    means = np.zeros((len(subset), table.shape[1]), dtype=np.float32)
    for row, index in enumerate(subset):
        numbers = np.array(token_lists[index])
        means[row] = (telling[numbers, None] * vectors[numbers]).sum(0)
    centres = _centroids(_unit(means), _CENTROIDS, rng)
    return Familiarity(strangeness, telling, centres, vectors, np.zeros(3, dtype=np.float32), 0.0)


def forgetting(
    familiarity: Familiarity, token_lists: Sequence[Sequence[int]], rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return the distances (n, 3) of captions if a random share of the known words were unknown.

    The strangeness of such a word is its distance from the nearest of the other known words.
    """
    vectors, strangeness = familiarity.vectors, familiarity.strangeness.copy()
    known = np.flatnonzero((strangeness == 0) & (familiarity.telling > 0.1))
    forgotten = known[rng.random(len(known)) < _FORGOTTEN]
    kept = np.setdiff1d(known, forgotten)
    strangeness[forgotten] = 1 - (vectors[forgotten] @ vectors[kept].T).max(1)
    without = replace(familiarity, strangeness=strangeness)
    return np.array([without.distances(tokens) for tokens in token_lists])


def fitted(
    familiarity: Familiarity,
    vocabulary: Vocabulary,
    sensible: Sequence[str],
    strange: Sequence[str],
    seed: int,
) -> tuple[Familiarity, dict[str, float]]:
    """Fit the regression on one half of the captions, and measure it on the other.

    Parameters
    ----------
    familiarity : Familiarity
        From :func:`unfitted`.
    vocabulary : Vocabulary
    sensible, strange : sequences of str
        Captions with held-out phrasings; text about other things.
    seed : int

    Returns
    -------
    familiarity : Familiarity
    figures : dict
        Shares flagged: ``strange_found`` of the strange texts, ``sensible_flagged`` of the sensible captions, and
        ``forgetful_flagged`` of those when some of their words are treated as unknown.
    """
    rng = np.random.default_rng((seed, 22))
    good = [vocabulary.tokens(caption, _LONGEST) for caption in sensible]
    bad = [vocabulary.tokens(caption, _LONGEST) for caption in strange]
    plain = np.array([familiarity.distances(tokens) for tokens in good])
    forgetful = forgetting(familiarity, good, rng)
    far = np.array([familiarity.distances(tokens) for tokens in bad])
    fit = [part[0::2] for part in (plain, forgetful, far)]
    slopes, offset = _logistic(np.concatenate(fit[:2]), fit[2])
    near = np.concatenate(fit[:2]) @ slopes + offset
    offset -= max(0.0, float(np.quantile(near, 1 - _FALSE_ALARMS)))
    kept = replace(familiarity, slopes=slopes.astype(np.float32), offset=offset)
    rest = [part[1::2] @ kept.slopes + kept.offset > 0 for part in (plain, forgetful, far)]
    names = ("sensible_flagged", "forgetful_flagged", "strange_found")
    return kept, {name: float(part.mean()) for name, part in zip(names, rest, strict=True)}


def _logistic(near: NDArray[np.float32], far: NDArray[np.float32]) -> tuple[NDArray[np.float64], float]:
    """Fit a balanced logistic regression by Newton's method with a small ridge; return slopes and offset."""
    inputs = np.concatenate((near, far)).astype(np.float64)
    inputs = np.concatenate((inputs, np.ones((len(inputs), 1))), axis=1)
    wanted = np.repeat((0.0, 1.0), (len(near), len(far)))
    weight = np.repeat((0.5 / len(near), 0.5 / len(far)), (len(near), len(far)))
    slopes = np.zeros(inputs.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ slopes, -30, 30)))
        gradient = inputs.T @ (weight * (chance - wanted)) + 1e-4 * slopes
        curve = weight * chance * (1 - chance)
        hessian = (inputs * curve[:, None]).T @ inputs + 1e-4 * np.eye(len(slopes))
        slopes = slopes - np.linalg.solve(hessian, gradient)
    return slopes[:-1], float(slopes[-1])
