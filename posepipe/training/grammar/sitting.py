"""Base poses of the group sitting."""
# ruff: noqa: E501 - tables of phrasings and predicates

from __future__ import annotations

import numpy as np

from posepipe.training import landmarks as at
from posepipe.training.controls import Controls
from posepipe.training.grammar.base import BasePose
from posepipe.training.grammar.base import draw_from as u

Rng = np.random.Generator


def on_chair(rng: Rng) -> Controls:
    """Upright on a chair, feet on the ground, hands on the thighs."""
    c = Controls(support="seat", height=u(rng, 0.45, 0.5), pitch=u(rng, -6, 4), flex=u(rng, 2, 12))
    c.both_feet(u(rng, 0.10, 0.16), u(rng, 0.36, 0.44), toe_out=8)
    c.both_hands(at.THIGH)
    return c


def on_floor(rng: Rng) -> Controls:
    """On the ground, legs stretched out ahead, hands on the thighs."""
    c = Controls(support="seat", height=0.085, pitch=u(rng, -12, -4), flex=u(rng, 8, 20))
    c.both_feet(u(rng, 0.08, 0.2), 0.83, heel=-u(rng, 85, 110), toe_out=10)
    c.both_hands(at.THIGH)
    return c


def _cross_legged(rng: Rng) -> Controls:
    c = Controls(support="seat", height=0.09, pitch=u(rng, -10, 0), flex=u(rng, 4, 14))
    for leg, ahead in zip(c.legs, (0.24, 0.32), strict=True):
        leg.plant(-u(rng, 0.08, 0.13), ahead, toe_out=-u(rng, 45, 65), heel=-12, knee_out=2.2)
    c.both_hands(at.KNEE)
    return c


def _hands_on_knees(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.flex = u(rng, 14, 24)
    c.both_hands(at.KNEE)
    return c


POSES: tuple[BasePose, ...] = (
    BasePose("on_chair", ("sitting on a [chair|stool|bench|seat]", "sitting", "sitting [down|upright] on a chair", "seated [on a chair|]"),
             on_chair, ("seated", "feet_on_floor"), ("taking a seat on a chair",), weight=2),
    BasePose("chair_hands_on_knees", ("sitting on a chair with [both |the |]hands on [the|{his}] knees", "sitting with [both |the |]hands on [the|{his}] knees"),
             _hands_on_knees, ("seated", "hand_on_knee:both"), ("seated, both palms resting on the knees",)),
    BasePose("on_floor_legs_out", ("sitting on the floor with [the |{his} |]legs [stretched out|straight|out in front]", "sitting on the ground with straight legs"),
             on_floor, ("seated_on_floor", "leg_straight:both"), ("on the floor, legs extended ahead",)),
    BasePose("cross_legged", ("sitting cross-legged [on the floor|]", "sitting on the floor with [the |]legs crossed", "sitting in lotus position"),
             _cross_legged, ("seated_on_floor", "knee_well_bent:both", "knees_apart"), ("in a tailor's seat",)),
)  # fmt: skip
