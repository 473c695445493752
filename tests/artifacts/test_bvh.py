"""BVH: another program's reader gives the joints back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from varied_poses import POSES, WAYS, turn, turned

from posepipe.artifacts.bvh import encode_bvh, zxy
from posepipe.artifacts.rig import Quaternion
from posepipe.skeleton import BONE_LENGTHS, JOINT_NAMES, PARENTS, bone_lengths


def read(content: bytes, folder: Path) -> NDArray[np.float64]:
    """Joints of a BVH file in centimetres, as bvhsdk computes them."""
    bvhsdk = pytest.importorskip("bvhsdk")
    (folder / "pose.bvh").write_bytes(content)
    found = {joint.name: joint.getPosition(0) for joint in bvhsdk.ReadFile(str(folder / "pose.bvh")).getlistofjoints()}
    assert sorted(found) == sorted(JOINT_NAMES)
    return np.array([found[name] for name in JOINT_NAMES])


@pytest.mark.parametrize("way", WAYS[::4])
def test_another_reader_finds_the_joints(way: str, tmp_path: Path) -> None:
    for pose in POSES:
        joints = turned(pose, way)
        assert np.abs(read(encode_bvh(joints), tmp_path) / 100 - joints).max() < 1e-5


def test_the_skeleton_of_the_file() -> None:
    lines = encode_bvh(POSES[0]).decode().splitlines()
    parents: dict[str, str] = {}
    lengths: dict[str, float] = {}
    open_joints: list[str] = []
    for line in map(str.split, lines[: lines.index("MOTION")]):
        if line[0] in ("ROOT", "JOINT", "End"):
            name = line[1] if line[0] != "End" else f"tip of {open_joints[-1]}"
            parents[name] = open_joints[-1] if open_joints else ""
            open_joints.append(name)
        elif line[0] == "OFFSET":
            lengths[open_joints[-1]] = float(np.linalg.norm([float(number) for number in line[1:]]))
        elif line[0] == "}":
            open_joints.pop()
    for joint, name in enumerate(JOINT_NAMES):
        assert parents[name] == (JOINT_NAMES[PARENTS[joint]] if joint else "")
        assert lengths[name] == pytest.approx(100 * bone_lengths(POSES[0])[joint], abs=1e-4)
    tips = {name.removeprefix("tip of ") for name in parents if name.startswith("tip")}
    assert tips == {"left_foot", "right_foot", "head", "left_wrist", "right_wrist"}


def test_the_only_frame() -> None:
    lines = encode_bvh(POSES[0]).decode().splitlines()
    at = lines.index("MOTION")
    assert lines[at + 1 : at + 3] == ["Frames: 1", "Frame Time: 0.050000"]
    numbers = [float(number) for number in lines[at + 3].split()]
    assert len(lines) == at + 4
    assert len(numbers) == 3 + 3 * 22
    assert np.allclose(numbers[:3], 100 * POSES[0][0], atol=1e-5)


def test_the_bytes_are_always_the_same_and_no_number_is_minus_zero() -> None:
    for pose in POSES:
        content = encode_bvh(pose)
        assert content == encode_bvh(pose.copy())
        assert b"-0.000000" not in content
        assert len(content) < 5_000


@pytest.mark.parametrize("about_x", [-90, -89.9999, -30, 0, 60, 89.9999, 90])
@pytest.mark.parametrize("about_y", [-170, 0, 35, 180])
def test_angles_turn_like_the_rotation(about_x: float, about_y: float) -> None:
    for about_z in (-120, 0, 75):
        expected = turn(2, about_z) @ turn(0, about_x) @ turn(1, about_y)
        z, x, y = zxy(_quaternion(expected))
        assert np.abs(turn(2, z) @ turn(0, x) @ turn(1, y) - expected).max() < 3e-6


def _quaternion(matrix: NDArray[np.float64]) -> Quaternion:
    """The unit quaternion of a rotation matrix: an eigenvector, as in Bar-Itzhack (2000)."""
    (a, b, c), (d, e, f), (g, h, i) = matrix
    symmetric = np.array(
        [[a - e - i, d + b, g + c, h - f], [d + b, e - a - i, h + f, c - g], [g + c, h + f, i - a - e, d - b], [0] * 4]
    )
    symmetric[3] = (h - f, c - g, d - b, a + e + i)
    x, y, z, w = np.linalg.eigh(symmetric)[1][:, -1].tolist()
    return x, y, z, w


def test_a_body_without_extent() -> None:
    assert sum(BONE_LENGTHS) > 0
    content = encode_bvh(np.zeros((22, 3), dtype=np.float32)).decode()
    assert "nan" not in content
    assert set(content.splitlines()[-1].split()) == {"0.000000"}
