"""``posepipe export [OUT]``: add formats to finished poses without the model, or write files or a dataset elsewhere."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Final

from posepipe import commandline
from posepipe.commandline.streams import say
from posepipe.config import RunConfig
from posepipe.errors import ConfigError, ManifestError
from posepipe.run.__main__ import add_option
from posepipe.storage.artifact_formats import BY_NAME, FORMATS, MOTION
from posepipe.wording import count

if TYPE_CHECKING:
    from posepipe.control.projects import Project
    from posepipe.run.added_formats import Additions

_EXAMPLES: Final = (
    ("posepipe export SinglePose --formats bvh,glb", "Add BVH and glTF to all poses, for Blender."),
    ("posepipe export SinglePose --formats png --picture diagram --out Diagrams", "Draw all poses in another style."),
    ("posepipe export SinglePose --to joints.parquet", "Write all poses into one table, for Hugging Face datasets."),
)
_NAMED: Final = 5
"""Poses that could not be exported that are named."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return commandline.guarded(_export, arguments)


def _parser() -> argparse.ArgumentParser:
    parser = commandline.parser(
        "export", "Add formats to finished poses without the model, or write a dataset.", _EXAMPLES
    )
    commandline.add_out(parser)
    parser.add_argument(
        "--formats",
        type=commandline.list_of("format", FORMATS),
        metavar="LIST",
        help=f"Add these formats to all finished poses: {', '.join(_possible())}.",
    )
    for option in fields(RunConfig):
        if option.name in ("picture", "transparent"):
            add_option(parser, option)
    parser.add_argument(
        "--on-mismatch",
        type=commandline.choice("error", "keep", "regenerate"),
        metavar="{error,keep,regenerate}",
        help="If pictures of another style are there, stop, keep them, or draw them again. Default: error.",
    )
    parser.add_argument(
        "--out",
        dest="target",
        type=commandline.FOLDER,
        metavar="DIR",
        help="Write the files of --formats for all finished poses into this folder, and leave OUT as it is.",
    )
    parser.add_argument(
        "--to",
        type=commandline.FOLDER,
        metavar="PATH",
        help="Write captions and joints of all finished poses as one Parquet file (a name that ends in .parquet), or "
        "as several in this folder.",
    )
    parser.add_argument(
        "--jobs",
        type=commandline.whole(1),
        metavar="N",
        help="Use this many processes. Default: one per core, or one for few poses.",
    )
    parser.add_argument(
        "--no-fsync",
        dest="fsync",
        action="store_false",
        help="Do not force files to disk before their rows are written.",
    )
    return parser


def _possible() -> list[str]:
    return [name for name in FORMATS if BY_NAME[name].made_from != MOTION]


