"""What a base pose is, and the decorator that declares one.

:mod:`training.grammar` describes how to write a pose.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from posepipe.errors import ConfigError
from training.controls import SIDES, Controls, opposite
from training.grammar.templates import Phrased

Rng = np.random.Generator
Build = Callable[[Rng], Controls]

ARMS: Final = frozenset({"left_arm", "right_arm"})
LEFT_ARM: Final = frozenset({"left_arm"})
LEFT_LEG: Final = frozenset({"left_leg"})
LEGS: Final = frozenset({"left_leg", "right_leg"})
TRUNK: Final = frozenset({"trunk"})
HEAD: Final = frozenset({"head"})
BODY: Final = ARMS | LEGS | TRUNK
PARTS: Final = BODY | HEAD
"""All parts of the body that a pose can lock and a modifier can move."""

NOTHING: Final[frozenset[str]] = frozenset()
AIRBORNE: Final = frozenset({"airborne"})
BALANCE: Final = frozenset({"balance"})
MOVING: Final = frozenset({"moving"})
UPSIDE_DOWN: Final = frozenset({"upside_down"})
TAGS: Final = AIRBORNE | BALANCE | MOVING | UPSIDE_DOWN

POSTURE: Final = "posture"
"""Stands among the moved parts for how upright the body is: someone who stands bends down to reach the ground."""

_ABOUT: Final = (
    (ARMS, ("hand", "arm", "fist", "forearm", "elbow")),
    (LEGS, ("leg", "foot", "feet", "knee", "thigh", "heel", "toe", "tiptoe", "stands_on", "weight_on", "long_stride")),
    (TRUNK, ("trunk", "spine", "chest_out", "shoulders_up", "hips_shifted")),
    (HEAD, ("head", "looks")),
    (frozenset({POSTURE}), ("standing", "seated", "hips_mid", "hips_of_sitter", "on_feet", "crouched")),
)  # fmt: skip
"""Beginnings of the names of predicates that concern a part of the body; the others concern the whole posture."""

_ABOUT_ARMS: Final = ("hand", "arm", "fist", "forearm", "elbow_on", "elbow_near")
"""Beginnings of the names of predicates that concern an arm."""


@cache
def parts_of(predicate: str) -> frozenset[str]:
    """Return the parts of the body that a predicate is about; none for the whole posture."""
    name, _, side = predicate.removeprefix("not ").partition(":")
    for parts, beginnings in _ABOUT:
        if name.startswith(beginnings):
            one = frozenset(part for part in parts if part.startswith(side))
            return one if side in SIDES and parts in (ARMS, LEGS) and not name.endswith("other_knee") else parts
    return NOTHING


@dataclass(frozen=True)
class BasePose(Phrased):
    """One posture: its phrasings, its builder, and the predicates that must hold for it.

    Parameters
    ----------
    build : callable
        Takes a random generator and returns the controls of the pose, with ``{side}`` = left. The right side is the
        mirror image.
    predicates : tuple of str
        Names in :mod:`training.grammar.predicates`, written for ``{side}`` = left.
    locks : frozenset of str
        Parts in :data:`PARTS` that no modifier may move, because they carry the body or define the pose.
    right : float
        For phrasings without ``{side}``: the probability of the mirror image. 0 for what is always done on the side
        it is built for, 1 for what is always done on the other.
    spread : float
        Factor on the random variation that is added to all controls.
    weight : float
        How often the pose is drawn, relative to the others of its group.
    tags : frozenset of str
        Of :data:`TAGS`. "airborne": no part touches the ground. "balance": held on one leg, which a caption may name.
    """

    build: Build
    predicates: tuple[str, ...] = ()
    locks: frozenset[str] = NOTHING
    right: float = 0.5
    spread: float = 1.0
    weight: float = 1.0
    tags: frozenset[str] = NOTHING

    @property
    def busy(self) -> frozenset[str]:
        """Parts that the pose needs, for ``{side}`` = left: those locked, and the arms that its predicates mention."""
        about_arms = [
            name for name in self.predicates if name.startswith(_ABOUT_ARMS) and not name.startswith("arm_down")
        ]
        arms = {f"{side}_arm" for side in SIDES for name in about_arms if not name.endswith(f":{opposite(side)}")}
        return self.locks | arms

    @property
    def one_handed(self) -> bool:
        """Whether one hand does something that the other hand does not."""
        of_left_hand = {name for name in self.predicates if name.startswith("hand_") and name.endswith(":left")}
        return any(f"not {name.removesuffix('left')}right" in self.predicates for name in of_left_hand)


_DECLARED: Final[dict[str, dict[str, BasePose]]] = {}
"""Base poses by group and name, in the order of their declaration; phrasings are added by ``grammar.poses``."""


def pose(
    name: str,
    *,
    group: str,
    predicates: tuple[str, ...] = (),
    locks: Set[str] = NOTHING,
    right: float = 0.5,
    spread: float = 1.0,
    weight: float = 1.0,
    tags: Set[str] = NOTHING,
) -> Callable[[Build], Build]:
    """Declare the decorated function as the builder of a base pose.

    The order of declaration matters: the examples drawn with a given seed depend on it.

    Parameters
    ----------
    name : str
        Unique within the whole grammar, snake_case.
    group : str
        Name of the module, and of the file with the phrasings.
    predicates, locks, right, spread, weight, tags
        See :class:`BasePose`.

    Raises
    ------
    ConfigError
        If the name is taken, or a part or tag does not exist.
    """
    if any(name in poses for poses in _DECLARED.values()):
        raise ConfigError(f"pose {name!r} in group {group!r}: the name is taken; choose another")
    if unknown := sorted((locks - PARTS) | (tags - TAGS)):
        raise ConfigError(f"pose {name!r} in group {group!r}: unknown parts or tags: {', '.join(unknown)}")

    def declare(build: Build) -> Build:
        _DECLARED.setdefault(group, {})[name] = BasePose(
            name, build, predicates, frozenset(locks), right, spread, weight, frozenset(tags)
        )
        return build

    return declare


def declared(group: str) -> tuple[BasePose, ...]:
    """Return the poses of a group, in the order of their declaration, without phrasings."""
    return tuple(_DECLARED.get(group, {}).values())


def uniform(rng: Rng, low: float, high: float) -> float:
    """Draw a float between two bounds."""
    return float(rng.uniform(low, high))
