"""Reaching: how trunk and elbows help a hand to its target, and whether limbs pass through the body.

Both searches solve all candidates at once, as the frames of one motion. Metres and degrees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton.bodies import deepest
from training.controls import SIDES, Arm, Controls, Number, Side, copied
from training.kinematics import INDEX, Body, placed, solve_body
from training.vectors import Floats

NEAR_ENOUGH: Final = 0.03
"""Metres from a target within which a hand has reached it."""

_FOLDS: Final = (0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.0)
_BENDS: Final = (0.0, 20.0, -20.0)
_TWISTS: Final = (0.0, 20.0, -20.0)
_SQUATS: Final = (0.0, 1.0)
"""What the trunk tries to bring a hand to its target: shares of a full fold, degrees to the left, squatting."""

_SWIVELS: Final = np.radians((0, 15, -15, 30, -30, 50, -50, 75, -75, 100, -100))
"""Turns of the elbow about the line from shoulder to hand that are tried."""

_LEAN_COST: Final = 0.05
"""Metres of penetration that a lean of 1 (a full fold) weighs, so that the smallest one that reaches is taken."""

_MOST_STRAIN: Final = 0.12
_TOUCHING: Final = 0.03
"""What a body may have: strain of a shoulder, and metres of overlap, which are moved apart later."""

_SHORTLIST: Final = 12
"""Leans that reach with the least effort, which are tested for limbs that pass through the body."""

_ALLOWED: Final = 0.03
"""Metres by which capsules may overlap: bodies are soft and the capsules rough."""


def _joints(*names: str) -> tuple[int, ...]:
    return tuple(INDEX[name] for name in names)


_CAPSULES: Final = {
    "belly": (*_joints("pelvis", "spine2"), 0.11),
    "chest": (*_joints("spine2", "neck"), 0.11),
    "head": (*_joints("head", "head"), 0.10),
    **{f"{s}_upper": (*_joints(f"{s}_shoulder", f"{s}_elbow"), 0.045) for s in SIDES},
    **{f"{s}_fore": (*_joints(f"{s}_elbow", f"{s}_wrist"), 0.038) for s in SIDES},
    **{f"{s}_thigh": (*_joints(f"{s}_hip", f"{s}_knee"), 0.075) for s in SIDES},
    **{f"{s}_shank": (*_joints(f"{s}_knee", f"{s}_ankle"), 0.05) for s in SIDES},
    **{f"{s}_toes": (*_joints(f"{s}_ankle", f"{s}_foot"), 0.04) for s in SIDES},
}
"""Rough capsules: two joints and a radius in metres."""

_LEGS: Final = ("thigh", "shank", "toes")


@cache
def _pairs(what: str) -> tuple[NDArray[np.int64], Floats]:
    """Return the joints (pairs, 4) and the sums of radii (pairs,) of capsules that must not overlap.

    ``what`` is "left" or "right" for one arm, or "all".
    """
    names: list[tuple[str, str]] = []
    for side in SIDES if what == "all" else (what,):
        other = "right" if side == "left" else "left"
        fore, upper = f"{side}_fore", f"{side}_upper"
        names += [(fore, each) for each in ("belly", "chest", "head")] + [(upper, "head")]
        names += [(fore, f"{s}_{part}") for s in SIDES for part in ("thigh", "shank")]
        names += [(fore, f"{other}_upper"), (upper, f"{other}_upper")]
    names.append(("left_fore", "right_fore"))
    if what == "all":
        names += [(f"left_{one}", f"right_{two}") for one in _LEGS for two in _LEGS if (one, two) != ("thigh", "thigh")]
        names += [(f"{s}_{part}", each) for s in SIDES for part in ("shank", "toes") for each in ("chest", "head")]
    ends = np.array([(*_CAPSULES[one][:2], *_CAPSULES[two][:2]) for one, two in names])
    radii = np.array([_CAPSULES[one][2] + _CAPSULES[two][2] for one, two in names])
    return ends, radii


def _gaps(joints: Floats, ends: NDArray[np.int64]) -> Floats:
    """Return the distances (n, pairs) of segments between joints (n, 22, 3)."""
    p1, q1, p2, q2 = (joints[:, ends[:, column]] for column in range(4))
    d1, d2, r = q1 - p1, q2 - p2, p1 - p2
    a, e, f = (d1 * d1).sum(-1), (d2 * d2).sum(-1), (d2 * r).sum(-1)
    b, c = (d1 * d2).sum(-1), (d1 * r).sum(-1)
    a, e = np.maximum(a, 1e-9), np.maximum(e, 1e-9)
    wide = np.maximum(a * e - b * b, 1e-9)
    s = np.clip((b * f - c * e) / wide, 0.0, 1.0)
    t = np.clip((b * s + f) / e, 0.0, 1.0)
    s = np.clip((b * t - c) / a, 0.0, 1.0)
    apart = r + s[..., None] * d1 - t[..., None] * d2
    return np.asarray(np.sqrt((apart * apart).sum(-1)))


def overlaps(joints: NDArray[np.floating], what: str = "all") -> Floats:
    """Return how deep limbs pass through the body or each other, roughly and fast, for the searches.

    Parameters
    ----------
    joints : (n, 22, 3) float array
        Metres.
    what : "left", "right" or "all"
        The arm whose limbs are tested, or all limbs.

    Returns
    -------
    (n,) float64 array
        Metres of the deepest overlap; 0 if there is none.
    """
    ends, radii = _pairs(what)
    gaps = _gaps(np.asarray(joints, dtype=np.float64), ends)
    return np.asarray(np.maximum(radii - _ALLOWED - gaps, 0.0).max(-1))


def missed(body: Body, sides: Sequence[Side]) -> dict[Side, Floats]:
    """Return for each reaching arm of ``sides`` its distance (frames,) to the target, in metres."""
    out: dict[Side, Floats] = {}
    for side, sign, arm in zip(SIDES, (1.0, -1.0), body.controls.arms, strict=True):
        if side in sides and arm.reach is not None:
            apart = placed(body, arm.reach, side) - body.place_of(arm.reach, side, sign)
            out[side] = np.asarray(np.sqrt((apart * apart).sum(-1)))
    return out


def helped(controls: Controls, body: Body, sides: Sequence[Side], *, trunk: bool, legs: bool) -> Controls:
    """Return controls whose trunk leans as far as the hands need to reach their targets.

    Parameters
    ----------
    controls : Controls
        With numbers, not arrays.
    body : Body
        Of these controls, one frame.
    sides : sequence of "left", "right"
        Whose arms reach.
    trunk, legs : bool
        Whether the trunk may lean, and whether the knees of planted legs may bend.

    Returns
    -------
    Controls
        The same ones if all hands reach, or none of the leans brings them nearer.
    """
    if not trunk or max(float(miss[0]) for miss in missed(body, sides).values()) < NEAR_ENOUGH / 2:
        return controls
    leans = _leans(controls, legs)
    tried = _leaning(controls, *leans.T)
    bodies = solve_body(tried, len(leans))
    miss = np.max(list(missed(bodies, sides).values()), axis=0)
    size = leans[:, 0] + np.abs(leans[:, 1]) / 40 + np.abs(leans[:, 2]) / 60 + 0.5 * leans[:, 3]
    cost = np.maximum(miss - NEAR_ENOUGH / 3, 0.0) + _LEAN_COST * size
    likely = np.argsort(cost)[:_SHORTLIST]
    best = leans[likely[int(np.argmin(cost[likely] + 0.5 * overlaps(bodies.joints[likely])))]]
    return _leaning(controls, *(float(part) for part in best))


def _leans(controls: Controls, legs: bool) -> Floats:
    """Return the leans (n, 4) that are tried: fold, bend, twist, squat."""
    squats = _SQUATS if legs and controls.support == "feet" else (0.0,)
    return np.array([(f, b, t, s) for f in _FOLDS for b in _BENDS for t in _TWISTS for s in squats])


def _leaning(controls: Controls, fold: Number, bend: Number, twist: Number, squat: Number) -> Controls:
    """Return controls that lean; each number is a float or one value per frame."""
    c = copied(controls, left_leg=copied(controls.left_leg), right_leg=copied(controls.right_leg))
    tip = {"feet": 84.0, "seat": 50.0, "lowest": 60.0}[c.support] * fold
    if c.support == "lowest" and max(abs(float(np.mean(c.pitch))), abs(float(np.mean(c.roll)))) > 50:
        c.flex = c.flex + 0.35 * 50 * fold
        return c
    c.pitch = c.pitch + tip
    c.flex = c.flex + (48.0 if c.support == "feet" else 55.0) * fold
    c.bend, c.twist = c.bend + bend, c.twist + twist
    c.nod = c.nod - 12.0 * fold
    for leg in c.legs:
        if leg.planted and c.support == "feet":
            leg.knee = np.maximum(leg.knee, 4.0 + 18.0 * fold + 85.0 * squat * fold)
        elif not leg.planted:
            leg.flexion = leg.flexion + tip
    return c


def swivelled(controls: Controls, start: Body, sides: Sequence[Side]) -> Controls:
    """Return controls whose elbows point where the arms do not pass through the body, near their poles.

    Parameters
    ----------
    controls : Controls
    start : Body
        Of these controls, one frame.
    sides : sequence of "left", "right"
        Whose arms reach. If both are sound, the same controls are returned.
    """
    sides = [side for side in sides if _has_elbow(getattr(controls, f"{side}_arm"))]
    if not any(
        overlaps(start.joints, side)[0] > 0 or _strain(start.joints, start.chest, side)[0] > 0.05 for side in sides
    ):
        return controls
    tried = copied(controls, left_arm=copied(controls.left_arm), right_arm=copied(controls.right_arm))
    poles: dict[Side, Floats] = {}
    for side in sides:
        sign = 1.0 if side == "left" else -1.0
        arm: Arm = getattr(tried, f"{side}_arm")
        assert arm.reach is not None
        along = start.place_of(arm.reach, side, sign)[0] - start.get(f"{side}_shoulder")[0]
        along = start.chest[0].T @ along * np.array([sign, 1.0, 1.0])
        along = along / max(float(np.linalg.norm(along)), 1e-9)
        pole = np.asarray(arm.pole if arm.pole is not None else arm.reach.pole, dtype=np.float64)
        across = pole - (pole @ along) * along
        turn = _SWIVELS[:, None]
        poles[side] = np.cos(turn) * across + np.sin(turn) * np.cross(along, across)
        arm.pole = poles[side]
    body = solve_body(tried, len(_SWIVELS))
    out = copied(controls, left_arm=copied(controls.left_arm), right_arm=copied(controls.right_arm))
    for side in sides:
        cost = overlaps(body.joints, side) + 0.02 * np.abs(_SWIVELS) + 0.3 * _strain(body.joints, body.chest, side)
        chosen = poles[side][int(np.argmin(cost))]
        getattr(out, f"{side}_arm").pole = (float(chosen[0]), float(chosen[1]), float(chosen[2]))
    return out


def _has_elbow(arm: Arm) -> bool:
    return arm.reach is not None and not arm.reach.by_elbow


def _strain(joints: Floats, chest: Floats, side: Side) -> Floats:
    """Return how far (n,) an upper arm points where a shoulder does not reach: behind and across; 0 if nowhere."""
    way = joints[:, INDEX[f"{side}_elbow"]] - joints[:, INDEX[f"{side}_shoulder"]]
    way = np.einsum("nji,nj->ni", np.broadcast_to(chest, (len(way), 3, 3)), way) / 0.26
    outward = way[:, 0] * (1.0 if side == "left" else -1.0)
    back, inward = np.maximum(-way[:, 2] - 0.85, 0.0), np.maximum(-outward - 0.72, 0.0)
    behind = np.maximum(np.minimum(-outward - 0.2, -way[:, 2] - 0.1), 0.0)
    raised = np.maximum(np.minimum(way[:, 1] - 0.2, -way[:, 2] - 0.35), 0.0)
    return np.asarray(back + inward + behind + raised)


def is_sound(body: Body, sides: Sequence[Side], own_overlap: Callable[[], float]) -> bool:
    """Return whether a body is possible.

    Parameters
    ----------
    body : Body
        Of one frame.
    sides : sequence of "left", "right"
        Arms that must reach their targets, if they have one, and have shoulders within their range.
    own_overlap : callable
        Returns the metres by which limbs pass through the body in the base pose; as much is allowed.
    """
    if any(float(miss[0]) > NEAR_ENOUGH for miss in missed(body, sides).values()):
        return False
    if any(float(_strain(body.joints, body.chest, side)[0]) > _MOST_STRAIN for side in sides):
        return False
    overlap = float(deepest(body.joints)[0])
    return overlap <= _TOUCHING or overlap <= own_overlap() + _TOUCHING / 3
