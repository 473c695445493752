"""Geometry of the drawn body: parts, outlines, the order in which parts are drawn, colours by distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe import skeleton
from posepipe.picture import colours, order
from posepipe.picture.camera import Floats

HEAD_RADIUS: Final = 0.105
HEAD_LIFT: Final = 0.06
"""Metres from the head joint, which is at the base of the skull, to the centre of the drawn head."""

_FLESH: Final = {
    "leg": ((0.040, 0.045), (0.053, 0.042), (0.042, 0.031), (0.031, 0.024)),
    "spine": ((0.050, 0.050), (0.050, 0.050), (0.050, 0.050), (0.050, 0.038), (0.038, 0.038)),
    "arm": ((0.035, 0.036), (0.036, 0.039), (0.039, 0.033), (0.033, 0.026)),
}
"""Radii in metres at both ends of each bone of a chain, from the root outward."""


@dataclass(frozen=True)
class Bones:
    """The drawn parts: one bone for each joint except the root, then the head as a bone of length 0."""

    starts: NDArray[np.intp]  # (22,) joints
    ends: NDArray[np.intp]  # (22,) joints
    radii: Floats  # (22, 2) metres, at start and end
    limbs: tuple[str, ...]  # (22,) keys of colours.LIMBS


def _bones() -> Bones:
    starts, ends, radii, limbs = [], [], [], []
    for limb, chain in skeleton.CHAINS.items():
        flesh = _FLESH[limb.rpartition("_")[2]]
        for start, end, radius in zip(chain[:-1], chain[1:], flesh, strict=True):
            starts.append(start)
            ends.append(end)
            radii.append(radius)
            limbs.append(limb)
    head = skeleton.JOINT_NAMES.index("head")
    starts.append(head)
    ends.append(head)
    radii.append((HEAD_RADIUS, HEAD_RADIUS))
    limbs.append("spine")
    return Bones(np.array(starts), np.array(ends), np.array(radii), tuple(limbs))


BONES: Final = _bones()
JOINTS: Final[list[tuple[int, int]]] = list(zip(BONES.starts.tolist(), BONES.ends.tolist(), strict=True))
CHAINS: Final = {limb: list(chain) for limb, chain in skeleton.CHAINS.items()}
JOINED: Final = np.array(
    [[sum(joint in bone for bone in JOINTS) > 1 for joint in bone] for bone in JOINTS[:-1]] + [[False, False]]
)
"""(22, 2) bool: whether another part begins or ends at this end of the part."""

_COLOURS: Final = np.array([colours.LIMBS[limb] for limb in BONES.limbs], dtype=np.float64)
_FIRST, _SECOND = np.triu_indices(len(BONES.limbs), k=1)
_SHARED: Final = (
    (BONES.starts[_FIRST] == BONES.starts[_SECOND])
    | (BONES.starts[_FIRST] == BONES.ends[_SECOND])
    | (BONES.ends[_FIRST] == BONES.starts[_SECOND])
    | (BONES.ends[_FIRST] == BONES.ends[_SECOND])
)


def parts(joints: Floats, scale: float = 1.0) -> Floats:
    """Both ends of every drawn part, in world coordinates.

    Parameters
    ----------
    joints : (22, 3) float array
        Metres.
    scale : float
        Factor by which the joints have been shrunk; the head shrinks with them.

    Returns
    -------
    (22, 2, 3) float array
        Metres. The last part is the head; both its ends are at its centre.
    """
    ends = np.empty((len(BONES.limbs), 2, 3))
    ends[:, 0] = joints[BONES.starts]
    ends[:, 1] = joints[BONES.ends]
    neck = ends[-2, 1] - ends[-2, 0]
    length = float(np.linalg.norm(neck))
    if length > 0:
        ends[-1] += neck * (HEAD_LIFT * scale / length)
    return ends


def facing(joints: Floats) -> Floats | None:
    """Direction along the floor in which a person faces.

    It is the direction of the chest, from hips, shoulders and trunk. For a person who bends over or lies on the belly
    it turns towards the direction of the head.

    Returns
    -------
    (2,) float array or None
        x and z, of length 1. None if the chest points upwards, or if the joints define no chest.
    """
    across = joints[1] - joints[2] + joints[16] - joints[17]
    trunk = joints[12] - joints[0]
    chest = np.cross(across, trunk)
    size, length = float(np.linalg.norm(chest)), float(np.linalg.norm(trunk))
    if size < 1e-9 or length < 1e-9:
        return None
    chest, trunk = chest / size, trunk / length
    along = chest[[0, 2]] + max(0.0, -chest[1]) * trunk[[0, 2]]
    reach = float(np.linalg.norm(along))
    return along / reach if reach > 0.35 else None


def outlines(ends: Floats, radii: Floats, points: int = 9) -> Floats:
    """Outlines of capsules, each around two circles.

    Parameters
    ----------
    ends : (..., 2, 2) float array
        Centres of the circles, in pixels.
    radii : (..., 2) float array
        Radii of the circles, in pixels.
    points : int
        Corners on each of the two arcs.

    Returns
    -------
    (..., 2 * points, 2) float array
        Convex polygons.
    """
    along = ends[..., 1, :] - ends[..., 0, :]
    length = np.maximum(np.hypot(along[..., 0], along[..., 1]), 1e-9)
    direction = np.arctan2(along[..., 1], along[..., 0])[..., None]
    lean = np.arccos(np.clip((radii[..., 0] - radii[..., 1]) / length, -1.0, 1.0))[..., None]
    steps = np.linspace(0.0, 1.0, points)
    angles = np.concatenate(
        (direction - lean + steps * 2 * lean, direction + lean + steps * 2 * (np.pi - lean)), axis=-1
    )
    middles = np.repeat(ends[..., ::-1, :], points, axis=-2)
    reach = np.repeat(radii[..., ::-1], points, axis=-1)
    corners = np.empty((*angles.shape, 2))
    corners[..., 0] = middles[..., 0] + reach * np.cos(angles)
    corners[..., 1] = middles[..., 1] + reach * np.sin(angles)
    return corners


def drawing_order(ends: Floats, nearness: Floats, radii: Floats, gap: float) -> list[int]:
    """Order in which the parts are drawn, from back to front.

    Two parts that cross in the picture are ordered by their depth where they cross, because a long bone can be behind
    one part and in front of another. All other parts are ordered by the depth of their middle.

    Parameters
    ----------
    ends : (n, 2, 2) float array
        Ends of the parts, in pixels.
    nearness : (n, 2) float array
        Depth of both ends, in metres towards the camera.
    radii : (n,) float array
        Pixels.
    gap : float
        Parts closer than this many pixels count as crossing.

    Returns
    -------
    list of int
        A permutation of ``range(n)``.
    """
    one, other, distance = order.closest(ends[_FIRST], ends[_SECOND])
    depth_one = nearness[_FIRST, 0] + one * (nearness[_FIRST, 1] - nearness[_FIRST, 0])
    depth_other = nearness[_SECOND, 0] + other * (nearness[_SECOND, 1] - nearness[_SECOND, 0])
    middle = nearness.mean(axis=1)
    lead = np.where(_SHARED, middle[_SECOND] - middle[_FIRST], depth_other - depth_one)
    meets = distance < radii[_FIRST] + radii[_SECOND] + gap
    leads = zip(_FIRST[meets].tolist(), _SECOND[meets].tolist(), (lead[meets] >= 0).tolist(), strict=True)
    return order.back_to_front(middle, leads)


def tints(nearness: Floats) -> list[list[colours.RGB]]:
    """Colours of halo, edge, fill and highlight of every part; far limbs are lighter.

    Parameters
    ----------
    nearness : (22,) float array
        Metres towards the camera.
    """
    fade = np.clip(0.14 - 0.4 * nearness, 0.0, 0.38)[:, None]
    middle = _COLOURS + (255.0 - _COLOURS) * fade
    edge = middle + (np.array(colours.INK) - middle) * 0.45
    light = middle + (255.0 - middle) * 0.3
    layers = np.stack((np.full_like(middle, 255.0), edge, middle, light), axis=1)
    return [[(red, green, blue) for red, green, blue in part] for part in np.rint(layers).astype(int).tolist()]
