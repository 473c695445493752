"""A contact sheet of base poses: ``python -m training.look GROUP OUT.png [--draws N] [--names A,B]``.

Each pose from the front (left) and from its left side (right), several draws one beside the other; red is the
person's left, blue the right, black the middle. The line is the ground. A pose whose predicates fail is
named in red, with what failed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import CHAINS
from training.controls import Side, held
from training.grammar.base import BasePose, one_of
from training.grammar.compose import GROUPS, built, compose, expected
from training.grammar.modifiers import MODIFIERS
from training.grammar.predicates import View, holds
from training.kinematics import solve

Image = NDArray[np.uint8]

_SCALE = 95
_WIDTH, _HEIGHT = 200, 235
_COLOURS = {"right": (200, 60, 30), "left": (30, 30, 220), "spine": (20, 20, 20)}


def drawn(joints: NDArray[np.float32], title: str, failed: str = "") -> Image:
    """One tile, BGR uint8 (height, 2 * width, 3), of a pose (22, 3)."""
    tile = np.full((_HEIGHT, 2 * _WIDTH, 3), 255, np.uint8)
    centre = (joints.max(0) + joints.min(0)) / 2
    ground = _HEIGHT - 12
    for column, axis, direction in ((0, 0, 1.0), (1, 2, 1.0)):
        middle = _WIDTH * column + _WIDTH // 2
        cv2.line(tile, (_WIDTH * column + 5, ground), (_WIDTH * (column + 1) - 5, ground), (210, 210, 210), 1)
        flat = np.stack(
            [
                middle + direction * (joints[:, axis] - centre[axis]) * _SCALE,
                ground - joints[:, 1] * _SCALE,
            ],
            axis=1,
        )
        order = sorted(CHAINS, key=lambda chain: float(joints[list(CHAINS[chain]), 0 if axis else 2].mean()))
        for chain in order:
            colour = _COLOURS[chain.split("_", 1)[0]]
            points = flat[list(CHAINS[chain])].round().astype(np.int32)
            cv2.polylines(tile, [points], False, colour, 2, cv2.LINE_AA)
        cv2.circle(tile, tuple(int(value) for value in flat[15]), 4, (20, 20, 20), -1, cv2.LINE_AA)
    colour = (0, 0, 230) if failed else (0, 0, 0)
    for number, line in enumerate([title[:62], title[62:124], failed[:62]]):
        cv2.putText(tile, line, (4, 11 + 12 * number), cv2.FONT_HERSHEY_SIMPLEX, 0.34, colour, 1, cv2.LINE_AA)
    return tile


def base_tile(base: BasePose, side: Side, seed: int) -> Image:
    """A base pose as built from ``seed``."""
    rng = np.random.default_rng(seed)
    motion = solve(held(built(base, side, rng), 4, rng), 4)
    view = View(motion[2])
    failed = ", ".join(name for name in expected(base, side) if not holds(name, view))
    words = one_of(base.phrasings[seed % len(base.phrasings)], rng).replace("{side}", side)
    return drawn(motion[2], f"{base.name} {side[0]}: {words}", failed)


def sheet(tiles: list[Image], columns: int) -> Image:
    """Tiles in rows."""
    blank = np.full_like(tiles[0], 255)
    tiles = tiles + [blank] * (-len(tiles) % columns)
    rows = [np.hstack(tiles[start : start + columns]) for start in range(0, len(tiles), columns)]
    return np.vstack(rows)


def main() -> None:
    """Draw the sheet that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m training.look", description=__doc__)
    parser.add_argument("group", choices=sorted(GROUPS))
    parser.add_argument("out", type=Path)
    parser.add_argument("--draws", type=int, default=2, help="variations of each pose (2)")
    parser.add_argument("--names", default="", help="only these base poses, comma-separated")
    parser.add_argument("--modifiers", action="store_true", help="the first pose named with every modifier")
    parser.add_argument("--columns", type=int, default=4)
    chosen = parser.parse_args()
    names = set(chosen.names.split(",")) - {""}
    poses = [base for base in GROUPS[chosen.group] if not names or base.name in names]
    sides: tuple[Side, Side] = ("left", "right")
    if chosen.modifiers:
        tiles = []
        for number, modifier in enumerate(MODIFIERS):
            example = compose(chosen.group, poses[0], [modifier], np.random.default_rng(number), 4)
            wanted = [name.partition(":")[0] for name in modifier.predicates]
            found = [name.partition(":")[0] for name in example.predicates]
            failed = ", ".join(name for name in wanted if name not in found)
            tiles.append(drawn(example.motion[2], example.caption, failed))
    else:
        tiles = [base_tile(base, sides[seed % 2], seed) for base in poses for seed in range(chosen.draws)]
    cv2.imwrite(str(chosen.out), sheet(tiles, chosen.columns))


if __name__ == "__main__":
    main()
