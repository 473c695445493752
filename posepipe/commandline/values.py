"""The kinds of values that only the options of a run take."""

from __future__ import annotations

from typing import Any, Final

from posepipe.commandline import TEXT, Kind, commas, whole

MODELS: Final = ("small", "mardm-sit-xl", "mardm-ddpm-xl")
MIN_FRAMES: Final = 4
MAX_FRAMES: Final = 196
PICTURES: Final = ("mannequin", "diagram", "skeleton")
"""The styles of pictures, as :data:`posepipe.picture.STYLES`; the first is the default."""

STUDENT: Final = "student"
"""Value of ``--solver`` for a network that gives in one call what the solvers give in many."""

TEACHER: Final = "rk4"
"""The solver of models without a student, and of the others where the student cannot do what is asked for."""

SOLVERS: Final = {STUDENT: None, "euler": 10, "midpoint": 10, "rk4": 10, "ab2": 12, "dopri5": None}
"""Values of ``--solver``, each with its steps when ``--solver-steps`` is not given; None if it has no such number."""


def _length(value: Any) -> int | str:
    if value in ("from-file", "estimate"):
        return str(value)
    frames: int = whole(MIN_FRAMES, MAX_FRAMES).convert(value)
    if frames % 4:
        raise ValueError(value)
    return frames


_listed_gpus = commas(whole(0))


def _gpus(value: Any) -> str:
    """``all``, ``none``, or numbers separated by commas; -1 is the CPU in MARDM's scripts."""
    if value in ("all", "none"):
        return str(value)
    return "none" if value in (-1, "-1") else _listed_gpus(value)


def _model_name(value: Any) -> str:
    """A model's name; ``MARDM-SiT-XL`` and ``MARDM_SiT_XL``, as in MARDM's scripts, are ``mardm-sit-xl``."""
    text = str(TEXT.convert(value))
    folded = text.lower().replace("_", "-")
    if folded in MODELS:
        return folded
    module, _, factory = text.partition(":")
    if not (factory.isidentifier() and all(part.isidentifier() for part in module.split("."))):
        raise ValueError(value)
    return text


def _error_class(value: Any) -> str:
    if not str(value).isidentifier():
        raise ValueError(value)
    return str(value)


SEQUENCE_LENGTH: Final = Kind(f"a multiple of 4 from {MIN_FRAMES} to {MAX_FRAMES}, from-file or estimate", _length, "N")
GPUS: Final = Kind("all, none, or numbers separated by commas such as 0,1", _gpus, "LIST")
MODEL: Final = Kind(f"{', '.join(MODELS)} or package.module:factory", _model_name, "NAME")
ERROR_CLASS: Final = Kind("the name of an error class, such as WorkerDied, or nothing for all", _error_class, "CLASS")
