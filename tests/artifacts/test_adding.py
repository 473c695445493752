"""Formats that are added to a pose: joints come from what is on disk, and files of a pose stay together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_model import STANDING
from outputs import CAPTIONS, Output

from posepipe import manifest
from posepipe.artifacts.adding import add_files, stored_joints
from posepipe.errors import PoseError, UnsoundArtifact
from posepipe.storage.stores import FileStore, ShardStore


def output_of(folder: Path, **options: Any) -> tuple[Output, dict[str, Any], FileStore]:
    """An output folder with one pose, its row and a store."""
    output = Output(folder, CAPTIONS[:1], **options)
    output.run()
    [row] = manifest.read_table(output.manifest).to_pylist()
    return output, row, FileStore(output.out, output.config.temp_dir)


@pytest.mark.parametrize("formats", ["npy", "json", "motion", "npy,json,motion"])
def test_joints_are_read_from_each_source(tmp_path: Path, formats: str) -> None:
    _, row, store = output_of(tmp_path, formats=formats)
    joints = stored_joints(row, store)
    assert (joints.dtype, joints.shape) == (np.float32, (22, 3))
    assert np.array_equal(joints[0, 1], STANDING[0, 1])
    others = [stored_joints({**row, "npy_sha256": None}, store)] if "," in formats else []
    assert all(np.array_equal(joints, other) for other in others)


def test_a_pose_without_joints_and_a_changed_file_are_errors(tmp_path: Path) -> None:
    output, row, store = output_of(tmp_path, formats="npy,png,motion")
    nothing = {**row, "npy_sha256": None, "motion_sha256": None}
    with pytest.raises(PoseError, match="waving has neither NPY nor JSON nor motion"):
        stored_joints(nothing, store)
    with pytest.raises(UnsoundArtifact, match="16 frames, none of which is number 99"):
        stored_joints({**row, "npy_sha256": None, "frame_index": 99}, store)
    (output.out / "waving.npy").write_bytes(b"x")
    with pytest.raises(PoseError, match=r"waving\.npy has changed since it was written; posepipe verify --repair"):
        stored_joints(row, store)


def test_a_new_file_joins_the_others(tmp_path: Path) -> None:
    output, row, store = output_of(tmp_path, formats="npy,json")
    changes = add_files(row, {"openpose": b"{}"}, row["path"], store, move=False)
    assert set(changes) == {"openpose_sha256", "path", "bytes"}
    assert changes["bytes"] == row["bytes"] + 2
    store.place()
    assert (output.out / "waving.openpose.json").read_bytes() == b"{}"
    (output.out / "waving.openpose.json").write_bytes(b"mine")
    add_files(row, {"openpose": b"{}"}, row["path"], store, move=False)
    assert store.place().set_aside[row["path"]] == 1
    add_files(row, {"openpose": b"[]"}, row["path"], store, move=False, described=["openpose"])
    assert store.place().set_aside[row["path"]] == 0


def test_in_a_shard_the_files_of_a_pose_move_together(tmp_path: Path) -> None:
    _, row, store = output_of(tmp_path, formats="npy,json")
    before = {name: store.read(row["path"], name) for name in ("npy", "json")}
    shard = ShardStore(store, "poses")
    changes = add_files(row, {"openpose": b"{}"}, row["caption_id"], shard, move=True)
    shard.place()
    shard.sync()
    assert changes["path"].endswith(f".tar/{row['caption_id']}")
    assert {name: shard.read(changes["path"], name) for name in before} == before
    assert shard.read(changes["path"], "openpose") == b"{}"
    assert changes["bytes"] == row["bytes"] + 2
