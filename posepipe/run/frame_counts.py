"""The number of frames of each caption: of the run, of the input, or estimated by the model."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.captions.reading import Captions
from posepipe.commandline.values import MAX_FRAMES, MIN_FRAMES
from posepipe.config import RunConfig
from posepipe.errors import InputError
from posepipe.wording import count

DEFAULT_FRAMES: Final = 16


def frames_of(requested: int) -> int:
    """A number of frames in the input as a length that the model takes: a multiple of 4 within its limits.

    0 means that the input gives none.
    """
    if not requested:
        return DEFAULT_FRAMES
    return min(max(requested // 4 * 4, MIN_FRAMES), MAX_FRAMES)


def lengths_of(captions: Captions, chosen: NDArray[np.int64], config: RunConfig) -> NDArray[np.int32]:
    """The frames of each caption in scope; 0 where the model estimates them.

    Raises
    ------
    InputError
        The lengths should come from the input, and it gives none.
    """
    if config.sequence_length == "from-file":
        if not captions.frames.any():
            raise InputError(
                "--sequence-length from-file: the input gives no lengths; write #60 behind a caption, or add a column "
                "`frames`, or give a number or estimate"
            )
        asked, index = np.unique(captions.frames[chosen], return_inverse=True)
        return np.array([frames_of(frames) for frames in asked.tolist()], np.int32)[index]
    length = config.sequence_length if isinstance(config.sequence_length, int) else 0
    return np.full(len(chosen), length, np.int32)


def notes_on_lengths(captions: Captions, chosen: NDArray[np.int64], config: RunConfig) -> tuple[str, ...]:
    """What the user should know about the lengths in the input: clamped, rounded, missing, or not used."""
    frames = captions.frames[chosen]
    given = frames[frames > 0]
    if config.sequence_length != "from-file":
        if not len(given):
            return ()
        return (f"lengths in the input are not used ({_of(len(given))}); --sequence-length from-file uses them",)
    notes = []
    outside = int(((given < MIN_FRAMES) | (given > MAX_FRAMES)).sum())
    if outside:
        notes.append(f"lengths outside {MIN_FRAMES} to {MAX_FRAMES} frames were clamped: {_of(outside)}")
    rounded = int(((given % 4 > 0) & (given >= MIN_FRAMES) & (given <= MAX_FRAMES)).sum())
    if rounded:
        notes.append(f"lengths were rounded down to a multiple of 4: {_of(rounded)}")
    missing = len(frames) - len(given)
    if missing:
        notes.append(f"no length in the input, so {DEFAULT_FRAMES} frames: {_of(missing)}")
    return tuple(notes)


def _of(number: int) -> str:
    return count(number, "caption")
