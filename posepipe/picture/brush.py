"""Paints a posed body into the pixels: shadow, arrow, limbs, insets. OpenCV does the filling."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.picture import body, camera, colours
from posepipe.picture.camera import Floats

Pixels = NDArray[np.uint8]

_SHIFT: Final = 4
_HALO: Final = 3.5
_EDGE: Final = 1.2
_SHADOW_STEP: Final = 4
_SHADOW_DARKNESS: Final = 0.30


def paint(pixels: Pixels, joints: Floats, scale: float) -> None:
    """A person, his shadow, his facing arrow and both insets.

    Parameters
    ----------
    pixels : (1200, 1200, 3) uint8 array
        Written in place.
    joints : (22, 3) float array
        Metres, already shrunk by ``scale``.
    scale : float
        The factor of `camera.fitting_scale`, by which flesh shrinks too.
    """
    ends = body.parts(joints)
    _shadow(pixels, ends, scale)
    _arrow(pixels, joints)
    _figure(pixels, ends, scale)
    for inset in camera.INSETS:
        _inset(pixels, ends, inset, scale)


def _fixed(points: Floats) -> NDArray[np.int32]:
    return np.rint(points * (1 << _SHIFT)).astype(np.int32)


def _fill(pixels: Pixels, polygon: Any, colour: colours.RGB) -> None:
    import cv2

    cv2.fillConvexPoly(pixels, polygon, colour, cv2.LINE_AA, _SHIFT)


def _shadow(pixels: Pixels, ends: Floats, scale: float) -> None:
    """Straight light from above, softened; the higher a part, the paler its shadow."""
    import cv2

    floor = ends * (1.0, 0.0, 1.0)
    spots, nearness = camera.project(floor)
    margin = 20
    low = np.maximum(spots.reshape(-1, 2).min(axis=0).astype(int) - margin, 0)
    high = np.minimum(spots.reshape(-1, 2).max(axis=0).astype(int) + margin, camera.SIZE)
    width, height = ((high - low) // _SHADOW_STEP + 1).tolist()
    mask = np.zeros((height, width), dtype=np.uint8)
    places = _fixed((spots - low) / _SHADOW_STEP)
    radii = body.BONES.radii.max(axis=1) * scale * camera.pixels_per_metre(nearness.mean(axis=1))
    thick = np.maximum(radii * (1.3 / _SHADOW_STEP), 1).astype(int).tolist()
    paleness = (255 * np.clip(1.0 - ends[:, :, 1].mean(axis=1) / 2.4, 0.25, 1.0)).astype(int)
    for part in np.argsort(paleness).tolist():
        start, end = places[part].tolist()
        cv2.line(mask, start, end, int(paleness[part]), thick[part], cv2.LINE_AA, _SHIFT)
    mask = cv2.GaussianBlur(mask, (0, 0), 1.6, sigmaY=1.1)
    right = min(int(low[0]) + width * _SHADOW_STEP, camera.SIZE)
    bottom = min(int(low[1]) + height * _SHADOW_STEP, camera.SIZE)
    shade = cv2.resize(mask, (width * _SHADOW_STEP, height * _SHADOW_STEP), interpolation=cv2.INTER_LINEAR)
    shade = shade[: bottom - low[1], : right - low[0]]
    region = pixels[low[1] : bottom, low[0] : right]
    dark = cv2.convertScaleAbs(shade, alpha=_SHADOW_DARKNESS)
    cv2.subtract(region, cv2.merge((dark, dark, dark)), dst=region)


def _arrow(pixels: Pixels, joints: Floats) -> None:
    """On the floor, from under the pelvis to where the person looks."""
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
    spots, nearness = camera.project(ends)
    radii = body.BONES.radii * scale * camera.pixels_per_metre(nearness)
    order = body.drawing_order(spots, nearness, radii.mean(axis=1), _HALO)
    layers = _fixed(np.stack([body.outlines(spots, radii + grown) for grown in (_HALO + _EDGE, _EDGE, 0.0)]))
    lights = _fixed(_lit(spots, radii))
    fades = body.fades(nearness.mean(axis=1)).tolist()
    dots = _dots(order)
    for part in order:
        colour = colours.mix(body.COLOURS[part], colours.WHITE, fades[part])
        _fill(pixels, layers[0, part], colours.WHITE)
        _fill(pixels, layers[1, part], colours.mix(colour, colours.INK, 0.45))
        _fill(pixels, layers[2, part], colour)
        _fill(pixels, lights[part], colours.mix(colour, colours.WHITE, 0.3))
        for end in dots[part]:
            _dot(pixels, spots[part, end], float(radii[part, end]) * 0.42)


def _lit(spots: Floats, radii: Floats) -> Floats:
    """The light stripe of every part, on the side that looks up and to the left."""
    along = spots[:, 1] - spots[:, 0]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    normal = np.stack((along[:, 1], -along[:, 0]), axis=1) / length[:, None]
    normal *= np.where(normal @ (-0.6, -0.8) < 0, -1.0, 1.0)[:, None]
    normal[-1] = (-0.6, -0.6)
    shifted = spots + 0.42 * radii[..., None] * normal[:, None]
    return body.outlines(shifted, radii * 0.26)


def _dots(order: list[int]) -> list[list[int]]:
    """For each part the ends whose joint is marked right after it: the foremost part at a joint shows it."""
    foremost: dict[int, tuple[int, int]] = {}
    for part in order:
        if part != len(order) - 1:
            foremost[int(body.BONES.starts[part])] = (part, 0)
            foremost[int(body.BONES.ends[part])] = (part, 1)
    dots: list[list[int]] = [[] for _ in order]
    for part, end in foremost.values():
        dots[part].append(end)
    return dots


def _dot(pixels: Pixels, spot: Floats, radius: float) -> None:
    import cv2

    x, y = _fixed(spot).tolist()
    cv2.circle(pixels, (x, y), round(radius * (1 << _SHIFT)), colours.WHITE, -1, cv2.LINE_AA, _SHIFT)


def _inset(pixels: Pixels, ends: Floats, inset: str, scale: float) -> None:
    """A small view without perspective: strokes with a white seam, the hindmost first."""
    import cv2

    spots = _fixed(camera.project_inset(ends, inset))
    nearness = ends[..., 2 if inset == "front" else 0].mean(axis=1)
    radius = body.HEAD_RADIUS * camera.INSET_PIXELS_PER_METRE * scale
    for part in np.argsort(nearness, kind="stable").tolist():
        start, end = spots[part].tolist()
        if part == len(spots) - 1:
            cv2.circle(
                pixels, start, round(radius * (1 << _SHIFT)), body.COLOURS[part], -1, cv2.LINE_AA, _SHIFT
            )
            continue
        cv2.line(pixels, start, end, colours.WHITE, 9, cv2.LINE_AA, _SHIFT)
        cv2.line(pixels, start, end, body.COLOURS[part], 6, cv2.LINE_AA, _SHIFT)
