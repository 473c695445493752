"""Record in which order files are forced to disk and moved in place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from posepipe.storage import atomic

Event = tuple[str, Path]


@contextmanager
def recorded() -> Iterator[list[Event]]:
    """Give the list of events: ``("sync", path)`` and ``("move", final path)``; both still happen."""
    events: list[Event] = []
    sync_file, move = atomic.sync_file, atomic.move

    def sync(path: Path) -> None:
        events.append(("sync", path))
        sync_file(path)

    def moved(aside: Path, path: Path) -> None:
        events.append(("move", path))
        move(aside, path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atomic, "sync_file", sync)
        patch.setattr(atomic, "move", moved)
        yield events
