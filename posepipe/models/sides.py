"""Left and right: the bundled model reads each caption as one that names the left first.

A caption that names the right first is read with its sides exchanged, and what is made of it is mirrored. So a side
cannot be misread for the other where only one is named, and "right" is the mirror image of "left" by construction.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import MIRROR

_SIDE: Final = re.compile(r"(?<![a-z])(left|right)(?![a-z]|[ -]angle)", re.IGNORECASE)


def swap_sides(text: str) -> str:
    """Every word "left" becomes "right" and the other way round, but for right angles.

    >>> swap_sides("Left arm up, bent at a right angle, right leg back")
    'right arm up, bent at a right angle, left leg back'
    """
    return _SIDE.sub(lambda found: "right" if found.group().lower() == "left" else "left", text)


def left_first(caption: str) -> tuple[str, bool]:
    """A caption as the bundled model reads it, and whether its pose is to be mirrored for it.

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
    """Mirror image of joints (..., 22, 3): left and right exchanged, x negated."""
    return joints[..., list(MIRROR), :] * np.array((-1, 1, 1), dtype=joints.dtype)
