"""Correct finished poses: move limbs out of one another and out of the trunk, and keep everything else.

Trunk, shoulders and hips stay where they are. Elbows, wrists, knees, ankles and feet are moved step by step, as in
position-based dynamics: each pair of parts that overlap too much is pushed apart along the shortest way, then bones get
their lengths back and what stood on the floor returns to its height. Parts that touched are held together. Head and
knees are first brought into the range of a human's joints.

A sound pose keeps its bits. The bits of a corrected pose do not depend on the other poses: all steps are computed
element by element, and a pose stops when it is sound.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import BONE_LENGTHS, JOINT_NAMES, bodies
from posepipe.skeleton.bodies import Floats, Indices, dot

_CLEAR: Final = 0.004
"""Metres: a pair that is pushed apart gets this much below what is sound."""
_DONE: Final = 0.002
"""Metres beyond what is sound, up to which a pose needs no further step."""
_EAGER: Final = 1.3
"""Factor on a push, because the pushes on a joint are averaged."""
_NEAR: Final = 0.12
"""Metres: pairs with less distance at the beginning are watched."""
_TOUCH: Final = 0.015
"""Metres: parts with less distance are in contact."""
_SLACK: Final = 0.005
"""Metres by which a contact may open."""
_STEPS: Final = 16
_HOLD: Final = 0.5
"""Share of an opened contact that a step closes."""

_FOLDED: Final = 155.0
_FOLDS: Final = 150.0
"""Degrees by which elbow and knee bend: above the first they are unfolded to the second."""

_LIGHT: Final = 1.0
_HEAVY: Final = 0.3
"""How easily joints of arms and legs move when an arm meets a leg."""

_FLOOR: Final = {"wrist": 0.10, "knee": 0.10, "ankle": 0.12, "foot": 0.05, "elbow": 0.08}
"""Metres: joints that are lower stand on the floor and keep their height."""


def _index(name: str) -> int:
    return JOINT_NAMES.index(name)


_CHAINS: Final[Indices] = np.array(
    [
        [_index(f"{side}_{joint}") for joint in joints]
        for joints in (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle"))
        for side in ("left", "right")
    ]
)
"""(4, 3) joints of the limbs: both arms, then both legs."""
_LENGTHS: Final[Floats] = np.array(BONE_LENGTHS)[_CHAINS]
_FEET: Final[Indices] = np.array([_index("left_foot"), _index("right_foot")])
_ANKLES: Final[Indices] = np.array([_index("left_ankle"), _index("right_ankle")])
_FOOT: Final = BONE_LENGTHS[_index("left_foot")]


def _shortest(degrees: float) -> Floats:
    """Distance between root and end of each limb, (4,), that is bent by an angle."""
    upper, lower = _LENGTHS[:, 1], _LENGTHS[:, 2]
    return np.asarray(np.sqrt(upper * upper + lower * lower + 2 * upper * lower * np.cos(np.radians(degrees))))


_SHORTEST_SOUND: Final = _shortest(_FOLDED)
_SHORTEST_SET: Final = _shortest(_FOLDS)

_MOVERS: Final[dict[str, tuple[str, str, tuple[float, float], tuple[float, float]]]] = {
    "upper_arm": ("elbow", "elbow", (0.4, 1.0), (0.0, 0.0)),
    "forearm": ("elbow", "wrist", (1.0, 0.0), (0.0, 1.0)),
    "hand": ("wrist", "wrist", (1.0, 1.0), (0.0, 0.0)),
    "thigh": ("knee", "knee", (0.35, 1.0), (0.0, 0.0)),
    "shin": ("knee", "ankle", (1.0, 0.0), (0.0, 1.0)),
    "foot": ("ankle", "foot", (1.0, 0.0), (0.0, 1.0)),
}
"""By kind of part: the two joints that move it, and how much each does at both ends."""


def _movers() -> tuple[Indices, Floats]:
    joints = np.zeros((len(bodies.PARTS), 2), dtype=np.intp)
    weights = np.zeros((len(bodies.PARTS), 2, 2))
    for row, part in enumerate(bodies.PARTS):
        if part.kind in _MOVERS:
            first, second, one, other = _MOVERS[part.kind]
            joints[row] = _index(f"{part.side}_{first}"), _index(f"{part.side}_{second}")
            weights[row] = one, other
    return joints, weights


_JOINTS, _WEIGHTS = _movers()
_ARM: Final = frozenset({"upper_arm", "forearm", "hand"})
_MASS: Final[Floats] = np.array([_LIGHT if part.kind in _ARM else _HEAVY for part in bodies.PARTS])
_TOUCHING: Final = frozenset({"hand", "foot"})
_HOLDS: Final = np.array(
    [bool(_TOUCHING & set(kinds)) or kinds == ("forearm", "forearm") for kinds in bodies.PAIR_KINDS]
)
_GROUNDED: Final[Floats] = np.array([_FLOOR.get(name.rpartition("_")[2], -1.0) for name in JOINT_NAMES])
_LEGS: Final = np.array([set(kinds) <= {"thigh", "shin"} for kinds in bodies.PAIR_KINDS])
_CROSSED: Final = 0.02
_UNCROSSED: Final = 0.08
"""Metres: how far the left knee is to the right of the right one, and the left ankle to the left of the right one."""
_KNEES: Final = ((1, 2), (4, 5), (7, 8))


_BENT: Final = float(np.cos(np.radians(30.0)))
_BACK: Final = float(np.cos(np.radians(45.0)))
_AHEAD: Final = float(np.sin(np.radians(10.0))), float(np.cos(np.radians(10.0)))
"""A knee is bent backwards if it is bent by more than 30 degrees and the shin points within 45 degrees of a direction
that is 10 degrees outward from the front of the thigh."""

_NOD: Final = float(np.cos(np.radians(40.0))), float(np.sin(np.radians(40.0)))
"""The neck's middle position, up and forward in the frame of the chest."""
_NODS: Final = float(np.cos(np.radians(55.0)))
_NOD_SET: Final = float(np.cos(np.radians(52.0))), float(np.sin(np.radians(52.0)))
_TILTS: Final = float(np.sin(np.radians(46.0)))
_TILT_SET: Final = float(np.sin(np.radians(43.0)))
"""The head nods by up to 55 degrees from there and tilts by up to 46; beyond, it is set to 52 and 43."""


