"""``posepipe models``: which models there are, whether a folder of weights is sound, and fetching them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from posepipe import models
from posepipe.commandline import guarded, parser
from posepipe.errors import CheckpointNotFound, PosepipeError
from posepipe.models.mardm import files


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return guarded(_run, arguments)


def _run(arguments: list[str]) -> int:
    given = _parser().parse_args(arguments)
    if given.action == "check":
        return _check(Path(given.path), trust=given.trust)
    if given.action == "fetch":
        return _fetch(given.name, Path(given.checkpoints))
    return _list(Path(given.checkpoints))


def _parser() -> argparse.ArgumentParser:
    made = parser("models", "List the models, hold weights against what is needed, fetch them.")
    place = "where official weights are looked for: the folder that holds t2m/, or its parent (checkpoints)"
    made.add_argument("--checkpoints", default="checkpoints", metavar="DIR", help=place)
    folder = argparse.ArgumentParser(add_help=False)
    folder.add_argument("--checkpoints", default=argparse.SUPPRESS, metavar="DIR", help=place)
    actions = made.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", parents=[folder], help="which models there are, and where (without an action)")
    check = actions.add_parser("check", help="hold a folder of weights against what the loader needs")
    check.add_argument("path", metavar="PATH", help="a checkpoints folder")
    check.add_argument(
        "--trust",
        action="store_true",
        help="load files that hold Python objects besides tensors, which runs any code in them, and write "
        "their tensors to a file without code; only for files whose maker you trust",
    )
    fetch = actions.add_parser("fetch", parents=[folder], help="bring official weights and CLIP from the hub")
    fetch.add_argument("name", metavar="NAME", choices=sorted(models.OFFICIAL), help="mardm-sit-xl, mardm-ddpm-xl")
    return made


def _list(checkpoints: Path) -> int:
    try:
        size = sum(path.stat().st_size for path in models.small_weight_files())
        print(f"small          bundled, {size / 1e6:.1f} MB in {models.SMALL_WEIGHTS}")
    except CheckpointNotFound as error:
        print(f"small          {error}")
    found = files.survey(checkpoints) if checkpoints.is_dir() else None
    for name, kind in models.OFFICIAL.items():
        if found is None:
            print(f"{name:14} no folder {checkpoints}; `posepipe models fetch {name}` makes it")
            continue
        lacks = _lacks(found, kind)
        if lacks:
            print(f"{name:14} incomplete under {found.root}; missing: {'; '.join(lacks)}")
        else:
            print(f"{name:14} {found.parts[kind][0]}")
    print("other          package.module:factory, a model of your own")
    return 0


def _lacks(found: files.Survey, kind: files.Kind) -> list[str]:
    """What a model lacks, CLIP included."""
    lacks = files.missing_parts(found, kind)
    if found.clip is None:
        lacks.append(f"the text encoder (hub repository {files.CLIP_REPOSITORY})")
    return lacks


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
        print(f"text encoder      {found.clip}")
    if "length_estimator" not in found.parts:
        print(f"length estimator  not there; only for --sequence-length estimate ({files.LENGTH_ESTIMATOR_SOURCE})")
    for fault in faults:
        print(f"fault: {fault}")
    complete = [name for name, kind in models.OFFICIAL.items() if not _lacks(found, kind)]
    for name, kind in models.OFFICIAL.items():
        if name not in complete and (kind in found.parts or not complete):
            print(f"{name}: missing: {'; '.join(_lacks(found, kind))}")
    if complete and not faults:
        print(f"complete: {', '.join(complete)}")
    return 0 if complete and not faults else 1


def _check_part(part: files.Part, paths: Sequence[Path]) -> list[str]:
    """Load the file that would be taken, print what it is, return its faults."""
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
    print(f"{label:17} {path}")
    for network in networks:
        print(f"{'':17} {network.config}")  # type: ignore[attr-defined]
    for other in paths[1:]:
        print(f"{'':17} not taken: {other}")
    return []


def _check_statistics(mean: Path, std: Path) -> list[str]:
    from posepipe.models.mardm import checkpoint

    try:
        checkpoint.load_statistics(mean, std)
    except PosepipeError as error:
        return [str(error)]
    print(f"statistics        {mean} and {std.name}")
    return []


def _write_without_code(found: files.Survey) -> None:
    from posepipe.models.mardm import checkpoint

    for part, paths in found.parts.items():
        path = paths[0]
        if part == "unnamed" or path.suffix == ".safetensors":
            continue
        try:
            checkpoint.read_tensors(path, *checkpoint.KEYS[part])
        except PosepipeError:
            print(f"wrote {checkpoint.write_without_code(path, part)}")


def _fetch(name: str, checkpoints: Path) -> int:
    from posepipe.models.mardm import fetch

    kind = models.OFFICIAL[name]
    lost = []
    for repository in fetch.repositories(kind):
        try:
            print(f"{repository} -> {fetch.fetch_repository(repository, checkpoints)}", flush=True)
        except CheckpointNotFound as error:
            lost.append(str(error))
    for loss in lost:
        print(f"posepipe: {loss}", file=sys.stderr)
    found = files.survey(checkpoints)
    lacks = _lacks(found, kind)
    if "length_estimator" not in found.parts:
        print(
            f"not on the hub: the length estimator, only for --sequence-length estimate "
            f"({files.LENGTH_ESTIMATOR_SOURCE})"
        )
    if lacks:
        print(f"{name} is not complete. Missing: {'; '.join(lacks)}", file=sys.stderr)
        print(f"put it under {checkpoints} and see `posepipe models check {checkpoints}`", file=sys.stderr)
        return 1
    print(f"complete: {name}; `posepipe run CAPTIONS --model {name} --checkpoints {checkpoints}`")
    return 0


if __name__ == "__main__":
    sys.exit(main())
