"""The body around the joints: capsules for trunk, head and limbs, and how deep they go into one another.

A capsule is a segment between two points with a radius at each end. Its points are fixed combinations of joints, and
its radii are those of an adult, scaled with the body. Pairs of neighbouring parts are left out, because they overlap
in every pose. Flesh gives way, and parts that touch are no flaw, so each kind of pair has a depth up to which it is
sound.

All functions work on any number of poses. The bits of a pose do not depend on the others: everything is computed
element by element, without sums over arrays of varying size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import BONE_LENGTHS, JOINT_NAMES, bone_lengths

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_HAND: Final = 0.075
"""Metres from the wrist to the middle of the fingers, in the direction of the forearm."""
_TOES: Final = 0.05
"""Metres from the ball of the foot to the tip of the toes."""
_TINY: Final = 1e-9
_PARALLEL: Final = 1e-6
"""Squared sine of the angle below which two segments count as parallel."""
_ROUNDED: Final = 1e-3
"""Metres added to a distance that is computed in float32."""
_APART: Final[Floats] = np.array((1e-7, 2e-7, 3e-7))
"""Metres added to the way between two segments, so that it has a direction where they cross."""

VISIBLE: Final = 0.01
"""Metres of overlap beyond what is sound for a pair of parts, from which on it is a flaw."""

_SMALLEST: Final = 1e-3
"""Size, as a share of the usual body, of joints that are no body because they lie on one point."""

_TERMS: Final = 4
"""Joints in the combination of a point, at most."""


@dataclass(frozen=True)
class Part:
    """A capsule."""

    name: str
    kind: str
    side: str  # "left", "right" or ""
    ends: tuple[dict[str, float], dict[str, float]]  # weights of joints, which add up to 1
    radii: tuple[float, float]  # metres


def _parts() -> tuple[Part, ...]:
    head = BONE_LENGTHS[JOINT_NAMES.index("head")]
    parts = [
        Part("pelvis", "pelvis", "", ({"left_hip": 1.0}, {"right_hip": 1.0}), (0.085, 0.085)),
        Part("neck", "neck", "", ({"neck": 1.0}, {"head": 1.0}), (0.052, 0.05)),
        Part(
            "head",
            "head",
            "",
            (_beyond("neck", "head", 0.03 / head), _beyond("neck", "head", 0.10 / head)),
            (0.085,) * 2,
        ),
    ]
    for side, other in (("left", "right"), ("right", "left")):
        parts += [
            Part(
                f"{side}_belly",
                "belly",
                side,
                (_aside("spine1", "hip", side, other, 0.25), _aside("spine3", "shoulder", side, other, 0.1)),
                (0.088, 0.088),
            ),
            Part(
                f"{side}_chest",
                "chest",
                side,
                (_aside("spine3", "shoulder", side, other, 0.14), _chest_top(side, other)),
                (0.088, 0.082),
            ),
            *_limb_parts(side),
        ]
    return tuple(parts)


def _limb_parts(side: str) -> list[Part]:
    shoulder, elbow, wrist = f"{side}_shoulder", f"{side}_elbow", f"{side}_wrist"
    hip, knee, ankle, foot = f"{side}_hip", f"{side}_knee", f"{side}_ankle", f"{side}_foot"
    hand = _HAND / BONE_LENGTHS[JOINT_NAMES.index(wrist)]
    toes = _TOES / BONE_LENGTHS[JOINT_NAMES.index(foot)]
    return [
        # from here on the upper arm is outside the chest, and the thigh outside the pelvis
        Part(f"{side}_upper_arm", "upper_arm", side, ({shoulder: 0.6, elbow: 0.4}, {elbow: 1.0}), (0.045, 0.04)),
        Part(f"{side}_forearm", "forearm", side, ({elbow: 1.0}, {wrist: 1.0}), (0.04, 0.028)),
        Part(f"{side}_hand", "hand", side, ({wrist: 1.0}, _beyond(elbow, wrist, hand)), (0.028, 0.025)),
        Part(f"{side}_thigh", "thigh", side, ({hip: 0.65, knee: 0.35}, {knee: 1.0}), (0.07, 0.052)),
        Part(f"{side}_shin", "shin", side, ({knee: 1.0}, {ankle: 1.0}), (0.052, 0.036)),
        Part(f"{side}_foot", "foot", side, ({ankle: 1.0}, _beyond(ankle, foot, toes)), (0.036, 0.024)),
    ]


def _beyond(start: str, end: str, share: float) -> dict[str, float]:
    """The point behind the end of a bone, at a share of its length."""
    return {start: -share, end: 1.0 + share}


def _aside(centre: str, joint: str, side: str, other: str, share: float) -> dict[str, float]:
    """A point beside a joint of the spine, at a share of the distance between two joints of both sides."""
    return {centre: 1.0, f"{side}_{joint}": share, f"{other}_{joint}": -share}


def _chest_top(side: str, other: str) -> dict[str, float]:
    return {"spine3": 0.45, "neck": 0.55, f"{side}_shoulder": 0.14, f"{other}_shoulder": -0.14}


PARTS: Final = _parts()
TRUNK: Final = frozenset({"pelvis", "belly", "chest"})

_DEPTHS: Final[dict[frozenset[str], float]] = {
    frozenset(names.split()): depth
    for names, depth in {
        "forearm": 0.02,
        "forearm hand": 0.025,
        "hand": 0.035,
        "forearm upper_arm": 0.025,
        "hand upper_arm": 0.03,
        "upper_arm": 0.03,
        "forearm pelvis": 0.035,
        "forearm belly": 0.03,
        "forearm chest": 0.03,
        "forearm neck": 0.025,
        "forearm head": 0.03,
        "hand pelvis": 0.035,
        "hand belly": 0.03,
        "hand chest": 0.03,
        "hand neck": 0.03,
        "hand head": 0.035,
        "upper_arm head": 0.045,
        "upper_arm belly": 0.05,
        "upper_arm chest": 0.06,
        "upper_arm pelvis": 0.05,
        "forearm thigh": 0.03,
        "forearm shin": 0.02,
        "forearm foot": 0.025,
        "hand thigh": 0.03,
        "hand shin": 0.025,
        "hand foot": 0.03,
        "upper_arm thigh": 0.04,
        "upper_arm shin": 0.03,
        "upper_arm foot": 0.03,
        "thigh": 0.045,
        "thigh shin": 0.03,
        "shin": 0.02,
        "thigh foot": 0.03,
        "shin foot": 0.02,
        "foot": 0.02,
        "foot pelvis": 0.06,
        "shin pelvis": 0.06,
        "thigh belly": 0.08,
        "thigh chest": 0.07,
        "shin belly": 0.05,
        "shin chest": 0.05,
        "foot belly": 0.04,
        "foot chest": 0.04,
        "head thigh": 0.05,
        "head shin": 0.04,
        "head foot": 0.03,
    }.items()
}
"""Metres by which two kinds of parts may overlap. Kinds of which both parts are the same are named once."""

_OWN: Final = frozenset(
    frozenset(names.split())
    for names in ("forearm upper_arm", "hand upper_arm", "forearm hand", "thigh shin", "shin foot", "thigh foot")
)
"""Kinds that are neighbours on one side; how far elbow and knee bend is checked by their angles."""


def _pairs() -> list[tuple[int, int, float]]:
    found = []
    for first, one in enumerate(PARTS):
        for second in range(first + 1, len(PARTS)):
            other = PARTS[second]
            kinds = frozenset({one.kind, other.kind})
            alike = one.side == other.side
            if kinds not in _DEPTHS or (alike and kinds in _OWN):
                continue
            if len(kinds) == 1 and (alike or one.kind in TRUNK):
                continue
            found.append((first, second, _DEPTHS[kinds]))
    return found


_PAIRS: Final = _pairs()
FIRST: Final[Indices] = np.array([pair[0] for pair in _PAIRS])
SECOND: Final[Indices] = np.array([pair[1] for pair in _PAIRS])
ALLOWED: Final[Floats] = np.array([pair[2] for pair in _PAIRS])
"""Metres of overlap up to which each pair is sound."""
PAIR_KINDS: Final = tuple(tuple(sorted((PARTS[a].kind, PARTS[b].kind))) for a, b, _ in _PAIRS)
RADII: Final[Floats] = np.array([part.radii for part in PARTS])


def _terms() -> tuple[Indices, Floats]:
    """Joints and weights of the points, (parts, 2, terms) each; points of fewer joints are filled with weight 0."""
    joints = np.zeros((len(PARTS), 2, _TERMS), dtype=np.intp)
    weights = np.zeros((len(PARTS), 2, _TERMS))
    for row, part in enumerate(PARTS):
        for end, combination in enumerate(part.ends):
            for term, (name, weight) in enumerate(combination.items()):
                joints[row, end, term], weights[row, end, term] = JOINT_NAMES.index(name), weight
    return joints, weights


_JOINTS, _WEIGHTS = _terms()
_USUAL: Final = float(sum(BONE_LENGTHS))


def _sizes(joints: NDArray[np.floating]) -> Floats:
    """Size of each body, (n,): the sum of its bone lengths divided by that of the bundled model's skeleton."""
    lengths = bone_lengths(joints).astype(np.float64)
    total = np.zeros(len(lengths))
    for joint in range(1, lengths.shape[1]):
        total += lengths[:, joint]
    return total / _USUAL


