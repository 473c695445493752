"""Lengths: of the run, of the input, and what is said about them."""

from __future__ import annotations

import numpy as np
import pytest

from posepipe.captions.reading import Captions, read_captions
from posepipe.config import RunConfig
from posepipe.errors import InputError
from posepipe.run.frame_counts import frames_of, lengths_of, notes_on_lengths

FROM_FILE = RunConfig(sequence_length="from-file")


def captions(*texts: str) -> Captions:
    return read_captions([], prompts=texts)


@pytest.mark.parametrize(
    ("asked", "frames"), [(0, 16), (1, 4), (4, 4), (7, 4), (60, 60), (63, 60), (196, 196), (10**9, 196)]
)
def test_frames(asked: int, frames: int) -> None:
    assert frames_of(asked) == frames


def test_lengths() -> None:
    read = captions("A#60", "B#7", "C", "D#500", "E#3")
    chosen = np.arange(5)
    assert lengths_of(read, chosen, FROM_FILE).tolist() == [60, 4, 16, 196, 4]
    assert lengths_of(read, chosen[1:3], FROM_FILE).tolist() == [4, 16]
    assert lengths_of(read, chosen, RunConfig(sequence_length=20)).tolist() == [20] * 5
    assert lengths_of(read, chosen, RunConfig(sequence_length="estimate")).tolist() == [0] * 5
    with pytest.raises(InputError, match="from-file: the input gives no lengths"):
        lengths_of(captions("A", "B#NA"), np.arange(2), FROM_FILE)


def test_what_is_said() -> None:
    read = captions("A#60", "B#7", "C", "D#500", "E#3")
    assert notes_on_lengths(read, np.arange(5), FROM_FILE) == (
        "lengths outside 4 to 196 frames were clamped: 2 captions",
        "lengths were rounded down to a multiple of 4: 1 caption",
        "no length in the input, so 16 frames: 1 caption",
    )
    assert notes_on_lengths(read, np.arange(1), FROM_FILE) == ()
    assert notes_on_lengths(read, np.arange(5), RunConfig()) == (
        "lengths in the input are not used (4 captions); --sequence-length from-file uses them",
    )
    assert notes_on_lengths(captions("A"), np.arange(1), RunConfig()) == ()
