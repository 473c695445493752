"""The parts that all pictures share: floor, grid, ruler, frames of the insets, legend. Drawn once per process.

Matplotlib's Agg canvas draws them; pyplot is not imported and its state is not changed.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.picture import camera, colours

DOTS_PER_INCH: Final = 150
LEGEND_TOP: Final = 1166


@cache
def background() -> NDArray[np.uint8]:
    """The picture without a pose.

    Returns
    -------
    (1200, 1200, 3) uint8 array
        RGB, read-only.
    """
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # ignore the user's matplotlib settings; setting the backend would import pyplot, so it is left as it is
    style = {name: value for name, value in matplotlib.rcParamsDefault.items() if "backend" not in name}
    with matplotlib.rc_context(style):
        inches = camera.SIZE / DOTS_PER_INCH
        figure = Figure(figsize=(inches, inches), dpi=DOTS_PER_INCH, facecolor="white")
        canvas: Any = FigureCanvasAgg(figure)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_xlim(0, camera.SIZE)
        axes.set_ylim(camera.SIZE, 0)
        axes.axis("off")
        _room(axes)
        _ruler(axes)
        _insets(axes)
        _legend(axes)
        canvas.draw()
        pixels = _coarse(np.asarray(canvas.buffer_rgba())[..., :3])
    pixels.flags.writeable = False
    return pixels


def _coarse(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Round greys to steps of 8; the antialiased edges of thin lines then take 40 KB less in the PNG."""
    greys = 255 - (255 - pixels.astype(np.int16) + 4) // 8 * 8
    grey = np.ptp(pixels, axis=-1, keepdims=True) < 24
    return np.where(grey, np.maximum(greys, 0), pixels).astype(np.uint8)


def _css(colour: colours.RGB) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _line(axes: Any, points: list[tuple[float, float, float]], colour: colours.RGB, width: float) -> None:
    pixels, _ = camera.project(np.array(points, dtype=np.float64))
    axes.plot(pixels[:, 0], pixels[:, 1], color=_css(colour), linewidth=width, solid_capstyle="round")


def _label(axes: Any, x: float, y: float, words: str, **how: Any) -> None:
    style = {"color": _css(colours.LABEL), "fontsize": 8.6, "va": "center", "family": "DejaVu Sans"} | how
    axes.text(x, y, words, **style)


def _room(axes: Any) -> None:
    corners, _ = camera.project(np.array([(-1.0, 0, -1), (1, 0, -1), (1, 0, 1), (-1, 0, 1)]))
    axes.fill(corners[:, 0], corners[:, 1], color=_css(colours.FLOOR), linewidth=0)
    for metres in (-0.75, -0.25, 0.25, 0.75, -1.0, -0.5, 0.0, 0.5, 1.0):
        fine = metres % 0.5 != 0
        colour, width = (colours.GRID_FINE, 0.5) if fine else (colours.GRID, 0.8)
        _line(axes, [(metres, 0, -1), (metres, 0, 1)], colour, width)
        _line(axes, [(-1, 0, metres), (1, 0, metres)], colour, width)
    for height in (0.5, 1.0, 1.5, 2.0):
        _line(axes, [(-1, height, 1), (-1, height, -1), (1, height, -1)], colours.WALL, 0.6)
    for x, z in ((-1, -1), (1, -1)):
        _line(axes, [(x, 0, z), (x, 2, z)], colours.WALL, 0.6)
    ticks = (-1.0, -0.5, 0.0, 0.5, 1.0)
    front, _ = camera.project(np.array([(x, 0, 1.09) for x in ticks]))
    side, _ = camera.project(np.array([(1.09, 0, z) for z in ticks]))
    for (x, y), metres in zip(front[:-1], ticks, strict=False):
        _label(axes, x - 4, y + 8, f"{metres:g}", ha="center")
    for (x, y), metres in zip(side[:-1], ticks, strict=False):
        _label(axes, x + 6, y + 6, f"{metres:g}", ha="center")
    (x, y), _ = camera.project(np.array((-0.25, 0, 1.27)))
    _label(axes, x - 10, y + 12, "X (m), left", ha="center")
    (x, y), _ = camera.project(np.array((1.27, 0, 0.25)))
    _label(axes, x + 30, y + 10, "Z (m), front", ha="center")


def _ruler(axes: Any) -> None:
    _line(axes, [(-1, 0, 1), (-1, 2, 1)], colours.RULER, 1.1)
    for tenths in range(21):
        long = tenths % 5 == 0
        (x, y), _ = camera.project(np.array((-1, tenths / 10, 1.0)))
        axes.plot((x, x + (10 if long else 5)), (y, y), color=_css(colours.RULER), linewidth=1.0 if long else 0.6)
        if long and tenths:
            _label(axes, x + 15, y, f"{tenths / 10:g} m", ha="left")


def _insets(axes: Any) -> None:
    from matplotlib.patches import Rectangle

    width, height = camera.INSET_SIZE
    for name, title in (("front", "front (from +Z)"), ("side", "left side (from +X)")):
        left, top = camera.INSETS[name]
        for metres in (0, 1, 2):
            y = top + camera.INSET_FLOOR - camera.INSET_PIXELS_PER_METRE * metres
            colour = colours.WALL if metres else colours.GRID
            axes.plot((left, left + width), (y, y), color=_css(colour), linewidth=0.8)
            if metres:
                _label(axes, left + width - 5, y - 8, f"{metres} m", ha="right", fontsize=6)
        box = Rectangle((left + 0.5, top + 0.5), width - 1, height - 1, fill=False, color=_css(colours.GRID_FINE))
        axes.add_patch(box)
        _label(axes, left + 8, top + 14, title, ha="left", fontsize=7)


def _legend(axes: Any) -> None:
    x = 40.0
    for name, colour in colours.LIMBS.items():
        axes.plot(
            (x + 7, x + 26),
            (LEGEND_TOP, LEGEND_TOP),
            color=_css(colour),
            linewidth=6.5,
            solid_capstyle="round",
        )
        _label(axes, x + 42, LEGEND_TOP, name.replace("_", " "), ha="left")
        x += 76 + 11 * len(name)
