"""What the model is asked: captions whose phrasing was never learned, with what must be true of their poses."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posepipe.training import split
from posepipe.training.controls import Side
from posepipe.training.grammar.base import unfolded
from posepipe.training.grammar.compose import compose
from posepipe.training.grammar.modifiers import Modifier
from posepipe.training.split import SplitPose


@dataclass(frozen=True)
class Question:
    """A caption, the predicates that its pose must satisfy, a pose that does, and where it comes from.

    Attributes
    ----------
    caption : str
    predicates : tuple of str
    pose : (22, 3) float32 array
        Of the grammar.
    group, base : str
    airborne : bool
        Whether it may be off the ground.
    """

    caption: str
    predicates: tuple[str, ...]
    pose: NDArray[np.float32]
    group: str
    base: str
    airborne: bool


def _asked(
    each: SplitPose, template: str, chosen: list[Modifier], rng: np.random.Generator, side: Side | None
) -> Question:
    base = replace(each.base, phrasings=(template,))
    example = compose(each.group, base, chosen, rng, 4, side=side)
    return Question(
        example.caption,
        example.predicates,
        example.motion[2],
        each.group,
        each.base.name,
        bool({"airborne", "moving"} & each.base.tags),
    )


def phrasings(seed: int, *, far: bool = False) -> list[Question]:
    """The near or the far test: one wording of each template, for both sides where it names one."""
    questions: dict[str, Question] = {}
    for number, each in enumerate(split.poses()):
        for template in each.far if far else each.near:
            sided = any("{side}" in words or "{other}" in words for words in unfolded(template))
            sides: tuple[Side | None, ...] = ("left", "right") if sided else (None,)
            for side in sides:
                rng = np.random.default_rng((seed, number, side == "left"))
                question = _asked(each, template, [], rng, side)
                if question.predicates:
                    questions[question.caption] = question
    return list(questions.values())


def composed(count: int, seed: int) -> list[Question]:
    """Templates of the near test with one to four modifiers, at random."""
    tested = [(each, template) for each in split.poses() for template in each.near]
    questions: dict[str, Question] = {}
    number = 0
    while len(questions) < count:
        rng = np.random.default_rng((seed, number))
        number += 1
        chosen = split.modifiers_of(rng)
        each, template = tested[int(rng.integers(len(tested)))]
        if chosen:
            question = _asked(each, template, chosen, rng, None)
            if question.predicates:
                questions[question.caption] = question
    return list(questions.values())
