"""posepipe.picture, style ``mannequin``: limbs, face, trunk, occlusion, framing, and the view."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from posed import JOINT, SPREAD, Pose, pixels_of, pose

from posepipe.errors import PoseError
from posepipe.picture import STYLES, Drawing, anatomy, camera, draw, figure, keypoints, mannequin, palette

TOLD = np.load(Path(__file__).parent.parent / "helpers" / "told_poses.npz")
POSES: dict[str, Pose] = dict(zip(TOLD["names"].tolist(), TOLD["joints"].astype(np.float64), strict=True))
"""Thirty poses that the bundled model made, by what they show."""


def materials(png: bytes) -> NDArray[np.uint8]:
    """Number of the material of each pixel outside the small views and the texts."""
    with Image.open(io.BytesIO(png)) as image:
        found = np.asarray(image) // palette.TONES
    found = np.where(np.asarray(image) % palette.TONES > 28, 0, found)
    found[:112] = 0
    found[112:200, :300] = 0
    found[1010:, :190] = found[1010:, 1010:] = 0
    return found


def place(png: bytes, material: str) -> tuple[float, float, int]:
    """Mean x and y, and number of the pixels of a material."""
    rows, columns = np.nonzero(materials(png) == palette.INDEX[material])
    return float(columns.mean()), float(rows.mean()), rows.size


def tones(png: bytes, material: str, low: int, high: int) -> int:
    """Number of pixels of a material from one tone to another."""
    with Image.open(io.BytesIO(png)) as image:
        pixels = np.asarray(image).astype(int)
    number = palette.INDEX[material]
    return int(((pixels >= number * 32 + low) & (pixels <= number * 32 + high))[112:1000].sum())


def gaze(joints: Pose) -> tuple[float, float]:
    """Degrees by which the head is turned to the left of the chest, and up."""
    frames = anatomy.frames_of(joints)
    left, up, front = frames[3] @ frames[4, 2]
    return float(np.degrees(np.arctan2(left, front))), float(np.degrees(np.arcsin(up)))


class TestHead:
    @pytest.mark.parametrize(
        ("name", "turned", "raised"),
        [
            ("standing", (-8, 8), (-8, 8)),
            ("looking left", (30, 70), (-15, 10)),
            ("looking right", (-70, -30), (-15, 10)),
            ("looking up", (-15, 15), (20, 50)),
            ("looking down", (-10, 10), (-60, -30)),
        ],
    )
    def test_direction(self, name: str, turned: tuple[float, float], raised: tuple[float, float]) -> None:
        turn, rise = gaze(POSES[name])
        assert turned[0] < turn < turned[1]
        assert raised[0] < rise < raised[1]

    def test_it_turns_with_the_body(self) -> None:
        turn = np.array([[0, 0, -1], [0, 1, 0], [1, 0, 0]])
        for joints in POSES.values():
            one, other = anatomy.frames_of(joints), anatomy.frames_of(joints @ turn)
            np.testing.assert_allclose(other[1:], one[1:] @ turn, atol=1e-9)

    def test_frames_are_rotations(self) -> None:
        for joints in (*POSES.values(), np.zeros((22, 3)), pose(head=(0, -1, 0))):
            frames = anatomy.frames_of(joints)
            np.testing.assert_allclose(frames @ frames.transpose(0, 2, 1), np.tile(np.eye(3), (9, 1, 1)), atol=1e-4)
            assert (np.linalg.det(frames) > 0.99).all()

    @pytest.mark.parametrize(("name", "side"), [("looking left", 1), ("looking right", -1)])
    def test_the_face_is_on_the_side_to_which_it_looks(self, name: str, side: int) -> None:
        """Seen from the front: skin is to that side of the hair."""
        png = draw(POSES[name], "", azimuth=0, elevation=0)
        with Image.open(io.BytesIO(png)) as image:
            pixels = np.asarray(image).astype(int)
        tone = pixels - palette.INDEX["head"] * 32
        _, skin = np.nonzero((tone[:330] >= 9) & (tone[:330] <= 20))
        _, hair = np.nonzero((tone[:330] >= 1) & (tone[:330] <= 5))
        assert side * (skin.mean() - hair.mean()) > 4

    def test_up_and_down_differ_in_the_hair(self) -> None:
        up, ahead, down = (
            tones(draw(POSES[name], "", azimuth=0, elevation=0), "head", 1, 5)
            for name in ("looking up", "standing", "looking down")
        )
        assert up < 0.7 * ahead < 0.5 * down


class TestTrunk:
    def test_front_and_back(self) -> None:
        """The light front is seen from the front, the dark seam from the back."""
        front, back = (draw(POSES["standing"], "", azimuth=turn, elevation=5) for turn in (0, 180))
        assert tones(front, "trunk", 23, 28) > 8000
        assert tones(back, "trunk", 23, 28) < 1000, "smooth edges only"
        assert tones(back, "trunk", 2, 5) > 1.5 * tones(front, "trunk", 2, 5)

    def test_prone_and_supine(self) -> None:
        supine, prone = (tones(draw(POSES[name], ""), "trunk", 22, 28) for name in ("on the back", "on the stomach"))
        assert supine > 5000 > 1000 > prone


class TestLimbs:
    def test_they_are_where_the_view_says(self) -> None:
        png = draw(SPREAD, "")
        found, view = materials(png), camera.view_of(SPREAD)
        for limb, ends in {
            "right_arm": ("right_elbow", "right_wrist"),
            "left_arm": ("left_elbow", "left_wrist"),
            "right_leg": ("right_knee", "right_ankle"),
            "left_leg": ("left_knee", "left_ankle"),
        }.items():
            middle = view.project((SPREAD[JOINT[ends[0]]] + SPREAD[JOINT[ends[1]]]) / 2)[0]
            x, y = np.rint(middle).astype(int)
            assert (found[y - 6 : y + 7, x - 6 : x + 7] == palette.INDEX[limb]).all(), limb

    def test_mirrored_poses_have_mirrored_colours(self) -> None:
        arm = place(draw(POSES["waving"], "", azimuth=0, elevation=0), "right_arm")
        assert arm[0] < 600, "the right arm is to the left of a person who faces the camera"

    @pytest.mark.parametrize(("depth", "limb"), [(0.6, "right_arm"), (-0.6, "trunk")])
    def test_what_is_nearer_hides_what_is_farther(self, depth: float, limb: str) -> None:
        """The right forearm across the trunk, before it and behind it."""
        crossing = pose(right_elbow=(0.4, -1, depth), right_wrist=(1, -0.05, 0.1))
        view = camera.view_of(crossing, 24, 14)
        found = materials(draw(crossing, "", azimuth=24, elevation=14))
        wrist, elbow = view.project(crossing[[JOINT["right_wrist"], JOINT["right_elbow"]]])[0]
        spine = view.project(crossing[[JOINT["spine1"], JOINT["spine3"]]])[0]
        share = np.linalg.solve(np.column_stack((wrist - elbow, spine[0] - spine[1])), spine[0] - elbow)[0]
        x, y = np.rint(elbow + share * (wrist - elbow)).astype(int)
        assert (found[y - 5 : y + 6, x - 5 : x + 6] == palette.INDEX[limb]).mean() > 0.8

    def test_a_halo_parts_limbs_that_cross(self) -> None:
        """White pixels between the arm in front and the trunk behind it."""
        png = draw(POSES["arms crossed"], "", azimuth=0, elevation=5)
        with Image.open(io.BytesIO(png)) as image:
            tone = np.asarray(image) % palette.TONES
        body = anatomy.body_of(POSES["arms crossed"])
        view = camera.aimed(body, 0, 5)
        x, y = np.rint(view.project(POSES["arms crossed"][JOINT["spine3"]])[0]).astype(int)
        assert (tone[y - 80 : y + 80, x - 60 : x + 60] == 31).sum() > 200


class TestView:
    def test_it_is_in_the_file(self) -> None:
        with Image.open(io.BytesIO(draw(POSES["on the back"], "x", seed=1))) as image:
            image.load()
            info = image.info
        view = camera.view_of(POSES["on the back"])
        assert (info["view"], float(info["azimuth"]), float(info["elevation"])) == (
            view.name,
            view.azimuth,
            view.elevation,
        )
        assert info["style"] == "mannequin"
        assert "above" in view.name

    def test_standing_poses_have_the_usual_one(self) -> None:
        for name in ("standing", "looking left", "looking up", "waving", "hand on the head", "arms crossed"):
            assert camera.view_of(POSES[name]).name == "front-left", name

    def test_lying_poses_are_not_seen_from_the_feet(self) -> None:
        for name in ("on the back", "on the stomach", "on the left side", "cobra", "push-up", "bridge"):
            view = camera.view_of(POSES[name])
            trunk = POSES[name][JOINT["neck"]] - POSES[name][0]
            assert abs(trunk @ view.axes[:, 2]) < 0.75 * np.linalg.norm(trunk), name

    def test_it_depends_neither_on_place_nor_on_size(self) -> None:
        for joints in POSES.values():
            view = camera.view_of(joints)
            assert camera.view_of(joints + np.array((7, 0, -3))).name == view.name
            assert camera.view_of(joints * 1.25).name == view.name

    def test_it_is_stable_under_small_noise(self) -> None:
        random = np.random.default_rng(0)
        same = [
            camera.view_of(joints + random.normal(scale=0.005, size=(22, 3))).name == camera.view_of(joints).name
            for joints in POSES.values()
            for _ in range(4)
        ]
        assert np.mean(same) > 0.85

    def test_angles_of_the_user(self) -> None:
        view = camera.view_of(POSES["standing"], azimuth=90)
        assert (view.name, view.azimuth, view.elevation) == ("custom", 90, camera.VIEWS["front-left"][1])
        assert draw(POSES["standing"], "", azimuth=90) != draw(POSES["standing"], "")


class TestFrame:
    @pytest.mark.parametrize("name", POSES)
    def test_the_body_fills_the_frame(self, name: str) -> None:
        body = anatomy.body_of(POSES[name])
        corners = np.concatenate([patch.corners for patch in figure.drawn(body, camera.aimed(body)).patches])
        low, high = corners.min(axis=0), corners.max(axis=0)
        left, top, right, bottom = camera.WINDOW
        assert (low > (left - 12, top - 12)).all()
        assert (high < (right + 12, bottom + 12)).all()
        share = float((high - low).prod()) / camera.SIZE**2
        slim = name in ("tiptoe", "handstand")  # as high as the frame, and narrow
        assert share > (0.14 if slim else 0.2)
        for corner in ((16, 1012), (1012, 1012)):
            inside = (corners > corner).all(axis=1) & (corners < np.array(corner) + 172).all(axis=1)
            assert not inside.any(), "the small views are free"

    @pytest.mark.parametrize("far", [5.0, 1e4, 1e30, -3e38])
    @pytest.mark.parametrize("axis", [0, 1, 2])
    def test_far_away_joints(self, far: float, axis: int) -> None:
        joints = pose()
        joints[JOINT["left_wrist"], axis] = far
        with Image.open(io.BytesIO(draw(joints, ""))) as image:
            assert image.size == (1200, 1200)

    @pytest.mark.parametrize("joints", [np.zeros((22, 3)), np.ones((22, 3)), SPREAD * 1e-6, SPREAD * (1, 0, 1)])
    def test_odd_poses(self, joints: Pose) -> None:
        for style in STYLES:
            assert draw(joints, "", style=style)


class TestStyles:
    @pytest.mark.parametrize("transparent", [False, True])
    def test_skeleton(self, transparent: bool) -> None:
        with Image.open(io.BytesIO(draw(SPREAD, "x", style="skeleton", transparent=transparent))) as image:
            pixels = np.asarray(image.convert("RGBA"))
            assert image.mode == ("RGBA" if transparent else "RGB")
        assert (pixels[0, 0] == (0, 0, 0, 0 if transparent else 255)).all()
        body = anatomy.body_of(SPREAD)
        places, _ = keypoints.points_of(body, camera.aimed(body))
        x, y = np.rint(places[keypoints.KEYPOINTS.index("left_wrist")]).astype(int)
        assert tuple(pixels[y, x]) == (*keypoints.COLOURS[keypoints.KEYPOINTS.index("left_wrist")], 255)

    def test_transparent(self) -> None:
        with Image.open(io.BytesIO(draw(SPREAD, "", transparent=True))) as image:
            pixels = np.asarray(image.convert("RGBA"))
        assert (pixels[..., 3] == 0).mean() > 0.5
        solid = pixels[..., 3] == 255
        assert 0.05 < solid.mean() < 0.5
        assert not solid[1100:, :100].any(), "neither floor nor small views"

    @pytest.mark.parametrize("style", ["mannequin", "skeleton"])
    def test_svg(self, style: str) -> None:
        from xml.etree import ElementTree

        drawn = draw(SPREAD, "a < b & 走\x07", style=style, format="svg", model="m", seed=1)
        assert isinstance(drawn, Drawing)
        assert drawn._repr_svg_() == drawn
        root = ElementTree.fromstring(drawn)
        texts = "".join(root.itertext())
        assert "a < b & 走" in texts
        assert len(root.findall("{http://www.w3.org/2000/svg}polygon")) > 20

    @pytest.mark.parametrize(
        "options",
        [
            {"style": "cubist"},
            {"format": "pdf"},
            {"style": "diagram", "transparent": True},
            {"style": "diagram", "format": "svg"},
            {"style": "diagram", "azimuth": 3},
            {"style": "diagram", "elevation": 3},
            {"elevation": 91},
            {"azimuth": float("nan")},
        ],
    )
    def test_options_without_effect_are_refused(self, options: dict[str, object]) -> None:
        with pytest.raises(PoseError):
            draw(SPREAD, "", **options)  # type: ignore[call-overload]

    def test_one_picture_leaves_nothing_in_the_next(self) -> None:
        first = draw(POSES["standing"], "one")
        draw(POSES["on the back"], "another \N{GRINNING FACE}", model="m")
        draw(POSES["star jump"], "a third", transparent=True)
        assert draw(POSES["standing"], "one") == first

    def test_no_pixel_is_of_an_unused_colour(self) -> None:
        """The picture as RGB has the colours of the palette."""
        pixels = pixels_of(draw(SPREAD, "x")).reshape(-1, 3)
        known = {tuple(colour) for colour in palette.palette().tolist()}
        assert {tuple(colour) for colour in np.unique(pixels, axis=0).tolist()} <= known


def test_a_light_patch_that_is_not_convex_is_filled() -> None:
    """The light of a trunk between two bulges; `cv2.fillConvexPoly` left 109 pixels of it dark."""
    lower = [(694, 408), (693, 420), (690, 424), (686, 429), (678, 434), (671, 436), (598, 424), (574, 429), (565, 424)]
    upper = [(570, 408), (564, 396), (565, 387), (571, 378), (584, 369), (602, 364), (679, 384), (690, 393)]
    corners = np.array(lower + upper, dtype=np.float64)
    value, material = np.zeros((1200, 1200), np.uint8), np.zeros((1200, 1200), np.uint8)
    patch = figure.Patch(corners, 1, figure.LIGHT, figure.FLAT)
    mannequin._figure(value, material, [patch], mannequin._fixed(corners))
    x, y = corners.T
    area = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
    assert abs(np.count_nonzero(value) / area - 1) < 0.03
