"""Base poses, modifiers and their words: bodies that can be, poses that do what they say, phrasings kept apart."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from posepipe.errors import ConfigError
from posepipe.models.sides import swap_sides
from posepipe.skeleton import BONE_LENGTHS, MIRROR, bone_lengths
from training.controls import Controls, Side, held, mirrored
from training.grammar import base as base_module
from training.grammar.base import PARTS, BasePose, unfolded, with_words
from training.grammar.compose import GROUPS, built, compose, draw, draw_many, expected, limb_named
from training.grammar.modifiers import MODIFIERS, Modifier
from training.grammar.predicates import View, bend, holds, known
from training.grammar.roles import ROLES, told
from training.grammar.sentences import first_as_one, hand_named, leg_named, one_named, the_other
from training.kinematics import solve

SEEDS = range(10)
BASES = [pytest.param(group, base, id=f"{group}.{base.name}") for group, poses in GROUPS.items() for base in poses]
STANDING = GROUPS["standing"][0]


def _pose(base: BasePose, side: Side, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return solve(held(built(base, side, rng), 4, rng), 4)


@pytest.mark.parametrize(("group", "base"), BASES)
def test_a_base_pose_is_a_body_that_does_what_it_says(group: str, base: BasePose) -> None:
    sides: tuple[Side, Side] = ("left", "right")
    for seed in SEEDS:
        side = sides[seed % 2]
        motion = _pose(base, side, seed)
        assert motion.dtype == np.float32
        assert np.isfinite(motion).all()
        np.testing.assert_allclose(bone_lengths(motion), np.broadcast_to(BONE_LENGTHS, (4, 22)), atol=1e-5)
        assert motion[..., 1].min() >= -0.01
        if "airborne" not in base.tags:
            assert motion[..., 1].min() < 0.03
        view = View(motion[2])
        failed = [name for name in expected(base, side) if not holds(name, view)]
        assert not failed, f"seed {seed}, {side}: {failed}"
        for each in sides:
            assert view.elbow(each) < 156
            assert view.knee(each) < 160
            assert bend(view["pelvis"], view["spine2"], view["neck"]) < 95
            assert not _knee_bends_forward(view, each), f"seed {seed}: {each} knee"


def _knee_bends_forward(view: View, side: str) -> bool:
    """A knee bent by more than a little whose shank leaves on the toes' side of the thigh."""
    if view.knee(side) < 25:
        return False
    knee, ankle = view[f"{side}_knee"], view[f"{side}_ankle"]
    shank = ankle - knee
    hinge = np.cross(knee - view[f"{side}_hip"], shank)
    toes = view[f"{side}_foot"] - ankle
    forward = np.cross(shank, hinge)
    across = float(np.dot(toes, forward)) / float(np.linalg.norm(toes) * np.linalg.norm(forward))
    return across < -0.5


@pytest.mark.parametrize(("group", "base"), BASES)
def test_a_base_pose_has_words_of_its_own(group: str, base: BasePose) -> None:
    assert base.phrasings
    assert base.held_out, "a pose without held-out phrasing cannot be evaluated"
    assert base.locks <= PARTS
    assert all(known(name.removeprefix("not ")) for name in base.predicates)
    for template in base.phrasings + base.held_out:
        for words in unfolded(template):
            assert not set("[]|") & set(words), template
            words.format(side="left", other="right", his="the")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("standing\n## a\nkneeling", "line 1: nothing is named"),
        ("## a\nkneeling\n## a\nsitting", "line 3: a is there twice"),
        ("## b\nkneeling", "differ by a, b"),
        ("## a", "differ by a"),
    ],
)
def test_words_that_belong_to_no_pose_are_refused(
    text: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "odd.txt").write_text(text, encoding="utf-8")
    monkeypatch.setattr(base_module, "_WORDS", tmp_path)
    with pytest.raises(ConfigError, match=says):
        with_words("odd", (BasePose("a", STANDING.build),))


def test_an_article_fits_the_word_after_it() -> None:
    assert list(unfolded("a [big |]organ")) == ["a big organ", "an organ"]
    assert list(unfolded("in a [one-legged|unicycle|] pose")) == [
        "in a one-legged pose",
        "in a unicycle pose",
        "in a pose",
    ]


def test_names_are_unique() -> None:
    names = [base.name for poses in GROUPS.values() for base in poses]
    assert len(set(names)) == len(names)


