"""Base poses of the group squatting."""
# ruff: noqa: E501 - tables of phrasings and predicates

from __future__ import annotations

from posepipe.training.grammar.base import BasePose

POSES: tuple[BasePose, ...] = ()
