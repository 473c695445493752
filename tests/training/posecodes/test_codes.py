"""Each code, on a base pose whose name says that it holds and on one where it does not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from posepipe.models.sides import mirrored, swap_sides
from posepipe.skeleton import JOINT_NAMES
from training import landmarks as at
from training.controls import SIDES, Controls, Side
from training.grammar.compose import built
from training.grammar.geometry import PoseGeometry
from training.grammar.poses import GROUPS
from training.kinematics import solve
from training.posecodes import base, choosing
from training.posecodes.body import POSTURES
from training.posecodes.choosing import CODES, UNITS
from training.posecodes.measures import SIDED, WHOLE, Poses, claim_holds, is_claim

BASES = {pose.name: pose for poses in GROUPS.values() for pose in poses}

SHOWN = """
    arm_overhead:left backstroke  arm_beside_body:both lying_straight
    hand_on_knee:left sit_one_knee_up  hand_on_other_knee:left knee_hug  hand_on_ankle:both bow_pose
    hand_on_foot:both seated_fold  hand_on_shin:left head_to_knee  hand_on_other_shin:right hug_one_knee
    hand_on_shoulder:left shot_put  hand_on_other_shoulder:both hug_self  hand_on_hip:both hands_on_hips
    hand_on_head:both hands_on_head  hand_at_face:left drink  hand_behind_head:both hands_behind_head
    hand_beside_head:left phone_call  hand_on_chest:left hand_on_heart  hand_on_belly:both lying_hands_on_belly
    hand_on_lower_back:left sore_back  hand_on_other_elbow:right cross_arms  hand_on_floor:left side_plank
    elbow_on_knee:both sit_head_in_hands  elbow_on_floor:both forearm_plank
    foot_on_other_knee:left ankle_on_knee  foot_on_other_thigh:left lotus
    foot_at_other_shin:left pirouette  knee_to_chest:left hug_one_knee  knee_on_floor:left kneel_on_one
    heel_at_buttocks:both sit_on_heels  elbow_straight:left punch  elbow_slight:both at_ease
    elbow_half:left contrapposto  elbow_square:left mop  elbow_deep:left think  elbow_bent:left drink
    arm_sideways:left point_side  arm_forward:left point_forward  arm_up:left sit_raise_hand
    arm_up_aside:both arms_in_v  arm_up_forward:right dancer  arm_down_aside:both a_pose
    arm_down_forward:left shake_hands  arm_back:both arms_back  arm_hanging:left seated_twist
    upper_arm_level:left biceps_one  upper_arm_up:left point_up  elbow_above_shoulder:left scratch_head
    elbow_out:left biceps_one  elbow_back:left sprint  forearm_up:left oath  forearm_level:left check_watch
    forearm_down:left sprint  hand_above_head:left ballet_pose  hand_at_head_height:left knock
    hand_above_shoulder:left oath  hand_at_shoulder_height:left archery  hand_at_chest_height:left pull_rope
    hand_at_waist_height:both sit_typing  hand_below_hips:left side_bend  hand_below_knee:both grab_ankles
    hand_over_other:left ballet_pose  hand_under_other:left side_bend  hand_in_front_of_chest:left drum
    hand_in_front_of_belly:left guitar  hand_in_front:left phone_screen  hand_behind_back:both at_ease
    hand_behind_body:left jacket  hand_aside:left point_side  hand_across:left arm_across
    arms_crossed cross_arms  hands_together in_love  hands_close wash_face  hands_shoulder_width read_paper
    hands_far_apart t_pose  elbows_together hug_self  knee_straight:left bridge_leg  knee_slight:left bored
    knee_half:left en_garde  knee_square:left run  knee_deep:left tree  knee_bent:left sprint
    leg_forward:left leg_front  leg_ahead:left sit_leg_out  leg_back:left arabesque  leg_aside:left leg_side
    leg_up:both handstand  thigh_level:left warrior_two  thigh_up:left high_kick
    thigh_upright:left kneel_on_one  shin_level:left ankle_on_knee  shin_upright:left warrior_one
    shin_up:left prone_knee_bent  toes_out:left triangle  toes_in:left pigeon  heel_up:left tendu
    foot_in_air:left leg_side  foot_over_other:left sprint  knee_over_other:left march
    foot_ahead:left step_stance  foot_behind:left leg_behind  legs_crossed lotus  feet_together jump_rope
    feet_shoulder_width guard  feet_wide star  knees_together legs_crossed  knees_wide plie
    knees_shoulder_width ballet_second  leans_slightly bat  leans_forward sneak  bends_far forward_fold
    trunk_level bow_deep  leans_back lean_back_chair  upright stand_still  leans_aside:left side_bend
    twists:left turn_around  shoulder_over_other:left side_kick  back_rounded slouch  back_arched cobra
    hips_highest downward_dog  head_low headstand  head_down head_bowed  head_up trunk_look_up
    head_turned:left look_to_side  head_tilted:left trunk_tilt_head
