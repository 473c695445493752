"""posepipe.picture: where the limbs are drawn, what hides what, captions, the file itself."""

from __future__ import annotations

import hashlib
import io
import pickle
import struct
import subprocess
import sys
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from PIL import Image

from posepipe.errors import InputError, PoseError
from posepipe.picture import (
    GlyphWarning,
    Picture,
    body,
    camera,
    colours,
    draw,
    fonts,
    missing_glyphs,
    missing_message,
    sheet,
    words,
)
from posepipe.skeleton import BONE_LENGTHS, CHAINS, JOINT_NAMES, MIRROR, PARENTS

Pose = NDArray[np.float64]
Pixels = NDArray[np.uint8]

CHINESE = "一个人向前走，然后举起左手挥手。"
JOINT = {name: number for number, name in enumerate(JOINT_NAMES)}


def pose(**directions: tuple[float, float, float]) -> Pose:
    """A T-pose with some bones, named by their outer joint, pointing elsewhere; the lowest joint at 0."""
    usual = {"spine": (0, 1, 0), "leg": (0, -1, 0), "right_arm": (-1, 0, 0), "left_arm": (1, 0, 0)}
    joints = np.zeros((22, 3))
    for limb, chain in CHAINS.items():
        for joint in chain[1:]:
            name = JOINT_NAMES[joint]
            along = usual.get(limb) or usual[limb.rpartition("_")[2]]
            if name.endswith("_foot"):
                along = (0, 0, 1)
            if name.endswith("_hip"):
                along = (1 if name.startswith("left") else -1, -0.8, 0)
            if name.endswith("_collar"):
                along = (1 if name.startswith("left") else -1, 1.2, 0)
            direction = np.array(directions.get(name, along), dtype=float)
            direction *= BONE_LENGTHS[joint] / np.linalg.norm(direction)
            joints[joint] = joints[PARENTS[joint]] + direction
    joints[:, 1] -= joints[:, 1].min()
    return joints


SPREAD = pose(
    right_elbow=(-0.5, 1, 0),
    right_wrist=(-0.3, 1, 0),
    left_elbow=(1, -0.2, 0),
    left_wrist=(1, -0.4, 0.2),
    right_knee=(-0.9, -1, 0),
    right_ankle=(-0.7, -1, 0),
    left_knee=(0.2, -1, 0),
)
"""Right arm up, left arm out, right leg to the side: no limb covers another."""


def pixels_of(png: bytes) -> Pixels:
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGB"))


def limb_masks(pixels: Pixels) -> dict[str, NDArray[np.bool_]]:
    """Which pixels inside the frame have the hue of which limb."""
    left, top, right, bottom = map(int, camera.FRAME)
    part = pixels[top:bottom, left:right].astype(float)
    high, low = part.max(axis=-1), part.min(axis=-1)
    spread = np.maximum(high - low, 1e-9)
    red, green, blue = np.moveaxis(part, -1, 0)
    hue = np.where(
        high == red,
        (green - blue) / spread % 6,
        np.where(high == green, (blue - red) / spread + 2, (red - green) / spread + 4),
    )
    hue = hue * 60 % 360
    strong = (spread > 60) & (spread > 0.3 * high)
    bands = {"right_leg": (352, 20), "right_arm": (22, 18), "left_arm": (184, 16), "left_leg": (205, 17)}
    masks = {limb: strong & ((hue - begin) % 360 < width) for limb, (begin, width) in bands.items()}
    masks["spine"] = (spread < 24) & (high < 112)
    masks["spine"][:, :420] = masks["spine"][:, 550:] = masks["spine"][720:] = False  # the ruler's words are as grey
    whole = {}
    for limb, mask in masks.items():
        whole[limb] = np.zeros(pixels.shape[:2], dtype=bool)
        whole[limb][top:bottom, left:right] = mask
    return whole


