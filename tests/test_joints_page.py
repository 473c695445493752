"""docs/joints.md says what posepipe.skeleton says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from posepipe.skeleton import CHAINS, JOINT_NAMES, PARENTS

DOCS = Path(__file__).parent.parent / "docs"


def rows(columns: int) -> list[list[str]]:
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (DOCS / "joints.md").read_text().splitlines()
        if line.startswith("|") and not line.startswith(("|-", "|--"))
    ]
    return [row for row in cells if len(row) == columns][1:]


def test_joints() -> None:
    limb_of = {joint: limb for limb, chain in CHAINS.items() for joint in chain[1:]} | {0: "spine"}
    expected = [
        [
            str(joint),
            name,
            f"{PARENTS[joint]} {JOINT_NAMES[PARENTS[joint]]}" if joint else "none",
            limb_of[joint].replace("_", " "),
        ]
        for joint, name in enumerate(JOINT_NAMES)
    ]
    assert rows(4) == expected


def test_chains() -> None:
    found = {name.replace(" ", "_"): tuple(map(int, joints.split(", "))) for name, joints, _ in rows(3)}
    assert found == CHAINS


def test_the_picture_can_be_made_anew(tmp_path: Path) -> None:
    script = tmp_path / "joints.py"
    script.write_text((DOCS / "joints.py").read_text())
    subprocess.run([sys.executable, str(script)], check=True)
    made = (tmp_path / "joints.png").read_bytes()
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    assert made[16:24] == (DOCS / "joints.png").read_bytes()[16:24], "width and height"
