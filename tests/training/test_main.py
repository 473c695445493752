"""The command ``python -m training``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from training.__main__ import main


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