# Measured in a picture that was looked at: pixels, mean x, mean y, left, right, top, bottom.
GOLDEN = {
    "right_leg": (7932, 417, 786, 314, 505, 674, 904),
    "right_arm": (5715, 428, 464, 381, 491, 350, 563),
    "left_arm": (6545, 607, 555, 497, 730, 518, 607),
    "left_leg": (9255, 548, 826, 508, 571, 676, 987),
    "spine": (8146, 518, 538, 487, 561, 429, 696),
}
ON_BONES = {
    "right_leg": [(450, 741), (380, 836), (335, 892)],
    "right_arm": [(466, 528), (430, 487), (402, 403)],
    "left_arm": [(523, 549), (555, 533), (612, 545), (685, 577)],
    "left_leg": [(545, 766), (555, 899), (543, 974)],
    "spine": [(510, 656), (510, 600), (505, 530), (520, 470)],
}


def check_limbs(png: bytes) -> None:
    for limb, mask in limb_masks(pixels_of(png)).items():
        area, *place = GOLDEN[limb]
        rows, columns = np.nonzero(mask)
        assert rows.size == pytest.approx(area, rel=0.15), limb
        box = columns.mean(), rows.mean(), columns.min(), columns.max(), rows.min(), rows.max()
        assert box == pytest.approx(place, abs=5), limb
        for x, y in ON_BONES[limb]:
            assert mask[y - 6 : y + 7, x - 6 : x + 7].any(), (limb, x, y)


