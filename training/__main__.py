"""``python -m training``: makes the bundled model anew, or a part of it."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from posepipe.errors import PosepipeError

STAGES = ("motions", "autoencoder", "text", "mardm", "evaluate", "card", "sheet")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument(
        "stage",
        choices=("all", *STAGES),
        help="how far to go (all: everything; stages that are done are not done again); evaluate and sheet take "
        "the weights as they are",
    )
    parser.add_argument("--mocap", type=Path, required=True, metavar="PATH", help="folder of clips.npz and its tables")
    parser.add_argument(
        "--out", type=Path, default=Path("training-runs"), metavar="DIR", help="working files (training-runs)"
    )
    parser.add_argument(
        "--weights", type=Path, metavar="DIR", help="where the finished model goes (the package's own folder)"
    )
    parser.add_argument("--seed", type=int, default=0, help="of everything (0)")
    parser.add_argument("--processes", type=int, default=1, help="for drawing examples (1)")
    parser.add_argument("--threads", type=int, default=1, help="of torch (1)")
    parser.add_argument("--tiny", action="store_true", help="a trial in seconds, whose model is of no use")
    parser.add_argument(
        "--steps", type=int, metavar="N", help="of the last stage; the two before it get a quarter and a half"
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; gives its exit code."""
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except PosepipeError as error:
        print(f"python -m training: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _run(options: argparse.Namespace) -> None:
    from dataclasses import replace

    import torch

    from posepipe.models import SMALL_WEIGHTS
    from training import card, evaluation
    from training.build import Run
    from training.settings import BUNDLED, TINY

    torch.set_num_threads(options.threads)
    settings = replace(TINY if options.tiny else BUNDLED, seed=options.seed)
    if options.steps:
        settings = replace(
            settings,
            mardm_steps=options.steps,
            text_steps=options.steps // 2,
            autoencoder_steps=options.steps // 4,
        )
    started = time.monotonic()

    def log(line: str) -> None:
        print(f"{time.monotonic() - started:7.0f} s  {line}", flush=True)

    weights = options.weights or SMALL_WEIGHTS
    run = Run(options.mocap, options.out, settings, options.processes, log)
    if options.stage == "motions":
        for frames in run.lengths:
            log(f"{len(run.examples(frames))} examples of {frames} frames")
    elif options.stage == "autoencoder":
        run.autoencoder  # noqa: B018
    elif options.stage == "text":
        run.text  # noqa: B018
    if options.stage in ("all", "mardm"):
        run.export(weights, default_cfg=1.0)
        run.export(weights, evaluation.best_guidance(weights, settings, log))
    if options.stage in ("all", "evaluate"):
        figures = evaluation.evaluate(weights, run, log)
        (options.out / "figures.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if options.stage in ("all", "evaluate", "card"):
        card.write(weights, json.loads((options.out / "figures.json").read_text(encoding="utf-8")))
    if options.stage in ("all", "sheet"):
        card.sheet(weights, options.out / "sheet.png", settings.seed)


if __name__ == "__main__":
    sys.exit(main())
