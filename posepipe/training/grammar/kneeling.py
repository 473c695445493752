"""Base poses of the group kneeling."""
# ruff: noqa: E501 - tables of phrasings and predicates

from __future__ import annotations

import numpy as np

from posepipe.training import landmarks as at
from posepipe.training.controls import Controls
from posepipe.training.grammar.base import LEGS, BasePose
from posepipe.training.grammar.base import draw_from as u

Rng = np.random.Generator


def kneel(rng: Rng) -> Controls:
    """Upright on both knees, shanks along the ground."""
    c = Controls(support="lowest", pitch=u(rng, 0, 5), flex=u(rng, 0, 6))
    lean = float(np.asarray(c.pitch))
    for leg in c.legs:
        leg.angles(lean + u(rng, -2, 4), u(rng, 87, 92), u(rng, 2, 6), 0, u(rng, 57, 63))
    return c


def kneel_on_left(rng: Rng) -> Controls:
    """The left knee on the ground, the right foot flat ahead."""
    c = kneel(rng)
    c.right_leg.plant(u(rng, 0.08, 0.13), u(rng, 0.34, 0.44), toe_out=6)
    if rng.random() < 0.5:
        c.right_arm.to(at.KNEE)
    return c


POSES: tuple[BasePose, ...] = (
    BasePose("kneel", ("kneeling", "kneeling on both knees", "kneeling upright [on the floor|]", "on both knees"),
             kneel, ("knees_on_floor", "trunk_upright", "not seated_on_floor"), ("resting upright on the knees",), LEGS, weight=2, spread=0.7),
    BasePose("kneel_on_one", ("kneeling on [the|{his}] {side} knee", "kneeling on one knee", "on one knee, the {side} one", "down on the {side} knee",
                              "kneeling with the {side} knee on the [floor|ground]", "kneeling with the {other} foot forward"),
             kneel_on_left, ("kneels_on:left", "foot_on_floor:right", "trunk_upright"), ("dropped onto the {side} knee",), LEGS, weight=2, spread=0.7),
)  # fmt: skip
