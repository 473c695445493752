"""GLB: another program's reader gives the joints back; the parts of the file fit together."""

from __future__ import annotations

import io

import numpy as np
import pytest
from glb_files import Glb
from numpy.typing import NDArray
from varied_poses import POSES, WAYS, turned

from posepipe.artifacts.gltf import encode_glb
from posepipe.picture import colours
from posepipe.skeleton import JOINT_NAMES, PARENTS


def read(content: bytes) -> NDArray[np.float64]:
    """Joints of a GLB file, as trimesh computes them."""
    trimesh = pytest.importorskip("trimesh")
    graph = trimesh.load_scene(io.BytesIO(content), file_type="glb").graph
    return np.array([graph.get(name)[0][:3, 3] for name in JOINT_NAMES])


@pytest.mark.parametrize("way", WAYS[::4])
def test_another_reader_finds_the_joints(way: str) -> None:
    for pose in POSES[:: 1 if way == "upright-0" else 5]:
        joints = turned(pose, way)
        assert np.abs(read(encode_glb(joints)) - joints).max() < 1e-5


@pytest.mark.parametrize("way", WAYS)
def test_the_joints_of_the_skin(way: str) -> None:
    for pose in POSES:
        joints = turned(pose, way)
        assert np.abs(Glb(encode_glb(joints)).joints()[:, :3, 3] - joints).max() < 1e-6


def test_joints_are_named_and_connected_as_in_the_json() -> None:
    glb = Glb(encode_glb(POSES[0]))
    nodes = glb.document["nodes"]
    assert [nodes[number]["name"] for number in glb.document["skins"][0]["joints"]] == list(JOINT_NAMES)
    for joint, name in enumerate(JOINT_NAMES):
        children = {nodes[child]["name"] for child in glb.nodes[name].get("children", ())}
        assert children == {JOINT_NAMES[c] for c in range(22) if PARENTS[c] == joint}
    assert glb.document["scenes"][0]["nodes"] == [0, 22]
    assert glb.nodes["mannequin"] == {"name": "mannequin", "mesh": 0, "skin": 0}


def test_rotations_have_length_one() -> None:
    for pose in POSES:
        for node in Glb(encode_glb(pose)).document["nodes"]:
            assert np.linalg.norm(node.get("rotation", (1, 0, 0, 0))) == pytest.approx(1, abs=1e-7)


def test_the_skin_binds_the_joints_in_a_t_pose_on_the_floor() -> None:
    glb = Glb(encode_glb(POSES[0]))
    bind = np.linalg.inv(glb.array(glb.document["skins"][0]["inverseBindMatrices"]).transpose(0, 2, 1))
    assert np.allclose(bind[:, :3, :3], np.eye(3))
    places = dict(zip(JOINT_NAMES, bind[:, :3, 3], strict=True))
    assert places["pelvis"][[0, 2]] == pytest.approx(0)
    assert min(place[1] for place in places.values()) == pytest.approx(0, abs=1e-6)
    left, right = places["left_wrist"] - places["left_shoulder"], places["right_wrist"] - places["right_shoulder"]
    assert left / np.linalg.norm(left) == pytest.approx([1, 0, 0], abs=1e-6)
    assert right / np.linalg.norm(right) == pytest.approx([-1, 0, 0], abs=1e-6)
    assert places["left_foot"][2] > places["left_ankle"][2] + 0.05


def test_the_bounds_of_the_vertices() -> None:
    for pose in POSES:
        glb = Glb(encode_glb(pose))
        accessor = glb.document["accessors"][glb.document["meshes"][0]["primitives"][0]["attributes"]["POSITION"]]
        points = glb.array(0)
        assert np.array_equal(np.float32(accessor["min"]), points.min(axis=0))
        assert np.array_equal(np.float32(accessor["max"]), points.max(axis=0))


def test_the_colours_are_those_of_the_picture() -> None:
    found = {}
    for material in Glb(encode_glb(POSES[0])).document["materials"]:
        linear = np.array(material["pbrMetallicRoughness"]["baseColorFactor"][:3])
        shares = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
        found[material["name"]] = tuple(np.rint(255 * shares).astype(int).tolist())
    assert {limb: found[limb] for limb in colours.LIMBS} == colours.LIMBS


def test_the_bytes_are_always_the_same_and_few() -> None:
    for pose in POSES:
        content = encode_glb(pose)
        assert content == encode_glb(pose.copy())
        assert len(content) < 60_000


def test_a_body_without_extent() -> None:
    glb = Glb(encode_glb(np.zeros((22, 3), dtype=np.float32)))
    assert np.array_equal(glb.vertices(), np.zeros((len(glb.array(0)), 3)))
