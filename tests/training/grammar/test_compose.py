"""Examples composed of base poses and modifiers."""

from __future__ import annotations

import numpy as np

from posepipe.skeleton import BONE_LENGTHS, bone_lengths
from training.grammar.compose import compose, expected, limb_named
from training.grammar.geometry import PoseGeometry
from training.grammar.modifiers import MODIFIERS
from training.grammar.poses import GROUPS
from training.grammar.predicates import holds
from training.split import draw


def test_every_example_is_a_possible_body() -> None:
    for number in range(300):
        example = draw(np.random.default_rng(number), frames=4)
        np.testing.assert_allclose(bone_lengths(example.motion), np.broadcast_to(BONE_LENGTHS, (4, 22)), atol=1e-5)
        assert example.motion[..., 1].min() >= -0.01, example.caption
        np.testing.assert_allclose(example.motion[0, 0, [0, 2]], 0, atol=1e-6)
        pose = PoseGeometry(example.motion[2])
        assert all(holds(name, pose) for name in example.predicates)


def test_a_hand_that_carries_the_body_is_not_named() -> None:
    poses = {base.name: (group, base) for group, bases in GROUPS.items() for base in bases}
    assert poses["bird_dog"][1].one_handed
    assert limb_named(*poses["bird_dog"], "doing a bird dog") == []
    assert "waving using the {side} hand" in limb_named(*poses["wave"], "waving")


def test_two_one_arm_modifiers_use_both_arms() -> None:
    base = next(each for each in GROUPS["standing"] if each.name == "stand_still")
    chosen = [each for each in MODIFIERS if each.name in ("arm_sideways", "hand_on_hip")]
    drawn = [compose("standing", base, chosen, np.random.default_rng(seed), 4) for seed in range(40)]
    for example in drawn:
        (first, side), (second, other_side) = (name.split(":") for name in example.modifiers)
        assert side != other_side
        assert (first, second) == ("arm_sideways", "hand_on_hip")
        wanted = {f"arm_points_out:{side}", f"hand_on_hip:{other_side}"}
        assert wanted <= set(example.predicates), example.caption
    assert 2 < sum("the other" in example.caption for example in drawn) < 20


def test_modifiers_spare_the_parts_that_a_base_pose_needs() -> None:
    poses = {base.name: (group, base) for group, bases in GROUPS.items() for base in bases}
    assert poses["wave"][1].busy == {"left_arm"}
    assert poses["clap"][1].busy == {"left_arm", "right_arm"}
    assert poses["stand_still"][1].busy == set()
    named = {each.name: each for each in MODIFIERS}

    def kept(name: str, modifier: str) -> tuple[int, int]:
        group, base = poses[name]
        drawn = [
            compose(group, base, [named[modifier]], np.random.default_rng(seed), 4, natural=True) for seed in range(30)
        ]
        whole = sum(set(expected(base, each.side)) <= set(each.predicates) for each in drawn)
        return whole, sum(bool(each.modifiers) for each in drawn)

    whole, said = kept("dribble", "arm_back")
    assert (whole > 27, said) == (True, 30), "the free arm takes it"
    assert kept("clap", "arms_raised") == (30, 0)
