"""OpenPose: the 18 keypoints of COCO in the camera of the picture, as JSON and as a picture of coloured limbs.

Twelve keypoints are joints, and the neck is the middle of the shoulders, as in OpenPose. Nose, eyes and ears are
guessed from the directions of neck and shoulders; the 22 joints do not say where a person looks.
"""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.errors import UnsoundArtifact
from posepipe.picture import body, camera, placed, png
from posepipe.picture.camera import Floats
from posepipe.picture.scene import DOTS_PER_INCH
from posepipe.skeleton import JOINT_NAMES

KEYPOINTS: Final = (
    *("nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist"),
    *("right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle"),
    *("right_eye", "left_eye", "right_ear", "left_ear"),
)
"""OpenPose's order for the COCO model."""

_JOINTS: Final = {
    point: JOINT_NAMES.index(name) for point, name in enumerate(KEYPOINTS) if name in JOINT_NAMES and name != "neck"
}
_NECK: Final = KEYPOINTS.index("neck")
_FACE: Final = {
    "nose": (0.0, -0.01, 0.115),
    "right_eye": (-0.033, 0.025, 0.09),
    "left_eye": (0.033, 0.025, 0.09),
    "right_ear": (-0.08, 0.0, 0.0),
    "left_ear": (0.08, 0.0, 0.0),
}
"""Metres from the centre of the head to its left, upwards and forwards."""
_NOD: Final = np.radians(35.0)
"""Angle by which the bone from neck to head leans forwards where the head is upright."""

_LIMBS: Final = (
    *((1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10)),
    *((1, 11), (11, 12), (12, 13), (1, 0), (0, 14), (14, 16), (0, 15), (15, 17)),
)
"""Pairs of keypoints, in OpenPose's order."""
_COLOURS: Final = (
    *((255, 0, 0), (255, 85, 0), (255, 170, 0), (255, 255, 0), (170, 255, 0), (85, 255, 0)),
    *((0, 255, 0), (0, 255, 85), (0, 255, 170), (0, 255, 255), (0, 170, 255), (0, 85, 255)),
    *((0, 0, 255), (85, 0, 255), (170, 0, 255), (255, 0, 255), (255, 0, 170), (255, 0, 85)),
)
"""OpenPose's colours of keypoints, and of the limbs with the same numbers; RGB."""
_LIMB_BRIGHTNESS: Final = 0.6
_RADIUS: Final = 9.0
"""Radius of keypoints and half the width of limbs, in pixels: 4 in a picture of 512, as ControlNet draws them."""
_SHIFT: Final = 4
"""Fractional bits of OpenCV's coordinates."""


def keypoints(joints: NDArray[np.floating[Any]]) -> Floats:
    """The keypoints of a pose in the picture.

    Parameters
    ----------
    joints : (22, 3) float array
        Metres.

    Returns
    -------
    (18, 3) float array
        For each keypoint x and y in pixels of the picture, y downwards; and the confidence: 1, or 0 if it is guessed.
    """
    points, _ = _points(joints)
    confidence = np.ones((len(KEYPOINTS), 1))
    confidence[[KEYPOINTS.index(name) for name in _FACE]] = 0
    return np.hstack([camera.project(points)[0], confidence])


def encode_openpose(joints: NDArray[np.floating[Any]]) -> bytes:
    """The keypoints as OpenPose writes them with ``--write_json``; pixels are rounded to hundredths.

    Parameters
    ----------
    joints : (22, 3) float array
        Metres.
    """
    numbers = [round(value, 2) for value in keypoints(joints).ravel().tolist()]
    kinds = ("face", "hand_left", "hand_right")
    person: dict[str, Any] = {"person_id": [-1], "pose_keypoints_2d": numbers}
    person |= {f"{kind}_keypoints_2d": [] for kind in kinds}
    person |= {f"{kind}_keypoints_3d": [] for kind in ("pose", *kinds)}
    content = {"version": 1.3, "people": [person], "canvas_width": camera.SIZE, "canvas_height": camera.SIZE}
    return (json.dumps(content) + "\n").encode()


