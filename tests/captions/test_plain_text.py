"""Lines of plain text."""

from __future__ import annotations

import io

from posepipe.captions.notes import Notes
from posepipe.captions.plain_text import read_text


def read(content: str) -> tuple[list[tuple[int, str, int]], Notes]:
    notes = Notes("a.txt")
    return list(read_text(io.TextIOWrapper(io.BytesIO(content.encode()), "utf-8"), notes)), notes


def test_lines_comments_and_separators() -> None:
    entries, notes = read("# A comment\n//another\n## Standing\n\n A \n---\n=====\n#NA\n#B\nC // D\n-- E\n\x1a\n")
    assert entries == [(5, "A", 0), (8, "#NA", 0), (9, "#B", 0), (10, "C // D", 0), (11, "-- E", 0)]
    assert notes.skipped == {"comments": 3, "separator lines": 2}


def test_a_column_heading_is_only_in_the_first_line() -> None:
    entries, notes = read("Caption\nA\ncaption\n")
    assert entries == [(2, "A", 0), (3, "caption", 0)]
    assert notes.remarks == ["line 1, `Caption`, is read as a heading"]


def test_fused_lines_are_split() -> None:
    entries, notes = read("a bow#a/DET#0.0#0.0a kick#a/DET#0.0#0.0\n")
    assert [text for _, text, _ in entries] == ["a bow#a/DET#0.0#0.0", "a kick#a/DET#0.0#0.0"]
    assert notes.remarks == ["line 1 holds 2 captions without a line end between them; it was split"]


def test_a_line_that_is_too_long_is_named() -> None:
    entries, notes = read("A\n" + "x" * 70_000 + "\nB")
    assert [text for _, text, _ in entries] == ["A", "B"]
    assert [(line.line, line.reason) for line in notes.unusable] == [(2, "over 2,000 characters")]
