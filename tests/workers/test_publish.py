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


def test_files_and_folder_are_on_disk_before_the_row_says_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    sync, move = os.fsync, Path.replace

    def noted_sync(handle: int) -> None:
        events.append(f"sync {Path(f'/proc/self/fd/{handle}').readlink().name}")
        sync(handle)

    def noted_move(source: Path, target: Path) -> Path:
        events.append(f"move {source.name} {target.name}")
        return move(source, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_move)
    places = {"final_dir": str(tmp_path / "out"), "temp_dir": str(tmp_path / "aside"), "manifest": str(tmp_path / "m")}
    config = RunConfig(text_path="x", model="fake_model:factory", cfg=2.0, formats="npy,json", **places)
    FileStore(config.final_dir, places["temp_dir"]).prepare()
    context = RunContext(config, "run", "fake-1")
    publish_partition(infer_partition(work(["a b", "c d"]), context, State()), context, State())
    moves = [number for number, event in enumerate(events) if event.startswith("move")]
    for number in moves:
        assert f"sync {events[number].split()[1]}" in events[:number]  # its content, before it has its name
    *artifacts_moved, row_moved = moves
    assert events[row_moved].endswith(".parquet")
    assert len(artifacts_moved) == 4
    assert "sync out" in events[max(artifacts_moved) : row_moved]  # their names, before the row speaks of them
    assert events[-1] == "sync m"
