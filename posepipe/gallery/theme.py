"""The colours of the page, light and dark; borders and controls have a contrast of at least 3:1, texts of 4.5:1."""

from __future__ import annotations

from typing import Any, Final

from posepipe.picture import colours, palette
from posepipe.picture.colours import RGB

LIGHT: Final[dict[str, RGB]] = {
    "paper": colours.WHITE,
    "panel": colours.FLOOR,
    "ink": colours.INK,
    "label": colours.LABEL,
    "line": (128, 132, 140),
    "focus": colours.LIMBS["left_leg"],
    "warning": (165, 78, 0),
    "on_warning": colours.WHITE,
    "floor": colours.FLOOR,
    "grid": colours.GRID,
    "grid_fine": colours.GRID_FINE,
    "arrow": colours.ARROW,
}
DARK: Final[dict[str, RGB]] = {
    "paper": (24, 26, 30),
    "panel": (42, 45, 51),
    "ink": (232, 233, 236),
    "label": (174, 178, 187),
    "line": (122, 128, 139),
    "focus": (110, 168, 248),
    "warning": (245, 166, 82),
    "on_warning": (24, 26, 30),
    "floor": (38, 41, 46),
    "grid": (84, 89, 98),
    "grid_fine": (58, 62, 70),
    "arrow": (150, 157, 168),
}
DARK_LIMBS: Final[dict[str, RGB]] = {
    "right_leg": (226, 88, 80),
    "right_arm": (246, 164, 78),
    "left_leg": (86, 144, 226),
    "left_arm": (84, 196, 222),
    "spine": (172, 176, 186),
}


def style() -> str:
    """The colours as CSS variables. Paper is always light."""
    light, dark = _variables(LIGHT), _variables(DARK)
    return (
        f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n@media print{{:root{{{light}}}}}\n"
    )


def scenes() -> dict[str, Any]:
    """The colours of the 3D view, ``light`` and ``dark``: CSS colours by name, RGB of paper and of the materials.

    A material is a list of its darkest tone and its colour.
    """
    return {
        "light": _scene(LIGHT, {}),
        "dark": _scene(DARK, DARK_LIMBS),
    }


def _scene(named: dict[str, RGB], limbs: dict[str, RGB]) -> dict[str, Any]:
    materials = {
        name: (colours.mix(limbs[name], colours.INK, 0.5), limbs[name]) if name in limbs else tones
        for name, tones in palette.MATERIALS.items()
    }
    return {name: css(rgb) for name, rgb in named.items()} | {"rgb": {"paper": named["paper"], "materials": materials}}


def _variables(named: dict[str, RGB]) -> str:
    return "".join(f"--{name.replace('_', '-')}:{css(rgb)};" for name, rgb in named.items())


def css(colour: RGB) -> str:
    """A colour in CSS.

    >>> css((255, 0, 16))
    '#ff0010'
    """
    return "#{:02x}{:02x}{:02x}".format(*colour)