def sound(joints: NDArray[np.float32]) -> NDArray[np.float32]:
    """Correct the flawed ones of some poses.

    Parameters
    ----------
    joints : (..., 22, 3) float32 array
        Metres, Y up, with the bone lengths of the bundled model's skeleton.

    Returns
    -------
    (..., 22, 3) float32 array
        Sound poses keep their bits, and so do those that could not be improved and those that are not finite. Bone
        lengths and the height of the lowest joint stay.
    """
    poses = joints.reshape(-1, len(JOINT_NAMES), 3)
    with np.errstate(invalid="ignore", over="ignore"):
        rows = np.flatnonzero((bodies.deepest(poses) > bodies.VISIBLE) | unnatural(poses))
    if len(rows) == 0:
        return joints
    before = poses[rows].astype(np.float64)
    after = _apart(_in_range(before))
    after[..., 1] += (before[..., 1].min(axis=1) - after[..., 1].min(axis=1))[:, None]
    better = _faults(after) < _faults(before)
    out = poses.copy()
    out[rows[better]] = after[better].astype(np.float32)
    return out.reshape(joints.shape)


def unnatural(joints: NDArray[np.floating]) -> NDArray[np.bool_]:
    """(n,) array, True where a joint of a pose (n, 22, 3) is outside a human's range.

    An elbow or knee is bent by more than 155 degrees, a knee is bent backwards, or the head is too far back, too far
    on the chest or too far to one side.
    """
    places = np.asarray(joints, dtype=np.float64)
    return np.asarray(
        _folded(places).any(axis=1) | _backwards(places).any(axis=1) | (_head(places)[1] | _head(places)[2])
    )


def _faults(joints: Floats) -> Floats:
    """What is wrong with each pose, (n,): the sum of its overlaps in metres, and a fixed amount for its joints."""
    poses, _, excess = bodies.overlaps(joints)
    return np.asarray(np.bincount(poses, excess, len(joints)) + unnatural(joints), dtype=np.float64)


def _unit(vector: Floats) -> Floats:
    return vector / np.maximum(np.sqrt(dot(vector, vector)), 1e-9)[..., None]


def _cross(one: Floats, other: Floats) -> Floats:
    out = np.empty(np.broadcast_shapes(one.shape, other.shape))
    for axis in range(3):
        following, last = (axis + 1) % 3, (axis + 2) % 3
        out[..., axis] = one[..., following] * other[..., last] - one[..., last] * other[..., following]
    return out


def _folded(joints: Floats) -> NDArray[np.bool_]:
    """(n, 4): whether each limb is folded further than a human's."""
    reach = joints[:, _CHAINS[:, 2]] - joints[:, _CHAINS[:, 0]]
    return np.asarray(dot(reach, reach) < _SHORTEST_SOUND * _SHORTEST_SOUND)


