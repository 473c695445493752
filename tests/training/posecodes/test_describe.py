"""Captions derived from poses: what they state holds, sides are right, and they are the same each time."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from posepipe.models.sides import mirrored, swap_sides
from posepipe.models.small_text import split_words
from training.grammar.compose import draft, drawn_modifiers
from training.grammar.poses import GROUPS
from training.grammar.predicates import holds, known
from training.motions import facing_forward
from training.posecodes import LONGEST, Derived, describe
from training.posecodes.wording import all_texts, gerund, plural, third_person

MOCAP = Path(__file__).with_name("mocap_poses.npy")
"""Frames of the clips by Quaternius, Mesh2Motion and MakeHuman (CC0 1.0), two of each: (173, 22, 3), metres."""


@pytest.fixture(scope="module")
def poses() -> NDArray[np.float32]:
    """Poses of the grammar with modifiers, each base pose once, and of motion capture."""
    drawn = []
    for number, (group, base) in enumerate((group, base) for group, bases in GROUPS.items() for base in bases):
        rng = np.random.default_rng((91, number))
        drawn.append(draft(group, base, drawn_modifiers(rng), rng, 2).solved().motion[1])
    return np.concatenate((drawn, [facing_forward(pose[None])[0] for pose in np.load(MOCAP)]))


@pytest.fixture(scope="module")
def described(poses: NDArray[np.float32]) -> list[tuple[Derived, NDArray[np.float32]]]:
    found = zip(describe(poses, range(len(poses))), poses, strict=True)
    return [(each, pose) for each, pose in found if each is not None]


def test_all_that_a_caption_states_holds(described: list[tuple[Derived, NDArray[np.float32]]]) -> None:
    assert len(described) > 640
    for derived, pose in described:
        assert derived.predicates
        assert all(known(name) and holds(name, pose) for name in derived.predicates), derived


def test_sides_named_are_those_of_the_statements(described: list[tuple[Derived, NDArray[np.float32]]]) -> None:
    """A caption names a side if, and only if, it states something of one."""
    for derived, _ in described:
        sided = any(code.endswith((":left", ":right")) for code in derived.codes)
        assert bool(re.search(r"\b(left|right)\b(?! angle)", derived.caption, re.IGNORECASE)) == sided, derived


def test_the_mirror_image_gets_the_mirrored_words(poses: NDArray[np.float32]) -> None:
    some = poses[::13][:51]
    pairs = zip(describe(some, range(len(some))), describe(mirrored(some), range(len(some))), strict=True)
    for one, two in pairs:
        assert (one is None) == (two is None)
        if one is not None and two is not None:
            assert swap_sides(one.caption).lower() == two.caption.lower()
            assert set(map(swap_sides, one.predicates)) == set(two.predicates)


def test_a_pose_and_its_seed_decide_the_caption(poses: NDArray[np.float32]) -> None:
    together = describe(poses[:40], range(40))
    assert together == [describe(poses[row : row + 1], [row])[0] for row in range(40)]
    assert together != describe(poses[:40], range(1, 41))


def test_captions_are_well_formed(described: list[tuple[Derived, NDArray[np.float32]]]) -> None:
    vocabulary = {word for text in all_texts() for word in split_words(text)}
    for derived, _ in described:
        caption = derived.caption
        assert not re.search(r"[{}]|  |\s[,.]|\.\.|,,|\b(\w+) \1\b", caption), caption
        assert set(split_words(caption)) <= vocabulary, caption
        assert len(caption.split()) <= LONGEST
        assert len(derived.statements) >= 2
    assert len({each.caption for each, _ in described}) > 0.99 * len(described)
    starts = Counter(each.caption.split()[0].lower() for each, _ in described)
    assert max(starts.values()) < 0.4 * len(described)


def test_a_description_follows_a_caption_and_spares_what_it_mentions(poses: NDArray[np.float32]) -> None:
    before = ["A woman kneeling with the left hand on the hip."] * 100
    derived = [each for each in describe(poses[:100], range(100), before) if each is not None]
    assert len(derived) > 80
    for each in derived:
        assert each.caption.startswith("A woman kneeling with the left hand on the hip")
        rest = each.caption.removeprefix(before[0].removesuffix("."))
        assert not re.search(r"\b(hand|hands|elbow|elbows|arm|arms)\b", rest), rest
        assert not re.search(r"\b(his|their)\b", rest), rest
        assert 1 <= len(each.statements) <= 2


@pytest.mark.parametrize(
    ("phrase", "third", "ing"),
    [
        ("touch it", "touches it", "touching it"),
        ("raise it", "raises it", "raising it"),
        ("put it down", "puts it down", "putting it down"),
        ("step back", "steps back", "stepping back"),
        ("cross his arms", "crosses his arms", "crossing his arms"),
    ],
)
def test_verb_forms(phrase: str, third: str, ing: str) -> None:
    assert third_person(phrase) == third
    assert gerund(phrase) == ing


def test_plurals() -> None:
    assert [plural(noun) for noun in ("foot", "lower leg", "knee")] == ["feet", "lower legs", "knees"]
