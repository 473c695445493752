"""The state file of an output folder, ``.posepipe.json``: what the run that holds it is, and where its files are."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from posepipe.control.places import Move, located, stored
from posepipe.errors import ConfigError
from posepipe.storage import locations
from posepipe.storage.folders import Folder, LocalFolder
from posepipe.storage.locations import open_folder

STATE_NAME: Final = ".posepipe.json"
REQUEST_NAME: Final = ".posepipe.request"

RUNNING: Final = "running"
PAUSING: Final = "pausing"
PAUSED: Final = "paused"
STOPPING: Final = "stopping"
ENDED: Final = "ended"


@dataclass(frozen=True)
class RunState:
    """The run that holds, or last held, an output folder.

    Attributes
    ----------
    run_id : str
    manifest, final_dir : str
        Absolute path or address.
    temp_dir, log_dir : str
        Absolute path.
    pid, host, started_at
        Process, machine and start (ISO 8601, UTC) of the run.
    state : str
        RUNNING, PAUSING, PAUSED, STOPPING or ENDED.
    scheduler, scheduler_file, dashboard : str, optional
        How to reach its Dask cluster.
    total, done_before : int
        Poses to make, and poses that were there.
    made, failed : int
        Counted up to the last change of the state.
    error : str
        What ended the run, if an error did.
    model : str
    moved : Move, optional
        Where the output folder was when the file was written, if that is not where it was read. Not in the file.
    """

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
    error: str = ""
    model: str = ""
    moved: Move | None = None

    def as_json(self, out: str | Path) -> bytes:
        """The content of the state file in the folder ``out``."""
        fields = {name: value for name, value in asdict(self).items() if name != "moved"}
        return (json.dumps(stored(fields, out), indent=1) + "\n").encode()

    @property
    def left(self) -> int:
        """Poses that this run has not tried."""
        return self.total - self.made - self.failed

    @property
    def counts(self) -> str:
        """How many poses are made, failed and left, as text."""
        failed = f"{self.failed:,} failed, " if self.failed else ""
        return f"{self.made:,} of {self.total:,} made, {failed}{self.left:,} left"


def read_state(out: str | Path) -> RunState:
    """Read the state file of an output folder.

    Raises
    ------
    ConfigError
        There is no state file, or it cannot be read.
    """
    path = Path(out) / STATE_NAME
    try:
        content = json.loads(path.read_text())
        content, moved = located(content, out)
        known = RunState.__dataclass_fields__
        return RunState(**{name: value for name, value in content.items() if name in known} | {"moved": moved})
    except FileNotFoundError:
        raise ConfigError(f"{path} is not there: {out} is not the output of a run (posepipe run makes it)") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); give --manifest") from None


def final_dir_of(out: str | Path) -> Folder:
    """The folder of the artifacts of an output folder: itself, or the address that its state file names.

    Raises
    ------
    ConfigError
        The library that opens the address is not installed.
    """
    try:
        named = read_state(out).final_dir
    except ConfigError:
        return LocalFolder(Path(out))
    folder = open_folder(named)
    return LocalFolder(Path(out)) if folder.is_local else folder


def new_state(run_id: str, *, final_dir: str, manifest: str, temp_dir: str, log_dir: str, model: str) -> RunState:
    """The state of a run that starts now in this process. Paths are made absolute."""
    return RunState(
        run_id=run_id,
        manifest=locations.absolute(manifest),
        final_dir=locations.absolute(final_dir),
        temp_dir=locations.real_path(temp_dir),
        log_dir=locations.real_path(log_dir),
        pid=os.getpid(),
        host=socket.gethostname(),
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        model=model,
    )
