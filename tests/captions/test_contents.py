"""What a file is by its first bytes or characters."""

from __future__ import annotations

import pytest

from posepipe.captions.contents import (
    begins_with_record,
    form_of,
    heading_separator,
    refuse_contradiction,
    refuse_foreign,
)
from posepipe.errors import InputError


@pytest.mark.parametrize(
    ("head", "form"),
    [
        ('{"text": "A"}\n{"text": "B"}\n', "JSON Lines"),
        ('{"text": "A per\n{"text": "B"}\n', "JSON Lines"),
        ('{"text": "A"}', "JSON"),
        ('\ufeff{\n "text": "A"\n}\n{\n "text": "B"\n}\n', "JSON"),
        ('[{"text": "A"}]', "JSON"),
        ('["A", "B"]', "JSON"),
        ("[A link](http://x) is a person\n", "text"),
        ("[1] A person\n[2] B\n", "text"),
        ("- [ ] A person\n", "text"),
        ("['A', 'B']", "Python"),
        ('captions = ["A", "B"]', "Python"),
        ("{'text': 'A'}\n", "Python"),
        ("id,caption\n1,A\n", "CSV"),
        ("caption;id\nA;1\n", "CSV"),
        ("id\tcaption\n1\tA\n", "TSV"),
        ("A person waves, text\nA person sits, smiling\n", "text"),
        ("A person, who is quite tall, prompt\nA person, B, C\n", "text"),
        ("caption\nA person\n", "text"),
        ("| a | b |\n|---|---|\n| c | d |\n", "Markdown"),
        ("---\ntitle: x\ntags:\n  - y\n---\n", "Markdown"),
        ("---\nA person\n---\n", "text"),
        ("x1\tA person\ty\nx2\tB\tz\n", "table without a heading"),
        ("1\tA person\n2\tB\n", "text"),
        ("A person\t60\nB\tNA\n", "text"),
        ("A person\tx\nB\n", "text"),
    ],
)
def test_the_form_of_a_text(head: str, form: str) -> None:
    assert form_of(head) == form


def test_headings_of_tables() -> None:
    assert heading_separator(["id|caption", "1|A"]) == "|"
    assert heading_separator(["id,caption"]) == ""
    assert heading_separator(["id,pose", "1,A"]) == ""


def test_the_first_line_as_a_record() -> None:
    assert begins_with_record('{"a": 1}\nrubbish')
    assert begins_with_record('\n"A"\n')
    assert not begins_with_record("[1]\n")
    assert not begins_with_record("{\n")
    assert not begins_with_record("[" * 100_000)


@pytest.mark.parametrize("form", ["text", "Markdown", "CSV", "JSON"])
@pytest.mark.parametrize("page", ["<!DOCTYPE html>", "<html>", "  <!-- x -->\n<HEAD>", "<body class='x'>"])
def test_pages_are_refused_under_any_name(form: str, page: str) -> None:
    with pytest.raises(InputError, match="an HTML page"):
        refuse_contradiction("a", page, form=form)


@pytest.mark.parametrize(
    "head", ["<div align='center'>\n\n- A\n", "<details>\n", "<br>A person\n", "# A\n<<<<<<< not a conflict\n"]
)
def test_html_inside_a_document_is_no_page(head: str) -> None:
    refuse_contradiction("a", head, form="Markdown")


def test_parquet_only_under_its_own_name() -> None:
    refuse_foreign("a", b"PAR1", form="Parquet")
    with pytest.raises(InputError, match="Parquet"):
        refuse_foreign("a", b"PAR1", form="text")


def test_control_characters_here_and_there_are_text() -> None:
    refuse_foreign("a", b"A person\x00 waving\n", form="text")
    with pytest.raises(InputError, match="binary data"):
        refuse_foreign("a", b"A\x01\x02\x03 person", form="text")
