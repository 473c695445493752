"""The fragments of a manifest as paths, for tests that damage or delete them."""

from __future__ import annotations

from pathlib import Path

from posepipe import manifest


def fragment_paths(folder: Path) -> list[Path]:
    """The fragments that count, sorted by name."""
    return [folder / name for name in manifest.list_fragments(folder)]