class TestLimbs:
    def test_golden(self) -> None:
        check_limbs(draw(SPREAD, "a person stretches"))

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("right_wrist", "left_wrist"),
            ("right_knee", "left_knee"),
            ("right_foot", "left_foot"),
            ("right_wrist", "right_foot"),
            ("head", "pelvis"),
        ],
    )
    def test_golden_fails_for_swapped_joints(self, one: str, other: str) -> None:
        swapped = SPREAD.copy()
        swapped[[JOINT[one], JOINT[other]]] = SPREAD[[JOINT[other], JOINT[one]]]
        with pytest.raises(AssertionError):
            check_limbs(draw(swapped, ""))

    def test_golden_fails_for_swapped_sides(self) -> None:
        with pytest.raises(AssertionError):
            check_limbs(draw(SPREAD[list(MIRROR)], ""))

    def test_insets(self) -> None:
        pixels = pixels_of(draw(SPREAD, ""))
        for inset in camera.INSETS:
            seen = camera.project_inset(SPREAD - SPREAD[0] * (1, 0, 1), inset)
            for limb, joint in (("right_leg", "right_ankle"), ("left_leg", "left_ankle")):
                x, y = np.rint(seen[JOINT[joint]]).astype(int)
                near = pixels[y - 2 : y + 3, x - 2 : x + 3].reshape(-1, 3).astype(int)
                other = limb == "right_leg" and inset == "side"  # behind the left leg, seen from the left
                found = (np.abs(near - colours.LIMBS[limb]).sum(axis=1) < 12).any()
                assert found or other, (inset, limb)

    @pytest.mark.parametrize(("depth", "limb"), [(0.6, "right_arm"), (-0.6, "spine")])
    def test_what_is_nearer_hides_what_is_farther(self, depth: float, limb: str) -> None:
        """The right forearm across the trunk, before it and behind it."""
        crossing = pose(right_elbow=(0.4, -1, depth), right_wrist=(1, -0.05, 0.1))
        crossing -= crossing[0] * (1, 0, 1)
        seen, _ = camera.project(crossing)
        elbow, wrist = seen[JOINT["right_elbow"]], seen[JOINT["right_wrist"]]
        top, bottom = seen[JOINT["spine2"]], seen[JOINT["spine1"]]
        turn = np.column_stack((wrist - elbow, top - bottom))
        along, _ = np.linalg.solve(turn, bottom - elbow)
        assert 0 < along < 1
        x, y = np.rint(elbow + along * (wrist - elbow)).astype(int)
        masks = limb_masks(pixels_of(draw(crossing, "")))
        shares = {name: mask[y - 4 : y + 5, x - 4 : x + 5].mean() for name, mask in masks.items()}
        assert max(shares, key=lambda name: shares[name]) == limb, shares
        assert shares[limb] > 0.6

    def test_halo_where_limbs_cross(self) -> None:
        crossing = pose(right_elbow=(0.4, -1, 0.6), right_wrist=(1, -0.05, 0.1))
        crossing -= crossing[0] * (1, 0, 1)
        pixels = pixels_of(draw(crossing, ""))
        masks = limb_masks(pixels)
        white = (pixels > 235).all(axis=-1)
        column = 512
        arm = np.flatnonzero(masks["right_arm"][550:700, column]) + 550
        above, below = arm.min(), arm.max()
        assert white[above - 9 : above, column].any()
        assert white[below + 1 : below + 10, column].any()
        assert masks["spine"][below + 10 : below + 30, column].any()

    def test_far_limbs_are_lighter(self) -> None:
        away = pose(left_elbow=(0, 0, 1), left_wrist=(0, 0, 1), right_elbow=(0, 0, -1), right_wrist=(0, 0, -1))
        tints = body.tints(camera.project(body.parts(away - away[0] * (1, 0, 1)))[1].mean(axis=1))
        light = {body.JOINTS[part][1]: sum(tint[2]) for part, tint in enumerate(tints)}
        same = sum(colours.LIMBS["left_arm"]), sum(colours.LIMBS["right_arm"])
        assert light[JOINT["left_wrist"]] == same[0]
        assert light[JOINT["right_wrist"]] > same[1] + 50

    def test_shadow_lies_under_the_body(self) -> None:
        from posepipe.picture.scene import background

        low, high = pixels_of(draw(SPREAD, "")), pixels_of(draw(SPREAD + np.array((0, 0.3, 0)), ""))
        darkness = []
        for pixels in (low, high):
            darker = background().astype(int).sum(axis=-1) - pixels.astype(int).sum(axis=-1)
            darkness.append(darker[945:955, 335:400].mean())
            assert abs(darker[1040:1060, 850:900]).max() == 0
        assert darkness[0] > darkness[1] > 20, "the higher, the paler"

    def test_drawing_order_is_a_permutation_even_of_a_ring(self) -> None:
        """Three parts that hide one another in a ring, and nineteen elsewhere."""
        count = len(body.JOINTS)
        ends = np.stack([np.full((count, 2), 1e4) + 500 * np.arange(count)[:, None]] * 2, axis=1)
        ends[[1, 4, 16], 0] = (0, 0), (100, 0), (50, 80)
        ends[[1, 4, 16], 1] = (100, 10), (40, 90), (10, -10)
        nearness = np.zeros((count, 2))
        nearness[[1, 4, 16]] = (0, 1)
        order = body.drawing_order(ends, nearness, np.full(count, 5.0), 3.0)
        assert sorted(order) == list(range(count))


