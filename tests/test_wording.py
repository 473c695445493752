"""Texts in messages: counts with the right plural, the nearest name, foreign text made safe."""

from __future__ import annotations

import pytest

from posepipe.wording import LONGEST, count, encodable, listing, nearest, printable, shortened


@pytest.mark.parametrize(
    ("number", "nouns", "expected"),
    [
        (0, ("caption",), "0 captions"),
        (1, ("caption",), "1 caption"),
        (2, ("caption",), "2 captions"),
        (12_345, ("pose",), "12,345 poses"),
        (1, ("class", "classes"), "1 class"),
        (3, ("class", "classes"), "3 classes"),
    ],
)
def test_count(number: int, nouns: tuple[str, ...], expected: str) -> None:
    assert count(number, *nouns) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("captoins.txt", "captions.txt"),
        ("Captions.TXT", "captions.txt"),
        ("captions.md", "captions.txt"),
        ("poses.csv", "Poses.csv"),
        ("zebra", None),
        ("", None),
    ],
)
def test_nearest(name: str, expected: str | None) -> None:
    assert nearest(name, ["captions.txt", "Poses.csv"]) == expected


def test_nearest_of_nothing() -> None:
    assert nearest("captions.txt", []) is None


def test_listing() -> None:
    assert listing(["a"]) == "a"
    assert listing(["a", "b"]) == "a or b"
    assert listing(["a", "b", "c"], "and") == "a, b and c"


@pytest.mark.parametrize(
    "text", ["", "A person waving", "人 läuft", "\\n", "a\u3000b\xa0c", "👨\u200d👩\u200d👧", "می\u200cخواهم"]
)
def test_harmless_text_stays(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b[31m\x07\x00", r"\x1b[31m\x07\x00"),
        ("\x9b31m\x85", r"\x9b31m\x85"),
        ("\u202eexe.png\u2066\u200f", r"\u202eexe.png\u2066\u200f"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\ud83d\udcff", r"\ud83d\udcff"),
        ("\ufeff\u200b\xad", r"\ufeff\u200b\xad"),
        ("\U000e0041\ue000", r"\U000e0041\ue000"),
    ],
    ids=["lines", "escapes", "C1", "directions", "separators", "surrogates", "invisible", "tags"],
)
def test_what_could_be_taken_for_more_is_escaped(text: str, expected: str) -> None:
    assert printable(text) == expected
    assert printable(f"人{text}b") == f"人{expected}b"
    assert printable(printable(text)) == expected


def test_what_an_encoding_lacks_is_escaped() -> None:
    assert encodable("läuft 人 \ud83d", "ascii") == r"l\xe4uft \u4eba \ud83d"
    assert encodable("läuft 人 \ud83d", None) == r"läuft 人 \ud83d"


def test_long_texts_keep_both_ends() -> None:
    assert shortened("x" * LONGEST) == "x" * LONGEST
    text = shortened("a" * 5_000 + "b" * 5_000)
    assert text.startswith("a" * (LONGEST // 3) + " ... (10,000 characters in all) ... b")
    assert text.endswith("b" * (LONGEST - LONGEST // 3))
