"""``posepipe gallery [OUT]``: contact sheets, and a page to browse all poses."""

from __future__ import annotations

import argparse
import contextlib
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from posepipe import commandline
from posepipe.errors import ConfigError, MachineError, ManifestError
from posepipe.storage.folders import Folder
from posepipe.storage.locations import open_folder

if TYPE_CHECKING:
    import pyarrow as pa

    from posepipe.gallery.folder import GalleryFolder

_EPILOG: Final = (
    "The page needs no server and no network. It shows the pictures of OUT where they lie, so keep the two folders "
    "side by side when you move them. Page and sheets show what the options choose; made again, they replace the last."
)
_SHEETS_ALONE_UNDER: Final = 200
"""Pictures; fewer are put on sheets sooner than other processes have started."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return commandline.guarded(_gallery, arguments)


def _parser() -> argparse.ArgumentParser:
    parser = commandline.parser("gallery", "Contact sheets (PNG), and one HTML page to browse all poses.")
    parser.epilog = _EPILOG
    commandline.add_out(parser)
    parser.add_argument("--to", type=commandline.FOLDER, metavar="DIR", help="where they are written (<OUT>_gallery)")
    parser.add_argument(
        "--per-sheet", type=commandline.whole(1, 1000), default=48, metavar="N", help="poses on a contact sheet (48)"
    )
    parser.add_argument("--sample", type=commandline.whole(1), metavar="N", help="only N poses, drawn at random")
    parser.add_argument("--seed", type=commandline.whole(0), default=0, help="of that draw (0)")
    parser.add_argument("--status", choices=("done", "failed"), help="only poses with this status")
    parser.add_argument("--flag", help="only poses with this sanity flag; any for those that have one")
    parser.add_argument("--search", default="", metavar="WORDS", help="only captions that hold all these words")
    parser.add_argument("--no-page", dest="page", action="store_false", help="contact sheets only")
    parser.add_argument("--no-sheets", dest="sheets", action="store_false", help="the page only")
    parser.add_argument(
        "--jobs", type=commandline.whole(1), metavar="N", help="processes (one per core, where it pays)"
    )
    return parser


def _gallery(arguments: list[str]) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if not options.page and not options.sheets:
        parser.error("--no-page and --no-sheets leave nothing to make")
    from posepipe.control.state import final_dir_of
    from posepipe.gallery.folder import GalleryFolder, place_for
    from posepipe.gallery.selection import Selection, choose

    out = Path(options.out)
    if not out.is_dir():
        raise ConfigError(f"{out}: no such folder; posepipe gallery OUT, the --final-dir of a run")
    place = place_for(out, options.to)
    table = _rows(out, options.manifest)
    chosen = choose(table, Selection(options.status, options.flag, options.search, options.sample, options.seed))
    if not len(chosen):
        raise ConfigError(f"none of the {len(table):,} poses in the manifest is what was asked for")
    folder = GalleryFolder(place)
    if options.page:
        _page(final_dir_of(out), chosen, folder, options.jobs)
    if options.sheets:
        _sheets(final_dir_of(out), chosen, folder, options.per_sheet, options.jobs)
    return 0


def _rows(out: Path, named: str | None) -> pa.Table:
    """The newest row of each pose."""
    from posepipe import manifest
    from posepipe.control.state import read_state

    folder = open_folder(named or read_state(out).manifest)
    if not folder.is_folder():
        raise ManifestError(f"{folder}: no manifest there; --manifest names another")
    try:
        table, unreadable = manifest.read_table(folder)
    except OSError as error:
        raise MachineError(f"{error.filename or folder}: {error.strerror or error}") from error
    for path, reason in unreadable:
        print(f"left out: {path}: {reason}", file=sys.stderr)
    return manifest.newest(table)


def _page(out: Folder, table: pa.Table, folder: GalleryFolder, jobs: int | None) -> None:
    from posepipe.gallery.page import write_page

    with _bar("page", len(table)) as advance:
        path = write_page(out, table, folder, jobs, advance)
    print(f"{len(table):,} poses: {path}", flush=True)


def _sheets(out: Folder, table: pa.Table, folder: GalleryFolder, per_sheet: int, jobs: int | None) -> None:
    from posepipe.gallery.sheets import sheets
    from posepipe.parallel import ALONE_UNDER, processes_for

    total = math.ceil(len(table) / per_sheet)
    processes = processes_for(max(len(table), ALONE_UNDER), jobs) if len(table) >= _SHEETS_ALONE_UNDER else 1
    digits = max(3, len(str(total)))
    with _bar("sheets", len(table)) as advance:
        for number, content in enumerate(sheets(out, table, per_sheet, min(processes, total)), 1):
            folder.write("sheets", f"sheet_{number:0{digits}}.png", content)
            advance(per_sheet)
    folder.finish("sheets")
    print(f"{total:,} contact {'sheet' if total == 1 else 'sheets'}: {folder.place / 'sheet_*.png'}")


@contextlib.contextmanager
def _bar(name: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr where that is a terminal; gives the function that moves it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(name), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda count: progress.advance(task, count)


if __name__ == "__main__":
    sys.exit(main())
