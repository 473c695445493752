"""``posepipe try "A person jumping"``: make a pose or two at once, without a run and without a manifest."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from posepipe import commandline
from posepipe.commandline import FOLDER
from posepipe.config import RunConfig
from posepipe.control.state import STATE_NAME
from posepipe.errors import ConfigError, cannot_be_written
from posepipe.run.__main__ import add_option
from posepipe.storage import atomic
from posepipe.storage.artifact_formats import file_of

if TYPE_CHECKING:
    from posepipe.artifacts.pose import Pose

_EXAMPLES: Final = (
    ('posepipe try "A person jumping"', "Write jumping.png into the current folder."),
    ('posepipe try "A person jumping" --picture skeleton', "Draw it in OpenPose's colours on black."),
    ('posepipe try "A person jumping" --variants 3 --formats png,bvh', "Write three poses, also as BVH."),
)
_OWN: Final = ("formats", "picture", "transparent", "variants", "gpus")
"""Options of ``run`` that ``try`` takes besides those of the model."""


def try_parser() -> argparse.ArgumentParser:
    """The parser of ``posepipe try``: captions, a folder, and the options of ``run`` that concern a single pose."""
    parser = commandline.parser("try", "Make a pose at once, and print where its picture is.", _EXAMPLES)
    parser.usage = 'posepipe try "CAPTION" ... [options]'
    parser.add_argument("captions", nargs="+", metavar="CAPTION", help='"A person ...", in quotation marks.')
    parser.add_argument(
        "--final-dir", type=FOLDER, default=".", metavar="DIR", help="Write into this folder. Default: the current one."
    )
    for option in fields(RunConfig):
        if option.name in _OWN or option.metadata["group"] == "model":
            add_option(parser, option, {"formats": "png"}.get(option.name))
    return parser


def try_captions(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return commandline.guarded(_try, arguments)


def _try(arguments: list[str]) -> int:
    options = vars(try_parser().parse_intermixed_args(arguments))
    captions, folder = options.pop("captions"), Path(options.pop("final_dir"))
    config = RunConfig(**{"text_prompt": captions, "formats": "png", **options})
    if (folder / STATE_NAME).exists():
        raise ConfigError(
            f"--final-dir {folder}: it holds the poses of a run, which adds a pose with: "
            f"posepipe run --text-prompt {captions[0]!r} --final-dir {folder}"
        )
    from posepipe.run.loading import load_with

    model = load_with(config, _device(config.gpus))
    poses = model(captions, variants=config.variants)
    for pose in poses:
        for path in _write(pose, folder, config.format_list):
            print(path)
    for caption in dict.fromkeys(pose.caption for pose in poses if "unsure" in pose.flags):
        print(f"posepipe: the model does not know {caption!r} well and guessed (unsure)", file=sys.stderr)
    return 0


def _device(gpus: str) -> str | None:
    """The device of ``--gpus``: None for the first GPU if there is one.

    Raises
    ------
    ConfigError
        There is no such GPU.
    """
    from posepipe.workers.devices import visible_gpus

    if gpus in ("all", "none"):
        return None if gpus == "all" else "cpu"
    first, visible = int(gpus.split(",")[0]), visible_gpus()
    if first not in visible:
        raise ConfigError(f"--gpus {gpus}: there is no GPU {first} here; give none for the CPU")
    return f"cuda:{visible.index(first)}"


def _write(pose: Pose, folder: Path, formats: Sequence[str]) -> list[Path]:
    """Write a pose under its own name, or with a number behind it where other files have that name; the paths."""
    contents = {name: pose.encoded(name) for name in formats}
    for number in count(1):
        stem = pose.stem if number == 1 else f"{pose.stem}_{number}"
        files = {folder / file_of(stem, name): content for name, content in contents.items()}
        if _are_free(files):
            break
    with cannot_be_written(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            atomic.write_bytes(path, content)
    return list(files)


def _are_free(files: Mapping[Path, bytes]) -> bool:
    """Whether no file would be replaced by another content."""
    return all(not path.exists() or (path.is_file() and path.read_bytes() == files[path]) for path in files)
