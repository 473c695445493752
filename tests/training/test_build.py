"""A training run from captions to a model that loads."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from posepipe.models import small
from posepipe.models.small_text import SPECIAL, Vocabulary, split_words
from training import build, card, evaluation, motions
from training.build import TrainingRun
from training.settings import TINY
from training.split import draw_many
from training.start import Start
from training.user_captions import user_captions


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


def test_a_run_gives_a_model_that_loads_and_can_be_evaluated(
    mocap: Path, tmp_path: Path, words: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(TINY, motions=((16, 64), (32, 8)), autoencoder_steps=6, text_steps=6, mardm_steps=8)
    lines: list[str] = []
    monkeypatch.setattr(build, "_CHECKED", 100)
    words(tmp_path / "out")
    run = TrainingRun(mocap, tmp_path / "out", settings, 1, lines.append)
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

    again = TrainingRun(mocap, tmp_path / "out", settings, 1, lines.append)
    again.export(tmp_path / "again", 2.0)
    twin = small.load(folder=tmp_path / "again")
    np.testing.assert_array_equal(twin.generate(["A person standing", "A person sitting"], [1, 2], **how), made)

    words(tmp_path / "warm")
    start = Start(tmp_path / "weights")
    warm = TrainingRun(mocap, tmp_path / "warm", settings.shortened(0.3), 1, lines.append, start)
    warm.export(tmp_path / "warm" / "weights", 2.0)
    assert any(line.startswith("mardm 2/2") for line in lines)
    continued = Start(tmp_path / "warm" / "weights")
    for name in ("networks.autoencoder.decoder.last.weight", "mean", "std", "words"):
        torch.testing.assert_close(continued.tensor(name), start.tensor(name), rtol=0, atol=0)
    name = "networks.transformer.embed.weight"
    moved = (continued.tensor(name) - start.tensor(name)).norm() / start.tensor(name).norm()
    assert 0 < moved < 0.1

    monkeypatch.setattr(evaluation, "_SEEDS", 2)
    monkeypatch.setattr(evaluation, "_MODIFIED", 32)
    monkeypatch.setattr(evaluation, "_DERIVED", 24)
    everything = {
        name: getattr(evaluation, name) for name in ("user_captions", "held_out_questions", "trained_questions")
    }
    for name, whole in everything.items():
        monkeypatch.setattr(evaluation, name, lambda *seed, whole=whole, **far: whole(*seed, **far)[::40])
    figures = evaluation.evaluate(tmp_path / "weights", run, lines.append)
    assert figures["asked"]["count"] + figures["asked_learned"]["count"] == len(user_captions()[::40])
    assert figures["asked"]["count"] == sum(count for _, count in figures["asked"]["by_group"].values())
    assert len(figures["near"]["by_seed"]) == 2
    assert figures["derived"]["count"] == 24
    assert sum(count for _, count in figures["derived"]["by_kind"].values()) >= 48
    card.write(tmp_path / "weights", figures)
    told = (tmp_path / "weights" / small.CARD).read_text()
    assert f"{figures['near']['count']} held-out phrasings of the grammar" in told
    assert "**Short of the aim**" in told
