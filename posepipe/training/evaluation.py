"""How good the model is: on phrasings that the training never saw, does the pose do what the caption says?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.models import small
from posepipe.models.small import Small
from posepipe.skeleton import BONE_LENGTHS, bone_lengths
from posepipe.training.controls import swap_sides
from posepipe.training.grammar.predicates import View, holds
from posepipe.training.matching import retrieval, train_matching
from posepipe.training.pipeline import Run
from posepipe.training.questions import Question, composed, phrasings, taught
from posepipe.training.settings import Settings
from posepipe.training.steps import Log

FRAMES: Final = 16
_BATCH: Final = 64
_TRIED: Final = 400
_COMPOSED: Final = 1_024
_SEEDS: Final = 6
_HELD_OUT_SEED: Final = 7_000_001


def poses_of(
    model: Small, captions: Sequence[str], seeds: Sequence[int], cfg: float | None = None, frames: int = FRAMES
) -> NDArray[np.float32]:
    """(n, 22, 3) middle frames."""
    parts = [
        model.generate_poses(
            captions[i : i + _BATCH],
            seeds[i : i + _BATCH],
            sequence_length=frames,
            frame_index=frames // 2,
            time_steps=18,
            cfg=model.default_cfg if cfg is None else cfg,
            batch_size=_BATCH,
        )
        for i in range(0, len(captions), _BATCH)
    ]
    return np.concatenate(parts)


def operations(model: Small, frames: int = FRAMES) -> float:
    """Floating-point operations per pose at the defaults, text included, as torch counts them in a batch.

    A multiplication and an addition are two. Norms and the like, a few percent, are not counted.
    """
    from torch.utils.flop_counter import FlopCounterMode

    model.prepare([])
    captions = [f"A person standing on the left leg with both arms raised {number}" for number in range(_BATCH)]
    counter = FlopCounterMode(display=False)
    with counter:
        poses_of(model, captions, range(_BATCH), 2.0, frames)
    return float(counter.get_total_flops()) / _BATCH


def satisfied(questions: Sequence[Question], poses: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(n,) True where all predicates hold that a caption asks for."""
    return np.array([_any(q.accepted, View(pose)) for q, pose in zip(questions, poses, strict=True)])


def _any(accepted: Sequence[Sequence[str]], view: View) -> bool:
    return any(all(holds(name, view) for name in predicates) for predicates in accepted)


def confused(questions: Sequence[Question], poses: NDArray[np.float32]) -> tuple[int, int]:
    """How many captions that name a side got the mirror image of what they say, and how many name a side."""
    wrong = sided = 0
    for question, pose in zip(questions, poses, strict=True):
        about = [[name for name in predicates if swap_sides(name) != name] for predicates in question.accepted]
        if not all(about) or swap_sides(question.caption) == question.caption:
            continue
        sided += 1
        swapped = [[swap_sides(name) for name in predicates] for predicates in about]
        view = View(pose)
        wrong += _any(swapped, view) and not _any(about, view)
    return wrong, sided


def best_guidance(weights: Path, settings: Settings, log: Log) -> float:
    """The guidance scale at which most held-out captions are satisfied; of equals the smallest."""
    model = small.load(folder=weights)
    questions = composed(_TRIED, settings.seed + _HELD_OUT_SEED + 1)
    shares = {}
    for cfg in settings.guidance:
        poses = poses_of(model, [q.caption for q in questions], range(len(questions)), cfg)
        shares[cfg] = float(satisfied(questions, poses).mean())
        log(f"guidance {cfg}: {shares[cfg]:.3f} of {len(questions)} held-out captions satisfied")
    best = max(shares.values())
    return min(cfg for cfg, share in shares.items() if share >= best - 0.003)


def evaluate(weights: Path, run: Run, log: Log) -> dict[str, Any]:
    """All figures of the model card."""
    model = small.load(folder=weights)
    plain, far = phrasings(run.settings.seed), phrasings(run.settings.seed, far=True)
    mixed = composed(_COMPOSED, run.settings.seed + _HELD_OUT_SEED)
    log(f"{len(plain)} held-out phrasings, {len(mixed)} with modifiers")
    figures: dict[str, Any] = {
        "phrasings": len(plain),
        "with_modifiers": len(mixed),
        "far": len(far),
        "gigaflop": operations(model) / 1e9,
        "megabytes": sum(path.stat().st_size for path in weights.iterdir()) / 1e6,
    }
    by_seed = [
        poses_of(model, [q.caption for q in plain], [seed * 100_003 + i for i in range(len(plain))])
        for seed in range(_SEEDS)
    ]
    right = np.array([satisfied(plain, poses) for poses in by_seed])
    figures["satisfied_by_seed"] = [float(share) for share in right.mean(1)]
    groups: dict[str, list[int]] = defaultdict(list)
    for index, question in enumerate(plain):
        groups[question.group].append(index)
    figures["satisfied_by_group"] = {group: [float(right[0, rows].mean()), len(rows)] for group, rows in groups.items()}
    figures["never_satisfied"] = [q.caption for q, won in zip(plain, right.max(0), strict=True) if not won]
    known = taught(run.settings.seed)
    figures["taught"] = len(known)
    shown = poses_of(model, [q.caption for q in known], range(len(known)))
    figures["taught_satisfied"] = float(satisfied(known, shown).mean())
    figures["far_satisfied"] = float(satisfied(far, poses_of(model, [q.caption for q in far], range(len(far)))).mean())
    poses = poses_of(model, [q.caption for q in mixed], range(len(mixed)))
    figures["modified_satisfied"] = float(satisfied(mixed, poses).mean())
    figures["modified_single"] = _single(mixed, poses)
    wrong = np.array([confused(plain, by_seed[0]), confused(mixed, poses)]).sum(0)
    figures["sides_confused"] = [int(wrong[0]), int(wrong[1])]
    figures |= _bodies([*plain, *mixed], np.concatenate((by_seed[0], poses)))
    figures["variation_mm"] = float(np.stack(by_seed).std(0).mean() * 1000)
    log("training the matching model")
    matcher = train_matching(run)
    captions = [question.caption for question in mixed]
    figures["retrieval_generated"] = retrieval(matcher, captions, poses)
    figures["retrieval_real"] = retrieval(matcher, captions, np.stack([question.pose for question in mixed]))
    for name, figure in figures.items():
        log(f"{name}: {figure}")
    return figures


def _single(questions: Sequence[Question], poses: NDArray[np.float32]) -> float:
    """Share of single predicates that hold; of two that are accepted, those that are held better."""
    held = asked = 0
    for question, pose in zip(questions, poses, strict=True):
        view = View(pose)
        answers = [[holds(name, view) for name in predicates] for predicates in question.accepted]
        best = max(answers, key=np.mean)
        held, asked = held + sum(best), asked + len(best)
    return held / asked


def _bodies(questions: Sequence[Question], poses: NDArray[np.float32]) -> dict[str, float]:
    """Shares of bodies that are sound in bones and ground contact, and how many stand where they should."""
    lengths = np.array(BONE_LENGTHS[1:])
    bones = np.abs(bone_lengths(poses)[:, 1:] / lengths - 1).max(1) <= 0.02
    lowest = poses[..., 1].min(1)
    standing = np.array([not question.airborne for question in questions])
    return {
        "bones_sound": float(bones.mean()),
        "not_below_floor": float((lowest >= -0.03).mean()),
        "not_off_floor": float((lowest[standing] <= 0.10).mean()),
    }
