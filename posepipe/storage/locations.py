"""Places as users name them, local paths or addresses such as ``s3://bucket/poses``, and the folders behind them.

:func:`open_folder` decides once whether a place is local or remote.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from posepipe.errors import ConfigError
from posepipe.storage.folders import Folder, LocalFolder, RemoteFolder

_S3: Final = {
    "use_listings_cache": False,
    "config_kwargs": {"retries": {"max_attempts": 6, "mode": "standard"}, "connect_timeout": 10, "read_timeout": 60},
}
_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "s3": _S3,
    "s3a": _S3,
    **{scheme: {} for scheme in ("gs", "gcs", "az", "abfs", "abfss")},
}
"""Options of the object stores that are supported, by scheme. Keys and endpoint come from the environment."""


def is_remote(place: Path | str) -> bool:
    """Whether a place is an address rather than a local path.

    >>> is_remote("s3://bucket/poses"), is_remote("SinglePose")
    (True, False)
    """
    return "://" in str(place)


def absolute(place: Path | str) -> str:
    """A place in the form that means the same from every working folder."""
    return str(place).rstrip("/") if is_remote(place) else real_path(place)


def real_path(place: Path | str) -> str:
    """The absolute path of a local place, with symbolic links resolved. A loop of links is left as it is."""
    return os.path.realpath(place)


def is_loop(place: Path | str) -> bool:
    """Whether a local place is a symbolic link that leads back to itself, or lies behind one."""
    try:
        os.stat(place)  # noqa: PTH116
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def beside(place: str, folder: str) -> str:
    """An absolute path relative to a folder of the same project, else as it is.

    Both are in one project if the path leads up from the folder by at most two levels, and not to the root.

    >>> beside("/a/manifests/poses", "/a/poses"), beside("/b/manifests/poses", "/a/poses")
    ('../manifests/poses', '/b/manifests/poses')
    """
    if is_remote(place):
        return place
    common = os.path.commonpath([place, folder])
    relative = os.path.relpath(place, folder)
    return place if common == os.sep or Path(relative).parts[2:3] == (os.pardir,) else relative


def lies_in(place: str, folder: str) -> bool:
    """Whether a place is a folder or lies in it, and not below a name in it that begins with a dot.

    >>> lies_in("out/manifest", "out"), lies_in("out/.manifest", "out"), lies_in("output", "out")
    (True, False, False)
    """
    inner, outer = absolute(place), absolute(folder)
    if inner == outer:
        return True
    outer = outer.rstrip("/") + "/"
    return inner.startswith(outer) and not inner.removeprefix(outer).startswith(".")


def shown(place: str) -> str:
    """A place for a message: relative to the working folder if it lies there, else as it is."""
    if is_remote(place):
        return place
    relative = os.path.relpath(real_path(place))
    return place if relative.startswith(os.pardir) else relative


def control_folder(place: str) -> str:
    """The local folder for lock and state of an output folder: itself, or for an address a folder of its name.

    >>> control_folder("s3://bucket/poses/"), control_folder("out/poses")
    ('poses', 'out/poses')
    """
    return name_of(place) if is_remote(place) else place


def name_of(place: str) -> str:
    """The last part of a place.

    >>> name_of("s3://bucket/poses/")
    'poses'
    """
    return place.rstrip("/").rpartition("/")[2] if is_remote(place) else Path(real_path(place)).name


def default_manifest(final_dir: str) -> str:
    """The manifest of a new output folder.

    >>> default_manifest("out/poses")
    'manifests/poses'
    """
    return str(Path("manifests") / name_of(final_dir))


def default_temp_dir(final_dir: str) -> str:
    """The folder for temporary files of an output folder, beside it.

    >>> default_temp_dir("out/poses"), default_temp_dir("s3://bucket/poses")
    ('out/poses_temp', 'poses_temp')
    """
    folder, name = Path(control_folder(final_dir)), name_of(final_dir)
    if folder.name != name:  # "." or ".."
        folder = Path(real_path(folder))
    return str(folder.with_name(f"{name}_temp"))


def open_folder(place: Folder | Path | str) -> Folder:
    """The folder at a place, which need not exist yet.

    Parameters
    ----------
    place : Folder, path or address
        A Folder is given back as it is.

    Raises
    ------
    ConfigError
        The address is not that of a supported object store, or the library that opens it is not installed.
    """
    if isinstance(place, Folder):
        return place
    if not is_remote(place):
        return LocalFolder(Path(place))
    return RemoteFolder(_address(place) if isinstance(place, str) else place)


def _address(place: str) -> Path:
    scheme = place.partition("://")[0]
    if scheme not in _OPTIONS:
        known = ", ".join(f"{name}://" for name in _OPTIONS)
        raise ConfigError(f"{place}: cannot be opened; give a local path, without {scheme}://, or one of {known}")
    try:
        from upath import UPath

        return cast(Path, UPath(place, **_OPTIONS[scheme]))
    except (ImportError, ValueError) as error:
        raise ConfigError(f"{place}: cannot be opened ({error}); for s3:// pip install 'posepipe[s3]'") from error


@dataclass(frozen=True)
class RunFolders:
    """The folders of one run, opened once.

    Attributes
    ----------
    final : Folder
        Artifacts.
    manifest : Folder
    temp, logs : Path
        Always local.
    """

    final: Folder
    manifest: Folder
    temp: Path
    logs: Path
