"""Compare the artifacts of an output folder with its manifest."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posepipe.config import FORMATS

if TYPE_CHECKING:
    import pyarrow as pa

    from posepipe.artifacts.checking import Fault
    from posepipe.storage.folders import Folder


def newest_rows(folder: Folder) -> tuple[pa.Table, list[tuple[Path, str]]]:
    from posepipe import manifest
    from posepipe.artifacts.checking import COLUMNS

    table, unreadable = manifest.read_table(folder, COLUMNS)
    return manifest.newest(table), unreadable


def check(final_dir: Folder, table: pa.Table, jobs: int | None, *, running: bool = False) -> list[Fault]:
    """Hold an output folder against its manifest.

    Parameters
    ----------
    final_dir : Folder
    table : table with `posepipe.soundness.COLUMNS`
        The newest row of each pose.
    jobs : int, optional
        Processes (one per core).
    running : bool
        A run holds the folder: artifacts without a row are on their way, and no fault.

    Returns
    -------
    list of Fault
        Rows in their order, then strays by name.
    """
    from posepipe.artifacts.checking import check_poses
    from posepipe.parallel import CHUNK, processes_for, spread

    parts = (table.slice(start, CHUNK).to_pylist() for start in range(0, len(table), CHUNK))
    faults: list[Fault] = []
    with _bar(len(table)) as advance:
        for found in spread(partial(check_poses, final_dir), parts, processes_for(len(table), jobs)):
            faults += found
            advance(CHUNK)
    return _name_swaps(faults, table) + _strays(final_dir, table, running=running)


def _name_swaps(faults: list[Fault], table: pa.Table) -> list[Fault]:
    """Where a file holds what another row says of its own, say so."""
    from dataclasses import replace

    import pyarrow as pa
    import pyarrow.compute as pc

    owners: dict[tuple[str, str], str] = {}
    for extension in FORMATS:
        column = f"{extension}_sha256"
        found = [fault.sha256 for fault in faults if fault.sha256 and fault.extension == extension]
        if found:
            rows = table.filter(pc.is_in(table[column], value_set=pa.array(found, pa.string())))
            for place, sha256 in zip(rows["path"].to_pylist(), rows[column].to_pylist(), strict=True):
                owners[extension, sha256] = f"{place}.{extension}"

    def named(fault: Fault) -> Fault:
        owner = owners.get((fault.extension, fault.sha256 or ""))
        return fault if owner is None else replace(fault, kind="swapped", what=f"it is {owner}, as its row has it")

    return [named(fault) for fault in faults]


def _strays(final_dir: Folder, table: pa.Table, *, running: bool) -> list[Fault]:
    """Names in the folder that no row speaks of."""
    from posepipe.artifacts.checking import Fault
    from posepipe.storage.layout import folders_of, names_in

    claims = [column.to_pylist() for column in (table["path"], table["status"], table["error_type"])]
    hashes = [table[f"{name}_sha256"].is_valid().to_pylist() for name in FORMATS]
    spoken = {place: number for number, place in enumerate(claims[0]) if place is not None}
    faults = []
    for name in names_in(final_dir, folders_of(spoken)):
        stem, _, extension = name.rpartition(".")
        row = spoken.get(stem) if extension in FORMATS else None
        if row is not None and hashes[FORMATS.index(extension)][row]:
            continue
        if running and extension in FORMATS:
            continue
        if row is None:
            what = "no row speaks of it"
        elif claims[1][row] == "failed":
            what = f"its row says failed ({claims[2][row]})"
        else:
            what = f"its row speaks of no {extension}"
        faults.append(Fault("stray", name, what))
    return sorted(faults, key=lambda fault: fault.file)


def fragment_fault(path: Path, reason: str) -> Fault:
    from posepipe.artifacts.checking import Fault

    return Fault("fragment", str(path), reason)


@contextlib.contextmanager
def _bar(total: int) -> Iterator[Any]:
    """A bar on stderr where that is a terminal; gives the function that moves it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("verify"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda count: progress.advance(task, count)
