"""What the bundled model hears: a caption in words that the model knows.

Only the text that the model reads is changed; caption, id and file name stay as written. The functions need no torch.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from posepipe.models import hearing_words as words

_SHORTEST_CORRECTED: Final = 3
"""Letters of the shortest word whose spelling is corrected."""

_EXCHANGED: Final = 8
"""Divisor of the rank where two neighbouring letters are exchanged, which is the commonest error."""

_OTHER_INITIAL: Final = 4
"""Factor on the rank of a word with another first letter: the first letter is rarely wrong."""

_SHORTEST_PART: Final = 3
"""Letters of the shorter word where two words are written as one, as in "lefthand"."""

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_CACHED: Final = 20_000

_EMOJI_MARKS: Final = frozenset("\ufe0e\ufe0f\u20e3")
"""Variation selectors and the enclosing keycap."""

_SYMBOLS: Final = frozenset({"So", "Sk", "Sm", "Sc", "Cs", "Co", "Cn", "Cf", "Cc"})
"""Unicode categories of emoji, their modifiers, symbols and invisible characters."""

_LIST_MARK: Final = re.compile(r"^\s*(?:[-*•·–—>]+|\(?\d{1,5}[.)\]:]|\(?[a-zA-Z][.)])\s+")
_WORD: Final = re.compile(r"[^\W\d_]+")
_MARKS: Final = re.compile(r"[#*~|=+<>\[\]{}%^\\@$]+")
_REPEATED: Final = re.compile(r"([a-zA-Z])\1{2,}")
_QUOTES: Final = "\"'“”‘’„«»`"


def _any(words: Iterable[str]) -> str:
    """Return a pattern for one of some words."""
    return f"(?:{'|'.join(re.escape(word) for word in words)})"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_VERB: Final = (
    r"(?:draw|show|sketch|paint|render|generate|create|make|give|produce|display|depict|imagine|see|get|have)"
)
_ASKED: Final = r"(?:(?:please|pls)\b,?\s+)?(?:(?:can|could|would|will) you (?:please )?)?"
_ORDER: Final = _pattern(
    rf"^(?:(?:hey|hi|hello|ok|okay|so|now|just)\b[,!]?\s+)*{_ASKED}"
    r"(?:i (?:want|need|would like|'d like)(?: you)?(?: to)?\s+|let'?s\s+)?(?:please\s+)?"
    rf"(?:{_VERB}(?:\s+(?:me|us))?\s+)?"
    rf"(?:(?:an?|the|one|some)\s+)?(?:{_any(words.QUALITIES)},?\s+)*{_any(words.MEDIA)}\s+"
    r"(?:of|showing|depicting|where|in which)\s+"
)
_BARE_ORDER: Final = _pattern(
    rf"^{_ASKED}(?:draw|show|sketch|paint|render|generate|create|produce|depict|imagine)(?:\s+(?:me|us))?\s+"
    r"(?=(?:an?|the|some|one|two|three)\s)"
)
_POLITE: Final = _pattern(r"^(?:please|pls)\b,?\s+")
_REMARK: Final = _pattern(rf",\s*{_any(words.REMARKS)}\s*(?=,|$)")

_SAME: Final = _pattern(r"^(?:(?:an?|the)\s+(?:person|man|woman|figure)|someone|person)\b")
"""Subjects that the training captions have; they stay as they are."""

_NO_COMPOUND: Final = r"(?!['’\-])"
_ADJECTIVES: Final = rf"(?:{_any(words.NEUTRAL)},?\s+)*"
_ONE: Final = _pattern(
    rf"^(?:(?:an?|the|one|this|that|my|our|some|his|her)\s+{_ADJECTIVES}{_any(words.PERSONS)}\b|"
    rf"{_ADJECTIVES}{_any(words.PERSONS)}(?=\s+(?:is|with|who|\w+ing)\b)){_NO_COMPOUND}"
)
_SEVERAL: Final = _pattern(
    rf"^(?:(?:{_any(words.COUNTS)}|\d+)\s+{_ADJECTIVES}{_any(words.PEOPLE)}\b|"
    rf"{_any(words.PEOPLE)}(?=\s+(?:are|who|\w+ing)\b)|a (?:couple|crowd|group|team)\b){_NO_COMPOUND}"
    r"(?:\s+(?P<verb>is|are|were|has|have)\b)?"
)
_PRONOUN: Final = _pattern(r"^(?:he|she|they|i|you|we|it|somebody|anyone|anybody|everyone|everybody)\b")
_DRESSED: Final = _pattern(
    r"^(?P<subject>(?:an?|the)\s+\w+)\s+(?:who is |that is )?(?:wearing|dressed in|in|with)\s+"
    rf"(?:(?:an?|the|his|her|their)\s+)?(?:(?!{_any([*words.PARTS, *words.PREPOSITIONS])}\b)[\w-]+\s+){{0,2}}?"
    rf"{_any(words.CLOTHES)}\b"
)
_VERBS: Final = {"are": "is", "were": "is", "have": "has", "is": "is", "has": "has"}

_BEGINNING: Final = _pattern(r"[a-z]+")
_SUBJECTS: Final = frozenset({"a", "an", "the", "someone", "person", "man", "woman", "figure"})

_LONGEST_NOUN: Final = 3
"""Words of the longest bare noun; a longer text stays as it is."""

_POSTURE_WORDS: Final = frozenset({"pose", "stance", "position", "posture", "asana", "stretch"})
_SENTENCE: Final = _pattern(
    r"\b(?:is|are|was|were|has|have|touch(?:es)?|reach(?:es)?|rests?|hangs?|points?|stays?|sitting|standing|kneeling|"
    r"lying|squatting|crouching|sits|stands|kneels|lies|squats|crouches|seated|person|someone|man|woman|figure)\b"
)
"""Words of a text that begins with a limb and says more than where the limb is."""
_NO_ARTICLE: Final = ("asana", "ing", "ics", "s")

Rule = Callable[[str], str]


@dataclass(frozen=True)
class Hearing:
    """Reads captions as the bundled model hears them.

    Attributes
    ----------
    words : frozenset of str
        Every word of the model's table. None of them is changed.
    ranks : mapping of str to int
        Ranks of the words of the training captions, 0 for the most frequent. They are not changed either, and words
        are corrected to the one with the lowest rank.
    """

    words: frozenset[str]
    ranks: Mapping[str, int]

    def __call__(self, caption: str) -> str:
        """Return a caption in words that the model knows; one that it understands is returned unchanged.

        Returns
        -------
        str
            Never empty: a caption of which nothing would be left is returned as it is.
        """
        if self.is_foreign(caption):
            return caption
        heard = caption
        for rule in (without_symbols, without_wrapper, self.spelled, with_known_subject, with_verb):
            heard = rule(heard) or heard
        return heard

    def is_foreign(self, caption: str) -> bool:
        """Whether no words or few are in training captions, as in another language; such a caption is not changed."""
        spoken = [_plain(word) for word in _WORD.findall(caption)]
        unknown = sum(word not in self.ranks for word in spoken if len(word) > 1)
        if len(spoken) == 1:
            return self._word(spoken[0]) == spoken[0] and spoken[0] not in self.words and spoken[0] not in self.ranks
        return not spoken or (unknown > 1 and 2 * unknown >= len(spoken))

    def spelled(self, text: str) -> str:
        """Correct the words that the model does not know: one letter, or two words written as one."""
        return _WORD.sub(lambda found: self._word(found.group()), text)

    def _word(self, word: str) -> str:
        plain = _plain(word)
        if plain in self.words or plain in self.ranks or not plain.isascii():
            return word
        found = _corrected(self, plain)
        return word if found == plain else found

    def __hash__(self) -> int:
        return id(self)


def _plain(word: str) -> str:
    """Return a word in lower case and without accents, as the text encoder reads it."""
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))


@lru_cache(maxsize=_CACHED)
def _corrected(hearing: Hearing, word: str) -> str:
    """Return the nearest trained word, two trained words, or the word itself."""
    single = _REPEATED.sub(r"\1", word)
    for shorter in (single, _REPEATED.sub(r"\1\1", word)):
        if shorter != word and shorter in hearing.ranks:
            return shorter
    if len(word) < _SHORTEST_CORRECTED:
        return word
    if near := [each for each in _neighbours(word) if each in hearing.ranks]:
        return min(near, key=lambda each: _cost(word, each, hearing.ranks[each]))
    splits = [
        (word[:cut], word[cut:])
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
        if word[:cut] in hearing.ranks and word[cut:] in hearing.ranks
    ]
    best = min(splits, key=lambda pair: max(hearing.ranks[part] for part in pair), default=(word,))
    return " ".join(best)


def _cost(written: str, meant: str, rank: int) -> tuple[float, str]:
    """Return how unlikely it is that one word was meant by another; the lowest is taken."""
    cost = (rank + 1) * (1 if meant[0] == written[0] else _OTHER_INITIAL)
    return (cost / _EXCHANGED if sorted(meant) == sorted(written) else cost), meant


def _neighbours(word: str) -> set[str]:
    """Return all words at one deletion, exchange of neighbours, substitution or insertion."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    return {
        *(a + b[1:] for a, b in cuts if b),
        *(a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
        *(a + c + b[1:] for a, b in cuts if b for c in _LETTERS),
        *(a + c + b for a, b in cuts for c in _LETTERS),
    }


