"""``posepipe verify [OUT]``: hold every artifact against the manifest; repair and adopt."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from posepipe import commandline, remote
from posepipe.config import FORMATS
from posepipe.errors import ConfigError, MachineError, ManifestError

if TYPE_CHECKING:
    import pyarrow as pa

    from posepipe.soundness import Fault

_EPILOG: Final = (
    "One line per fault on stdout: kind, file and what, with tabs between; totals on stderr; exit code 1 when there "
    "is a fault. Kinds: missing, unreadable, checksum, swapped, format, dtype, shape, finite, joints, size, field "
    "(of a JSON), stray (no row speaks of it), row (it names no artifact), fragment (of the manifest)."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return commandline.guarded(_verify, arguments)


def _processes(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError(text)
    return count


def _parser() -> argparse.ArgumentParser:
    parser = commandline.parser("verify", "Every artifact held against the manifest.")
    parser.epilog = _EPILOG
    commandline.add_out(parser)
    parser.add_argument("--jobs", type=_processes, metavar="N", help="processes (one per core, where it pays)")
    parser.add_argument(
        "--repair",
        action="store_true",
        help="make broken rows due again; what is broken or stray is moved to OUT/.set-aside, nothing is deleted",
    )
    parser.add_argument("--adopt", action="store_true", help="first write rows for sound artifacts without one")
    return parser


def _verify(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    from posepipe import control, manifest

    out = Path(options.out)
    if not out.is_dir():
        raise ConfigError(f"{out}: no such folder; posepipe verify OUT, the --final-dir of a run")
    folder = remote.path_of(options.manifest or control.read_state(out).manifest)
    final_dir = control.final_dir_of(out)
    if remote.is_remote(final_dir) and (options.repair or options.adopt):
        raise ConfigError(f"{final_dir}: --repair and --adopt move files and look into them; they need a local folder")
    if not folder.is_dir() and not options.adopt:
        raise ManifestError(
            f"{folder}: no manifest there; --manifest names another, --adopt makes one of what is sound"
        )
    writes = options.repair or options.adopt
    with _held(out, folder) if writes else contextlib.nullcontext():
        if writes:
            manifest.claim(folder, out)
        if options.adopt:
            _adopt(out, folder, options.jobs)
        try:
            table, unreadable = _newest(folder)
            faults = check(final_dir, table, options.jobs, running=not writes and control.is_held(out))
        except OSError as error:
            raise MachineError(f"{error.filename or out}: {error.strerror or error}") from error
        faults += [_fragment_fault(path, reason) for path, reason in unreadable]
        for fault in faults:
            print("\t".join(_plain(part) for part in (fault.kind, fault.file, fault.what)))
        sys.stdout.flush()
        _totals(table, faults)
        if options.repair and faults:
            _repair(out, folder, faults)
    return 1 if faults else 0


@contextlib.contextmanager
def _held(out: Path, folder: Path) -> Iterator[None]:
    """The lock on the output folder, so that no run begins meanwhile."""
    from posepipe import control

    state = control.new_state(
        "of posepipe verify", final_dir=str(out), manifest=str(folder), temp_dir="", log_dir="", model=""
    )
    lock = control.RunControl(out, state)
    try:
        yield
    finally:
        lock.close()


def _newest(folder: Path) -> tuple[pa.Table, list[tuple[Path, str]]]:
    from posepipe import manifest
    from posepipe.soundness import COLUMNS

    table, unreadable = manifest.read_table(folder, COLUMNS)
    return manifest.newest(table), unreadable


def check(out: Path, table: pa.Table, jobs: int | None, *, running: bool = False) -> list[Fault]:
    """Hold an output folder against its manifest.

    Parameters
    ----------
    out : path
        The final dir.
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
    from posepipe.soundness import CHUNK, check_poses, processes_for, spread

    parts = (table.slice(start, CHUNK).to_pylist() for start in range(0, len(table), CHUNK))
    faults: list[Fault] = []
    with _bar(len(table)) as advance:
        for found in spread(partial(check_poses, out), parts, processes_for(len(table), jobs)):
            faults += found
            advance(CHUNK)
    return _name_swaps(faults, table) + _strays(out, table, running=running)


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


def _strays(out: Path, table: pa.Table, *, running: bool) -> list[Fault]:
    """Names in the folder that no row speaks of."""
    from posepipe.soundness import Fault, folders_of, names_in

    claims = [column.to_pylist() for column in (table["path"], table["status"], table["error_type"])]
    hashes = [table[f"{name}_sha256"].is_valid().to_pylist() for name in FORMATS]
    spoken = {place: number for number, place in enumerate(claims[0]) if place is not None}
    faults = []
    for name in names_in(out, folders_of(spoken)):
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


def _fragment_fault(path: Path, reason: str) -> Fault:
    from posepipe.soundness import Fault

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


def _plain(text: str) -> str:
    """One field of one line: what is no printable character is written as Python escapes it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _totals(table: pa.Table, faults: list[Fault]) -> None:
    files = sum(len(table) - table[f"{name}_sha256"].null_count for name in FORMATS)
    kinds = Counter(fault.kind for fault in faults)
    told = ", ".join(f"{kind} {count:,}" for kind, count in sorted(kinds.items()))
    _say(
        f"{len(table):,} rows, {files:,} artifacts: " + (f"{len(faults):,} faults ({told})" if faults else "no faults")
    )


def _adopt(out: Path, folder: Path, jobs: int | None) -> None:
    from posepipe import adoption

    found = adoption.adopt(out, folder, fsync=True, jobs=jobs)
    _say(f"adopted: {len(found.rows):,}")
    for stem, why in list(found.refused.items())[:10]:
        _say(f"  not adopted: {_plain(stem)}: {_plain(why)}")
    if len(found.refused) > 10:
        _say(f"  and {len(found.refused) - 10:,} more")


def _repair(out: Path, folder: Path, faults: Sequence[Fault]) -> None:
    from posepipe.repairs import repair

    done = repair(out, folder, faults)
    if done.due:
        _say(f"due again: {done.due:,} poses; posepipe run makes what they lack")
    if done.fragments:
        _say(f"fragments of the manifest set aside: {done.fragments:,}, in {done.fragments_place}")
    if done.adoptable:
        _say(f"left in place: {done.adoptable:,} sound poses without a row; --adopt writes it")
    if done.moved:
        _say(f"files moved aside: {done.moved:,}, to {done.place}")


if __name__ == "__main__":
    sys.exit(main())
