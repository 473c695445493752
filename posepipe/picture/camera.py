"""The fixed camera and the two insets: projection of points, and the scale at which a pose fits the frame.

World: metres, Y up, right-handed; a standing person faces +Z, with the left side at +X. The camera is 30 degrees
to the person's left and 14 degrees above the floor, with a weak perspective. Pixels: x to the right, y down.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIZE: Final = 1200
"""Width and height of the picture in pixels."""

PIXELS_PER_METRE: Final = 325.0
DISTANCE: Final = 9.0
ORIGIN: Final = (510.0, 962.0)
"""Pixel of the centre of the floor, above which the pelvis is."""

FRAME: Final = (24.0, 188.0, 962.0, 1124.0)
"""Left, top, right and bottom of the area that a pose may cover, in pixels."""

INSET_PIXELS_PER_METRE: Final = 96.0
INSET_SIZE: Final = (212, 246)
INSETS: Final = {"front": (972, 196), "side": (972, 466)}
"""Upper left corner of each inset. ``front`` looks along -Z, ``side`` along -X at the person's left side."""

INSET_FLOOR: Final = 226
"""Pixels from the top of an inset to its floor."""

_AZIMUTH, _ELEVATION = np.radians(30.0), np.radians(14.0)
_SIN, _COS = float(np.sin(_AZIMUTH)), float(np.cos(_AZIMUTH))
_RISE, _RUN = float(np.sin(_ELEVATION)), float(np.cos(_ELEVATION))

VIEW: Final = np.array(
    [
        [_COS, -_SIN * _RISE, _SIN * _RUN],
        [0.0, _RUN, _RISE],
        [-_SIN, -_COS * _RISE, _COS * _RUN],
    ]
)
"""(3, 3) rotation. Its columns are the picture's right, the picture's up, and the direction towards the camera."""


def project(points: Floats) -> tuple[Floats, Floats]:
    """Project points into the picture.

    Parameters
    ----------
    points : (..., 3) float array
        Metres.

    Returns
    -------
    (..., 2) float array
        Pixels.
    (...) float array
        Metres towards the camera, 0 at the centre of the floor; larger is nearer.
    """
    seen = points @ VIEW
    nearness = seen[..., 2]
    scale = PIXELS_PER_METRE * DISTANCE / (DISTANCE - nearness)
    pixels = np.empty((*seen.shape[:-1], 2))
    pixels[..., 0] = ORIGIN[0] + scale * seen[..., 0]
    pixels[..., 1] = ORIGIN[1] - scale * seen[..., 1]
    return pixels, nearness


def pixels_per_metre(nearness: Floats) -> Floats:
    """Pixels per metre at a depth, for the thickness of limbs."""
    return PIXELS_PER_METRE * DISTANCE / (DISTANCE - nearness)


def project_inset(points: Floats, inset: str) -> Floats:
    """Project points into an inset, in parallel projection; the result is in pixels of the whole picture."""
    left, top = INSETS[inset]
    across = points[..., 0] if inset == "front" else -points[..., 2]
    pixels = np.empty((*points.shape[:-1], 2))
    pixels[..., 0] = left + INSET_SIZE[0] / 2 + INSET_PIXELS_PER_METRE * across
    pixels[..., 1] = top + INSET_FLOOR - INSET_PIXELS_PER_METRE * points[..., 1]
    return pixels


def fitting_scale(points: Floats, radii: Floats) -> float:
    """Factor by which a pose is shrunk about the centre of the floor to fit the frame and the insets.

    Parameters
    ----------
    points : (n, 3) float array
        Metres.
    radii : (n,) float array
        Radius of the body around each point, in metres.

    Returns
    -------
    float
        At most 1; 1.0 for a pose that fits.
    """
    left, top, right, bottom = FRAME
    seen = points @ VIEW
    reach = np.abs(seen[:, 2]) + radii
    largest = np.inf
    for amount, limit in (
        (seen[:, 0] + radii, right - ORIGIN[0]),
        (radii - seen[:, 0], ORIGIN[0] - left),
        (seen[:, 1] + radii, ORIGIN[1] - top),
        (radii - seen[:, 1], bottom - ORIGIN[1]),
    ):
        # k * amount * f * D / (D - k * reach) <= limit, solved for k
        need = amount * PIXELS_PER_METRE * DISTANCE + limit * (seen[:, 2] + radii)
        with np.errstate(divide="ignore"):
            factor = np.where(need > 0, limit * DISTANCE / need, np.inf)
        largest = min(largest, float(factor.min()))
    inset = INSET_PIXELS_PER_METRE
    half = (INSET_SIZE[0] / 2 - 2) / inset
    above, below = (INSET_FLOOR - 20) / inset, (INSET_SIZE[1] - INSET_FLOOR - 2) / inset
    spans = (
        (np.abs(points[:, 0]) + radii, half),
        (np.abs(points[:, 2]) + radii, half),
        (points[:, 1] + radii, above),
        (radii - points[:, 1], below),
    )
    for amount, limit in spans:
        largest = min(largest, limit / max(float(amount.max()), 1e-9))
    # a pose that reaches far towards the camera must stay in front of it
    largest = min(largest, 0.5 * DISTANCE / max(float(reach.max()), 1e-9))
    return min(1.0, largest)
