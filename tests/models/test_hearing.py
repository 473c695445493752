"""What the bundled model hears: each rule with captions that it changes and captions that it must not change."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import posepipe
from posepipe.models import small
from posepipe.models.bundled import bundled_hearing
from posepipe.models.hearing import with_known_subject, with_verb, without_symbols, without_wrapper
from training.user_captions import user_captions

HEAR = bundled_hearing()
ORDERS = ["Stand on one leg", "Sit down", "Raise both arms", "Raise your arms", "Lie on the back with the knees up"]
DEMO = Path(posepipe.__file__).parent / "demo" / "captions.txt"


@pytest.mark.parametrize(
    ("caption", "heard"),
    [
        ("- **A person** sitting", "A person sitting"),
        ("3) A person sitting", "A person sitting"),
        ("A person sitting 🧘‍♀️✨", "A person sitting"),
        ("A person 1️⃣ sitting", "A person 1 sitting"),
        ("“A person sitting”", "A person sitting"),
        ("#yoga #warrior_pose", "yoga warrior pose"),
    ],
)
def test_symbols_and_list_marks(caption: str, heard: str) -> None:
    assert without_symbols(caption) == heard


@pytest.mark.parametrize(
    "caption", ["A person sitting, arms up!", "A person's left arm", "half-squat", "A person doing 3 push-ups", "坐着"]
)
def test_punctuation_and_other_scripts_stay(caption: str) -> None:
    assert without_symbols(caption) == caption


@pytest.mark.parametrize(
    "wrapped",
    [
        "Please draw {}",
        "photo of {}",
        "A picture of {}",
        "show me {}",
        "I want a picture of {}",
        "Can you generate an image of {}, please",
        "a full-body photo of {}, white background, 4k",
        "Please show {}",
    ],
)
def test_wrappers_go(wrapped: str) -> None:
    assert without_wrapper(wrapped.format("a person sitting")) == "a person sitting"


@pytest.mark.parametrize(
    "caption",
    [
        "A person drawing a picture of a tree",
        "A person taking a photo of the sea",
        "drawing with the left hand",
        "showing the palms",
        "A person posing for a photo",
        "making a snowball",
        "A person saying thanks",
        "A person dancing solo",
    ],
)
def test_drawing_and_taking_photos_are_poses(caption: str) -> None:
    assert without_wrapper(caption) == caption


@pytest.mark.parametrize(
    ("caption", "heard"),
    [
        ("A person standign on one leg", "A person standing on one leg"),
        ("A person with the lfet arm raised", "A person with the left arm raised"),
        ("A person sittng on the flor", "A person sitting on the floor"),
        ("A person with legs crosssed", "A person with legs crossed"),
        ("A person with the lefthand on the hip", "A person with the left hand on the hip"),
        ("A person, elgs apart", "A person, legs apart"),
        ("A person scratching the haed", "A person scratching the head"),
    ],
)
def test_spelling(caption: str, heard: str) -> None:
    assert HEAR.spelled(caption) == heard


def test_no_known_word_is_corrected() -> None:
    for word in [*HEAR.ranks, *sorted(HEAR.words)]:
        if not re.fullmatch("[a-z]+", word):
            continue
        assert HEAR.spelled(word) == word


@pytest.mark.parametrize(
    ("caption", "heard"),
    [
        ("An old man sitting", "A person sitting"),
        ("A zombie walking", "A person walking"),
        ("Two people are dancing", "A person is dancing"),
        ("a group of friends jumping", "A person jumping"),
        ("He is kneeling", "A person is kneeling"),
        ("The little girl with both arms up", "A person with both arms up"),
        ("A young woman in a red dress kneeling", "A person kneeling"),
        ("A man wearing a hat waving", "A man waving"),
    ],
)
def test_subjects(caption: str, heard: str) -> None:
    assert with_known_subject(caption) == heard


@pytest.mark.parametrize(
    "caption",
    [
        "A person sitting",
        "A man kneeling",
        "The woman lying on the back",
        "Someone waving",
        "a dancer in a leap",
        "A soldier saluting",
        "child's pose",
        "hero pose",
        "figure four stretch",
        "A person in the air",
        "The left arm raised",
        "A woman with a hand on her hat",
        "A man with hands in the jacket",
    ],
)
def test_subjects_that_the_model_knows_or_that_tell_the_pose_stay(caption: str) -> None:
    assert with_known_subject(caption) == caption


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("handstand", "A person doing a handstand"),
        ("arabesque", "A person doing an arabesque"),
        ("Warrior pose", "A person in warrior pose"),
        ("leg raises", "A person doing leg raises"),
        ("back squat", "A person doing a back squat"),
        ("jumping", "A person jumping"),
        ("Left hand on the hip, right arm up", "A person standing with left hand on the hip, right arm up"),
        ("arms crossed", "A person standing with arms crossed"),
    ],
)
def test_nouns_and_limbs_become_sentences(text: str, heard: str) -> None:
    assert with_verb(text) == heard


@pytest.mark.parametrize(
    "caption", ["A person sitting", "The left arm up", "on all fours", "with the arms up", "坐着", *ORDERS]
)
def test_sentences_orders_and_prepositions_stay(caption: str) -> None:
    assert with_verb(caption) == caption


@pytest.mark.parametrize(
    "caption",
    ["Eine Person steht auf einem Bein", "une femme qui saute", "Человек стоит на одной ноге", "人が座っている"],
)
def test_other_languages_stay(caption: str) -> None:
    assert HEAR(caption) == caption


def test_captions_in_another_language_or_without_words_are_unsure() -> None:
    model = small.load()
    foreign = ["Una persona salta con las piernas abiertas", "asdfghjkl qwertyuiop", "asdfgh", "42", "人が座っている"]
    assert model.unsure(foreign).all()
    assert not model.unsure(["A person standign on one leg", "handstand", "contrapposto"]).any()


def test_plain_captions_stay() -> None:
    captions = [question.caption for question in user_captions()]
    changed = [caption for caption in captions if HEAR(caption) != caption]
    assert len(changed) < len(captions) / 200, changed
    demo = [line for line in DEMO.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert [HEAR(each) for each in demo] == demo


@given(st.text(max_size=80))
def test_any_text_is_heard_as_some_text_and_the_same_again(text: str) -> None:
    heard = HEAR(text)
    assert heard or not text
    assert HEAR(heard) == HEAR(HEAR(heard))


def test_the_pose_is_that_of_the_corrected_caption() -> None:
    model = small.load()
    options = {"sequence_length": 16, "time_steps": 18, "cfg": 3.0}
    written = ["A person standign on the lfet leg", "Please draw a person sitting 🙂", "handstand"]
    meant = ["A person standing on the left leg", "a person sitting", "A person doing a handstand"]
    assert np.array_equal(model.generate(written, [1, 2, 3], **options), model.generate(meant, [1, 2, 3], **options))
