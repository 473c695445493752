"""Contact sheets of base poses: the ``look`` command, for people who write poses.

Each tile shows a pose from the front (left) and from its left side (right). Red is the left side of the body, blue the
right, black the middle; the line is the ground. If predicates do not hold, the title is red and names them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from posepipe.errors import ConfigError
from posepipe.skeleton import CHAINS, JOINT_NAMES
from training.controls import SIDES, Side
from training.grammar.base import BasePose
from training.grammar.compose import built, compose, expected
from training.grammar.geometry import PoseGeometry
from training.grammar.modifiers import MODIFIERS, Modifier
from training.grammar.poses import GROUPS
from training.grammar.predicates import holds
from training.grammar.templates import drawn_wording
from training.kinematics import solve
from training.variation import held

Image = NDArray[np.uint8]

_PIXELS_PER_METRE: Final = 95
_WIDTH: Final = 200
_HEIGHT: Final = 235
_GROUND: Final = _HEIGHT - 12
_TITLE_WIDTH: Final = 62
"""Characters in a line of a title."""

_FRAMES: Final = 4
_HEAD: Final = JOINT_NAMES.index("head")
_COLOURS: Final = {"right": (200, 60, 30), "left": (30, 30, 220), "spine": (20, 20, 20)}
"""BGR colour of a chain of joints, by the first word of its name."""


def drawn(joints: NDArray[np.float32], title: str, failed: str = "") -> Image:
    """Draw a pose from the front and from the left.

    Parameters
    ----------
    joints : (22, 3) float32 array
        Metres, y up.
    title : str
    failed : str
        Predicates that do not hold; the title is red if there are any.

    Returns
    -------
    (height, 2 * width, 3) uint8 array
        BGR.
    """
    tile = np.full((_HEIGHT, 2 * _WIDTH, 3), 255, np.uint8)
    for column, across, depth in ((0, 0, 2), (1, 2, 0)):
        _draw_view(tile, joints, _WIDTH * column, across, depth)
    colour = (0, 0, 230) if failed else (0, 0, 0)
    for number, line in enumerate(
        [title[:_TITLE_WIDTH], title[_TITLE_WIDTH : 2 * _TITLE_WIDTH], failed[:_TITLE_WIDTH]]
    ):
        cv2.putText(tile, line, (4, 11 + 12 * number), cv2.FONT_HERSHEY_SIMPLEX, 0.34, colour, 1, cv2.LINE_AA)
    return tile


def _draw_view(tile: Image, joints: NDArray[np.float32], left: int, across: int, depth: int) -> None:
    """Draw one view into a tile; ``across`` is the axis that goes to the right, ``depth`` the one to the viewer."""
    centre = (joints.max(0) + joints.min(0)) / 2
    cv2.line(tile, (left + 5, _GROUND), (left + _WIDTH - 5, _GROUND), (210, 210, 210), 1)
    x = left + _WIDTH // 2 + (joints[:, across] - centre[across]) * _PIXELS_PER_METRE
    flat = np.stack([x, _GROUND - joints[:, 1] * _PIXELS_PER_METRE], axis=1)
    for chain in sorted(CHAINS, key=lambda chain: float(joints[list(CHAINS[chain]), depth].mean())):
        points = flat[list(CHAINS[chain])].round().astype(np.int32)
        cv2.polylines(tile, [points], False, _COLOURS[chain.split("_", 1)[0]], 2, cv2.LINE_AA)
    cv2.circle(tile, (int(flat[_HEAD, 0]), int(flat[_HEAD, 1])), 4, (20, 20, 20), -1, cv2.LINE_AA)


def base_tile(base: BasePose, side: Side, seed: int) -> Image:
    """Draw a base pose, built for one side with one seed."""
    rng = np.random.default_rng(seed)
    joints = solve(held(built(base, side, rng), _FRAMES, rng), _FRAMES)[_FRAMES // 2]
    pose = PoseGeometry(joints)
    failed = ", ".join(name for name in expected(base, side) if not holds(name, pose))
    words = drawn_wording(base.phrasings[seed % len(base.phrasings)], rng).replace("{side}", side)
    return drawn(joints, f"{base.name} {side[0]}: {words}", failed)


def modifier_tile(group: str, base: BasePose, modifier: Modifier, seed: int) -> Image:
    """Draw a base pose with a modifier."""
    example = compose(group, base, [modifier], np.random.default_rng(seed), _FRAMES)
    found = {name.partition(":")[0] for name in example.predicates}
    failed = ", ".join(name for name in modifier.predicates if name.partition(":")[0] not in found)
    return drawn(example.motion[_FRAMES // 2], example.caption, failed)


def sheet(tiles: Sequence[Image], columns: int) -> Image:
    """Arrange tiles in rows; missing ones in the last row are white."""
    padded = [*tiles, *[np.full_like(tiles[0], 255)] * (-len(tiles) % columns)]
    return np.vstack([np.hstack(padded[start : start + columns]) for start in range(0, len(padded), columns)])


def chosen_poses(group: str, names: Sequence[str]) -> list[BasePose]:
    """Return the base poses of a group, or those named.

    Raises
    ------
    ConfigError
        If the group has no pose of a name.
    """
    poses = {base.name: base for base in GROUPS[group]}
    if unknown := [name for name in names if name not in poses]:
        raise ConfigError(f"the group {group} has no pose {', '.join(unknown)}; it has {', '.join(poses)}")
    return [poses[name] for name in names] if names else list(poses.values())


def write_sheet(
    path: Path, group: str, names: Sequence[str] = (), *, draws: int = 2, columns: int = 4, modifiers: bool = False
) -> None:
    """Write a contact sheet of base poses as PNG.

    Parameters
    ----------
    path : Path
        Ends with ``.png``.
    group : str
    names : sequence of str
        Base poses; all of the group if empty.
    draws : int
        Tiles of each pose, left and right in turn.
    columns : int
    modifiers : bool
        Draw the first of the poses with every modifier instead.

    Raises
    ------
    ConfigError
        If the group has no pose of a name, or the path does not end with ``.png``.
    """
    if path.suffix.lower() != ".png":
        raise ConfigError(f"{path} does not end with .png; the sheet is written as PNG")
    poses = chosen_poses(group, names)
    if modifiers:
        tiles = [modifier_tile(group, poses[0], modifier, seed) for seed, modifier in enumerate(MODIFIERS)]
    else:
        tiles = [base_tile(base, SIDES[seed % 2], seed) for base in poses for seed in range(draws)]
    done, encoded = cv2.imencode(".png", sheet(tiles, columns))
    assert done, "OpenCV encodes every uint8 image as PNG"
    path.write_bytes(encoded.tobytes())
