"""Cameras: the view of a pose that shows most, and the fixed camera and insets of the diagram.

World: metres, Y up, right-handed; a standing person faces +Z, with the left side at +X. Pixels: x to the right, y down.
A view is chosen from the joints alone. The camera of the diagram is 30 degrees to the person's left and 14 degrees
above the floor. All have a weak perspective.
"""

from __future__ import annotations

from dataclasses import dataclass
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


def rotation(azimuth: float, elevation: float) -> Floats:
    """Axes of a camera, as the columns of a (3, 3) matrix: the picture's right and up, and towards the camera.

    Parameters
    ----------
    azimuth : float
        Degrees from +Z towards +X.
    elevation : float
        Degrees above the floor.
    """
    turn, tilt = np.radians(azimuth), np.radians(elevation)
    sin, cos = float(np.sin(turn)), float(np.cos(turn))
    rise, run = float(np.sin(tilt)), float(np.cos(tilt))
    return np.array([[cos, -sin * rise, sin * run], [0.0, run, rise], [-sin, -cos * rise, cos * run]])


VIEW: Final = rotation(30.0, 14.0)
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


@dataclass(frozen=True, eq=False)
class View:
    """A camera that is aimed at a pose."""

    name: str
    azimuth: float
    """Degrees from +Z towards +X."""
    elevation: float
    """Degrees above the floor."""
    scale: float
    """Pixels per metre at the centre."""
    centre: Floats
    """(3,) metres: the point at which the camera is aimed."""
    origin: tuple[float, float]
    """Pixel of the centre."""
    distance: float = DISTANCE
    """Metres from the camera to the centre."""

    def project(self, points: Floats) -> tuple[Floats, Floats]:
        """Project points into the picture.

        Parameters
        ----------
        points : (..., 3) float array
            Metres, in the coordinates of the joints.

        Returns
        -------
        (..., 2) float array
            Pixels.
        (...) float array
            Metres towards the camera, 0 at the centre; larger is nearer.
        """
        seen, nearness = _seen(points - self.centre, rotation(self.azimuth, self.elevation), self.distance)
        return seen * (self.scale, -self.scale) + self.origin, nearness


DIAGRAM: Final = View("diagram", 30.0, 14.0, PIXELS_PER_METRE, np.zeros(3), ORIGIN)
"""The camera of the diagram, for joints that `posepipe.picture.placed` has moved."""

VIEWS: Final = {
    "front-left": (30.0, 12.0),
    "front-right": (-30.0, 12.0),
    "left": (75.0, 20.0),
    "right": (-75.0, 20.0),
    "left-above": (60.0, 40.0),
    "right-above": (-60.0, 40.0),
}
"""Azimuth and elevation of the views to choose from, in degrees; the first is the usual one."""


def view_of(joints: Floats, azimuth: float | None = None, elevation: float | None = None) -> View:
    """The view in which a pose is drawn, a function of the joints alone.

    Parameters
    ----------
    joints : (22, 3) float array
        Metres.
    azimuth, elevation : float, optional
        Degrees, instead of those of the chosen view.

    Returns
    -------
    View
        Its name is ``custom`` if an angle was given.
    """
    name = next(iter(VIEWS))
    turn, tilt = VIEWS[name]
    if azimuth is not None or elevation is not None:
        name = "custom"
        turn, tilt = turn if azimuth is None else azimuth, tilt if elevation is None else elevation
    low, high = joints.min(axis=0), joints.max(axis=0)
    centre = (low + high) / 2
    distance = max(DISTANCE, 4 * float((high - low).max()))
    seen, _ = _seen(joints - centre, rotation(turn, tilt), distance)
    margin = 0.15
    least, most = seen.min(axis=0) - margin, seen.max(axis=0) + margin
    left, top, right, bottom = 60.0, 116.0, 1140.0, 1184.0
    scale = float(min((right - left) / (most[0] - least[0]), (bottom - top) / (most[1] - least[1])))
    middle = (least + most) / 2 * (scale, -scale)
    origin = (left + right) / 2 - float(middle[0]), (top + bottom) / 2 - float(middle[1])
    return View(name, turn, tilt, scale, centre, origin, distance)


def _seen(points: Floats, axes: Floats, distance: float) -> tuple[Floats, Floats]:
    """Metres to the right and up in the plane through the centre, (..., 2), and metres towards the camera."""
    seen = points @ axes
    nearness = seen[..., 2]
    return seen[..., :2] * (distance / (distance - nearness))[..., None], nearness
