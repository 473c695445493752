"""An output folder, and a run that holds it and obeys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_driver import Driver


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def driver(out: Path) -> Iterator[Driver]:
    made = Driver(out)
    yield made
    made.ended.set()
    made.thread.join(10)
