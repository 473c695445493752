"""Checks of the golden files of whole generations: masks, noise, every step, and the motion from the latents."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import reference_loop
import torch
from golden_set import CONFIG, FULL, LOOSE, SINGLE, TEN_STEPS, TIGHT, WEIGHTS, Arrays, Counted, close, every_array, same
from torch import Tensor

from posepipe.models.mardm import checkpoint, solvers
from posepipe.models.mardm.features import joints_from_features
from posepipe.models.mardm.hub_files import Kind
from posepipe.models.mardm.sampler import DDPM_STEPS, Noise, Sampler, mask_schedule, token_ranks


def check_generate(name: str) -> None:
    kind: Kind = "ddpm" if "ddpm" in name else "sit"
    w = WEIGHTS[kind]
    told = CONFIG[
        {"generate_sit": "gen_main", "generate_sit_mixed_lengths": "gen_mixed", "generate_sit_other": "gen_more"}.get(
            Path(name).stem, "gen_ddpm"
        )
    ]
    with every_array(name) as a:
        assert a["lens"].tolist() == told["lens"]
        assert a.scalar("timesteps") == told["T"]
        assert a.scalar("cfg") == told["cfg"]
        check_masks(a)
        check_noise(a)
        for suffix in ("", "_tight") if kind == "sit" else ("",):
            check_chain(a, w, suffix)
        if kind == "sit":
            check_sit_steps(a, w)
        else:
            check_ddpm_steps(a, w)


def check_masks(a: Arrays) -> None:
    lengths, T = a["lens"], a.scalar("timesteps")
    order = a["rand"].double() * 2**24
    assert ((order >= 0) & (order < 2**24) & (order == order.round())).all(), "24-bit draws from [0, 1)"
    valid = torch.arange(order.shape[1]) < lengths[:, None]
    ranks = token_ranks(a["rand"], lengths)
    same(ranks[valid], a["ranks"][valid], "ranks")
    same(a["ranks"].sort(dim=1).values, torch.arange(order.shape[1]).expand_as(ranks), "ranks of padding")
    assert (a["ranks"] >= lengths[:, None])[~valid].all()
    same(mask_schedule(lengths, T), a["num_masked"], "num_masked")
    same(ranks < a["num_masked"][..., None], a["is_mask"], "is_mask")


def check_noise(a: Arrays) -> None:
    """Check that each token keeps the noise of the last step at which it is masked."""
    same(a["is_mask"].sum(dim=(1, 2)), a["init_noise_rows"], "init_noise_rows")
    first = (a["init_noise_rows"].cumsum(0) - a["init_noise_rows"]).tolist()
    for b, token in np.ndindex(*a["kept_step"].shape):
        steps = a["is_mask"][:, b, token].nonzero()
        step = int(steps[-1]) if len(steps) else -1
        assert a["kept_step"][b, token] == step
        row = int(a["kept_row"][b, token])
        if step >= 0:
            rows = a["is_mask"][step].nonzero().tolist()
            assert rows[row] == [b, token]
            same(a["init_noise"][first[step] + row], a["kept_noise"][b, token], "kept_noise")
        else:
            assert row == -1
            assert (a["kept_noise"][b, token] == 0).all()


def check_chain(a: Arrays, w: checkpoint.Weights, suffix: str) -> None:
    """Check that each array after the latents follows from the one before it."""
    final, masked = a[f"final{suffix}"], a["is_mask"]
    outs = a[f"latents_out{suffix}"]
    same(outs[-1].transpose(1, 2), final, f"final{suffix}")
    # A token that was not masked again keeps its value in later steps.
    for step in range(len(outs) - 1):
        still = ~masked[step + 1]
        same(outs[step + 1][still], outs[step][still], f"latents_out{suffix} after step {step}")
    if not suffix:
        mask_latent = w.transformer.mask_latent
        valid = torch.arange(final.shape[2]) < a["lens"][:, None]
        start = torch.where(valid[..., None], mask_latent, 0.0)
        before = torch.cat((start[None], outs[:-1]))
        same(torch.where(masked[..., None], mask_latent, before), a["latents_in"], "latents_in")
    motion = a[f"motion{suffix}"]
    close(w.autoencoder.decode(final), motion, SINGLE, f"motion{suffix}")
    features = motion.numpy() * w.std + w.mean
    joints = a.raw(f"joints{suffix}")
    close(joints_from_features(features), joints, SINGLE, f"joints{suffix}")
    if not suffix:
        close(features, a["features"], SINGLE, "features")
        if joints.shape[1] > 8:  # shorter sets have no such array
            same(joints[:, 8], a["joints_frame8"], "joints_frame8")


def check_sit_steps(a: Arrays, w: checkpoint.Weights) -> None:
    cfg, T, noise = a.scalar("cfg"), a.scalar("timesteps"), a["init_noise"]
    first = [0, *a["init_noise_rows"].cumsum(0).tolist()]
    for suffix, options in (("", {}), ("_tight", TIGHT)):
        calls, rows = [], []

        def solve(z: Tensor, masked: Tensor, step: int, options: dict[str, float] = options) -> Tensor:
            counted = Counted(reference_loop.guided(w.diffusion, z, cfg))
            x = solvers.dopri5(counted, noise[first[step] : first[step + 1]], **options).x
            calls.append(counted.calls)  # noqa: B023 - read before the next round
            rows.append(counted.calls * len(z))  # noqa: B023
            return x

        record = reference_loop.Record()
        final = reference_loop.generate(
            w.transformer,
            w.diffusion,
            a["cond"],
            a["lens"],
            a["rand"],
            time_steps=T,
            cfg=cfg,
            solve=solve,
            record=record,
        )
        tolerance = FULL if suffix else LOOSE
        close(final, a[f"final{suffix}"], tolerance, f"final{suffix} by the plain loop")
        for step, latents in enumerate(record.latents_out):
            close(latents, a[f"latents_out{suffix}"][step], tolerance, f"latents_out{suffix} of step {step}")
        check_calls(a.scalar(f"network_calls{suffix}"), sum(calls), T)
        if not suffix:
            assert a.scalar("network_rows") == sum(rows) or a.scalar("network_calls") != sum(calls)
            assert a.scalar("network_rows") == pytest.approx(sum(rows), rel=0.1)
            # Two calls plus six per step, with two rows per token.
            tokens = a.raw("init_noise_rows")
            assert (a.scalar("network_rows") - 4 * tokens.sum()) % (12 * np.gcd.reduce(tokens)) == 0
    kept = Noise(a["rand"], a["kept_noise"])
    for steps, tolerance in ((10, TEN_STEPS), (40, FULL)):
        lean = Sampler(w.transformer, w.diffusion, "sit", "rk4", steps)
        latents = lean(a["cond"], kept, a["lens"], time_steps=T, cfg=cfg)
        close(latents, a["final_tight"], tolerance, f"the lean sampler in {steps} steps")


def check_calls(expected: int, ours: int, solves: int) -> None:
    """Check the number of calls: two at the start of a solve and six per step. Rounding may add or save a step."""
    assert (expected - 2 * solves) % 6 == 0
    assert abs(expected - ours) <= 6 * max(2, solves // 4), f"{ours} calls instead of {expected}"


def check_ddpm_steps(a: Arrays, w: checkpoint.Weights) -> None:
    cfg, T, lengths = a.scalar("cfg"), a.scalar("timesteps"), a["lens"]
    first = [0, *a["init_noise_rows"].cumsum(0).tolist()]
    noise = a["step_noise_first_half"]

    def solve(z: Tensor, masked: Tensor, step: int) -> Tensor:
        here = slice(first[step], first[step + 1])
        field = reference_loop.guided(w.diffusion, z, cfg)
        return reference_loop.ddpm_both_halves(field, a["init_noise"][here], noise[:, here])[0]

    record = reference_loop.Record()
    final = reference_loop.generate(
        w.transformer, w.diffusion, a["cond"], lengths, a["rand"], time_steps=T, cfg=cfg, solve=solve, record=record
    )
    close(final, a["final"], FULL, "final by the plain loop")
    # Random weights make a few values very large; the others must agree too.
    assert (final - a["final"]).abs().median() <= 1e-5 * a["final"].abs().median()
    for step, latents in enumerate(record.latents_out):
        close(latents, a["latents_out"][step], FULL, f"latents_out of step {step}")
    # One call per diffusion step; its rows are the masked tokens, with and without text.
    assert a.scalar("network_calls") == DDPM_STEPS * T
    assert a.scalar("network_rows") == DDPM_STEPS * 2 * int(a["init_noise_rows"].sum())
    row = a["kept_row"] + torch.tensor(first)[a["kept_step"]]
    kept = Noise(a["rand"], a["kept_noise"], noise[:, row].permute(1, 2, 0, 3))
    lean = Sampler(w.transformer, w.diffusion, "ddpm")
    latents = lean(a["cond"], kept, lengths, time_steps=T, cfg=cfg)
    close(latents, a["final"], FULL, "the lean sampler")
