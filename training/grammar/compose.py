"""Examples: a base pose and modifiers put together to a caption, its motion and the predicates that hold for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.models.sides import swap_sides
from posepipe.skeleton.bodies import deepest
from training import landmarks as at
from training.controls import SIDES, Controls, Side, mirrored
from training.grammar import limbs
from training.grammar.base import HEAD, LEGS, NOTHING, POSTURE, TRUNK, BasePose, parts_of
from training.grammar.geometry import PoseGeometry
from training.grammar.modifiers import MODIFIERS, Modifier, ModifierKind, applied, for_side
from training.grammar.predicates import holds
from training.grammar.roles import told
from training.grammar.sentences import filled, hand_named, leg_named, one_named, sentence, with_other
from training.grammar.styles import caption as styled
from training.grammar.styles import tagged
from training.grammar.templates import drawn_wording
from training.kinematics import Body, grounded, solve, solve_body
from training.reach import helped, is_sound, swivelled
from training.variation import held, jittered

_KINDS: Final[tuple[ModifierKind, ...]] = ("arms", "legs", "trunk", "head", "facing", "intensity")
_KIND_SHARES: Final = (0.50, 0.20, 0.10, 0.11, 0.06, 0.03)
_COUNT_SHARES: Final = (0.44, 0.19, 0.19, 0.12, 0.06)
"""Probabilities of 0 to 4 modifiers."""

_ROLE_TOLD: Final = 0.35
"""Probability that a caption without a side is told a role of one side."""

_STYLED: Final = 0.45
"""Probability that modifiers are written as clauses, in one of the styles of :mod:`training.grammar.styles`."""

_TAGGED: Final = 0.07
"""Probability that a caption without modifiers is a tag: "plank", "sitting on chair"."""

_BY_KIND: Final = {kind: tuple(m for m in MODIFIERS if m.kind == kind) for kind in _KINDS}
_ORDER: Final[tuple[ModifierKind, ...]] = ("intensity", "trunk", "legs", "head", "arms", "facing")
"""Order in which modifiers change the body: hands reach for knees that are where they belong."""

_DONE_BY_HAND: Final = frozenset({"fighting", "gestures", "daily"})
"""Groups of actions. In other groups the hand that a predicate mentions may carry the body."""

_PLAIN: Final = "stand_still"
"""The base pose that need not be said."""

_REDRAWN: Final = 8
_SAYS_ITSELF: Final[dict[ModifierKind, re.Pattern[str]]] = {
    "arms": re.compile(r"\b(?:arms?|hands?|upright|erect|straight|tall|rigid|stiff)\b"),
    "legs": re.compile(r"\b(?:legs?|feet|foot|knees?|heels?|toes?|both feet)\b"),
    "trunk": re.compile(r"\b(?:upright|erect|straight|tall|rigid|stiff|back|trunk|torso)\b"),
    "head": re.compile(r"\b(?:head|face|look|looking|gaz\w+)\b"),
}
"""Words of a base pose that a modifier of a kind would contradict or repeat, and how often another wording is tried."""

_BEGINS_WITH_LIMB: Final = frozenset(
    {"the", "{his}", "both", "arms", "hands", "palms", "elbows", "fists", "legs", "feet", "knees", "back"}
)

_LOWEST_HAND: Final = 0.06
"""Metres of height below which a hand does not hang."""


@dataclass(frozen=True)
class Example:
    """A caption with a motion that does what it says.

    Attributes
    ----------
    caption : str
    motion : (frames, 22, 3) float32 array
        Metres.
    base, group : str
        Names of the base pose and its group.
    side : "left" or "right"
        What ``{side}`` stands for.
    modifiers : tuple of str
        Names, each with its side: "arm_raised:left".
    predicates : tuple of str
        Those that hold for the middle frame.
    """

    caption: str
    motion: NDArray[np.float32]
    base: str
    group: str
    side: Side
    modifiers: tuple[str, ...]
    predicates: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """An example whose joints are not computed yet.

    Attributes
    ----------
    caption, base, group, side, modifiers
        As in :class:`Example`.
    frames : int
    predicates : tuple of str
        Those of base pose and modifiers; some may not hold.
    controls : Controls
        Of the pose, with a number for each control.
    drift : int
        Seed of the sway of the held pose.
    needed : tuple of str
        Predicates that must hold if base pose and modifiers go together.
    moved : frozenset of str
        Parts of the body that the modifiers move.
    before : Controls
        Of the base pose without modifiers.
    body : Body or None
        Of ``controls``, one frame; None without modifiers.
    """

    caption: str
    frames: int
    base: str
    group: str
    side: Side
    modifiers: tuple[str, ...]
    predicates: tuple[str, ...]
    controls: Controls
    drift: int
    needed: tuple[str, ...]
    moved: frozenset[str]
    before: Controls
    body: Body | None

    def is_possible(self) -> bool:
        """Return whether a body can do what the caption says.

        Hands reach their targets, no limb passes through the body more than in the base pose, and base pose and
        modifiers do not contradict each other. Always true without modifiers.
        """
        if self.body is None:
            return True
        pose = PoseGeometry(grounded(self.body)[0])
        if not all(holds(name, pose) for name in self.needed):
            return False
        sides = tuple(side for side in SIDES if f"{side}_arm" in self.moved)
        return is_sound(self.body, sides, lambda: float(deepest(solve(self.before))[0]))

    def solved(self) -> Example:
        """Compute the joints, and keep the predicates that hold."""
        motion = solve(held(self.controls, self.frames, np.random.default_rng(self.drift)), self.frames)
        pose = PoseGeometry(motion[self.frames // 2])
        holding = tuple(name for name in self.predicates if holds(name, pose))
        return Example(self.caption, motion, self.base, self.group, self.side, self.modifiers, holding)


def built(base: BasePose, side: Side, rng: np.random.Generator) -> Controls:
    """Build the controls of a base pose for one side, with random variation."""
    controls = jittered(base.build(rng), rng, base.spread)
    return controls if side == "left" else mirrored(controls)


def expected(base: BasePose, side: Side) -> tuple[str, ...]:
    """Return the predicates of a base pose for one side."""
    return base.predicates if side == "left" else tuple(swap_sides(name) for name in base.predicates)


def limb_named(group: str, base: BasePose, words: str) -> list[str]:
    """Return wordings that also name the leg or hand which ``words`` leave open; [] if there is none to name."""
    if "balance" in base.tags:
        return leg_named(words, "{side}" if "stands_on:left" in base.predicates else "{other}")
    return hand_named(words) if base.one_handed and group in _DONE_BY_HAND else []


def drawn_modifiers(rng: np.random.Generator, base: BasePose | None = None, count: int | None = None) -> list[Modifier]:
    """Draw the modifiers of one caption: none to four, which move different parts of the body.

    Parameters
    ----------
    rng : numpy Generator
    base : BasePose or None
        The parts that it needs are left alone.
    count : int or None
        How many; None draws that too. There are fewer if the body has no more parts to move.
    """
    if count is None:
        count = int(np.searchsorted(_CUMULATED_COUNTS, rng.random()))
    chosen: list[Modifier] = []
    used = base.busy if base is not None else NOTHING
    for _ in range(6 * count):
        if len(chosen) == count:
            break
        kind = _KINDS[int(np.searchsorted(_CUMULATED_KINDS, rng.random()))]
        one = _BY_KIND[kind][int(rng.integers(len(_BY_KIND[kind])))]
        side = _fitting(one, used, chosen, SIDES if rng.random() < 0.5 else SIDES[::-1])
        if side is not None:
            chosen.append(one)
            used |= _taken(one, side)
    return sorted(chosen, key=lambda each: each.kind == "intensity")


_CUMULATED_COUNTS: Final = np.cumsum(_COUNT_SHARES[:-1])
_CUMULATED_KINDS: Final = np.cumsum(_KIND_SHARES[:-1])


def _taken(modifier: Modifier, side: Side) -> frozenset[str]:
    """Return the parts that a modifier leaves to no other."""
    return TRUNK | HEAD | LEGS if modifier.kind == "intensity" else for_side(modifier.moves, side)


def _fitting(
    modifier: Modifier, used: frozenset[str], chosen: Sequence[Modifier], sides: Sequence[Side]
) -> Side | None:
    """Return the first side on which a modifier moves no part in ``used``; None if there is none."""
    if modifier.kind in ("facing", "intensity"):
        alone = not any(other.kind == modifier.kind for other in chosen)
        calm = modifier.kind == "facing" or not any(other.kind not in ("arms", "facing") for other in chosen)
        return sides[0] if alone and calm else None
    return next((side for side in sides if not for_side(modifier.moves, side) & used), None)


def draft(
    group: str,
    base: BasePose,
    modifiers: Sequence[Modifier],
    rng: np.random.Generator,
    frames: int = 16,
    *,
    side: Side | None = None,
    natural: bool = False,
) -> Draft:
    """Draw a caption and the controls of its pose.

    Parameters
    ----------
    group : str
    base : BasePose
    modifiers : sequence of Modifier
    rng : numpy Generator
    frames : int
        Length of the motion at 20 frames a second.
    side : "left", "right" or None
        What ``{side}`` stands for; None draws it.
    natural : bool
        Write captions as people do. A wording without a side may be followed by what a limb of one side does, if no
        modifier moves that limb, and modifiers may be written in other styles. Modifiers spare the parts that the
        base pose needs: one of a single limb goes to the free side, another is left out.
    """
    words = _base_words(group, base, modifiers, rng, natural)
    if side is None:
        chance = 0.5 if _names_side(words) else base.right
        side = "right" if rng.random() < chance else "left"
    controls = built(base, side, rng)
    placed = _placed(modifiers, for_side(base.busy, side) if natural else NOTHING, rng)
    still, moved, body = _changed(controls, placed, for_side(base.locks, side), for_side(base.busy, side), rng)
    own = expected(base, side)
    claimed = [name if on == "left" else swap_sides(name) for modifier, on in placed for name in modifier.predicates]
    kept = tuple(name for name in own if not parts_of(name) & moved)
    return Draft(
        _caption(words, placed, side, base, rng, natural),
        frames,
        base.name,
        group,
        side,
        tuple(f"{modifier.name}:{on}" for modifier, on in placed),
        tuple(dict.fromkeys((*own, *claimed))),
        still,
        int(rng.integers(2**62)),
        tuple(dict.fromkeys((*kept, *claimed))),
        moved,
        controls,
        body,
    )


Placed = tuple[Modifier, Side]
"""A modifier with what its ``{side}`` stands for."""


def _placed(modifiers: Sequence[Modifier], used: frozenset[str], rng: np.random.Generator) -> list[Placed]:
    """Draw the sides of modifiers, so that they move different parts, and none in ``used``; drop what does not fit."""
    out: list[Placed] = []
    for modifier in modifiers:
        sides = SIDES if rng.random() < 0.5 else SIDES[::-1]
        side = _fitting(modifier, used, [each for each, _ in out], sides)
        if side is not None:
            out.append((modifier, side))
            used |= _taken(modifier, side)
    return out


def _changed(
    controls: Controls, placed: Sequence[Placed], locks: frozenset[str], busy: frozenset[str], rng: np.random.Generator
) -> tuple[Controls, frozenset[str], Body | None]:
    """Apply modifiers: bring hands to their targets, and let loose arms hang.

    Returns
    -------
    controls : Controls
    moved : frozenset of str
        The parts that have moved; "posture" among them if the trunk leaned to let a hand reach.
    body : Body or None
        Of these controls; None without modifiers.
    """
    if not placed:
        return controls, NOTHING, None
    before = controls
    for modifier, on in sorted(placed, key=lambda each: _ORDER.index(each[0].kind)):
        controls = applied(modifier, controls, on, locks, rng)
    moved = frozenset(part for modifier, on in placed for part in for_side(modifier.moves, on))
    sides = tuple(
        side
        for side, arm in zip(SIDES, controls.arms, strict=True)
        if f"{side}_arm" in moved - locks and arm.reach is not None
    )
    body = solve_body(controls, 1)
    if sides:
        fixed = locks | busy | moved
        leaning = helped(controls, body, sides, trunk="trunk" not in fixed, legs=not LEGS & fixed)
        if leaning is not controls:
            moved |= TRUNK | LEGS | {POSTURE}
            controls, body = leaning, solve_body(leaning, 1)
    hanging = [
        side
        for side in SIDES
        if f"{side}_arm" not in moved | busy | locks and limbs.loose(getattr(controls, f"{side}_arm"))
    ]
    if hanging and any(getattr(controls, name) != getattr(before, name) for name in ("pitch", "roll", "flex", "bend")):
        for side in hanging:
            controls = _hanging(controls, side, rng)
            moved |= {f"{side}_arm"}
            sides += (side,) if getattr(controls, f"{side}_arm").reach is not None else ()
        body = solve_body(controls, 1)
    swung = swivelled(controls, body, sides)
    return swung, moved, body if swung is controls else solve_body(swung, 1)


def _hanging(controls: Controls, side: Side, rng: np.random.Generator) -> Controls:
    """Return controls with the arm of one side hanging by gravity; near the ground, its hand rests on the thigh."""
    out = controls if side == "left" else mirrored(controls)
    limbs.arm_hangs(out, rng)
    if solve_body(out, 1).get("left_wrist")[0, 1] < _LOWEST_HAND:
        out.left_arm.to(at.OWN_THIGH)
    return out if side == "left" else mirrored(out)


def _caption(
    words: str, placed: Sequence[Placed], side: Side, base: BasePose, rng: np.random.Generator, natural: bool
) -> str:
    """Write the caption of a base pose with modifiers."""
    if natural and not placed and rng.random() < _TAGGED:
        return tagged(filled(words, side, "the"), (), rng)
    described = [each for each in placed if each[0].clauses]
    if natural and described and len(described) == len(placed) and rng.random() < _STYLED:
        clauses = []
        for modifier, on in placed:
            thing, state = modifier.clauses[int(rng.integers(len(modifier.clauses)))]
            clauses.append(
                (filled(drawn_wording(thing, rng), on, "{his}"), filled(drawn_wording(state, rng), on, "{his}"))
            )
        return styled(words, clauses, side, rng, is_plain=base.name == _PLAIN)
    words = filled(words, side, "{his}")
    one_armed = [each for each, _ in placed if each.one_armed]
    for number, (modifier, on) in enumerate(placed):
        phrase = filled(_drawn(modifier.phrasings, rng), on, "{his}")
        if modifier.one_armed and modifier is not one_armed[0] and rng.random() < 0.3:
            phrase = phrase.replace(f"the {on} ", "the other ", 1)
        words += _conjunction(words, phrase, number, rng) + phrase
    return sentence(words, side, rng)


def compose(
    group: str,
    base: BasePose,
    modifiers: Sequence[Modifier],
    rng: np.random.Generator,
    frames: int = 16,
    *,
    side: Side | None = None,
    natural: bool = False,
) -> Example:
    """Make one example of a base pose with modifiers; the parameters are those of :func:`draft`.

    Predicates that do not hold are left out: a modifier may contradict the base pose, and a locked part keeps a
    modifier from working.
    """
    return draft(group, base, modifiers, rng, frames, side=side, natural=natural).solved()


def _names_side(words: str) -> bool:
    return "{side}" in words or "{other}" in words


def _base_words(
    group: str, base: BasePose, modifiers: Sequence[Modifier], rng: np.random.Generator, natural: bool
) -> str:
    """Draw the words for a base pose, sometimes with a limb named or a role told."""
    words = with_other(_fitting_wording(base, frozenset(each.kind for each in modifiers), rng), rng)
    words = one_named(words, limb_named(group, base, words), rng)
    if natural and not _names_side(words) and rng.random() < _ROLE_TOLD:
        role = told(base, {"arms", "legs"} - {modifier.kind for modifier in modifiers}, rng)
        words += (", " if " with " in f" {words}" else " ") + role if role else ""
    return words


def _fitting_wording(base: BasePose, kinds: frozenset[ModifierKind], rng: np.random.Generator) -> str:
    """Draw a wording of a base pose that says nothing about what modifiers of some kinds change, if there is one."""
    words = _drawn(base.phrasings, rng)
    for _ in range(_REDRAWN):
        if not any(kind in kinds and pattern.search(words) for kind, pattern in _SAYS_ITSELF.items()):
            break
        words = _drawn(base.phrasings, rng)
    return words


def _drawn(templates: Sequence[str], rng: np.random.Generator) -> str:
    """Draw a wording of one of some templates."""
    return drawn_wording(templates[int(rng.integers(len(templates)))], rng)


def _conjunction(before: str, phrase: str, count: int, rng: np.random.Generator) -> str:
    """Draw what joins a modifier's phrase to the words before it, which have ``count`` modifiers already."""
    if phrase.startswith("and "):
        return " "
    choice = rng.random()
    begins = phrase.split(" ", 1)[0]
    if begins.endswith("ing") and begins != "facing":
        return ", " if choice < 0.5 else (" and " if choice < 0.75 else " while ")
    if begins in _BEGINS_WITH_LIMB:
        return " and " if "with " in before and choice < 0.5 else ", "
    if count and choice < 0.4:
        return " and "
    return ", " if choice > 0.93 and begins in ("with", "while") else " "