def read_openpose(content: bytes) -> Floats:
    """Decode what :func:`encode_openpose` wrote: the keypoints, as :func:`keypoints` gives them.

    Raises
    ------
    UnsoundArtifact
        It is not JSON, or has not exactly one person with 18 finite keypoints.
    """
    try:
        (person,) = json.loads(content)["people"]
        found = np.array(person["pose_keypoints_2d"], dtype=np.float64)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnsoundArtifact("format", f"not OpenPose JSON of one person ({str(error)[:120]})") from error
    if found.shape != (3 * len(KEYPOINTS),):
        raise UnsoundArtifact("shape", f"pose_keypoints_2d are not {len(KEYPOINTS)} times 3 numbers")
    if not np.isfinite(found).all():
        raise UnsoundArtifact("finite", "keypoints are not finite")
    return found.reshape(-1, 3)


def draw_openpose(joints: NDArray[np.floating[Any]]) -> bytes:
    """The picture that ControlNet takes: coloured limbs and keypoints on black, 1200 x 1200, as PNG.

    Nose and eyes, or an ear, are left out where the head hides them from the camera.

    Parameters
    ----------
    joints : (22, 3) float array
        Metres.
    """
    import cv2

    points, shown = _points(joints)
    places = camera.project(points)[0]
    fixed = np.rint(places * (1 << _SHIFT)).astype(np.int32).tolist()
    rows, pixels = png.blank_rows(camera.SIZE, camera.SIZE)
    pixels[:] = 0
    for (start, end), colour in zip(_LIMBS, _COLOURS, strict=False):
        if shown[start] and shown[end]:
            dimmed = [int(value * _LIMB_BRIGHTNESS) for value in colour]
            cv2.fillConvexPoly(pixels, _ellipse(places[start], places[end]), dimmed, cv2.LINE_AA, _SHIFT)
    for place, colour, visible in zip(fixed, _COLOURS, shown, strict=True):
        if visible:
            cv2.circle(pixels, place, int(_RADIUS * (1 << _SHIFT)), colour, -1, cv2.LINE_AA, _SHIFT)
    return png.encode(rows, DOTS_PER_INCH, {"Software": "posepipe"})


def _ellipse(start: Floats, end: Floats) -> NDArray[np.int32]:
    """Outline of a limb: an ellipse from one keypoint to the other."""
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)[:, None]
    along = (end - start) / 2
    length = float(np.hypot(*along))
    across = np.array((-along[1], along[0])) * (_RADIUS / length) if length > 0 else np.array((0.0, _RADIUS))
    outline = (start + end) / 2 + np.cos(turn) * along + np.sin(turn) * across
    return np.rint(outline * (1 << _SHIFT)).astype(np.int32)


def _points(joints: NDArray[np.floating[Any]]) -> tuple[Floats, list[bool]]:
    """The keypoints in the world of the picture, (18, 3), and which ones the head does not hide from the camera."""
    pose, scale = placed(joints.astype(np.float64))
    centre = body.parts(pose)[-1, 0]
    axes = _head_axes(pose)
    points = np.empty((len(KEYPOINTS), 3))
    points[list(_JOINTS)] = pose[list(_JOINTS.values())]
    points[_NECK] = points[[KEYPOINTS.index("right_shoulder"), KEYPOINTS.index("left_shoulder")]].mean(axis=0)
    shown = [True] * len(KEYPOINTS)
    away = axes @ camera.VIEW[:, 2]
    for name, offset in _FACE.items():
        point = KEYPOINTS.index(name)
        points[point] = centre + np.array(offset) @ axes
        shown[point] = bool(np.array(offset) @ away > -0.25 * np.linalg.norm(offset))
    return points * scale, shown


def _head_axes(pose: Floats) -> Floats:
    """Unit vectors to the left of the head, upwards and forwards, as rows of a (3, 3) array."""
    up = _unit(pose[JOINT_NAMES.index("head")] - pose[JOINT_NAMES.index("neck")], np.array((0.0, 1.0, 0.0)))
    left = pose[JOINT_NAMES.index("left_shoulder")] - pose[JOINT_NAMES.index("right_shoulder")]
    left = _unit(left - (left @ up) * up, np.cross(up, np.roll(up, 1)))
    forward = np.cross(left, up)
    upright = np.cos(_NOD) * up - np.sin(_NOD) * forward
    return np.stack((left, upright, np.cross(left, upright)))


def _unit(vector: Floats, otherwise: Floats) -> Floats:
    """A vector with length 1, or another one where it has none."""
    for each in (vector, otherwise, np.array((0.0, 0.0, 1.0))):
        length = float(np.linalg.norm(each))
        if length > 1e-6:
            return each / length
    return np.array((0.0, 0.0, 1.0))