def without_symbols(text: str) -> str:
    """Remove emoji, list marks, quotation marks around the whole, and characters such as ``#`` and ``*``.

    >>> without_symbols("- **A person** sitting 🧘 #yoga_pose")
    'A person sitting yoga pose'
    """
    text = "".join(" " if unicodedata.category(c) in _SYMBOLS or c in _EMOJI_MARKS or c == "_" else c for c in text)
    text = _LIST_MARK.sub("", text)
    return " ".join(_MARKS.sub(" ", text).split()).strip(_QUOTES + " ")


def without_wrapper(text: str) -> str:
    """Remove what asks for a picture, and remarks on its quality.

    >>> without_wrapper("Please draw me a picture of a person sitting, full body, 4k")
    'a person sitting'
    >>> without_wrapper("A person drawing a picture of a tree")
    'A person drawing a picture of a tree'
    """
    for pattern in (_ORDER, _BARE_ORDER, _POLITE):
        text = pattern.sub("", text, count=1)
    before = ""
    while before != text:
        before, text = text, _REMARK.sub("", text)
    return text


def with_known_subject(text: str) -> str:
    """Replace another subject by "A person"; the model knows one person and no clothes.

    >>> with_known_subject("Two old men are dancing")
    'A person is dancing'
    >>> with_known_subject("A woman in a red dress kneeling")
    'A woman kneeling'
    """
    if not _SAME.match(text):
        if found := _SEVERAL.match(text):
            verb = found.group("verb")
            text = "A person" + (f" {_VERBS[verb.lower()]}" if verb else "") + text[found.end() :]
        elif found := _ONE.match(text) or _PRONOUN.match(text):
            text = "A person" + text[found.end() :]
    return _DRESSED.sub(lambda found: found.group("subject"), text)


