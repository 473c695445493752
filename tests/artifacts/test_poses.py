"""Reading poses back."""

from __future__ import annotations

import json
import math
import pickle
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from fake_model import STANDING
from sound_artifacts import row_of, write_pose
from stages import State, work

import posepipe
from posepipe import manifest
from posepipe.artifacts import poses as poses_module
from posepipe.control.state import STATE_NAME, new_state
from posepipe.errors import ConfigError, ManifestError, PoseError
from posepipe.workers.contract import RunContext
from posepipe.workers.infer import infer_partition
from posepipe.workers.publish import publish_partition


def test_poses_come_back_with_their_rows(context: RunContext, tmp_path: Path) -> None:
    publish_partition(infer_partition(work(["a b", "please raise", "c d"]), context, State()), context, State())
    poses = posepipe.open_poses(tmp_path / "out", tmp_path / "m")
    assert len(poses) == 2
    row, joints = poses[1]
    assert row.caption == "c d"
    assert np.array_equal(joints, np.load(tmp_path / "out" / "s3.npy"))
    assert poses.joints().shape == (2, 22, 3)
    assert [r.caption for r, _ in poses] == ["a b", "c d"]
    assert len(poses[:1]) == 1
    (tmp_path / "out" / "s3.npy").unlink()
    with pytest.raises(PoseError, match="posepipe verify"):
        poses.joints()


