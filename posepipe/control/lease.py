"""The lease on an address: among all machines, what the lock on a folder is on one.

An object below the address says who drives it, and is put anew every minute. It holds nobody off once its holder is a
dead process of this machine, or when it was put last more than five minutes ago by the clock of the server.
"""

from __future__ import annotations

import contextlib
import json
import logging
import threading
import uuid
from pathlib import Path
from typing import Final

from posepipe.errors import LockedError, MachineError
from posepipe.storage import locations

NAME: Final = ".posepipe.lease"
RENEW_SECONDS: Final = 60.0
STALE_SECONDS: Final = 300.0

logger = logging.getLogger("posepipe")


class Lease:
    """Held from the start until :meth:`close`; ``lost`` says that another run has taken it meanwhile.

    Parameters
    ----------
    place : path
        An address.
    holder : str
        Who takes it, in words.
    pid : int
        The process that dies with it.

    Raises
    ------
    LockedError
        Another run holds it.
    MachineError
        It cannot be put.
    """

    def __init__(self, place: Path, holder: str, pid: int) -> None:
        self.lost = False
        self._place, self._object = place, place / NAME
        content = {"holder": holder, "pid": pid, "processes": _process_space(), "token": uuid.uuid4().hex}
        self._content = json.dumps(content).encode()
        self._take()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
        self._thread.start()

    def renew(self) -> None:
        """Put it anew, or see that it is lost.

        Raises
        ------
        MachineError
            It cannot be read or put.
        """
        if self._read() == self._content:
            locations.put(self._object, self._content)
        else:
            self.lost = True
            logger.error("%s: another run has taken it over; this one stops", self._place)

    def close(self) -> None:
        """Give it free, where it is still ours and the server lets us."""
        self._ended.set()
        self._thread.join()
        with contextlib.suppress(OSError):
            if self._read() == self._content:
                self._remove()

    def _keep(self) -> None:
        while not self.lost and not self._ended.wait(RENEW_SECONDS):
            with contextlib.suppress(OSError):  # tried again in a minute; what cannot be put ends the run elsewhere
                self.renew()

    def _take(self) -> None:
        found = self._read()
        if found is not None:
            if not self._is_dead(found):
                raise self._held_by(found)
            self._remove()
        try:
            locations.create(self._object, self._content)
        except FileNotFoundError as error:
            raise MachineError(f"{self._place}: not there; make the bucket first") from error
        except MachineError:
            found = self._read()
            if found == self._content:  # put by a try whose answer was lost
                return
            if found is None:
                raise
            raise self._held_by(found) from None

    def _is_dead(self, found: bytes) -> bool:
        try:
            content = json.loads(found)
            if content["processes"] == _process_space() and not Path(f"/proc/{int(content['pid'])}").exists():
                return True
        except (ValueError, KeyError, TypeError):
            pass
        probe = self._place / f"{NAME}-{uuid.uuid4().hex}"
        locations.put(probe, b"")
        try:
            return locations.modified(probe) - locations.modified(self._object) > STALE_SECONDS
        finally:
            with locations.told(probe):
                probe.unlink()

    def _held_by(self, found: bytes) -> LockedError:
        try:
            holder = json.loads(found)["holder"]
        except (ValueError, KeyError, TypeError):
            holder = "another process"
        return LockedError(
            f"{self._place} is held by {holder}; wait for it, or stop it there. If it is dead, it is free "
            f"{STALE_SECONDS / 60:.0f} minutes after it last gave a sign"
        )

    def _read(self) -> bytes | None:
        try:
            with locations.told(self._object):
                return self._object.read_bytes()
        except FileNotFoundError:
            return None

    def _remove(self) -> None:
        with contextlib.suppress(FileNotFoundError), locations.told(self._object):
            self._object.unlink()


def _process_space() -> str:
    """Names where a process id means one process: this boot of this machine, this container."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return uuid.uuid4().hex
