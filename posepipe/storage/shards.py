"""Tar shards: many artifacts in one file, by the conventions of WebDataset, and read back one by one.

A shard holds the poses of one partition. Its members are ``<key>.json``, ``<key>.npy``, ``<key>.png``, the key being
the caption id (and ``__v1`` and so on), since WebDataset ends a key at its first dot and captions may have some.
In the manifest the path of a pose is ``<shard>.tar/<key>``, as if the shard were a folder.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import tarfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from posepipe.storage import locations

SUFFIX: Final = ".tar"
_INSIDE: Final = f"{SUFFIX}/"
_MODE: Final = 0o644


def is_member(path: str) -> bool:
    """Whether a path of the manifest leads into a shard.

    >>> is_member("poses-0.tar/0123456789abcdef"), is_member("arching_back")
    (True, False)
    """
    return _INSIDE in path


def read(final_dir: Path, file: str) -> bytes:
    """The bytes of an artifact, be it a file of its own or a member of a shard.

    Parameters
    ----------
    final_dir : path
    file : str
        Path of the manifest, with extension.

    Raises
    ------
    FileNotFoundError
        File, shard or member is not there.
    OSError
        As the file system says it, or the shard is no tar archive.
    """
    with locations.told(final_dir) if locations.is_remote(final_dir) else contextlib.nullcontext():
        return _read(final_dir, file)


def _read(final_dir: Path, file: str) -> bytes:
    if not is_member(file):
        return (final_dir / file).read_bytes()
    shard, member, start, length = _place(final_dir, file)
    if locations.is_remote(shard):
        content = locations.read_part(shard, start, length)
    else:
        with shard.open("rb") as stream:
            stream.seek(start)
            content = stream.read(length)
    if len(content) < length:
        raise OSError(errno.EIO, "the shard is cut off", f"{shard}/{member}")
    return content


def size(final_dir: Path, file: str) -> int:
    """Bytes of an artifact; parameters and errors as for :func:`read`."""
    return _place(final_dir, file)[3] if is_member(file) else (final_dir / file).stat().st_size


def _place(final_dir: Path, file: str) -> tuple[Path, str, int, int]:
    """Shard, member, and where in the shard its bytes begin and how many they are."""
    name, _, member = file.partition(_INSIDE)
    shard = final_dir / f"{name}{SUFFIX}"
    about = shard.stat()
    found = _members(shard, about.st_mtime, about.st_size).get(member)
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), f"{shard}/{member}")
    return shard, member, *found


@lru_cache(maxsize=64)
def _members(shard: Path, changed: float, length: int) -> dict[str, tuple[int, int]]:
    """Start and length of each member's bytes, for a shard as it was at a time."""
    try:
        with shard.open("rb") as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
            return {member.name: (member.offset_data, member.size) for member in archive}
    except tarfile.TarError as error:
        raise OSError(f"no tar archive ({error})") from error


class ShardWriter:
    """Writes one shard.

    Parameters
    ----------
    path : path
        A new file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream = path.open("xb")
        self._archive = tarfile.open(fileobj=self._stream, mode="w", format=tarfile.USTAR_FORMAT)  # noqa: SIM115

    def add(self, key: str, files: Mapping[str, bytes]) -> None:
        """Add the artifacts of one pose, by extension; nothing in the shard tells of when or by whom."""
        for extension, content in files.items():
            member = tarfile.TarInfo(f"{key}.{extension}")
            member.size, member.mode = len(content), _MODE
            self._archive.addfile(member, io.BytesIO(content))

    def close(self, *, fsync: bool) -> None:
        """End the shard and, if wanted, force it to disk."""
        self._archive.close()
        self._stream.flush()
        if fsync:
            os.fsync(self._stream.fileno())
        self._stream.close()

    def abandon(self) -> None:
        """Remove what there is of it."""
        self._stream.close()
        self.path.unlink(missing_ok=True)
