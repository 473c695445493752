"""``posepipe verify``: what it prints, its exit codes, its lock, and ``--adopt``."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from outputs import CAPTIONS, Output

from manifests import fragment_paths
from posepipe import manifest
from posepipe.captions.reading import caption_id
from posepipe.control.lock import LOCK_NAME, RunControl
from posepipe.control.state import read_state
from posepipe.errors import SettingsMismatch


def test_sound_files_give_no_line(output: Output, call: Any) -> None:
    code, lines, told = call(output.out)
    assert (code, lines) == (0, [])
    assert told == "5 rows, 15 artifacts: no faults\n"


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
    (tmp_path / "another").mkdir()
    other = Output(tmp_path / "another", CAPTIONS[:1])
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
