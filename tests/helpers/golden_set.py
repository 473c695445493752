"""A golden set: its arrays, its weights, which arrays a test has read, and the tolerances."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from posepipe.models.mardm import checkpoint, files, solvers
from posepipe.models.mardm.hub_files import Kind

GOLDEN = Path(os.environ.get("POSEPIPE_GOLDEN") or Path(__file__).parents[1] / "golden")
CONFIG = json.loads((GOLDEN / "config.json").read_text())
SUMS = GOLDEN / "arrays.sha256"
"""Checksums of all arrays, if a set has them; errors in some noise arrays would not show in any result."""

SINGLE = 1e-5
"""Tolerance relative to the largest value, for single passes."""
FULL = 1e-4
"""Tolerance for full generations with a tight solver."""
LOOSE = 5e-3
"""Tolerance for adaptive steps, which at the reference's own tolerance have an error of this size."""
TEN_STEPS = 1e-2
"""Tolerance for the error of the default solver; with random weights the error is a hundredth of it."""
TIGHT = {"rtol": 1e-6, "atol": 1e-8}
THREE_EIGHTHS = solvers.Tableau(
    (0.0, 1 / 3, 2 / 3, 1.0), ((), (1 / 3,), (-1 / 3, 1.0), (1.0, -1.0, 1.0)), (1 / 8, 3 / 8, 3 / 8, 1 / 8)
)
"""The method that torchdiffeq calls rk4."""
HEUN = solvers.Tableau((0.0, 1.0), ((), (1.0,)), (1 / 2, 1 / 2))
"""The method that torchdiffeq calls heun2; ``--solver`` does not offer it."""


def read(name: str) -> dict[str, NDArray[Any]]:
    with np.load(GOLDEN / name) as file:
        return {key: file[key] for key in file.files}


def checksum(array: NDArray[Any]) -> str:
    """SHA-256 of the dtype, shape and bytes of an array."""
    told = f"{array.dtype.str} {array.shape} ".encode()
    return hashlib.sha256(told + np.ascontiguousarray(array).tobytes()).hexdigest()


def sums() -> dict[tuple[str, str], str]:
    """Checksums of the set by file and array; empty if it has no list of them."""
    lines = SUMS.read_text().splitlines() if SUMS.exists() else []
    return {(file, array): found for found, file, array in (line.split() for line in lines)}


class Arrays:
    """The arrays of one file; remembers which were read."""

    def __init__(self, name: str) -> None:
        self._arrays = read(name)
        self._read: set[str] = set()

    def raw(self, key: str) -> NDArray[Any]:
        self._read.add(key)
        return self._arrays[key]

    def __getitem__(self, key: str) -> Tensor:
        array = torch.from_numpy(np.atleast_1d(self.raw(key)))
        return array.float() if array.dtype == torch.float16 else array

    def scalar(self, key: str) -> Any:
        return self.raw(key).item()

    def numbered(self, pattern: str) -> list[int]:
        """Sorted numbers in the keys that match a pattern."""
        return sorted(int(match[1]) for key in self._arrays if (match := re.fullmatch(pattern, key)))

    def unread(self) -> set[str]:
        return self._arrays.keys() - self._read


@contextmanager
def every_array(name: str) -> Iterator[Arrays]:
    arrays = Arrays(name)
    yield arrays
    assert not arrays.unread(), f"{name}: no test compared {sorted(arrays.unread())}"


def close(actual: Tensor | NDArray[Any], expected: Tensor | NDArray[Any], tolerance: float, what: str) -> None:
    a, e = np.asarray(actual, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    assert a.shape == e.shape, f"{what}: {a.shape} instead of {e.shape}"
    error = np.abs(a - e).max() / np.abs(e).max()
    assert error <= tolerance, f"{what}: off by {error:.2e} of the largest value"


def same(actual: Tensor | NDArray[Any], expected: Tensor | NDArray[Any], what: str) -> None:
    np.testing.assert_array_equal(np.asarray(actual), np.asarray(expected), err_msg=what)


class Counted:
    """A vector field that counts its calls."""

    def __init__(self, field: solvers.Field) -> None:
        self.field = field
        self.calls = 0

    def __call__(self, x: Tensor, t: float) -> Tensor:
        self.calls += 1
        return self.field(x, t)


def weights(kind: Kind) -> checkpoint.Weights:
    found = files.find(GOLDEN, kind, need_clip=False)
    return checkpoint.load_weights(
        found, heads=CONFIG[kind]["num_heads"], dilation_growth=CONFIG["ae"]["dilation_growth_rate"]
    )


WEIGHTS: dict[Kind, checkpoint.Weights] = {"sit": weights("sit"), "ddpm": weights("ddpm")}
