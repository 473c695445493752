"""What stands behind captions in the prompt files of MARDM and HumanML3D."""

from __future__ import annotations

import pytest

from posepipe.captions.tags import split_fused, without_tag


@pytest.mark.parametrize(
    ("line", "caption", "frames"),
    [
        ("A#60", "A", 60),
        ("A #60", "A", 60),
        ("A # 60", "A", 60),
        ("A＃60", "A", 60),
        ("A#60.0", "A", 60),
        ("A#60.5", "A", 0),
        ("A#NA", "A", 0),
        ("A#na", "A", 0),
        ("A#-1", "A", 0),
        ("A\t60", "A", 60),
        ("A|60", "A", 60),
        ("A#motion.npy", "A", 0),
        ("A#a/DET b/NOUN#0.0#0.0", "A", 0),
        ("A#a/DET b/NOUN#0.0#0.0#extra", "A", 0),
        ("A#a/DET b/NOUN", "A", 0),
        ("A##0#nan", "A", 0),
        ("A pose #3", "A pose #3", 0),
        ("A pose #12", "A pose #12", 0),
        ("the #1 spot", "the #1 spot", 0),
        ("A#b", "A#b", 0),
        ("A", "A", 0),
    ],
)
def test_tags(line: str, caption: str, frames: int) -> None:
    found, kind, number = without_tag(line)
    assert (found, number) == (caption, frames)
    assert bool(kind) == (line != caption)


def test_lines_without_an_end_between_them() -> None:
    assert split_fused("A#a/DET#0.0#0.0B#b/DET#1.5#2.0C") == ["A#a/DET#0.0#0.0", "B#b/DET#1.5#2.0", "C"]
    assert split_fused("A#a/DET#0.0#0.0") == ["A#a/DET#0.0#0.0"]
    assert split_fused("A#1#2") == ["A#1#2"]
