"""The lean sampler compared with the plain loop, and its results in different batches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import reference_loop
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_loop import RowByRow
from tiny_mardm import LATENT_WIDTH, TEXT_WIDTH, networks, randomise
from torch import Tensor

from posepipe.models.mardm.diffusion import DiffusionMLP
from posepipe.models.mardm.sampler import (
    DDPM_STEPS,
    GuidedField,
    Noise,
    Sampler,
    ddpm,
    draw_noise,
    mask_schedule,
    token_ranks,
)
from posepipe.models.mardm.solvers import FIXED_STEP, ab2, ab2_moments, dopri5, fixed_step

TRANSFORMER, DIFFUSION = networks()


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def inputs(lengths: list[int], kind: str = "sit") -> tuple[Tensor, Noise, Tensor]:
    text = torch.randn(len(lengths), TEXT_WIDTH, generator=torch.Generator().manual_seed(0))
    noise = draw_noise([7 * i for i in range(len(lengths))], max(lengths), LATENT_WIDTH, kind)
    return text, noise, torch.tensor(lengths)


def plain(
    text: Tensor,
    noise: Noise,
    lengths: Tensor,
    *,
    time_steps: int,
    cfg: float,
    solver: str,
    steps: int,
    by_row: bool,
) -> Tensor:
    """The plain loop. Samples that are discarded later use other noise than those that are kept."""
    ranks = token_ranks(noise.order, lengths)
    schedule = mask_schedule(lengths, time_steps)
    last = (ranks < schedule[..., None]).long().cumsum(0).argmax(dim=0)  # the last step at which each token is masked
    discarded = torch.Generator().manual_seed(99)
    transformer = RowByRow(TRANSFORMER) if by_row else TRANSFORMER
    diffusion = RowByRow(DIFFUSION) if by_row else DIFFUSION

    def solve(z: Tensor, masked: Tensor, step: int) -> Tensor:
        survives = (last == step)[masked][:, None]
        x = torch.where(
            survives, noise.initial[masked], torch.randn(int(masked.sum()), LATENT_WIDTH, generator=discarded)
        )
        field = reference_loop.guided(diffusion, z, cfg)
        if solver == "ddpm":
            assert noise.steps is not None
            rows = torch.where(
                survives[..., None], noise.steps[masked], torch.randn(1, DDPM_STEPS, 1, generator=discarded)
            )
            return reference_loop.ddpm_both_halves(field, x, rows.transpose(0, 1))[0]
        return ab2(field, x, steps) if solver == "ab2" else fixed_step(field, x, steps, FIXED_STEP[solver])

    return reference_loop.generate(
        transformer, diffusion, text, lengths, noise.order, time_steps=time_steps, cfg=cfg, solve=solve
    )


CASES = [
    ([2, 2], 10, "euler"),
    ([4, 4, 4], 18, "rk4"),
    ([4, 4], 50, "midpoint"),
    ([8, 8], 10, "ab2"),
    ([2, 4, 3], 18, "rk4"),
    ([8, 1, 5], 10, "midpoint"),
    ([4, 3], 6, "ddpm"),
]


@pytest.mark.parametrize("cfg", [4.5, 1.0])
@pytest.mark.parametrize(("lengths", "time_steps", "solver"), CASES)
def test_lean_equals_plain(lengths: list[int], time_steps: int, solver: str, cfg: float) -> None:
    kind = "ddpm" if solver == "ddpm" else "sit"
    text, noise, counts = inputs(lengths, kind)
    how = {"time_steps": time_steps, "cfg": cfg}
    with torch.inference_mode():
        by_row = Sampler(RowByRow(TRANSFORMER), RowByRow(DIFFUSION), kind, solver, 3)(text, noise, counts, **how)
        expected = plain(text, noise, counts, **how, solver=solver, steps=3, by_row=True)
        assert torch.equal(by_row, expected)
        batched = Sampler(TRANSFORMER, DIFFUSION, kind, solver, 3)(text, noise, counts, **how)
        whole = plain(text, noise, counts, **how, solver=solver, steps=3, by_row=False)
    # The first steps of DDPM enlarge rounding errors 30 times.
    tolerance = (5e-5 if solver == "ddpm" else 1e-6) * expected.abs().max()
    assert (batched - expected).abs().max() <= tolerance
    assert (batched - whole).abs().max() <= tolerance
    assert (expected != 0).any()


class Counter(torch.nn.Module):
    """Counts the calls and rows of a network's methods."""

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network
        self.config = network.config
        self.rows: dict[str, list[int]] = {}

    @property
    def mask_latent(self) -> Tensor:
        return self.network.mask_latent

    def _call(self, name: str, *args: object) -> Tensor:
        self.rows.setdefault(name, []).append(len(args[-1] if name == "modulation" else args[0]))  # type: ignore[arg-type]
        return getattr(self.network, name)(*args)

    def forward(self, *args: object) -> Tensor:
        return self._call("forward", *args)

    def time(self, *args: object) -> Tensor:
        return self._call("time", *args)

    def condition(self, *args: object) -> Tensor:
        return self._call("condition", *args)

    def modulation(self, *args: object) -> Tensor:
        return self._call("modulation", *args)

    def denoise(self, *args: object) -> Tensor:
        return self._call("denoise", *args)


