"""Faults of the manifest as users meet them: damaged or unreadable fragments, deleted files, killed runs."""

from __future__ import annotations

import datetime
import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from fake_model import FakeModel
from outputs import CAPTIONS, Output

import posepipe
from manifests import fragment_paths
from posepipe import manifest
from posepipe.errors import DamagedFragment, MachineError, PosepipeError, SettingsMismatch
from posepipe.gallery.__main__ import main as gallery
from posepipe.manifest.index import read_index
from posepipe.storage import atomic
from posepipe.verify.__main__ import main as verify
from posepipe.watch.__main__ import main as watch


@pytest.fixture
def output(tmp_path: Path) -> Output:
    made = Output(tmp_path, CAPTIONS, formats="npy,json")
    made.run()
    return made


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


FUNCTIONS: tuple[Callable[[Output], object], ...] = (
    lambda output: posepipe.read_manifest(output.manifest),
    lambda output: posepipe.read_manifest(output.manifest, status="failed"),
    lambda output: posepipe.open_poses(output.out),
    lambda output: read_index(output.manifest),
    lambda output: output.run(),
    lambda output: output.run(adopt=True),
)


@pytest.mark.parametrize(("harm", "error"), [(flip, DamagedFragment), (loop, MachineError)])
def test_no_reader_answers_with_fewer_rows(
    output: Output, harm: Callable[[Path], None], error: type[PosepipeError], capsys: pytest.CaptureFixture[str]
) -> None:
    (fragment,) = fragment_paths(output.manifest)
    harm(fragment)
    for read in FUNCTIONS:
        with pytest.raises(error, match=fragment.name) as raised:
            read(output)
        assert raised.value.exit_code == 3
    for command in (gallery, watch, verify):
        arguments = ["--once"] if command is watch else []
        assert command([str(output.out), *arguments]) == (1 if command is verify else 3)
        told = capsys.readouterr()
        assert fragment.name in told.out + told.err
        assert "Traceback" not in told.err
    assert verify([str(output.out), "--adopt"]) == 3
    assert os.path.lexists(fragment), "it stays where it is"


def test_a_fragment_that_cannot_be_read_now_is_not_moved_by_a_repair(
    output: Output, capsys: pytest.CaptureFixture[str]
) -> None:
    (fragment,) = fragment_paths(output.manifest)
    keep = fragment.read_bytes()
    loop(fragment)
    assert verify([str(output.out), "--repair"]) == 3
    assert "cannot be read now (Too many levels of symbolic links)" in capsys.readouterr().err
    fragment.unlink()
    fragment.write_bytes(keep)
    assert output.run() == []


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES])
def test_an_error_of_the_disk_is_no_damage(output: Output, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def fails(*_: Any) -> NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(hashlib, "file_digest", fails)
    with pytest.raises(MachineError, match=rf"cannot be read now \({os.strerror(number)}\)"):
        manifest.read_manifest(output.manifest)


def test_a_damaged_fragment_is_set_aside_and_its_rows_are_written_again(
    output: Output, capsys: pytest.CaptureFixture[str]
) -> None:
    before = posepipe.read_manifest(output.manifest).set_index("caption_id").sort_index()
    (fragment,) = fragment_paths(output.manifest)
    flip(fragment)
    assert verify([str(output.out), "--repair", "--adopt"]) == 1
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        f"fragment\t{fragment}\tdamaged (its bytes are not those that were written); posepipe verify OUT --repair "
        "--adopt sets it aside and writes its rows again, from the JSON files"
    ]
    assert "adopted: 5" in told.err
    after = posepipe.read_manifest(output.manifest).set_index("caption_id").sort_index()
    same = ["caption", "stem", "status", "seed", "settings_id", "npy_sha256", "json_sha256", "bytes"]
    assert after[same].equals(before[same])
    assert verify([str(output.out)]) == 0
    assert output.run() == []


def test_files_without_json_wait_for_the_next_run_after_their_rows_are_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = Output(tmp_path, CAPTIONS, formats="npy")
    output.run()
    before = output.bytes()
    (fragment,) = fragment_paths(output.manifest)
    flip(fragment)
    assert verify([str(output.out), "--repair"]) == 1
    assert "left in place: 5 files whose rows may have been lost" in capsys.readouterr().err
    assert output.run() == ["infer"] * 5
    assert output.bytes() == before
    assert not (output.out / ".set-aside").exists()


