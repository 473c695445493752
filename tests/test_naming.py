"""File names: the rule, the names that are unsafe somewhere, and the names of a whole input."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from posepipe.captions import caption_id
from posepipe.errors import CollisionError
from posepipe.naming import base_stem, collision_key, plan_names, stem_of, variant_stem

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


def test_every_stem_can_be_a_file(tmp_path: Path) -> None:
    captions = ["../../x", "\x1b[2J", "🕺" * 300, "é" * 300, "CON", "%s$(x)", "x" * 2_000, "\u202eabc", "'\"", "-rf"]
    plan = plan_names(captions, [caption_id(caption) for caption in captions], {})
    for name in plan.stem.values():
        (tmp_path / f"{variant_stem(name, 99_999)}__0123456789abcdef.json.tmp").write_bytes(b"")
    assert len(list(tmp_path.iterdir())) == len(captions)


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


# A whole input


def of(*captions: str) -> dict[str, str]:
    """The captions by id, smallest id first."""
    return dict(sorted((caption_id(caption), caption) for caption in captions))


def named(captions: dict[str, str], owners: dict[str, str] | None = None) -> dict[str, str]:
    return plan_names(list(captions.values()), list(captions), owners or {}).stem


def test_the_smallest_id_gets_the_plain_name() -> None:
    captions = of("A person waving", "a person Waving", "waving.", "A person sitting")
    a, b, c = (name for name, caption in captions.items() if "sitting" not in caption)
    plan = plan_names(list(captions.values()), list(captions), {})
    plain = stem_of(captions[a], a)
    assert plan.stem[a] == plain
    assert plan.stem[b] == f"{stem_of(captions[b], b)}__{b[:8]}"
    assert plan.stem[c] == f"{stem_of(captions[c], c)}__{c[:8]}"
    assert plan.stem[caption_id("A person sitting")] == "sitting"
    assert plan.collisions == {plain: [plan.stem[b], plan.stem[c]]}


def test_the_owner_in_the_manifest_keeps_the_plain_name() -> None:
    captions = of("A person waving", "waving", "waving?.")
    first, second, *_ = captions
    stems = named(captions, {second: "waving"})
    assert stems[second] == "waving"
    assert stems[first] == f"waving__{first[:8]}"
    absent = {"0" * 16: "WAVING"}
    plan = plan_names(list(captions.values()), list(captions), absent)
    assert all(stem.endswith(f"__{name[:8]}") for name, stem in plan.stem.items())
    assert list(plan.collisions) == ["WAVING"]


def test_a_suffixed_caption_keeps_its_name_without_the_other() -> None:
    captions = of("A person waving", "waving")
    stems = named(captions)
    loser = next(name for name, stem in stems.items() if stem != "waving")
    alone = plan_names([captions[loser]], [loser], {loser: stems[loser]})
    assert alone.stem == {loser: stems[loser]}
    assert alone.collisions == {"waving": [stems[loser]]}
    newcomer = {"f" * 16: "Waving"}
    assert named(newcomer, {loser: stems[loser]}) == {"f" * 16: "Waving"}


def test_ids_that_begin_alike_are_told_apart_by_the_whole() -> None:
    a, b, c = "1" * 16, "2222222200000000", "2222222211111111"
    captions = {a: "x", b: "X", c: "x."}
    assert named(captions) == {a: "x", b: f"X__{b}", c: f"x__{c}"}
    assert named({a: "x", c: "x."}, {a: "x", b: "X__22222222"}) == {a: "x", c: f"x__{c}"}
    with pytest.raises(CollisionError, match="another --final-dir"):
        named({a: "x", c: "x."}, {a: "x", b: "y__22222222", "3" * 16: f"x__{c}", "4" * 16: "x__22222222"})


@pytest.mark.parametrize(
    "forged", ["x__v1", "x__V12", "A person x__v1.", "x /_v1", "x__1a2b3c4d", "x__1A2B3C4D", f"x__{ID}"]
)
def test_a_caption_cannot_take_the_form_of_a_variant_or_a_suffix(forged: str) -> None:
    captions = of(forged, "x", "y")
    name = caption_id(forged)
    plan = plan_names(list(captions.values()), list(captions), {})
    plain = stem_of(forged, name)
    assert plan.stem == {name: f"{plain}__{name[:8]}"} | {caption_id(c): c for c in ("x", "y")}
    assert plan.collisions == {plain: [f"{plain}__{name[:8]}"]}
    again = plan_names(list(captions.values()), list(captions), plan.stem)
    assert again == plan


@pytest.mark.parametrize("caption", ["x_v1", "x__v", "x__v1a", "x__1a2b3c4", "x__1a2b3c4d5", "v1", "x__v1 y"])
def test_what_is_of_no_such_form(caption: str) -> None:
    assert named({ID: caption}) == {ID: caption.replace(" ", "_")}


def test_a_name_of_an_id_that_another_caption_bears() -> None:
    nothing = caption_id("???")
    captions = of("???", f"caption_{nothing}")
    assert len({collision_key(stem) for stem in named(captions).values()}) == 2


def test_a_manifest_that_gives_one_name_twice() -> None:
    assert named({"a": "x", "b": "X"}, {"a": "x", "b": "X"}) == {"a": "x", "b": "X__b"}


def test_variants() -> None:
    assert variant_stem("waving", 0) == "waving"
    assert variant_stem("waving", 12) == "waving__v12"
    for variant in (0, 1, 12):
        assert base_stem(variant_stem("a__v1", variant), variant) == "a__v1"


colliding = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "A person ", "a PERSON "]),
        st.sampled_from(["x", "X", "é", "e\u0301", "É", "?", "CON", "xx", "y" * 250]),
        st.sampled_from(["", ".", " ", "__v1", "__v2", "__v1__v1", "__1a2b3c4d", f"__{ID}", "__V1", "_"]),
        st.sampled_from(["", "", "__v1", "__1a2b3c4d"]),
    ),
)
# Few different beginnings of few different ids: what takes a hostile user 2**32 attempts is the rule here.
an_id = st.builds(
    "".join, st.tuples(st.sampled_from(["1a2b3c4d", "00000000"]), st.sampled_from(["0" * 8, "9abcdef0", "1" * 8]))
)
inputs = st.dictionaries(an_id, colliding, max_size=6) | st.lists(colliding).map(lambda texts: of(*texts))


def files(stems: dict[str, str]) -> list[str]:
    return [collision_key(variant_stem(name, variant)) for name in stems.values() for variant in range(4)]


@given(inputs, st.randoms(use_true_random=False))
def test_names_never_meet_and_do_not_depend_on_the_order(captions: dict[str, str], chance: random.Random) -> None:
    plan = plan_names(list(captions.values()), list(captions), {})
    assert list(plan.stem) == list(captions)
    assert len(set(files(plan.stem))) == 4 * len(captions)
    shuffled = dict(chance.sample(sorted(captions.items()), len(captions)))
    other = plan_names(list(shuffled.values()), list(shuffled), {})
    assert other.stem == plan.stem
    assert list(other.collisions.items()) == list(plan.collisions.items())
    renamed = {name for names in plan.collisions.values() for name in names}
    assert renamed == {
        plan.stem[name] for name, caption in captions.items() if plan.stem[name] != stem_of(caption, name)
    }


@given(st.lists(inputs, max_size=4), st.data())
def test_names_stay_for_ever(batches: list[dict[str, str]], choice: st.DataObject) -> None:
    """Inputs come one after the other, and of each only some poses get made."""
    owners: dict[str, str] = {}
    texts: dict[str, str] = {}
    for captions in batches:
        texts |= {name: caption for name, caption in captions.items() if name not in texts}
        scope = {name: texts[name] for name in captions}
        stems = named(scope, owners)
        assert {name: stems[name] for name in scope if name in owners} == {
            name: owners[name] for name in scope if name in owners
        }
        made = choice.draw(st.sets(st.sampled_from(sorted(scope)))) if scope else set()
        owners |= {name: stems[name] for name in made}
        assert len(set(files(owners | stems))) == 4 * len(owners | stems)
