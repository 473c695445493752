"""Our MARDM compared with arrays computed by the reference code.

The set is ``tests/golden``, or the folder in the environment variable POSEPIPE_GOLDEN; its README describes the arrays.
All sizes come from its config.json. The test of a file fails if it does not read every array of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import golden_set
import numpy as np
import pytest
import reference_loop
import torch
from golden_generation import check_calls, check_generate
from golden_set import (
    CONFIG,
    FULL,
    GOLDEN,
    HEUN,
    LOOSE,
    SINGLE,
    TEN_STEPS,
    THREE_EIGHTHS,
    TIGHT,
    WEIGHTS,
    Arrays,
    Counted,
    checksum,
    close,
    every_array,
    read,
    same,
    sums,
)
from golden_short import ShortGeneration
from numpy.typing import NDArray
from torch import Tensor

from posepipe.models.mardm import files, solvers
from posepipe.models.mardm.diffusion import DiffusionMLP, time_features
from posepipe.models.mardm.features import joints_from_features
from posepipe.models.mardm.sampler import DDPM_STEPS, GuidedField, ddpm, ddpm_coefficients
from posepipe.models.mardm.transformer import MaskedTransformer, positional_table


@pytest.fixture(scope="module", autouse=True)
def _one_thread_without_gradients() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.inference_mode():
        yield
    torch.set_num_threads(before)


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
    """Sorting the tokens by the mask before the blocks only changes rounding."""
    latents, mask = a["latents"], a["reorder_mask"]
    order = mask.to(torch.uint8).argsort(dim=1, stable=True)
    text = transformer.text(a["cond"])
    x = transformer.embed(latents) + transformer.positions[: latents.shape[1]]
    x = x.gather(1, order[..., None].expand_as(x))
    for block in transformer.blocks:
        x = block(x, text, a["padding_mask"].gather(1, order))
    x = x.gather(1, order.argsort(dim=1)[..., None].expand_as(x))
    close(x, a["cond_out_hard_pseudo_reorder"], SINGLE, "cond_out_hard_pseudo_reorder")
    # The mask only affects the last bits, on machines that round like the reference's machine.
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
        assert (a["cfg_x"][half:] != a["cfg_x"][:half]).any(dim=1).all(), "the second half must not be used"


def replay(field: solvers.Field, a: Arrays, key: str, tight: bool) -> Tensor:
    """State at t = 1 by Dormand-Prince with given steps; each step size must follow from the step before it."""
    x, steps = a["noise"], a.raw(f"{key}_steps")
    rtol, atol = TIGHT.values() if tight else (1e-3, 1e-6)
    none_rejected = a.scalar(f"{key}_nfe") == 2 + 6 * len(steps)
    slope = field(x, 0.0)
    wanted = 0.0
    for start, end in steps.tolist():
        if wanted:
            assert end - start == pytest.approx(wanted, rel=1e-2), f"{key}: step at {start}"
        arrived, error, slopes = solvers._attempt(field, x, slope, start, end - start)
        ratio = solvers._rms(error / (atol + rtol * torch.maximum(x.abs(), arrived.abs())))
        measurable = none_rejected and not tight and 0.05 < ratio < 1  # otherwise rounding dominates
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
        methods = {**solvers.FIXED_STEP, "heun2": HEUN, "rk4": THREE_EIGHTHS}
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
    # The first step follows from formulas; the later ones depend on errors close to rounding.
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


@pytest.mark.parametrize(("name", "lengths"), [("generate_sit.npz", [2, 1]), ("generate_ddpm.npz", [1, 2])])
def test_generations_of_eight_frames_or_fewer(name: str, lengths: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """They have no ``joints_frame8``. The set is made here, by the plain loop."""
    arrays = ShortGeneration("ddpm" if "ddpm" in name else "sit", lengths, 6, 4.5).arrays
    assert arrays["joints"].shape[1] == 8
    monkeypatch.setattr(golden_set, "read", lambda _: arrays)
    for told in ("gen_main", "gen_ddpm"):
        monkeypatch.setitem(CONFIG, told, {"lens": lengths, "T": 6, "cfg": 4.5})
    CHECKS[name](name)
    monkeypatch.setitem(arrays, "joints", arrays["joints"] * 1.01)
    with pytest.raises(AssertionError, match="joints"):
        CHECKS[name](name)


def test_longer_generations_have_a_frame_8(monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = read("generate_ddpm.npz")
    del arrays["joints_frame8"]
    monkeypatch.setattr(golden_set, "read", lambda _: arrays)
    with pytest.raises(KeyError, match="joints_frame8"):
        CHECKS["generate_ddpm.npz"]("generate_ddpm.npz")


def test_no_file_is_missing() -> None:
    assert {path.name for path in GOLDEN.glob("*.npz")} == set(CHECKS)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_every_array_is_the_one_that_was_copied(name: str) -> None:
    wanted = {array: found for (file, array), found in sums().items() if file == name}
    if wanted:
        assert {array: checksum(content) for array, content in read(name).items()} == wanted


def perturbed(array: NDArray[Any]) -> NDArray[Any]:
    """The array off by one, inverted, or a percent larger."""
    if array.dtype == np.bool_:
        return ~array
    if array.dtype.kind in "iu":
        return array + 1
    return (array.astype(np.float64) * 1.01).astype(array.dtype)


@pytest.mark.parametrize("name", sorted(name for name in CHECKS if not name.startswith(("generate", "sit_ode"))))
def test_a_perturbed_array_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """For files that are quick to check; the reordering mask is left out, as it only affects the last bits."""
    sound = read(name)
    for key in sound.keys() - {"reorder_mask"}:
        arrays = {**sound, key: perturbed(sound[key])}
        monkeypatch.setattr(golden_set, "read", lambda _, arrays=arrays: arrays)
        try:
            CHECKS[name](name)
        except (AssertionError, IndexError, RuntimeError):
            continue
        pytest.fail(f"{key} of {name} can be anything")


def test_averaged_weights_are_taken() -> None:
    """The SiT file has other values under ``mardm``, like files of the reference's trainer."""
    path = files.find(GOLDEN, "sit", need_clip=False).mardm
    file = torch.load(path, weights_only=True)
    key = "DiffMLPs.net.input_proj.weight"
    network: DiffusionMLP = WEIGHTS["sit"].diffusion
    same(network.input_projection.weight, file["ema_mardm"][key], key)
    assert not torch.equal(file["mardm"][key], file["ema_mardm"][key])


def test_an_array_left_unread_is_found() -> None:
    with pytest.raises(AssertionError, match="no test compared"), every_array("length_estimator.npz") as a:
        assert a["emb"].isfinite().all()
