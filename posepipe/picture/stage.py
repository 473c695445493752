"""What surrounds a mannequin: floor and grid, ruler, and the small views in the corners; as points, not pixels."""

from __future__ import annotations

from math import floor, log10
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posepipe.picture.anatomy import PARTS, Body, J
from posepipe.picture.camera import SIZE, View, rotation
from posepipe.skeleton import CHAINS

Floats = NDArray[np.float64]

INSET_SIZE: Final = 172
INSETS: Final = ((16, SIZE - 16 - INSET_SIZE), (SIZE - 16 - INSET_SIZE, SIZE - 16 - INSET_SIZE))
"""Upper left corners of the small views."""
INSET_TITLE: Final = 16
"""Pixels from the top of a small view to the baseline of its title."""

DIRECTIONS: Final = {
    "from the front": (0.0, 0.0),
    "from the left": (90.0, 0.0),
    "from the right": (-90.0, 0.0),
    "from above": (0.0, 90.0),
}
"""Azimuth and elevation of the small views."""
_OTHERS: Final = {
    "front-left": ("from the front", "from the left"),
    "front-right": ("from the front", "from the right"),
    "left": ("from the front", "from above"),
    "right": ("from the front", "from above"),
    "front-above": ("from the front", "from the left"),
}
"""Small views beside each view; else from the left and from above."""

TEXT_LEFT, TEXT_TOP, TEXT_STEP, TEXT_SIZE = 24, 136, 20, 14
RULER_TOP: Final = 172


def _shadows() -> tuple[NDArray[np.intp], Floats]:
    """Pairs of ellipsoids between which shadow falls, (n, 2), and the width of their shadow, (n,) in metres."""
    pairs, widths, start = [], [], 0
    for part in PARTS:
        count = len(part.balls)
        if not part.name.endswith(("thumb", "nose")):
            pairs.append((start, start + count - 1))
            widths.append(min(2 * max(part.balls[0].radii), 0.24))
        start += count
    return np.array(pairs), np.array(widths)


SHADOWS, SHADOW_WIDTHS = _shadows()


class Floor(NamedTuple):
    """The floor under a pose; pixels."""

    corners: Floats  # (4, 2)
    lines: Floats  # (n, 2, 2)
    cell: float
    """Width of a cell of the grid, in metres."""


def floor_of(body: Body, view: View) -> Floor:
    """The floor, y = 0, four cells wide, centred below the pelvis."""
    cell = nice(0.75 * body.size) if body.size > 2 or body.size < 0.5 else 0.5
    middle = body.joints[0] * (1.0, 0.0, 1.0)
    steps = np.arange(-2, 3) * cell
    ends = np.zeros((10, 2, 3))
    ends[:5, :, 0] = ends[5:, :, 2] = steps[:, None]
    ends[:5, :, 2] = ends[5:, :, 0] = (-2 * cell, 2 * cell)
    lines, _ = view.project(ends + middle)
    return Floor(np.array((lines[0, 0], lines[4, 0], lines[4, 1], lines[0, 1])), lines, cell)


def shadows(body: Body, view: View) -> tuple[Floats, Floats]:
    """Where the light from straight above is kept off the floor: ends of lines, (n, 2, 2) pixels, and darkness, (n,).

    The higher a part, the paler its shadow; what touches the floor has a dark one.
    """
    spots, _ = view.project(body.centres[SHADOWS] * (1.0, 0.0, 1.0))
    height = np.maximum(body.centres[SHADOWS][..., 1].min(axis=1) / body.size, 0.0)
    return spots, 12 + 60 * np.exp(-height / 0.13) + 22 * np.exp(-height / 0.7)


def ruler(view: View) -> float:
    """Length in metres of a ruler that is 60 to 150 pixels long."""
    return nice(150 / view.scale)


def nice(length: float) -> float:
    """The largest of 1, 2, 5, 10, 20, ... (times any power of ten) that is at most a length."""
    power = 10.0 ** floor(log10(length))
    return max(step for step in (1, 2, 5) if step * power <= length * (1 + 1e-9) or step == 1) * power


def metres(length: float) -> str:
    """A length with its unit.

    >>> metres(0.2)
    '20 cm'
    """
    if 0.01 <= length < 1:
        return f"{100 * length:g} cm"
    return f"{length:g} m"


class Stroke(NamedTuple):
    """A line or an area of a small view."""

    points: Floats  # (n, 2) pixels
    material: str
    width: float
    """Pixels; 0 for an area."""


class Inset(NamedTuple):
    """A small view."""

    title: str
    left: int
    top: int
    floor: float | None
    """Pixels from the top of the picture to the floor, where it is seen from the side and inside the frame."""
    strokes: list[Stroke]  # from back to front


def insets(body: Body, view: View) -> list[Inset]:
    """The two small views: the usual directions that differ from the view."""
    titles = _OTHERS.get(view.name, ("from the left", "from above"))
    return [_inset(body, title, left, top) for title, (left, top) in zip(titles, INSETS, strict=True)]


_TRUNK: Final = [J[name] for name in ("left_shoulder", "neck", "right_shoulder", "right_hip", "left_hip")]
_LIMBS: Final = {
    limb: list(chain[-3:] if limb.endswith("arm") else chain[1:]) for limb, chain in CHAINS.items() if limb != "spine"
}


def _inset(body: Body, title: str, left: int, top: int) -> Inset:
    axes = rotation(*DIRECTIONS[title])
    head = body.frames[4] * body.size
    skull = body.joints[J["head"]] + 0.08 * head[1]
    points = np.concatenate((body.joints, (skull, skull + 0.15 * head[2], skull + 0.06 * head[2])))
    seen = (points - body.joints[0]) @ axes
    low, high = seen[:, :2].min(axis=0) - 0.1 * body.size, seen[:, :2].max(axis=0) + 0.1 * body.size
    room = INSET_SIZE - 34
    scale = room / float(max(high - low))
    spots = (seen[:, :2] - (low + high) / 2) * (scale, -scale) + (left + INSET_SIZE / 2, top + 26 + room / 2)
    thick = max(3.0, 0.085 * body.size * scale)
    strokes: list[tuple[float, int, Stroke]] = []
    for limb, chain in _LIMBS.items():
        strokes.append((float(seen[chain[1:], 2].mean()), len(strokes), Stroke(spots[chain], limb, thick)))
    strokes.append((float(seen[_TRUNK, 2].mean()), len(strokes), Stroke(spots[_TRUNK], "trunk", 0.0)))
    radius = 0.21 * body.size * scale
    strokes.append((float(seen[-3, 2]), len(strokes), Stroke(spots[[-3, -3]], "head", radius)))
    strokes.append((float(seen[-2, 2]), len(strokes), Stroke(spots[[-1, -2]], "head", thick * 0.6)))
    level = None
    if DIRECTIONS[title][1] == 0:
        floor_y = top + 26 + room / 2 + scale * float(body.joints[0, 1] + (low[1] + high[1]) / 2)
        level = floor_y if top + 26 < floor_y < top + INSET_SIZE else None
    return Inset(title, left, top, level, [stroke for _, _, stroke in sorted(strokes, key=lambda each: each[:2])])
