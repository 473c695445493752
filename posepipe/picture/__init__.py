"""Draw a pose as a PNG file.

``draw(joints, caption)`` returns the bytes of the file; a notebook shows them as an image.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from posepipe.errors import PoseError
from posepipe.picture import body, brush, camera, colours, png, typesetting
from posepipe.picture.contact import sheet
from posepipe.picture.fonts import GlyphWarning, missing_glyphs, missing_message
from posepipe.picture.scene import DOTS_PER_INCH, background
from posepipe.skeleton import JOINT_NAMES, NUM_JOINTS

__all__ = ["GlyphWarning", "Picture", "draw", "missing_glyphs", "missing_message", "placed", "sheet"]

_MARGIN: Final = 40
_CAPTION_SIZE, _CAPTION_BASE, _CAPTION_STEP, _CAPTION_LINES = 27, 52, 36, 4
_SMALL_SIZE, _SMALL_STEP = 15, 22
_MAKER_WIDTH: Final = 330


class Picture(bytes):
    """The bytes of a PNG file; a notebook shows them as an image."""

    def _repr_png_(self) -> bytes:
        return bytes(self)


def draw(joints: ArrayLike, caption: str, *, model: str = "", seed: int | None = None) -> Picture:
    """Draw a pose.

    All pictures have the same camera and scale, so that they can be compared. Heights are not changed: the floor is
    y = 0. The pose is moved in x and z so that the pelvis is above the centre of the floor. A pose that does not fit
    the frame is drawn smaller, and the picture states the scale.

    Parameters
    ----------
    joints : (22, 3) array of numbers
        Metres, joints in HumanML3D's order, Y up.
    caption : str
        In any script; wrapped to at most four lines.
    model : str
        Name of the model that made the pose.
    seed : int, optional
        Seed of the run.

    Returns
    -------
    Picture
        PNG, 1200 x 1200, RGB, 150 dpi, with the text chunks ``caption``, ``model`` and ``seed``. The same input gives
        the same bytes with the same fonts and library versions.

    Raises
    ------
    PoseError
        If ``joints`` is not a ``(22, 3)`` array of numbers that are finite in float32.

    Warns
    -----
    GlyphWarning
        Once per process, if no installed font has some character of a caption; U+FFFD is drawn instead.
        `missing_glyphs` lists such characters beforehand.
    """
    pose, scale = placed(_checked(joints))
    rows, pixels = png.blank_rows(camera.SIZE, camera.SIZE)
    pixels[:] = background()
    brush.paint(pixels, pose * scale, scale)
    _write_caption(pixels, caption)
    _write_maker(pixels, model, seed)
    if scale < 1:
        _write_scale(pixels, scale)
    texts = {"caption": caption, "model": model, "seed": "" if seed is None else str(seed), "Software": "posepipe"}
    return Picture(png.encode(rows, DOTS_PER_INCH, {key: text for key, text in texts.items() if text}))


def placed(joints: camera.Floats) -> tuple[camera.Floats, float]:
    """Move a pose to where the picture shows it.

    Parameters
    ----------
    joints : (22, 3) float array
        Metres.

    Returns
    -------
    (22, 3) float array
        Metres, with the pelvis above the centre of the floor.
    float
        Factor by which the picture shrinks the pose about the centre of the floor; 1.0 where it fits the frame.
    """
    pose = joints.copy()
    pose[:, ::2] -= pose[0, ::2]
    return pose, camera.fitting_scale(body.parts(pose).reshape(-1, 3), body.BONES.radii.reshape(-1))


def _checked(joints: ArrayLike) -> camera.Floats:
    try:
        given = np.asarray(joints)
    except (TypeError, ValueError) as error:
        raise PoseError(f"a pose is an array of numbers of shape ({NUM_JOINTS}, 3): {error}") from error
    if given.shape != (NUM_JOINTS, 3):
        raise PoseError(f"a pose has shape ({NUM_JOINTS}, 3), this array has {given.shape}")
    if given.dtype.kind not in "fiu":
        raise PoseError(f"a pose is an array of real numbers, this array has dtype {given.dtype}")
    with np.errstate(over="ignore"):
        pose = given.astype(np.float32).astype(np.float64)
    wrong = ~np.isfinite(pose).all(axis=1)
    if wrong.any():
        names = ", ".join(JOINT_NAMES[joint] for joint in np.flatnonzero(wrong))
        raise PoseError(f"a pose has finite joints; not finite in float32: {names}")
    return pose


def _write_caption(pixels: typesetting.Pixels, caption: str) -> None:
    width = camera.SIZE - 2 * _MARGIN
    for number, line in enumerate(typesetting.wrap(caption, _CAPTION_SIZE, width, _CAPTION_LINES)):
        left = _MARGIN if line.rightward else camera.SIZE - _MARGIN - line.width
        typesetting.write(pixels, line, left, _CAPTION_BASE + _CAPTION_STEP * number)


def _write_maker(pixels: typesetting.Pixels, model: str, seed: int | None) -> None:
    """Write model and seed, small, in the lower right corner."""
    lines = [f"posepipe · {model}" if model else "posepipe"]
    if seed is not None:
        lines.append(f"seed {seed}")
    base = camera.SIZE - 28 - _SMALL_STEP * (len(lines) - 1)
    for number, text in enumerate(lines):
        line = typesetting.cut(text, _SMALL_SIZE, _MAKER_WIDTH)
        left = camera.SIZE - _MARGIN - line.width
        typesetting.write(pixels, line, left, base + _SMALL_STEP * number, colours.LABEL)


def _write_scale(pixels: typesetting.Pixels, scale: float) -> None:
    left, top = camera.INSETS["side"]
    base = top + camera.INSET_SIZE[1] + 26
    for number, text in enumerate(("does not fit the frame:", f"drawn at {_percent(scale)} of the scale")):
        line = typesetting.cut(text, _SMALL_SIZE, camera.INSET_SIZE[0])
        typesetting.write(pixels, line, left, base + _SMALL_STEP * number, colours.WARNING)


def _percent(scale: float) -> str:
    return f"{100 * scale:.0f} %" if scale >= 0.01 else f"{100 * scale:.1g} %"
