"""The files of the bundled model ``small``: where they are, and what can be read from them without torch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from posepipe.commandline.values import TEACHER
from posepipe.errors import CheckpointError, CheckpointNotFound
from posepipe.models.hearing import Hearing
from posepipe.models.mardm import files

SMALL_WEIGHTS: Final = Path(__file__).parent / "weights"
WEIGHTS, CONFIG, VOCABULARY, CARD = "model.safetensors", "config.json", "vocabulary.txt", "README.md"
TRAINED_WORDS: Final = "trained_words.txt"
"""The words of the training captions, one a line, the most frequent first."""

_RULES: Final = 3
"""Changes when the package does something else with what the networks give: the correction of bodies, variants."""


def small_fingerprint(paths: Iterable[Path]) -> str:
    """Fingerprint of the bundled model, from the contents of its files and from :data:`_RULES`."""
    return hashlib.sha256(f"{files.fingerprint(paths)} {_RULES}".encode()).hexdigest()[:16]


def small_weight_files() -> list[Path]:
    """Files of the bundled model whose contents change its poses, in a fixed order.

    Raises
    ------
    CheckpointNotFound
        There are none.
    """
    paths = sorted(
        path
        for path in SMALL_WEIGHTS.glob("*")
        if path.is_file() and path.suffix not in (".md", ".py") and not path.name.startswith(".")
    )
    if not paths:
        raise CheckpointNotFound(f"the bundled weights are not in {SMALL_WEIGHTS}: install posepipe again")
    return paths


def small_solver() -> str:
    """The solver of the bundled model when none is asked for."""
    return str(_small_settings().get("solver", TEACHER))


def small_has_student() -> bool:
    """Whether the weights of the bundled model have a student."""
    return bool(_small_settings().get("student", False))


def small_setting(name: str) -> float:
    """A number in the ``config.json`` of the bundled model: ``default_cfg`` or ``temperature``.

    Raises
    ------
    CheckpointError
        The file is missing or cannot be read.
    """
    try:
        return float(_small_settings()[name])
    except (ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"{SMALL_WEIGHTS / CONFIG} is damaged: install posepipe again") from error


def _small_settings() -> dict[str, Any]:
    path = SMALL_WEIGHTS / CONFIG
    if not path.exists():
        raise CheckpointNotFound(f"the bundled weights are not in {SMALL_WEIGHTS}: install posepipe again")
    try:
        settings: dict[str, Any] = json.loads(path.read_bytes())
    except ValueError as error:
        raise CheckpointError(f"{path} is damaged: install posepipe again") from error
    return settings


def bundled_hearing(folder: Path = SMALL_WEIGHTS) -> Hearing:
    """What the bundled model hears, from the word lists in its folder; see :mod:`posepipe.models.hearing`.

    Raises
    ------
    CheckpointNotFound
        A word list is missing.
    """
    lists = []
    for path in (folder / VOCABULARY, folder / TRAINED_WORDS):
        if not path.is_file():
            raise CheckpointNotFound(f"{path}, a word list of the bundled model, is missing: install posepipe again")
        lists.append(path.read_text(encoding="utf-8").split("\n")[:-1])
    words, trained = lists
    return Hearing(frozenset(words), {word: rank for rank, word in enumerate(trained)})
