"""When a pose off the floor is a jump."""

from __future__ import annotations

from typing import Any

import pytest

from posepipe.gallery.flags import HIGHEST, in_the_air, shown_flags


def row(caption: str | None, flags: str | None = "off_floor", lowest_y: float | None = 0.4) -> dict[str, Any]:
    return {"caption": caption, "flags": flags, "lowest_y": lowest_y}


@pytest.mark.parametrize(
    "caption",
    [
        "A person jumping high in the air",
        "A person doing a star jump",
        "A PERSON LEAPS over a puddle",
        "A person hops on one foot",
        "a man does a back flip",
        "somersaulting forwards",
        "A person in a flying kick",
        "A person diving into the water",
    ],
)
def test_a_caption_that_names_a_jump(caption: str) -> None:
    assert in_the_air(row(caption))
    assert shown_flags(row(caption, "bones,off_floor")) == ("bones", "in the air")


@pytest.mark.parametrize(
    "caption", ["A person sitting", "A person with both arms in the air", "A person swimming", "a hopeful person", None]
)
def test_other_captions_keep_the_warning(caption: str | None) -> None:
    assert shown_flags(row(caption)) == ("off_floor", "")


@pytest.mark.parametrize(
    ("flags", "lowest_y"), [("", 0.0), (None, None), ("unsure", 0.0), ("off_floor", HIGHEST + 0.1)]
)
def test_a_jump_on_the_floor_or_far_above_it_is_as_its_flags_say(flags: str | None, lowest_y: float | None) -> None:
    assert shown_flags(row("A person jumping", flags, lowest_y)) == (flags or "", "")
