"""What stands behind captions in the prompt files of MARDM and HumanML3D."""

from __future__ import annotations

import pytest

from posepipe.captions.columns import MOST_FRAMES
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


@pytest.mark.parametrize(
    ("line", "caption", "kind", "frames"),
    [
        ("A # +60", "A", "numbers of frames", 60),
        ("A#0", "A", "numbers of frames", 0),
        ("A #0", "A", "numbers of frames", 0),
        ("A #1", "A #1", "", 0),
        ("A#1", "A", "numbers of frames", 1),
        ("A #4", "A", "numbers of frames", 4),
        ("A#007", "A", "numbers of frames", 7),
        ("A#60.", "A", "numbers of frames", 60),
        ("A#60.00", "A", "numbers of frames", 60),
        ("A#999999999", "A", "numbers of frames", MOST_FRAMES),
        ("A#1000000000", "A", "numbers of frames", MOST_FRAMES),
        ("A#" + "9" * 40, "A", "numbers of frames", MOST_FRAMES),
        ("A \t 12", "A", "numbers of frames", 12),
        ("A#none", "A", "numbers of frames", 0),
        ("A #n/a", "A", "numbers of frames", 0),
        ("A exercise #40", "A exercise #40", "", 0),
        ("A No. #40", "A No. #40", "", 0),
        ("A position#40", "A position", "numbers of frames", 40),
        ("A positions #40", "A positions", "numbers of frames", 40),
        ("A#6#0", "A#6", "numbers of frames", 0),
        ("A#x#1.5#nan#", "A", "tags of HumanML3D", 0),
        ("A#x#-1e-3#+2", "A", "tags of HumanML3D", 0),
        ("A#x#1#2#y#z", "A#x#1#2#y#z", "", 0),
        ("A #a/DET", "A", "tags of HumanML3D", 0),
        ("A#a/det", "A#a/det", "", 0),
        ("A  #b.TXT", "A", "file names", 0),
        ("A#b c.txt", "A#b c.txt", "", 0),
        ("A#b.exe", "A#b.exe", "", 0),
    ],
)
def test_kinds_of_tags(line: str, caption: str, kind: str, frames: int) -> None:
    assert without_tag(line) == (caption, kind, frames)


def test_fused_lines_need_times_with_a_point_and_a_letter_behind_them() -> None:
    assert split_fused("A#x#0.0#nanb#y#1.0#2.0") == ["A#x#0.0#nan", "b#y#1.0#2.0"]
    assert split_fused("A#x#0.0#0.0 b") == ["A#x#0.0#0.0 b"]
    assert split_fused("A#x#0.0#0.05b#y#0.0#0.0") == ["A#x#0.0#0.05", "b#y#0.0#0.0"]
    assert split_fused("") == [""]
