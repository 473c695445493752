"""SIGINT, SIGTERM and SIGHUP during a run, and waits that they and a request to stop end."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.util
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from time import monotonic, sleep
from typing import Any, Final, TypeVar

POLL_SECONDS: Final = 0.1
END_SECONDS: Final = 2.0
"""Longest time between a second signal and the end of the process."""

_T = TypeVar("_T")


class Interrupted(Exception):
    """A signal or a request to stop arrived during a wait. Caught within ``posepipe.run``; the summary names it."""


class Signals:
    """Turn SIGINT, SIGTERM and SIGHUP into a request to stop: note the first; the second ends the process.

    A signal that was ignored when the process started stays ignored (``nohup``, ``sh -c '... &'``). Outside the main
    thread, where Python cannot install handlers, no signal is received.

    Parameters
    ----------
    exits : bool
        Whether the second signal ends the process. Otherwise it raises KeyboardInterrupt, so that a notebook keeps
        its variables.

    Attributes
    ----------
    received : int
        The first signal, or 0.
    asked_to_stop : callable
        Whether another terminal asks for the end of the run; ends a wait as a signal does.
    """

    NUMBERS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self, *, exits: bool = True) -> None:
        self.received = 0
        self._exits = exits
        self.asked_to_stop: Callable[[], bool] = lambda: False
        self._before: dict[int, Any] = {}

    @property
    def name(self) -> str:
        """Name of the signal received."""
        return signal.Signals(self.received).name

    def check(self) -> None:
        """Raise if a signal was received, or another terminal asks for the end.

        Raises
        ------
        Interrupted
        """
        if self.received:
            raise Interrupted(self.name)
        if self.asked_to_stop():
            raise Interrupted("stop")

    def sleep(self, seconds: float) -> None:
        """Sleep, but not longer than until a signal arrives.

        Raises
        ------
        Interrupted
        """
        until = monotonic() + seconds
        while True:
            self.check()
            left = until - monotonic()
            if left <= 0:
                return
            sleep(min(POLL_SECONDS, left))

    def wait_for(self, call: Callable[[], _T], seconds: float) -> _T:
        """Return ``call()``, unless it takes too long or a signal arrives first.

        The call runs in a daemon thread. It is abandoned, not ended, when this method raises.

        Parameters
        ----------
        call : callable
            May block for ever.
        seconds : float
            The longest wait.

        Raises
        ------
        Interrupted
            A signal arrived.
        TimeoutError
            The call has not returned in time.
        """
        self.check()
        future: Future[_T] = Future()

        def work() -> None:
            try:
                future.set_result(call())
            except BaseException as error:
                future.set_exception(error)

        threading.Thread(target=work, name="posepipe-wait", daemon=True).start()
        until = monotonic() + seconds
        while True:
            self.check()
            try:
                return future.result(timeout=POLL_SECONDS)
            except TimeoutError:
                if future.done():  # the call itself raised TimeoutError, or has returned in this moment
                    return future.result()
                if monotonic() > until:
                    raise TimeoutError(f"no answer within {seconds:g} s") from None

    def __enter__(self) -> Signals:
        if threading.current_thread() is threading.main_thread():
            heeded = [number for number in self.NUMBERS if signal.getsignal(number) is not signal.SIG_IGN]
            self._before = {number: signal.signal(number, self._handle) for number in heeded}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, _: object) -> None:
        if self.received and not self._exits:
            raise KeyboardInterrupt
        if self.received:
            _end_now(128 + number)
        self.received = number


def _end_now(code: int) -> None:
    """End this process and its children at once, without the report of leaked semaphores that Python would print."""
    limit = threading.Timer(END_SECONDS, os._exit, (code,))
    limit.daemon = True
    limit.start()
    with contextlib.suppress(Exception):
        for child in multiprocessing.active_children():
            child.kill()
        multiprocessing.util._run_finalizers(0)  # type: ignore[attr-defined]
    os._exit(code)
