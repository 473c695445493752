"""File names that end with a checksum of the content, so that every change of a file is noticed when it is read."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import IO, Final

_NAMED: Final = re.compile(r"-([0-9a-f]{16})\.\w+")


def named(start: str, content: bytes, suffix: str) -> str:
    """A file name that ends with the first 64 bits of the content's SHA-256.

    >>> named("run", b"abc", ".parquet")
    'run-ba7816bf8f01cfea.parquet'
    """
    return f"{start}-{hashlib.sha256(content).hexdigest()[:16]}{suffix}"


def is_whole(name: str, source: Path | IO[bytes]) -> bool:
    """Whether a file has the content that its name was made for; True where the name has no checksum.

    Parameters
    ----------
    name : str
    source : Path or binary stream
        A stream is read to its end and then set back to its start.
    """
    found = _NAMED.search(name)
    if found is None:
        return True
    if isinstance(source, Path):
        with source.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256")
    else:
        digest = hashlib.file_digest(source, "sha256")  # type: ignore[arg-type]
        source.seek(0)
    return digest.hexdigest().startswith(found[1])
