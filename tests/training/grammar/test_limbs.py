"""Limbs, targets and directions as modifiers: any posture, either side, and only what a body can do."""

from __future__ import annotations

import re

import numpy as np
import pytest

from posepipe.skeleton import BONE_LENGTHS, bone_lengths
from training.controls import SIDES, Controls, mirrored
from training.grammar import limbs, stances
from training.grammar.base import BasePose
from training.grammar.compose import Draft, draft, drawn_modifiers, expected
from training.grammar.geometry import PoseGeometry
from training.grammar.modifiers import MODIFIERS, Modifier, for_side
from training.grammar.poses import GROUPS
from training.grammar.predicates import holds
from training.kinematics import solve, solve_body
from training.reach import missed, overlaps

POSES = {base.name: (group, base) for group, bases in GROUPS.items() for base in bases}
POSTURES = (
    "stand_still", "feet_together", "shoulder_width", "step_stance", "half_squat", "lean_to", "wide", "weight_on",
    "on_chair", "edge_of_bench", "bar_stool", "floor_any", "cross_legged", "on_floor_legs_out", "floor_knees_up",
    "kneel", "kneel_on_one", "squat", "supine", "prone",
)  # fmt: skip
_TRIED = 6
"""Postures tried with each modifier; all of them have turns."""

_ELSEWHERE = {"facing", "intensity"}
DESCRIBED = [modifier for modifier in MODIFIERS if modifier.kind not in _ELSEWHERE]


def _drafts(modifier: Modifier) -> list[Draft]:
    out = []
    start = DESCRIBED.index(modifier)
    for number in range(_TRIED):
        name = POSTURES[(start + number * 3) % len(POSTURES)]
        drafted = draft(*POSES[name], [modifier], np.random.default_rng(number), 4, natural=True)
        if drafted.modifiers and drafted.is_possible():
            out.append(drafted)
    return out


@pytest.mark.parametrize("modifier", DESCRIBED, ids=lambda modifier: modifier.name)
def test_a_modifier_does_what_it_says_in_several_postures(modifier: Modifier) -> None:
    drafts = _drafts(modifier)
    assert drafts, "no posture allows it"
    for drafted in drafts:
        side = drafted.modifiers[0].partition(":")[2]
        other = "right" if side == "left" else "left"
        example = drafted.solved()
        pose = PoseGeometry(example.motion[2])
        assert all(holds(name, pose) for name in drafted.needed), example.caption
        reached = missed(solve_body(drafted.controls, 1), [s for s in SIDES if f"{s}_arm" in drafted.moved])
        assert max((float(miss[0]) for miss in reached.values()), default=0.0) < 0.04, example.caption
        np.testing.assert_allclose(bone_lengths(example.motion), np.broadcast_to(BONE_LENGTHS, (4, 22)), atol=1e-5)
        assert -0.01 <= example.motion[..., 1].min() < 0.03, example.caption
        if any("{side}" in thing + state for thing, state in modifier.clauses):
            said = example.caption.lower().replace(f"the {other} shoulder", "")
            assert re.search(rf"\b({side}|other)\b", said), example.caption
            if not any("{other}" in text for text in modifier.phrasings):
                base = POSES[drafted.base][1]
                named = any("{side}" in text or "{other}" in text for text in base.phrasings)
                assert named or not re.search(rf"\b{other}\b", said), example.caption


def test_modifiers_of_a_caption_move_different_parts_and_spare_those_that_the_base_pose_needs() -> None:
    counts = []
    for number in range(400):
        rng = np.random.default_rng(number)
        group, base = list(POSES.values())[int(rng.integers(len(POSES)))]
        chosen = drawn_modifiers(rng, base)
        drafted = draft(group, base, chosen, rng, 4, natural=True)
        counts.append(len(drafted.modifiers))
        assert len(drafted.modifiers) == len(chosen)
        used = set(for_side(base.busy, drafted.side))
        for name in drafted.modifiers:
            found, _, side = name.partition(":")
            modifier = next(each for each in chosen if each.name == found)
            if modifier.kind not in _ELSEWHERE:
                parts = for_side(modifier.moves, "left" if side == "left" else "right")
                assert not parts & used, drafted.caption
                used |= parts
    assert {0, 1, 2, 3, 4} <= set(counts)


