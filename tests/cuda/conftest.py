"""GPUs that do not exist: a stub of NVML, for the real dask-cuda.

``make test-cuda`` runs these tests in an environment of their own; ``make test`` leaves this folder out. What is
shown is which workers there are, their environment, and how they are watched: not CUDA, and no speed.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

GPUS = 3


@pytest.fixture(scope="session")
def stub_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the compiled stub."""
    folder = tmp_path_factory.mktemp("nvml")
    name = "libnvidia-ml.so.1"
    source = Path(__file__).with_name("nvml_stub.c")
    command = ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", f"-Wl,-soname,{name}"]
    subprocess.run([*command, "-o", str(folder / name), str(source)], check=True)
    return folder


@pytest.fixture
def gpus(stub_folder: Path) -> dict[str, str]:
    """Environment in which NVML reports three GPUs.

    DASK_CUDA_TEST_SINGLE_GPU is dask-cuda's own switch for its tests: it goes on without a CUDA context.
    """
    return {"LD_LIBRARY_PATH": str(stub_folder), "STUB_GPUS": str(GPUS), "DASK_CUDA_TEST_SINGLE_GPU": "1"}
