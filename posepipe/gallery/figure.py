"""The body of the 3D view: the tables of :mod:`posepipe.picture.anatomy`, and how the parts of a pose are turned."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.picture import anatomy

FRAMES: Final = anatomy.FRAMES[1:]
"""The frames that depend on the pose; the first of anatomy's is the world."""
NUMBERS: Final = 6 * len(FRAMES) + 1
"""Numbers of :func:`flesh` for one pose."""
_UNITS: Final = 1000.0


def tables() -> dict[str, Any]:
    """The parts of the body for the page: materials, ellipsoids by joints and frames, and which one is the skull."""
    items = list(dict.fromkeys(part.item for part in anatomy.PARTS))
    parts = [
        {
            "name": part.name,
            "material": part.material,
            "item": 1 + items.index(part.item),
            "balls": [
                {
                    "joints": [[anatomy.J[joint], weight] for joint, weight in ball.joints],
                    "frame": anatomy.FRAMES.index(ball.frame),
                    "radii": ball.radii,
                    "offset": ball.offset,
                }
                for ball in part.balls
            ],
        }
        for part in anatomy.PARTS
    ]
    return {"parts": parts, "frames": anatomy.FRAMES, "units": _UNITS}


def flesh(joints: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """How the parts of a body are turned, and its size, in whole thousandths.

    Parameters
    ----------
    joints : (22, 3) float array
        Metres.

    Returns
    -------
    (NUMBERS,) int array
        Six numbers for each of FRAMES, its unit vectors to the left and up; then the size against a usual body.
    """
    body = anatomy.body_of(joints.astype(np.float64))
    return np.rint(np.append(body.frames[1:, :2].ravel(), body.size) * _UNITS).astype(np.int64)
