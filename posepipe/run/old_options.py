"""Options of MARDM's scripts, so that commands written for them keep working.

Each is accepted if it asks for what posepipe does, with a note of what it selects or that it has no effect. Otherwise
it is an error that says what to type instead. ``--repeat-times``, ``--gpu-id`` and ``--checkpoints-dir`` are plain
aliases and are declared in :mod:`posepipe.config`.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any, Final

from posepipe.commandline.values import MODELS
from posepipe.config import RunConfig
from posepipe.errors import ConfigError

GROUP: Final = "MARDM's scripts"
DESCRIPTION: Final = "accepted in commands written for MARDM's scripts"


@dataclass(frozen=True)
class OldOption:
    """An option of MARDM's scripts.

    Attributes
    ----------
    flag : str
    text : str
        Help, in sentences.
    metavar : str, optional
        Stands for the value in the help; None for a switch.
    """

    flag: str
    text: str
    metavar: str | None = None

    @property
    def dest(self) -> str:
        """Its key among the parsed options."""
        return self.flag.removeprefix("--").replace("-", "_")


OPTIONS: Final = (
    OldOption("--name", "Select the model: MARDM_SiT_XL or MARDM_DDPM_XL.", "NAME"),
    OldOption("--ae-name", "No effect; must be AE.", "NAME"),
    OldOption("--ae-model", "No effect; must be AE_Model.", "NAME"),
    OldOption("--dataset-name", "No effect; must be t2m, because the poses have the joints of HumanML3D.", "NAME"),
    OldOption("--dataset-dir", "No effect; the statistics are read from --checkpoints.", "DIR"),
    OldOption("--hard-pseudo-reorder", "No effect; the order of the tokens does not change the poses."),
    OldOption("--save-json", "No effect; json is one of the default --formats."),
    OldOption("--save-image", "No effect; png is one of the default --formats."),
)

_ONLY_VALUES: Final = {
    "ae_name": ("AE", "the autoencoder is the one under --checkpoints"),
    "ae_model": ("AE_Model", "the autoencoder is the one under --checkpoints"),
    "dataset_name": ("t2m", "posepipe makes the 22 joints of HumanML3D (t2m)"),
}
"""Options with one value that posepipe can accept, and why."""

_FORMATS: Final = {"save_json": "json", "save_image": "png"}


def add_old_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to the parser of ``run``."""
    group = parser.add_argument_group(GROUP, DESCRIPTION)
    for option in OPTIONS:
        if option.metavar is None:
            group.add_argument(option.flag, action="store_true", default=argparse.SUPPRESS, help=option.text)
        else:
            group.add_argument(option.flag, metavar=option.metavar, default=argparse.SUPPRESS, help=option.text)


def take_old_options(options: dict[str, Any]) -> dict[str, Any]:
    """Remove the old options from parsed options and return them; ``--name`` sets the option ``model``.

    Raises
    ------
    ConfigError
        If ``--name`` is no model of posepipe, or not the one that ``--model`` names.
    """
    old = {option.dest: options.pop(option.dest) for option in OPTIONS if option.dest in options}
    if "name" in old:
        model = _folded(old["name"])
        if model not in MODELS[1:]:
            raise ConfigError(
                f"--name {old['name']}: give MARDM_SiT_XL or MARDM_DDPM_XL; for your own weights give --model and "
                "--checkpoints"
            )
        if _folded(options.get("model", model)) != model:
            raise ConfigError(
                f"--name {old['name']}: is another model than --model {options['model']}; give one of them"
            )
        options["model"] = model
    return old


def notes(old: dict[str, Any], config: RunConfig) -> list[str]:
    """One line for each old option: what it selects, or why it has no effect.

    Raises
    ------
    ConfigError
        If an option asks for something that posepipe does not do.
    """
    return [f"{_typed(option, old)}: {_meaning(option, old, config)}" for option in OPTIONS if option.dest in old]


def _meaning(option: OldOption, old: dict[str, Any], config: RunConfig) -> str:
    value = old[option.dest]
    if option.dest == "name":
        return f"selects --model {config.model}"
    if option.dest in _ONLY_VALUES:
        only, reason = _ONLY_VALUES[option.dest]
        if value != only:
            raise ConfigError(f"{_typed(option, old)}: leave it out or give {only}; {reason}")
        if option.dest != "dataset_name" and config.model not in MODELS[1:]:
            return f"no effect with model {config.model}; --model mardm-sit-xl uses the official weights"
        return f"no effect; {reason}"
    if option.dest in _FORMATS:
        name = _FORMATS[option.dest]
        if name not in config.format_list:
            raise ConfigError(f"{option.flag}: --formats {config.formats} leaves {name} out; add it to --formats")
        return f"no effect; {name} is one of the formats written"
    if option.dest == "dataset_dir":
        return "no effect; a model's statistics are read from the folder of its weights"
    return "no effect; the order of the tokens does not change the poses"


def _typed(option: OldOption, old: dict[str, Any]) -> str:
    return option.flag if option.metavar is None else f"{option.flag} {old[option.dest]}"


def _folded(name: str) -> str:
    return name.lower().replace("_", "-")
