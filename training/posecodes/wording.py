"""Words for statements about a pose: clauses that name limbs, and sentences that join them as people do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from training.controls import Side, opposite
from training.posecodes.base import Said
from training.posecodes.body import POSTURES
from training.posecodes.choosing import CODES, Found, Unit

_PLURALS: Final = {"foot": "feet"}
_UNSIDED: Final = ("torso", "upper body", "trunk", "head")
"""Nouns that do not get a side, even if what is said about them has one."""

_HISSING: Final = ("s", "x", "z", "ch", "sh")
_ING: Final = {"put": "putting", "let": "letting", "step": "stepping"}

_FINITE: Final = {
    "pointing": "point", "resting": "rest", "touching": "touch", "leaning": "lean", "hanging": "hang",
    "reaching": "reach", "facing": "face",
}  # fmt: skip
_RESTING: Final = ("hand", "hands", "elbow", "elbows", "foot", "feet")
"""Limbs that rest on something: "the left hand rests on the knee"."""

_BENDS: Final = ("straight", "slight", "half", "square", "deep", "bent")
"""Endings of the codes that elbows and knees share."""


@dataclass(frozen=True)
class Person:
    """How a caption names the person.

    Attributes
    ----------
    subject : str
        Of the first sentence; empty for none.
    later : str
        Of the sentences after it.
    his : str
        The word before a part of the body.
    """

    subject: str
    later: str
    his: str

    @property
    def himself(self) -> str:
        """The reflexive pronoun."""
        return {"his": "himself", "her": "herself"}.get(self.his, "the body")


_PEOPLE: Final = (
    (0.30, "A person", ("The person", "They", "The person"), ("the", "the", "their", "his")),
    (0.46, "The person", ("They", "The person"), ("the", "their", "his", "the")),
    (0.56, "A man", ("He", "The man"), ("his", "the")),
    (0.66, "A woman", ("She", "The woman"), ("her", "the")),
    (0.72, "Someone", ("They", "The person"), ("the", "their")),
    (0.77, "Person", ("The person",), ("the",)),
    (0.82, "A figure", ("The figure",), ("the",)),
    (0.86, "He", ("He",), ("his", "the")),
    (0.90, "She", ("She",), ("her", "the")),
    (1.0, "", ("The person", "They"), ("the", "their", "the")),
)  # fmt: skip
"""Cumulative probability, subject, later subjects, words before parts of the body."""

Words = Sequence[str]


def pick(choices: Words, rng: Random) -> str:
    """Draw one of some words."""
    return choices[int(rng.random() * len(choices))]


def drawn_person(rng: Random) -> Person:
    """Draw how the person is named."""
    lot = rng.random()
    subject, later, his = next(row[1:] for row in _PEOPLE if lot < row[0])
    return Person(subject, pick(later, rng), pick(his, rng))


def third_person(phrase: str) -> str:
    """Return a phrase that begins with a verb in the third person: "bend it" becomes "bends it"."""
    verb, _, rest = phrase.partition(" ")
    return f"{verb}{'es' if verb.endswith(_HISSING) else 's'} {rest}".rstrip()


def gerund(phrase: str) -> str:
    """Return a phrase that begins with a verb in -ing: "raise it" becomes "raising it"."""
    verb, _, rest = phrase.partition(" ")
    stem = verb.removesuffix("e")
    return f"{_ING.get(verb, stem + 'ing')} {rest}".rstrip()


def plural(noun: str) -> str:
    """Return the plural of a part of the body."""
    return _PLURALS.get(noun, noun + "s")


@dataclass
class Clause:
    """One or two limbs, and what is said about them.

    Attributes
    ----------
    nouns : list of (noun, about)
    words : list of str
        What follows "is" or "are".
    does : str
        What the person does, with ``{it}`` for the limb; empty if there are no such words.
    is_plural : bool
    """

    nouns: list[tuple[str, str]]
    words: list[str]
    does: str
    is_plural: bool


def clauses(units: Sequence[Unit], rng: Random, person: Person) -> list[Clause]:
    """Return clauses that say the units, some of them merged: those about one limb, or with the same words."""
    out: list[Clause] = []
    said_of: list[Unit] = []
    for unit in units:
        said = unit.code.said[int(rng.random() * len(unit.code.said))]
        merge = rng.random()
        if merge < 0.6 and out and _merged(unit, said, said_of[-1], out[-1], rng, person):
            said_of[-1] = unit
            continue
        both = unit.about == "both"
        words = _filled(pick(said.both if both else said.one, rng), unit, person)
        acts = said.both_do if both else said.does
        does = _filled(pick(acts, rng), unit, person) if acts else ""
        noun = plural(said.noun) if both else said.noun
        out.append(Clause([(noun, unit.about)], [words], does, both or said.is_plural))
        said_of.append(unit)
    return out


def _merged(unit: Unit, said: Said, before: Unit, clause: Clause, rng: Random, person: Person) -> bool:
    """Merge a unit into the clause before it, if they are about one limb or say the same; return whether it was."""
    if len(clause.nouns) > 1 or len(clause.words) > 1 or not unit.code.sided or not before.code.sided:
        return False
    both = unit.about == "both"
    if unit.about == before.about and clause.nouns[0][0] == (plural(said.noun) if both else said.noun):
        clause.words.append(_filled(pick(said.both if both else said.one, rng), unit, person))
        clause.does = ""
        return True
    end, end_before = (each.code.name.partition("_")[2] for each in (unit, before))
    same = unit.code.kind == before.code.kind == "angle" and end == end_before and end in _BENDS
    if not same or unit.code.limb == before.code.limb:
        return False
    if both == (before.about == "both"):
        clause.nouns.append((plural(said.noun) if both else said.noun, unit.about))
        clause.words = [_filled(pick(said.both, rng), unit, person)]
        clause.is_plural, clause.does = True, ""
        return True
    return False


def _filled(words: str, unit: Unit, person: Person) -> str:
    """Fill the slots for sides and persons, except ``{it}``."""
    if "{" not in words:
        return words
    side: Side = unit.sides[0]
    words = words.replace("{side}", side).replace("{other}", opposite(side)).replace("{himself}", person.himself)
    return words.replace("{his}", person.his) if person.his else words.replace("{his} ", "")


def limb(noun: str, about: str, person: Person, rng: Random, *, bare: bool = False) -> str:
    """Return a limb with its article: "the left hand", "both elbows", "her torso"; ``bare`` drops the article."""
    if about == "both":
        lot = rng.random()
        if lot < 0.62 or not person.his:
            return f"both {noun}"
        return f"{person.his} {noun}" if lot < 0.9 else f"both of {person.his} {noun}"
    name = noun if about == "whole" or noun in _UNSIDED else f"{about} {noun}"
    if bare or not person.his:
        return name
    return f"{person.his} {name}"


def subject_of(clause: Clause, person: Person, rng: Random, *, bare: bool = False) -> str:
    """Return the limbs of a clause: "the left elbow and the right knee"."""
    names = [limb(noun, about, person, rng, bare=bare) for noun, about in clause.nouns]
    if len(names) == 2 and rng.random() < 0.4:
        names[1] = names[1].removeprefix(f"{person.his} ")
    return " and ".join(names)


def _ellipsis(clause: Clause, before: Clause | None) -> bool:
    """Return whether a clause is about the other one of two limbs, after a clause about the first."""
    if before is None or len(clause.nouns) > 1 or len(before.nouns) > 1:
        return False
    (noun, about), (noun_before, about_before) = clause.nouns[0], before.nouns[0]
    clear = not any(word in each for each in (*clause.words, *before.words) for word in (" one", "opposite", "other"))
    return noun == noun_before and {about, about_before} == {"left", "right"} and clear


def _subject(clause: Clause, before: Clause | None, person: Person, rng: Random, *, bare: bool) -> str:
    lot = rng.random()
    if lot < 0.35 and _ellipsis(clause, before):
        about = clause.nouns[0][1]
        return f"the {about} one" if lot < 0.2 else ("the other" if lot < 0.28 else "the other one")
    return subject_of(clause, person, rng, bare=bare)


def absolute(each: Clause, before: Clause | None, person: Person, rng: Random, *, bare: bool = False) -> str:
    """Return a clause without a verb: "the left hand on the right knee"."""
    return f"{_subject(each, before, person, rng, bare=bare)} {' and '.join(each.words)}"


def finite(each: Clause, before: Clause | None, person: Person, rng: Random) -> str:
    """Return a clause with a verb: "the left hand is on the right knee"."""
    subject = _subject(each, before, person, rng, bare=False)
    words = " and ".join(each.words)
    lot = rng.random()
    if lot < 0.35 and len(each.words) == 1:
        first, _, rest = words.partition(" ")
        verb = _FINITE.get(first)
        if verb is not None:
            return f"{subject} {verb if each.is_plural else third_person(verb)} {rest}".rstrip()
        if first == "on" and each.nouns[0][0] in _RESTING:
            return f"{subject} {'rest' if each.is_plural else 'rests'} {words}"
    return f"{subject} {'are' if each.is_plural else 'is'} {words}"


def act(each: Clause, person: Person, rng: Random) -> str:
    """Return what the person does, base form first: "bend the left elbow at a right angle"."""
    return each.does.replace("{it}", subject_of(each, person, rng))


def listed(parts: Sequence[str], rng: Random, last: str = "and") -> str:
    """Join parts: "a", "a and b", "a, b and c"."""
    if len(parts) < 3:
        return f" {last} ".join(parts)
    comma = "," if rng.random() < 0.35 else ""
    return f"{', '.join(parts[:-1])}{comma} {last} {parts[-1]}"


def posture_words(found: Found, person: Person, rng: Random) -> str:
    """Draw the words for a posture: "kneeling on the left knee"; empty if it has none."""
    if not found.posture.words:
        return ""
    words = pick(found.posture.words, rng)
    words = words.replace("{side}", found.side)
    return words.replace("{his}", person.his) if person.his else words.replace("{his} ", "")


_VERBS: Final = {
    "lying": "lies", "kneeling": "kneels", "sitting": "sits", "squatting": "squats", "crouching": "crouches",
    "standing": "stands", "balancing": "balances",
}  # fmt: skip


def posture_verb(words: str) -> str:
    """Return the words for a posture with a finite verb: "kneels on the left knee", "is seated"."""
    first, _, rest = words.partition(" ")
    return f"{_VERBS[first]} {rest}".rstrip() if first in _VERBS else f"is {words}"


def they(subject: str, verb_phrase: str) -> str:
    """Join subject and third-person verb phrase; after "They" the verb is plural."""
    if subject != "They":
        return f"{subject} {verb_phrase}"
    verb, _, rest = verb_phrase.partition(" ")
    base = {"is": "are", "has": "have", "lies": "lie"}.get(verb)
    if base is None:
        ends = verb.removesuffix("es").endswith(_HISSING)
        base = verb.removesuffix("es" if ends else "s")
    return f"They {base} {rest}".rstrip()


def capital(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]


_JOINING: Final = """
    with and while has have is are in the a an person's they he she of both other one left right opposite his her their
    himself herself body lie lies kneels kneel sits sit squats squat crouches crouch stands stand balances balance rest
    rests
"""  # fmt: skip
"""Words that are in none of the tables."""


def all_texts() -> list[str]:
    """Return texts that contain every word which a derived caption can have, for the vocabulary."""
    texts = [_JOINING, *(text for _, subject, later, his in _PEOPLE for text in (subject, *later, *his))]
    texts += [*_FINITE, *_FINITE.values(), *map(third_person, _FINITE.values())]
    for posture in POSTURES:
        texts += posture.words
    for code in CODES:
        for said in code.said:
            does = (*said.does, *said.both_do)
            texts += [said.noun, plural(said.noun) if said.both else "", *said.one, *said.both, *does]
            texts += [*map(third_person, does), *map(gerund, does)]
    return [re.sub(r"\{\w+\}", " ", text) for text in texts]
