"""The record of the output folder that a manifest belongs to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from posepipe.errors import ManifestError
from posepipe.storage.folders import LocalFolder
from posepipe.storage.locations import open_folder
from posepipe.storage.owners import RECORD, owner_of, record_owner


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "out").mkdir(parents=True)
    record_owner(LocalFolder(folder / "manifests" / "out"), LocalFolder(folder / "out"))
    return folder


def owner_in(project: Path) -> str | None:
    return owner_of(LocalFolder(project / "manifests" / "out"))


def test_the_owner_moves_with_the_project(project: Path, tmp_path: Path) -> None:
    assert owner_in(project) == str(project / "out")
    shutil.copytree(project, tmp_path / "copy")
    assert owner_in(tmp_path / "copy") == str(tmp_path / "copy" / "out")
    project.rename(tmp_path / "moved")
    assert owner_in(tmp_path / "moved") == str(tmp_path / "moved" / "out")


def test_without_a_folder_beside_it_the_absolute_path_counts(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "manifests", tmp_path / "elsewhere" / "manifests")
    assert owner_in(tmp_path / "elsewhere") == str(project / "out")


def test_records_of_older_versions_have_the_absolute_path_alone(project: Path) -> None:
    record = project / "manifests" / "out" / RECORD
    record.write_text(json.dumps({"final_dir": "/old/out", "schema": 2}))
    assert owner_in(project) == "/old/out"


def test_folders_of_different_projects_are_recorded_as_absolute_paths(tmp_path: Path) -> None:
    manifest = LocalFolder(tmp_path / "a" / "b" / "c" / "manifest")
    record_owner(manifest, LocalFolder(tmp_path / "out"))
    assert json.loads(manifest.read(RECORD)) == {"final_dir": str(tmp_path / "out")}
    local = LocalFolder(tmp_path / "m")
    record_owner(local, open_folder("s3://bucket/poses"))
    assert json.loads(local.read(RECORD)) == {"final_dir": "s3://bucket/poses"}
    assert owner_of(local) == "s3://bucket/poses"


@pytest.mark.parametrize("record", ['{"final_dir": 1}', '{"final_dir": "/a", "beside": 1}', '{"final_dir": "\\u0000"}'])
def test_a_record_of_other_types_is_named(project: Path, record: str) -> None:
    (project / "manifests" / "out" / RECORD).write_text(record)
    with pytest.raises(ManifestError, match="cannot be read"):
        owner_in(project)
