"""Options that the model decides: guidance scale, solver and its steps."""

from __future__ import annotations

import pytest

from posepipe import models
from posepipe.config import RunConfig
from posepipe.errors import ConfigError

OWN = models.default_cfg("small")


@pytest.fixture(params=["student", "rk4"])
def solver(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The solver that the bundled model names in its settings."""
    monkeypatch.setattr(models, "small_solver", lambda: request.param)
    return str(request.param)


def resolved(**options: object) -> tuple[str | None, int | None]:
    config = models.with_defaults(RunConfig(text_prompt=["A person sitting"], **options))
    return config.solver, config.solver_steps


def test_the_solver_is_the_models_own(solver: str) -> None:
    assert resolved() == (solver, None if solver == "student" else 10)
    assert resolved(preset="high") == resolved(preset="fast") == resolved(cfg=OWN) == resolved()
    assert resolved(solver="ab2") == ("ab2", 12)
    assert resolved(solver="rk4", solver_steps=5) == ("rk4", 5)
    assert resolved(solver="dopri5") == ("dopri5", None)
    assert resolved(model="mardm-sit-xl") == ("rk4", 10)
    assert resolved(model="mardm-sit-xl", preset="high", solver_steps=4) == ("rk4", 4)


def test_another_guidance_scale_chooses_the_teacher_and_that_is_said(solver: str) -> None:
    asked = RunConfig(text_prompt=["A person sitting"], cfg=OWN + 1)
    config = models.with_defaults(asked)
    assert (config.solver, config.solver_steps) == ("rk4", 10)
    said = models.chosen_teacher(asked, config)
    if solver == "rk4":
        assert said is None
    else:
        assert said is not None
        assert f"--cfg {OWN + 1:g}: the student of small is trained at {OWN:g} only, so --solver rk4 is used" in said
    for options in ({}, {"cfg": OWN}, {"cfg": OWN + 1, "solver": "ab2"}, {"model": "mardm-sit-xl", "cfg": 2.0}):
        asked = RunConfig(text_prompt=["A person sitting"], **options)
        assert models.chosen_teacher(asked, models.with_defaults(asked)) is None


def test_the_student_refuses_what_it_cannot_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "small_solver", lambda: "student")
    with pytest.raises(ConfigError, match=r"--solver-steps: has no effect on student, the solver of small; give --sol"):
        resolved(solver_steps=5)
    with pytest.raises(ConfigError, match=r"--solver-steps: has no effect on student; give --solver rk4 too"):
        resolved(solver="student", solver_steps=5)
    with pytest.raises(ConfigError, match=r"--solver-steps: has no effect on dopri5"):
        resolved(solver="dopri5", solver_steps=5)
    with pytest.raises(ConfigError, match=r"its guidance scale is 3, and --cfg asks for 5; leave one of the two out"):
        resolved(solver="student", cfg=5)
    with pytest.raises(ConfigError, match=r"--solver student: mardm-sit-xl has no student"):
        resolved(solver="student", model="mardm-sit-xl")
    monkeypatch.setattr(models, "small_has_student", lambda: False)
    with pytest.raises(ConfigError, match=r"--solver student: small has no student"):
        resolved(solver="student")


def test_the_settings_name_what_changes_the_pose(solver: str) -> None:
    ids = set()
    for options in ({"solver": "rk4"}, {"solver": "ab2"}, {"solver": "ab2", "solver_steps": 8}, {"solver": "dopri5"}):
        config = models.with_defaults(RunConfig(text_prompt=["A person sitting"], **options))
        assert ("solver_steps" in config.pose_settings()) == (config.solver != "dopri5")
        ids.add(config.settings_id("model"))
    assert len(ids) == 4
    own = models.with_defaults(RunConfig(text_prompt=["A person sitting"])).pose_settings()
    assert own["solver"] == solver
    assert ("solver_steps" in own) == (solver == "rk4")
