"""Places in a state file: relative in the file, absolute in memory, and found again after a move."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from fake_driver import fresh_state

from posepipe.control.lock import RunControl
from posepipe.control.places import Move, located, stored
from posepipe.control.state import STATE_NAME, read_state


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with an output folder and the manifest ``m`` beside it."""
    folder = tmp_path / "project"
    (folder / "m").mkdir(parents=True)
    held = RunControl(folder / "out", fresh_state(folder / "out"))
    held.update()
    held.close()
    return folder


def test_places_of_the_project_are_relative_in_the_file(project: Path) -> None:
    content = json.loads((project / "out" / STATE_NAME).read_text())
    assert (content["out"], content["final_dir"]) == (str(project / "out"), ".")
    assert content["manifest"] == "../m"
    assert "moved" not in content
    state = read_state(project / "out")
    assert (state.final_dir, state.manifest) == (str(project / "out"), str(project / "m"))
    assert state.moved is None


@pytest.mark.parametrize("old", [False, True], ids=["present", "older"])
def test_a_moved_project_is_noticed(project: Path, tmp_path: Path, old: bool) -> None:
    path = project / "out" / STATE_NAME
    if old:  # absolute paths, no "out"
        fields = asdict(read_state(project / "out"))
        del fields["moved"]
        path.write_text(json.dumps(fields))
        assert read_state(project / "out").moved is None
    moved = project.rename(tmp_path / "moved")
    state = read_state(moved / "out")
    assert (state.final_dir, state.manifest) == (str(moved / "out"), str(moved / "m"))
    assert state.moved == Move(str(project / "out"), str(project / "m"))


def test_a_manifest_that_does_not_lie_beside_it_any_more_is_where_it_was(project: Path, tmp_path: Path) -> None:
    (project / "temp").mkdir()
    held = RunControl(project / "out", replace(fresh_state(project / "out"), temp_dir=str(project / "temp")))
    held.update()
    held.close()
    (tmp_path / "elsewhere").mkdir()
    (project / "out").rename(tmp_path / "elsewhere" / "out")
    state = read_state(tmp_path / "elsewhere" / "out")
    assert state.manifest == str(project / "m")
    assert state.temp_dir == str(tmp_path / "elsewhere" / "temp"), "that of the original belongs to the original"


def test_a_link_to_the_folder_is_no_move(project: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(project / "out")
    assert read_state(tmp_path / "link").moved is None


def test_addresses_stay_as_they_are(tmp_path: Path) -> None:
    fields = {"final_dir": "s3://b/out", "manifest": "s3://b/m", "temp_dir": "", "log_dir": "/var/log/x/y/z"}
    fields["log_dir"] = str(tmp_path / "out" / ".logs")
    written = stored(fields, tmp_path / "out")
    assert written == fields | {"log_dir": ".logs", "out": str(tmp_path / "out")}
    assert located(written, tmp_path / "out") == (fields, None)
    found, move = located(written, tmp_path / "copy")
    assert (found["final_dir"], found["manifest"]) == ("s3://b/out", "s3://b/m")
    assert move == Move(str(tmp_path / "out"), "s3://b/m")
