"""A run that obeys requests, without a cluster."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from posepipe.control.inbox import PAUSE, PAUSE_RELEASE, RESUME, STOP
from posepipe.control.lock import RunControl
from posepipe.control.state import ENDED, PAUSED, RUNNING, RunState, new_state
from posepipe.errors import MachineError


def fresh_state(out: Path) -> RunState:
    """The state of a run that has made 4 of 10 poses; 1 failed."""
    state = new_state(
        "r1", final_dir=str(out), manifest=str(out.parent / "m"), temp_dir="t", log_dir="l", model="small"
    )
    return replace(state, total=10, made=4, failed=1)


class Driver:
    """Holds ``out`` and obeys in a thread until it is asked to stop; then it ends well, or as ``ending`` says.

    Attributes
    ----------
    heard : list of str
        The requests, in their order.
    ending : str
        ``well``, ``broken`` (by an error) or ``dead`` (as if killed).
    """

    def __init__(self, out: Path) -> None:
        self.control = RunControl(out, fresh_state(out))
        self.control.update()
        self.heard: list[str] = []
        self.ending = "well"
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.obey, daemon=True)
        self.thread.start()

    def obey(self) -> None:
        answers = {PAUSE: PAUSED, PAUSE_RELEASE: PAUSED, RESUME: RUNNING}
        while not self.ended.wait(0.01):
            for request in self.control.requests():
                self.heard.append(request)
                if request == STOP:
                    self.ended.set()
                else:
                    self.control.update(state=answers[request])
                    self.control.answer(request)
        if self.ending == "well":
            self.control.update(state=ENDED, made=6)
        elif self.ending == "broken":
            self.control.record_error(MachineError("no space"))
        self.control.close()
