"""The base poses, one module for each group; :data:`GROUPS` holds them all with their phrasings."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from training.grammar.base import BasePose, declared
from training.grammar.templates import with_phrasings

GROUP_NAMES: Final = (
    "standing",
    "trunk",
    "sitting",
    "kneeling",
    "squatting",
    "lying",
    "gymnastics",
    "yoga",
    "sports",
    "fighting",
    "gestures",
    "daily",
    "moving",
    "emotion",
    "dance",
    "named",
)
"""Modules of this package. The examples drawn with a given seed depend on the order."""


def _group(name: str) -> tuple[BasePose, ...]:
    import_module(f"{__name__}.{name}")
    return with_phrasings(name, declared(name))


GROUPS: Final[dict[str, tuple[BasePose, ...]]] = {name: _group(name) for name in GROUP_NAMES}
"""Base poses by group."""
