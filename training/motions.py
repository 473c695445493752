"""What is learned from: captions with motions of one length each, from the grammar and from motion capture.

Motions keep the heading they are meant to be seen with: a grammar example as it was posed ("facing backward"
looks to -Z), a window of motion capture turned so that its middle frame faces +Z.
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
from training.controls import Controls, held, jittered
from training.kinematics import solve
from training.split import draw_many

MOCAP_FILES: Final = ("clips.npz", "captions.csv", "poses.csv")
_POSE_REPEATS: Final = 12
_CHUNK: Final = 4096
_COMMON: Final = ("salsa", "climb", "hangs from a bar", "playground")
"""Words of captions that motion capture has far too much of."""


@dataclass(frozen=True)
class Examples:
    """Captions with motions of one length.

    Attributes
    ----------
    captions : n strings
    motions : (n, frames, 22, 3) float32 array
        Metres.
    origins : n strings
        "grammar", "mocap" or "strange".
    said : n lists of strings
        What a caption of the grammar says: name of the base pose, names of the modifiers with their side; of
        others nothing.
    """

    captions: list[str]
    motions: NDArray[np.float32]
    origins: list[str]
    said: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.said:
            object.__setattr__(self, "said", [[] for _ in self.captions])

    def __len__(self) -> int:
        return len(self.captions)

    def features(self) -> NDArray[np.float32]:
        """(n, frames, 67) features, without a turn of the root: headings stay in the joints."""
        parts = [
            features_from_joints(self.motions[i : i + _CHUNK], np.zeros(self.motions[i : i + _CHUNK].shape[:2]))
            for i in range(0, len(self), _CHUNK)
        ]
        return np.concatenate(parts)

    def cut(self, frames: int, count: int) -> Examples:
        """The middle frames of the first ``count``."""
        start = (self.motions.shape[1] - frames) // 2
        motions = self.motions[:count, start : start + frames]
        return Examples(self.captions[:count], motions, self.origins[:count], self.said[:count])

    def save(self, stem: Path) -> None:
        """Write ``stem.npy`` and ``stem.json``."""
        np.save(stem.with_suffix(".npy"), self.motions)
        named = {"captions": self.captions, "origins": self.origins, "said": self.said}
        stem.with_suffix(".json").write_text(json.dumps(named), encoding="utf-8")

    @classmethod
    def load(cls, stem: Path) -> Examples:
        """Read what :meth:`save` wrote."""
        named = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
        return cls(named["captions"], np.load(stem.with_suffix(".npy")), named["origins"], named["said"])

    def only(self, rows: NDArray[np.int64]) -> Examples:
        """Some of them, in the order asked for."""
        return Examples(
            [self.captions[row] for row in rows],
            self.motions[rows],
            [self.origins[row] for row in rows],
            [self.said[row] for row in rows],
        )


def joined(parts: Sequence[Examples]) -> Examples:
    """All examples of parts of one length."""
    return Examples(
        [caption for part in parts for caption in part.captions],
        np.concatenate([part.motions for part in parts]),
        [origin for part in parts for origin in part.origins],
        [names for part in parts for names in part.said],
    )


def turned(examples: Examples, which: Sequence[bool] | NDArray[np.bool_]) -> Examples:
    """The same, some of them seen in a mirror, with left and right exchanged in what is said of them."""
    rows = np.flatnonzero(which)
    captions, said, motions = list(examples.captions), list(examples.said), examples.motions.copy()
    motions[rows] = mirrored(motions[rows])
    for row in rows:
        captions[row] = swap_sides(captions[row])
        said[row] = [swap_sides(name) for name in said[row]]
    return Examples(captions, motions, examples.origins, said)


def as_read(examples: Examples) -> Examples:
    """The same, with captions as the model reads them: those that name the right first are turned to the left."""
    return turned(examples, [left_first(caption)[1] for caption in examples.captions])


def faced(window: NDArray[np.float32]) -> NDArray[np.float32]:
    """A motion (frames, 22, 3) turned so that its middle frame faces +Z, starting at x = z = 0."""
    yaw = float(facing(window)[len(window) // 2])
    cos, sin = np.cos(yaw), np.sin(yaw)
    x = window[..., 0] - window[0, 0, 0]
    z = window[..., 2] - window[0, 0, 2]
    return np.stack((cos * x + sin * z, window[..., 1], cos * z - sin * x), axis=-1).astype(np.float32)


def grammar_examples(count: int, seed: int, frames: int, processes: int) -> Examples:
    """Examples of the caption grammar, by learned phrasings."""
    drawn = draw_many(count, seed, processes, frames)
    motions = np.stack([each.motion for each in drawn])
    said = [[each.base, *each.modifiers] for each in drawn]
    return Examples([each.caption for each in drawn], motions, ["grammar"] * count, said)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error}; --mocap takes the folder of {MOCAP_FILES}") from error


def _share(row: dict[str, str]) -> float:
    """Weight of a captioned stretch, of its length and worth."""
    frames = int(row["end_frame"]) - int(row["start_frame"])
    worth = 0.15 if any(word in row["caption"] for word in _COMMON) else 1.0
    return worth * (0.3 if row["weak"] == "1" else 1.0) * float(np.sqrt(min(frames, 64)))


def _windows(
    folder: Path, count: int, frames: int, rng: np.random.Generator
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Captioned windows; a caption that holds many stretches counts as a few of them."""
    rows = _rows(folder / "captions.csv")
    total: dict[str, float] = {}
    for row in rows:
        total[row["caption"]] = total.get(row["caption"], 0.0) + _share(row)
    chances = np.array([_share(row) / total[row["caption"]] ** 0.5 for row in rows])
    with np.load(folder / "clips.npz") as clips:
        motions = {row["clip_id"]: clips[row["clip_id"]] for row in rows}
    for index in rng.choice(len(rows), count, p=chances / chances.sum()):
        row = rows[int(index)]
        clip = motions[row["clip_id"]]
        first, last = int(row["start_frame"]), min(int(row["end_frame"]), len(clip))
        start = int(rng.integers(first, max(first, last - frames) + 1))
        window = clip[np.minimum(np.arange(start, start + frames), last - 1)]
        yield row["caption"], faced(window)


