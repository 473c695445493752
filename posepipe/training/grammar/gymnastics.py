"""Base poses of the group gymnastics."""
# ruff: noqa: E501 - tables of phrasings and predicates

from __future__ import annotations

import numpy as np

from posepipe.training.controls import Controls
from posepipe.training.grammar.base import ARMS, LEGS, BasePose
from posepipe.training.grammar.base import draw_from as u

Rng = np.random.Generator


def _handstand(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=180, heading=180, flex=u(rng, -8, 0), nod=-u(rng, 5, 25))
    c.both_arms(178, 60, 2)
    c.both_legs(u(rng, -4, 4), u(rng, 1, 8), u(rng, 0, 6), 0, u(rng, 25, 45))
    return c


def plank(rng: Rng) -> Controls:
    """On straight arms and toes, belly down, head towards +Z."""
    c = Controls(
        support="lowest",
        pitch=78,
        flex=0,
        nod=-10,
        level=(("left_foot", "right_foot"), ("left_wrist", "right_wrist")),
    )
    c.both_arms(u(rng, 76, 84), 4, 3)
    c.both_legs(0, 2, u(rng, 1, 5), 0, -15)
    return c


POSES: tuple[BasePose, ...] = (
    BasePose("handstand", ("doing a handstand", "standing on [the|{his}] hands", "in a handstand [position|]", "balancing upside down on [the|both] hands"),
             _handstand, ("upside_down", "hand_on_floor:both"), ("inverted on straight arms",), ARMS | LEGS | {"trunk"}, tags=frozenset({"upside_down"})),
    BasePose("plank", ("holding a plank [position|]", "in a [high |]plank [position|]", "in a push-up position", "doing a plank"),
             plank, ("hand_on_floor:both", "trunk_horizontal"), ("braced on hands and toes with a straight body",), ARMS | LEGS | {"trunk"}),
)  # fmt: skip
