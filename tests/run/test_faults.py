"""Whole runs under attack: killed processes, full disks, lost schedulers, open doors. docs/faults.md lists them.

The long version, with a hundred kills, is torture.py.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import psutil
import pyarrow.parquet as pq
import pytest
from distributed import Client, Security
from runs import artifacts, command, environment, run, start, wait_for, write_captions

import posepipe
from manifests import fragment_paths
from posepipe import manifest
from posepipe.config import RunConfig
from posepipe.control.lock import LOCK_NAME, RunControl
from posepipe.control.state import new_state, read_state
from posepipe.errors import LockedError, MachineError
from posepipe.run import cluster, waves
from posepipe.run.summary import Silent, Tally
from posepipe.run.waves import Waves

TEXTS = [f"A person briefly {number}" for number in range(200)]


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
    table = manifest.read_table(folder / "manifests" / "SinglePose", ["caption_id", "variant", "finished_at"])
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


def written_aside(folder: Path) -> int:
    """How many artifacts lie in the temporary folder: a partition is being published."""
    return len(list((folder / "SinglePose_temp").glob(".posepipe-*.[0-9]*")))


# Death at any moment


def test_workers_killed_again_and_again_then_the_driver_then_stopped(
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
    wait_for(lambda: written_aside(tmp_path) > 2)  # it publishes, and has no rows yet
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    wait_for(lambda: family(process.pid) == [], 30)
    check_state(tmp_path)
    process = start(tmp_path, "c.txt", "--batch-timeout", "3")
    there = len(list(out.glob("[!.]*.png")))
    wait_for(lambda: len(list(out.glob("[!.]*.png"))) > there)
    os.killpg(process.pid, signal.SIGSTOP)
    time.sleep(6)  # longer than a batch may take; but nobody was at work
    os.killpg(process.pid, signal.SIGCONT)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    assert artifacts(out) == reference[0]
    assert list((tmp_path / "SinglePose_temp").iterdir()) == []
    check_state(tmp_path)
    broken_manifest_is_mended(tmp_path, reference[0])


class Killer(Silent):
    """Kills all workers where rows wait that the driver has not fetched, and again while they are made anew."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._again = folder, threading.Thread(target=self._kill_at_work, daemon=True)

    def progress(self, tally: Tally) -> None:
        if self._again.ident is None:
            wait_for(lambda: rows_of(self._folder) == len(TEXTS))
            time.sleep(0.5)  # the driver's client has heard of them
            self._kill()
            self._again.start()

    def _kill_at_work(self) -> None:
        wait_for(lambda: any((self._folder / "SinglePose_temp").glob(".posepipe-inflight-*")))
        self._kill()

    @staticmethod
    def _kill() -> None:
        for child in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):  # it may have ended by itself
                if "spawn_main" in " ".join(child.cmdline()):
                    child.kill()


