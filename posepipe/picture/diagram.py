"""The style ``diagram``: a stick figure in a room with rulers, in one camera and at one scale, for measurements."""

from __future__ import annotations

from typing import Final

from posepipe.picture import body, brush, camera, colours, png, typesetting
from posepipe.picture.scene import DOTS_PER_INCH, background

_MARGIN: Final = 40
_CAPTION_SIZE, _CAPTION_BASE, _CAPTION_STEP, _CAPTION_LINES = 27, 52, 36, 4
_SMALL_SIZE, _SMALL_STEP = 15, 22
_MAKER_WIDTH: Final = 330


def paint(joints: camera.Floats, caption: str, model: str, seed: int | None) -> png.Rows:
    """Paint a diagram.

    Parameters
    ----------
    joints : (22, 3) float array
        Metres.
    caption, model, seed
        As for `posepipe.picture.draw`.

    Returns
    -------
    (1200, 3601) uint8 array
        Rows for `png.encode`.
    """
    pose, scale = placed(joints)
    rows, pixels = png.blank_rows(camera.SIZE, camera.SIZE)
    pixels[:] = background()
    brush.paint(pixels, pose * scale, scale)
    _write_caption(pixels, caption)
    _write_maker(pixels, model, seed)
    if scale < 1:
        _write_scale(pixels, scale)
    return rows


def encode(joints: camera.Floats, caption: str, model: str, seed: int | None, words: dict[str, str]) -> bytes:
    """The PNG file of a diagram; see `paint`."""
    return png.encode(paint(joints, caption, model, seed), DOTS_PER_INCH, words)


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
