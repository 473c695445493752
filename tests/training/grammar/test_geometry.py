"""Measurements of a pose, on controls whose angles and heights are known."""

from __future__ import annotations

import numpy as np
import pytest

from training.controls import SIDES, Controls
from training.grammar.geometry import PoseGeometry, bend, distance, sign, unit
from training.kinematics import solve


def _geometry(controls: Controls) -> PoseGeometry:
    return PoseGeometry(solve(controls)[0])


def test_axes_are_orthonormal_and_right_handed() -> None:
    controls = Controls(flex=20, bend=10, twist=-25, turn=15, heading=70)
    pose = _geometry(controls)
    for axes in (pose.chest, pose.pelvis, pose.heading):
        np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-6)
        assert np.linalg.det(axes) == pytest.approx(1)


def test_the_heading_turns_to_the_left() -> None:
    forward = _geometry(Controls(heading=90)).heading[2]
    np.testing.assert_allclose(forward, [1, 0, 0], atol=1e-6)


@pytest.mark.parametrize("angle", [0.0, 30.0, 90.0, 140.0])
def test_bent_elbows_and_knees_are_measured_in_degrees(angle: float) -> None:
    controls = Controls()
    controls.both_arms(elevation=40, azimuth=20, elbow=angle)
    controls.left_leg.angles(flexion=60, knee=angle)
    pose = _geometry(controls)
    assert [pose.elbow(side) for side in SIDES] == pytest.approx([angle, angle], abs=0.1)
    assert pose.knee("left") == pytest.approx(angle, abs=0.1)


@pytest.mark.parametrize(
    ("elevation", "azimuth", "direction"),
    [(90, 90, (1, 0, 0)), (90, 0, (0, 0, 1)), (0, 0, (0, -1, 0)), (180, 0, (0, 1, 0))],
)
def test_an_arm_has_the_same_direction_on_both_sides(
    elevation: float, azimuth: float, direction: tuple[float, float, float]
) -> None:
    controls = Controls(flex=0)
    controls.both_arms(elevation=elevation, azimuth=azimuth, elbow=0)
    pose = _geometry(controls)
    for side in SIDES:
        np.testing.assert_allclose(pose.arm(side), direction, atol=0.16)


def test_a_seat_has_the_height_that_was_asked_for() -> None:
    controls = Controls(support="seat", height=0.47)
    controls.both_feet(x=0.1, z=0.45)
    pose = _geometry(controls)
    assert pose.hip_height() == pytest.approx(0.47, abs=1e-5)
    assert max(pose.foot_height(side) for side in SIDES) < 0.06


def test_points_and_vectors() -> None:
    assert distance(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 5.5])) == pytest.approx(2.5)
    np.testing.assert_allclose(unit(np.array([0.0, 3.0, 4.0])), [0, 0.6, 0.8])
    assert bend(np.zeros(3), np.array([0.0, 1.0, 0.0]), np.array([1.0, 1.0, 0.0])) == pytest.approx(90)
    assert (sign("left"), sign("right")) == (1, -1)
