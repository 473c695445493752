"""Joints -> PNG: a picture of one pose that can be read at a glance.

``draw(joints, caption)`` gives a finished PNG file as bytes, which a notebook shows as an image.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from posepipe.errors import PoseError
from posepipe.picture import brush, camera, png, words
from posepipe.picture.background import DOTS_PER_INCH, background
from posepipe.skeleton import JOINT_NAMES, NUM_JOINTS

__all__ = ["Picture", "draw"]


class Picture(bytes):
    """The bytes of a PNG file; a notebook shows them as an image."""

    def _repr_png_(self) -> bytes:
        return bytes(self)


def draw(joints: ArrayLike, caption: str, *, model: str = "", seed: int | None = None) -> Picture:
    """Picture of a pose.

    Parameters
    ----------
    joints : (22, 3) array
        Metres, HumanML3D's order, Y up; heights are kept, so the floor is y = 0. The picture is centred on the
        pelvis in x and z.
    caption : str
        Any script; broken into at most four lines.
    model : str
        Name of what made the pose.
    seed : int, optional
        The seed it was made with.

    Returns
    -------
    Picture
        PNG, 1200 x 1200, RGB, 150 dpi, with the texts ``caption``, ``model`` and ``seed`` inside. The same for the
        same input.

    Raises
    ------
    PoseError
        The array is no ``(22, 3)`` array of finite numbers.
    """
    pose = _checked(joints)
    pose = pose - pose[0] * (1.0, 0.0, 1.0)
    ends = brush.body.parts(pose).reshape(-1, 3)
    scale = camera.fitting_scale(ends, brush.body.BONES.radii.reshape(-1))
    rows, pixels = png.blank_rows(camera.SIZE, camera.SIZE)
    pixels[:] = background()
    brush.paint(pixels, pose * scale, scale)
    for number, line in enumerate(words.wrap(caption, 27, 1120, 4)):
        words.write(pixels, line, 40, 52 + 36 * number, 27)
    maker = ["posepipe", *([model] if model else []), *(["seed", str(seed)] if seed is not None else [])]
    words.write(pixels, maker, 900, 1172, 16)
    texts = {
        "caption": caption,
        "model": model,
        "seed": "" if seed is None else str(seed),
        "Software": "posepipe",
    }
    return Picture(png.encode(rows, DOTS_PER_INCH, {key: text for key, text in texts.items() if text}))


def _checked(joints: ArrayLike) -> camera.Floats:
    try:
        pose = np.asarray(joints, dtype=np.float32).astype(np.float64)
    except (TypeError, ValueError) as error:
        raise PoseError(f"a pose is an array of numbers of shape ({NUM_JOINTS}, 3): {error}") from error
    if pose.shape != (NUM_JOINTS, 3):
        raise PoseError(f"a pose has shape ({NUM_JOINTS}, 3), this array has {pose.shape}")
    wrong = ~np.isfinite(pose).all(axis=1)
    if wrong.any():
        names = ", ".join(JOINT_NAMES[joint] for joint in np.flatnonzero(wrong))
        raise PoseError(f"a pose has finite joints; NaN or infinite here: {names}")
    return pose
