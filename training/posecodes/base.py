"""What a code is: something that can be said about the limbs of a pose, when it is said, and in which words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from training.controls import Side

Kind = Literal["angle", "distance", "height", "position", "direction", "contact", "trunk", "head", "posture"]
Range = tuple[float, float]

ANY: Final = math.inf
"""A bound that does not bind."""

KINDS: Final[tuple[Kind, ...]] = (
    "angle", "distance", "height", "position", "direction", "contact", "trunk", "head", "posture",
)  # fmt: skip

_DEGREES: Final = ("_bend", "_pitch", "_polar", "_flex", "_lean", "trunk_forward", "trunk_side", "trunk_twist")
_COMPONENTS: Final = (
    "arm_out",
    "arm_along",
    "arm_front",
    "leg_front",
    "leg_out",
    "toes_out",
    "head_aside",
    "trunk_facing",
)
_SLACK: Final = (10.0, 0.1, 0.06)
"""What a claim allows beyond the range in which it is stated: degrees, components of unit vectors, metres."""

_LOW: Final = frozenset({"wrist_height", "elbow_height", "knee_height", "heel_lift"})
_LOW_SLACK: Final = 0.045
"""The same for heights above the floor."""


def slack(measure: str) -> float:
    """Return what a claim about a measure allows beyond the range in which it is stated."""
    name = measure.partition(":")[0]
    if name in ("trunk_forward", "trunk_side", "trunk_twist"):
        return 6.0
    if name.endswith(_DEGREES):
        return _SLACK[0]
    if name in _COMPONENTS:
        return _SLACK[1]
    return _LOW_SLACK if name in _LOW else _SLACK[2]


@dataclass(frozen=True)
class Test:
    """A measure and the range in which something is stated.

    Parameters
    ----------
    measure : str
        Name in :mod:`training.posecodes.measures`; one of a single side has a suffix: ``:side`` for the side of the
        code, ``:other`` for the opposite one.
    low, high : float
        Bounds, in the unit of the measure.
    """

    measure: str
    low: float = -ANY
    high: float = ANY

    def on(self, side: Side) -> str:
        """Return the measure for a code of one side."""
        if self.measure.endswith(":side"):
            return self.measure[:-4] + side
        if self.measure.endswith(":other"):
            return self.measure[:-5] + ("right" if side == "left" else "left")
        return self.measure

    def claim(self, side: Side) -> str:
        """Return the claim of the test for one side, with its slack: ``elbow_bend:left 70..110``."""
        extra = slack(self.measure)
        low = "" if math.isinf(self.low) else f"{round(self.low - extra, 4):g}"
        high = "" if math.isinf(self.high) else f"{round(self.high + extra, 4):g}"
        return f"{self.on(side)} {low}..{high}"


def tests(**ranges: Range) -> tuple[Test, ...]:
    """Return tests by the names of measures: ``tests(elbow_bend__side=(80, 100))``; ``__`` stands for ``:``."""
    return tuple(Test(name.replace("__", ":"), *bounds) for name, bounds in ranges.items())


@dataclass(frozen=True)
class Said:
    """Words for a code.

    Parameters
    ----------
    noun : str
        What they are about, as "elbow"; a plural with ``is_plural``.
    one : tuple of str
        What follows "the left elbow is". Slots: ``{side}``, ``{other}``, ``{his}``.
    both : tuple of str
        What follows "both elbows are"; empty if the words are not for both sides together.
    does : tuple of str
        What the person does, with the base form of the verb first and ``{it}`` for the limb: "bend {it} to the side".
    both_do : tuple of str
        The same for both sides.
    is_plural : bool
        For the whole body: whether the noun is a plural, as "hips".
    """

    noun: str
    one: tuple[str, ...]
    both: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    both_do: tuple[str, ...] = ()
    is_plural: bool = False


@dataclass(frozen=True)
class Code:
    """Something that can be said about a pose.

    Parameters
    ----------
    name : str
        Unique, snake_case.
    kind : str
        One of :data:`KINDS`.
    topic : str
        Of the codes of one topic and side, a caption states one.
    claims : tuple of Test
        What is claimed.
    said : tuple of Said
        Different ways to say it.
    when : tuple of Test
        When it may be said, besides: it is not claimed, but without it the words would be misunderstood or odd.
    sided : bool
        Whether the code belongs to one side of the body. If not, ``:side`` must not occur.
    implies : tuple of str
        Names of codes that need not be said any more, of the same side.
    limb : str
        "arm", "leg", "trunk" or "head".
    """

    name: str
    kind: Kind
    topic: str
    claims: tuple[Test, ...]
    said: tuple[Said, ...]
    when: tuple[Test, ...] = ()
    sided: bool = True
    implies: tuple[str, ...] = ()
    limb: str = "arm"

    @property
    def for_both(self) -> bool:
        """Whether it can be said of both sides in one."""
        return self.sided and all(each.both for each in self.said)

    def predicates(self, sides: Iterable[Side]) -> tuple[str, ...]:
        """Return the predicates that the code states for some sides, the whole body being "left"."""
        return tuple(dict.fromkeys(test.claim(side) for side in sides for test in self.claims))
