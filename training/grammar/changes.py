"""Changes of controls, one for each modifier in :mod:`training.grammar.modifiers`.

Units: degrees and metres, as :mod:`training.controls` defines them. A change works in place and poses the LEFT side.
What it does depends on how the body is supported: someone lying raises an arm in another direction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from training import landmarks as at
from training.controls import Arm, Controls, Number
from training.grammar.base import uniform as u

Change = Callable[[Controls, np.random.Generator], None]

_TIPPED_OVER: Final = 50
"""Degrees of pitch or roll beyond which a body that does not stand counts as lying."""

SEAT: Final = 0.3
"""Metres of hip height above which a seat is a chair, not the ground."""


def mean(value: Number) -> float:
    """Return the mean over the frames."""
    return float(np.mean(value))


def is_prone(c: Controls) -> bool:
    """Return whether someone lies on the belly."""
    return c.support != "feet" and mean(c.pitch) > _TIPPED_OVER


def is_supine(c: Controls) -> bool:
    """Return whether someone lies on the back."""
    return c.support != "feet" and mean(c.pitch) < -_TIPPED_OVER


def is_lying(c: Controls) -> bool:
    """Return whether the body lies, or is upside down without standing on the feet."""
    return c.support != "feet" and max(abs(mean(c.pitch)), abs(mean(c.roll))) > _TIPPED_OVER


def on_ground(c: Controls) -> bool:
    """Return whether someone sits on the ground."""
    return c.support == "seat" and mean(c.height) < SEAT and not is_lying(c)


def up(c: Controls, arm: Arm, rng: np.random.Generator) -> None:
    """Raise an arm; of someone on the back it points to the ceiling."""
    if is_supine(c):
        arm.angles(elevation=u(rng, 80, 110), azimuth=u(rng, 0, 20), elbow=u(rng, 0, 15))
    else:
        arm.angles(elevation=u(rng, 155, 178), azimuth=u(rng, 20, 80), elbow=u(rng, 2, 20))


def forward(c: Controls, arm: Arm, rng: np.random.Generator) -> None:
    """Hold an arm forward, level with the ground even if the trunk is bent."""
    if is_prone(c):
        arm.angles(elevation=u(rng, 160, 178), azimuth=u(rng, 20, 60), elbow=u(rng, 2, 15))
    else:
        tipped = 0.75 * (mean(c.flex) + (0 if is_lying(c) else mean(c.pitch)))
        arm.angles(elevation=88 + max(0.0, min(tipped, 70.0)), azimuth=u(rng, -6, 10), elbow=u(rng, 2, 14))


def hang(c: Controls, arm: Arm, rng: np.random.Generator, loose: float) -> None:
    """Let an arm hang: straight down with ``loose`` = 1, along the trunk with 0."""
    tipped = 0.0 if is_lying(c) else mean(c.pitch) + mean(c.flex)
    down = max(0.0, min(tipped, 100.0)) * loose
    if down > 25:
        arm.angles(elevation=down, azimuth=u(rng, 4, 14), elbow=u(rng, 3, 20))
    else:
        arm.angles(elevation=u(rng, 5, 12), azimuth=u(rng, 70, 95), elbow=u(rng, 4, 20))


def elbow_bent(c: Controls, rng: np.random.Generator) -> None:
    bend_elbow(c.left_arm, rng)


def bend_elbow(arm: Arm, rng: np.random.Generator) -> None:
    arm.angles(elevation=u(rng, 5, 20), azimuth=u(rng, 20, 80), elbow=u(rng, 80, 110), rotation=u(rng, -15, 10))


def hand(target: at.Target) -> Change:
    """Return a change that brings the left hand to a target."""

    def change(c: Controls, rng: np.random.Generator) -> None:
        c.left_arm.to(target)

    return change


def hands(target: at.Target) -> Change:
    """Return a change that brings each hand to a target on its own side."""

    def change(c: Controls, rng: np.random.Generator) -> None:
        c.both_hands(target)

    return change


def each(one: Callable[[Controls, Arm, np.random.Generator], None]) -> Change:
    """Return a change that does the same to each arm."""

    def change(c: Controls, rng: np.random.Generator) -> None:
        for arm in c.arms:
            one(c, arm, rng)

    return change


def arms_crossed(c: Controls, rng: np.random.Generator) -> None:
    over, under = (c.left_arm, c.right_arm) if rng.random() < 0.5 else (c.right_arm, c.left_arm)
    over.to(at.CROSSED.moved(z=0.06, y=0.04))
    under.to(at.CROSSED.moved(z=-0.01, y=-0.05, x=0.02))


def fists_raised(c: Controls, arm: Arm, rng: np.random.Generator) -> None:
    if rng.random() < 0.5:
        arm.to(at.GUARD.moved(y=u(rng, 0.02, 0.10), x=u(rng, 0.0, 0.12)))
    else:
        arm.angles(elevation=u(rng, 80, 110), azimuth=u(rng, 60, 90), elbow=u(rng, 70, 100), rotation=u(rng, 80, 95))


def foot_lifted(c: Controls, rng: np.random.Generator) -> None:
    leg = c.left_leg
    if c.support == "feet":
        if not c.right_leg.planted:
            return
        c.weight = -0.9
        c.sway_x = 0.0
        if rng.random() < 0.7:
            leg.angles(flexion=u(rng, 40, 75), knee=u(rng, 60, 100), abduction=4, rotation=4, ankle=u(rng, 0, 25))
        else:
            leg.angles(flexion=u(rng, -12, 5), knee=u(rng, 50, 85), abduction=3, rotation=4, ankle=u(rng, 5, 30))
        leg.flexion = leg.flexion + np.maximum(mean(c.pitch), 0)
    elif c.support == "seat" and mean(c.height) > SEAT:
        leg.angles(flexion=u(rng, 84, 98), knee=u(rng, 20, 60), abduction=5, rotation=3, ankle=u(rng, -5, 20))
    elif is_supine(c):
        leg.angles(flexion=u(rng, 45, 85), knee=u(rng, 2, 30), abduction=3, rotation=0, ankle=u(rng, 0, 25))
    elif is_prone(c):
        leg.angles(flexion=u(rng, -18, -5), knee=u(rng, 5, 60), abduction=3, rotation=0, ankle=u(rng, 10, 40))
    elif c.support == "seat":
        leg.angles(flexion=u(rng, 105, 120), knee=u(rng, 2, 25), abduction=5, rotation=0, ankle=u(rng, 0, 20))


def leg_forward(c: Controls, rng: np.random.Generator) -> None:
    _step(c, length=u(rng, 0.14, 0.24))


def leg_back(c: Controls, rng: np.random.Generator) -> None:
    _step(c, length=-u(rng, 0.14, 0.24))


def _step(c: Controls, length: float) -> None:
    """Move the left foot ``length`` metres forward and the right one back."""
    left, right = c.legs
    if c.support == "feet" and left.planted and right.planted:
        left.z, right.z = left.z + length, right.z - length
    elif c.support == "feet" and right.planted:
        left.angles(flexion=38 if length > 0 else -30, knee=12, abduction=3, rotation=4, ankle=10)
    elif c.support == "seat":
        if left.planted:
            left.z = left.z + length
    elif not is_lying(c) and not left.planted:
        left.flexion = left.flexion + (30 if length > 0 else -25)


def legs_apart(c: Controls, rng: np.random.Generator) -> None:
    for leg in c.legs:
        if leg.planted:
            leg.x = np.maximum(leg.x, u(rng, 0.24, 0.34))
            leg.knee_out = np.maximum(leg.knee_out, 0.15)
        else:
            leg.abduction = np.maximum(leg.abduction, u(rng, 20, 30))


def feet_together(c: Controls, rng: np.random.Generator) -> None:
    for leg in c.legs:
        if leg.planted:
            leg.x = u(rng, 0.055, 0.075)
            leg.knee_out = 0.0
            leg.toe_out = 4.0
        else:
            leg.abduction = u(rng, -3, 1)
    if c.support == "feet":
        c.right_leg.z = c.left_leg.z


def knees_bent(c: Controls, rng: np.random.Generator) -> None:
    more = u(rng, 35, 60)
    for leg in c.legs:
        if leg.planted and c.support == "seat" and mean(leg.z) > 0.6:  # legs stretched out on the ground
            leg.plant(x=leg.x, z=u(rng, 0.40, 0.55), toe_out=leg.toe_out)
        elif leg.planted:
            leg.knee = np.maximum(leg.knee, more)
        elif mean(leg.knee) < 45 and c.support != "seat":
            leg.knee = leg.knee + more
            if c.support != "lowest" or is_supine(c):
                leg.flexion = leg.flexion + more * 0.55
    if c.support == "seat":
        for leg in c.legs:
            if not leg.planted and mean(leg.knee) < 60:
                leg.plant(x=leg.x, z=0.42, knee=60)


def tiptoe(c: Controls, rng: np.random.Generator) -> None:
    heel = u(rng, 28, 42)
    for leg in c.legs:
        if leg.planted:
            leg.heel = heel
        else:
            leg.ankle = u(rng, 30, 45)


def legs_straight(c: Controls, rng: np.random.Generator) -> None:
    for leg in c.legs:
        if leg.planted and c.support == "feet":
            leg.knee = u(rng, 1, 4)
        elif not leg.planted and c.support != "feet":
            leg.knee = u(rng, 1, 8)


def lean(c: Controls, rng: np.random.Generator) -> None:
    more = u(rng, 22, 36)
    if c.support == "lowest" and is_lying(c):
        c.flex = c.flex + 0.5 * more
    elif c.support == "lowest":
        c.flex = c.flex + more
    else:
        c.set(pitch=c.pitch + 0.6 * more, flex=c.flex + 0.5 * more)
        for leg in c.legs:
            if not leg.planted:
                leg.flexion = leg.flexion + 0.6 * more


def lean_back(c: Controls, rng: np.random.Generator) -> None:
    more = u(rng, 16, 26)
    c.flex = c.flex - more
    if c.support != "lowest":
        c.pitch = c.pitch - 0.5 * more


def lean_side(c: Controls, rng: np.random.Generator) -> None:
    more = u(rng, 18, 30)
    c.bend = c.bend + more
    if c.support == "feet":
        c.roll = c.roll + 0.3 * more


def twist(c: Controls, rng: np.random.Generator) -> None:
    c.twist = c.twist + u(rng, 28, 45)
    c.turn_head = c.turn_head + u(rng, 5, 20)


def upright(c: Controls, rng: np.random.Generator) -> None:
    if is_lying(c):
        c.flex = c.bend = 0.0
    elif c.support == "lowest":
        c.set(pitch=0.3 * c.pitch, flex=u(rng, -2, 4), bend=0.0, roll=0.3 * c.roll)
    else:
        for leg in c.legs:
            if not leg.planted:
                leg.flexion = leg.flexion - 0.9 * np.maximum(c.pitch, 0)
        c.set(pitch=0.1 * c.pitch, flex=u(rng, -3, 3), bend=0.0, roll=0.0)


def look_up(c: Controls, rng: np.random.Generator) -> None:
    c.nod = u(rng, -48, -30)
    c.flex = c.flex - 4


def look_down(c: Controls, rng: np.random.Generator) -> None:
    c.nod = u(rng, 28, 42)


def look_side(c: Controls, rng: np.random.Generator) -> None:
    c.turn_head = u(rng, 45, 68)
    c.twist = c.twist + u(rng, 0, 8)


def look_ahead(c: Controls, rng: np.random.Generator) -> None:
    c.turn_head = c.tilt = 0.0
    c.nod = -0.4 * mean(c.flex)


def tilt_any(c: Controls, rng: np.random.Generator) -> None:
    c.tilt = u(rng, 18, 30) * (1 if rng.random() < 0.5 else -1)


def tilt_side(c: Controls, rng: np.random.Generator) -> None:
    c.tilt = u(rng, 18, 30)


def backward(c: Controls, rng: np.random.Generator) -> None:
    c.heading = c.heading + 180 + u(rng, -8, 8)


def turning(c: Controls, rng: np.random.Generator) -> None:
    c.heading = c.heading + u(rng, 30, 60)
    if not is_lying(c):
        c.twist = c.twist + u(rng, 5, 16)
        c.turn_head = c.turn_head + u(rng, 5, 15)


def facing_side(c: Controls, rng: np.random.Generator) -> None:
    c.heading = c.heading + u(rng, 70, 95)


def _scaled(c: Controls, scale: float, knees: float) -> None:
    """Scale the angles of trunk, head and bent knees, and bend the knees by ``knees`` degrees more."""
    for name in ("flex", "bend", "twist", "nod", "turn_head", "tilt"):
        setattr(c, name, getattr(c, name) * scale)
    if c.support == "feet":
        for leg in c.legs:
            if leg.planted:
                leg.knee = np.clip(leg.knee * scale + knees, 2, 140)
            else:
                leg.flexion = leg.flexion + c.pitch * (scale - 1)
        c.set(pitch=c.pitch * scale, roll=c.roll * scale)


def deeply(c: Controls, rng: np.random.Generator) -> None:
    _scaled(c, scale=1.3, knees=u(rng, 8, 20))


def slightly(c: Controls, rng: np.random.Generator) -> None:
    _scaled(c, scale=u(rng, 0.5, 0.65), knees=0.0)
