"""CPU seconds per pose at full size: posepipe's lean sampler compared with MARDM's own loop with dopri5.

MARDM-SiT-XL (291 million parameters) with random weights, 16 frames, 18 steps, guidance 4.5. Text encoder and
decoder are left out; they are a thousandth of the work and the same for both. CPU time on one thread is measured, so
that other work on the machine has little effect. MARDM's loop takes about five minutes.

    python benchmarks/sampler.py [--batches 32 128] [--skip-plain]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from posepipe.models.mardm.diffusion import DiffusionConfig, DiffusionMLP
from posepipe.models.mardm.sampler import Sampler, draw_noise
from posepipe.models.mardm.solvers import dopri5
from posepipe.models.mardm.transformer import MaskedTransformer, TransformerConfig

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))
import reference_loop

TOKENS, TIME_STEPS, CFG, SAME_BATCH = 4, 18, 4.5, 8
TARGET_SAME, TARGET_BEST = 6, 15


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


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument(
        "--batches", type=int, nargs="*", default=[32, 128], help="batch sizes to try besides 8 (32 128)"
    )
    arguments.add_argument("--skip-plain", action="store_true", help="measure only the lean sampler")
    given = arguments.parse_args()
    torch.set_num_threads(1)
    transformer, diffusion = networks()
    calls = 0

    def text_of(batch: int) -> tuple[Tensor, Tensor]:
        text = torch.randn(batch, transformer.config.text_width, generator=torch.Generator().manual_seed(1))
        return text, torch.full((batch,), TOKENS)

    def plain() -> Tensor:
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

    def lean(batch: int) -> Tensor:
        noise = draw_noise(range(batch), TOKENS, transformer.config.latent_width, "sit")
        text, lengths = text_of(batch)
        return Sampler(transformer, diffusion, "sit")(text, noise, lengths, time_steps=TIME_STEPS, cfg=CFG)

    lean_times = {b: cpu_seconds(lambda b=b: lean(b), b) for b in (SAME_BATCH, *given.batches)}  # type: ignore[misc]
    for batch, seconds in lean_times.items():
        print(f"lean, rk4 in 10 steps, batch {batch:3}: {seconds:6.2f} CPU seconds per pose", flush=True)
    if given.skip_plain:
        return
    seconds = cpu_seconds(plain, SAME_BATCH)
    print(f"plain, dopri5, batch {SAME_BATCH:3}: {seconds:6.2f} CPU seconds per pose, {calls} network calls")
    best = min(lean_times, key=lambda batch: lean_times[batch])
    same = seconds / lean_times[SAME_BATCH]
    print(f"at the same batch of {SAME_BATCH}: {same:.1f} times faster (target {TARGET_SAME})")
    print(f"at the best batch of {best}: {seconds / lean_times[best]:.1f} times faster (target {TARGET_BEST})")


if __name__ == "__main__":
    main()
