"""Commands for people who change the codes: measure how often each holds, and read captions.

``python -m training.posecodes shares --mocap MOCAP`` writes ``shares.csv`` again; ``sample`` prints captions of drawn
poses, and draws them with ``--sheet OUT.png``.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.motions import MOCAP_FILES, facing_forward
from training.posecodes import choosing, describe
from training.posecodes.measures import Poses
from training.split import draw_many

_FRAMES = 2
_STRIDE = 7
"""Every so many frames of motion capture are measured."""


def mocap_poses(folder: Path, stride: int = _STRIDE) -> NDArray[np.float32]:
    """Return every ``stride``-th frame of all clips, (n, 22, 3), each facing +Z."""
    with np.load(folder / MOCAP_FILES[0]) as clips:
        frames = np.concatenate([clips[name][::stride] for name in clips.files])
    return np.stack([facing_forward(frame[None])[0] for frame in frames])


def grammar_poses(count: int, seed: int) -> NDArray[np.float32]:
    """Return poses (n, 22, 3) drawn from the grammar, modifiers included."""
    return np.stack([each.motion[_FRAMES // 2] for each in draw_many(count, seed, 1, _FRAMES)])


def _shares(mocap: Path, count: int) -> None:
    poses = Poses(np.concatenate((grammar_poses(count, 77), mocap_poses(mocap))))
    with choosing.SHARES_FILE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(choosing.measured_shares(poses))


def _sample(count: int, seed: int, mocap: Path | None, sheet: Path | None) -> None:
    poses = grammar_poses(count, seed) if mocap is None else mocap_poses(mocap, 1)
    if mocap is not None:
        poses = poses[np.random.default_rng(seed).choice(len(poses), count, replace=False)]
    drawn = [(each, pose) for each, pose in zip(describe(poses, range(count)), poses, strict=True) if each is not None]
    for derived, _ in drawn:
        print(f"{derived.caption}\n    {' '.join(derived.codes)}")
    if sheet is not None:
        from posepipe import picture

        pictures = [picture.draw(pose, derived.caption) for derived, pose in drawn]
        sheet.write_bytes(picture.sheet(pictures, columns=6))


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.posecodes", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("command", choices=("shares", "sample"))
    parser.add_argument("--mocap", type=Path, metavar="DIR", help="folder of motion capture")
    parser.add_argument("--count", type=int, default=60, metavar="N", help="grammar poses to draw (60)")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--sheet", type=Path, metavar="OUT.png", help="draw the poses too")
    options = parser.parse_args(arguments)
    if options.command == "sample":
        _sample(options.count, options.seed, options.mocap, options.sheet)
    elif options.mocap is None:
        parser.error("shares needs --mocap DIR")
    else:
        _shares(options.mocap, options.count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
