"""The fake model of the tests: a standing person. The height of the right hand depends on caption, seed and cfg."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

STANDING = np.array(
    [
        [0.00, 0.93, 0.00],
        [0.09, 0.88, 0.00],
        [-0.09, 0.88, 0.00],
        [0.00, 1.06, 0.00],
        [0.10, 0.49, 0.01],
        [-0.10, 0.49, 0.01],
        [0.00, 1.20, 0.00],
        [0.10, 0.06, -0.03],
        [-0.10, 0.06, -0.03],
        [0.00, 1.26, 0.00],
        [0.11, 0.01, 0.10],
        [-0.11, 0.01, 0.10],
        [0.00, 1.47, -0.02],
        [0.08, 1.38, -0.01],
        [-0.08, 1.38, -0.01],
        [0.00, 1.57, 0.02],
        [0.20, 1.37, -0.01],
        [-0.20, 1.37, -0.01],
        [0.24, 1.11, -0.02],
        [-0.24, 1.11, -0.02],
        [0.26, 0.85, 0.04],
        [-0.26, 0.85, 0.04],
    ],
    dtype=np.float32,
)


class FakeModel:
    """A model that fails, waits or dies if the caption has certain words, see :meth:`_motion`."""

    fingerprint = "fake-1"

    def generate(
        self,
        captions: Sequence[str],
        seeds: Sequence[int],
        *,
        sequence_length: int,
        time_steps: int,
        cfg: float,
    ) -> NDArray[np.float32]:
        motions = np.stack([self._motion(c, s, sequence_length, cfg) for c, s in zip(captions, seeds, strict=True)])
        if any("shape" in c for c in captions):
            return motions[:, :, :21]
        return motions

    def _motion(self, caption: str, seed: int, frames: int, cfg: float) -> NDArray[np.float32]:
        words = caption.split()
        if "raise" in words:
            raise ZeroDivisionError(f"asked to raise by {caption!r}")
        if "segfault" in words:
            signal.raise_signal(signal.SIGSEGV)  # in this thread, like a real segmentation fault
        if "sigkill" in words:
            os.kill(os.getpid(), signal.SIGKILL)
        if "hang" in words:
            time.sleep(3600)
        if "oom" in words:
            raise MemoryError("asked to be out of memory")
        if "device" in words:
            raise RuntimeError("CUDA error: device-side assert triggered")
        if "briefly" in words:
            time.sleep(0.03)
        if "slowly" in words:
            time.sleep(0.2)
        digest = hashlib.sha256(f"{caption}:{seed}:{cfg}".encode()).digest()
        motion = np.repeat(STANDING[None], frames, axis=0)
        motion[:, 21, 1] += digest[0] / 512
        motion[:, :, 0] += np.linspace(0, 0.1, frames, dtype=np.float32)[:, None]
        if "nan" in words:
            motion[:, 5, 1] = np.nan
        return motion


def factory(device: str) -> FakeModel:
    return FakeModel()
