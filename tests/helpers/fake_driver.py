"""A run that obeys requests, without a cluster."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

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
    """Holds ``out`` and obeys in a thread until it is asked to stop, ``break`` (an error) or ``die``."""

    def __init__(self, out: Path) -> None:
        self.control = RunControl(out, fresh_state(out))
        self.control.update()
        self.heard: list[str] = []
        self.thread = threading.Thread(target=self.obey, daemon=True)
        self.thread.start()

    def obey(self) -> None:
        answers = {"pause": PAUSED, "pause release": PAUSED, "resume": RUNNING}
        while True:
            request = self.control.request()
            if request is not None:
                self.heard.append(request)
                if request not in answers:
                    break
                self.control.update(state=answers[request])
            time.sleep(0.01)
        if request == "stop":
            self.control.update(state=ENDED, made=6)
        elif request == "break":
            self.control.record_error(MachineError("no space"))
        self.control.close()
