"""Front matter, definitions and footnotes of a document, before it is parsed."""

from __future__ import annotations

from posepipe.captions.markdown_lines import prepare
from posepipe.captions.notes import Notes


def prepared(document: str) -> tuple[int, dict[str, str], list[str], Notes]:
    notes = Notes("a.md")
    lines = document.splitlines(keepends=True)
    start, references = prepare(lines, notes)
    return start, {label: found["href"] for label, found in references.items()}, lines, notes


def test_front_matter() -> None:
    assert prepared("---\na: b\n---\n- A\n")[0] == 3
    assert prepared("---\na: b\n...\n- A\n")[0] == 3
    assert prepared("---\n- A\n---\n")[0] == 0
    assert prepared("- A\n---\na: b\n---\n")[0] == 0


def test_definitions_are_known_in_the_whole_document() -> None:
    start, references, lines, notes = prepared("- [A][x]\n\n[X]: http://x\n[x]: http://second\n")
    assert (start, references) == (0, {"X": "http://x"})
    assert lines[2] == "[X]: http://x\n"
    assert notes.skipped == {"link definitions": 2}


def test_footnotes_are_blanked_out() -> None:
    _, references, lines, notes = prepared("- A[^1]\n\n[^1]: a note\n    goes on\n- B\n")
    assert references == {}
    assert lines == ["- A[^1]\n", "\n", "\n", "\n", "- B\n"]
    assert notes.skipped == {"lines of footnotes": 2}


def test_rules_and_long_lines_are_not_nested() -> None:
    document = f"{'- ' * 120}\n{'-' * 300}\n{' ' * 300}\n- {'x ' * 200}\n{'> ' * 100}A\n"
    _, _, lines, notes = prepared(document)
    assert "".join(lines[:4]) == document[: document.index("> ")]
    assert [(line.line, line.reason) for line in notes.unusable] == [(5, "nested too deeply")]
