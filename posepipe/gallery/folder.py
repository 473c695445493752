"""The folder of a gallery: files are written atomically, and only files of an earlier gallery are removed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from posepipe.errors import ConfigError, MachineError, cannot_be_written
from posepipe.storage import atomic
from posepipe.storage.locations import lies_in

RECORD: Final = ".posepipe-gallery.json"


def gallery_path(out: Path, to: str | None) -> Path:
    """Folder for the gallery of an output folder: ``to``, or ``<out>_gallery`` beside it.

    Raises
    ------
    ConfigError
        If it is inside the output folder, which holds only artifacts, or is a file.
    """
    source = normal_path(out)
    path = normal_path(Path(to)) if to is not None else source.with_name(f"{source.name}_gallery")
    if lies_in(str(path), str(source)):
        raise ConfigError(
            f"--to {path}: is inside {out}; verify would report its files as strays. Give a folder outside"
        )
    if path.exists() and not path.is_dir():
        raise ConfigError(f"--to {path}: is a file; give a folder")
    return path


def normal_path(path: Path) -> Path:
    """Absolute path without ``..``. Symbolic links are not resolved, because a browser does not resolve them either."""
    return Path(os.path.normpath(path.absolute()))


class GalleryFolder:
    """Writes the files of a gallery and remembers them by kind (``page``, ``sheets``).

    Parameters
    ----------
    path : path
        Created if it does not exist.

    Raises
    ------
    MachineError
        If the folder cannot be created or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written: dict[str, set[str]] = {}
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise MachineError(f"{path}: cannot be created ({error.strerror})") from error

    def write(self, kind: str, name: str, content: bytes) -> Path:
        """Write one file atomically; ``name`` is relative to the folder."""
        path = self.path / name
        with cannot_be_written(path):
            path.parent.mkdir(exist_ok=True)
            atomic.write_bytes(path, content)
        self._written.setdefault(kind, set()).add(name)
        return path

    def finish(self, kind: str) -> None:
        """Remove files of this kind that only an earlier gallery wrote, and record the present ones."""
        record = self._record()
        now = self._written.get(kind, set())
        for name in set(record.get(kind, [])) - now:
            path = self.path / name
            if path.resolve().is_relative_to(self.path.resolve()):
                path.unlink(missing_ok=True)
        record[kind] = sorted(now)
        self.write("record", RECORD, json.dumps(record).encode())

    def _record(self) -> dict[str, list[str]]:
        try:
            found = json.loads((self.path / RECORD).read_text())
            return {str(kind): [str(name) for name in names] for kind, names in found.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}
