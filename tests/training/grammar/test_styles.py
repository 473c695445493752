"""Styles of captions: limbs first, absolute phrases, tags."""

from __future__ import annotations

import re

import numpy as np

from training.grammar.styles import caption, stated, tag, tagged

CLAUSES = (("{his} left hand", "on {his} hip"), ("both knees", "bent"))


def test_a_clause_becomes_a_sentence() -> None:
    rng = np.random.default_rng(0)
    assert stated(("the left arm", "raised"), rng) == "the left arm is raised"
    assert stated(("both arms", "raised"), rng) == "both arms are raised"
    assert stated(("{his} palms", "together"), rng) == "{his} palms are together"
    said = {stated(("the left hand", "on the hip"), rng) for _ in range(60)}
    assert said == {
        "the left hand is on the hip",
        "the left hand rests on the hip",
        "the left hand is placed on the hip",
    }


def test_a_tag_is_bare() -> None:
    assert tag("doing a plank") == "plank"
    assert tag("in a boxing stance") == "boxing stance"
    assert tag("sitting on a chair") == "sitting on chair"
    said = {tagged("kneeling", CLAUSES, np.random.default_rng(seed)).lower() for seed in range(30)}
    assert said == {"kneeling, left hand on hip, both knees bent", "left hand on hip, both knees bent, kneeling"}


def test_every_style_says_everything() -> None:
    texts = {caption("kneeling", CLAUSES, "left", np.random.default_rng(seed), is_plain=False) for seed in range(300)}
    assert len(texts) > 60
    for text in texts:
        assert re.search(r"left hand .*\bhip\b", text, re.IGNORECASE), text
        assert re.search(r"knees .*\bbent\b", text, re.IGNORECASE), text
        assert re.search(r"kneel", text, re.IGNORECASE), text
        assert not set("{}~|[]") & set(text), text
        assert "  " not in text
        assert " ," not in text
    assert any(text.startswith(("The left hand is on", "Their left hand is on")) for text in texts)
    assert any(re.search(r"\bhis left hand on his hip", text) for text in texts)


def test_plain_standing_need_not_be_said() -> None:
    texts = [caption("standing", CLAUSES, "left", np.random.default_rng(seed), is_plain=True) for seed in range(200)]
    silent = sum("stand" not in text.lower() for text in texts)
    assert 40 < silent < 160
