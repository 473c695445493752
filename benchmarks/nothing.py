"""Models that take almost no time, for benchmarks/scale.py: what remains is the cost of the pipeline."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import NUM_JOINTS


class Nothing:
    """Returns the same joints for every caption."""

    fingerprint = "nothing-1"

    def __init__(self) -> None:
        self._motion = np.random.default_rng(0).normal(size=(1, 16, NUM_JOINTS, 3)).astype(np.float32)

    def generate(
        self, captions: Sequence[str], seeds: Sequence[int], *, sequence_length: int, time_steps: int, cfg: float
    ) -> NDArray[np.float32]:
        return np.broadcast_to(self._motion[:, :sequence_length], (len(captions), sequence_length, NUM_JOINTS, 3))


def factory(device: str) -> Nothing:
    """A model that returns constant poses."""
    return Nothing()


def without_artifacts(device: str) -> Nothing:
    """The same model; the worker writes only manifest rows and no artifacts."""
    from posepipe.workers import publish

    publish.WRITE_ORDER = ()
    return Nothing()
