"""The models by name: ``small``, the official MARDM weights, and models of the user's own.

``small`` is bundled (``posepipe/models/weights``); ``mardm-sit-xl`` and ``mardm-ddpm-xl`` are the official weights in
the folder ``--checkpoints``; ``package.module:factory`` is a model of the user's own. Importing this module does not
import torch.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

from posepipe.commandline.values import SOLVERS, STUDENT, TEACHER
from posepipe.config import RunConfig
from posepipe.errors import ConfigError
from posepipe.models.base import Model
from posepipe.models.bundled import (
    SMALL_WEIGHTS,
    small_fingerprint,
    small_has_student,
    small_setting,
    small_solver,
    small_weight_files,
)
from posepipe.models.mardm import files
from posepipe.models.mardm.hub_files import Kind

OFFICIAL: Final[dict[str, Kind]] = {"mardm-sit-xl": "sit", "mardm-ddpm-xl": "ddpm"}
NAMES: Final = ("small", *OFFICIAL)

__all__ = [
    "NAMES",
    "OFFICIAL",
    "SMALL_WEIGHTS",
    "chosen_teacher",
    "default_cfg",
    "default_solver",
    "default_temperature",
    "fingerprint",
    "load",
    "small_weight_files",
    "with_defaults",
]


def load(
    name: str,
    device: str,
    *,
    checkpoints: str | Path = "checkpoints",
    solver: str | None = None,
    solver_steps: int | None = None,
    precision: str = "float32",
    temperature: float | None = None,
) -> Model:
    """Load a model onto a device.

    Parameters
    ----------
    name : str
        One of :data:`NAMES`, or ``package.module:factory``; then ``factory(device)`` is called.
    device : str
        Name of a torch device, such as ``"cpu"`` or ``"cuda:0"``.
    checkpoints : path
        Folder of the official weights.
    solver, solver_steps : optional
        For the built-in models; by default the model's own solver, see :func:`default_solver`.
    precision : str
        For the built-in models; see :class:`posepipe.models.mardm.model.Mardm`.
    temperature : float, optional
        For the built-in models: scale of the noise; by default the model's own.

    Raises
    ------
    CheckpointError
        Weights are missing or damaged.
    ConfigError
        There is no such model, or an option cannot be used.
    """
    if ":" in name:
        model = _factory(name)(device)
        if not callable(getattr(model, "generate", None)) or not isinstance(getattr(model, "fingerprint", None), str):
            raise ConfigError(f"{name} must return an object with a method generate() and a string fingerprint")
        return cast(Model, model)
    _known(name)
    if name == "small":
        from posepipe.models import small

        return small.load(
            device, solver=solver, solver_steps=solver_steps, precision=precision, temperature=temperature
        )
    from posepipe.models.mardm import official

    return official.load(
        OFFICIAL[name],
        device,
        checkpoints=Path(checkpoints),
        solver=solver,
        solver_steps=solver_steps,
        precision=precision,
        temperature=temperature,
    )


def default_temperature(name: str) -> float | None:
    """Scale of the noise of a model when ``--temperature`` is not given; None for a model of the user's own."""
    if ":" in name:
        return None
    _known(name)
    return small_setting("temperature") if name == "small" else files.OFFICIAL_TEMPERATURE


def default_cfg(name: str) -> float:
    """Guidance scale of a model when ``--cfg`` is not given; 4.5 for a factory without ``default_cfg``."""
    if ":" in name:
        return float(getattr(_factory(name), "default_cfg", files.OFFICIAL_CFG))
    _known(name)
    if name != "small":
        return files.OFFICIAL_CFG
    return small_setting("default_cfg")


def default_solver(name: str) -> str:
    """Solver of a model when ``--solver`` is not given and the guidance scale is the model's own."""
    return small_solver() if name == "small" else TEACHER


