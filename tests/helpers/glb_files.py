"""Read a GLB file piece by piece, as the specification of glTF 2.0 describes it."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

TYPES = {5121: np.uint8, 5123: np.uint16, 5126: np.float32}
SHAPES = {"SCALAR": (), "VEC3": (3,), "VEC4": (4,), "MAT4": (4, 4)}


class Glb:
    """The document and the arrays of a GLB file."""

    def __init__(self, content: bytes) -> None:
        magic, version, length = struct.unpack_from("<4sII", content)
        assert (magic, version, length) == (b"glTF", 2, len(content))
        size, kind = struct.unpack_from("<I4s", content, 12)
        assert (kind, size % 4) == (b"JSON", 0)
        self.document: dict[str, Any] = json.loads(content[20 : 20 + size])
        binary, kind = struct.unpack_from("<I4s", content, 20 + size)
        assert (kind, binary % 4) == (b"BIN\0", 0)
        self.binary = content[28 + size :]
        assert len(self.binary) == binary == self.document["buffers"][0]["byteLength"]
        self.nodes: dict[str, dict[str, Any]] = {node["name"]: node for node in self.document["nodes"]}

    def array(self, accessor: int) -> NDArray[Any]:
        found = self.document["accessors"][accessor]
        view = self.document["bufferViews"][found["bufferView"]]
        start = view["byteOffset"] + found.get("byteOffset", 0)
        shape = (found["count"], *SHAPES[found["type"]])
        flat = np.frombuffer(self.binary, TYPES[found["componentType"]], int(np.prod(shape)), start)
        assert start + flat.nbytes <= view["byteOffset"] + view["byteLength"]
        return flat.reshape(shape)

    def attribute(self, name: str) -> NDArray[Any]:
        """An attribute of the vertices, which all primitives share."""
        accessors = {primitive["attributes"][name] for primitive in self.document["meshes"][0]["primitives"]}
        assert len(accessors) == 1
        return self.array(accessors.pop())

    def triangles(self) -> dict[str, NDArray[np.uint16]]:
        """Triangles, (n, 3), by the name of their material."""
        materials = [material["name"] for material in self.document["materials"]]
        return {
            materials[primitive["material"]]: self.array(primitive["indices"]).reshape(-1, 3)
            for primitive in self.document["meshes"][0]["primitives"]
        }

    def joints(self) -> NDArray[np.float64]:
        """(22, 4, 4) places of the joints of the skin in the world, as matrices."""
        nodes = self.document["nodes"]
        places: dict[int, NDArray[np.float64]] = {}

        def walk(number: int, above: NDArray[np.float64]) -> None:
            local = np.eye(4)
            local[:3, :3] = _matrix(*nodes[number].get("rotation", (0, 0, 0, 1)))
            local[:3, 3] = nodes[number].get("translation", (0, 0, 0))
            places[number] = above @ local
            for child in nodes[number].get("children", ()):
                walk(child, places[number])

        for root in self.document["scenes"][0]["nodes"]:
            walk(root, np.eye(4))
        return np.stack([places[number] for number in self.document["skins"][0]["joints"]])

    def vertices(self) -> NDArray[np.float64]:
        """(n, 3) vertices of the mesh as the skin moves them."""
        bind = self.array(self.document["skins"][0]["inverseBindMatrices"]).transpose(0, 2, 1)
        moves = self.joints() @ bind
        weights = self.attribute("WEIGHTS_0") / 255
        points = np.concatenate((self.attribute("POSITION"), np.ones((len(weights), 1))), axis=1)
        each = np.einsum("nkij,nj->nki", moves[self.attribute("JOINTS_0")], points)
        return np.asarray((weights[..., None] * each).sum(axis=1)[:, :3])


def _matrix(x: float, y: float, z: float, w: float) -> NDArray[np.float64]:
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
