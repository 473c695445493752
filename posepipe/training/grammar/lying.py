"""Base poses of the group lying."""
# ruff: noqa: E501 - tables of phrasings and predicates

from __future__ import annotations

import numpy as np

from posepipe.training.controls import Controls
from posepipe.training.grammar.base import BasePose
from posepipe.training.grammar.base import draw_from as u

Rng = np.random.Generator


def supine(rng: Rng) -> Controls:
    """Flat on the back, head towards -Z."""
    c = Controls(support="seat", height=0.085, pitch=-90, flex=u(rng, -3, 3), nod=u(rng, -5, 10))
    c.both_feet(u(rng, 0.09, 0.18), u(rng, 0.885, 0.9), heel=-u(rng, 75, 105), toe_out=20)
    for arm in c.arms:
        arm.angles(u(rng, 8, 18), 90, u(rng, 4, 16))
    return c


def prone(rng: Rng) -> Controls:
    """Flat on the belly, head towards +Z."""
    c = Controls(support="lowest", pitch=90, flex=u(rng, -5, 2), turn_head=u(rng, 20, 60))
    c.both_legs(u(rng, -2, 2), u(rng, 1, 6), u(rng, 3, 9), 3, u(rng, 45, 60))
    for arm in c.arms:
        arm.angles(u(rng, 8, 20), 90, u(rng, 4, 14))
    return c


def on_side(rng: Rng) -> Controls:
    """On the left side."""
    c = Controls(support="lowest", roll=90, flex=u(rng, 5, 20), bend=-2)
    c.left_leg.angles(u(rng, 12, 30), u(rng, 20, 45), 0, 0, 15)
    c.right_leg.angles(u(rng, 20, 45), u(rng, 30, 60), -4, 0, 15)
    c.left_arm.angles(u(rng, 70, 100), u(rng, -5, 10), u(rng, 50, 90))
    c.right_arm.angles(u(rng, 15, 40), u(rng, 0, 20), u(rng, 20, 50))
    return c


POSES: tuple[BasePose, ...] = (
    BasePose("supine", ("lying on [the|{his}] back", "lying face up [on the floor|]", "lying supine", "lying [down|on the ground] on the back"),
             supine, ("lying_supine", "on_ground"), ("stretched out facing the ceiling",), weight=2),
    BasePose("prone", ("lying face down [on the floor|]", "lying on [the|{his}] [belly|stomach]", "lying prone"),
             prone, ("lying_prone", "on_ground"), ("stretched out with the belly on the floor",), weight=2),
    BasePose("on_side", ("lying on [the|{his}] {side} side", "lying on one side", "lying sideways on the {side}"),
             on_side, ("lying_on:left", "on_ground"), ("resting sideways, the {side} shoulder on the floor",), weight=2),
)  # fmt: skip
