"""The quick part of ``make attack``; each attack is a test of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from attack import ATTACKS, Attack
from attacked import Place


@pytest.mark.parametrize("attack", [each for each in ATTACKS if each.quick], ids=lambda each: each.title)
def test_an_attack_does_not_succeed(attack: Attack, tmp_path: Path) -> None:
    attack.action(Place(tmp_path))
