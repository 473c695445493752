"""The run says which captions the bundled model reads in other words."""

from __future__ import annotations

from posepipe.run.heard import describe_heard


def test_examples_of_captions_read_in_other_words() -> None:
    lines = describe_heard("small", ["A person sitting", "A person standign", "Please draw a person \x1b[2J waving"])
    assert lines == [
        "2 captions read in other words; name and caption stay as written. Examples:",
        "  A person standign -> A person standing",
        "  Please draw a person \\x1b[2J waving -> a person 2J waving",
    ]


def test_plain_captions_and_other_models_need_no_line() -> None:
    assert describe_heard("small", ["A person sitting", "A man waving"]) == []
    assert describe_heard("mardm-sit-xl", ["A person standign"]) == []
