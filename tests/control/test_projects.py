"""The manifest of an output folder, as long as it is where it was made, and after it was moved or copied."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from posepipe.control.lock import RunControl
from posepipe.control.projects import accepts, find_project, former_owner, state_of
from posepipe.control.state import STATE_NAME, new_state
from posepipe.errors import ConfigError, RefusedError
from posepipe.storage.folders import LocalFolder
from posepipe.storage.owners import RECORD, record_owner

COLUMNS = pa.schema([("caption_id", pa.string())])


def make_project(folder: Path, *, old: bool) -> Path:
    """A project as a run leaves it; ``old``: as an older version left it, with absolute paths only."""
    out, manifest = folder / "SinglePose", folder / "manifests" / "SinglePose"
    places = {"final_dir": str(out), "manifest": str(manifest), "temp_dir": str(folder / "t"), "log_dir": "l"}
    held = RunControl(out, new_state("r", **places, model="small"))
    held.update()
    held.close()
    record_owner(LocalFolder(manifest), LocalFolder(out), COLUMNS)
    if old:
        state = json.loads((out / STATE_NAME).read_text())
        del state["out"]
        (out / STATE_NAME).write_text(json.dumps(state | places))
        (manifest / RECORD).write_text(json.dumps({"final_dir": str(out), "schema": 2}))
    return folder


@pytest.fixture(params=[False, True], ids=["present", "older"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return make_project(tmp_path / "project", old=request.param)


def manifest_of(project: Path, name: str = "SinglePose") -> str:
    return find_project(project / name).manifest.absolute


def test_where_it_was_made_there_is_nothing_to_say(project: Path) -> None:
    found = find_project(project / "SinglePose")
    assert found.manifest.absolute == str(project / "manifests" / "SinglePose")
    assert found.final_dir.absolute == str(project / "SinglePose")
    assert found.note == ""


def test_a_moved_project_is_found_and_said(project: Path, tmp_path: Path) -> None:
    moved = project.rename(tmp_path / "moved")
    found = find_project(moved / "SinglePose")
    assert found.manifest.absolute == str(moved / "manifests" / "SinglePose")
    assert f"was moved or copied here from {project / 'SinglePose'}" in found.note
    assert "\n" not in found.note


def test_a_copy_has_a_manifest_of_its_own(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "copy")
    assert manifest_of(tmp_path / "copy") == str(tmp_path / "copy" / "manifests" / "SinglePose")
    assert manifest_of(project) == str(project / "manifests" / "SinglePose")


@pytest.mark.parametrize("place", ["project/Copy", "elsewhere/SinglePose"])
def test_a_copy_without_a_manifest_never_gets_the_originals(project: Path, tmp_path: Path, place: str) -> None:
    shutil.copytree(project / "SinglePose", tmp_path / place)
    with pytest.raises(RefusedError, match=f"without its manifest .* belongs to {project / 'SinglePose'}"):
        find_project(tmp_path / place)
    assert find_project(tmp_path / place, "other").manifest.absolute.endswith("/other")


def test_an_output_folder_that_moved_alone_keeps_its_manifest(project: Path) -> None:
    (project / "SinglePose").rename(project / "Poses")
    assert manifest_of(project, "Poses") == str(project / "manifests" / "SinglePose")


def test_the_former_owner_is_known_where_the_record_still_names_it(project: Path, tmp_path: Path) -> None:
    moved = project.rename(tmp_path / "moved")
    out, manifest = LocalFolder(moved / "SinglePose"), LocalFolder(moved / "manifests" / "SinglePose")
    assert former_owner(manifest, out, out.path) in (out.absolute, str(project / "SinglePose"))
    other = LocalFolder(moved / "Other")
    assert former_owner(manifest, other, other.path) is None


def test_another_manifest_is_not_accepted(project: Path, tmp_path: Path) -> None:
    other = make_project(tmp_path / "other", old=False)
    out = LocalFolder(project / "SinglePose")
    theirs = LocalFolder(other / "manifests" / "SinglePose")
    assert not accepts(theirs, out, state_of(out.path))
    assert accepts(LocalFolder(tmp_path / "new"), out, state_of(out.path))
    shutil.rmtree(other / "SinglePose")
    assert not accepts(theirs, out, state_of(out.path)), "that its owner is gone does not make it this folder's"


def test_without_a_state_a_manifest_must_be_given(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not the output of a run"):
        find_project(tmp_path)
    assert state_of(tmp_path) is None
