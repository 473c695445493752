"""Models that cost nothing, for benchmarks/scale.py: all that is left is the pipeline."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import NUM_JOINTS


class Nothing:
    """Gives the same joints for every caption."""

    fingerprint = "nothing-1"

    def __init__(self) -> None:
        self._motion = np.random.default_rng(0).normal(size=(1, 16, NUM_JOINTS, 3)).astype(np.float32)

    def generate(
        self, captions: Sequence[str], seeds: Sequence[int], *, sequence_length: int, time_steps: int, cfg: float
    ) -> NDArray[np.float32]:
        return np.broadcast_to(self._motion[:, :sequence_length], (len(captions), sequence_length, NUM_JOINTS, 3))


def factory(device: str) -> Nothing:
    """Poses that cost nothing."""
    return Nothing()


def without_artifacts(device: str) -> Nothing:
    """The same, and this worker writes rows alone."""
    from posepipe.workers import publish

    publish.WRITE_ORDER = ()
    return Nothing()
