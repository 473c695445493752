"""Record in which order files are forced to disk and moved in place, and what a loss of power would leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from posepipe.storage import atomic, syncing

Event = tuple[str, Path]


@contextmanager
def recorded(after: Callable[[Event], None] = lambda _: None) -> Iterator[list[Event]]:
    """Give the list of events: ``("sync", path)``, ``("sync all", folder)`` and ``("move", final path)``.

    All of them still happen. ``after`` is called after each.
    """
    events: list[Event] = []
    sync_file, sync_file_system, move = atomic.sync_file, syncing.sync_file_system, atomic.move

    def note(what: str, path: str | Path) -> None:
        events.append((what, Path(path)))
        after(events[-1])

    def sync(path: str | Path) -> None:
        sync_file(path)
        note("sync", path)

    def sync_all(handle: int, folder: Path) -> None:
        sync_file_system(handle, folder)
        note("sync all", folder)

    def moved(aside: str | Path, path: str | Path) -> None:
        move(aside, path)
        note("move", path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atomic, "sync_file", sync)
        patch.setattr(syncing, "sync_file_system", sync_all)
        patch.setattr(atomic, "move", moved)
        yield events


class Disk:
    """What the disk below a folder holds for certain: the content of each file and the names in each folder.

    A file is known by its number (inode), so that its content survives its moves. What is there at first is on disk.

    Parameters
    ----------
    root : Path
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._contents: dict[int, bytes] = {}
        self._names: dict[Path, dict[str, int]] = {}
        for folder in (root, *root.rglob("*")):
            self._forced(folder)

    def note(self, event: Event) -> None:
        """Follow what :func:`recorded` reports."""
        what, path = event
        if what == "sync":
            self._forced(path)
        elif what == "sync all":
            for each in (self._root, *self._root.rglob("*")):
                self._forced(each)

    def _forced(self, path: Path) -> None:
        if path.is_dir():
            self._names[path] = {child.name: child.stat().st_ino for child in path.iterdir()}
        else:
            self._contents[path.stat().st_ino] = path.read_bytes()

    def has_content(self, path: Path) -> bool:
        """Whether the content that a file has now would survive a loss of power, under whichever name."""
        return self._contents.get(path.stat().st_ino) == path.read_bytes()

    def after_power_loss(self, path: Path) -> bytes | None:
        """The content of a file after a loss of power; None where its name or its content could be lost."""
        names = (path, *path.parents)[: len(path.parts) - len(self._root.parts)]
        if any(each.name not in self._names.get(each.parent, {}) for each in names):
            return None
        return self._contents.get(self._names[path.parent][path.name])
