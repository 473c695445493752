"""Adoption: rows for sound artifacts that have none, from the contents of their JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_model import STANDING
from original_scripts import write_original_output
from outputs import CAPTIONS, Output, break_json
from sound_artifacts import CONFIG, write_pose

from manifests import fragment_paths
from posepipe import manifest
from posepipe.artifacts import adoption
from posepipe.artifacts.measures import sanity
from posepipe.captions.reading import caption_id
from posepipe.errors import RefusedError
from posepipe.skeleton import BONE_LENGTHS
from posepipe.storage.artifact_formats import COLUMNS, FORMATS
from posepipe.storage.layout import folder_of


def renamed(out: Path) -> None:
    (out / "waving.json").rename(out / "walking.json")


def other_pose(out: Path) -> None:
    np.save(out / "waving.npy", np.load(out / "waving.npy") + np.float32(1))


def odd_settings(out: Path) -> None:
    fields = json.loads((out / "waving.json").read_text())
    fields["settings"]["sequence_length"] = "long"
    (out / "waving.json").write_text(json.dumps(fields))


@pytest.fixture
def output(tmp_path: Path) -> Output:
    made = Output(tmp_path, CAPTIONS)
    made.run()
    return made


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (renamed, "its name does not follow from its caption"),
        (other_pose, "the NPY beside it holds another pose"),
        (odd_settings, "sequence_length is 'long'"),
        (break_json, "not JSON"),
    ],
)
def test_unsound_artifacts_are_not_adopted(output: Output, change: Any, why: str) -> None:
    for path in fragment_paths(output.manifest):
        path.unlink()
    change(output.out)
    found = adoption.find(output.out, output.manifest)
    assert len(found.rows) == 4
    assert [reason for reason in found.refused.values() if why in reason]


def test_a_name_or_pose_that_has_a_row_is_not_adopted(output: Output) -> None:
    key = caption_id(CAPTIONS[0])
    for extension in ("npy", "json", "png"):
        content = (output.out / f"waving.{extension}").read_bytes()
        (output.out / f"waving__{key[:8]}.{extension}").write_bytes(content)
    fields = json.loads((output.out / "sitting.json").read_text())
    fields["caption"] = "a person Sitting"
    (output.out / "Sitting.json").write_text(json.dumps(fields))
    assert adoption.find(output.out, output.manifest).refused == {
        "Sitting": "its caption has another name, or its name belongs to another caption",
        f"waving__{key[:8]}": "its caption has a row already",
    }


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def find(out: Path, **options: Any) -> adoption.Adoption:
    return adoption.find(out, out.parent / "m", **options)


def change(out: Path, name: str, settings: dict[str, Any] | None = None, **changes: Any) -> None:
    """Change fields and settings of a JSON; a setting that is None is removed."""
    path = out / f"{name}.json"
    fields = json.loads(path.read_text()) | changes
    fields["settings"] |= settings or {}
    fields["settings"] = {name: value for name, value in fields["settings"].items() if value is not None}
    path.write_text(json.dumps(fields))


def test_an_adopted_row_is_the_one_that_a_run_writes(out: Path) -> None:
    written = write_pose(out, "A person waving", 1)
    (row,) = find(out, lines={caption_id("A person waving"): 5}).rows
    for name, value in written.items():
        if name not in ("line", "error_type", "finished_at"):
            assert row.get(name) == value, name
    assert (row["line"], row["attempts"], row["run_id"]) == (5, 1, "adopted")
    assert (row["cfg"], row["precision"]) == (2.0, None)
    assert row["settings_id"] == CONFIG.settings_id("fake-1", 16)
    assert {name: row[name] for name in ("height", "lowest_y", "bone_error")} == sanity(STANDING, None)
    assert timedelta() <= datetime.now(UTC) - row["finished_at"] < timedelta(hours=1)
    assert set(row) <= set(manifest.SCHEMA.names)
    (row,) = find(out).rows
    assert row["line"] is None


def test_the_bundled_model_has_bones_of_its_own(out: Path) -> None:
    write_pose(out, "A person waving", model="small")
    (row,) = find(out).rows
    assert row["bone_error"] == sanity(STANDING, np.array(BONE_LENGTHS, np.float32).tobytes())["bone_error"]
    assert row["bone_error"] > 0.02
    assert row["flags"] == "bones"


def test_only_sound_files_beside_the_json_are_adopted(out: Path) -> None:
    whole = write_pose(out, "A person waving")
    (out / "waving.npy").write_bytes(b"torn")
    (row,) = find(out).rows
    assert ("npy_sha256" in row, row["png_sha256"]) == (False, whole["png_sha256"])
    (out / "waving.npy").unlink()
    (out / "waving.png").write_bytes(b"torn")
    (row,) = find(out).rows
    assert ("npy_sha256" in row, "png_sha256" in row, row["json_sha256"]) == (False, False, whole["json_sha256"])
    assert row["bytes"] == (out / "waving.json").stat().st_size


def test_poses_without_a_json_and_shards_are_not_found(out: Path) -> None:
    write_pose(out, "A person waving", formats=("npy", "png"))
    (out / "poses.tar").touch()
    assert find(out) == adoption.Adoption([], {})


def test_names_that_follow_from_the_caption(out: Path) -> None:
    key = caption_id("A person waving")
    for number, stem in enumerate(("waving", f"waving__{key[:8]}", f"waving__{key}")):
        folder = out / f"{number}"
        write_pose(folder, "A person waving", stem=stem, path=stem)
        assert [row["stem"] for row in find(folder).rows] == [stem]
    folder = out / "folders"
    path = folder_of("waving") + "waving"
    write_pose(folder, "A person waving", path=path)
    assert [(row["stem"], row["path"]) for row in find(folder).rows] == [("waving", path)]


@pytest.mark.parametrize("path", ["walking", "waving__v1", "00/waving", f"waving__{'0' * 8}"])
def test_other_names_are_refused(out: Path, path: str) -> None:
    write_pose(out, "A person waving", path=path)
    assert find(out) == adoption.Adoption([], {path: "its name does not follow from its caption"})


def test_an_npy_with_another_pose_is_refused(out: Path) -> None:
    write_pose(out, "A person waving")
    write_pose(out, "A person waving", joints=STANDING + np.float32(1), formats=("npy",))
    assert find(out).refused == {"waving": "the NPY beside it holds another pose"}


@pytest.mark.parametrize(
    ("settings", "changes", "why"),
    [
        ({"sequence_length": None}, {}, "sequence_length is None"),
        ({"sequence_length": 2**31}, {}, "sequence_length is 2147483648"),
        ({"frame_index": -1}, {"frame_index": -1}, "frame_index is -1"),
        ({"frame_index": 3}, {}, "settings: frame_index is 3, not 8"),
        ({"time_steps": True}, {}, "time_steps is True"),
        ({}, {"seed": 2**63}, "seed is 9223372036854775808"),
        ({}, {"seed": -1}, "seed is -1"),
        ({"cfg": 2}, {}, "settings: cfg is not a number, or precision is not text"),
        ({"cfg": None}, {}, "settings: cfg is not a number, or precision is not text"),
        ({"precision": 32}, {}, "settings: cfg is not a number, or precision is not text"),
    ],
)
def test_numbers_that_the_manifest_cannot_hold_are_refused(
    out: Path, settings: dict[str, Any], changes: dict[str, Any], why: str
) -> None:
    write_pose(out, "A person waving")
    change(out, "waving", settings, **changes)
    assert find(out) == adoption.Adoption([], {"waving": why})


def test_a_variant_that_the_manifest_cannot_hold_is_refused(out: Path) -> None:
    write_pose(out, "A person waving", 2**31)
    assert list(find(out).refused.values()) == ["variant is 2147483648"]


def test_the_largest_and_smallest_numbers_are_adopted(out: Path) -> None:
    write_pose(out, "A person waving", 2**31 - 1)
    small = {"sequence_length": 2**31 - 1, "frame_index": 0, "time_steps": 0, "precision": "bf16"}
    change(out, f"waving__v{2**31 - 1}", small, seed=2**63 - 1, frame_index=0)
    (row,) = find(out).rows
    assert {name: row[name] for name in small} == small
    assert (row["seed"], row["variant"]) == (2**63 - 1, 2**31 - 1)
    manifest.write_fragment(out.parent / "m", [row], "x", fsync=False)
    change(out, f"waving__v{2**31 - 1}", small, seed=0, frame_index=0)
    assert [row["seed"] for row in adoption.find(out, out.parent / "none").rows] == [0]


def test_poses_with_a_row_are_left_out(out: Path) -> None:
    rows = [write_pose(out, "A person waving"), write_pose(out, "A person sitting")]
    manifest.write_fragment(out.parent / "m", [rows[0], rows[1] | {"path": None}], "x", fsync=False)
    assert find(out) == adoption.Adoption([], {})
    write_pose(out, "A person waving", 1)
    assert [(row["stem"], row["variant"]) for row in find(out).rows] == [("waving__v1", 1)]


def test_a_second_name_of_a_pose_with_a_row_is_refused(out: Path) -> None:
    row = write_pose(out, "A person waving")
    manifest.write_fragment(out.parent / "m", [row], "x", fsync=False)
    key = row["caption_id"]
    write_pose(out, "A person waving", path=f"waving__{key[:8]}")
    assert find(out).refused == {f"waving__{key[:8]}": "its caption has a row already"}
    write_pose(out, "A person waving", 1, path=f"waving__{key[:8]}__v1")
    why = "its caption has another name, or its name belongs to another caption"
    assert find(out).refused[f"waving__{key[:8]}__v1"] == why


def test_of_two_captions_with_one_name_the_first_is_adopted(out: Path) -> None:
    write_pose(out, "A person waving")
    write_pose(out, "A person Waving")
    found = find(out)
    assert [row["stem"] for row in found.rows] == ["Waving"]
    assert found.refused == {"waving": "its caption has another name, or its name belongs to another caption"}


def test_a_caption_has_one_name_for_all_its_variants(out: Path) -> None:
    key = caption_id("A person waving")
    write_pose(out, "A person waving")
    write_pose(out, "A person waving", 1, path=f"waving__{key[:8]}__v1")
    write_pose(out, "A person waving", 2)
    found = find(out)
    assert [row["variant"] for row in found.rows] == [0, 2]
    assert list(found.refused) == [f"waving__{key[:8]}__v1"]


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(out: Path) -> None:
    (out / "waving.json").mkdir(parents=True)
    write_pose(out, "A person sitting")
    found = find(out, jobs=1)
    assert len(found.rows) == 1
    assert "Is a directory" in found.refused["waving"]


def test_many_files_are_read_in_parts(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adoption, "CHUNK", 2)
    captions = [f"A person number {n}" for n in range(5)]
    for caption in captions:
        write_pose(out, caption, formats=("json",))
    assert [row["caption"] for row in find(out).rows] == captions
    assert len(adoption.find(out, out.parent / "m", jobs=2).rows) == 5


def test_adopting_writes_the_rows_and_claims_the_manifest(out: Path) -> None:
    folder = out.parent / "m"
    write_pose(out, "A person waving")
    found = adoption.adopt(out, folder, fsync=False, lines={caption_id("A person waving"): 3})
    assert len(found.rows) == 1
    rows = manifest.read_manifest(folder)
    assert rows[["stem", "line", "run_id"]].values.tolist() == [["waving", 3, "adopted"]]
    assert manifest.owner_of(folder) == str(out)
    assert adoption.adopt(out, folder, fsync=False) == adoption.Adoption([], {})
    assert len(manifest.list_fragments(folder)) == 1
    write_pose(out.parent / "other", "A person sitting")
    with pytest.raises(RefusedError, match="belongs to"):
        adoption.adopt(out.parent / "other", folder, fsync=False)
    assert len(manifest.list_fragments(folder)) == 1


def test_originals_are_adopted_without_model_and_settings(out: Path) -> None:
    files = write_original_output(out, ["A person waving", "A person arching back.", "a man: sitting"])
    found = find(out, lines={caption_id("A person waving"): 4})
    assert found.refused == {}
    assert [row["stem"] for row in found.rows] == ["a_man_sitting", "arching_back.", "waving"]
    row = found.rows[-1]
    assert (row["variant"], row["line"], row["frame_index"], row["status"]) == (0, 4, 8, "done")
    assert not {"model", "model_fingerprint", "seed", "settings_id", "cfg", "sequence_length"} & set(row)
    assert row["bytes"] == sum(len(content) for name, content in files.items() if name.startswith("waving."))
    assert all(row[f"{name}_sha256"] for name in ("npy", "json", "png"))


@pytest.mark.parametrize(("frame", "column"), [(0, 0), (-1, None), (2**31 - 1, 2**31 - 1), (2**31, None)])
def test_the_frame_of_an_original_is_kept_where_the_column_can_hold_it(
    out: Path, frame: int, column: int | None
) -> None:
    write_original_output(out, ["A person waving"])
    fields = json.loads((out / "waving.json").read_text())
    (out / "waving.json").write_text(json.dumps(fields | {"frame_index": frame}))
    (row,) = find(out).rows
    assert row["frame_index"] == column


def test_an_original_lies_in_the_folder_itself_under_its_name(out: Path) -> None:
    write_original_output(out, ["A person arching back."])
    for path in (folder_of("arching_back."), folder_of("arching_back")):
        (out / path).mkdir(exist_ok=True)
    (out / "arching_back..json").rename(out / f"{folder_of('arching_back.')}arching_back..json")
    (out / "arching_back..npy").unlink()
    (out / "arching_back..png").unlink()
    assert list(find(out).refused.values()) == ["its name does not follow from its caption"]
    path = f"{folder_of('arching_back')}arching_back"
    (out / f"{folder_of('arching_back.')}arching_back..json").rename(out / f"{path}.json")
    assert [row["path"] for row in find(out).rows] == [path]


def test_an_original_may_be_rounded_but_not_another_pose(out: Path) -> None:
    write_original_output(out, ["A person waving"])
    np.save(out / "waving.npy", (STANDING + 5e-6).astype(np.float64))
    assert len(find(out).rows) == 1
    np.save(out / "waving.npy", STANDING + np.float32(1e-3))
    assert find(out).refused == {"waving": "the NPY beside it holds another pose"}


def test_the_name_of_an_original_is_not_one_of_ours(out: Path) -> None:
    write_pose(out, "A person arching back.", path="arching_back.")
    assert list(find(out).refused) == ["arching_back."]


def without_rows(output: Output) -> None:
    for path in fragment_paths(output.manifest):
        path.unlink()


def test_every_format_beside_a_json_is_adopted(tmp_path: Path) -> None:
    output = Output(tmp_path, CAPTIONS[:2], formats=FORMATS)
    output.run()
    rows = {row["stem"]: row for row in manifest.read_table(output.manifest).to_pylist()}
    without_rows(output)
    found = adoption.find(output.out, output.manifest)
    assert not found.refused
    for row in found.rows:
        assert {name: row[name] for name in COLUMNS} == {name: rows[row["stem"]][name] for name in COLUMNS}
        assert row["bytes"] == rows[row["stem"]]["bytes"]


def test_other_files_under_the_names_of_formats_are_not_adopted(tmp_path: Path) -> None:
    output = Output(tmp_path, CAPTIONS[:1], formats=FORMATS)
    output.run()
    without_rows(output)
    (output.out / "waving.openpose.json").write_text("{}")
    (output.out / "waving.motion.npy").write_bytes(b"mine")
    (output.out / "alone.openpose.json").write_text("{}")
    found = adoption.find(output.out, output.manifest)
    [row] = found.rows
    assert not {"openpose_sha256", "motion_sha256"} & set(row)
    assert row["openpose_png_sha256"]
    assert not found.refused
    np.save(output.out / "waving.motion.npy", np.zeros((16, 22, 3), np.float32))
    assert adoption.find(output.out, output.manifest).refused == {"waving": "the motion beside it holds another pose"}
