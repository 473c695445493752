"""The exceptions of posepipe. Commands catch them, print one line and return the exit code.

PosepipeError
├── ConfigError (ValueError)                 an option cannot be used                       exit 2
│   └── MainGuardMissing (SystemExit)        a script calls generate where workers repeat it exit 2
├── InputError (ValueError)                  the captions cannot be read                    exit 2
├── CheckpointError (ValueError)             weights are broken or of another model         exit 2
│   └── CheckpointNotFound (FileNotFoundError)   weights do not exist                       exit 2
├── PoseError (ValueError)                   an array is not a pose                         exit 2
│   └── UnsoundArtifact                      a file is not a valid artifact
├── ManifestError (ValueError)               a manifest cannot be used                      exit 2
│   └── DamagedFragment                      a file of the manifest is damaged              exit 3
├── RefusedError (RuntimeError)              the run would change what it must not change   exit 4
│   ├── SettingsMismatch                     existing poses were made with other settings
│   ├── CollisionError                       two captions have one file name (--on-collision error)
│   ├── LockedError                          another run holds the output
│   └── VersionMismatch                      a cluster or a manifest has another version
├── MachineError (OSError)                   disk full, mount lost, scheduler lost          exit 3
├── DeviceLost (RuntimeError)                the GPU of a worker no longer answers
└── CaptionFailure (RuntimeError)            one caption failed; becomes a row and does not end the run
    ├── WorkerDied                           the worker process died while it worked on it
    ├── BatchTimeout (TimeoutError)          it took longer than --batch-timeout
    ├── NonFinitePose (ValueError)           the model returned NaN or infinity
    ├── BadShape (ValueError)                the model returned an array of another shape
    ├── OutOfMemory (MemoryError)            the device has too little memory for it alone
    └── ArtifactLost                         its files are lost; the next run makes it again
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Callable, Iterator
from typing import Final


class PosepipeError(Exception):
    """Any error that posepipe raises on purpose."""

    exit_code = 1


class ConfigError(PosepipeError, ValueError):
    """An option or setting cannot be used."""

    exit_code = 2


class MainGuardMissing(ConfigError, SystemExit):
    """A script calls ``posepipe.generate`` outside ``if __name__ == "__main__":``.

    As a SystemExit it ends the script with its message as one line, without a traceback.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.code = message


class InputError(PosepipeError, ValueError):
    """The captions cannot be read."""

    exit_code = 2


class CheckpointError(PosepipeError, ValueError):
    """Weights are broken, incomplete or of another model."""

    exit_code = 2


class CheckpointNotFound(CheckpointError, FileNotFoundError):
    """Weights do not exist in the folders that were searched."""


class PoseError(PosepipeError, ValueError):
    """An array is not a pose of shape (22, 3)."""

    exit_code = 2


class UnsoundArtifact(PoseError):
    """A file is not a valid artifact; ``kind`` is the kind of fault."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(what)
        self.kind = kind


class ManifestError(PosepipeError, ValueError):
    """A manifest cannot be read, or belongs to another output folder."""

    exit_code = 2


class DamagedFragment(ManifestError):
    """A file of the manifest is damaged, so that rows are missing. The other files are left as they are."""

    exit_code = 3


class RefusedError(PosepipeError, RuntimeError):
    """The run would change files or state that it must not change."""

    exit_code = 4


class SettingsMismatch(RefusedError):
    """Poses exist that were made with other settings."""


class CollisionError(RefusedError):
    """Two captions have the same file name, and ``--on-collision error`` was given."""


class LockedError(RefusedError):
    """Another run is in progress on the output folder."""


class VersionMismatch(RefusedError):
    """A cluster or a manifest has another version than this process."""


class MachineError(PosepipeError, OSError):
    """A failure of the machine: disk full, read-only folder, mount or scheduler lost. The state is intact."""

    exit_code = 3


class DeviceLost(PosepipeError, RuntimeError):
    """A worker's GPU no longer answers. The worker process ends and another takes its place."""


class CaptionFailure(PosepipeError, RuntimeError):
    """One caption failed. It becomes a ``failed`` row and does not end the run."""


class WorkerDied(CaptionFailure):
    """The worker process died while it worked on this caption and no other."""


class BatchTimeout(CaptionFailure, TimeoutError):
    """The caption took longer than ``--batch-timeout``."""


class NonFinitePose(CaptionFailure, ValueError):
    """The model returned NaN or infinite joints."""


class BadShape(CaptionFailure, ValueError):
    """The model returned an array of an unexpected shape."""


class OutOfMemory(CaptionFailure, MemoryError):
    """The device has too little memory for this caption, even alone in a batch."""


class ArtifactLost(CaptionFailure):
    """``verify --repair`` found no valid file of the pose. Unlike other failures, the next run tries it again."""


MACHINE_ERRNOS: Final = frozenset(
    getattr(errno, name)
    for name in (
        *("ENOSPC", "EDQUOT", "EROFS", "EIO", "EACCES", "EPERM", "ENOENT", "ENOTDIR", "EMFILE", "ENFILE"),
        *("ESTALE", "ENODEV", "ENXIO", "ENOTCONN", "ENETDOWN", "ENETUNREACH", "EHOSTDOWN", "ETIMEDOUT"),
        *("ECONNREFUSED", "EBUSY", "EFBIG"),
    )
    if hasattr(errno, name)
)
"""Errors of the machine (disk, mount, permissions, handles, network), which every caption would meet."""


def _is_machine_errno(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in MACHINE_ERRNOS


def _is_out_of_memory(error: BaseException) -> bool:
    """Host memory, torch's allocator, and the two ways in which CUDA's own libraries say it."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    said = ("CUDA error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED")
    return isinstance(error, RuntimeError) and any(text in str(error) for text in said)


def _is_device_fault(error: BaseException) -> bool:
    said = ("CUDA error", "CUDA driver error", "cuDNN error")
    return type(error).__name__ == "AcceleratorError" or (
        isinstance(error, RuntimeError) and any(text in str(error) for text in said)
    )


_FOREIGN: Final[tuple[tuple[Callable[[BaseException], bool], type[PosepipeError]], ...]] = (
    (_is_machine_errno, MachineError),
    (_is_out_of_memory, OutOfMemory),
    (_is_device_fault, DeviceLost),
)
"""Tests for the exceptions of Python, torch and the file system, and the class of ours that each belongs to."""


def own_class(error: BaseException) -> type[PosepipeError] | None:
    """The class of ours that an exception belongs to; None for an exception that says nothing about the machine.

    torch's exceptions are known by their names, so that torch need not be imported.
    """
    if isinstance(error, PosepipeError):
        return type(error)
    return next((own for matches, own in _FOREIGN if matches(error)), None)


def is_machine_error(error: BaseException) -> bool:
    """Whether an error concerns the whole machine, so that every caption would fail alike."""
    return issubclass(own_class(error) or object, MachineError)


@contextlib.contextmanager
def machine_errors() -> Iterator[None]:
    """Convert an OSError of the machine, raised anywhere in the block, to MachineError."""
    try:
        yield
    except OSError as error:
        if isinstance(error, PosepipeError) or not is_machine_error(error):
            raise
        where = f"{error.filename}: " if error.filename else ""
        raise MachineError(f"{where}{error.strerror or error}") from error


@contextlib.contextmanager
def cannot_be_written(place: object) -> Iterator[None]:
    """Convert an OSError in the block to MachineError, which says that ``place`` cannot be written and why."""
    try:
        yield
    except PosepipeError:
        raise
    except OSError as error:
        raise MachineError(f"{place}: cannot be written ({error.strerror or error})") from error