def test_no_held_out_phrasing_is_trained_on() -> None:
    sources = [base for poses in GROUPS.values() for base in poses] + list(MODIFIERS)
    trained = {_plain(words) for each in sources for template in each.phrasings for words in unfolded(template)}
    held = {_plain(words) for each in sources for template in each.held_out for words in unfolded(template)}
    assert not trained & held


def _plain(words: str) -> str:
    for slot in ("{side}", "{other}"):
        words = words.replace(slot, "side")
    return words.replace("{his}", "the").lower()


@pytest.mark.parametrize(("group", "base"), BASES)
def test_mirrored_controls_give_the_mirrored_pose(group: str, base: BasePose) -> None:
    left = built(base, "left", np.random.default_rng(3))
    right = built(base, "right", np.random.default_rng(3))
    flipped = solve(left)[:, list(MIRROR)] * np.array([-1, 1, 1])
    np.testing.assert_allclose(solve(right), flipped, atol=1e-5)
    assert mirrored(mirrored(left)) == left


@pytest.mark.parametrize("modifier", MODIFIERS, ids=lambda modifier: modifier.name)
def test_a_modifier_does_what_it_says_to_someone_standing(modifier: Modifier) -> None:
    for seed in range(8):
        example = compose("standing", STANDING, [modifier], np.random.default_rng(seed), 4)
        side = example.modifiers[0].partition(":")[2]
        wanted = modifier.predicates if side == "left" else tuple(map(swap_sides, modifier.predicates))
        assert set(wanted) <= set(example.predicates), f"seed {seed}: {example.caption}"
        other = "right" if side == "left" else "left"
        named = any("{side}" in template for template in modifier.phrasings)
        if named and "{other}" not in "".join(modifier.phrasings):
            assert side in example.caption.lower()
            assert f" {other} " not in f"{example.caption.lower()} "


def test_a_locked_part_stays_put() -> None:
    handstand = next(base for base in GROUPS["gymnastics"] if base.name == "handstand")
    raised = next(modifier for modifier in MODIFIERS if modifier.name == "hands_on_hips")
    example = compose("gymnastics", handstand, [raised], np.random.default_rng(0), 4)
    assert "hand_on_hip:both" not in example.predicates
    assert "hand_on_floor:both" in example.predicates


def test_examples_come_from_the_seed_alone() -> None:
    first, again = draw_many(40, seed=5), draw_many(40, seed=5)
    other = draw_many(40, seed=6)
    assert [example.caption for example in first] == [example.caption for example in again]
    assert all(np.array_equal(one.motion, two.motion) for one, two in zip(first, again, strict=True))
    assert [example.caption for example in first] != [example.caption for example in other]
    assert all(example.motion.shape == (16, 22, 3) for example in first)


def test_every_example_is_a_possible_body() -> None:
    for number in range(300):
        example = draw(np.random.default_rng(number), frames=4)
        np.testing.assert_allclose(bone_lengths(example.motion), np.broadcast_to(BONE_LENGTHS, (4, 22)), atol=1e-5)
        assert example.motion[..., 1].min() >= -0.01, example.caption
        np.testing.assert_allclose(example.motion[0, 0, [0, 2]], 0, atol=1e-6)
        view = View(example.motion[2])
        assert all(holds(name, view) for name in example.predicates)


def test_planted_feet_do_not_slide() -> None:
    motion = solve(held(Controls(), 40, np.random.default_rng(1)), 40)
    feet = motion[:, [7, 8, 10, 11]] - motion[:1, [7, 8, 10, 11]]
    assert np.abs(feet).max() < 1e-5
    assert np.abs(motion[:, 20] - motion[0, 20]).max() > 1e-3


def test_the_second_side_of_a_template_is_at_times_the_other() -> None:
    rng = np.random.default_rng(0)
    said = {the_other("standing on the {other} leg with the {side} foot on the {other} knee", rng) for _ in range(40)}
    assert said == {
        "standing on the {other} leg with the {side} foot on the {other} knee",
        "standing on the {other} leg with the other foot on the {other} knee",
    }
    assert the_other("kneeling on the {side} knee", rng) == "kneeling on the {side} knee"
    assert first_as_one("with the {side} foot on the {other} knee") == "with one foot on the {other} knee"
    assert first_as_one("kneeling on the {side} knee") == "kneeling on the {side} knee"


