"""From wordings to captions: subject, sides, verb forms, capitals and full stops."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from training.controls import Side, opposite

_SUBJECTS: Final = (
    ("A person", 0.62, ("the", "the", "the", "their")),
    ("a person", 0.10, ("the", "their")),
    ("Someone", 0.05, ("the", "their")),
    ("The person", 0.04, ("the", "their")),
    ("A man", 0.04, ("the", "his")),
    ("A woman", 0.04, ("the", "her")),
    ("A figure", 0.02, ("the",)),
    ("Person", 0.02, ("the",)),
    ("", 0.07, ("the",)),
)
"""Subjects of captions, with their shares and the words that may stand for ``{his}``."""

_DOUBLED: Final = frozenset(
    """
    sit squat run jog hop skip step hug clap nod bat spin dip grip rub pat tap drag flip hit kid mop pin plan
    put sag scrub set shrug slip snap stop strum swim tip wag wrap cut dig fan get grin jab let lug sob beg
    bob chop drop pop rap dab slam spar win swivel trip plug drum jam grab stab cup shut slap stir sidestep trot
    signal cram fit clip nap tug jut ram eavesdrop flag lob slug model pedal program scan shop shovel sip split swab
    trek uppercut duel control skim chat fret pen pet prop shed tan travel whip worship
    """.split()  # noqa: SIM905
)
_SILENT_E: Final = frozenset(
    """
    admir announc apologiz argu arrang arriv bak balanc bast bik bit bounc brac bundl celebrat chang charg
    chas clos com combin concentrat conjur cours cradl creat crumpl cuddl danc dangl decid demonstrat div
    divid dodg dos dribbl driv endur erod escap exercis exhal fad fenc fil fir freez gaz gestur giv glanc
    glid grappl handl hav hesitat hid hik hobbl huddl hurdl hypnotiz imitat inhal introduc jostl juggl leav
    lin lung mak measur meditat mim mov notic observ operat paddl parad past perceiv pil pirouett plac pleas
    plung pos pounc prac practic prais prepar prob rac rais receiv reclin retriev rid rotat saddl salut scar
    scrap scrib serv shak shav shin shuffl sid skat slic slid smil smok sneez squar squeez stak star stat
    strid strik struggl stumbl styl surfac surviv tackl tak tast trembl tun typ us wad waddl wak wav whistl
    alternat chuckl cod contemplat execut fum jubilat lik pok quot rollerblad stickhandl tangl
    accus bicycl cackl choos compet congratulat curs decorat dislik encourag enumerat forg griev hitchhik interlac
    lectur loos massag pranc promis pursu refus rejoic replac sav seeth sooth sprinkl swerv telephon weav welcom
    wiggl winc
    approv capitulat curv din disapprov doubl examin fac guid hing inclin invit loung menac nurs practis
    propos prostrat queu rins ris scor skydiv stifl sunbath untangl wriggl
    wip wobbl wrestl writ cycl breakdanc carv fram rav scal spik vogu groov releas circl drap straddl trad
    tumbl twin advanc ambl angl assum breath collaps embrac evad fiddl giggl glar heav implor indicat lac los
    phon pledg rak scribbl shad shap shov strok tens toppl urg
    """.split()  # noqa: SIM905
)


_IRREGULAR: Final = {
    "having": "has", "being": "is", "booing": "boos", "frolicking": "frolics", "panicking": "panics",
}  # fmt: skip


def _third_person(verb: str) -> str:
    """Return the third person of a verb in -ing: "standing" becomes "stands"."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    stem = verb.removesuffix("ing")
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[:-1] in _DOUBLED:
        stem = stem[:-1]
    elif stem in _SILENT_E:
        stem += "e"
    elif stem == "ly":
        stem = "lie"
    if stem.endswith(("ch", "sh", "ss", "x", "z", "o")):
        return stem + "es"
    if stem.endswith("y") and stem[-2:-1] not in "aeou":
        return stem[:-1] + "ies"
    return stem + "s"


_GERUND: Final = re.compile(r"^[a-z]+ing\b")
_SECOND: Final = re.compile(r"\band ([a-z]{2,}ing)\b")


def predicate_of(words: str, rng: np.random.Generator, subject: str) -> str:
    """Draw the form in which words follow a subject: "standing still", "is standing still" or "stands still"."""
    if not subject:
        return words
    found = _GERUND.match(words)
    choice = rng.random()
    if found is None:
        return f"is {words}" if choice < 0.3 else words
    if choice < 0.68:
        return words
    if choice < 0.84:
        return f"is {words}"
    said = _third_person(found.group()) + words[found.end() :]
    return _SECOND.sub(lambda second: f"and {_third_person(second.group(1))}", said)


