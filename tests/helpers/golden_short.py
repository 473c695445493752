"""A generation of few frames in the form of a golden file, made by the plain loop of :mod:`reference_loop`."""

from __future__ import annotations

from typing import Any

import numpy as np
import reference_loop
import torch
from golden_set import TIGHT, WEIGHTS, Counted
from numpy.typing import NDArray
from torch import Tensor

from posepipe.models.mardm import solvers
from posepipe.models.mardm.features import joints_from_features
from posepipe.models.mardm.hub_files import Kind
from posepipe.models.mardm.sampler import DDPM_STEPS, mask_schedule, token_ranks


class ShortGeneration:
    """One generation for captions of the given numbers of tokens; ``arrays`` are those of a ``generate_*`` file."""

    def __init__(self, kind: Kind, lengths: list[int], time_steps: int, cfg: float) -> None:
        self._weights = WEIGHTS[kind]
        generator = torch.Generator().manual_seed(7)
        counts, longest = torch.tensor(lengths), max(lengths)
        width = self._weights.transformer.config.latent_width
        text = torch.randn(len(lengths), self._weights.transformer.config.text_width, generator=generator)
        order = torch.randint(2**24, (len(lengths), longest), generator=generator) / 2**24
        ranks = token_ranks(order, counts)
        self._masked = ranks < mask_schedule(counts, time_steps)[..., None]  # (T, b, l)
        rows = self._masked.sum(dim=(1, 2))
        self._first = [0, *rows.cumsum(0).tolist()]
        self._noise = torch.randn(int(rows.sum()), width, generator=generator).half()
        self._step_noise = torch.randn(DDPM_STEPS, len(self._noise), width, generator=generator).half()
        self._how = {"text": text, "lengths": counts, "order": order, "time_steps": time_steps, "cfg": cfg}
        tensors = {"cond": text, "lens": counts, "rand": order, "ranks": ranks, "is_mask": self._masked}
        tensors |= {"num_masked": mask_schedule(counts, time_steps), "init_noise": self._noise, "init_noise_rows": rows}
        self.arrays: dict[str, NDArray[Any]] = {key: tensor.numpy() for key, tensor in tensors.items()}
        self.arrays |= {"timesteps": np.array(time_steps), "cfg": np.array(cfg)} | self._kept()
        if kind == "sit":
            self._add("", self._by_steps({}))
            self._add("_tight", self._by_steps(TIGHT))
        else:
            self._add("", self._by_ddpm)
            self.arrays["step_noise_first_half"] = self._step_noise.numpy()

    def _kept(self) -> dict[str, NDArray[Any]]:
        """The noise that is kept: that of the last step at which a token is masked."""
        shape = tuple(self._masked.shape[1:])
        step, row = np.full(shape, -1), np.full(shape, -1)
        noise = np.zeros((*shape, self._noise.shape[1]), np.float16)
        for number, masked in enumerate(self._masked):
            for index, (b, token) in enumerate(masked.nonzero().tolist()):
                step[b, token], row[b, token] = number, index
                noise[b, token] = self._noise[self._first[number] + index]
        return {"kept_step": step, "kept_row": row, "kept_noise": noise}

    def _by_steps(self, options: dict[str, float]) -> reference_loop.Solve:
        def solve(z: Tensor, masked: Tensor, step: int) -> Tensor:
            field = Counted(reference_loop.guided(self._weights.diffusion, z, self._how["cfg"]))
            x = solvers.dopri5(field, self._noise[self._first[step] : self._first[step + 1]].float(), **options).x
            self._calls.append((field.calls, len(z)))
            return x

        return solve

    def _by_ddpm(self, z: Tensor, masked: Tensor, step: int) -> Tensor:
        here = slice(self._first[step], self._first[step + 1])
        field = reference_loop.guided(self._weights.diffusion, z, self._how["cfg"])
        self._calls.append((DDPM_STEPS, len(z)))
        return reference_loop.ddpm_both_halves(field, self._noise[here].float(), self._step_noise[:, here].float())[0]

    def _add(self, suffix: str, solve: reference_loop.Solve) -> None:
        """Generate, and add the arrays that follow from it."""
        self._calls: list[tuple[int, int]] = []
        record = reference_loop.Record()
        networks = self._weights.transformer, self._weights.diffusion
        final = reference_loop.generate(*networks, **self._how, solve=solve, record=record)
        motion = self._weights.autoencoder.decode(final).numpy()
        features = motion * self._weights.std + self._weights.mean
        made = {"final": final.numpy(), "latents_out": torch.stack(record.latents_out).numpy(), "motion": motion}
        made |= {"joints": joints_from_features(features), "network_calls": np.array(sum(n for n, _ in self._calls))}
        self.arrays |= {f"{key}{suffix}": array for key, array in made.items()}
        if not suffix:
            rows = np.array(sum(calls * count for calls, count in self._calls))
            self.arrays |= {"latents_in": torch.stack(record.latents_in).numpy(), "features": features}
            self.arrays["network_rows"] = rows
