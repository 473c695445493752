"""Questions for the evaluation: captions drawn from the grammar, with the predicates that their poses must satisfy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training import split
from training.controls import SIDES, Side, opposite
from training.grammar.compose import draft
from training.grammar.modifiers import Modifier
from training.grammar.templates import expanded
from training.posecodes import describe
from training.split import SplitPose, draw_many
from training.user_captions import Question

_FRAMES: Final = 4
"""Frames of the motions that are composed; the middle one is the pose."""

_DRAWN: Final = 64
"""Poses drawn at a time for descriptions."""

_DERIVED_SEED: Final = 31_000_003
"""Added to the seed of the poses that are described, so that they are not those of the training."""


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


@dataclass(frozen=True)
class DerivedQuestion(Question):
    """A description of limbs, derived from a pose.

    Attributes
    ----------
    pose : (22, 3) float32 array
        The pose, which satisfies ``accepted``.
    statements : tuple of (kind, predicates)
        What the caption states, by kind of code; see :class:`training.posecodes.Derived`.
    """

    pose: NDArray[np.float32]
    statements: tuple[tuple[str, tuple[str, ...]], ...]


def _question(
    each: SplitPose, template: str, modifiers: list[Modifier], seed: tuple[int, ...], side: Side | None
) -> GrammarQuestion | None:
    """Make a question of one template; None if no predicate holds, or the modifiers do not go with the base pose.

    ``side`` None draws the side.
    """
    base = replace(each.base, phrasings=(template,))
    drafts = {on: draft(each.group, base, modifiers, np.random.default_rng(seed), _FRAMES, side=on) for on in SIDES}
    is_open = drafts["left"].caption == drafts["right"].caption
    if side is None:
        chance = base.right if is_open else 0.5
        side = "right" if np.random.default_rng((*seed, 1)).random() < chance else "left"
    if modifiers and not all(drafts[on].is_possible() for on in SIDES):
        return None
    example = drafts[side].solved()
    accepted = [example.predicates]
    if is_open and 0 < base.right < 1:
        accepted.append(drafts[opposite(side)].solved().predicates)
    if not all(accepted):
        return None
    return GrammarQuestion(
        example.caption,
        tuple(dict.fromkeys(accepted)),
        each.group,
        example.motion[_FRAMES // 2],
        each.base.name,
        bool({"airborne", "moving"} & each.base.tags),
    )


@cache
def held_out_questions(seed: int, *, far: bool = False) -> tuple[GrammarQuestion, ...]:
    """Return the near or the far test: one wording of each template, for both sides if it names one."""
    return _of_templates(seed, [each.far if far else each.near for each in split.poses()])


@cache
def trained_questions(seed: int) -> tuple[GrammarQuestion, ...]:
    """Return questions that training has seen: one wording of the first template of each base pose."""
    return _of_templates(seed, [each.base.phrasings[:1] for each in split.poses()])


def _of_templates(seed: int, templates: Sequence[Sequence[str]]) -> tuple[GrammarQuestion, ...]:
    """Make questions of some templates of each base pose."""
    questions: dict[str, GrammarQuestion] = {}
    for number, (each, chosen) in enumerate(zip(split.poses(), templates, strict=True)):
        for template in chosen:
            sided = any("{side}" in words or "{other}" in words for words in expanded(template))
            sides: tuple[Side | None, ...] = SIDES if sided else (None,)
            for side in sides:
                question = _question(each, template, [], (seed, number, int(side == "left")), side)
                if question is not None:
                    questions[question.caption] = question
    return tuple(questions.values())


@cache
def modified_questions(count: int, seed: int) -> tuple[GrammarQuestion, ...]:
    """Draw questions from the near test, with one to four modifiers each."""
    tested = [(each, template) for each in split.poses() for template in each.near]
    questions: dict[str, GrammarQuestion] = {}
    number = 0
    while len(questions) < count:
        rng = np.random.default_rng((seed, number))
        each, template = tested[int(rng.integers(len(tested)))]
        chosen = split.modifiers_of(rng, each.base)
        question = _question(each, template, chosen, (seed, number, 2), None) if chosen else None
        if question is not None:
            questions[question.caption] = question
        number += 1
    return tuple(questions.values())


@cache
def derived_questions(count: int, seed: int) -> tuple[DerivedQuestion, ...]:
    """Draw descriptions of limbs, derived from poses of the grammar that training does not draw."""
    questions: dict[str, DerivedQuestion] = {}
    first = seed + _DERIVED_SEED
    while len(questions) < count:
        poses = np.stack([each.motion[_FRAMES // 2] for each in draw_many(_DRAWN, first, 1, _FRAMES)])
        for pose, each in zip(poses, describe(poses, range(first * _DRAWN, (first + 1) * _DRAWN)), strict=True):
            if each is not None:
                accepted = (each.predicates,)
                questions[each.caption] = DerivedQuestion(each.caption, accepted, "derived", pose, each.statements)
        first += 1
    return tuple(questions.values())[:count]
