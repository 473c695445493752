"""Taking one file out of a zip archive, as a stream and without trusting the archive."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final

from posepipe.errors import CheckpointError, MachineError
from posepipe.storage.atomic import stream_to

_BLOCK: Final = 1 << 20
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def find_member(archive: Path, member: str) -> zipfile.ZipInfo:
    """The entry of an archive for a weight file.

    Parameters
    ----------
    archive : Path
        A zip archive.
    member : str
        The expected path. If there is no such entry, the only other one of the same file name is taken.

    Raises
    ------
    CheckpointError
        The archive is damaged; or there is no such entry, more than one, or it is not a plain file inside the archive
        (a link, an absolute path, a path with ``..``).
    """
    try:
        with zipfile.ZipFile(archive) as content:
            entries = [entry for entry in content.infolist() if not entry.is_dir()]
    except (*_BROKEN, OSError) as error:
        raise CheckpointError(f"{archive} is not a complete zip archive: delete it and fetch again") from error
    exact = [entry for entry in entries if entry.filename == member]
    name = PurePosixPath(member).name
    found = exact or [entry for entry in entries if PurePosixPath(entry.filename).name == name and _is_inside(entry)]
    if len(found) != 1:
        held = ", ".join(entry.filename for entry in entries[:8]) or "nothing"
        raise CheckpointError(f"{archive} holds {len(found) or 'no'} files {member}; it holds {held}")
    if not _is_inside(found[0]):
        raise CheckpointError(f"{archive}: {found[0].filename} is a link or leads out of the archive")
    return found[0]


def _is_inside(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a plain file with a relative path that stays inside the archive."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    leads_out = path.is_absolute() or ".." in path.parts or ":" in path.parts[0]
    return kind in (0, stat.S_IFREG) and not leads_out and "__MACOSX" not in path.parts


def extract(archive: Path, entry: zipfile.ZipInfo, target: Path, advance: Callable[[int], None]) -> None:
    """Write an entry's content to a file, which is complete or not there. No name in the archive is used as a path.

    Parameters
    ----------
    archive : Path
        The archive of ``entry``.
    entry : ZipInfo
        From :func:`find_member`.
    target : Path
        The file to write; its folder must exist.
    advance : callable
        Called with the number of bytes written so far.

    Raises
    ------
    CheckpointError
        The content is damaged (the archive holds its checksum).
    MachineError
        The file cannot be written.
    """
    try:
        with zipfile.ZipFile(archive) as content, content.open(entry) as source, stream_to(target) as file:
            done = 0
            while block := source.read(_BLOCK):
                file.write(block)
                done += len(block)
                advance(done)
    except _BROKEN as error:
        raise CheckpointError(f"{archive} is damaged ({error}): delete it and fetch again") from error
    except OSError as error:
        raise MachineError(
            f"{target} cannot be written: {error.strerror or error}; run it again to continue"
        ) from error
