"""Effect of precision and solver steps on the joints of the bundled model, compared with float32 and 80 steps.

    python benchmarks/precision.py [--poses 64] [--device cuda]

TF32 exists only on GPUs.
"""

from __future__ import annotations

import argparse
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from posepipe import models

CAPTIONS = Path(models.__file__).parents[1] / "demo" / "captions.txt"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--poses", type=int, default=64, help="poses to compare (64)")
    arguments.add_argument("--device", default="cpu", help="device in torch's notation (cpu)")
    given = arguments.parse_args()
    torch.set_num_threads(1)
    lines = [line for line in CAPTIONS.read_text(encoding="utf-8").splitlines() if line.strip()]
    captions = list(islice(cycle(lines), given.poses))

    def poses(precision: str, solver: str, steps: int) -> NDArray[np.float32]:
        model = models.load("small", given.device, solver=solver, solver_steps=steps, precision=precision)
        motions = model.generate(
            captions, range(given.poses), sequence_length=16, time_steps=18, cfg=models.default_cfg("small")
        )
        return motions[:, 8]

    exact = poses("float32", "rk4", 80)
    cases = [("float32", "rk4", 5), ("float32", "rk4", 10), ("float32", "rk4", 20), ("bf16", "rk4", 10)]
    cases += [("tf32", "rk4", 10)] * given.device.startswith("cuda") + [("float32", "dopri5", 1)]
    print(f"{given.poses} poses on {given.device}; distance of joints in mm: mean, 95th percentile, maximum")
    for precision, solver, steps in cases:
        moved = np.linalg.norm(poses(precision, solver, steps) - exact, axis=-1) * 1000  # (n, 22)
        name = f"{precision} {solver}" + ("" if solver == "dopri5" else f" {steps}")
        print(f"{name:16} {moved.mean():8.3f} {np.percentile(moved, 95):8.3f} {moved.max():8.3f}", flush=True)


if __name__ == "__main__":
    main()
