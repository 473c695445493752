"""Files that no row describes: the output of MARDM's scripts, and files that are in the way. Nothing is overwritten."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from original_scripts import original_name, write_original_output
from runs import command, environment, run, write_captions

import posepipe

TEXTS = [f"A person number {i} waving{'.' if i % 4 == 0 else ''}" for i in range(40)]


def verify(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command("verify", *arguments), cwd=folder, env=environment(), capture_output=True, text=True)


def files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if not path.name.startswith(".")}


def set_aside(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (out / ".set-aside").rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_captions(tmp_path / "c.txt", TEXTS)
    return tmp_path


def test_the_output_of_the_original_scripts_is_refused_then_taken_over_then_kept(folder: Path) -> None:
    out = folder / "SinglePose"
    old = write_original_output(out, TEXTS)
    assert len(old) == 120
    for more in ((), ("--dry-run",), ("--formats", "npy"), ("--formats", "png")):
        refused = run(folder, "c.txt", *more)
        assert refused.returncode == 4, refused.stderr
        assert "--adopt takes over" in refused.stderr.splitlines()[-1]
        assert files(out) == old
    taken = run(folder, "c.txt", "--adopt")
    assert taken.returncode == 0, taken.stderr
    assert "adopted: 40 poses" in taken.stderr
    assert files(out) == old
    rows = posepipe.read_manifest(folder / "manifests" / "SinglePose")
    assert len(rows) == 40
    assert rows["model"].isna().all()
    assert rows["settings_id"].isna().all()
    assert set(rows["stem"]) == {original_name(text) for text in TEXTS}
    checked = verify(folder)
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stdout
    again = run(folder, "c.txt", "--seed", "7")
    assert again.returncode == 0, again.stderr
    assert files(out) == old
    poses = posepipe.open_poses(out)
    assert len(poses) == 40
    np.testing.assert_allclose(poses.joints()[0], np.load(out / f"{poses.rows['path'][0]}.npy"))


def test_regenerating_sets_the_original_files_aside(folder: Path) -> None:
    out = folder / "SinglePose"
    old = write_original_output(out, TEXTS[:4])
    write_captions(folder / "c.txt", TEXTS[:4])
    assert run(folder, "c.txt", "--adopt").returncode == 0
    made = run(folder, "c.txt", "--on-mismatch", "regenerate")
    assert made.returncode == 0, made.stderr
    assert "12 files in the way or not made again moved to SinglePose/.set-aside" in made.stderr
    assert set_aside(out) == old
    assert set(files(out)) == set(old)
    assert not posepipe.read_manifest(folder / "manifests" / "SinglePose")["model"].isna().any()
    assert verify(folder).returncode == 0


@pytest.mark.parametrize("formats", ["npy", "png", "npy,png", "npy,json,png"])
@pytest.mark.parametrize("layout", ["files", "folders"])
def test_a_file_in_the_way_is_set_aside(folder: Path, formats: str, layout: str) -> None:
    write_captions(folder / "c.txt", TEXTS[:6])
    arguments = ("c.txt", "--formats", formats, "--layout", layout)
    assert run(folder, *arguments).returncode == 0
    out = folder / "SinglePose"
    made = {path.relative_to(out): path.read_bytes() for path in out.rglob("*.*") if not path.name.startswith(".")}
    path = next(name for name in made if name.suffix == f".{formats.split(',')[0]}")
    (out / path).write_bytes(b"mine")
    for fragment in (folder / "manifests" / "SinglePose").glob("*.parquet"):
        fragment.unlink()
    planned = run(folder, *arguments, "--dry-run")
    assert f"{len(made)} files under the names of new poses" in planned.stderr
    assert not (out / ".set-aside").exists()
    again = run(folder, *arguments)
    assert again.returncode == 0, again.stderr
    assert "1 file in the way or not made again moved to SinglePose/.set-aside" in again.stderr
    assert list(set_aside(out).values()) == [b"mine"]
    assert {name: (out / name).read_bytes() for name in made} == made


def test_a_format_added_later_overwrites_nothing_of_the_users(folder: Path) -> None:
    write_captions(folder / "c.txt", TEXTS[:3])
    assert run(folder, "c.txt", "--formats", "npy").returncode == 0
    out = folder / "SinglePose"
    (out / "number_1_waving.png").write_bytes(b"mine")
    assert run(folder, "c.txt", "--formats", "npy,png").returncode == 0
    assert set_aside(out) == {"number_1_waving.png": b"mine"}
    assert (out / "number_1_waving.png").read_bytes().startswith(b"\x89PNG")


def test_what_a_killed_run_left_is_no_obstacle(folder: Path) -> None:
    write_captions(folder / "c.txt", TEXTS[:6])
    assert run(folder, "c.txt").returncode == 0
    out = folder / "SinglePose"
    made = files(out)
    for fragment in (folder / "manifests" / "SinglePose").glob("*.parquet"):
        fragment.unlink()
    again = run(folder, "c.txt")
    assert again.returncode == 0, again.stderr
    assert files(out) == made
    assert set_aside(out) == {}


def test_a_json_of_posepipe_for_another_caption_is_refused(folder: Path) -> None:
    write_captions(folder / "c.txt", TEXTS[:2])
    assert run(folder, "c.txt").returncode == 0
    out = folder / "SinglePose"
    path = out / "number_1_waving.json"
    content = json.loads(path.read_text()) | {"caption": "A person number 1 waving?"}
    path.write_text(json.dumps(content))
    before = files(out)
    for fragment in (folder / "manifests" / "SinglePose").glob("*.parquet"):
        fragment.unlink()
    assert run(folder, "c.txt").returncode == 4
    assert files(out) == before
