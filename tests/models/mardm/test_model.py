"""Mardm: batches, reproducible bits, precision, lengths, and refused options."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from tiny_mardm import LATENT_WIDTH, HashText, tiny

from posepipe.errors import ConfigError
from posepipe.models.base import BulkModel
from posepipe.models.mardm.features import facing, features_from_joints, joints_from_features
from posepipe.models.mardm.hub_files import Kind
from posepipe.models.mardm.length_estimator import draw_lengths
from posepipe.models.mardm.sampler import draw_noise

CAPTIONS = [f"a person doing thing {i}" for i in range(12)]
SEEDS = [1000 + 17 * i for i in range(12)]
HOW = {"sequence_length": 16, "time_steps": 18, "cfg": 3.0}


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def poses(model, captions=CAPTIONS, seeds=SEEDS, batch_size=12, frame_index=8, **how):
    return model.generate_motions(captions, seeds, batch_size=batch_size, **{**HOW, **how})[:, frame_index]


@pytest.mark.parametrize(
    "options", [{}, {"kind": "ddpm"}, {"precision": "bf16"}, {"solver": "ab2"}, {"solver": "student"}]
)
def test_a_caption_does_not_depend_on_its_company(options: dict[str, str]) -> None:
    model = tiny(**options)
    everything = poses(model)
    assert np.isfinite(everything).all()
    assert np.array_equal(poses(model, CAPTIONS[::-1], SEEDS[::-1])[::-1], everything)
    for i in (0, 7):
        alone = poses(model, CAPTIONS[i : i + 1], SEEDS[i : i + 1])
        assert np.array_equal(alone[0], everything[i])
    for batch_size in (1, 5, 9, 64):
        part = poses(model, CAPTIONS[: min(5, batch_size)], SEEDS[: min(5, batch_size)], batch_size)
        assert np.array_equal(part, everything[: len(part)])
    torch.set_num_threads(2)
    assert np.array_equal(poses(model), everything)


@pytest.mark.parametrize("sequence_length", [4, 16, 40, 196])
def test_a_pose_is_a_frame_of_the_motion(sequence_length: int) -> None:
    model = tiny()
    how = {"sequence_length": sequence_length, "time_steps": 10, "cfg": 2.0}
    motions = model.generate(CAPTIONS, SEEDS, **how)
    assert motions.shape == (12, sequence_length, 22, 3)
    assert motions.dtype == np.float32
    for frame in (0, sequence_length // 2, sequence_length - 1):
        assert np.array_equal(poses(model, frame_index=frame, **how), motions[:, frame])


def test_caption_and_seed_both_count() -> None:
    model = tiny()
    first = poses(model, [CAPTIONS[0]], [1])
    assert not np.array_equal(first, poses(model, [CAPTIONS[0]], [2]))
    assert not np.array_equal(first, poses(model, [CAPTIONS[1]], [1]))
    assert not np.array_equal(first, poses(model, [CAPTIONS[0]], [1], cfg=1.0))


@pytest.mark.parametrize("kind", ["sit", "ddpm"])
def test_temperature_scales_the_noise(kind: Kind) -> None:
    noise = draw_noise(SEEDS, 4, LATENT_WIDTH, kind)
    cooler = noise.scaled(0.5)
    assert torch.equal(cooler.order, noise.order)
    assert torch.equal(cooler.initial, noise.initial * 0.5)
    assert (cooler.steps is None) == (noise.steps is None) == (kind == "sit")
    if cooler.steps is not None and noise.steps is not None:
        assert torch.equal(cooler.steps, noise.steps * 0.5)
    assert np.array_equal(poses(tiny(kind=kind, temperature=1.0)), poses(tiny(kind=kind)))
    assert not np.allclose(poses(tiny(kind=kind, temperature=0.5)), poses(tiny(kind=kind)), atol=1e-3)


def test_embeddings_of_a_partition_are_made_once() -> None:
    text = HashText()
    model = tiny(text)
    model.prepare([*CAPTIONS, CAPTIONS[0]])
    prepared = poses(model)
    assert text.calls == [CAPTIONS]
    model.prepare(CAPTIONS[:1])
    assert np.array_equal(poses(model), prepared)
    assert text.calls[1:] == [CAPTIONS[:1], CAPTIONS[1:]]


def test_it_meets_the_protocol() -> None:
    model = tiny(default_cfg=2.5, fingerprint="abc", bone_lengths=np.ones(22, np.float32))
    assert isinstance(model, BulkModel)
    assert (model.default_cfg, model.fingerprint) == (2.5, "abc")
    assert model.bone_lengths is not None
    assert model.unsure(["?", "a"]).tolist() == [True, False]


def test_nothing_in_nothing_out() -> None:
    model = tiny()
    assert model.generate([], [], **HOW).shape == (0, 16, 22, 3)
    assert poses(model, [], []).shape == (0, 22, 3)
    assert model.estimate_lengths([], []).shape == (0,)
    model.prepare([])


@pytest.mark.parametrize("sequence_length", [0, 2, 15, 200])
def test_lengths_that_cannot_be(sequence_length: int) -> None:
    with pytest.raises(ConfigError, match="4 to 196"):
        poses(tiny(), sequence_length=sequence_length, frame_index=0)


def test_options_that_cannot_be() -> None:
    with pytest.raises(ConfigError, match="precision"):
        tiny(precision="fp4")
    with pytest.raises(ConfigError, match="solver"):
        tiny(solver="magic")
    with pytest.raises(ConfigError, match="this model has no student; use euler, midpoint, rk4, ab2, dopri5"):
        tiny(solver="student", student=None)
    with pytest.raises(ConfigError, match="its guidance scale is 3 and cannot be 4"):
        poses(tiny(solver="student"), cfg=4.0)
    with pytest.raises(ConfigError, match="at least 1 step"):
        tiny(solver_steps=0)
    with pytest.raises(ConfigError, match="batch of 3"):
        poses(tiny(), batch_size=3)
    with pytest.raises(ConfigError, match="seeds"):
        poses(tiny(), CAPTIONS, SEEDS[:2])
    narrow = HashText()
    narrow.dim = 3
    with pytest.raises(ConfigError, match="text encoder gives 3"):
        tiny(narrow)


def test_lengths_are_drawn_by_each_seed() -> None:
    model = tiny()
    together = model.estimate_lengths(CAPTIONS, SEEDS)
    assert together.dtype == np.int64
    assert ((together >= 4) & (together <= 196) & (together % 4 == 0)).all()
    assert np.array_equal(model.estimate_lengths(CAPTIONS[::-1], SEEDS[::-1])[::-1], together)
    assert model.estimate_lengths(CAPTIONS[3:4], SEEDS[3:4])[0] == together[3]
    with pytest.raises(ConfigError, match="no length estimator"):
        tiny(length_estimator=None).estimate_lengths(CAPTIONS, SEEDS)


def test_lengths_follow_their_distribution() -> None:
    logits = torch.full((1, 50), -30.0)
    logits[0, [0, 9, 20]] = torch.tensor([0.0, 1.0, 0.0])
    tokens = draw_lengths(logits.expand(4000, -1), range(4000))
    assert set(tokens.tolist()) == {1, 9, 20}  # 0 tokens are replaced by 1
    assert (tokens == 9).mean() == pytest.approx(np.e / (2 + np.e), abs=0.03)


def test_batches_shrink_with_work_and_stay_multiples_of_eight() -> None:
    sizes = [tiny(solver_steps=steps).automatic_batch_size(length) for steps, length in ((4, 16), (10**6, 196))]
    assert sizes == [64, 8]
    assert tiny(kind="ddpm").automatic_batch_size(16) == 64
    for solver in ("dopri5", "ab2", "student"):
        assert tiny(solver=solver).automatic_batch_size(16) == 64


def test_bfloat16_is_near_but_not_the_same() -> None:
    full, low = poses(tiny()), poses(tiny(precision="bf16"))
    assert not np.array_equal(full, low)
    assert np.abs(full - low).max() < 0.05 * np.abs(full).max()


def test_tf32_leaves_the_switches_as_they_were() -> None:
    before = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    assert np.array_equal(poses(tiny(precision="tf32")), poses(tiny()))  # a CPU has no TF32
    assert (torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32) == before


def walk(frames: int = 12) -> np.ndarray:
    """A synthetic motion: a rigid shape that moves on a circle and turns."""
    rng = np.random.default_rng(0)
    shape = rng.uniform(-0.5, 0.5, (22, 3))
    shape[:, 1] += 1.0
    shape[[1, 2, 16, 17]] = [[0.1, 0.9, 0], [-0.1, 0.9, 0], [0.2, 1.4, 0], [-0.2, 1.4, 0]]
    shape[0] = [0, 0.95, 0]
    angles = 2 * np.pi + np.linspace(0, 5, frames)  # past half a turn
    turned = np.stack(
        [np.stack((np.cos(a) * shape[:, 0] - np.sin(a) * shape[:, 2], shape[:, 1]), axis=-1) for a in angles]
    )
    z = np.stack([np.sin(a) * shape[:, 0] + np.cos(a) * shape[:, 2] for a in angles])
    motion = np.concatenate((turned, z[..., None]), axis=-1)
    motion[..., 0] += np.cos(angles)[:, None]
    motion[..., 2] += np.sin(angles)[:, None]
    return motion


def test_features_and_joints_are_inverse() -> None:
    motion = walk()
    features = features_from_joints(motion)
    assert features.shape == (12, 67)
    back = joints_from_features(features)
    heading = facing(motion)
    cos, sin = np.cos(-heading[0]), np.sin(-heading[0])
    x, z = motion[..., 0] - motion[0, 0, 0], motion[..., 2] - motion[0, 0, 2]
    expected = np.stack((cos * x - sin * z, motion[..., 1], sin * x + cos * z), axis=-1)
    np.testing.assert_allclose(back, expected, atol=2e-6)
    assert facing(back)[0] == pytest.approx(0, abs=1e-6)
    np.testing.assert_allclose(features_from_joints(back)[:-1], features[:-1], atol=2e-6)


def test_facing_is_towards_z_with_the_left_at_x() -> None:
    pose = walk(1)[0:1] * 0
    pose[0, [1, 2, 16, 17], 0] = [0.1, -0.1, 0.2, -0.2]
    assert facing(pose)[0] == 0
    quarter = pose[..., [2, 1, 0]] * (1, 1, 1)  # the left side is at +Z, so the person faces -X
    assert facing(quarter)[0] == pytest.approx(np.pi / 2)
    assert facing(np.zeros((1, 22, 3)))[0] == 0
    assert (features_from_joints(pose)[0, :3] == 0).all()
