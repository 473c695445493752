"""Questions for the evaluation: captions drawn from the grammar, with the predicates that their poses must satisfy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from training import split
from training.controls import Side
from training.grammar.compose import compose
from training.grammar.modifiers import Modifier
from training.grammar.templates import expanded
from training.split import SplitPose
from training.user_captions import Question


@dataclass(frozen=True)
class GrammarQuestion(Question):
    """A question drawn from the grammar, with a pose that answers it.

    Attributes
    ----------
    pose : (22, 3) float32 array
        Satisfies the first of ``accepted``.
    base : str
    airborne : bool
        Whether the pose may be off the ground.
    """

    pose: NDArray[np.float32]
    base: str
    airborne: bool


def _question(
    each: SplitPose, template: str, modifiers: list[Modifier], seed: tuple[int, ...], side: Side | None
) -> GrammarQuestion | None:
    """Make a question of one template; None if no predicate holds. ``side`` None draws the side."""
    base = replace(each.base, phrasings=(template,))
    left, right = (
        compose(each.group, base, modifiers, np.random.default_rng(seed), 4, side=made) for made in ("left", "right")
    )
    is_open = left.caption == right.caption
    if side is None:
        chance = base.right if is_open else 0.5
        side = "right" if np.random.default_rng((*seed, 1)).random() < chance else "left"
    example, other = (left, right) if side == "left" else (right, left)
    accepted = (example.predicates, other.predicates) if is_open and 0 < base.right < 1 else (example.predicates,)
    if not all(accepted):
        return None
    return GrammarQuestion(
        example.caption,
        tuple(dict.fromkeys(accepted)),
        each.group,
        example.motion[2],
        each.base.name,
        bool({"airborne", "moving"} & each.base.tags),
    )


def held_out_questions(seed: int, *, far: bool = False) -> list[GrammarQuestion]:
    """Return the near or the far test: one wording of each template, for both sides if it names one."""
    return _of_templates(seed, [each.far if far else each.near for each in split.poses()])


def trained_questions(seed: int) -> list[GrammarQuestion]:
    """Return questions that training has seen: one wording of the first template of each base pose."""
    return _of_templates(seed, [each.base.phrasings[:1] for each in split.poses()])


def _of_templates(seed: int, templates: Sequence[Sequence[str]]) -> list[GrammarQuestion]:
    """Make questions of some templates of each base pose."""
    questions: dict[str, GrammarQuestion] = {}
    for number, (each, chosen) in enumerate(zip(split.poses(), templates, strict=True)):
        for template in chosen:
            sided = any("{side}" in words or "{other}" in words for words in expanded(template))
            sides: tuple[Side | None, ...] = ("left", "right") if sided else (None,)
            for side in sides:
                question = _question(each, template, [], (seed, number, int(side == "left")), side)
                if question is not None:
                    questions[question.caption] = question
    return list(questions.values())


def modified_questions(count: int, seed: int) -> list[GrammarQuestion]:
    """Draw questions from the near test, with one to four modifiers each."""
    tested = [(each, template) for each in split.poses() for template in each.near]
    questions: dict[str, GrammarQuestion] = {}
    number = 0
    while len(questions) < count:
        rng = np.random.default_rng((seed, number))
        chosen = split.modifiers_of(rng)
        each, template = tested[int(rng.integers(len(tested)))]
        question = _question(each, template, chosen, (seed, number, 2), None) if chosen else None
        if question is not None:
            questions[question.caption] = question
        number += 1
    return list(questions.values())
