"""SIGINT, SIGTERM and SIGHUP during a run."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any, Final


class Signals:
    """SIGINT, SIGTERM and SIGHUP as a wish to end: the first is noted, the second ends the process at once.

    Outside the main thread, where Python allows no handlers, it never receives any.
    """

    NUMBERS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self.received = 0
        self._before: dict[int, Any] = {}

    @property
    def name(self) -> str:
        """Name of the signal received."""
        return signal.Signals(self.received).name

    def __enter__(self) -> Signals:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._handle) for number in self.NUMBERS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, _: object) -> None:
        if self.received:
            os._exit(128 + number)
        self.received = number
