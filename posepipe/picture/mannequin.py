"""The style ``mannequin`` as pixels. OpenCV fills the shapes in two planes, value and material; see `palette`."""

from __future__ import annotations

import threading
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.picture import figure, palette, png, stage, typesetting
from posepipe.picture.anatomy import Body
from posepipe.picture.camera import SIZE, View
from posepipe.picture.palette import INDEX, WHITE, paper

Pixels = NDArray[np.uint8]

_SHIFT: Final = 4
"""Fractional bits of OpenCV's coordinates."""
CAPTION_LEFT, CAPTION_SIZE, CAPTION_BASE, CAPTION_STEP, CAPTION_LINES = 24, 24, 37, 30, 3
_FLOOR, _GRID, _FRAME, _LABEL, _RULER = paper(247), paper(228), paper(224), paper(138), paper(120)
_SHADOW_STEP: Final = 4
"""Picture pixels per pixel of the shadow map."""


class _Planes(threading.local):
    """Buffers of a thread, used again for each picture."""

    def __init__(self) -> None:
        self.value: Pixels = np.empty((SIZE, SIZE), dtype=np.uint8)
        self.material: Pixels = np.zeros((SIZE, SIZE), dtype=np.uint8)
        self.used: list[Region] = []
        """Parts of the plane of materials that may differ from 0."""
        self.rows: Pixels = np.zeros((SIZE, SIZE + 1), dtype=np.uint8)


@cache
def _planes() -> _Planes:
    return _Planes()


def paint(body: Body, view: View, caption: str, maker: tuple[str, ...], transparent: bool) -> Pixels:
    """Paint a mannequin.

    Parameters
    ----------
    body : Body
    view : View
    caption : str
    maker : tuple of str
        Lines for the upper right corner.
    transparent : bool
        Without floor and shadow.

    Returns
    -------
    (1200, 1201) uint8 array
        Rows of numbers in the palette, for `png.encode`. The next picture of this thread overwrites them.
    """
    planes = _planes()
    value, material, rows = planes.value, planes.material, planes.rows
    for part in planes.used:
        material[part] = 0
    patches = figure.drawn(body, view).patches
    corners = _fixed(np.concatenate([patch.corners for patch in patches]))
    planes.used = _used(corners)
    if transparent:
        value.fill(WHITE)
    else:
        blank, legend = _ground()
        np.copyto(value, blank)
        material[_LEGEND] = legend[_LEGEND]
        planes.used += [_LEGEND, *_CORNERS]
        ground = stage.floor_of(body, view)
        _floor(value, ground)
        _shadow(value, body, view)
        _insets(value, material, stage.insets(body, view))
        _lettering(value, view, ground.cell, maker)
    planes.used += [_CAPTION] * _caption(value, material, caption)
    _figure(value, material, patches, corners)
    np.right_shift(value, 3, out=rows[:, 1:])
    for part in planes.used:
        target = rows[:, 1:][part]
        target |= material[part]
    return rows


Region = tuple[slice, slice]
_LEGEND: Final[Region] = (slice(stage.TEXT_TOP - 12, stage.TEXT_TOP), slice(stage.TEXT_LEFT, 250))
_CAPTION: Final[Region] = (slice(0, 112), slice(0, SIZE))
_CORNERS: Final[list[Region]] = [
    (slice(top, top + stage.INSET_SIZE), slice(left, left + stage.INSET_SIZE)) for left, top in stage.INSETS
]


def _used(corners: NDArray[np.int32]) -> list[Region]:
    """The box of the figure: where the material is not paper."""
    left, top = np.maximum((corners.min(axis=0) >> _SHIFT) - 3, 0).tolist()
    right, bottom = np.minimum((corners.max(axis=0) >> _SHIFT) + 4, SIZE).tolist()
    return [(slice(top, bottom), slice(left, right))]


