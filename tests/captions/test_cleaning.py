# ruff: noqa: E501  (many captions a line)
"""What is removed around a caption, and that it is counted."""

from __future__ import annotations

import pytest

from posepipe.captions import cleaning
from posepipe.captions.cleaning import SAMPLE, Cleaner, is_tag, without_html
from posepipe.captions.notes import Notes


def clean(*texts: str, is_text: bool = True) -> tuple[list[str], dict[str, int], list[str]]:
    notes = Notes("a.txt")
    entries = [(line, text, 0) for line, text in enumerate(texts, 1)]
    found = [text for batch in Cleaner(notes, is_text=is_text).clean(entries) for _, text, _ in batch]
    return found, dict(+notes.cleaned), notes.remarks


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("A person<br>waves", "A person waves", "HTML tags"),
        ("A <span style='x'>person</span> waves", "A person waves", "HTML tags"),
        ("A person <!-- x --> waves", "A person  waves", "HTML tags"),
        ("A person waves<sup>[1]</sup>", "A person waves", "HTML tags"),
        ("A person &amp; a dog &nosuch;", "A person & a dog &nosuch;", "HTML entities"),
        ("A person waves[^1]", "A person waves", "footnote marks"),
        ("A person waves [12]", "A person waves", "footnote marks"),
        ("A person waves.²", "A person waves.", "footnote marks"),
        ("A person waves https://example.org/a_b?c=d.", "A person waves.", "URLs"),
        ("A person waves (see https://example.org)", "A person waves", "URLs"),
        ("A person waves <www.example.org>", "A person waves", "URLs"),
        ("A [person](http://x) waves", "A person waves", "links"),
        ("A [person][ref] waves", "A person waves", "links"),
        ("![a](b.png) A person waves", "A person waves", "images"),
        ("**A person** `waves`", "A person waves", "emphasis marks"),
        ("A person waves --ar 16:9 --n blurry", "A person waves", "options"),
        ('"A person waves"', "A person waves", "quotation marks"),
        ("“A person waves”,", "A person waves", "quotation marks"),
        ("「一个人站着」", "一个人站着", "quotation marks"),
        ("| A person waves |", "A person waves", "quotation marks"),
        ("A person waves#60", "A person waves", "numbers of frames"),
        ("a man kicks#a/DET man/NOUN#0.0#0.0", "a man kicks", "tags of HumanML3D"),
    ],
)
def test_what_is_removed(before: str, after: str, kind: str) -> None:
    found, cleaned, _ = clean(before, "B")
    assert found == [after, "B"]
    assert cleaned == {kind: 1}


@pytest.mark.parametrize(
    "text",
    ["A person <3 hearts", "A <left> arm", "AT&T & co", "A [left] arm", "A person's 'arm'", 'He says "stop" and "go"', "A -- B",
     "A * B * C", "snake_case_name", "A|B", "50 % [of all] sit", "m² of floor", "www", "A: B"],
)  # fmt: skip
def test_what_stays(text: str) -> None:
    assert clean(text, "B") == ([text, "B"], {}, [])


def test_invisible_characters_at_the_ends_go() -> None:
    assert clean("\ufeffA person\u200b", "\x1aB\x00", "C\x00D")[0] == ["A person", "B", "C\x00D"]


def test_few_marks_stay_and_are_mentioned() -> None:
    found, cleaned, remarks = clean("1. A person", "B", "C")
    assert found == ["1. A person", "B", "C"]
    assert cleaned == {}
    assert remarks == ["1 of 3 captions begin with a list mark; marks are kept, since fewer than nine of ten have one"]


def test_headings_of_a_numbered_text_are_left_out() -> None:
    found, cleaned, remarks = clean("Poses:", "1. A", "2. B", "3. C", "**More**", "4. D")
    assert found == ["A", "B", "C", "D"]
    assert cleaned == {"list marks": 4}
    assert remarks == ["2 of 6 lines have no list mark in front, unlike the others"]


def test_numbers_in_front_become_frames_only_in_text() -> None:
    notes = Notes("a.txt")
    entries = [(1, "50 a man kicks", 0), (2, "100 a man sits#7", 0)]
    assert list(Cleaner(notes, is_text=True).clean(entries)) == [[(1, "a man kicks", 50), (2, "a man sits", 100)]]
    assert clean("50 a man kicks", "100 a man sits", is_text=False)[0] == ["50 a man kicks", "100 a man sits"]


def test_the_first_thousands_decide_for_the_rest() -> None:
    texts = [f"{number}. A {number}" for number in range(SAMPLE)]
    found, cleaned, _ = clean(*texts, "x) B", "C")
    assert found[-2:] == ["B", "C"]
    assert cleaned == {"list marks": SAMPLE + 1}


def test_tags_of_html() -> None:
    assert is_tag("</span>")
    assert is_tag("<!-- x -->")
    assert not is_tag("<left>")
    assert without_html("a<br/>b<i>c</i>") == "a bc"


def notes_of(*texts: str, is_text: bool = True) -> Notes:
    notes = Notes("a.txt")
    entries = [(line, text, 0) for line, text in enumerate(texts, 1)]
    assert list(Cleaner(notes, is_text=is_text).clean(entries))
    return notes


def test_headings_are_counted() -> None:
    assert notes_of("Poses:", "1. A", "2. B", "**More**", "3. C").skipped == {"headings": 2}
    assert notes_of("Poses:", "1. A", "2. B", "3. C", is_text=False).skipped == {}


def test_tags_and_comments_over_several_lines() -> None:
    assert without_html("a<!-- x\ny -->b<A\nhref='x'>c</a>") == "abc"
    assert without_html("a <BR> b</P>\n c<SUP>2</sup>") == "a b c"


def test_each_kind_is_counted_once_a_caption() -> None:
    text = '"**A** [person](x) ![i](y) <b>waves</b> &amp; sits www.example.org"#60'
    kinds = {"emphasis marks", "links", "images", "HTML tags", "HTML entities", "URLs", "quotation marks"}
    assert dict(+notes_of(text, "plain", text).cleaned) == dict.fromkeys({*kinds, "numbers of frames"}, 2)


def test_captions_with_odd_tags_are_counted_and_kept() -> None:
    assert notes_of("A #x", "B #y", "C # z w", "D#60").remarks == [
        "2 captions end in # and text that is not a number of frames; kept"
    ]


def test_numbers_in_front_that_are_no_frames_are_list_marks() -> None:
    found, cleaned, _ = clean(*(f"{number} A {number}" for number in range(1, 8)))
    assert found == [f"A {number}" for number in range(1, 8)]
    assert cleaned == {"list marks": 7}


def test_what_is_around_a_tag_goes_as_well() -> None:
    assert clean('"A person waves"#60', "B")[0] == ["A person waves", "B"]
    assert clean("A person waves [1]#60", "B")[0] == ["A person waves", "B"]


def test_signs_in_any_batch_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "_BATCH", 2)
    texts = ["A", "B", "C", "D²", "person waves.²", "E", "<b>F</b>", "G", "\u200bH"]
    found, cleaned, _ = clean(*texts)
    assert found == ["A", "B", "C", "D²", "person waves.", "E", "F", "G", "H"]
    assert cleaned == {"footnote marks": 1, "HTML tags": 1}
