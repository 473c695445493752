"""Cameras: the view of a pose that shows most, and the fixed camera and insets of the diagram.

World: metres, Y up, right-handed; a standing person faces +Z, with the left side at +X. Pixels: x to the right, y down.
A view is chosen from the joints alone. The camera of the diagram is 30 degrees to the person's left and 14 degrees
above the floor. All have a weak perspective.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.picture.anatomy import Body, J, body_of
from posepipe.skeleton import JOINT_NAMES, PARENTS

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

    @cached_property
    def axes(self) -> Floats:
        """Columns of a (3, 3) matrix: the picture's right and up, and the direction towards the camera."""
        return rotation(self.azimuth, self.elevation)

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
        seen = (points - self.centre) @ self.axes
        nearness = seen[..., 2]
        scale = self.scale * self.distance / np.maximum(self.distance - nearness, 0.05 * self.distance)
        pixels = np.empty((*seen.shape[:-1], 2))
        pixels[..., 0] = self.origin[0] + scale * seen[..., 0]
        pixels[..., 1] = self.origin[1] - scale * seen[..., 1]
        return pixels, nearness


DIAGRAM: Final = View("diagram", 30.0, 14.0, PIXELS_PER_METRE, np.zeros(3), ORIGIN)
"""The camera of the diagram, for joints that `posepipe.picture.placed` has moved."""

VIEWS: Final = {
    "front-left": (24.0, 14.0),
    "front-right": (-24.0, 14.0),
    "left": (72.0, 14.0),
    "right": (-72.0, 14.0),
    "left-above": (60.0, 38.0),
    "right-above": (-60.0, 38.0),
    "front-above": (20.0, 42.0),
}
"""Azimuth and elevation of the views to choose from, in degrees; the first is the usual one."""

WINDOW: Final = (50.0, 112.0, 1150.0, 1188.0)
"""Left, top, right and bottom of the area that the body may cover in a mannequin or skeleton, in pixels."""

_LARGEST: Final = 0.405
"""Share of the picture that the body's box may cover; more would leave no free corners for the insets."""
_FARTHER: Final = 4.0
"""Least distance of the camera, in lengths of the body's box."""
_STAGE: Final = 7.0
"""Distance of the camera from a body of usual size, in metres."""


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
    return aimed(body_of(joints.astype(np.float64)), azimuth, elevation)


def aimed(body: Body, azimuth: float | None = None, elevation: float | None = None) -> View:
    """`view_of` for a body."""
    name = _best(body)
    turn, tilt = VIEWS[name]
    if azimuth is not None or elevation is not None:
        name = "custom"
        turn, tilt = turn if azimuth is None else float(azimuth), tilt if elevation is None else float(elevation)
    low, high = body.centres.min(axis=0), body.centres.max(axis=0)
    centre = (low + high) / 2
    distance = max(_STAGE * body.size, _FARTHER * float((high - low).max()))
    least, most = _box(body, centre, rotation(turn, tilt), distance)
    left, top, right, bottom = WINDOW
    width, height = (most - least).tolist()
    scale = min((right - left) / width, (bottom - top) / height, float(np.sqrt(_LARGEST / (width * height))) * SIZE)
    x, y = ((least + most) * (scale / 2)).tolist()
    return View(name, turn, tilt, scale, centre, ((left + right) / 2 - x, (top + bottom) / 2 + y), distance)


def _box(body: Body, centre: Floats, axes: Floats, distance: float) -> tuple[Floats, Floats]:
    """Lowest and highest coordinates of a body in the plane through the centre, (2,) each: to the right and up."""
    seen = (body.centres - centre) @ axes
    flat = body.axes @ axes[:, :2]
    reach = np.sqrt((flat * flat).sum(axis=1))
    nearer = (distance / (distance - seen[:, 2]))[:, None]
    least, most = ((seen[:, :2] - reach) * nearer).min(axis=0), ((seen[:, :2] + reach) * nearer).max(axis=0)
    lowest = float(body.joints[:, 1].min())
    if lowest > 0.1 * body.size:  # in the air: show the floor below, or where it is
        drop = min(lowest, 0.45 * body.size)
        floor = np.array((body.joints[0, 0], lowest - drop, body.joints[0, 2])) - centre
        seen_floor = floor @ axes
        least[1] = min(least[1], seen_floor[1] * distance / (distance - seen_floor[2]))
    return least, most


