"""The reader of an input by its name and content."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from posepipe.captions.formats import EmptyInputError, Options, entries_of
from posepipe.captions.notes import Notes
from posepipe.captions.sources import Source
from posepipe.errors import InputError


def read(path: Path, options: Options | None = None) -> tuple[list[tuple[int, str, int]], Notes]:
    notes = Notes(path.name)
    return list(entries_of(Source(path.name, str(path)), notes, options or Options())), notes


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.txt", "A\n", "text"),
        ("A.TXT", "A\n", "text"),
        ("a.md", "- A\n", "Markdown"),
        ("a.markdown", "- A\n", "Markdown"),
        ("a.csv", "caption\nA\n", "CSV"),
        ("a.tsv", "id\tcaption\n1\tA\n", "TSV"),
        ("a.jsonl", '{"text": "A"}\n', "JSON Lines"),
        ("a.ndjson", '{"text": "A"}\n', "JSON Lines"),
        ("a.json", '[{"text": "A"}]\n', "JSON"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_forms_by_name(tmp_path: Path, name: str, content: str, form: str, packed: bool) -> None:
    path = tmp_path / (name + ".gz" * packed)
    path.write_bytes(gzip.compress(content.encode()) if packed else content.encode())
    entries, notes = read(path)
    assert [text for _, text, _ in entries] == ["A"]
    assert (notes.form, notes.encoding, notes.remarks) == (form, "utf-8", [])


def test_captions_given_one_by_one() -> None:
    notes = Notes("x")
    assert list(entries_of(Source("x", prompts=("A\n b", "C")), notes, Options())) == [(1, "A b", 0), (2, "C", 0)]


def test_an_empty_file_has_an_error_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    with pytest.raises(EmptyInputError, match=r"a\.txt: empty"):
        read(tmp_path / "a.txt")


def test_a_name_without_a_form(tmp_path: Path) -> None:
    (tmp_path / "a.docx").touch()
    with pytest.raises(InputError, match="its name does not tell its form"):
        read(tmp_path / "a.docx")


def test_the_encoding_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes("- 一个人站着\n".encode("gb18030"))
    entries, notes = read(path, Options(encoding="gb18030"))
    assert entries == [(1, "一个人站着", 0)]
    assert notes.encoding == "gb18030"
