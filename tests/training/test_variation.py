"""Random variation of poses, and how a held pose moves."""

from __future__ import annotations

import numpy as np

from training.controls import Controls
from training.kinematics import solve
from training.variation import held, jittered


def test_planted_feet_do_not_slide() -> None:
    motion = solve(held(Controls(), 40, np.random.default_rng(1)), 40)
    feet = motion[:, [7, 8, 10, 11]] - motion[:1, [7, 8, 10, 11]]
    assert np.abs(feet).max() < 1e-5
    assert np.abs(motion[:, 20] - motion[0, 20]).max() > 1e-3


def test_the_middle_frame_of_a_held_pose_is_the_pose() -> None:
    controls = Controls(flex=12, nod=-8)
    moving = held(controls, 16, np.random.default_rng(3))
    assert (moving.flex[8], moving.nod[8], moving.left_arm.elbow[8]) == (12, -8, controls.left_arm.elbow)
    assert np.ptp(moving.nod) > 0


def test_variation_has_the_spread_that_is_asked_for() -> None:
    def spread(amount: float) -> float:
        drawn = [jittered(Controls(), np.random.default_rng(seed), amount).nod for seed in range(300)]
        return float(np.std(drawn))

    assert spread(0.0) == 0
    assert 3 < spread(1.0) < 4.2
    np.testing.assert_allclose(spread(0.5), spread(1.0) / 2)


def test_limbs_on_the_ground_vary_alike() -> None:
    def difference(support: str) -> float:
        drawn = [jittered(Controls(support=support), np.random.default_rng(seed)) for seed in range(300)]
        return float(np.std([controls.left_leg.ankle - controls.right_leg.ankle for controls in drawn]))

    assert difference("lowest") < 0.4 * difference("feet")
