# ruff: noqa: E501  (many pieces a line)
"""Which parts of a Markdown document are captions, and that a long document in parts reads like a whole one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from posepipe.captions import markdown
from posepipe.captions.markdown import read_markdown
from posepipe.captions.notes import Notes
from posepipe.errors import InputError


def read(document: str, column: str | None = None) -> tuple[list[tuple[int, str]], dict[str, int], Notes]:
    notes = Notes("a.md")
    found = read_markdown(iter(document.splitlines(keepends=True)), notes, column)
    return [(line, text) for line, text, _ in found], dict(+notes.skipped), notes


def captions(document: str) -> list[str]:
    return [text for _, text in read(document)[0]]


def test_the_original_documents_shape() -> None:
    found, skipped, _ = read(
        "# 10K静态动作描述\n\n共 10,000 条静态姿态的英文描述，每条一行。\n\n## 站立 Standing\n\n"
        "1. A person standing still\n2. A person standing at ease\n\n## 坐 Sitting\n\n3. A person sitting\n"
    )
    assert found == [
        (7, "A person standing still"),
        (8, "A person standing at ease"),
        (12, "A person sitting"),
    ]
    assert skipped == {"headings": 3, "paragraph lines": 1}


@pytest.mark.parametrize("marker", ["-", "*", "+", "1.", "1)", "10000.", "  -", "- [ ]", "* [x]", "> -", "- 1."])
def test_every_marker_of_an_item(marker: str) -> None:
    assert captions(f"{marker} A person waving\n{marker} 4 people") == ["A person waving", "4 people"]


@pytest.mark.parametrize("line", ["-A person", "+1 person", "*A person* waving", "1234567890. A"])
def test_what_only_looks_like_an_item(line: str) -> None:
    assert read(f"- item\n\n{line}\n")[1] == {"paragraph lines": 1}


def test_an_item_with_a_list_below_it_is_a_heading() -> None:
    document = (
        "- Standing\n  - A person standing\n    1. A person on tiptoe\n  - [ ] A person at ease\n- A person sits\n"
    )
    found, skipped, _ = read(document)
    assert found == [(3, "A person on tiptoe"), (4, "A person at ease"), (5, "A person sits")]
    assert skipped == {"items with a list below them": 2}


def test_wrapped_lines_are_joined() -> None:
    document = "- A person standing\n  with arms up\\\n  and eyes shut\n- A person\nsitting\n\nSo much for that.\n"
    found, skipped, _ = read(document)
    assert found == [(1, "A person standing with arms up and eyes shut"), (4, "A person sitting")]
    assert skipped == {"paragraph lines": 1}


@pytest.mark.parametrize(
    ("item", "caption"),
    [
        ("**Wave**\n\n  A person waves", "A person waves"),
        ("Wave:\n\n  A person waves\n\n  A remark", "A person waves"),
        ("**Wave**\n  ```\n  A person waves\n  ```", "A person waves"),
        ("### Wave\n\n  A person waves", "A person waves"),
        ("**Wave:** A person waves", "A person waves"),
        ("**Wave** - A person waves", "A person waves"),
        ("**Wave**\n  A person waves", "A person waves"),
        ("**A person waves**", "A person waves"),
        ("**A person** waves", "A person waves"),
        ("**A person**-like statue", "A person-like statue"),
        ("A person waves:", "A person waves:"),
        ("A person waves\n\n  A remark", "A person waves"),
        ("A person waves\n\n  > A tip: slowly", "A person waves"),
    ],
)
def test_titles_of_items(item: str, caption: str) -> None:
    assert captions(f"- {item}\n") == [caption]


def test_a_document_with_a_table_of_captions_leaves_its_lists_out() -> None:
    found, skipped, notes = read("- a note\n\n| id | Caption |\n|---|---|\n| 1 | A person waves |\n")
    assert found == [(5, "A person waves")]
    assert skipped == {"table headings": 1, "list items": 1}
    assert notes.column == "Caption"


def test_the_column_is_the_one_that_is_named() -> None:
    document = "- a note\n\n| id | Caption | German |\n|---|---|---|\n| 1 | A person | Eine Person |\n"
    assert read(document, "german")[0] == [(5, "Eine Person")]
    with pytest.raises(InputError, match=r"no column `french` \(--column\); found `id`, `Caption`, `German`"):
        read(document, "french")
    with pytest.raises(InputError, match="no table in it"):
        read("- A person\n", "german")


def test_paragraphs_count_only_without_list_and_table() -> None:
    found, skipped, _ = read("# Poses\n\nA person standing\nA person *sitting*\n\n***\n\nA person lying\n")
    assert found == [(3, "A person standing"), (4, "A person sitting"), (8, "A person lying")]
    assert skipped == {"headings": 1, "rules": 1}
    assert captions("A\n\n---\n\nB\n") == ["A", "B"]  # a rule, for the paragraph has ended
    assert captions("A person standing\n\nA person sitting\n\n- A person lying\n") == ["A person lying"]
    assert captions("A person standing\n\n|caption|\n|-|\n|A person lying|\n") == ["A person lying"]


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("A person standing\nwith arms up", ["A person standing with arms up"]),
        ("A person standing\nA person sitting", ["A person standing", "A person sitting"]),
        ("a person standing\nthe person sitting", ["a person standing", "the person sitting"]),
        (
            "a person who stands on the left leg and holds both arms up\n"
            "while the head is turned to the right and the eyes are shut\nas if asleep",
            [
                "a person who stands on the left leg and holds both arms up while the head is turned to the right and "
                "the eyes are shut as if asleep"
            ],
        ),
        ("一个人站着\n一个人坐着", ["一个人站着", "一个人坐着"]),
    ],
)
def test_the_lines_of_a_paragraph_are_one_text_or_one_caption_each(paragraph: str, expected: list[str]) -> None:
    assert captions(f"{paragraph}\n") == expected


def test_titles_among_paragraphs() -> None:
    assert read("Three poses:\n\n**One**\n\nA person waves\n")[:2] == ([(5, "A person waves")], {"titles": 2})
    assert captions("**A person waves**\n\n**A person sits**\n") == ["A person waves", "A person sits"]


@pytest.mark.parametrize("fence", ["```", "~~~", "````", "```text", "- ```", "> ```"])
def test_fenced_code_is_never_read(fence: str) -> None:
    prefix = "> " if fence.startswith(">") else "  " if fence.startswith("-") else ""
    closing = fence.removesuffix("text").lstrip("-> ")
    document = f"- A\n\n{fence}\n{prefix}- not this\n{prefix}~~\n{prefix}{closing}\n\n- B\n"
    assert captions(document) == ["A", "B"]
    assert read(document)[1] == {"lines of code": 4}


def test_a_fence_is_closed_only_by_its_own_kind() -> None:
    assert captions("~~~~\n```\n~~~\n- no\n~~~~\n- yes") == ["yes"]
    assert captions("```\n- no") == []


@pytest.mark.parametrize("rule", ["---", "***", "___", "- - -", "* * * *", "  ---"])
def test_rules(rule: str) -> None:
    assert read(f"- A\n\n{rule}\n\n- B\n")[:2] == ([(1, "A"), (5, "B")], {"rules": 1})


def test_headings_of_both_kinds() -> None:
    found, skipped, _ = read("# One\n####### not one\n\n#hash\n\nTwo\n===\n\nThree\n---\nA person\n")
    assert found == [(2, "####### not one"), (4, "#hash"), (11, "A person")]
    assert skipped == {"headings": 3}
    assert read("- a\n\nTwo\n---\n- # Three\n- b")[:2] == ([(1, "a"), (6, "b")], {"headings": 2})


def test_front_matter() -> None:
    assert read("---\ntitle: Poses\n- no\n---\n- yes\n")[:2] == ([(5, "yes")], {"lines of front matter": 4})
    assert captions('+++\ntitle = "Poses"\n+++\n- yes\n') == ["yes"]
    assert captions("---\n# a comment\ntitle: x\n---\n- yes\n") == ["yes"]
    assert captions("---\n- A\n- B\n---\n- C\n") == ["A", "B", "C"]  # two rules
    assert captions("---\ntitle: never closed\n- A\n") == ["A"]
    assert captions("---\n") == []


def test_comments_definitions_contents_and_indented_code() -> None:
    found, skipped, _ = read(
        "<!-- - no -->\n\n<!--\n- no\n-->\n- [Standing](#standing)\n- [A person](http://x)\n- B <!-- no -->\n"
        "- [C][1] and [D][]\n\n[1]: http://x\n[d]: <http://y> 'title'\n\nA text:\n\n    code\n    code\n"
    )
    assert found == [(7, "A person"), (8, "B"), (9, "C and D")]
    assert skipped == {
        "lines of comments": 4,
        "links to headings": 1,
        "link definitions": 2,
        "paragraph lines": 1,
        "lines of code": 2,
    }


def test_marks_that_commonmark_does_not_know() -> None:
    assert captions("Poses:\n• A person waves\n• A person sits\nwith crossed legs\n") == [
        "A person waves",
        "A person sits with crossed legs",
    ]
    assert captions("- A real item\n\n（1）一个人站着\n（2）一个人坐着\n") == [
        "A real item",
        "一个人站着",
        "一个人坐着",
    ]
    assert captions("3. A person waves\n4. A person sits\n\nText\n5. A person bows\n6. A person lies\n") == [
        "A person waves",
        "A person sits",
        "A person bows",
        "A person lies",
    ]


# Long documents

PIECES = [
    *("- A person waves", "- A person sits", "* A", "1. One", "2. Two", "3) Three", "  - below", "    deeper", "A text", "# Heading"),
    *("", "", "- **bold** text", "- a [link][r]", "[r]: http://x", "| id | caption |", "|---|---|", "| 1 | A person |", "| 2 |"),
    *("```", "> - quoted", "<!--", "-->", "<div>", "</div>", "---", "===", "• bullet", "• other", "-", "- Wave:", "  text below"),
]  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.integers(1, 12))
@example(["| 2 |", "---", "[r]: http://x", "[r]: http://x", "- A person waves"], 1)
def test_a_document_in_parts_reads_like_a_whole_one(lines: list[str], part: int) -> None:
    document = "\n".join(lines) + "\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "PART", 10_000)
        expected = read(document)[:2]
        patch.setattr(markdown, "PART", part)
        assert read(document)[:2] == expected


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_plain_items_read_without_the_parser_are_those_that_it_finds(lines: list[str]) -> None:
    document = "\n".join(lines) + "\n"
    expected = read(document)[:2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown._Document, "_plain_items", lambda self, start: start)
        assert read(document)[:2] == expected


def test_a_long_table_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "PART", 10)
    rows = "".join(f"| {number} | A person {number} | {number} |\n" for number in range(1, 101))
    notes = Notes("a.md")
    found = read_markdown(
        iter(f"# X\n\n| id | caption | frames |\n|---|---|---|\n{rows}".splitlines(True)), notes, None
    )
    assert found == [(number + 4, f"A person {number}", number) for number in range(1, 101)]
    assert dict(notes.skipped) == {"headings": 1, "table headings": 1}
    notes = Notes("a.md")
    found = read_markdown(iter(f"| id | pose | x |\n|---|---|---|\n{rows}".splitlines(True)), notes, None)
    assert [text for _, text, _ in found] == [f"A person {number}" for number in range(1, 101)]
    assert notes.remarks == [
        "line 1: a table without a column `caption`; read `pose`, which has the longest texts (--column names another)"
    ]


def test_the_tokens_of_a_long_list_are_not_in_memory_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    most = 0
    parse = markdown.MarkdownIt("commonmark").block.__class__.parse

    def watched(self: object, src: str, md: object, env: object, tokens: list[object]) -> object:
        nonlocal most
        result = parse(self, src, md, env, tokens)
        most = max(most, len(tokens))
        return result

    monkeypatch.setattr(markdown.MarkdownIt("commonmark").block.__class__, "parse", watched)

    def lines() -> Iterator[str]:
        for number in range(30_000):
            yield f"{number}. A *person* {number}\n"

    assert len(read_markdown(lines(), Notes("a.md"), None)) == 30_000
    assert most < 6 * markdown.PART


@given(st.text(alphabet="*_~`\\[]()!&;<>-#|:ab 1.\n"))
def test_any_document_ends_well(document: str) -> None:
    found, _, notes = read(document)
    lines = [line for line, _ in found] + [line.line for line in notes.unusable]
    assert all(1 <= line <= document.count("\n") + 1 for line in lines)
    assert lines == sorted(lines) or notes.unusable


@pytest.mark.parametrize("part", ["*", "_a", "`", "[", "<!--", "> ", "- ", "1. ", "|", "\\", "&", "a*b _", "**x**"])
def test_a_hostile_line_harms_no_other(part: str) -> None:
    line = (part * 65_536)[:65_536]
    found = read(f"- x\n\n{line}\n\n~~~\n~~~\n- {line}\n- y\n")[0]
    assert found[0] == (1, "x")
    assert found[-1] == (8, "y") or part in ("<!--", "`")  # which open a comment or a fence


@pytest.mark.parametrize(
    "deep", ["- " * 50 + "A", "> " * 150 + "A", "1. " * 40 + "A", "\t" * 30 + "- A", "- " * 100 + "A"]
)
def test_what_is_nested_deeply_does_not_end_the_document(deep: str) -> None:
    found, _, notes = read(f"- x\n{deep}\n\n- y\n")
    assert "y" in [text for _, text in found]
    assert "x" in [text for _, text in found] or deep[0] == "\t"
    assert [line.reason for line in notes.unusable] == ["nested too deeply"] * (len(deep) > 180)


def test_lists_nested_by_indentation() -> None:
    document = "".join(f"{'  ' * level}- level {level}\n" for level in range(90))
    assert captions(f"{document}\n- y\n") == ["level 89", "y"]
