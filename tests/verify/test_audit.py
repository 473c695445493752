"""The comparison of an output folder with its manifest."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from injuries import INJURIES, rewrite, truncate
from outputs import CAPTIONS, Output

from posepipe import manifest
from posepipe.artifacts.checking import Fault
from posepipe.storage.locations import open_folder
from posepipe.verify.audit import find_faults, fragment_fault, newest_rows


def faults_of(output: Output, **more: Any) -> list[Fault]:
    table, _ = newest_rows(open_folder(output.manifest))
    return find_faults(open_folder(output.out), table, 1, **more)


@pytest.mark.parametrize(("injure", "faults", "modes"), INJURIES, ids=lambda v: getattr(v, "__name__", ""))
def test_each_injury_is_found(output: Output, injure: Any, faults: list[tuple[str, str]], modes: list[str]) -> None:
    injure(output.out)
    found = faults_of(output)
    assert [(fault.kind, fault.file) for fault in found] == faults
    assert all(fault.what for fault in found)


def test_sound_files_have_no_faults_and_each_pose_is_counted_once(output: Output) -> None:
    counted: list[int] = []
    assert faults_of(output, advance=counted.append) == []
    assert len(counted) == 1
    assert counted[0] >= len(CAPTIONS)


def test_swapped_files_name_whose_they_are(output: Output) -> None:
    one, other = output.out / "waving.npy", output.out / "jumping.npy"
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    whats = {fault.file: fault.what for fault in faults_of(output)}
    assert whats == {
        "waving.npy": "it holds what belongs to jumping.npy",
        "jumping.npy": "it holds what belongs to waving.npy",
    }


def test_content_that_belongs_to_no_row_is_not_swapped(output: Output) -> None:
    np.save(output.out / "waving.npy", np.load(output.out / "waving.npy") + np.float32(0.5))
    (output.out / "sitting.json").write_bytes((output.out / "sitting.npy").read_bytes())  # of another format
    assert [fault.kind for fault in faults_of(output)] == ["checksum", "format"]


def test_strays_are_sorted_and_say_why(output: Output) -> None:
    rewrite(output, png_sha256=None)
    for name in ("z.npy", "b.txt", "a"):
        (output.out / name).write_bytes(b"")
    assert [(fault.kind, fault.file, fault.what) for fault in faults_of(output)] == [
        ("stray", "a", "no row describes it"),
        ("stray", "b.txt", "no row describes it"),
        ("stray", "waving.png", "its row describes no png"),
        ("stray", "z.npy", "no row describes it"),
    ]


def test_during_a_run_only_files_of_other_kinds_are_strays(output: Output) -> None:
    for name in ("z.npy", "z.json", "z.png", "b.txt"):
        (output.out / name).write_bytes(b"")
    truncate(output.out)
    found = [(fault.kind, fault.file) for fault in faults_of(output, incomplete=True)]
    assert found == [("format", "waving.png"), ("stray", "b.txt")]


def test_files_that_are_not_fragments(output: Output) -> None:
    (output.manifest / "torn.parquet").write_bytes(b"PAR1")
    table, unreadable = newest_rows(open_folder(output.manifest))
    assert len(table) == len(CAPTIONS)
    [found] = unreadable
    fault = fragment_fault(found)
    assert (fault.kind, fault.file) == ("fragment", str(output.manifest / "torn.parquet"))
    assert fault.what.startswith("damaged (")


def test_joints_that_differ_between_formats(output: Output, call: Any) -> None:
    np.save(output.out / "waving.npy", np.load(output.out / "waving.npy") + np.float32(0.5))
    rewrite(output, npy_sha256=hashlib.sha256((output.out / "waving.npy").read_bytes()).hexdigest())
    assert [line[:2] for line in call(output.out)[1]] == [["joints", "waving.json"]]


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
