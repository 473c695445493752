"""What the model is asked: captions whose phrasing was never learned, with what must be true of their poses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from training import split
from training.asked import Asked
from training.controls import Side
from training.grammar.base import unfolded
from training.grammar.compose import compose
from training.grammar.modifiers import Modifier
from training.split import SplitPose


@dataclass(frozen=True)
class Question(Asked):
    """A caption of the grammar with a pose that does what it says, and where it comes from.

    Attributes
    ----------
    pose : (22, 3) float32 array
        Satisfies the first of ``accepted``.
    base : str
    airborne : bool
        Whether it may be off the ground.
    """

    pose: NDArray[np.float32]
    base: str
    airborne: bool


def _asked(
    each: SplitPose, template: str, chosen: list[Modifier], seed: tuple[int, ...], side: Side | None
) -> Question | None:
    """A question by one template, for a side where one is given; None where nothing is required of the pose."""
    base = replace(each.base, phrasings=(template,))
    left, right = (
        compose(each.group, base, chosen, np.random.default_rng(seed), 4, side=made) for made in ("left", "right")
    )
    is_open = left.caption == right.caption
    if side is None:
        chance = base.right if is_open else 0.5
        side = "right" if np.random.default_rng((*seed, 1)).random() < chance else "left"
    example, other = (left, right) if side == "left" else (right, left)
    accepted = (example.predicates, other.predicates) if is_open and 0 < base.right < 1 else (example.predicates,)
    if not all(accepted):
        return None
    return Question(
        example.caption,
        tuple(dict.fromkeys(accepted)),
        each.group,
        example.motion[2],
        each.base.name,
        bool({"airborne", "moving"} & each.base.tags),
    )


def phrasings(seed: int, *, far: bool = False) -> list[Question]:
    """The near or the far test: one wording of each template, for both sides where it names one."""
    return _of_templates(seed, [each.far if far else each.near for each in split.poses()])


def taught(seed: int) -> list[Question]:
    """What the training did show: one wording of the first template of each base pose, in a pose drawn anew."""
    return _of_templates(seed, [each.base.phrasings[:1] for each in split.poses()])


def _of_templates(seed: int, templates: Sequence[Sequence[str]]) -> list[Question]:
    """Questions by some templates of each base pose."""
    questions: dict[str, Question] = {}
    for number, (each, chosen) in enumerate(zip(split.poses(), templates, strict=True)):
        for template in chosen:
            sided = any("{side}" in words or "{other}" in words for words in unfolded(template))
            sides: tuple[Side | None, ...] = ("left", "right") if sided else (None,)
            for side in sides:
                question = _asked(each, template, [], (seed, number, int(side == "left")), side)
                if question is not None:
                    questions[question.caption] = question
    return list(questions.values())


def composed(count: int, seed: int) -> list[Question]:
    """Templates of the near test with one to four modifiers, at random."""
    tested = [(each, template) for each in split.poses() for template in each.near]
    questions: dict[str, Question] = {}
    number = 0
    while len(questions) < count:
        rng = np.random.default_rng((seed, number))
        chosen = split.modifiers_of(rng)
        each, template = tested[int(rng.integers(len(tested)))]
        question = _asked(each, template, chosen, (seed, number, 2), None) if chosen else None
        if question is not None:
            questions[question.caption] = question
        number += 1
    return list(questions.values())
