"""``posepipe verify [OUT]``: compare every artifact with the manifest; repair and adopt."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from posepipe import commandline
from posepipe.commandline.streams import say
from posepipe.errors import ConfigError, MachineError, ManifestError
from posepipe.storage import artifact_formats
from posepipe.storage.folders import Folder
from posepipe.storage.locations import lies_in
from posepipe.wording import count, printable

if TYPE_CHECKING:
    import pyarrow as pa

    from posepipe.artifacts.checking import Fault
    from posepipe.control.projects import Project
    from posepipe.manifest import UnreadableFragment


_EPILOG: Final = (
    "Prints one line per fault on stdout: kind, file and what, separated by tabs; totals on stderr. The exit code is "
    "1 if there is a fault. Kinds: missing, unreadable, checksum, swapped, format, dtype, shape, finite, joints, "
    "size, field (of a JSON), stray (no row describes it), row (it has no checksum), fragment (of the manifest)."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return commandline.guarded(_verify, arguments)


def _parser() -> argparse.ArgumentParser:
    parser = commandline.parser("verify", "Compare every artifact with the manifest.")
    parser.epilog = _EPILOG
    commandline.add_out(parser)
    parser.add_argument("--jobs", type=commandline.whole(1), metavar="N", help="number of processes (one per core)")
    parser.add_argument(
        "--repair",
        action="store_true",
        help="make broken rows due again; broken and stray files are moved to OUT/.set-aside, nothing is deleted",
    )
    parser.add_argument("--adopt", action="store_true", help="first write rows for sound artifacts that have none")
    return parser


def _verify(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    from posepipe.control.lock import is_held
    from posepipe.control.projects import find_project
    from posepipe.verify.audit import find_faults, fragment_fault, newest_rows

    out = Path(options.out)
    if not out.is_dir():
        raise ConfigError(f"{out}: no such folder; posepipe verify OUT, the --final-dir of a run")
    project = find_project(out, options.manifest)
    folder, final_dir = project.manifest, project.final_dir
    if lies_in(folder.absolute, str(out)):
        raise ConfigError(f"--manifest {folder}: lies in {out}, where its files are strays; move it outside")
    if project.note:
        _say(project.note)
    if not final_dir.is_local and (options.repair or options.adopt):
        raise ConfigError(f"{final_dir}: --repair and --adopt need a local folder")
    if not folder.is_folder() and not options.adopt:
        raise ManifestError(
            f"{folder}: no manifest there; give another with --manifest, or make one from the artifacts with --adopt"
        )
    writes = options.repair or options.adopt
    with _held(out, folder) if writes else contextlib.nullcontext():
        try:
            table, unreadable = newest_rows(folder)
            if writes:
                _prepare(out, project, unreadable, repair=options.repair)
                if options.adopt:
                    _adopt(final_dir, folder, options.jobs)
                table = newest_rows(folder)[0]
            incomplete = not writes and (bool(unreadable) or is_held(out))
            with commandline.progress_bar("verify", len(table)) as advance:
                faults = find_faults(final_dir, table, options.jobs, incomplete=incomplete, advance=advance)
        except OSError as error:
            if isinstance(error, MachineError):
                raise
            raise MachineError(f"{error.filename or out}: {error.strerror or error}") from error
        faults += [fragment_fault(each) for each in unreadable]
        for fault in faults:
            print("\t".join(printable(part) for part in (fault.kind, fault.file, fault.what)))
        sys.stdout.flush()
        _totals(table, faults)
        if options.repair and faults:
            _repair(final_dir, folder, faults)
    return 1 if faults else 0


def _prepare(out: Path, project: Project, unreadable: Sequence[UnreadableFragment], *, repair: bool) -> None:
    """Claim the manifest; with ``--repair``, move damaged fragments aside.

    Raises
    ------
    PosepipeError
        The manifest belongs to another output folder; or a fragment is damaged (without ``--repair``), cannot be read
        for the moment or is not posepipe's, so that poses seem to have no row.
    """
    from posepipe import manifest
    from posepipe.control.projects import former_owner
    from posepipe.errors import DamagedFragment
    from posepipe.storage.owners import HEAD

    for each in unreadable:
        if not (repair and isinstance(each.error, DamagedFragment)):
            raise each.error
    folder = project.manifest
    names = [each.path.name for each in unreadable]
    head_is_damaged = any(name.startswith(HEAD) for name in names)
    if not head_is_damaged:
        manifest.claim(folder, project.final_dir, was=former_owner(folder, project.final_dir, out))
    if names:
        place = manifest.set_aside(folder, names)
        _say(f"damaged fragments of the manifest: {len(names):,}, moved to {place}")
    if head_is_damaged:
        manifest.claim(folder, project.final_dir)


@contextlib.contextmanager
def _held(out: Path, folder: Folder) -> Iterator[None]:
    """Hold the lock on the output folder, so that no run starts meanwhile."""
    from posepipe.control.lock import RunControl
    from posepipe.control.state import new_state

    state = new_state("of posepipe verify", final_dir=str(out), manifest=str(folder), temp_dir="", log_dir="", model="")
    lock = RunControl(out, state)
    try:
        yield
    finally:
        lock.close()


def _say(text: str) -> None:
    say(text, sys.stderr)


def _totals(table: pa.Table, faults: list[Fault]) -> None:
    files = sum(len(table) - table[column].null_count for column in artifact_formats.COLUMNS)
    kinds = Counter(fault.kind for fault in faults)
    by_kind = ", ".join(f"{kind} {number:,}" for kind, number in sorted(kinds.items()))
    found = f"{count(len(faults), 'fault')} ({by_kind})" if faults else "no faults"
    _say(f"{count(len(table), 'row')}, {count(files, 'artifact')}: {found}")


def _adopt(final_dir: Folder, folder: Folder, jobs: int | None) -> None:
    from posepipe.artifacts import adoption

    found = adoption.adopt(final_dir, folder, fsync=True, jobs=jobs)
    _say(f"adopted: {len(found.rows):,}")
    for stem, why in list(found.refused.items())[:10]:
        _say(f"  not adopted: {stem}: {why}")
    if len(found.refused) > 10:
        _say(f"  and {len(found.refused) - 10:,} more")


def _repair(final_dir: Folder, folder: Folder, faults: Sequence[Fault]) -> None:
    from posepipe.verify.repairs import repair

    done = repair(final_dir, folder, faults)
    if done.due:
        _say(f"due again: {count(done.due, 'pose')}; posepipe run makes the missing files")
    if done.left:
        _say(f"left in place: {count(done.left, 'file')} whose rows may have been lost; posepipe run compares them")
    if done.adoptable:
        _say(f"left in place: {count(done.adoptable, 'sound pose')} without a row; --adopt writes the rows")
    if done.moved:
        _say(f"files moved aside: {done.moved:,}, to {done.place}")


if __name__ == "__main__":
    sys.exit(main())
