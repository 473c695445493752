"""The second stage without a cluster: artifacts, rows, events and errors."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_model import FakeModel
from recorded_syncs import Disk, Event, recorded
from stages import State, work

from posepipe import manifest, picture
from posepipe.config import RunConfig
from posepipe.errors import MachineError
from posepipe.storage import syncing
from posepipe.storage.layout import loose_path
from posepipe.storage.stores import FileStore, ShardStore
from posepipe.storage.syncing import Syncer
from posepipe.workers import publish
from posepipe.workers.contract import REDRAW, RunContext, pose_meta, status_meta
from posepipe.workers.infer import infer_partition
from posepipe.workers.publish import publish_partition


def made(context: RunContext, texts: list[str], model: Any = None, **more: Any) -> Any:
    """Both stages; returns the status rows."""
    return publish_partition(infer_partition(work(texts, **more), context, State(model)), context, State())


def changed(context: RunContext, **options: Any) -> RunContext:
    return replace(context, config=replace(context.config, **options))


def stored_row(folder: Path) -> dict[str, Any]:
    """The newest row of the only pose."""
    [row] = manifest.newest(manifest.read_table(folder)).to_pylist()
    assert isinstance(row, dict)
    return row


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
    assert [stem for event in state.events for stem in event.get("stems", [])] == ["s1", "s2"]


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


def test_an_error_in_drawing_or_writing_is_one_failed_row(
    context: RunContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    few = replace(context, config=replace(context.config, formats="npy"))
    publish_partition(infer_partition(work(["a b"]), few, State()), few, State())
    old = manifest.newest(manifest.read_table(tmp_path / "m")).to_pylist()[0]

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


def test_legs_through_each_other_are_flagged_and_counted(context: RunContext, tmp_path: Path) -> None:
    class Crossed(FakeModel):
        def generate(self, captions: Any, seeds: Any, **more: Any) -> Any:
            motions = super().generate(captions, seeds, **more)
            motions[0, ..., [7, 8], 0] *= -1  # the ankles
            return motions

    status = publish_partition(infer_partition(work(["a", "b"]), context, State(Crossed())), context, State())
    assert sorted(status["collision"]) == [False, True]
    flags = manifest.read_manifest(tmp_path / "m")["flags"]
    assert sorted("collision" in each for each in flags) == [False, True]


@pytest.fixture
def forced_context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunContext:
    """A context whose files are forced to disk, by one call for all on every file system."""
    places = {"final_dir": str(tmp_path / "out"), "temp_dir": str(tmp_path / "aside"), "manifest": str(tmp_path / "m")}
    config = RunConfig(text_path="x", model="fake_model:factory", cfg=2.0, formats="npy,json", **places)
    FileStore(config.final_dir, places["temp_dir"]).prepare()
    (tmp_path / "m").mkdir()
    monkeypatch.setattr(syncing, "reports_errors", lambda _: True)
    monkeypatch.setattr(syncing, "unwritten_bytes", lambda: 0)
    monkeypatch.setattr(syncing, "sync_file_system", lambda *_: os.sync())
    return RunContext(config, "run", "fake-1")


def test_files_and_folder_are_on_disk_before_the_row_says_done(forced_context: RunContext, tmp_path: Path) -> None:
    out, aside = tmp_path / "out", tmp_path / "aside"
    with recorded() as events:
        made(forced_context, ["a b", "c d"])
    assert events[0] == ("sync all", aside)
    assert events[1][0] == "sync"
    assert events[2:6] == [("move", out / name) for name in ("s1.json", "s1.npy", "s2.json", "s2.npy")]
    assert events[6] == ("sync", out)
    assert [what for what, _ in events[7:]] == ["sync", "move", "sync"]
    assert events[8][1].suffix == ".parquet"
    assert events[9] == ("sync", tmp_path / "m")


def test_a_partition_waits_for_the_disk_no_more_often_than_a_pose(forced_context: RunContext, tmp_path: Path) -> None:
    with recorded() as few:
        made(forced_context, ["a", "b"])
    with recorded() as many:
        made(forced_context, [f"x {number}" for number in range(40)], described="npy,json")
    assert [what for what, _ in many if what != "move"] == [what for what, _ in few if what != "move"]
    folders = changed(forced_context, layout="folders")
    with recorded() as spread:
        made(folders, [f"y {number}" for number in range(40)])
    assert sum(what != "move" for what, _ in spread) <= 6


@pytest.mark.parametrize("layout", ["files", "folders", "shards"])
@pytest.mark.parametrize("together", [True, False], ids=["syncfs", "threads"])
def test_a_row_names_no_file_that_a_loss_of_power_could_take(
    forced_context: RunContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: str, together: bool
) -> None:
    context = changed(forced_context, layout=layout)
    monkeypatch.setattr(syncing, "reports_errors", lambda _: together)
    in_the_way = tmp_path / "out" / f"{loose_path('s2', layout)}.json"
    in_the_way.parent.mkdir(exist_ok=True)
    in_the_way.write_text("somebody else's")
    assert lost(context, tmp_path, [f"a {number}" for number in range(6)]) == []


@pytest.mark.parametrize("forgotten", ["contents", "names"])
def test_the_simulated_loss_of_power_finds_what_is_forgotten(
    forced_context: RunContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forgotten: str
) -> None:
    force = Syncer.force

    def forgets(syncer: Syncer, paths: Sequence[str | Path], size: int = 0) -> None:
        if (forgotten == "names") != bool(size):
            return
        force(syncer, paths, size)

    monkeypatch.setattr(Syncer, "force", forgets)
    assert lost(forced_context, tmp_path, ["a", "b", "c", "d"]) != []


def lost(context: RunContext, root: Path, texts: list[str]) -> list[str]:
    """What a loss of power during a partition could take although it should not, at any moment."""
    disk = Disk(root)
    found: list[str] = []

    def check(event: Event) -> None:
        disk.note(event)
        what, path = event
        if what == "move" and not disk.has_content(path):
            found.append(f"{path.name} has its name before its content is on disk")
        if what == "move" and path.suffix == ".parquet":
            rows = manifest.read_manifest(root / "m")
            for row in rows[rows["status"] == "done"].to_dict("records"):
                for name in ("npy", "json"):
                    shard, inside, _ = row["path"].rpartition(".tar/")
                    file = root / "out" / (f"{shard}.tar" if inside else f"{row['path']}.{name}")
                    assert inside or hashlib.sha256(file.read_bytes()).hexdigest() == row[f"{name}_sha256"]
                    if disk.after_power_loss(file) != file.read_bytes():
                        found.append(f"a row names {file.name}, which could be lost")

    with recorded(check):
        made(context, texts)
    rows = manifest.read_manifest(root / "m")
    assert set(rows["status"]) == {"done"}
    return found


def test_the_fragment_is_named_after_run_and_partition(context: RunContext, tmp_path: Path) -> None:
    made(context, ["a"])
    [name] = manifest.list_fragments(tmp_path / "m")
    assert name.startswith("run-000003-")


def test_events_count_what_is_new_and_give_one_example_of_each_error(
    context: RunContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["a", "b raise", "c raise", "d nan"]
    poses = infer_partition(work(texts), context, State())
    state = State()
    publish_partition(poses, context, state)
    [event] = state.events
    examples = event.pop("examples")
    counts = {"partition": 3, "poses": 1, "failed": 3, "unsure": 0}
    assert event == counts | {"caption": "d nan", "stems": ["s1"], "unsure_examples": []}
    assert [(example["error_type"], example["caption"]) for example in examples] == [
        ("ZeroDivisionError", "c raise"),
        ("NonFinitePose", "d nan"),
    ]
    assert state.keys == [[f"{name}:0"] for name in poses["caption_id"]]
    monkeypatch.setattr(publish, "PROGRESS_SECONDS", -1.0)
    state = State()
    publish_partition(poses, context, state)
    assert [(event["poses"], event["failed"], event["stems"]) for event in state.events] == [
        *((1, 0, ["s1"]), (0, 1, []), (0, 1, []), (0, 1, []))
    ]


def test_a_full_disk_under_the_manifest_stops_the_run(context: RunContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(manifest, "write_fragment", full)
    with pytest.raises(MachineError, match=r"^.*m: No space left on device$"):
        made(context, ["a"])


def test_after_an_error_the_unfinished_shard_is_deleted(
    context: RunContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shards = changed(context, layout="shards", formats="npy")
    add = ShardStore.publish

    def full(store: Any, path: str, *more: Any) -> Any:
        add(store, path, *more)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ShardStore, "publish", full)
    with pytest.raises(MachineError):
        made(shards, ["a"])
    assert list(Path(context.config.temp_dir).iterdir()) == []
    assert list((tmp_path / "out").iterdir()) == []


def test_poses_in_a_shard_are_keyed_by_caption_and_variant(context: RunContext, tmp_path: Path) -> None:
    shards = changed(context, layout="shards", formats="npy")
    made(shards, ["a"], variant=2)
    row = stored_row(tmp_path / "m")
    shard, _, key = row["path"].partition("/")
    assert shard.startswith("poses-run-000003-")
    assert key == f"{row['caption_id']}__v2"
    store = FileStore(shards.config.final_dir, shards.config.temp_dir)
    assert hashlib.sha256(store.read(row["path"], "npy")).hexdigest() == row["npy_sha256"]
    # Another format is added in another shard, with a copy of the files that were there.
    more = changed(shards, formats="npy,json")
    made(more, ["a"], variant=2, mode=REDRAW, previous=row)
    newer = stored_row(tmp_path / "m")
    assert newer["path"] != row["path"]
    assert newer["npy_sha256"] == row["npy_sha256"]
    both = [store.read(newer["path"], name) for name in ("npy", "json")]
    assert newer["bytes"] == sum(map(len, both))
    assert json.loads(both[1])["caption"] == "a"


@pytest.mark.parametrize(("layout", "path"), [("files", "s1"), ("folders", None)])
def test_a_pose_keeps_its_path_and_moves_out_of_a_shard(
    context: RunContext, tmp_path: Path, layout: str, path: str | None
) -> None:
    made(changed(context, layout="shards", formats="npy"), ["a"])
    row = stored_row(tmp_path / "m")
    loose = changed(context, layout=layout, formats="npy,json")
    made(loose, ["a"], mode=REDRAW, previous=row)
    newer = stored_row(tmp_path / "m")
    assert newer["path"].endswith("s1")
    assert (newer["path"] == "s1") == (path == "s1")
    files = [tmp_path / "out" / f"{newer['path']}.{name}" for name in ("npy", "json")]
    assert newer["bytes"] == sum(file.stat().st_size for file in files)
    # Once it is a file, it stays where it is, whatever the layout.
    made(changed(context, layout="folders"), ["a"], mode=REDRAW, previous=newer)
    last = stored_row(tmp_path / "m")
    assert last["path"] == newer["path"]
    assert last["bytes"] == newer["bytes"] + (tmp_path / "out" / f"{last['path']}.png").stat().st_size


def test_joints_are_read_from_json_where_there_is_no_npy(context: RunContext, tmp_path: Path) -> None:
    made(changed(context, formats="json"), ["a"])
    row = stored_row(tmp_path / "m")
    made(context, ["a"], mode=REDRAW, previous=row | {"flags": "kept", "bone_error": 0.5})
    newer = stored_row(tmp_path / "m")
    assert (newer["flags"], newer["bone_error"], newer["json_sha256"]) == ("kept", 0.5, row["json_sha256"])
    content = json.loads((tmp_path / "out" / "s1.json").read_text())
    assert np.array_equal(np.load(tmp_path / "out" / "s1.npy"), np.array(content["joints"], np.float32))


def test_a_file_in_the_way_is_counted_and_one_that_the_manifest_describes_is_not(
    context: RunContext, tmp_path: Path
) -> None:
    for name in ("s1.npy", "s1.json"):
        (tmp_path / "out" / name).write_bytes(b"other")
    status = made(context, ["a"], described="json,png")
    assert list(status["set_aside"]) == [1]
    assert [path.name for path in (tmp_path / "out" / ".set-aside").rglob("*.*") if path.is_file()] == ["s1.npy"]


def test_events_and_status_rows_say_which_poses_are_unsure(context: RunContext) -> None:
    poses = infer_partition(work(["a", "b" * 900, "c raise", "d", "e", "f"]), context, State())
    poses["unsure"] = [False, True, True, True, True, True]
    state = State()
    status = publish_partition(poses, context, state)
    assert [text and text[0] for text in status["unsure"]] == [None, "b", None, "d", "e", "f"]
    assert sum(event["unsure"] for event in state.events) == 4
    assert all(len(event["unsure_examples"]) == min(3, event["unsure"]) for event in state.events)
    assert [text[:1] for event in state.events for text in event["unsure_examples"]][:2] == ["b", "d"]
    assert max(len(text) for event in state.events for text in event["unsure_examples"]) == 500


def test_the_model_being_unsure_is_a_flag(context: RunContext, tmp_path: Path) -> None:
    poses = infer_partition(work(["a"]), context, State())
    poses["unsure"] = True
    publish_partition(poses, context, State())
    assert "unsure" in str(stored_row(tmp_path / "m")["flags"]).split(",")


def test_the_bones_are_compared_with_those_of_the_model(context: RunContext, tmp_path: Path) -> None:
    poses = infer_partition(work(["a"]), context, State())
    poses["bone_reference"] = [np.full(22, 100, np.float32).tobytes()]
    publish_partition(poses, context, State())
    assert 0.9 < stored_row(tmp_path / "m")["bone_error"] <= 1.0


class Other(FakeModel):
    """Gives other joints than the model that made the pose; the difference is 0.5 mm."""

    def generate(self, captions: Any, seeds: Any, **more: Any) -> Any:
        return super().generate(captions, seeds, **more) + np.float32(0.0005)


def test_the_motion_is_carried_and_written_only_when_asked_for(context: RunContext, tmp_path: Path) -> None:
    poses = infer_partition(work(["a"]), context, State())
    assert poses["motion"].iloc[0] is None
    assert len(poses["joints"].iloc[0]) == 264
    more = changed(context, formats="npy,motion")
    poses = infer_partition(work(["a"]), more, State())
    assert len(poses["motion"].iloc[0]) == 16 * 264
    publish_partition(poses, more, State())
    motion = np.load(tmp_path / "out" / "s1.motion.npy")
    assert (motion.shape, motion.dtype) == ((16, 22, 3), np.float32)
    assert np.array_equal(motion[8], np.load(tmp_path / "out" / "s1.npy"))
    assert not np.array_equal(motion[0], motion[8])
    row = stored_row(tmp_path / "m")
    assert row["motion_sha256"] == hashlib.sha256((tmp_path / "out" / "s1.motion.npy").read_bytes()).hexdigest()
    assert row["json_sha256"] is None


@pytest.mark.parametrize("layout", ["files", "folders", "shards"])
def test_a_motion_is_added_to_a_pose_with_the_same_joints(context: RunContext, tmp_path: Path, layout: str) -> None:
    few = changed(context, formats="npy", layout=layout)
    made(few, ["a"])
    old = stored_row(tmp_path / "m")
    more = changed(context, formats="npy,motion", layout=layout)
    status = made(more, ["a"], previous=old, attempts=2, described="npy")
    assert list(status["status"]) == ["done"]
    row = stored_row(tmp_path / "m")
    assert row["npy_sha256"] == old["npy_sha256"]
    store = FileStore(tmp_path / "out", tmp_path / "temp")
    motion = np.load(io.BytesIO(store.read(row["path"], "motion")))
    assert np.array_equal(motion[row["frame_index"]], np.load(io.BytesIO(store.read(row["path"], "npy"))))
    assert row["bytes"] == old["bytes"] + len(store.read(row["path"], "motion"))


def test_a_motion_with_other_joints_is_an_error_of_the_row(context: RunContext, tmp_path: Path) -> None:
    made(changed(context, formats="npy,json"), ["a", "b"])
    rows = {row["stem"]: row for row in manifest.read_table(tmp_path / "m").to_pylist()}
    again = work(["a", "b"], attempts=2, described="npy,json")
    again["previous"] = [rows["s1"], rows["s2"]]
    more = changed(context, formats="npy,json,motion")
    status = publish_partition(infer_partition(again, more, State(Other())), more, State())
    assert list(status["error_type"]) == ["PoseError"] * 2
    row = manifest.read_manifest(tmp_path / "m").iloc[0]
    assert row.error.startswith("the model now gives joints up to 0.87 mm from those of the pose on disk, which was ")
    assert row.npy_sha256, "the row still describes the file that is there"
    assert not list((tmp_path / "out").glob("*.motion.npy"))


def test_what_a_pose_without_joints_on_disk_has_is_kept(context: RunContext, tmp_path: Path) -> None:
    made(changed(context, formats="png"), ["a"])
    old = stored_row(tmp_path / "m")
    made(changed(context, formats="npy"), ["a"], previous=old, described="png")
    row = stored_row(tmp_path / "m")
    assert row["npy_sha256"]
    assert row["png_sha256"] == old["png_sha256"]


def test_a_motion_with_a_bad_frame_is_a_failure_where_it_is_kept(context: RunContext, tmp_path: Path) -> None:
    class Falls(FakeModel):
        def generate(self, captions: Any, seeds: Any, **more: Any) -> Any:
            motions = super().generate(captions, seeds, **more)
            motions[:, 15, 3, 1] = np.nan
            return motions

    assert list(made(context, ["a"], Falls())["status"]) == ["done"]
    assert list(made(changed(context, formats="motion"), ["b"], Falls())["error_type"]) == ["NonFinitePose"]
