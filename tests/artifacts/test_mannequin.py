"""The mannequin: closed surfaces, and each part of the body where it belongs."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from glb_files import Glb
from numpy.typing import NDArray
from varied_poses import POSES, WAYS, turned

from posepipe.artifacts.gltf import encode_glb
from posepipe.artifacts.mannequin import MESH
from posepipe.picture.body import facing
from posepipe.skeleton import JOINT_NAMES

JOINT = {name: number for number, name in enumerate(JOINT_NAMES)}
T_POSE = POSES[1]


def used(glb: Glb, group: str) -> NDArray[np.intp]:
    return np.unique(glb.triangles()[group]).astype(np.intp)


def test_surfaces_are_closed_and_seen_from_outside() -> None:
    triangles = np.concatenate(list(MESH.triangles.values())).astype(int)
    edges = Counter(
        (a, b) for triangle in triangles.tolist() for a, b in zip(triangle, np.roll(triangle, -1), strict=True)
    )
    assert set(edges.values()) == {1}
    assert all((b, a) in edges for a, b in edges)
    assert sorted({corner for triangle in triangles.tolist() for corner in triangle}) == list(range(len(MESH.anchors)))
    points = Glb(encode_glb(T_POSE)).array(0).astype(float)
    corners = points[triangles]
    outward = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    large = np.linalg.norm(outward, axis=1) > 1e-7
    along = (outward[:, None] * MESH.normals[triangles]).sum(axis=-1)
    assert (along[large] > 0).all()
    assert np.allclose(np.linalg.norm(MESH.normals, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("way", [way for way in WAYS if way.startswith("upright")])
def test_the_face_is_where_the_person_looks(way: str) -> None:
    joints = turned(T_POSE, way)
    glb = Glb(encode_glb(joints))
    points = glb.vertices()
    of_head = glb.attribute("JOINTS_0")[:, 0] == JOINT["head"]
    face = np.isin(np.arange(len(points)), used(glb, "face"))
    ahead = facing(joints.astype(float))
    assert ahead is not None
    front = points[:, [0, 2]] @ ahead
    assert front[of_head & face].max() > front[of_head & ~face].max() + 0.01
    assert front[of_head & face].min() > front[of_head & ~face].min() + 0.05


@pytest.mark.parametrize("pose", [1, 5, 25])
def test_standing_people_stand_on_the_floor(pose: int) -> None:
    points = Glb(encode_glb(POSES[pose])).vertices()
    assert points[:, 1].min() == pytest.approx(POSES[pose][:, 1].min(), abs=0.02)


@pytest.mark.parametrize("limb", ["left_arm", "right_arm", "left_leg", "right_leg"])
def test_limbs_follow_their_joints(limb: str) -> None:
    side, _, kind = limb.partition("_")
    chain = ("shoulder", "elbow", "wrist") if kind == "arm" else ("hip", "knee", "ankle", "foot")
    for pose in POSES:
        glb = Glb(encode_glb(pose))
        limb_points = glb.vertices()[used(glb, limb)]
        for part in chain:
            nearest = np.linalg.norm(limb_points - pose[JOINT[f"{side}_{part}"]], axis=1).min()
            assert nearest < 0.09
        last = pose[JOINT[f"{side}_{chain[-1]}"]]
        tip = pose[JOINT[f"{side}_{chain[-1]}"]] - pose[JOINT[f"{side}_{chain[-2]}"]]
        beyond = (limb_points - last) @ (tip / np.linalg.norm(tip))
        assert 0.03 < beyond.max() < 0.2  # hands and toes


def test_a_vertex_moves_with_a_joint_of_its_own_side() -> None:
    for group, triangles in MESH.triangles.items():
        side = group.partition("_")[0]
        movers = {JOINT_NAMES[mover] for mover in MESH.movers[np.unique(triangles)]}
        if side in ("left", "right"):
            assert all(mover.startswith(side) for mover in movers)
        else:
            assert movers <= {"pelvis", "spine1", "spine2", "spine3", "neck", "head"}


def test_a_smaller_body_has_a_smaller_mesh() -> None:
    usual, half = Glb(encode_glb(T_POSE)).array(0), Glb(encode_glb(T_POSE * np.float32(0.5))).array(0)
    assert np.allclose(half, usual / 2, atol=1e-6)
