"""Compare the artifacts of an output folder with its manifest: missing, changed and broken files, and strays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from posepipe import manifest
from posepipe.artifacts.checking import COLUMNS, Fault, check_poses
from posepipe.manifest import UnreadableFragment
from posepipe.parallel import CHUNK, processes_for, spread
from posepipe.storage.artifact_formats import FORMATS, column_of, file_of, readings
from posepipe.storage.folders import Folder
from posepipe.storage.layout import folders_of, names_in


def newest_rows(folder: Folder) -> tuple[pa.Table, list[UnreadableFragment]]:
    """The newest row of each pose, with COLUMNS, and the files of the manifest that are no sound fragments."""
    table, unreadable = manifest.inspect(folder, COLUMNS)
    return manifest.newest(table), unreadable


def find_faults(
    final_dir: Folder,
    table: pa.Table,
    jobs: int | None,
    *,
    incomplete: bool = False,
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
    incomplete : bool
        Artifacts without a row are not faults, because a run is in progress and their rows may follow, or because
        their rows may be in a fragment that cannot be read.
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
    return _name_swaps(faults, table) + _strays(final_dir, table, incomplete=incomplete)


def fragment_fault(found: UnreadableFragment) -> Fault:
    """The fault of a file in the manifest that is no sound fragment."""
    return Fault("fragment", str(found.path), str(found.error).removeprefix(f"{found.path}: "))


def _name_swaps(faults: list[Fault], table: pa.Table) -> list[Fault]:
    """Mark the faults of files that hold another row's artifact as ``swapped``."""
    owners: dict[tuple[str, str], str] = {}
    for name in FORMATS:
        column = column_of(name)
        found = [fault.sha256 for fault in faults if fault.sha256 and fault.format == name]
        if found:
            rows = table.filter(pc.is_in(table[column], value_set=pa.array(found, pa.string())))
            for path, sha256 in zip(rows["path"].to_pylist(), rows[column].to_pylist(), strict=True):
                owners[name, sha256] = file_of(path, name)

    def named(fault: Fault) -> Fault:
        owner = owners.get((fault.format, fault.sha256 or ""))
        return fault if owner is None else replace(fault, kind="swapped", what=f"it holds what belongs to {owner}")

    return [named(fault) for fault in faults]


def _strays(final_dir: Folder, table: pa.Table, *, incomplete: bool) -> list[Fault]:
    """Names in the folder that no row describes."""
    status, error_type = table["status"].to_pylist(), table["error_type"].to_pylist()
    has = {name: table[column_of(name)].is_valid().to_pylist() for name in FORMATS}
    described = {path: row for row, path in enumerate(table["path"].to_pylist()) if path is not None}
    faults = []
    for file in names_in(final_dir, folders_of(described)):
        meant = readings(file)
        rows = [(described[path], name) for path, name in meant if path in described]
        if any(has[name][row] for row, name in rows) or (incomplete and meant):
            continue
        if not rows:
            what = "no row describes it"
        elif status[rows[0][0]] == "failed":
            what = f"its row says failed ({error_type[rows[0][0]]})"
        else:
            what = f"its row describes no {rows[0][1]}"
        faults.append(Fault("stray", file, what))
    return sorted(faults, key=lambda fault: fault.file)
