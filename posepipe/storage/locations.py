"""Places that are no local folder: addresses that fsspec opens, ``s3://bucket/prefix`` and others.

They are paths of universal_pathlib, which do what a :class:`pathlib.Path` does; what differs is here: an object is
there whole once it is put, so nothing is written aside, and whatever goes wrong is the machine's.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final, cast

from posepipe.errors import ConfigError, MachineError, PosepipeError

_S3: Final = {
    "use_listings_cache": False,
    "config_kwargs": {"retries": {"max_attempts": 6, "mode": "standard"}, "connect_timeout": 10, "read_timeout": 60},
}
_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "s3": _S3,
    "s3a": _S3,
    **{scheme: {} for scheme in ("gs", "gcs", "az", "abfs", "abfss")},
}
"""The schemes of object stores, where a name shows whole objects only; keys and endpoint come from the environment."""


def is_remote(place: Path | str) -> bool:
    """Whether a place is an address and no local path.

    >>> is_remote("s3://bucket/poses"), is_remote("SinglePose")
    (True, False)
    """
    return "://" in str(place)


def path_of(place: Path | str) -> Path:
    """The path of a place, local or not.

    Raises
    ------
    ConfigError
        It is no object store's, or no library is there that opens it.
    """
    if not is_remote(place):
        return Path(place)
    if not isinstance(place, str):
        return place
    scheme = place.partition("://")[0]
    if scheme not in _OPTIONS:
        known = ", ".join(f"{name}://" for name in _OPTIONS)
        raise ConfigError(f"{place}: cannot be opened; give a local path, without {scheme}://, or one of {known}")
    try:
        from upath import UPath

        return cast(Path, UPath(place, **_OPTIONS[scheme]))
    except (ImportError, ValueError) as error:
        raise ConfigError(f"{place}: cannot be opened ({error}); for s3:// pip install 'posepipe[s3]'") from error


def absolute(place: Path | str) -> str:
    """A place as it is called from anywhere."""
    return str(place).rstrip("/") if is_remote(place) else str(Path(place).resolve())


def name_of(place: str) -> str:
    """The last part of a place.

    >>> name_of("s3://bucket/poses/")
    'poses'
    """
    return place.rstrip("/").rpartition("/")[2] if is_remote(place) else Path(place).resolve().name


@contextlib.contextmanager
def told(place: object) -> Iterator[None]:
    """What a file system's library says in words of its own, as ours.

    Raises
    ------
    FileNotFoundError
        It is not there, with the number that the local file system gives.
    MachineError
        For all else but what is no good content.
    """
    try:
        yield
    except FileNotFoundError as error:
        if error.errno is not None:
            raise
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(place)) from error
    except (PosepipeError, ValueError):
        raise
    except Exception as error:  # each library has classes of its own
        raise MachineError(f"{place}: {type(error).__name__}: {str(error)[:300]}") from error


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Path | IO[bytes]]:
    """What pyarrow opens: the path where it is local, else a stream."""
    if not is_remote(path):
        yield path
        return
    with told(path), path.open("rb") as stream:
        yield stream


def read_part(path: Path, start: int, length: int) -> bytes:
    """Some bytes of an object, and no more of it is fetched; a stream would read ahead."""
    there = cast(Any, path)
    with told(path):
        return bytes(there.fs.cat_file(there.path, start=start, end=start + length))


def put(path: Path, content: bytes) -> None:
    """Write an object, which is there whole afterwards, or not at all."""
    there = cast(Any, path)
    with told(path):
        there.fs.pipe_file(there.path, content)


def create(path: Path, content: bytes) -> None:
    """As :func:`put`, but fails where an object is there already."""
    there = cast(Any, path)
    with told(path):
        there.fs.pipe_file(there.path, content, mode="create")


def modified(path: Path) -> float:
    """When an object was put, in seconds since 1970 by the clock of the server."""
    there = cast(Any, path)
    with told(path):
        return float(there.fs.modified(there.path).timestamp())


def put_file(path: Path, source: Path) -> None:
    """As :func:`put`, from a local file."""
    there = cast(Any, path)
    with told(path):
        there.fs.put_file(str(source), there.path)


def names_below(path: Path) -> Iterator[str]:
    """Names of all objects, relative to a path."""
    there = cast(Any, path)
    with told(path):
        try:
            found = there.fs.find(there.path)
        except FileNotFoundError:
            found = []
    start = len(there.fs._strip_protocol(there.path).rstrip("/")) + 1
    yield from (name[start:] for name in found)
