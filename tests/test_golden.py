"""Our MARDM against numbers of the reference's.

The set is ``tests/golden``, or the folder that POSEPIPE_GOLDEN names; its README says what each array is. All
sizes come from its config.json. A file's test fails if it leaves an array of the file unread.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import reference_loop
import torch
from numpy.typing import NDArray
from torch import Tensor

from posepipe.models.mardm import checkpoint, files, solvers
from posepipe.models.mardm.diffusion import DiffusionMLP, time_features
from posepipe.models.mardm.features import joints_from_features
from posepipe.models.mardm.sampler import (
    DDPM_STEPS,
    GuidedField,
    Noise,
    Sampler,
    ddpm,
    ddpm_coefficients,
    mask_schedule,
    token_ranks,
)
from posepipe.models.mardm.transformer import MaskedTransformer, positional_table

GOLDEN = Path(os.environ.get("POSEPIPE_GOLDEN") or Path(__file__).parent / "golden")
CONFIG = json.loads((GOLDEN / "config.json").read_text())

SINGLE = 1e-5
"""Relative to the largest value: single passes."""
FULL = 1e-4
"""Full generations, tightly solved."""
LOOSE = 5e-3
"""What adaptive steps at the reference's tolerance leave to rounding (its own error is of this size)."""
TEN_STEPS = 1e-2
"""Our default solver's own error may be that large; on random weights it is a hundredth."""
TIGHT = {"rtol": 1e-6, "atol": 1e-8}
THREE_EIGHTHS = solvers.Tableau(
    (0.0, 1 / 3, 2 / 3, 1.0), ((), (1 / 3,), (-1 / 3, 1.0), (1.0, -1.0, 1.0)), (1 / 8, 3 / 8, 3 / 8, 1 / 8)
)
"""What torchdiffeq calls rk4."""


def read(name: str) -> dict[str, NDArray[Any]]:
    with np.load(GOLDEN / name) as file:
        return {key: file[key] for key in file.files}


class Arrays:
    """The arrays of one file, and which of them were read."""

    def __init__(self, name: str) -> None:
        self._arrays = read(name)
        self._read: set[str] = set()

    def raw(self, key: str) -> NDArray[Any]:
        self._read.add(key)
        return self._arrays[key]

    def __getitem__(self, key: str) -> Tensor:
        array = torch.from_numpy(np.atleast_1d(self.raw(key)))
        return array.float() if array.dtype == torch.float16 else array

    def scalar(self, key: str) -> Any:
        return self.raw(key).item()

    def numbered(self, pattern: str) -> list[int]:
        """The numbers that stand in keys of a pattern, in order."""
        return sorted(int(match[1]) for key in self._arrays if (match := re.fullmatch(pattern, key)))

    def unread(self) -> set[str]:
        return self._arrays.keys() - self._read


@contextmanager
def every_array(name: str) -> Iterator[Arrays]:
    arrays = Arrays(name)
    yield arrays
    assert not arrays.unread(), f"{name}: nothing was held against {sorted(arrays.unread())}"


