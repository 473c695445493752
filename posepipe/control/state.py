"""One run per output folder, and how others reach it: lock, ``.posepipe.json``, pause, resume, stop."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from posepipe.errors import ConfigError
from posepipe.storage import locations

STATE_NAME: Final = ".posepipe.json"
REQUEST_NAME: Final = ".posepipe.request"

RUNNING: Final = "running"
PAUSING: Final = "pausing"
PAUSED: Final = "paused"
STOPPING: Final = "stopping"
ENDED: Final = "ended"


@dataclass(frozen=True)
class RunState:
    """What ``OUT/.posepipe.json`` says of the run that holds or last held the folder."""

    run_id: str
    manifest: str
    final_dir: str
    temp_dir: str
    log_dir: str
    pid: int
    host: str
    started_at: str
    state: str = RUNNING
    scheduler: str | None = None
    scheduler_file: str | None = None
    dashboard: str | None = None
    total: int = 0
    done_before: int = 0
    made: int = 0
    failed: int = 0
    """``made`` and ``failed`` stand when the state changes."""
    error: str = ""
    """What ended the run, where something did."""
    model: str = ""

    @property
    def left(self) -> int:
        """Poses that this run has not tried."""
        return self.total - self.made - self.failed

    @property
    def counts(self) -> str:
        """Made, failed and left, in words."""
        failed = f"{self.failed:,} failed, " if self.failed else ""
        return f"{self.made:,} of {self.total:,} made, {failed}{self.left:,} left"


def read_state(out: str | Path) -> RunState:
    """The state file of an output folder.

    Raises
    ------
    ConfigError
        There is none, or it cannot be read.
    """
    path = Path(out) / STATE_NAME
    try:
        content = json.loads(path.read_text())
        known = RunState.__dataclass_fields__
        return RunState(**{name: value for name, value in content.items() if name in known})
    except FileNotFoundError:
        raise ConfigError(f"{path} is not there: {out} is not the output of a run (posepipe run makes it)") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); give --manifest") from None


def final_dir_of(out: str | Path) -> Path:
    """Where the artifacts of an output folder lie: there, or at the address that its state file names.

    Raises
    ------
    ConfigError
        No library is there that opens the address.
    """
    try:
        named = read_state(out).final_dir
    except ConfigError:
        return Path(out)
    return locations.path_of(named) if locations.is_remote(named) else Path(out)


def new_state(run_id: str, *, final_dir: str, manifest: str, temp_dir: str, log_dir: str, model: str) -> RunState:
    """The state of a run that begins now, in this process; paths are made absolute."""
    return RunState(
        run_id=run_id,
        manifest=locations.absolute(manifest),
        final_dir=locations.absolute(final_dir),
        temp_dir=str(Path(temp_dir).resolve()),
        log_dir=str(Path(log_dir).resolve()),
        pid=os.getpid(),
        host=socket.gethostname(),
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        model=model,
    )
