"""``posepipe run CAPTIONS``: make the poses that are missing."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from posepipe import commandline
from posepipe.config import RunConfig
from posepipe.errors import ConfigError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return commandline.guarded(_run, arguments)


def _run(arguments: list[str]) -> int:
    parser = commandline.parser("run", "Captions in, poses out; run again, it goes on where it stopped.")
    parser.add_argument("captions", nargs="?", metavar="CAPTIONS", help="the captions (same as --text-path)")
    commandline.add_run_options(parser)
    options = vars(parser.parse_args(arguments))
    captions = options.pop("captions", None)
    if captions is not None:
        if options.get("text_path", captions) != captions:
            raise ConfigError(f"captions given twice: {captions} and --text-path {options['text_path']}")
        options["text_path"] = captions
    config = RunConfig(**options)
    from posepipe.job import generate
    from posepipe.progress import ProgressPrinter

    printer = ProgressPrinter(dry_run=config.dry_run)
    summary = generate(config, printer)
    if config.dry_run:
        printer.free_space(config)
    else:
        printer.finish(summary)
    return summary.exit_code


if __name__ == "__main__":
    sys.exit(main())