def test_a_folder_that_is_not_an_output(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not the output of a run"):
        posepipe.open_poses(tmp_path)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Three poses with rows, and a failed caption; the line numbers are in another order than the rows."""
    out = tmp_path / "out"
    rows = [
        write_pose(out, "A person waving", 1, line=2, joints=STANDING + np.float32(1)),
        write_pose(out, "A person sitting", line=1, formats=("json", "png"), joints=STANDING + np.float32(2)),
        write_pose(out, "A person waving", line=2, formats=("npy",)),
        write_pose(out, "A person jumping", line=3, formats=("png",)),
        row_of("A person failing", line=4, status="failed"),
    ]
    manifest.write_fragment(tmp_path / "m", rows, "x", fsync=False)
    state = new_state("r", final_dir=str(out), manifest=str(tmp_path / "m"), temp_dir="t", log_dir="l", model="small")
    (out / STATE_NAME).write_text(json.dumps(asdict(state)))
    return out


def test_poses_with_joints_come_by_line_and_variant(out: Path) -> None:
    poses = posepipe.open_poses(out)
    assert poses.rows[["stem", "line", "variant"]].values.tolist() == [
        ["sitting", 1, 0],
        ["waving", 2, 0],
        ["waving__v1", 2, 1],
    ]
    assert list(poses.rows.index) == [0, 1, 2]
    wanted = np.stack([STANDING + np.float32(2), STANDING, STANDING + np.float32(1)])
    assert np.array_equal(poses.joints(), wanted)
    assert poses.joints().dtype == np.float32


def test_indices_and_slices(out: Path) -> None:
    poses = posepipe.open_poses(str(out))
    assert poses[-1][0]["stem"] == "waving__v1"
    part = poses[1:]
    assert (len(part), list(part.rows.index)) == (2, [0, 1])
    assert np.array_equal(part.joints(), poses.joints()[1:])
    assert [row["stem"] for row, _ in poses[::-1]] == ["waving__v1", "waving", "sitting"]
    assert len(poses[3:]) == 0
    assert poses[3:].joints().shape == (0, 22, 3)
    with pytest.raises(IndexError):
        poses[3]


@pytest.mark.parametrize("content", [None, b"torn"])
def test_a_pose_that_cannot_be_read_is_named(out: Path, content: bytes | None) -> None:
    (out / "waving.npy").unlink()
    if content is not None:
        (out / "waving.npy").write_bytes(content)
    poses = posepipe.open_poses(out)
    with pytest.raises(PoseError, match=r"^waving\.npy: .*; posepipe verify finds what is missing$"):
        poses[1]
    assert poses[0][0]["stem"] == "sitting"


def test_a_given_manifest_is_taken_instead(out: Path, tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path / "other", [write_pose(out, "A person running")], "x", fsync=False)
    for place in (tmp_path / "other", str(tmp_path / "other")):
        assert [row["stem"] for row, _ in posepipe.open_poses(out, place)] == ["running"]
    (out / STATE_NAME).unlink()
    assert len(posepipe.open_poses(out, tmp_path / "m")) == 3
    with pytest.raises(ManifestError, match="no manifest there"):
        posepipe.open_poses(out, tmp_path / "none")


def test_an_address_needs_the_manifest(out: Path, tmp_path: Path) -> None:
    pytest.importorskip("upath", reason="needs the extra s3")
    poses = posepipe.open_poses("s3://bucket/poses", tmp_path / "m")
    assert str(poses._final_dir) == "s3://bucket/poses"
    assert len(poses) == 3
    with pytest.raises(ConfigError, match="not the output of a run"):
        posepipe.open_poses("s3://bucket/poses")


def test_all_joints_in_one_parquet_file(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poses_module, "_EXPORT_ROWS", 2)
    poses = posepipe.open_poses(out)
    poses.write_parquet(tmp_path / "joints.parquet")
    file = pq.ParquetFile(tmp_path / "joints.parquet")
    assert [file.metadata.row_group(group).num_rows for group in range(file.metadata.num_row_groups)] == [2, 1]
    table = file.read()
    names = ["caption_id", "variant", "caption", "stem", "flags", "seed", "model", "settings_id", "joints"]
    assert table.column_names == names
    assert np.array_equal(np.array(table["joints"].to_pylist(), np.float32), poses.joints())
    for name in names[:-1]:
        assert table[name].to_pylist() == poses.rows[name].tolist()
        assert table.schema.field(name).type == manifest.SCHEMA.field(name).type
    (out / "waving.npy").unlink()
    (tmp_path / "joints.parquet").unlink()
    with pytest.raises(PoseError):
        poses.write_parquet(tmp_path / "joints.parquet")
    assert not [path for path in tmp_path.iterdir() if "joints" in path.name]


def test_poses_of_the_original_scripts_may_have_other_floats(out: Path, tmp_path: Path) -> None:
    rows = [row_of("A person waving"), row_of("A person sitting", model=None)]
    for row in rows:
        np.save(out / f"{row['stem']}.npy", STANDING.astype(np.float64))
    manifest.write_fragment(tmp_path / "n", [row | {"npy_sha256": "x"} for row in rows], "x", fsync=False)
    poses = posepipe.open_poses(out, tmp_path / "n")
    read = {}
    for index, stem in enumerate(poses.rows["stem"]):
        if stem == "sitting":
            read[stem] = poses[index][1]
        else:
            with pytest.raises(PoseError, match="dtype <f8, not float32"):
                poses[index]
    assert np.array_equal(read["sitting"], STANDING)
    only = [row_of("A person sitting", model=None) | {"npy_sha256": "x"}]
    manifest.write_fragment(tmp_path / "only", only, "x", fsync=False)
    assert np.array_equal(posepipe.open_poses(out, tmp_path / "only").joints(), STANDING[None])


def test_a_row_is_a_dict_without_nulls_and_times(out: Path) -> None:
    row, _ = posepipe.open_poses(out)[0]
    assert row["flags"] == row.flags == ""
    assert (row["caption"], row["variant"], row["npy_sha256"]) == ("A person sitting", 0, "")
    assert set(row) == set(manifest.SCHEMA.names) - {"started_at", "finished_at"}
    assert (row["partition"], row["pinned"]) == (-1, False)
    assert math.isnan(row["seconds"])
    assert {type(value) for value in row.values()} == {str, int, float, bool}
    with pytest.raises(AttributeError, match="no column 'flag'"):
        _ = row.flag


def test_poses_can_be_pickled(out: Path) -> None:
    poses = pickle.loads(pickle.dumps(posepipe.open_poses(out)))
    assert poses[1][0].caption == "A person waving"
    assert np.array_equal(poses.joints(), posepipe.open_poses(out).joints())


def test_torch_loads_batches_in_other_processes(out: Path) -> None:
    poses = posepipe.open_poses(out)
    loader = torch.utils.data.DataLoader(poses, batch_size=2, num_workers=2)
    (first, joints), (second, rest) = list(loader)
    assert first["caption"] == ["A person sitting", "A person waving"]
    assert first["flags"] == [poses[0][0].flags, poses[1][0].flags]
    assert first["seed"].tolist() == [7, 7]
    assert second["variant"].tolist() == [1]
    assert joints.dtype == torch.float32
    assert np.array_equal(torch.cat([joints, rest]), poses.joints())
