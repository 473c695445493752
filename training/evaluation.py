"""Evaluation: on captions that training has not seen, does the pose do what the caption says?"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.commandline.values import STUDENT, TEACHER
from posepipe.models import small
from posepipe.models.sides import swap_sides
from posepipe.models.small import Small
from posepipe.skeleton import BONE_LENGTHS, bone_lengths
from posepipe.skeleton.bodies import VISIBLE, deepest
from posepipe.skeleton.correction import unnatural
from training.build import TrainingRun
from training.grammar.geometry import PoseGeometry
from training.grammar.predicates import holds
from training.loop import Log
from training.matching import retrieval, train_matching
from training.posecodes.base import KINDS
from training.questions import (
    DerivedQuestion,
    GrammarQuestion,
    derived_questions,
    held_out_questions,
    modified_questions,
    trained_questions,
)
from training.settings import Settings
from training.user_captions import BLIND_FILES, Question, blind_captions, is_trained, user_captions

FRAMES: Final = 16
_BATCH: Final = 64
_TRIED: Final = 400
"""Captions on which guidance scales are compared."""

_CHANCE: Final = 0.015
"""Smallest difference between two shares of :data:`_TRIED` captions that is not taken for chance."""

_MODIFIED: Final = 1_024
"""Captions with modifiers in the evaluation."""

_DERIVED: Final = 768
"""Descriptions of limbs in the evaluation."""

_SEEDS: Final = 6
"""Seeds of the sampler in the evaluation."""

_HELD_OUT_SEED: Final = 7_000_001
"""Added to the seed for captions drawn for the evaluation."""

_TIME_STEPS: Final = 18
_LOWEST: Final = -0.03
_HIGHEST: Final = 0.10
"""Metres: lowest and highest position of the lowest joint of a sound pose."""

_BONE_ERROR: Final = 0.02
"""Largest relative error of the bone lengths of a sound pose."""


def poses_of(
    model: Small, captions: Sequence[str], seeds: Sequence[int], cfg: float | None = None, frames: int = FRAMES
) -> NDArray[np.float32]:
    """Return the middle frames (n, 22, 3) that the model makes of captions, finished as in a run."""
    parts = []
    for i in range(0, len(captions), _BATCH):
        part, own = captions[i : i + _BATCH], seeds[i : i + _BATCH]
        motions = model.generate_motions(
            part,
            own,
            sequence_length=frames,
            time_steps=_TIME_STEPS,
            cfg=model.default_cfg if cfg is None else cfg,
            batch_size=_BATCH,
        )
        middle = motions[:, frames // 2, None]  # (n, 1, 22, 3)
        parts.append(model.finish(middle, part, own, [0] * len(part))[:, 0])
    return np.concatenate(parts)


def operations(model: Small, frames: int = FRAMES) -> float:
    """Count the floating-point operations per pose at the default settings, text encoder included.

    A multiplication and an addition count as two. torch does not count normalisations and activations, a few percent.
    """
    from torch.utils.flop_counter import FlopCounterMode

    model.prepare([])
    captions = [f"A person standing on the left leg with both arms raised {number}" for number in range(_BATCH)]
    counter = FlopCounterMode(display=False)
    with counter:
        poses_of(model, captions, range(_BATCH), frames=frames)
    return float(counter.get_total_flops()) / _BATCH


def satisfied(questions: Sequence[Question], poses: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return (n,) bool: whether the poses (n, 22, 3) satisfy the predicates of their captions."""
    return np.array([_any_holds(q.accepted, PoseGeometry(pose)) for q, pose in zip(questions, poses, strict=True)])


def _any_holds(accepted: Sequence[Sequence[str]], geometry: PoseGeometry) -> bool:
    return any(all(holds(name, geometry) for name in predicates) for predicates in accepted)


def confused(questions: Sequence[Question], poses: NDArray[np.float32]) -> tuple[int, int]:
    """Count the captions whose pose shows the mirror image of what they say, and all captions that name a side."""
    wrong = sided = 0
    for question, pose in zip(questions, poses, strict=True):
        about = [[name for name in predicates if swap_sides(name) != name] for predicates in question.accepted]
        if not all(about) or swap_sides(question.caption) == question.caption:
            continue
        sided += 1
        swapped = [[swap_sides(name) for name in predicates] for predicates in about]
        geometry = PoseGeometry(pose)
        wrong += _any_holds(swapped, geometry) and not _any_holds(about, geometry)
    return wrong, sided


def best_guidance(weights: Path, settings: Settings, log: Log) -> float:
    """Return the guidance scale that satisfies most held-out captions; of scales that are equally good, the largest."""
    model = small.load(folder=weights, solver=TEACHER)
    questions = modified_questions(_TRIED, settings.seed + _HELD_OUT_SEED + 1)
    shares = {}
    for cfg in settings.guidance:
        poses = poses_of(model, [q.caption for q in questions], range(len(questions)), cfg)
        shares[cfg] = float(satisfied(questions, poses).mean())
        log(f"guidance {cfg}: {shares[cfg]:.3f} of {len(questions)} held-out captions satisfied")
    best = max(shares.values())
    return max(cfg for cfg, share in shares.items() if share >= best - _CHANCE)


def student_figures(
    weights: Path,
    near: Sequence[GrammarQuestion],
    users: Sequence[Question],
    new: NDArray[np.bool_],
    modified: Sequence[GrammarQuestion],
) -> dict[str, Any]:
    """Return the shares of the student, on the same captions with the same seeds."""
    student = small.load(folder=weights, solver=STUDENT)
    poses = poses_of(student, [q.caption for q in modified], range(len(modified)))
    asked = [each for each, is_new in zip(users, new, strict=True) if is_new]
    return {
        "asked": _shares(asked, _by_seed(student, users)[:, new])["by_seed"],
        "near": _shares(near, _by_seed(student, near))["by_seed"],
        "modified": _share(modified, poses)["satisfied"],
        "modified_single": _single(modified, poses),
    }


