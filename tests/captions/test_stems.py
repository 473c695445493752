"""File names: the rule, and the names that are unsafe somewhere."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from posepipe.captions.reading import caption_id
from posepipe.captions.stems import base_stem, collision_key, is_reserved, stem_of, variant_stem

ID = "0123456789abcdef"
FALLBACK = f"caption_{ID}"


def stem(caption: str) -> str:
    return stem_of(caption, ID)


# The rule, part by part


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("A person arching back", "arching_back"),
        ("A person doing Tai Chi", "doing_Tai_Chi"),
        ("a person waving.", "waving"),
        ("A person's arm", "A_person's_arm"),
        ("A PERSON Waving", "Waving"),
        ("A person", "A_person"),
        ("A person ", "A_person"),
        ("A personal best", "A_personal_best"),
        ("Two: A person waving", "Two_A_person_waving"),
        ("A person a person waving", "a_person_waving"),
        ("A per\u017fon waving", "A_per\u017fon_waving"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("a\tb\u00a0c\u2028d\x1fe  f\r\ng", "a_b_c_d_e_f_g"),
        ("  A   person \n waving  ", "waving"),
        ('<a>:b"c/d\\e|f?g*h', "abcdefgh"),
        ("a\x00b\x07c\x7fd\x9fe\u200bf\u202eg\ufeffh\u00adi\U000e0041j", "abcdefghij"),
        ("a\ud800b", "ab"),
        ("e\u200d\u0301", "\u00e9"),
        ("e<\u0301", "\u00e9"),
        ("waving... _.", "waving"),
        ("..hidden", "hidden"),
        ("._hidden", "_hidden"),
        ("A person ...waving", "waving"),
        ("../../etc/passwd", "etcpasswd"),
        ("/etc/passwd", "etcpasswd"),
        ("..\\..\\x", "x"),
        ("C:\\x", "Cx"),
        ("~/x", "~x"),
        ("-rf $(touch x) `x` %s %00 'q' & ; # {a} [b] x!", "-rf_$(touch_x)_`x`_%s_%00_'q'_&_;_#_{a}_[b]_x!"),
        ("<script>alert('x')</script>", "scriptalert('x')script"),
        ("一个人站着。", "一个人站着。"),
        ("👩\u200d🚀 waving 🕺🏽", "👩🚀_waving_🕺🏽"),
        ("a.b.npy", "a.b.npy"),
        ("x" * 201, "x" * 200),
        ("é" * 101, "é" * 100),
        ("a" + "é" * 100, "a" + "é" * 99),
        ("站" * 67, "站" * 66),
        ("🕺" * 51, "🕺" * 50),
        ("a🕺" * 50, "a🕺" * 40),
        ("x" * 199 + ". y", "x" * 199 + "."),
    ],
)
def test_the_rule(caption: str, expected: str) -> None:
    assert stem(caption) == expected


@pytest.mark.parametrize(
    "caption", ["", "...", "???", "A person ?", "_", "\u202e\u200b", "../..", ". . .", "a person ..."]
)
def test_nothing_left(caption: str) -> None:
    assert stem(caption) == FALLBACK


@pytest.mark.parametrize(
    "device",
    ["CON", "con", "Prn", "AUX", "nul", "COM1", "com9", "LPT1", "lpt9", "COM¹", "LPT²", "com³", "CONIN$", "conout$"],
)
@pytest.mark.parametrize("shape", ["{}", "A person {}", "{}.txt", "{}.tar.gz", "{}...", '"{}"', "{}:", "..{}", "{}__"])
def test_windows_devices(device: str, shape: str) -> None:
    assert stem(shape.format(device)) == FALLBACK


@pytest.mark.parametrize("caption", ["CONE", "COM10", "COM", "xCON", "CON_x", "x.CON", "LPT0x"])
def test_what_is_no_device(caption: str) -> None:
    assert stem(caption) == caption


hostile = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from('./\\:*?"<>|_ \t\n\x00\x7f\u0301\u0345\u200d\u202e\ufeff\u212a\u017fıİßeéEÉ'),
        st.characters(categories=("Cs",)),
    ),
    max_size=300,
)


@given(hostile)
@example("A person " * 50)
@example("e\u0301" * 150)
@example("\u0344" * 150)
def test_any_text_gives_a_safe_stem(caption: str) -> None:
    name = stem(caption)
    assert name
    assert not name.startswith(".")
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(mark.isspace() or unicodedata.category(mark) in ("Cc", "Cf", "Cs") for mark in name)
    assert len(name) <= 200
    assert len(name.encode()) <= 200
    assert unicodedata.is_normalized("NFC", name)
    assert len(name) >= 199 - 3 or not name.endswith((".", "_"))
    assert name == Path(name).name


@given(hostile)
def test_the_stem_of_a_stem_is_itself(caption: str) -> None:
    name = stem(caption)
    if len(name.encode()) < 197:  # one that was cut may end in a dot or an underscore
        assert stem(name) == name


@given(st.text())
def test_captions_of_one_id_have_one_stem(caption: str) -> None:
    same = "\t" + unicodedata.normalize("NFD", caption).replace(" ", " \n ") + " "
    if caption_id(caption) == caption_id(same):
        assert stem(caption) == stem(same)


# Names that meet


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Waving", "waving"),
        ("É", "e\u0301"),
        ("Straße", "STRASSE"),
        ("\u212a", "k"),
        ("ΑΣ", "ας"),
        ("\u01c5", "\u01c4"),
        ("\u1e9e", "ß"),
        ("\u1fb3", "ΑΙ"),
    ],
)
def test_names_that_file_systems_take_for_one(one: str, other: str) -> None:
    assert collision_key(one) == collision_key(other)


@given(st.text())
def test_the_key_of_a_key_is_itself(text: str) -> None:
    key = collision_key(text)
    assert collision_key(key) == key
    assert collision_key(text.replace("ı", "i").upper()) == collision_key(text.replace("ı", "i"))
    assert collision_key(unicodedata.normalize("NFD", text)) == key
    assert collision_key(text + "__v1") == key + "__v1"


def test_variants() -> None:
    assert variant_stem("waving", 0) == "waving"
    assert variant_stem("waving", 12) == "waving__v12"
    for variant in (0, 1, 12):
        assert base_stem(variant_stem("a__v1", variant), variant) == "a__v1"


@pytest.mark.parametrize(
    "key", ["x.motion", "x.openpose", "x__v1", "x__v007", "x__1a2b3c4d", f"x__{ID}", "__v1", "x__y__v2"]
)
def test_endings_that_are_reserved(key: str) -> None:
    assert is_reserved(key)


@pytest.mark.parametrize(
    "key",
    [
        "x",
        "x.motions",
        "xmotion",
        "x.motion.y",
        "x_v1",
        "x__v",
        "x__y",
        "x__v1a",
        "x__v1 ",
        "x__1a2b3c4",
        f"x__{ID}0",
        "x__v1__y",
    ],
)
def test_endings_that_are_not_reserved(key: str) -> None:
    assert not is_reserved(key)
