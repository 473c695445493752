"""Roles of the sides."""

from __future__ import annotations

import re

import numpy as np

from training.grammar.compose import built
from training.grammar.geometry import PoseGeometry
from training.grammar.poses import GROUPS
from training.grammar.roles import ROLES, told
from training.kinematics import solve


def test_a_role_is_told_for_the_side_that_has_it() -> None:
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


def test_every_role_occurs_in_some_base_pose() -> None:
    bodies = [
        PoseGeometry(solve(built(base, "left", np.random.default_rng(0)))[0])
        for poses in GROUPS.values()
        for base in poses
    ]
    for role in ROLES:
        assert any(role.shows(view, side) for view in bodies for side in ("left", "right")), role.does
        assert not any(role.shows(view, "left") and role.shows(view, "right") for view in bodies), role.does