def _backwards(joints: Floats) -> NDArray[np.bool_]:
    """(n, 2): whether the left and the right knee are bent backwards."""
    hips, knees, ankles = (joints[:, pair] for pair in _KNEES)  # each (n, 2, 3)
    left = _unit(joints[:, 1] - joints[:, 2])
    up = joints[:, 3] - (joints[:, 1] + joints[:, 2]) / 2
    up = _unit(up - left * dot(up, left)[:, None])
    thigh, shin = _unit(knees - hips), _unit(ankles - knees)
    outward = np.stack((left, -left), axis=1)
    turn = [_swung(-up[:, None], thigh, axis) for axis in (outward, _cross(left, up)[:, None])]
    out, ahead = dot(shin, turn[0]), dot(shin, turn[1])
    size = np.sqrt(out * out + ahead * ahead)
    return np.asarray((dot(thigh, shin) < _BENT) & (out * _AHEAD[0] + ahead * _AHEAD[1] > _BACK * size))


def _swung(start: Floats, end: Floats, vector: Floats) -> Floats:
    """A vector after the shortest rotation from one unit vector to another."""
    axis, cosine = _cross(start, end), dot(start, end)
    share = dot(axis, vector) / np.maximum(1.0 + cosine, 1e-6)
    return vector * cosine[..., None] + _cross(axis, vector) + axis * share[..., None]


def _head(joints: Floats) -> tuple[tuple[Floats, Floats], NDArray[np.bool_], NDArray[np.bool_]]:
    """Axes of the chest and direction of the head in it, (n, 3, 3) and (n, 3); whether it nods or tilts too far."""
    neck, head, spine = (joints[:, _index(name)] for name in ("neck", "head", "spine3"))
    up = _unit(neck - spine)
    left = joints[:, _index("left_shoulder")] - joints[:, _index("right_shoulder")]
    left = _unit(left - up * dot(left, up)[:, None])
    axes = np.stack((left, up, _cross(left, up)), axis=1)
    way = _unit(head - neck)
    inside = np.stack([dot(way, axes[:, axis]) for axis in range(3)], axis=1)
    level = np.sqrt(inside[:, 1] * inside[:, 1] + inside[:, 2] * inside[:, 2])
    nods = inside[:, 1] * _NOD[0] + inside[:, 2] * _NOD[1] < _NODS * level
    return (axes, inside), nods, np.abs(inside[:, 0]) > _TILTS


def _crossed_knees(joints: Floats) -> NDArray[np.bool_]:
    """(n,): whether the knees have changed sides between hips and ankles that have not, through one another."""
    left = joints[:, 1] - joints[:, 2]
    knees, ankles = dot(left, joints[:, 4] - joints[:, 5]), dot(left, joints[:, 7] - joints[:, 8])
    poses, pairs, _ = bodies.overlaps(joints)
    through = np.bincount(poses[_LEGS[pairs]], minlength=len(joints)) > 0
    width = np.sqrt(dot(left, left))
    return np.asarray((knees < -_CROSSED * width) & (ankles > _UNCROSSED * width) & through)


def _in_range(joints: Floats) -> Floats:
    """Copies of poses with knees that bend the right way on their own sides, and heads within reach."""
    out = joints.copy()
    hips, knees, ankles = (out[:, pair] for pair in _KNEES)
    line = _unit(ankles - hips)
    foot = hips + line * dot(knees - hips, line)[..., None]
    out[:, _KNEES[1]] = np.where(_backwards(joints)[..., None], 2 * foot - knees, knees)
    left = _unit(joints[:, 1] - joints[:, 2])[:, None]
    aside = _unit(left - line * dot(left, line)[..., None])
    ahead = knees - foot
    level = ahead - aside * dot(ahead, aside)[..., None]
    size = np.sqrt(dot(ahead, ahead))
    out[:, _KNEES[1]] = np.where(
        _crossed_knees(joints)[:, None, None], foot + _unit(level) * size[..., None], out[:, _KNEES[1]]
    )
    (axes, way), nods, tilts = _head(joints)
    side = np.where(tilts, np.copysign(_TILT_SET, way[:, 0]), way[:, 0])
    chin = way[:, 2] * _NOD[0] - way[:, 1] * _NOD[1] > 0  # beyond the middle towards the chest
    sine = np.where(chin, _NOD_SET[1], -_NOD_SET[1])
    level = np.sqrt(np.maximum(1 - side * side, 0.0))
    flat = np.maximum(np.sqrt(way[:, 1] * way[:, 1] + way[:, 2] * way[:, 2]), 1e-9)
    up = np.where(nods, _NOD[0] * _NOD_SET[0] - _NOD[1] * sine, way[:, 1] / flat) * level
    front = np.where(nods, _NOD[1] * _NOD_SET[0] + _NOD[0] * sine, way[:, 2] / flat) * level
    turned = side[:, None] * axes[:, 0] + up[:, None] * axes[:, 1] + front[:, None] * axes[:, 2]
    neck, head = _index("neck"), _index("head")
    moved = out[:, neck] + turned * BONE_LENGTHS[head]
    out[:, head] = np.where((nods | tilts)[:, None], moved, out[:, head])
    return out


