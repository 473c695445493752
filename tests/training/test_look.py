"""Contact sheets of base poses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from posepipe.errors import ConfigError
from training.grammar.modifiers import MODIFIERS
from training.grammar.poses import GROUPS
from training.look import base_tile, chosen_poses, drawn, modifier_tile, sheet, write_sheet

STANDING = GROUPS["standing"][0]
RED_TITLE = (0, 0, 230)


def _has_red_title(tile: np.ndarray) -> bool:
    title = tile[:40].reshape(-1, 3).astype(int)
    return bool((np.abs(title - RED_TITLE).sum(1) < 60).any())


def test_a_sheet_has_a_tile_for_each_draw(tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    write_sheet(path, "standing", ["stand_still", "wide"], draws=3, columns=4)
    image = cv2.imread(str(path))
    height, width, _ = base_tile(STANDING, "left", 0).shape
    assert image.shape == (2 * height, 4 * width, 3)
    assert (image[height:, 2 * width :] == 255).all()
    assert (image[height:, : 2 * width] < 255).any()


def test_a_failing_predicate_has_a_red_title() -> None:
    assert not _has_red_title(base_tile(STANDING, "left", 0))
    assert _has_red_title(base_tile(replace(STANDING, predicates=("airborne",)), "left", 0))


def test_a_modifier_that_does_not_work_has_a_red_title() -> None:
    modifier = next(each for each in MODIFIERS if each.name == "hands_on_hips")
    assert not _has_red_title(modifier_tile("standing", STANDING, modifier, 0))
    handstand = next(base for base in GROUPS["gymnastics"] if base.name == "handstand")
    assert _has_red_title(modifier_tile("gymnastics", handstand, modifier, 0))


def test_all_modifiers_can_be_drawn(tmp_path: Path) -> None:
    write_sheet(tmp_path / "all.png", "standing", ["stand_still"], columns=8, modifiers=True)
    height, width, _ = base_tile(STANDING, "left", 0).shape
    rows = -(-len(MODIFIERS) // 8)
    assert cv2.imread(str(tmp_path / "all.png")).shape == (rows * height, 8 * width, 3)


def test_a_tile_shows_both_views() -> None:
    joints = np.zeros((22, 3), dtype=np.float32)
    joints[:, 1] = np.linspace(0, 1.6, 22)
    tile = drawn(joints, "")
    half = tile.shape[1] // 2
    np.testing.assert_array_equal(tile[:, :half], tile[:, half:])
    assert (tile[:, :half] < 100).any()


def test_sheets_are_filled_row_by_row() -> None:
    tiles = [np.full((2, 3, 3), value, np.uint8) for value in (10, 20, 30)]
    arranged = sheet(tiles, 2)
    assert arranged.shape == (4, 6, 3)
    assert [int(arranged[y, x, 0]) for y, x in ((0, 0), (0, 3), (2, 0), (2, 3))] == [10, 20, 30, 255]


def test_poses_are_chosen_by_name() -> None:
    assert [base.name for base in chosen_poses("standing", ["wide", "stand_still"])] == ["wide", "stand_still"]
    assert chosen_poses("yoga", []) == list(GROUPS["yoga"])
    with pytest.raises(ConfigError, match="the group yoga has no pose wide; it has downward_dog"):
        chosen_poses("yoga", ["wide"])


def test_the_file_must_be_png(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"does not end with \.png"):
        write_sheet(tmp_path / "sheet.jpg", "yoga")
