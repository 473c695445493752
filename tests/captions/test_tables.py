"""CSV and TSV: separators, headings, quotes and broken records."""

from __future__ import annotations

import io

import pytest

from posepipe.captions.notes import Entry, Notes
from posepipe.captions.tables import read_table
from posepipe.errors import InputError


def read(content: str, column: str | None = None, name: str = "a.csv") -> tuple[list[Entry], Notes]:
    notes = Notes(name)
    text = io.TextIOWrapper(io.BytesIO(content.encode()), "utf-8")
    return list(read_table(text, notes, column)), notes


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("asked", [None, "Pose"])
def test_separators(separator: str, asked: str | None) -> None:
    heading = separator.join(["id", "caption", "pose"])
    entries, notes = read(f"{heading}\n{separator.join(['1', 'A', 'B'])}\n", asked)
    assert entries == [(2, "B" if asked else "A", 0)]
    assert notes.column == ("pose" if asked else "caption")


@pytest.mark.parametrize(
    ("name", "separator", "form"),
    [
        ("a.csv", ",", "CSV"),
        ("a.csv", ";", "CSV separated by semicolons"),
        ("a.tsv.gz", "\t", "TSV"),
        ("a.tsv", ",", "TSV separated by commas"),
    ],
)
def test_the_form_that_is_reported(name: str, separator: str, form: str) -> None:
    assert read(f"id{separator}text\n1{separator}A\n", name=name)[1].form == form


def test_lengths() -> None:
    entries, _ = read("caption,Frames\nA,60\nB,60.0\nC,\nD,x\nE\n")
    assert entries == [(2, "A", 60), (3, "B", 60), (4, "C", 0), (5, "D", 0), (6, "E", 0)]


def test_records_over_several_lines_and_broken_ones() -> None:
    entries, notes = read('id,caption\n1,"A\nB ""C"""\n\n2,"never closed\n3,D\n4,"E" F\n5,G,H\n6\n7,null\n8,"I"\n')
    assert entries == [(2, 'A\nB "C"', 0), (6, "D", 0), (11, "I", 0)]
    reasons = [(line.line, line.reason.partition(" (")[0]) for line in notes.unusable]
    assert reasons == [
        (5, "a double quote is not closed"),
        (7, "',' expected after '\"'"),
        (8, "3 cells under 2 headings"),
        (9, "nothing left"),
        (10, "no value"),
    ]


def test_an_unclosed_quote_costs_one_line_even_at_the_end() -> None:
    rows = "".join(f"{number},A {number}\n" for number in range(500))
    entries, notes = read(f'id,caption\n0,"B\n{rows}1,"C\n')
    assert len(entries) == 500
    assert [line.line for line in notes.unusable] == [2, 503]


def test_one_column_has_no_separator() -> None:
    assert read('caption\nA, B; C\n"D, ""E"""\nF "G"\n')[0] == [(2, "A, B; C", 0), (3, 'D, "E"', 0), (4, 'F "G"', 0)]


def test_lines_above_the_heading() -> None:
    entries, notes = read("sep=;\nPoses; of today\n\nid;Text\n1;A\n")
    assert entries == [(5, "A", 0)]
    assert notes.skipped == {"lines above the heading": 1}
    assert read("Poses\ncaption\nA\n", "Poses")[0] == [(2, "caption", 0), (3, "A", 0)]


def test_no_column() -> None:
    with pytest.raises(
        InputError, match=r"a.csv: line 1: no column `caption`.* found `id`, `pose`; .*separated by commas"
    ):
        read("id,pose\n1,A\n")
    with pytest.raises(InputError, match=r"no column `x` \(--column\); found `id`, `caption`"):
        read("id,caption\n1,A\n", "x")
    with pytest.raises(InputError, match="write `id;caption` above it"):
        read("1;A person waves\n2;A person sits\n")
    with pytest.raises(InputError, match="no captions"):
        read("\n\n")
