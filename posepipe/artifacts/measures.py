"""Measures of a pose (height, lowest point, bone error) and the flags that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import MIRROR, bone_lengths
from posepipe.skeleton.bodies import VISIBLE, deepest

BONES_OVER: Final = 0.02
"""``bone_error`` above which a pose gets the flag ``bones``."""
BELOW_FLOOR: Final = -0.03
"""Metres; a pose whose lowest joint is lower gets the flag ``below_floor``."""
OFF_FLOOR: Final = 0.10
"""Metres; a pose whose lowest joint is higher gets the flag ``off_floor``."""


def sanity(joints: NDArray[np.float32], bone_reference: bytes | None) -> dict[str, float]:
    """Measure a pose: ``height`` and ``lowest_y`` in metres, ``bone_error`` as a relative difference.

    Parameters
    ----------
    joints : (22, 3) float32 array
        Metres.
    bone_reference : bytes of 22 float32, or None
        Bone lengths of the model's skeleton, in metres. Without it, left bones are compared with right bones.
    """
    lengths = bone_lengths(joints)[1:]
    if bone_reference is not None:
        wanted = np.frombuffer(bone_reference, dtype=np.float32)[1:]
        error = np.abs(lengths / wanted - 1).max()
    else:
        other = lengths[np.array(MIRROR[1:]) - 1]
        error = (np.abs(lengths - other) / np.maximum((lengths + other) / 2, 1e-6)).max()
    lowest = joints[:, 1].min()
    return {
        "height": float(joints[:, 1].max() - lowest),
        "lowest_y": float(lowest),
        "bone_error": float(error),
    }


def flags(row: Mapping[str, Any], joints: NDArray[np.float32], *, unsure: bool) -> str:
    """The column ``flags`` of a row.

    Parameters
    ----------
    row : mapping
        With the measures of :func:`sanity`.
    joints : (22, 3) float32 array
        Metres; :mod:`posepipe.skeleton.bodies` says which parts of the body may overlap, and how deep.
    unsure : bool
        Whether the model is unsure.
    """
    found = {
        "bones": row["bone_error"] > BONES_OVER,
        "below_floor": row["lowest_y"] < BELOW_FLOOR,
        "off_floor": row["lowest_y"] > OFF_FLOOR,
        "collision": deepest(joints[None])[0] > VISIBLE,
        "unsure": unsure,
    }
    return ",".join(name for name, holds in found.items() if holds)
