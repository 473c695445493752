"""The GPUs that a process may use, and what torch cannot do on them."""

from __future__ import annotations

import os
from typing import Final

from posepipe.errors import ConfigError, MachineError

TENSOR_FLOAT_CAPABILITY: Final = (8, 0)
"""Compute capability from which NVIDIA GPUs have TF32 and bfloat16 units (Ampere, 2020)."""


def check_precision(precision: str, device: str) -> None:
    """Refuse a precision that the GPU of this process would only emulate, or replace silently by float32.

    Parameters
    ----------
    precision : {"float32", "tf32", "bf16"}
    device : str
        ``cpu``, or ``cuda:`` with the number that the user knows. This process sees the GPU as ``cuda:0``.

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
    capability = torch.cuda.get_device_capability(0)
    if capability < TENSOR_FLOAT_CAPABILITY:
        raise ConfigError(
            f"--precision {precision}: {device} ({torch.cuda.get_device_name(0)}) has compute capability "
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
