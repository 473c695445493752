"""``posepipe run CAPTIONS``: make the poses that are missing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import Field, fields
from typing import Any, Final

from posepipe import commandline
from posepipe.commandline import default_of, flag_of
from posepipe.config import GROUPS, RunConfig
from posepipe.errors import ConfigError
from posepipe.run.old_options import add_old_options, notes, take_old_options

_EXAMPLES: Final = (
    ("posepipe run captions.txt --dry-run", "Show what would be made, without writing anything."),
    ("posepipe run captions.md --final-dir Poses --formats npy,json", "Make the poses without pictures, in Poses/."),
    ("posepipe run captions.csv --model mardm-sit-xl --gpus 1,2,3", "Use the official weights on three GPUs."),
)


def run_parser() -> argparse.ArgumentParser:
    """The parser of ``posepipe run``, with the options of :class:`RunConfig` in their groups."""
    parser = commandline.parser(
        "run", "Make a pose for each caption. Run again, it continues where it stopped.", _EXAMPLES
    )
    parser.usage = "posepipe run CAPTIONS... [options]"
    groups = {name: parser.add_argument_group(name, description) for name, description in GROUPS.items()}
    groups["input"].add_argument("captions", nargs="*", metavar="CAPTIONS", help="The captions; same as --text-path.")
    for option in fields(RunConfig):
        add_option(groups[option.metadata["group"]], option)
    add_old_options(parser)
    return parser


def add_option(target: argparse._ActionsContainer, option: Field[Any], default: str | None = None) -> None:
    """Add a field of RunConfig to a parser or a group of options; ``default`` where the command has its own."""
    meta = option.metadata
    shown = default or default_of(option)
    extra: dict[str, Any] = {"help": meta["help"] + (f" Default: {shown}." if shown else "")}
    if "flag" in meta:
        extra["action"] = "store_true" if meta["flag"] else "store_false"
    else:
        extra |= {"metavar": meta["kind"].metavar} | {
            key: meta[key] for key in ("action", "nargs", "const") if key in meta
        }
    names = [flag_of(option), *meta.get("aliases", ())]
    target.add_argument(*names, dest=option.name, default=argparse.SUPPRESS, **extra)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return commandline.guarded(_run, arguments)


def _run(arguments: list[str]) -> int:
    options = vars(run_parser().parse_intermixed_args(arguments))
    captions = options.pop("captions", None)
    if captions:
        if options.get("text_path", captions) != captions:
            named = " ".join(options["text_path"])
            raise ConfigError(f"captions given twice: {' '.join(captions)} and --text-path {named}")
        options["text_path"] = captions
    old = take_old_options(options)
    config = RunConfig(**options)
    about_old = notes(old, config)
    from posepipe.run import forkserver

    with forkserver.allowed(config):  # starts a process that imports beside the imports below
        from posepipe.run.job import generate
        from posepipe.run.progress import ProgressPrinter

        printer = ProgressPrinter(dry_run=config.dry_run)
        for note in about_old:
            printer.message(note)
        summary = generate(config, printer)
    if config.dry_run:
        printer.free_space(config)
    else:
        printer.finish(summary)
    return summary.exit_code


if __name__ == "__main__":
    sys.exit(main())