def with_verb(text: str) -> str:
    """Make a sentence of a bare noun, a tag or limbs: "handstand" becomes "A person doing a handstand".

    A text that begins with a limb and has a verb or a posture is understood as it is.

    >>> with_verb("Warrior pose"), with_verb("facepalm"), with_verb("Left hand on the hip")
    ('A person in warrior pose', 'A person doing a facepalm', 'A person standing with left hand on the hip')
    >>> with_verb("Both legs are bent"), with_verb("Head hanging down, sitting on the floor")
    ('Both legs are bent', 'Head hanging down, sitting on the floor')
    """
    found = _BEGINNING.match(text)
    first = found.group().lower() if found else ""
    if not first or first in _SUBJECTS or first in words.PREPOSITIONS:
        return text
    rest = text[0].lower() + text[1:]
    if first.endswith("ing"):
        return f"A person {rest}"
    noun = rest.partition(",")[0].lower().split()
    if first in words.PARTS and _SENTENCE.search(text):
        return text
    if first in words.PARTS and _is_placed(noun):
        return f"A person standing with {rest}"
    if noun[-1] in _POSTURE_WORDS:
        return f"A person in {rest}"
    if not _is_noun(noun):
        return text
    if noun[-1].endswith(_NO_ARTICLE):
        return f"A person doing {rest}"
    return f"A person doing {'an' if first[0] in 'aeiou' else 'a'} {rest}"


def _is_noun(text: Sequence[str]) -> bool:
    """Whether words look like a bare noun, not like an order such as "sit down" or "raise both arms"."""
    others = words.PLACES if text[0] in words.PARTS else words.PLACES | words.PARTS | words.OWNERS
    return len(text) <= _LONGEST_NOUN and not any(word in others for word in text[1:])


def _is_placed(text: Sequence[str]) -> bool:
    """Whether words that begin with a limb say where it is, as "arms crossed"; "leg raises" is a noun."""
    return any(word in words.PLACES or word.endswith("ed") for word in text[1:])
