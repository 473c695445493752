"""Projects that were moved with ``mv`` or copied with ``cp -r``: every command goes on with what lies beside it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from runs import command, environment, run, write_captions

import posepipe

TEXTS = [f"A person number {i} waving" for i in range(6)]


def call(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), cwd=folder, env=environment(), capture_output=True, text=True)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with six poses."""
    folder = tmp_path_factory.mktemp("projects") / "project"
    folder.mkdir()
    write_captions(folder / "c.txt", TEXTS)
    assert run(folder, "c.txt").returncode == 0
    return folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Iterator[Path]:
    """The project, moved to a new folder; where it was made is nothing now."""
    copy = shutil.copytree(made, made.with_name("waiting"))
    moved = made.rename(tmp_path / "moved")
    yield moved
    copy.rename(made)


def test_every_command_finds_a_moved_project(project: Path) -> None:
    said = "SinglePose: was moved or copied here from "
    for arguments in (["verify"], ["gallery"], ["watch", "--once"]):
        answer = call(project, *arguments)
        assert answer.returncode == 0, answer.stderr
        assert answer.stderr.startswith(said), answer.stderr
        assert answer.stderr.count(said) == 1
    assert json.loads(call(project, "watch", "--json").stdout)["done"] == 6
    stopped = call(project, "stop", "--manifest", "manifests/SinglePose")
    assert (stopped.returncode, "no run is in progress" in stopped.stderr) == (4, True)
    with pytest.warns(UserWarning, match="was moved or copied here"):
        assert len(posepipe.open_poses(project / "SinglePose")) == 6
    write_captions(project / "c.txt", [*TEXTS, "A person kneeling"])
    again = run(project, "c.txt")
    assert again.returncode == 0, again.stderr
    assert said in again.stderr
    assert "to do 1, done 6" in again.stderr
    third = run(project, "c.txt")
    assert (third.returncode, said in third.stderr) == (0, False), "a run records the new place"
    assert call(project, "verify").stderr == "7 rows, 21 artifacts: no faults\n"


def test_a_copy_neither_checks_nor_changes_its_original(project: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(project, tmp_path / "copy")
    before = contents(project)
    (copy / "SinglePose" / "number_1_waving.npy").unlink()
    found = call(copy, "verify", "--repair")
    assert found.returncode == 1, found.stderr
    assert "missing\tnumber_1_waving.npy" in found.stdout
    again = run(copy, "c.txt")
    assert again.returncode == 0, again.stderr
    assert "to do 1, done 5" in again.stderr
    assert call(copy, "verify").returncode == 0
    assert contents(project) == before


def test_the_same_output_folder_from_another_working_folder_is_not_made_again(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    out = str(project / "SinglePose")
    assert run(project, "c.txt").returncode == 0
    again = run(other, str(project / "c.txt"), "--final-dir", out)
    assert again.returncode == 0, again.stderr
    assert f"manifest: {project}/manifests/SinglePose, as {out}/.posepipe.json says" in again.stderr
    assert "to do 0, done 6" in again.stderr
    refused = run(other, str(project / "c.txt"), "--final-dir", out, "--seed", "7")
    assert (refused.returncode, "seed was 3407, now 7" in refused.stderr) == (4, True)
    assert not (other / "manifests").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--manifest", "SinglePose/m"), "--manifest SinglePose/m: lies in --final-dir SinglePose"),
        (("--temp-dir", "SinglePose/t"), "--temp-dir SinglePose/t: lies in --final-dir SinglePose"),
        (("--final-dir", "manifests/SinglePose/P"), "--final-dir manifests/SinglePose/P: lies in --manifest"),
    ],
)
def test_folders_within_one_another_are_refused_before_anything_is_written(
    made: Path, options: tuple[str, str], said: str
) -> None:
    before = contents(made)
    for more in ((), ("--dry-run",)):
        refused = run(made, "c.txt", "--manifest", "manifests/SinglePose", *options, *more)
        assert refused.returncode == 2, refused.stderr
        [line] = refused.stderr.splitlines()
        assert line.startswith(f"posepipe: {said}")
    assert contents(made) == before
