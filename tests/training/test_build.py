"""The training package: its parts, and one way through from captions to a model that loads, in seconds."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from posepipe.errors import InputError
from posepipe.models import small
from posepipe.models.mardm.features import facing
from posepipe.models.sides import left_first, swap_sides
from posepipe.models.small_text import SPECIAL, Vocabulary, split_words
from posepipe.skeleton import MIRROR
from training import autoencoder, card, evaluation, familiarity, mardm, motions, text
from training.asked import asked
from training.build import Run
from training.controls import Controls, held
from training.evaluation import confused, satisfied
from training.grammar.base import unfolded
from training.kinematics import solve
from training.questions import Question, composed, phrasings
from training.settings import TINY
from training.split import draw_many, poses
from training.steps import Stage, rate_at
from training.word_vectors import inflected, principal


def standing(frames: int, heading: float = 0.0) -> np.ndarray:
    """A person who stands, turned to the left by so many degrees."""
    return solve(held(Controls(heading=heading), frames, np.random.default_rng(0)), frames)


@pytest.fixture
def mocap(tmp_path: Path) -> Path:
    """A folder of motion capture with two clips of our own."""
    folder = tmp_path / "mocap"
    folder.mkdir()
    np.savez(folder / "clips.npz", one=standing(60), two=standing(30, heading=70.0))
    with (folder / "captions.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["clip_id", "start_frame", "end_frame", "caption", "caption_source", "kind", "weak"])
        rows.writerow(["one", 0, 60, "a person waits with the left arm down", "", "window", 0])
        rows.writerow(["two", 0, 30, "a person dances salsa", "", "whole", 1])
    with (folder / "poses.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["clip_id", "frame", "caption"])
        rows.writerow(["two", 3, "a person stands turned to the left"])
    return folder


def test_windows_face_forward_and_mirror_their_captions(mocap: Path) -> None:
    examples = motions.mocap_examples(mocap, 40, 0, 16)
    assert examples.motions.shape[1:] == (16, 22, 3)
    assert len(examples) == len(examples.captions) == len(examples.origins) > 40
    assert np.abs(facing(examples.motions)[:, 8]).max() < 0.02
    assert np.abs(examples.motions[:, 0, 0, [0, 2]]).max() < 1e-6
    assert any("right arm" in caption for caption in examples.captions)
    assert sum("salsa" in caption for caption in examples.captions) < 16


def drawn_examples(count: int, seed: int, frames: int) -> motions.Examples:
    return motions.grammar_examples(count, seed, frames, 1)


def test_a_turned_motion_is_the_mirror_image_with_its_words_exchanged() -> None:
    examples = drawn_examples(6, 5, 4)
    which = [True, False, True, True, False, True]
    once = motions.turned(examples, which)
    twice = motions.turned(once, which)
    assert twice.captions == examples.captions
    assert twice.said == examples.said
    np.testing.assert_array_equal(twice.motions, examples.motions)
    np.testing.assert_array_equal(once.motions[1], examples.motions[1])
    np.testing.assert_allclose(once.motions[0, :, 20, 0], -examples.motions[0, :, 21, 0])
    for number, is_turned in enumerate(which):
        expected = swap_sides(examples.captions[number]) if is_turned else examples.captions[number]
        assert once.captions[number] == expected


def test_examples_are_learned_as_the_model_reads_them() -> None:
    drawn = drawn_examples(60, 6, 4)
    read = motions.as_read(drawn)
    assert all(left_first(caption) == (caption, False) for caption in read.captions)
    changed = [a != b for a, b in zip(drawn.captions, read.captions, strict=True)]
    assert 5 < sum(changed) < 40
    np.testing.assert_array_equal(np.any(read.motions != drawn.motions, axis=(1, 2, 3)), changed)


def test_names_of_poses_and_modifiers_are_numbered() -> None:
    names = text.Names([["kick", "arm_up:left"], [], ["squat", "arm_up:right", "tiptoe:left"]])
    assert names.bases == 2
    assert names.base.tolist() == [0, -1, 1]
    assert names.modifiers.tolist() == [[True, False, False], [False] * 3, [False, True, True]]


def test_captions_without_names_are_left_out_of_the_naming() -> None:
    names = text.Names([["kick", "arm_up:left"], [], ["squat"]])
    table = np.zeros((5, TINY.word_width), dtype=np.float32)
    network = text.TrainedText(TINY.sizes(5).text, table, np.array([3]))
    foresight = text.Foresight(network, 0.1, names.bases, names.modifiers.shape[1])
    embedding = torch.randn(3, TINY.text_width)
    loss = foresight.name_loss(embedding, names.base, names.modifiers)
    embedding[1] = 9.0
    assert loss > 0
    assert foresight.name_loss(embedding, names.base, names.modifiers) == loss
    assert foresight.name_loss(embedding[1:2], names.base[1:2], names.modifiers[1:2]) == 0


def test_a_mocap_folder_that_lacks_a_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"captions\.csv"):
        motions.mocap_examples(tmp_path, 4, 0, 16)


def test_headings_survive_in_the_features() -> None:
    backward = motions.Examples(["x"], standing(4, heading=180.0)[None], ["grammar"])
    features = backward.features()[0, 0, 4:].reshape(21, 3)
    left_hip, right_hip = features[0], features[1]
    assert left_hip[0] < right_hip[0]


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


def test_latents_are_scaled_without_changing_what_is_decoded() -> None:
    torch.manual_seed(0)
    network = autoencoder.Autoencoder(TINY.sizes(0).autoencoder).eval()
    features = motions.Examples(["x"], standing(16)[None], ["grammar"]).features().repeat(4, 0)
    features += np.random.default_rng(0).normal(size=features.shape).astype(np.float32) * 0.1
    mean, std = autoencoder.normalisation(features)
    wanted = torch.from_numpy((features - mean) / std)
    with torch.no_grad():
        before = network(wanted)
        autoencoder.normalise_latents(network, features, mean, std)
        after = network(wanted)
    torch.testing.assert_close(after, before, rtol=1e-4, atol=1e-5)
    latents = autoencoder.encoded(network, features, mean, std)
    assert latents.shape == (4, 4, TINY.latent_width)
    assert latents.square().mean().item() == pytest.approx(1, rel=1e-3)


def test_the_autoencoder_starts_as_a_linear_code() -> None:
    drawn = draw_many(300, 9, 1, 16)
    features = motions.Examples([e.caption for e in drawn], np.stack([e.motion for e in drawn]), []).features()
    mean, std = autoencoder.normalisation(features)
    torch.manual_seed(0)
    network = autoencoder.Autoencoder(replace(TINY.sizes(0).autoencoder, latent_width=40, width=96)).eval()
    before = autoencoder.reconstruction_error(network, features, mean, std)
    autoencoder.start_linear(network, features, mean, std)
    after = autoencoder.reconstruction_error(network, features, mean, std)
    assert after < 0.03 < 0.2 < before


def test_masks_follow_the_cosine() -> None:
    torch.manual_seed(0)
    masked = mardm.drawn_mask(20_000, 8)
    counts = masked.sum(1)
    assert counts.min() == 1
    assert counts.max() == 8
    assert counts.float().mean().item() / 8 == pytest.approx(2 / np.pi, abs=0.02)
    assert masked.float().mean(0).std().item() < 0.01


def test_lengths_share_the_batches() -> None:
    shares = mardm.length_shares([4, 8, 16, 32, 196])
    assert sum(shares.values()) == pytest.approx(1)
    assert shares[16] > 0.6
    assert shares[32] > shares[196] > 0


def test_rates_rise_and_fall() -> None:
    rates = [rate_at(step, 100) for step in range(100)]
    assert rates[0] < rates[2] <= 1
    assert rates[2:] == sorted(rates[2:], reverse=True)
    assert rates[-1] < 0.01


def test_a_stage_cut_short_goes_on_to_the_same_end(tmp_path: Path) -> None:
    def trained(out: Path, stop: int | None) -> torch.Tensor:
        out.mkdir(exist_ok=True)
        torch.manual_seed(0)
        module = nn.Linear(3, 1)
        stage = Stage(
            "line",
            module,
            [(list(module.parameters()), 0.1)],
            steps=30,
            decay=0.9,
            out=out,
            seed=1,
            log=lambda line: None,
        )

        def loss_of(step: int) -> tuple[torch.Tensor, dict[str, float]]:
            if step == stop:
                stage._save()
                raise KeyboardInterrupt
            x = torch.randn(8, 3)
            return (module(x) - x.sum(1, keepdim=True)).square().mean(), {}

        stage.run(loss_of)
        return module.weight.detach().clone()

    whole = trained(tmp_path / "whole", None)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path / "cut", 17)
    torch.testing.assert_close(trained(tmp_path / "cut", None), whole, rtol=0, atol=0)
    assert (whole - 1).abs().max() < 0.5


def test_strange_captions_are_told_from_sensible_ones() -> None:
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


@pytest.mark.parametrize("far", [False, True])
def test_held_out_phrasings_are_asked_for_both_sides(far: bool) -> None:
    questions = phrasings(0, far=far)
    assert len({question.caption for question in questions}) == len(questions) > 150
    named = [q.caption for q in questions]
    assert any("left" in caption for caption in named)
    assert any("right" in caption for caption in named)
    assert satisfied(questions, np.stack([question.pose for question in questions])).all()


def test_no_wording_of_a_test_is_learned() -> None:
    learned = {words for each in poses() for t in each.base.phrasings for words in unfolded(t)}
    tested = {words for each in poses() for t in (*each.near, *each.far) for words in unfolded(t)}
    assert len(tested) > 200
    assert not learned & tested


def test_composed_captions_have_modifiers_and_hold() -> None:
    questions = composed(40, 3)
    assert len(questions) == 40
    assert satisfied(questions, np.stack([question.pose for question in questions])).all()


def test_a_caption_that_leaves_the_side_open_takes_either() -> None:
    turned = np.array((-1, 1, 1), dtype=np.float32)
    questions = [q for q in phrasings(0) if len(q.accepted) == 2]
    assert len(questions) > 20
    mirrors = np.stack([question.pose[list(MIRROR)] * turned for question in questions])
    assert satisfied(questions, mirrors).mean() > 0.95
    assert confused(questions, mirrors) == (0, 0)


def test_of_guidance_scales_that_cannot_be_told_apart_the_largest_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    done = {2.0: 0.600, 3.0: 0.590, 4.0: 0.570}
    monkeypatch.setattr(evaluation, "poses_of", lambda model, captions, seeds, cfg: cfg)
    monkeypatch.setattr(evaluation, "satisfied", lambda questions, cfg: np.array([done[cfg]]))
    settings = replace(TINY, guidance=tuple(done))
    assert evaluation.best_guidance(small.SMALL_WEIGHTS, settings, lambda line: None) == 3.0


def test_a_mirror_image_counts_as_confused() -> None:
    drawn = [e for e in draw_many(200, 3, 1, 4) if any(":left" in name for name in e.predicates)]
    example = next(e for e in drawn if "left" in e.caption and "right" not in e.caption)
    pose = example.motion[2]
    question = Question(example.caption, (example.predicates,), example.group, pose, example.base, airborne=False)
    mirror = pose[list(MIRROR)] * np.array((-1, 1, 1), dtype=np.float32)
    assert satisfied([question], pose[None]).all()
    assert confused([question], pose[None]) == (0, 1)
    assert confused([question], mirror[None])[1] == 1
    assert not satisfied([question], mirror[None]).any()


@pytest.fixture
def words(tmp_path: Path) -> Callable[[Path], None]:
    """Puts a word table of random vectors where a run looks for it, in place of the sentence model's."""

    def put(out: Path) -> None:
        out.mkdir(parents=True)
        seen = sorted({word for e in draw_many(300, 0, 1, 4) for word in split_words(e.caption)})
        vocabulary = Vocabulary((*SPECIAL, *seen, *(f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")))
        vocabulary.save(out / small.VOCABULARY)
        table = np.random.default_rng(0).normal(size=(len(vocabulary), TINY.word_width)).astype(np.float32)
        np.save(out / "words.npy", table)

    return put


def test_from_nothing_to_a_model_that_loads_and_is_judged(
    mocap: Path, tmp_path: Path, words: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(TINY, motions=((16, 64), (32, 8)), autoencoder_steps=6, text_steps=6, mardm_steps=8)
    lines: list[str] = []
    words(tmp_path / "out")
    run = Run(mocap, tmp_path / "out", settings, 1, lines.append)
    run.export(tmp_path / "weights", 2.0)
    record = json.loads((tmp_path / "weights" / small.CONFIG).read_text())
    assert (record["default_cfg"], record["temperature"]) == (2.0, settings.temperature)
    assert set(record["training"]["mocap_sha256"]) == set(motions.MOCAP_FILES)
    assert record["training"]["settings"]["seed"] == 0
    assert any(line.startswith("mardm 8/8") for line in lines)

    model = small.load(folder=tmp_path / "weights")
    how = {"sequence_length": 8, "time_steps": 18, "cfg": 2.0}
    made = model.generate(["A person standing", "A person sitting"], [1, 2], **how)
    assert made.shape == (2, 8, 22, 3)
    assert np.isfinite(made).all()

    again = Run(mocap, tmp_path / "out", settings, 1, lines.append)
    again.export(tmp_path / "again", 2.0)
    twin = small.load(folder=tmp_path / "again")
    np.testing.assert_array_equal(twin.generate(["A person standing", "A person sitting"], [1, 2], **how), made)

    monkeypatch.setattr(evaluation, "_SEEDS", 2)
    monkeypatch.setattr(evaluation, "_COMPOSED", 32)
    everything = {name: getattr(evaluation, name) for name in ("asked", "phrasings", "taught")}
    for name, whole in everything.items():
        monkeypatch.setattr(evaluation, name, lambda *seed, whole=whole, **far: whole(*seed, **far)[::40])
    figures = evaluation.evaluate(tmp_path / "weights", run, lines.append)
    assert figures["asked"]["count"] + figures["asked_learned"]["count"] == len(asked()[::40])
    assert figures["asked"]["count"] == sum(count for _, count in figures["asked"]["by_group"].values())
    assert len(figures["near"]["by_seed"]) == 2
    card.write(tmp_path / "weights", figures)
    told = (tmp_path / "weights" / small.CARD).read_text()
    assert f"{figures['near']['count']} held-out phrasings of the grammar" in told
    assert "**Short of the aim**" in told
