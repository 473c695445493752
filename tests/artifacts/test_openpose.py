"""OpenPose's keypoints: the right joints at the right pixels, the JSON that OpenPose writes, the picture of limbs."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from fake_model import STANDING
from numpy.typing import NDArray
from PIL import Image

from posepipe.artifacts.openpose import KEYPOINTS, draw_openpose, encode_openpose, keypoints, read_openpose
from posepipe.errors import UnsoundArtifact
from posepipe.picture import camera, draw
from posepipe.skeleton import JOINT_NAMES

TURN = np.array([[0, 0, 1], [0, 1, 0], [-1, 0, 0]], dtype=np.float32)
"""A quarter turn about the vertical axis."""


def pixels(content: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("RGB"))


def test_joints_are_where_the_picture_shows_them() -> None:
    found = keypoints(STANDING)
    assert found.shape == (18, 3)
    places, _ = camera.view_of(STANDING.astype(np.float64)).project(STANDING.astype(np.float64))
    for name in ("right_shoulder", "left_wrist", "right_hip", "left_knee", "right_ankle"):
        assert np.allclose(found[KEYPOINTS.index(name), :2], places[JOINT_NAMES.index(name)])
    left, right = (places[JOINT_NAMES.index(f"{side}_shoulder")] for side in ("left", "right"))
    assert np.allclose(found[KEYPOINTS.index("neck"), :2], (left + right) / 2, atol=3), "up to the perspective"
    moved = STANDING + np.array([3, 0, -2], dtype=np.float32)
    assert np.allclose(keypoints(moved), found, atol=0.01), "the camera is aimed at the body"


def test_the_knee_is_drawn_in_the_picture_where_the_keypoint_is() -> None:
    x, y, _ = keypoints(STANDING)[KEYPOINTS.index("right_knee")].round().astype(int)
    red, green, blue = pixels(draw(STANDING, "x"))[y, x].tolist()
    assert red > max(green, blue) + 60, "the right leg is red"


def test_only_the_head_is_guessed() -> None:
    guessed = {name for name, point in zip(KEYPOINTS, keypoints(STANDING), strict=True) if point[2] == 0}
    assert guessed == {"nose", "left_eye", "right_eye", "left_ear", "right_ear"}
    found = dict(zip(KEYPOINTS, keypoints(STANDING), strict=True))
    assert found["nose"][1] < found["neck"][1], "above the shoulders"
    assert found["left_eye"][0] > found["right_eye"][0], "a person who faces the camera has the left eye to the right"
    assert found["nose"][0] < (found["left_ear"][0] + found["right_ear"][0]) / 2, "and looks to the left"


def test_the_json_is_that_of_openpose() -> None:
    fields = json.loads(encode_openpose(STANDING))
    assert (fields["version"], fields["canvas_width"], fields["canvas_height"]) == (1.3, 1200, 1200)
    [person] = fields["people"]
    assert len(person["pose_keypoints_2d"]) == 54
    assert {len(value) for name, value in person.items() if name.startswith(("face", "hand"))} == {0}
    assert np.allclose(read_openpose(encode_openpose(STANDING)), keypoints(STANDING), atol=0.0051)
    with Image.open(io.BytesIO(draw(STANDING, "x"))) as image:
        image.load()
        shown = {name: image.info[name] for name in ("view", "azimuth", "elevation")}
    view = fields["view"]
    assert shown == {"view": view["name"], "azimuth": f"{view['azimuth']:g}", "elevation": f"{view['elevation']:g}"}
    assert encode_openpose(STANDING) == encode_openpose(STANDING.copy())


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", "format"),
        (b"\xff", "format"),
        (b"[]", "format"),
        (b'{"people": []}', "format"),
        (b'{"people": [{"pose_keypoints_2d": ["x"]}]}', "format"),
        (b'{"people": [{"pose_keypoints_2d": [1, 2, 3]}]}', "shape"),
        (json.dumps({"people": [{"pose_keypoints_2d": [float("nan")] * 54}]}).encode(), "finite"),
    ],
    ids=["cut", "bytes", "list", "nobody", "text", "short", "nan"],
)
def test_other_json_is_refused(content: bytes, kind: str) -> None:
    with pytest.raises(UnsoundArtifact) as error:
        read_openpose(content)
    assert error.value.kind == kind


def test_the_picture_has_coloured_points_on_black() -> None:
    image = pixels(draw_openpose(STANDING))
    assert image.shape == (1200, 1200, 3)
    assert (image == 0).all(axis=2).mean() > 0.95
    colours = {"right_elbow": (255, 255, 0), "left_ankle": (85, 0, 255), "neck": (255, 85, 0)}
    found = keypoints(STANDING).round().astype(int)
    for name, colour in colours.items():
        x, y, _ = found[KEYPOINTS.index(name)]
        assert tuple(image[y, x]) == colour, name
    elbow, wrist = (found[KEYPOINTS.index(name), :2] for name in ("right_elbow", "right_wrist"))
    x, y = (elbow + wrist) // 2
    assert tuple(image[y, x]) == (153, 153, 0), "the limb has 0.6 of its colour"


def test_a_face_that_looks_away_is_not_drawn() -> None:
    def has(image: NDArray[np.uint8], colour: tuple[int, int, int]) -> bool:
        return bool((image == colour).all(axis=2).any())

    nose, right_ear, left_ear = (255, 0, 0), (255, 0, 170), (255, 0, 85)
    ahead, behind = pixels(draw_openpose(STANDING)), pixels(draw_openpose(STANDING @ TURN @ TURN))
    assert has(ahead, nose)
    assert not has(behind, nose)
    assert has(behind, right_ear)
    assert has(ahead, left_ear)


@pytest.mark.parametrize(
    "joints",
    [np.zeros((22, 3)), STANDING * 0.001, STANDING * 50, STANDING[:, [1, 0, 2]], STANDING * (1, -1, 1)],
    ids=["a point", "tiny", "huge", "lying", "upside down"],
)
def test_odd_poses_give_finite_points_in_the_picture(joints: NDArray[np.float32]) -> None:
    found = keypoints(joints.astype(np.float32))
    assert np.isfinite(found).all()
    assert ((found[:, :2] > -100) & (found[:, :2] < 1300)).all()
    draw_openpose(joints.astype(np.float32))
