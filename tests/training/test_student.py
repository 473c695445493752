"""The student: what it learns from, and that it learns."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from posepipe.errors import ConfigError
from posepipe.models import SMALL_WEIGHTS, small
from posepipe.models.mardm.sampler import Sampler, draw_noise
from training import student
from training.__main__ import main
from training.settings import BUNDLED, TINY

SETTINGS = replace(TINY, student_records=600, student_steps=10, student_batch=64, student_rate=1e-3)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(student, "_CAPTIONS", 8)
    monkeypatch.setattr(student, "_CALLS", 4)
    monkeypatch.setattr(student, "_LENGTHS", {2: 0.5, 4: 0.5})
    monkeypatch.setattr(student, "_STILL", 8)
    monkeypatch.setattr(student, "_BLOCK", 16)


def test_records_are_what_the_teacher_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(student, "_CALLS", 4)
    monkeypatch.setattr(student, "_SHOWN_NOISE", 0.0)
    teacher = student.teacher_in(SMALL_WEIGHTS)
    text = teacher.encode(["A person sitting", "A person standing", "A person kneeling", "A person squatting"] * 2)
    noise, lengths = draw_noise(range(8), 4, 48, "sit").scaled(0.5), torch.full((8,), 4)
    recorder = student.Recorder(teacher.sampler, teacher.temperature)
    made = recorder(text, noise, lengths, time_steps=18, cfg=3.0)
    other = Sampler(teacher.sampler.transformer, teacher.sampler.diffusion, "sit", "ab2", 4)
    torch.testing.assert_close(made, other(text, noise, lengths, time_steps=18, cfg=3.0), atol=1e-4, rtol=0)
    records = student.concatenated(recorder.records)
    assert len(records) == 8 * 4 * student._NOISES
    assert records.conditions.shape[1] == teacher.sampler.transformer.config.width
    sampled = made.transpose(1, 2).reshape(-1, 48)
    own = torch.cat([part.latents[: len(part) // student._NOISES] for part in recorder.records]).float()
    assert torch.cdist(sampled, own).min(1).values.max() < 0.05  # every token was recorded


def test_a_student_learns_and_becomes_part_of_the_weights(few: None, tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    shutil.copytree(SMALL_WEIGHTS, weights)
    lines: list[str] = []
    student.add_student(weights, SETTINGS, tmp_path / "out", lines.append)
    config = json.loads((weights / small.CONFIG).read_text())
    assert config["student"] is True
    assert config["training"]["student"]["steps"] == 10
    model, before = (
        small.load(folder=weights, solver="student"),
        small.load(folder=weights, solver="rk4", solver_steps=4),
    )
    how = {"sequence_length": 8, "time_steps": 18}
    made = model.generate(["A person sitting"], [1], cfg=model.default_cfg, **how)
    wanted = before.generate(["A person sitting"], [1], cfg=model.default_cfg, **how)
    assert np.linalg.norm(made - wanted, axis=-1).mean() < 0.15
    with pytest.raises(ConfigError, match="--solver student: its guidance scale"):
        model.generate(["A person sitting"], [1], cfg=1.0, **how)

    teacher = student.teacher_in(weights)
    folder = next((tmp_path / "out").glob("student-*"))
    records = student.record(teacher, SETTINGS.student_records, 0, folder, lines.append)
    learned, unlearned = model.sampler.student, student.first_student(teacher.sampler.diffusion)

    def error(network: torch.nn.Module) -> Tensor:
        with torch.inference_mode():
            made = student.one_call(network, records.noise.float(), records.conditions.float())
        return (made - records.latents).square().mean()

    assert learned is not None
    assert error(learned) < 0.8 * error(unlearned)

    weights_before = (weights / small.WEIGHTS).read_bytes()
    student.add_student(weights, SETTINGS, tmp_path / "out", lines.append)  # continues from the finished checkpoint
    assert (weights / small.WEIGHTS).read_bytes() == weights_before
    assert len(list((tmp_path / "out").glob("student-*"))) == 1


def test_the_sensitivity_is_that_of_the_decoder() -> None:
    teacher = student.teacher_in(SMALL_WEIGHTS)
    torch.manual_seed(0)
    latents = torch.randn(6, 48)
    matrix = student.sensitivity(teacher.decoder, latents, teacher.std)
    assert matrix.trace() == pytest.approx(48, rel=1e-4)
    values, axes = torch.linalg.eigh(matrix)
    still = latents[..., None].expand(-1, -1, 5)

    def moved(direction: Tensor) -> float:
        other = still.clone()
        other[:, :, 2] += 0.05 * direction
        with torch.inference_mode():
            return float((teacher.decoder(other) - teacher.decoder(still))[..., 4:].square().sum())

    assert values.min() > 0
    assert moved(axes[:, -1]) > 20 * moved(axes[:, 0])


def test_captions_are_those_of_the_grammar_and_some_others() -> None:
    drawn = student.drawn_captions(200, ["apple", "river"], np.random.default_rng(0))
    assert drawn == student.drawn_captions(200, ["apple", "river"], np.random.default_rng(0))
    assert len(set(drawn)) > 150
    assert sum("person" in caption.lower() for caption in drawn) > 100


def test_the_command_needs_a_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["student", "--out", str(tmp_path)]) == 2
    assert f"no model in {tmp_path / 'weights'}" in capsys.readouterr().err
    assert BUNDLED.student_records > 100_000
