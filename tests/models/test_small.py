"""The bundled model: size, reproducibility, bone lengths, sides, and the flag for unknown captions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from posepipe.errors import CheckpointError, CheckpointNotFound
from posepipe.models import SMALL_WEIGHTS, small
from posepipe.models.base import BulkModel, Model
from posepipe.models.sides import left_first, mirrored, swap_sides
from posepipe.models.small import Small, grounded, on_skeleton
from posepipe.models.small_text import UNKNOWN, split_words
from posepipe.skeleton import BONE_LENGTHS, bone_lengths
from posepipe.skeleton.bodies import VISIBLE, deepest
from training.evaluation import operations

CAPTIONS = [
    "A person standing still",
    "A person kneeling on the left knee",
    "A person raising the right arm",
    "A person sitting on a chair with the left arm raised",
    "A person lying on the back",
    "A person doing a handstand",
    "A person touching the toes",
    "A person crouching",
    "a person bows deeply, the arms at the sides, and looks down while the left foot is behind the right one",
]
STRANGE = [
    "The stock market closed higher after a strong report",
    "qwrtz plmk vbnxs",
    "站立的人",
    "",
    "Photosynthesis converts sunlight into chemical energy",
    "lemon treaty encyclopedia sodium",
]


@pytest.fixture(scope="module")
def model() -> Small:
    return small.load()


def test_it_meets_the_protocols(model: Small) -> None:
    assert isinstance(model, BulkModel)
    as_model: Model = model
    assert len(as_model.fingerprint) == 16
    assert model.default_cfg == json.loads((SMALL_WEIGHTS / small.CONFIG).read_text())["default_cfg"]


def test_it_is_small_enough_for_the_package(model: Small) -> None:
    assert sum(path.stat().st_size for path in SMALL_WEIGHTS.iterdir()) < 25e6
    assert operations(model) < 1.5e9


@pytest.mark.parametrize("frames", [4, 8, 16, 32, 196])
def test_every_length_gives_bodies_on_the_ground(model: Small, frames: int) -> None:
    motions = model.generate(CAPTIONS[:5], range(5), sequence_length=frames, time_steps=18, cfg=model.default_cfg)
    assert motions.shape == (5, frames, 22, 3)
    assert motions.dtype == np.float32
    lengths = bone_lengths(motions)
    np.testing.assert_allclose(lengths, np.broadcast_to(BONE_LENGTHS, lengths.shape), atol=1e-5)
    lowest = motions[..., 1].min(-1)
    assert lowest.min() > -1e-5
    assert lowest.max() < 0.005  # a frame of a long motion may begin to leave the ground
    middle = motions[:, frames // 2]
    assert middle[0, 15, 1] > 1.3
    assert middle[4, :, 1].max() < 0.7
    assert np.abs(middle[:, 0, [0, 2]]).max() < 0.5


def test_a_pose_depends_on_caption_and_seed_alone(model: Small) -> None:
    def poses(captions: list[str], seeds: list[int]) -> np.ndarray:
        return model.generate_motions(
            captions,
            seeds,
            sequence_length=16,
            time_steps=18,
            cfg=model.default_cfg,
            batch_size=16,
        )[:, 8]

    seeds = [10 + i for i in range(len(CAPTIONS))]
    together = poses(CAPTIONS, seeds)
    np.testing.assert_array_equal(poses(CAPTIONS[::-1], seeds[::-1])[::-1], together)
    np.testing.assert_array_equal(poses(CAPTIONS[3:4], seeds[3:4])[0], together[3])
    np.testing.assert_array_equal(poses(CAPTIONS[-1:], seeds[-1:])[0], together[-1])
    other = poses(CAPTIONS, [seed + 1 for seed in seeds])
    assert (np.abs(other - together).max((1, 2)) > 0.005).all()


def test_an_embedding_depends_on_its_caption_alone(model: Small) -> None:
    many = model.text_encoder.encode([*CAPTIONS, *STRANGE] * 2)
    for index, caption in enumerate([*CAPTIONS, *STRANGE]):
        assert torch.equal(model.text_encoder.encode([caption])[0], many[index])


def test_it_is_unsure_of_what_it_never_learned(model: Small) -> None:
    assert not model.unsure(CAPTIONS).any()
    assert model.unsure(STRANGE).mean() >= 0.8
    assert model.unsure([]).shape == (0,)


def test_a_strange_caption_gives_a_person_who_stands(model: Small) -> None:
    motions = model.generate(STRANGE, range(len(STRANGE)), sequence_length=16, time_steps=18, cfg=model.default_cfg)
    assert (motions[:, 8, 15, 1] > 1.2).mean() >= 0.8


def test_left_and_right_are_not_the_same(model: Small) -> None:
    captions = ["A person raising the left arm", "A person raising the right arm"]
    poses = model.generate(captions, [4, 4], sequence_length=16, time_steps=18, cfg=model.default_cfg)[:, 8]
    left, right = poses[:, 20, 1], poses[:, 21, 1]
    assert left[0] > right[0] + 0.3
    assert right[1] > left[1] + 0.3


def test_right_is_the_mirror_image_of_left(model: Small) -> None:
    said = ["Left hand up", "A person raising the left arm and the right leg", "A person kneeling on the left knee"]
    captions = [*said, *map(swap_sides, said)]
    model.prepare(captions)
    motions = model.generate(captions, [1, 2, 3, 1, 2, 3], sequence_length=16, time_steps=18, cfg=model.default_cfg)
    np.testing.assert_array_equal(motions[3:], mirrored(motions[:3]))
    assert np.abs(motions[3:] - motions[:3]).max() > 0.2
    assert model.unsure(captions).tolist() == [False] * 6


def test_variants_differ_where_the_caption_leaves_room(model: Small) -> None:
    captions, seeds = [*CAPTIONS[:2], *STRANGE[:1]] * 3, list(range(9))
    variants = [0] * 3 + [1] * 3 + [2] * 3
    how: dict[str, Any] = {"sequence_length": 16, "time_steps": 18, "cfg": model.default_cfg, "batch_size": 16}
    model.prepare(captions)
    plain = model.generate_motions(captions, seeds, **how)
    made = model.generate_variants(captions, seeds, variants, **how)
    np.testing.assert_array_equal(made[:3], plain[:3])
    assert (np.abs(made[3:] - plain[3:]).max((1, 2, 3)) > 0.005).all()
    np.testing.assert_array_equal(model.generate_variants(captions[4:6], seeds[4:6], [1, 1], **how), made[4:6])
    np.testing.assert_array_equal(model.generate_motions(captions, seeds, **how), plain)
    poses = model.finish(made[:, 8:9], captions, seeds, variants)[:, 0].reshape(3, 3, 22, 3)
    apart = [np.linalg.norm(poses[i] - poses[j], axis=-1).mean(-1) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert np.mean(apart, axis=0)[0] > 0.08


def test_finished_bodies_are_sound_and_depend_on_nothing_else(model: Small) -> None:
    said = [
        "A person standing with the left arm crossed over the right one",
        "A person crossing the left leg over the right one",
    ]
    captions = [*said, *map(swap_sides, said), *CAPTIONS]
    seeds = [*range(2), *range(2), *range(len(CAPTIONS))]
    motions = model.generate(captions, seeds, sequence_length=16, time_steps=18, cfg=model.default_cfg)
    finished = model.finish(motions, captions, seeds, [0] * len(captions))
    flawed = deepest(motions.reshape(-1, 22, 3)) > VISIBLE
    assert flawed.any()
    assert (deepest(finished.reshape(-1, 22, 3)) <= VISIBLE).all()
    assert np.array_equal(finished.reshape(-1, 22, 3)[~flawed], motions.reshape(-1, 22, 3)[~flawed])
    np.testing.assert_array_equal(finished[2:4], mirrored(finished[:2]))
    middle = model.finish(motions[:, 8:9], captions, seeds, [0] * len(captions))
    np.testing.assert_array_equal(middle, finished[:, 8:9])


@pytest.mark.parametrize(
    ("caption", "read", "is_turned"),
    [
        ("A person standing", "A person standing", False),
        ("A person bowing to the left, right arm out", "A person bowing to the left, right arm out", False),
        ("RIGHT arm out, bowing to the left.", "left arm out, bowing to the right.", True),
        ("arms bent at right angles, the right-handed one", "arms bent at right angles, the left-handed one", True),
        ("elbows at a right angle", "elbows at a right angle", False),
        ("a bright, upright, leftover person", "a bright, upright, leftover person", False),
    ],
)
def test_captions_are_read_left_first(caption: str, read: str, is_turned: bool) -> None:
    assert left_first(caption) == (read, is_turned)


def test_bones_are_laid_anew_along_their_directions() -> None:
    rng = np.random.default_rng(0)
    joints = rng.normal(size=(5, 3, 22, 3))
    out = on_skeleton(joints)
    lengths = bone_lengths(out)
    np.testing.assert_allclose(lengths, np.broadcast_to(BONE_LENGTHS, lengths.shape), atol=1e-6)
    before, after = joints[..., 18, :] - joints[..., 16, :], out[..., 18, :] - out[..., 16, :]
    cosine = (before * after).sum(-1) / np.linalg.norm(before, axis=-1) / np.linalg.norm(after, axis=-1)
    np.testing.assert_allclose(cosine, 1, atol=1e-6)
    np.testing.assert_array_equal(on_skeleton(joints[2:3, 1:2])[0, 0], out[2, 1])
    np.testing.assert_allclose(on_skeleton(out), on_skeleton(on_skeleton(out)), atol=1e-6)


def test_the_ground_is_kept_or_left() -> None:
    lowest = np.array([-0.2, 0.0, 0.03, 0.05, 0.08, 0.5])
    out = grounded(lowest)
    np.testing.assert_allclose(out[[0, 1, 2]], 0)
    np.testing.assert_allclose(out[[4, 5]], lowest[[4, 5]])
    assert 0 < out[3] < 0.05
    fine = grounded(np.linspace(-0.1, 0.2, 3001))
    assert np.abs(np.diff(fine)).max() < 3e-4


def test_words_and_pieces(model: Small) -> None:
    vocabulary = model.text_encoder.vocabulary
    assert split_words("Child's pose, LEFT-hand: 3!") == ["child", "s", "pose", ",", "left", "hand", "3"]
    assert len(vocabulary.pieces("kneeling")) == 1
    assert len(vocabulary.pieces("unkneelable")) > 1
    assert vocabulary.pieces("站") == [UNKNOWN]
    assert len(vocabulary.tokens("word " * 500, 64)) == 64


def test_missing_and_broken_files_are_said(tmp_path: Path) -> None:
    with pytest.raises(CheckpointNotFound, match=r"config\.json"):
        small.load(folder=tmp_path)
    for name in (small.CONFIG, small.VOCABULARY, small.TRAINED_WORDS):
        (tmp_path / name).write_bytes((SMALL_WEIGHTS / name).read_bytes())
    whole = (SMALL_WEIGHTS / small.WEIGHTS).read_bytes()
    (tmp_path / small.WEIGHTS).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        small.load(folder=tmp_path)
    (tmp_path / small.WEIGHTS).write_bytes(whole)
    (tmp_path / small.CONFIG).write_text("{}")
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        small.load(folder=tmp_path)
