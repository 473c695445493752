"""The folder that holds a gallery: files are written whole, and only what an earlier gallery wrote is removed."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Final

from posepipe.errors import ConfigError, MachineError

RECORD: Final = ".posepipe-gallery.json"


def place_for(out: Path, to: str | None) -> Path:
    """Where the gallery of an output folder goes: beside it, unless ``to`` says otherwise.

    Raises
    ------
    ConfigError
        Inside the output folder, where nothing but artifacts may lie.
    """
    inside = by_name(out)
    place = by_name(Path(to)) if to is not None else inside.with_name(f"{inside.name}_gallery")
    real, home = place.resolve(), inside.resolve()
    hidden = real != home and real.is_relative_to(home) and real.relative_to(home).parts[0].startswith(".")
    if real.is_relative_to(home) and not hidden:
        raise ConfigError(f"--to {place}: is inside {out}, where verify takes what is no artifact for a stray")
    if place.exists() and not place.is_dir():
        raise ConfigError(f"--to {place}: is a file; name a folder")
    return place


def by_name(path: Path) -> Path:
    """The path from the root, without ``..`` and with links left as they are: as a browser reads an address."""
    return Path(os.path.normpath(path.absolute()))


class GalleryFolder:
    """Files of a gallery, by kind (``page``, ``sheets``).

    Parameters
    ----------
    place : path
        Made where it is missing.

    Raises
    ------
    MachineError
        It cannot be made or written.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self._written: dict[str, set[str]] = {}
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise MachineError(f"{place}: cannot be made ({error.strerror})") from error

    def write(self, kind: str, name: str, content: bytes) -> Path:
        """Write one file aside and move it in place; ``name`` is relative to the folder."""
        path = self.place / name
        aside = path.with_name(f".{path.name}.tmp")
        try:
            path.parent.mkdir(exist_ok=True)
            aside.write_bytes(content)
            aside.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)
            raise MachineError(f"{path}: cannot be written ({error.strerror})") from error
        self._written.setdefault(kind, set()).add(name)
        return path

    def finish(self, kind: str) -> None:
        """Remove files of this kind that an earlier gallery wrote and this one did not; note what there is now."""
        record = self._record()
        now = self._written.get(kind, set())
        for name in set(record.get(kind, [])) - now:
            path = self.place / name
            if path.resolve().is_relative_to(self.place.resolve()):
                path.unlink(missing_ok=True)
        record[kind] = sorted(now)
        self.write("record", RECORD, json.dumps(record).encode())

    def _record(self) -> dict[str, list[str]]:
        try:
            found = json.loads((self.place / RECORD).read_text())
            return {str(kind): [str(name) for name in names] for kind, names in found.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}
