"""CLIP's tokenizer: captions to token numbers by byte-level byte pair encoding."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from posepipe.errors import CheckpointError

START, END = "<|startoftext|>", "<|endoftext|>"

_SPECIAL: Final = re.compile(f"({re.escape(START)}|{re.escape(END)})")
_CONTRACTION: Final = re.compile("'(?:s|t|re|ve|m|ll|d)")
_WHITE_SPACE: Final = re.compile(r"[^\S\x1c-\x1f]+")
"""Unicode's white space; Python also counts four separators of ASCII."""


def _byte_letters() -> dict[int, str]:
    """A printable character for each byte: itself where it is one, else one from 256 upwards."""
    printable = (*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1))
    others = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + index) for index, byte in enumerate(others)}


_LETTERS: Final = _byte_letters()


def _kind(character: str) -> str:
    """``L`` for letters, ``N`` for numbers, empty for all others."""
    first = unicodedata.category(character)[0]
    return first if first in "LN" else ""


def split_words(text: str) -> list[str]:
    """Words of a text in lower case: runs of letters, single digits, runs of other signs, and ``'s`` and the like.

    >>> split_words("He's 12, isn't  he?!")
    ['he', "'s", '1', '2', ',', 'isn', "'t", 'he', '?!']
    """
    spaced = _WHITE_SPACE.sub(" ", unicodedata.normalize("NFC", text))
    text = "".join(character.lower() for character in spaced)
    words = []
    start = 0
    while start < len(text):
        end = start + 1
        if contraction := _CONTRACTION.match(text, start):
            end = contraction.end()
        elif text[start] == " ":
            start = end
            continue
        elif (kind := _kind(text[start])) != "N":
            while end < len(text) and text[end] != " " and _kind(text[end]) == kind:
                end += 1
        words.append(text[start:end])
        start = end
    return words


class ClipTokenizer:
    """CLIP's tokenizer (Radford et al., 2021), as in the files ``vocab.json`` and ``merges.txt``.

    Parameters
    ----------
    folder : Path
        Holds ``vocab.json`` and ``merges.txt``, or else ``tokenizer.json``.

    Raises
    ------
    CheckpointError
        The files are missing or cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        try:
            vocabulary, merges = _read(folder)
            self._numbers: dict[str, int] = {str(piece): int(number) for piece, number in vocabulary.items()}
            self._ranks = {pair: rank for rank, pair in enumerate(merges)}
            self.start, self.end = self._numbers[START], self._numbers[END]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            reason = f"{error!r}" if isinstance(error, KeyError) else str(error)
            raise CheckpointError(f"the tokenizer files in {folder} cannot be read: {reason}") from error
        self._of_word = lru_cache(maxsize=10_000)(self._encode_word)

    def __call__(self, text: str, longest: int) -> list[int]:
        """Token numbers of a text between those for start and end; at most ``longest``, the end included."""
        numbers = [self.start]
        for part in _SPECIAL.split(text):
            if part in (START, END):
                numbers.append(self._numbers[part])
                continue
            for word in split_words(part):
                numbers += self._of_word(word)
        return [*numbers[: longest - 1], self.end]

    def _encode_word(self, word: str) -> tuple[int, ...]:
        """Numbers of a word's pieces; the number of the end token for a piece that is not in the vocabulary."""
        pieces = [_LETTERS[byte] for byte in word.encode()]
        pieces[-1] += "</w>"
        while len(pieces) > 1:
            pairs = [
                (self._ranks.get(pair, len(self._ranks)), at) for at, pair in enumerate(itertools.pairwise(pieces))
            ]
            rank, at = min(pairs)
            if rank == len(self._ranks):
                break
            pieces[at : at + 2] = [pieces[at] + pieces[at + 1]]
        return tuple(self._numbers.get(piece, self.end) for piece in pieces)


def _read(folder: Path) -> tuple[dict[str, Any], list[tuple[str, ...]]]:
    """Vocabulary and merges of a folder."""
    if (folder / "vocab.json").exists() and (folder / "merges.txt").exists():
        vocabulary = json.loads((folder / "vocab.json").read_bytes())
        lines = (folder / "merges.txt").read_text(encoding="utf-8").split("\n")
        return vocabulary, [tuple(line.split()) for line in lines if line and not line.startswith("#version")]
    model = json.loads((folder / "tokenizer.json").read_bytes())["model"]
    pairs = (pair.split() if isinstance(pair, str) else pair for pair in model["merges"])
    return model["vocab"], [tuple(pair) for pair in pairs]
