"""Changes of legs, trunk and head, in whatever posture; see :mod:`training.grammar.limbs`.

They work in place on controls in degrees and metres, and pose the LEFT side. What a posture does not allow is left
undone, and the predicates of the modifier then fail.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from training import landmarks as at
from training.controls import Controls, Leg
from training.grammar.base import uniform as u
from training.grammar.changes import SEAT, Change, is_lying, is_prone, is_supine, mean, on_ground

_STRETCHED_OUT: Final = 0.6
"""Metres from the pelvis beyond which the foot of someone sitting on the ground belongs to a straight leg."""


def _frees_leg(c: Controls) -> bool:
    """Put the weight on the right leg; return whether the left one can then be lifted."""
    if c.support == "feet":
        if not c.right_leg.planted:
            return False
        c.weight, c.sway_x = -0.92, 0.0
        c.right_leg.x = np.minimum(c.right_leg.x, 0.12)
    return not (c.support == "lowest" and not is_lying(c))


def _on_chair(c: Controls) -> bool:
    return c.support == "seat" and mean(c.height) >= SEAT and not is_lying(c)


def leg_stretched_forward(c: Controls, rng: np.random.Generator) -> None:
    leg, tipped = c.left_leg, mean(c.pitch)
    if not _frees_leg(c):
        return
    if _on_chair(c):
        if rng.random() < 0.5:
            leg.plant(x=0.11, z=u(rng, 0.78, 0.84), knee=2, heel=-u(rng, 20, 45))
        else:
            leg.angles(
                flexion=u(rng, 76, 92) + tipped, knee=u(rng, 2, 12), abduction=4, rotation=3, ankle=u(rng, 0, 25)
            )
    elif on_ground(c):
        leg.plant(x=0.10, z=u(rng, 0.80, 0.84), knee=2, heel=-u(rng, 75, 100))
    elif is_lying(c) and not is_prone(c):
        leg.angles(flexion=u(rng, 45, 85), knee=u(rng, 2, 12), abduction=3, ankle=u(rng, 0, 25))
    elif c.support == "feet":
        leg.angles(flexion=u(rng, 24, 75) + tipped, knee=u(rng, 2, 12), abduction=3, rotation=4, ankle=u(rng, 5, 35))


def leg_stretched_back(c: Controls, rng: np.random.Generator) -> None:
    leg = c.left_leg
    if not _frees_leg(c):
        return
    if is_prone(c):
        leg.angles(flexion=-u(rng, 12, 24), knee=u(rng, 2, 12), abduction=3, ankle=u(rng, 20, 50))
    elif c.support == "feet":
        lift = u(rng, 22, 38)
        c.set(pitch=np.maximum(c.pitch, u(rng, 6, 18)), nod=c.nod - 8)
        leg.angles(flexion=mean(c.pitch) - lift, knee=u(rng, 2, 14), abduction=3, rotation=6, ankle=u(rng, 20, 45))


def leg_stretched_side(c: Controls, rng: np.random.Generator) -> None:
    leg, tipped = c.left_leg, mean(c.pitch)
    if c.support == "feet" and c.right_leg.planted and rng.random() < 0.4:
        leg.plant(x=u(rng, 0.42, 0.55), z=mean(c.right_leg.z), knee=1, toe_out=u(rng, 15, 40))
        c.right_leg.x = np.minimum(c.right_leg.x, 0.08)
        c.weight = -0.8
    elif not _frees_leg(c):
        return
    elif _on_chair(c):
        leg.angles(flexion=u(rng, 74, 88) + tipped, knee=u(rng, 2, 12), abduction=u(rng, 38, 55), rotation=10)
    elif on_ground(c):
        leg.plant(x=u(rng, 0.52, 0.66), z=u(rng, 0.48, 0.58), knee=2, heel=-u(rng, 75, 100), toe_out=u(rng, 30, 45))
    elif is_lying(c):
        leg.angles(flexion=0, knee=u(rng, 2, 10), abduction=u(rng, 32, 48), rotation=8, ankle=u(rng, 10, 35))
    else:
        leg.angles(flexion=tipped, knee=u(rng, 2, 12), abduction=u(rng, 28, 48), rotation=8, ankle=u(rng, 5, 30))


def knee_raised(c: Controls, rng: np.random.Generator) -> None:
    leg, tipped = c.left_leg, mean(c.pitch)
    if not _frees_leg(c) or is_prone(c):
        return
    if on_ground(c):
        leg.plant(x=0.12, z=u(rng, 0.28, 0.40), knee=60, toe_out=6)
        return
    most = 118 if is_lying(c) or _on_chair(c) else 98
    flexion = u(rng, most - 24, most) + (tipped if c.support != "lowest" else 0)
    leg.angles(flexion, knee=u(rng, 75, 115), abduction=4, rotation=4, ankle=u(rng, 0, 25))


def leg_bent(c: Controls, rng: np.random.Generator) -> None:
    leg = c.left_leg
    if c.support == "feet" and leg.planted and rng.random() < 0.6:
        c.weight = -0.8
        leg.plant(x=leg.x, z=mean(leg.z) + u(rng, 0.06, 0.14), knee=u(rng, 40, 55), heel=u(rng, 20, 35), toe_out=14)
    elif is_prone(c):
        leg.angles(flexion=0, knee=u(rng, 60, 100), abduction=4, ankle=u(rng, 10, 40))
    elif is_supine(c):
        bend = u(rng, 65, 105)
        leg.angles(flexion=0.52 * bend, knee=bend, abduction=3, rotation=0, ankle=0)
    else:
        knee_raised(c, rng)


def heel_to_seat(c: Controls, rng: np.random.Generator) -> None:
    """Bend the left knee backward, the heel towards the seat."""
    leg = c.left_leg
    if not _frees_leg(c) or c.support == "seat" or is_supine(c):
        return
    bent = u(rng, 80, 120)
    flexion = 0 if is_lying(c) else mean(c.pitch) + u(rng, -12, 4)
    leg.angles(flexion, knee=bent, abduction=3, rotation=4, ankle=u(rng, 10, 40))


def leg_straight(c: Controls, rng: np.random.Generator) -> None:
    leg = c.left_leg
    if c.support == "feet" and leg.planted:
        if mean(c.right_leg.knee) > 25:
            leg.plant(x=0.85 if mean(c.right_leg.knee) > 70 else 0.6, z=leg.z, knee=1, toe_out=20)
        else:
            leg.knee = u(rng, 1, 4)
    elif c.support == "seat" and not is_lying(c):
        leg_stretched_forward(c, rng)
    elif leg.planted:
        leg.angles(flexion=0, knee=u(rng, 1, 8), ankle=25)
    elif not leg.planted and leg.reach is None:
        leg.knee = u(rng, 1, 8)


def leg_crossed(c: Controls, rng: np.random.Generator) -> None:
    """Cross the left leg over the right one."""
    left, right = c.legs
    if _on_chair(c) and right.planted:
        right.plant(x=0.05, z=u(rng, 0.40, 0.45), toe_out=4)
        flexion = u(rng, 114, 118) + mean(c.pitch)
        left.angles(flexion, knee=u(rng, 58, 68), abduction=-u(rng, 14, 18), rotation=u(rng, 0, 5), ankle=20)
    elif c.support == "feet" and left.planted and right.planted:
        left.x, right.x = u(rng, -0.10, -0.05), 0.06
        left.z, right.z = mean(right.z) + u(rng, 0.12, 0.18), mean(right.z) - 0.03
        left.knee_out = right.knee_out = -0.1
    elif is_supine(c) or on_ground(c):
        if left.planted or right.planted:
            left.plant(x=-0.05, z=0.80, y=0.10, knee=2, heel=-90, toe_out=0)
            right.plant(x=0.05, z=0.83, knee=2, heel=-90, toe_out=0)
        else:
            left.angles(flexion=14, knee=4, abduction=-11, ankle=30)
            right.angles(flexion=0, knee=3, abduction=1, ankle=25)


def heel_raised(c: Controls, rng: np.random.Generator) -> None:
    leg = c.left_leg
    if leg.planted and not (c.support == "seat" and mean(leg.z) > _STRETCHED_OUT):
        leg.heel = u(rng, 24, 38)
        if c.support == "feet":
            leg.knee = np.maximum(leg.knee, u(rng, 22, 34))
            c.weight = -0.7


def toes_raised(c: Controls, rng: np.random.Generator) -> None:
    if c.left_leg.planted:
        c.left_leg.heel = -u(rng, 34, 48)
        if c.support == "feet":
            c.left_leg.z = c.left_leg.z + u(rng, 0.04, 0.12)
            c.weight = -0.6


def foot_on_knee(c: Controls, rng: np.random.Generator) -> None:
    """Rest the left ankle or foot on the right knee, the left knee out."""
    leg, right = c.left_leg, c.right_leg
    if not _frees_leg(c) or is_prone(c):
        return
    if c.support == "feet":
        leg.to(at.Target("other_knee", "world", (0.13, u(rng, 0.0, 0.06), 0.03), (1.0, 0.0, 0.35)), ankle=45)
    elif _on_chair(c) and right.planted:
        leg.to(at.Target("other_knee", "world", (-0.03, 0.12, u(rng, -0.10, -0.05)), (1.0, 0.1, 0.6)), ankle=10)
    elif (is_supine(c) or on_ground(c)) and max(mean(right.knee), 0.0) > 50:
        leg.to(at.Target("other_knee", "pelvis", (-0.03, 0.0, 0.10), (1.0, -0.2, 0.6)), ankle=10)


def _turned_out(degrees: float) -> Change:
    def change(c: Controls, rng: np.random.Generator) -> None:
        leg: Leg = c.left_leg
        if leg.planted:
            leg.toe_out = degrees + u(rng, -5, 5)
            leg.knee_out = 0.35 if degrees < 0 else 0.0
        else:
            leg.rotation = degrees + u(rng, -5, 5)

    return change


toes_out: Final = _turned_out(48)
toes_in: Final = _turned_out(-28)


def bend_over(c: Controls, rng: np.random.Generator) -> None:
    """Bend far forward at the hips."""
    if c.support == "feet":
        c.set(pitch=c.pitch + u(rng, 55, 72), flex=c.flex + u(rng, 15, 40))
        for leg in c.legs:
            if leg.planted:
                leg.knee = np.maximum(leg.knee, u(rng, 8, 20))
            else:
                leg.flexion = leg.flexion + 60
    elif c.support == "seat":
        more = u(rng, 22, 34)
        c.set(pitch=c.pitch + more, flex=c.flex + u(rng, 28, 45))
        for leg in c.legs:
            if not leg.planted:
                leg.flexion = leg.flexion + more
    elif not is_lying(c):
        c.flex = c.flex + u(rng, 55, 75)
    c.nod = c.nod - u(rng, 0, 18)


def side_bend(c: Controls, rng: np.random.Generator) -> None:
    c.bend = c.bend + u(rng, 28, 42)
    c.tilt = c.tilt + u(rng, 0, 8)


def hunch(c: Controls, rng: np.random.Generator) -> None:
    more = u(rng, 30, 44)
    c.flex = c.flex + more
    if c.support == "feet":
        c.pitch = c.pitch - 0.15 * more
    c.nod = c.nod + u(rng, -8, 10)
    for arm in c.arms:
        arm.protract = 15.0


def arch(c: Controls, rng: np.random.Generator) -> None:
    more = u(rng, 30, 42)
    c.flex = c.flex - more
    if c.support in ("feet", "seat"):
        c.pitch = c.pitch + 0.2 * more
    c.nod = c.nod - u(rng, 5, 20)


def shoulder_up(c: Controls, rng: np.random.Generator) -> None:
    c.left_arm.shrug = u(rng, 22, 30)


def look_behind(c: Controls, rng: np.random.Generator) -> None:
    """Look over the left shoulder."""
    c.turn_head = u(rng, 62, 76)
    c.twist = c.twist + u(rng, 12, 24)


def look(turn: float, nod: float) -> Change:
    """Return a change that turns the head, in degrees to the left, and nods it."""

    def change(c: Controls, rng: np.random.Generator) -> None:
        c.turn_head = turn * u(rng, 0.85, 1.15)
        c.nod = nod * u(rng, 0.85, 1.15)

    return change


def head_back(c: Controls, rng: np.random.Generator) -> None:
    c.nod = -u(rng, 44, 55)
    c.flex = c.flex - u(rng, 4, 10)
