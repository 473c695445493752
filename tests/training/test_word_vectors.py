"""The word table."""

from __future__ import annotations

import numpy as np
import pytest

from training.word_vectors import inflected, own_words, principal


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("sit", ("sit", "sits", "sitted", "sitting")),
        ("kneel", ("kneel", "kneels", "kneeled", "kneeling")),
        ("squat", ("squat", "squats", "squatted", "squatting")),
        ("dance", ("dance", "dances", "danced", "dancing")),
        ("lie", ("lie", "lies", "lied", "lying")),
        ("carry", ("carry", "carries", "carried", "carrying")),
        ("punch", ("punch", "punches", "punched", "punching")),
    ],
)
def test_verbs_are_inflected(verb: str, forms: tuple[str, ...]) -> None:
    assert inflected(verb) == forms


def test_principal_components_keep_what_matters() -> None:
    rng = np.random.default_rng(0)
    vectors = (rng.normal(size=(200, 3)) @ rng.normal(size=(3, 20))).astype(np.float32)
    reduced = principal(vectors, 3)
    assert reduced.shape == (200, 3)
    assert np.square(reduced).mean() == pytest.approx(1, rel=1e-4)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    wanted = unit - unit.mean(0)
    scale = np.linalg.norm(wanted[1] - wanted[0]) / np.linalg.norm(reduced[1] - reduced[0])
    np.testing.assert_allclose(
        np.linalg.norm(reduced[:50] - reduced[50:100], axis=1) * scale,
        np.linalg.norm(wanted[:50] - wanted[50:100], axis=1),
        rtol=1e-2,
    )


def test_words_of_captions_join_the_list() -> None:
    words = own_words(["A person zorbing 3 times"])
    assert words == sorted(set(words))
    assert {"zorbing", "person", "kneeling", "akimbo"} <= set(words)
    assert "3" not in words