""".split()  # noqa: SIM905
"""Units, each followed by a base pose that shows it; "left" is the side for which the pose is built."""

POSTURES_SHOWN = {
    "airborne": "star_jump", "upside_down": "handstand", "lying_on_back": "lying_hands_on_belly",
    "lying_on_front": "prone_head_on_arms", "lying_on_side": "sleep_side", "on_all_fours": "cow",
    "kneeling": "kneel_hands_on_hips", "kneeling_on": "kneel_on_one", "sitting_on_floor": "sit_butterfly",
    "sitting": "sit_typing", "squatting": "squat_hands_behind_head", "standing_on": "tree", "standing": "hands_on_hips",
}  # fmt: skip


def pose_of(name: str) -> NDArray[np.float32]:
    return solve(built(BASES[name], "left", np.random.default_rng(0)))[0]


def units_of(*joints: NDArray[np.float32]) -> list[set[str]]:
    """Return the units that hold for each pose."""
    names = np.array([f"{unit.code.name}:{unit.about}".removesuffix(":whole") for unit in UNITS])
    return [set(names[held]) for held in choosing.holding(Poses(np.stack(joints)))]


def resting(side: Side) -> NDArray[np.float32]:
    """A seated person with the left wrist placed on a thigh."""
    joints = pose_of("sit_typing").copy()
    hip, knee = (joints[JOINT_NAMES.index(f"{side}_{name}")] for name in ("hip", "knee"))
    joints[JOINT_NAMES.index("left_wrist")] = 0.4 * hip + 0.6 * knee + np.array([0.0, 0.08, 0.0])
    return joints


def standing_neck() -> NDArray[np.float32]:
    c = Controls()
    c.left_arm.to(at.NECK)
    return solve(c)[0]


def moved(joint: str, other: str) -> NDArray[np.float32]:
    """A pose of a seated person with one joint placed near another; no body could do it, but rules read joints."""
    joints = pose_of("sit_typing").copy()
    joints[JOINT_NAMES.index(joint)] = joints[JOINT_NAMES.index(other)] + np.array([0.02, 0.06, 0.0])
    return joints


DIFFERENT = ("stand_still", "prostrate")

BUILT: dict[str, Callable[[], NDArray[np.float32]]] = {
    "hand_at_neck:left": standing_neck,
    "hand_on_other_foot:left": lambda: moved("left_wrist", "right_foot"),
    "hand_on_thigh:left": lambda: resting("left"),
    "hand_on_other_ankle:left": lambda: moved("left_wrist", "right_ankle"),
    "elbow_on_other_knee:left": lambda: moved("left_elbow", "right_knee"),
    "hand_on_other_thigh:left": lambda: resting("right"),
}


def test_a_code_holds_where_the_pose_shows_it_and_its_mirror_image_for_the_other_side() -> None:
    wanted = [*SHOWN[::2], *BUILT]
    joints = [*map(pose_of, SHOWN[1::2]), *(build() for build in BUILT.values())]
    missing = [unit for unit, found in zip(wanted, units_of(*joints), strict=True) if unit not in found]
    assert not missing
    mirrors = zip(wanted, units_of(*map(mirrored, joints)), strict=True)
    assert not [unit for unit, found in mirrors if swap_sides(unit) not in found]


def test_a_code_does_not_hold_where_the_pose_does_not_show_it() -> None:
    """A person who stands still shows three codes, and one who lies prostrate does not show these."""
    still, low = ({unit.partition(":")[0] for unit in found} for found in units_of(*map(pose_of, DIFFERENT)))
    assert still == {"upright", "arm_hanging", "knee_straight"}
    assert not still & low


def test_every_code_has_a_pose() -> None:
    shown = {unit.partition(":")[0] for unit in (*SHOWN[::2], *BUILT)}
    assert shown == {code.name for code in CODES}
    assert len(shown) == len(CODES)


def test_each_posture_is_found() -> None:
    for posture, name in POSTURES_SHOWN.items():
        assert choosing.postures(Poses(pose_of(name)[None]))[0].posture.name == posture
    assert set(POSTURES_SHOWN) | {"other"} == {posture.name for posture in POSTURES}


def test_one_leg_and_one_knee_are_those_that_carry_the_body() -> None:
    for name, side in (("tree", "right"), ("kneel_on_one", "left")):
        poses = Poses(np.stack([pose_of(name), mirrored(pose_of(name))]))
        assert [found.side for found in choosing.postures(poses)] == [side, "left" if side == "right" else "right"]


def test_measures_and_words_of_all_codes_exist() -> None:
    for each in (*CODES, *POSTURES):
        for test in (*each.claims, *each.when):
            name, _, side = test.measure.partition(":")
            assert name in SIDED if side else name in WHOLE
            assert is_claim(test.claim("right"))
            assert test.low <= test.high
    names = {code.name for code in CODES}
    for code in CODES:
        assert set(code.implies) <= names, code.name
        assert code.kind in base.KINDS
        sided = any(":side" in test.measure or ":other" in test.measure for test in code.claims)
        assert sided == code.sided
        if not code.sided:
            assert not any("{side}" in text for said in code.said for text in (*said.one, *said.does))


def test_a_claim_is_looser_than_the_rule() -> None:
    test = base.Test("elbow_bend:side", 80, 100)
    assert test.claim("left") == "elbow_bend:left 70..110"
    assert base.Test("trunk_pitch", 82).claim("left") == "trunk_pitch 72.."
    joints = pose_of("t_pose")
    assert claim_holds("arm_out:left 0.8..", joints)
    assert not claim_holds("elbow_bend:left 70..110", joints)
    with pytest.raises(ValueError, match="is no claim"):
        claim_holds("elbow_bend left", joints)


def test_measures_agree_with_the_geometry_of_the_predicates() -> None:
    for name in ("tree", "hug_one_knee", "sprint", "triangle"):
        joints = pose_of(name)
        poses, geometry = Poses(joints[None]), PoseGeometry(joints)
        for side in SIDES:
            assert poses.value(f"elbow_bend:{side}")[0] == pytest.approx(geometry.elbow(side))
            assert poses.value(f"arm_out:{side}")[0] == pytest.approx(geometry.arm(side)[0])
            assert poses.value(f"wrist_over_head:{side}")[0] == pytest.approx(geometry.from_head(side)[1])
            assert poses.value(f"sole_height:{side}")[0] == pytest.approx(geometry.foot_height(side))
        assert poses.value("ankle_before_other:left")[0] == pytest.approx(geometry.stance()[2])
