"""Exceptions: exit codes, foreign exceptions as ours, errors of the machine."""

from __future__ import annotations

import errno

import pytest

from posepipe import errors
from posepipe.errors import (
    DeviceLost,
    MachineError,
    OutOfMemory,
    PosepipeError,
    cannot_be_written,
    is_machine_error,
    machine_errors,
    own_class,
)


def test_errors_of_the_machine() -> None:
    assert is_machine_error(OSError(errno.ENOSPC, "full"))
    assert is_machine_error(MachineError("x"))
    assert not is_machine_error(OSError(errno.ENAMETOOLONG, "long"))
    assert not is_machine_error(ValueError("x"))


EXIT_CODES = {
    errors.ConfigError: 2,
    errors.MainGuardMissing: 2,
    errors.InputError: 2,
    errors.CheckpointError: 2,
    errors.CheckpointNotFound: 2,
    errors.PoseError: 2,
    errors.UnsoundArtifact: 2,
    errors.ManifestError: 2,
    errors.DamagedFragment: 3,
    errors.RefusedError: 4,
    errors.SettingsMismatch: 4,
    errors.CollisionError: 4,
    errors.LockedError: 4,
    errors.VersionMismatch: 4,
    errors.MachineError: 3,
    errors.DeviceLost: 1,
    errors.CaptionFailure: 1,
    errors.WorkerDied: 1,
    errors.BatchTimeout: 1,
    errors.NonFinitePose: 1,
    errors.BadShape: 1,
    errors.OutOfMemory: 1,
    errors.ArtifactLost: 1,
    errors.Unfinished: 1,
    errors.UnsafePath: 2,
}


def test_every_exception_has_an_exit_code_and_is_also_one_of_python() -> None:
    ours = {each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, PosepipeError)}
    assert ours - {PosepipeError} == set(EXIT_CODES)
    builtin = (ValueError, RuntimeError, OSError, MemoryError)
    for each, code in EXIT_CODES.items():
        assert each.exit_code == code, each
        assert issubclass(each, builtin), each
    assert issubclass(errors.BatchTimeout, TimeoutError)
    assert issubclass(errors.CheckpointNotFound, FileNotFoundError)
    assert issubclass(errors.OutOfMemory, MemoryError)


def test_an_unsound_artifact_has_a_kind() -> None:
    error = errors.UnsoundArtifact("shape", "shape (21, 3)")
    assert (error.kind, str(error)) == ("shape", "shape (21, 3)")


class OutOfMemoryError(RuntimeError):
    """Has the name of torch's class."""


class AcceleratorError(RuntimeError):
    """Has the name of torch's class."""


@pytest.mark.parametrize(
    ("error", "own"),
    [
        (OSError(errno.EACCES, "denied"), MachineError),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), MachineError),
        (OSError("without a number"), None),
        (MemoryError("large"), OutOfMemory),
        (OutOfMemoryError("CUDA out of memory"), OutOfMemory),
        (AcceleratorError("device-side assert"), DeviceLost),
        (RuntimeError("CUDA error: an illegal memory access"), DeviceLost),
        (ValueError("CUDA error: in a text"), None),
        (RuntimeError("shapes differ"), None),
        (ImportError("libcublas.so: failed to map segment from shared object"), OutOfMemory),
        (ImportError("no such module"), None),
        (errors.BadShape("ours"), errors.BadShape),
    ],
    ids=lambda value: getattr(value, "__name__", repr(value)[:30]),
)
def test_foreign_exceptions_belong_to_a_class_of_ours(error: Exception, own: type[PosepipeError] | None) -> None:
    assert own_class(error) is own
    assert is_machine_error(error) is (own is MachineError)


def test_an_error_of_the_machine_is_converted_with_its_file() -> None:
    with pytest.raises(MachineError, match=r"^poses/a\.npy: No space left$") as raised, machine_errors():
        raise OSError(errno.ENOSPC, "No space left", "poses/a.npy")
    assert isinstance(raised.value.__cause__, OSError)
    with pytest.raises(MachineError, match=r"^No space left$"), machine_errors():
        raise OSError(errno.ENOSPC, "No space left")


@pytest.mark.parametrize(
    "error",
    [
        MachineError("said already"),
        errors.BatchTimeout("ours"),
        OSError(errno.ENAMETOOLONG, "of this caption"),
        KeyError("x"),
    ],
    ids=type,
)
def test_other_errors_are_not_converted(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, machine_errors():
        raise error
    assert raised.value is error


def test_a_place_that_cannot_be_written_is_named_with_the_reason() -> None:
    with (
        pytest.raises(MachineError, match=r"^out: cannot be written \(File name too long\)$"),
        cannot_be_written("out"),
    ):
        raise OSError(errno.ENAMETOOLONG, "File name too long", "other")
    with pytest.raises(MachineError, match=r"^out: cannot be written \(no number\)$"), cannot_be_written("out"):
        raise OSError("no number")
    ours = MachineError("said already")
    with pytest.raises(MachineError, match=r"^said already$") as raised, cannot_be_written("out"):
        raise ours
    assert raised.value is ours
    with pytest.raises(KeyError), cannot_be_written("out"):
        raise KeyError("x")
