"""Rows and fragments of manifests, for the tests that write, damage or delete them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from posepipe import manifest

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def row(caption_id: str, minute: int = 0, **more: Any) -> dict[str, Any]:
    """A row that says done; ``minute``: when it was finished, after NOW."""
    finished = NOW + timedelta(minutes=minute)
    return {"caption_id": caption_id, "variant": 0, "status": "done", "finished_at": finished, **more}


def fragment_paths(folder: Path) -> list[Path]:
    """The fragments that count, sorted by name."""
    return [folder / name for name in manifest.list_fragments(folder)]


def write_six(folder: Path) -> None:
    """Write six fragments: in each one a newer row of pose ``a``, and a pose of its own."""
    for minute in range(6):
        manifest.write_fragment(folder, [row("a", minute, attempts=minute), row(f"b{minute}")], "x", fsync=False)


def in_order(folder: Path) -> pd.DataFrame:
    """The newest rows, sorted by caption_id."""
    return manifest.read_manifest(folder).sort_values("caption_id").reset_index(drop=True)
