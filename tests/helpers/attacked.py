"""A folder in which an attack types the commands that a user would type."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pandas as pd

import posepipe

HELPERS: Final = Path(__file__).parent
CAPTIONS: Final = [f"A person standing number {number}" for number in range(12)]
STEMS: Final = [f"standing_number_{number}" for number in range(12)]
MODEL: Final = (
    "--model",
    "fake_model:factory",
    "--gpus",
    "none",
    "--workers",
    "1",
    "--dashboard-address",
    "127.0.0.1:0",
)
LIMIT: Final = 150
"""Seconds that a command may take."""


class Place:
    """A folder with ``c.txt`` in which commands are typed; everything that they print is kept for the report."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "SinglePose"
        self.manifest = folder / "manifests" / "SinglePose"
        self.write("c.txt", CAPTIONS)

    def write(self, name: str, captions: list[str]) -> None:
        """Write a file of captions."""
        (self.folder / name).write_text("\n".join(captions) + "\n", encoding="utf-8")

    def command(self, *arguments: str) -> list[str]:
        """The words of a command."""
        return [sys.executable, "-m", "posepipe", *arguments]

    def environment(self, more: dict[str, str] | None = None) -> dict[str, str]:
        """Environment in which the fake model is found."""
        return {**os.environ, "PYTHONPATH": str(HELPERS), "OMP_NUM_THREADS": "1", **(more or {})}

    def call(self, *arguments: str, more: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Type a command and wait for its end."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(more),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LIMIT,
            stdin=subprocess.DEVNULL,
        )

    def run(self, *arguments: str, captions: str = "c.txt") -> subprocess.CompletedProcess[str]:
        """``posepipe run`` with the fake model."""
        return self.call("run", captions, *MODEL, *arguments)

    def start(self, *arguments: str, captions: str = "c.txt") -> subprocess.Popen[str]:
        """Start ``posepipe run`` in a session of its own."""
        return subprocess.Popen(
            self.command("run", captions, *MODEL, *arguments),
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def rows(self) -> pd.DataFrame:
        """The manifest."""
        return posepipe.read_manifest(self.manifest)

    def made(self, *arguments: str) -> Place:
        """Make all poses; the attack needs them."""
        done = self.run(*arguments)
        assert done.returncode == 0, said(done)
        return self


def said(done: subprocess.CompletedProcess[str]) -> str:
    """What a command printed, shortened."""
    return f"exit {done.returncode}: {(done.stdout + done.stderr)[-600:]}"


def without_traceback(done: subprocess.CompletedProcess[str]) -> None:
    """Raise if a command printed a traceback or warnings of Python."""
    text = done.stdout + done.stderr
    assert "Traceback" not in text, said(done)
    assert "leaked semaphore" not in text, said(done)


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until a condition is true."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "the condition did not become true"
        time.sleep(0.05)


def snapshot(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by relative path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
