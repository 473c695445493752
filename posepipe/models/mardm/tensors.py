"""Reading tensors from weight files, torch's or safetensors, and writing them as safetensors.

What the tensors mean is the subject of :mod:`posepipe.models.mardm.checkpoint`.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from posepipe.errors import CheckpointError, MachineError
from posepipe.models.mardm.files import names_inside
from posepipe.storage.atomic import writing

State = dict[str, Tensor]


class HoldsCode(CheckpointError):
    """A weight file holds Python objects other than tensors, which could run code when loaded."""


KEYS: Final = {
    "autoencoder": ("ae", "encoder.model.0.weight"),
    "sit": ("ema_mardm", "DiffMLPs.net.input_proj.weight"),
    "ddpm": ("ema_mardm", "DiffMLPs.net.input_proj.weight"),
    "length_estimator": ("estimator", "output.11.weight"),
}
"""For each part: the key under which a file holds its tensors, and the name of one of those tensors."""


def read_tensors(path: Path, key: str, landmark: str, *, trust: bool = False) -> State:
    """Read the tensors of a weight file, under the names of the official files.

    The file is mapped into memory: pages are read when they are used, and processes share them.

    Parameters
    ----------
    path : Path
        A file of torch or safetensors.
    key : str
        Key under which the file holds the tensors; they may also be at the top level.
    landmark : str
        Name of one of the tensors, by which tensors at the top level are recognised.
    trust : bool
        Also load Python objects other than tensors. Loading such a file can run any code: use this only for
        files from a source that you trust.

    Raises
    ------
    CheckpointError
        The file is cut short, holds code or other objects, or does not hold the key.
    """
    names_inside(path)
    loaded = load_safetensors(path) if path.suffix == ".safetensors" else load_torch(path, trust=trust)
    tensors = loaded.get(key) if isinstance(loaded, Mapping) else None
    if tensors is None and isinstance(loaded, Mapping) and landmark in loaded:
        tensors = loaded
    if not isinstance(tensors, Mapping) or not all(isinstance(tensor, Tensor) for tensor in tensors.values()):
        held = ", ".join(sorted(map(str, loaded))[:8]) if isinstance(loaded, Mapping) else type(loaded).__name__
        raise CheckpointError(f"{path} has no tensors under '{key}'; it holds {held}")
    return dict(tensors)


def load_safetensors(path: Path) -> Any:
    """All tensors of a safetensors file by name, mapped into memory. Raises CheckpointError."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise CheckpointError(f"{path} cannot be loaded, download it again: {error}") from error


def load_torch(path: Path, *, trust: bool = False) -> Any:
    """The object in a file of torch, its tensors mapped into memory. Raises CheckpointError."""
    # A trainer's numbers (a best score, an epoch) and the milestones of a learning rate schedule are harmless.
    harmless: list[Any] = [np.dtype, type(np.dtype(np.float64)), type(np.dtype(np.float32))]
    harmless += [type(np.dtype(np.int64)), np.float64(0).__reduce__()[0], Counter]
    try:
        with torch.serialization.safe_globals(harmless):
            return torch.load(path, map_location="cpu", mmap=zipfile.is_zipfile(path) or None, weights_only=not trust)
    except UnpicklingError as error:
        raise HoldsCode(
            f"{path} holds Python objects other than tensors, which could run code when loaded. If you trust its "
            f"source, `posepipe models check {path.parent} --trust` writes its tensors to a file without code"
        ) from error
    except (RuntimeError, EOFError, ValueError, KeyError, OSError) as error:
        reason = str(error).split("\n")[0]
        raise CheckpointError(f"{path} cannot be loaded, download it again: {reason}") from error


class _WithoutInitialisation(TorchFunctionMode):
    """Leaves out the functions of :mod:`torch.nn.init`."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if getattr(func, "__module__", "") == "torch.nn.init":
            return kwargs["tensor"] if "tensor" in kwargs else args[0]
        return func(*args, **kwargs)


@contextmanager
def empty_modules() -> Iterator[None]:
    """Create modules without memory for their tensors, which :meth:`load_state_dict` then assigns.

    Initialising tensors on the meta device would import ``torch._dynamo``: 0.8 s and 80 MB in each worker.
    """
    with torch.device("meta"), _WithoutInitialisation():
        yield


def is_finite(tensor: Tensor) -> bool:
    """Whether all values are finite, without a temporary array of the tensor's size."""
    if tensor.numel() == 0:
        return True
    low, high = torch.aminmax(tensor)  # NaN propagates
    return bool(low.isfinite() & high.isfinite())


def write_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Write tensors to a safetensors file, under another name first so that the file is complete or not there.

    Raises
    ------
    MachineError
        The file cannot be written.
    """
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    dense = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with writing(path) as aside:
            aside.touch()
            mode = aside.stat().st_mode
            save_file(dense, aside)
            aside.chmod(mode)  # save_file makes files that only their owner can read
    except (OSError, SafetensorError) as error:
        raise MachineError(f"{path} cannot be written: {str(error).splitlines()[0]}") from error


def write_without_code(path: Path, part: str) -> Path:
    """Write the tensors of a trusted file beside it as safetensors. The loader prefers the new file.

    Parameters
    ----------
    path : Path
        It is loaded with ``trust``: code in it runs.
    part : str
        One of :data:`KEYS`.

    Returns
    -------
    Path
        The new file.
    """
    target = path.with_suffix(".safetensors")
    tensors = read_tensors(path, *KEYS[part], trust=True)
    write_tensors(target, {name: tensor.to(torch.float32) for name, tensor in tensors.items()})
    return target
