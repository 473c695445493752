"""Paint a body into an image: shadow, facing arrow, limbs, insets. OpenCV fills the shapes."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.picture import body, camera, colours
from posepipe.picture.camera import Floats

Pixels = NDArray[np.uint8]

_SHIFT: Final = 4
"""Fractional bits of OpenCV's coordinates."""

_HALO: Final = 3.5
_EDGE: Final = 1.2
_SHADOW_STEP: Final = (4, 1)
"""Picture pixels per pixel of the shadow map, across and down. In the map a circle on the floor is a circle."""

_SHADOW_DARKNESS: Final = 0.30
_HEAD: Final = len(body.BONES.limbs) - 1


def paint(pixels: Pixels, joints: Floats, scale: float) -> None:
    """Paint a person with shadow, facing arrow and both insets.

    Parameters
    ----------
    pixels : (1200, 1200, 3) uint8 array
        RGB, written in place.
    joints : (22, 3) float array
        Metres, already shrunk by ``scale``.
    scale : float
        The factor from `camera.fitting_scale`; the radii of the limbs are multiplied by it.
    """
    ends = body.parts(joints, scale)
    _shadow(pixels, ends, scale)
    _arrow(pixels, joints)
    _figure(pixels, ends, scale)
    for inset in camera.INSETS:
        _inset(pixels, joints, ends[_HEAD], inset, scale)


def _fixed(points: Floats) -> NDArray[np.int32]:
    return np.rint(points * (1 << _SHIFT)).astype(np.int32)


