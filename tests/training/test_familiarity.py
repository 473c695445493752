"""The measure of unfamiliar captions."""

from __future__ import annotations

import numpy as np

from posepipe.models.small_text import SPECIAL, Vocabulary
from training import familiarity


def test_unfamiliar_captions_are_separated_from_sensible_ones() -> None:
    rng = np.random.default_rng(0)
    known, near, far = ([f"{kind}{a}{b}" for a in "abcdefgh" for b in "abcdefgh"] for kind in ("is", "near", "far"))
    vocabulary = Vocabulary((*SPECIAL, *known, *near, *far))
    table = rng.normal(size=(len(vocabulary), 16)).astype(np.float32)
    table[67:131] = table[3:67] + 0.2 * rng.normal(size=(64, 16))
    captions = [" ".join(rng.choice(known, 3)) for _ in range(400)]
    start = familiarity.unfitted(captions, vocabulary, table, 0)
    sensible = [" ".join((rng.choice(known), rng.choice(near), rng.choice(known))) for _ in range(200)]
    strange = [" ".join(rng.choice(far, 3)) for _ in range(200)]
    fitted, figures = familiarity.fitted(start, vocabulary, sensible, strange, 0)
    assert figures["strange_found"] > 0.9
    assert figures["sensible_flagged"] < 0.1
    tokens = [vocabulary.tokens(caption, 64) for caption in (captions[0], strange[0], "")]
    assert (fitted.scores(tokens) > 0).tolist() == [False, True, True]
