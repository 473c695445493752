"""The mannequin as polygons: outlines of its parts from back to front, with halo, edge and light; face and clothes."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import acos, atan2, cos, hypot, pi, sin, sqrt
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posepipe.picture import order
from posepipe.picture.anatomy import PARTS, SKULL, Body, J
from posepipe.picture.camera import View
from posepipe.picture.palette import INDEX, WHITE

Floats = NDArray[np.float64]

_CORNERS: Final = 48
_EDGE, _HALO = 1.6, 5.0
"""Width of the dark edge and of the white halo around it, in pixels."""
_LIGHT: Final = (-0.53, -0.85)
"""Direction towards the light in the picture; y downwards."""

_ANGLES: Final = np.arange(_CORNERS) * (2 * np.pi / _CORNERS)
_AROUND: Final = np.stack((np.cos(_ANGLES), np.sin(_ANGLES)))
_TOWARDS_LIGHT: Final = int((_AROUND.T @ np.array(_LIGHT)).argmax())

EDGE, SHADE, BASE, LIGHT = 12, 84, 101, 122
"""Values of the layers of a limb; from 0, its darkest tone, over its colour at 100 to white at 255."""


MASK, SMOOTH, FLAT, SHAPE = range(4)
"""Kinds of polygons: one that sets the material and no value, a convex one with smooth edges, one whose edges need not
be smooth because its tone is close to the one around it, and one of any form with smooth edges."""


class Patch(NamedTuple):
    """A polygon to fill."""

    corners: Floats  # (n, 2) pixels
    material: int
    value: int
    kind: int


def _table() -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """For each part: its ellipsoids (p, 4), the one at the opposite end of each, and how far outlines are pulled."""
    numbers, ends, pulls, start = [], [], [], 0
    for part in PARTS:
        count = len(part.balls)
        own = [start + min(ball, count - 1) for ball in range(4)]
        numbers.append(own)
        ends.append([start if ball == start + count - 1 else start + count - 1 for ball in own])
        given = part.pulls or (0.0,) * count
        pulls.append([given[min(ball, count - 1)] for ball in range(4)])
        start += count
    return np.array(numbers), np.array(ends), np.array(pulls)[:, :, None]


_BALLS, _ENDS, _PULLS = _table()
_JOINED: Final = np.array([part.joined for part in PARTS])[:, None, None] * (np.arange(4) == 0)[None, :, None] * _PULLS
_NEIGHBOURS: Final = {
    f"{side}_{item}": (f"{side}_{before}" if before else "", f"{side}_{after}" if after else "")
    for side in ("left", "right")
    for before, item, after in (
        ("", "upper_arm", "forearm"),
        ("upper_arm", "forearm", "hand"),
        ("", "thigh", "shin"),
        ("thigh", "shin", "foot"),
        ("shin", "foot", ""),
        ("forearm", "hand", ""),
    )
}
"""Items at the first and the last end of an item."""
_ITEMS: Final = tuple(dict.fromkeys(part.item for part in PARTS))
_PARTS_OF: Final = {item: [number for number, part in enumerate(PARTS) if part.item == item] for item in _ITEMS}
_MATERIALS: Final = [INDEX[part.material] for part in PARTS]
_NUMBER: Final = {part.name: number for number, part in enumerate(PARTS)}
_FIRST_BALL: Final = {part.name: int(_BALLS[number, 0]) for number, part in enumerate(PARTS)}


def _segments() -> list[tuple[str, str, str, float]]:
    """The axes of the items, for their order: item, points at both ends, radius in metres."""
    rows = [("trunk", "j:pelvis", "j:spine2", 0.13), ("trunk", "j:spine2", "j:neck", 0.14)]
    rows += [("neck", "j:neck", "j:head", 0.05), ("head", "skull", "skull", 0.11)]
    for side in ("left", "right"):
        for item, start, end, radius in (
            ("upper_arm", "shoulder", "elbow", 0.05),
            ("forearm", "elbow", "wrist", 0.042),
            ("thigh", "hip", "knee", 0.075),
            ("shin", "knee", "ankle", 0.05),
            ("foot", "ankle", "foot", 0.05),
        ):
            rows.append((f"{side}_{item}", f"j:{side}_{start}", f"j:{side}_{end}", radius))
        rows.append((f"{side}_hand", f"j:{side}_wrist", f"{side}_fingers", 0.04))
    return rows


_ROWS: Final = _segments()
_SEGMENT_ITEMS: Final = [_ITEMS.index(row[0]) for row in _ROWS]
_POINTS: Final[dict[str, int]] = {
    "skull": len(J) + SKULL,
    **{f"j:{name}": joint for name, joint in J.items()},
    **{f"{side}_fingers": len(J) + _FIRST_BALL[f"{side}_hand"] + 1 for side in ("left", "right")},
}
_SEGMENTS: Final = np.array([(_POINTS[start], _POINTS[end]) for _, start, end, _ in _ROWS])
_SEGMENT_RADII: Final = np.array([row[3] for row in _ROWS])
_FIRST, _SECOND = np.triu_indices(len(_ROWS), k=1)
_DIFFERENT: Final = np.array([_SEGMENT_ITEMS[a] != _SEGMENT_ITEMS[b] for a, b in zip(_FIRST, _SECOND, strict=True)])
_FIRST, _SECOND = _FIRST[_DIFFERENT], _SECOND[_DIFFERENT]


def _attached() -> NDArray[np.bool_]:
    """Pairs of axes that meet in the body, and so cross in every view."""
    ends = [{row[1], row[2]} for row in _ROWS]
    for number, row in enumerate(_ROWS):
        if row[0] == "trunk":
            ends[number] |= (
                {"j:left_hip", "j:right_hip"} if row[1] == "j:pelvis" else {"j:left_shoulder", "j:right_shoulder"}
            )
        if row[0] in ("neck", "head"):
            ends[number] |= {"skull"}
    return np.array([bool(ends[a] & ends[b]) for a, b in zip(_FIRST, _SECOND, strict=True)])


_SHARED: Final = _attached()
_NECK_AND_HEAD: Final = (_FIRST == 2) & (_SECOND == 3)


@dataclass(frozen=True, eq=False)
class Figure:
    """A mannequin in a view."""

    body: Body
    view: View
    centres: Floats  # (n, 2) pixels
    nearness: Floats  # (n,) metres towards the camera
    scale: Floats  # (n,) pixels per metre
    patches: list[Patch] = field(default_factory=list)


def drawn(body: Body, view: View) -> Figure:
    """The polygons of a mannequin, in the order in which they are filled."""
    centres, nearness = view.project(body.centres)
    scale = view.scale * view.distance / (view.distance - nearness)
    figure = Figure(body, view, centres, nearness, scale)
    items, crossing = _order(figure)
    masks, halos, plain, edges, fills = _layers(figure, _covered(items))
    inner = fills[:, :, ::2]
    fade = np.clip(18 - 75 * nearness / body.size, 0, 40)
    tone = fade[_BALLS].mean(axis=1).astype(int).tolist()
    add = figure.patches.append
    for item in items:
        parts = _PARTS_OF[item]
        if item == "head" and nearness[_FIRST_BALL["nose"]] < nearness[SKULL] - 0.02 * body.size:
            parts = parts[::-1]
        for part in parts:
            if item in crossing and PARTS[part].name != "hips":
                add(Patch(masks[part], _MATERIALS[part], 0, MASK))
                add(Patch(halos[part], _MATERIALS[part], WHITE, SMOOTH))
        for part in parts:
            add(Patch(plain[part], _MATERIALS[part], 0, MASK))
            add(Patch(edges[part], _MATERIALS[part], EDGE, SMOOTH))
        if item == "trunk":
            far = tone[parts[-1]]
            for layer, value in enumerate((SHADE, BASE, LIGHT)):
                for part in parts:
                    kind = FLAT if layer else SMOOTH
                    add(Patch(fills[layer, part], _MATERIALS[part], value + far, kind))
            _clothes(figure, far)
            continue
        for part in parts:
            material, far = _MATERIALS[part], tone[part]
            add(Patch(fills[0, part], material, SHADE + far, SMOOTH))
            add(Patch(inner[1, part], material, BASE + far, FLAT))
            add(Patch(inner[2, part], material, LIGHT + far, FLAT))
            if PARTS[part].name == "skull":
                _face(figure, far)
    return figure


def _covered(items: list[str]) -> Floats:
    """For each part, which ellipsoids (p, 4, 1) lie at a joint whose other part is painted before."""
    place = {item: number for number, item in enumerate(items)}
    found = np.zeros((len(PARTS), 4, 1))
    for item, (before, after) in _NEIGHBOURS.items():
        for part in _PARTS_OF[item]:
            found[part, :1] = place.get(before, 99) < place[item]
            found[part, 1:] = place.get(after, 99) < place[item]
    return found


def _layers(figure: Figure, covered: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Polygons of all parts, (p, n, 2): middle of the halo, halo, whole edge, edge as far as it is not covered; and
    shade, base and light, (3, p, n, 2)."""
    flat = figure.body.axes @ (figure.view.axes[:, :2] * (1.0, -1.0))  # (n, 3, 2)
    along = flat @ _AROUND  # (n, 3, corners)
    reach = np.sqrt((along * along).sum(axis=1))  # (n, corners) metres
    bulge = flat.transpose(0, 2, 1) @ (along / np.maximum(reach, 1e-12)[:, None])  # (n, 2, corners)
    scale = figure.scale[:, None]
    reach *= scale
    bulge *= scale[:, None]
    places, reached = figure.centres[_BALLS], reach[_BALLS]  # (p, 4, 2) and (p, 4, corners)
    rows, columns = np.arange(len(_BALLS))[:, None], np.arange(_CORNERS)
    whole = (places @ _AROUND + reached).argmax(axis=1)  # (p, corners)
    bulges = bulge[_BALLS[rows, whole], :, columns]
    plain = places[rows, whole] + bulges
    away = figure.centres[_ENDS] - places
    shares = _PULLS * covered
    edges = _outline(plain, figure, places + shares * away, shares, reach, bulge) + _EDGE * _AROUND.T
    whole_edges = plain + _EDGE * _AROUND.T
    shares = 1.9 * np.maximum(shares, _JOINED)
    halos = _outline(plain, figure, places + shares * away, shares, reach, bulge)
    masks = halos + (_EDGE + _HALO / 2) * _AROUND.T
    halos += (_EDGE + _HALO) * _AROUND.T
    lit = np.array(_LIGHT) * reached[:, :, _TOWARDS_LIGHT, None]
    fills = np.empty((3, *plain.shape))
    fills[0] = plain
    for number, (share, shift) in enumerate(((0.82, 0.17), (0.45, 0.34)), start=1):
        fills[number] = plain + (shift * lit)[rows, whole] - (1 - share) * bulges
    return masks, halos, whole_edges, edges, fills


