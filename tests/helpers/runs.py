"""Start ``posepipe run`` in its own process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

TESTS = Path(__file__).parent


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "posepipe", *arguments]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(TESTS), "OMP_NUM_THREADS": "1"}


def run(folder: Path, *arguments: str, timeout: float = 180) -> subprocess.CompletedProcess[str]:
    """Run ``posepipe run`` in ``folder``, with the fake model on two workers unless ``arguments`` say otherwise."""
    common = ["--model", "fake_model:factory", "--workers", "2", "--gpus", "none", "--dashboard-address", "127.0.0.1:0"]
    given = [a for a in common[::2] if a in arguments]
    extra = [
        part
        for name, value in zip(common[::2], common[1::2], strict=True)
        if name not in given
        for part in (name, value)
    ]
    return subprocess.run(
        command("run", *arguments, *extra),
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def start(folder: Path, *arguments: str, more: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start a run like :func:`run` without waiting, in a new session. ``more`` extends the environment."""
    common = ["--model", "fake_model:factory", "--workers", "2", "--gpus", "none", "--dashboard-address", "127.0.0.1:0"]
    return subprocess.Popen(
        command("run", *arguments, *common),
        cwd=folder,
        env=environment() | dict(more or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until a condition is true; raises AssertionError after ``seconds``."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "the condition did not become true"
        time.sleep(0.05)


def write_captions(path: Path, captions: Sequence[str]) -> Path:
    path.write_text("\n".join(captions) + "\n", encoding="utf-8")
    return path


def artifacts(folder: Path) -> dict[str, bytes]:
    """All artifacts of an output folder, by name."""
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if not p.name.startswith(".")}
