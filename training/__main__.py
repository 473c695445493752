"""The command ``python -m training``: trains the bundled model, evaluates it, and draws poses."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from posepipe.errors import ConfigError, InputError, PosepipeError

DEFAULT_OUT = Path("training-runs")
_SHARE = 0.3
"""Share of the steps that a run with ``--start`` takes."""

_EXAMPLES = """examples:
  python -m training all --mocap MOCAP --processes 8 --threads 8    train, evaluate, write the model card
  python -m training all --mocap MOCAP --tiny --out trial           all stages in about a minute, as a test
  python -m training all --mocap MOCAP --start posepipe/models/weights    continue from the bundled model
  python -m training look sports sports.png                         draw the base poses of a group
"""


def _positive(text: str) -> int:
    """Convert an argument that must be a whole number of at least 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def _share(text: str) -> float:
    """Convert an argument that must be a number above 0, at most 1."""
    try:
        share = float(text)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0 and at most 1")
    return share


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Train the bundled model, evaluate it, and draw poses. training/README.md describes the steps.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", title="commands")
    for name, text in (
        ("all", "all stages in order, then evaluate, card and sheet; stages that are finished are not repeated"),
        ("motions", "draw the training examples"),
        ("autoencoder", "train the autoencoder, after motions"),
        ("text", "train the text encoder, after motions"),
        ("mardm", "train transformer, diffusion network and student, after the stages above, and write the weights"),
        ("evaluate", "evaluate the weights and write their model card"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        _add_common_options(command)
        _add_training_options(command)
    text = "train a network that gives in one call what the solver gives in many, and add it to the weights"
    student = commands.add_parser("student", help=text, description=text)
    _add_common_options(student)
    _add_tiny(student)
    for name, text in (
        ("card", "write the model card again, from the figures of the last evaluation"),
        ("sheet", "write a contact sheet of poses that the weights make of held-out captions (OUT/sheet.png)"),
    ):
        _add_common_options(commands.add_parser(name, help=text, description=text))
    _add_look(commands)
    return parser


def _add_common_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, default=DEFAULT_OUT, metavar="DIR", help=f"folder of working files ({DEFAULT_OUT})"
    )
    parser.add_argument(
        "--weights",
        type=Path,
        metavar="DIR",
        help="folder of the model (OUT/weights); posepipe/models/weights is the bundled model",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of all randomness (0)")
    parser.add_argument("--threads", type=_positive, default=1, metavar="N", help="threads of torch (1)")


def _add_training_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mocap", type=Path, required=True, metavar="DIR", help="folder with clips.npz, captions.csv and poses.csv"
    )
    parser.add_argument("--processes", type=_positive, default=1, metavar="N", help="processes that draw examples (1)")
    _add_tiny(parser)
    parser.add_argument(
        "--steps",
        type=_positive,
        metavar="N",
        help="steps of the last stage; the text encoder gets half as many and the autoencoder a quarter",
    )
    parser.add_argument(
        "--start",
        type=Path,
        metavar="DIR",
        help="folder of a model whose weights are the first ones, such as posepipe/models/weights; its decoder is kept",
    )
    parser.add_argument(
        "--share",
        type=_share,
        metavar="X",
        help="share of the steps that each stage takes with --start (0.3)",
    )


def _add_tiny(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tiny", action="store_true", help="tiny networks and few steps: a test, not a useful model")


def _add_look(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "draw base poses of the grammar, to check poses that you write"
    look = commands.add_parser("look", help=text, description=text)
    look.add_argument("group", help="group of poses, as sports or yoga")
    look.add_argument("file", type=Path, metavar="OUT.png", help="PNG file to write")
    look.add_argument("--names", default="", metavar="A,B", help="only these base poses")
    look.add_argument("--draws", type=_positive, default=2, metavar="N", help="tiles of each pose (2)")
    look.add_argument("--columns", type=_positive, default=4, metavar="N", help="tiles in a row (4)")
    look.add_argument("--modifiers", action="store_true", help="draw the first pose with every modifier instead")


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "look":
            _look(options)
        else:
            _train(options)
    except PosepipeError as error:
        print(f"python -m training: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _look(options: argparse.Namespace) -> None:
    from training.grammar.poses import GROUPS
    from training.look import write_sheet

    if options.group not in GROUPS:
        raise ConfigError(f"there is no group {options.group!r}; the groups are {', '.join(GROUPS)}")
    names = [name for name in options.names.split(",") if name]
    write_sheet(
        options.file, options.group, names, draws=options.draws, columns=options.columns, modifiers=options.modifiers
    )


def _logger() -> Callable[[str], None]:
    """Return a function that prints lines with the seconds since now."""
    started = time.monotonic()

    def log(line: str) -> None:
        print(f"{time.monotonic() - started:7.0f} s  {line}", flush=True)

    return log


def _train(options: argparse.Namespace) -> None:
    import torch

    from posepipe.models.small import CONFIG
    from training import card

    torch.set_num_threads(options.threads)
    weights = options.weights or options.out / "weights"
    figures = options.out / "figures.json"
    if options.command in ("student", "evaluate", "card", "sheet") and not (weights / CONFIG).is_file():
        raise InputError(
            f"no model in {weights}; 'python -m training mardm' writes one, --weights names another folder"
        )
    if options.command == "student":
        _train_student(options, weights)
    elif options.command not in ("card", "sheet"):
        _run_stages(options, weights, figures)
    if options.command in ("all", "evaluate", "card"):
        card.write(weights, _read_figures(figures))
    if options.command in ("all", "sheet"):
        options.out.mkdir(parents=True, exist_ok=True)
        card.sheet(weights, options.out / "sheet.png", options.seed)


def _train_student(options: argparse.Namespace, weights: Path) -> None:
    from dataclasses import replace

    from training.settings import BUNDLED, TINY
    from training.student import add_student

    settings = replace(TINY if options.tiny else BUNDLED, seed=options.seed)
    add_student(weights, settings, options.out, _logger())


def _run_stages(options: argparse.Namespace, weights: Path, figures: Path) -> None:
    """Run the stages that a command asks for, and the evaluation."""
    from dataclasses import replace

    from training import evaluation
    from training.build import TrainingRun
    from training.settings import BUNDLED, TINY
    from training.start import Start
    from training.student import add_student

    if options.share and not options.start:
        raise ConfigError("--share has no effect without --start")
    settings = replace(TINY if options.tiny else BUNDLED, seed=options.seed)
    if options.steps:
        settings = replace(
            settings,
            mardm_steps=options.steps,
            text_steps=options.steps // 2,
            autoencoder_steps=options.steps // 4,
        )
    if options.start:
        settings = settings.shortened(options.share or _SHARE)
    log = _logger()
    start = Start(options.start) if options.start else None
    run = TrainingRun(options.mocap, options.out, settings, options.processes, log, start)
    if options.command == "motions":
        for frames in run.lengths:
            log(f"{len(run.examples(frames))} examples of {frames} frames")
    elif options.command in ("autoencoder", "text"):
        getattr(run, options.command)
    if options.command in ("all", "mardm"):
        run.export(weights, default_cfg=1.0)
        run.export(weights, evaluation.best_guidance(weights, settings, log))
        add_student(weights, settings, options.out, log)
    if options.command in ("all", "evaluate"):
        figures.write_text(json.dumps(evaluation.evaluate(weights, run, log), indent=1), encoding="utf-8")


def _read_figures(path: Path) -> dict[str, object]:
    """Read the figures of the last evaluation."""
    try:
        figures: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot read {path}: {error}; 'python -m training evaluate' writes it") from error
    return figures


if __name__ == "__main__":
    sys.exit(main())
