"""The student: a network that guesses in one call what the solver and the guided diffusion network give in many.

It has the sizes of the diffusion network and starts from its weights, so that its first guess is one step of Euler
without guidance. It learns from results of the teacher: for conditions z and scaled noise x0 met while the teacher
samples motions, the teacher's guided latents x1. Guidance is thereby part of the student's weights, for one scale.

A guess alone is too far off where a small change of the condition leads to another pose. The sampler therefore goes on
from a point between noise and guess with a few steps of the solver, see :class:`posepipe.models.mardm.sampler.Sampler`.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from posepipe.commandline.values import TEACHER
from posepipe.models import small
from posepipe.models.bundled import CONFIG, VOCABULARY, WEIGHTS
from posepipe.models.mardm.autoencoder import Decoder
from posepipe.models.mardm.diffusion import DiffusionMLP
from posepipe.models.mardm.sampler import GuidedField, Noise, Sampler, draw_noise
from posepipe.models.mardm.solvers import ab2, ab2_moments
from posepipe.models.small_text import Vocabulary
from training import split
from training.autoencoder import joints_and_bones
from training.familiarity import gibberish, unrelated_sentences
from training.loop import Log, Stage
from training.settings import Settings

_CALLS: Final = 12
"""Calls of the teacher for one result."""

_NOISES: Final = 2
"""Results for each condition: that of the token that is sampled, and others from other noise."""

_CAPTIONS: Final = 128
"""Captions sampled together."""

_TIME_STEPS: Final = 18

_LENGTHS: Final = {1: 0.05, 2: 0.07, 4: 0.66, 8: 0.1, 16: 0.08, 49: 0.04}
"""Shares of the records by number of tokens."""

_FREE_TEMPERATURE: Final = 0.3
"""Share of the noise whose standard deviation is uniform between 0 and 1; the rest has the model's temperature."""

_UNRELATED: Final = 0.03
"""Share of captions that do not describe a pose."""

_TEXT_NOISE: Final = 0.1
"""Largest standard deviation of the noise on text embeddings, for captions in other words than those of the grammar."""

_SHOWN_NOISE: Final = 0.15
"""Largest standard deviation of the noise on sampled tokens, for the conditions that the student's errors lead to."""

_SMALL: Final = 0.05
"""Change of a latent for a derivative by differences."""

_BLOCK: Final = 512
_CHECKED: Final = 40
"""One of so many blocks of records is left out of the training, and shows how well the student does."""

_PART: Final = 8_192
"""Records in a file, about."""

_LARGE: Final = 0.3
"""Relative error from which the loss grows like the error, not like its square: a few results are far from the rest."""

_STILL: Final = 100
"""Latents at which the sensitivity of the decoder is measured, about."""

_STUDENT: Final = "networks.student."
_FIELDS: Final = ("conditions", "noise", "latents")


@dataclass(frozen=True)
class Records:
    """Results of the teacher.

    Attributes
    ----------
    conditions : (n, d) float16 tensor
        Conditions with text; conditions without text are not kept.
    noise : (n, C) float16 tensor
        Initial noise, scaled by its temperature.
    latents : (n, C) float16 tensor
        Guided results.
    """

    conditions: Tensor
    noise: Tensor
    latents: Tensor

    def __len__(self) -> int:
        return len(self.noise)


def concatenated(parts: Sequence[Records]) -> Records:
    """Concatenate records."""
    return Records(*(torch.cat([getattr(part, name) for part in parts]) for name in _FIELDS))


