"""State of the GPUs of this machine: utilisation, memory, temperature, from NVML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

HOT_WITHIN: Final = 5
"""Degrees Celsius below the temperature at which the device slows down."""
HOT_BY_DEFAULT: Final = 85
"""Degrees Celsius, for a device whose slowdown temperature is unknown."""


@dataclass(frozen=True)
class Gpu:
    """State of one GPU."""

    number: int
    """Number in nvidia-smi."""
    utilisation: int
    """Percent of the time during which a kernel was running."""
    memory_used: int
    memory_total: int
    """Bytes."""
    temperature: int
    """Degrees Celsius."""
    hot: bool


def number_of(device: str) -> int | None:
    """The GPU's number in a device name such as ``cuda:3``; None for ``cpu``."""
    kind, _, number = device.partition(":")
    return int(number) if kind == "cuda" and number.isdigit() else None


def gpu_of(device: str, gpus: Mapping[int, Gpu]) -> Gpu | None:
    """The GPU of a worker's device, or None if it is unknown."""
    number = number_of(device)
    return None if number is None else gpus.get(number)


def read_gpus(numbers: Iterable[int]) -> dict[int, Gpu]:
    """State of the GPUs with these numbers; GPUs that NVML cannot read are left out."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    import pynvml

    found: dict[int, Gpu] = {}
    with suppress(pynvml.NVMLError):
        pynvml.nvmlInit()
    for number in wanted:
        with suppress(pynvml.NVMLError):
            found[number] = _read(number)
    return found


def _read(number: int) -> Gpu:
    import pynvml

    handle = pynvml.nvmlDeviceGetHandleByIndex(number)
    memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
    temperature = int(pynvml.nvmlDeviceGetTemperature(handle, pynvml.NVML_TEMPERATURE_GPU))
    hot = HOT_BY_DEFAULT
    with suppress(pynvml.NVMLError):
        slowdown = pynvml.NVML_TEMPERATURE_THRESHOLD_SLOWDOWN
        hot = int(pynvml.nvmlDeviceGetTemperatureThreshold(handle, slowdown)) - HOT_WITHIN
    return Gpu(
        number,
        int(pynvml.nvmlDeviceGetUtilizationRates(handle).gpu),
        int(memory.used),
        int(memory.total),
        temperature,
        temperature >= hot,
    )