def segments(joints: Floats) -> Floats:
    """Ends of the capsules of n poses, (n, parts, 2, 3) in metres."""
    out = joints[:, _JOINTS[..., 0]] * _WEIGHTS[..., 0, None]
    for term in range(1, _TERMS):
        out += joints[:, _JOINTS[..., term]] * _WEIGHTS[..., term, None]
    return out


def dot(one: Floats, other: Floats) -> Floats:
    """Scalar products of vectors (..., 3)."""
    return one[..., 0] * other[..., 0] + one[..., 1] * other[..., 1] + one[..., 2] * other[..., 2]


def near(joints: Floats, margin: float) -> tuple[Indices, Indices]:
    """The pairs that may be closer than a distance, by the spheres around the capsules.

    Parameters
    ----------
    joints : (n, 22, 3) float64 array
        Metres.
    margin : float
        Metres between the surfaces.

    Returns
    -------
    poses, pairs : (m,) integer arrays
        Sorted by pose, then by pair.
    """
    ends = segments(joints)
    middles, halves = (ends[:, :, 0] + ends[:, :, 1]) / 2, (ends[:, :, 1] - ends[:, :, 0]) / 2
    around = np.sqrt(dot(halves, halves)) + RADII.max(axis=1)
    x, y, z = (np.ascontiguousarray(middles[..., axis], dtype=np.float32) for axis in range(3))
    reach = around.astype(np.float32)
    first, second = (array.astype(np.intp) for array in (FIRST, SECOND))
    apart = (x[:, first] - x[:, second]) ** 2
    apart += (y[:, first] - y[:, second]) ** 2
    apart += (z[:, first] - z[:, second]) ** 2
    within = reach[:, first] + reach[:, second] + np.float32(margin + _ROUNDED)
    poses, pairs = np.nonzero(apart < within * within)
    return poses, pairs


