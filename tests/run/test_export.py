"""The command export: formats for poses that are done, in every layout, and datasets."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from outputs import CAPTIONS, Output, command, faults_of, rows_of

from posepipe import manifest
from posepipe.control.lock import RunControl
from posepipe.control.state import new_state
from posepipe.run import added_formats, dataset, export
from posepipe.storage import shards
from posepipe.storage.artifact_formats import FORMATS, column_of, file_of

ADDED = tuple(name for name in FORMATS if name not in ("npy", "json", "motion"))


@pytest.mark.parametrize("layout", ["files", "folders", "shards"])
def test_formats_are_added_as_a_run_writes_them(tmp_path: Path, layout: str) -> None:
    (tmp_path / "whole").mkdir()
    whole = Output(tmp_path / "whole", CAPTIONS, layout=layout, formats=("npy", "json", *ADDED))
    whole.run()
    output = Output(tmp_path, CAPTIONS, layout=layout, formats="npy,json")
    output.run()
    before = rows_of(output)
    assert command(output, "--formats", ",".join(ADDED).upper()) == 0
    after, wanted = rows_of(output), rows_of(whole)
    for stem, row in after.items():
        assert [row[column_of(name)] for name in FORMATS] == [wanted[stem][column_of(name)] for name in FORMATS]
        assert row["bytes"] == wanted[stem]["bytes"]
        for name in ("npy", *ADDED):
            content = shards.read(output.config.folders().final, file_of(row["path"], name))
            assert hashlib.sha256(content).hexdigest() == row[column_of(name)]
        kept = set(row) - {*map(column_of, ADDED), "picture", "bytes", "path", "finished_at"}
        assert {name: row[name] for name in kept} == {name: before[stem][name] for name in kept}
        assert row["finished_at"] > before[stem]["finished_at"]
    strays = [f"stray {next(iter(before.values()))['path'].partition('/')[0]}"] if layout == "shards" else []
    assert faults_of(output) == strays
    assert output.run(formats=",".join(("npy", *ADDED))) == [], "a run finds nothing to do"


def test_again_there_is_nothing_to_add(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(tmp_path, CAPTIONS)
    output.run()
    assert command(output, "--formats", "bvh") == 0
    assert capsys.readouterr().out == f"5 files added to 5 poses: {output.out}\n"
    fragments = manifest.list_fragments(output.manifest)
    assert command(output, "--formats", "bvh") == 0
    assert "0 poses to add formats to, 5 have them" in capsys.readouterr().err
    assert manifest.list_fragments(output.manifest) == fragments


@pytest.mark.parametrize("layout", ["files", "shards"])
def test_after_a_kill_the_rest_is_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: str) -> None:
    output = Output(tmp_path, CAPTIONS, layout=layout)
    output.run()
    monkeypatch.setattr(added_formats, "PART", 2)
    write, calls = manifest.write_fragment, []

    def killed(*arguments: Any, **options: Any) -> str:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt  # files of the second part are there, their rows are not
        return write(*arguments, **options)

    monkeypatch.setattr(manifest, "write_fragment", killed)
    assert command(output, "--formats", "bvh,glb") == 130
    monkeypatch.setattr(manifest, "write_fragment", write)
    assert sum(row["bvh_sha256"] is not None for row in rows_of(output).values()) == 2
    assert command(output, "--formats", "bvh,glb") == 0
    assert all(row["glb_sha256"] for row in rows_of(output).values())
    assert [fault for fault in faults_of(output) if not fault.endswith(".tar")] == []
    assert not (output.out / ".set-aside").exists(), "the files of the killed call had the same bytes"
    assert not [path for path in Path(output.config.temp_dir).iterdir() if not path.name.startswith(".")]


def test_a_foreign_file_is_set_aside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(tmp_path, CAPTIONS)
    output.run()
    (output.out / "waving.bvh").write_bytes(b"mine")
    assert command(output, "--formats", "bvh") == 0
    [kept] = (output.out / ".set-aside").rglob("waving.bvh")
    assert kept.read_bytes() == b"mine"
    assert "1 file that no row described moved to" in capsys.readouterr().err
    assert faults_of(output) == []


def test_a_pose_that_cannot_be_exported_is_named_and_keeps_its_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = Output(tmp_path, CAPTIONS)
    output.run()
    np.save(output.out / "waving.npy", np.zeros((22, 3), np.float32))
    (output.out / "kneeling.npy").unlink()
    before = rows_of(output)
    assert command(output, "--formats", "bvh") == 1
    told = capsys.readouterr().err
    assert "not exported: waving: PoseError: waving.npy has changed since it was written" in told
    after = rows_of(output)
    assert after["waving"] == before["waving"]
    assert after["jumping"]["bvh_sha256"]
    assert after["kneeling"]["bvh_sha256"], "the joints come from the JSON"


def test_a_json_is_written_where_the_manifest_has_all_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = Output(tmp_path, CAPTIONS[:2], formats="npy", cfg=2.1, frame_index="still", precision="bf16")
    output.run()
    assert command(output, "--formats", "json") == 0
    added = (output.out / "waving.json").read_bytes()
    (tmp_path / "whole").mkdir()
    whole = Output(tmp_path / "whole", CAPTIONS[:2], cfg=2.1, frame_index="still", precision="bf16")
    whole.run()
    assert added == (whole.out / "waving.json").read_bytes()
    (tmp_path / "other").mkdir()
    other = Output(tmp_path / "other", CAPTIONS[:1], formats="npy", model="small", solver="euler")
    other.run()
    assert command(other, "--formats", "json") == 1
    assert "waving: the manifest does not have all settings that its JSON would name" in capsys.readouterr().err


def test_poses_without_joints_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(tmp_path, CAPTIONS, formats="png")
    output.run()
    assert command(output, "--formats", "bvh") == 1
    assert "5 poses have neither NPY nor JSON nor motion, left out" in capsys.readouterr().err


def test_a_deleted_file_is_made_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(tmp_path, CAPTIONS, formats="npy,json,glb,openpose")
    output.run()
    before = {path.name: path.read_bytes() for path in output.out.iterdir() if path.is_file()}
    wanted = rows_of(output)
    for name in ("waving.glb", "sitting.openpose.json"):
        (output.out / name).unlink()
    assert command(output, "--formats", "glb,openpose") == 0
    assert "2 poses to add formats to, 3 have them" in capsys.readouterr().err
    assert (output.out / "waving.glb").read_bytes() == before["waving.glb"]
    assert (output.out / "sitting.openpose.json").read_bytes() == before["sitting.openpose.json"]
    assert [row["bytes"] for row in rows_of(output).values()] == [wanted[stem]["bytes"] for stem in rows_of(output)]
    (output.out / "waving.glb").unlink()
    assert output.run() == ["redraw"], "so does a run"
    assert (output.out / "waving.glb").read_bytes() == before["waving.glb"]
    assert faults_of(output) == []


def test_a_row_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(tmp_path, CAPTIONS[:2])
    output.run()
    row = rows_of(output)["waving"]
    for name in ("npy", "json"):
        (tmp_path / f"victim.{name}").write_bytes((output.out / f"waving.{name}").read_bytes())
    hostile = row | {"path": "../victim", "finished_at": row["finished_at"] + timedelta(seconds=1)}
    manifest.write_fragment(output.manifest, [hostile], "x", fsync=False)
    assert command(output, "--formats", "bvh") == 1
    assert not (tmp_path / "victim.bvh").exists()
    assert rows_of(output)["sitting"]["bvh_sha256"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "nothing to export: give --formats LIST, --to PATH or both"),
        (["--formats", "bvh,motion"], "--formats motion: needs the model; posepipe run CAPTIONS --formats motion adds"),
        (["--formats", "bhv"], "--formats bhv: no format bhv; did you mean bvh?"),
        (["--to", "x.csv"], "--to x.csv: give a name that ends in .parquet, or a folder"),
        (["--to", "nowhere/x.parquet"], "--to nowhere/x.parquet: nowhere is not a folder; make it first"),
        (["--to", "out/x.parquet"], "--to out/x.parquet: is inside out, where verify would report it as a stray"),
        (["--to", "captions.txt"], "--to captions.txt: give a name that ends in .parquet"),
        (["--to", "out"], "--to out: is there already; give a new or an empty folder"),
        (["--jobs", "0", "--formats", "bvh"], "--jobs 0: give a whole number of at least 1"),
        (["--foramts", "bvh"], "no option --foramts; did you mean --formats?"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else "",
)
def test_bad_arguments_get_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    output = Output(tmp_path, CAPTIONS[:1])
    output.run()
    monkeypatch.chdir(tmp_path)
    assert export.main(["out", "--manifest", "m", *arguments]) == 2
    assert capsys.readouterr().err.startswith(f"posepipe: {told}")


def test_a_run_in_progress_is_not_disturbed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(tmp_path, CAPTIONS[:1])
    output.run()
    state = new_state("r", final_dir=str(output.out), manifest="m", temp_dir="t", log_dir="l", model="small")
    held = RunControl(output.out, state)
    assert command(output, "--formats", "bvh") == 4
    assert "is held by run r" in capsys.readouterr().err
    held.close()
    assert export.main([str(tmp_path / "nowhere"), "--formats", "bvh"]) == 2
    assert export.main([str(output.out), "--manifest", str(tmp_path / "none"), "--formats", "bvh"]) != 0


@pytest.mark.parametrize("layout", ["files", "shards"])
def test_a_dataset_holds_all_poses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: str) -> None:
    output = Output(tmp_path, CAPTIONS, layout=layout)
    output.run()
    assert command(output, "--to", str(tmp_path / "joints.parquet")) == 0
    table = pq.read_table(tmp_path / "joints.parquet")
    assert table["caption"].to_pylist() == list(CAPTIONS)
    assert np.array(table["joints"].to_pylist()).shape == (5, 22, 3)
    monkeypatch.setattr(dataset, "ROWS_PER_FILE", 2)
    assert command(output, "--to", str(tmp_path / "data")) == 0
    names = sorted(path.name for path in (tmp_path / "data").iterdir())
    assert names == [f"train-0000{number}-of-00003.parquet" for number in range(3)]
    assert pq.read_table(tmp_path / "data").equals(table)
    assert command(output, "--to", str(tmp_path / "joints.parquet")) == 2, "nothing is overwritten"
