"""Inputs that people reported as read wrongly, each with the reading of a person."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from posepipe.captions.reading import Captions, read_captions
from posepipe.errors import InputError

INPUTS = Path(__file__).parent / "inputs"


def lines(captions: Captions) -> list[tuple[int, str]]:
    return list(zip(captions.line.tolist(), captions.caption, strict=True))


def unusable(captions: Captions) -> list[tuple[int, str]]:
    return [(line.line, line.reason.split(";")[0]) for line in captions.unusable]


READINGS: dict[str, tuple[list[tuple[int, str]], list[tuple[int, str]]]] = {
    "c1.csv": ([(2, "A person waving, smiling"), (3, "A person kneeling")], []),
    "h1.txt": (
        [
            (1, "a person waves with the right hand."),
            (2, "a person sits down"),
            (3, "a person bows."),
            (4, "a person kneels"),
            (5, "a person claps"),
            (6, "a person crawls"),
            (7, "a person jumps"),
            (8, "a person does pose #3"),
            (9, "a person stands on the #1 spot"),
            (10, "a person lunges"),
            (11, "a person squats"),
        ],
        [],
    ),
    "h2.txt": (
        [
            (1, "a person waves with the right hand"),
            (2, "a man kicks"),
            (3, "the person sits"),
            (4, "a person bows."),
            (6, "a person  turns, then claps twice."),
            (8, "a person stands"),
            (9, "a person crouches"),
        ],
        [(5, "nothing left")],
    ),
    "all.txt": ([(1, "a person bows"), (1, "a person kicks")], []),
    "m6.md": (
        [
            (3, "A person waves & smiles"),
            (4, "A person sits with crossed legs"),
            (5, "A person *points* left | right"),
            (6, "A person kneels"),
            (7, "A person bows"),
            (8, "A person :wave: waves"),
            (14, "a person crouches"),
            (15, "a person lies down"),
        ],
        [],
    ),
    "m8.md": (
        [
            (3, "A person waves"),
            (4, "A person kneels on the floor"),
            (6, "A person sits"),
            (7, 'A person "bows"'),
            (13, "A person claps"),
            (14, "A person crawls"),
            (15, "A person lies down"),
        ],
        [(16, "nothing left"), (17, "nothing left"), (18, "nothing left")],
    ),
    "j4.jsonl": (
        [(1, "A person waving"), (7, "A person kneeling")],
        [
            (2, "nothing left"),
            (3, "no key `caption`, `text`, `prompt` or `description`"),
            (4, "the caption is not text but a number (int)"),
            (5, "the caption is not text but an object (dict)"),
        ],
    ),
    "j6.jsonl": ([(1, "A person waving")], [(2, "not JSON (cut off)")]),
    "n1.txt": (
        [
            (1, "A person waves"),
            (2, "A person kneels"),
            (3, "A person sits"),
            (4, "A person bows"),
            (5, "A person claps"),
            (6, "A person crawls"),
            (9, "A person lies down"),
        ],
        [],
    ),
    "m7.md": (
        [
            (1, "A person waves"),
            (2, "A person kneels"),
            (3, "A person sits"),
            (4, "A person bows"),
            (5, "A person claps"),
            (6, "A person crawls"),
            (7, "A person stands"),
            (8, "A person lies down"),
            (9, "A person jumps"),
        ],
        [],
    ),
    "m3.md": (
        [(3, "一个人站着，双手叉腰"), (4, "一个人坐在椅子上"), (5, "一个人跪下"), (6, "一个人挥手")],
        [],
    ),
    "m2.md": (
        [
            (13, "A person raises the left arm"),
            (14, "A person raises both arms above the head"),
            (16, "A person bows"),
            (18, "A person kneels on one knee"),
            (19, "A person crawls"),
            (22, "A person claps"),
            (24, "A person points up"),
            (26, "A person in a quotation"),
            (31, "A person in details with a break"),
        ],
        [],
    ),
    "m9.md": (
        [(5, "A person waves with the right hand."), (9, "A person points to the left."), (15, "A person claps")],
        [],
    ),
    "c10.csv": (
        [(2, "A person waving")],
        [(3, "nothing left"), (4, "no value"), (5, "no value"), (6, "no value"), (7, "no value")],
    ),
    "m5.md": ([(3, "A person waves"), (4, "A person kicks"), (5, "A person sits")], []),
    "stdin.jsonl": ([(1, "A person waving"), (2, "A person kneeling")], []),
}


@pytest.mark.parametrize("name", READINGS)
def test_inputs_are_read_as_a_person_would_read_them(name: str) -> None:
    captions = read_captions(INPUTS / name)
    expected, without = READINGS[name]
    assert lines(captions) == expected
    assert unusable(captions) == without


@pytest.mark.parametrize(
    ("name", "frames"),
    [
        ("len.csv", {"A person waving": 120, "A person kneeling": 60}),
        ("len.md", {"A person waving": 120, "A person kneeling": 60, "A person sits": 0}),
        ("len.jsonl", {"A person waving": 120, "A person kneels": 60}),
        ("lens.txt", {"A person waving": 7, "A person kneeling": 500, "A person sits": 0, "A person bows": 198}),
        ("mld.txt", {"a man kicks with his left leg": 50, "A person is skipping rope": 100}),
        ("m5.md", {"A person waves": 60, "A person kicks": 80, "A person sits": 40}),
        ("h1.txt", {"a person waves with the right hand.": 132, "a person bows.": 84, "a person squats": 60}),
    ],
)
def test_lengths_are_taken_from_tags_columns_and_numbers_in_front(name: str, frames: dict[str, int]) -> None:
    captions = read_captions(INPUTS / name)
    found = dict(zip(captions.caption, captions.frames.tolist(), strict=True))
    assert frames.items() <= found.items()


def test_marks_of_few_lines_stay_and_are_mentioned() -> None:
    captions = read_captions(INPUTS / "c.txt")
    assert captions.caption == [
        "A person waves hello",
        "1. A person waves hello",
        "- A person waves hello",
        "A person waves hello 👋",
        "a person waves hello",
        "Waving: a person waves hello",
        "A person kneels on the left knee",
        "12) A person kneels on the left knee",
        "A person kneels on the left knee  🧎",
    ]
    assert captions.repetitions == 4
    assert any("3 of 13 captions begin with a list mark" in remark for remark in captions.inputs[0].remarks)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gbk.txt", "not UTF-8 (60 of 60 lines, the first is line 1); the bytes decode as gb18030"),
        ("h.txt", "an HTML page"),
        ("lfs.txt", "a Git pointer, not the file itself; fetch it with `git lfs pull`"),
        ("wrongext.txt", "its content is a CSV table; give it a name that ends in .csv"),
    ],
)
def test_what_holds_no_captions_is_refused_in_one_line(name: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_captions(INPUTS / name)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_encoding_that_is_offered_reads_the_file() -> None:
    captions = read_captions(INPUTS / "gbk.txt", encoding="gb18030")
    assert captions.caption[0] == "一个人举起左手，第0次"
    assert len(captions) == 60


def test_the_form_of_standard_input_is_taken_from_its_content() -> None:
    with (INPUTS / "stdin.jsonl").open("rb") as stream:
        captions = read_captions("-", stdin=io.BytesIO(stream.read()))
    assert captions.caption == ["A person waving", "A person kneeling"]
    assert captions.inputs[0].form == "JSON Lines"
    assert captions.inputs[0].remarks == ("read as JSON Lines, by its content",)


def test_a_folder_of_files_without_final_newlines() -> None:
    captions = read_captions(INPUTS / "prompts")
    assert captions.caption == ["A person waving", "A person kneeling", "a person bows", "a person kicks"]
    names = [Path(name).name for name in captions.sources_of(np.arange(4))]
    assert names == ["a.txt", "b.txt", "h1.txt", "h2.txt"]
