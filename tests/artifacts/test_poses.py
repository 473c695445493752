"""Reading poses back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from stages import State, work

import posepipe
from posepipe.errors import ConfigError, PoseError
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


def test_a_folder_that_is_no_output(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not the output of a run"):
        posepipe.open_poses(tmp_path)
