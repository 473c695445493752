"""An output folder, and a run that holds it and obeys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_driver import Driver

from posepipe.control.state import REQUEST_NAME


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def driver(out: Path) -> Iterator[Driver]:
    made = Driver(out)
    yield made
    if made.thread.is_alive():
        (out / REQUEST_NAME).write_text("die")
        made.thread.join(10)
