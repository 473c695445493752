"""Verify, repair and adopt, on folders written by the stages themselves."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from outputs import CAPTIONS, Output, break_json

from manifests import fragment_paths
from posepipe import manifest
from posepipe.captions.reading import caption_id
from posepipe.control.lock import LOCK_NAME, RunControl
from posepipe.control.state import read_state
from posepipe.errors import SettingsMismatch
from posepipe.verify import __main__ as verify
from posepipe.verify.repairs import SET_ASIDE
from posepipe.workers.contract import INFER

Lines = list[list[str]]


@pytest.fixture
def output(tmp_path: Path) -> Output:
    made = Output(tmp_path, CAPTIONS)
    made.run()
    return made


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Lines, str]]:
    """Calls the command: exit code, fields of its lines, stderr."""

    def called(*arguments: object) -> tuple[int, Lines, str]:
        capsys.readouterr()
        code = verify.main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, [line.split("\t") for line in told.out.splitlines()], told.err

    return called


def delete(out: Path) -> None:
    (out / "waving.npy").unlink()


def truncate(out: Path) -> None:
    content = (out / "waving.png").read_bytes()
    (out / "waving.png").write_bytes(content[: len(content) // 2])


def flip(out: Path) -> None:
    content = bytearray((out / "waving.json").read_bytes())
    place = content.index(b'"joints": [[') + 15
    content[place] = ord("1") if content[place] != ord("1") else ord("2")
    (out / "waving.json").write_bytes(content)


def swap(out: Path) -> None:
    one, other, aside = out / "waving.npy", out / "jumping.npy", out / ".aside"
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def stray(out: Path) -> None:
    (out / "notes.txt").write_text("not a pose")


def not_finite(out: Path) -> None:
    joints = np.load(out / "waving.npy")
    joints[4, 1] = np.nan
    np.save(out / "waving.npy", joints)


def wrong_shape(out: Path) -> None:
    np.save(out / "waving.npy", np.load(out / "waving.npy")[:21])


def wrong_dtype(out: Path) -> None:
    np.save(out / "waving.npy", np.load(out / "waving.npy").astype(np.float64))


def no_npy(out: Path) -> None:
    (out / "waving.npy").write_bytes(b"nothing")


def small_picture(out: Path) -> None:
    content = bytearray((out / "waving.png").read_bytes())
    content[16:20] = (600).to_bytes(4, "big")
    (out / "waving.png").write_bytes(content)


def fewer_joints(out: Path) -> None:
    fields = json.loads((out / "waving.json").read_text())
    fields["joints"].pop()
    (out / "waving.json").write_text(json.dumps(fields))


def field_gone(out: Path) -> None:
    fields = json.loads((out / "waving.json").read_text())
    del fields["model_fingerprint"]
    (out / "waving.json").write_text(json.dumps(fields))


def all_gone(out: Path) -> None:
    for extension in ("npy", "json", "png"):
        (out / f"waving.{extension}").unlink()


def folder_instead(out: Path) -> None:
    delete(out)
    (out / "waving.npy").mkdir()


INJURIES = [
    (delete, [("missing", "waving.npy")], ["redraw"]),
    (truncate, [("format", "waving.png")], ["redraw"]),
    (flip, [("checksum", "waving.json")], ["redraw"]),
    (break_json, [("format", "waving.json")], ["redraw"]),
    (swap, [("swapped", "waving.npy"), ("swapped", "jumping.npy")], ["redraw", "redraw"]),
    (stray, [("stray", "notes.txt")], []),
    (not_finite, [("finite", "waving.npy")], ["redraw"]),
    (wrong_shape, [("shape", "waving.npy")], ["redraw"]),
    (wrong_dtype, [("dtype", "waving.npy")], ["redraw"]),
    (no_npy, [("format", "waving.npy")], ["redraw"]),
    (small_picture, [("size", "waving.png")], ["redraw"]),
    (fewer_joints, [("joints", "waving.json")], ["redraw"]),
    (field_gone, [("field", "waving.json")], ["redraw"]),
    (all_gone, [("missing", f"waving.{e}") for e in ("npy", "json", "png")], ["infer"]),
    (folder_instead, [("unreadable", "waving.npy")], ["redraw"]),
]


def test_sound_files_give_no_line(output: Output, call: Any) -> None:
    code, lines, told = call(output.out)
    assert (code, lines) == (0, [])
    assert told == "5 rows, 15 artifacts: no faults\n"


@pytest.mark.parametrize(("injure", "faults", "modes"), INJURIES, ids=lambda v: getattr(v, "__name__", ""))
def test_each_injury_is_found_and_repaired(
    output: Output, call: Any, injure: Any, faults: list[tuple[str, str]], modes: list[str]
) -> None:
    before = output.bytes()
    injure(output.out)
    code, lines, told = call(output.out)
    assert code == 1
    assert [tuple(line[:2]) for line in lines] == faults
    assert all(len(line) == 3 and line[2] for line in lines)
    assert all(f"{kind} {sum(k == kind for k, _ in faults)}" in told for kind, _ in faults)
    assert output.run() == [], "without --repair nothing is due"
    assert call(output.out)[1] == lines

    assert call(output.out, "--repair")[:2] == (1, lines)
    assert call(output.out)[:2] == (0, []), "what is left is sound"
    assert output.run() == modes
    assert call(output.out)[:2] == (0, [])
    assert output.bytes() == before
    rows = manifest.read_manifest(output.manifest)
    assert set(rows["status"]) == {"done"}
    assert rows["bytes"].sum() == sum(map(len, before.values()))


def test_many_injuries_at_once_over_processes(output: Output, call: Any) -> None:
    before = output.bytes()
    truncate(output.out)
    stray(output.out)
    (output.out / "sitting.npy").unlink()
    (output.out / "ein_Mensch_läuft.json").write_text("{}")
    _, alone, _ = call(output.out, "--jobs", 1)
    code, lines, _ = call(output.out, "--jobs", 2)
    assert code == 1
    assert lines == alone
    assert {line[0] for line in lines} == {"format", "stray", "missing", "field"}
    call(output.out, "--repair")
    assert sorted(output.run()) == ["redraw"] * 3
    assert call(output.out)[:2] == (0, [])
    assert output.bytes() == before


def test_nothing_is_deleted_by_a_repair(output: Output, call: Any) -> None:
    truncate(output.out)
    stray(output.out)
    (output.out / "folder").mkdir()
    torn = (output.out / "waving.png").read_bytes()
    _, _, told = call(output.out, "--repair")
    place = next((output.out / SET_ASIDE).iterdir())
    assert sorted(p.name for p in place.iterdir()) == ["folder", "notes.txt", "waving.png"]
    assert (place / "waving.png").read_bytes() == torn
    assert str(place) in told


def rewrite(output: Output, **changes: Any) -> None:
    """A newer row for the first pose, as something broken might have written it."""
    row = manifest.newest(manifest.read_table(output.manifest)[0]).to_pylist()[0]
    row["finished_at"] += timedelta(microseconds=1)
    manifest.write_fragment(output.manifest, [row | changes], "odd", fsync=False)


def test_a_pose_that_was_written_wrong_is_made_anew_as_a_whole(output: Output, call: Any) -> None:
    before = output.bytes()
    not_finite(output.out)
    content = (output.out / "waving.npy").read_bytes()
    rewrite(output, npy_sha256=hashlib.sha256(content).hexdigest())
    code, lines, _ = call(output.out)
    assert (code, [line[:2] for line in lines]) == (1, [["finite", "waving.npy"]])
    assert "right_knee" in lines[0][2] or "left_knee" in lines[0][2]
    call(output.out, "--repair")
    row = manifest.read_manifest(output.manifest).set_index("stem").loc["waving"]
    assert (row["status"], row["error_type"]) == ("failed", "ArtifactLost")
    assert "waving.npy" in row["error"]
    assert output.run() == [INFER], "taken up without --retry-failed"
    assert call(output.out)[:2] == (0, [])
    assert output.bytes() == before


def test_joints_that_differ_between_formats(output: Output, call: Any) -> None:
    np.save(output.out / "waving.npy", np.load(output.out / "waving.npy") + np.float32(0.5))
    rewrite(output, npy_sha256=hashlib.sha256((output.out / "waving.npy").read_bytes()).hexdigest())
    assert [line[:2] for line in call(output.out)[1]] == [["joints", "waving.json"]]


def test_a_row_that_names_nothing_or_leads_outside(output: Output, call: Any) -> None:
    outside = output.out.parent / "outside.npy"
    outside.write_bytes(b"mine")
    rewrite(output, path="../outside", json_sha256=None, png_sha256=None)
    _, lines, _ = call(output.out)
    assert [line[:2] for line in lines if line[0] == "row"] == [["row", "../outside"]]
    rewrite(output, npy_sha256=None, json_sha256=None, png_sha256=None)
    rewrite(output, npy_sha256=None, json_sha256=None, png_sha256=None, path="../outside")
    call(output.out, "--repair")
    assert outside.read_bytes() == b"mine"


def test_a_torn_fragment_is_a_fault_and_its_poses_can_be_adopted(output: Output, call: Any) -> None:
    fragment = fragment_paths(output.manifest)[0]
    fragment.write_bytes(fragment.read_bytes()[:-30])
    code, lines, _ = call(output.out)
    kinds = [line[0] for line in lines]
    assert code == 1
    assert kinds.count("fragment") == 1
    assert kinds.count("stray") == 15
    code, lines, told = call(output.out, "--repair")
    assert "left in place: 5 sound poses without a row" in told
    assert not manifest.read_table(output.manifest)[1]
    code, lines, told = call(output.out, "--adopt")
    assert (code, lines) == (0, [])
    assert "adopted: 5" in told
    assert output.run() == []


def test_adopted_rows_are_those_of_a_run(tmp_path: Path, call: Any) -> None:
    output = Output(tmp_path, [*CAPTIONS, "a person Waving", "CON"], variants=2, sequence_length=8, seed=7)
    output.run()
    before = manifest.read_manifest(output.manifest).set_index(["caption_id", "variant"]).sort_index()
    for path in fragment_paths(output.manifest):
        path.unlink()
    assert call(output.out)[0] == 1
    assert call(output.out, "--adopt")[:2] == (0, [])
    after = manifest.read_manifest(output.manifest).set_index(["caption_id", "variant"]).sort_index()
    same = [
        *("caption", "stem", "path", "status", "attempts", "seed", "sequence_length", "frame_index", "time_steps"),
        *("cfg", "model", "model_fingerprint", "settings_id", "npy_sha256", "json_sha256", "png_sha256", "bytes"),
        *("height", "lowest_y", "bone_error", "flags"),
    ]
    assert after[same].equals(before[same])
    assert output.run() == []


def test_run_adopts_before_it_plans(output: Output) -> None:
    for path in fragment_paths(output.manifest):
        path.unlink()
    plan = output.plan(adopt=True)
    assert (plan.done, len(plan.work)) == (5, 0)
    rows = manifest.read_manifest(output.manifest).set_index("caption_id")
    assert [int(rows.loc[caption_id(c), "line"]) for c in CAPTIONS] == [1, 2, 3, 4, 5]
    with pytest.raises(SettingsMismatch, match="seed was 3407, now 1"):
        output.plan(seed=1, adopt=True)


def test_a_format_can_be_added_to_an_adopted_pose(tmp_path: Path, call: Any) -> None:
    output = Output(tmp_path, CAPTIONS, formats="npy,json")
    output.run()
    for path in fragment_paths(output.manifest):
        path.unlink()
    (output.out / "waving.npy").write_bytes(b"torn")
    assert [line[:2] for line in call(output.out, "--adopt")[1]] == [["stray", "waving.npy"]]
    assert output.run(formats="npy,json,png") == ["redraw"] * 5
    assert call(output.out)[:2] == (0, [])


def test_files_of_a_failed_row_are_strays(output: Output, call: Any) -> None:
    rewrite(output, status="failed", error_type="WorkerDied", npy_sha256=None, json_sha256=None, png_sha256=None)
    _, lines, _ = call(output.out)
    assert lines == [["stray", f"waving.{e}", "its row says failed (WorkerDied)"] for e in ("json", "npy", "png")]


def test_failures_and_sanity_flags_are_no_faults(tmp_path: Path, call: Any) -> None:
    output = Output(tmp_path, ["A person waving", "please raise", "a nan here"])
    output.run()
    assert set(manifest.read_manifest(output.manifest)["flags"].dropna()) != {""}
    assert call(output.out)[:2] == (0, [])


def test_names_with_a_dot_are_never_strays_and_odd_names_stay_on_one_line(output: Output, call: Any) -> None:
    (output.out / ".hidden").write_text("")
    (output.out / "a\tb\nc.txt").write_text("")
    assert call(output.out)[1] == [["stray", "a\\tb\\nc.txt", "no row describes it"]]


@contextmanager
def held(output: Output) -> Iterator[None]:
    lock = RunControl(output.out, read_state(output.out))
    try:
        yield
    finally:
        lock.close()


def test_while_a_run_holds_the_folder(output: Output, call: Any) -> None:
    (output.out / "running.npy").write_bytes(b"")
    with held(output):
        for option in ("--repair", "--adopt"):
            code, lines, told = call(output.out, option)
            assert (code, lines) == (4, [])
            assert "is held by run" in told
        assert call(output.out)[:2] == (0, []), "artifacts without a row are on their way"
    assert call(output.out)[:1] == (1,)


def test_looking_leaves_no_trace(output: Output, call: Any) -> None:
    (output.out / LOCK_NAME).unlink()
    call(output.out)
    assert not (output.out / LOCK_NAME).exists()


def test_bad_arguments(output: Output, call: Any, tmp_path: Path) -> None:
    code, _, told = call(tmp_path / "none")
    assert (code, "no such folder" in told) == (2, True)
    code, _, told = call(tmp_path)
    assert (code, "--manifest" in told or "not the output of a run" in told) == (2, True)
    code, _, told = call(output.out, "--manifest", tmp_path / "none")
    assert (code, "--adopt" in told) == (2, True)
    assert call(output.out, "--manifest", output.manifest)[0] == 0
    other = Output(tmp_path / "out", CAPTIONS[:1])
    other.run()
    code, _, told = call(output.out, "--manifest", other.manifest, "--repair")
    assert (code, "belongs to" in told) == (4, True)
    code, _, told = call(output.out, "--jobs", "0")
    assert (code, told) == (2, "posepipe: --jobs 0: give a whole number of at least 1\n")


def test_help_is_light() -> None:
    code = (
        "import sys\nfrom posepipe.verify.__main__ import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
        "assert not {'numpy', 'pandas', 'pyarrow', 'torch', 'dask'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
