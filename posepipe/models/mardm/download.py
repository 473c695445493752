"""Downloading one file over HTTP: resumed where a download was cut, checked, complete or not there."""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import urlsplit

from posepipe._version import __version__
from posepipe.errors import CheckpointError, CheckpointNotFound, MachineError
from posepipe.storage import atomic

Advance = Callable[[int], None]
"""Called with the number of bytes that are done so far."""

TIMEOUT: Final = 30.0
"""Seconds without a byte after which a connection is given up."""
WAITS: Final = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds before each further attempt; the count starts anew after every attempt that brought bytes."""

_BLOCK: Final = 1 << 20
_TRANSIENT: Final = (408, 429, 500, 502, 503, 504)


class _Cut(Exception):
    """A request that may succeed when it is repeated; ``answered`` if the server itself asked for that."""

    def __init__(self, reason: str, *, answered: bool = False) -> None:
        super().__init__(reason)
        self.answered = answered


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(
    url: str,
    target: Path,
    *,
    partial: Path,
    size: int | None = None,
    sha256: str | None = None,
    token: str | None = None,
    advance: Advance = lambda done: None,
) -> None:
    """Download a file. If ``partial`` holds the beginning of it, only the rest is asked for.

    Parameters
    ----------
    url : str
        ``http`` or ``https``.
    target : Path
        The final place; its folder must exist.
    partial : Path
        Where the bytes are collected, on the file system of ``target``. It stays when the download fails.
    size : int, optional
        The expected length in bytes.
    sha256 : str, optional
        The expected checksum, in hexadecimal digits.
    token : str, optional
        Sent to the server of ``url``, not to servers that it redirects to.
    advance : callable
        See :data:`Advance`.

    Raises
    ------
    CheckpointNotFound
        The server has no such file.
    CheckpointError
        The content has another length or checksum; ``partial`` is deleted.
    MachineError
        The server cannot be reached, refuses, or the file cannot be written. Another call continues.
    """
    attempts = 0
    while True:
        before = _size(partial)
        try:
            size = _attempt(url, partial, size, token, advance)
            break
        except _Cut as cut:
            brought = _size(partial) > before
            attempts = 0 if brought else attempts + 1
            hopeless = before == 0 and not brought and not cut.answered
            if hopeless or attempts >= len(WAITS):
                raise MachineError(f"{_host(url)} cannot be reached: {cut}; run it again to continue") from cut
            time.sleep(WAITS[attempts])
    got = partial.stat().st_size
    if size is not None and got != size:
        partial.unlink()
        raise CheckpointError(f"{url} has {got:,} bytes instead of {size:,}; it was deleted, fetch again")
    if sha256 is not None and (found := sha256_of(partial)) != sha256.lower():
        partial.unlink()
        raise CheckpointError(f"{url} has SHA-256 {found} instead of {sha256}; it was deleted, fetch again")
    with _writing(target):
        atomic.move(partial, target)


def _attempt(url: str, partial: Path, size: int | None, token: str | None, advance: Advance) -> int | None:
    """Append what one request brings to ``partial``; returns the length of the whole file, if it is known.

    Raises :class:`_Cut` if the rest did not come.
    """
    done = _size(partial)
    advance(done)
    if size is not None and done >= size:
        return size
    with _answer(url, partial, done, token) as answer:
        if done and answer.status != http.client.PARTIAL_CONTENT:
            done = 0  # the server sends the file from its beginning
        length = answer.headers.get("Content-Length")
        total = done + int(length) if length is not None and length.isdigit() else None
        with _writing(partial), partial.open("ab" if done else "wb") as file:
            for block in _blocks(answer):
                file.write(block)
                done += len(block)
                advance(done)
            file.flush()
            os.fsync(file.fileno())
    if total is not None and done < total:
        raise _Cut(f"the connection ended after {done:,} of {total:,} bytes")
    return size if size is not None else total


def _answer(url: str, partial: Path, start: int, token: str | None) -> Any:
    """The server's answer to a request for the bytes from ``start`` on."""
    request = urllib.request.Request(url, headers={"User-Agent": f"posepipe/{__version__}"})
    if start:
        request.add_header("Range", f"bytes={start}-")
    if token:
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        if error.code == http.client.NOT_FOUND:
            raise CheckpointNotFound(f"{_host(url)} has no {url}") from error
        if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE and start:
            raise CheckpointError(
                f"{url} is not longer than the part of it that is in {partial}: delete that"
            ) from error
        if error.code in _TRANSIENT:
            raise _Cut(f"HTTP {error.code} {error.reason}", answered=True) from error
        raise MachineError(f"{_host(url)} refused {url}: HTTP {error.code} {error.reason}") from error
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        raise _Cut(str(getattr(error, "reason", error)) or type(error).__name__) from error
    found = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range") or "")
    if answer.status == http.client.PARTIAL_CONTENT and (found is None or int(found[1]) != start):
        answer.close()
        raise MachineError(f"{_host(url)} sent another range of {url} than was asked for")
    return answer


def _blocks(answer: IO[bytes]) -> Iterator[bytes]:
    """Blocks of an answer's body."""
    while True:
        try:
            block = answer.read(_BLOCK)
        except (http.client.HTTPException, OSError) as error:
            raise _Cut(str(error) or type(error).__name__) from error
        if not block:
            return
        yield block


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Turn an OSError of the block, which writes to ``path``, into MachineError."""
    try:
        yield
    except OSError as error:
        raise MachineError(f"{path} cannot be written: {error.strerror or error}; run it again to continue") from error


def _size(path: Path) -> int:
    """Length of a file; 0 if there is none."""
    return path.stat().st_size if path.exists() else 0


def _host(url: str) -> str:
    return urlsplit(url).netloc
