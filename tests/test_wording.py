"""Counts with the right plural, and the nearest name to a misspelt one."""

from __future__ import annotations

import pytest

from posepipe.wording import count, listing, nearest


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
