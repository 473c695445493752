"""A training run: the stages, each of which uses the files of those before it, and the export of the weights."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
import time
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from posepipe.errors import InputError
from posepipe.models.mardm.autoencoder import Autoencoder
from posepipe.models.sides import left_first
from posepipe.models.small import CONFIG, TRAINED_WORDS, VOCABULARY, WEIGHTS
from posepipe.models.small_text import Familiarity, Vocabulary, split_words
from training import familiarity, motions, questions
from training.autoencoder import encoded, normalisation, reconstruction_error, train_autoencoder
from training.loop import Log
from training.mardm import Generator, Latents, train_mardm
from training.motions import TrainingSet
from training.posecodes.wording import all_texts
from training.settings import Settings
from training.split import draw_many
from training.start import Start
from training.text_encoder import TokenizedCaptions, TrainedText, known_words, middle_poses, train_text
from training.word_vectors import word_table

_SHORT: Final = {8: 0.15, 4: 0.10}
"""Lengths that are cut out of motions of 16 frames, with their number relative to those."""

_CHECKED: Final = 1_500
"""Captions of each kind on which the measure of unfamiliar captions is fitted and checked."""

_HELD_OUT_SEED: Final = 1_000_003
"""Added to the seed for captions that are not those of the evaluation."""


@dataclass
class TrainingRun:
    """A training run; every stage is computed when it is first used.

    Attributes
    ----------
    mocap : Path
        Folder of the motion-capture clips.
    out : Path
        Folder of working files: motions, word vectors, checkpoints of the stages.
    settings : Settings
    processes : int
        Processes that draw grammar examples.
    log : callable
        Takes lines.
    start : Start, optional
        A model whose weights are the first ones; its decoder and the normalisation of the features are kept.

    Raises
    ------
    InputError
        If the motion capture lacks a file.
    """

    mocap: Path
    out: Path
    settings: Settings
    processes: int
    log: Log
    start: Start | None = None

    def __post_init__(self) -> None:
        if missing := [name for name in motions.MOCAP_FILES if not (self.mocap / name).is_file()]:
            raise InputError(f"the motion capture folder {self.mocap} lacks {', '.join(missing)}")
        self.out.mkdir(parents=True, exist_ok=True)

    def examples(self, frames: int) -> TrainingSet:
        """Return captions and motions of one length; made the first time, then read from ``out``."""
        stem = self.out / f"motions_{frames}"
        if not stem.with_suffix(".json").exists():
            self._draw(frames).save(stem)
        return TrainingSet.load(stem)

    def _draw(self, frames: int) -> TrainingSet:
        s = self.settings
        if frames in _SHORT:
            long = self.examples(16)
            return long.cut(frames, int(len(long) * _SHORT[frames]))
        count = dict(s.motions)[frames]
        self.log(f"drawing {count} examples of {frames} frames")
        rng = np.random.default_rng((s.seed, frames))
        unrelated = max(2, int(count * s.strange_share))
        words = [word for word in self.words[0].words if word.isalpha()]
        sentences = familiarity.unrelated_sentences()
        captions = familiarity.gibberish(words, unrelated, rng)
        captions[::2] = [sentences[int(i)] for i in rng.integers(len(sentences), size=len(captions[::2]))]
        composed = motions.grammar_examples(count, s.seed + frames, frames, self.processes)
        captured = motions.mocap_examples(self.mocap, int(count * s.mocap_share), s.seed, frames)
        parts = (
            motions.some_derived(composed, s.derived_share, s.seed),
            motions.some_derived(captured, s.derived_mocap_share, s.seed + 1),
            motions.unrelated_examples(captions, s.seed, frames),
        )
        return motions.as_read(motions.shuffled(motions.concatenated(parts), s.seed))

    @cached_property
    def lengths(self) -> list[int]:
        """Numbers of frames of the training data."""
        return sorted([*_SHORT, *(frames for frames, _ in self.settings.motions)])

    @cached_property
    def words(self) -> tuple[Vocabulary, NDArray[np.float32]]:
        """Vocabulary and pretrained vectors."""
        vocabulary, table = self.out / VOCABULARY, self.out / "words.npy"
        if not table.exists():
            self.log("reading word vectors from the sentence model")
            seen = [each.caption for each in draw_many(4_000, self.settings.seed, 1, 4)]
            texts = [*seen, *all_texts(), *motions.mocap_captions(self.mocap)]
            made, vectors = word_table(texts, self.settings.word_width)
            if self.start is not None:
                vectors = self.start.table(made, vectors)
            made.save(vocabulary)
            np.save(table, vectors)
        return Vocabulary.load(vocabulary), np.load(table)

    @cached_property
    def features(self) -> dict[int, NDArray[np.float32]]:
        """Features (n, frames, 67) by number of frames."""
        return {frames: self.examples(frames).features() for frames in self.lengths}

    @cached_property
    def normalisation(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Mean and standard deviation (67,) of the features."""
        return normalisation(self.features[16]) if self.start is None else self.start.normalisation()

    @cached_property
    def autoencoder(self) -> tuple[Autoencoder, float]:
        """Trained autoencoder, and seconds of training."""
        trained = train_autoencoder(self.features, *self.normalisation, self.settings, self.out, self.log, self.start)
        error = reconstruction_error(trained[0], self.features[16][:2_000], *self.normalisation)
        self.log(f"autoencoder: encoding and decoding moves joints by {error * 1000:.1f} mm")
        return trained

    @cached_property
    def text(self) -> tuple[TrainedText, float]:
        """Text encoder after the second stage, and seconds of training."""
        s = self.settings
        vocabulary, table = self.words
        captions = self.examples(16).captions
        torch.manual_seed(s.seed)
        config = s.sizes(len(vocabulary)).text
        text = TrainedText(config, table, known_words(captions, vocabulary, config.longest))
        if self.start is not None:
            self.start.fill_text(text, vocabulary)
        poses = middle_poses(self.features[16], self.normalisation[1])
        scale = float(self.normalisation[1][-1])
        heads, seconds = train_text(text, self.examples(16), poses, scale, vocabulary, s, self.out, self.log)
        return heads.text, seconds

    @cached_property
    def generator(self) -> tuple[Generator, float]:
        """The networks of the last stage, text encoder included, and seconds of training."""
        autoencoder, text = self.autoencoder[0], self.text[0]
        latents = {
            frames: Latents(
                encoded(autoencoder, self.features[frames], *self.normalisation),
                TokenizedCaptions(self.examples(frames).captions, self.words[0], text.network.config.longest),
            )
            for frames in self.lengths
        }
        torch.manual_seed(self.settings.seed)
        generator = Generator(self.settings, text)
        if self.start is not None:
            self.start.fill("transformer", generator.transformer)
            self.start.fill("diffusion", generator.diffusion)
        return train_mardm(generator, latents, self.out, self.log)

    def export(self, folder: Path, default_cfg: float) -> None:
        """Write weights, vocabulary and config, with the record of this run."""
        from safetensors.torch import save_file

        folder.mkdir(parents=True, exist_ok=True)
        fit, separates = self.familiarity
        tensors = self._tensors() | {
            "familiarity.strangeness": torch.from_numpy(fit.strangeness),
            "familiarity.telling": torch.from_numpy(fit.telling),
            "familiarity.centroids": torch.from_numpy(fit.centroids),
        }
        small = {name: tensor.half().contiguous() for name, tensor in tensors.items()}
        mean, std = self.normalisation
        exact = {
            "mean": torch.from_numpy(mean),
            "std": torch.from_numpy(std),
            "familiarity.slopes": torch.from_numpy(fit.slopes),
            "familiarity.offset": torch.tensor(fit.offset, dtype=torch.float32),
            "words.changed": torch.from_numpy(self.text[0].known).int(),
        }
        save_file(small | exact, folder / WEIGHTS)
        (folder / WEIGHTS).chmod(0o644)
        self.words[0].save(folder / VOCABULARY)
        (folder / TRAINED_WORDS).write_text("".join(f"{word}\n" for word in self.trained_words()), encoding="utf-8")
        settings = {
            "default_cfg": default_cfg,
            "temperature": self.settings.temperature,
            "solver": self.settings.solver,
            "sizes": asdict(self.settings.sizes(len(self.words[0]))),
            "training": self.record() | {"unsure": separates},
        }
        (folder / CONFIG).write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")

    def trained_words(self) -> list[str]:
        """Return the words of the captions that describe poses, the most frequent first."""
        seen = self.examples(16)
        counts = Counter(
            word
            for caption, origin in zip(seen.captions, seen.origins, strict=True)
            if origin != "strange"
            for word in split_words(caption)
            if word.isascii() and word.isalpha() and len(word) > 1
        )
        return sorted(counts, key=lambda word: (-counts[word], word))

    def _tensors(self) -> dict[str, Tensor]:
        generator = self.generator[0]
        parts = {
            "autoencoder": self.autoencoder[0],
            "transformer": generator.transformer,
            "diffusion": generator.diffusion,
            "text": generator.text.network,
        }
        tensors = {
            f"networks.{part}.{name}": tensor
            for part, module in parts.items()
            for name, tensor in module.state_dict().items()
        }
        del tensors["networks.text.table.weight"]
        tensors = {name: tensor for name, tensor in tensors.items() if ".encoder." not in name}
        tensors["words"] = torch.from_numpy(self.words[1])
        tensors["words.change"] = generator.text.change.weight.detach()[1:]
        return tensors

    @cached_property
    def familiarity(self) -> tuple[Familiarity, dict[str, float]]:
        """Fitted measure of unfamiliar captions, and how well it separates."""
        s = self.settings
        vocabulary, table = self.words
        seen = self.examples(16)
        captions = [c for c, origin in zip(seen.captions, seen.origins, strict=True) if origin != "strange"]
        stored = table.astype(np.float16).astype(np.float32)
        start = familiarity.unfitted(captions, vocabulary, stored, s.seed)
        held_out = [*questions.held_out_questions(s.seed), *questions.held_out_questions(s.seed, far=True)]
        held_out += questions.modified_questions(_CHECKED, s.seed + _HELD_OUT_SEED)
        described = questions.derived_questions(_CHECKED, s.seed + _HELD_OUT_SEED)
        rng = np.random.default_rng((s.seed, 23))
        words = [word for word in vocabulary.words if word.isalpha()]
        far = familiarity.gibberish(words, _CHECKED, rng) + familiarity.unrelated_sentences() * 4
        sensible = [each.caption for each in (*held_out, *described)]
        near, far = ([left_first(caption)[0] for caption in part] for part in (sensible, far))
        return familiarity.fitted(start, vocabulary, near, far, s.seed)

    def record(self) -> dict[str, Any]:
        """Return the record of this run: settings, data, commit, time and machine."""
        return {
            "settings": asdict(self.settings),
            "mocap_sha256": {
                name: hashlib.sha256((self.mocap / name).read_bytes()).hexdigest() for name in motions.MOCAP_FILES
            },
            "examples": {frames: len(self.examples(frames)) for frames in self.lengths},
            "commit": _commit(),
            "seconds": {
                "autoencoder": round(self.autoencoder[1]),
                "text": round(self.text[1]),
                "mardm": round(self.generator[1]),
            },
            "machine": f"{platform.machine()} CPU, {torch.get_num_threads()} threads",
            "python": platform.python_version(),
            "torch": torch.__version__,
            "date": time.strftime("%Y-%m-%d", time.gmtime()),
        }


def _commit() -> str:
    """Return the commit of the code, followed by "+" if files are changed; empty outside a repository."""
    here = Path(__file__).parent

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=here, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    commit = git("rev-parse", "HEAD")
    return commit + "+" if commit and git("status", "--porcelain", ".") else commit
