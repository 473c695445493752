"""Measures of a pose, and the flags that follow from them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from fake_model import STANDING

from posepipe.artifacts.measures import flags, sanity
from posepipe.skeleton import bone_lengths


def test_sanity_measures() -> None:
    plain = sanity(STANDING, None)
    assert plain["bone_error"] < 1e-5
    assert plain["lowest_y"] == pytest.approx(0.01)
    assert plain["height"] == pytest.approx(1.56)
    reference = bone_lengths(STANDING)
    assert sanity(STANDING, reference.tobytes())["bone_error"] < 1e-5
    longer = STANDING.copy()
    longer[4, 1] += 0.1
    assert sanity(longer, None)["bone_error"] > 0.02
    assert sanity(longer, reference.tobytes())["bone_error"] > 0.02


def test_height_and_lowest_point_are_those_of_all_joints() -> None:
    joints = np.zeros((22, 3), np.float32)
    joints[:, 1] = np.linspace(1.5, -0.25, 22)
    measures = sanity(joints, None)
    assert measures["lowest_y"] == pytest.approx(-0.25)
    assert measures["height"] == pytest.approx(1.75)
    assert [type(value) for value in measures.values()] == [float] * 3


def test_the_bone_error_is_relative_to_the_model_or_to_both_sides() -> None:
    lengths = bone_lengths(STANDING)
    longer = STANDING.copy()
    longer[20] = longer[18] + 2 * (longer[20] - longer[18])  # the left forearm
    assert sanity(longer, lengths.tobytes())["bone_error"] == pytest.approx(1.0, abs=1e-5)
    assert sanity(longer, None)["bone_error"] == pytest.approx(1 / 1.5, abs=1e-5)
    shorter = STANDING.copy()
    shorter[20] = shorter[18] + 0.5 * (shorter[20] - shorter[18])
    assert sanity(shorter, lengths.tobytes())["bone_error"] == pytest.approx(0.5, abs=1e-5)
    assert sanity(shorter, None)["bone_error"] == pytest.approx(0.5 / 0.75, abs=1e-5)


def test_bones_without_length_are_equal() -> None:
    assert sanity(np.zeros((22, 3), np.float32), None)["bone_error"] == 0.0
    tiny = np.zeros((22, 3), np.float32)
    tiny[21, 0] = 1e-7  # one wrist beside its elbow
    assert sanity(tiny, None)["bone_error"] == pytest.approx(0.1, rel=1e-3)


def crossed() -> np.ndarray:
    """A standing person with one leg through the other."""
    joints = STANDING.copy()
    joints[[7, 8], 0] = joints[[8, 7], 0]
    return joints


@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_parts_through_each_other_are_a_collision(scale: float) -> None:
    row = {"bone_error": 0.0, "lowest_y": 0.0}
    assert flags(row, scale * crossed(), unsure=False) == "collision"
    assert flags(row, scale * STANDING, unsure=True) == "unsure"


@pytest.mark.parametrize(
    ("bone_error", "lowest_y", "found"),
    [
        (0.02, 0.0, ""),
        (0.0201, 0.0, "bones"),
        (0.0, -0.03, ""),
        (0.0, -0.0301, "below_floor"),
        (0.0, 0.10, ""),
        (0.0, 0.1001, "off_floor"),
        (1.0, 1.0, "bones,off_floor"),
    ],
)
def test_flags_begin_above_their_limits(bone_error: float, lowest_y: float, found: str) -> None:
    row = {"bone_error": bone_error, "lowest_y": lowest_y}
    assert flags(row, STANDING, unsure=False) == found
    assert flags(row, STANDING, unsure=True) == ",".join(filter(None, [found, "unsure"]))


def test_flags_have_one_order() -> None:
    order = ["bones", "below_floor", "off_floor", "collision", "unsure"]
    for error, lowest, joints, unsure in product((0.0, 1.0), (-1.0, 0.0, 1.0), (STANDING, crossed()), (False, True)):
        found = flags({"bone_error": error, "lowest_y": lowest}, joints, unsure=unsure).split(",")
        assert found == [name for name in order if name in found] or found == [""]
