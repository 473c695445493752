"""Thirty poses of the bundled model, and the same turned in all directions."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

POSES: Final[NDArray[np.float32]] = np.load(Path(__file__).with_suffix(".npy"))
"""(30, 22, 3) metres: standing, sitting, lying, kneeling, in a handstand, in a T-pose ..."""

TILTS: Final = {"upright": (0, 0), "on_the_back": (0, -90), "on_the_side": (2, 90), "upside_down": (0, 180)}
"""Axis (0 for X, 2 for Z) and angle in degrees."""

WAYS: Final = [f"{tilt}-{heading}" for tilt in TILTS for heading in range(0, 360, 30)]
"""Names for :func:`turned`: four tilts at twelve headings."""


def turn(axis: int, degrees: float) -> NDArray[np.float64]:
    """Matrix of a turn about one axis of the world."""
    angle = np.radians(degrees)
    sine, cosine = np.sin(angle), np.cos(angle)
    one, two = (axis + 1) % 3, (axis + 2) % 3
    matrix = np.eye(3)
    matrix[one, one] = matrix[two, two] = cosine
    matrix[one, two], matrix[two, one] = -sine, sine
    return matrix


def turned(joints: NDArray[np.floating], way: str) -> NDArray[np.float32]:
    """Joints tilted and then turned about the upright axis, and moved a little aside."""
    tilt, _, heading = way.rpartition("-")
    matrix = turn(1, float(heading)) @ turn(*TILTS[tilt])
    return (joints.astype(np.float64) @ matrix.T + (0.7, 0.2, -1.3)).astype(np.float32)
