"""Targets for hands."""

from __future__ import annotations

import pytest

from training.landmarks import CHIN, FLOOR_BELOW, in_front, on_floor


def test_a_moved_target_on_the_ground_stays_on_the_ground() -> None:
    assert CHIN.moved(x=0.1, y=0.2).offset == pytest.approx((0.13, 0.13, 0.12))
    assert FLOOR_BELOW.moved(y=0.2, z=0.1).offset == pytest.approx((0.03, 0.0, 0.15))


def test_points_in_front_of_the_shoulder_and_on_the_ground() -> None:
    assert in_front(x=0.1, y=-0.2, z=0.4).offset == (0.1, -0.2, 0.4)
    target = on_floor(x=0.2, z=0.3)
    assert (target.origin, target.offset, target.on_ground) == ("ground", (0.2, 0.0, 0.3), True)
