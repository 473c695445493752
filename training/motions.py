"""Training data: captions with motions, drawn from the grammar or cut out of motion capture.

Headings are part of the data. A grammar example keeps the heading it was posed with ("facing backward" looks to -Z); a
window of motion capture is turned so that its middle frame faces +Z.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.errors import InputError
from posepipe.models.mardm.features import facing, features_from_joints
from posepipe.models.sides import left_first, mirrored, swap_sides
from training.controls import Controls
from training.kinematics import solve
from training.posecodes import describe
from training.split import draw_many
from training.variation import held, jittered

MOCAP_FILES: Final = ("clips.npz", "captions.csv", "poses.csv")
"""Files of a motion-capture folder: joints by clip, captioned stretches of clips, captioned single frames."""

_POSE_REPEATS: Final = 12
"""How often each captioned single frame is used, at most."""

_CHUNK: Final = 4096
"""Motions converted to features at a time."""

_APPENDED: Final = 0.45
"""Share of the derived captions that are appended to the caption of the example instead of taking its place."""

_COMMON: Final = ("salsa", "climb", "hangs from a bar", "playground")
"""Words in captions of activities that the motion capture has far too many clips of."""


@dataclass(frozen=True)
class TrainingSet:
    """Captions with motions of one length.

    Attributes
    ----------
    captions : n strings
    motions : (n, frames, 22, 3) float32 array
        Metres.
    origins : n strings
        "grammar", "mocap" or "strange".
    labels : n lists of strings
        For a caption of the grammar: the name of the base pose, then the names of the modifiers with their sides.
        Empty for other captions, derived ones among them.
    """

    captions: list[str]
    motions: NDArray[np.float32]
    origins: list[str]
    labels: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.labels:
            object.__setattr__(self, "labels", [[] for _ in self.captions])

    def __len__(self) -> int:
        return len(self.captions)

    def features(self) -> NDArray[np.float32]:
        """Return features (n, frames, 67). The root has no rotation; headings stay in the joints."""
        parts = [
            features_from_joints(self.motions[i : i + _CHUNK], np.zeros(self.motions[i : i + _CHUNK].shape[:2]))
            for i in range(0, len(self), _CHUNK)
        ]
        return np.concatenate(parts)

    def cut(self, frames: int, count: int) -> TrainingSet:
        """Return the middle ``frames`` frames of the first ``count`` motions."""
        start = (self.motions.shape[1] - frames) // 2
        motions = self.motions[:count, start : start + frames]
        return TrainingSet(self.captions[:count], motions, self.origins[:count], self.labels[:count])

    def save(self, stem: Path) -> None:
        """Write ``stem.npy`` and ``stem.json``."""
        np.save(stem.with_suffix(".npy"), self.motions)
        stored = {"captions": self.captions, "origins": self.origins, "labels": self.labels}
        stem.with_suffix(".json").write_text(json.dumps(stored), encoding="utf-8")

    @classmethod
    def load(cls, stem: Path) -> TrainingSet:
        """Read what :meth:`save` wrote."""
        stored = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
        return cls(stored["captions"], np.load(stem.with_suffix(".npy")), stored["origins"], stored["labels"])

    def only(self, rows: NDArray[np.int64]) -> TrainingSet:
        """Return some examples, in the order of ``rows``."""
        return TrainingSet(
            [self.captions[row] for row in rows],
            self.motions[rows],
            [self.origins[row] for row in rows],
            [self.labels[row] for row in rows],
        )


def concatenated(parts: Sequence[TrainingSet]) -> TrainingSet:
    """Concatenate sets of the same length."""
    return TrainingSet(
        [caption for part in parts for caption in part.captions],
        np.concatenate([part.motions for part in parts]),
        [origin for part in parts for origin in part.origins],
        [names for part in parts for names in part.labels],
    )


def some_mirrored(examples: TrainingSet, which: Sequence[bool] | NDArray[np.bool_]) -> TrainingSet:
    """Mirror the motions where ``which`` is true, and exchange left and right in their captions and labels."""
    rows = np.flatnonzero(which)
    captions, labels, motions = list(examples.captions), list(examples.labels), examples.motions.copy()
    motions[rows] = mirrored(motions[rows])
    for row in rows:
        captions[row] = swap_sides(captions[row])
        labels[row] = [swap_sides(name) for name in labels[row]]
    return TrainingSet(captions, motions, examples.origins, labels)


def as_read(examples: TrainingSet) -> TrainingSet:
    """Mirror the examples whose captions name the right side first, as the model does when it reads a caption."""
    return some_mirrored(examples, [left_first(caption)[1] for caption in examples.captions])


def facing_forward(window: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn a motion (frames, 22, 3) so that its middle frame faces +Z, and start it at x = z = 0."""
    yaw = float(facing(window)[len(window) // 2])
    cos, sin = np.cos(yaw), np.sin(yaw)
    x = window[..., 0] - window[0, 0, 0]
    z = window[..., 2] - window[0, 0, 2]
    return np.stack((cos * x + sin * z, window[..., 1], cos * z - sin * x), axis=-1).astype(np.float32)


def some_derived(examples: TrainingSet, share: float, seed: int) -> TrainingSet:
    """Give a share of the examples captions derived from their middle poses (:mod:`training.posecodes`).

    Some are appended to the caption of the example, the others take its place; those examples lose their labels. An
    example keeps its caption if nothing is worth saying of its pose.
    """
    frames = examples.motions.shape[1]
    rng = np.random.default_rng((seed, frames, 4))
    rows = np.flatnonzero(rng.random(len(examples)) < share)
    captions, labels = list(examples.captions), list(examples.labels)
    before = [captions[row] if lot < _APPENDED else "" for row, lot in zip(rows, rng.random(len(rows)), strict=True)]
    seeds = rng.integers(2**62, size=len(rows)).tolist()
    derived = describe(examples.motions[rows, frames // 2], seeds, before)
    for row, text, each in zip(rows, before, derived, strict=True):
        if each is not None:
            captions[row] = each.caption
            labels[row] = labels[row] if text else []
    return TrainingSet(captions, examples.motions, examples.origins, labels)


def grammar_examples(count: int, seed: int, frames: int, processes: int) -> TrainingSet:
    """Draw examples of the caption grammar, with phrasings for training."""
    drawn = draw_many(count, seed, processes, frames)
    motions = np.stack([each.motion for each in drawn])
    labels = [[each.base, *each.modifiers] for each in drawn]
    return TrainingSet([each.caption for each in drawn], motions, ["grammar"] * count, labels)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise InputError(
            f"cannot read {path}: {error}; --mocap takes a folder with {', '.join(MOCAP_FILES)}"
        ) from error


def _weight(row: dict[str, str]) -> float:
    """Return the weight of a captioned stretch of a clip, by its length and how well its caption fits."""
    frames = int(row["end_frame"]) - int(row["start_frame"])
    worth = 0.15 if any(word in row["caption"] for word in _COMMON) else 1.0
    return worth * (0.3 if row["weak"] == "1" else 1.0) * float(np.sqrt(min(frames, 64)))


def _windows(
    folder: Path, count: int, frames: int, rng: np.random.Generator
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Draw captioned windows; stretches with the same caption count together as the root of their total weight."""
    rows = _rows(folder / "captions.csv")
    total: dict[str, float] = {}
    for row in rows:
        total[row["caption"]] = total.get(row["caption"], 0.0) + _weight(row)
    chances = np.array([_weight(row) / total[row["caption"]] ** 0.5 for row in rows])
    with np.load(folder / "clips.npz") as clips:
        motions = {row["clip_id"]: clips[row["clip_id"]] for row in rows}
    for index in rng.choice(len(rows), count, p=chances / chances.sum()):
        row = rows[int(index)]
        clip = motions[row["clip_id"]]
        first, last = int(row["start_frame"]), min(int(row["end_frame"]), len(clip))
        start = int(rng.integers(first, max(first, last - frames) + 1))
        window = clip[np.minimum(np.arange(start, start + frames), last - 1)]
        yield row["caption"], facing_forward(window)


def _poses(folder: Path, frames: int) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Yield the captioned single frames, each repeated to a motion."""
    rows = _rows(folder / "poses.csv")
    with np.load(folder / "clips.npz") as clips:
        for row in rows:
            pose = clips[row["clip_id"]][int(row["frame"])]
            yield row["caption"], facing_forward(np.repeat(pose[None], frames, axis=0))


def mocap_examples(folder: Path, count: int, seed: int, frames: int) -> TrainingSet:
    """Draw about ``count`` windows and held poses of motion capture, half of them mirrored.

    Raises
    ------
    InputError
        If the folder lacks a file.
    """
    rng = np.random.default_rng((seed, frames, 1))
    repeats = max(1, min(_POSE_REPEATS, count // 400))
    pairs = list(_windows(folder, count, frames, rng))
    pairs += [pair for pair in _poses(folder, frames) for _ in range(repeats)]
    examples = TrainingSet(
        [caption for caption, _ in pairs], np.stack([motion for _, motion in pairs]), ["mocap"] * len(pairs)
    )
    return some_mirrored(examples, rng.random(len(examples)) < 0.5)


def mocap_captions(folder: Path) -> list[str]:
    """Return all captions of the motion capture."""
    return [row["caption"] for name in MOCAP_FILES[1:] for row in _rows(folder / name)]


def unrelated_examples(captions: Sequence[str], seed: int, frames: int) -> TrainingSet:
    """Pair captions that do not describe a pose with a person who stands."""
    rng = np.random.default_rng((seed, frames, 2))
    motions = [solve(held(jittered(Controls(), rng, 1.0), frames, rng), frames) for _ in captions]
    return TrainingSet(list(captions), np.stack(motions), ["strange"] * len(motions))


def shuffled(examples: TrainingSet, seed: int) -> TrainingSet:
    """Return the examples in a random order."""
    return examples.only(np.random.default_rng((seed, 3)).permutation(len(examples)))
