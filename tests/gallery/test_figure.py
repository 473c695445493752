"""The body of the 3D view: tables and numbers from which the page draws what the picture shows."""

from __future__ import annotations

import json

import numpy as np
from fake_model import STANDING

from posepipe.gallery import figure
from posepipe.picture import anatomy


def test_the_numbers_of_a_pose_give_its_frames_and_size() -> None:
    joints = STANDING * np.float32(1.25)
    numbers = figure.flesh(joints)
    assert len(numbers) == figure.NUMBERS
    body = anatomy.body_of(joints.astype(np.float64))
    axes = (numbers[:-1] / figure.tables()["units"]).reshape(-1, 2, 3)
    assert np.allclose(axes, body.frames[1:, :2], atol=5e-4)
    assert np.allclose(np.cross(axes[:, 0], axes[:, 1]), body.frames[1:, 2], atol=2e-3), "the third is their product"
    assert abs(numbers[-1] / 1000 - body.size) < 5e-4


def test_the_tables_place_the_ellipsoids_where_the_picture_has_them() -> None:
    tables = json.loads(json.dumps(figure.tables()))
    body = anatomy.body_of(STANDING.astype(np.float64))
    balls = [ball for part in tables["parts"] for ball in part["balls"]]
    assert len(balls) == len(body.centres)
    for ball, centre in zip(balls, body.centres, strict=True):
        place = sum(weight * STANDING[joint].astype(np.float64) for joint, weight in ball["joints"])
        place = place + body.size * (np.array(ball["offset"]) @ body.frames[ball["frame"]])
        assert np.allclose(place, centre, atol=1e-6)
    assert {part["material"] for part in tables["parts"]} >= {"trunk", "head", "right_leg", "left_arm"}
