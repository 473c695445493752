"""``posepipe models``: list the models, check a checkpoints folder, fetch official weights."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from posepipe import models
from posepipe.commandline import guarded, parser
from posepipe.commandline.streams import say
from posepipe.errors import CheckpointNotFound, PosepipeError
from posepipe.models.download_report import TerminalReporter
from posepipe.models.mardm import files
from posepipe.models.mardm.hub_files import Kind, Part


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return guarded(_run, arguments)


def _run(arguments: list[str]) -> int:
    given = _parser().parse_args(arguments)
    if given.action == "check":
        return _check(Path(given.path).expanduser(), trust=given.trust)
    if given.action == "fetch":
        return _fetch(given.name, Path(given.checkpoints).expanduser(), keep_archives=given.keep_archives)
    return _list(Path(given.checkpoints).expanduser())


def _parser() -> argparse.ArgumentParser:
    made = parser("models", "List the models, check a folder of weights, fetch official weights.")
    place = "folder of the official weights: the one that holds t2m/, or its parent (checkpoints)"
    made.add_argument("--checkpoints", default="checkpoints", metavar="DIR", help=place)
    folder = argparse.ArgumentParser(add_help=False)
    folder.add_argument("--checkpoints", default=argparse.SUPPRESS, metavar="DIR", help=place)
    actions = made.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", parents=[folder], help="list the models and where they are (also without an action)")
    check = actions.add_parser("check", help="load the weights in a folder and report what is missing or damaged")
    check.add_argument("path", metavar="PATH", help="a checkpoints folder")
    check.add_argument(
        "--trust",
        action="store_true",
        help="also load files that hold Python objects other than tensors, which runs any code in them, and write "
        "their tensors to files without code; only for files from a source that you trust",
    )
    fetch = actions.add_parser(
        "fetch",
        parents=[folder],
        help="download official weights, statistics and CLIP",
        description="Download everything that an official model needs. A download that was interrupted is continued. "
        "Of each archive only the weights that posepipe uses are kept.",
    )
    fetch.add_argument("name", metavar="NAME", choices=sorted(models.OFFICIAL), help="mardm-sit-xl or mardm-ddpm-xl")
    fetch.add_argument(
        "--keep-archives", action="store_true", help="keep the archives and the unpacked files (about 10 GB)"
    )
    return made


def _list(checkpoints: Path) -> int:
    try:
        size = sum(path.stat().st_size for path in models.small_weight_files())
        say(f"small          bundled, {size / 1e6:.1f} MB in {models.SMALL_WEIGHTS}")
    except CheckpointNotFound as error:
        say(f"small          {error}")
    found = files.survey(checkpoints) if checkpoints.is_dir() else None
    for name, kind in models.OFFICIAL.items():
        missing = files.missing_parts(found, kind) if found is not None else []
        if found is None:
            say(f"{name:14} not here: there is no folder {checkpoints}; `posepipe models fetch {name}` downloads it")
        elif missing:
            say(f"{name:14} incomplete in {found.root}; missing: {'; '.join(missing)}")
        else:
            say(f"{name:14} {found.parts[kind][0]}")
    say("other          package.module:factory, a model of your own")
    return 0


def _check(folder: Path, *, trust: bool) -> int:
    if not folder.is_dir():
        raise CheckpointNotFound(f"there is no folder {folder}")
    found = files.survey(folder)
    if trust:
        _write_without_code(found)
        found = files.survey(folder)
    faults = list(found.damaged)
    for part, paths in found.parts.items():
        faults += _check_part(part, paths)
    if found.statistics:
        faults += _check_statistics(*found.statistics[0])
    if found.clip is not None:
        faults += _check_clip(found.clip)
    if "length_estimator" not in found.parts:
        say("length estimator  not here; only needed for --sequence-length estimate, `posepipe models fetch` has it")
    for fault in faults:
        say(f"fault: {fault}")
    complete = [name for name, kind in models.OFFICIAL.items() if not files.missing_parts(found, kind)]
    for name, kind in models.OFFICIAL.items():
        if name not in complete and (kind in found.parts or not complete):
            say(f"{name}: missing: {'; '.join(files.missing_parts(found, kind))}")
    if complete and not faults:
        say(f"complete: {', '.join(complete)}")
    return 0 if complete and not faults else 1


def _check_part(part: Part, paths: Sequence[Path]) -> list[str]:
    """Load the preferred file of a part, print its sizes, return its faults."""
    from posepipe.models.mardm import checkpoint

    label = {"sit": "mardm-sit-xl", "ddpm": "mardm-ddpm-xl"}.get(part, part.replace("_", " "))
    path = paths[0]
    try:
        if part == "autoencoder":
            networks: tuple[object, ...] = (checkpoint.load_autoencoder(path),)
        elif part == "length_estimator":
            networks = (checkpoint.load_length_estimator(path),)
        else:
            networks = checkpoint.load_networks(path)
    except PosepipeError as error:
        return [str(error)]
    say(f"{label:17} {path}")
    for network in networks:
        say(f"{'':17} {network.config}")  # type: ignore[attr-defined]
    for other in paths[1:]:
        say(f"{'':17} not used: {other}")
    return []


def _check_statistics(mean: Path, std: Path) -> list[str]:
    from posepipe.models.mardm import checkpoint

    try:
        checkpoint.load_statistics(mean, std)
    except PosepipeError as error:
        return [str(error)]
    say(f"statistics        {mean} and {std.name}")
    return []


def _check_clip(folder: Path) -> list[str]:
    from posepipe.models.mardm.text_encoder import ClipText

    try:
        ClipText(folder)
    except PosepipeError as error:
        return [str(error)]
    say(f"text encoder      {folder}")
    return []


def _write_without_code(found: files.Survey) -> None:
    """For each file with Python objects other than tensors, write its tensors beside it."""
    from posepipe.models.mardm import tensors

    for part, paths in found.parts.items():
        path = paths[0]
        if part == "unnamed" or path.suffix == ".safetensors":
            continue
        try:
            tensors.read_tensors(path, *tensors.KEYS[part])
        except PosepipeError:
            say(f"wrote {tensors.write_without_code(path, part)}")


def _fetch(name: str, checkpoints: Path, *, keep_archives: bool) -> int:
    from posepipe.models.mardm import fetch

    kind: Kind = models.OFFICIAL[name]
    lost = fetch.fetch(kind, checkpoints, TerminalReporter(), keep_archives=keep_archives)
    for line in lost:
        say(f"posepipe: {line}", sys.stderr)
    missing = files.missing_parts(files.survey(checkpoints), kind)
    if missing:
        say(f"{name} is not complete in {checkpoints}. Missing: {'; '.join(missing)}", sys.stderr)
        return 1
    option = "" if str(checkpoints) == "checkpoints" else f" --checkpoints {checkpoints}"
    say(f"complete: {name}; `posepipe run CAPTIONS --model {name}{option}`")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