def _outline(plain: Floats, figure: Figure, middles: Floats, shares: Floats, reach: Floats, bulge: Floats) -> Floats:
    """Outlines of parts whose ellipsoids have been moved a share of the way to the opposite end, (p, n, 2)."""
    moved = np.flatnonzero(shares.any(axis=(1, 2)))
    found = plain.copy()
    balls, ends, share, middle = _BALLS[moved], _ENDS[moved], shares[moved], middles[moved]
    width = reach[balls] + share * (reach[ends] - reach[balls])
    best = (middle @ _AROUND + width).argmax(axis=1)
    rows, columns = np.arange(len(moved))[:, None], np.arange(_CORNERS)
    ball, end = bulge[balls[rows, best], :, columns], bulge[ends[rows, best], :, columns]
    found[moved] = middle[rows, best] + ball + share[rows, best] * (end - ball)
    return found


def _order(figure: Figure) -> tuple[list[str], set[str]]:
    """The items from back to front, and those that cross one behind them."""
    joints, depths = figure.view.project(figure.body.joints)
    points = np.concatenate((joints, figure.centres))[_SEGMENTS]
    nearness = np.concatenate((depths, figure.nearness))[_SEGMENTS]
    radii = _SEGMENT_RADII * figure.body.size * figure.view.scale
    one, other, distance = order.closest(points[_FIRST], points[_SECOND])
    middle = nearness.mean(axis=1)
    first = nearness[_FIRST, 0] + one * (nearness[_FIRST, 1] - nearness[_FIRST, 0])
    second = nearness[_SECOND, 0] + other * (nearness[_SECOND, 1] - nearness[_SECOND, 0])
    lead = np.where(_SHARED, middle[_SECOND] - middle[_FIRST], second - first)
    lead[_NECK_AND_HEAD] = 1.0 if figure.body.frames[4, 1] @ figure.view.axes[:, 2] > -0.5 else -1.0
    meets = np.flatnonzero(distance < radii[_FIRST] + radii[_SECOND] + _HALO)
    leads: dict[tuple[int, int], float] = {}
    crossing: set[tuple[int, int]] = set()
    for a, b, ahead, shared in zip(
        _FIRST[meets].tolist(), _SECOND[meets].tolist(), lead[meets].tolist(), _SHARED[meets].tolist(), strict=True
    ):
        pair = _SEGMENT_ITEMS[a], _SEGMENT_ITEMS[b]
        if not shared:
            crossing.add(pair)
        if abs(ahead) > abs(leads.get(pair, 0.0)):
            leads[pair] = ahead
    depth = np.full(len(_ITEMS), 0.0)
    for item, value in zip(_SEGMENT_ITEMS, middle.tolist(), strict=True):
        depth[item] = value
    depth[0] = (middle[0] + middle[1]) / 2
    found = order.back_to_front(depth, [(a, b, ahead >= 0) for (a, b), ahead in leads.items()])
    place = {number: turn for turn, number in enumerate(found)}
    return [_ITEMS[number] for number in found], {_ITEMS[a if place[a] > place[b] else b] for a, b in crossing}


