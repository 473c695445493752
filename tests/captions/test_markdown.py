"""Which lines of a Markdown document are captions, and what is left of their marks."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posepipe.captions.markdown import markdown_captions, plain_text


def read(document: str) -> tuple[list[tuple[int, str]], dict[str, int], list[tuple[int, str]]]:
    skipped: Counter[str] = Counter()
    rejected: list[tuple[int, str]] = []
    found = list(
        markdown_captions(
            document.splitlines(keepends=True), skipped, lambda line, reason, text: rejected.append((line, text))
        )
    )
    return found, {kind: count for kind, count in skipped.items() if count}, rejected


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


@pytest.mark.parametrize("line", ["-A person", "1.A person", "+1 person", "*A person* waving", "1234567890. A"])
def test_what_only_looks_like_an_item(line: str) -> None:
    assert read(f"- item\n\n{line}\n")[1] == {"paragraph lines": 1}


def test_nested_items_are_captions_of_their_own() -> None:
    assert captions("- Standing\n  - A person standing\n      1. A person on tiptoe\n\t- [ ] A person at ease") == [
        "Standing",
        "A person standing",
        "A person on tiptoe",
        "A person at ease",
    ]


def test_an_indented_line_goes_on_with_its_item_and_another_line_does_not() -> None:
    found, skipped, _ = read(
        "- A person standing\n  with arms up\\\n  and eyes shut\nSo much for that.\n- A person sitting\n"
    )
    assert found == [(1, "A person standing with arms up and eyes shut"), (5, "A person sitting")]
    assert skipped == {"paragraph lines": 1}


def test_table_rows_give_the_column_caption() -> None:
    found, skipped, rejected = read(
        "Poses:\n\n| id | Caption | note |\n|---|:---|--:|\n| 1 | A person \\| waving | - |\n| 2 | A **person** |\n"
        "| 3 |\n| 4 | A | person | lost |\n\nSo far.\n"
    )
    assert found == [(5, "A person | waving"), (6, "A person"), (7, "")]
    assert rejected == [(8, "| 4 | A | person | lost |")]
    assert skipped == {"table headings": 1, "paragraph lines": 2}


@pytest.mark.parametrize(
    ("header", "expected"),
    [("| text | b |", "x"), ("| a | text |", "y"), ("| text | caption |", "y"), ("| a | b |", "y"), ("a | b", "y")],
)
def test_the_column_of_a_table(header: str, expected: str) -> None:
    assert captions(f"{header}\n|---|---|\n| x | y |") == [expected]


def test_a_table_of_one_column_and_the_end_of_a_table() -> None:
    assert captions("| caption |\n|---|\n| A person |\n| B |\n- C\nno row\n") == ["A person", "B", "C"]


def test_paragraphs_count_only_without_list_and_table() -> None:
    found, skipped, _ = read("# Poses\n\nA person standing\nA person *sitting*\n\n***\n\nA person lying\n")
    assert found == [(3, "A person standing"), (4, "A person sitting"), (8, "A person lying")]
    assert skipped == {"headings": 1, "rules": 1}
    assert captions("A\n\n---\n\nB\n") == ["A", "B"]  # a rule, for the paragraph has ended
    assert captions("A person standing\n\nA person sitting\n\n- A person lying\n") == ["A person lying"]
    assert captions("A person standing\n\n|caption|\n|---|\n|A person lying|\n") == ["A person lying"]


@pytest.mark.parametrize("fence", ["```", "~~~", "````", "```text", "- ```", "> ```"])
def test_fenced_code_is_never_read(fence: str) -> None:
    closing = "> " * fence.startswith(">") + fence.removesuffix("text").lstrip("-> ")
    document = f"- A\n\n{fence}\n- not this\n~~\n{closing}\n- B\n"
    assert captions(document) == ["A", "B"]
    assert read(document)[1] == {"lines of code": 4}


def test_a_fence_is_closed_only_by_its_own_kind() -> None:
    assert captions("~~~~\n```\n~~~\n- no\n~~~~\n- yes") == ["yes"]
    assert captions("```\n- no") == []


@pytest.mark.parametrize("rule", ["---", "***", "___", "- - -", "* * * *", "====", "  ---"])
def test_rules(rule: str) -> None:
    assert read(f"- A\n\n{rule}\n- B\n")[:2] == ([(1, "A"), (4, "B")], {"rules": 1})


def test_headings_of_both_kinds() -> None:
    found, skipped, _ = read("# One\n####### not one\n#hash\n\nTwo\n===\n\nThree\n---\nA person\n")
    assert found == [(2, "####### not one"), (3, "#hash"), (10, "A person")]
    assert skipped == {"headings": 3}
    assert read("- a\n\nTwo\n---\n- # Three\n- b")[:2] == ([(1, "a"), (6, "b")], {"headings": 2})


def test_front_matter() -> None:
    assert read("---\ntitle: Poses\n- no\n---\n- yes\n")[:2] == ([(5, "yes")], {"lines of front matter": 4})
    assert captions('+++\ntitle = "Poses"\n+++\n- yes\n') == ["yes"]
    assert captions("---\n- A\n- B\n---\n- C\n") == ["A", "B", "C"]  # two rules
    assert captions("---\ntitle: never closed\n- A\n") == ["A"]
    assert captions("---\n") == []


def test_comments_definitions_contents_and_indented_code() -> None:
    found, skipped, _ = read(
        "<!-- - no -->\n<!--\n- no\n-->\n- [Standing](#standing)\n- [A person](http://x)\n- B <!-- no -->\n\n"
        "[1]: http://x\n\n    code\n    code\n"
    )
    assert found == [(6, "A person"), (7, "B")]
    assert skipped == {
        "lines of comments": 4,
        "links to headings": 1,
        "link definitions": 1,
        "lines of code": 2,
    }


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("**A person** *waving* ***high***", "A person waving high"),
        ("__A__ _b_ snake_case __init__.py", "A b snake_case init.py"),
        ("a_b c_ _d e_f", "a_b c_ _d e_f"),
        ("***bold* both**", "bold both"),
        ("3 * 4 * 5 and a*", "3 * 4 * 5 and a*"),
        ("`A *b*` and ``c ` d``", "A *b* and c ` d"),
        (r"\*not\* \_this\_ \\ C:\dir", r"*not* _this_ \ C:\dir"),
        ('[A *person*](http://x "t") ![up](y.png)', "A person up"),
        ("a &amp; b &lt;c&gt; &#65; &nosuch; AT&T &copy", "a & b <c> A &nosuch; AT&T &copy"),
        ("~~old~~ ~approx~", "old ~approx~"),
        ("<script>alert('x')</script>", "<script>alert('x')</script>"),
        ("unclosed **bold and `code", "unclosed **bold and `code"),
        ("*a _b* c_", "a _b c_"),
        ("<!-- gone --> A", "A"),
        ("", ""),
    ],
)
def test_inline_marks(marked: str, plain: str) -> None:
    assert plain_text(marked) == plain


@given(st.text(alphabet="*_~`\\[]()!&;<>-#|:ab 1.\n"))
def test_any_document_ends_well(document: str) -> None:
    found, _, rejected = read(document)
    lines = [line for line, _ in found] + [line for line, _ in rejected]
    assert len(set(lines)) == len(lines), "one caption a line at most"
    assert all(1 <= line <= document.count("\n") + 1 for line in lines)


@given(st.text(alphabet=st.characters(exclude_characters="\\`*_~[<&")))
def test_text_without_marks_stays(text: str) -> None:
    assert plain_text(text) == text.strip()


@pytest.mark.parametrize("part", ["*", "_a", "`", "[", "<!--", "> ", "- ", "1. ", "|", "\\", "&", "a*b _"])
def test_a_hostile_line_harms_no_other(part: str) -> None:
    line = (part * 65_536)[:65_536]
    found = read(f"- x\n\n{line}\n\n~~~\n~~~\n- {line}\n- y\n")[0]
    assert found[0] == (1, "x")
    assert found[-1] == (8, "y") or part in ("<!--", "`")  # which open a comment or a fence