def _poses(folder: Path, frames: int) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """The single poses, held."""
    rows = _rows(folder / "poses.csv")
    with np.load(folder / "clips.npz") as clips:
        for row in rows:
            pose = clips[row["clip_id"]][int(row["frame"])]
            yield row["caption"], faced(np.repeat(pose[None], frames, axis=0))


def mocap_examples(folder: Path, count: int, seed: int, frames: int) -> Examples:
    """Windows and held poses of motion capture, about ``count``; half of them mirrored.

    Raises
    ------
    InputError
        The folder lacks a file.
    """
    rng = np.random.default_rng((seed, frames, 1))
    repeats = max(1, min(_POSE_REPEATS, count // 400))
    pairs = list(_windows(folder, count, frames, rng))
    pairs += [pair for pair in _poses(folder, frames) for _ in range(repeats)]
    examples = Examples(
        [caption for caption, _ in pairs], np.stack([motion for _, motion in pairs]), ["mocap"] * len(pairs)
    )
    return turned(examples, rng.random(len(examples)) < 0.5)


def mocap_captions(folder: Path) -> list[str]:
    """All captions of the motion capture."""
    return [row["caption"] for name in MOCAP_FILES[1:] for row in _rows(folder / name)]


def strange_examples(captions: Sequence[str], seed: int, frames: int) -> Examples:
    """Captions that say nothing about a pose, each with a person who just stands."""
    rng = np.random.default_rng((seed, frames, 2))
    motions = [solve(held(jittered(Controls(), rng, 1.0), frames, rng), frames) for _ in captions]
    return Examples(list(captions), np.stack(motions), ["strange"] * len(motions))


def shuffled(examples: Examples, seed: int) -> Examples:
    """The same in another order."""
    return examples.only(np.random.default_rng((seed, 3)).permutation(len(examples)))
