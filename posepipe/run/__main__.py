"""``posepipe run CAPTIONS``: make the poses that are missing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from posepipe import commandline
from posepipe.config import RunConfig
from posepipe.errors import ConfigError


def add_run_options(made: argparse.ArgumentParser) -> None:
    """The options of ``run``, from the fields of RunConfig."""
    groups: dict[str, argparse._ArgumentGroup] = {}
    for option in fields(RunConfig):
        meta = option.metadata
        group = meta.get("group")
        target = made if group is None else groups.setdefault(group, made.add_argument_group(group))
        flag = "--" + ("no-" if meta.get("flag") is False else "") + option.name.replace("_", "-")
        text = meta["help"]
        if "flag" in meta:
            keep = "store_true" if meta["flag"] else "store_false"
            target.add_argument(flag, dest=option.name, action=keep, default=argparse.SUPPRESS, help=text)
            continue
        if option.default not in (None, ""):
            text += f" ({option.default:g})" if isinstance(option.default, float) else f" ({option.default})"
        extra: dict[str, Any] = {k: meta[k] for k in ("type", "choices", "metavar", "nargs", "const") if k in meta}
        names = [flag, *meta.get("aliases", ())]
        target.add_argument(*names, dest=option.name, default=argparse.SUPPRESS, help=text, **extra)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return commandline.guarded(_run, arguments)


def _run(arguments: list[str]) -> int:
    parser = commandline.parser("run", "Captions in, poses out; run again, it goes on where it stopped.")
    parser.add_argument("captions", nargs="?", metavar="CAPTIONS", help="the captions (same as --text-path)")
    add_run_options(parser)
    options = vars(parser.parse_args(arguments))
    captions = options.pop("captions", None)
    if captions is not None:
        if options.get("text_path", captions) != captions:
            raise ConfigError(f"captions given twice: {captions} and --text-path {options['text_path']}")
        options["text_path"] = captions
    config = RunConfig(**options)
    from posepipe.run.job import generate
    from posepipe.run.progress import ProgressPrinter

    printer = ProgressPrinter(dry_run=config.dry_run)
    summary = generate(config, printer)
    if config.dry_run:
        printer.free_space(config)
    else:
        printer.finish(summary)
    return summary.exit_code


if __name__ == "__main__":
    sys.exit(main())
