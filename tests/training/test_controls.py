"""Controls: setting several fields, both limbs, and mirror images."""

from __future__ import annotations

import pytest

from training.controls import FEET_AND_WRISTS, Controls, mirrored, opposite
from training.landmarks import CHIN, HIP


def test_set_changes_the_named_fields_only() -> None:
    controls = Controls()
    controls.set(pitch=40, nod=-10, support="lowest", level=FEET_AND_WRISTS)
    assert controls == Controls(pitch=40, nod=-10, support="lowest", level=FEET_AND_WRISTS)


def test_set_refuses_a_field_that_does_not_exist() -> None:
    with pytest.raises(TypeError, match="no field 'knee'; it takes pitch"):
        Controls().set(knee=30)  # type: ignore[call-arg]


def test_angles_drop_the_target_of_an_arm() -> None:
    controls = Controls()
    controls.both_hands(HIP, pole=(1.0, 0.0, 0.0))
    assert controls.left_arm.reach == controls.right_arm.reach == HIP
    controls.left_arm.angles(elevation=90)
    assert controls.left_arm.reach is None
    assert controls.left_arm.pole is None
    assert controls.right_arm.reach == HIP


def test_planting_and_posing_a_leg() -> None:
    controls = Controls()
    controls.both_legs(flexion=30, knee=50)
    assert [leg.planted for leg in controls.legs] == [False, False]
    controls.both_feet(x=0.2, z=0.1, knee=20)
    assert [(leg.planted, leg.x, leg.z, leg.knee) for leg in controls.legs] == [(True, 0.2, 0.1, 20)] * 2


def test_the_mirror_image_exchanges_the_sides() -> None:
    controls = Controls(bend=10, turn_head=-30, weight=0.5, pitch=12, level=(("left_foot",), ("right_wrist",)))
    controls.left_arm.to(CHIN)
    image = mirrored(controls)
    assert (image.bend, image.turn_head, image.weight, image.pitch) == (-10, 30, -0.5, 12)
    assert image.level == (("right_foot",), ("left_wrist",))
    assert image.right_arm.reach == CHIN
    assert image.left_arm.reach is None
    assert mirrored(image) == controls


def test_opposite_sides() -> None:
    assert (opposite("left"), opposite("right")) == ("right", "left")
