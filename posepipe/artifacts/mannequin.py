"""The mesh of a jointed doll around the T-pose: limbs of capsules, a trunk, and a head with a face.

Everything but the places of the joints is the same for every pose. A vertex lies at a fixed distance from one joint
of the T-pose, times the body's size, and moves with one joint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.artifacts.rig import DIRECTIONS, Rig, rest
from posepipe.picture import colours
from posepipe.skeleton import JOINT_NAMES
from posepipe.skeleton.vectors import Vector

Floats = NDArray[np.float64]
UP: Final[Vector] = (0.0, 1.0, 0.0)
FRONT: Final[Vector] = (0.0, 0.0, 1.0)

COLOURS: Final = {**colours.LIMBS, "face": colours.WALL}
"""Colour of each group of triangles; RGB, 0 to 255."""


@dataclass(frozen=True)
class Part:
    """A capsule of elliptical section, or an ellipsoid where both ends are the same; metres."""

    mover: str  # the joint with which the part moves
    ends: tuple[tuple[str, Vector], tuple[str, Vector]]  # centres of both caps, each at a distance from a joint
    radii: tuple[Vector, Vector]  # of each cap: to the side, along, to the front
    along: Vector
    front: Vector = FRONT
    group: str = "spine"
    sides: int = 10  # corners of a section
    rings: int = 2  # of each cap, without its pole


def _parts() -> tuple[Part, ...]:
    parts = [
        _trunk("pelvis", (-0.09, -0.01), (0.0, 0.0), (0.15, 0.07, 0.1), (0.128, 0.07, 0.09)),
        Part("spine1", _between("pelvis", "spine2"), ((0.12, 0.06, 0.086), (0.124, 0.07, 0.09)), UP),
        _trunk("spine3", (-0.03, 0.0), (0.13, -0.015), (0.128, 0.08, 0.095), (0.155, 0.065, 0.09)),
        Part("neck", (("neck", (0.0, -0.05, 0.0)), ("head", (0.0, 0.01, -0.01))), _round(0.056, 0.052), UP),
        _ball("head", (0.0, 0.075, 0.02), (0.08, 0.115, 0.1), sides=16, rings=4),
        _ball("head", (0.0, 0.093, 0.055), (0.077, 0.024, 0.082), group="face", sides=16),
        _ball("head", (0.0, 0.056, 0.117), (0.015, 0.026, 0.024), group="face"),
    ]
    for sign, side in ((1.0, "left"), (-1.0, "right")):
        parts += _arm(side, sign) + _leg(side, sign)
    return tuple(parts)


def _between(start: str, end: str) -> tuple[tuple[str, Vector], tuple[str, Vector]]:
    return (start, (0.0, 0.0, 0.0)), (end, (0.0, 0.0, 0.0))


def _round(start: float, end: float) -> tuple[Vector, Vector]:
    return (start, start, start), (end, end, end)


def _trunk(joint: str, low: tuple[float, float], high: tuple[float, float], *radii: Vector) -> Part:
    """A part of the trunk between two points above or below a joint, given as height and distance to the front."""
    ends = (joint, (0.0, *low)), (joint, (0.0, *high))
    return Part(joint, ends, (radii[0], radii[1]), UP)


def _ball(joint: str, centre: Vector, radii: Vector, group: str = "spine", sides: int = 10, rings: int = 2) -> Part:
    return Part(joint, ((joint, centre), (joint, centre)), (radii, radii), UP, FRONT, group, sides, rings)


def _arm(side: str, sign: float) -> list[Part]:
    collar, shoulder, elbow, wrist = (f"{side}_{part}" for part in ("collar", "shoulder", "elbow", "wrist"))
    group, out = f"{side}_arm", (sign, 0.0, 0.0)
    hand = ((wrist, (sign * 0.045, 0.0, 0.0)), (wrist, (sign * 0.115, 0.0, 0.0)))
    return [
        Part(collar, _between(collar, shoulder), _round(0.05, 0.058), out, group=group),
        Part(shoulder, _between(shoulder, elbow), _round(0.052, 0.041), out, group=group),
        Part(elbow, _between(elbow, wrist), _round(0.043, 0.029), out, group=group),
        Part(wrist, hand, ((0.017, 0.045, 0.036), (0.013, 0.045, 0.034)), out, group=group),
    ]


def _leg(side: str, sign: float) -> list[Part]:
    hip, knee, ankle, foot = (f"{side}_{part}" for part in ("hip", "knee", "ankle", "foot"))
    group, down = f"{side}_leg", (0.0, -1.0, 0.0)
    x, _, z = DIRECTIONS[JOINT_NAMES.index(foot)]
    ahead = (x / np.hypot(x, z), 0.0, z / np.hypot(x, z))

    def on_sole(distance: float, height: float) -> tuple[str, Vector]:
        """A point in front of the ball of the foot; the joint there is on the floor."""
        return foot, (ahead[0] * distance, height, ahead[2] * distance)

    return [
        Part(hip, _between(hip, knee), _round(0.082, 0.054), down, group=group),
        Part(knee, _between(knee, ankle), _round(0.056, 0.037), down, group=group),
        Part(
            ankle, (on_sole(-0.14, 0.036), on_sole(0.0, 0.028)), ((0.034,) * 3, (0.044, 0.044, 0.028)), ahead, UP, group
        ),
        Part(
            foot,
            (on_sole(0.01, 0.025), on_sole(0.05, 0.02)),
            ((0.043, 0.03, 0.025), (0.038, 0.03, 0.02)),
            ahead,
            UP,
            group,
        ),
    ]


def _sphere(sides: int, rings: int) -> tuple[Floats, NDArray[np.intp]]:
    """Points of a unit sphere around the axis Y, from the lower pole to the upper, and triangles seen from outside.

    The equator is there twice, once for each cap. Points 0 to ``1 + sides * rings`` are those of the lower cap.
    """
    heights = np.linspace(-np.pi / 2, 0, rings + 1)[1:]
    heights = np.concatenate((heights, -heights[::-1]))[:, None]
    around = np.arange(sides) * (2 * np.pi / sides)
    points = np.stack(
        np.broadcast_arrays(np.cos(heights) * np.cos(around), np.sin(heights), np.cos(heights) * -np.sin(around)),
        axis=-1,
    ).reshape(-1, 3)
    points = np.concatenate(((UP,), points, (UP,))) * np.where(np.arange(len(points) + 2) == 0, -1.0, 1.0)[:, None]
    here = np.arange(sides)
    following = (here + 1) % sides
    last = len(points) - 1
    triangles = [np.stack((np.zeros_like(here), 1 + following, 1 + here), axis=-1)]
    for ring in range(2 * rings - 1):
        low, high = 1 + ring * sides, 1 + (ring + 1) * sides
        triangles.append(np.stack((low + here, low + following, high + following), axis=-1))
        triangles.append(np.stack((low + here, high + following, high + here), axis=-1))
    top = last - sides
    triangles.append(np.stack((top + here, top + following, np.full_like(here, last)), axis=-1))
    return points, np.concatenate(triangles)


@dataclass(frozen=True)
class Mesh:
    """What is the same in the meshes of all poses."""

    anchors: NDArray[np.intp]  # (n,) joint of the T-pose next to each vertex
    distances: Floats  # (n, 3) metres from there, in a body of usual size
    normals: NDArray[np.float32]  # (n, 3)
    movers: NDArray[np.uint8]  # (n,) joint with which each vertex moves
    triangles: dict[str, NDArray[np.uint16]]  # (m, 3) by group


def _mesh() -> Mesh:
    anchors, distances, normals, movers = [], [], [], []
    triangles: dict[str, list[NDArray[np.intp]]] = {group: [] for group in COLOURS}
    count = 0
    for part in _parts():
        sphere, corners = _sphere(part.sides, part.rings)
        along, front = np.array(part.along), np.array(part.front)
        axes = np.stack((np.cross(along, front), along, front))
        upper = np.arange(len(sphere)) > part.sides * part.rings
        radii = np.array(part.radii)[upper.astype(int)]
        centres = np.array([distance for _, distance in part.ends])[upper.astype(int)]
        joints = np.array([JOINT_NAMES.index(name) for name, _ in part.ends])
        facing = (sphere / radii) @ axes
        anchors.append(joints[upper.astype(int)])
        distances.append(centres + (sphere * radii) @ axes)
        normals.append(facing / np.linalg.norm(facing, axis=1, keepdims=True))
        movers.append(np.full(len(sphere), JOINT_NAMES.index(part.mover), dtype=np.uint8))
        triangles[part.group].append(corners + count)
        count += len(sphere)
    return Mesh(
        np.concatenate(anchors),
        np.concatenate(distances),
        np.concatenate(normals).astype(np.float32),
        np.concatenate(movers),
        {group: np.concatenate(found).astype(np.uint16) for group, found in triangles.items()},
    )


MESH: Final = _mesh()


def vertices(body: Rig) -> NDArray[np.float32]:
    """Vertices of the mesh around the T-pose of a body, (n, 3) in metres."""
    return (rest(body)[MESH.anchors] + body.size * MESH.distances).astype(np.float32)
