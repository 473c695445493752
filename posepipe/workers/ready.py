"""What a fork server imports before it forks workers; :mod:`posepipe.run.forkserver` starts it.

It is told by :data:`STOPS`, which are blocked when it starts. Imported elsewhere, this module does nothing.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
from typing import Final

STOPS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals that a terminal or an init system sends to all processes of a run. Only the driver acts on them."""
MODULES: Final = ("posepipe.cluster", "distributed.nanny", "distributed.worker", "posepipe.models.mardm.model")
"""What every worker of a built-in model imports."""


def _import_for_workers() -> None:
    """Import the modules, and end this process if the driver ends meanwhile."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    driver = os.getppid()
    gc.disable()  # imports leave few cycles, and looking for them takes a tenth of the time
    for name in MODULES:
        if os.getppid() != driver:
            os._exit(0)
        with contextlib.suppress(Exception):  # the workers import it again, and say what is wrong
            importlib.import_module(name)
    gc.freeze()  # the collectors of the workers leave alone what they share
    gc.enable()


if signal.pthread_sigmask(signal.SIG_BLOCK, ()) >= set(STOPS):
    _import_for_workers()
