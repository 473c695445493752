"""The models: which there are, where their weights are looked for, and how they are loaded.

Importing this loads no torch. ``small`` is bundled (``posepipe/models/weights``); ``mardm-sit-xl`` and
``mardm-ddpm-xl`` are the official weights, looked for under ``--checkpoints``; ``package.module:factory`` is
a model of the user's own.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast

from posepipe.errors import CheckpointError, CheckpointNotFound, ConfigError
from posepipe.models.base import Model
from posepipe.models.mardm import files

OFFICIAL: Final[dict[str, files.Kind]] = {"mardm-sit-xl": "sit", "mardm-ddpm-xl": "ddpm"}
NAMES: Final = ("small", *OFFICIAL)
SMALL_WEIGHTS: Final = Path(__file__).parent / "weights"


def load(
    name: str,
    device: str,
    *,
    checkpoints: str | Path = "checkpoints",
    solver: str = "rk4",
    solver_steps: int = 10,
    precision: str = "float32",
) -> Model:
    """Load a model onto a device.

    Parameters
    ----------
    name : str
        One of :data:`NAMES`, or ``package.module:factory``, of which ``factory(device)`` is called.
    device : str
        ``"cpu"`` or ``"cuda:0"``, as torch names them.
    checkpoints : path
        Where the official weights are looked for.
    solver, solver_steps, precision
        Of the built-in models; see :class:`posepipe.models.mardm.model.Mardm`.

    Raises
    ------
    CheckpointError
        Weights are missing or broken.
    ConfigError
        There is no such model, or an option cannot be used.
    """
    if ":" in name:
        model = _factory(name)(device)
        if not callable(getattr(model, "generate", None)) or not isinstance(getattr(model, "fingerprint", None), str):
            raise ConfigError(f"what {name} returns has not both generate() and a string fingerprint")
        return cast(Model, model)
    _known(name)
    if name == "small":
        from posepipe.models import small

        return small.load(device, solver=solver, solver_steps=solver_steps, precision=precision)
    from posepipe.models.mardm import official

    return official.load(
        OFFICIAL[name],
        device,
        checkpoints=Path(checkpoints),
        solver=solver,
        solver_steps=solver_steps,
        precision=precision,
    )


def default_cfg(name: str) -> float:
    """Guidance scale of a model where none is asked for; 4.5 for a factory that has no ``default_cfg``."""
    if ":" in name:
        return float(getattr(_factory(name), "default_cfg", files.OFFICIAL_CFG))
    _known(name)
    if name != "small":
        return files.OFFICIAL_CFG
    path = SMALL_WEIGHTS / "config.json"
    if not path.exists():
        raise CheckpointNotFound(f"the bundled weights are not in {SMALL_WEIGHTS}: install posepipe again")
    try:
        return float(json.loads(path.read_bytes())["default_cfg"])
    except (ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"{path} is broken: install posepipe again") from error


def fingerprint(name: str, checkpoints: str | Path = "checkpoints") -> str:
    """What a model's ``fingerprint`` will be, without loading it where it is a built-in one.

    Parameters
    ----------
    name : str
        See :func:`load`; a factory is called for the CPU.
    checkpoints : path
        Where the official weights are looked for.

    Raises
    ------
    CheckpointError
        Weights are missing or cannot be read; so this says early whether a run can start.
    ConfigError
        There is no such model, or the extra ``clip`` is not installed.
    """
    if ":" in name:
        return load(name, "cpu").fingerprint
    _known(name)
    if name == "small":
        return files.fingerprint(small_weight_files())
    if importlib.util.find_spec("transformers") is None:
        raise ConfigError(f"{name} reads captions with CLIP: pip install 'posepipe[clip]'")
    return files.fingerprint(files.weight_files(files.find(Path(checkpoints), OFFICIAL[name])))


def small_weight_files() -> list[Path]:
    """The files of the bundled model whose contents change its poses, in a fixed order."""
    paths = sorted(
        path
        for path in SMALL_WEIGHTS.glob("*")
        if path.is_file() and path.suffix not in (".md", ".py") and not path.name.startswith(".")
    )
    if not paths:
        raise CheckpointNotFound(f"the bundled weights are not in {SMALL_WEIGHTS}: install posepipe again")
    return paths


def _known(name: str) -> None:
    if name not in NAMES:
        raise ConfigError(f"there is no model {name!r}: take {', '.join(NAMES)}, or package.module:factory")


def _factory(name: str) -> Callable[[str], object]:
    module_name, _, attribute = name.partition(":")
    if str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))  # as with `python -m`, so that a factory beside the captions is found
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
