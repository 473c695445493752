"""The state file of an output folder, ``.posepipe.json``: what the run that holds it is, and where its files are."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from posepipe.control.inbox import is_run_id
from posepipe.control.places import Move, located, stored
from posepipe.control.plain_files import read_plain
from posepipe.errors import ConfigError, MachineError, PosepipeError
from posepipe.storage import locations
from posepipe.storage.folders import Folder, LocalFolder
from posepipe.storage.locations import open_folder

STATE_NAME: Final = ".posepipe.json"

RUNNING: Final = "running"
PAUSING: Final = "pausing"
PAUSED: Final = "paused"
STOPPING: Final = "stopping"
ENDED: Final = "ended"

MOST_BYTES: Final = 1_000_000
"""A state file is about 1 KB."""


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
    scheduler, dashboard : str, optional
        Addresses of its Dask cluster, to be shown. :mod:`posepipe.control.scheduler_file` tells how to connect.
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
        There is no state file, or its content is not a state.
    RefusedError
        There is something else than a file under its name.
    MachineError
        It cannot be read.
    """
    path = Path(out) / STATE_NAME
    try:
        content = json.loads(read_plain(path, MOST_BYTES))
        _check_fields(content)
        content, moved = located(content, out)
        known = RunState.__dataclass_fields__
        return RunState(**{name: value for name, value in content.items() if name in known} | {"moved": moved})
    except (FileNotFoundError, NotADirectoryError):
        raise ConfigError(f"{path} is not there: {out} is not the output of a run (posepipe run makes it)") from None
    except PosepipeError:
        raise
    except OSError as error:
        raise MachineError(f"{path}: cannot be read ({error.strerror or error})") from error
    except RecursionError:
        raise ConfigError(f"{path}: cannot be read (too deeply nested); give --manifest") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); give --manifest") from None


def _check_fields(content: dict[str, object]) -> None:
    """Check that each field is such as a run writes it, since anybody may have written the file.

    Raises
    ------
    ValueError
    """
    for name, value in content.items():
        field = RunState.__dataclass_fields__.get(name)
        if name == "out":
            fits = _is_text(value)
        elif field is None or name == "moved":
            continue
        elif field.type == "int":
            fits = type(value) is int and 0 <= value < 2**63
        else:
            fits = _is_text(value) or (value is None and "None" in str(field.type))
        if not fits:
            raise ValueError(f"{name} {value!r:.60} is not such as a run writes it")
    run_id, state, since = (str(content[name]) for name in ("run_id", "state", "started_at"))
    if not is_run_id(run_id):
        raise ValueError(f"run_id {run_id!r:.60} is not that of a run")
    if state not in (RUNNING, PAUSING, PAUSED, STOPPING, ENDED):
        raise ValueError(f"state {state!r:.60} is unknown")
    try:
        zone = datetime.fromisoformat(since).tzinfo
    except ValueError as error:
        raise ValueError(f"started_at {since!r:.60} is not a time") from error
    if zone is None:
        raise ValueError(f"started_at {since!r} has no time zone")


def _is_text(value: object) -> bool:
    """Whether a value is text that can be printed, or be a path."""
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        return False
    return True


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