class TestCamera:
    def test_against_rotation_matrices(self) -> None:
        azimuth, elevation = np.radians(30), np.radians(14)
        about_y = np.array(
            [
                [np.cos(-azimuth), 0, np.sin(-azimuth)],
                [0, 1, 0],
                [-np.sin(-azimuth), 0, np.cos(-azimuth)],
            ]
        )
        about_x = np.array(
            [
                [1, 0, 0],
                [0, np.cos(elevation), -np.sin(elevation)],
                [0, np.sin(elevation), np.cos(elevation)],
            ]
        )
        points = np.random.default_rng(0).normal(size=(20, 3))
        seen = points @ (about_x @ about_y).T
        pixels, nearness = camera.project(points)
        np.testing.assert_allclose(nearness, seen[:, 2])
        scale = 325 * 9 / (9 - seen[:, 2])
        np.testing.assert_allclose(pixels[:, 0], 510 + scale * seen[:, 0])
        np.testing.assert_allclose(pixels[:, 1], 962 - scale * seen[:, 1])

    def test_directions(self) -> None:
        (centre, left, up, front), nearness = camera.project(np.vstack((np.zeros(3), np.eye(3))))
        assert tuple(centre) == camera.ORIGIN
        assert left[0] > centre[0] + 200
        assert up[1] < centre[1] - 200
        assert front[0] < centre[0]
        assert front[1] > centre[1]
        assert nearness[3] > nearness[1] > nearness[0] == 0

    def test_usual_poses_keep_the_common_scale(self) -> None:
        lying = pose(spine1=(0, 0, -1)) @ np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]])
        for usual in (pose(), SPREAD, lying - (0, lying[:, 1].min() - 0.1, 0)):
            ends = body.parts(usual - usual[0] * (1, 0, 1)).reshape(-1, 3)
            assert camera.fitting_scale(ends, body.BONES.radii.reshape(-1)) == 1.0

    @given(
        hnp.arrays(np.float64, (22, 3), elements=st.floats(-50, 50, width=32)),
        st.sampled_from([0.1, 1.0, 1e3, 1e30]),
    )
    @settings(max_examples=60, deadline=None)
    def test_what_is_scaled_lies_in_the_frame(self, joints: Pose, size: float) -> None:
        points = body.parts(joints * size).reshape(-1, 3)
        scale = camera.fitting_scale(points, body.BONES.radii.reshape(-1))
        assert 0 < scale <= 1
        pixels, nearness = camera.project(points * scale)
        left, top, right, bottom = camera.FRAME
        assert (nearness < camera.DISTANCE).all()
        assert (pixels >= (left - 1e-6, top - 1e-6)).all()
        assert (pixels <= (right + 1e-6, bottom + 1e-6)).all()

    @pytest.mark.parametrize(
        ("turned", "expected"),
        [
            (np.eye(3), (0, 1)),
            (np.array([[0, 0, -1], [0, 1, 0], [1, 0, 0]]), (1, 0)),
            (np.diag([-1, 1, -1]), (0, -1)),
            (np.diag([1, -1, -1]), (0, -1)),
            (np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]]), (0, 1)),
            (np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]]), None),
        ],
        ids=["ahead", "to the left", "back", "on the hands", "on the belly", "on the back"],
    )
    def test_facing(self, turned: Pose, expected: tuple[float, float] | None) -> None:
        """Rows of ``turned``: where his left, his head and his front point."""
        found = body.facing(pose() @ turned)
        if expected is None:
            assert found is None
        else:
            assert found == pytest.approx(expected, abs=1e-6)


