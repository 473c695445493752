"""Captions in JSON documents and JSON Lines."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from posepipe.captions.json_records import read_json, read_json_lines
from posepipe.captions.notes import Entry, Notes
from posepipe.errors import InputError


def wrapped(content: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content.encode()), "utf-8")


def document(value: Any, column: str | None = None) -> tuple[list[Entry], Notes]:
    notes = Notes("a.json")
    return list(read_json(wrapped(value if isinstance(value, str) else json.dumps(value)), notes, column)), notes


def lines(content: str, column: str | None = None) -> tuple[list[Entry], Notes]:
    notes = Notes("a.jsonl")
    return list(read_json_lines(wrapped(content), notes, column)), notes


def test_lengths_and_columns() -> None:
    entries, notes = document(
        [{"caption": "A", "frames": 60}, {"Pose": "B", "Length": "80"}, {"caption": "C", "frames": None}]
    )
    assert entries == [(1, "A", 60), (3, "C", 0)]
    assert notes.column == "caption"
    assert document([{"caption": "A", "Pose": "B", "length": 8.0}], "pose")[0] == [(1, "B", 8)]


def test_the_first_of_the_known_keys_counts() -> None:
    assert lines('{"text": "T", "caption": "C"}\n{"description": "D", "Prompt": "P"}\n')[0] == [
        (1, "C", 0),
        (2, "P", 0),
    ]


def test_unusable_records_are_named() -> None:
    content = '{"caption": "A"}\n{"id": 1}\n{"caption": 7}\n{"caption": []}\n{"caption": "N/A"}\n[1]\n{"caption": "A\n'
    content += "null\n{}\n"
    entries, notes = lines(content)
    assert entries == [(1, "A", 0)]
    assert [(line.line, line.reason.partition(";")[0]) for line in notes.unusable] == [
        (2, "no key `caption`, `text`, `prompt` or `description`"),
        (3, "the caption is not text but a number (int)"),
        (4, "nothing left"),
        (5, "no value"),
        (6, "the caption is not text but a number (int)"),
        (7, "not JSON (cut off)"),
        (8, "nothing left"),
        (9, "no key `caption`, `text`, `prompt` or `description`"),
    ]


@pytest.mark.parametrize(
    ("value", "column", "captions"),
    [
        ({"caption": "A b"}, None, ["A b"]),
        ({"caption": ["A", "B"], "length": [8, 12]}, None, ["A", "B"]),
        ({"title": "x", "items": [{"Text": "A"}]}, None, ["A"]),
        ({"meta": {"n": 1}, "data": {"train": [{"text": "A"}], "test": [{"text": "B"}]}}, None, ["A", "B"]),
        ({"text": "Mine", "list": [{"text": "A"}]}, None, ["A"]),
        ({"caption": "A", "tags": ["b", "c"]}, None, ["A"]),
        ({"a": "A person", "b": "B person"}, None, ["A person", "B person"]),
        ({"x": {"pose": "A"}, "y": {"pose": "B"}}, "pose", ["A", "B"]),
        ({"0": ["A", "B"]}, None, ["A", "B"]),
        ([[{"text": "A"}], "B"], None, ["A", "B"]),
    ],
)
def test_objects_around_the_captions(value: Any, column: str | None, captions: list[str]) -> None:
    assert [text for _, text, _ in document(value, column)[0]] == captions


@pytest.mark.parametrize("value", [{"pose": "x"}, {"a": 1, "b": {"c": [1, 2]}}, {}, {"id": "7", "name": "x"}])
def test_objects_without_captions(value: Any) -> None:
    with pytest.raises(InputError, match="no captions in it: no key"):
        document(value)


def test_several_documents_one_after_the_other() -> None:
    entries, notes = document('{"text":\n "A"}\n\n{"text": "B"}')
    assert entries == [(1, "A", 0), (2, "B", 0)]
    assert notes.remarks == ["several JSON values one after the other, as in JSON Lines"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[{"text": "A"},\n{"text": "B', "line 2: not JSON (cut off); copy or write it again"),
        ('[{"text": "A"},\n{"text": \'B\'}]', "line 2: not JSON (Expecting value, column 10); mend that line"),
        ("[" * 100_000, "not JSON (nested too deeply)"),
        ("[" + "9" * 10_000 + "]", "not JSON (Exceeds"),
        ("  \n", "no captions in it"),
    ],
)
def test_what_is_not_json(content: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        document(content)
    assert said in str(caught.value)
