"""Tar shards: the artifacts of one partition in one file, laid out as WebDataset expects.

The members are ``<key>.json``, ``<key>.npy`` and so on. The key is the caption id (with ``__v1`` and so on for
variants), because WebDataset ends a key at its first dot and captions may contain dots. In the manifest the path of
a pose is ``<shard>.tar/<key>``, as if the shard were a folder.
"""

from __future__ import annotations

import errno
import io
import os
import tarfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from posepipe.storage.artifact_formats import file_of
from posepipe.storage.folders import Folder
from posepipe.storage.locations import open_folder

SUFFIX: Final = ".tar"
_INSIDE: Final = f"{SUFFIX}/"
_MODE: Final = 0o644


def is_member(path: str) -> bool:
    """Whether a path of the manifest leads into a shard.

    >>> is_member("poses-0.tar/0123456789abcdef"), is_member("arching_back")
    (True, False)
    """
    return _INSIDE in path


def read(final_dir: Folder | Path | str, file: str) -> bytes:
    """The bytes of an artifact, which is a file or a member of a shard.

    Parameters
    ----------
    final_dir : Folder or path
    file : str
        Path of the manifest, with extension.

    Raises
    ------
    FileNotFoundError
        The file, shard or member is not there.
    OSError
        From the file system, or because the shard is not a tar archive or is cut off.
    """
    folder = open_folder(final_dir)
    if not is_member(file):
        return folder.read(file)
    shard, member, start, length = _locate(folder, file)
    content = folder.read_part(shard, start, length)
    if len(content) < length:
        raise OSError(errno.EIO, "the shard is cut off", f"{folder.at(shard)}/{member}")
    return content


def size(final_dir: Folder | Path | str, file: str) -> int:
    """Bytes of an artifact; parameters and errors as for :func:`read`."""
    folder = open_folder(final_dir)
    return _locate(folder, file)[3] if is_member(file) else folder.at(file).stat().st_size


def _locate(final_dir: Folder, file: str) -> tuple[str, str, int, int]:
    """Names of shard and member, and start and length of the member's bytes in the shard."""
    name, _, member = file.partition(_INSIDE)
    shard = f"{name}{SUFFIX}"
    with final_dir.errors(shard):
        path = final_dir.at(shard)
        about = path.stat()
        found = _members(path, about.st_mtime, about.st_size).get(member)
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), f"{path}/{member}")
    return shard, member, *found


@lru_cache(maxsize=64)
def _members(shard: Path, changed: float, length: int) -> dict[str, tuple[int, int]]:
    """Start and length of each member's bytes; time of change and length of the shard are part of the cache's key."""
    try:
        with shard.open("rb") as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
            return {member.name: (member.offset_data, member.size) for member in archive}
    except tarfile.TarError as error:
        raise OSError(f"not a tar archive ({error})") from error


class ShardWriter:
    """Writes one shard.

    Parameters
    ----------
    path : Path
        A new file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream = path.open("xb")
        self._archive = tarfile.open(fileobj=self._stream, mode="w", format=tarfile.USTAR_FORMAT)  # noqa: SIM115

    def add(self, key: str, files: Mapping[str, bytes]) -> None:
        """Add the artifacts of one pose, by format.

        Members have neither time nor owner, so that equal poses give equal bytes.
        """
        for name, content in files.items():
            member = tarfile.TarInfo(file_of(key, name))
            member.size, member.mode = len(content), _MODE
            self._archive.addfile(member, io.BytesIO(content))

    def close(self) -> None:
        """Finish the shard."""
        self._archive.close()
        self._stream.close()

    def abandon(self) -> None:
        """Delete the unfinished shard."""
        self._stream.close()
        self.path.unlink(missing_ok=True)
