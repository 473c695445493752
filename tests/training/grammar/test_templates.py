"""Templates and the files that hold them."""

from __future__ import annotations

from pathlib import Path

import pytest

from posepipe.errors import ConfigError
from training.grammar.templates import Phrased, expanded, with_phrasings


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("standing\n## a\nkneeling", "line 1: a phrasing before the first"),
        ("## a\nkneeling\n## a\nsitting", "line 3: a is there twice"),
        ("## b\nkneeling", r"no phrasings for \[a\], and phrasings for unknown names \[b\]"),
        ("## a", r"no phrasings for \[a\]"),
    ],
)
def test_a_file_that_does_not_match_the_poses_is_refused(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "odd.txt").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=says):
        with_phrasings("odd", (Phrased("a"),), tmp_path)


def test_an_article_fits_the_next_word() -> None:
    assert list(expanded("a [big |]organ")) == ["a big organ", "an organ"]
    assert list(expanded("in a [one-legged|unicycle|] pose")) == [
        "in a one-legged pose",
        "in a unicycle pose",
        "in a pose",
    ]
