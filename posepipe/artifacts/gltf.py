"""Joints to binary glTF 2.0 (GLB): the skeleton in its pose, and a mannequin that follows it."""

from __future__ import annotations

import json
import struct
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.artifacts.mannequin import COLOURS, MESH, vertices
from posepipe.artifacts.rig import CHILDREN, IDENTITY, rest, rig
from posepipe.skeleton import JOINT_NAMES, NUM_JOINTS

FLOAT, BYTE, SHORT = 5126, 5121, 5123
VERTICES, INDICES = 34962, 34963
_ROUGHNESS: Final = 0.7


def encode_glb(joints: NDArray[np.floating]) -> bytes:
    """A pose as a GLB file.

    Parameters
    ----------
    joints : (22, 3) float array
        Metres, Y up.

    Returns
    -------
    bytes
        A node for each joint, named as in the JSON; a skin that binds them in a T-pose facing +Z; and a mesh. The
        colours are those of the picture.
    """
    body = rig(joints)
    bind = rest(body)
    binding = np.tile(np.eye(4, dtype=np.float32), (NUM_JOINTS, 1, 1))
    binding[:, 3, :3] = -bind  # glTF's matrices are stored by columns
    points = vertices(body)
    content, fixed = _fixed()
    document: dict[str, Any] = {
        **content,
        "nodes": [
            *(
                _node(joint, body.offsets[joint] if joint else body.position, body.rotations[joint])
                for joint in range(NUM_JOINTS)
            ),
            {"name": "mannequin", "mesh": 0, "skin": 0},
        ],
    }
    least, most = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    document["accessors"] = [content["accessors"][0] | {"min": least, "max": most}, *content["accessors"][1:]]
    return _container(document, points.tobytes() + binding.tobytes() + fixed)


def _node(joint: int, translation: tuple[float, ...], rotation: tuple[float, ...]) -> dict[str, Any]:
    node: dict[str, Any] = {"name": JOINT_NAMES[joint], "translation": [round(value, 8) + 0.0 for value in translation]}
    if rotation != IDENTITY:
        node["rotation"] = [round(value, 9) + 0.0 for value in rotation]
    if CHILDREN[joint]:
        node["children"] = list(CHILDREN[joint])
    return node


@cache
def _fixed() -> tuple[dict[str, Any], bytes]:
    """What is the same in every file: the document without nodes, and the end of the binary data."""
    count = len(MESH.anchors)
    movers = np.zeros((count, 4), dtype=np.uint8)
    movers[:, 0] = MESH.movers
    weights = np.zeros((count, 4), dtype=np.uint8)
    weights[:, 0] = 255
    triangles = list(MESH.triangles.values())
    blocks: list[tuple[int, int | None]] = [(12 * count, VERTICES), (64 * NUM_JOINTS, None)]
    blocks += [(12 * count, VERTICES), (4 * count, VERTICES), (4 * count, VERTICES)]
    blocks.append((sum(found.nbytes for found in triangles), INDICES))
    views: list[dict[str, int]] = []
    start = 0
    for length, target in blocks:
        views.append({"buffer": 0, "byteOffset": start, "byteLength": length} | ({"target": target} if target else {}))
        start += length
    accessors = [
        _accessor(0, FLOAT, count, "VEC3"),
        _accessor(1, FLOAT, NUM_JOINTS, "MAT4"),
        _accessor(2, FLOAT, count, "VEC3"),
        _accessor(3, BYTE, count, "VEC4"),
        _accessor(4, BYTE, count, "VEC4") | {"normalized": True},
    ]
    first = len(accessors)
    offset = 0
    for found in triangles:
        accessors.append(_accessor(5, SHORT, found.size, "SCALAR") | {"byteOffset": offset})
        offset += found.nbytes
    attributes = {"POSITION": 0, "NORMAL": 2, "JOINTS_0": 3, "WEIGHTS_0": 4}
    content = {
        "asset": {"version": "2.0", "generator": "posepipe"},
        "scene": 0,
        "scenes": [{"nodes": [0, NUM_JOINTS]}],
        "meshes": [
            {
                "name": "mannequin",
                "primitives": [
                    {"attributes": attributes, "indices": first + number, "material": number}
                    for number in range(len(triangles))
                ],
            }
        ],
        "skins": [{"name": "skeleton", "joints": list(range(NUM_JOINTS)), "skeleton": 0, "inverseBindMatrices": 1}],
        "materials": [_material(group, colour) for group, colour in COLOURS.items()],
        "accessors": accessors,
        "bufferViews": views,
    }
    ends: list[NDArray[Any]] = [MESH.normals, movers, weights, *triangles]
    return content, b"".join(found.tobytes() for found in ends)


def _accessor(view: int, kind: int, count: int, shape: str) -> dict[str, Any]:
    return {"bufferView": view, "componentType": kind, "count": count, "type": shape}


def _material(name: str, colour: tuple[int, int, int]) -> dict[str, Any]:
    """A dull material; glTF's colours are linear, those of the picture are sRGB."""
    shares = [value / 255 for value in colour]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    surface = {
        "baseColorFactor": [*(round(value, 5) for value in linear), 1.0],
        "metallicFactor": 0.0,
        "roughnessFactor": _ROUGHNESS,
    }
    return {"name": name, "pbrMetallicRoughness": surface}


def _container(document: dict[str, Any], binary: bytes) -> bytes:
    """A GLB file: a header, then a chunk of JSON and a chunk of binary data, each of a multiple of 4 bytes."""
    binary += bytes(-len(binary) % 4)
    document = document | {"buffers": [{"byteLength": len(binary)}]}
    text = json.dumps(document, separators=(",", ":"), allow_nan=False).encode("ascii")
    text += b" " * (-len(text) % 4)
    length = 12 + 8 + len(text) + 8 + len(binary)
    return b"".join(
        (struct.pack("<4sII", b"glTF", 2, length), _chunk(b"JSON", text), _chunk(b"BIN\0", binary)),
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack("<I4s", len(content), kind) + content
