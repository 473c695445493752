"""Protocols of a model: captions and seeds to motions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


class Model(Protocol):
    """What posepipe needs of a model; ``package.module:factory`` returns one.

    Attributes
    ----------
    fingerprint : str
        Changes whenever the weights change.
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
        captions : sequence of str
            n captions.
        seeds : sequence of int
            n seeds, 0 <= seed < 2**63. All randomness for a caption comes from its seed, and a motion must not depend
            on the other captions.
        sequence_length : int
            Number of frames, a multiple of 4 from 4 to 196.
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
class FinishingModel(Protocol):
    """A model that knows variants, and has a last step for its motions after the frames of the poses are chosen."""

    def generate_variants(
        self,
        captions: Sequence[str],
        seeds: Sequence[int],
        variants: Sequence[int],
        *,
        sequence_length: int,
        time_steps: int,
        cfg: float,
        batch_size: int,
    ) -> NDArray[np.float32]:
        """Make one motion per caption, as :meth:`BulkModel.generate_motions` does.

        A motion of variant 0 has the same bits; those of further variants may differ more than by their noise.
        """
        ...

    def finish(
        self, motions: NDArray[np.float32], captions: Sequence[str], seeds: Sequence[int], variants: Sequence[int]
    ) -> NDArray[np.float32]:
        """Finish the motions, or some of their frames.

        Parameters
        ----------
        motions : (n, frames, 22, 3) float32 array
            Metres. The result for a frame must depend on this frame and on its caption, seed and variant only.
        captions, seeds, variants : sequences
            Of the n motions; the first pose of a caption is variant 0.

        Returns
        -------
        (n, frames, 22, 3) float32 array
            Metres.
        """
        ...


@runtime_checkable
class BulkModel(Protocol):
    """What the built-in models have beyond :class:`Model`.

    Attributes
    ----------
    default_cfg : float
        Guidance scale when none is given.
    bone_lengths : (22,) float32 array or None
        Bone lengths in metres that poses are compared with; with None left is compared with right.
    """

    default_cfg: float
    bone_lengths: NDArray[np.float32] | None

    def automatic_batch_size(self, sequence_length: int) -> int:
        """Captions per batch. It depends on the model, the device and the length only."""
        ...

    def generate_motions(
        self,
        captions: Sequence[str],
        seeds: Sequence[int],
        *,
        sequence_length: int,
        time_steps: int,
        cfg: float,
        batch_size: int,
    ) -> NDArray[np.float32]:
        """Make one motion per caption, as ``generate`` does, in a single batch.

        At most ``batch_size`` captions. Fewer are padded to that number, so that the bits of a motion do not depend on
        the other captions.

        Returns
        -------
        (n, sequence_length, 22, 3) float32 array
            Joints in metres, HumanML3D order, Y up.
        """
        ...

    def prepare(self, captions: Sequence[str]) -> None:
        """Compute the text embeddings of a partition in one pass and keep them for its batches."""
        ...

    def estimate_lengths(self, captions: Sequence[str], seeds: Sequence[int]) -> NDArray[np.int64]:
        """Number of frames per caption, (n,) int64: multiples of 4 from 4 to 196."""
        ...

    def unsure(self, captions: Sequence[str]) -> NDArray[np.bool_]:
        """(n,) array, True where a caption is far from what the model was trained on."""
        ...