def test_nothing_is_computed_twice() -> None:
    transformer, diffusion = Counter(TRANSFORMER), Counter(DIFFUSION)
    text, noise, lengths = inputs([4] * 16)
    Sampler(transformer, diffusion, "sit", "rk4", 10)(text, noise, lengths, time_steps=18, cfg=4.5)
    # Four levels; as long as everything is masked, all captions share 8 rows without text.
    assert transformer.rows == {"forward": [16, 8, *[16] * 6]}
    assert diffusion.rows == {
        "condition": [24, *[32] * 3],
        "time": [8] * 21,
        "modulation": [10 * 24, 10 * 24, 24, *[8 * 32, 8 * 32, 5 * 32] * 3],  # 21 times
        "denoise": [32] * 40 * 4,
    }


def test_without_guidance_one_pass() -> None:
    transformer, diffusion = Counter(TRANSFORMER), Counter(DIFFUSION)
    text, noise, lengths = inputs([4] * 8)
    Sampler(transformer, diffusion, "sit", "euler", 3)(text, noise, lengths, time_steps=18, cfg=1)
    assert transformer.rows == {"forward": [8] * 4}
    assert diffusion.rows["denoise"] == [8] * 12


def test_time_steps_beyond_the_tokens_change_nothing() -> None:
    text, noise, lengths = inputs([4] * 8)
    lean = Sampler(TRANSFORMER, DIFFUSION, "sit", "rk4", 2)
    few = lean(text, noise, lengths, time_steps=4, cfg=3.0)
    assert torch.equal(few, lean(text, noise, lengths, time_steps=50, cfg=3.0))
    assert not torch.equal(few, lean(text, noise, lengths, time_steps=2, cfg=3.0))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 49), min_size=1, max_size=5), st.integers(1, 200))
def test_every_token_is_decided_once(lengths: list[int], time_steps: int) -> None:
    masked = mask_schedule(torch.tensor(lengths), time_steps)
    assert masked[0].tolist() == lengths
    assert (masked.diff(dim=0) <= 0).all()
    assert (masked >= 1).all()
    order = torch.rand(len(lengths), max(lengths), generator=torch.Generator().manual_seed(1))
    ranks = token_ranks(order, torch.tensor(lengths))
    left = torch.cat((masked[1:], torch.zeros_like(masked[:1])))
    decided = (ranks < masked[..., None]) & (ranks >= left[..., None])
    assert (decided.sum(dim=0) == (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None])).all()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 2**63 - 1), min_size=2, max_size=6, unique=True), st.sampled_from(["sit", "ddpm"]))
def test_noise_is_the_seeds_alone(seeds: list[int], kind: str) -> None:
    together = draw_noise(seeds, 3, 4, kind)
    alone = draw_noise(seeds[-1:], 3, 4, kind)
    assert torch.equal(together.order[-1:], alone.order)
    assert torch.equal(together.initial[-1:], alone.initial)
    assert not torch.equal(together.initial[0], together.initial[1])
    if kind == "ddpm":
        assert torch.equal(together.steps[-1:], alone.steps)
    else:
        assert together.steps is None


def test_the_whole_seed_counts() -> None:
    low, high = draw_noise([5, 5 + 2**32], 4, 8, "sit").initial
    assert not torch.equal(low, high)


def test_noise_is_standard_normal() -> None:
    initial = draw_noise(list(range(200)), 4, 64, "sit").initial
    assert abs(initial.mean()) < 0.01
    assert abs(initial.std() - 1) < 0.01


