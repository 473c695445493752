"""What a model changes in its process is put back, and processes that it starts end."""

from __future__ import annotations

import gc
import locale
import logging
import multiprocessing
import os
import resource
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posepipe.workers.isolation import end_children, isolated, open_again


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def other_umask() -> None:
    os.umask(0o177)


CHANGES: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "working folder": (Path.cwd, lambda: os.chdir("/")),
    "mode mask": (umask, other_umask),
    "deleted variable": (lambda: os.environ["PATH"], lambda: os.environ.pop("PATH")),
    "changed variable": (lambda: os.environ["PATH"], lambda: os.environ.update(PATH="/none")),
    "locale": (lambda: locale.setlocale(locale.LC_ALL), lambda: locale.setlocale(locale.LC_ALL, "C.UTF-8")),
    "warnings": (lambda: list(warnings.filters), lambda: warnings.simplefilter("error")),
    "show warning": (lambda: warnings.showwarning, lambda: setattr(warnings, "showwarning", print)),
    "NumPy": (np.geterr, lambda: np.seterr(all="raise")),
    "recursion": (sys.getrecursionlimit, lambda: sys.setrecursionlimit(5000)),
    "garbage": (gc.isenabled, gc.disable),
    "logging": (lambda: logging.root.manager.disable, lambda: logging.disable(logging.CRITICAL)),
    "log level": (lambda: logging.getLogger("posepipe").level, lambda: logging.getLogger("posepipe").setLevel(50)),
    "signals": (
        lambda: signal.pthread_sigmask(signal.SIG_BLOCK, ()),
        lambda: signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGUSR1,)),
    ),
    "alarm": (
        lambda: signal.getitimer(signal.ITIMER_REAL)[0] > 0,
        lambda: signal.setitimer(signal.ITIMER_REAL, 3600),
    ),
    "limit": (
        lambda: resource.getrlimit(resource.RLIMIT_CORE)[0] == 0,
        lambda: resource.setrlimit(
            resource.RLIMIT_CORE,
            (0 if resource.getrlimit(resource.RLIMIT_CORE)[0] else 4096, resource.getrlimit(resource.RLIMIT_CORE)[1]),
        ),
    ),
    "switch interval": (sys.getswitchinterval, lambda: sys.setswitchinterval(60)),
    "profile": (sys.getprofile, lambda: sys.setprofile(lambda *_: None)),
    "import path": (lambda: list(sys.path), sys.path.clear),
    "socket timeout": (socket.getdefaulttimeout, lambda: socket.setdefaulttimeout(3)),
    "standard output": (lambda: sys.stdout, lambda: setattr(sys, "stdout", open_again("stdout"))),
}


@pytest.mark.parametrize("raises", [False, True], ids=["returns", "raises"])
@pytest.mark.parametrize("name", CHANGES)
def test_what_is_changed_is_put_back(name: str, raises: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    read, change = CHANGES[name]
    monkeypatch.setattr(warnings, "filters", list(warnings.filters))
    before = read()
    changed = None
    try:
        with isolated():
            change()
            changed = read() if name != "deleted variable" else None
            if raises:
                sys.exit()
    except SystemExit:
        assert raises
    assert read() == before
    if name != "locale":  # it may be that of the test already
        assert changed != before


def test_a_variable_that_the_model_adds_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "")
    del os.environ["TOKENIZERS_PARALLELISM"]
    with isolated():
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
    assert os.environ["TOKENIZERS_PARALLELISM"] == "false"


def test_a_working_folder_that_was_deleted_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with isolated():
        os.chdir(tmp_path)
    assert Path.cwd() == tmp_path


def test_a_closed_stream_is_opened_again() -> None:
    code = (
        "import os, sys\nfrom posepipe.workers.isolation import isolated\n"
        "for _ in range(2):\n"
        "    with isolated():\n        sys.stdout.close(); sys.stderr = None; os.close(1); os.close(2)\n"
        "print('again \\ud83d')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("again \\ud83d\n", "")


def test_a_forked_process_ends_where_it_leaves_the_block(tmp_path: Path) -> None:
    parent, left = os.getpid(), tmp_path / "left"
    with isolated():
        child = os.fork()
    if os.getpid() != parent:
        left.touch()
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert not left.exists()


def test_children_end() -> None:
    code = (
        "import subprocess, sys\nfrom posepipe.workers.isolation import allow_children, end_children\n"
        "allow_children()\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)'])\n"
        "end_children()\nprint(child.wait())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == f"{-signal.SIGKILL}\n"


def _start_one() -> None:
    from posepipe.workers.isolation import allow_children

    allow_children()
    child = multiprocessing.get_context("fork").Process(target=signal.pause)
    child.start()
    end_children()
    child.join()
    os._exit(7 if child.exitcode == -signal.SIGKILL else 1)


def test_a_daemon_may_start_processes() -> None:
    worker = multiprocessing.get_context("spawn").Process(target=_start_one, daemon=True)
    worker.start()
    worker.join(60)
    assert worker.exitcode == 7
