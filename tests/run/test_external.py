"""A scheduler and workers that somebody else started, as processes in folders of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from distributed import Client
from runs import artifacts, environment, run, start, wait_for, write_captions

import posepipe
from posepipe.config import RunConfig
from posepipe.errors import ConfigError, MachineError, VersionMismatch
from posepipe.run import external
from posepipe.run.signals import Interrupted, Signals
from posepipe.workers import checks

BOTH = ("--resources", "infer=1 publish=1", "--preload", "posepipe.cluster")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Cluster:
    """Processes of ``dask scheduler`` and ``dask worker``; the scheduler writes ``file``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"tcp://127.0.0.1:{_free_port()}"
        self.file = folder / "scheduler.json"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def scheduler(self) -> None:
        port = self.address.rpartition(":")[2]
        self._start("scheduler", "--port", port, "--scheduler-file", str(self.file), "--no-dashboard")
        wait_for(self.file.exists)

    def worker(self, name: str, *arguments: str) -> None:
        """Start a worker and wait until the scheduler knows it."""
        self._start("worker", self.address, "--nthreads", "2", "--no-dashboard", "--name", name, *arguments, log=name)
        wait_for(lambda: "Registered to" in self.log(name))

    def log(self, name: str) -> str:
        return (self.folder / name / "log").read_text(encoding="utf-8", errors="replace")

    def end(self, name: str) -> None:
        process = self.processes.pop(name)
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self, kind: str, *arguments: str, log: str = "scheduler") -> None:
        folder = self.folder / log
        folder.mkdir(parents=True)
        with (folder / "log").open("wb") as stream:
            self.processes[log] = subprocess.Popen(
                [sys.executable, "-m", "dask", kind, *arguments, "--host", "127.0.0.1"],
                cwd=folder,
                env=environment(),
                stdout=stream,
                stderr=subprocess.STDOUT,
            )


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler; whatever a test starts there is ended."""
    made = Cluster(tmp_path / "cluster")
    made.scheduler()
    yield made
    for name in list(made.processes)[::-1]:
        made.end(name)


def rows(folder: Path) -> Any:
    return posepipe.read_manifest(folder / "manifests" / "SinglePose")


def ends_with_one_line(process: subprocess.Popen[str], code: int) -> str:
    """The output of a run that should end with this exit code and without a traceback."""
    output, _ = process.communicate(timeout=60)
    assert process.returncode == code, output
    assert "Traceback" not in output
    return output


# Work


@pytest.mark.parametrize("by", ["--scheduler", "--scheduler-file"])
def test_a_cluster_of_the_users_own_does_the_work(tmp_path: Path, cluster: Cluster, by: str) -> None:
    """One worker infers and publishes, one offers nothing."""
    cluster.worker("w1", *BOTH)
    cluster.worker("w2", "--preload", "posepipe.cluster")
    write_captions(tmp_path / "c.txt", [f"A person number {i} waving" for i in range(12)] + ["please raise"])
    content = cluster.file.read_bytes()
    done = run(tmp_path, "c.txt", by, cluster.address if by == "--scheduler" else str(cluster.file))
    assert done.returncode == 1, done.stderr
    assert dict(rows(tmp_path)["status"].value_counts()) == {"done": 12, "failed": 1}
    assert set(rows(tmp_path)["worker"]) == {"w1"}
    assert len(artifacts(tmp_path / "SinglePose")) == 36
    assert (tmp_path / "logs" / "w1.log").stat().st_size > 0
    assert cluster.file.read_bytes() == content  # the user's file is left as it was
    with Client(cluster.address, set_as_default=False) as client:
        kinds = client.run_on_scheduler(lambda dask_scheduler: set(dask_scheduler.task_prefixes))
    assert kinds == {"infer", "publish"}  # what the dashboard shows


def test_workers_that_come_after_the_run_has_begun_to_wait(tmp_path: Path, cluster: Cluster) -> None:
    """First there is no scheduler file, then no worker, then one that only publishes."""
    hidden = cluster.file.rename(cluster.file.with_name("hidden.json"))
    write_captions(tmp_path / "c.txt", ["A person waving", "A person kneeling"])
    process = start(tmp_path, "c.txt", "--scheduler-file", str(cluster.file))
    assert process.stdout is not None
    line = ""
    while "is not there; waiting for it" not in line:
        line = process.stdout.readline()
        assert line, "the run ended"
    hidden.rename(cluster.file)
    while "waiting for a worker that offers the resource 'infer'" not in line:
        line = process.stdout.readline()
        assert line, "the run ended"
    cluster.worker("p", "--resources", "publish=1", "--preload", "posepipe.cluster")
    cluster.worker("i", "--resources", "infer=1", "--preload", "posepipe.cluster")
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    assert set(rows(tmp_path)["worker"]) == {"i"}


# No scheduler


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (None, 3, "is not there after 10 s; start the scheduler with 'dask scheduler --scheduler-file"),
        ("", 3, "is empty after 10 s"),
        ('{"address": "tcp://127.0.0.1:PORT"}', 3, "no Dask scheduler answers at tcp://127.0.0.1:PORT, the address in"),
        ('{"type": "Scheduler"}', 2, 'is not a Dask scheduler file (it has no "address")'),
        ('{"address": "carrier-pigeon://loft"}', 2, "cannot be used as the address of a scheduler"),
        ("[1]", 2, "is not a Dask scheduler file"),
    ],
)
def test_a_scheduler_file_that_cannot_be_used(tmp_path: Path, content: str | None, code: int, message: str) -> None:
    write_captions(tmp_path / "c.txt", ["A person waving"])
    port = str(_free_port())
    file = tmp_path / "s.json"
    if content is not None:
        file.write_text(content.replace("PORT", port))
    done = run(tmp_path, "c.txt", "--scheduler-file", str(file), timeout=60)
    assert done.returncode == code, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("posepipe: ")
    assert message.replace("PORT", port) in last
    assert len(done.stderr.splitlines()) <= 4  # how the input was read, the plan, what it waits for, the error


def test_the_waits_for_a_scheduler_together_are_under_half_a_minute() -> None:
    assert external.FILE_SECONDS + 2 * external.CONNECT_SECONDS + 2 < 30


def test_a_file_that_never_becomes_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external, "FILE_SECONDS", 0.3)
    file = tmp_path / "s.json"
    file.write_text('{"address": ')
    said: list[str] = []
    with pytest.raises(ConfigError, match="not JSON"):
        external.scheduler_address(RunConfig(scheduler_file=str(file)), Signals(), said.append)
    with pytest.raises(ConfigError, match="cannot be read"):
        external.scheduler_address(RunConfig(scheduler_file=str(tmp_path)), Signals(), said.append)


def test_a_port_that_accepts_and_says_nothing_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program may have got the port of a scheduler that is gone."""
    monkeypatch.setattr(external, "CONNECT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(MachineError, match="no Dask scheduler answers"):
            external.connect_to(RunConfig(scheduler=address), Signals(), print)


# Signals during waits


def test_one_sigterm_ends_the_wait_for_a_scheduler_file(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", ["A person waving"])
    process = start(tmp_path, "c.txt", "--scheduler-file", str(tmp_path / "s.json"))
    assert process.stdout is not None
    while "waiting for it" not in (line := process.stdout.readline()):
        assert line, "the run ended"
    process.send_signal(signal.SIGTERM)
    ends_with_one_line(process, 143)
    assert artifacts(tmp_path / "SinglePose") == {}


def test_one_sigterm_ends_the_wait_for_workers(tmp_path: Path, cluster: Cluster) -> None:
    write_captions(tmp_path / "c.txt", ["A person waving"])
    process = start(tmp_path, "c.txt", "--scheduler", cluster.address)
    assert process.stdout is not None
    while "waiting for a worker" not in (line := process.stdout.readline()):
        assert line, "the run ended"
    process.send_signal(signal.SIGTERM)
    ends_with_one_line(process, 143)


def test_one_sigterm_ends_a_run_whose_workers_are_gone(tmp_path: Path, cluster: Cluster) -> None:
    cluster.worker("w1", *BOTH)
    write_captions(tmp_path / "c.txt", [f"A person briefly {number}" for number in range(400)])
    process = start(tmp_path, "c.txt", "--scheduler", cluster.address, "--batch-size", "4")
    out = tmp_path / "SinglePose"
    wait_for(lambda: out.exists() and any(out.glob("[!.]*.npy")))
    cluster.processes["w1"].kill()
    process.send_signal(signal.SIGTERM)
    ends_with_one_line(process, 143)


def test_a_signal_ends_a_connection_attempt() -> None:
    signals = Signals()
    with socket.create_server(("127.0.0.1", 0)) as silent, signals:
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Interrupted):
            external.connect_to(RunConfig(scheduler=f"tcp://127.0.0.1:{silent.getsockname()[1]}"), signals, print)


# Checks of the workers


class Answers:
    """A client whose workers give prepared answers."""

    def __init__(self, workers: dict[str, dict[str, float]], facts: Any = None) -> None:
        self.workers, self.facts = workers, facts

    def scheduler_info(self, n_workers: int) -> dict[str, Any]:
        return {"workers": {name: {"resources": resources} for name, resources in self.workers.items()}}

    def run(self, *_: Any) -> Any:
        if isinstance(self.facts, Exception):
            raise self.facts
        return self.facts


@pytest.mark.parametrize(
    ("workers", "error", "message"),
    [
        ({}, MachineError, "has no workers after"),
        ({"w": {}}, ConfigError, "offers the resource 'infer'"),
        ({"w": {"infer": 1.0}}, ConfigError, "offers the resource 'publish'"),
    ],
)
def test_a_cluster_without_the_resources(
    monkeypatch: pytest.MonkeyPatch, workers: dict[str, dict[str, float]], error: type[Exception], message: str
) -> None:
    monkeypatch.setattr(external, "WORKERS_SECONDS", 0.0)
    said: list[str] = []
    client: Any = Answers(workers)
    with pytest.raises(error, match=message):
        external.check_cluster(client, RunConfig(), Signals(), said.append)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"tcp://w": checks.versions() | {"distributed": "2020.1.0"}}, "has distributed 2020.1.0, this process"),
        ({"tcp://w": checks.versions() | {"posepipe": "0.0.1"}}, "has posepipe 0.0.1, this process"),
        (ModuleNotFoundError("No module named 'posepipe'"), "cannot import posepipe .*No module named"),
    ],
)
def test_a_cluster_installed_differently_is_refused(facts: Any, message: str) -> None:
    client: Any = Answers({"w": {"infer": 1.0, "publish": 1.0}}, facts)
    with pytest.raises(VersionMismatch, match=message):
        external.check_cluster(client, RunConfig(), Signals(), print)


