"""Solvers: joint errors on the trained small model, and CPU seconds per pose at full size against MARDM's own loop.

The full size is MARDM-SiT-XL (291 million parameters) with random weights, 16 frames, 18 steps, guidance 4.5. Text
encoder and decoder are left out there; they are a thousandth of the work and the same for both. CPU time on one thread
is measured, so that other work on the machine has little effect. MARDM's loop takes five minutes or more.

    python benchmarks/sampler.py [--batches 32 128] [--skip-plain] [--skip-full] [--skip-small]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from posepipe import models
from posepipe.models.mardm.diffusion import DiffusionConfig, DiffusionMLP
from posepipe.models.mardm.sampler import Sampler, draw_noise
from posepipe.models.mardm.solvers import dopri5
from posepipe.models.mardm.transformer import MaskedTransformer, TransformerConfig

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))
import reference_loop

TOKENS, TIME_STEPS, CFG, SAME_BATCH = 4, 18, 4.5, 8
TARGET_SAME, TARGET_BEST = 6, 20
CAPTIONS = Path(models.__file__).parents[1] / "demo" / "captions.txt"
SMALL_BATCH = 64
SMALL_CASES: list[tuple[str, int | None]] = [
    *(("rk4", steps) for steps in (10, 5)),
    ("midpoint", 5),
    *(("ab2", steps) for steps in (10, 12, 16, 20, 30)),
    ("student", None),
]


def networks() -> tuple[MaskedTransformer, DiffusionMLP]:
    """Networks of the official sizes with random weights.

    They are initialised as in the reference: the transformer's layers with std 0.02 and zero biases, the diffusion
    network's by Xavier. What the reference initialises with zero gets std 0.02 too.
    """
    torch.manual_seed(0)
    transformer, diffusion = MaskedTransformer(TransformerConfig()), DiffusionMLP(DiffusionConfig())
    for layer in transformer.modules():
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)
    zero = [*(block.modulation for block in transformer.blocks), diffusion.modulations, diffusion.output]
    for parameter in (transformer.mask_latent, *(p for layer in zero for p in layer.parameters())):
        nn.init.normal_(parameter, std=0.02)
    return transformer.eval().requires_grad_(False), diffusion.eval().requires_grad_(False)


def cpu_seconds(work: Callable[[], object], poses: int) -> float:
    """CPU seconds per pose of one call."""
    start = time.process_time()
    work()
    return (time.process_time() - start) / poses


def solvers_of_small(poses: int) -> None:
    """Print the joint errors of the solvers on the trained small model, and their CPU time per pose in one batch size.

    The error of a pose is that of its worst joint, compared with RK4 in 40 steps and the same noise.
    """
    lines = [line for line in CAPTIONS.read_text(encoding="utf-8").splitlines() if line.strip()]
    captions = list(islice(cycle(lines), poses))

    def made(solver: str, steps: int | None) -> tuple[NDArray[np.float32], float]:
        model = models.load("small", "cpu", solver=solver, solver_steps=steps)
        how = {"sequence_length": 16, "time_steps": TIME_STEPS, "cfg": models.default_cfg("small")}
        model.generate(captions[:SMALL_BATCH], range(SMALL_BATCH), **how)  # the first call allocates
        start = time.process_time()
        motions = model.generate(captions, range(poses), **how)
        return motions[:, 8], (time.process_time() - start) / poses * 1000

    exact, _ = made("rk4", 40)
    print(f"small, {poses} poses: worst joint, median and 95th percentile in mm; CPU milliseconds per pose", flush=True)
    usual = 0.0
    for solver, steps in SMALL_CASES:
        joints, cost = made(solver, steps)
        usual = usual or cost
        worst = np.linalg.norm(joints - exact, axis=-1).max(1) * 1000  # (n,)
        name = f"{solver} {steps or ''}"
        error = f"{np.median(worst):7.2f} {np.percentile(worst, 95):7.1f}"
        print(f"{name:12} {error} {cost:7.2f}  {usual / cost:4.1f} times faster than rk4 10", flush=True)


def full_size(batches: list[int], *, plain: bool) -> None:
    """Print CPU seconds per pose of networks of the official size: the lean sampler, and MARDM's own loop."""
    transformer, diffusion = networks()
    calls = 0

    def text_of(batch: int) -> tuple[Tensor, Tensor]:
        text = torch.randn(batch, transformer.config.text_width, generator=torch.Generator().manual_seed(1))
        return text, torch.full((batch,), TOKENS)

    def reference() -> Tensor:
        noise = draw_noise(range(SAME_BATCH), TOKENS, transformer.config.latent_width, "sit")

        def solve(z: Tensor, masked: Tensor, step: int) -> Tensor:
            field = reference_loop.guided(diffusion, z, CFG)

            def counted(x: Tensor, t: float) -> Tensor:
                nonlocal calls
                calls += 1
                return field(x, t)

            return dopri5(counted, noise.initial[masked]).x

        text, lengths = text_of(SAME_BATCH)
        return reference_loop.generate(
            transformer, diffusion, text, lengths, noise.order, time_steps=TIME_STEPS, cfg=CFG, solve=solve
        )

    def lean(batch: int, solver: str, steps: int) -> Tensor:
        noise = draw_noise(range(batch), TOKENS, transformer.config.latent_width, "sit")
        text, lengths = text_of(batch)
        sampler = Sampler(transformer, diffusion, "sit", solver, steps)
        return sampler(text, noise, lengths, time_steps=TIME_STEPS, cfg=CFG)

    times: dict[tuple[str, int], float] = {}
    for solver, steps in (("rk4", 10), ("ab2", 12)):
        for batch in (SAME_BATCH, *batches):
            name = f"{solver} in {steps} steps"
            times[name, batch] = cpu_seconds(lambda b=batch, s=solver, n=steps: lean(b, s, n), batch)  # type: ignore[misc]
            print(f"lean, {name}, batch {batch:3}: {times[name, batch]:6.2f} CPU seconds per pose", flush=True)
    if not plain:
        return
    seconds = cpu_seconds(reference, SAME_BATCH)
    print(f"plain, dopri5, batch {SAME_BATCH:3}: {seconds:6.2f} CPU seconds per pose, {calls} network calls")
    for name in dict.fromkeys(name for name, _ in times):
        best = min((batch for of, batch in times if of == name), key=lambda batch: times[name, batch])
        same, fast = seconds / times[name, SAME_BATCH], seconds / times[name, best]
        print(f"{name}: {same:.1f} times less at the same batch of {SAME_BATCH} (target {TARGET_SAME}), ", end="")
        print(f"{fast:.1f} times less at the best batch of {best} (target {TARGET_BEST})")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument(
        "--batches", type=int, nargs="*", default=[32, 128], help="batch sizes to try besides 8 (32 128)"
    )
    arguments.add_argument("--skip-plain", action="store_true", help="leave out MARDM's own loop")
    arguments.add_argument("--skip-full", action="store_true", help="leave out the networks of the official size")
    arguments.add_argument("--skip-small", action="store_true", help="leave out the trained small model")
    arguments.add_argument("--poses", type=int, default=256, help="poses of the small model (256)")
    given = arguments.parse_args()
    torch.set_num_threads(1)
    if not given.skip_small:
        solvers_of_small(given.poses)
    if not given.skip_full:
        full_size(given.batches, plain=not given.skip_plain)


if __name__ == "__main__":
    main()
