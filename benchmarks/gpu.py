"""Poses per second of the full-size MARDM on a GPU, by precision, and the effect of the precision on the joints.

    python benchmarks/gpu.py [--batches 256 1024] [--compile] [--device cuda]

The weights are random and have the official sizes, which is enough to measure speed and rounding. The benchmark
prints the throughput as a share of that of a large matrix product (122 GFLOP per pose with RK4 in 10 steps), and the
distance of the joints from float32 in millimetres. Without a GPU it prints a message and ends; ``--device cpu
--batches 8`` tests the script itself.
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
ENOUGH_SECONDS = 5.0


class RandomText:
    """A random embedding for each caption, seeded by its hash."""

    dim = 512

    def encode(self, captions: Sequence[str]) -> Tensor:
        rows = [np.random.default_rng(abs(hash(caption)) % 2**32).normal(size=self.dim) for caption in captions]
        return torch.from_numpy(np.array(rows, dtype=np.float32))


def synchronise(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize()


def peak(device: str, precision: str) -> float:
    """TFLOP per second of a large matrix product."""
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


def model_of(device: str, precision: str, compiled: bool) -> Mardm:
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
    if compiled:
        diffusion.denoise = torch.compile(diffusion.denoise, mode="max-autotune-no-cudagraphs")  # type: ignore[method-assign]
        diffusion.modulation = torch.compile(diffusion.modulation)  # type: ignore[method-assign]
    return model


def poses(model: Mardm, batch: int, start: int = 0) -> NDArray[np.float32]:
    captions = [f"A person number {number}" for number in range(start, start + batch)]
    return model.generate_poses(
        captions,
        range(start, start + batch),
        sequence_length=FRAMES,
        frame_index=FRAMES // 2,
        time_steps=TIME_STEPS,
        cfg=CFG,
        batch_size=batch,
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--batches", type=int, nargs="*", default=[256, 1024])
    arguments.add_argument(
        "--compile", action="store_true", help="also measure the diffusion network with torch.compile"
    )
    arguments.add_argument("--device", default="cuda")
    given = arguments.parse_args()
    if given.device.startswith("cuda") and not torch.cuda.is_available():
        print("no GPU found; nothing was measured")
        return
    on_gpu = given.device.startswith("cuda")
    print(torch.cuda.get_device_name() if on_gpu else given.device, torch.__version__)
    exact = poses(model_of(given.device, "float32", False), given.batches[0])
    for precision in PRECISIONS if on_gpu else PRECISIONS[::2]:
        reachable = peak(given.device, precision)
        for compiled in (False, True) if given.compile else (False,):
            model = model_of(given.device, precision, compiled)
            moved = np.linalg.norm(poses(model, given.batches[0]) - exact, axis=-1) * 1000
            name = f"{precision} compiled" if compiled else precision
            print(f"{name}: joints differ by {np.median(moved):.3f} mm in the median, at most {moved.max():.3f} mm")
            for batch in given.batches:
                poses(model, batch)
                if on_gpu:
                    torch.cuda.reset_peak_memory_stats()
                synchronise(given.device)
                started, count = time.perf_counter(), 0
                while count == 0 or time.perf_counter() - started < ENOUGH_SECONDS:
                    poses(model, batch, count)
                    count += batch
                rate = count / (time.perf_counter() - started)
                held = f", {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB" if on_gpu else ""
                share = rate * GIGAFLOP / 1000 / reachable
                print(
                    f"  batch {batch:5}: {rate:8.2f} poses per second, {share:4.0%} of {reachable:.2f} TFLOP/s{held}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