class Recorder(Sampler):
    """Sample with the teacher and keep what the student learns from.

    Parameters
    ----------
    sampler : Sampler
        The teacher.
    temperature : float
        The model's own.
    """

    def __init__(self, sampler: Sampler, temperature: float) -> None:
        super().__init__(sampler.transformer, sampler.diffusion, "sit", "ab2", _CALLS)
        self._temperature = temperature
        self._shared: Tensor | None = None
        self.records: list[Records] = []

    def _conditions(
        self, latents: Tensor, text: Tensor, padding: Tensor | None, rows: Tensor, cfg: float, untouched: bool
    ) -> tuple[Tensor, Tensor | None]:
        conditions, self._shared = super()._conditions(latents, text, padding, rows, cfg, untouched)
        self._cfg = cfg
        return conditions, self._shared

    def _solve(self, field: GuidedField, conditions: Tensor, noise: Noise, decided: Tensor) -> Tensor:
        rows = self._shared
        n = len(decided)
        rows = torch.arange(2 * n) if rows is None else rows
        spread = torch.cat((rows[:n].repeat(_NOISES), rows[n:].repeat(_NOISES)))  # (2 k n,)
        own = noise.initial.flatten(0, 1)[decided]  # (n, C)
        others = torch.randn(_NOISES - 1, *own.shape) * temperatures((_NOISES - 1, n, 1), self._temperature)
        x = torch.cat((own, *others))  # (k n, C)
        times: dict[float, Tensor] = {}
        field = GuidedField(self.diffusion, conditions, self._cfg, times, ab2_moments(_CALLS), spread)
        latents = ab2(field, x, _CALLS)
        self.records.append(
            Records(conditions[:n].repeat(_NOISES, 1).half(), x.half(), latents.half())  # conditions with text
        )
        shown = latents[:n]
        return shown + _SHOWN_NOISE * float(torch.rand(())) * torch.randn_like(shown) * (torch.rand(n, 1) < 0.5)


def temperatures(shape: tuple[int, ...], usual: float) -> Tensor:
    """Draw standard deviations of noise: mostly the usual one, else uniform between 0 and 1."""
    return torch.where(torch.rand(shape) < _FREE_TEMPERATURE, torch.rand(shape), torch.full(shape, usual))


