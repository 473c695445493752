"""Changes of arms, in whatever posture: directions, targets, gravity.

Like those of :mod:`training.grammar.changes`, they work in place on controls in degrees and metres, and pose the LEFT
side. A direction is meant as people mean it: "forward" is where the person faces, level with the ground, also if the
trunk is bent; of someone lying it is relative to the body. What a posture does not allow is left undone, and the
predicates of the modifier then fail.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from training import landmarks as at
from training.controls import Arm, Controls, mirrored
from training.grammar.base import uniform as u
from training.grammar.changes import Change, forward, is_lying, is_prone, is_supine, mean, on_ground, up
from training.kinematics import chest_axes

_UP: Final = np.array([0.0, 1.0, 0.0])
_HALF_APART: Final = 0.02
"""Metres by which each of two joined hands lies outside its target, because hands have a thickness."""

_MOST_BACK: Final = 62.0
"""Degrees by which an arm can be raised backward."""

_MOST_ACROSS: Final = 55.0
"""Degrees of azimuth by which a raised arm can point across the body."""

_HANGS_LOOSE: Final = 45.0
"""Degrees of elevation below which an arm hangs, so that it follows gravity when the trunk is bent."""


def axes_of_directions(c: Controls) -> NDArray[np.float64]:
    """Return the axes (3, 3) of directions, in the frame of the chest: columns left, up, forward.

    They are level with the ground and turned as the chest is; of someone lying they are those of the chest.
    """
    chest = chest_axes(c)
    if is_lying(c) or abs(chest[1, 0]) > 0.8:
        return np.eye(3)
    left = chest[:, 0] * np.array([1.0, 0.0, 1.0])
    left = left / np.linalg.norm(left)
    return np.asarray(chest.T @ np.stack([left, _UP, np.cross(left, _UP)], axis=1))


def point(arm: Arm, way: NDArray[np.float64], elbow: float) -> None:
    """Point the left arm along a vector in the frame of the chest, as far as a shoulder allows."""
    way = way / max(float(np.linalg.norm(way)), 1e-9)
    elevation = float(np.degrees(np.arccos(np.clip(-way[1], -1, 1))))
    azimuth = float(np.degrees(np.arctan2(way[0], way[2])))
    if elevation < 15:
        azimuth = max(azimuth, 20.0)
    elif abs(azimuth) > 115 and elevation > _MOST_BACK:
        azimuth, elevation = abs(azimuth), _MOST_BACK
    elif azimuth < -_MOST_ACROSS and elevation < 140:
        azimuth = 180.0 if azimuth < -140 else -_MOST_ACROSS
    arm.angles(elevation, azimuth, elbow)


def arm_to(x: float, y: float, z: float, *, spread: float = 0.10, elbow: tuple[float, float] = (2, 14)) -> Change:
    """Return a change that points the left arm along a vector: outward, up, forward."""

    def change(c: Controls, rng: np.random.Generator) -> None:
        way = np.array([x, y, z]) / np.sqrt(x * x + y * y + z * z) + rng.uniform(-spread, spread, 3)
        point(c.left_arm, axes_of_directions(c) @ way, u(rng, *elbow))

    return change


def arm_up(c: Controls, rng: np.random.Generator) -> None:
    """Raise the left arm; of someone lying on the back it points to the ceiling."""
    up(c, c.left_arm, rng)


_LEVEL_FORWARD: Final = arm_to(0.05, 0, 1)


def arm_forward(c: Controls, rng: np.random.Generator) -> None:
    """Hold the left arm forward; of someone lying it points to the ceiling, or past the head."""
    if is_lying(c):
        forward(c, c.left_arm, rng)
    else:
        _LEVEL_FORWARD(c, rng)


def arm_across(c: Controls, rng: np.random.Generator) -> None:
    """Stretch the left arm across the chest or belly."""
    height, ahead = u(rng, -0.28, 0.06), u(rng, 0.30, 0.38)
    c.left_arm.to(at.Target("own_shoulder", "chest", (-u(rng, 0.24, 0.34), height, ahead), (0.6, -0.9, 0.3)))


def both(change: Change) -> Change:
    """Return a change that does the same to both sides, as mirror images."""

    def twice(c: Controls, rng: np.random.Generator) -> None:
        change(c, rng)
        image = mirrored(c)
        change(image, rng)
        back = mirrored(image)
        for name in ("left_arm", "right_arm", "left_leg", "right_leg"):
            setattr(c, name, getattr(back, name))

    return twice


def hang(c: Controls, arm: Arm, rng: np.random.Generator) -> None:
    """Let the left arm hang by gravity, beside the trunk; of someone lying it rests along the body."""
    if is_lying(c):
        arm.angles(elevation=u(rng, 6, 14), azimuth=u(rng, 75, 95), elbow=u(rng, 4, 20))
        return
    way = chest_axes(c).T @ -_UP
    way[0] = max(way[0], 0.1) + u(rng, 0.0, 0.08)
    point(arm, way, u(rng, 4, 20))


def arm_hangs(c: Controls, rng: np.random.Generator) -> None:
    hang(c, c.left_arm, rng)


def loose(arm: Arm) -> bool:
    """Return whether an arm hangs, and so follows gravity when the trunk is bent."""
    return arm.reach is None and mean(arm.elevation) < _HANGS_LOOSE and mean(arm.elbow) < _HANGS_LOOSE


def arms_to_side(c: Controls, rng: np.random.Generator) -> None:
    """Point both arms to the left."""
    axes = axes_of_directions(c)
    height = u(rng, -0.25, 0.2)
    point(c.left_arm, axes @ np.array([1.0, height, u(rng, -0.05, 0.2)]), u(rng, 2, 14))
    c.right_arm.to(at.Target("own_shoulder", "chest", (-0.36, 0.36 * height - 0.02, 0.22), (0.5, -0.8, 0.6)))


def _forearm(elevation: float, azimuth: float, elbow: float, rotation: float) -> Change:
    def change(c: Controls, rng: np.random.Generator) -> None:
        turns = (elevation + u(rng, -5, 5), azimuth + u(rng, -8, 8), elbow + u(rng, -8, 8), rotation + u(rng, -6, 6))
        c.left_arm.angles(*turns)

    return change


forearm_up: Final = _forearm(18, 25, 138, 0)
forearm_up_side: Final = _forearm(88, 88, 90, 90)
forearm_up_front: Final = _forearm(85, 8, 90, 0)
forearm_down_side: Final = _forearm(88, 88, 88, -92)
forearm_forward: Final = _forearm(10, 40, 90, 0)


def hand(target: at.Target, width: float = 0.015) -> Change:
    """Return a change that brings the left hand to about a target; ``width`` is in metres."""

    def change(c: Controls, rng: np.random.Generator) -> None:
        c.left_arm.to(target.moved(*(float(part) for part in rng.uniform(-width, width, 3))))

    return change


def hand_on_floor(c: Controls, rng: np.random.Generator) -> None:
    if is_supine(c):
        c.left_arm.angles(elevation=u(rng, 25, 90), azimuth=u(rng, 96, 100), elbow=u(rng, 2, 14))
    elif is_prone(c):
        c.left_arm.angles(elevation=u(rng, 110, 150), azimuth=u(rng, 72, 84), elbow=u(rng, 50, 90), rotation=70)
    elif on_ground(c) and rng.random() < 0.8:
        c.left_arm.to(at.FLOOR_BY_HIP.moved(x=u(rng, -0.03, 0.05), z=u(rng, -0.12, 0.12)))
    else:
        c.left_arm.to(at.FLOOR_IN_FRONT.moved(x=u(rng, -0.04, 0.10), z=u(rng, -0.10, 0.12)))


def hold_wrist(c: Controls, rng: np.random.Generator) -> None:
    """Hold the right wrist with the left hand, in front of the belly."""
    c.right_arm.to(at.CLASPED_IN_FRONT.moved(x=u(rng, 0.0, 0.05), y=u(rng, 0.06, 0.16), z=u(rng, 0.0, 0.05)))
    c.left_arm.to(at.OTHER_WRIST)


def elbow_on(target: at.Target) -> Change:
    """Return a change that rests the left elbow on a target, the forearm up."""

    def change(c: Controls, rng: np.random.Generator) -> None:
        x, y, z = target.pole
        c.left_arm.to(target, pole=(x + u(rng, -0.3, 0.1), y, z + u(rng, -0.2, 0.2)))

    return change


def hands_joined(target: at.Target) -> Change:
    """Return a change that brings both hands together at a target."""

    def change(c: Controls, rng: np.random.Generator) -> None:
        y, z = u(rng, -0.03, 0.05), u(rng, -0.02, 0.04)
        for arm in c.arms:
            arm.to(target.moved(x=_HALF_APART, y=y, z=z))

    return change
