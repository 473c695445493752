"""The two stages without a cluster: batches, failures, artifacts, rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_model import FakeModel
from stages import State, work

from posepipe import manifest
from posepipe.errors import MachineError
from posepipe.models.base import BulkModel
from posepipe.storage.stores import FileStore
from posepipe.workers.contract import REDRAW, RunContext, pose_meta, status_meta
from posepipe.workers.infer import infer_partition
from posepipe.workers.publish import publish_partition


def test_good_captions_become_artifacts_and_rows(context: RunContext, tmp_path: Path) -> None:
    state = State()
    poses = infer_partition(work(["a b", "c d"]), context, state)
    assert list(poses.columns) == list(pose_meta().columns)
    status = publish_partition(poses, context, state)
    assert list(status.columns) == list(status_meta().columns)
    assert list(status["status"]) == ["done", "done"]
    joints = np.load(tmp_path / "out" / "s1.npy")
    assert (joints.dtype, joints.shape) == (np.float32, (22, 3))
    content = json.loads((tmp_path / "out" / "s1.json").read_text())
    assert np.array_equal(np.array(content["joints"], dtype=np.float32), joints)
    assert list(content)[:5] == ["caption", "frame_index", "num_joints", "joints", "joint_names"]
    assert (content["caption"], content["frame_index"], content["num_joints"]) == ("a b", 8, 22)
    assert (tmp_path / "out" / "s1.png").read_bytes().startswith(b"\x89PNG")
    row = manifest.read_manifest(tmp_path / "m").set_index("stem").loc["s1"]
    assert (row.status, row.attempts, row.worker, row.device, row.batch_size) == ("done", 1, "cpu0", "cpu", 4)
    assert (row.seed, row.sequence_length, row.frame_index, row.partition) == (3407, 16, 8, 3)
    assert row.bytes == sum((tmp_path / "out" / f"s1.{e}").stat().st_size for e in ("npy", "json", "png"))
    assert row.finished_at >= row.started_at
    assert [event["joints"] for event in state.events if "joints" in event] == [2]
    assert sum(event.get("poses", 0) for event in state.events) == 2
    assert state.events[-1]["stem"] == "s2"


@pytest.mark.parametrize("bad", ["raise", "nan", "shape", "oom"])
def test_a_bad_caption_takes_no_other_down(context: RunContext, tmp_path: Path, bad: str) -> None:
    texts = [f"good {i}" for i in range(7)]
    texts.insert(5, f"please {bad}")
    publish_partition(infer_partition(work(texts), context, State()), context, State())
    rows = manifest.read_manifest(tmp_path / "m")
    failed = rows[rows.status == "failed"]
    names = {"raise": "ZeroDivisionError", "nan": "NonFinitePose", "shape": "BadShape", "oom": "OutOfMemory"}
    assert list(failed["error_type"]) == [names[bad]]
    assert failed["traceback"].iloc[0]
    assert failed["npy_sha256"].isna().all()
    assert (rows.status == "done").sum() == 7


def test_batches_have_the_size_asked_for_and_one_length(context: RunContext) -> None:
    frame = work([f"t {i}" for i in range(9)])
    frame.loc[:2, "length"] = 8
    state = State()
    infer_partition(frame, context, state)
    assert [len(keys) for keys in state.keys] == [9, 3, 4, 2]  # all of them while the captions are prepared


def test_suspects_in_small_pieces_get_the_same_poses(context: RunContext) -> None:
    frame = work([f"t {i}" for i in range(9)])
    state = State()
    pieces = infer_partition(frame, context, state, at_most=2)
    assert [len(keys) for keys in state.keys] == [9, 2, 2, 2, 2, 1]
    assert list(pieces["joints"]) == list(infer_partition(frame, context, State())["joints"])
    assert set(pieces["batch_size"]) == {4}


def test_a_lost_device_ends_the_worker_and_fails_nobody(context: RunContext) -> None:
    class Lost(FakeModel):
        def generate(self, captions: Any, seeds: Any, **more: Any) -> Any:
            raise RuntimeError("CUDA error: an illegal memory access was encountered")

    with pytest.raises(SystemExit, match="illegal memory access"):
        infer_partition(work(["a", "b"]), context, State(Lost()))


def test_a_caption_that_cannot_be_prepared_fails_alone(context: RunContext) -> None:
    class Bulk(FakeModel):
        default_cfg, bone_lengths = 1.0, None

        def prepare(self, captions: Sequence[str]) -> None:
            self.prepared = list(captions)
            if "bad" in captions:
                raise UnicodeError("no such token")

        def unsure(self, captions: Sequence[str]) -> Any:
            return np.zeros(len(captions), dtype=bool)

        def estimate_lengths(self, captions: Sequence[str], seeds: Sequence[int]) -> Any:
            raise AssertionError("a length was given")

        def automatic_batch_size(self, sequence_length: int) -> int:
            return 4

        def generate_motions(self, captions: Any, seeds: Any, *, batch_size: int, **more: Any) -> Any:
            assert set(captions) <= set(self.prepared)
            return self.generate(captions, seeds, **more)

    model = Bulk()
    assert isinstance(model, BulkModel)
    poses = infer_partition(work(["a", "b", "bad", "c", "d"]), context, State(model))
    assert list(poses["error_type"]) == [None, None, "UnicodeError", None, None]
    assert poses["joints"].notna().sum() == 4


def test_an_error_in_drawing_or_writing_is_one_failed_row(
    context: RunContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from posepipe import picture

    draw = picture.draw

    def broken(joints: Any, caption: str, **more: Any) -> Any:
        if "draw" in caption:
            raise KeyError("no brush")
        return draw(joints, caption, **more)

    monkeypatch.setattr(picture, "draw", broken)
    (tmp_path / "out" / "s2.npy").mkdir()  # a folder in the way: this file cannot be written
    texts = ["bad draw", "bad write", "good"]
    status = publish_partition(infer_partition(work(texts), context, State()), context, State())
    assert list(status["status"]) == ["failed", "failed", "done"]
    assert list(status["error_type"])[:2] == ["KeyError", "IsADirectoryError"]


def test_a_full_disk_stops_the_run_and_writes_no_row(context: RunContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileStore, "publish", full)
    poses = infer_partition(work(["a"]), context, State())
    with pytest.raises(MachineError, match="No space left"):
        publish_partition(poses, context, State())
    assert manifest.list_fragments(str(context.config.manifest)) == []


def test_a_format_is_added_from_disk(context: RunContext, tmp_path: Path) -> None:
    from dataclasses import replace

    few = replace(context, config=replace(context.config, formats="npy"))
    publish_partition(infer_partition(work(["a b"]), few, State()), few, State())
    old = manifest.newest(manifest.read_table(tmp_path / "m")[0]).to_pylist()[0]

    class NoModel(State):
        def model(self) -> Any:
            raise AssertionError("no model is needed")

    again = work(["a b"], mode=REDRAW, previous=old, attempts=2)
    status = publish_partition(infer_partition(again, context, NoModel()), context, NoModel())
    assert list(status["status"]) == ["done"]
    row = manifest.read_manifest(tmp_path / "m").iloc[0]
    assert row.npy_sha256 == old["npy_sha256"]
    assert row.png_sha256
    assert row.json_sha256
    content = json.loads((tmp_path / "out" / "s1.json").read_text())
    assert np.array_equal(np.array(content["joints"], dtype=np.float32), np.load(tmp_path / "out" / "s1.npy"))
    (tmp_path / "out" / "s1.npy").write_bytes(b"other")
    status = publish_partition(infer_partition(again, context, NoModel()), context, NoModel())
    assert list(status["error_type"]) == ["PoseError"]


def test_artifacts_hold_no_time_host_run_device_or_batch(context: RunContext, tmp_path: Path) -> None:
    from dataclasses import replace

    other = replace(
        context,
        run_id="other",
        config=replace(context.config, final_dir=str(tmp_path / "out2"), batch_size=2, temp_dir=str(tmp_path / "t2")),
    )
    FileStore(other.config.final_dir, other.config.temp_dir).prepare()
    for each in (context, other):
        state = State()
        state.name, state.device = f"w{each.run_id}", each.run_id
        publish_partition(infer_partition(work(["a b", "c d", "e f"]), each, state), each, state)
    for path in sorted((tmp_path / "out").iterdir()):
        assert path.read_bytes() == (tmp_path / "out2" / path.name).read_bytes()


@pytest.mark.parametrize(("shift", "flag"), [(-0.05, "below_floor"), (0.2, "off_floor"), (0.0, "")])
def test_flags(context: RunContext, tmp_path: Path, shift: float, flag: str) -> None:
    class Shifted(FakeModel):
        def generate(self, captions: Any, seeds: Any, **more: Any) -> Any:
            return super().generate(["x"] * len(captions), seeds, **more) * np.float32(1) + np.float32([0, shift, 0])

    publish_partition(infer_partition(work(["a"]), context, State(Shifted())), context, State())
    flags = manifest.read_manifest(tmp_path / "m")["flags"].iloc[0]
    assert [f for f in flags.split(",") if f not in ("bones", "")] == ([flag] if flag else [])
