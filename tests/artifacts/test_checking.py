"""Artifacts are compared with their row: one fault for each file, the most specific one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_model import STANDING
from original_scripts import write_original_output
from outputs import CAPTIONS, Output
from sound_artifacts import png, row_of, write_pose

from posepipe import manifest
from posepipe.artifacts import adoption
from posepipe.artifacts.checking import COLUMNS, Fault, check_pose, check_poses, pose_path
from posepipe.storage.artifact_formats import FORMATS, column_of, file_of
from posepipe.storage.folders import LocalFolder
from posepipe.storage.shards import ShardWriter


def test_any_broken_bytes_give_a_fault_and_no_crash(tmp_path: Path) -> None:
    output = Output(tmp_path, CAPTIONS[:1], formats=FORMATS)
    output.run()
    row = manifest.newest(manifest.read_table(output.manifest)).to_pylist()[0]
    random = np.random.default_rng(1)
    for name in FORMATS:
        path = output.out / file_of(row["path"], name)
        whole = path.read_bytes()
        for _ in range(150):
            content = bytearray(whole)
            content[random.integers(min(len(content), 400))] ^= 1 << random.integers(8)
            path.write_bytes(content[: random.integers(1, len(content))] if random.random() < 0.3 else content)
            assert [fault.format for fault in check_pose(LocalFolder(output.out), row)] == [name]
        path.write_bytes(whole)
    assert check_pose(LocalFolder(output.out), row) == []


def check(out: Path, row: dict[str, Any]) -> list[Fault]:
    """The faults of a row that has no more columns than those that are read from the manifest."""
    return check_pose(LocalFolder(out), {name: row[name] for name in COLUMNS})


@pytest.fixture
def row(tmp_path: Path) -> dict[str, Any]:
    return write_pose(tmp_path, "A person waving")


def pose_of(row: dict[str, Any]) -> tuple[str, int]:
    return row["caption_id"], row["variant"]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def npy(joints: Any, path: Path) -> bytes:
    np.save(path, joints)
    return path.read_bytes()


def test_sound_artifacts_have_no_fault(tmp_path: Path, row: dict[str, Any]) -> None:
    assert check(tmp_path, row) == []
    for extension in ("npy", "json", "png"):
        (tmp_path / f"waving.{extension}").unlink()
        row[f"{extension}_sha256"] = None
    assert check(tmp_path, row | {"status": "failed"}) == []


def test_a_missing_file(tmp_path: Path, row: dict[str, Any]) -> None:
    (tmp_path / "waving.npy").unlink()
    what = "described by a row, but not there"
    assert check(tmp_path, row) == [Fault("missing", "waving.npy", what, pose_of(row), "npy")]
    assert check(tmp_path, row | {"npy_sha256": None}) == []


def test_a_folder_in_place_of_a_file(tmp_path: Path, row: dict[str, Any]) -> None:
    (tmp_path / "waving.json").unlink()
    (tmp_path / "waving.json").mkdir()
    unreadable = Fault("unreadable", "waving.json", "Is a directory", pose_of(row), "json")
    assert check(tmp_path, row) == [unreadable]
    (tmp_path / "waving.png").unlink()
    assert [(fault.kind, fault.file) for fault in check(tmp_path, row)] == [
        ("unreadable", "waving.json"),
        ("missing", "waving.png"),
    ]


def test_a_sound_file_with_other_bytes(tmp_path: Path, row: dict[str, Any]) -> None:
    content = npy(STANDING + 1, tmp_path / "waving.npy")
    found = sha256(content)
    what = f"changed since it was written: sha256 {found[:12]}..., the row says {row['npy_sha256'][:12]}..."
    assert check(tmp_path, row) == [Fault("checksum", "waving.npy", what, pose_of(row), "npy", found)]


def test_an_unsound_file(tmp_path: Path, row: dict[str, Any]) -> None:
    content = npy(STANDING[:21], tmp_path / "waving.npy")
    what = "shape (21, 3), not (22, 3); changed since it was written"
    assert check(tmp_path, row) == [Fault("shape", "waving.npy", what, pose_of(row), "npy", sha256(content))]
    row["npy_sha256"] = sha256(content)
    what = "shape (21, 3), not (22, 3); it was written like this"
    assert check(tmp_path, row) == [Fault("shape", "waving.npy", what, pose_of(row), "npy", None, whole=True)]


def test_a_picture_of_another_size(tmp_path: Path, row: dict[str, Any]) -> None:
    (tmp_path / "waving.png").write_bytes(png(600))
    (fault,) = check(tmp_path, row)
    assert (fault.kind, fault.file, fault.format) == ("size", "waving.png", "png")


def test_formats_that_differ(tmp_path: Path, row: dict[str, Any]) -> None:
    row["npy_sha256"] = sha256(npy(STANDING + 1, tmp_path / "waving.npy"))
    what = "its joints differ from those in the NPY"
    assert check(tmp_path, row) == [Fault("joints", "waving.json", what, pose_of(row), "json", whole=True)]
    (tmp_path / "waving.png").unlink()
    assert [fault.kind for fault in check(tmp_path, row)] == ["missing"]
    assert check(tmp_path, row | {"json_sha256": None, "png_sha256": None}) == []


def test_every_file_has_a_fault_of_its_own(tmp_path: Path, row: dict[str, Any]) -> None:
    (tmp_path / "waving.npy").write_bytes(b"x")
    (tmp_path / "waving.json").unlink()
    (tmp_path / "waving.png").write_bytes(png() + b"x")
    found = [(fault.kind, fault.file) for fault in check(tmp_path, row)]
    assert found == [("format", "waving.npy"), ("missing", "waving.json"), ("format", "waving.png")]
    other = write_pose(tmp_path, "A person sitting")
    (tmp_path / "sitting.npy").unlink()
    faults = check_poses(LocalFolder(tmp_path), [other, row])
    assert [fault.file for fault in faults] == ["sitting.npy", "waving.npy", "waving.json", "waving.png"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("model", "small"),
        ("model_fingerprint", "fake-2"),
        ("seed", 8),
        ("variant", 1),
        ("frame_index", 0),
        ("sequence_length", 20),
        ("time_steps", 1),
    ],
)
def test_the_json_says_what_the_row_says(tmp_path: Path, row: dict[str, Any], name: str, value: object) -> None:
    written = row[name]
    (fault,) = check(tmp_path, row | {name: value})
    assert (fault.kind, fault.file, fault.whole) == ("field", "waving.json", True)
    assert fault.what == f"{name} is {written!r}, the row says {value!r}; it was written like this"
    if name != "variant":
        assert check(tmp_path, row | {name: None}) == []


def test_the_json_holds_another_caption(tmp_path: Path, row: dict[str, Any]) -> None:
    fields = json.loads((tmp_path / "waving.json").read_text())
    fields["caption"] = "A person sitting " + "x" * 60
    (tmp_path / "waving.json").write_text(json.dumps(fields))
    (fault,) = check(tmp_path, row)
    assert fault.kind == "field"
    assert fault.what.startswith(f"it holds another caption: {fields['caption'][:60]!r}; ")


def test_a_row_without_checksums(tmp_path: Path) -> None:
    row = row_of("A person waving")
    what = "the row says done but has no checksum"
    assert check(tmp_path, row) == [Fault("row", "waving", what, pose_of(row), whole=True)]


@pytest.mark.parametrize("path", ["../waving", "a/../../waving", "/waving"])
def test_a_path_that_leads_out_of_the_folder(tmp_path: Path, row: dict[str, Any], path: str) -> None:
    (fault,) = check(tmp_path / "inner", row | {"path": path})
    what = "the row's path leads out of the output folder"
    assert fault == Fault("row", path, what, pose_of(row), whole=True)


def test_dots_in_a_name_lead_nowhere(tmp_path: Path) -> None:
    row = write_pose(tmp_path, "A person waving a..b")
    assert (row["path"], check(tmp_path, row)) == ("waving_a..b", [])


def test_artifacts_in_a_shard(tmp_path: Path, row: dict[str, Any]) -> None:
    writer = ShardWriter(tmp_path / "poses.tar")
    writer.add("key", {name: (tmp_path / f"waving.{name}").read_bytes() for name in ("json", "npy")})
    writer.close()
    row["path"] = "poses.tar/key"
    assert [(fault.kind, fault.file) for fault in check(tmp_path, row)] == [("missing", "poses.tar/key.png")]
    (tmp_path / "poses.tar").write_bytes(b"x" * 600)
    assert {fault.kind for fault in check(tmp_path, row)} == {"unreadable"}
    assert "not a tar archive" in check(tmp_path, row)[0].what


def test_the_path_of_an_old_row_is_its_stem_or_id() -> None:
    row = {"path": "a8/waving", "stem": "waving", "caption_id": "0123"}
    assert pose_path(row) == "a8/waving"
    assert pose_path(row | {"path": None}) == "waving"
    assert pose_path(row | {"path": None, "stem": None}) == "0123"


def test_an_adopted_original_is_sound_although_its_json_is_rounded(tmp_path: Path) -> None:
    write_original_output(tmp_path / "out", ["A person waving"])
    path = tmp_path / "out" / "waving.json"
    fields = json.loads(path.read_text())
    fields["joints"] = [[round(value - 0.000004, 6) for value in joint] for joint in fields["joints"]]
    path.write_text(json.dumps(fields))
    (row,) = adoption.find(tmp_path / "out", tmp_path / "m").rows
    manifest.write_fragment(tmp_path / "m", [row], "x", fsync=False)
    row = manifest.read_table(tmp_path / "m").to_pylist()[0]
    assert check(tmp_path / "out", row) == []


def test_only_a_row_without_a_model_describes_originals(tmp_path: Path, row: dict[str, Any]) -> None:
    fields = json.loads((tmp_path / "waving.json").read_text())
    originals = {name: fields[name] for name in ("caption", "frame_index", "num_joints", "joints", "joint_names")}
    (tmp_path / "waving.json").write_text(json.dumps(originals))
    npy(STANDING.astype(np.float64), tmp_path / "waving.npy")
    (tmp_path / "waving.png").write_bytes(png(640, 480))
    for name in ("npy", "json", "png"):
        row[f"{name}_sha256"] = sha256((tmp_path / f"waving.{name}").read_bytes())
    nothing = dict.fromkeys(("model", "model_fingerprint", "seed", "sequence_length", "time_steps"))
    assert check(tmp_path, row | nothing) == []
    found = {fault.file: fault.what for fault in check(tmp_path, row)}
    assert found["waving.json"].startswith(f"model is None, the row says {row['model']!r}; ")
    assert found["waving.npy"].startswith("dtype <f8, not float32; ")
    assert found["waving.png"].startswith("640 x 480, not 1200 x 1200; ")


def test_a_row_without_a_model_is_compared_with_a_json_that_has_one(tmp_path: Path, row: dict[str, Any]) -> None:
    (fault,) = check(tmp_path, row | {"model": None, "seed": 8})
    assert fault.what.startswith("seed is 7, the row says 8; ")


BROKEN = [
    ("motion", lambda path: np.save(path, np.load(path)[:15]), ("shape", "shape (15, 22, 3), not (16, 22, 3)")),
    ("motion", lambda path: np.save(path, np.load(path) + np.float32(1)), ("joints", "differ from those in the NPY")),
    ("motion", lambda path: np.save(path, np.load(path).astype(np.float64)), ("dtype", "dtype <f8, not float32")),
    ("motion", lambda path: np.save(path, np.load(path) * np.float32(np.nan)), ("finite", "not finite in frame 0")),
    ("bvh", lambda path: path.write_text("HIERARCHY"), ("format", "not a BVH file of one frame")),
    ("bvh", lambda path: path.write_text(path.read_text().replace("neck", "hand")), ("joints", "22 joints, or other")),
    ("bvh", lambda path: path.write_text(path.read_text() + "1 2"), ("shape", "71 numbers in the frame, not 69")),
    ("bvh", lambda path: path.write_text(path.read_text().rpartition(" ")[0] + " nan"), ("finite", "a number of the")),
    ("glb", lambda path: path.write_bytes(b"glTF"), ("format", "not a binary glTF file")),
    ("glb", lambda path: path.write_bytes(b"x" + path.read_bytes()[1:]), ("format", "not a binary glTF 2.0 file")),
    ("glb", lambda path: path.write_bytes(path.read_bytes()[:-4]), ("format", "not those that the file announces")),
    ("glb", lambda path: path.write_bytes(path.read_bytes().replace(b"neck", b"hand")), ("joints", "no node for neck")),
    ("openpose", lambda path: path.write_text('{"people": []}'), ("format", "not OpenPose JSON of one person")),
    ("openpose-png", lambda path: path.write_bytes(png(20, 20)), ("size", "20 x 20, not 1200 x 1200")),
]


@pytest.mark.parametrize(("name", "spoil", "told"), BROKEN, ids=[f"{name} {told[1]}" for name, _, told in BROKEN])
def test_a_format_that_was_written_wrong_is_a_fault(tmp_path: Path, name: str, spoil: Any, told: Any) -> None:
    output = Output(tmp_path, CAPTIONS[:1], formats=FORMATS)
    output.run()
    [row] = manifest.read_table(output.manifest).to_pylist()
    path = output.out / file_of(row["path"], name)
    spoil(path)
    row[column_of(name)] = sha256(path.read_bytes())
    [fault] = check(output.out, row)
    assert (fault.kind, fault.file, fault.whole) == (told[0], path.name, True)
    assert told[1] in fault.what