_CROWN: Final = (0.0, 0.62, -0.7846)
"""Direction of the middle of the hair, on the unit sphere of the skull: left, up, front."""
_HAIRLINE: Final = 0.12
"""Cosine of the angle from there to the hairline."""


def _face(figure: Figure, far: int) -> None:
    """Hair and eyes on the skull."""
    view = _towards(figure, SKULL)
    cap = _cap(_CROWN, _HAIRLINE, view)
    if cap is not None:
        _on_ball(figure, SKULL, cap, "head", 14 + far // 2)
    for side in (1.0, -1.0):
        turn, rise = side * 0.36, 0.12
        middle = (sin(turn) * cos(rise), sin(rise), cos(turn) * cos(rise))
        if middle[0] * view[0] + middle[1] * view[1] + middle[2] * view[2] > 0.06:
            eye = [
                (
                    middle[0] + 0.11 * cos(step) * cos(turn),
                    middle[1] + 0.14 * sin(step),
                    middle[2] - 0.11 * cos(step) * sin(turn),
                )
                for step in (0.0, 0.9, 1.7, 2.5, 3.4, 4.3, 5.2)
            ]
            _on_ball(figure, SKULL, [_visible(point, view) for point in eye], "head", 0)


def _towards(figure: Figure, ball: int) -> tuple[float, float, float]:
    """The direction towards the camera on the unit sphere of an ellipsoid."""
    axes = figure.body.axes[ball]
    x, y, z = ((axes @ figure.view.axes[:, 2]) / (axes * axes).sum(axis=1)).tolist()
    length = max(hypot(x, y, z), 1e-12)
    return x / length, y / length, z / length


def _visible(point: tuple[float, float, float], view: tuple[float, float, float]) -> tuple[float, float, float]:
    """A point of the unit sphere, moved to its outline if it is behind it."""
    ahead = point[0] * view[0] + point[1] * view[1] + point[2] * view[2]
    if ahead < 0:
        point = point[0] - ahead * view[0], point[1] - ahead * view[1], point[2] - ahead * view[2]
    length = max(hypot(*point), 1e-9)
    return point[0] / length, point[1] / length, point[2] / length


def _on_ball(figure: Figure, ball: int, points: object, material: str, value: int) -> None:
    """Add a polygon on the surface of an ellipsoid; points are on the unit sphere."""
    flat = figure.body.axes[ball] @ (figure.view.axes[:, :2] * (1.0, -1.0))
    corners = figure.centres[ball] + figure.scale[ball] * (np.asarray(points) @ flat)
    figure.patches.append(Patch(corners, INDEX[material], value, SHAPE))


def _cap(middle: tuple[float, float, float], limit: float, view: tuple[float, float, float]) -> Floats | None:
    """The visible part of a cap of the unit sphere, as a polygon; None if there is none.

    Its border is an arc of the cap's circle and an arc of the outline of the sphere.
    """
    h, v = np.array(middle), np.array(view)
    ahead = float(h @ v)
    across = v - ahead * h
    width = sqrt(max(float(across @ across), 1e-12))
    across /= width
    rim = sqrt(1 - limit * limit)
    reach = -limit * ahead / (rim * width)
    if reach >= 1:  # no point of the circle is visible
        return None if ahead < 0 else _circle(np.zeros(3), across, np.cross(h, across), pi)
    if reach <= -1:
        return _circle(limit * h, rim * across, rim * np.cross(h, across), pi)
    arc = _circle(limit * h, rim * across, rim * np.cross(h, across), acos(reach))
    outward = h - ahead * v
    outward /= max(sqrt(float(outward @ outward)), 1e-12)
    border = _circle(np.zeros(3), outward, np.cross(v, outward), acos(min(limit / width, 1.0)))
    gap = arc[-1] - border[0]
    other = arc[-1] - border[-1]
    if float(gap @ gap) > float(other @ other):
        border = border[::-1]
    return np.concatenate((arc, border))


_STEPS: Final = np.linspace(-1, 1, 14)[:, None]


def _circle(middle: Floats, one: Floats, other: Floats, half: float) -> Floats:
    """An arc from -half to half radians, (14, 3), which begins at ``one`` in the middle."""
    angles = half * _STEPS
    found: Floats = middle + np.cos(angles) * one + np.sin(angles) * other
    return found


_SECTIONS: Final = tuple(
    _FIRST_BALL[name] + number for name, number in (("hips", 0), ("belly", 1), ("loin", 1), ("chest", 1))
)
# the first and second section between which a level lies, and where
_LEVELS: Final = np.array(
    ((0, 1, 0.45), (0, 1, 0.8), (1, 2, 0.2), (1, 2, 0.6), (2, 3, 0.0), (2, 3, 0.35), (2, 3, 0.7), (2, 3, 1.0))
)
_LOW, _HIGH, _SHARE = _LEVELS[:, 0].astype(int), _LEVELS[:, 1].astype(int), _LEVELS[:, 2:]
_FRONT_WIDTHS: Final = (0.45, 0.6, 0.68, 0.74, 0.8, 0.84, 0.78, 0.5)
"""Half the angle of the shirt front at each level, in radians."""


def _clothes(figure: Figure, far: int) -> None:
    """The light front of the trunk, and the seam on its back."""
    axes = figure.body.axes[list(_SECTIONS)]
    axes = axes[_LOW] + _SHARE[:, :, None] * (axes[_HIGH] - axes[_LOW])  # (levels, 3, 3)
    middles = figure.body.centres[list(_SECTIONS)]
    middles = middles[_LOW] + _SHARE * (middles[_HIGH] - middles[_LOW])
    sides, fronts = axes[:, 0], axes[:, 2]
    ahead = figure.view.axes[:, 2]
    lefts = ((sides @ ahead) / (sides * sides).sum(axis=1)).tolist()
    nears = ((fronts @ ahead) / (fronts * fronts).sum(axis=1)).tolist()
    one, other, seam, levels = [], [], [], []
    for level, (left, near) in enumerate(zip(lefts, nears, strict=True)):
        seen = atan2(left, near)  # the angle that points to the camera; half of the section around it is visible
        low, high = max(-_FRONT_WIDTHS[level], seen - pi / 2), min(_FRONT_WIDTHS[level], seen + pi / 2)
        if low < high:
            one.append((level, low))
            other.append((level, high))
        if cos(seen) < -0.05:
            seam.append((level, pi))
            levels.append(level)
    for edges, value, wide in (((one + other[::-1]), 200, 0.0), (seam, 30, 0.012)):
        if len(edges) < 3:
            continue
        numbers = [level for level, _ in edges]
        angles = np.array([angle for _, angle in edges])[:, None]
        points = middles[numbers] + np.sin(angles) * sides[numbers] + np.cos(angles) * fronts[numbers]
        if wide:
            across = (
                sides[numbers] / np.sqrt((sides[numbers] ** 2).sum(axis=1, keepdims=True)) * (wide * figure.body.size)
            )
            points = np.concatenate((points - across, (points + across)[::-1]))
        figure.patches.append(Patch(figure.view.project(points)[0], INDEX["trunk"], min(value + far // 2, 255), SHAPE))
