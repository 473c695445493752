"""Poses per second of MARDM at full size on a GPU, by precision, batch size and way of execution.

    python benchmarks/gpu.py [--batches 64 256 1024] [--modes plain compile graphs] [--device cuda]

The weights are random and have the official sizes, which is enough for speed and rounding. For each precision it
prints how far joints move from float32, and for each batch size poses per second, memory, and the share of the
throughput that this device reaches in one large matrix product (122 GFLOP per pose with RK4 in 10 steps).

``plain`` executes layer by layer, ``compile`` uses torch.compile, ``graphs`` torch.compile with CUDA graphs. Without
a GPU it prints that and ends; ``--device cpu --batches 8`` shows that the script works.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from sampler import networks
from torch import Tensor

from posepipe.models.mardm.autoencoder import Autoencoder, AutoencoderConfig
from posepipe.models.mardm.model import Mardm

GIGAFLOP = 122.0
FRAMES, TIME_STEPS, CFG = 16, 18, 4.5
PRECISIONS = ("float32", "tf32", "bf16")
MODES = {"plain": None, "compile": "max-autotune-no-cudagraphs", "graphs": "max-autotune"}
"""The mode of torch.compile for each way of execution."""
ENOUGH_SECONDS = 5.0


class RandomText:
    """A random embedding for each caption, seeded with its hash."""

    dim = 512

    def encode(self, captions: Sequence[str]) -> Tensor:
        rows = [np.random.default_rng(abs(hash(caption)) % 2**32).normal(size=self.dim) for caption in captions]
        return torch.from_numpy(np.array(rows, dtype=np.float32))


def synchronise(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize()


def peak(device: str, precision: str) -> float:
    """TFLOP per second of one large matrix product."""
    kind = torch.bfloat16 if precision == "bf16" else torch.float32
    side = 8192 if device.startswith("cuda") else 1024
    a, b = (torch.randn(side, side, device=device, dtype=kind) for _ in range(2))
    torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
    for _ in range(3):
        a @ b
    synchronise(device)
    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < 1:
        a @ b
        count += 1
        synchronise(device)
    torch.backends.cuda.matmul.allow_tf32 = False
    return count * 2 * side**3 / (time.perf_counter() - started) / 1e12


def model_of(device: str, precision: str, mode: str) -> Mardm:
    transformer, diffusion = networks()
    torch.manual_seed(0)
    autoencoder = Autoencoder(AutoencoderConfig())
    mean, std = np.zeros(67, dtype=np.float32), np.full(67, 0.3, dtype=np.float32)
    model = Mardm(
        autoencoder,
        transformer,
        diffusion,
        RandomText(),
        mean,
        std,
        default_cfg=CFG,
        fingerprint="random",
        device=device,
        precision=precision,
    )
    if MODES[mode] is not None:
        diffusion.denoise = torch.compile(diffusion.denoise, mode=MODES[mode])  # type: ignore[method-assign]
        diffusion.modulation = torch.compile(diffusion.modulation, mode=MODES[mode])  # type: ignore[method-assign]
    return model


def poses(model: Mardm, batch: int, start: int = 0) -> NDArray[np.float32]:
    captions = [f"A person number {number}" for number in range(start, start + batch)]
    motions = model.generate_motions(
        captions,
        range(start, start + batch),
        sequence_length=FRAMES,
        time_steps=TIME_STEPS,
        cfg=CFG,
        batch_size=batch,
    )
    return motions[:, FRAMES // 2]


def measure(model: Mardm, batch: int, device: str) -> tuple[float, float]:
    """Poses per second over a few seconds, after one batch to warm up, and the peak of GPU memory in GiB."""
    on_gpu = device.startswith("cuda")
    poses(model, batch)
    if on_gpu:
        torch.cuda.reset_peak_memory_stats()
    synchronise(device)
    started, count = time.perf_counter(), 0
    while count == 0 or time.perf_counter() - started < ENOUGH_SECONDS:
        poses(model, batch, count)
        count += batch
    rate = count / (time.perf_counter() - started)
    return rate, torch.cuda.max_memory_allocated() / 2**30 if on_gpu else 0.0


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--batches", type=int, nargs="+", default=[64, 256, 1024])
    arguments.add_argument("--modes", nargs="+", choices=tuple(MODES), default=["plain"])
    arguments.add_argument("--precisions", nargs="+", choices=PRECISIONS, default=list(PRECISIONS))
    arguments.add_argument("--device", default="cuda")
    given = arguments.parse_args()
    if given.device.startswith("cuda") and not torch.cuda.is_available():
        print("no GPU found; nothing was measured")
        return
    on_gpu = given.device.startswith("cuda")
    print(torch.cuda.get_device_name() if on_gpu else given.device, "torch", torch.__version__)
    first = given.batches[0]
    exact = poses(model_of(given.device, "float32", "plain"), first)
    for precision in given.precisions:
        reachable = peak(given.device, precision)
        for mode in given.modes:
            model = model_of(given.device, precision, mode)
            moved = np.linalg.norm(poses(model, first) - exact, axis=-1) * 1000
            median, most = np.median(moved), moved.max()
            print(f"{precision}, {mode}: joints move by {median:.3f} mm (median), {most:.3f} mm (most)", flush=True)
            for batch in given.batches:
                rate, memory = measure(model, batch, given.device)
                share = rate * GIGAFLOP / 1000 / reachable
                text = f"  batch {batch:5}: {rate:8.2f} poses/s, {share:4.0%} of {reachable:.2f} TFLOP/s"
                print(text + (f", {memory:.1f} GiB" if on_gpu else ""), flush=True)
            del model


if __name__ == "__main__":
    main()
