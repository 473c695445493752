"""posepipe.picture, style ``diagram``: where the limbs are drawn, what hides what, what is no pose, colours."""

from __future__ import annotations

import io
from functools import partial
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from PIL import Image
from posed import JOINT, SPREAD, Pixels, Pose, limb_masks, pixels_of, pose

from posepipe.errors import PoseError
from posepipe.picture import body, camera, colours, draw
from posepipe.skeleton import MIRROR

diagram = partial(draw, style="diagram")

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
        check_limbs(diagram(SPREAD, "a person stretches"))

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
            check_limbs(diagram(swapped, ""))

    def test_golden_fails_for_swapped_sides(self) -> None:
        with pytest.raises(AssertionError):
            check_limbs(diagram(SPREAD[list(MIRROR)], ""))

    def test_insets(self) -> None:
        pixels = pixels_of(diagram(SPREAD, ""))
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
        masks = limb_masks(pixels_of(diagram(crossing, "")))
        shares = {name: mask[y - 4 : y + 5, x - 4 : x + 5].mean() for name, mask in masks.items()}
        assert max(shares, key=lambda name: shares[name]) == limb, shares
        assert shares[limb] > 0.6

    def test_halo_where_limbs_cross(self) -> None:
        crossing = pose(right_elbow=(0.4, -1, 0.6), right_wrist=(1, -0.05, 0.1))
        crossing -= crossing[0] * (1, 0, 1)
        pixels = pixels_of(diagram(crossing, ""))
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

        low, high = pixels_of(diagram(SPREAD, "")), pixels_of(diagram(SPREAD + np.array((0, 0.3, 0)), ""))
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
            diagram(joints, "")  # type: ignore[arg-type]

    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e39])
    def test_not_finite(self, bad: float) -> None:
        joints = pose()
        joints[JOINT["left_knee"], 1] = bad
        with pytest.raises(PoseError, match="not finite in float32: left_knee"):
            diagram(joints, "")

    def test_any_real_numbers(self) -> None:
        exact = np.rint(pose() * 4) / 4
        wanted = diagram(exact, "")
        assert diagram(exact.tolist(), "") == diagram(exact.astype(np.float16), "") == wanted
        assert exact.flags.writeable
        with Image.open(io.BytesIO(diagram(np.ones((22, 3), dtype=int), ""))) as image:
            assert image.size == (1200, 1200)

    def test_input_stays_as_it_was(self) -> None:
        joints = (pose() + np.array((3, 0, 4))).astype(np.float32)
        before = joints.copy()
        diagram(joints, "")
        np.testing.assert_array_equal(joints, before)

    def test_place_on_the_floor_does_not_matter_but_height_does(self) -> None:
        exact = np.rint(pose() * 64) / 64
        assert diagram(exact + np.array((3, 0, -2)), "") == diagram(exact, "")
        assert diagram(exact + np.array((0, 0.125, 0)), "") != diagram(exact, "")

    @pytest.mark.parametrize("far", [5.0, 1e4, 1e30, 3e38, -3e38])
    @pytest.mark.parametrize("axis", [0, 1, 2])
    def test_far_away_joints(self, far: float, axis: int) -> None:
        joints = pose()
        joints[JOINT["left_wrist"], axis] = far
        pixels = pixels_of(diagram(joints, ""))
        masks = limb_masks(pixels)
        left, top, right, bottom = map(int, camera.FRAME)
        for limb, mask in masks.items():
            outside = mask.copy()
            outside[top:bottom, left:right] = False
            assert not outside.any(), limb
        assert amber(pixels) > 100

    def test_smaller_says_so(self) -> None:
        fits, large = pixels_of(diagram(pose(), "")), pixels_of(diagram(pose() * 2, ""))
        assert amber(fits) == 0
        assert amber(large) > 100
        assert limb_masks(large)["left_leg"].sum() > 1000

    @given(hnp.arrays(np.float32, (22, 3), elements=st.floats(width=32, allow_nan=False, allow_infinity=False)))
    @settings(max_examples=20, deadline=None)
    def test_any_finite_pose(self, joints: NDArray[np.float32]) -> None:
        with np.errstate(over="ignore"):
            moved = joints[:, ::2].astype(float) - joints[0, ::2]
        assert np.isfinite(moved).all()
        png = diagram(joints, "")
        with Image.open(io.BytesIO(png)) as image:
            assert image.size == (1200, 1200)

    def test_all_joints_in_one_place(self) -> None:
        assert limb_masks(pixels_of(diagram(np.zeros((22, 3)), "")))


def amber(pixels: Pixels) -> int:
    """Pixels of the words that say that a pose did not fit."""
    left, top = camera.INSETS["side"]
    part = pixels[top + camera.INSET_SIZE[1] + 5 :, left:].astype(int)
    return int(((part - colours.WARNING) ** 2).sum(axis=-1).__lt__(900).sum())


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
