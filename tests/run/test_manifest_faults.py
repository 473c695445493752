"""Faults of the manifest as users meet them: damaged or unreadable fragments, deleted files, killed runs."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from outputs import CAPTIONS, Output

import posepipe
from manifests import fragment_paths
from posepipe import manifest
from posepipe.errors import DamagedFragment, MachineError, PosepipeError
from posepipe.gallery.__main__ import main as gallery
from posepipe.manifest.index import read_index
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