def drawn_captions(count: int, words: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Draw captions of the grammar, a few unrelated sentences, and a few strings of random words."""
    captions = [split.draw_caption(rng) for _ in range(count)]
    sentences = unrelated_sentences()
    for index in np.flatnonzero(rng.random(count) < _UNRELATED):
        unrelated = gibberish(words, 1, rng)[0] if rng.random() < 0.5 else sentences[int(rng.integers(len(sentences)))]
        captions[index] = unrelated
    return captions


@dataclass(frozen=True)
class Teacher:
    """A model that a student learns from.

    Attributes
    ----------
    sampler : Sampler
    encode : callable
        Text embeddings (n, D) of n captions.
    words : tuple of str
        The vocabulary.
    temperature, cfg : float
        Standard deviation of the noise, and guidance scale.
    decoder : Decoder
    std : (67,) float32 array
        Standard deviations of the features.
    """

    sampler: Sampler
    encode: Callable[[Sequence[str]], Tensor]
    words: Sequence[str]
    temperature: float
    cfg: float
    decoder: Decoder
    std: NDArray[np.float32]


def teacher_in(weights: Path) -> Teacher:
    """Return what recording needs of the model in a folder."""
    model = small.load(folder=weights, solver=TEACHER)
    return Teacher(
        model.sampler,
        model.embed,
        Vocabulary.load(weights / VOCABULARY).words,
        model.temperature,
        model.default_cfg,
        model.autoencoder.decoder,
        model.std,
    )


@torch.inference_mode()
def recorded(teacher: Teacher, count: int, seed: int, part: int) -> Records:
    """Sample motions with the teacher until there are ``count`` records; all randomness is that of seed and part."""
    rng = np.random.default_rng((seed, 17, part))
    torch.manual_seed(seed * 1_000_003 + part)
    recorder = Recorder(teacher.sampler, teacher.temperature)
    words = [word for word in teacher.words if word.isalpha()]
    width = recorder.transformer.config.latent_width
    lengths, shares = np.array(list(_LENGTHS)), np.array(list(_LENGTHS.values()))
    found = 0
    while found < count:
        tokens = int(rng.choice(lengths, p=shares / lengths / (shares / lengths).sum()))
        captions = drawn_captions(_CAPTIONS, words, rng)
        text = teacher.encode(captions)
        text = text + _TEXT_NOISE * torch.rand(len(text), 1) * torch.randn_like(text)
        noise = draw_noise([int(number) for number in rng.integers(2**62, size=len(captions))], tokens, width, "sit")
        scale = temperatures((len(captions), 1, 1), teacher.temperature)
        noise = Noise(noise.order, noise.initial * scale)
        counts = torch.full((len(captions),), tokens)
        recorder(text, noise, counts, time_steps=_TIME_STEPS, cfg=teacher.cfg)
        found += _NOISES * tokens * len(captions)
    return concatenated(recorder.records)


def record(teacher: Teacher, count: int, seed: int, out: Path, log: Log) -> Records:
    """Record about ``count`` results in parts; those that are already in ``out`` are read."""
    from safetensors.torch import load_file, save_file

    found: list[Records] = []
    while (have := sum(map(len, found))) < count:
        path = out / f"records_{len(found):04d}.safetensors"
        if not path.exists():
            made = recorded(teacher, min(_PART, count - have), seed, len(found))
            partial = path.with_suffix(".part")
            save_file({name: getattr(made, name).contiguous() for name in _FIELDS}, partial)
            partial.replace(path)
            log(f"student: {have + len(made)} of {count} results of the teacher")
        found.append(Records(**load_file(path)))
    return concatenated(found)


def first_student(diffusion: DiffusionMLP) -> DiffusionMLP:
    """Return a copy of the diffusion network, to be trained."""
    student = DiffusionMLP(diffusion.config)
    student.load_state_dict(diffusion.state_dict())
    return student.requires_grad_(True)


@torch.inference_mode()
def sensitivity(decoder: Decoder, latents: Tensor, std: NDArray[np.float32]) -> Tensor:
    """Return a matrix (C, C) of trace C that measures what an error of a latent does to the body.

    For an error e, ``e @ matrix @ e`` is proportional to the mean square change of joints and bone directions, see
    :func:`training.autoencoder.joints_and_bones`.

    Parameters
    ----------
    decoder : Decoder
    latents : (n, C) tensor
        Each is the motion of a body that is held still.
    std : (67,) float32 array
        Standard deviations of the features.
    """
    width, tokens, middle = latents.shape[1], 5, 2
    space = torch.from_numpy(joints_and_bones(std)).float()  # (130, 67)
    still = latents.float()[..., None].expand(-1, -1, tokens)  # (n, C, 5)
    before = decoder(still)  # (n, 20, 67)
    changes = []
    for index in range(width):
        moved = still.clone()
        moved[:, index, middle] += _SMALL
        changes.append(((decoder(moved) - before) / _SMALL) @ space.T)  # (n, 20, 130)
    slopes = torch.stack(changes, dim=-1).flatten(0, 2)  # (n 20 130, C)
    matrix = slopes.T @ slopes
    return matrix * (width / matrix.trace())


def train_student(
    student: DiffusionMLP, records: Records, weight: Tensor, settings: Settings, out: Path, log: Log
) -> tuple[DiffusionMLP, float]:
    """Train the student on results of the teacher.

    Parameters
    ----------
    student : DiffusionMLP
        See :func:`first_student`.
    records : Records
    weight : (C, C) tensor
        See :func:`sensitivity`. Half of the loss is weighted by it, the other half is the plain square error.
    settings, out, log
        See :class:`training.build.TrainingRun`.

    Returns
    -------
    student : DiffusionMLP
    seconds : float
    """
    is_checked = torch.arange(len(records)) // _BLOCK % _CHECKED == _CHECKED - 1
    seen, checked = (part.nonzero()[:, 0] for part in (~is_checked, is_checked))
    root = torch.linalg.cholesky((weight + torch.eye(len(weight))) / 2)  # (C, C)
    size = float((records.latents[:4096].float() @ root).square().mean())

    def error_of(rows: Tensor) -> tuple[Tensor, Tensor]:
        """Relative square errors of some records: weighted and robust, and plain."""
        wanted = records.latents[rows].float()
        error = one_call(student, records.noise[rows].float(), records.conditions[rows].float()) - wanted
        square = (error @ root).square().mean(1) / size  # (n,)
        robust = 2 * _LARGE**2 * ((1 + square / _LARGE**2).sqrt() - 1).mean()
        return robust, error.square().mean() / wanted.square().mean()

    def loss_of(step: int) -> tuple[Tensor, dict[str, float]]:
        rng = np.random.default_rng((settings.seed, 14, step))
        loss, plain = error_of(seen[torch.from_numpy(rng.integers(len(seen), size=settings.student_batch))])
        return loss, {"plain": plain.item()}

    stage = Stage(
        "student",
        student,
        [(list(student.parameters()), settings.student_rate)],
        steps=settings.student_steps,
        decay=settings.average,
        out=out,
        seed=settings.seed,
        log=log,
    )
    stage.run(loss_of)
    with torch.inference_mode():
        weighted, plain = error_of(checked if len(checked) else seen)
    log(f"student: relative square error {plain:.4f} of latents, {weighted:.4f} weighted, on records not trained on")
    return student, stage.seconds


def one_call(student: DiffusionMLP, x: Tensor, conditions: Tensor) -> Tensor:
    """Return latents (n, C) for scaled noise x (n, C) and conditions (n, d)."""
    modulation = student.modulation(student.time(torch.zeros(1)), student.condition(conditions))
    return x + student.denoise(x, modulation)


def add_student(weights: Path, settings: Settings, out: Path, log: Log) -> None:
    """Train a student of the model in ``weights`` and write it into the model's files.

    Parameters
    ----------
    weights : Path
        Folder of the model. A student that it already has is replaced.
    settings : Settings
    out : Path
        Folder of working files. Records and checkpoint lie in a folder named after the teacher's weights, so that those
        of another teacher are not continued.
    log : callable
        Takes lines.
    """

    from safetensors.torch import load_file

    teacher = teacher_in(weights)
    folder = out / f"student-{_name_of(load_file(weights / WEIGHTS), teacher.cfg)}"
    folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    records = record(teacher, settings.student_records, settings.seed, folder, log)
    recording = time.monotonic() - started
    weight = sensitivity(teacher.decoder, records.latents[:: max(1, len(records) // _STILL)], teacher.std)
    student, seconds = train_student(first_student(teacher.sampler.diffusion), records, weight, settings, folder, log)
    about = {"records": len(records), "steps": settings.student_steps, "seed": settings.seed}
    write_student(weights, student, about, round(recording + seconds))


def write_student(weights: Path, student: DiffusionMLP, about: dict[str, int], seconds: int) -> None:
    """Write a student into the files of a model; a student that is there is replaced.

    Parameters
    ----------
    weights : Path
        Folder of the model.
    student : DiffusionMLP
    about : dict
        For the record in ``config.json``.
    seconds : int
        Time of recording and training.
    """
    from safetensors.torch import load_file, save_file

    tensors = {name: each for name, each in load_file(weights / WEIGHTS).items() if not name.startswith(_STUDENT)}
    added = {_STUDENT + name: tensor.half().contiguous() for name, tensor in student.state_dict().items()}
    partial = weights / (WEIGHTS + ".part")
    save_file(tensors | added, partial)
    partial.chmod(0o644)
    partial.replace(weights / WEIGHTS)
    config = json.loads((weights / CONFIG).read_text(encoding="utf-8"))
    config["student"] = True
    config["training"]["seconds"] |= {"student": seconds}
    config["training"]["student"] = about
    (weights / CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def _name_of(tensors: dict[str, Tensor], cfg: float) -> str:
    """Return a name of a teacher that depends on its weights and its guidance scale, not on a student beside it."""
    digest = hashlib.sha256(repr(cfg).encode())
    for name, tensor in sorted(each for each in tensors.items() if not each[0].startswith(_STUDENT)):
        digest.update(name.encode() + tensor.numpy().tobytes())
    return digest.hexdigest()[:8]
