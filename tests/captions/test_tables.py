"""CSV and TSV: separators, headings, quotes and broken records."""

from __future__ import annotations

import io

import pytest

from posepipe.captions.encodings import LINE_LIMIT
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


def told(notes: Notes) -> list[tuple[int, str, str]]:
    return [(line.line, line.reason, line.text) for line in notes.unusable]


def test_a_cut_line_costs_the_caption_at_or_behind_the_cut() -> None:
    long = "x" * LINE_LIMIT
    entries, notes = read(f"caption,id\nA,{long}\nB,1\n")
    assert entries == [(2, "A", 0), (3, "B", 0)], "the cut is behind the caption"
    entries, notes = read(f"id,caption\n1,{long}\n{long},C\n3,D\n")
    assert entries == [(4, "D", 0)]
    reason = "a line over 65,536 characters"
    assert [(line, why) for line, why, _ in told(notes)] == [(2, reason), (3, reason)]
    entries, notes = read(f'id,caption\n"1\n{long}",C\n3,D\n')  # cut in the second line of a record
    assert entries == [(4, "D", 0)]
    assert [(line, why) for line, why, _ in told(notes)] == [(2, reason)]


def test_what_is_said_about_cells() -> None:
    entries, notes = read("id,caption,x\n1,A,,,\n2,B,,y\n3\n4,  \n5, n/a \n6,C\n")
    assert entries == [(2, "A", 0), (7, "C", 0)]
    hint = "put a cell that holds the separator between double quotes"
    assert told(notes) == [
        (3, f"4 cells under 3 headings ({hint})", "2"),
        (4, "nothing left", ""),
        (5, "nothing left", ""),
        (6, "no value", "n/a"),
    ]


def test_a_length_that_is_missing_or_in_front() -> None:
    assert read("Length,caption\n8,A\n")[0] == [(2, "A", 8)]
    assert read("caption,x,length\nA,1,8\nB,1\n")[0] == [(2, "A", 8), (3, "B", 0)]
    assert read("length,caption\n8,A\n,B\n")[0] == [(2, "A", 8), (3, "B", 0)]


def test_a_heading_is_looked_for_in_twenty_lines() -> None:
    for above, found in ((19, True), (20, False)):
        content = "x,y\n" * above + "id,caption\n1,A\n"
        if found:
            entries, notes = read(content)
            assert entries == [(21, "A", 0)]
            assert notes.skipped == {"lines above the heading": 19}
        else:
            with pytest.raises(InputError, match=r"line 1: no column"):
                read(content)


def test_a_line_that_names_the_separator() -> None:
    assert read("SEP=|\nid|caption\n1|A, B\n")[0] == [(3, "A, B", 0)]
    with pytest.raises(InputError, match=r"a\.csv: line 2: no column .*\(separated by '\^'\)"):
        read("sep=^\nid^pose\n1^A\n")
    with pytest.raises(InputError, match="line 1"):
        read("sep=;;\nid;pose\n")
    with pytest.raises(InputError, match="line 1"):
        read("id;pose\nsep=;\n1;caption x\n")


@pytest.mark.parametrize("separator", ["^", "~", "#", "1", "\\"])
def test_any_separator_that_a_line_names(separator: str) -> None:
    entries, notes = read(f" sep={separator} \ncaption{separator}x\nA{separator}2\n")
    assert entries == [(3, "A", 0)]
    assert notes.form == f"CSV separated by {separator!r}"


def test_a_double_quote_separates_nothing() -> None:
    entries, notes = read('sep="\ncaption,x\nA,2\n')
    assert entries == [(3, "A", 0)]
    assert notes.skipped == {"lines above the heading": 1}


def test_the_separator_that_gives_most_columns_counts() -> None:
    entries, _ = read("a;b;caption,x;y\n1;2;A;3\n", "caption,x")
    assert entries == [(2, "A", 0)]
    entries, _ = read("caption;a,caption\n1,B;x\n", "caption")
    assert entries == [(2, "B;x", 0)], "of two with as many columns the comma counts"


def test_a_caption_that_is_called_like_a_column_is_no_heading() -> None:
    with pytest.raises(InputError, match=r"line 1: no column .*; found `A person waves`"):
        read("A person waves\ncaption\nB\n")
    assert read("\n\ncaption\nB\n")[0] == [(4, "B", 0)]


def test_the_hint_about_a_first_line_that_is_no_heading() -> None:
    with pytest.raises(InputError, match=r"\(the first line must name the columns: .*`id<tab>id<tab>caption` above"):
        read("1\tx\ty\n", name="a.tsv")
    with pytest.raises(InputError, match=r"write `caption` above it\)$"):
        read("A person waves\n")
    with pytest.raises(InputError, match=r"give --column$"):
        read("pose\nA\n")
    with pytest.raises(InputError, match=r"\(separated by commas\)$"):
        read("two words,pose\nA\n")


def test_a_record_spans_at_most_a_hundred_more_lines() -> None:
    for more, found in ((100, True), (101, False)):
        entries, notes = read('id,caption\n1,"A' + "\nx" * more + '"\n2,B\n')
        assert entries[-1][1] == "B"
        assert bool(notes.unusable) != found
        if found:
            assert entries[0] == (2, "A" + "\nx" * more, 0)
        else:
            assert told(notes)[0] == (2, "a double quote is not closed", "")


def test_a_record_holds_at_most_four_times_the_limit_of_a_line() -> None:
    for cells, found in ((4, True), (5, False)):
        heading = ",".join([*(f"x{number}" for number in range(cells)), "caption"])
        long = ",".join([f'"{"x" * 30_000}\n{"x" * 30_000}"'] * cells)
        entries, notes = read(f"{heading}\n{long},A\n{'1,' * cells}B\n")
        assert entries[-1][1] == "B"
        assert ((2, "A", 0) in entries) == found
        assert (told(notes)[:1] == [(2, "a double quote is not closed", "")]) != found


def test_quotes_that_close_in_another_record() -> None:
    entries, notes = read('id,caption\n1,"A\n2,"B"\n3,"C ""D"" E"\n')
    assert entries == [(3, "B", 0), (4, 'C "D" E', 0)]
    assert [(line, why) for line, why, _ in told(notes)] == [(2, "a double quote is not closed")]
    entries, notes = read('id,caption\n1,"A" B\n2,C\n')
    assert [line for line, _, _ in told(notes)] == [2]
    assert told(notes)[0][1].endswith("(close each double quote, and double those inside a cell)")


def test_one_column_with_quotes_that_are_none() -> None:
    assert read('caption\n"A" says B\n"C\nD"\nE "F\n "G" \n')[0] == [
        *((2, '"A" says B', 0), (3, "C\nD", 0), (5, 'E "F', 0)),
        (6, '"G"', 0),
    ]


def test_the_form_ignores_case_and_packing() -> None:
    assert read("id\tcaption\n1\tA\n", name="A.TSV.gz")[1].form == "TSV"
    assert read("caption\nA\n", name="A.CSV")[1].form == "CSV"
    assert read("caption|x\nA|1\n", name="a.tsv")[1].form == "TSV separated by bars"
    assert read(" Caption \nA\n")[1].column == "Caption"