def _apart(joints: Floats) -> Floats:
    """Copies of poses whose limbs are moved out of what they go through."""
    out = joints.copy()
    poses, pairs = bodies.near(out, _NEAR)
    gap = bodies.meetings(out, poses, pairs).gap
    held = np.where(_HOLDS[pairs] & (gap < _TOUCH), np.maximum(gap, 0.0) + _SLACK, np.inf)
    heights = np.where(out[..., 1] < _GROUNDED, out[..., 1], np.nan)
    for _ in range(_STEPS):
        meeting = bodies.meetings(out, poses, pairs)
        deep = meeting.excess > 0
        busy = np.bincount(poses[meeting.excess > _DONE], minlength=len(out)) > 0
        busy |= _folded(out).any(axis=1)
        rows = np.flatnonzero(busy)
        if len(rows) == 0:
            break
        push = np.where(deep, (meeting.excess + _CLEAR) * _EAGER, np.minimum(held - meeting.gap, 0.0) * _HOLD)
        acting = np.flatnonzero((push != 0) & busy[poses])
        moved = out + _moves(meeting, push, acting, poses, pairs, len(out))
        out[rows] = _restored(moved[rows], out[rows], heights[rows])
        kept = busy[poses]
        poses, pairs, held = poses[kept], pairs[kept], held[kept]
    return out


def _moves(
    meeting: bodies.Meeting, push: Floats, acting: Indices, poses: Indices, pairs: Indices, count: int
) -> Floats:
    """How far each joint is pushed, (count, 22, 3) in metres: the mean over the pairs that move it."""
    first, second = bodies.FIRST[pairs[acting]], bodies.SECOND[pairs[acting]]
    s, t = meeting.on_first[acting, None], meeting.on_second[acting, None]
    one = _WEIGHTS[first, :, 0] * (1 - s) + _WEIGHTS[first, :, 1] * s  # (m, 2)
    other = _WEIGHTS[second, :, 0] * (1 - t) + _WEIGHTS[second, :, 1] * t
    alike = _MASS[first] == _MASS[second]
    ease_one, ease_other = np.where(alike, 1.0, _MASS[first])[:, None], np.where(alike, 1.0, _MASS[second])[:, None]
    squares = ease_one * one * one, ease_other * other * other
    total = squares[0][:, 0] + squares[0][:, 1] + squares[1][:, 0] + squares[1][:, 1]
    size = push[acting] / np.maximum(total, 1e-3)
    amounts = np.concatenate((one * ease_one, -other * ease_other), axis=1) * size[:, None]  # (m, 4)
    places = poses[acting, None] * len(JOINT_NAMES) + np.concatenate((_JOINTS[first], _JOINTS[second]), axis=1)
    bins, places = count * len(JOINT_NAMES), places.reshape(-1)
    share = np.maximum(np.bincount(places, (amounts.reshape(-1) != 0).astype(np.float64), bins), 1.0)
    out = np.empty((bins, 3))
    for axis in range(3):
        along = (amounts * meeting.normal[acting, axis, None]).reshape(-1)
        out[:, axis] = np.bincount(places, along, bins) / share
    return out.reshape(count, len(JOINT_NAMES), 3)


def _restored(joints: Floats, before: Floats, heights: Floats) -> Floats:
    """Poses after a push with their bone lengths, and with what is on the floor at its height.

    Parameters
    ----------
    joints, before : (n, 22, 3) float64 arrays
        After and before the push. The first is changed.
    heights : (n, 22) float64 array
        Metres; NaN for joints that are not on the floor.
    """
    root, middle, end = (joints[:, _CHAINS[:, place]] for place in range(3))  # each (n, 4, 3)
    upper, lower = _LENGTHS[:, 1, None], _LENGTHS[:, 2, None]
    middle = root + _unit(middle - root) * upper
    bone = end - middle
    change = (bone - _unit(bone) * lower) / 2
    middle, end = middle + change, end - change
    reach = end - root
    short = dot(reach, reach) < _SHORTEST_SOUND * _SHORTEST_SOUND
    end = np.where(short[..., None], root + _unit(reach) * _SHORTEST_SET[:, None], end)
    for place, points in ((1, middle), (2, end)):
        height = heights[:, _CHAINS[:, place]]
        points[..., 1] = np.where(np.isnan(height), np.maximum(points[..., 1], 0.0), height)
    middle = root + _unit(middle - root) * upper
    end = middle + _unit(end - middle) * lower
    joints[:, _CHAINS[:, 1]], joints[:, _CHAINS[:, 2]] = middle, end
    ankles = joints[:, _ANKLES]
    feet = joints[:, _FEET] + ankles - before[:, _ANKLES]
    height = heights[:, _FEET]
    feet[..., 1] = np.where(np.isnan(height), np.maximum(feet[..., 1], 0.0), height)
    joints[:, _FEET] = ankles + _unit(feet - ankles) * _FOOT
    return joints
