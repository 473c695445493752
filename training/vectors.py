"""Vectors and rotations of whole motions: (frames, 3) and (frames, 3, 3) arrays, or (1, ...) for all frames."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.controls import Number

Floats = NDArray[np.float64]

_RADIAN: Final = math.pi / 180


def turned(axis: int, degrees: Number) -> Floats:
    """Return rotation matrices (n, 3, 3) about axis 0 (x), 1 (y) or 2 (z), right-handed; n is 1 for a float."""
    if not isinstance(degrees, np.ndarray):
        cos, sin = math.cos(degrees * _RADIAN), math.sin(degrees * _RADIAN)
        rows = (
            (1.0, 0.0, 0.0, 0.0, cos, -sin, 0.0, sin, cos),
            (cos, 0.0, sin, 0.0, 1.0, 0.0, -sin, 0.0, cos),
            (cos, -sin, 0.0, sin, cos, 0.0, 0.0, 0.0, 1.0),
        )
        return np.array(rows[axis]).reshape(1, 3, 3)
    angle = np.atleast_1d(np.asarray(degrees, dtype=np.float64)) * (np.pi / 180)
    matrix = np.zeros((len(angle), 3, 3))
    one, two = (axis + 1) % 3, (axis + 2) % 3
    matrix[:, axis, axis] = 1.0
    matrix[:, one, one] = matrix[:, two, two] = np.cos(angle)
    matrix[:, two, one] = np.sin(angle)
    matrix[:, one, two] = -matrix[:, two, one]
    return matrix


def apply(matrix: Floats, vector: Floats) -> Floats:
    """Multiply matrices (n, 3, 3) with vectors (3,) or (n, 3)."""
    return np.asarray((matrix @ vector[..., None])[..., 0])


def column(*parts: Number) -> Floats:
    """Stack three numbers, each a float or (n,), to (n, 3)."""
    out = np.empty((max(np.size(part) for part in parts), 3))
    for axis, part in enumerate(parts):
        out[:, axis] = part
    return out


def unit(vector: Floats) -> Floats:
    """Return vectors (n, 3) scaled to length 1."""
    return np.asarray(vector / np.maximum(length(vector), 1e-9))


def length(vector: Floats) -> Floats:
    """Return the lengths (n, 1) of vectors (n, 3)."""
    return np.asarray(np.sqrt((vector * vector).sum(-1, keepdims=True)))


def two_bones(
    root: Floats, target: Floats, pole: Floats, first: float, second: float, least: float
) -> tuple[Floats, Floats]:
    """Place the middle and the end of two bones that reach for a target.

    A target out of reach is approached as far as possible; a target nearer than ``least`` is replaced by the point at
    that distance in its direction.

    Parameters
    ----------
    root, target : (n, 3) float64 arrays
        Metres.
    pole : (n, 3) float64 array
        Direction in which the middle joint points.
    first, second : float
        Lengths of the bones, metres.
    least : float
        Smallest distance from root to end, metres.

    Returns
    -------
    middle, end : (n, 3) float64 arrays
    """
    way = target - root
    far = length(way)
    distance = np.minimum(np.maximum(far, least), first + second - 1e-3)
    along = way / np.maximum(far, 1e-9)
    side = pole - (pole * along).sum(-1, keepdims=True) * along
    short = (length(side) < 1e-6).astype(np.float64)
    side = unit(side + short * (np.array([0.0, 0.01, 1.0]) - along * along[..., 2:]))
    reach = (first**2 - second**2 + distance**2) / (2 * distance)
    height = np.sqrt(np.maximum(first**2 - reach**2, 0.0))
    return root + along * reach + side * height, root + along * distance
