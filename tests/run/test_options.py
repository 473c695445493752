"""Options of ``run`` in whole runs: what each changes in the files, the manifest and the logs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from runs import artifacts, run, write_captions

from posepipe import read_manifest

CAPTIONS = [f"A person number {i}" for i in range(6)]


def test_input_output_and_machine(tmp_path: Path) -> None:
    """A slice of the captions, all folders named, and the options of the machine."""
    write_captions(tmp_path / "c.txt", CAPTIONS)
    options = "--start 1 --limit 3 --strict --final-dir out/poses --temp-dir out/half --manifest rows --log-dir notes "
    options += "--formats NPY,json --repeat-times 2 --batch-size 2 --batch-timeout 60 --no-fsync --report report.html "
    options += "--workers 1 --on-collision error --seed 5 --time-steps 7 --cfg 2.5 --sequence-length 20"
    done = run(tmp_path, "c.txt", *options.split())
    assert done.returncode == 0, done.stderr
    stems = [f"number_{i}{variant}" for i in (1, 2, 3) for variant in ("", "__v1")]
    out = tmp_path / "out" / "poses"
    assert sorted(artifacts(out)) == sorted(f"{stem}.{name}" for stem in stems for name in ("json", "npy"))
    assert (tmp_path / "notes" / "run.log").exists()
    assert (tmp_path / "report.html").stat().st_size > 1000
    assert not list((tmp_path / "out" / "half").glob("*.npy"))
    assert {path.name for path in tmp_path.iterdir()} == {
        *("c.txt", "out", "rows", ".rows.posepipe", "notes", "report.html")
    }
    rows = read_manifest(tmp_path / "rows")
    assert sorted(rows["stem"]) == sorted(stems)
    assert set(rows["worker"]) == {"cpu0"}
    assert set(rows["batch_size"]) == {2}
    used = rows[["sequence_length", "frame_index", "time_steps", "cfg"]].drop_duplicates()
    assert used.to_numpy().tolist() == [[20, 10, 7, 2.5]]
    written = json.loads((out / "number_1.json").read_text())
    assert (written["seed"], written["variant"], written["settings"]["sequence_length"]) == (5, 0, 20)


def test_frames_are_counted_as_in_the_old_scripts(tmp_path: Path) -> None:
    """-2 is the last frame, -3 is the third from the end; the fake model moves along x from frame to frame."""
    write_captions(tmp_path / "c.txt", CAPTIONS[:1])
    shifts = np.linspace(0, 0.1, 16, dtype=np.float32)
    for frame_index, frame in (("-2", 15), ("-3", 13), ("0", 0)):
        folder = f"frame{frame}"
        done = run(tmp_path, "c.txt", "--final-dir", folder, "--frame-index", frame_index, "--formats", "npy,json")
        assert done.returncode == 0, done.stderr
        row = read_manifest(tmp_path / "manifests" / folder).iloc[0]
        assert row["frame_index"] == frame
        joints = np.load(tmp_path / folder / "number_0.npy")
        assert joints[0, 0] == shifts[frame]
        assert json.loads((tmp_path / folder / "number_0.json").read_text())["frame_index"] == frame


def test_the_still_frame_is_found_in_the_motion(tmp_path: Path) -> None:
    """The fake model moves along x at a constant speed, so that the middle frame is as still as the others."""
    write_captions(tmp_path / "c.txt", CAPTIONS[:2])
    assert run(tmp_path, "c.txt", "--final-dir", "still", "--frame-index", "still").returncode == 0
    assert run(tmp_path, "c.txt", "--final-dir", "middle", "--sequence-length", "16").returncode == 0
    rows = read_manifest(tmp_path / "manifests" / "still").sort_values("line")
    for row in rows.to_dict("records"):
        written = json.loads((tmp_path / "still" / f"{row['stem']}.json").read_text())
        assert written["settings"]["frame_index"] == "still"
        assert written["frame_index"] == row["frame_index"]
        joints = np.load(tmp_path / "still" / f"{row['stem']}.npy")
        assert joints[0, 0] == np.linspace(0, 0.1, 16, dtype=np.float32)[row["frame_index"]]
    other = run(tmp_path, "c.txt", "--final-dir", "middle", "--frame-index", "still")
    assert other.returncode == 4
    assert "frame_index was 8, now still" in other.stderr
    again = run(tmp_path, "c.txt", "--final-dir", "still", "--frame-index", "still")
    assert "nothing to do" in again.stderr
    for fragment in (tmp_path / "manifests" / "still").glob("*.parquet"):
        fragment.unlink()
    adopted = run(tmp_path, "c.txt", "--final-dir", "still", "--frame-index", "still", "--adopt")
    assert (adopted.returncode, "nothing to do" in adopted.stderr) == (0, True), adopted.stderr


def test_temperature_is_recorded_and_changes_the_pose(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", CAPTIONS[:1])
    small = ("--model", "small", "--workers", "1", "--formats", "npy,json")
    for folder, more in (("own", ()), ("named", ("--temperature", "0.5")), ("hot", ("--temperature", "1"))):
        done = run(tmp_path, "c.txt", *small, "--final-dir", folder, *more)
        assert done.returncode == 0, done.stderr
    rows = {name: read_manifest(tmp_path / "manifests" / name).iloc[0] for name in ("own", "named", "hot")}
    assert [rows[name]["temperature"] for name in rows] == [0.5, 0.5, 1.0]
    assert rows["own"]["settings_id"] == rows["named"]["settings_id"] != rows["hot"]["settings_id"]
    assert rows["own"]["npy_sha256"] == rows["named"]["npy_sha256"] != rows["hot"]["npy_sha256"]
    refused = run(tmp_path, "c.txt", "--final-dir", "none", "--temperature", "0.5")
    assert refused.returncode == 2
    assert "--temperature 0.5: has no effect on fake_model:factory" in refused.stderr


def test_only_these_captions_again(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", CAPTIONS[:3])
    write_captions(tmp_path / "again.txt", CAPTIONS[1:2])
    assert run(tmp_path, "c.txt", "--formats", "npy").returncode == 0
    first = read_manifest(tmp_path / "manifests" / "SinglePose").set_index("stem")
    again = run(tmp_path, "c.txt", "--formats", "npy", "--only", "again.txt")
    assert again.returncode == 0, again.stderr
    rows = read_manifest(tmp_path / "manifests" / "SinglePose").set_index("stem")
    changed = rows["run_id"] != first["run_id"].reindex(rows.index)
    assert list(rows.index[changed]) == ["number_1"]


def test_strict_stops_at_an_unusable_line(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_bytes(b"A person waving\nA person \xff\n")
    refused = run(tmp_path, "c.txt", "--strict")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "line 2" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["c.txt"]


def test_settings_of_the_bundled_model(tmp_path: Path) -> None:
    """Preset, solver, solver steps and precision reach the model and the manifest."""
    write_captions(tmp_path / "c.txt", ["A person waving"])
    common = ("c.txt", "--model", "small", "--workers", "1", "--formats", "npy,json", "--preset", "fast")
    joints = {}
    for name, options in {
        "plain": (),
        "euler": ("--solver", "euler", "--solver-steps", "3"),
        "bf16": ("--precision", "bf16"),
    }.items():
        done = run(tmp_path, *common, "--final-dir", name, *options)
        assert done.returncode == 0, done.stderr
        joints[name] = np.load(tmp_path / name / "waving.npy")
        settings = json.loads((tmp_path / name / "waving.json").read_text())["settings"]
        assert (settings["time_steps"], settings["sequence_length"], settings["frame_index"]) == (10, 8, 4)
        assert settings["solver"] == ("euler" if name == "euler" else "ab2")
        assert settings["solver_steps"] == (3 if name == "euler" else 12)
        assert settings["precision"] == ("bf16" if name == "bf16" else "float32")
        assert read_manifest(tmp_path / "manifests" / name).iloc[0]["precision"] == settings["precision"]
    for name in ("euler", "bf16"):
        distance = np.linalg.norm(joints[name] - joints["plain"], axis=1).max()
        assert 0 < distance < 0.5, name