class TestPose:
    @pytest.mark.parametrize(
        ("joints", "said"),
        [
            (np.zeros((21, 3)), r"\(21, 3\)"),
            (np.zeros((1, 22, 3)), r"\(1, 22, 3\)"),
            (np.zeros(66), r"\(66,\)"),
            ("a pose", r"\(\)"),
            ([[0, 1, 2], [3]], "array of numbers"),
            (None, r"\(\)"),
            (np.zeros((22, 3), dtype=complex), "complex128"),
            (np.full((22, 3), "1"), "real numbers"),
        ],
    )
    def test_what_is_no_pose(self, joints: object, said: str) -> None:
        with pytest.raises(PoseError, match=said):
            draw(joints, "")  # type: ignore[arg-type]

    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e39])
    def test_not_finite(self, bad: float) -> None:
        joints = pose()
        joints[JOINT["left_knee"], 1] = bad
        with pytest.raises(PoseError, match="not finite in float32: left_knee"):
            draw(joints, "")

    def test_any_real_numbers(self) -> None:
        exact = np.rint(pose() * 4) / 4
        wanted = draw(exact, "")
        assert draw(exact.tolist(), "") == draw(exact.astype(np.float16), "") == wanted
        assert exact.flags.writeable
        with Image.open(io.BytesIO(draw(np.ones((22, 3), dtype=int), ""))) as image:
            assert image.size == (1200, 1200)

    def test_input_stays_as_it_was(self) -> None:
        joints = (pose() + np.array((3, 0, 4))).astype(np.float32)
        before = joints.copy()
        draw(joints, "")
        np.testing.assert_array_equal(joints, before)

    def test_place_on_the_floor_does_not_matter_but_height_does(self) -> None:
        exact = np.rint(pose() * 64) / 64
        assert draw(exact + np.array((3, 0, -2)), "") == draw(exact, "")
        assert draw(exact + np.array((0, 0.125, 0)), "") != draw(exact, "")

    @pytest.mark.parametrize("far", [5.0, 1e4, 1e30, 3e38, -3e38])
    @pytest.mark.parametrize("axis", [0, 1, 2])
    def test_far_away_joints(self, far: float, axis: int) -> None:
        joints = pose()
        joints[JOINT["left_wrist"], axis] = far
        pixels = pixels_of(draw(joints, ""))
        masks = limb_masks(pixels)
        left, top, right, bottom = map(int, camera.FRAME)
        for limb, mask in masks.items():
            outside = mask.copy()
            outside[top:bottom, left:right] = False
            assert not outside.any(), limb
        assert amber(pixels) > 100

    def test_smaller_says_so(self) -> None:
        fits, large = pixels_of(draw(pose(), "")), pixels_of(draw(pose() * 2, ""))
        assert amber(fits) == 0
        assert amber(large) > 100
        assert limb_masks(large)["left_leg"].sum() > 1000

    @given(hnp.arrays(np.float32, (22, 3), elements=st.floats(width=32, allow_nan=False, allow_infinity=False)))
    @settings(max_examples=20, deadline=None)
    def test_any_finite_pose(self, joints: NDArray[np.float32]) -> None:
        with np.errstate(over="ignore"):
            moved = joints[:, ::2].astype(float) - joints[0, ::2]
        assert np.isfinite(moved).all()
        png = draw(joints, "")
        with Image.open(io.BytesIO(png)) as image:
            assert image.size == (1200, 1200)

    def test_all_joints_in_one_place(self) -> None:
        assert limb_masks(pixels_of(draw(np.zeros((22, 3)), "")))


def amber(pixels: Pixels) -> int:
    """Pixels of the words that say that a pose did not fit."""
    left, top = camera.INSETS["side"]
    part = pixels[top + camera.INSET_SIZE[1] + 5 :, left:].astype(int)
    return int(((part - colours.WARNING) ** 2).sum(axis=-1).__lt__(900).sum())


@pytest.fixture
def fresh_warning() -> Iterator[None]:
    """As if this process had not yet said that glyphs are missing."""
    fonts._warned.cache_clear()
    yield
    fonts._warned.cache_clear()