@dataclass(frozen=True)
class Meeting:
    """Where the parts of m pairs come closest.

    Attributes
    ----------
    excess : (m,) float64 array
        Metres by which the parts overlap beyond :data:`ALLOWED`; negative for sound pairs.
    gap : (m,) float64 array
        Metres between the surfaces; negative where they overlap.
    normal : (m, 3) float64 array
        Unit vectors from the second part to the first.
    on_first, on_second : (m,) float64 arrays
        Positions on both segments, 0 to 1.
    """

    excess: Floats
    gap: Floats
    normal: Floats
    on_first: Floats
    on_second: Floats


def meetings(joints: Floats, poses: Indices, pairs: Indices) -> Meeting:
    """Where pairs of parts come closest, for the pairs that :func:`near` gives."""
    ends = segments(joints)
    first, second = FIRST[pairs], SECOND[pairs]
    one, other = ends[poses, first], ends[poses, second]
    s, t = _closest(one, other)
    along, beside = one[:, 1] - one[:, 0], other[:, 1] - other[:, 0]
    way = one[:, 0] + s[:, None] * along - other[:, 0] - t[:, None] * beside + _APART
    distance = np.sqrt(dot(way, way))
    radius = RADII[first, 0] * (1 - s) + RADII[first, 1] * s + RADII[second, 0] * (1 - t) + RADII[second, 1] * t
    gap = distance - radius
    return Meeting(-gap - ALLOWED[pairs], gap, way / np.maximum(distance, _TINY)[:, None], s, t)


def _closest(one: Floats, other: Floats) -> tuple[Floats, Floats]:
    """Positions, 0 to 1, where segments (m, 2, 3) come closest; each (m,)."""
    along, beside = one[:, 1] - one[:, 0], other[:, 1] - other[:, 0]
    offset = one[:, 0] - other[:, 0]
    a, e = np.maximum(dot(along, along), _TINY), np.maximum(dot(beside, beside), _TINY)
    b, c, f = dot(along, beside), dot(along, offset), dot(beside, offset)
    turned = a * e - b * b
    crossing = turned > _PARALLEL * a * e
    s = np.where(crossing, np.clip((b * f - c * e) / np.where(crossing, turned, 1.0), 0.0, 1.0), 0.5)
    t = np.clip((b * s + f) / e, 0.0, 1.0)
    s = np.clip((b * t - c) / a, 0.0, 1.0)
    return s, t


def overlaps(joints: NDArray[np.floating]) -> tuple[Indices, Indices, Floats]:
    """The pairs of parts that overlap more than is sound.

    Parameters
    ----------
    joints : (n, 22, 3) float array
        Metres. Bodies of any size; poses that are not finite have no such pairs.

    Returns
    -------
    poses, pairs : (m,) integer arrays
        Sorted by pose, then by pair.
    excess : (m,) float64 array
        Metres beyond :data:`ALLOWED`, in a body of the usual size.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        places = np.asarray(joints, dtype=np.float64)
        size = _sizes(places)
        places = places / np.where(size > _SMALLEST, size, np.nan)[:, None, None]
        poses, pairs = near(places, 0.0)
        excess = meetings(places, poses, pairs).excess
    found = excess > 0
    return poses[found], pairs[found], excess[found]


def deepest(joints: NDArray[np.floating]) -> Floats:
    """The largest overlap beyond what is sound, (n,) in metres, of poses (n, 22, 3); 0 for sound poses."""
    poses, _, excess = overlaps(joints)
    out = np.zeros(len(joints))
    np.maximum.at(out, poses, excess)
    return out
