"""What the limbs of a side do in a base pose, seen from its bodies and said behind its words.

Many templates leave open which side does what: "in a boxing stance". People add it: "with the left foot in front".
Such roles hold for a base pose where its bodies show them every time, so none has to be written for each pose.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final, Literal

import numpy as np

from training.grammar.base import BasePose
from training.grammar.predicates import View, holds, opposite, sign
from training.kinematics import solve

Part = Literal["arms", "legs"]
_BODIES: Final = 6
_SLOTS: Final = (("{side}", "left"), ("{other}", "right"))


@dataclass(frozen=True)
class Role:
    """What tells one side from the other.

    Parameters
    ----------
    part : "arms" or "legs"
    shows : function of a View and a side
        True where that side does it and the other clearly does not.
    does, other_does : tuple of str
        Limb and what it does, of that side and of the other: "foot in front", "foot behind".
    """

    part: Part
    shows: Callable[[View, str], bool]
    does: tuple[str, ...]
    other_does: tuple[str, ...] = ()


def _one(predicate: str) -> Callable[[View, str], bool]:
    """A predicate that holds for one side only."""
    return lambda view, side: holds(f"{predicate}:{side}", view) and not holds(f"{predicate}:{opposite(side)}", view)


def _in_front(view: View, side: str) -> bool:
    on_floor = max(view.foot_height("left"), view.foot_height("right")) < 0.12
    upright = view.trunk[1] > 0.3 and (view.hip_height() > 0.3 or view.thigh_angle() > 110)
    return on_floor and upright and view.stance()[2] * sign(side) > 0.16


def _bent(view: View, side: str) -> bool:
    return view.knee(side) > 60 and view.knee(opposite(side)) < 25


def _lifted(view: View, side: str) -> bool:
    return view.foot_height(opposite(side)) < 0.12 and view.foot_height(side) > view.foot_height(opposite(side)) + 0.25


def _high(view: View, side: str) -> bool:
    return view.trunk[1] > 0.5 and view.y(f"{side}_wrist") > view.y("head") > view.y(f"{opposite(side)}_wrist") + 0.2


def _far(axis: int) -> Callable[[View, str], bool]:
    """The arm of one side reaches out along an axis of the heading, the other's does not."""

    def shows(view: View, side: str) -> bool:
        reach = {
            each: float((view.heading @ (view[f"{each}_wrist"] - view[f"{each}_shoulder"]))[axis])
            * (sign(each) if axis == 0 else 1)
            for each in ("left", "right")
        }
        return view.trunk[1] > 0.5 and reach[side] > 0.36 and reach[opposite(side)] < 0.22

    return shows


def _at_face(view: View, side: str) -> bool:
    near = holds(f"hand_at_face:{side}", view) and abs(view.y(f"{side}_wrist") - view.y("head")) < 0.12
    return near and view.y(f"{opposite(side)}_wrist") < view.y("neck") - 0.1


def _hand(predicate: str, *where: str) -> Role:
    return Role("arms", _one(predicate), tuple(f"hand {each}" for each in where))


ROLES: Final = (
    Role("legs", _in_front,
         ("foot in front", "leg in front", "foot ahead", "foot forward", "leg forward", "leg leading"),
         ("foot behind", "leg behind", "foot back", "leg back", "foot at the back")),
    Role("legs", _one("kneels_on"),
         ("knee down", "knee on the floor", "knee on the ground", "knee touching the ground"),
         ("knee up", "foot on the floor", "knee raised")),
    Role("legs", _bent, ("knee bent", "leg bent"), ("leg straight", "knee straight", "leg stretched out")),
    Role("legs", _lifted, ("leg raised", "leg up", "foot up", "leg in the air", "foot off the floor"),
         ("foot on the floor", "foot on the ground", "leg on the floor")),
    Role("arms", _high, ("arm up", "hand up", "arm raised", "arm overhead", "hand above the head"),
         ("arm down", "arm low", "hand lower")),
    Role("arms", _far(2), ("arm stretched forward", "arm out in front", "hand reaching forward", "arm forward")),
    Role("arms", _far(0), ("arm out to the side", "arm stretched sideways", "arm out")),
    _hand("hand_on_hip", "on the hip", "on the waist"),
    _hand("hand_on_knee", "on the knee"),
    _hand("hand_on_floor", "on the floor", "on the ground", "down"),
    _hand("hand_on_head", "on the head", "on top of the head"),
    Role("arms", _at_face, ("hand at the face", "hand near the face", "hand in front of the face")),
)  # fmt: skip

_AS: Final = ("with the {0}", "with the {0}", "with the {0}", "with {{his}} {0}", "with {0}")


@cache
def _seen(base: BasePose) -> tuple[tuple[Role, str], ...]:
    """Roles that every one of some bodies shows, with the slot of the side that does it."""
    views = [View(solve(base.build(np.random.default_rng(seed)))[0]) for seed in range(_BODIES)]
    return tuple(
        (role, slot) for role, (slot, side) in product(ROLES, _SLOTS) if all(role.shows(view, side) for view in views)
    )


def told(base: BasePose, parts: Set[str], rng: np.random.Generator) -> str:
    """A way to say what limbs of one side do, or of both: "with the {side} foot in front"; "" where none has a role.

    Parameters
    ----------
    base : BasePose
    parts : set of "arms", "legs"
        Limbs that may be named.
    """
    sayable = [(role, slot) for role, slot in _seen(base) if role.part in parts]
    if not sayable:
        return ""
    role, slot = sayable[int(rng.integers(len(sayable)))]
    far = "{other}" if slot == "{side}" else "{side}"
    one, two = _limb(role.does, slot, rng), _limb(role.other_does, far, rng)
    others = [each for each, its in sayable if its == far and each is not role]
    if not two and others:
        two = _limb(others[int(rng.integers(len(others)))].does, far, rng)
    choice = rng.random()
    if two and choice < 0.25:
        one = f"{one} and the {two}" if rng.random() < 0.6 else f"{two} and the {one}"
    elif two and choice < 0.5:
        one = two
    return _AS[int(rng.integers(len(_AS)))].format(one)


def _limb(does: tuple[str, ...], slot: str, rng: np.random.Generator) -> str:
    return f"{slot} {does[int(rng.integers(len(does)))]}" if does else ""


def phrases() -> list[str]:
    """Every way to say a role of one side, with the slot ``{side}``."""
    limbs = [each for role in ROLES for each in (*role.does, *role.other_does)]
    return [f"{before} {{side}} {each}" for each, before in product(dict.fromkeys(limbs), ("with the", "the"))]
