"""The order in which parts of a body are painted, so that what is nearer hides what is farther."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def back_to_front(depths: Floats, pairs: Iterable[tuple[int, int, bool]]) -> list[int]:
    """Order parts by depth, except where two of them cross.

    Parameters
    ----------
    depths : (n,) float array
        Nearness of the middle of each part; larger is nearer.
    pairs : iterable of (int, int, bool)
        Two parts that cross in the picture, and whether the second is nearer there.

    Returns
    -------
    list of int
        A permutation of ``range(n)``, the farthest part first.
    """
    behind = [0] * len(depths)  # bit i of behind[j]: part i must be drawn before part j
    for first, second, ahead in pairs:
        if ahead:
            behind[second] |= 1 << first
        else:
            behind[first] |= 1 << second
    waiting = np.argsort(depths, kind="stable").tolist()
    left = (1 << len(depths)) - 1
    found = []
    while waiting:
        # three parts can hide each other in a cycle; then the one farthest back is drawn first
        chosen = next((part for part in waiting if not behind[part] & left), waiting[0])
        waiting.remove(chosen)
        left &= ~(1 << chosen)
        found.append(chosen)
    return found


def closest(one: Floats, other: Floats) -> tuple[Floats, Floats, Floats]:
    """Closest points of pairs of segments in the plane.

    Parameters
    ----------
    one, other : (m, 2, 2) float array
        Ends of the segments.

    Returns
    -------
    (m,) float array
        Position on the first, from 0 to 1.
    (m,) float array
        Position on the second.
    (m,) float array
        Distance.
    """
    start, along = one[:, 0], one[:, 1] - one[:, 0]
    begin, beside = other[:, 0], other[:, 1] - other[:, 0]
    offset = begin - start
    turn = along[:, 0] * beside[:, 1] - along[:, 1] * beside[:, 0]
    safe = np.where(np.abs(turn) < 1e-9, np.inf, turn)
    cross_one = (offset[:, 0] * beside[:, 1] - offset[:, 1] * beside[:, 0]) / safe
    cross_other = (offset[:, 0] * along[:, 1] - offset[:, 1] * along[:, 0]) / safe
    crosses = np.isfinite(safe) & (np.abs(cross_one - 0.5) <= 0.5) & (np.abs(cross_other - 0.5) <= 0.5)

    square = np.maximum((along * along).sum(axis=1), 1e-9)
    beside_square = np.maximum((beside * beside).sum(axis=1), 1e-9)
    meets = (along * beside).sum(axis=1)
    to_along, to_beside = (offset * along).sum(axis=1), (offset * beside).sum(axis=1)
    zero, full = np.zeros(len(one)), np.ones(len(one))
    tries_one = np.stack(
        (cross_one, zero, full, np.clip(to_along / square, 0, 1), np.clip((to_along + meets) / square, 0, 1))
    )
    tries_other = np.stack(
        (
            cross_other,
            np.clip(-to_beside / beside_square, 0, 1),
            np.clip((meets - to_beside) / beside_square, 0, 1),
            zero,
            full,
        )
    )
    gaps = offset + tries_other[..., None] * beside - tries_one[..., None] * along
    distances = np.hypot(gaps[..., 0], gaps[..., 1])
    distances[0] = np.where(crosses, 0.0, np.inf)
    best = distances.argmin(axis=0)
    rows = np.arange(len(one))
    return tries_one[best, rows], tries_other[best, rows], distances[best, rows]
