"""Runs with every format: adding them to what is there, killed in the middle, with foreign files in the way."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest
from runs import artifacts, command, environment, run, start, wait_for, write_captions

import posepipe
from posepipe.storage.artifact_formats import FORMATS, file_of

ALL = ",".join(FORMATS)


def verify(folder: Path) -> tuple[int, str]:
    done = subprocess.run(command("verify"), cwd=folder, env=environment(), capture_output=True, text=True)
    return done.returncode, done.stdout


def test_a_run_that_adds_formats_may_be_killed(tmp_path: Path) -> None:
    captions = [f"A person waving {number}" for number in range(40)]
    for name in ("killed", "whole"):
        (tmp_path / name).mkdir()
        write_captions(tmp_path / name / "c.txt", captions)
    killed = tmp_path / "killed"
    assert run(killed, "c.txt", "--formats", "npy").returncode == 0
    process = start(killed, "c.txt", "--formats", ALL)
    wait_for(lambda: next((killed / "SinglePose").glob("*.motion.npy"), None) is not None)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    again = run(killed, "c.txt", "--formats", ALL)
    assert again.returncode == 0, again.stderr
    assert not (killed / "SinglePose" / ".set-aside").exists(), "what the killed run left has the same bytes"
    assert verify(killed) == (0, "")
    assert run(tmp_path / "whole", "c.txt", "--formats", ALL).returncode == 0
    assert artifacts(killed / "SinglePose") == artifacts(tmp_path / "whole" / "SinglePose")


@pytest.mark.parametrize("again", ["deleted", "foreign"])
def test_files_of_added_formats_are_made_whatever_lies_there(tmp_path: Path, again: str) -> None:
    foreign = again == "foreign"
    write_captions(tmp_path / "c.txt", ["A person waving", "A person sitting"])
    assert run(tmp_path, "c.txt", "--formats", "npy,json" if foreign else ALL).returncode == 0
    out = tmp_path / "SinglePose"
    for name in ("bvh", "openpose", "motion"):
        path = out / file_of("waving", name)
        if again == "deleted":
            path.unlink()
        else:
            path.write_bytes(b"mine")
    done = run(tmp_path, "c.txt", "--formats", ALL)
    assert done.returncode == 0, done.stderr
    assert ("moved to SinglePose/.set-aside" in done.stderr) == foreign
    assert verify(tmp_path) == (0, "")
    kept = {path.name: path.read_bytes() for path in (out / ".set-aside").rglob("waving.*")}
    assert kept == (
        {file_of("waving", n): b"mine" for n in ("bvh", "openpose", "motion")} if again == "foreign" else {}
    )
    motion = np.load(out / "waving.motion.npy")
    [row] = [row for row, _ in posepipe.open_poses(out, tmp_path / "manifests" / "SinglePose") if row.stem == "waving"]
    assert np.array_equal(motion[row.frame_index], np.load(out / "waving.npy"))
