"""The 18 keypoints of OpenPose's COCO model in a view, and the style ``skeleton``: their coloured limbs on black.

Twelve keypoints are joints, and the neck is the middle of the shoulders, as in OpenPose. Nose, eyes and ears follow
from the direction of the mannequin's head.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posepipe.picture import png
from posepipe.picture.anatomy import SKULL, Body
from posepipe.picture.camera import SIZE, View
from posepipe.skeleton import JOINT_NAMES

Floats = NDArray[np.float64]

KEYPOINTS: Final = (
    *("nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist"),
    *("right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle"),
    *("right_eye", "left_eye", "right_ear", "left_ear"),
)
"""OpenPose's order for the COCO model."""

FACE: Final = {
    "nose": (0.0, -0.03, 0.115),
    "right_eye": (-0.033, 0.012, 0.088),
    "left_eye": (0.033, 0.012, 0.088),
    "right_ear": (-0.08, 0.0, 0.0),
    "left_ear": (0.08, 0.0, 0.0),
}
"""Metres from the centre of the skull to its left, upwards and forwards."""

LIMBS: Final = (
    *((1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10)),
    *((1, 11), (11, 12), (12, 13), (1, 0), (0, 14), (14, 16), (0, 15), (15, 17)),
)
"""Pairs of keypoints, in OpenPose's order."""
COLOURS: Final = (
    *((255, 0, 0), (255, 85, 0), (255, 170, 0), (255, 255, 0), (170, 255, 0), (85, 255, 0)),
    *((0, 255, 0), (0, 255, 85), (0, 255, 170), (0, 255, 255), (0, 170, 255), (0, 85, 255)),
    *((0, 0, 255), (85, 0, 255), (170, 0, 255), (255, 0, 255), (255, 0, 170), (255, 0, 85)),
)
"""OpenPose's colours of keypoints, and of the limbs with the same numbers; RGB."""
LIMB_BRIGHTNESS: Final = 0.6
RADIUS: Final = 9.0
"""Radius of keypoints and half the width of limbs, in pixels: 4 in a picture of 512, as ControlNet draws them."""

_JOINTS: Final = {
    point: JOINT_NAMES.index(name) for point, name in enumerate(KEYPOINTS) if name in JOINT_NAMES and name != "neck"
}
_NECK: Final = KEYPOINTS.index("neck")
_SHOULDERS: Final = [KEYPOINTS.index("right_shoulder"), KEYPOINTS.index("left_shoulder")]
_SHIFT: Final = 4
"""Fractional bits of OpenCV's coordinates."""


class Shape(NamedTuple):
    """An area of one colour."""

    corners: Floats  # (n, 2) pixels
    colour: tuple[int, int, int]


def points_of(body: Body, view: View) -> tuple[Floats, list[bool]]:
    """The keypoints in the picture, (18, 2) in pixels, and which of them the head does not hide from the camera."""
    points = np.empty((len(KEYPOINTS), 3))
    points[list(_JOINTS)] = body.joints[list(_JOINTS.values())]
    points[_NECK] = points[_SHOULDERS].mean(axis=0)
    shown = [True] * len(KEYPOINTS)
    head = body.frames[4]
    away = head @ view.axes[:, 2]
    for name, offset in FACE.items():
        point, place = KEYPOINTS.index(name), np.array(offset)
        points[point] = body.centres[SKULL] + body.size * (place @ head)
        shown[point] = bool(place @ away > -0.25 * np.linalg.norm(place))
    return view.project(points)[0], shown


def shapes(body: Body, view: View) -> list[Shape]:
    """Limbs as ellipses, then keypoints as circles. Those that the head hides are left out, and limbs to them."""
    places, shown = points_of(body, view)
    found = []
    for (start, end), colour in zip(LIMBS, COLOURS, strict=False):
        if shown[start] and shown[end]:
            red, green, blue = (int(value * LIMB_BRIGHTNESS) for value in colour)
            found.append(Shape(_ellipse(places[start], places[end]), (red, green, blue)))
    for place, colour, visible in zip(places, COLOURS, shown, strict=True):
        if visible:
            found.append(Shape(place + RADIUS * np.hstack((np.cos(_TURN), np.sin(_TURN))), colour))
    return found


_TURN: Final = np.linspace(0, 2 * np.pi, 60, endpoint=False)[:, None]


def _ellipse(start: Floats, end: Floats) -> Floats:
    """Outline of a limb: an ellipse from one keypoint to the other."""
    along = (end - start) / 2
    length = float(np.hypot(*along))
    across = np.array((-along[1], along[0])) * (RADIUS / length) if length > 0 else np.array((0.0, RADIUS))
    return np.asarray((start + end) / 2 + np.cos(_TURN) * along + np.sin(_TURN) * across)


def paint(body: Body, view: View, transparent: bool) -> png.Rows:
    """The skeleton on black, or with transparent pixels instead of black, as rows for `png.encode`."""
    import cv2

    rows, pixels = png.blank_rows(SIZE, SIZE, 4 if transparent else 3)
    pixels[:] = 0
    for shape in shapes(body, view):
        corners = np.rint(shape.corners * (1 << _SHIFT)).astype(np.int32)
        colour = (*shape.colour, 255) if transparent else shape.colour
        cv2.fillConvexPoly(pixels, corners, colour, cv2.LINE_AA, _SHIFT)
    if transparent:  # smooth edges are the colour times the opacity; the file holds the colour alone
        edge = (pixels[..., 3] > 0) & (pixels[..., 3] < 255)
        part = pixels[edge].astype(np.uint16)
        part[:, :3] = np.minimum(part[:, :3] * 255 // part[:, 3:], 255)
        pixels[edge] = part.astype(np.uint8)
    return rows


def encode(body: Body, view: View, transparent: bool, words: dict[str, str], dots_per_inch: int) -> bytes:
    """The PNG file of a skeleton."""
    return png.encode(paint(body, view, transparent), dots_per_inch, words, channels=4 if transparent else 3)
