"""The names of a whole input: that they never meet, never change, and are those that plain dicts would give."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posepipe.captions import collisions
from posepipe.captions.collisions import Owners
from posepipe.captions.reading import caption_id
from posepipe.captions.stems import collision_key, is_reserved, stem_of, variant_stem
from posepipe.errors import CollisionError

ID = "0123456789abcdef"


@dataclass
class Named:
    """Stems by caption_id, in the order of the input."""

    stem: dict[str, str]
    collisions: dict[str, list[str]]


def plan_names(captions: Sequence[str], ids: Sequence[str], owners: Mapping[str, str]) -> Named:
    plan = collisions.plan_names(
        pa.array(captions, pa.large_string()),
        np.array([int(name, 16) for name in ids], np.uint64),
        Owners(pa.chunked_array([list(owners)], pa.string()), pa.array(list(owners.values()), pa.large_string())),
    )
    return Named(dict(zip(ids, plan.stem.to_pylist(), strict=True)), plan.collisions)


def test_every_stem_can_be_a_file(tmp_path: Path) -> None:
    captions = ["../../x", "\x1b[2J", "🕺" * 300, "é" * 300, "CON", "%s$(x)", "x" * 2_000, "\u202eabc", "'\"", "-rf"]
    plan = plan_names(captions, [caption_id(caption) for caption in captions], {})
    for name in plan.stem.values():
        (tmp_path / f"{variant_stem(name, 99_999)}__0123456789abcdef.json.tmp").write_bytes(b"")
    assert len(list(tmp_path.iterdir())) == len(captions)


def of(*captions: str) -> dict[str, str]:
    """The captions by id, smallest id first."""
    return dict(sorted((caption_id(caption), caption) for caption in captions))


def named(captions: Mapping[str, str], owners: dict[str, str] | None = None) -> dict[str, str]:
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
    "forged",
    [
        "x.motion",
        "x.OpenPose",
        "x__v1",
        "x__V12",
        "A person x__v1.",
        "x /_v1",
        "x__1a2b3c4d",
        "x__1A2B3C4D",
        f"x__{ID}",
    ],
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
    a, b = "a" * 16, "b" * 16
    assert named({a: "x", b: "X"}, {a: "x", b: "X"}) == {a: "x", b: f"X__{b[:8]}"}
    assert named({b: "X"}, {"no id": "x", b: "X"}) == {b: "X"}
    assert named({b: "X"}, {"": "x", b: "X"}) == {b: f"X__{b[:8]}"}


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


# The same with dicts, a caption at a time


def by_dicts(captions: Sequence[str], ids: Sequence[str], owners: Mapping[str, str]) -> Named:
    taken, ousted = by_key(owners)
    stem: dict[str, str] = {}
    renamed: defaultdict[str, list[str]] = defaultdict(list)
    label: dict[str, str] = {}
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for caption, name in zip(captions, ids, strict=True):
        kept = owners.get(name)
        if kept is None or name in ousted:
            stem[name] = stem_of(caption, name)
            groups[collision_key(stem[name])].append(name)
        else:
            stem[name] = kept
            if kept.endswith((f"__{name[:8]}", f"__{name}")):
                base = kept.rpartition("__")[0]
                key = collision_key(base)
                renamed[key].append(name)
                label[key] = owners[taken[key]] if key in taken else min(base, label.get(key, base))
    for key, group in sorted((key, sorted(group)) for key, group in groups.items()):
        others = group
        if key in taken:
            label[key] = owners[taken[key]]
        elif is_reserved(key):
            label[key] = stem[group[0]]
        else:
            others = group[1:]
            if others:
                label[key] = stem[group[0]]
        renamed[key] += others
        sharing = Counter(name[:8] for name in others)
        for name in others:
            short = f"__{name[:8]}"
            suffix = short if sharing[name[:8]] == 1 and key + short not in taken else f"__{name}"
            if key + suffix in taken:
                raise CollisionError("it is another's")
            stem[name] += suffix
    collisions = {label[key]: [stem[name] for name in sorted(renamed[key])] for key in sorted(renamed) if renamed[key]}
    return Named(stem, collisions)


def by_key(owners: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    taken: dict[str, str] = {}
    for name in sorted(owners):
        taken.setdefault(collision_key(owners[name]), name)
    return taken, {name for name, stem in owners.items() if taken[collision_key(stem)] != name}


foreign = st.dictionaries(st.sampled_from(["", "a", "x" * 16, "é", ID, ID.upper(), "0" * 16]), colliding, max_size=3)


@given(inputs, inputs, foreign, st.data())
def test_names_are_those_that_dicts_give(
    before: dict[str, str], captions: dict[str, str], others: dict[str, str], choice: st.DataObject
) -> None:
    owners = {name: stem for name, stem in by_dicts(list(before.values()), list(before), {}).stem.items() if stem}
    owners |= {name: stem_of(text, "f" * 16) for name, text in others.items()}
    for name in choice.draw(st.lists(st.sampled_from(sorted(captions)), max_size=3) if captions else st.just([])):
        owners[name] = choice.draw(
            st.sampled_from([stem_of(captions[name], name), "x", f"x__{name[:8]}", f"X__{name}"])
        )
    arguments = list(captions.values()), list(captions), owners
    try:
        expected = by_dicts(*arguments)
    except CollisionError:
        with pytest.raises(CollisionError, match="another --final-dir"):
            plan_names(*arguments)
        return
    plan = plan_names(*arguments)
    assert plan == expected
    assert list(plan.collisions.items()) == list(expected.collisions.items())


@pytest.mark.parametrize("alike", [False, True])
def test_slices_and_hashes_that_meet_change_nothing(monkeypatch: pytest.MonkeyPatch, alike: bool) -> None:
    texts = [f"A person {word}{mark}" for word in ("waving", "Waving", "é", "x__v1", "sitting") for mark in ("", ".")]
    captions = of(*texts, "站", "CON", "???", *(f"pose {number}" for number in range(20)))
    owners = {name: stem_of(text, name) for name, text in list(captions.items())[::3]} | {"a": "Sitting", "b": "POSE_7"}
    expected = by_dicts(list(captions.values()), list(captions), owners)
    monkeypatch.setattr(collisions, "_SLICE", 4)
    if alike:
        monkeypatch.setattr(collisions, "hash", lambda key: len(key) % 3, raising=False)
    assert plan_names(list(captions.values()), list(captions), owners) == expected
