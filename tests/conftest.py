"""Tests that need a program, a font or a permission are skipped if it is missing; with ``--no-skips`` they fail.

Only tests marked ``gpu`` may be skipped with ``--no-skips``.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from posepipe.config import RunConfig
from posepipe.storage.stores import FileStore
from posepipe.workers.contract import RunContext


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="tests that would be skipped fail, as in CI")


def pytest_configure(config: pytest.Config) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if (
            signal.getsignal(number) == signal.SIG_IGN
        ):  # started by nohup or in the background: children would inherit it
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    config.addinivalue_line("markers", "needs(*programs): skipped where one of these programs is not installed")
    config.addinivalue_line("markers", "mounts: skipped where this process may not mount a file system (Linux, root)")
    config.addinivalue_line("markers", "gpu: needs an NVIDIA GPU; may be skipped even with --no-skips")


def pytest_runtest_setup(item: pytest.Item) -> None:
    wanted = [name for mark in item.iter_markers("needs") for name in mark.args]
    missing = [name for name in wanted if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not installed; .ci/run installs what the tests need, from Debian")
    if item.get_closest_marker("mounts") and not _may_mount():
        pytest.skip("may not mount a file system: that needs Linux and root, in a container also CAP_SYS_ADMIN")


@cache
def _may_mount() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        if shutil.which("mount") is None or not _mount(Path(folder), "size=64k"):
            return False
        _unmount(Path(folder))
        return True


def _mount(folder: Path, options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True).returncode == 0


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Generator[Path, None, None]:
    """A separate file system of 100 MiB; ``mount -o remount,size=...`` changes that. Needs the mark ``mounts``."""
    folder = tmp_path / "disk"
    folder.mkdir()
    assert _mount(folder, "size=100M")
    yield folder
    _unmount(folder)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    report: pytest.TestReport = yield
    return _no_skip(item.config, report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    report: pytest.CollectReport = yield
    return _no_skip(collector.config, report)


def _no_skip(config: pytest.Config, report: Any) -> Any:
    """With ``--no-skips``, turn a skip into a failure; an expected failure (xfail) is not a skip."""
    allowed = hasattr(report, "wasxfail") or "gpu" in getattr(report, "keywords", ())
    if report.skipped and not allowed and config.getoption("--no-skips"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"with --no-skips: {reason}"
    return report


@pytest.fixture
def context(tmp_path: Path) -> RunContext:
    """The context of a run with the fake model; its folders exist."""
    config = RunConfig(
        text_path="x",
        final_dir=str(tmp_path / "out"),
        manifest=str(tmp_path / "m"),
        model="fake_model:factory",
        cfg=2.0,
        batch_size=4,
        fsync=False,
    )
    FileStore(config.final_dir, config.temp_dir).prepare()
    return RunContext(config, "run", "fake-1")