class TestWords:
    LONG = (
        "a person who was standing with both feet together takes a large step to the left with the left foot, "
        "bends both knees deeply, stretches the right arm straight out to the side at shoulder height, turns the "
        "head to look over the left shoulder and holds this position for a moment before coming back again and "
        "again and again and once more"
    )

    def test_short(self) -> None:
        (line,) = words.wrap("a person waves", 27, 1120, 4)
        assert 150 < line.width < 250
        assert line.rightward

    @pytest.mark.parametrize("caption", [LONG, "x" * 900, "ก" * 500, "ab " * 400, "𝔘" * 300, "é" * 700, "word-" * 200])
    @pytest.mark.filterwarnings("ignore::posepipe.picture.GlyphWarning")
    def test_too_long(self, caption: str) -> None:
        lines = words.wrap(caption, 27, 1120, 4)
        assert len(lines) == 4
        assert all(line.width <= 1120 for line in lines)
        assert all(line.width > 700 for line in lines)
        last = lines[-1].pieces[-1][1]
        assert last.coverage[last.rise - 5 : last.rise, -8:].any()
        assert not last.coverage[: last.rise - 6, -10:].any(), "the last dots of the ellipsis"

    def test_cut(self) -> None:
        whole, part = (words.cut("posepipe · package.module:factory", 15, width) for width in (400, 200))
        assert 150 < part.width <= 200 < whole.width < 400

    def test_lines_hold_the_whole_caption(self) -> None:
        caption = self.LONG[:230]
        lines = words.wrap(caption, 27, 1120, 4)
        assert len(lines) == 3
        one = words.wrap(caption, 27, 1e9, 1)[0]
        spaces = (len(lines) - 1) * words._piece(" ", words.Face(27)).advance
        assert sum(line.width for line in lines) + spaces == pytest.approx(one.width)

    @pytest.mark.parametrize("caption", ["", "   ", "\n\t", "\x00\x07"])
    def test_nothing(self, caption: str) -> None:
        assert words.wrap(caption, 27, 1120, 4) == []
        assert len(draw(pose(), caption)) > 10_000

    def test_unspaced_scripts_break_anywhere_but_before_a_full_stop(self) -> None:
        parts = words._break_unspaced("（双脚）abc站立。")
        assert parts == ["（双", "脚）", "abc", "站", "立。"]

    def test_clusters_stay_whole(self) -> None:
        runner = "\U0001f3c3\U0001f3fd\u200d\u2640\ufe0f"
        assert words._clusters("e\u0301a" + runner + "b") == ["e\u0301", "a", runner, "b"]

    def test_arabic_is_joined_and_flush_right(self) -> None:
        joined, apart = words._piece("\u200fببب", words.Face(27)), words._piece("\u200fب\u200cب\u200cب", words.Face(27))

        def gaps(piece: words.Piece) -> int:
            inked = piece.coverage.max(axis=0) > 40
            return int((inked[:-1] & ~inked[1:]).sum())

        assert gaps(joined) < gaps(apart)
        (line,) = words.wrap("شخص يمشي إلى الأمام", 27, 1120, 4)
        assert not line.rightward
        pixels = pixels_of(draw(pose(), "شخص يمشي إلى الأمام"))
        assert (pixels[:180, 800:1165] < 128).any()
        assert (pixels[:180, :700] == 255).all()

    def test_right_to_left_order(self) -> None:
        """The first letter of a Hebrew word stands at its right end."""
        word, first = words._piece("\u200fאו", words.Face(27)), words._piece("\u200fא", words.Face(27))
        wide = first.coverage.shape[1] - 4
        right, left = word.coverage[:, -wide:], word.coverage[:, :wide]
        ink = first.coverage[:, -wide:].sum()
        assert abs(int(right.sum()) - int(ink)) < abs(int(left.sum()) - int(ink))

    @pytest.mark.skipif(bool(missing_glyphs([CHINESE])), reason="no installed font has Chinese characters")
    def test_chinese(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert fonts.printable(CHINESE) == CHINESE
            pixels = pixels_of(draw(pose(), CHINESE))
        assert (pixels[20:70, 40:400] < 128).sum() > 1500
        assert fonts.region(CHINESE) == "SC"
        assert not np.array_equal(
            words._piece("左", words.Face(27)).coverage, words._piece("右", words.Face(27)).coverage
        )

    def test_region_of_han_characters(self) -> None:
        assert [fonts.region(text) for text in ("手を振る", "손을 振る", "손을", "挥手", "a")] == [
            "JP",
            "JP",
            "KR",
            "SC",
            "SC",
        ]

    @pytest.mark.skipif(fonts.emoji_font() is None, reason="no colour emoji font is installed")
    def test_emoji_are_coloured(self) -> None:
        pixels = pixels_of(draw(pose(), "\U0001f600"))[:100, :100].astype(int)
        assert (np.ptp(pixels, axis=-1) > 100).sum() > 100

    def test_missing_glyphs_are_said_once(self, fresh_warning: None) -> None:
        unassigned = "a\u0378b"
        assert missing_glyphs(["a person", unassigned, unassigned]) == ["\u0378"]
        assert "U+0378" in missing_message(["\u0378"])
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            first = draw(pose(), unassigned)
            assert draw(pose(), unassigned) == first
            draw(pose(), "\u0379")
        (only,) = said
        assert only.category is GlyphWarning
        assert "U+0378" in str(only.message)
        assert words._piece("�", words.Face(27)).coverage.any()

    def test_nothing_missing_in_plain_words(self) -> None:
        assert missing_glyphs(["a person's arm — naïve, “quoted”… №1 Ωмир\n\t\u200d"]) == []

    @given(st.text(max_size=80))
    @settings(max_examples=30, deadline=None)
    def test_any_caption(self, caption: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", GlyphWarning)
            lines = words.wrap(caption, 27, 1120, 4)
        assert len(lines) <= 4
        assert all(line.width <= 1120 for line in lines)

    @pytest.mark.parametrize("caption", ["lone \ud800 half", "nul \x00 inside", "\u202e reversed"])
    def test_odd_captions(self, caption: str, fresh_warning: None) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", GlyphWarning)
            with Image.open(io.BytesIO(draw(pose(), caption))) as image:
                image.load()
                assert "caption" in image.info


class TestFile:
    def test_size_and_resolution(self) -> None:
        with Image.open(io.BytesIO(draw(SPREAD, "x"))) as image:
            image.load()
            assert (image.format, image.mode, image.size) == ("PNG", "RGB", (1200, 1200))
            assert image.info["dpi"] == pytest.approx((150, 150), abs=0.02)

    def test_chunks_are_sound(self) -> None:
        png = draw(SPREAD, CHINESE, model="m", seed=1)
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        kinds, at = [], 8
        while at < len(png):
            (length,) = struct.unpack(">I", png[at : at + 4])
            kinds.append(png[at + 4 : at + 8])
            (check,) = struct.unpack(">I", png[at + 8 + length : at + 12 + length])
            assert zlib.crc32(png[at + 4 : at + 8 + length]) == check
            at += 12 + length
        assert kinds[0] == b"IHDR"
        assert kinds[-2:] == [b"IDAT", b"IEND"]
        assert kinds.count(b"pHYs") == 1

    @pytest.mark.parametrize("seed", [0, 3407, 2**64 - 1])
    def test_says_what_it_is(self, seed: int) -> None:
        with Image.open(io.BytesIO(draw(SPREAD, CHINESE, model="模型:factory", seed=seed))) as image:
            image.load()
            assert image.info["caption"] == CHINESE
            assert image.info["model"] == "模型:factory"
            assert image.info["seed"] == str(seed)

    def test_without_model_and_seed(self) -> None:
        with Image.open(io.BytesIO(draw(SPREAD, "x"))) as image:
            image.load()
            assert "seed" not in image.info
            assert "model" not in image.info

    def test_a_notebook_shows_it(self) -> None:
        picture = draw(SPREAD, "x")
        assert isinstance(picture, Picture)
        assert isinstance(picture, bytes)
        assert picture._repr_png_() == picture
        again = pickle.loads(pickle.dumps(picture))
        assert type(again) is Picture
        assert again == picture

    def test_same_bytes_in_another_process_that_loads_no_pyplot(self, tmp_path: Path) -> None:
        np.save(tmp_path / "pose.npy", SPREAD)
        script = (
            "import hashlib, sys, numpy, posepipe.picture as p\n"
            "heavy = {'matplotlib', 'cv2', 'PIL', 'isal', 'torch', 'pandas'} & set(sys.modules)\n"
            "assert not heavy, heavy\n"
            "p.draw(numpy.zeros((22, 3)), 'another one first')\n"
            "print(hashlib.sha256(p.draw(numpy.load(sys.argv[1]), 'a caption', model='m', seed=1)).hexdigest())\n"
            "assert 'matplotlib.pyplot' not in sys.modules\n"
        )
        command = [sys.executable, "-W", "error", "-c", script, str(tmp_path / "pose.npy")]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        mine = hashlib.sha256(draw(SPREAD, "a caption", model="m", seed=1)).hexdigest()
        assert run.stdout.strip() == mine

    def test_size_on_disk(self) -> None:
        random = np.random.default_rng(0)
        caption = "a person stretches, with one arm up and the other out to the side"
        sizes = [len(draw(SPREAD + random.normal(scale=0.05, size=(22, 3)), caption)) for _ in range(20)]
        assert np.mean(sizes) < 170_000


class TestColours:
    # Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB
    BLINDNESS: ClassVar = {
        "protanopia": (
            (0.152286, 1.052583, -0.204868),
            (0.114503, 0.786281, 0.099216),
            (-0.003882, -0.048116, 1.051998),
        ),
        "deuteranopia": (
            (0.367322, 0.860646, -0.227968),
            (0.280085, 0.672501, 0.047413),
            (-0.011820, 0.042940, 0.968881),
        ),
        "tritanopia": (
            (1.255528, -0.076749, -0.178779),
            (-0.078411, 0.930809, 0.147602),
            (0.004733, 0.691367, 0.303900),
        ),
        "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    }

    @pytest.mark.parametrize("kind", BLINDNESS)
    def test_limbs_can_be_told_apart(self, kind: str) -> None:
        """CIE76 distance of every two limbs' colours, as seen; 2.3 is just noticeable."""
        seen = np.array(list(colours.LIMBS.values())) / 255
        linear = np.where(seen <= 0.04045, seen / 12.92, ((seen + 0.055) / 1.055) ** 2.4)
        linear = np.clip(linear @ np.array(self.BLINDNESS[kind]).T, 0, 1)
        to_xyz = np.array(
            ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)),
        )
        ratio = linear @ to_xyz.T / (0.9505, 1.0, 1.089)
        root = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
        x, y, z = root.T
        lab = np.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), axis=1)
        distances = np.linalg.norm(lab[:, None] - lab[None], axis=-1)[np.triu_indices(5, k=1)]
        assert distances.min() > 18


