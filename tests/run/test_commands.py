"""``posepipe try``: a pose at once, in a folder of the user's."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import posepipe
from posepipe.__main__ import main
from posepipe.control.state import STATE_NAME
from posepipe.storage.artifact_formats import FORMATS

FAKE = ("--model", "fake_model:factory")


@pytest.fixture(autouse=True)
def current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def tried(*arguments: str) -> int:
    return main(["try", *arguments, *FAKE])


def test_it_writes_a_picture_and_prints_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tried("A person jumping") == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("jumping.png\n", "")
    pose = posepipe.load("fake_model:factory")("A person jumping")
    assert (tmp_path / "jumping.png").read_bytes() == pose.encoded("png")
    assert [path.name for path in tmp_path.iterdir()] == ["jumping.png"]


def test_several_captions_variants_and_all_formats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tried("a", "b", "--variants", "2", "--formats", ",".join(FORMATS), "--final-dir", "new/sub") == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 4 * len(FORMATS)
    assert all((tmp_path / line).is_file() for line in printed)
    assert np.load("new/sub/a__v1.motion.npy").shape == (16, 22, 3)


def test_options_reach_the_pose() -> None:
    assert tried("a", "--formats", "json", "--seed", "5", "--frame-index", "-2", "--sequence-length", "8") == 0
    fields = json.loads(Path("a.json").read_text())
    assert (fields["seed"], fields["frame_index"]) == (5, 7)


def test_a_file_of_the_same_name_stays(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.png").write_text("mine")
    Path("a_2.json").write_text("mine too")
    assert tried("a", "--formats", "png,json") == 0
    assert capsys.readouterr().out.splitlines() == ["a_3.json", "a_3.png"]
    assert (Path("a.png").read_text(), Path("a_2.json").read_text()) == ("mine", "mine too")
    assert tried("a", "--formats", "png,json") == 0
    assert capsys.readouterr().out.splitlines() == ["a_3.json", "a_3.png"], "the same pose again"
    assert tried("a", "--formats", "png,json", "--seed", "4") == 0
    assert capsys.readouterr().out.splitlines() == ["a_4.json", "a_4.png"]


def test_the_output_of_a_run_is_left_to_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / STATE_NAME).write_text("{}")
    assert tried("A person jumping") == 2
    assert capsys.readouterr().err == (
        "posepipe: --final-dir .: it holds the poses of a run, which adds a pose with: "
        "posepipe run --text-prompt 'A person jumping' --final-dir .\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == [STATE_NAME]


def test_an_unsure_pose_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", "qqq zzz", "--gpus", "none", "--formats", "npy", "--variants", "2"]) == 0
    assert capsys.readouterr().err == "posepipe: the model does not know 'qqq zzz' well and guessed (unsure)\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "missing: CAPTION"),
        ([""], 'caption "": nothing left'),
        (["a", "--gpus", "99"], "--gpus 99: there is no GPU 99 here; give none for the CPU"),
        (["a", "--formats", "fbx"], "no format fbx; there are npy"),
        (["a", "--sequence-length", "from-file"], "there is no file here"),
        (["a", "--fianl-dir", "x"], "no option --fianl-dir; did you mean --final-dir?"),
    ],
    ids=["none", "empty", "gpu", "format", "from-file", "misspelt"],
)
def test_what_cannot_be_made_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], line: str
) -> None:
    assert tried(*arguments) == 2
    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1
    assert not list(tmp_path.iterdir())