def test_a_possible_body_keeps_what_the_base_pose_needs_and_reaches_its_targets() -> None:
    for number in range(60):
        rng = np.random.default_rng((5, number))
        group, base = list(POSES.values())[int(rng.integers(len(POSES)))]
        drafted = draft(group, base, drawn_modifiers(rng, base, 2), rng, 4, natural=True)
        if drafted.modifiers and drafted.is_possible():
            pose = PoseGeometry(drafted.solved().motion[2])
            untouched = [name for name in expected(base, drafted.side) if name in drafted.needed]
            assert all(holds(name, pose) for name in untouched), drafted.caption


def test_a_target_out_of_reach_is_not_possible() -> None:
    on_foot = next(each for each in MODIFIERS if each.name == "hands_on_feet")
    drafted = draft(*POSES["supine"], [on_foot], np.random.default_rng(0), 4)
    assert not drafted.is_possible()


def test_a_trunk_leans_as_far_as_a_hand_needs() -> None:
    def pitch(name: str) -> float:
        modifier = next(each for each in MODIFIERS if each.name == name)
        bodies = [draft(*POSES["stand_still"], [modifier], np.random.default_rng(seed), 4) for seed in range(6)]
        return float(np.mean([np.mean(each.controls.pitch) for each in bodies]))

    assert pitch("hand_on_belly") < 5
    assert 8 < pitch("hand_on_knee") < pitch("hand_on_ankle")


@pytest.mark.parametrize("lean", ["bend_over", "side_bend", "lean_forward"])
def test_loose_arms_hang_by_gravity_in_a_bent_trunk(lean: str) -> None:
    modifier = next(each for each in MODIFIERS if each.name == lean)
    for seed in range(6):
        drafted = draft(*POSES["stand_still"], [modifier], np.random.default_rng(seed), 4)
        pose = PoseGeometry(solve(drafted.controls)[0])
        low = pose["left_wrist"] - pose["left_shoulder"], pose["right_wrist"] - pose["right_shoulder"]
        steepest = max(-float(way[1]) / float(np.linalg.norm(way)) for way in low)
        assert steepest > 0.9, f"seed {seed}"


def test_an_arm_that_a_pose_needs_does_not_hang() -> None:
    bent = next(each for each in MODIFIERS if each.name == "bend_over")
    waving: BasePose = POSES["wave"][1]
    drafted = draft("gestures", waving, [bent], np.random.default_rng(1), 4, side="left")
    assert not limbs.loose(drafted.controls.left_arm)


def test_the_mirror_image_of_a_change_is_the_change_of_the_other_side() -> None:
    for change in (stances.leg_stretched_side, stances.foot_on_knee, limbs.arm_across, stances.side_bend):
        one = Controls()
        change(one, np.random.default_rng(3))
        image = mirrored(one)
        assert mirrored(image) == one
        flipped = solve(image)[0] * np.array([-1.0, 1.0, 1.0])
        np.testing.assert_allclose(np.sort(flipped[:, 0]), np.sort(solve(one)[0][:, 0]), atol=1e-5)


def test_overlaps_are_zero_apart_and_deep_for_a_hand_in_the_belly() -> None:
    controls = Controls()
    assert overlaps(solve(controls))[0] == 0
    controls.left_arm.angles(elevation=20, azimuth=-20, elbow=110, rotation=-95)
    controls.left_arm.to(limbs.at.BELLY.moved(z=-0.16))
    assert overlaps(solve(controls))[0] > 0.04