class TestSheet:
    def test_rows_and_columns(self, tmp_path: Path) -> None:
        picture = draw(SPREAD, "one")
        path = tmp_path / "two.png"
        path.write_bytes(picture)
        made = sheet([picture, path, str(path)], columns=2, thumb=100)
        assert isinstance(made, bytes)
        pixels = pixels_of(made)
        assert pixels.shape[1] == 2 * 112 + 12
        cells = [pixels[12:112, 12:112], pixels[12:112, 124:224]]
        np.testing.assert_array_equal(cells[0], cells[1])
        assert (np.ptp(cells[0].astype(int), axis=-1) > 60).sum() > 100
        assert (pixels[112:135, 12:60] < 128).any(), "the caption that the file carries"
        assert (pixels[pixels.shape[0] // 2 :, 124:] == 255).all()

    def test_labels(self) -> None:
        picture = draw(SPREAD, "")
        plain, labelled = pixels_of(sheet([picture])), pixels_of(sheet([picture], labels=["<b>wave</b>"]))
        assert plain.shape == labelled.shape
        assert (plain[252:] == 255).all()
        assert (labelled[252:] < 128).any()

    def test_broken_files_say_so(self, tmp_path: Path) -> None:
        picture = draw(SPREAD, "")
        (tmp_path / "torn.png").write_bytes(picture[:5000])
        made = pixels_of(sheet([tmp_path / "torn.png", tmp_path / "gone.png", b"no png", picture], columns=4))
        for column in range(3):
            left = 12 + 252 * column
            assert (made[12:252, left : left + 240] == colours.FLOOR).all()
            assert (made[252:, left : left + 240] < 128).any()
        assert not (made[12:252, 768:1008] == colours.FLOOR).all()

    @pytest.mark.parametrize(
        ("count", "options"),
        [(0, {}), (1, {"columns": 0}), (1, {"thumb": 10}), (1, {"thumb": 5000}), (1, {"labels": ["a", "b"]})],
    )
    def test_wrong_arguments(self, count: int, options: dict[str, int]) -> None:
        with pytest.raises(InputError):
            sheet([draw(SPREAD, "")] * count, **options)  # type: ignore[arg-type]