def _shadow(pixels: Pixels, ends: Floats, scale: float) -> None:
    """Paint the shadow of light from straight above, blurred; the higher a part, the paler its shadow."""
    import cv2

    spots, nearness = camera.project(ends * (1.0, 0.0, 1.0))
    thick = body.BONES.radii.max(axis=1) * camera.pixels_per_metre(nearness[:, 0]) * (1.5 * scale / _SHADOW_STEP[0])
    margin = (np.array(_SHADOW_STEP) * (thick.max() / 2 + 7)).astype(int)
    corners = spots.reshape(-1, 2)
    low = np.floor(corners.min(axis=0)).astype(int) - margin
    width, height = ((np.ceil(corners.max(axis=0)).astype(int) + margin - low) // _SHADOW_STEP).tolist()
    mask = np.zeros((height, width), dtype=np.uint8)
    places = _fixed((spots - low) / _SHADOW_STEP).tolist()
    darkness = (255 * _SHADOW_DARKNESS * np.clip(1.0 - ends[:, :, 1].mean(axis=1) / 2.4, 0.25, 1.0)).astype(int)
    for part in np.argsort(darkness, kind="stable").tolist():
        start, end = places[part]
        cv2.line(mask, start, end, int(darkness[part]), max(1, int(thick[part])), cv2.LINE_AA, _SHIFT)
    mask = cv2.blur(cv2.blur(mask, (5, 7)), (5, 7))
    shade = cv2.resize(mask, None, fx=_SHADOW_STEP[0], fy=_SHADOW_STEP[1], interpolation=cv2.INTER_LINEAR)
    shade &= 0xFC  # invisible steps that make the file 5 % smaller
    left, top = low.tolist()
    region = pixels[max(top, 0) : top + shade.shape[0], max(left, 0) : left + shade.shape[1]]
    shade = shade[max(-top, 0) :, max(-left, 0) :][: region.shape[0], : region.shape[1]]
    if region.size:
        cv2.subtract(region, cv2.merge((shade, shade, shade)), dst=region)


def _arrow(pixels: Pixels, joints: Floats) -> None:
    """Paint the arrow on the floor, from below the pelvis in the facing direction."""
    import cv2

    ahead = body.facing(joints)
    if ahead is None:
        return
    aside = np.array((-ahead[1], ahead[0]))
    forward = np.array((0.10, 0.46, 0.46, 0.64, 0.46, 0.46, 0.10))
    sideways = np.array((0.018, 0.018, 0.060, 0.0, -0.060, -0.018, -0.018))
    spots = np.zeros((7, 3))
    spots[:, ::2] = forward[:, None] * ahead + sideways[:, None] * aside
    corners, _ = camera.project(spots)
    cv2.fillPoly(pixels, [_fixed(corners)], colours.ARROW, cv2.LINE_AA, _SHIFT)


def _figure(pixels: Pixels, ends: Floats, scale: float) -> None:
    """Paint every part with halo, edge, fill and highlight, from back to front."""
    import cv2

    spots, nearness = camera.project(ends)
    radii = body.BONES.radii * scale * camera.pixels_per_metre(nearness)
    order = body.drawing_order(spots, nearness, radii.mean(axis=1), _HALO)
    layers = np.stack((spots, spots, spots, _lit(spots, radii)))
    layers[0] = _pulled_in(spots, radii)
    reaches = np.stack((radii + (_HALO + _EDGE), radii + _EDGE, radii, radii * 0.26))
    shapes = _fixed(body.outlines(layers, reaches))
    tints = body.tints(nearness.mean(axis=1))
    marks, places, sizes = _marks(order), _fixed(spots).tolist(), _fixed(radii * 0.36).tolist()
    for part in order:
        if part == _HEAD:
            _ball(pixels, layers[:, part, 0], reaches[:, part, 0], tints[part])
            continue
        for shape, tint in zip(shapes[:, part], tints[part], strict=True):
            cv2.fillConvexPoly(pixels, shape, tint, cv2.LINE_AA, _SHIFT)
        for end in marks[part]:
            cv2.circle(pixels, places[part][end], sizes[part][end], colours.WHITE, -1, cv2.LINE_AA, _SHIFT)


def _ball(pixels: Pixels, middles: Floats, radii: Floats, tints: list[colours.RGB]) -> None:
    """Paint the four layers of the head as circles."""
    import cv2

    for middle, radius, tint in zip(_fixed(middles).tolist(), _fixed(radii).tolist(), tints, strict=True):
        cv2.circle(pixels, middle, radius, tint, -1, cv2.LINE_AA, _SHIFT)


def _pulled_in(spots: Floats, radii: Floats) -> Floats:
    """Ends of the halos. A halo stops short of a joint with a neighbour, otherwise it would cut the limb in two."""
    along = spots[:, 1] - spots[:, 0]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    pull = np.minimum(radii + (_HALO + _EDGE), 0.4 * length) / length * body.JOINED
    pulled = spots.copy()
    pulled[:, 0] += pull[:, :1] * along
    pulled[:, 1] -= pull[:, 1:] * along
    return pulled


def _lit(spots: Floats, radii: Floats) -> Floats:
    """The highlight of every part, on its upper left side."""
    along = spots[:, 1] - spots[:, 0]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    normal = np.stack((along[:, 1], -along[:, 0]), axis=1) / length[:, None]
    normal *= np.where(normal @ (-0.6, -0.8) < 0, -1.0, 1.0)[:, None]
    normal[_HEAD] = (-0.6, -0.6)
    return spots + 0.42 * radii[..., None] * normal[:, None]


def _marks(order: list[int]) -> list[list[int]]:
    """For each part, the ends whose joint is marked after it is painted: the frontmost part at a joint has the mark."""
    foremost: dict[int, tuple[int, int]] = {}
    for part in order:
        if part != _HEAD:
            foremost[body.JOINTS[part][0]] = (part, 0)
            foremost[body.JOINTS[part][1]] = (part, 1)
    marks: list[list[int]] = [[] for _ in order]
    for part, end in foremost.values():
        marks[part].append(end)
    return marks


def _inset(pixels: Pixels, joints: Floats, head: Floats, inset: str, scale: float) -> None:
    """Paint an inset without perspective: one stroke with a white border for each limb, from back to front."""
    import cv2

    axis = 2 if inset == "front" else 0
    spots = _fixed(camera.project_inset(joints, inset))
    centre = tuple(_fixed(camera.project_inset(head[0], inset)).tolist())
    radius = round(body.HEAD_RADIUS * camera.INSET_PIXELS_PER_METRE * scale * (1 << _SHIFT))
    strokes: list[tuple[float, str]] = [(float(head[0, axis]), "")]
    strokes += [(float(joints[chain[-3:], axis].mean()), limb) for limb, chain in body.CHAINS.items()]
    for _, limb in sorted(strokes):
        if not limb:
            cv2.circle(pixels, centre, radius, colours.LIMBS["spine"], -1, cv2.LINE_AA, _SHIFT)
            continue
        stroke: list[Any] = [spots[body.CHAINS[limb]]]
        cv2.polylines(pixels, stroke, False, colours.WHITE, 8, cv2.LINE_AA, _SHIFT)
        cv2.polylines(pixels, stroke, False, colours.LIMBS[limb], 5, cv2.LINE_AA, _SHIFT)
