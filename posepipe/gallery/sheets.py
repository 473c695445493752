"""Draw the contact sheets of a selection."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from posepipe.gallery.flags import shown_flags
from posepipe.gallery.selection import artifact_path
from posepipe.parallel import spread
from posepipe.storage import shards
from posepipe.storage.folders import Folder

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS: Final = (
    "caption_id",
    "variant",
    "caption",
    "stem",
    "path",
    "status",
    "error_type",
    "error",
    "flags",
    "lowest_y",
)


def sheets(out: Folder, table: pa.Table, per_sheet: int, processes: int) -> Iterator[bytes]:
    """PNG files of ``per_sheet`` poses each, in the order of the rows.

    Parameters
    ----------
    out : path
        The output folder.
    table : table with COLUMNS and ``png_sha256``
    per_sheet : int
        Poses on a sheet.
    processes : int
        Number of processes that draw.
    """
    chosen = table.select([*COLUMNS, "png_sha256"])
    parts = (chosen.slice(start, per_sheet).to_pylist() for start in range(0, len(chosen), per_sheet))
    yield from spread(partial(_sheet, out, columns_for(per_sheet)), parts, processes)


def columns_for(per_sheet: int) -> int:
    """Number of columns that makes a sheet slightly wider than high."""
    return max(1, round(math.sqrt(per_sheet * 1.33)))


def _sheet(out: Folder, columns: int, rows: Sequence[Mapping[str, Any]]) -> bytes:
    from posepipe.picture import sheet

    return sheet([_picture(out, row) for row in rows], columns=columns, labels=[_label(row) for row in rows])


def _picture(out: Folder, row: Mapping[str, Any]) -> bytes:
    place = artifact_path(row, "png")
    try:
        return b"" if place is None else shards.read(out, place)
    except OSError:
        return b""


def _label(row: Mapping[str, Any]) -> str:
    caption = row["caption"] or row["stem"] or row["caption_id"]
    if row["variant"]:
        caption = f"{caption} (variant {row['variant']})"
    if row["status"] == "failed":
        return f"{row['error_type']}: {caption}"
    shown = ", ".join(filter(None, shown_flags(row)))
    return f"{caption} [{shown}]" if shown else caption
