"""Roles of the sides: what the limbs of one side do in a base pose, found from its joints.

Many phrasings leave open which side does what: "in a boxing stance". People often add it: "with the left foot in
front". A base pose has a role if all of several bodies built from it show the role, so that no pose has to list its
roles.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final, Literal

import numpy as np

from training.controls import SIDES, Side, opposite
from training.grammar.base import BasePose
from training.grammar.geometry import PoseGeometry, sign
from training.grammar.predicates import holds
from training.kinematics import solve

Limbs = Literal["arms", "legs"]
_BODIES: Final = 6
"""Bodies of a base pose that must all show a role."""

_SLOTS: Final[tuple[tuple[str, Side], ...]] = (("{side}", "left"), ("{other}", "right"))


@dataclass(frozen=True)
class Role:
    """Something that the limb of one side does and that of the other does not.

    Parameters
    ----------
    limbs : "arms" or "legs"
    shows : callable
        Takes a :class:`PoseGeometry` and a side; true if that side clearly has the role and the other has not.
    does, other_does : tuple of str
        Phrases for the limb of that side and of the other: "foot in front", "foot behind".
    """

    limbs: Limbs
    shows: Callable[[PoseGeometry, Side], bool]
    does: tuple[str, ...]
    other_does: tuple[str, ...] = ()


def _one(predicate: str) -> Callable[[PoseGeometry, Side], bool]:
    """Return a test for a predicate that holds for one side only."""
    return lambda pose, side: holds(f"{predicate}:{side}", pose) and not holds(f"{predicate}:{opposite(side)}", pose)


def _in_front(pose: PoseGeometry, side: Side) -> bool:
    on_floor = max(pose.foot_height("left"), pose.foot_height("right")) < 0.12
    upright = pose.trunk[1] > 0.3 and (pose.hip_height() > 0.3 or pose.thigh_angle() > 110)
    return on_floor and upright and pose.stance()[2] * sign(side) > 0.16


def _bent(pose: PoseGeometry, side: Side) -> bool:
    return pose.knee(side) > 60 and pose.knee(opposite(side)) < 25


def _lifted(pose: PoseGeometry, side: Side) -> bool:
    return pose.foot_height(opposite(side)) < 0.12 and pose.foot_height(side) > pose.foot_height(opposite(side)) + 0.25


def _high(pose: PoseGeometry, side: Side) -> bool:
    return pose.trunk[1] > 0.5 and pose.y(f"{side}_wrist") > pose.y("head") > pose.y(f"{opposite(side)}_wrist") + 0.2


def _far(axis: int) -> Callable[[PoseGeometry, Side], bool]:
    """Return a test for an arm that reaches far along an axis of the heading (0 outward, 2 forward), alone."""

    def shows(pose: PoseGeometry, side: Side) -> bool:
        reach = {
            each: float((pose.heading @ (pose[f"{each}_wrist"] - pose[f"{each}_shoulder"]))[axis])
            * (sign(each) if axis == 0 else 1)
            for each in SIDES
        }
        return pose.trunk[1] > 0.5 and reach[side] > 0.36 and reach[opposite(side)] < 0.22

    return shows


def _at_face(pose: PoseGeometry, side: Side) -> bool:
    near = holds(f"hand_at_face:{side}", pose) and abs(pose.y(f"{side}_wrist") - pose.y("head")) < 0.12
    return near and pose.y(f"{opposite(side)}_wrist") < pose.y("neck") - 0.1


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

_FRAMES: Final = ("with the {0}", "with the {0}", "with the {0}", "with {{his}} {0}", "with {0}")


@cache
def _roles_of(base: BasePose) -> tuple[tuple[Role, str], ...]:
    """Return the roles that a base pose has, each with the slot of the side that has it."""
    poses = [PoseGeometry(solve(base.build(np.random.default_rng(seed)))[0]) for seed in range(_BODIES)]
    return tuple(
        (role, slot) for role, (slot, side) in product(ROLES, _SLOTS) if all(role.shows(pose, side) for pose in poses)
    )


def told(base: BasePose, limbs: Set[str], rng: np.random.Generator) -> str:
    """Draw a phrase for a role, as "with the {side} foot in front"; "" if the base pose has none.

    Parameters
    ----------
    base : BasePose
    limbs : set of "arms", "legs"
        Limbs that may be named.
    rng : numpy Generator
    """
    sayable = [(role, slot) for role, slot in _roles_of(base) if role.limbs in limbs]
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
    return _FRAMES[int(rng.integers(len(_FRAMES)))].format(one)


def _limb(does: tuple[str, ...], slot: str, rng: np.random.Generator) -> str:
    return f"{slot} {does[int(rng.integers(len(does)))]}" if does else ""


def phrases() -> list[str]:
    """Return every phrase for a role of one side, with the slot ``{side}``."""
    limbs = [each for role in ROLES for each in (*role.does, *role.other_does)]
    return [f"{before} {{side}} {each}" for each, before in product(dict.fromkeys(limbs), ("with the", "the"))]