def with_defaults(config: RunConfig, cfg: float | None = None) -> RunConfig:
    """The options of a run with guidance scale, solver and its steps filled in.

    A temperature that is the model's own is taken out, because asked for or not, it is the same pose. A student has one
    guidance scale; with another one, its teacher is chosen.

    Parameters
    ----------
    config : RunConfig
    cfg : float, optional
        The model's own guidance scale, where the caller knows it.

    Raises
    ------
    ConfigError
        The student cannot do what is asked for, or the number of steps has no effect.
    """
    if ":" not in config.model:
        own = default_cfg(config.model)
        config = _with_solver(replace(config, cfg=own if config.cfg is None else config.cfg), own)
    elif config.cfg is None:
        config = replace(config, cfg=default_cfg(config.model) if cfg is None else cfg)
    if config.temperature is not None and config.temperature == default_temperature(config.model):
        config = replace(config, temperature=None)
    return config


def _with_solver(config: RunConfig, own_cfg: float) -> RunConfig:
    """The options with solver and steps filled in; the model is a built-in one of the guidance scale ``own_cfg``."""
    solver = config.solver or default_solver(config.model)
    if solver == STUDENT and not (config.model == "small" and small_has_student()):
        raise ConfigError(f"--solver student: {config.model} has no student; leave it out, or give another solver")
    if solver == STUDENT and config.cfg != own_cfg:
        if config.solver:
            raise ConfigError(
                f"--solver student: its guidance scale is {own_cfg:g}, and --cfg asks for {config.cfg:g}; leave one of "
                "the two out"
            )
        solver = TEACHER
    steps = SOLVERS[solver]
    if steps is None and config.solver_steps is not None:
        raise ConfigError(
            f"--solver-steps: has no effect on {solver}{'' if config.solver else f', the solver of {config.model}'}; "
            f"give --solver {TEACHER} too, or leave it out"
        )
    return replace(config, solver=solver, solver_steps=config.solver_steps or steps)


def chosen_teacher(asked: RunConfig, config: RunConfig) -> str | None:
    """Say that the teacher was chosen for its guidance scale.

    Parameters
    ----------
    asked, config : RunConfig
        The options before and after :func:`with_defaults`.

    Returns
    -------
    str or None
        A line for the user; None if the solver is the one asked for or the model's own.
    """
    if ":" in config.model or asked.solver is not None or config.solver == default_solver(config.model):
        return None
    return (
        f"--cfg {config.cfg:g}: the student of {config.model} is trained at {default_cfg(config.model):g} only, so "
        f"--solver {config.solver} is used, which takes several times as long"
    )


def fingerprint(name: str, checkpoints: str | Path = "checkpoints") -> str:
    """Fingerprint of a model; built-in models are not loaded for it.

    Parameters
    ----------
    name : str
        See :func:`load`; a factory is called with the device ``"cpu"``.
    checkpoints : path
        Folder of the official weights.

    Raises
    ------
    CheckpointError
        Weights are missing or cannot be read.
    ConfigError
        There is no such model.
    """
    if ":" in name:
        return load(name, "cpu").fingerprint
    _known(name)
    if name == "small":
        return small_fingerprint(small_weight_files())
    return files.fingerprint(files.weight_files(files.find(Path(checkpoints), OFFICIAL[name])))


def _known(name: str) -> None:
    if name not in NAMES:
        raise ConfigError(f"there is no model {name!r}: use {', '.join(NAMES)}, or package.module:factory")


def _factory(name: str) -> Callable[[str], object]:
    module_name, _, attribute = name.partition(":")
    if str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))  # as `python -m` does, so that a factory in the current folder is found
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not module_name.startswith(error.name):
            raise
        raise ConfigError(f"model {name}: there is no module {error.name}") from error
    except ValueError as error:
        raise ConfigError(f"model {name!r} is not of the form package.module:factory") from error
    factory = getattr(module, attribute, None)
    if not callable(factory):
        raise ConfigError(f"model {name}: {module_name} has no function {attribute!r}")
    return cast("Callable[[str], object]", factory)
