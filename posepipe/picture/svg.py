"""Mannequin and skeleton as SVG: the polygons that the PNG has, the caption as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

import numpy as np

from posepipe.picture import figure, keypoints, mannequin, palette, stage, typesetting
from posepipe.picture.anatomy import Body
from posepipe.picture.camera import SIZE, Floats, View

_INK, _LABEL, _GRID, _FLOOR, _FRAME = "#282828", "#8a8a8a", "#e4e4e4", "#f7f7f7", "#e0e0e0"
_CONTROLS: Final = dict.fromkeys((*range(32), *range(127, 160), 65534, 65535))


def write_mannequin(body: Body, view: View, caption: str, maker: tuple[str, ...], transparent: bool) -> str:
    """The text of an SVG file that shows a mannequin; arguments as for `mannequin.paint`."""
    parts = [_description(caption)]
    if not transparent:
        ground = stage.floor_of(body, view)
        parts += [f'<rect width="{SIZE}" height="{SIZE}" fill="#ffffff"/>', _polygon(ground.corners, _FLOOR)]
        parts += [_line(line, _GRID, 2) for line in ground.lines]
        parts += _shadow(body, view)
        for inset in stage.insets(body, view):
            parts += _inset(inset)
        parts += _lettering(view, ground.cell, maker)
    rows = typesetting.lines(
        caption, mannequin.CAPTION_SIZE, SIZE - 2 * mannequin.CAPTION_LEFT, mannequin.CAPTION_LINES
    )
    for number, (text, rightward) in enumerate(rows):
        x, anchor = (mannequin.CAPTION_LEFT, "start") if rightward else (SIZE - mannequin.CAPTION_LEFT, "end")
        base = mannequin.CAPTION_BASE + mannequin.CAPTION_STEP * number
        parts.append(_text(text, x, base, mannequin.CAPTION_SIZE, _INK, anchor))
    colours = palette.palette()
    for patch in figure.drawn(body, view).patches:
        if patch.kind != figure.MASK:
            parts.append(_polygon(patch.corners, _css(colours[patch.material * palette.TONES + patch.value // 8])))
    return _file(parts)


def write_skeleton(body: Body, view: View, caption: str, transparent: bool) -> str:
    """The text of an SVG file that shows the limbs of OpenPose."""
    parts = [_description(caption)]
    if not transparent:
        parts.append(f'<rect width="{SIZE}" height="{SIZE}" fill="#000000"/>')
    parts += [_polygon(shape.corners, _css(shape.colour)) for shape in keypoints.shapes(body, view)]
    return _file(parts)


def _file(parts: Iterable[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" viewBox="0 0 {SIZE} {SIZE}">'
    return "\n".join((head, *parts, "</svg>", ""))


def _description(caption: str) -> str:
    return f"<title>{escape(_clean(caption))}</title>"


def _clean(text: str) -> str:
    """Without characters that XML cannot hold."""
    return text.translate(_CONTROLS).encode("utf-8", "replace").decode("utf-8")


def _css(colour: Iterable[int]) -> str:
    red, green, blue = (int(value) for value in colour)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _points(points: Floats) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points.tolist())


def _polygon(points: Floats, colour: str) -> str:
    return f'<polygon points="{_points(points)}" fill="{colour}"/>'


def _line(points: Floats, colour: str, width: float, more: str = "") -> str:
    ends = 'stroke-linecap="round" stroke-linejoin="round"'
    return (
        f'<polyline points="{_points(points)}" fill="none" stroke="{colour}" stroke-width="{width:.1f}" {ends}{more}/>'
    )


def _text(text: str, x: float, y: float, size: int, colour: str, anchor: str = "start") -> str:
    font = f'font-family="DejaVu Sans, sans-serif" font-size="{size}"'
    return f'<text x="{x:.1f}" y="{y}" {font} fill="{colour}" text-anchor="{anchor}">{escape(_clean(text))}</text>'


def _shadow(body: Body, view: View) -> list[str]:
    spots, darkness = stage.shadows(body, view)
    blur = (
        '<filter id="blur" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="9 3"/></filter>'
    )
    lines = []
    for number in np.argsort(darkness, kind="stable").tolist():
        width = stage.SHADOW_WIDTHS[number] * body.size * view.scale * 0.4
        grey = f"#{round(255 - darkness[number] / 2):02x}" * 1
        lines.append(_line(spots[number], grey + grey[1:] * 2, width, ""))
    return [f"<defs>{blur}</defs>", '<g filter="url(#blur)" style="mix-blend-mode:multiply">', *lines, "</g>"]


def _inset(inset: stage.Inset) -> list[str]:
    size = stage.INSET_SIZE
    box = f'x="{inset.left}" y="{inset.top}" width="{size}" height="{size}"'
    parts = [f'<rect {box} fill="#ffffff" stroke="{_FRAME}"/>']
    if inset.floor is not None:
        parts.append(_line(np.array(((inset.left, inset.floor), (inset.left + size, inset.floor))), _GRID, 1))
    parts.append(_text(inset.title, inset.left + 7, inset.top + stage.INSET_TITLE, 12, _LABEL))
    colours = palette.palette()
    for stroke in inset.strokes:
        colour = _css(colours[palette.INDEX[stroke.material] * palette.TONES + figure.BASE // 8])
        if stroke.width:
            parts.append(_line(stroke.points, colour, stroke.width))
        else:
            points = np.concatenate((stroke.points, stroke.points[:1]))
            parts += [_polygon(stroke.points, colour), _line(points, colour, 10)]
    return parts


def _lettering(view: View, cell: float, maker: tuple[str, ...]) -> list[str]:
    left, top, size = stage.TEXT_LEFT, stage.TEXT_TOP, stage.TEXT_SIZE
    colours = palette.palette()
    parts = []
    for side in ("right", "left"):
        for limb in ("arm", "leg"):
            colour = _css(colours[palette.INDEX[f"{side}_{limb}"] * palette.TONES + figure.LIGHT // 8])
            parts.append(f'<rect x="{left}" y="{top - 10}" width="9" height="10" fill="{colour}"/>')
            left += 9
        parts.append(_text(side, left + 7, top, size, _LABEL))
        left += 24 + 8 * len(side)
    length = stage.ruler(view)
    start, end = stage.TEXT_LEFT, stage.TEXT_LEFT + length * view.scale
    level = stage.RULER_TOP
    parts.append(_line(np.array(((start, level), (end, level))), _LABEL, 1))
    parts += [_line(np.array(((x, level - 5), (x, level + 5))), _LABEL, 1) for x in (start, end)]
    parts.append(_text(stage.metres(length), end + 8, level + 5, size, _LABEL))
    parts.append(_text(f"grid {stage.metres(cell)}", start, level + 24, size, _LABEL))
    for number, text in enumerate(maker):
        parts.append(_text(text, SIZE - stage.TEXT_LEFT, top + stage.TEXT_STEP * number, size, _LABEL, "end"))
    return parts
