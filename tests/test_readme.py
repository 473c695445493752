"""The README: short, the same in both languages, and its Python runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_scripts import code_blocks, run_blocks

ROOT = Path(__file__).parent.parent
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh.md").read_text(encoding="utf-8")


def _code(block: str) -> list[str]:
    """Lines of a block without their comments."""
    return [re.sub(r"\s*#.*", "", line) for line in block.splitlines()]


def test_the_readme_is_short() -> None:
    assert len(ENGLISH.splitlines()) <= 120


def test_both_languages_have_the_same_code_and_sections() -> None:
    assert [_code(block) for block in code_blocks(ENGLISH, "python")] == [
        _code(block) for block in code_blocks(CHINESE, "python")
    ]
    assert ENGLISH.count("\n## ") == CHINESE.count("\n## ")
    assert ENGLISH.count("\n| ") == CHINESE.count("\n| "), "rows of tables"
    installs = [re.findall(r"`(?:uv )?pip install [^`]+`", text) for text in (ENGLISH, CHINESE)]
    assert installs[0] == installs[1]
    assert len(installs[0]) == 4


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["README.md", "README.zh.md"])
def test_shell_lines_call_commands_that_exist(text: str) -> None:
    from posepipe.__main__ import COMMANDS

    lines = [line for block in code_blocks(text, "console") for line in block.splitlines()]
    assert all(line.startswith("$ ") for line in lines)
    called = [line.split()[2] for line in lines if line.startswith("$ posepipe ")]
    assert called
    assert set(called) <= set(COMMANDS)


def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    """Each block as a script of its own, in order, in a folder with the captions.txt that they name."""
    (tmp_path / "captions.txt").write_text("A person arching back\nA person kneeling\n")
    single, bulk = run_blocks(ENGLISH, tmp_path)
    assert single == "(22, 3) \n"
    assert (tmp_path / "arching_back.bvh").read_text().startswith("HIERARCHY")
    assert bulk.startswith("done: 2 made in ")
    assert "A person kneeling  (22, 3)\n" in bulk
    assert {path.stem for path in (tmp_path / "SinglePose").glob("*.npy")} == {"arching_back", "kneeling"}
