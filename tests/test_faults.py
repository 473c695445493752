"""Whole runs under attack: killed processes, full disks, lost schedulers, open doors. docs/faults.md lists them.

The long version, with a hundred kills, is torture.py.
"""

from __future__ import annotations

import errno
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
import pytest
from fake_model import FakeModel
from runs import artifacts, command, environment, run, start, wait_for, write_captions

import posepipe
from posepipe import control, manifest
from posepipe.errors import LockedError

TEXTS = [f"A person slowly {number}" for number in range(60)]
FORMATS = ("npy", "json", "png")


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], str]:
    """Artifacts of an undisturbed run, and what it said; its dashboard's port is taken and its door wide open."""
    folder = tmp_path_factory.mktemp("reference")
    write_captions(folder / "c.txt", TEXTS)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run(folder, "c.txt", "--dashboard-address", f"0.0.0.0:{taken.getsockname()[1]}")
        assert done.returncode == 0, done.stderr
        assert f":{taken.getsockname()[1]}/status" not in done.stderr
    return artifacts(folder / "SinglePose"), done.stderr


def family(leader: int) -> list[psutil.Process]:
    """The processes of a run that :func:`runs.start` began: all of its session."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (OSError, psutil.NoSuchProcess):
            continue
    return found


def workers(leader: int) -> list[psutil.Process]:
    """The worker processes of a run: children that multiprocessing spawned for work."""
    found = []
    for process in family(leader):
        try:
            if "spawn_main" in " ".join(process.cmdline()):
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def rows_of(folder: Path) -> int:
    table, _ = manifest.read_table(folder / "manifests" / "SinglePose", ["caption_id", "variant", "finished_at"])
    return len(table)


def check_state(folder: Path) -> None:
    """Every row's artifacts are there and whole; nothing under a final name is torn, row or no row."""
    out = folder / "SinglePose"
    checked = subprocess.run(command("verify", str(out)), capture_output=True, text=True, env=environment())
    faults = [line.split("\t") for line in checked.stdout.splitlines()]
    assert [fault for fault in faults if fault[0] != "stray"] == [], checked.stdout
    for path in out.glob("[!.]*"):
        content = path.read_bytes()
        if path.suffix == ".npy":
            assert len(content) == 392
        elif path.suffix == ".json":
            assert json.loads(content)["num_joints"] == 22
        else:
            assert content.endswith(b"IEND\xaeB`\x82")


# Death at any moment


def test_workers_killed_again_and_again_then_the_driver(
    tmp_path: Path, reference: tuple[dict[str, bytes], str]
) -> None:
    write_captions(tmp_path / "c.txt", TEXTS)
    process = start(tmp_path, "c.txt")
    out = tmp_path / "SinglePose"
    wait_for(lambda: len(workers(process.pid)) == 2)
    killed = 0
    for _ in range(8):  # a worker that starts is killed as well as one that works
        time.sleep(0.5)
        for worker in workers(process.pid)[:1]:
            worker.kill()
            killed += 1
    assert killed >= 6
    wait_for(lambda: len(list(out.glob("[!.]*.png"))) > rows_of(tmp_path) + 1)  # it publishes, and has no rows yet
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    wait_for(lambda: family(process.pid) == [], 30)
    check_state(tmp_path)
    done = run(tmp_path, "c.txt")
    assert done.returncode == 0, done.stderr
    assert artifacts(out) == reference[0]
    assert list((tmp_path / "SinglePose_temp").iterdir()) == []
    check_state(tmp_path)


def test_nine_of_a_thousand_are_guilty_and_only_they_fail(tmp_path: Path) -> None:
    guilty = {
        **{f"please segfault {n}": "WorkerDied" for n in range(2)},
        "please hang": "BatchTimeout",
        **{f"please nan {n}": "NonFinitePose" for n in range(2)},
        **{f"please raise {n}": "ZeroDivisionError" for n in range(3)},
        "please sigkill": "WorkerDied",
    }
    texts = [f"A person number {number}" for number in range(991)]
    for place, text in enumerate(guilty):
        texts.insert(100 * place + 50, text)
    write_captions(tmp_path / "c.txt", texts)
    process = start(tmp_path, "c.txt", "--batch-timeout", "3", "--formats", "npy,json")
    wait_for(lambda: rows_of(tmp_path) > 0)
    check_doors(family(process.pid))
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 1, output
    rows = posepipe.read_manifest(tmp_path / "manifests" / "SinglePose")
    assert rows[rows.status == "failed"].set_index("caption")["error_type"].to_dict() == guilty
    assert (rows.status == "done").sum() == 991
    wait_for(lambda: family(process.pid) == [], 30)


# Doors


def check_doors(processes: list[psutil.Process]) -> None:
    """All that the processes of a run listen on is this machine's own."""
    listening = []
    for process in processes:
        try:
            listening += [c.laddr.ip for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN]
        except psutil.NoSuchProcess:
            continue
    assert len(listening) >= 4  # scheduler, dashboard, nannies, workers
    assert set(listening) == {"127.0.0.1"}


def test_an_open_dashboard_is_said_loudly(reference: tuple[dict[str, bytes], str]) -> None:
    assert re.search(r"^warning: --dashboard-address 0\.0\.0\.0:\d+: the dashboard is open to", reference[1], re.M)
