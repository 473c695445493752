"""Inline Markdown as plain text."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from posepipe.captions.markdown_inline import Inline, InlineReader, joined


def read(text: str) -> Inline:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    references = {"R": {"title": "", "href": "http://x"}}
    return InlineReader(parser, {"references": references}, Counter()).read(text)


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("**A person** *waving* ***high***", "A person waving high"),
        ("A __B__ _b_ snake_case", "A B b snake_case"),
        ("a_b c_ _d e_f", "a_b c_ _d e_f"),
        ("***bold* both**", "bold both"),
        ("3 * 4 * 5 and a*", "3 * 4 * 5 and a*"),
        ("`A *b*` and ``c ` d``", "A *b* and c ` d"),
        (r"\*not\* \_this\_ \\ C:\dir", r"*not* _this_ \ C:\dir"),
        ('[A *person*](http://x "t") ![up](y.png)', "A person"),
        ("[A person][r], [R] and [s]", "A person, R and [s]"),
        ("<http://x> A person", "A person"),
        ("a &amp; b &lt;c&gt; &#65; &nosuch; AT&T &copy", "a & b <c> A &nosuch; AT&T &copy"),
        ("~~old~~ ~approx~", "old ~approx~"),
        ("A<br>b<br/>c <span class='x'>d</span> <left>", "A b c d <left>"),
        ("unclosed **bold and `code", "unclosed **bold and `code"),
        ("<!-- gone --> A", "A"),
        ("A person\nwaving\\\nhigh  \nup", "A person waving high up"),
        ("一个人\n站着", "一个人站着"),
        ("", ""),
    ],
)
def test_marks_go(marked: str, plain: str) -> None:
    assert read(marked).text == plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Wave**", Inline("Wave", is_title=True)),
        ("**Wave**:", Inline("Wave", is_title=True)),
        ("Wave:", Inline("Wave:", is_title=True)),
        ("**Wave**: A person", Inline("A person", label="Wave")),
        ("**Wave:** A person", Inline("A person", label="Wave:")),
        ("**Wave** – A person", Inline("A person", label="Wave")),
        ("**Wave**\nA person", Inline("A person", label="Wave")),
        ("Wave:\nA person", Inline("A person", label="Wave:")),
        ("**A** person", Inline("A person")),
        ("A **person**", Inline("A person")),
        ("**A**, **b**", Inline("A, b")),
        ("[Up](#up)", Inline("Up", is_contents_link=True)),
        ("[Up](#up) and down", Inline("Up and down")),
    ],
)
def test_titles_labels_and_links_to_headings(text: str, expected: Inline) -> None:
    assert read(text) == expected


@given(st.text(alphabet=st.characters(exclude_characters="\\`*_~[<&\n\r:：", exclude_categories=["Cs"])))
def test_text_without_marks_stays(text: str) -> None:
    assert read(text).text == text.strip()


def test_a_very_long_paragraph_is_not_parsed() -> None:
    assert read("**a** " * 2_000).text == ("**a** " * 2_000).strip()


def test_joined() -> None:
    assert joined(" a \n b\n") == "a b"
