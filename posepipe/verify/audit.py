"""Compare the artifacts of an output folder with its manifest: missing, changed and broken files, and strays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from posepipe import manifest
from posepipe.artifacts.checking import COLUMNS, Fault, check_poses
from posepipe.config import FORMATS
from posepipe.parallel import CHUNK, processes_for, spread
from posepipe.storage.folders import Folder
from posepipe.storage.layout import folders_of, names_in


def newest_rows(folder: Folder) -> tuple[pa.Table, list[tuple[Path, str]]]:
    """The newest row of each pose, with COLUMNS, and the files that are not fragments, each with the reason."""
    table, unreadable = manifest.read_table(folder, COLUMNS)
    return manifest.newest(table), unreadable


def find_faults(
    final_dir: Folder,
    table: pa.Table,
    jobs: int | None,
    *,
    running: bool = False,
    advance: Callable[[int], None] = lambda _: None,
) -> list[Fault]:
    """Compare an output folder with its manifest.

    Parameters
    ----------
    final_dir : Folder
    table : pa.Table
        Of :func:`newest_rows`.
    jobs : int, optional
        Number of processes; by default one per core where there are many poses.
    running : bool
        A run is in progress: artifacts without a row are not faults, because their rows may follow.
    advance : callable
        Called with the number of poses checked since the last call.

    Returns
    -------
    list of Fault
        In the order of the rows, then strays by name.
    """
    parts = (table.slice(start, CHUNK).to_pylist() for start in range(0, len(table), CHUNK))
    faults: list[Fault] = []
    for found in spread(partial(check_poses, final_dir), parts, processes_for(len(table), jobs)):
        faults += found
        advance(CHUNK)
    return _name_swaps(faults, table) + _strays(final_dir, table, running=running)


def fragment_fault(path: Path, reason: str) -> Fault:
    """The fault of a file in the manifest that is not a fragment."""
    return Fault("fragment", str(path), reason)


def _name_swaps(faults: list[Fault], table: pa.Table) -> list[Fault]:
    """Mark the faults of files that hold another row's artifact as ``swapped``."""
    owners: dict[tuple[str, str], str] = {}
    for extension in FORMATS:
        column = f"{extension}_sha256"
        found = [fault.sha256 for fault in faults if fault.sha256 and fault.extension == extension]
        if found:
            rows = table.filter(pc.is_in(table[column], value_set=pa.array(found, pa.string())))
            for path, sha256 in zip(rows["path"].to_pylist(), rows[column].to_pylist(), strict=True):
                owners[extension, sha256] = f"{path}.{extension}"

    def named(fault: Fault) -> Fault:
        owner = owners.get((fault.extension, fault.sha256 or ""))
        return fault if owner is None else replace(fault, kind="swapped", what=f"it holds what belongs to {owner}")

    return [named(fault) for fault in faults]


def _strays(final_dir: Folder, table: pa.Table, *, running: bool) -> list[Fault]:
    """Names in the folder that no row describes."""
    status, error_type = table["status"].to_pylist(), table["error_type"].to_pylist()
    has = {name: table[f"{name}_sha256"].is_valid().to_pylist() for name in FORMATS}
    described = {path: row for row, path in enumerate(table["path"].to_pylist()) if path is not None}
    faults = []
    for name in names_in(final_dir, folders_of(described)):
        path, _, extension = name.rpartition(".")
        row = described.get(path) if extension in FORMATS else None
        if row is not None and has[extension][row]:
            continue
        if running and extension in FORMATS:
            continue
        if row is None:
            what = "no row describes it"
        elif status[row] == "failed":
            what = f"its row says failed ({error_type[row]})"
        else:
            what = f"its row describes no {extension}"
        faults.append(Fault("stray", name, what))
    return sorted(faults, key=lambda fault: fault.file)
