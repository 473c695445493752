# ruff: noqa: E501  (rows of tables)
"""The column of a Markdown table, its lengths, and the rows that do not fit."""

from __future__ import annotations

import pytest

from posepipe.captions.markdown import read_markdown
from posepipe.captions.notes import Entry, Notes


def read(document: str, column: str | None = None) -> tuple[list[Entry], Notes]:
    notes = Notes("a.md")
    return read_markdown(iter(document.splitlines(keepends=True)), notes, column), notes


@pytest.mark.parametrize(
    ("heading", "place"),
    [
        ("caption | b", 0),
        ("a | Text", 1),
        ("text | caption", 1),
        ("**Prompt** | b", 0),
        ("No | Pose description", 1),
        ("a | Caption (English)", 1),
        ("a | b", 1),
    ],
)
def test_the_column(heading: str, place: int) -> None:
    assert read(f"| {heading} |\n|---|---|\n| x0 | longer1 |\n")[0] == [(3, ["x0", "longer1"][place], 0)]


def test_lengths_and_rows_that_do_not_fit() -> None:
    entries, notes = read(
        "| id | Caption | frames |\n|---|:---:|--:|\n| 1 | A \\| b | 60 |\n| 2 | **C** |\n| 3 |\n| 4 | D | e | f |\n| 5 | NaN | 8 |\n"
    )
    assert entries == [(3, "A | b", 60), (4, "C", 0)]
    assert [(line.line, line.reason.partition(" (")[0]) for line in notes.unusable] == [
        (6, "4 cells under 3 headings"),
        (5, "nothing left"),
        (7, "no value"),
    ]
    assert notes.column == "Caption"


def test_tables_without_a_known_column_beside_a_list() -> None:
    table = "| a | b |\n|---|---|\n| 1 | two |\n| 3 | four |\n"
    assert read(f"- A\n- B\n- C\n\n{table}")[0] == [(1, "A", 0), (2, "B", 0), (3, "C", 0)]
    entries, notes = read(f"- A\n\n{table}")
    assert entries == [(5, "two", 0), (6, "four", 0)]
    assert +notes.skipped == {"table headings": 1, "list items": 1}
    assert notes.remarks == [
        "line 3: a table without a column `caption`; read `b`, which has the longest texts (--column names another)"
    ]


def test_several_tables() -> None:
    entries, notes = read("| caption |\n|---|\n| A |\n\n| no | pose |\n|---|---|\n| 1 | B person |\n")
    assert entries == [(3, "A", 0), (7, "B person", 0)]
    assert notes.column == "caption, pose"
    entries, notes = read("| caption |\n|---|\n| A |\n\n| no | pose |\n|---|---|\n| 1 | B person |\n", "pose")
    assert entries == [(7, "B person", 0)]
    assert +notes.skipped == {"table headings": 2, "table rows": 1}
