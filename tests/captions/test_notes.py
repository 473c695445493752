"""Counts and previews as they are shown."""

from __future__ import annotations

import pytest

from posepipe.captions.notes import NAMED_UNUSABLE, Notes, counted, listed, preview


@pytest.mark.parametrize(
    ("number", "kind", "shown"),
    [
        (1, "captions", "1 caption"),
        (2_000, "captions", "2,000 captions"),
        (0, "captions", "0 captions"),
        (1, "lines of front matter", "1 line of front matter"),
        (1, "HTML entities", "1 HTML entity"),
        (1, "emphasis marks", "1 emphasis mark"),
        (1, "items with a list below them", "1 item with a list below them"),
        (1, "links to headings", "1 link to headings"),
        (1, "tags of HumanML3D", "1 tag of HumanML3D"),
    ],
)
def test_counted(number: int, kind: str, shown: str) -> None:
    assert counted(number, kind) == shown


def test_listed() -> None:
    assert listed({"headings": 16, "paragraph lines": 1}) == "16 headings, 1 paragraph line"


def test_previews_are_safe_for_a_terminal() -> None:
    assert preview("\x1b[2J\udcff\u202e") == "\\x1b[2J\\xff\\u202e"
    assert preview("x" * 100) == "x" * 80 + "…"


def test_of_many_unusable_lines_the_first_are_kept() -> None:
    notes = Notes("a.txt")
    for line in range(NAMED_UNUSABLE + 5):
        notes.reject(line, "nothing left", "")
    assert (notes.unusable_count, len(notes.unusable)) == (NAMED_UNUSABLE + 5, NAMED_UNUSABLE)
    assert notes.unusable[0].source == "a.txt"


def test_a_remark_is_made_once() -> None:
    notes = Notes("a.txt")
    notes.remark("x")
    notes.remark("x")
    assert notes.remarks == ["x"]
