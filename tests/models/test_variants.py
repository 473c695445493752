"""Further variants: turned, mirrored and read differently, as far as the caption leaves it open."""

from __future__ import annotations

import numpy as np
import pytest
from varied_poses import POSES

from posepipe.models.sides import mirrored
from posepipe.models.variants import LARGEST_TURN, LEAST_TURN, names_heading, names_side, nudged, varied

OPEN = "A person waving"
SEEDS = range(5, 2**63, 2**58)


def heading(pose: np.ndarray) -> float:
    """Degrees by which the hips are turned to the left."""
    across = pose[1] - pose[2]
    return float(np.degrees(np.arctan2(-across[2], across[0])))


def test_variant_0_is_the_pose_of_the_model() -> None:
    for seed in SEEDS:
        assert varied(POSES, OPEN, seed, 0) is POSES


@pytest.mark.parametrize("variant", [1, 2, 3])
def test_an_open_caption_is_turned_and_sometimes_mirrored(variant: int) -> None:
    turned, flipped = set(), 0
    for seed in SEEDS:
        out = varied(POSES[0], OPEN, seed, variant)
        is_flipped = not np.array_equal(out[:, 1], POSES[0][:, 1])
        flipped += is_flipped
        before = mirrored(POSES[0]) if is_flipped else POSES[0]
        np.testing.assert_array_equal(out[:, 1], before[:, 1])
        turned.add(round((heading(out) - heading(before) + 180) % 360 - 180, 2))
        np.testing.assert_allclose(np.hypot(out[0, 0], out[0, 2]), np.hypot(POSES[0, 0, 0], POSES[0, 0, 2]), atol=1e-6)
    assert all(LEAST_TURN <= angle * (1 if variant % 2 else -1) <= LARGEST_TURN for angle in turned)
    assert len(turned) > len(SEEDS) / 2
    assert 0.2 * len(SEEDS) < flipped < 0.8 * len(SEEDS)


def test_a_caption_that_names_side_and_heading_keeps_its_pose() -> None:
    for seed in SEEDS:
        assert varied(POSES, "A person facing the camera with the left arm up", seed, 1) is POSES
        sided = varied(POSES, "A person raising the left arm", seed, 1)
        np.testing.assert_array_equal(sided[..., 1], POSES[..., 1])
        flat = varied(POSES, "A person facing the camera", seed, 1)
        assert np.array_equal(flat, POSES) or np.array_equal(flat, mirrored(POSES))


def test_a_pose_of_several_is_varied_as_alone() -> None:
    together = varied(POSES, OPEN, 3, 1)
    assert all(np.array_equal(varied(pose, OPEN, 3, 1), other) for pose, other in zip(POSES, together, strict=True))


@pytest.mark.parametrize(
    ("caption", "side", "turned"),
    [
        ("A person turning clockwise", True, True),
        ("A person with the RIGHT hand up", True, False),
        ("A person bent at a right angle, hands on the face", False, False),
        ("A person seen from behind", False, True),
        ("A person leaning against a wall", False, True),
        ("A person with one foot in front of the other, hands behind the back", False, False),
        ("A person looking away", False, True),
    ],
)
def test_words_of_sides_and_headings(caption: str, side: bool, turned: bool) -> None:
    assert (names_side(caption), names_heading(caption)) == (side, turned)


def test_a_nudged_embedding_is_another_one_nearby() -> None:
    embedding = np.random.default_rng(0).standard_normal(256).astype(np.float32)
    embedding = (embedding - embedding.mean()) / embedding.std()
    out = [nudged(embedding, seed) for seed in (1, 2)]
    assert np.array_equal(out[0], nudged(embedding, 1))
    for each in out:
        assert each.dtype == np.float32
        assert each.mean() == pytest.approx(0, abs=1e-6)
        assert each.std() == pytest.approx(1, rel=1e-5)
        assert 0.98 < float(each @ embedding) / 256 < 0.998
    assert not np.array_equal(*out)
