"""Lines of plain text."""

from __future__ import annotations

import io

from posepipe.captions.encodings import LINE_LIMIT
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


def test_what_is_a_comment_or_a_separator_and_what_is_not() -> None:
    entries, notes = read("#\n#x\n///\n--\n---\n-=-\n***\n~~~~ x\n###\n__\n")
    assert [text for _, text, _ in entries] == ["#x", "--", "-=-", "~~~~ x", "__"]
    assert notes.skipped == {"comments": 3, "separator lines": 2}


def test_nothing_is_counted_where_nothing_was_left_out() -> None:
    entries, notes = read("\n \nA\n")
    assert (entries, dict(notes.skipped), notes.remarks) == ([(3, "A", 0)], {}, [])


def test_a_heading_counts_as_one_and_may_follow_blank_lines_only() -> None:
    entries, notes = read("\n\n PROMPT \nA\n")
    assert (entries, dict(notes.skipped)) == ([(4, "A", 0)], {"headings": 1})
    assert notes.remarks == ["line 3, `PROMPT`, is read as a heading"]
    assert read("# A comment\ntext\n")[0] == [(2, "text", 0)]


def test_each_part_of_a_fused_line_has_the_number_of_the_line() -> None:
    entries, _ = read("x\na#a/DET#0.0#0.0b#b/DET#1.0#2.0\ny\n")
    assert [(line, text[0]) for line, text, _ in entries] == [(1, "x"), (2, "a"), (2, "b"), (3, "y")]


def test_a_line_of_just_the_limit() -> None:
    entries, notes = read("x" * (LINE_LIMIT - 2) + "\n" + "y" * (LINE_LIMIT - 1) + "\nz\n")
    assert [text[0] for _, text, _ in entries] == ["x", "z"]
    assert [line.line for line in notes.unusable] == [2]
