"""The process from which the workers of ``posepipe run`` are forked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from runs import environment, wait_for

from posepipe.config import RunConfig
from posepipe.control.state import STATE_NAME
from posepipe.run import forkserver

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the fork server is used on Linux")

WORKERS = """
import json, os, signal, sys
from multiprocessing import forkserver as library
from posepipe.config import RunConfig
from posepipe.run import forkserver

def facts():
    variables = ("CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS", "PYTHONHASHSEED", *forkserver.MALLOC)
    at_start = dict(entry.split("=", 1) for entry in open("/proc/self/environ").read().split("\\0") if "=" in entry)
    return {
        "parent": os.getppid(),
        "torch": "torch" in sys.modules,
        "ignored": [signal.getsignal(number) == signal.SIG_IGN for number in forkserver.ready.STOPS],
        "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
        "at_start": {name: at_start.get(name) for name in variables},
        "hash": hash("posepipe"),
    }

if __name__ == "__main__":
    config = RunConfig(gpus="none", workers=2, dashboard_address="none", text_path="c.txt")
    before = dict(os.environ)
    with forkserver.allowed(config):
        assert dict(os.environ) == before
        server = library._forkserver._forkserver_pid
        from posepipe.run import cluster
        from posepipe.run.signals import Signals
        from posepipe.workers.contract import RunContext
        with cluster.connect(RunContext(config, "run", "f"), 1000, Signals(), print) as client:
            found = list(client.run(facts).values())
    print(json.dumps({"server": server, "method": forkserver.method(), "workers": found}))
"""


def test_workers_are_forked_from_one_process_that_has_imported_torch(tmp_path: Path) -> None:
    """It has the environment of a CPU worker from its start, ignores signals, and ends with the run."""
    (tmp_path / "script.py").write_text(WORKERS)
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    wanted = {"CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": forkserver.HASH_SEED}
    wanted |= {name: str(value) for name, value in forkserver.MALLOC.items()}
    assert len(found["workers"]) == 2
    for worker in found["workers"]:
        assert worker["parent"] == found["server"]
        assert worker["torch"]
        assert worker["ignored"] == [True] * 3
        assert worker["blocked"] == []
        assert worker["at_start"] == wanted
    assert len({worker["hash"] for worker in found["workers"]}) == 1
    assert found["method"] == "spawn"  # afterwards
    assert not psutil.pid_exists(found["server"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_driver_that_ends_while_the_fork_server_imports(tmp_path: Path, number: signal.Signals) -> None:
    """Nothing is printed by the fork server, and nothing is left."""
    body = (
        "import signal, time\nfrom posepipe.config import RunConfig\nfrom posepipe.run import forkserver\n"
        "signal.signal(signal.SIGINT, signal.SIG_DFL)\n"
        "with forkserver.allowed(RunConfig(gpus='none', text_path='c.txt')):\n"
        "    print('started', flush=True)\n    time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", body],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    if number == signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    output = process.communicate(timeout=60)[0]  # the fork server has the same output and would keep it open
    assert output == ""
    wait_for(lambda: not any(_session(found) == process.pid for found in psutil.process_iter()), 30)


def _session(process: psutil.Process) -> int:
    try:
        return -1 if process.status() == psutil.STATUS_ZOMBIE else os.getsid(process.pid)
    except (OSError, psutil.NoSuchProcess):
        return -1


@pytest.mark.parametrize(
    "options",
    [{"dry_run": True}, {"scheduler": "10.0.0.1:8786"}, {"model": "own:factory"}, {"gpus": "7"}, {}],
)
def test_where_it_is_not_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: dict[str, Any]) -> None:
    """Among others in an output folder that a run has used: there may be nothing to do."""
    monkeypatch.setattr(forkserver.forkserver, "ensure_running", lambda: pytest.fail("started"))
    if not options:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / STATE_NAME).touch()
    with forkserver.allowed(
        RunConfig(**{"gpus": "none", "text_path": "c", "final_dir": str(tmp_path / "out")} | options)
    ):
        assert forkserver.method() == "spawn"
    forkserver.start(RunConfig(gpus="none", text_path="c"))  # not allowed any more, as in a script of the user's
    assert forkserver.method() == "spawn"


def test_without_another_process_the_run_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail() -> None:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(forkserver.forkserver, "ensure_running", fail)
    before = dict(os.environ), signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with forkserver.allowed(RunConfig(gpus="none", text_path="c", final_dir=str(tmp_path / "out"))):
        assert forkserver.method() == "spawn"
    assert before == (dict(os.environ), signal.pthread_sigmask(signal.SIG_BLOCK, ()))
