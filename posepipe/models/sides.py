"""Left and right: the bundled model only sees captions in which the left side is named first.

In a caption that names the right side first, the sides are exchanged, and its pose is mirrored afterwards. So the model
cannot confuse the sides if only one is named, and a pose for "right" is exactly the mirror image of that for "left".
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import MIRROR

_SIDE: Final = re.compile(r"(?<![a-z])(left|right)(?![a-z]|[ -]angle)", re.IGNORECASE)


def swap_sides(text: str) -> str:
    """Exchange the words "left" and "right", except in "right angle".

    >>> swap_sides("Left arm up, bent at a right angle, right leg back")
    'right arm up, bent at a right angle, left leg back'
    """
    return _SIDE.sub(lambda found: "right" if found.group().lower() == "left" else "left", text)


def left_first(caption: str) -> tuple[str, bool]:
    """Return a caption as the bundled model gets it, and whether the pose must be mirrored.

    >>> left_first("A person raising the right arm and the left leg")
    ('A person raising the left arm and the right leg', True)
    >>> left_first("A person raising the left arm")
    ('A person raising the left arm', False)
    """
    first = _SIDE.search(caption)
    if first is None or first.group().lower() == "left":
        return caption, False
    return swap_sides(caption), True


def mirrored(joints: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mirror image of joints (..., 22, 3): left and right joints exchanged, x negated."""
    return joints[..., list(MIRROR), :] * np.array((-1, 1, 1), dtype=joints.dtype)