_AXES: Final = np.stack([rotation(*angles) for angles in VIEWS.values()])
_NAMES: Final = tuple(VIEWS)
_USUAL: Final = np.array([0.15, 0.0, 0.08, 0.0, 0.07, 0.0, 0.0])
"""How much each view is preferred: the usual one most, then those from the left, for poses that are symmetric."""


def _weights() -> Floats:
    """How much each bone counts where it is foreshortened; hips and collars do not."""
    weight = {"elbow": 1.0, "wrist": 1.2, "knee": 1.0, "ankle": 1.0, "spine1": 0.8, "spine2": 0.8, "spine3": 0.8}
    weight |= {"neck": 0.8, "foot": 0.3}
    found = np.array([weight.get(name.rpartition("_")[2], 0.0) for name in JOINT_NAMES[1:]])
    return np.asarray(found / found.sum())


_BONE_WEIGHTS: Final = _weights()
_PARENTS: Final = np.array(PARENTS[1:])
_ENDS: Final = np.array(
    [
        J[name]
        for name in (
            "head",
            "left_wrist",
            "right_wrist",
            "left_elbow",
            "right_elbow",
            "left_knee",
            "right_knee",
            "left_ankle",
            "right_ankle",
            "pelvis",
        )
    ]
)
_ONE, _OTHER = np.triu_indices(len(_ENDS), k=1)
_TRUNK: Final = np.array([J["pelvis"], J["spine2"], J["spine3"], J["neck"]])
_HANDS: Final = np.array([J["left_wrist"], J["right_wrist"], J["left_elbow"], J["right_elbow"]])


_FLESH: Final = np.array((0.16, 0.24))
"""By how much a body is wider and higher than its joints, in metres."""


def _best(body: Body) -> str:
    """Name of the view that shows most of a body."""
    joints = (body.joints - body.joints[0]) / body.size
    seen = joints @ _AXES
    bones = seen[:, 1:] - seen[:, _PARENTS]
    squares = bones * bones
    flat = squares[..., 0] + squares[..., 1]
    long = np.sqrt(flat / np.maximum(flat + squares[..., 2], 1e-12)) @ _BONE_WEIGHTS
    ends = seen[:, _ENDS]
    apart = ends[:, _ONE] - ends[:, _OTHER]
    squares = apart * apart
    flat = squares[..., 0] + squares[..., 1]
    clear = np.sqrt(flat / np.maximum(flat + squares[..., 2], 1e-12)).mean(axis=1)
    hands = seen[:, _HANDS, None] - seen[:, None, _TRUNK]
    near = np.exp(-(hands[..., 0] ** 2 + hands[..., 1] ** 2) / 0.12**2)
    hidden = (near * np.clip(-hands[..., 2] / 0.1, 0.0, 1.0)).max(axis=2).mean(axis=1)
    face = np.clip(body.frames[4, 2] @ _AXES[:, :, 2].T, -0.4, 0.6)
    chest = np.clip(body.frames[3, 2] @ _AXES[:, :, 2].T, -0.3, 0.5)
    size = seen[..., :2].max(axis=1) - seen[..., :2].min(axis=1) + _FLESH
    filled = np.minimum(size.min(axis=1) / size.max(axis=1), 0.36)
    score = 1.2 * long + 0.8 * clear - 0.35 * hidden + 0.12 * face + 0.1 * chest + 0.6 * filled + _USUAL
    return _NAMES[int(score.argmax())]
