"""Choose and order the manifest rows that a gallery shows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posepipe.artifacts.checking import pose_path
from posepipe.gallery.query import read_query
from posepipe.storage.artifact_formats import column_of, file_of
from posepipe.storage.layout import is_artifact_path

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Selection:
    """Which poses to show.

    Attributes
    ----------
    status : str, optional
        ``done`` or ``failed``.
    flag : str, optional
        A flag of the pose; ``any`` selects poses with at least one flag.
    search : str
        Words that caption or name must contain, in any order and case; parts of words match too. ``-word`` must not
        occur; words in quotes must follow one another.
    count : int, optional
        Maximum number of poses, chosen at random.
    seed : int
        Seed of the random choice. The choice depends only on seed and ids, so it changes little as a run continues.
    """

    status: str | None = None
    flag: str | None = None
    search: str = ""
    count: int | None = None
    seed: int = 0


def choose(table: pa.Table, wanted: Selection) -> pa.Table:
    """Select rows, in the order of the captions file with the variants of a caption together.

    Parameters
    ----------
    table : table with the columns of the manifest
        One row for each pose.
    wanted : Selection
    """
    import pyarrow as pa

    names = ("caption_id", "variant", "caption", "stem", "status", "flags", "line")
    columns = [table[name].to_pylist() for name in names]
    query = read_query(wanted.search)
    kept: list[tuple[tuple[bool, int, str, int], int]] = []
    for place, (caption_id, variant, caption, stem, status, flags, line) in enumerate(zip(*columns, strict=True)):
        if wanted.status not in (None, status) or not _has_flag(flags, wanted.flag):
            continue
        if query.matches(caption or "", stem or ""):
            kept.append(((line is None, line or 0, caption_id, variant), place))
    if wanted.count is not None:
        kept.sort(key=lambda entry: _draw(wanted.seed, entry[0][2], entry[0][3]))
        del kept[wanted.count :]
    kept.sort()
    return table.take(pa.array([place for _, place in kept], pa.int64()))


def artifact_path(row: Mapping[str, Any], name: str) -> str | None:
    """Path of a row's artifact in one format, relative to the output folder; None if there is none or it is outside."""
    place = pose_path(row)
    if row[column_of(name)] is None or not is_artifact_path(place):
        return None
    return file_of(place, name)


def _has_flag(flags: str | None, wanted: str | None) -> bool:
    if wanted is None:
        return True
    return bool(flags) if wanted == "any" else wanted in (flags or "").split(",")


def _draw(seed: int, caption_id: str, variant: int) -> bytes:
    return hashlib.sha256(f"{seed}:{caption_id}:{variant}".encode()).digest()