class Killed(BaseException):
    """Ends a partition as SIGKILL would: nothing after it runs."""


def killed_after(monkeypatch: pytest.MonkeyPatch, moved: int) -> None:
    """Let the next partition end after it has moved this many artifacts to their names."""
    move, count = atomic.move, [0]

    def dies(aside: str | Path, path: str | Path) -> None:
        artifact = Path(path).suffix in (".npy", ".json") and not Path(path).name.startswith(".")
        if artifact and count[0] == moved:
            monkeypatch.setattr(atomic, "move", move)
            raise Killed
        count[0] += artifact
        move(aside, path)

    monkeypatch.setattr(atomic, "move", dies)


def faults(output: Output, capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    capsys.readouterr()
    verify([str(output.out)])
    return [line.split("\t") for line in capsys.readouterr().out.splitlines()]


def test_a_regeneration_that_is_killed_leaves_no_row_that_says_done_about_other_files(
    output: Output, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = output.bytes()
    killed_after(monkeypatch, 4)
    with pytest.raises(Killed):
        output.run(seed=7, on_mismatch="regenerate")
    assert sum(output.bytes()[name] != content for name, content in before.items()) == 4
    rows = posepipe.read_manifest(output.manifest)
    assert set(rows["error_type"]) == {"Unfinished"}
    assert {(kind, what.partition(":")[0]) for kind, _, what in faults(output, capsys)} <= {
        ("checksum", "changed since it was written"),
        ("field", "seed is 7, the row says 3407; changed since it was written"),
    }
    assert output.run() == ["infer"] * 5, "the original command sees that they are unfinished"
    assert output.bytes() == before
    assert faults(output, capsys) == []
    assert not (output.out / ".set-aside").exists(), "the files are known as posepipe's own"


def test_a_regeneration_that_is_killed_can_be_continued(output: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    killed_after(monkeypatch, 4)
    with pytest.raises(Killed):
        output.run(seed=7, on_mismatch="regenerate")
    assert output.run(seed=7, on_mismatch="regenerate") == ["infer"] * 5
    rows = posepipe.read_manifest(output.manifest)
    assert set(rows["seed"]) == {7}
    assert not rows["pinned"].any()
    assert output.run(seed=7) == []


def test_earlier_files_in_formats_that_are_not_made_again_are_set_aside(
    output: Output, capsys: pytest.CaptureFixture[str]
) -> None:
    before = output.bytes()
    output.run(seed=7, on_mismatch="regenerate", formats="npy")
    assert set(output.bytes()) == {name for name in before if name.endswith(".npy")}
    aside = {path.name: path.read_bytes() for path in (output.out / ".set-aside").rglob("*.json")}
    assert aside == {name: content for name, content in before.items() if name.endswith(".json")}
    assert faults(output, capsys) == []


def test_earlier_files_of_another_layout_are_set_aside(output: Output, capsys: pytest.CaptureFixture[str]) -> None:
    output.run(seed=7, on_mismatch="regenerate", layout="folders")
    assert all(len(path.parent.name) == 2 for path in output.out.glob("[!.]*/*.npy"))
    assert faults(output, capsys) == []


def test_a_new_row_is_newer_than_the_one_it_replaces_also_with_the_clock_set_back(
    output: Output, capsys: pytest.CaptureFixture[str]
) -> None:
    table = manifest.read_table(output.manifest)
    ahead = [row | {"finished_at": row["finished_at"] + datetime.timedelta(days=365)} for row in table.to_pylist()]
    manifest.write_fragment(output.manifest, ahead, "ahead", fsync=False)
    output.run(seed=7, on_mismatch="regenerate")
    assert set(posepipe.read_manifest(output.manifest)["seed"]) == {7}
    assert faults(output, capsys) == []
    assert output.run(seed=7) == []
    output.run(seed=7, formats="npy,json,png")
    assert posepipe.read_manifest(output.manifest)["png_sha256"].notna().all()


def test_a_sound_pose_stays_done_where_making_it_again_fails(
    output: Output, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = posepipe.read_manifest(output.manifest).sort_values("caption_id")
    monkeypatch.setattr("fake_model.FakeModel._motion", lambda *_: 1 / 0)
    for changes in ({"again": True}, {"seed": 7, "on_mismatch": "regenerate"}):
        output.run(**changes)
        assert set(output.told["error_type"]) == {"ZeroDivisionError"}, "the run counts it as failed"
        after = posepipe.read_manifest(output.manifest).sort_values("caption_id")
        changed = ["attempts", "finished_at"]
        assert after.drop(columns=changed).equals(before.drop(columns=changed))
    assert faults(output, capsys) == []
    assert output.run() == []


def test_poses_made_on_purpose_with_other_settings_stay(output: Output) -> None:
    before = output.bytes()
    with pytest.raises(SettingsMismatch):
        output.run(seed=7, again="A person waving")
    assert output.run(seed=7, on_mismatch="regenerate", again="A person waving") == ["infer"]
    rows = posepipe.read_manifest(output.manifest).set_index("stem")
    assert rows.index[rows["pinned"].eq(True)].tolist() == ["waving"]
    made = output.bytes()
    assert made["waving.npy"] != before["waving.npy"]
    assert output.run() == [], "the original command goes on"
    assert output.plan().kept == 1
    assert output.run(seed=9, on_mismatch="regenerate") == ["infer"] * 4
    assert output.bytes()["waving.npy"] == made["waving.npy"]
    assert output.run(seed=9) == []
    assert output.run(on_mismatch="regenerate", again="A person waving") == ["infer"]
    assert output.bytes()["waving.npy"] == before["waving.npy"]


@pytest.mark.parametrize(("far", "status"), [(1e30, "done"), (1.1e30, "failed"), (float("inf"), "failed")])
@pytest.mark.parametrize("formats", ["npy", "json"])
def test_workers_and_verify_agree_on_what_is_finite(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    far: float,
    status: str,
    formats: str,
) -> None:
    motion = FakeModel._motion

    def with_a_far_joint(*arguments: Any) -> Any:
        made = motion(*arguments)
        made[:, 5, 1] = far
        return made

    monkeypatch.setattr(FakeModel, "_motion", with_a_far_joint)
    output = Output(tmp_path, CAPTIONS[:1], formats=formats)
    output.run()
    row = posepipe.read_manifest(output.manifest).iloc[0]
    assert row.status == status
    assert faults(output, capsys) == []


def test_deleted_files_are_made_again(output: Output, capsys: pytest.CaptureFixture[str]) -> None:
    before, rows = output.bytes(), posepipe.read_manifest(output.manifest).set_index("stem")
    (output.out / "waving.json").unlink()
    (output.out / "sitting.npy").unlink()
    (output.out / "sitting.json").unlink()
    plan = output.plan()
    assert (plan.lost, plan.done, plan.work.redraws) == (2, 3, 1)
    assert output.run() == ["redraw", "infer"]
    assert output.bytes() == before
    after = posepipe.read_manifest(output.manifest).set_index("stem")
    same = ["npy_sha256", "json_sha256", "bytes", "status", "settings_id"]
    assert after.loc[rows.index, same].equals(rows[same])
    assert faults(output, capsys) == []


@pytest.mark.parametrize("layout", ["files", "folders", "shards"])
def test_an_output_folder_that_was_deleted_is_made_again(tmp_path: Path, layout: str) -> None:
    output = Output(tmp_path, CAPTIONS, formats="npy,json", layout=layout)
    output.run()
    assert output.run() == []
    before = posepipe.read_manifest(output.manifest).set_index("stem").sort_index()
    shutil.rmtree(output.out)
    assert output.run() == ["infer"] * 5
    after = posepipe.read_manifest(output.manifest).set_index("stem").sort_index()
    assert after["npy_sha256"].equals(before["npy_sha256"])
    assert len(posepipe.open_poses(output.out).joints()) == 5
    assert output.run() == []


def test_poses_that_are_kept_are_made_again_only_where_no_file_is_left(output: Output) -> None:
    (output.out / "waving.json").unlink()
    for name in ("sitting.json", "sitting.npy"):
        (output.out / name).unlink()
    plan = output.plan(seed=7, on_mismatch="keep")
    assert (plan.kept, plan.lost, plan.lost_kept) == (4, 1, 1)
    assert output.run(seed=7, on_mismatch="keep") == ["infer"]
