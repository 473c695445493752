"""``posepipe gallery [OUT]``: make contact sheets, and a page to browse all poses."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from posepipe import commandline
from posepipe.commandline.streams import say
from posepipe.errors import ConfigError, ManifestError, machine_errors
from posepipe.storage.folders import Folder
from posepipe.wording import count

if TYPE_CHECKING:
    import pyarrow as pa

    from posepipe.gallery.folder import GalleryFolder

_EPILOG: Final = (
    "The page needs no server and no network. It shows the picture files in OUT, so keep both folders side by side "
    "when you move them. Page and sheets show the poses that the options choose, and replace those of an earlier call."
)
_SHEETS_ALONE_UNDER: Final = 200
"""Number of pictures below which one process draws all sheets, because starting others would take longer."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return commandline.guarded(_gallery, arguments)


def _parser() -> argparse.ArgumentParser:
    parser = commandline.parser("gallery", "Make contact sheets (PNG) and one HTML page to browse all poses.")
    parser.epilog = _EPILOG
    commandline.add_out(parser)
    parser.add_argument(
        "--to", type=commandline.FOLDER, metavar="DIR", help="Write them into this folder. Default: <OUT>_gallery."
    )
    parser.add_argument(
        "--per-sheet",
        type=commandline.whole(1, 1000),
        default=48,
        metavar="N",
        help="Poses on a contact sheet. Default: 48.",
    )
    parser.add_argument(
        "--sample", type=commandline.whole(1), metavar="N", help="Show only this many poses, chosen at random."
    )
    parser.add_argument(
        "--seed", type=commandline.whole(0), default=0, metavar="N", help="Seed of the random choice. Default: 0."
    )
    parser.add_argument("--status", choices=("done", "failed"), help="Show only poses with this status.")
    parser.add_argument("--flag", help="Show only poses with this flag of the manifest, or with any flag.")
    parser.add_argument(
        "--search",
        default="",
        metavar="WORDS",
        help="Show only poses whose caption or name has all these words. '-word' must not occur, '\"two words\"' must "
        "follow one another; write --search=-word if it begins with a minus.",
    )
    parser.add_argument("--no-page", dest="page", action="store_false", help="Make contact sheets only.")
    parser.add_argument("--no-sheets", dest="sheets", action="store_false", help="Make the page only.")
    parser.add_argument(
        "--jobs",
        type=commandline.whole(1),
        metavar="N",
        help="Use this many processes. Default: one per core, or one for few poses.",
    )
    return parser


def _gallery(arguments: list[str]) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if not options.page and not options.sheets:
        parser.error("--no-page and --no-sheets together leave nothing to make")
    from posepipe.control.projects import find_project
    from posepipe.gallery.folder import GalleryFolder, gallery_path
    from posepipe.gallery.selection import Selection, choose

    out = Path(options.out)
    if not out.is_dir():
        raise ConfigError(f"{out}: no such folder; give the output folder (--final-dir) of a run")
    path = gallery_path(out, options.to)
    project = find_project(out, options.manifest)
    if project.note:
        print(project.note, file=sys.stderr)
    table = _rows(project.manifest)
    chosen = choose(table, Selection(options.status, options.flag, options.search, options.sample, options.seed))
    if not len(chosen):
        raise ConfigError(f"no pose matches these options (of {count(len(table), 'pose')} in the manifest)")
    folder = GalleryFolder(path)
    if options.page:
        _page(project.final_dir, chosen, folder, options.jobs)
    if options.sheets:
        _sheets(project.final_dir, chosen, folder, options.per_sheet, options.jobs)
    return 0


def _rows(folder: Folder) -> pa.Table:
    """The newest row of each pose."""
    from posepipe import manifest

    if not folder.is_folder():
        raise ManifestError(f"{folder}: no manifest there; give its folder with --manifest")
    with machine_errors():
        return manifest.newest(manifest.read_table(folder))


def _page(out: Folder, table: pa.Table, folder: GalleryFolder, jobs: int | None) -> None:
    from posepipe.gallery.page import write_page

    with commandline.progress_bar("page", len(table)) as advance:
        path = write_page(out, table, folder, jobs, advance)
    say(f"{count(len(table), 'pose')}: {path}")


def _sheets(out: Folder, table: pa.Table, folder: GalleryFolder, per_sheet: int, jobs: int | None) -> None:
    from posepipe.gallery.sheets import sheets
    from posepipe.parallel import ALONE_UNDER, processes_for

    total = math.ceil(len(table) / per_sheet)
    processes = processes_for(max(len(table), ALONE_UNDER), jobs) if len(table) >= _SHEETS_ALONE_UNDER else 1
    digits = max(3, len(str(total)))
    with commandline.progress_bar("sheets", len(table)) as advance:
        for number, content in enumerate(sheets(out, table, per_sheet, min(processes, total)), 1):
            folder.write("sheets", f"sheet_{number:0{digits}}.png", content)
            advance(per_sheet)
    folder.finish("sheets")
    say(f"{count(total, 'contact sheet')}: {folder.path / 'sheet_*.png'}")


if __name__ == "__main__":
    sys.exit(main())
