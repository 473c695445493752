"""The command ``python -m training``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from posepipe.models import SMALL_WEIGHTS, small
from training.__main__ import main

FIGURES = {
    "gigaflop": 1.06,
    "megabytes": 19.7,
    "near": {"count": 200, "by_seed": [0.80, 0.79], "by_group": {"yoga": [0.9, 20]}, "never": []},
    "asked": {"count": 900, "by_seed": [0.90, 0.89], "by_group": {"yoga": [0.95, 50], "limbs": [0.8, 80]}, "never": []},
    "asked_learned": {"count": 600, "satisfied": 0.951},
    "taught": {"count": 660, "satisfied": 0.976},
    "far": {"count": 472, "satisfied": 0.528},
    "modified": {"count": 1024, "satisfied": 0.57},
    "modified_single": 0.831,
    "sides_confused": [27, 1256],
    "bones_sound": 1.0,
    "not_below_floor": 1.0,
    "not_off_floor": 0.985,
    "variation_mm": 18.0,
    "retrieval_generated": [0.841, 0.942, 0.971],
    "retrieval_real": [0.788, 0.9, 0.938],
}


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A folder with the config of the bundled model."""
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / small.CONFIG).write_bytes((SMALL_WEIGHTS / small.CONFIG).read_bytes())
    return folder


def test_it_runs_from_a_checkout() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "training", "--help"], cwd=root, capture_output=True, text=True, check=True
    )
    assert "python -m training all --mocap" in done.stdout


def test_look_writes_a_contact_sheet(tmp_path: Path) -> None:
    assert main(["look", "yoga", str(tmp_path / "yoga.png"), "--names", "tree,eagle", "--draws", "1"]) == 0
    assert cv2.imread(str(tmp_path / "yoga.png")) is not None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["look", "chess", "out.png"], "there is no group 'chess'; the groups are standing, trunk"),
        (["look", "yoga", "out.png", "--names", "pawn"], "the group yoga has no pose pawn; it has downward_dog"),
        (["look", "yoga", "out.gif"], "out.gif does not end with .png"),
    ],
)
def test_a_wrong_argument_of_look_is_one_line(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"python -m training: {says}")
    assert error.count("\n") == 1


@pytest.mark.parametrize("command", ["evaluate", "card", "sheet"])
def test_a_missing_model_is_one_line(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mocap = ["--mocap", str(tmp_path)] if command == "evaluate" else []
    assert main([command, "--out", str(tmp_path), *mocap]) == 2
    error = capsys.readouterr().err
    assert f"no model in {tmp_path / 'weights'}" in error
    assert error.count("\n") == 1


def test_the_card_needs_the_figures_of_an_evaluation(
    tmp_path: Path, weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["card", "--out", str(tmp_path)]) == 2
    assert "python -m training evaluate" in capsys.readouterr().err


def test_the_card_shows_the_figures(tmp_path: Path, weights: Path) -> None:
    (tmp_path / "figures.json").write_text(json.dumps(FIGURES))
    assert main(["card", "--out", str(tmp_path)]) == 0
    card = (weights / small.CARD).read_text()
    assert "| right poses, 900 new user captions | 90.0 % |" in card
    assert "| left and right confused | 27 of 1256 captions that name a side |" in card
    assert "| yoga | 95.0 % of 50 | 90.0 % of 20 |" in card
    assert "| limbs | 80.0 % of 80 |  |" in card
    assert "Short of the aim" not in card


@pytest.mark.parametrize("change", [{"sides_confused": [80, 1256]}, {"asked": FIGURES["asked"] | {"by_seed": [0.84]}}])
def test_the_card_says_if_the_aim_is_missed(change: dict[str, object], tmp_path: Path, weights: Path) -> None:
    (tmp_path / "figures.json").write_text(json.dumps(FIGURES | change))
    assert main(["card", "--out", str(tmp_path)]) == 0
    assert "**Short of the aim**" in (weights / small.CARD).read_text()


def test_the_bundled_card_has_the_text_that_the_command_writes(tmp_path: Path, weights: Path) -> None:
    (tmp_path / "figures.json").write_text(json.dumps(FIGURES))
    assert main(["card", "--out", str(tmp_path)]) == 0
    written, bundled = ((folder / small.CARD).read_text() for folder in (weights, SMALL_WEIGHTS))
    head = written.split("## Figures")[0]
    assert bundled.startswith(head)
    assert written.split("\n## Training\n")[1] == bundled.split("\n## Training\n")[1]


@pytest.mark.parametrize("option", ["--processes", "--threads", "--steps"])
@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_a_number_below_one_is_refused(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["all", "--mocap", "mocap", option, value])
    assert f"{value!r} is not a whole number of at least 1" in capsys.readouterr().err


def test_missing_motion_capture_is_said_before_anything_is_written(
    mocap: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (mocap / "poses.csv").unlink()
    assert main(["all", "--mocap", str(mocap), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == f"python -m training: the motion capture folder {mocap} lacks poses.csv\n"
    assert not (tmp_path / "out").exists()
