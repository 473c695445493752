"""The lease on an address: it keeps runs on other machines away, as the lock on a folder does on one machine.

An object below the address names the holder and is rewritten every minute. It counts as free when its holder is a
dead process of this machine, or when it was last written more than five minutes ago by the server's clock.
"""

from __future__ import annotations

import contextlib
import json
import logging
import threading
import uuid
from pathlib import Path
from typing import Any, Final

from posepipe.errors import LockedError, MachineError
from posepipe.storage.folders import RemoteFolder
from posepipe.wording import printable

NAME: Final = ".posepipe.lease"
RENEW_SECONDS: Final = 60.0
STALE_SECONDS: Final = 300.0
HOLDER_CHARACTERS: Final = 500

logger = logging.getLogger("posepipe")


class Lease:
    """Held until :meth:`close`.

    Parameters
    ----------
    folder : RemoteFolder
    holder : str
        Description of the run, for messages.
    pid : int
        Its process.

    Attributes
    ----------
    lost : bool
        Another run has taken the lease meanwhile.

    Raises
    ------
    LockedError
        Another run holds it.
    MachineError
        The object cannot be written.
    """

    def __init__(self, folder: RemoteFolder, holder: str, pid: int) -> None:
        self.lost = False
        self._folder = folder
        content = {"holder": holder, "pid": pid, "processes": _process_space(), "token": uuid.uuid4().hex}
        self._content = json.dumps(content).encode()
        self._take()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
        self._thread.start()

    def renew(self) -> None:
        """Rewrite the object, or notice that the lease is lost.

        Raises
        ------
        MachineError
            The object cannot be read or written.
        """
        if self._read() == self._content:
            self._folder.write(NAME, self._content)
        else:
            self.lost = True
            logger.error("%s: another run has taken the lease; this run stops", self._folder)

    def close(self) -> None:
        """Delete the object, if it is still ours and the server can be reached."""
        self._ended.set()
        self._thread.join()
        with contextlib.suppress(OSError):
            if self._read() == self._content:
                self._folder.delete(NAME)

    def _keep(self) -> None:
        while not self.lost and not self._ended.wait(RENEW_SECONDS):
            with contextlib.suppress(OSError):  # tried again in a minute; an unreachable server ends the run elsewhere
                self.renew()

    def _take(self) -> None:
        found = self._read()
        if found is not None:
            if not self._is_dead(found):
                raise self._held_by(found)
            self._folder.delete(NAME)
        try:
            self._folder.create(NAME, self._content)
        except FileNotFoundError as error:
            raise MachineError(f"{self._folder}: not there; make the bucket first") from error
        except MachineError:
            found = self._read()
            if found == self._content:  # written by an attempt whose answer was lost
                return
            if found is None:
                raise
            raise self._held_by(found) from None

    def _is_dead(self, found: bytes) -> bool:
        content = _content(found)
        pid = content.get("pid")
        if content.get("processes") == _process_space() and type(pid) is int and not Path(f"/proc/{pid}").exists():
            return True
        probe = f"{NAME}-{uuid.uuid4().hex}"  # tells the time by the server's clock
        self._folder.write(probe, b"")
        try:
            return self._folder.modified(probe) - self._folder.modified(NAME) > STALE_SECONDS
        finally:
            self._folder.delete(probe)

    def _held_by(self, found: bytes) -> LockedError:
        named = _content(found).get("holder")
        holder = printable(named[:HOLDER_CHARACTERS]) if isinstance(named, str) else "another process"
        return LockedError(
            f"{self._folder} is held by {holder}; wait for it, or stop it there. If it has died, the folder is free "
            f"{STALE_SECONDS / 60:.0f} minutes after its last sign of life"
        )

    def _read(self) -> bytes | None:
        try:
            return self._folder.read(NAME)
        except FileNotFoundError:
            return None


def _content(found: bytes) -> dict[str, Any]:
    """The fields of a lease; none if something else lies there."""
    try:
        content = json.loads(found)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _process_space() -> str:
    """Identifies where a process id is unique: this boot of this machine, this container."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return uuid.uuid4().hex
