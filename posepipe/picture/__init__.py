"""Draw a pose as a PNG or SVG file.

``draw(joints, caption)`` returns the file's content; a notebook shows it as an image.
"""

from __future__ import annotations

from typing import Final, Literal, overload

import numpy as np
from numpy.typing import ArrayLike

from posepipe.errors import PoseError
from posepipe.picture import camera, diagram, keypoints, mannequin, svg
from posepipe.picture.anatomy import Body, body_of
from posepipe.picture.contact import sheet
from posepipe.picture.diagram import placed
from posepipe.picture.fonts import GlyphWarning, missing_glyphs, missing_message
from posepipe.picture.scene import DOTS_PER_INCH
from posepipe.skeleton import JOINT_NAMES, NUM_JOINTS

__all__ = [
    "STYLES",
    "Drawing",
    "GlyphWarning",
    "Picture",
    "draw",
    "missing_glyphs",
    "missing_message",
    "placed",
    "sheet",
]

STYLES: Final = ("mannequin", "diagram", "skeleton")
"""Styles of a picture; the first is the default."""

FORMATS: Final = ("png", "svg")


class Picture(bytes):
    """The bytes of a PNG file; a notebook shows them as an image."""

    def _repr_png_(self) -> bytes:
        return bytes(self)


class Drawing(str):
    """The text of an SVG file; a notebook shows it as an image."""

    __slots__ = ()

    def _repr_svg_(self) -> str:
        return str(self)


@overload
def draw(
    joints: ArrayLike,
    caption: str,
    *,
    model: str = "",
    seed: int | None = None,
    style: str = "mannequin",
    transparent: bool = False,
    format: Literal["png"] = "png",
    azimuth: float | None = None,
    elevation: float | None = None,
) -> Picture: ...


@overload
def draw(
    joints: ArrayLike,
    caption: str,
    *,
    model: str = "",
    seed: int | None = None,
    style: str = "mannequin",
    transparent: bool = False,
    format: Literal["svg"],
    azimuth: float | None = None,
    elevation: float | None = None,
) -> Drawing: ...


def draw(
    joints: ArrayLike,
    caption: str,
    *,
    model: str = "",
    seed: int | None = None,
    style: str = "mannequin",
    transparent: bool = False,
    format: str = "png",
    azimuth: float | None = None,
    elevation: float | None = None,
) -> Picture | Drawing:
    """Draw a pose.

    Parameters
    ----------
    joints : (22, 3) array of numbers
        Metres, joints in HumanML3D's order, Y up.
    caption : str
        In any script; cut after three lines, in a diagram after four. A skeleton shows none.
    model, seed : str, int
        Of the run.
    style : str
        ``mannequin``: a body with a face, in the view that shows most. ``diagram``: a stick figure in a room with
        rulers, always in one view and at one scale. ``skeleton``: limbs of OpenPose on black, in the mannequin's view.
    transparent : bool
        No floor, and a transparent background; not for ``diagram``.
    format : str
        ``png`` or ``svg``; a diagram is always PNG.
    azimuth, elevation : float, optional
        Degrees from +Z towards +X, and above the floor, instead of what `camera.view_of` gives; not for ``diagram``.

    Returns
    -------
    Picture or Drawing
        1200 x 1200. PNG has the text chunks ``caption``, ``model``, ``seed``, ``style``, ``view``, ``azimuth`` and
        ``elevation``. The same input gives the same bytes with the same fonts and library versions.

    Raises
    ------
    PoseError
        If ``joints`` is not a ``(22, 3)`` array of numbers that are finite in float32, or an option cannot be used.

    Warns
    -----
    GlyphWarning
        Once per process, if no font has some character of a caption; see `missing_glyphs`.
    """
    _check_options(style, transparent, format, azimuth, elevation)
    pose = _checked(joints)
    if style == "diagram":
        return Picture(diagram.encode(pose, caption, model, seed, _texts(caption, model, seed, style, camera.DIAGRAM)))
    body = body_of(pose)
    view = camera.aimed(body, azimuth, elevation)
    maker, words = mannequin.texts(view, model, seed), _texts(caption, model, seed, style, view)
    if format == "svg":
        return Drawing(_svg(body, view, caption, maker, style, transparent))
    if style == "skeleton":
        return Picture(keypoints.encode(body, view, transparent, words, DOTS_PER_INCH))
    return Picture(mannequin.encode(body, view, caption, maker, transparent, words, DOTS_PER_INCH))


def _svg(body: Body, view: camera.View, caption: str, maker: tuple[str, ...], style: str, transparent: bool) -> str:
    if style == "skeleton":
        return svg.write_skeleton(body, view, caption, transparent)
    return svg.write_mannequin(body, view, caption, maker, transparent)


def _texts(caption: str, model: str, seed: int | None, style: str, view: camera.View) -> dict[str, str]:
    """The text chunks of a PNG file."""
    texts = {"caption": caption, "model": model, "seed": "" if seed is None else str(seed), "style": style}
    texts |= {"view": view.name, "azimuth": f"{view.azimuth:g}", "elevation": f"{view.elevation:g}"}
    return {key: text for key, text in texts.items() if text} | {"Software": "posepipe"}


def _check_options(style: str, transparent: bool, format: str, azimuth: float | None, elevation: float | None) -> None:
    if style not in STYLES:
        raise PoseError(f"style {style!r} is not one of {', '.join(STYLES)}")
    if format not in FORMATS:
        raise PoseError(f"format {format!r} is not one of {', '.join(FORMATS)}")
    if style == "diagram":
        named = {"transparent": transparent, "azimuth": azimuth is not None, "elevation": elevation is not None}
        named["format='svg'"] = format == "svg"
        unused = [name for name, used in named.items() if used]
        if unused:
            raise PoseError(f"{', '.join(unused)}: not for style 'diagram', whose camera, room and format are fixed")
    if azimuth is not None and not np.isfinite(azimuth):
        raise PoseError(f"azimuth is in degrees, not {azimuth}")
    if elevation is not None and not -90 <= elevation <= 90:
        raise PoseError(f"elevation is from -90 to 90 degrees, not {elevation}")


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