def test_a_worker_that_sees_another_folder_is_told(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    (here / ".probe-x").touch()
    assert checks.what_is_out_of_reach([str(here)], ".probe-x") == ""
    assert [path.name for path in here.iterdir()] == [".probe-x"]
    assert checks.what_is_out_of_reach([str(here), str(there)], ".probe-x").startswith(f"{there} (it is another")
    (tmp_path / "file").touch()
    assert str(tmp_path / "file") in checks.what_is_out_of_reach([str(tmp_path / "file")], ".probe-x")


# Batch systems

SBATCH = """#!{python}
# Slurm's sbatch as far as dask-jobqueue needs it: start the script that it is given, and print a job number.
import pathlib, subprocess, sys
script = pathlib.Path(sys.argv[-1])
kept = pathlib.Path("{folder}") / "job.sh"
kept.write_text(script.read_text())
with (kept.parent / "job.log").open("wb") as log:
    process = subprocess.Popen(["bash", str(kept)], stdout=log, stderr=log, start_new_session=True)
print("Submitted batch job", process.pid)
"""
SCANCEL = """#!{python}
import os, signal, sys
for job in sys.argv[1:]:
    os.killpg(int(job), signal.SIGKILL)
"""


def _recipe(section: str) -> str:
    """The Python code of a section of docs/clusters.md."""
    text = (Path(__file__).parents[2] / "docs" / "clusters.md").read_text(encoding="utf-8")
    return text.split(f"## {section}")[1].split("```python\n")[1].split("```")[0]


def test_the_recipe_for_slurm_with_dask_jobqueue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code in docs/clusters.md, with a sbatch that starts the job script on this machine."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("sbatch", SBATCH), ("scancel", SCANCEL)):
        path = programs / name
        path.write_text(text.format(python=sys.executable, folder=tmp_path))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    write_captions(tmp_path / "c.txt", ["A person waving", "A person kneeling"])
    done: list[subprocess.CompletedProcess[str]] = []

    def enter(_: str) -> str:
        """Instead of the Enter key: the run in another terminal."""
        done.append(run(tmp_path, "c.txt", "--scheduler-file", str(tmp_path / "scheduler.json")))
        return ""

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
    scope: dict[str, Any] = {"input": enter, "print": lambda *_: None, "__name__": "__main__"}
    recipe = _recipe("Slurm, with dask-jobqueue").replace("jobs=8", "jobs=1").replace('"/shared/', f'"{tmp_path}/')
    try:
        exec(compile(recipe, "recipe", "exec"), scope)
    finally:
        if "cluster" in scope:
            scope["cluster"].close()
    assert done, "the recipe did not wait for the user"
    assert done[0].returncode == 0, done[0].stderr + (tmp_path / "job.log").read_text()
    script = (tmp_path / "job.sh").read_text()
    assert "#SBATCH --gres=gpu:1" in script
    assert set(rows(tmp_path)["status"]) == {"done"}
    assert json.loads((tmp_path / "SinglePose" / ".posepipe.json").read_text())["state"] == "ended"


def test_config_takes_one_way_to_a_scheduler() -> None:
    with pytest.raises(ConfigError, match="scheduler-file"):
        replace(RunConfig(scheduler="10.0.0.1:8786"), scheduler_file="s.json")
