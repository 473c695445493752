"""Styles of captions for bodies with modifiers: limbs first, lists, absolute phrases, tags.

The plain style strings phrases together: "A person kneels with the left hand on the hip, looking up". People also
write "The left hand is on the hip, the right arm is stretched forward", "A man kneels, his left hand on his hip and his
head tilted", "A person has the left hand on the hip while kneeling", or tags: "kneeling, left hand on hip".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from training.controls import Side
from training.grammar.sentences import drawn_subject, filled, finished, predicate_of

Clause = tuple[str, str]
"""A thing and its state, "the left hand" and "on {his} hip"."""

_PLURAL: Final = re.compile(
    r"\b(?:both|arms|hands|legs|feet|knees|elbows|palms|heels|toes|fists|forearms|shoulders|thighs|ankles)$"
    r"|^both\b|^(?:the |\{his\} )?(?:palms|toes)\b"
)
_ARTICLE: Final = re.compile(r"\b(?:the|a|an)\s+|\{his\}\s+(?:own\s+)?")
_GERUND: Final = re.compile(r"^[a-z]+ing\b")
_WRAPPED: Final = re.compile(
    r"^(?:(?:doing|holding|performing|practicing|striking|making|taking|in|being in|standing in)\s+)?(?:an?|the)\s+"
)
_ON: Final = re.compile(r"^(on|at|behind|against|over)\b")
_RESTS: Final = ("{be}", "{be}", "{be}", "rest{s}", "{be} placed")


def caption(words: str, clauses: Sequence[Clause], side: Side, rng: np.random.Generator, *, is_plain: bool) -> str:
    """Write a caption whose limbs are described by clauses.

    Parameters
    ----------
    words : str
        Wording of the base pose, as for :func:`training.grammar.sentences.sentence`.
    clauses : sequence of (str, str)
        Their sides are filled in.
    side : "left" or "right"
        What ``{side}`` stands for in ``words``.
    rng : numpy Generator
    is_plain : bool
        Whether the base pose is plain standing, which need not be said.
    """
    write = _WRITERS[int(rng.choice(len(_WRITERS), p=_SHARES))]
    return write(filled(words, side, "{his}"), list(clauses), rng, is_plain)


def tag(words: str) -> str:
    """Return the words of a base pose as a tag: "doing a plank" becomes "plank", "sitting on a chair" stays."""
    bare = _WRAPPED.sub("", words)
    return _ARTICLE.sub("", bare) if bare != words else _ARTICLE.sub("", words) if len(words.split()) < 6 else words


def tagged(words: str, clauses: Sequence[Clause], rng: np.random.Generator) -> str:
    """Write tags: "kneeling, left hand on hip, head down"."""
    tags = [_ARTICLE.sub("", f"{thing} {state}") for thing, state in clauses]
    base = [tag(words)] if words else []
    text = ", ".join([*tags, *base] if rng.random() < 0.2 else [*base, *tags])
    text = text.replace("{his} ", "")
    choice = rng.random()
    if choice < 0.2:
        return text[:1].upper() + text[1:]
    return text.title() if choice < 0.23 else text


def _tags(words: str, clauses: list[Clause], rng: np.random.Generator, is_plain: bool) -> str:
    return tagged("" if is_plain and rng.random() < 0.5 else words, clauses, rng)


def stated(clause: Clause, rng: np.random.Generator, *, rests: bool = True) -> str:
    """Return a clause as a sentence without capital: "the left hand is on {his} hip"."""
    thing, state = clause
    many = bool(_PLURAL.search(thing.replace("{his}", "the")))
    verb = _RESTS[int(rng.integers(len(_RESTS)))] if rests and _ON.match(state) and "hand" in thing else "{be}"
    verb = verb.replace("{be}", "are" if many else "is").replace("{s}", "" if many else "s")
    return f"{thing} {verb} {state}"


def _listed(parts: Sequence[str], rng: np.random.Generator) -> str:
    """Join parts: "A, B and C", "A, B, C", "A while B"."""
    if len(parts) == 1:
        return parts[0]
    choice = rng.random()
    last = " and " if choice < 0.5 else (", and " if choice < 0.65 else (", " if choice < 0.85 else " while "))
    return ", ".join(parts[:-1]) + last + parts[-1]


def _sentences(parts: Sequence[str], rng: np.random.Generator) -> str:
    """Join statements to one or more sentences."""
    choice = rng.random()
    if choice < 0.3:
        return ". ".join(parts)
    return "; ".join(parts) if choice < 0.34 else _listed(parts, rng)


def _limbs_first(words: str, clauses: list[Clause], rng: np.random.Generator, is_plain: bool) -> str:
    """Write "The left hand is on the hip, the right arm is raised", with the base pose at the beginning or end."""
    subject, his = drawn_subject(rng)
    text = _sentences([stated(each, rng) for each in clauses], rng)
    choice = rng.random()
    if is_plain and choice < 0.55:
        pass
    elif choice < 0.75 and subject:
        text = f"{subject} {predicate_of(words, rng, subject)}{'. ' if rng.random() < 0.7 else ', '}{text}"
    elif _GERUND.match(words) and " while " not in text:
        text = f"{text} while {words}"
    else:
        text = f"{words}{'. ' if rng.random() < 0.5 else ', '}{text}"
    return finished(text, his, rng, stop=0.55)


def _absolute(words: str, clauses: list[Clause], rng: np.random.Generator, is_plain: bool) -> str:
    """Write "A man kneels, his left hand on his hip and his head tilted"."""
    subject, his = drawn_subject(rng)
    own = "{his}" if rng.random() < 0.6 else "the"
    parts = [f"{thing.replace('the ', own + ' ', 1)} {state}" for thing, state in clauses]
    text = f"{subject} {predicate_of(words, rng, subject)}, {_listed(parts, rng)}"
    return finished(text, his, rng, stop=0.2)


def _having(words: str, clauses: list[Clause], rng: np.random.Generator, is_plain: bool) -> str:
    """Write "A person has the left hand on the hip while kneeling"."""
    subject, his = drawn_subject(rng)
    parts = [f"{thing} {state}" for thing, state in clauses]
    listed = _listed(parts, rng).replace(" while ", " and ")
    text = f"{subject} has {listed}" if subject else f"with {listed}"
    if not (is_plain and rng.random() < 0.6):
        text += f" while {words}" if _GERUND.match(words) else f", {words}"
    return finished(text, his, rng, stop=0.2)


_WRITERS: Final[tuple[Callable[[str, list[Clause], np.random.Generator, bool], str], ...]] = (
    _limbs_first, _absolute, _having, _tags,
)  # fmt: skip
_SHARES: Final = (0.45, 0.2, 0.12, 0.23)