@pytest.mark.parametrize(("solver", "order"), [("euler", 1), ("midpoint", 2), ("rk4", 4)])
def test_solvers_have_their_order(solver: str, order: int) -> None:
    """For dx/dt = x cos t the error is proportional to a power of the step size, which is the order."""

    def field(x: Tensor, t: float) -> Tensor:
        return x * np.cos(t)

    start = torch.ones(1, 1, dtype=torch.float64)
    errors = [abs(fixed_step(field, start, n, FIXED_STEP[solver]).item() - np.exp(np.sin(1))) for n in (10, 20)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.3)


def test_ab2_has_its_order_and_calls_the_field_once_a_step() -> None:
    calls: list[float] = []

    def field(x: Tensor, t: float) -> Tensor:
        calls.append(t)
        return x * np.cos(t)

    start = torch.ones(1, 1, dtype=torch.float64)
    errors = [abs(ab2(field, start, n).item() - np.exp(np.sin(1))) for n in (40, 80)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.3)
    assert calls == [*ab2_moments(40), *ab2_moments(80)]
    assert calls[0] == 0
    gaps = np.diff([*ab2_moments(40), 1.0])
    assert (gaps > 0).all()
    assert (np.diff(gaps) < 0).all()


@pytest.mark.parametrize("lengths", [[4, 4], [3, 1, 5]])
def test_a_student_guesses_once_and_the_solver_goes_on_from_there(lengths: list[int]) -> None:
    text, noise, counts = inputs(lengths)
    student = DiffusionMLP(DIFFUSION.config)
    randomise(student, 8, 0.12)
    how = {"time_steps": 18, "cfg": 4.5}

    class Guessing(Sampler):
        """The same, written out for one token after another."""

        def _solve(self, field, conditions, noise, decided):
            x = noise.initial.flatten(0, 1)[decided]
            rows = []
            for row, z in zip(x, conditions, strict=False):
                guess = row + student(row[None], torch.zeros(1), z[None])[0]
                rows.append(0.4 * row + 0.6 * guess)
            return ab2(field, torch.stack(rows), 3, 0.6)

    with torch.inference_mode():
        found = Sampler(TRANSFORMER, DIFFUSION, "sit", "student", student=student)(text, noise, counts, **how)
        expected = Guessing(TRANSFORMER, DIFFUSION, "sit", "ab2")(text, noise, counts, **how)
        plain = Sampler(TRANSFORMER, DIFFUSION, "sit", "ab2", 6)(text, noise, counts, **how)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=0)
    assert (found - plain).abs().max() > 1e-3


def test_dopri5_solves_and_passes_the_end() -> None:
    solution = dopri5(lambda x, t: x * np.cos(t), torch.ones(3, 2), rtol=1e-6, atol=1e-8)
    assert solution.x.numpy() == pytest.approx(np.exp(np.sin(1)), rel=1e-5)
    assert solution.steps[0][0] == 0
    assert solution.steps[-1][1] >= 1 > solution.steps[-1][0]


def test_dopri5_ends_where_nothing_is_finite() -> None:
    assert dopri5(lambda x, t: x * float("nan"), torch.ones(2, 2)).x.isnan().all()


def test_ddpm_needs_its_noise() -> None:
    text, noise, lengths = inputs([4] * 8)
    with pytest.raises(ValueError, match="kind='ddpm'"):
        Sampler(TRANSFORMER, DIFFUSION, "ddpm")(text, noise, lengths, time_steps=4, cfg=1.0)


def test_ddpm_with_a_perfect_network_finds_the_latent() -> None:
    """With a network that always predicts the noise of one x0, sampling ends at that x0, whatever the step noise."""
    from posepipe.models.mardm.sampler import ddpm_coefficients

    target = torch.tensor([[1.0, -2.0, 0.5]])
    c = ddpm_coefficients()

    class Field(GuidedField):
        def __init__(self) -> None: ...

        def __call__(self, x: Tensor, t: float) -> Tensor:
            return ((c.from_x[int(t)] * x - target) / c.from_noise[int(t)]).float()

    out = ddpm(Field(), torch.randn(1, 3), torch.randn(1, DDPM_STEPS, 3))
    assert out.numpy() == pytest.approx(target.numpy(), abs=1e-3)
