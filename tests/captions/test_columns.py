"""Columns of captions and lengths, and missing values as pandas sees them."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from posepipe.captions.columns import MISSING_WORDS, frames_of, is_missing, place_of_caption, place_of_length
from posepipe.errors import InputError


@pytest.mark.parametrize(
    ("names", "asked", "place"),
    [
        (["id", "caption"], None, 1),
        (["Text", "id"], None, 0),
        (["text", "caption"], None, 1),
        (["x", "PROMPT"], None, 1),
        (["description", "prompt"], None, 1),
        (["x", " Description "], None, 1),
        (["caption", "pose"], "pose", 1),
        (["caption", "Pose"], "pose", 1),
        (["pose", "Pose"], "Pose", 1),
    ],
)
def test_the_column_of_captions(names: list[str], asked: str | None, place: int) -> None:
    assert place_of_caption(names, asked, "") == place


def test_no_column_and_too_many() -> None:
    with pytest.raises(InputError, match=r"^a: no column `caption`, .*; found `id`, `pose`; .*--column"):
        place_of_caption(["id", "pose"], None, "a: ")
    with pytest.raises(InputError, match=r"no column `sentence` \(--column\); found `id`"):
        place_of_caption(["id"], "sentence", "")
    with pytest.raises(InputError, match="more than one column `caption`"):
        place_of_caption(["caption", "Caption"], None, "")


def test_missing_words_are_those_of_pandas() -> None:
    rows = "".join(f'1,"{word}"\n' for word in sorted(MISSING_WORDS))
    read = pd.read_csv(io.StringIO(f"id,caption\n{rows}"))
    assert read["caption"].isna().all()
    assert all(map(is_missing, MISSING_WORDS))
    assert not is_missing("A person")
    assert not is_missing("nothing")


def test_lengths() -> None:
    assert place_of_length(["id", "Frames", "length"]) == 1
    assert place_of_length(["id"]) is None
    values = [
        "60",
        60,
        60.0,
        " 60.0 ",
        "1e2",
        "",
        "NA",
        None,
        -4,
        0,
        True,
        float("nan"),
        float("inf"),
        "٦",
        "9" * 40,
        [1],
    ]
    assert [frames_of(value) for value in values] == [60, 60, 60, 60, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
