"""Base poses: the decorator that declares them, and what their predicates say about their limbs."""

from __future__ import annotations

import numpy as np
import pytest

from posepipe.errors import ConfigError
from training.controls import Controls
from training.grammar import base as base_module
from training.grammar.base import ARMS, HEAD, LEGS, NOTHING, TRUNK, BasePose, declared, pose, uniform


def _stand(rng: np.random.Generator) -> Controls:
    return Controls()


@pytest.fixture(autouse=True)
def nothing_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the poses of these tests out of the grammar."""
    monkeypatch.setattr(base_module, "_DECLARED", {})


def test_a_decorated_builder_becomes_a_pose_of_its_group() -> None:
    build = pose("first", group="tried", predicates=("standing",), locks=LEGS | {"trunk"}, right=1.0)(_stand)
    pose("second", group="tried", weight=2.0)(_stand)
    assert build is _stand
    assert declared("tried") == (
        BasePose("first", _stand, ("standing",), LEGS | TRUNK, right=1.0),
        BasePose("second", _stand, weight=2.0),
    )
    assert declared("other") == ()


def test_a_name_can_be_used_once_in_all_groups() -> None:
    pose("taken", group="one")(_stand)
    with pytest.raises(ConfigError, match="pose 'taken' in group 'two': the name is taken"):
        pose("taken", group="two")


@pytest.mark.parametrize(
    ("parts", "tags", "unknown"), [({"left_leg", "nose"}, NOTHING, "nose"), (HEAD, {"flying"}, "flying")]
)
def test_an_unknown_part_or_tag_is_refused(parts: set[str], tags: set[str], unknown: str) -> None:
    with pytest.raises(ConfigError, match=f"unknown parts or tags: {unknown}"):
        pose("odd", group="tried", locks=parts, tags=tags)


@pytest.mark.parametrize(
    ("predicates", "locks", "busy"),
    [
        ((), NOTHING, set()),
        (("hand_on_hip:left",), NOTHING, {"left_arm"}),
        (("hand_on_hip:right",), NOTHING, {"right_arm"}),
        (("arm_up:both", "standing"), NOTHING, ARMS),
        (("arm_down:both",), NOTHING, set()),
        (("leg_forward:left", "elbow_near_knee:left"), HEAD, {"head", "left_arm"}),
    ],
)
def test_a_pose_needs_its_locks_and_the_arms_of_its_predicates(
    predicates: tuple[str, ...], locks: frozenset[str], busy: set[str]
) -> None:
    assert BasePose("tried", _stand, predicates, locks).busy == busy


@pytest.mark.parametrize(
    ("predicates", "one_handed"),
    [
        (("hand_on_hip:left", "not hand_on_hip:right"), True),
        (("hand_on_hip:left",), False),
        (("hand_on_hip:left", "not hand_at_face:right"), False),
        (("hand_on_hip:both",), False),
    ],
)
def test_one_handed(predicates: tuple[str, ...], one_handed: bool) -> None:
    assert BasePose("tried", _stand, predicates).one_handed == one_handed


def test_uniform_stays_between_its_bounds() -> None:
    drawn = [uniform(np.random.default_rng(seed), -3, 5) for seed in range(200)]
    assert -3 <= min(drawn) < -2
    assert 4 < max(drawn) < 5
