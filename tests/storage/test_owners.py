"""The record of the output folder that a manifest belongs to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from posepipe.errors import DamagedFragment, MachineError, ManifestError
from posepipe.storage.folders import LocalFolder
from posepipe.storage.locations import open_folder
from posepipe.storage.owners import HEAD, RECORD, owner_of, record_owner

COLUMNS = pa.schema([("caption_id", pa.string())])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "out").mkdir(parents=True)
    record_owner(LocalFolder(folder / "manifests" / "out"), LocalFolder(folder / "out"), COLUMNS)
    return folder


def owner_in(project: Path) -> str | None:
    return owner_of(LocalFolder(project / "manifests" / "out"))


def record_in(manifest: LocalFolder) -> dict[str, str]:
    [name] = manifest.file_names()
    assert name.startswith(HEAD)
    record: dict[str, str] = json.loads(pq.read_schema(manifest.path / name).metadata[b"posepipe_owner"])
    return record


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
    record_owner(manifest, LocalFolder(tmp_path / "out"), COLUMNS)
    assert record_in(manifest) == {"final_dir": str(tmp_path / "out")}
    local = LocalFolder(tmp_path / "m")
    record_owner(local, open_folder("s3://bucket/poses"), COLUMNS)
    assert record_in(local) == {"final_dir": "s3://bucket/poses"}
    assert owner_of(local) == "s3://bucket/poses"


@pytest.mark.parametrize("record", ['{"final_dir": 1}', '{"final_dir": "/a", "beside": 1}', '{"final_dir": "\\u0000"}'])
def test_a_record_of_other_types_is_named(project: Path, record: str) -> None:
    (project / "manifests" / "out" / RECORD).write_text(record)
    with pytest.raises(ManifestError, match="cannot be read"):
        owner_in(project)


def test_the_record_of_an_older_version_is_replaced(project: Path) -> None:
    manifest = LocalFolder(project / "manifests" / "out")
    (manifest.path / RECORD).write_text(json.dumps({"final_dir": "/old/out", "schema": 2}))
    record_owner(manifest, LocalFolder(project / "out"), COLUMNS)
    assert not (manifest.path / RECORD).exists()
    assert record_in(manifest) == {"final_dir": str(project / "out"), "beside": "../../out"}


def test_a_head_with_other_columns_or_another_owner_is_replaced(project: Path) -> None:
    manifest = LocalFolder(project / "manifests" / "out")
    before = manifest.file_names()
    record_owner(manifest, LocalFolder(project / "out"), COLUMNS)
    assert manifest.file_names() == before
    more = COLUMNS.append(pa.field("stem", pa.string()))
    record_owner(manifest, LocalFolder(project / "out"), more)
    [name] = manifest.file_names()
    assert pq.read_schema(manifest.path / name).names == ["caption_id", "stem"]
    record_owner(manifest, LocalFolder(project / "other"), more)
    assert owner_in(project) == str(project / "other")


def test_a_damaged_or_unreadable_head_is_named(project: Path) -> None:
    [head] = (project / "manifests" / "out").iterdir()
    head.write_bytes(head.read_bytes().replace(b"caption_id", b"caption_if"))
    with pytest.raises(DamagedFragment, match=rf"{head.name}: damaged .*--repair makes it again"):
        owner_in(project)
    head.unlink()
    head.symlink_to(head)
    with pytest.raises(MachineError, match="cannot be read now"):
        owner_in(project)
