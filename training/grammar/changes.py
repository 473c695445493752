"""What the phrases of :mod:`training.grammar.modifiers` do to controls; ``{side}`` is the left here."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from training import landmarks as at
from training.controls import Arm, Controls, Number
from training.grammar.base import draw_from

Change = Callable[[Controls, np.random.Generator], None]


def _mean(value: Number) -> float:
    return float(np.mean(value))


def _prone(c: Controls) -> bool:
    return c.support != "feet" and _mean(c.pitch) > 50


def _supine(c: Controls) -> bool:
    return c.support != "feet" and _mean(c.pitch) < -50


def _lying(c: Controls) -> bool:
    return c.support != "feet" and (abs(_mean(c.pitch)) > 50 or abs(_mean(c.roll)) > 50)


def up(c: Controls, arm: Arm, rng: np.random.Generator) -> None:
    if _supine(c):
        arm.angles(draw_from(rng, 80, 110), draw_from(rng, 0, 20), draw_from(rng, 0, 15))
    else:
        arm.angles(draw_from(rng, 155, 178), draw_from(rng, 20, 80), draw_from(rng, 2, 20))


def forward(c: Controls, arm: Arm, rng: np.random.Generator) -> None:
    if _prone(c):
        arm.angles(draw_from(rng, 160, 178), draw_from(rng, 20, 60), draw_from(rng, 2, 15))
    else:
        tipped = 0.75 * (_mean(c.flex) + (0 if _lying(c) else _mean(c.pitch)))
        arm.angles(88 + max(0.0, min(tipped, 70.0)), draw_from(rng, -6, 10), draw_from(rng, 2, 14))


def sideways(arm: Arm, rng: np.random.Generator) -> None:
    arm.angles(draw_from(rng, 82, 96), draw_from(rng, 82, 95), draw_from(rng, 2, 14))


def hang(c: Controls, arm: Arm, rng: np.random.Generator, loose: float) -> None:
    tipped = 0.0 if _lying(c) else _mean(c.pitch) + _mean(c.flex)
    down = max(0.0, min(tipped, 100.0)) * loose
    if down > 25:
        arm.angles(down, draw_from(rng, 4, 14), draw_from(rng, 3, 20))
    else:
        arm.angles(draw_from(rng, 5, 12), draw_from(rng, 70, 95), draw_from(rng, 4, 20))


def arm_raised(c: Controls, rng: np.random.Generator) -> None:
    up(c, c.left_arm, rng)


def arm_forward(c: Controls, rng: np.random.Generator) -> None:
    forward(c, c.left_arm, rng)


def arm_sideways(c: Controls, rng: np.random.Generator) -> None:
    sideways(c.left_arm, rng)


def arm_back(c: Controls, rng: np.random.Generator) -> None:
    c.left_arm.angles(draw_from(rng, 45, 60), draw_from(rng, 170, 185), draw_from(rng, 3, 20))


def arm_hanging(c: Controls, rng: np.random.Generator) -> None:
    hang(c, c.left_arm, rng, 0.9)


def elbow_bent(c: Controls, rng: np.random.Generator) -> None:
    bend_elbow(c.left_arm, rng)


def bend_elbow(arm: Arm, rng: np.random.Generator) -> None:
    arm.angles(draw_from(rng, 5, 20), draw_from(rng, 20, 80), draw_from(rng, 80, 110), draw_from(rng, -15, 10))


def hand(target: at.Target) -> Change:
    def change(c: Controls, rng: np.random.Generator) -> None:
        c.left_arm.to(target)

    return change


def hands(target: at.Target) -> Change:
    def change(c: Controls, rng: np.random.Generator) -> None:
        c.both_hands(target)

    return change


def each(one: Callable[[Controls, Arm, np.random.Generator], None]) -> Change:
    def change(c: Controls, rng: np.random.Generator) -> None:
        for arm in c.arms:
            one(c, arm, rng)

    return change


def arms_crossed(c: Controls, rng: np.random.Generator) -> None:
    over, under = (c.left_arm, c.right_arm) if rng.random() < 0.5 else (c.right_arm, c.left_arm)
    over.to(at.CROSSED.moved(z=0.03, y=0.02))
    under.to(at.CROSSED.moved(y=-0.03, x=0.02))


def fists_raised(c: Controls, arm: Arm, rng: np.random.Generator) -> None:
    if rng.random() < 0.5:
        arm.to(at.GUARD.moved(y=draw_from(rng, 0.02, 0.10), x=draw_from(rng, 0.0, 0.12)))
    else:
        arm.angles(draw_from(rng, 80, 110), draw_from(rng, 60, 90), draw_from(rng, 70, 100), draw_from(rng, 80, 95))


def hands_on_knees(c: Controls, rng: np.random.Generator) -> None:
    c.both_hands(at.KNEE)
    _stoop(c, rng)


def hand_on_knee(c: Controls, rng: np.random.Generator) -> None:
    c.left_arm.to(at.KNEE)
    _stoop(c, rng)


def _stoop(c: Controls, rng: np.random.Generator) -> None:
    """Bend as far as hands need to come to the knees."""
    if c.support == "feet":
        c.pitch = max(_mean(c.pitch), draw_from(rng, 48, 56))
        c.flex = max(_mean(c.flex), draw_from(rng, 32, 42))
        c.nod = min(_mean(c.nod), draw_from(rng, -25, -10))
        for leg in c.legs:
            if leg.planted:
                leg.knee = np.maximum(leg.knee, draw_from(rng, 34, 46))
    elif c.support == "seat":
        c.flex = max(_mean(c.flex), draw_from(rng, 14, 26))
    elif not _lying(c):
        c.flex = max(_mean(c.flex), draw_from(rng, 20, 34))


def foot_lifted(c: Controls, rng: np.random.Generator) -> None:
    leg = c.left_leg
    if c.support == "feet":
        if not c.right_leg.planted:
            return
        c.weight = -0.9
        c.sway_x = 0.0
        if rng.random() < 0.7:
            leg.angles(draw_from(rng, 40, 75), draw_from(rng, 60, 100), 4, 4, draw_from(rng, 0, 25))
        else:
            leg.angles(draw_from(rng, -12, 5), draw_from(rng, 50, 85), 3, 4, draw_from(rng, 5, 30))
        leg.flexion = leg.flexion + np.maximum(_mean(c.pitch), 0)
    elif c.support == "seat" and _mean(c.height) > 0.3:
        leg.angles(draw_from(rng, 84, 98), draw_from(rng, 20, 60), 5, 3, draw_from(rng, -5, 20))
    elif _supine(c):
        leg.angles(draw_from(rng, 45, 85), draw_from(rng, 2, 30), 3, 0, draw_from(rng, 0, 25))
    elif _prone(c):
        leg.angles(draw_from(rng, -18, -5), draw_from(rng, 5, 60), 3, 0, draw_from(rng, 10, 40))
    elif c.support == "seat":
        leg.angles(draw_from(rng, 105, 120), draw_from(rng, 2, 25), 5, 0, draw_from(rng, 0, 20))


def leg_forward(c: Controls, rng: np.random.Generator) -> None:
    _step(c, draw_from(rng, 0.14, 0.24))


def leg_back(c: Controls, rng: np.random.Generator) -> None:
    _step(c, -draw_from(rng, 0.14, 0.24))


def _step(c: Controls, length: float) -> None:
    left, right = c.legs
    if c.support == "feet" and left.planted and right.planted:
        left.z, right.z = left.z + length, right.z - length
    elif c.support == "feet" and right.planted:
        left.angles(38 if length > 0 else -30, 12, 3, 4, 10)
    elif c.support == "seat":
        if left.planted:
            left.z = left.z + length
    elif not _lying(c) and not left.planted:
        left.flexion = left.flexion + (30 if length > 0 else -25)


def legs_apart(c: Controls, rng: np.random.Generator) -> None:
    for leg in c.legs:
        if leg.planted:
            leg.x = np.maximum(leg.x, draw_from(rng, 0.24, 0.34))
            leg.knee_out = np.maximum(leg.knee_out, 0.15)
        else:
            leg.abduction = np.maximum(leg.abduction, draw_from(rng, 20, 30))


def feet_together(c: Controls, rng: np.random.Generator) -> None:
    for leg in c.legs:
        if leg.planted:
            leg.x, leg.knee_out, leg.toe_out = draw_from(rng, 0.055, 0.075), 0.0, 4.0
        else:
            leg.abduction = draw_from(rng, -3, 1)
    if c.support == "feet":
        c.right_leg.z = c.left_leg.z


def knees_bent(c: Controls, rng: np.random.Generator) -> None:
    more = draw_from(rng, 35, 60)
    for leg in c.legs:
        if leg.planted and c.support == "seat" and _mean(leg.z) > 0.6:  # stretched out on the ground
            leg.plant(leg.x, draw_from(rng, 0.40, 0.55), toe_out=leg.toe_out)
        elif leg.planted:
            leg.knee = np.maximum(leg.knee, more)
        elif _mean(leg.knee) < 45 and c.support != "seat":
            leg.knee = leg.knee + more
            if c.support != "lowest" or _supine(c):
                leg.flexion = leg.flexion + more * 0.55
    if c.support == "seat":
        for leg in c.legs:
            if not leg.planted and _mean(leg.knee) < 60:
                leg.plant(leg.x, 0.42, knee=60)


def tiptoe(c: Controls, rng: np.random.Generator) -> None:
    heel = draw_from(rng, 28, 42)
    for leg in c.legs:
        if leg.planted:
            leg.heel = heel
        else:
            leg.ankle = draw_from(rng, 30, 45)


def legs_crossed(c: Controls, rng: np.random.Generator) -> None:
    left, right = c.legs
    if left.planted and right.planted:
        left.x, right.x = -0.07, -0.07
        left.z, right.z = left.z + 0.09, right.z - 0.09
        left.knee_out = right.knee_out = -0.1


def legs_straight(c: Controls, rng: np.random.Generator) -> None:
    for leg in c.legs:
        if leg.planted and c.support == "feet":
            leg.knee = draw_from(rng, 1, 4)
        elif not leg.planted and c.support != "feet":
            leg.knee = draw_from(rng, 1, 8)


def lean(c: Controls, rng: np.random.Generator) -> None:
    more = draw_from(rng, 22, 36)
    if c.support == "lowest" and _lying(c):
        c.flex = c.flex + 0.5 * more
    elif c.support == "lowest":
        c.flex = c.flex + more
    else:
        c.pitch, c.flex = c.pitch + 0.6 * more, c.flex + 0.5 * more
        for leg in c.legs:
            if not leg.planted:
                leg.flexion = leg.flexion + 0.6 * more


def lean_back(c: Controls, rng: np.random.Generator) -> None:
    more = draw_from(rng, 16, 26)
    c.flex = c.flex - more
    if c.support != "lowest":
        c.pitch = c.pitch - 0.5 * more


def lean_side(c: Controls, rng: np.random.Generator) -> None:
    more = draw_from(rng, 18, 30)
    c.bend = c.bend + more
    if c.support == "feet":
        c.roll = c.roll + 0.3 * more


def twist(c: Controls, rng: np.random.Generator) -> None:
    c.twist = c.twist + draw_from(rng, 28, 45)
    c.turn_head = c.turn_head + draw_from(rng, 5, 20)


def upright(c: Controls, rng: np.random.Generator) -> None:
    if _lying(c):
        c.flex = c.bend = 0.0
    elif c.support == "lowest":
        c.pitch, c.flex, c.bend, c.roll = 0.3 * c.pitch, draw_from(rng, -2, 4), 0.0, 0.3 * c.roll
    else:
        for leg in c.legs:
            if not leg.planted:
                leg.flexion = leg.flexion - 0.9 * np.maximum(c.pitch, 0)
        c.pitch, c.flex, c.bend, c.roll = 0.1 * c.pitch, draw_from(rng, -3, 3), 0.0, 0.0


def look_up(c: Controls, rng: np.random.Generator) -> None:
    c.nod = draw_from(rng, -48, -30)
    c.flex = c.flex - 4


def look_down(c: Controls, rng: np.random.Generator) -> None:
    c.nod = draw_from(rng, 28, 42)


def look_side(c: Controls, rng: np.random.Generator) -> None:
    c.turn_head = draw_from(rng, 45, 68)
    c.twist = c.twist + draw_from(rng, 0, 8)


def look_ahead(c: Controls, rng: np.random.Generator) -> None:
    c.turn_head = c.tilt = 0.0
    c.nod = -0.4 * _mean(c.flex)


def tilt_any(c: Controls, rng: np.random.Generator) -> None:
    c.tilt = draw_from(rng, 18, 30) * (1 if rng.random() < 0.5 else -1)


def tilt_side(c: Controls, rng: np.random.Generator) -> None:
    c.tilt = draw_from(rng, 18, 30)


def backward(c: Controls, rng: np.random.Generator) -> None:
    c.heading = c.heading + 180 + draw_from(rng, -8, 8)


def turning(c: Controls, rng: np.random.Generator) -> None:
    c.heading = c.heading + draw_from(rng, 30, 60)
    if not _lying(c):
        c.twist = c.twist + draw_from(rng, 5, 16)
        c.turn_head = c.turn_head + draw_from(rng, 5, 15)


def facing_side(c: Controls, rng: np.random.Generator) -> None:
    c.heading = c.heading + draw_from(rng, 70, 95)


def _scaled(c: Controls, scale: float, knees: float) -> None:
    for name in ("flex", "bend", "twist", "nod", "turn_head", "tilt"):
        setattr(c, name, getattr(c, name) * scale)
    if c.support == "feet":
        for leg in c.legs:
            if leg.planted:
                leg.knee = np.clip(leg.knee * scale + knees, 2, 140)
            else:
                leg.flexion = leg.flexion + c.pitch * (scale - 1)
        c.pitch, c.roll = c.pitch * scale, c.roll * scale


def deeply(c: Controls, rng: np.random.Generator) -> None:
    _scaled(c, 1.3, draw_from(rng, 8, 20))


def slightly(c: Controls, rng: np.random.Generator) -> None:
    _scaled(c, draw_from(rng, 0.5, 0.65), 0.0)
