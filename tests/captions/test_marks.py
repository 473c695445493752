# ruff: noqa: E501  (many marks a line)
"""List marks in front of captions: which there are, and when they are removed."""

from __future__ import annotations

import pytest

from posepipe.captions import marks

MARKS = [
    *("1. ", "1) ", "(1) ", "1、", "（1）", "①", "- ", "* ", "• ", "1 - ", "+ ", "– ", "· ", "▪ ", "✅ ", "➤ ", "1: "),
    *("[1] ", "【1】", "a) ", "A. ", "iv) ", "一、", "（一）", "第1条：", "1．", "01. ", "1.1. ", "❶ ", "⑴ ", "1.", "1,"),
    *("#1 ", "#1: ", "No. 1: ", "Pose 7: ", "Prompt 12 - ", "Caption: ", "[x] ", "- [ ] ", "* 1) ", "1\t", "> ", "-", "\uf0b7 "),
]  # fmt: skip


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark(mark: str) -> None:
    assert marks.has_mark(f"{mark}Person waves")
    assert marks.without_mark(f"{mark}Person waves") == "Person waves"


@pytest.mark.parametrize(
    "caption",
    ["A person waves", "2 people dance", "1.5 m jump", "-5 degrees", "3D pose", "10:30 in the morning", "000001.npy", "(left) arm",
     "a person", "*A* person", "I stand", "U-turn"],
)  # fmt: skip
def test_what_is_no_mark(caption: str) -> None:
    assert marks.without_mark(caption) == caption


@pytest.mark.parametrize(("marked", "removed"), [(9, True), (10, True), (8, False), (1, False), (0, False)])
def test_marks_are_removed_where_nine_of_ten_have_one(marked: int, removed: bool) -> None:
    found = marks.look(["- A person waves"] * marked + ["A person waves"] * (10 - marked))
    assert (found.marked, found.captions, found.removed) == (marked, 10, removed)


def test_numbers_that_count_up_are_a_list_with_other_lines_in_between() -> None:
    assert marks.look(["1. A", "2. B", "Lying", "3. C", "4) D"]).removed
    assert marks.look(["1. A", "2. B", "X", "1. C", "2. D", "Y"]).removed
    assert not marks.look(["1. A", "2. B", "X", "Y"]).removed
    assert not marks.look(["7. A", "2. B", "5. C", "Y"]).removed
    assert not marks.look(["1. A", "2. B", "3. C", *["X"] * 4]).removed


def test_bare_numbers() -> None:
    assert marks.look(["1 A", "2 B", "3 C"], bare_numbers=True).numbered
    assert not marks.look(["1 A", "2 B", "3 C"]).numbered
    frames = marks.look(["50 A", "100 B"], bare_numbers=True)
    assert frames.numbered
    assert frames.frames
    assert not marks.look(["2 people wave", "2 people sit", "3 men bow"], bare_numbers=True).numbered
    assert marks.bare_number("50 A person") == (50, "A person")
    assert marks.bare_number("A person") == (0, "A person")


def test_items_of_a_paragraph() -> None:
    lines = list(enumerate(["Poses:", "• A person", "with arms up", "• B"], 5))
    assert marks.items_of(lines) == [(6, "A person with arms up"), (8, "B")]
    assert marks.items_of([(1, "• A")]) == []
    assert marks.items_of([(1, "• A"), (2, "• B"), (3, "X"), (4, "Y"), (5, "Z")]) == []


def test_items_in_one_paragraph_of_a_list() -> None:
    assert marks.split_at_foreign_marks("A\nb\n② C\nd") == ["A\nb", "② C\nd"]
    assert marks.split_at_foreign_marks("A\n(90) degrees") == ["A\n(90) degrees"]
