"""The types that a user's mypy sees, although the public names are imported when they are first used."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

TYPES = {
    'posepipe.load("small")("x")': "posepipe.artifacts.pose.Pose",
    'posepipe.load("small")("x", seed=1, variants=2)': "list[posepipe.artifacts.pose.Pose]",
    'posepipe.load("small")(["x", "y"])': "list[posepipe.artifacts.pose.Pose]",
    'posepipe.load("small")("x").motion.shape': "tuple[Any, ...]",
    'posepipe.generate(posepipe.RunConfig("captions.txt"))': "posepipe.run.summary.Summary",
    'posepipe.open_poses("SinglePose")[0][0]': "posepipe.artifacts.poses.PoseRow",
    'posepipe.open_poses("SinglePose")[1:]': "posepipe.artifacts.poses.Poses",
    'posepipe.read_manifest("manifests/SinglePose")': "pandas.core.frame.DataFrame",
    "posepipe.__version__": "str",
}


def test_mypy_knows_the_public_names(tmp_path: Path) -> None:
    lines = ["import posepipe", *(f"reveal_type({expression})" for expression in TYPES)]
    wrong = ['posepipe.load("small")(3)', "posepipe.laod", 'posepipe.load("small", sed=3)']
    (tmp_path / "script.py").write_text("\n".join([*lines, *wrong]) + "\n")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(tmp_path / "script.py")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert re.findall(r'Revealed type is "(.*)"', done.stdout) == list(TYPES.values()), done.stdout + done.stderr
    errors = [int(number) for number in re.findall(r":(\d+): error:", done.stdout)]
    assert sorted(set(errors)) == [len(lines) + 1 + place for place in range(len(wrong))]
