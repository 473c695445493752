"""Searches: words, phrases, words that must not occur."""

from __future__ import annotations

import pytest

from posepipe.gallery.query import Query, fold, read_query


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("", (), ()),
        ("Arm LEG", ("arm", "leg"), ()),
        ('arm -leg -"left  foot" "both hands"', ("arm", "both hands"), ("leg", "left foot")),
        ('"not closed', ("not closed",), ()),
        ("“typed on a phone” -„so“", ("typed on a phone",), ("so",)),
        ('- -- -"" ""', (), ("-",)),
        ("one-legged", ("one-legged",), ()),
        ("-挥手 走路", ("走路",), ("挥手",)),
    ],
)
def test_what_a_search_asks_for(text: str, wanted: tuple[str, ...], unwanted: tuple[str, ...]) -> None:
    assert read_query(text) == Query(wanted, unwanted)


def test_caption_and_name_are_searched_but_not_across() -> None:
    query = read_query("waving arching_back")
    assert query.matches("A person  WAVING", "arching_back")
    assert not read_query('"waving arching"').matches("waving", "arching")
    assert not read_query("-arch").matches("waving", "arching_back")
    assert fold("A  Straße\tﬁt") == "a strasse fit"
