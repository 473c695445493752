"""Training data: grammar examples and motion capture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from posepipe.errors import InputError
from posepipe.models.mardm.features import facing
from posepipe.models.sides import left_first, swap_sides
from training import motions


def test_windows_face_forward_and_half_are_mirrored(mocap: Path) -> None:
    examples = motions.mocap_examples(mocap, 40, 0, 16)
    assert examples.motions.shape[1:] == (16, 22, 3)
    assert len(examples) == len(examples.captions) == len(examples.origins) > 40
    assert np.abs(facing(examples.motions)[:, 8]).max() < 0.02
    assert np.abs(examples.motions[:, 0, 0, [0, 2]]).max() < 1e-6
    assert any("right arm" in caption for caption in examples.captions)
    assert sum("salsa" in caption for caption in examples.captions) < 16


def drawn_examples(count: int, seed: int, frames: int) -> motions.TrainingSet:
    return motions.grammar_examples(count, seed, frames, 1)


def test_mirroring_exchanges_left_and_right_in_motion_caption_and_labels() -> None:
    examples = drawn_examples(6, 5, 4)
    which = [True, False, True, True, False, True]
    once = motions.some_mirrored(examples, which)
    twice = motions.some_mirrored(once, which)
    assert twice.captions == examples.captions
    assert twice.labels == examples.labels
    np.testing.assert_array_equal(twice.motions, examples.motions)
    np.testing.assert_array_equal(once.motions[1], examples.motions[1])
    np.testing.assert_allclose(once.motions[0, :, 20, 0], -examples.motions[0, :, 21, 0])
    for number, is_turned in enumerate(which):
        expected = swap_sides(examples.captions[number]) if is_turned else examples.captions[number]
        assert once.captions[number] == expected


def test_examples_that_name_the_right_side_first_are_mirrored() -> None:
    drawn = drawn_examples(60, 6, 4)
    read = motions.as_read(drawn)
    assert all(left_first(caption) == (caption, False) for caption in read.captions)
    changed = [a != b for a, b in zip(drawn.captions, read.captions, strict=True)]
    assert 5 < sum(changed) < 40
    np.testing.assert_array_equal(np.any(read.motions != drawn.motions, axis=(1, 2, 3)), changed)


def test_a_share_of_the_captions_is_derived_from_the_poses() -> None:
    drawn = drawn_examples(80, 7, 4)
    derived = motions.some_derived(drawn, 0.5, 3)
    again = motions.some_derived(drawn, 0.5, 3)
    assert (derived.captions, derived.labels) == (again.captions, again.labels)
    np.testing.assert_array_equal(derived.motions, drawn.motions)
    changed = [(a, b, c) for a, b, c in zip(drawn.captions, derived.captions, derived.labels, strict=True) if a != b]
    appended = [labels for before, after, labels in changed if after.startswith(before.rstrip(". "))]
    assert 25 < len(changed) < 55
    assert 8 < len(appended) < len(changed) - 8
    assert all(appended)
    assert sum(not labels for labels in derived.labels) == len(changed) - len(appended)
    assert motions.some_derived(drawn, 0.0, 3).captions == drawn.captions
    assert motions.some_derived(drawn, 0.5, 4).captions != derived.captions


def test_a_missing_motion_capture_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*captions\.csv"):
        motions.mocap_examples(tmp_path, 4, 0, 16)


def test_headings_survive_in_the_features(standing: Callable[..., np.ndarray]) -> None:
    backward = motions.TrainingSet(["x"], standing(4, heading=180.0)[None], ["grammar"])
    features = backward.features()[0, 0, 4:].reshape(21, 3)
    left_hip, right_hip = features[0], features[1]
    assert left_hip[0] < right_hip[0]
