"""OpenPose: the 18 keypoints of COCO in the view of the picture, as JSON and as a picture of coloured limbs.

The view is that of the pictures in the styles ``mannequin`` and ``skeleton``; a ``diagram`` has a camera of its own.
`posepipe.picture.keypoints` says how they follow from the joints.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posepipe.errors import UnsoundArtifact
from posepipe.picture import camera
from posepipe.picture.anatomy import body_of
from posepipe.picture.camera import Floats
from posepipe.picture.keypoints import FACE, KEYPOINTS, encode, points_of
from posepipe.picture.scene import DOTS_PER_INCH

__all__ = ["KEYPOINTS", "draw_openpose", "encode_openpose", "keypoints", "read_openpose"]


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
    body = body_of(joints.astype(np.float64))
    confidence = np.ones((len(KEYPOINTS), 1))
    confidence[[KEYPOINTS.index(name) for name in FACE]] = 0
    return np.hstack([points_of(body, camera.aimed(body))[0], confidence])


def encode_openpose(joints: NDArray[np.floating[Any]]) -> bytes:
    """The keypoints as OpenPose writes them with ``--write_json``, and ``view``; pixels are rounded to hundredths.

    ``view`` is the camera as in the text chunks of the picture: ``name``, ``azimuth`` and ``elevation`` in degrees.

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
    view = camera.view_of(joints.astype(np.float64))
    content = {
        "version": 1.3,
        "people": [person],
        "canvas_width": camera.SIZE,
        "canvas_height": camera.SIZE,
        "view": {"name": view.name, "azimuth": view.azimuth, "elevation": view.elevation},
    }
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
    body = body_of(joints.astype(np.float64))
    view = camera.aimed(body)
    texts = {"view": view.name, "azimuth": f"{view.azimuth:g}", "elevation": f"{view.elevation:g}"}
    return encode(body, view, False, texts | {"Software": "posepipe"}, DOTS_PER_INCH)
