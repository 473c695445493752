"""The protocol that every model meets: captions and seeds in, motions out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


class Model(Protocol):
    """What ``package.module:factory`` returns; the least that posepipe needs.

    ``fingerprint`` is a string that changes with the weights.
    """

    fingerprint: str

    def generate(
        self,
        captions: Sequence[str],
        seeds: Sequence[int],
        *,
        sequence_length: int,
        time_steps: int,
        cfg: float,
    ) -> NDArray[np.float32]:
        """Make one motion per caption.

        Parameters
        ----------
        captions : n strings
        seeds : n Python ints, 0 <= seed < 2**63
            All randomness of a caption comes from its seed; the result must not depend on the others.
        sequence_length : int
            Frames, a multiple of 4 from 4 to 196.
        time_steps : int
            Steps of masked decoding.
        cfg : float
            Guidance scale.

        Returns
        -------
        (n, sequence_length, 22, 3) float32 array
            Joints in metres, HumanML3D order, Y up.
        """
        ...


@runtime_checkable
class BulkModel(Protocol):
    """What the built-in models offer beyond :class:`Model`; each is used where it is there."""

    default_cfg: float
    bone_lengths: NDArray[np.float32] | None
    """(22,) metres, the skeleton that poses are held against; None compares left with right."""

    def automatic_batch_size(self, sequence_length: int) -> int:
        """Captions per batch: a function of model, device and length alone."""
        ...

    def generate_poses(
        self,
        captions: Sequence[str],
        seeds: Sequence[int],
        *,
        sequence_length: int,
        frame_index: int,
        time_steps: int,
        cfg: float,
        batch_size: int,
    ) -> NDArray[np.float32]:
        """Make one pose per caption: frame ``frame_index`` of what ``generate`` gives.

        At most ``batch_size`` captions; fewer are padded to that shape, so that the bits of a caption
        do not depend on what stands beside it. Returns (n, 22, 3) float32, metres.
        """
        ...

    def prepare(self, captions: Sequence[str]) -> None:
        """Compute the text embeddings of a whole partition in one pass and keep them for its batches."""
        ...

    def estimate_lengths(self, captions: Sequence[str], seeds: Sequence[int]) -> NDArray[np.int64]:
        """(n,) frames per caption, multiples of 4 from 4 to 196."""
        ...

    def unsure(self, captions: Sequence[str]) -> NDArray[np.bool_]:
        """(n,) True where the caption is far from what the model knows."""
        ...