_SLOT: Final = re.compile(r"\{(?:side|other)\}")
_STANDS_ON: Final = ("on the {on} leg", "on the {on} foot", "balancing on the {on} leg", "standing on the {on} leg")
_LIFTS: Final = ("with the {off} leg lifted", "with the {off} foot off the ground", "lifting the {off} leg")
_LEG_NAMED: Final = re.compile(r"\b(?:leg|legs|foot|knee|toes)\b|\{")
_BY_HAND: Final = ("with the {side} hand", "using the {side} hand", "with {his} {side} hand")
_HAND_NAMED: Final = re.compile(
    r"\b(?:hand|hands|arm|arms|finger|fingers|fist|palm|thumb|thumbs|elbow)\b|\{(?:side|other)"
)


def with_other(words: str, rng: np.random.Generator) -> str:
    """Sometimes name only one of two sides: "the {side} foot on the other knee", "one foot on the {other} knee"."""
    slots = [found.group() for found in _SLOT.finditer(words)]
    second = next((slot for slot in slots if slot != slots[0]), "")
    choice = rng.random()
    if second and choice < 0.3 and f"the {second} " in words:
        return words.replace(f"the {second} ", "the other ", 1)
    return without_first_side(words) if choice > 0.88 else words


def without_first_side(words: str) -> str:
    """Replace the first of two sides by "one": "one foot on the {other} knee". Other words are returned unchanged."""
    slots = [found.group() for found in _SLOT.finditer(words)]
    if len(set(slots)) < 2 or slots.count(slots[0]) > 1:
        return words
    return words.replace(f"the {slots[0]} ", "one ", 1)


def leg_named(words: str, slot: str) -> list[str]:
    """Return wordings of a balance that name a leg, as "in tree pose on the left leg"; [] if the words name one.

    ``slot`` stands for the leg that carries the body: ``{side}`` or ``{other}``.
    """
    if _LEG_NAMED.search(words):
        return []
    lifted = "{other}" if slot == "{side}" else "{side}"
    return [f"{words} {each.format(on=slot, off=lifted)}" for each in (*_STANDS_ON, *_LIFTS)]


def hand_named(words: str) -> list[str]:
    """Return wordings that name the hand, as "brushing the teeth with the left hand"; [] if the words name one."""
    return [] if _HAND_NAMED.search(words) else [f"{words} {each}" for each in _BY_HAND]


def one_named(words: str, choices: Sequence[str], rng: np.random.Generator) -> str:
    """Draw either the words or, less often, one of the longer ``choices`` that name a limb."""
    return choices[int(rng.integers(len(choices)))] if choices and rng.random() < 0.25 else words


def filled(words: str, side: Side, his: str) -> str:
    """Fill the slots of a wording."""
    return words.replace("{side}", side).replace("{other}", opposite(side)).replace("{his}", his)


def sentence(words: str, side: Side, rng: np.random.Generator) -> str:
    """Make a caption: draw subject, verb form, full stop and capitals.

    Parameters
    ----------
    words : str
        Wordings of base pose and modifiers; the slots of the modifiers are filled.
    side : "left" or "right"
        What ``{side}`` stands for.
    rng : numpy Generator
    """
    subject, his = drawn_subject(rng)
    text = f"{subject} {predicate_of(filled(words, side, his), rng, subject)}".strip()
    if not subject and rng.random() < 0.4:
        text = text[:1].upper() + text[1:]
    if rng.random() < 0.12:
        text += "."
    if rng.random() < 0.03:
        text = text.lower()
    return text


_CUMULATED: Final = tuple(np.cumsum([share for _, share, _ in _SUBJECTS]) / sum(share for _, share, _ in _SUBJECTS))


def drawn_subject(rng: np.random.Generator) -> tuple[str, str]:
    """Draw the subject of a caption, which may be empty, and what stands for ``{his}``."""
    number = int(np.searchsorted(_CUMULATED, rng.random()))
    subject, _, whose = _SUBJECTS[min(number, len(_SUBJECTS) - 1)]
    return subject, whose[int(rng.integers(len(whose)))]


_SENTENCE: Final = re.compile(r"(^|\. )([a-z])")


def finished(text: str, his: str, rng: np.random.Generator, stop: float) -> str:
    """Fill ``{his}``, begin sentences with capitals, and add a full stop with a probability."""
    text = text.strip().replace("{his}", his)
    if ". " in text or rng.random() < 0.85:
        text = _SENTENCE.sub(lambda found: found.group(1) + found.group(2).upper(), text)
    if ". " in text or rng.random() < stop:
        text += "."
    return text.lower() if rng.random() < 0.03 else text