def close(actual: Tensor | NDArray[Any], expected: Tensor | NDArray[Any], tolerance: float, what: str) -> None:
    a, e = np.asarray(actual, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    assert a.shape == e.shape, f"{what}: {a.shape} instead of {e.shape}"
    error = np.abs(a - e).max() / np.abs(e).max()
    assert error <= tolerance, f"{what}: off by {error:.2e} of the largest value"


def same(actual: Tensor | NDArray[Any], expected: Tensor | NDArray[Any], what: str) -> None:
    np.testing.assert_array_equal(np.asarray(actual), np.asarray(expected), err_msg=what)


@pytest.fixture(scope="module", autouse=True)
def _one_thread_without_gradients() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.inference_mode():
        yield
    torch.set_num_threads(before)


def weights(kind: files.Kind) -> checkpoint.Weights:
    found = files.find(GOLDEN, kind, need_clip=False)
    return checkpoint.load_weights(
        found, heads=CONFIG[kind]["num_heads"], dilation_growth=CONFIG["ae"]["dilation_growth_rate"]
    )


WEIGHTS: dict[files.Kind, checkpoint.Weights] = {"sit": weights("sit"), "ddpm": weights("ddpm")}


def test_sizes_are_those_of_the_set() -> None:
    ae = WEIGHTS["sit"].autoencoder.config
    told = CONFIG["ae"]
    assert (ae.features, ae.latent_width, ae.width) == (
        told["input_width"],
        told["output_emb_width"],
        told["width"],
    )
    assert (ae.levels, ae.depth, ae.dilation_growth) == (
        told["down_t"],
        told["depth"],
        told["dilation_growth_rate"],
    )
    assert (told["stride_t"], told["activation"], told["norm"]) == (2, "relu", None)
    for kind, w in WEIGHTS.items():
        told, t, d = CONFIG[kind], w.transformer.config, w.diffusion.config
        assert told["diff"] == kind
        assert (t.latent_width, t.width, t.feedforward) == (
            told["ae_dim"],
            told["latent_dim"],
            told["ff_size"],
        )
        assert (t.layers, t.heads, t.text_width) == (told["num_layers"], told["num_heads"], told["clip_dim"])
        assert (d.latent_width, d.condition_width) == (told["ae_dim"], told["latent_dim"])
        assert (d.width, d.depth) == (told["width"], told["depth"])
        close(w.transformer.positions, positional_table(t.positions, t.width), 1e-3, f"{kind}: positions")
    assert WEIGHTS["sit"].length_estimator is not None
    estimator = WEIGHTS["sit"].length_estimator.config
    assert (estimator.text_width, estimator.lengths) == (
        CONFIG["est"]["input_size"],
        CONFIG["est"]["output_size"],
    )


def check_ae(name: str) -> None:
    ae = WEIGHTS["sit"].autoencoder
    with every_array(name) as a:
        for i in a.numbered(r"x(\d+)"):
            close(ae.encode(a[f"x{i}"]), a[f"enc{i}"], SINGLE, f"enc{i}")
            close(ae.decode(a[f"z{i}"]), a[f"dec{i}"], SINGLE, f"dec{i}")
        for i in a.numbered(r"rec(\d+)"):
            close(ae(a[f"x{i}"]), a[f"rec{i}"], SINGLE, f"rec{i}")
        decoder, levels = ae.decoder, ae.config.levels
        h = decoder.first(a["z0"])
        layers = [h, h.relu()]
        for stack, up in zip(decoder.stacks, decoder.up, strict=True):
            layers.append(up(stack(layers[-1]).repeat_interleave(2, dim=-1)))
        middle = decoder.middle(layers[-1])
        layers += [middle, middle.relu(), decoder.last(middle.relu())]
        assert a.numbered(r"dec0_after_model(\d+)") == list(range(levels + 5))
        for i, layer in enumerate(layers):
            close(layer, a[f"dec0_after_model{i}"], SINGLE, f"decoder layer {i}")


def check_mar(name: str) -> None:
    transformer = WEIGHTS["sit" if "sit" in name else "ddpm"].transformer
    with every_array(name) as a:
        latents, cond, padding = a["latents"], a["cond"], a["padding_mask"]
        same(padding, torch.arange(padding.shape[1]) >= a["lens"][:, None], "padding_mask")
        assert a["lens"].max() == padding.shape[1]
        close(transformer(latents, cond, padding), a["cond_out"], SINGLE, "cond_out")
        close(transformer(latents, torch.zeros_like(cond), padding), a["uncond_out"], SINGLE, "uncond_out")
        rows = a.numbered(r"pe_rows_0_(\d+)")[0] + 1
        close(transformer.positions[:rows], a[f"pe_rows_0_{rows - 1}"], SINGLE, "positions")
        embedded = transformer.embed(latents)
        close(embedded.transpose(0, 1), a["after_input_process"], SINGLE, "after_input_process")
        x = embedded + transformer.positions[: latents.shape[1]]
        close(x.transpose(0, 1), a["after_pos"], SINGLE, "after_pos")
        text = transformer.text(cond)
        close(text, a["cond_emb"], SINGLE, "cond_emb")
        for i in a.numbered(r"block(\d+)_out"):
            block = transformer.blocks[i]
            modulation = block.modulation(text.sigmoid() * text)
            close(modulation, a[f"block{i}_adaLN"], SINGLE, f"block{i}_adaLN")
            shift, scale = modulation[:, None].chunk(6, dim=-1)[:2]
            branch = block.attention(block.norm(x) * (1 + scale) + shift, padding)
            close(branch, a[f"block{i}_attn_branch"], SINGLE, f"block{i}_attn_branch")
            x = block(x, text, padding)
            close(x, a[f"block{i}_out"], SINGLE, f"block{i}_out")
        check_reordered(transformer, a)


def check_reordered(transformer: MaskedTransformer, a: Arrays) -> None:
    """Sorting the tokens by the mask before the blocks changes rounding alone."""
    latents, mask = a["latents"], a["reorder_mask"]
    order = mask.to(torch.uint8).argsort(dim=1, stable=True)
    text = transformer.text(a["cond"])
    x = transformer.embed(latents) + transformer.positions[: latents.shape[1]]
    x = x.gather(1, order[..., None].expand_as(x))
    for block in transformer.blocks:
        x = block(x, text, a["padding_mask"].gather(1, order))
    x = x.gather(1, order.argsort(dim=1)[..., None].expand_as(x))
    close(x, a["cond_out_hard_pseudo_reorder"], SINGLE, "cond_out_hard_pseudo_reorder")
    # The mask shows in the bits alone, on machines that round as the reference's did.
    plain = reference_loop.transform(transformer, latents, a["cond"], a["padding_mask"])
    close(plain, a["cond_out"], SINGLE, "the plain transformer")
    if torch.equal(plain, a["cond_out"]):
        moved = reference_loop.transform(transformer, latents, a["cond"], a["padding_mask"], order)
        same(moved, a["cond_out_hard_pseudo_reorder"], "cond_out_hard_pseudo_reorder to the bit")


def check_diffmlp(name: str) -> None:
    network = WEIGHTS["sit" if "sit" in name else "ddpm"].diffusion
    with every_array(name) as a:
        x, t, z = a["x"], a["t"], a["z"]
        close(network(x, t, z), a["out"], SINGLE, "out")
        close(time_features(t), a["t_freq"], SINGLE, "t_freq")
        close(network.time(t), a["t_emb"], SINGLE, "t_emb")
        close(network.condition(z), a["c_emb"], SINGLE, "c_emb")
        h = network.input_projection(x)
        close(h, a["after_input_proj"], SINGLE, "after_input_proj")
        modulation = network.modulation(a["t_emb"], a["c_emb"])
        assert a.numbered(r"after_block(\d+)") == list(range(network.config.depth))
        for i, block in enumerate(network.blocks):
            h = block(h, *modulation[3 * i : 3 * i + 3])
            close(h, a[f"after_block{i}"], SINGLE, f"after_block{i}")
        scale, half = a.scalar("cfg_scale"), len(a["cfg_x"]) // 2
        assert (a["cfg_t"] == a["cfg_t"][0]).all()
        field = GuidedField(network, a["cfg_z"], scale, {})
        out = field(a["cfg_x"][:half], a["cfg_t"][0].item())
        close(torch.cat((out, out)), a["cfg_out"], SINGLE, "cfg_out")
        assert (a["cfg_x"][half:] != a["cfg_x"][:half]).any(dim=1).all(), "the second half is not to be read"


class Counted:
    """A field that counts its calls."""

    def __init__(self, field: solvers.Field) -> None:
        self.field = field
        self.calls = 0

    def __call__(self, x: Tensor, t: float) -> Tensor:
        self.calls += 1
        return self.field(x, t)


def replay(field: solvers.Field, a: Arrays, key: str, tight: bool) -> Tensor:
    """State at t = 1 by Dormand-Prince over given steps, each of which the one before it asks for."""
    x, steps = a["noise"], a.raw(f"{key}_steps")
    rtol, atol = TIGHT.values() if tight else (1e-3, 1e-6)
    none_rejected = a.scalar(f"{key}_nfe") == 2 + 6 * len(steps)
    slope = field(x, 0.0)
    wanted = 0.0
    for start, end in steps.tolist():
        if wanted:
            assert end - start == pytest.approx(wanted, rel=5e-2 if tight else 3e-3), f"{key}: step at {start}"
        arrived, error, slopes = solvers._attempt(field, x, slope, start, end - start)
        ratio = solvers._rms(error / (atol + rtol * torch.maximum(x.abs(), arrived.abs())))
        measurable = none_rejected and 0.01 < ratio < 1  # below, it is rounding
        wanted = (end - start) * min(10.0, max(0.9 / ratio**0.2, 1.0)) if measurable else 0.0
        if end >= 1:
            return solvers._interpolate(x, arrived, slopes, end - start, (1 - start) / (end - start))
        x, slope = arrived, slopes[-1]
    raise AssertionError("the steps end before t = 1")


def check_sit_ode(name: str) -> None:
    network = WEIGHTS["sit"].diffusion
    with every_array(name) as a:
        noise, cfg, z = a["noise"], a.scalar("cfg"), a["z"]
        conditional = z[: len(noise)]
        fields = {
            "default": (cfg, z),
            "tight": (cfg, z),
            "default_cfg1": (1.0, conditional),
            "tight_cfg1": (1.0, conditional),
            "tight_cond_only_check": (cfg, torch.cat((conditional, conditional))),
        }
        for key, (scale, rows) in fields.items():
            check_adaptive(a, key, GuidedField(network, rows, scale, {}))
        methods = {**solvers.FIXED_STEP, "heun2": solvers.FIXED_STEP["heun"], "rk4": THREE_EIGHTHS}
        for key in ("euler", "midpoint", "heun2", "rk4"):
            field = Counted(GuidedField(network, z, cfg, {}))
            x = solvers.fixed_step(field, noise, 49, methods[key])
            close(x, a[f"{key}_50pts"], SINGLE, key)
            assert field.calls == a.scalar(f"{key}_50pts_nfe")
        for steps, tolerance in ((10, TEN_STEPS), (40, FULL)):
            x = solvers.fixed_step(GuidedField(network, z, cfg, {}), noise, steps, solvers.FIXED_STEP["rk4"])
            close(x, a["tight"], tolerance, f"our {steps} steps")
        for t in (0, 0.3):
            close(GuidedField(network, z, cfg, {})(noise, t), a[f"velocity_t{t}"], SINGLE, f"velocity at {t}")


def check_adaptive(a: Arrays, key: str, field: solvers.Field) -> None:
    tight = key.startswith("tight")
    counted = Counted(field)
    solution = solvers.dopri5(counted, a["noise"], **(TIGHT if tight else {}))
    close(solution.x, a[key], SINGLE if tight else LOOSE, key)
    steps, calls = a.raw(f"{key}_steps"), a.scalar(f"{key}_nfe")
    check_calls(calls, counted.calls, 1)
    assert 2 + 6 * len(steps) <= calls
    assert steps[0, 0] == 0
    assert (steps[1:, 0] == steps[:-1, 1]).all()
    assert (steps[:, 1] > 1).tolist() == [False] * (len(steps) - 1) + [True]
    # The first step is a matter of formulas, the later ones of errors near rounding.
    assert solution.steps[0][1] == pytest.approx(steps[0, 1], rel=1e-3)
    close(replay(field, a, key, tight), a[key], SINGLE, f"{key} over its own steps")


def check_ddpm(name: str) -> None:
    network = WEIGHTS["ddpm"].diffusion
    with every_array(name) as a:
        z, cfg, x, noise = a["z"], a.scalar("cfg"), a["x_T"], a["step_noise"]
        n = len(x)
        field = reference_loop.guided(network, z, cfg)
        states = reference_loop.ddpm_both_halves(field, x, noise)
        close(states[0], a["out"], FULL, "both halves")
        for t in (49, 25, 1):
            close(states[t], a[f"x_after_{t}"], FULL, f"x_after_{t}")
        cooler = reference_loop.ddpm_both_halves(field, x, noise, temperature=0.8)
        close(cooler[0], a["out_temperature_0p8"], FULL, "temperature")
        ours = ddpm(GuidedField(network, z, cfg, {}), x, noise[:, :n].transpose(0, 1))
        close(ours, a["out"][:n], FULL, "ours")
        unguided = ddpm(GuidedField(network, z[:n], 1.0, {}), a["cfg1_x_T"], a["cfg1_step_noise"].transpose(0, 1))
        close(unguided, a["cfg1_out"], FULL, "cfg 1")
        c = ddpm_coefficients()
        for key, values in {
            "betas": c.betas,
            "alphas_cumprod": c.alphas_cumulative,
            "posterior_mean_coef1": c.to_x0,
            "posterior_mean_coef2": c.to_x,
            "posterior_log_variance_clipped": c.log_variance,
            "sqrt_recip_alphas_cumprod": c.from_x,
            "sqrt_recipm1_alphas_cumprod": c.from_noise,
            "timestep_map": torch.arange(DDPM_STEPS),
        }.items():
            np.testing.assert_allclose(values, a.raw(key), rtol=1e-9, err_msg=key)


def check_generate(name: str) -> None:
    kind: files.Kind = "ddpm" if "ddpm" in name else "sit"
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
    """The surviving noise is that of the last step at which a token is masked."""
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
    """From latents on each array follows from the one before it."""
    final, masked = a[f"final{suffix}"], a["is_mask"]
    outs = a[f"latents_out{suffix}"]
    same(outs[-1].transpose(1, 2), final, f"final{suffix}")
    # Where a token has not been masked since, a later step still holds what it was given.
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
            # Two calls and six a step, with two rows a token.
            tokens = a.raw("init_noise_rows")
            assert (a.scalar("network_rows") - 4 * tokens.sum()) % (12 * np.gcd.reduce(tokens)) == 0
    kept = Noise(a["rand"], a["kept_noise"])
    for steps, tolerance in ((10, TEN_STEPS), (40, FULL)):
        lean = Sampler(w.transformer, w.diffusion, "sit", "rk4", steps)
        latents = lean(a["cond"], kept, a["lens"], time_steps=T, cfg=cfg)
        close(latents, a["final_tight"], tolerance, f"the lean sampler in {steps} steps")


def check_calls(expected: int, ours: int, solves: int) -> None:
    """Two calls to begin a solve and six a step; near rounding a step more or less may be taken."""
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
    # Random weights make a few values huge; the others must agree too.
    assert (final - a["final"]).abs().median() <= 1e-5 * a["final"].abs().median()
    for step, latents in enumerate(record.latents_out):
        close(latents, a["latents_out"][step], FULL, f"latents_out of step {step}")
    # Calls: one a diffusion step; the rows of a call are the masked tokens, with and without text.
    assert a.scalar("network_calls") == DDPM_STEPS * T
    assert a.scalar("network_rows") == DDPM_STEPS * 2 * int(a["init_noise_rows"].sum())
    row = a["kept_row"] + torch.tensor(first)[a["kept_step"]]
    kept = Noise(a["rand"], a["kept_noise"], noise[:, row].permute(1, 2, 0, 3))
    lean = Sampler(w.transformer, w.diffusion, "ddpm")
    latents = lean(a["cond"], kept, lengths, time_steps=T, cfg=cfg)
    close(latents, a["final"], FULL, "the lean sampler")


def check_recover(name: str) -> None:
    with every_array(name) as a:
        for i in a.numbered(r"data(\d+)"):
            features = a.raw(f"data{i}")
            joints = joints_from_features(features)
            close(joints, a.raw(f"joints{i}"), SINGLE, f"joints{i}")
            close(joints[..., 0, :], a.raw(f"root_pos{i}"), SINGLE, f"root_pos{i}")
            angle = np.zeros_like(features[..., 0])
            angle[..., 1:] = np.cumsum(features[..., :-1, 0], axis=-1)
            zero = np.zeros_like(angle)
            quaternion = np.stack((np.cos(angle), zero, np.sin(angle), zero), axis=-1)
            close(quaternion, a.raw(f"root_quat{i}"), SINGLE, f"root_quat{i}")


def check_length_estimator(name: str) -> None:
    estimator = WEIGHTS["sit"].length_estimator
    assert estimator is not None
    with every_array(name) as a:
        logits = estimator(a["emb"])
        close(logits, a["logits"], SINGLE, "logits")
        close(logits.softmax(dim=-1), a["probs"], SINGLE, "probs")


CHECKS: dict[str, Callable[[str], None]] = {
    "ae.npz": check_ae,
    "ddpm.npz": check_ddpm,
    "diffmlp_ddpm.npz": check_diffmlp,
    "diffmlp_sit.npz": check_diffmlp,
    "generate_ddpm.npz": check_generate,
    "generate_sit.npz": check_generate,
    "generate_sit_mixed_lengths.npz": check_generate,
    "generate_sit_other.npz": check_generate,
    "length_estimator.npz": check_length_estimator,
    "mar_ddpm.npz": check_mar,
    "mar_sit.npz": check_mar,
    "recover_from_ric.npz": check_recover,
    "sit_ode.npz": check_sit_ode,
}


@pytest.mark.parametrize("name", sorted(path.name for path in GOLDEN.glob("*.npz")))
def test_file(name: str) -> None:
    CHECKS[name](name)


def test_no_file_is_missing() -> None:
    assert {path.name for path in GOLDEN.glob("*.npz")} == set(CHECKS)


def perturbed(array: NDArray[Any]) -> NDArray[Any]:
    """The array off by one, inverted, or a percent larger."""
    if array.dtype == np.bool_:
        return ~array
    if array.dtype.kind in "iu":
        return array + 1
    return (array.astype(np.float64) * 1.01).astype(array.dtype)


@pytest.mark.parametrize("name", sorted(name for name in CHECKS if not name.startswith(("generate", "sit_ode"))))
def test_a_perturbed_array_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that are quick to check; the reordering mask shows in the last bits alone, so not it."""
    sound = read(name)
    for key in sound.keys() - {"reorder_mask"}:
        arrays = {**sound, key: perturbed(sound[key])}
        monkeypatch.setattr(f"{__name__}.read", lambda _, arrays=arrays: arrays)
        try:
            CHECKS[name](name)
        except (AssertionError, IndexError, RuntimeError):
            continue
        pytest.fail(f"{key} of {name} can be anything")


def test_averaged_weights_are_taken() -> None:
    """The SiT file holds other values under ``mardm``, as the reference's trainer writes them."""
    path = files.find(GOLDEN, "sit", need_clip=False).mardm
    file = torch.load(path, weights_only=True)
    key = "DiffMLPs.net.input_proj.weight"
    network: DiffusionMLP = WEIGHTS["sit"].diffusion
    same(network.input_projection.weight, file["ema_mardm"][key], key)
    assert not torch.equal(file["mardm"][key], file["ema_mardm"][key])
