"""Which frame of a motion becomes the pose."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def still_frames(motions: NDArray[np.float32]) -> NDArray[np.int64]:
    """The frame of each motion in which all joints together move least, for ``--frame-index still``.

    The motion of a frame is the distance that the joints cover from the frame before and to the frame after; at
    either end, where one of the two is missing, the other counts twice.

    Parameters
    ----------
    motions : (n, frames, 22, 3) float32 array
        Metres.

    Returns
    -------
    (n,) int64 array
        Frame numbers from 0. Of frames with equal motion it is the one nearest to the middle (``frames // 2``), of two
        equally near the earlier one.
    """
    frames = motions.shape[1]
    steps = np.linalg.norm(np.diff(motions, axis=1), axis=-1).sum(axis=-1)  # (n, frames - 1)
    motion = np.concatenate([steps[:, :1], steps], axis=1) + np.concatenate([steps, steps[:, -1:]], axis=1)
    nearest_first = np.argsort(np.abs(np.arange(frames) - frames // 2), kind="stable")
    found: NDArray[np.int64] = nearest_first[np.argmin(motion[:, nearest_first], axis=1)]
    return found
