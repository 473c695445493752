"""Random variation of poses, and how a held pose moves."""

from __future__ import annotations

import numpy as np

from training.controls import Controls
from training.kinematics import solve
from training.variation import held


def test_planted_feet_do_not_slide() -> None:
    motion = solve(held(Controls(), 40, np.random.default_rng(1)), 40)
    feet = motion[:, [7, 8, 10, 11]] - motion[:1, [7, 8, 10, 11]]
    assert np.abs(feet).max() < 1e-5
    assert np.abs(motion[:, 20] - motion[0, 20]).max() > 1e-3