def test_rows_that_die_with_their_workers_are_made_again(
    tmp_path: Path, reference: tuple[dict[str, bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
    write_captions(tmp_path / "c.txt", TEXTS)
    places = {"dashboard_address": "127.0.0.1:0", "gpus": "none", "workers": 2}
    config = RunConfig(text_path="c.txt", model="fake_model:factory", **places)
    summary = posepipe.generate(config, Killer(tmp_path))
    assert (summary.exit_code, summary.tally.made) == (0, len(TEXTS))
    assert summary.tally.deaths >= 1
    assert artifacts(tmp_path / "SinglePose") == reference[0]
    check_state(tmp_path)


def broken_manifest_is_mended(folder: Path, expected: dict[str, bytes]) -> None:
    """A torn or foreign fragment ends the run; after a repair what it covered is there again or made again."""
    table = folder / "manifests" / "SinglePose"
    torn = max(fragment_paths(table), key=lambda path: path.stat().st_size)
    torn.write_bytes(torn.read_bytes()[:-20])
    done = run(folder, "c.txt")
    assert done.returncode == 3
    assert f"{torn.name}: damaged (its bytes are not those that were written)" in done.stderr
    repair = [*command("verify", "SinglePose", "--repair")]
    repaired = subprocess.run(repair, cwd=folder, capture_output=True, text=True, env=environment())
    kinds = Counter(line.partition("\t")[0] for line in repaired.stdout.splitlines())
    assert (repaired.returncode, kinds["fragment"], set(kinds)) == (1, 1, {"fragment", "stray"}), repaired.stdout
    assert "left in place: " in repaired.stderr
    covered = len(TEXTS) - len(posepipe.read_manifest(table))
    assert covered > 0
    foreign = table / "foreign.parquet"
    pd.DataFrame({"a": [1]}).to_parquet(foreign)
    done = run(folder, "c.txt")
    assert done.returncode == 4
    assert "foreign.parquet: not written by posepipe" in done.stderr
    foreign.unlink()
    done = run(folder, "c.txt")
    assert done.returncode == 0, done.stderr
    assert f"done: {covered} made" in done.stderr
    assert artifacts(folder / "SinglePose") == expected
    lost = max(fragment_paths(table), key=lambda path: path.stat().st_size)
    lost.write_bytes(b"PAR1")
    subprocess.run([*repair, "--adopt"], cwd=folder, env=environment(), capture_output=True)
    done = run(folder, "c.txt")
    assert f"nothing to do, {len(TEXTS)} were there" in done.stderr
    check_state(folder)


def test_a_manifest_of_a_newer_posepipe_is_refused_with_exit_code_4(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", TEXTS)
    newer = manifest.SCHEMA.with_metadata({"posepipe_schema": str(manifest.SCHEMA_VERSION + 1)})
    (tmp_path / "manifests" / "SinglePose").mkdir(parents=True)
    pq.write_table(newer.empty_table(), tmp_path / "manifests" / "SinglePose" / "x.parquet")
    done = run(tmp_path, "c.txt")
    assert (done.returncode, len(done.stderr.splitlines())) == (4, 1), done.stderr
    assert "update posepipe" in done.stderr


def test_a_lock_holds_as_long_as_its_process_lives(tmp_path: Path) -> None:
    code = (
        "import sys, os, signal; from posepipe.control.lock import RunControl; "
        "from posepipe.control.state import new_state; "
        "places = dict.fromkeys(('final_dir', 'manifest', 'temp_dir', 'log_dir', 'model'), sys.argv[1]); "
        "held = RunControl(sys.argv[1], new_state('r1', **places)); "
        "print(os.getpid(), flush=True); signal.pause()"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "out")], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    pid = holder.stdout.readline().strip()
    places = dict.fromkeys(("final_dir", "manifest", "temp_dir", "log_dir", "model"), str(tmp_path))
    state = new_state("r2", **places)
    with pytest.raises(LockedError, match=rf"run r1 \(host {socket.gethostname()}, pid {pid}, since 2"):
        RunControl(tmp_path / "out", state)
    holder.kill()
    holder.communicate()
    assert f"pid {pid}" in (tmp_path / "out" / LOCK_NAME).read_text()  # stale, and yet:
    RunControl(tmp_path / "out", state).close()


def test_two_runs_do_not_share_a_temp_dir(tmp_path: Path) -> None:
    places = dict.fromkeys(("final_dir", "manifest", "temp_dir", "log_dir", "model"), str(tmp_path))
    first, second = (RunControl(tmp_path / name, new_state(name, **places)) for name in "ab")
    first.hold(tmp_path)
    with pytest.raises(LockedError, match="in use by another run"):
        second.hold(tmp_path)
    first.close()
    second.hold(tmp_path)
    second.close()


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
    assert rows[rows.status == "failed"].set_index("caption")["error_type"].to_dict() == guilty, output
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
    assert re.search(r"^warning: --dashboard-address 0\.0\.0\.0:\d+: everybody who reaches", reference[1], re.M)


# The machine says no


def fails_with_one_line(folder: Path, process: subprocess.Popen[str], pattern: str) -> None:
    """The run ends with exit code 3, and after what every run says there is one line more."""
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 3, output
    said = output.splitlines()
    assert len(said) == 4, output  # how the input was read, the plan, the dashboard, and why it ended
    assert re.search(pattern, said[-1]), output
    assert said[-1].startswith("posepipe: ")
    assert read_state(folder / "SinglePose").error.startswith("MachineError") or "No space" in pattern


def fill(disk: Path) -> None:
    """Write until nothing more goes in."""
    with (disk / "ballast").open("wb", buffering=0) as ballast, pytest.raises(OSError, match="No space"):
        ballast.writelines(bytes(2**16) for _ in itertools.count())


@pytest.mark.mounts
def test_a_full_disk_stops_the_run_and_room_completes_it(
    small_disk: Path, reference: tuple[dict[str, bytes], str]
) -> None:
    write_captions(small_disk / "c.txt", TEXTS)
    process = start(small_disk, "c.txt")
    wait_for(lambda: written_aside(small_disk) > 0)
    fill(small_disk)
    fails_with_one_line(small_disk, process, "No space left on device")
    wait_for(lambda: family(process.pid) == [], 30)
    check_state(small_disk)
    assert rows_of(small_disk) < len(TEXTS)
    full = run(small_disk, "c.txt")
    assert (full.returncode, len(full.stderr.splitlines())) == (3, 1), full.stderr
    assert "MiB are free" in full.stderr
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    frozen = run(small_disk, "c.txt")
    assert (frozen.returncode, len(frozen.stderr.splitlines())) == (3, 1), frozen.stderr
    assert "Read-only file system" in frozen.stderr
    subprocess.run(["mount", "-o", "remount,rw,size=400M", str(small_disk)], check=True)
    done = run(small_disk, "c.txt")
    assert done.returncode == 0, done.stderr
    assert artifacts(small_disk / "SinglePose") == reference[0]
    check_state(small_disk)


@pytest.mark.mounts
def test_a_temp_dir_on_another_file_system_is_refused(small_disk: Path, tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", TEXTS)
    refused = run(tmp_path, "c.txt", "--temp-dir", str(small_disk / "t"))
    assert (refused.returncode, len(refused.stderr.splitlines())) == (3, 1), refused.stderr
    assert "two file systems" in refused.stderr


def test_the_final_dir_removed_in_mid_run(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", TEXTS)
    process = start(tmp_path, "c.txt")
    out = tmp_path / "SinglePose"
    wait_for(lambda: written_aside(tmp_path) > 0)
    out.rename(tmp_path / "elsewhere")
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 3, output
    assert len(output.splitlines()) == 4, output
    assert "No such file or directory" in output.splitlines()[-1]
    (tmp_path / "elsewhere").rename(out)
    check_state(tmp_path)


def test_too_few_open_files_are_said_before_the_start(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", TEXTS)
    narrow = ["bash", "-c", 'ulimit -n 60; exec "$@"', "bash", *command("run", "c.txt", "--gpus", "none")]
    done = subprocess.run(
        [*narrow, "--model", "fake_model:factory"], cwd=tmp_path, env=environment(), capture_output=True, text=True
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1), done.stderr
    assert "open files" in done.stderr
    assert not (tmp_path / "SinglePose").exists()


def test_no_worker_for_long_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waves, "WORKERS_SECONDS", 0.0)
    monkeypatch.setattr(waves, "NO_WORKERS_SECONDS", 0.5)
    there: list[str] = ["tcp://127.0.0.1:1"]
    monkeypatch.setattr(cluster, "inferring", lambda _: there)
    client: Any = SimpleNamespace(status="running")
    nothing: Any = None
    driver = Waves(client, nothing, nothing, nothing, nothing, 1)
    time.sleep(0.6)
    driver._check_workers()
    there.clear()
    driver._check_workers()  # a moment without one is no reason
    time.sleep(0.6)
    with pytest.raises(MachineError, match="no worker that infers"):
        driver._check_workers()


# A cluster of the user's own


@pytest.fixture
def cluster_by_tls(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], dict[str, str]]]:
    """A scheduler and two workers that speak TLS alone: address, the scheduler's process, Dask's settings."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run([*request, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    settings = {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(certificate)}
    for role in ("CLIENT", "SCHEDULER", "WORKER"):
        settings[f"DASK_DISTRIBUTED__COMM__TLS__{role}__CERT"] = str(certificate)
        settings[f"DASK_DISTRIBUTED__COMM__TLS__{role}__KEY"] = str(key)
    settings["DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION"] = "True"
    settings["DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT"] = "3s"
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"tls://127.0.0.1:{free.getsockname()[1]}"
    common: dict[str, Any] = {"env": {**environment(), **settings}, "cwd": tmp_path, "stderr": subprocess.DEVNULL}
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--no-dashboard", "--no-show"]
    port = address.rpartition(":")[2]
    scheduler = subprocess.Popen([*dask, "--protocol", "tls", "--host", "127.0.0.1", "--port", port], **common)
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "2", "--no-dashboard"]
    worker += ["--resources", "infer=1 publish=1", "--preload", "posepipe.cluster", "--death-timeout", "30"]
    both = [subprocess.Popen([*worker, "--name", f"w{n}"], start_new_session=True, **common) for n in range(2)]
    files = {
        f"tls_{role}_{what}": str(path)
        for role in ("client", "scheduler", "worker")
        for what, path in (("cert", certificate), ("key", key))
    }
    security = Security(tls_ca_file=str(certificate), require_encryption=True, **files)
    with Client(address, security=security, timeout="30s", set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    yield address, scheduler, settings
    scheduler.kill()
    for process in both:
        for member in family(process.pid):
            member.kill()
    for process in (scheduler, *both):
        process.wait()


@pytest.mark.needs("openssl")
def test_a_scheduler_lost_in_mid_run(
    tmp_path: Path, cluster_by_tls: tuple[str, subprocess.Popen[bytes], dict[str, str]]
) -> None:
    address, scheduler, settings = cluster_by_tls
    write_captions(tmp_path / "c.txt", [*TEXTS, *(f"{text} again" for text in TEXTS)])
    process = start(tmp_path, "c.txt", "--scheduler", address, more=settings)
    wait_for(lambda: rows_of(tmp_path) > 0)
    scheduler.kill()
    fails_with_one_line(tmp_path, process, "scheduler is lost")
    check_state(tmp_path)
    rows = posepipe.read_manifest(tmp_path / "manifests" / "SinglePose")
    assert 0 < len(rows) < 2 * len(TEXTS)
    assert set(rows.status) == {"done"}