def test_a_balance_names_the_leg_that_carries_it() -> None:
    rng = np.random.default_rng(0)
    said = {one_named("in tree pose", leg_named("in tree pose", "{other}"), rng) for _ in range(400)}
    assert "in tree pose lifting the {side} leg" in said
    assert {"in tree pose", "in tree pose on the {other} leg"} < said
    assert leg_named("standing on one leg like a tree", "{other}") == []
    balances = [base for poses in GROUPS.values() for base in poses if "balance" in base.tags]
    assert len(balances) > 10
    for base in balances:
        assert len({"stands_on:left", "stands_on:right"} & set(base.predicates)) == 1, base.name


def test_what_is_done_with_one_hand_may_name_it() -> None:
    assert "brushing the teeth with the {side} hand" in hand_named("brushing the teeth")
    assert hand_named("giving a thumbs up") == hand_named("saluting with one hand") == []
    assert hand_named("waving to the {side}") == []
    poses = {base.name: base for group in GROUPS.values() for base in group}
    for name, with_one in (("brush_teeth", True), ("wave", True), ("clap", False), ("stand_still", False)):
        assert poses[name].one_handed == with_one, name


def test_a_hand_that_carries_the_body_is_not_said_to_do_it() -> None:
    poses = {base.name: (group, base) for group, bases in GROUPS.items() for base in bases}
    assert poses["bird_dog"][1].one_handed
    assert limb_named(*poses["bird_dog"], "doing a bird dog") == []
    assert "waving using the {side} hand" in limb_named(*poses["wave"], "waving")


def test_two_arms_do_two_things() -> None:
    base = next(each for each in GROUPS["standing"] if each.name == "stand_still")
    chosen = [each for each in MODIFIERS if each.name in ("arm_raised", "hand_on_hip")]
    drawn = [compose("standing", base, chosen, np.random.default_rng(seed), 4) for seed in range(40)]
    for example in drawn:
        (first, side), (second, other_side) = (name.split(":") for name in example.modifiers)
        assert side != other_side
        assert {f"{first}:{side}", f"{second}:{other_side}"} <= set(example.predicates), example.caption
    assert 2 < sum("the other" in example.caption for example in drawn) < 20


def test_a_role_is_said_of_the_side_that_has_it() -> None:
    for group, poses in GROUPS.items():
        for base in poses:
            for words in {told(base, {"arms", "legs"}, np.random.default_rng(seed)) for seed in range(12)} - {""}:
                assert re.match(r"with (the |\{his\} )?\{(side|other)\} [a-z]", words), f"{group}.{base.name}: {words}"
    poses = {base.name: base for bases in GROUPS.values() for base in bases}
    lunge = {told(poses["low_lunge"], {"legs"}, np.random.default_rng(seed)) for seed in range(200)}
    assert any("{side} foot in front" in words for words in lunge)
    assert any("{other} knee on the floor" in words for words in lunge)
    assert not any("{other} foot in front" in words or "{side} knee on the floor" in words for words in lunge)
    assert told(poses["low_lunge"], {"arms"}, np.random.default_rng(0)) == ""
    assert told(poses["stand_still"], {"arms", "legs"}, np.random.default_rng(0)) == ""


def test_every_role_is_shown_by_some_base_pose() -> None:
    bodies = [View(_pose(base, "left", 0)[2]) for poses in GROUPS.values() for base in poses]
    for role in ROLES:
        assert any(role.shows(view, side) for view in bodies for side in ("left", "right")), role.does
        assert not any(role.shows(view, "left") and role.shows(view, "right") for view in bodies), role.does


def test_what_a_base_pose_needs_is_mostly_left_alone() -> None:
    poses = {base.name: (group, base) for group, bases in GROUPS.items() for base in bases}
    assert poses["wave"][1].busy == {"left_arm"}
    assert poses["clap"][1].busy == {"left_arm", "right_arm"}
    assert poses["stand_still"][1].busy == set()
    named = {each.name: each for each in MODIFIERS}

    def kept(name: str, modifier: str, *, natural: bool) -> tuple[int, int]:
        group, base = poses[name]
        drawn = [
            compose(group, base, [named[modifier]], np.random.default_rng(seed), 4, natural=natural)
            for seed in range(60)
        ]
        whole = sum(set(expected(base, each.side)) <= set(each.predicates) for each in drawn)
        return whole, sum(bool(each.modifiers) for each in drawn)

    assert kept("dribble", "arm_back", natural=False)[0] < 38
    whole, said = kept("dribble", "arm_back", natural=True)
    assert whole > 42
    assert said == 60, "the free arm takes it"
    assert 5 < kept("clap", "arms_raised", natural=True)[1] < 40
    assert kept("clap", "arms_raised", natural=False)[1] == 60
