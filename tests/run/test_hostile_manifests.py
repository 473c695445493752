"""Rows of a manifest whose paths or names lead out of the output folder: nothing there is read, written or moved."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from outputs import CAPTIONS, Output

from posepipe import manifest
from posepipe.artifacts import adoption
from posepipe.artifacts.poses import open_poses
from posepipe.errors import PoseError, UnsafePath
from posepipe.gallery import __main__ as gallery
from posepipe.storage.folders import LocalFolder
from posepipe.storage.stores import FileStore
from posepipe.verify import __main__ as verify

LAYOUTS = pytest.mark.parametrize("layout", ["files", "folders"])


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A folder of somebody else beside the output folder, with files under names of poses."""
    folder = tmp_path / "victim"
    folder.mkdir()
    for name in ("x.npy", "x.json", "x.png", "notes.txt"):
        (folder / name).write_bytes(b"theirs")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def change(output: Output, **fields: Any) -> None:
    """Give the first row other fields, by a newer row."""
    row = manifest.read_table(output.manifest).to_pylist()[0]
    manifest.write_fragment(
        output.manifest,
        [row | {"finished_at": row["finished_at"] + timedelta(microseconds=1)} | fields],
        "hostile",
        fsync=False,
    )


def rows(output: Output) -> list[dict[str, Any]]:
    return manifest.newest(manifest.read_table(output.manifest)).to_pylist()


def hostile(kind: str, victim: Path, out: Path) -> str:
    """A path by which a row leads to the victim."""
    if kind == "link":
        (out / "away").symlink_to(victim)
        return "away/x"
    paths = {"dots": "../victim/x", "absolute": str(victim / "x"), "deep": "a8/../../victim/x"}
    return (paths | {"nul": "x\0y", "shard": "../victim/x.tar/x", "hidden": ".posepipe", "empty part": "a//x"})[kind]


KINDS = ("dots", "absolute", "deep", "link", "nul", "shard", "hidden", "empty part")


@pytest.mark.parametrize("kind", KINDS)
def test_an_added_format_is_not_written_outside(tmp_path: Path, victim: Path, kind: str) -> None:
    output = Output(tmp_path, CAPTIONS[:2], formats="npy")
    output.run()
    np.save(victim / "x.npy", np.load(output.out / "waving.npy"))
    before, state = contents(victim), (output.out / ".posepipe.json").read_bytes()
    change(output, path=hostile(kind, victim, output.out))
    output.run(formats="npy,png,json")
    assert contents(victim) == before
    assert not (victim.parent / "victim" / "x.posepipe").exists()
    found = {row["caption"]: row for row in rows(output)}
    assert {row["status"] for row in found.values()} == {"done"}
    assert found[CAPTIONS[0]]["path"] == "waving"
    assert (output.out / ".posepipe.json").read_bytes().count(b"run_id") == state.count(b"run_id")


@pytest.mark.parametrize("kind", KINDS)
def test_a_retried_caption_is_not_written_outside(tmp_path: Path, victim: Path, kind: str) -> None:
    output = Output(tmp_path, CAPTIONS[:2])
    output.run()
    before = contents(victim)
    place = hostile(kind, victim, output.out)
    change(output, path=place, stem=place, status="failed", error_type="WorkerDied", npy_sha256=None, json_sha256=None)
    output.run(retry_failed="all")
    assert contents(victim) == before
    found = {row["caption"]: row for row in rows(output)}[CAPTIONS[0]]
    assert (found["status"], found["stem"], found["path"]) == ("done", "waving", "waving")