def evaluate(weights: Path, run: TrainingRun, log: Log) -> dict[str, Any]:
    """Return all figures of the model card."""
    model = small.load(folder=weights)
    near, far = held_out_questions(run.settings.seed), held_out_questions(run.settings.seed, far=True)
    known = trained_questions(run.settings.seed)
    modified = modified_questions(_MODIFIED, run.settings.seed + _HELD_OUT_SEED)
    users = user_captions()
    new = np.array([not is_trained(each.caption) for each in users])
    log(
        f"{len(near)} held-out phrasings, {len(modified)} with modifiers, {new.sum()} of {len(users)} user captions new"
    )
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
    poses = poses_of(model, [q.caption for q in modified], range(len(modified)))
    figures["modified"] = _share(modified, poses)
    figures["modified_single"] = _single(modified, poses)
    wrong = np.array([confused(near, by_seed[0]), confused(modified, poses), confused(users, answers[0])]).sum(0)
    figures["sides_confused"] = [int(wrong[0]), int(wrong[1])]
    figures["blind"] = {path.stem: blind_figures(model, blind_captions(path)) for path in BLIND_FILES}
    figures["derived"] = derived_figures(model, derived_questions(_DERIVED, run.settings.seed + _HELD_OUT_SEED))
    figures |= _bodies([*near, *modified], np.concatenate((by_seed[0], poses)))
    figures["variation_mm"] = float(by_seed.std(0).mean() * 1000)
    if json.loads((weights / small.CONFIG).read_text(encoding="utf-8")).get("student"):
        figures["student"] = student_figures(weights, near, users, new, modified)
    log("training the matching model")
    matcher = train_matching(run)
    captions = [question.caption for question in modified]
    figures["retrieval_generated"] = retrieval(matcher, captions, poses)
    figures["retrieval_real"] = retrieval(matcher, captions, np.stack([question.pose for question in modified]))
    for name, figure in figures.items():
        log(f"{name}: {figure}")
    return figures


def _by_seed(model: Small, questions: Sequence[Question]) -> NDArray[np.float32]:
    """Return poses (seeds, n, 22, 3) of captions, the default seed first."""
    captions = [each.caption for each in questions]
    return np.stack(
        [poses_of(model, captions, [seed * 100_003 + i for i in range(len(captions))]) for seed in range(_SEEDS)]
    )


def _share(questions: Sequence[Question], poses: NDArray[np.float32]) -> dict[str, Any]:
    return {"count": len(questions), "satisfied": float(satisfied(questions, poses).mean())}


def _shares(questions: Sequence[Question], by_seed: NDArray[np.float32]) -> dict[str, Any]:
    """Return the shares of satisfied questions, by seed and by group (first seed), and the captions always missed."""
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


def blind_figures(model: Small, questions: Sequence[Question]) -> dict[str, Any]:
    """Return the shares of right poses over captions written blind, by seed and by group, and the sides confused."""
    by_seed = _by_seed(model, questions)
    wrong = np.array([confused(questions, poses) for poses in by_seed]).sum(0)
    return _shares(questions, by_seed) | {"sides_confused": [int(wrong[0]), int(wrong[1])]}


def derived_figures(model: Small, questions: Sequence[DerivedQuestion]) -> dict[str, Any]:
    """Return the shares of descriptions and of single statements that hold, the latter also by kind of code."""
    poses = poses_of(model, [each.caption for each in questions], range(len(questions)))
    kinds: dict[str, list[bool]] = defaultdict(list)
    for question, pose in zip(questions, poses, strict=True):
        geometry = PoseGeometry(pose)
        for kind, predicates in question.statements:
            kinds[kind].append(all(holds(name, geometry) for name in predicates))
    return _share(questions, poses) | {
        "single": float(np.mean([right for rights in kinds.values() for right in rights])),
        "by_kind": {kind: [float(np.mean(kinds[kind])), len(kinds[kind])] for kind in KINDS if kinds[kind]},
        "sides_confused": list(confused(questions, poses)),
    }


def _single(questions: Sequence[Question], poses: NDArray[np.float32]) -> float:
    """Return the share of single predicates that hold; of several alternatives, the best one counts."""
    holding = asked = 0
    for question, pose in zip(questions, poses, strict=True):
        geometry = PoseGeometry(pose)
        answers = [[holds(name, geometry) for name in predicates] for predicates in question.accepted]
        best = max(answers, key=np.mean)
        holding, asked = holding + sum(best), asked + len(best)
    return holding / asked


def _bodies(questions: Sequence[GrammarQuestion], poses: NDArray[np.float32]) -> dict[str, float]:
    """Return the shares of poses with sound bone lengths, sound bodies, not below the floor, and not floating."""
    lengths = np.array(BONE_LENGTHS[1:])
    bones = np.abs(bone_lengths(poses)[:, 1:] / lengths - 1).max(1) <= _BONE_ERROR
    lowest = poses[..., 1].min(1)
    standing = np.array([not question.airborne for question in questions])
    return {
        "bones_sound": float(bones.mean()),
        "sound": float(((deepest(poses) <= VISIBLE) & ~unnatural(poses)).mean()),
        "not_below_floor": float((lowest >= _LOWEST).mean()),
        "not_off_floor": float((lowest[standing] <= _HIGHEST).mean()),
    }
