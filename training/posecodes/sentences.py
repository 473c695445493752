"""Captions of statements, in the styles in which people describe a pose."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from training.posecodes import wording
from training.posecodes.choosing import Found
from training.posecodes.wording import Clause, Person, absolute, capital, finite, listed, pick, they

_NO_ARTICLE: Final = re.compile(r"\b(?:the|his|her|their) ")


def _absolutes(
    parts: Sequence[Clause], person: Person, rng: Random, before: Clause | None = None, *, bare: bool = False
) -> list[str]:
    out = []
    for each in parts:
        out.append(absolute(each, before, person, rng, bare=bare))
        before = each
    return out


def _with(parts: Sequence[Clause], person: Person, rng: Random) -> str:
    """Return "with" and a list of clauses."""
    return "with " + listed(_absolutes(parts, person, rng), rng)


def finite_sentences(parts: Sequence[Clause], person: Person, rng: Random, before: Clause | None = None) -> str:
    """Return clauses as one or more sentences: "The left hand is on the hip, while the right arm is straight"."""
    sentences: list[str] = []
    rest = list(parts)
    while rest:
        size = min(len(rest), 1 + int(rng.random() * 2.6))
        texts = []
        for each in rest[:size]:
            texts.append(finite(each, before, person, rng))
            before = each
        rest = rest[size:]
        lot = rng.random()
        if size == 2 and lot < 0.35:
            joined = f"{texts[0]}, while {texts[1]}" if lot < 0.2 else f"{texts[0]} while {texts[1]}"
        elif size == 2 and lot < 0.45:
            joined = f"{texts[0]}, and {texts[1]}"
        else:
            joined = listed(texts, rng)
        sentences.append(capital(joined))
    return ". ".join(sentences)


_OPEN: Final = ("", "A person", "A man", "A woman", "A figure", "Person", "Someone")
"""Subjects that need no verb: "A man with both hands on his hips"."""


def with_list(parts: Sequence[Clause], posture: str, person: Person, rng: Random) -> str:
    """Return "A person kneeling with the left hand on the knee", the later clauses perhaps as sentences."""
    first = min(len(parts), 1 + int(rng.random() * 3))
    subject = person.subject or ("" if posture else "A person")
    lot = rng.random()
    is_open = subject in _OPEN
    if not posture:
        if is_open and lot < 0.5:
            head = f"{subject} {_with(parts[:first], person, rng)}"
        else:
            head = they(subject, "has " + listed(_absolutes(parts[:first], person, rng), rng))
    else:
        if is_open and lot < 0.6:
            head = f"{subject} {posture} "
        elif subject:
            head = they(subject, wording.posture_verb(posture) if lot < 0.8 else f"is {posture}") + " "
        else:
            head = f"{posture} "
        if lot * 10 % 1 < 0.75:
            head += _with(parts[:first], person, rng)
        else:
            head = f"{head.rstrip()}, {listed(_absolutes(parts[:first], person, rng), rng)}"
    text = capital(head.strip())
    if first < len(parts):
        text += ". " + finite_sentences(parts[first:], person, rng, parts[first - 1])
    return text


def limb_first(parts: Sequence[Clause], posture: str, person: Person, rng: Random) -> str:
    """Return sentences that begin with limbs; a posture comes first or last."""
    lot = rng.random()
    text = finite_sentences(parts, person, rng)
    if person.his in ("the", "their") and rng.random() < 0.3:
        named = re.match(r"(?:The|Their) (?=left|right|torso|upper|head|trunk|back)", text)
        if named:
            text = "The person's " + text[named.end() :]
    if not posture:
        return text
    who = person.subject or person.later
    if who == "Person":
        who = "The person"
    says = they(who, wording.posture_verb(posture) if lot < 0.45 else f"is {posture}")
    if lot < 0.7:
        return f"{says}. {text}"
    later = they("The person" if who.startswith(("A ", "Someone")) else who, f"is {posture}")
    return f"{text}. {later}"


def acting(parts: Sequence[Clause], posture: str, person: Person, rng: Random) -> str:
    """Return what the person does: "A person kneels, bends the left elbow and looks up", the rest with "with"."""
    doing = [each for each in parts if each.does]
    rest = [each for each in parts if not each.does]
    if not doing:
        return with_list(parts, posture, person, rng)
    lot = rng.random()
    acts = [wording.act(each, person, rng) for each in doing]
    subject = person.subject
    tail = f", {_with(rest, person, rng)}" if rest else ""
    if not subject or (lot < 0.35 and subject not in ("He", "She", "The person")):
        gerunds = [wording.gerund(each) for each in acts]
        if posture:
            joined = (
                f"{posture} and {gerunds[0]}"
                if len(gerunds) == 1 and lot < 0.5
                else f"{posture}, {listed(gerunds, rng)}"
            )
        else:
            joined = listed(gerunds, rng)
        return capital(f"{subject} {joined}{tail}".strip())
    verbs = [wording.third_person(each) for each in acts]
    if posture:
        verbs.insert(0, wording.posture_verb(posture))
    if subject == "They":
        verbs = [they("They", each).removeprefix("They ") for each in verbs]
    return f"{subject} {listed(verbs, rng)}{tail}"


def fronted(parts: Sequence[Clause], posture: str, person: Person, rng: Random) -> str:
    """Return "With the left hand on the hip, a person is kneeling"."""
    if not posture or not person.subject:
        return limb_first(parts, posture, person, rng)
    subject = person.subject[:1].lower() + person.subject[1:]
    subject = "a person" if subject == "person" else subject
    first = max(1, len(parts) - 1)
    text = f"{capital(_with(parts[:first], person, rng))}, {subject} is {posture}"
    if first < len(parts):
        text += ". " + finite_sentences(parts[first:], person, rng, None)
    return text


def telegram(parts: Sequence[Clause], posture: str, person: Person, rng: Random) -> str:
    """Return tags: "kneeling, left hand on right knee, torso leaning forward"."""
    bare = Person("", "", "")
    tags = _absolutes(parts, bare, rng, bare=True)
    short = [_NO_ARTICLE.sub("", each) if rng.random() < 0.8 else each for each in tags]
    if posture:
        posture = _NO_ARTICLE.sub("", posture) if rng.random() < 0.5 else posture
        short.insert(0, posture) if rng.random() < 0.8 else short.append(posture)
    text = ", ".join(short)
    return capital(text) if rng.random() < 0.5 else text


Style = Callable[[Sequence[Clause], str, Person, Random], str]
_STYLES: Final[tuple[tuple[float, Style], ...]] = (
    (0.36, with_list), (0.62, limb_first), (0.80, acting), (0.86, fronted), (1.0, telegram),
)  # fmt: skip
"""Styles with their cumulative probabilities."""

_POSTURE_SAID: Final = 0.8
_STANDING_SAID: Final = 0.6
_LIMBS_FIRST: Final = 0.7
"""Probabilities that a posture is said, and a factor for captions that begin with limbs."""


def caption(parts: Sequence[Clause], found: Found, person: Person, rng: Random) -> tuple[str, bool]:
    """Return a caption of clauses in a style drawn at random, and whether it says the posture."""
    lot = rng.random()
    style = next(style for below, style in _STYLES if lot < below)
    chance = _STANDING_SAID if found.posture.name == "standing" else _POSTURE_SAID
    is_said = rng.random() < chance * (_LIMBS_FIRST if style is limb_first else 1)
    posture = wording.posture_words(found, person, rng) if is_said else ""
    text = style(parts, posture, person, rng)
    if style is not telegram and (". " in text or rng.random() < 0.45):
        text += "." if rng.random() < 0.9 else ""
    if rng.random() < 0.05:
        text = text.lower()
    return text, bool(posture)


_HIS: Final = re.compile(r"\b(his|her|their)\b", re.IGNORECASE)


def appended(before: str, parts: Sequence[Clause], person: Person, rng: Random) -> str:
    """Return a caption followed by clauses: "A person kneeling, the left hand on the right knee"."""
    said = before.rstrip(". ")
    lot = rng.random()
    if lot < 0.4:
        link = " and " if " with " in said and rng.random() < 0.3 else (", with " if " with " in said else " with ")
        link = link if link != " with " or rng.random() < 0.6 else ", with "
        return said + link + listed(_absolutes(parts, person, rng), rng)
    if lot < 0.7:
        return said + ", " + listed(_absolutes(parts, person, rng), rng)
    return f"{said}. {finite_sentences(parts, person, rng)}" + ("." if rng.random() < 0.8 else "")


def person_of(before: str, rng: Random) -> Person:
    """Return how the person of a caption is named, so that what follows agrees with it."""
    found = _HIS.search(before)
    low = before.lower()
    his = found.group(1).lower() if found else ("her" if low.startswith("a woman") else "the")
    if low.startswith("a man") and not found:
        his = "his"
    return Person("", "", pick((his, "the"), rng))