def _export(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    asked = options.formats.split(",") if options.formats else []
    pictures = _pictures(options, asked)
    if not asked and options.to is None:
        raise ConfigError("nothing to export: give --formats LIST, --to PATH or both")
    for name in asked:
        if name not in _possible():
            raise ConfigError(f"--formats {name}: needs the model; posepipe run CAPTIONS --formats {name} adds it")
    from posepipe.control.projects import find_project
    from posepipe.run.dataset import check_target
    from posepipe.run.exported_files import check_folder

    out = Path(options.out)
    if not out.is_dir():
        raise ConfigError(f"{out}: no such folder; give the output folder (--final-dir) of a run")
    project = find_project(out, options.manifest)
    if project.note:
        _say(project.note)
    if not project.manifest.is_folder():
        raise ManifestError(f"{project.manifest}: no manifest there; give its folder with --manifest")
    if options.to is not None:
        check_target(Path(options.to), out)
    if options.target is not None:
        check_folder(Path(options.target), out)
        failed = _write_files(project, asked, pictures, options)
    else:
        failed = _add(out, project, asked, pictures, options) if asked else 0
    if options.to is not None:
        _write_dataset(out, options.manifest, Path(options.to))
    return 1 if failed else 0


def _pictures(options: argparse.Namespace, asked: Sequence[str]) -> RunConfig:
    """How pictures are drawn.

    Raises
    ------
    ConfigError
        An option has no effect.
    """
    given = {name: getattr(options, name) for name in ("picture", "transparent") if name in options}
    config = RunConfig(formats=",".join(asked) or "npy", **given)
    if options.on_mismatch and ("png" not in asked or options.target):
        reason = "without png in --formats" if "png" not in asked else "with --out"
        raise ConfigError(f"--on-mismatch: has no effect {reason}")
    if options.target and not asked:
        raise ConfigError(f"--out {options.target}: has no effect without --formats")
    return config


def _write_files(project: Project, asked: Sequence[str], pictures: RunConfig, options: argparse.Namespace) -> int:
    """Write files into a folder of their own; returns how many poses could not be written."""
    from posepipe.run.exported_files import find_poses, write_files

    target, poses = Path(options.target), find_poses(project)
    with commandline.progress_bar("export", len(poses.numbers)) as advance:
        done = write_files(poses, asked, pictures, target, options.jobs, fsync=options.fsync, advance=advance)
    say(f"{count(done.files, 'file')} of {count(done.poses, 'pose')}: {target}")
    _name_failed(done)
    return len(done.failed)


def _add(out: Path, project: Project, asked: Sequence[str], pictures: RunConfig, options: argparse.Namespace) -> int:
    """Add formats; returns how many poses could not get them."""
    from posepipe.run.added_formats import Pictures, find_work, work_through

    style_asked = pictures.picture or pictures.transparent
    on_mismatch = options.on_mismatch or ("error" if style_asked else "keep")
    with _held(out, project) as place:
        work = find_work(project, asked, Pictures(pictures, on_mismatch))
        _say(f"{count(work.poses, 'pose')} to add formats to, {work.complete:,} have them")
        if work.redrawn:
            _say(f"{count(work.redrawn, 'picture')} of another style to draw again")
        if work.without_joints:
            _say(f"{count(work.without_joints, 'pose')} have neither NPY nor JSON nor motion, left out")
        with commandline.progress_bar("export", work.poses) as advance:
            done = work_through(project, work, place, options.jobs, fsync=options.fsync, advance=advance)
    _report(out, done)
    return len(done.failed) + work.without_joints


def _report(out: Path, done: Additions) -> None:
    say(f"{count(done.files, 'file')} added to {count(done.poses, 'pose')}: {out}")
    if done.set_aside:
        _say(f"  {count(done.set_aside, 'file')} that no row described moved to {out}/.set-aside")
    _name_failed(done)
    if done.moved:
        _say(f"  {count(done.moved, 'pose')} moved to new shards; posepipe verify --repair moves the old ones aside")


def _name_failed(done: Additions) -> None:
    for stem, why in done.failed[:_NAMED]:
        _say(f"  not exported: {stem}: {why}")
    if len(done.failed) > _NAMED:
        _say(f"  and {len(done.failed) - _NAMED:,} more")


@contextmanager
def _held(out: Path, project: Project) -> Iterator[Path]:
    """Hold the lock on an output folder and claim its manifest; gives the folder for temporary files."""
    from posepipe import manifest
    from posepipe.control.lock import RunControl
    from posepipe.control.projects import former_owner, state_of
    from posepipe.control.state import new_state
    from posepipe.storage.stores import FileStore

    known = state_of(out)
    aside = Path(known.temp_dir) if known is not None and known.temp_dir else out.with_name(f"{out.name}_temp")
    state = new_state(
        "of posepipe export",
        final_dir=str(project.final_dir),
        manifest=str(project.manifest),
        temp_dir=str(aside),
        log_dir="",
        model="",
    )
    lock = RunControl(out, state)
    try:
        manifest.claim(project.manifest, project.final_dir, was=former_owner(project.manifest, project.final_dir, out))
        store = FileStore(project.final_dir, aside)
        store.prepare()
        lock.hold(aside)
        store.empty_temp()
        yield aside
    finally:
        lock.close()


def _write_dataset(out: Path, named: str | None, target: Path) -> None:
    from posepipe.artifacts.poses import open_poses
    from posepipe.run.dataset import write_dataset

    with warnings.catch_warnings(action="ignore"):  # a note on a folder that was moved has been said
        poses = open_poses(out, named)
    if not len(poses):
        raise ConfigError(f"{out}: no finished pose to export")
    written = write_dataset(poses, target)
    say(f"{count(len(poses), 'pose')}: {target}" + (f" ({count(len(written), 'file')})" if target.is_dir() else ""))


def _say(text: str) -> None:
    say(text, sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
