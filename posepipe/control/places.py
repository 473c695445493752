"""The places in a state file: relative to the output folder in the file, absolute in memory.

The file also holds the absolute path of the output folder (``out``). If that is another one than where the file was
found, the project was moved or copied, and each place is looked for where it lies relative to the output folder now.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from posepipe.storage.locations import absolute, beside, is_remote, real_path

_NAMES: Final = ("manifest", "temp_dir", "log_dir")
"""Fields of the state that are places; ``final_dir`` is the output folder itself, or an address."""


@dataclass(frozen=True)
class Move:
    """That an output folder does not lie where its state file was written.

    Attributes
    ----------
    out : str
        Where it lay: an absolute path.
    manifest : str
        Absolute path of its manifest then, or an address.
    """

    out: str
    manifest: str


def stored(fields: Mapping[str, Any], out: Path | str) -> dict[str, Any]:
    """The fields of a state as they are written to the folder ``out``."""
    here = real_path(out)
    written = {**fields, "out": here}
    for name in _NAMES:
        if fields[name]:
            written[name] = beside(absolute(fields[name]), here)
    if not is_remote(fields["final_dir"]):
        written["final_dir"] = "."
    return written


def located(fields: Mapping[str, Any], out: Path | str) -> tuple[dict[str, Any], Move | None]:
    """The fields of a state file found in the folder ``out``, with absolute places; and its move, if it was moved.

    In files of older versions, which have no ``out`` and absolute paths only, a local ``final_dir`` stands for it.
    """
    here = real_path(out)
    found = dict(fields)
    local = not is_remote(found["final_dir"])
    before = str(found.pop("out", "") or (found["final_dir"] if local else here))
    if not os.path.isabs(before):  # noqa: PTH117
        before = here
    if local:
        found["final_dir"] = here
    manifest = _absolute(found["manifest"], before)
    for name in _NAMES:
        if found.get(name):
            place = _absolute(found[name], before)
            moved = _moved(place, before, here)
            # folders for logs and temporary files are made where they are missing; those of the original are its own
            found[name] = moved if name != "manifest" or is_remote(moved) or os.path.lexists(moved) else place
    return found, Move(before, manifest) if before != here else None


def _absolute(place: str, folder: str) -> str:
    """A place of a state file whose output folder was ``folder``."""
    return place if is_remote(place) else os.path.normpath(os.path.join(folder, place))  # noqa: PTH118


def _moved(place: str, before: str, here: str) -> str:
    """Where a place lies if it moved together with the output folder; a place in another project stays where it is."""
    relative = beside(place, before)
    if before == here or is_remote(place) or os.path.isabs(relative):  # noqa: PTH117
        return place
    return os.path.normpath(os.path.join(here, relative))  # noqa: PTH118
