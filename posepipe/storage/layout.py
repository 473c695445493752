"""Where a pose lies below the output folder, and the names of the files that are there."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from posepipe.storage import locations


def names_in(final_dir: Path, folders: set[str], inside: str = "") -> Iterator[str]:
    """Names of all there is in the output folder, relative to it; those that begin with a dot are left out.

    Parameters
    ----------
    final_dir : path
    folders : set of str
        Folders and shards that hold artifacts, each ending in ``/``. Folders are looked into, others are one name;
        shards are left out, since what no row speaks of in them has been made anew elsewhere.
    """
    if locations.is_remote(final_dir):
        there = locations.names_below(final_dir)
        yield from (name for name in there if not name.startswith(".") and f"{name}/" not in folders)
        return
    with os.scandir(final_dir / inside) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            name = inside + entry.name
            if f"{name}/" not in folders:
                yield name
            elif entry.is_dir():
                yield from names_in(final_dir, folders, f"{name}/")


def folders_of(paths: Iterable[str]) -> set[str]:
    """The folders in which paths lie, and those around them, each ending in ``/``."""
    inside = {path.rpartition("/")[0] for path in paths if "/" in path}
    return {
        "/".join(folder.split("/")[: depth + 1]) + "/" for folder in inside for depth in range(folder.count("/") + 1)
    }


FOLDER: Final = re.compile("[0-9a-f]{2}")
"""Names of folders that :func:`folder_of` gives."""


def folder_of(stem: str) -> str:
    """The folder of a stem in the layout ``folders``: two hexadecimal digits of a hash, with a slash.

    >>> folder_of("arching_back")
    'a8/'
    """
    return hashlib.sha256(stem.encode()).hexdigest()[:2] + "/"


def loose_path(stem: str, layout: str) -> str:
    """Where a pose goes in the layouts ``files`` and ``folders``: path without extension."""
    return folder_of(stem) + stem if layout == "folders" else stem
