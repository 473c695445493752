"""Further variants of a caption: what the bundled model changes besides the noise of its sampler.

Variant 0 is the pose that the model gives. The others are read a little differently, turned where the caption does not
say where the person faces, and mirrored by chance where it names no side. All of it follows from the caption, the
pose's seed and the number of the variant.
"""

from __future__ import annotations

import re
from math import cos, radians, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.models.sides import mirrored

NUDGE: Final = 0.15
"""Standard deviation of the change of a text embedding, whose values have a standard deviation of 1."""

LEAST_TURN: Final = 25.0
LARGEST_TURN: Final = 60.0
"""Degrees by which a variant is turned: to the left where its number is odd, else to the right."""

_SIDE: Final = re.compile(r"(?<![a-z])(?:left|right)(?![a-z]|[ -]angle)|clockwise", re.IGNORECASE)
_HEADING: Final = re.compile(
    r"\b(?:fac(?:es|ing)|faces? (?:to|the|away|forwards?|backwards?|left|right)|turn\w*|rotat\w*|spin\w*|swivel\w*|"
    r"camera|viewer|audience|wall|profile|sideways|diagonal\w*|clockwise|(?:front|back|rear|side)[ -]?view|"
    r"(?:from|to) (?:the )?(?:front|behind|back|rear|side)|towards?|away)\b",
    re.IGNORECASE,
)
_STREAM: Final = 0x56415249414E5453
"""Mixed into a seed, so that these numbers have nothing to do with the noise of the sampler."""


def names_side(caption: str) -> bool:
    """Whether a caption says left or right, so that its mirror image would show something else.

    >>> names_side("A person waving with the left hand"), names_side("A person bent at a right angle")
    (True, False)
    """
    return _SIDE.search(caption) is not None


def names_heading(caption: str) -> bool:
    """Whether a caption says where the person faces or turns, or from where we look.

    >>> names_heading("A person facing the wall"), names_heading("A person leaning forward")
    (True, False)
    """
    return _HEADING.search(caption) is not None


def _random(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed ^ _STREAM))


def nudged(embedding: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """Change a text embedding by chance, as another wording would.

    Parameters
    ----------
    embedding : (D,) float32 array
        Mean 0 and variance 1.
    seed : int
        Of the pose, 0 <= seed < 2**63.

    Returns
    -------
    (D,) float32 array
        With the same mean and variance.
    """
    random = _random(seed)
    random.random(2)
    changed = embedding.astype(np.float64) + NUDGE * random.standard_normal(len(embedding))
    changed -= changed.mean()
    return np.asarray(changed / max(float(changed.std()), 1e-6), dtype=np.float32)


def varied(joints: NDArray[np.float32], caption: str, seed: int, variant: int) -> NDArray[np.float32]:
    """Turn and mirror the poses of a variant as far as the caption leaves it open.

    Parameters
    ----------
    joints : (..., 22, 3) float32 array
        Metres, Y up. They are turned about the vertical axis through the origin.
    caption : str
    seed : int
        Of the pose, 0 <= seed < 2**63.
    variant : int
        Variant 0 is returned unchanged.

    Returns
    -------
    (..., 22, 3) float32 array
    """
    if variant == 0:
        return joints
    far, side = _random(seed).random(2)
    if side < 0.5 and not names_side(caption):
        joints = mirrored(joints)
    if names_heading(caption):
        return joints
    angle = radians(LEAST_TURN + (LARGEST_TURN - LEAST_TURN) * far) * (1 if variant % 2 else -1)
    x, z = joints[..., 0].astype(np.float64), joints[..., 2].astype(np.float64)
    out = joints.copy()
    out[..., 0] = cos(angle) * x + sin(angle) * z
    out[..., 2] = cos(angle) * z - sin(angle) * x
    return out