@pytest.mark.parametrize("broken", [False, True], ids=["made", "failed"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_pose_made_again_moves_nothing_outside(
    tmp_path: Path, victim: Path, kind: str, broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = Output(tmp_path, CAPTIONS[:2])
    output.run()
    before = contents(victim)
    place = hostile(kind, victim, output.out)
    change(output, path=place, stem=place)
    if broken:
        monkeypatch.setattr("posepipe.workers.publish.artifact", lambda *_: 1 / 0)
    output.run(on_mismatch="regenerate", seed=7)
    assert contents(victim) == before
    assert (output.out / ".posepipe.json").exists()
    assert {row["status"] for row in rows(output) if row["caption"] == CAPTIONS[0]} == {"failed" if broken else "done"}


@pytest.mark.parametrize("kind", KINDS)
def test_readers_stay_in_the_output_folder(
    tmp_path: Path, victim: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = Output(tmp_path, CAPTIONS[:2])
    output.run()
    for name in ("npy", "json", "png"):  # sound files, which a reader that goes there would accept
        shutil.copy(output.out / f"waving.{name}", victim / f"x.{name}")
    before = contents(victim)
    change(output, path=hostile(kind, victim, output.out))
    assert verify.main([str(output.out)]) == 1
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert "row" in {line[0] for line in lines}
    assert any("leads out of the output folder" in line[2] for line in lines)
    poses = open_poses(output.out)
    with pytest.raises(PoseError):
        poses.joints()
    assert gallery.main([str(output.out), "--jobs", "1"]) == 0
    page = "".join(path.read_text() for path in (tmp_path / "out_gallery").rglob("*.js"))
    assert "leads out of" in page
    capsys.readouterr()
    assert verify.main([str(output.out), "--repair"]) == 1
    assert contents(victim) == before
    output.run()
    assert contents(victim) == before
    assert {row["path"] for row in rows(output)} == {"waving", "sitting"}
    assert len(open_poses(output.out).joints()) == 2


@LAYOUTS
def test_a_link_to_a_folder_outside_is_a_stray_that_nobody_enters(
    tmp_path: Path, victim: Path, layout: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = Output(tmp_path, CAPTIONS[:3], layout=layout)
    output.run()
    link = output.out / "a8"
    if link.exists():
        shutil.rmtree(link)
    for path in output.out.rglob("waving.*") if layout == "files" else ():
        shutil.copy(path, victim)
    before = contents(victim)
    link.symlink_to(victim)
    assert adoption.find(output.out, tmp_path / "none").refused == {}
    assert all("/victim" not in row["path"] for row in adoption.find(output.out, tmp_path / "none").rows)
    assert not any(row["path"].startswith("a8/") for row in adoption.find(output.out, tmp_path / "none").rows)
    assert verify.main([str(output.out), "--repair", "--adopt"]) == 1
    assert "stray\ta8\t" in capsys.readouterr().out
    assert contents(victim) == before
    [moved] = (output.out / ".set-aside").rglob("a8")
    assert moved.is_symlink()
    output.run()
    assert verify.main([str(output.out)]) == 0
    assert contents(victim) == before


def test_links_within_the_folder_and_to_files_are_followed(tmp_path: Path) -> None:
    output = Output(tmp_path, CAPTIONS[:1])
    output.run()
    stored = tmp_path / "store"
    stored.mkdir()
    for name in ("npy", "json", "png"):  # as git-annex and DVC keep large files
        (output.out / f"waving.{name}").rename(stored / name)
        (output.out / f"waving.{name}").symlink_to(stored / name)
    assert verify.main([str(output.out)]) == 0
    assert len(open_poses(output.out).joints()) == 1
    (tmp_path / "name").symlink_to(output.out)
    assert len(open_poses(tmp_path / "name").joints()) == 1


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "x\0", "", ".", "a//b", "link/x"])
def test_no_method_of_a_folder_leads_out_of_it(tmp_path: Path, name: str) -> None:
    folder = LocalFolder(tmp_path / "out")
    folder.make()
    (folder.path / "link").symlink_to(tmp_path)
    (tmp_path / "x").write_bytes(b"theirs")
    inside = folder.path / "mine"
    inside.write_bytes(b"mine")
    calls = [
        lambda: folder.at(name),
        lambda: folder.exists(name),
        lambda: folder.read(name),
        lambda: folder.read_part(name, 0, 1),
        lambda: folder.write(name, b"new"),
        lambda: folder.take(inside, name),
        lambda: folder.rename("mine", name),
        lambda: folder.rename(name, "theirs"),
        lambda: folder.delete(name),
        lambda: FileStore(folder, tmp_path).publish(name, {"npy": b"new"}),
        lambda: FileStore(folder, tmp_path).read(name, "npy"),
    ]
    for call in calls:
        with pytest.raises(UnsafePath, match="leads out of"):
            call()
    assert (tmp_path / "x").read_bytes() == b"theirs"
    assert sorted(path.name for path in folder.path.iterdir()) == ["link", "mine"]
