"""The quick part of ``make attack``; each attack is a test of its own."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from attacked import Place

SPEC = importlib.util.spec_from_file_location("attack", Path(__file__).parents[1] / "attack.py")
assert SPEC is not None
assert SPEC.loader is not None
attack = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(attack)
QUICK = [each for each in attack.ATTACKS if each.quick]


@pytest.mark.parametrize("number", range(len(QUICK)), ids=[each.title for each in QUICK])
def test_an_attack_does_not_succeed(number: int, tmp_path: Path) -> None:
    QUICK[number].action(Place(tmp_path))
