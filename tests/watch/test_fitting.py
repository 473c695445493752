"""Texts fitted to a width in cells, and lines shared among blocks."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from posepipe.watch.fitting import on_one_line, share, shortened, wrapped

PHRASES = ["512/3,000 17%", "37.0/s last minute", "1:07 left", "8 failed", "20 s so far", "599 inferred"]


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        ("fits exactly", 12, "fits exactly"),
        ("A person standing calmly", 20, "A person standing…"),
        ("A person standing calmly", 18, "A person standing…"),
        ("standing_with_feet_wide", 20, "standing_with_feet…"),
        ("a wonderfullylongword", 12, "a wonderful…"),
        ("一个人在公园里慢慢地走路", 11, "一个人在公…"),
        ("一个人在公园里慢慢地走路", 10, "一个人在…"),
        ("anything", 1, "…"),
        ("anything", 0, ""),
    ],
)
def test_a_text_is_cut_between_words(text: str, cells: int, expected: str) -> None:
    assert shortened(text, cells) == expected
    assert cell_len(shortened(text, cells)) <= cells


@pytest.mark.parametrize("cells", range(19, 100, 9))
def test_phrases_stay_whole(cells: int) -> None:
    lines = wrapped(PHRASES, cells)
    assert max(map(len, lines)) <= cells
    assert "  ".join(lines) == "  ".join(PHRASES)
    (line,) = [on_one_line(PHRASES, cells)]
    assert len(line) <= cells
    assert [phrase for phrase in PHRASES if phrase in line.split("  ")] == line.split("  ")


def test_a_phrase_wider_than_the_line_is_cut() -> None:
    assert wrapped(["a", "http://127.0.0.1:8787/status"], 12) == ["a", "http://127.…"]


@pytest.mark.parametrize(
    ("wanted", "room", "given"),
    [
        ([3, 4], 24, [3, 4]),
        ([3, 50, 8], 24, [3, 13, 8]),
        ([50, 50, 0], 21, [10, 10, 0]),
        ([5, 5, 5], 2, [0, 0, 0]),
        ([], 7, []),
    ],
)
def test_lines_are_shared_equally(wanted: list[int], room: int, given: list[int]) -> None:
    assert share(wanted, room) == given
