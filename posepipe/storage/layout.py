"""Where a pose lies below the output folder (layouts ``files`` and ``folders``), and the one listing of that folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Final

from posepipe.storage import shards
from posepipe.storage.folders import Folder, stays_inside

_FOLDER: Final = re.compile("[0-9a-f]{2}")


def is_artifact_path(path: str) -> bool:
    """Whether a pose may have this path: it stays in the output folder, and no part of it begins with a dot.

    >>> is_artifact_path("a8/arching_back"), is_artifact_path("../arching_back"), is_artifact_path(".posepipe")
    (True, False, False)
    """
    return stays_inside(path) and not any(part.startswith(".") for part in path.split("/"))


def folder_of(stem: str) -> str:
    """The folder of a stem in the layout ``folders``: two hexadecimal digits of a hash, with a slash.

    >>> folder_of("arching_back")
    'a8/'
    """
    return hashlib.sha256(stem.encode()).hexdigest()[:2] + "/"


def loose_path(stem: str, layout: str) -> str:
    """The path of a pose in the layouts ``files`` and ``folders``, without extension."""
    return folder_of(stem) + stem if layout == "folders" else stem


def folders_of(paths: Iterable[str]) -> set[str]:
    """The folders (or shards) that paths lie in, and their parents, each with a slash at its end.

    >>> sorted(folders_of(["top", "a8/arching_back", "x/y/z"]))
    ['a8/', 'x/', 'x/y/']
    """
    inside = {path.rpartition("/")[0] for path in paths if "/" in path}
    return {
        "/".join(folder.split("/")[: depth + 1]) + "/" for folder in inside for depth in range(folder.count("/") + 1)
    }


def artifact_names(final_dir: Folder, paths: Iterable[str]) -> Iterator[str]:
    """Names of all files in an output folder, including those in the folders that paths of a manifest lead to."""
    return names_in(final_dir, folders_of(path for path in paths if not shards.is_member(path)))


def names_in(final_dir: Folder, folders: set[str] | None = None) -> Iterator[str]:
    """Names of all files in an output folder, relative to it; names that begin with a dot are left out.

    Parameters
    ----------
    final_dir : Folder
    folders : set of str, optional
        Folders and shards that hold artifacts, each with a slash at its end: see :func:`folders_of`. Files in them
        are given; another folder is given as one name. Shards are left out: a member that no row describes has been
        made again in another shard. By default the folders of the layout ``folders``.
    """

    def holds_artifacts(name: str) -> bool:
        return bool(_FOLDER.fullmatch(name)) if folders is None else f"{name}/" in folders

    return final_dir.walk(holds_artifacts)
