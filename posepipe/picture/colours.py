"""The colours of the picture: right warm, left cool, spine grey; RGB, 0 to 255.

The five also differ in lightness, so that they can be told apart with every kind of colour blindness
(tests/picture/test_drawing.py).
"""

from __future__ import annotations

from typing import Final

RGB = tuple[int, int, int]

LIMBS: Final[dict[str, RGB]] = {
    "right_leg": (198, 47, 42),
    "right_arm": (240, 138, 36),
    "left_leg": (28, 92, 170),
    "left_arm": (40, 164, 194),
    "spine": (78, 80, 86),
}

WHITE: Final[RGB] = (255, 255, 255)
INK: Final[RGB] = (22, 24, 28)
FLOOR: Final[RGB] = (239, 239, 239)
GRID: Final[RGB] = (184, 188, 196)
GRID_FINE: Final[RGB] = (216, 218, 224)
WALL: Final[RGB] = (224, 226, 230)
RULER: Final[RGB] = (120, 124, 132)
LABEL: Final[RGB] = (84, 88, 96)
ARROW: Final[RGB] = (112, 120, 130)
WARNING: Final[RGB] = (176, 84, 0)


def mix(colour: RGB, other: RGB, share: float) -> RGB:
    """Mix a share (0 to 1) of ``other`` into ``colour``."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue
