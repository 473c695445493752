"""The GPUs that a process may use, and what torch cannot do on them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from posepipe.errors import ConfigError, MachineError

if TYPE_CHECKING:
    from posepipe.config import RunConfig
    from posepipe.models.base import Model

TENSOR_FLOAT_CAPABILITY: Final = (8, 0)
"""Compute capability from which NVIDIA GPUs have TF32 and bfloat16 units (Ampere, 2020)."""
COMPUTING_THREADS: Final = 1
"""Threads with which a process computes on a CPU: with two, the last bits of a pose are others."""


def load_on(config: RunConfig, device: str, shown: str) -> Model:
    """Load the model of a run onto a device.

    Parameters
    ----------
    config : RunConfig
    device : str
        As torch names it in this process.
    shown : str
        As the user knows it: a worker sees its only GPU as ``cuda:0``.

    Raises
    ------
    CheckpointError
        Weights are missing or damaged.
    ConfigError
        An option cannot be used, or not on this device.
    MachineError
        The device cannot be used.
    """
    from posepipe import models

    check_precision(config.precision, device, shown)
    try:
        return models.load(
            config.model,
            device,
            checkpoints=config.checkpoints,
            solver=config.solver,
            solver_steps=config.solver_steps,
            precision=config.precision,
            temperature=config.temperature,
        )
    except (RuntimeError, AssertionError) as error:
        if "cuda" not in str(error).lower():
            raise
        raise unusable_device(shown, error) from error


def check_precision(precision: str, device: str, shown: str) -> None:
    """Refuse a precision that a GPU would only emulate, or replace silently by float32.

    Parameters
    ----------
    precision : {"float32", "tf32", "bf16"}
    device, shown : str
        See :func:`load_on`.

    Raises
    ------
    ConfigError
        The GPU is older than Ampere.
    """
    if device == "cpu" or precision == "float32":
        return
    import torch

    if not torch.cuda.is_available():
        return  # loading the model will say why
    capability = torch.cuda.get_device_capability(device)
    if capability < TENSOR_FLOAT_CAPABILITY:
        raise ConfigError(
            f"--precision {precision}: {shown} ({torch.cuda.get_device_name(device)}) has compute capability "
            f"{capability[0]}.{capability[1]}, and {precision} needs 8.0; use --precision float32"
        )


def unusable_device(device: str, error: BaseException) -> MachineError:
    """What to raise if torch cannot put the model on a device."""
    reason = str(error).splitlines()[0]
    if "not compiled with CUDA" in reason:
        reason += "; install torch with CUDA (docs/installing.md), or give --gpus none"
    elif "out of memory" in reason:
        reason += "; another program may hold the GPU's memory (nvidia-smi), choose other GPUs with --gpus"
    return MachineError(f"{device}: {reason}")


def visible_gpus() -> list[int]:
    """Numbers of the GPUs that this process may use, in nvidia-smi's order of counting.

    All of the machine's, or those that CUDA_VISIBLE_DEVICES names by number or UUID. As for CUDA, an entry that names
    no GPU ends the list. A MIG instance counts as the GPU that it is part of.
    """
    import pynvml

    try:
        pynvml.nvmlInit()
        count = int(pynvml.nvmlDeviceGetCount())
    except pynvml.NVMLError:
        return []
    chosen = os.environ.get("CUDA_VISIBLE_DEVICES")
    if chosen is None:
        return list(range(count))
    found: list[int] = []
    for entry in chosen.split(","):
        number = _gpu_number(entry.strip(), count)
        if number is None:
            break
        found.append(number)
    return list(dict.fromkeys(found))


def _gpu_number(entry: str, count: int) -> int | None:
    """The GPU that an entry of CUDA_VISIBLE_DEVICES names, of ``count``; None if there is no such GPU."""
    import pynvml

    if entry.isdigit():
        return int(entry) if int(entry) < count else None
    if not entry.startswith(("GPU-", "MIG-")):
        return None
    try:
        handle = pynvml.nvmlDeviceGetHandleByUUID(entry.encode())
        if entry.startswith("MIG-"):
            handle = pynvml.nvmlDeviceGetDeviceHandleFromMigDeviceHandle(handle)
        return int(pynvml.nvmlDeviceGetIndex(handle))
    except pynvml.NVMLError:
        return None