def _fixed(points: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.rint(points * (1 << _SHIFT)).astype(np.int32)


def _figure(value: Pixels, material: Pixels, patches: list[figure.Patch], corners: NDArray[np.int32]) -> None:
    import cv2

    fill, smooth, coarse = cv2.fillConvexPoly, cv2.LINE_AA, cv2.LINE_8
    start = 0
    for patch in patches:
        end = start + len(patch.corners)
        shape = corners[start:end]
        start = end
        if patch.kind == figure.SMOOTH:
            fill(value, shape, patch.value, smooth, _SHIFT)
        elif patch.kind == figure.FLAT:
            cv2.fillPoly(value, [shape], patch.value, coarse, _SHIFT)
        elif patch.kind == figure.MASK:
            fill(material, shape, patch.material << 5, coarse, _SHIFT)
        else:
            cv2.fillPoly(value, [shape], patch.value, smooth, _SHIFT)


def _floor(value: Pixels, ground: stage.Floor) -> None:
    import cv2

    cv2.fillConvexPoly(value, _fixed(ground.corners), _FLOOR, cv2.LINE_AA, _SHIFT)
    for start, end in _fixed(ground.lines).tolist():
        cv2.line(value, start, end, _GRID, 2, cv2.LINE_AA, _SHIFT)


def _shadow(value: Pixels, body: Body, view: View) -> None:
    """Subtract the shadow of light from straight above, blurred; the higher a part, the paler its shadow."""
    import cv2

    spots, darkness = stage.shadows(body, view)
    rise = max(abs(float(view.axes[1, 2])), 0.12)
    steps = np.array((_SHADOW_STEP, _SHADOW_STEP * rise))
    low = np.array((spots[..., 0].min(), spots[..., 1].min())) - 60 * np.array((1, rise))
    size = ((np.array((spots[..., 0].max(), spots[..., 1].max())) + 60 * np.array((1, rise)) - low) / steps).astype(int)
    mask = np.zeros((min(int(size[1]), 2 * SIZE), min(int(size[0]), SIZE)), dtype=np.uint8)
    places = _fixed((spots - low) / steps).tolist()
    thick = stage.SHADOW_WIDTHS * (body.size * view.scale / _SHADOW_STEP)
    for part in np.argsort(darkness, kind="stable").tolist():
        start, end = places[part]
        cv2.line(mask, start, end, int(darkness[part]), max(1, int(thick[part])), cv2.LINE_AA, _SHIFT)
    mask = cv2.blur(mask, (7, 7))
    mask = cv2.blur(mask, (5, 5))
    left, top = np.rint(low).astype(int).tolist()
    width, tall = int(mask.shape[1] * steps[0]), max(1, int(mask.shape[0] * steps[1]))
    shade = cv2.resize(mask, (width, tall), interpolation=cv2.INTER_LINEAR)
    region = value[max(top, 0) : max(top + tall, 0), max(left, 0) : max(left + width, 0)]
    shade = shade[max(-top, 0) :, max(-left, 0) :][: region.shape[0], : region.shape[1]]
    if region.size:
        cv2.subtract(region, shade, dst=region)


def _insets(value: Pixels, material: Pixels, insets: list[stage.Inset]) -> None:
    import cv2

    for inset in insets:
        corner = inset.left + stage.INSET_SIZE, inset.top + stage.INSET_SIZE
        cv2.rectangle(value, (inset.left, inset.top), corner, WHITE, -1)
        cv2.rectangle(value, (inset.left, inset.top), corner, _FRAME, 1)
        if inset.floor is not None:
            y = round(inset.floor)
            cv2.line(value, (inset.left, y), (corner[0], y), _GRID, 1)
        _print(value, _block((inset.title,), 12, False), inset.left + 7, inset.top + stage.INSET_TITLE)
        for stroke in inset.strokes:
            _stroke(value, material, stroke)


def _stroke(value: Pixels, material: Pixels, stroke: stage.Stroke) -> None:
    import cv2

    points: list[Any] = [_fixed(stroke.points)]
    number, width = INDEX[stroke.material] << 5, max(1, round(stroke.width))
    if not stroke.width:
        cv2.fillPoly(material, points, number, cv2.LINE_8, _SHIFT)
        cv2.polylines(material, points, True, number, 11, cv2.LINE_8, _SHIFT)
        cv2.fillPoly(value, points, figure.BASE, cv2.LINE_AA, _SHIFT)
        cv2.polylines(value, points, True, figure.BASE, 10, cv2.LINE_AA, _SHIFT)
        return
    cv2.polylines(material, points, False, number, width + 1, cv2.LINE_8, _SHIFT)
    cv2.polylines(value, points, False, figure.BASE, width, cv2.LINE_AA, _SHIFT)


def _lettering(value: Pixels, view: View, cell: float, maker: tuple[str, ...]) -> None:
    """Ruler, grid and maker, small and pale."""
    import cv2

    length = stage.ruler(view)
    left, top = stage.TEXT_LEFT, stage.RULER_TOP
    right = left + round(length * view.scale)
    cv2.line(value, (left, top), (right, top), _RULER, 1)
    for x in (left, right):
        cv2.line(value, (x, top - 5), (x, top + 5), _RULER, 1)
    _print(value, _block((stage.metres(length),), stage.TEXT_SIZE, False), right + 8, top + 5)
    _print(value, _block((f"grid {stage.metres(cell)}",), stage.TEXT_SIZE, False), left, top + 24)
    block = _block(maker, stage.TEXT_SIZE, True)
    _print(value, block, SIZE - stage.TEXT_LEFT - block.shape[1], stage.TEXT_TOP)


@cache
def _ground() -> tuple[Pixels, Pixels]:
    """The planes without a pose: white paper with the legend."""
    import cv2

    value, material = np.full((SIZE, SIZE), WHITE, dtype=np.uint8), np.zeros((SIZE, SIZE), dtype=np.uint8)
    left, top = stage.TEXT_LEFT, stage.TEXT_TOP
    for side in ("right", "left"):
        for limb in ("arm", "leg"):
            number = INDEX[f"{side}_{limb}"] << 5
            cv2.rectangle(value, (left, top - 10), (left + 8, top - 1), figure.LIGHT, -1)
            cv2.rectangle(material, (left, top - 10), (left + 8, top - 1), number, -1)
            left += 9
        block = _block((side,), stage.TEXT_SIZE, False)
        _print(value, block, left + 7, top)
        left += block.shape[1] + 24
    return value, material


_RISE: Final = 24
"""Pixels from the top of a block of small text to its first baseline."""


@lru_cache(maxsize=256)
def _block(lines: tuple[str, ...], size: int, rightward: bool) -> Pixels:
    """Values of small, pale lines of text."""
    cut = [typesetting.cut(line, size, 250) for line in lines]
    width = round(max(line.width for line in cut)) + 2
    block = np.full((_RISE + stage.TEXT_STEP * len(lines), width), WHITE, dtype=np.uint8)
    for number, line in enumerate(cut):
        left = width - line.width if rightward else 0
        typesetting.write_values(block, block, line, left, _RISE + stage.TEXT_STEP * number, _LABEL)
    return block


def _print(value: Pixels, block: Pixels, left: int, base: int) -> None:
    region = value[base - _RISE : base - _RISE + block.shape[0], left : left + block.shape[1]]
    np.minimum(region, block[:, : region.shape[1]], out=region)


def _caption(value: Pixels, material: Pixels, caption: str) -> bool:
    """Write the caption; True if it has coloured emoji."""
    width = SIZE - 2 * CAPTION_LEFT
    coloured = False
    for number, line in enumerate(typesetting.wrap(caption, CAPTION_SIZE, width, CAPTION_LINES)):
        left = CAPTION_LEFT if line.rightward else SIZE - CAPTION_LEFT - line.width
        typesetting.write_values(value, material, line, left, CAPTION_BASE + CAPTION_STEP * number, paper(40))
        coloured |= any(piece.coverage.ndim == 3 for _, piece in line.pieces)
    return coloured


def texts(view: View, model: str, seed: int | None) -> tuple[str, ...]:
    """The lines about the maker: model, seed, view."""
    lines = [f"posepipe · {model}" if model else "posepipe"]
    if seed is not None:
        lines.append(f"seed {seed}")
    return (*lines, view.name)


def encode(
    body: Body,
    view: View,
    caption: str,
    maker: tuple[str, ...],
    transparent: bool,
    words: dict[str, str],
    dots_per_inch: int,
) -> bytes:
    """The PNG file of a mannequin; see `paint`."""
    rows = paint(body, view, caption, maker, transparent)
    alpha = palette.alpha() if transparent else None
    return png.encode(rows, dots_per_inch, words, palette=palette.palette(transparent), alpha=alpha)
