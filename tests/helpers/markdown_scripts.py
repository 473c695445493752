"""The code in a Markdown document, and its Python run as scripts."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def code_blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def run_blocks(text: str, folder: Path) -> list[str]:
    """Run each Python block as a script of its own in a folder; returns what each printed, nothing on stderr."""
    printed = []
    for block in code_blocks(text, "python"):
        (folder / "script.py").write_text(block)
        done = subprocess.run([sys.executable, "script.py"], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        printed.append(done.stdout)
    return printed
