"""Measures of a pose (height, lowest point, bone error) and the flags that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import MIRROR, bone_lengths

BONES_OVER: Final = 0.02
BELOW_FLOOR: Final = -0.03
OFF_FLOOR: Final = 0.10


def sanity(joints: NDArray[np.float32], bone_reference: bytes | None) -> dict[str, float]:
    """The measures of a pose: ``height``, ``lowest_y`` (metres) and ``bone_error`` (relative).

    Parameters
    ----------
    joints : (22, 3) float32 array
        Metres.
    bone_reference : bytes of 22 float32, or None
        The skeleton's bone lengths in metres; without it, left is held against right.
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


def flags(row: Mapping[str, Any], *, unsure: bool) -> str:
    """The ``flags`` of a row by its measures, see :func:`sanity`, and whether the model is unsure of it."""
    found = {
        "bones": row["bone_error"] > BONES_OVER,
        "below_floor": row["lowest_y"] < BELOW_FLOOR,
        "off_floor": row["lowest_y"] > OFF_FLOOR,
        "unsure": unsure,
    }
    return ",".join(name for name, holds in found.items() if holds)
