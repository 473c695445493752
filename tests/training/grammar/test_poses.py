"""Base poses: possible bodies that satisfy their predicates, with phrasings of their own."""

from __future__ import annotations

import numpy as np
import pytest

from posepipe.skeleton import BONE_LENGTHS, MIRROR, bone_lengths
from training.controls import Side, mirrored
from training.grammar.base import PARTS, BasePose
from training.grammar.compose import built, expected
from training.grammar.geometry import PoseGeometry, bend
from training.grammar.modifiers import MODIFIERS
from training.grammar.poses import GROUPS
from training.grammar.predicates import holds, known
from training.grammar.templates import expanded
from training.kinematics import solve
from training.variation import held

BASES = [pytest.param(group, base, id=f"{group}.{base.name}") for group, poses in GROUPS.items() for base in poses]
SEEDS = range(10)


def _pose(base: BasePose, side: Side, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return solve(held(built(base, side, rng), 4, rng), 4)


@pytest.mark.parametrize(("group", "base"), BASES)
def test_a_base_pose_is_a_possible_body_and_satisfies_its_predicates(group: str, base: BasePose) -> None:
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
        view = PoseGeometry(motion[2])
        failed = [name for name in expected(base, side) if not holds(name, view)]
        assert not failed, f"seed {seed}, {side}: {failed}"
        for each in sides:
            assert view.elbow(each) < 156
            assert view.knee(each) < 160
            assert bend(view["pelvis"], view["spine2"], view["neck"]) < 95
            assert not _knee_bends_forward(view, each), f"seed {seed}: {each} knee"


def _knee_bends_forward(view: PoseGeometry, side: str) -> bool:
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
def test_a_base_pose_has_phrasings(group: str, base: BasePose) -> None:
    assert base.phrasings
    assert base.held_out, "a pose without held-out phrasing cannot be evaluated"
    assert base.locks <= PARTS
    assert all(known(name.removeprefix("not ")) for name in base.predicates)
    for template in base.phrasings + base.held_out:
        for words in expanded(template):
            assert not set("[]|") & set(words), template
            words.format(side="left", other="right", his="the")


def test_names_are_unique() -> None:
    names = [base.name for poses in GROUPS.values() for base in poses]
    assert len(set(names)) == len(names)


def test_no_held_out_wording_is_also_an_ordinary_one() -> None:
    sources = [base for poses in GROUPS.values() for base in poses] + list(MODIFIERS)
    trained = {_plain(words) for each in sources for template in each.phrasings for words in expanded(template)}
    held = {_plain(words) for each in sources for template in each.held_out for words in expanded(template)}
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
