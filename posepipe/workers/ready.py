"""What a fork server imports before it forks workers; :mod:`posepipe.run.forkserver` starts it.

Imported elsewhere, this module does nothing.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
from typing import Final

VARIABLE: Final = "POSEPIPE_FORK_SERVER"
"""Environment variable of the fork server: the process id of the driver and the modules to import, in order."""
STOPS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals that a terminal or an init system sends to all processes of a run. Only the driver acts on them."""


def _import_for_workers(told: str) -> None:
    """Import modules, and end this process if the driver ends meanwhile."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)  # the driver has blocked them for the time before these lines
    driver, *names = told.split()
    gc.disable()  # imports leave few cycles, and looking for them takes a tenth of the time
    for name in names:
        if os.getppid() != int(driver):
            os._exit(0)
        with contextlib.suppress(Exception):  # the workers import it again, and say what is wrong
            importlib.import_module(name)
    gc.freeze()  # the collectors of the workers leave alone what they share
    gc.enable()


if VARIABLE in os.environ:
    _import_for_workers(os.environ.pop(VARIABLE))
