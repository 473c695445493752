"""How good the model is: on phrasings that the training never saw, does the pose do what the caption says?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.models import small
from posepipe.models.sides import swap_sides
from posepipe.models.small import Small
from posepipe.skeleton import BONE_LENGTHS, bone_lengths
from training.asked import Asked, asked, learned
from training.build import Run
from training.grammar.predicates import View, holds
from training.matching import retrieval, train_matching
from training.questions import Question, composed, phrasings, taught
from training.settings import Settings
from training.steps import Log

FRAMES: Final = 16
_BATCH: Final = 64
_TRIED: Final = 400
_COMPOSED: Final = 1_024
_SEEDS: Final = 6
_HELD_OUT_SEED: Final = 7_000_001
_CHANCE: Final = 0.015
"""Shares of :data:`_TRIED` captions that differ by less are equal as far as one can tell."""


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


def satisfied(questions: Sequence[Asked], poses: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(n,) True where all predicates hold that a caption asks for."""
    return np.array([_any(q.accepted, View(pose)) for q, pose in zip(questions, poses, strict=True)])


def _any(accepted: Sequence[Sequence[str]], view: View) -> bool:
    return any(all(holds(name, view) for name in predicates) for predicates in accepted)


def confused(questions: Sequence[Asked], poses: NDArray[np.float32]) -> tuple[int, int]:
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
    """Guidance scale at which most held-out captions are satisfied; of those that cannot be told apart the largest."""
    model = small.load(folder=weights)
    questions = composed(_TRIED, settings.seed + _HELD_OUT_SEED + 1)
    shares = {}
    for cfg in settings.guidance:
        poses = poses_of(model, [q.caption for q in questions], range(len(questions)), cfg)
        shares[cfg] = float(satisfied(questions, poses).mean())
        log(f"guidance {cfg}: {shares[cfg]:.3f} of {len(questions)} held-out captions satisfied")
    best = max(shares.values())
    return max(cfg for cfg, share in shares.items() if share >= best - _CHANCE)


def evaluate(weights: Path, run: Run, log: Log) -> dict[str, Any]:
    """All figures of the model card."""
    model = small.load(folder=weights)
    near, far = phrasings(run.settings.seed), phrasings(run.settings.seed, far=True)
    known = taught(run.settings.seed)
    mixed = composed(_COMPOSED, run.settings.seed + _HELD_OUT_SEED)
    users = asked()
    new = np.array([not learned(each.caption) for each in users])
    log(f"{len(near)} held-out phrasings, {len(mixed)} with modifiers, {new.sum()} of {len(users)} captions new")
    figures: dict[str, Any] = {
        "gigaflop": operations(model) / 1e9,
        "megabytes": sum(path.stat().st_size for path in weights.iterdir()) / 1e6,
    }
    by_seed, answers = _by_seed(model, near), _by_seed(model, users)
    figures["near"] = _shares(near, by_seed)
    figures["asked"] = _shares([each for each, is_new in zip(users, new, strict=True) if is_new], answers[:, new])
    figures["asked_learned"] = _share(
        [each for each, is_new in zip(users, new, strict=True) if not is_new], answers[0, ~new]
    )
    figures["taught"] = _share(known, poses_of(model, [q.caption for q in known], range(len(known))))
    figures["far"] = _share(far, poses_of(model, [q.caption for q in far], range(len(far))))
    poses = poses_of(model, [q.caption for q in mixed], range(len(mixed)))
    figures["modified"] = _share(mixed, poses)
    figures["modified_single"] = _single(mixed, poses)
    wrong = np.array([confused(near, by_seed[0]), confused(mixed, poses), confused(users, answers[0])]).sum(0)
    figures["sides_confused"] = [int(wrong[0]), int(wrong[1])]
    figures |= _bodies([*near, *mixed], np.concatenate((by_seed[0], poses)))
    figures["variation_mm"] = float(by_seed.std(0).mean() * 1000)
    log("training the matching model")
    matcher = train_matching(run)
    captions = [question.caption for question in mixed]
    figures["retrieval_generated"] = retrieval(matcher, captions, poses)
    figures["retrieval_real"] = retrieval(matcher, captions, np.stack([question.pose for question in mixed]))
    for name, figure in figures.items():
        log(f"{name}: {figure}")
    return figures


def _by_seed(model: Small, questions: Sequence[Asked]) -> NDArray[np.float32]:
    """(seeds, n, 22, 3) poses of captions, by the default seed and others."""
    captions = [each.caption for each in questions]
    return np.stack(
        [poses_of(model, captions, [seed * 100_003 + i for i in range(len(captions))]) for seed in range(_SEEDS)]
    )


def _share(questions: Sequence[Asked], poses: NDArray[np.float32]) -> dict[str, Any]:
    return {"count": len(questions), "satisfied": float(satisfied(questions, poses).mean())}


def _shares(questions: Sequence[Asked], by_seed: NDArray[np.float32]) -> dict[str, Any]:
    """Shares of satisfied questions by seed, with the default one by group, and the captions that no seed satisfies."""
    right = np.array([satisfied(questions, poses) for poses in by_seed])  # (seeds, n)
    groups: dict[str, list[int]] = defaultdict(list)
    for index, each in enumerate(questions):
        groups[each.group].append(index)
    return {
        "count": len(questions),
        "by_seed": [float(share) for share in right.mean(1)],
        "by_group": {name: [float(right[0, rows].mean()), len(rows)] for name, rows in groups.items()},
        "never": [each.caption for each, won in zip(questions, right.max(0), strict=True) if not won],
    }


def _single(questions: Sequence[Asked], poses: NDArray[np.float32]) -> float:
    """Share of single predicates that hold; of two that are accepted, those that are held better."""
    held = wanted = 0
    for question, pose in zip(questions, poses, strict=True):
        view = View(pose)
        answers = [[holds(name, view) for name in predicates] for predicates in question.accepted]
        best = max(answers, key=np.mean)
        held, wanted = held + sum(best), wanted + len(best)
    return held / wanted


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
