"""The exceptions of posepipe. Commands catch them, print one line and return the exit code.

PosepipeError
├── ConfigError (ValueError)                 an option cannot be used                       exit 2
│   └── MainGuardMissing (SystemExit)        a script calls generate where workers repeat it exit 2
├── InputError (ValueError)                  the captions cannot be read                    exit 2
├── CheckpointError (ValueError)             weights are broken or of another model         exit 2
│   └── CheckpointNotFound (FileNotFoundError)   weights do not exist                       exit 2
├── PoseError (ValueError)                   an array is not a pose                         exit 2
│   └── UnsoundArtifact                      a file is not a valid artifact
├── UnsafePath (PermissionError)             a path leads out of its folder                 exit 2
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
    ├── ArtifactLost                         its files are lost; the next run makes it again
    └── Unfinished                           a run that made it again was killed; the next run makes it again
"""

from __future__ import annotations

import contextlib
import errno
import traceback
from collections.abc import Callable, Iterator
from typing import Final

from posepipe.wording import encodable, printable, shortened

LONGEST_NAME: Final = 100
"""Characters of the name of a class that are kept, at most."""


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


class UnsafePath(PosepipeError, PermissionError):
    """A path, for example of a manifest row, leads out of the folder that it belongs to."""

    exit_code = 2


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


class Unfinished(CaptionFailure):
    """A run was making the pose again over earlier files and has not finished. The next run makes it again."""


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


def class_name(error: BaseException) -> str:
    """The name of an exception's class, short and on one line, whatever it is."""
    return shortened(printable(type.__dict__["__name__"].__get__(type(error))), LONGEST_NAME)


def message_of(error: BaseException) -> str:
    """The message of an exception, whose ``__str__`` may raise, return another type, or return millions of characters.

    A text of more than a few thousand characters is shortened, with a note of its length. What UTF-8 cannot encode is
    escaped.
    """
    return _text_of(lambda: str(error), "the exception has no message: its __str__ raised")


def described(error: BaseException) -> str:
    """An exception in a sentence: its message, or its class where it has none; a lack of memory by that name.

    >>> described(ValueError("no such thing")), described(EOFError())
    ('no such thing', 'EOFError')
    >>> described(MemoryError())
    'too little memory (MemoryError); is it limited, for example by ulimit -v?'
    """
    text = message_of(error) or class_name(error)
    if is_out_of_memory(error):
        return f"too little memory ({text}); is it limited, for example by ulimit -v?"
    return text


def traceback_of(error: BaseException) -> str:
    """The traceback of an exception, shortened as its message; without the message where that cannot be formatted."""
    try:
        lines = traceback.format_exception(error)
    except BaseException:  # from the exception's own methods
        lines = [*traceback.format_tb(error.__traceback__), f"{class_name(error)}: {message_of(error)}\n"]
    return _text_of(lambda: "".join(lines), "")


def _text_of(make: Callable[[], str], instead: str) -> str:
    try:
        text = make()
        return encodable(shortened(str.__str__(text)), "utf-8")
    except BaseException as raised:  # whatever the exception's methods raise, SystemExit too
        return f"{instead} {class_name(raised)}"


def _is_machine_errno(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in MACHINE_ERRNOS


def is_out_of_memory(error: BaseException) -> bool:
    """Host memory (a library too that cannot be loaded), torch's allocator, and two ways in which CUDA says it."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    if isinstance(error, ImportError):
        return any(text in str(error) for text in ("failed to map segment", "cannot allocate memory"))
    said = ("CUDA error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED")
    return isinstance(error, RuntimeError) and any(text in str(error) for text in said)


def _is_device_fault(error: BaseException) -> bool:
    said = ("CUDA error", "CUDA driver error", "cuDNN error")
    return type(error).__name__ == "AcceleratorError" or (
        isinstance(error, RuntimeError) and any(text in str(error) for text in said)
    )


_FOREIGN: Final[tuple[tuple[Callable[[BaseException], bool], type[PosepipeError]], ...]] = (
    (_is_machine_errno, MachineError),
    (is_out_of_memory, OutOfMemory),
    (_is_device_fault, DeviceLost),
)
"""Tests for the exceptions of Python, torch and the file system, and the class of ours that each belongs to."""


def own_class(error: BaseException) -> type[PosepipeError] | None:
    """The class of ours that an exception belongs to; None for an exception that says nothing about the machine.

    torch's exceptions are known by their names, so that torch need not be imported. An exception whose own methods
    raise belongs to no class.
    """
    kind = type(error)
    if issubclass(kind, PosepipeError):
        return kind
    try:
        return next((own for matches, own in _FOREIGN if matches(error)), None)
    except BaseException:  # from the exception's __str__ or a property
        return None


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
